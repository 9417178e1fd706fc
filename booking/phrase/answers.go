package phrase

import "strings"

// answer decides what remains: yes and no, a greeting, or details alone.
func (s *sentence) answer(h *hits, changes []hit, k slots) string {
	if intent := s.yesOrNo(h, k); intent != "" {
		return intent
	}
	switch {
	case len(changes) > 0:
		return Change
	case k.party && (k.date || k.time), k.date && k.time && h.any(senseTable), k.count() >= 3:
		return Book
	case h.any(senseAmend) && k.any() && s.amends(h[senseAmend]):
		return Change
	case k.any() && h.any(senseTable) && !h.any(senseFirmNo):
		return Book
	case h.any(senseFirmNo):
		return No
	case h.any(senseThanks) && s.parts(h[senseThanks]) && !k.party:
		return Thanks
	case k.any():
		return ""
	case h.any(senseTable) && s.at(0).is("mi", "my", "nuestra", "our"):
		return List
	case h.any(senseTable):
		return Book
	case h.any(senseFact) && s.asks:
		return Info
	case h.any(senseThanks):
		return Thanks
	case h.any(senseGreeting):
		return Greeting
	}
	return Unknown
}

// yesOrNo reads what agrees, refuses or does not know, where that is what is said.
func (s *sentence) yesOrNo(h *hits, k slots) string {
	yes, no := s.yesAt(h), s.noAt(h)
	switch {
	case h.any(senseDunno):
		return Unknown
	case h.any(senseFirmNo) && !k.any():
		return No
	case no >= 0 && (yes < 0 || no < yes):
		if k.count() == 0 && !k.zone {
			return No
		}
		if s.leads(no) || h.any(senseAmend) {
			return Change
		}
	case yes >= 0 && k.count() < 3 && !(k.count() == 2 && k.party && yes > 2):
		return Yes
	}
	return ""
}

// amends reports whether a word of correction opens the sentence, so that it
// corrects what was said before it.
func (s *sentence) amends(all []hit) bool {
	return anyOf(all, func(h hit) bool { return s.leads(h.from) || s.at(h.from).is("mejor", "instead") && s.at(h.to).mark() })
}

// openers are small words with which a sentence begins.
var openers = set("no pues ah uy ay hola bueno perdon perdona ok vale oye mira oh well sorry hi gracias pero y si yes mejor actually que")

// leads reports whether only small words come before i.
func (s *sentence) leads(i int) bool {
	for k := range i {
		if t := s.at(k); t.kind == word && !openers[t.text] {
			return false
		}
	}
	return true
}

// parts reports whether the guest says goodbye until a day: "hasta el sábado".
func (s *sentence) parts(all []hit) bool {
	return anyOf(all, func(h hit) bool { return s.at(h.from).is("hasta", "nos", "see") })
}

// yesAt returns the token at which the guest agrees, or -1.
func (s *sentence) yesAt(h *hits) int {
	for _, y := range h[senseYes] {
		t := s.at(y.from)
		switch {
		case s.tag(y):
		case t.is("si") && y.to == y.from+1 && !s.agrees(y.from):
		case s.deniedAt(y.from) && !t.is("no"):
		case t.is("por", "please") && y.to-y.from <= 2 && !t.is("por") && len(s.toks) > 2, t.is("por") && s.is(y.from, "por", "favor") && s.words() > 2:
		case t.is("va", "bueno", "bien", "good", "right", "fine", "great", "ok", "claro", "like", "eso", "esa", "ese") && y.to == y.from+1 && !s.aside(h, y):
		case t.is("confirmar", "confirma", "confirm") && s.asks:
		default:
			return y.from
		}
	}
	return -1
}

// words counts the words of the sentence.
func (s *sentence) words() int {
	n := 0
	for i := range s.toks {
		n += b2i(s.at(i).kind == word)
	}
	return n
}

// afterAnswer is what follows a small word that is an answer.
var afterAnswer = patterns(`END|gracias/thanks/pues/entonces/por/please/si/vale/perfecto/a/el/then/that/esta/y/👍/confirmo/confirma/yes/thank/to/for/claro/que`)

// aside reports whether a small word is by itself and so is an answer.
func (s *sentence) aside(all *hits, h hit) bool {
	return anyOf(all[senseYes], func(y hit) bool { return y.from == h.to }) || (s.leads(h.from) || s.at(h.from-1).mark()) && s.holds(afterAnswer, h.to)
}

// ifs are what follows a "si" that is no yes but a condition; ifAsked only in a question.
var (
	ifs     = patterns(`puede/es/hay/teneis/no/podeis/fuera/pudiera/se/puedo/podemos/queda/tienen/podria/cancelo/cancelamos/llego/llegamos/cabe/acaso/estais`)
	ifAsked = patterns(`quiero/vamos/somos/me/nos`)
)

// agrees reports whether a "si" is an answer, and not a condition.
func (s *sentence) agrees(i int) bool {
	if i > 0 && !s.leads(i) && !s.at(i-1).mark() && !s.at(i-1).is("que", "claro") {
		return false
	}
	return s.accented(i) || !s.holds(ifs, i+1) && !(s.asks && s.holds(ifAsked, i+1))
}

// accented reports whether the "sí" at i is written with its accent.
func (s *sentence) accented(i int) bool {
	return strings.ContainsAny(s.src[s.at(i).from:s.at(i).to], "íÍ")
}

// tag reports whether a yes or a no only asks to be agreed with: "está reservada, ¿no?",
// "right?".
func (s *sentence) tag(h hit) bool { return s.at(h.to).kind == ask }

// noRefusals are a "no" and its like that refuse nothing.
var noRefusals = patterns(`no hay/problem/worries/se/importa/preference/tengo/tenemos/pasa`)

// noAt returns the token at which the guest refuses, or -1.
func (s *sentence) noAt(h *hits) int {
	for _, n := range h[senseNo] {
		inPassing := s.at(n.from).is("nada", "mal", "not", "nunca", "tampoco", "wrong") && !s.leads(n.from)
		if !s.tag(n) && !inPassing && !s.holds(noRefusals, n.from) {
			return n.from
		}
	}
	if h.any(senseFirmNo) {
		return h[senseFirmNo][0].from
	}
	return -1
}
