package phrase

import (
	"time"

	"maitre/booking"
)

// reading is an hour and minute as they were said, before it is known which
// half of the day is meant.
type reading struct {
	hour, min int
	// exact: no half of the day is left to choose.
	exact bool
	at    booking.TimeOfDay // where exact
	part  *part             // of the day, where said
	// padded: written as 09:30, which most often is exact but may be a dinner.
	padded bool
}

type timeFound = found[reading]

// times is what the time rules look at.
type times struct {
	*sentence
	now    time.Time // zero: durations from now are not read
	moving bool      // the sentence moves a booking: "de las 9 a las 10" is no stay
	bare   bool      // a number alone is a time, as in the answer to "at what time?"
	found  []timeFound
}

// findTimes returns the times of day that are mentioned, and takes their words.
func (s *sentence) findTimes(now time.Time, bare bool) []timeFound {
	t := &times{sentence: s, now: now, bare: bare, moving: s.moves()}
	for i := 0; i < len(s.toks); i++ {
		if !s.free(i) {
			continue
		}
		f, ok := t.wait(i)
		if !ok {
			f, ok = t.clock(i)
		}
		if !ok || t.limit(f.from) {
			continue
		}
		t.span(&f)
		t.other(&f)
		s.use(f.from, f.to)
		t.found = append(t.found, f)
		i = f.to - 1
	}
	return t.found
}

// span passes over the end of a stay: of "de 9 a 11" the arrival counts.
func (t *times) span(f *timeFound) {
	lead := f.from - 1
	if t.at(lead).is("las", "la") {
		lead--
	}
	if t.moving || !t.at(lead).is("de", "from", "desde") || !t.at(f.to).is("a", "to", "hasta", "until", "till") {
		return
	}
	i := f.to + 1
	if t.at(i).is("las", "la") {
		i++
	}
	end := timeFound{from: i}
	if t.spoken(i, &end, true, true) || t.at(i).kind == pair && t.written(i, &end, true) {
		f.to = end.to
		if f.value.part == nil {
			f.value.part = end.value.part
		}
	}
}

// other makes a time vague that another one follows: "las nueve y media o diez",
// "9-9:30".
func (t *times) other(f *timeFound) {
	i := f.to
	if !t.at(i).is("o", "u", "or") && t.at(i).kind != dash {
		return
	}
	n := t.num(i + 1)
	if t.at(i+1).kind == pair && t.at(i + 1).wide[1] == 2 {
		f.to, f.vague = i+2, true
	} else if n.next > 0 && !n.article && !n.ordinal && n.value <= 24 && t.guestNoun(n.next) == 0 {
		end := timeFound{to: n.next}
		t.minutes(&end, true)
		f.to, f.vague = end.to, true
	}
}

// limit reports whether a time is a bound and not the time asked for: "antes de las diez".
func (t *times) limit(from int) bool {
	i := from - 1
	for t.at(i).is("las", "la", "de", "a", "que") {
		i--
	}
	return t.at(i).is("antes", "before", "until", "till", "by", "hasta", "tardar")
}

// amount is a length of time: so many for each of the number that is said, and more.
type amount struct{ each, plus int }

// waits are lengths of time from now, in minutes.
var waits = compile([]row[amount]{
	{amount{0, 30}, `dentro de media hora|en/in media hora|dentro de half an hour|en/in half an hour`},
	{amount{0, 15}, `dentro de un cuarto de hora|en/in un cuarto de hora`},
	{amount{1, 0}, `dentro de NUM minutos/minutes/min/mins|en/in NUM minutos/minutes/min/mins`},
	{amount{60, 30}, `dentro de NUM hora/horas/hour/hours/h y media|en/in NUM hora/horas/hour/hours/h y media`},
	{amount{60, 0}, `dentro de NUM hora/horas/hour/hours/h|en/in NUM hora/horas/hour/hours/h`},
})

