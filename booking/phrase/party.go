package phrase

// maxParty is the largest party that a number is taken for.
const maxParty = 999

type partyFound = found[int]

// headcount returns the token after the noun that makes the number before token
// i a number of guests; 0 where there is none.
func (s *sentence) headcount(i int) int {
	for k := i; k < i+2; k++ {
		t := s.at(k)
		if t.kind != word {
			return 0
		}
		if t.has(isPerson) && !t.is("mayor") {
			if k+1 < len(s.toks) && t.is("personas") && s.at(k+1).is("adultas", "mayores") {
				return k + 2
			}
			return k + 1
		}
		if k == i && (t.is("en", "in") && s.at(k+1).is("total")) {
			return k + 2
		}
		if t.is("grown") && s.at(k+1).kind == dash && s.at(k+2).is("ups") {
			return k + 3
		}
		if t.is("of") && s.at(k+1).is("us") || t.is("de") && s.at(k+1).is("nosotros", "nosotras") {
			return k + 2
		}
		if k == i && t.glued && t.is("p", "pers") {
			return k + 1
		}
		if !t.is("more", "other", "otras", "otros", "mas", "young", "small", "pequenos", "pequenas", "buenos", "hungry", "de") {
			return 0
		}
	}
	return 0
}

// parties is what the rules for party sizes look at.
type parties struct {
	*sentence
	bare  bool // a number alone is a party, as in the answer to "how many?"
	found []partyFound
}

// findParties returns the party sizes that are mentioned, and takes their words.
func (s *sentence) findParties(bare bool) []partyFound {
	p := &parties{sentence: s, bare: bare}
	for i := 0; i < len(s.toks); i++ {
		if !s.free(i) {
			continue
		}
		f, ok := p.mention(i)
		if !ok {
			continue
		}
		s.use(f.from, f.to)
		p.found = append(p.found, f)
		i = f.to - 1
	}
	return p.found
}

// mention reads a party size that begins at i.
func (p *parties) mention(i int) (partyFound, bool) {
	if f, ok := p.alone(i); ok {
		return f, true
	}
	if j, firm := p.lead(i); j > 0 {
		j, firm = p.fillers(j, firm)
		if h, ok := p.company(j); ok {
			return partyFound{value: h.count, from: i, to: h.next, vague: h.unclear}, true
		}
		if h, ok := p.heads(j, true); ok && !(h.count == 0 && !h.unclear) {
			h = p.additions(h)
			return partyFound{value: h.count, from: i, to: h.next, vague: h.unclear || h.count > maxParty, weak: !firm && !h.noun}, true
		}
	}
	if h, ok := p.joined(i); ok {
		return partyFound{value: h.count, from: i, to: h.next, vague: h.unclear}, true
	}
	if p.bare && p.num(i).next > 0 && !p.num(i).article {
		if h, ok := p.heads(i, true); ok && h.count > 0 {
			h = p.additions(h)
			return partyFound{value: h.count, from: i, to: h.next, vague: h.unclear || h.count > maxParty, weak: !h.noun}, true
		}
	}
	if h, ok := p.company(i); ok {
		return partyFound{value: h.count, from: i, to: h.next, vague: h.unclear, weak: p.at(i).is("con", "with")}, true
	}
	h, ok := p.heads(i, false)
	if !ok || h.count == 0 && !h.unclear {
		if n := p.num(i); p.meal(n) {
			return partyFound{value: n.value, from: i, to: n.next, weak: true}, true
		}
		if h, ok = p.andBaby(i); !ok {
			return partyFound{}, false
		}
	}
	alone := h.count
	h = p.additions(h)
	if h.count == alone && h.count <= 2 && p.num(i).next == 0 && !h.unclear { // "mi padre" alone
		return partyFound{}, false
	}
	if h.minors { // children alone are part of a party whose size is not told
		return partyFound{value: h.count, from: i, to: h.next, vague: true, weak: true}, true
	}
	return partyFound{value: h.count, from: i, to: h.next, vague: h.unclear || h.count > maxParty, weak: h.partial && h.count == 1}, true
}

// joined reads "pareja con un bebé" and "dos familias de cuatro".
func (p *parties) joined(i int) (heads, bool) {
	if t := p.at(i); t.has(isPair) && !p.at(i-1).has(isMine) {
		h := p.additions(heads{count: 2, next: i + 1, noun: true, partial: true})
		return h, h.count > 2
	}
	if m := p.num(i + 3); p.is(i, "de") && p.is(i+2, "a") && p.num(i+1).next == i+2 && m.next > 0 && !m.article && p.moves() && p.free(i+1) && p.free(i+3) &&
		p.at(m.next).mark() { // "pasar de 4 a 6"
		return heads{count: m.value, next: m.next, noun: true}, true
	}
	n := p.num(i)
	if n.next > 0 && !n.ordinal && !n.article && p.at(n.next).is("familias", "families") && p.at(n.next+1).is("de", "of") {
		if m := p.num(n.next + 2); m.next > 0 && !m.article && !m.ordinal {
			return heads{count: n.value * m.value, next: m.next, noun: true}, true
		}
	}
	return heads{}, false
}

