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

// denials may be between a "no" and the verb that it denies.
var denials = set("quiero queremos queria quisiera voy vamos a la lo los las me nos le hace falta hay que need want to do please deseo he hemos have wish intend vayas vayais you")

// affirmed returns the hits that no "no" in their clause denies.
func (s *sentence) affirmed(all []hit) (kept []hit, denied bool) {
	for _, h := range all {
		if s.deniedAt(h.from) {
			denied = true
		} else {
			kept = append(kept, h)
		}
	}
	return kept, denied
}

func (s *sentence) deniedAt(from int) bool {
	for k := 1; k <= 5; k++ {
		t := s.at(from - k)
		if t.is("no", "not", "sin", "without") {
			return true
		}
		if !denials[t.text] {
			return false
		}
	}
	return false
}

// slots is what else was understood, by which the intent is decided.
type slots struct {
	date, time, party, zone, name, phone, part bool
	more                                       bool // than one day and one time: several, or a number of guests, clear or not
}

func (k slots) count() int { return b2i(k.date) + b2i(k.time) + b2i(k.party) + b2i(k.name) }

func (k slots) any() bool { return k.count() > 0 || k.zone || k.phone || k.part }

// forgotToSay are "olvidé decir que…" and its like, as opposed to a coat left behind.
var forgotToSay = patterns(`decir/decirle/deciros/decirte/comentar/comentaros/mencionar/poner/que/tell/mention/say`)

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
	stops, _ := s.affirmed(h[senseStop]) // "no quiero darme de baja"
	h[senseHuman] = slices.DeleteFunc(h[senseHuman], func(f hit) bool { return s.holds(forgotToSay, f.to) })
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

// recounts reports whether some more or fewer come than was said: "seremos 2 más".
func (s *sentence) recounts() bool {
	for i := range s.toks {
		if n := s.num(i); n.next > 0 && !n.ordinal && !s.at(i).is("a", "an") && s.free(i) && s.difference(n) {
			return true
		}
	}
	return false
}

// order reads the keywords that are alone.
func (s *sentence) order() string {
	words, only := s.words(), ""
	for i := range s.toks {
		if s.at(i).kind == number {
			return ""
		}
		if s.at(i).kind == word && only == "" {
			only = s.at(i).text
		}
	}
	if words == 1 || words == 2 && s.at(1).is("please", "all", "ya", "gracias", "por") {
		switch only {
		case "stop", "baja", "stopall", "unsubscribe", "parar":
			return Stop
		case "alta", "start", "unstop":
			return Start
		}
	}
	return ""
}

// anyOf reports whether such is true of one of the hits.
func anyOf(all []hit, such func(hit) bool) bool { return slices.ContainsFunc(all, such) }

// ofBooking reports whether what is to stop is a booking: "dar de baja mi reserva".
func (s *sentence) ofBooking(all []hit) bool {
	return anyOf(all, func(h hit) bool {
		return s.within(h.to, h.to+3, "reserva", "reservas", "mesa", "booking", "reservation")
	})
}

// within reports whether one of the words is between two tokens.
func (s *sentence) within(from, to int, words ...string) bool {
	for i := from; i < to; i++ {
		if s.at(i).is(words...) {
			return true
		}
	}
	return false
}

// weakChanges say that something becomes otherwise, but also much else.
var weakChanges = set("uno una otra otro mas one two three antes earlier later a now we en instead another al somos seremos vamos vienen viene ahora ya no")

// asideChanges are words of change that change nothing: "en cambio", "cambio de planes".
var asideChanges = patterns(`en [ cambio|cambio de planes`)

// strongChange reports whether something is to be changed beyond doubt.
func (s *sentence) strongChange(changes []hit) bool {
	return anyOf(changes, func(h hit) bool {
		t := s.at(h.from)
		return (!weakChanges[t.text] || t.is("al")) && !s.holds(asideChanges, h.from)
	})
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
	case s.asks && (k.time || k.date) && s.says(asksHave) && len(changes) == 0:
		return Availability
	}
	return ""
}

