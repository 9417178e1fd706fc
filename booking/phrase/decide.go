package phrase

import "slices"

// hit is a pattern that was found.
type hit struct{ from, to int }

// hits are the patterns that hold, by sense, in their order.
type hits [senses][]hit

func (h *hits) any(s sense) bool { return len(h[s]) > 0 }

// findSenses returns every pattern that holds in the sentence.
func (r *Reader) findSenses(s *sentence) *hits {
	h := &hits{}
	for i := range s.toks {
		t := s.at(i)
		if t.kind != word {
			continue
		}
		for _, p := range r.rules.byFirst[t.text] {
			s.tryPattern(h, p, i)
		}
		for _, g := range t.lex.groups {
			for _, p := range r.rules.byFirst[g] {
				s.tryPattern(h, p, i)
			}
		}
	}
	return h
}

func (s *sentence) tryPattern(h *hits, p *pattern, i int) {
	if n := len(h[p.sense]); n > 0 && h[p.sense][n-1].from == i && len(p.elements) == 1 {
		return
	}
	if to := s.match(p.elements[1:], i+1); to > 0 {
		h[p.sense] = append(h[p.sense], hit{i, to})
	}
}

// denials may stand between a "no" and the verb that it denies.
var denials = set("quiero queremos queria quisiera voy vamos a la lo los las me nos le hace falta hay que need want to do please deseo he hemos have wish intend vayas vayais you")

// affirmed returns the hits that no "no" in their clause denies.
func (s *sentence) affirmed(all []hit) (kept []hit, denied bool) {
	for _, h := range all {
		if s.deniedAt(h.from) {
			denied = true
			continue
		}
		kept = append(kept, h)
	}
	return kept, denied
}

func (s *sentence) deniedAt(from int) bool {
	for k := 1; k <= 5; k++ {
		t := s.at(from - k)
		if t.is("no", "not", "sin", "without") {
			return true
		}
		if t.kind != word || !denials[t.text] {
			return false
		}
	}
	return false
}

// slots tells what else was understood, for the intent to be judged by.
type slots struct {
	date, time, party, zone, name, phone, part bool
}

func (k slots) count() int { return b2i(k.date) + b2i(k.time) + b2i(k.party) + b2i(k.name) }

func (k slots) any() bool { return k.count() > 0 || k.zone || k.phone || k.part }

// intent decides what the guest wants.
func (r *Reader) intent(s *sentence, k slots) string {
	if order := s.order(); order != "" {
		return order
	}
	h := r.findSenses(s)
	cancels, spared := s.affirmed(h[senseCancel])
	changes, _ := s.affirmed(h[senseChange])
	books, _ := s.affirmed(h[senseBook])
	changes = slices.DeleteFunc(changes, func(c hit) bool { return s.inside(h[senseHuman], c.from) })
	switch {
	case h.any(senseStop) && !s.ofBooking(h[senseStop]):
		return Stop
	case h.any(senseStart):
		return Start
	case h.any(sensePolicy):
		return Info
	case h.any(senseHuman) && len(cancels) == 0 && !s.strongChange(changes):
		return Human
	case len(cancels) > 0 && !s.strongChange(changes):
		return Cancel
	case s.strongChange(changes):
		return Change
	case spared:
		return No
	}
	if want := s.wanted(h, books, changes, k); want != "" {
		return want
	}
	return s.answer(h, books, changes, k)
}

// order reads the keywords that stand alone.
func (s *sentence) order() string {
	words, only := 0, ""
	for i := range s.toks {
		if s.at(i).kind == word {
			words++
			if only == "" {
				only = s.at(i).text
			}
		} else if s.at(i).kind == number {
			return ""
		}
	}
	if words == 1 || words == 2 && s.at(1).is("please", "all", "ya", "gracias", "por") {
		switch only {
		case "stop", "baja", "stopall", "unsubscribe", "parar", "stop!":
			return Stop
		case "alta", "start", "unstop":
			return Start
		}
	}
	return ""
}

// ofBooking tells whether what is to stop is a booking: "dar de baja mi reserva".
func (s *sentence) ofBooking(all []hit) bool {
	for _, h := range all {
		for i := h.to; i < h.to+3; i++ {
			if s.at(i).is("reserva", "reservas", "mesa", "booking", "reservation") {
				return true
			}
		}
	}
	return false
}

