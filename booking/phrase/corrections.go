package phrase

import (
	"slices"
	"strings"

	"maitre/booking"
)

// found is one mention of a date, a time, a party size or a zone.
type found[T comparable] struct {
	value    T
	from, to int // tokens
	// vague: it was named, but not clearly (a weekday and a number that do not agree).
	vague bool
	// weak mentions give way to others.
	weak bool
}

// smallWords may be between "no" or "del" and what they are about.
const smallWords = "el la los las lo un una a al para pa en por on the at for to in sobre hacia de del from este esta this next proximo dia day eso around about is it es sea somos seremos we are be table mesa"

var leads = set(smallWords)

// olds name what is being changed from.
var olds = set("de del desde from")

// regrets are the words with which people correct themselves.
var regrets = set("no bueno mejor perdon perdona digo sino realidad espera vez actually sorry mean rather instead wait oops make correction correccion corrijo equivocado cambio finalmente final prefiero preferimos preferiria prefer")

// refusals are what follows the "no" of "el sábado no puedo".
var refusals = set("puedo podemos puede pueden podria podriamos me nos mejor sino va vamos voy perdon digo que can we i sorry make actually viene")

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

// inPlaceOf is "en vez de", "rather than" before what gives way.
var inPlaceOf = patterns(`vez/lugar/instead/rather [ de/del/of/than/que|antes que [ de/del/of/than/que`)

// before walks back over the words that lead to a mention and returns what they
// make of it.
func (s *sentence) before(from int) (denied, old, instead bool) {
	i := from - 1
	for range 6 {
		t := s.at(i)
		if s.holds(inPlaceOf, i) {
			return false, true, true
		}
		if t.is("no", "not", "tampoco", "menos", "excepto", "salvo", "except") {
			return true, old, false
		}
		if !leads[t.text] {
			break
		}
		old = old || olds[t.text] && (i == from-1 || s.at(i+1).is("las", "la", "el", "los", "the"))
		i--
	}
	return s.unable(i), old, false
}

// inabilities are words between a "no" and what does not suit: "no me va bien".
var inabilities = set("puedo podemos podria podriamos me nos va viene bien can do quiero queremos want")

// unable reports whether the words up to i say that something does not suit.
func (s *sentence) unable(i int) bool {
	for steps := range 5 {
		t := s.at(i - steps)
		if t.is("no", "not") {
			return steps > 0
		}
		if !inabilities[t.text] {
			return false
		}
	}
	return false
}

// after reports whether the mention that ends before token to is taken back by
// what follows: "a las 4 no, a las 3", "el sábado no puedo".
func (s *sentence) after(from, to int) bool {
	next := s.at(to + 1)
	switch {
	case !s.at(to).is("no"):
		return s.at(to).is("imposible", "tampoco") || s.at(to).is("not") && (next.mark() || next.is("possible", "good", "ok"))
	case s.at(to+2).is("ir", "venir", "asistir", "acudir"): // it is the booking's own date
		return false
	case s.at(from-1).is("era", "es", "eran", "son"), s.at(from-2).is("era", "es", "eran", "son"): // "era para 4 no para 5"
		return next.mark()
	}
	return next.kind != word || leads[next.text] || refusals[next.text]
}

// settle chooses what holds of the mentions, in their order: the last one, where
// the earlier ones were taken back; none, where it is not clear. change
// reports whether the sentence moves something from one to another.
func settle[T comparable](s *sentence, all []found[T], change bool) (value T, ok bool) {
	kept := make([]found[T], 0, len(all))
	strong := false
	for i, f := range all {
		denied, old, instead := s.before(f.from)
		if !denied && !instead && !s.after(f.from, f.to) && !(old && change && i < len(all)-1) {
			kept = append(kept, f)
			strong = strong || !f.weak
		}
	}
	dropped := len(kept) < len(all)
	kept = slices.DeleteFunc(kept, func(f found[T]) bool { return strong && f.weak })
	if len(kept) == 0 {
		return value, false
	}
	last := kept[len(kept)-1]
	for i := len(kept) - 2; i >= 0; i-- {
		if kept[i].value == last.value && !kept[i].vague {
			continue
		}
		if s.either(kept[i].to, kept[i+1].from) || !change && !dropped && !s.regret(kept[i].to, last.from) {
			return value, false
		}
		break
	}
	if last.vague {
		return value, false
	}
	return last.value, true
}

// regret reports whether speakers correct themselves between two tokens.
func (s *sentence) regret(from, to int) bool {
	for i := from; i < to; i++ {
		if regrets[s.at(i).text] {
			return true
		}
	}
	return false
}

// either reports whether two mentions are joined by an or.
func (s *sentence) either(from, to int) bool {
	return s.within(from, to, "o", "or", "u") && !s.regret(from, to)
}

var moving = patterns(`#change/#shift|al final|push/bring`)

// moves reports whether the sentence moves a booking from one thing to another.
func (s *sentence) moves() bool { return s.says(moving) }

// afterAmend is what follows a bare number that corrects another.
var afterAmend = patterns(`END|con/y/el/para`)

// amend reads a bare number that corrects what was said before it: "somos 4,
// perdón, 5", "a las nueve, no, diez".
func (s *sentence) amend(clock *[]timeFound, days *[]dateFound, parties *[]partyFound, today booking.Date) {
	for i := 1; i < len(s.toks); i++ {
		n := s.num(i)
		if n.next == 0 || n.article || n.ordinal || !s.free(i) || !s.holds(afterAmend, n.next) || !s.regretBefore(i) {
			continue
		}
		hour, day, party := lastEnd(*clock, i), lastEnd(*days, i), lastEnd(*parties, i)
		switch latest := max(hour, day, party); {
		case latest < 0:
			continue
		case hour == latest:
			if n.value >= 1 && n.value <= 24 {
				*clock = append(*clock, timeFound{value: reading{hour: n.value}, from: i, to: n.next})
			}
		case day == latest:
			d := &dates{sentence: s, today: today}
			if v, ok := d.nextDay(n.value, 0); ok && n.value >= 1 {
				*days = append(*days, dateFound{value: v, from: i, to: n.next})
			}
		default:
			*parties = append(*parties, partyFound{value: n.value, from: i, to: n.next})
		}
		s.use(i, n.next)
	}
}

// lastEnd returns the last end of a mention up to token i, or -1.
func lastEnd[T comparable](all []found[T], i int) int {
	last := -1
	for _, f := range all {
		if f.to <= i {
			last = max(last, f.to)
		}
	}
	return last
}

// regretBefore reports whether a word of correction comes just before i.
func (s *sentence) regretBefore(i int) bool {
	i--
	for s.at(i).kind == comma {
		i--
	}
	return regrets[s.at(i).text] || s.at(i).is("decir") || s.is(i-1, "i", "mean") || s.is(i-1, "make", "it")
}