// wait reads "en una hora", "dentro de media hora", "in half an hour".
func (t *times) wait(i int) (timeFound, bool) {
	if t.now.IsZero() {
		return timeFound{}, false
	}
	a, c, ok := first(t.sentence, waits, i)
	minutes := a.each*c.n[0] + a.plus
	if !ok || minutes > 12*60 {
		return timeFound{}, false
	}
	_, at := booking.ServiceDay(t.now.Add(time.Duration(minutes)*time.Minute), t.now.Location())
	return timeFound{value: reading{exact: true, at: at}, from: i, to: c.to}, true
}

// firmness is how surely a number is a time by what comes before it.
type firmness uint8

const (
	unsure firmness = iota
	some            // it is one where its unit is said
	firm
)

// timeLeads are the words before a time.
var timeLeads = compile([]row[firmness]{
	{some, `somos/vamos/nosotras/seremos/todas/iremos/vosotras/ellas las [`},
	{firm, `las/at [`},
	{firm, `la [ una`},
	{some, `around/about/from/by/till/til/past/after/sobre/hacia [ NUM GUESTS|around/about/from/by/till/til/past/after/sobre/hacia [ NUM to/or/o/and/u NUM GUESTS`},
	{firm, `around/about/from/by/till/til/past/after/sobre/hacia [`},
	{some, `a/tipo/for/hora [`},
})

// lead returns how firmly the words before i say that a time follows.
func (t *times) lead(i int) firmness {
	if f, _, ok := first(t.sentence, timeLeads, i); ok {
		return f
	}
	n := t.num(i)
	switch p := t.at(i - 1); {
	case p.is("la") && t.at(i).n[0] == 1 && n.value <= 1: // la 1, la 1:30
		return firm
	case p.is("de", "desde"): // a stay: "de 9 a 11 de la noche"
		if end := t.num(n.next + 1); n.next > 0 && t.at(n.next).is("a") && end.next > 0 && t.partFollows(end.next) {
			return firm
		}
	case p.is("to") && t.moving && len(t.found) > 0 && t.found[len(t.found)-1].to == i-1,
		p.is("to") && t.says(pushed) && t.guestNoun(n.next) == 0:
		return firm
	}
	return unsure
}

// pushed is how a booking is moved in time: "push it back to ten".
var pushed = patterns(`push/bring/move/postpone/back/forward`)

// clock reads a time of day.
func (t *times) clock(i int) (timeFound, bool) {
	lead := t.lead(i)
	f := timeFound{from: i, to: i + 1}
	ok := true
	switch tok := t.at(i); {
	case tok.kind == pair:
		ok = t.written(i, &f, lead == firm)
	case tok.kind == triple:
		if ok = tok.sep == ':' && tok.n[0] < 25 && tok.n[1] < 60; ok { // 21:30:00
			f.value = reading{hour: tok.n[0], min: tok.n[1], padded: true}
			t.tail(&f)
		}
	case tok.is("midnight", "medianoche"):
		f.value = reading{exact: true, at: 24 * 60}
	case tok.is("noon", "midday"):
		f.value, f.weak = reading{exact: true, at: 12 * 60}, true
	default:
		ok = t.near(i, &f) || t.spoken(i, &f, lead == firm, lead >= some)
	}
	return f, ok && f.value.hour <= 24 && f.value.min <= 59
}

// written reads 21:30, 21h30, 20.45.
func (t *times) written(i int, f *timeFound, firm bool) bool {
	tok := t.at(i)
	h, m := tok.n[0], tok.n[1]
	if h > 24 || m > 59 || tok.wide[1] != 2 || tok.sep == '/' || tok.sep == '-' {
		return false
	}
	if tok.sep == '.' && !firm && (t.at(i-1).is("el", "dia", "the", "on") || m%5 != 0 && !t.bare) {
		return false
	}
	f.value = reading{hour: h, min: m, padded: tok.wide[0] == 2 && h < 10}
	f.to = i + 1
	if t.at(f.to).is("h", "horas") {
		f.to++
	}
	t.tail(f)
	return true
}