// meal tells whether a bare number is a party by what it comes for: "dos para
// cenar", "reserva 2 para mañana".
func (p *parties) meal(n numeral) bool {
	return n.next > 0 && !n.article && !n.ordinal && n.value > 0 && n.value < 100 && p.at(n.next).is("para", "for", "pa") &&
		p.at(n.next+1).is("comer", "cenar", "dinner", "lunch", "manana", "hoy", "tonight", "tomorrow", "el", "esta", "este", "pasado")
}

// andBaby reads a bare number that is a party by what is added to it: "cuatro y
// un bebé".
func (p *parties) andBaby(i int) (heads, bool) {
	n := p.num(i)
	if n.next == 0 || n.article || n.ordinal || n.value > 60 || !p.at(n.next).is("y", "and", "mas", "plus", "con", "with") && p.at(n.next).kind != plus {
		return heads{}, false
	}
	h := heads{count: n.value, next: n.next}
	if sum := p.additions(h); sum.count > h.count && sum.noun {
		return h, true
	}
	return heads{}, false
}

// lead reads the words that a party size follows, and returns the token after
// them; firm tells that nothing else can follow but a party size.
func (p *parties) lead(i int) (next int, firm bool) {
	t := p.at(i)
	switch {
	case t.has(isLead):
		if p.is(i, "vamos", "a") || p.is(i, "van", "a") {
			if p.is(i+2, "ser") || p.is(i+2, "ir") || p.is(i+2, "estar") {
				return i + 3, true
			}
			return 0, false
		}
		return i + 1, true
	case p.is(i, "we", "are"), p.is(i, "there", "are"), p.is(i, "us", "are"):
		return i + 2, true
	case p.is(i, "will", "be"), p.is(i, "would", "be"), p.is(i, "to", "be"):
		return i + 2, true
	case p.is(i, "it", "is", "for"), p.is(i, "sera", "para"), p.is(i, "es", "para"), p.is(i, "sería", "para"):
		return i + 3 - b2i(!t.is("it")), false
	case p.is(i, "it", "is"), p.is(i, "son"), p.is(i, "sera"), p.is(i, "seria"), p.is(i, "van"):
		return i + 1 + b2i(t.is("it")), false
	case t.is("mesa", "table", "mesita", "reserva", "booking", "reservation") && p.at(i+1).is("para", "for", "of", "de", "x", "pa", "por"):
		return i + 2, true
	case t.is("mesa", "mesita") && p.num(i+1).next > 0 && p.headcount(p.num(i+1).next) > 0:
		return i + 1, true
	case t.is("grupo", "grupito", "group", "party", "familia", "family", "cuadrilla", "pandilla", "total") && p.at(i+1).is("de", "of"):
		return i + 2, true
	case t.is("nosotros", "nosotras", "us"):
		return i + 1, true
	case t.is("los", "las") && p.num(i+1).next > 0 && (p.at(i-1).has(isLead) || t.is("los") && !p.at(p.num(i+1).next).has(isThing) && !p.is(p.num(i+1).next, "de", "mi") && p.num(i+1).value < 40):
		return i + 1, true
	case t.is("x") && p.num(i+1).next > 0:
		return i + 1, true
	case t.is("ir", "venir", "unos", "unas") && p.num(i+1).next > 0 && !p.num(i+1).article:
		return i + 1, t.is("ir", "venir")
	case t.is("para", "pa", "for") && p.at(i+1).is("comer", "cenar", "dinner", "lunch") && p.num(i+2).next > 0 && !p.num(i+2).article:
		return i + 2, false
	case t.is("para", "pa", "for"):
		return i + 1, false
	}
	return 0, false
}

// fillers passes over "un grupo de", "unas", "about".
func (p *parties) fillers(i int, firm bool) (int, bool) {
	for steps := 0; steps < 6 && p.at(i).has(isFiller); steps++ {
		t := p.at(i)
		if t.is("un", "una", "a", "an", "unos", "unas") {
			next := p.at(i + 1)
			switch {
			case t.is("unos", "unas") && p.num(i+1).next > 0, next.has(isFiller) && !next.is("en", "de", "al", "o", "a"), next.is("maximo", "max"):
			default:
				return i, firm // an article that counts
			}
		}
		if t.is("familia", "family", "grupo", "group", "party", "total") {
			firm = true
		}
		if t.is("total") && p.at(i+1).kind == comma {
			i++
		}
		i++
	}
	return i, firm
}
