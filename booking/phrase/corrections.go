package phrase

// found is one mention of a date, a time, a party size or a zone.
type found[T comparable] struct {
	value    T
	from, to int // tokens
	// vague: it was named, but not clearly (a weekday and a number that do not agree).
	vague bool
	// weak mentions give way to others.
	weak bool
}

// smallWords may stand between "no" or "del" and what they are about.
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
	start := -1
	for i := 0; i <= len(words); i++ {
		if i < len(words) && words[i] != ' ' {
			if start < 0 {
				start = i
			}
		} else if start >= 0 {
			m[words[start:i]] = true
			start = -1
		}
	}
	return m
}

// before walks back over the words that lead to a mention and tells what they
// make of it.
func (s *sentence) before(from int) (denied, old, instead bool) {
	i := from - 1
	for range 6 {
		t := s.at(i)
		if t.kind != word {
			break
		}
		if t.is("de", "del", "of", "than", "que") && (s.at(i-1).is("vez", "lugar", "instead", "rather") || s.is(i-2, "antes", "que")) {
			return false, true, true
		}
		if t.is("no", "not", "tampoco", "menos", "excepto", "salvo", "except") {
			return true, old, false
		}
		if !leads[t.text] {
			break
		}
		old = old || olds[t.text] && i == from-1 || olds[t.text] && s.at(i+1).is("las", "la", "el", "los", "the")
		i--
	}
	return s.unable(i), old, false
}

// unable tells whether the words up to i say that something does not suit: "no
// podemos", "no me va bien".
func (s *sentence) unable(i int) bool {
	for steps := range 5 {
		t := s.at(i - steps)
		if t.kind != word {
			return false
		}
		if t.is("no", "not") {
			return steps > 0
		}
		if !t.is("puedo", "podemos", "podria", "podriamos", "me", "nos", "va", "viene", "bien", "can", "do", "quiero", "queremos", "want") {
			return false
		}
	}
	return false
}

// after tells whether the mention that ends before token to is taken back by
// what follows: "a las 4 no, a las 3", "el sábado no puedo".
func (s *sentence) after(from, to int) bool {
	next := s.at(to)
	if next.is("not") {
		return s.at(to+1).mark() || s.at(to+1).is("possible", "good", "ok")
	}
	if next.is("no") {
		following := s.at(to + 1)
		if s.at(to+2).is("ir", "venir", "asistir", "acudir") { // it is the booking's own date
			return false
		}
		if s.at(from-1).is("era", "es", "eran", "son") || s.at(from-2).is("era", "es", "eran", "son") { // "era para 4 no para 5"
			return following.mark()
		}
		return following.mark() || following.kind != word || leads[following.text] || refusals[following.text]
	}
	return next.is("imposible", "tampoco")
}

// settle chooses what holds of the mentions, in their order: the last one, where
// the earlier ones were taken back; none, where it is not clear. change tells
// that the sentence moves something from one to another.
func settle[T comparable](s *sentence, all []found[T], change bool) (T, bool) {
	var zero T
	kept := make([]found[T], 0, len(all))
	strong := false
	dropped := false
	for i, f := range all {
		denied, old, instead := s.before(f.from)
		more := len(all) > 1
		switch {
		case denied, instead, s.after(f.from, f.to),
			old && change && more && i < len(all)-1:
			dropped = true
			continue
		}
		kept = append(kept, f)
		strong = strong || !f.weak
	}
	if strong {
		n := 0
		for _, f := range kept {
			if !f.weak {
				kept[n] = f
				n++
			}
		}
		kept = kept[:n]
	}
	if len(kept) == 0 {
		return zero, false
	}
	last := kept[len(kept)-1]
	for i := len(kept) - 2; i >= 0; i-- {
		if kept[i].value == last.value && !kept[i].vague {
			continue
		}
		if s.either(kept[i].to, kept[i+1].from) || !change && !dropped && !s.regret(kept[i].to, last.from) {
			return zero, false
		}
		break
	}
	if last.vague {
		return zero, false
	}
	return last.value, true
}

// regret tells whether the speaker corrects himself between two tokens.
func (s *sentence) regret(from, to int) bool {
	for i := from; i < to; i++ {
		if t := s.at(i); t.kind == word && regrets[t.text] {
			return true
		}
	}
	return false
}

// either tells whether two mentions are joined by an or.
func (s *sentence) either(from, to int) bool {
	open := false
	for i := from; i < to; i++ {
		t := s.at(i)
		if t.kind == word && (t.text == "o" || t.text == "or" || t.text == "u") {
			open = true
		}
		if t.kind == word && regrets[t.text] {
			return false
		}
	}
	return open
}
