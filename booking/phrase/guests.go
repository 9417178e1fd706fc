package phrase

// count reads a number of guests, or a range of which the larger end counts.
// led reports whether a word came before that a bare number may follow.
func (p *parties) count(i int, led bool) (guests, bool) {
	if g, ok := p.dozens(i, led); ok {
		return g, true
	}
	open := p.at(i).is("entre", "between", "de", "from")
	if open {
		i++
	}
	t := p.at(i)
	if !p.free(i) {
		return guests{}, false
	}
	if t.kind == pair && (t.sep == '-' || t.sep == '/') && t.n[0] < t.n[1] {
		if end := p.guestNoun(i + 1); end > 0 || led {
			return guests{count: t.n[1], next: max(end, i+1), noun: end > 0}, true
		}
	}
	n := p.num(i)
	if led && t.has(isPair) {
		return guests{count: 2, next: i + 1, noun: true, partial: true}, true
	}
	if n.next == 0 || n.ordinal {
		return p.someone(i)
	}
	if p.difference(n) {
		return guests{}, false
	}
	if g, ok := p.multiple(i, n, open, led); ok || open {
		return g, ok
	}
	if end := p.guestNoun(n.next); end > 0 {
		return p.counted(n, end), true
	}
	if !led || n.value == 0 || t.is("a", "an") || t.wide[0] > 3 || n.article && !p.holds(afterOne, n.next) || p.holds(afterOther, n.next) || p.holds(afterTimeNumber, n.next) {
		return guests{}, false
	}
	return guests{count: n.value, next: n.next}, true
}

// afterOne is what follows "una" where it is one guest, and not the article of a noun.
var afterOne = patterns(`END/PLUS|el/a/en/para/por/manana/hoy/esta/este/solo/sola/y/mas/o`)

// afterOther is what follows a number of something other than guests.
var afterOther = patterns(`THING|OFMONTH`)

// afterTimeNumber is what makes the number before it a time.
var afterTimeNumber = patterns(`h/pm/am/oclock|y media/cuarto|menos cuarto`)

// difference reports whether a number is how many more or fewer come: "uno más".
func (s *sentence) difference(n numeral) bool {
	return s.at(n.next).is("menos", "less", "fewer") ||
		n.value <= 4 && s.at(n.next).is("mas", "more") && (s.at(n.next+1).mark() || s.at(n.next+1).is("persona", "personas", "person", "people", "of", "para", "to", "a", "en"))
}

// counted returns n guests of the noun before end; none of "a kids menu", "un sitio".
func (p *parties) counted(n numeral, end int) guests {
	noun := p.at(end - 1)
	if n.article && (noun.text[len(noun.text)-1] == 's' || noun.is("people", "men", "women", "children", "plaza", "sitio", "seat")) {
		return guests{}
	}
	minors, pairs := noun.has(isMinor), noun.has(isPair)
	return guests{
		count: n.value * (1 + b2i(pairs)), next: end, noun: true, minors: minors,
		partial: minors || pairs || n.article || noun.is("adulto", "adultos", "adulta", "adultas", "adult", "adults", "mayores"),
	}
}

// multiple reads a range: "entre 10 y 15", "4 o 5", "ten to fifteen people".
func (p *parties) multiple(i int, n numeral, open, led bool) (guests, bool) {
	j := n.next
	if end := p.guestNoun(j); end > 0 && p.at(end).is("o", "u", "or") {
		j = end // "4 personas o 5"
	}
	t := p.at(j)
	joins := t.is("o", "u", "or", "to", "a") || t.kind == dash || t.kind == slash || open && t.is("y", "and")
	if !joins || n.article && !t.is("o", "or") {
		return guests{}, false
	}
	j++
	if p.is(j, "tal", "vez") {
		j += 2
	} else if p.at(j).is("maybe", "quizas", "tal", "incluso", "igual") {
		j++
	}
	m := p.num(j)
	if m.next == 0 || m.article || m.ordinal || !p.free(j) {
		return guests{}, false
	}
	end := p.guestNoun(m.next)
	if end == 0 && (!led || p.holds(afterTimeNumber, m.next) || t.is("a") || open && p.at(i-1).is("de", "from")) {
		return guests{}, false
	}
	pairs := end > 0 && p.at(end-1).has(isPair)
	return guests{count: max(n.value, m.value) * (1 + b2i(pairs)), next: max(end, m.next), noun: end > 0}, true
}

