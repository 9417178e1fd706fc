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
		for _, p := range r.rules[t.text] {
			s.tryPattern(h, p, i)
		}
		for _, g := range t.lex.groups {
			for _, p := range r.rules[g] {
				s.tryPattern(h, p, i)
			}
		}
	}
	return h
}

func (s *sentence) tryPattern(h *hits, p *rule[sense], i int) {
	if n := len(h[p.means]); n > 0 && h[p.means][n-1].from == i && len(p.elements) == 1 {
		return
	}
	if to := s.match(p.elements[1:], i+1, &caught{}); to > 0 {
		h[p.means] = append(h[p.means], hit{i, to})
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
	more                                       bool // than one day and one time: several, or a number of guests, clear or not
}

func (k slots) count() int { return b2i(k.date) + b2i(k.time) + b2i(k.party) + b2i(k.name) }

func (k slots) any() bool { return k.count() > 0 || k.zone || k.phone || k.part }

// intent decides what the guest wants.
func (r *Reader) intent(s *sentence, k slots) string {
	if order := s.order(); order != "" {
		return order
	}
	if s.recounts() && !k.party {
		return Change
	}
	h := r.findSenses(s)
	cancels, spared := s.affirmed(h[senseCancel])
	changes, _ := s.affirmed(h[senseChange])
	books, _ := s.affirmed(h[senseBook])
	stops, _ := s.affirmed(h[senseStop])                                // "no quiero darme de baja"
	h[senseHuman] = slices.DeleteFunc(h[senseHuman], func(f hit) bool { // "olvidé decir que…" is no coat left behind
		return s.at(f.to).is("decir", "decirle", "deciros", "decirte", "comentar", "comentaros", "mencionar", "poner", "que", "tell", "mention", "say")
	})
	changes = slices.DeleteFunc(changes, func(c hit) bool {
		timed := s.used[c.from] && s.num(c.from).next > 0 // "a las tres menos cuarto"
		return timed || s.inside(h[senseHuman], c.from)
	})
	switch {
	case len(stops) > 0 && !s.ofBooking(stops):
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
	return s.answer(h, changes, k)
}

// recounts tells whether some more or fewer come than was said: "seremos 2 más".
func (s *sentence) recounts() bool {
	for i := range s.toks {
		if n := s.num(i); n.next > 0 && !n.ordinal && !s.at(i).is("a", "an") && s.free(i) && s.difference(n) {
			return true
		}
	}
	return false
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
	case strongBook && k.count() == 0 && s.orderedIt(books):
		return Yes
	case strongBook:
		return Book
	case s.factAsked(h, k, len(books) > 0):
		return Info
	case len(books) > 0:
		return Book
	case s.asks && (k.time || k.date) && s.asksHave() && len(changes) == 0:
		return Availability
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

// orderedIt tells whether what was offered is to be booked: "sí, resérvala".
func (s *sentence) orderedIt(books []hit) bool {
	for _, h := range books {
		if !s.at(h.from).is("reservala", "reservalo", "reservanosla", "reservamela", "reservadla") && !s.at(h.from+1).is("it") {
			return false
		}
	}
	return true
}

// strongBook tells whether the guest says in so many words that he wants to book.
func (s *sentence) strongBook(books []hit) bool {
	for _, h := range books {
		for i := h.from; i < h.to; i++ {
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
		if s.at(room.to-1).is("para") && k.count() == 0 || s.at(room.to-1).is("algo", "anything") && slices.Contains(s.at(room.to).lex.groups, "#fact") {
			continue
		}
		other := false
		for i := room.from; i < room.to+4; i++ {
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
	if !h.any(senseFact) && !(k.zone && h.any(senseQuestion) && s.asksHave()) {
		return false
	}
	if k.party || books || k.date && k.time || k.phone || k.name && !s.asks || s.at(0).is("somos", "soy", "we", "i") && !s.asks {
		return false
	}
	return s.asks || h.any(senseQuestion) || !k.any() && len(s.toks) <= 4
}

// asksHave tells whether it is asked if the house has something.
func (s *sentence) asksHave() bool {
	for i := range s.toks {
		if s.at(i).is("teneis", "tienen", "hay", "tienes", "have") {
			return true
		}
	}
	return false
}
