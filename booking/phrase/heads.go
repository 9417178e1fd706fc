package phrase

// heads is a count of guests as it is read: how many, up to which token, and
// what may still be added to it.
type heads struct {
	count, next int
	noun        bool // a noun for guests was said with it
	partial     bool // the noun names some of them: "dos adultos", "mi mujer"
	minors      bool // all of them children
	unclear     bool
}

// heads reads a number of guests, or a range of which the larger end counts.
// led tells that a word came before that a bare number may follow.
func (p *parties) heads(i int, led bool) (heads, bool) {
	if h, ok := p.dozens(i, led); ok {
		return h, true
	}
	open := p.at(i).is("entre", "between") || p.at(i).is("de", "from")
	if open {
		i++
	}
	t := p.at(i)
	if !p.free(i) {
		return heads{}, false
	}
	if t.kind == pair && (t.sep == '-' || t.sep == '/') && t.n[0] < t.n[1] {
		if end := p.headcount(i + 1); end > 0 || led {
			return heads{count: t.n[1], next: max(end, i+1), noun: end > 0}, true
		}
	}
	n := p.num(i)
	if led && t.has(isPair) {
		return heads{count: 2, next: i + 1, noun: true, partial: true}, true
	}
	if n.next == 0 || n.ordinal {
		return p.someone(i)
	}
	if p.fewer(n) {
		return heads{}, false
	}
	if h, ok := p.multiple(i, n, open, led); ok {
		return h, true
	}
	if open {
		return heads{}, false
	}
	if end := p.headcount(n.next); end > 0 {
		return p.counted(n, end), true
	}
	if !led || n.value == 0 || n.article && !p.articleCounts(n.next) {
		return heads{}, false
	}
	if next := p.at(n.next); next.has(isThing) || next.has(isMonth) || next.is("de") && p.at(n.next+1).has(isMonth) || p.unitAfter(n.next) {
		return heads{}, false
	}
	if p.at(i).is("a", "an") || p.at(i).wide[0] > 3 {
		return heads{}, false
	}
	return heads{count: n.value, next: n.next}, true
}

// fewer tells whether a number is how many more or fewer come: "uno más".
func (s *sentence) fewer(n numeral) bool {
	next := s.at(n.next)
	return next.is("menos", "less", "fewer") || next.is("mas", "more") && n.value <= 4 && (s.at(n.next+1).mark() || s.at(n.next+1).is("persona", "personas", "person", "people", "of", "para", "to", "a", "en"))
}

// unitAfter tells whether what follows makes the number before it a time.
func (s *sentence) unitAfter(i int) bool {
	return s.at(i).is("h", "hs", "hrs", "pm", "am", "oclock") || s.is(i, "y", "media") || s.is(i, "y", "cuarto") || s.is(i, "menos", "cuarto")
}

// articleCounts tells whether "una" before token i is one guest and not the
// article of a noun.
func (p *parties) articleCounts(i int) bool {
	t := p.at(i)
	return t.mark() || t.is("el", "a", "en", "para", "por", "manana", "hoy", "esta", "este", "solo", "sola", "y", "mas", "o") || t.kind == plus
}

// counted returns n guests of the noun before end.
func (p *parties) counted(n numeral, end int) heads {
	noun := p.at(end - 1)
	if n.article && (noun.text[len(noun.text)-1] == 's' || noun.is("people", "men", "women", "children")) {
		return heads{} // "a kids menu"
	}
	h := heads{count: n.value, next: end, noun: true}
	if noun.has(isPair) {
		h.count *= 2
	}
	if noun.lex.value == 2 && !noun.has(isPair) { // "dos padres" are two
		h.count = n.value
	}
	h.minors = noun.has(isMinor)
	h.partial = h.minors || noun.is("adulto", "adultos", "adulta", "adultas", "adult", "adults", "mayores") || noun.has(isPair) || n.article
	if noun.is("cubiertos", "plaza", "plazas", "sitio", "sitios", "seat", "asientos") && n.article {
		return heads{}
	}
	if n.article && noun.is("plaza", "mesa", "persona", "person") && !noun.is("persona", "person") {
		return heads{}
	}
	if n.article && h.count == 1 && !h.minors && !noun.is("persona", "person", "adulto", "adult") {
		h.partial = true
	}
	return h
}

// multiple reads a range: "entre 10 y 15", "4 o 5", "ten to fifteen people".
func (p *parties) multiple(i int, n numeral, open, led bool) (heads, bool) {
	j := n.next
	if end := p.headcount(j); end > 0 && p.at(end).is("o", "u", "or") {
		j = end // "4 personas o 5"
	}
	t := p.at(j)
	joins := t.is("o", "u", "or", "to", "a") || t.kind == dash || t.kind == slash || open && t.is("y", "and") || t.is("quizas") && p.at(j+1).is("o")
	if !joins || n.article && !t.is("o", "or") {
		return heads{}, false
	}
	j++
	if p.at(j).is("maybe", "quizas", "tal", "incluso", "igual") {
		j++
		if p.at(j).is("vez") {
			j++
		}
	}
	m := p.num(j)
	if m.next == 0 || m.article || m.ordinal || !p.free(j) {
		return heads{}, false
	}
	end := p.headcount(m.next)
	if end == 0 && (!led || p.unitAfter(m.next) || t.is("a")) {
		return heads{}, false
	}
	if end == 0 && open && p.at(i-1).is("de", "from") {
		return heads{}, false
	}
	h := heads{count: max(n.value, m.value), next: max(end, m.next), noun: end > 0}
	if end > 0 && p.at(end-1).has(isPair) {
		h.count *= 2
	}
	return h, true
}