// someGuests is a few of a noun.
var someGuests = patterns(`un par de GUESTS|a couple of GUESTS`)

// dozens are other words for numbers.
var dozens = compile([]row[amount]{
	{amount{0, 6}, `media docena|half a dozen`},
	{amount{12, 6}, `NUM docena/docenas/dozen y media`},
	{amount{12, 0}, `NUM docena/docenas/dozen`},
	{amount{0, 2}, `un par !de`},
})

// dozens reads "media docena", "un par", "a couple of".
func (p *parties) dozens(i int, led bool) (guests, bool) {
	if _, c, ok := first(p.sentence, someGuests, i); ok {
		noun := p.at(c.to - 1)
		return guests{count: 2 * (1 + b2i(noun.has(isPair))), next: c.to, noun: true, minors: noun.has(isMinor)}, true
	}
	a, c, ok := first(p.sentence, dozens, i)
	if !ok {
		return guests{}, false
	}
	g := guests{count: a.each*c.n[0] + a.plus, next: c.to}
	j := g.next
	if p.at(j).is("de", "of") {
		j++
	}
	if end := max(p.guestNoun(g.next), p.guestNoun(j)); end > 0 {
		g.next, g.noun = end, true
	}
	return g, g.noun || led
}

// additions adds what is said after a count: "y un bebé", "+ 2 niños".
func (p *parties) additions(g guests) guests {
	for range 8 {
		j := g.next
		t := p.at(j)
		plusSign := t.kind == plus || t.is("mas", "plus")
		switch {
		case g.unclear:
			return g
		case plusSign, t.is("y", "e", "and", "con", "with", "i"):
			j++
			if p.at(j).is("con", "with", "mas", "plus", "also", "tambien") {
				j++
			}
		case t.kind == comma && g.partial && p.partialAt(j+1):
			j++
		case g.partial && p.num(j).next > 0 && !p.num(j).article && p.partialAt(j): // 4 adultos 2 niños
		default:
			return g
		}
		more, ok := p.addition(j, plusSign, t.is("con", "with"), g.partial)
		if !ok {
			return g
		}
		g = guests{
			count: g.count + more.count, next: more.next, noun: g.noun || more.noun, partial: g.partial,
			minors: g.minors && more.minors, unclear: more.unclear,
		}
	}
	return g
}

// partialAt reports whether some of a party are counted at i.
func (p *parties) partialAt(i int) bool {
	more, ok := p.count(i, false)
	return ok && more.partial && more.count > 0
}

// highChairs count for the children in them; with a "con" they are a request.
var highChairs = patterns(`N/UN trona/tronas/highchair/highchairs|N/UN high chair`)

// child is a child by its age.
var child = patterns(`a/an NUM year/month old`)

// addition reads one more part of a party; partial reports whether the parts before are named.
func (p *parties) addition(j int, plusSign, with, partial bool) (guests, bool) {
	if _, c, ok := first(p.sentence, highChairs, j); ok && !with {
		return guests{count: c.n[0], next: c.to, noun: true, minors: true}, true
	}
	if _, c, ok := first(p.sentence, child, j); ok {
		return guests{count: 1, next: c.to, noun: true, minors: true}, true
	}
	n, t := p.num(j), p.at(j)
	switch {
	case plusSign && t.is("trona", "highchair"):
		return guests{count: 1, next: j + 1, noun: true}, true
	case t.is("bebe") && p.src[t.from:t.to] == "👶":
		return guests{count: 1, next: j + 1, noun: true, minors: true}, true
	case partial && t.is("yo", "me", "myself", "i"):
		return guests{count: 1, next: j + 1, noun: true, partial: true}, true
	case plusSign && n.next > 0 && !n.article && !n.ordinal && n.value < 20 && p.at(j-1).kind == plus && p.free(j) && !p.holds(afterTimeNumber, n.next):
		return guests{count: n.value, next: max(n.next, p.guestNoun(n.next))}, true
	case with && t.is("el", "la", "los", "las", "the"):
		return guests{}, false // "somos 4 con el bebé": he was counted
	}
	more, ok := p.count(j, false)
	if !ok || more.none() || !more.noun || p.at(more.next).is("es", "is", "son") && !with && !plusSign { // "y un niño es celiaco"
		return guests{}, false
	}
	return more, true
}