// insteadOf says that one thing is to take the place of another.
var insteadOf = patterns(`instead|en vez/lugar`)

func (s *sentence) instead(changes []hit) bool {
	return anyOf(changes, func(h hit) bool { return s.holds(insteadOf, h.from) })
}

// orderedIt reports whether what was offered is to be booked: "sí, resérvala".
func (s *sentence) orderedIt(books []hit) bool {
	return !anyOf(books, func(h hit) bool {
		return !s.at(h.from).is("reservala", "reservalo", "reservanosla", "reservamela", "reservadla") && !s.at(h.from+1).is("it")
	})
}

// strongVerbs are verbs of booking; the second row is one only beside something else.
var (
	strongVerbs = patterns(`!booking #reserve`)
	wishVerbs   = patterns(`#want|!have/do #keep`)
)

// strongBook reports whether the guest says in so many words that he wants to book.
func (s *sentence) strongBook(books []hit) bool {
	return anyOf(books, func(h hit) bool {
		if s.askedAbout(h.from) {
			return false
		}
		for i := h.from; i < h.to; i++ {
			if s.holds(strongVerbs, i) || h.to-h.from > 1 && s.holds(wishVerbs, i) {
				return true
			}
		}
		return false
	})
}

// questionForRoom are words that make the verb of booking before or after them part of a
// question for a table: "hay sitio para reservar", "querría saber si tenéis mesa".
var (
	questionForRoom = patterns(`mesa/sitio/hueco/disponibilidad/algo/libre para [`)
	toAsk           = patterns(`a/to/por? a/to/por? saber/preguntar/know/ask/ver/consultar`)
)

func (s *sentence) askedAbout(from int) bool {
	return s.holds(questionForRoom, from) || s.holds(toAsk, from+1)
}

func (s *sentence) verbOfBooking(books []hit) bool {
	return anyOf(books, func(h hit) bool { return h.to-h.from > 1 && !s.askedAbout(h.from) && !s.at(h.from).is("ir", "venir") })
}

// wantsMore reports whether a sentence that speaks of a booking wants another one.
func (s *sentence) wantsMore(h *hits, books []hit) bool {
	return anyOf(books, func(b hit) bool {
		return s.within(b.from, b.to, "reservar", "reservarme", "reservame", "otra", "another", "hacer", "quiero", "queria") && !s.askedAbout(b.from) && !s.inside(h[senseList], b.from)
	})
}

func (s *sentence) inside(all []hit, i int) bool {
	return anyOf(all, func(h hit) bool { return i >= h.from-2 && i < h.to })
}

// roomAsked reports whether the question is for a table, and not for something else: "qué
// tenéis para comer", "hay sitio para aparcar".
func (s *sentence) roomAsked(h *hits, k slots) bool {
	return anyOf(h[senseRoom], func(room hit) bool {
		last := s.at(room.to - 1)
		return !(last.is("para") && k.count() == 0) && !(last.is("algo", "anything") && slices.Contains(s.at(room.to).lex.groups, "#fact")) &&
			!s.within(room.from, room.to+4, "aparcar", "coche", "coches", "parking", "perro", "perros", "carrito", "bici", "bicis", "moto", "park", "car")
	})
}

// factAsked reports whether the guest asks about the restaurant.
func (s *sentence) factAsked(h *hits, k slots, books bool) bool {
	if !h.any(senseFact) && !(k.zone && h.any(senseQuestion) && s.says(asksHave)) {
		return false
	}
	if k.party || books || k.date && k.time || k.phone || k.name && !s.asks || s.at(0).is("somos", "soy", "we", "i") && !s.asks {
		return false
	}
	return s.asks || h.any(senseQuestion) || !k.any() && len(s.toks) <= 4
}

// asksHave is how it is asked if the restaurant has something.
var asksHave = patterns(`teneis/tienen/hay/tienes/have`)