// dozens reads "media docena", "un par", "a couple of".
func (p *parties) dozens(i int, led bool) (heads, bool) {
	h := heads{}
	n := p.num(i)
	switch {
	case p.is(i, "media", "docena"):
		h = heads{count: 6, next: i + 2}
	case p.is(i, "half", "a", "dozen"):
		h = heads{count: 6, next: i + 3}
	case n.next > 0 && p.at(n.next).is("docena", "docenas", "dozen"):
		h = heads{count: 12 * n.value, next: n.next + 1}
		if p.is(h.next, "y", "media") {
			h.count, h.next = h.count+6, h.next+2
		}
	case p.is(i, "un", "par"):
		h = heads{count: 2, next: i + 2}
		if end := p.headcount(h.next + 1); p.is(h.next, "de") && end > 0 {
			seats := 2
			if p.at(end - 1).has(isPair) {
				seats = 4
			}
			return heads{count: seats, next: end, noun: true, minors: p.at(end - 1).has(isMinor)}, true
		}
		if !led || p.is(h.next, "de") {
			return heads{}, false
		}
		return h, true
	case p.is(i, "a", "couple", "of"):
		if end := p.headcount(i + 3); end > 0 {
			return heads{count: 2, next: end, noun: true, minors: p.at(end - 1).has(isMinor)}, true
		}
		return heads{}, false
	default:
		return h, false
	}
	if p.at(h.next).is("de", "of") && p.headcount(h.next+1) > 0 {
		h.next = p.headcount(h.next + 1)
		h.noun = true
	} else if end := p.headcount(h.next); end > 0 {
		h.next, h.noun = end, true
	} else if !led {
		return heads{}, false
	}
	return h, true
}

// additions adds what is said after a count: "y un bebé", "+ 2 niños".
func (p *parties) additions(h heads) heads {
	for range 8 {
		if h.unclear {
			return h
		}
		j := h.next
		t := p.at(j)
		plusSign := t.kind == plus || t.is("mas", "plus")
		switch {
		case plusSign, t.is("y", "e", "and", "con", "with", "i"):
			j++
			if p.at(j).is("con", "with", "mas", "plus", "also", "tambien") {
				j++
			}
		case t.kind == comma && h.partial && p.partialAt(j+1):
			j++
		case h.partial && p.num(j).next > 0 && !p.num(j).article && p.partialAt(j): // 4 adultos 2 niños
		default:
			return h
		}
		more, ok := p.addition(j, plusSign, t.is("con", "with"), h)
		if !ok {
			return h
		}
		h.count += more.count
		h.next = more.next
		h.noun = h.noun || more.noun
		h.minors = h.minors && more.minors
		h.unclear = more.unclear
	}
	return h
}

// partialAt tells whether some of a party are counted at i.
func (p *parties) partialAt(i int) bool {
	more, ok := p.heads(i, false)
	return ok && more.partial && more.count > 0
}

// addition reads one more part of a party.
func (p *parties) addition(j int, plusSign, with bool, h heads) (heads, bool) {
	n := p.num(j)
	if n.next > 0 && !n.ordinal && p.at(n.next).is("trona", "tronas", "highchair", "highchairs") && !with {
		return heads{count: n.value, next: n.next + 1, noun: true, minors: true}, true
	}
	if plusSign && p.at(j).is("trona", "highchair") {
		return heads{count: 1, next: j + 1, noun: true}, true
	}
	if n.next > 0 && p.is(n.next, "high", "chair") && !with {
		return heads{count: n.value, next: n.next + 2, noun: true}, true
	}
	if t := p.at(j); t.has(isMinor) && t.to-t.from == len("👶") && t.from >= 0 && p.src[t.from:t.to] == "👶" {
		return heads{count: 1, next: j + 1, noun: true, minors: true}, true
	}
	if p.at(j).is("a", "an") && p.num(j+1).next > 0 && p.at(p.num(j+1).next).is("year", "month") && p.is(p.num(j+1).next+1, "old") {
		return heads{count: 1, next: p.num(j+1).next + 2, noun: true, minors: true}, true
	}
	if p.at(j).is("yo", "me", "myself", "i") && h.partial {
		return heads{count: 1, next: j + 1, noun: true, partial: true}, true
	}
	if plusSign && n.next > 0 && !n.article && !n.ordinal && n.value < 20 && p.at(j-1).kind == plus && p.free(j) && !p.unitAfter(n.next) {
		return heads{count: n.value, next: max(n.next, p.headcount(n.next))}, true
	}
	if with && p.at(j).is("el", "la", "los", "las", "the") {
		return heads{}, false // "somos 4 con el bebé": he was counted
	}
	more, ok := p.heads(j, false)
	if !ok || more.count == 0 && !more.unclear || !more.noun || with && p.at(more.next-1).is("trona", "perro", "perros") {
		return heads{}, false
	}
	if next := p.at(more.next); next.is("es", "is", "son") && !with && !plusSign {
		return heads{}, false // "y un niño es celiaco"
	}
	return more, true
}
