package phrase

// someone reads a guest who is named by kinship: "mi mujer", "mis dos hijos",
// "the baby".
func (p *parties) someone(i int) (heads, bool) {
	t := p.at(i)
	switch {
	case t.has(isMine) || t.is("el", "la", "the", "su", "otra", "otro", "another", "los", "las"):
		mine := t.has(isMine)
		if n := p.num(i + 1); n.next > 0 && !n.article && !n.ordinal {
			if end := p.headcount(n.next); end > 0 && (mine || p.at(end-1).has(isMinor)) {
				return heads{count: n.value, next: end, noun: true, partial: true, minors: p.at(end - 1).has(isMinor)}, true
			}
			return heads{}, false
		}
		noun := p.at(i + 1)
		if !noun.has(isPerson) {
			return heads{}, false
		}
		if !mine && !noun.has(isMinor) && !t.is("otra", "otro", "another") {
			return heads{}, false
		}
		h := heads{count: 1, next: i + 2, noun: true, partial: true, minors: noun.has(isMinor)}
		last := noun.text[len(noun.text)-1]
		switch {
		case noun.lex.value == 2 && !noun.has(isPair):
			h.count = 2
		case last == 's' && !noun.is("boss") || noun.is("people", "children", "gente"):
			h.count, h.unclear = 0, true // my children: how many?
		}
		return h, true
	}
	return heads{}, false
}

// self tells whether the speaker names himself at i, and returns the token after.
func (p *parties) self(i int) int {
	switch {
	case p.is(i, "para", "mi") && !p.at(i+2).has(isPerson):
		return i + 2
	case p.is(i, "yo"), p.is(i, "myself"), p.is(i, "me"), p.is(i, "i"):
		if p.is(i, "yo", "mismo") || p.is(i, "yo", "misma") {
			return i + 2
		}
		if p.is(i, "i") && p.at(i-1).is("and") || p.is(i, "me") && p.at(i+1).is("and", "plus", "with") || p.is(i, "me") && p.at(i-1).is("and", "plus", "just") || p.is(i, "me") && p.at(i+1).kind == comma ||
			p.is(i, "yo") || p.is(i, "myself") {
			return i + 1
		}
	}
	return 0
}

// company reads a party that is named one by one: "mi mujer y yo", "me, my wife
// and two kids", or by who comes along: "con mi mujer".
func (p *parties) company(i int) (heads, bool) {
	start := i
	sum, selves, others := 0, 0, 0
	h := heads{}
	along := p.at(i).is("con", "with")
	if along {
		sum, i = 1, i+1
	}
	for range 10 {
		switch next := p.self(i); {
		case next > 0:
			if along {
				sum--
				along = false
			}
			sum, selves, i = sum+1, selves+1, next
		default:
			more, ok := p.member(i, start)
			if !ok {
				return heads{}, false
			}
			h.unclear = h.unclear || more.unclear
			sum, others, i = sum+more.count, others+1, more.next
		}
		h.next = i
		k := i
		if p.at(k).kind == comma {
			k++
		}
		if p.at(k).is("y", "e", "and", "con", "with", "plus", "mas") || p.at(k).kind == plus {
			k++
			if p.at(k).is("con", "with") {
				k++
			}
		}
		if k == i || p.self(k) == 0 && !p.memberAt(k, start) {
			break
		}
		i = k
	}
	h.count, h.noun = sum, true
	if selves > 0 && others > 0 || along && others > 0 && p.alongCounts(start) {
		return h, true
	}
	return heads{}, false
}

// alongCounts tells whether "con mi mujer" at i says who comes, rather than
// adding to a number that was said.
func (p *parties) alongCounts(i int) bool {
	return len(p.found) == 0 && (i > 0 || p.at(i+1).has(isMine))
}

func (p *parties) memberAt(i, start int) bool {
	_, ok := p.member(i, start)
	return ok
}

// going tells whether a verb of coming along stands before i.
func (p *parties) going(i int) bool {
	return p.at(i-1).is("voy", "vamos", "ire", "iremos", "vengo", "ir", "cenar", "comer", "venir", "ceno", "going", "coming", "come", "go", "be", "yo")
}

// member reads one of a party named one by one.
func (p *parties) member(i, start int) (heads, bool) {
	if !p.free(i) {
		return heads{}, false
	}
	if h, ok := p.someone(i); ok {
		return h, true
	}
	if h, ok := p.dozens(i, false); ok && h.noun {
		return h, true
	}
	n := p.num(i)
	if n.next == 0 || n.ordinal {
		return heads{}, false
	}
	end := p.headcount(n.next)
	if end == 0 || p.at(end-1).is("us", "nosotros", "nosotras") {
		return heads{}, false
	}
	noun := p.at(end - 1)
	if noun.is("persona", "personas", "people", "person", "pax", "guests") && (i == start || !p.going(start)) {
		return heads{}, false
	}
	return p.counted(n, end), true
}

// alone reads a guest who comes alone.
func (p *parties) alone(i int) (partyFound, bool) {
	f := partyFound{value: 1, from: i}
	t := p.at(i)
	switch {
	case t.is("voy", "ire", "vengo", "vendre", "estoy", "soy", "yo", "iria", "ceno", "como") && p.at(i+1).is("solo", "sola") && !p.is(i+2, "con") && p.num(i+2).next == 0:
		f.to = i + 2
	case t.is("voy", "ire", "soy", "vengo") && p.is(i+1, "yo") && p.at(i+2).is("solo", "sola"):
		f.to = i + 3
	case t.is("solo", "solamente", "unicamente") && p.is(i+1, "yo") && !p.at(i+2).is("y", "con", "e") && p.at(i+2).kind != comma,
		t.is("solo") && p.is(i+1, "uno") && !p.at(i+2).is("o"):
		f.to = i + 2
	case t.is("solo") && p.is(i+1, "para", "mi"), t.is("solo") && p.is(i+1, "soy", "yo"), t.is("soy") && p.is(i+1, "solo", "yo"):
		f.to = i + 3
	case t.is("just", "only") && (p.at(i+1).is("me", "myself", "one") || p.is(i+1, "the", "one")) && !p.at(i+2).is("and", "plus", "with", "more", "or") && p.at(i+2).kind != comma:
		f.to = i + 2 + b2i(p.is(i+1, "the"))
	case t.is("by") && p.is(i+1, "myself"), t.is("on") && p.is(i+1, "my", "own"):
		f.to = i + 2 + b2i(t.is("on"))
	case t.is("alone"), t.is("sola") && (p.at(i-1).is("persona", "yo") || len(p.toks) <= 3), p.is(i, "para", "mi") && (p.at(i+2).mark() || p.at(i+2).is("solo", "sola")):
		f.to = i + 1 + b2i(t.is("para"))
		if p.at(f.to).is("solo", "sola") {
			f.to++
		}
	default:
		return f, false
	}
	return f, true
}