// weakChanges say that something becomes otherwise, but also much else.
var weakChanges = set("uno una otra otro mas one two three antes earlier later a now we en instead another al somos seremos vamos vienen viene ahora ya no")

// strongChange tells whether something is to be changed beyond doubt.
func (s *sentence) strongChange(changes []hit) bool {
	for _, h := range changes {
		t := s.at(h.from)
		if t.is("cambio") && (s.at(h.from-1).is("en") || s.at(h.to).is("de") && s.at(h.to+1).is("planes")) {
			continue
		}
		if !weakChanges[t.text] || t.is("al") {
			return true
		}
	}
	return false
}

// wanted decides between what guests ask of a desk.
func (s *sentence) wanted(h *hits, books, changes []hit, k slots) string {
	strongBook := s.strongBook(books)
	switch {
	case h.any(senseList) && !s.wantsMore(h, books):
		if len(changes) > 0 && k.any() && !s.asks {
			return Change
		}
		return List
	case h.any(senseRoom) && !strongBook && s.roomAsked(h, k):
		return Availability
	case h.any(senseHours) && !strongBook && !s.verbOfBooking(books) && !k.party:
		return Hours
	case !strongBook && s.instead(changes):
		return Change
	case strongBook:
		return Book
	case s.factAsked(h, k, len(books) > 0):
		return Info
	case len(books) > 0:
		return Book
	}
	return ""
}

// instead tells whether one thing is to take the place of another.
func (s *sentence) instead(changes []hit) bool {
	for _, h := range changes {
		if s.at(h.from).is("instead") || s.is(h.from, "en", "vez") || s.is(h.from, "en", "lugar") {
			return true
		}
	}
	return false
}

// strongBook tells whether the guest says in so many words that he wants to book.
func (s *sentence) strongBook(books []hit) bool {
	for _, h := range books {
		for i := h.from; i < h.to; i++ {
			if s.at(i).has(0) {
				continue
			}
			for _, g := range s.at(i).lex.groups {
				if g == "#reserve" && !s.at(i).is("booking") && !s.askedAbout(h.from) {
					return true
				}
				if (g == "#want" || g == "#keep" && !s.at(i).is("have", "do")) && h.to-h.from > 1 && !s.askedAbout(h.from) {
					return true
				}
			}
		}
	}
	return false
}

// askedAbout tells whether a verb of booking is part of a question for room:
// "hay sitio para reservar", "saber si tenéis mesa".
func (s *sentence) askedAbout(from int) bool {
	for i := from + 1; i < from+4; i++ {
		if s.at(i).is("saber", "preguntar", "know", "ask", "ver", "consultar") {
			return true
		}
		if !s.at(i).is("a", "to", "por") {
			break
		}
	}
	return s.at(from-1).is("para") && s.at(from-2).is("mesa", "sitio", "hueco", "disponibilidad", "algo", "libre")
}

func (s *sentence) verbOfBooking(books []hit) bool {
	for _, h := range books {
		if h.to-h.from > 1 && !s.askedAbout(h.from) && !s.at(h.from).is("ir", "venir") {
			return true
		}
	}
	return false
}

// wantsMore tells whether a sentence that speaks of a booking wants another one.
func (s *sentence) wantsMore(h *hits, books []hit) bool {
	for _, b := range books {
		for i := b.from; i < b.to; i++ {
			if s.at(i).is("reservar", "reservarme", "reservame", "otra", "another", "hacer", "quiero", "queria") && !s.askedAbout(b.from) && !s.inside(h[senseList], b.from) {
				return true
			}
		}
	}
	return false
}

func (s *sentence) inside(all []hit, i int) bool {
	for _, h := range all {
		if i >= h.from-2 && i < h.to {
			return true
		}
	}
	return false
}

// roomAsked tells a question for a table from one for something else: "qué
// tenéis para comer", "hay sitio para aparcar".
func (s *sentence) roomAsked(h *hits, k slots) bool {
	for _, room := range h[senseRoom] {
		if s.at(room.to-1).is("para") && k.count() == 0 {
			continue
		}
		other := false
		for i := room.to; i < room.to+4; i++ {
			other = other || s.at(i).is("aparcar", "coche", "coches", "parking", "perro", "perros", "carrito", "bici", "bicis", "moto", "park", "car")
		}
		if !other {
			return true
		}
	}
	return false
}

// factAsked tells whether the guest asks about the house.
func (s *sentence) factAsked(h *hits, k slots, books bool) bool {
	if !h.any(senseFact) && !(k.zone && h.any(senseQuestion) && s.haveZone()) {
		return false
	}
	if k.party || books || k.date && k.time {
		return false
	}
	return s.asks || h.any(senseQuestion) || !k.any() && len(s.toks) <= 4
}

// haveZone tells whether it is asked if there is a zone at all.
func (s *sentence) haveZone() bool {
	for i := range s.toks {
		if s.at(i).is("teneis", "tienen", "hay", "tienes", "have") {
			return true
		}
	}
	return false
}

// answer decides what remains: yes and no, a greeting, or details alone.
func (s *sentence) answer(h *hits, books, changes []hit, k slots) string {
	yes := s.yesAt(h)
	no := s.noAt(h)
	switch {
	case h.any(senseDunno):
		return Unknown
	case h.any(senseFirmNo) && !k.any():
		return No
	case no >= 0 && (yes < 0 || no < yes):
		if k.count() > 0 || k.zone {
			if s.leads(no) || h.any(senseAmend) {
				return amended(k)
			}
		} else {
			return No
		}
	case yes >= 0 && k.count() < 3 && !(k.count() == 2 && k.party && yes > 2):
		return Yes
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
	case k.any():
		return ""
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

func amended(k slots) string { return Change }

// amends tells whether a word of correction opens the sentence, so that it
// corrects what was said before it.
func (s *sentence) amends(all []hit) bool {
	for _, h := range all {
		if s.leads(h.from) {
			return true
		}
	}
	return false
}

// leads tells whether only small words come before i.
func (s *sentence) leads(i int) bool {
	for k := range i {
		if t := s.at(k); t.kind == word && !t.is("no", "pues", "ah", "uy", "ay", "hola", "bueno", "perdon", "perdona", "ok", "vale", "oye", "mira", "oh", "well", "sorry", "hi", "gracias", "pero", "y", "si", "yes", "mejor", "actually", "que") {
			return false
		}
	}
	return true
}

// yesAt returns the token at which the guest agrees, or -1.
func (s *sentence) yesAt(h *hits) int {
	for _, y := range h[senseYes] {
		t := s.at(y.from)
		switch {
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

// aside tells whether a small word stands by itself and so is an answer.
func (s *sentence) aside(all *hits, h hit) bool {
	next := s.at(h.to)
	for _, y := range all[senseYes] {
		if y.from == h.to {
			return true
		}
	}
	return (h.from == 0 || s.leads(h.from) || s.at(h.from-1).mark()) && (next.mark() || next.is("gracias", "thanks", "pues", "entonces", "por", "please", "si", "vale", "perfecto", "a", "el", "then", "that", "esta", "y", "👍", "confirmo", "confirma", "yes", "thank", "to", "for", "claro", "que"))
}

// agrees tells the "si" of an answer from the one of a condition.
func (s *sentence) agrees(i int) bool {
	if i > 0 && !s.leads(i) && !s.at(i-1).mark() && !s.at(i-1).is("que", "claro") {
		return false
	}
	for _, c := range s.src[s.at(i).from:s.at(i).to] {
		if c == 'í' || c == 'Í' {
			return true
		}
	}
	return !s.at(i+1).is("puede", "es", "hay", "teneis", "no", "podeis", "fuera", "pudiera", "se", "puedo", "podemos", "queda", "tienen", "podria", "cancelo", "cancelamos", "quiero", "vamos", "somos", "llego", "llegamos", "cabe", "acaso", "estais", "me", "nos") ||
		s.at(i+1).is("quiero", "me", "nos", "somos", "vamos") && !s.asks
}

// noAt returns the token at which the guest refuses, or -1.
func (s *sentence) noAt(h *hits) int {
	for _, n := range h[senseNo] {
		t := s.at(n.from)
		if t.is("nada", "mal", "not", "nunca", "tampoco", "wrong") && !s.leads(n.from) {
			continue
		}
		if t.is("no") && s.at(n.from+1).is("hay", "problem", "worries", "se", "importa", "preference", "tengo", "tenemos", "pasa") {
			continue
		}
		return n.from
	}
	if h.any(senseFirmNo) {
		return h[senseFirmNo][0].from
	}
	return -1
}
