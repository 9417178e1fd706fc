package phrase

// maxParty is the largest party that a number is taken for.
const maxParty = 999

type partyFound = found[int]

// guests is a count of guests as it is read: how many, up to which token, and
// what may still be added to it.
type guests struct {
	count, next int
	noun        bool // a noun for guests was said with it
	partial     bool // the noun names some of them: "dos adultos", "mi mujer"
	minors      bool // all of them children
	unclear     bool
}

func (g guests) none() bool { return g.count == 0 && !g.unclear }

// found returns the mention that begins at i.
func (g guests) found(i int, weak bool) (partyFound, bool) {
	return partyFound{value: g.count, from: i, to: g.next, vague: g.unclear || g.count > maxParty, weak: weak}, true
}

// guestNoun returns the token after the noun that makes the number before token i a
// number of guests; 0 where there is none.
func (s *sentence) guestNoun(i int) int {
	t := s.at(i)
	if to := s.plainGuestNoun(i); to > 0 {
		return to
	}
	switch {
	case t.is("en", "in") && s.at(i+1).is("total"):
		return i + 2
	case t.is("p") && t.glued:
		return i + 1
	case t.is("more", "other", "otras", "otros", "mas", "young", "small", "pequenos", "pequenas", "buenos", "hungry", "de"):
		return s.plainGuestNoun(i + 1)
	}
	return 0
}

func (s *sentence) plainGuestNoun(i int) int {
	t := s.at(i)
	switch {
	case t.is("personas") && s.at(i+1).is("adultas", "mayores"), s.is(i, "of", "us"), t.is("de") && s.at(i+1).is("nosotros", "nosotras"):
		return i + 2
	case t.has(isPerson) && !t.is("mayor"):
		return i + 1
	case t.is("grown") && s.at(i+1).kind == dash && s.at(i+2).is("ups"):
		return i + 3
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

// alone is how a guest says that he comes alone.
var alone = patterns(`voy/ire/vengo/vendre/estoy/soy/yo/iria/ceno/como solo/sola !con/NUM|voy/ire/soy/vengo yo solo/sola
	|solo/solamente/unicamente yo !y/con/e/COMMA|solo uno !o|solo para mi|solo soy yo|soy solo yo
	|just/only me/myself/one !and/plus/with/more/or/COMMA|just/only the one|by myself|on my own
	|alone solo/sola?|persona/yo [ sola solo/sola?|para mi solo/sola|para mi ] END`)

// forAMeal is a bare number that is a party by what it comes for: "dos para cenar",
// "reserva 2 para mañana".
var forAMeal = patterns(`N:1-99 ] para/for/pa comer/cenar/dinner/lunch/manana/hoy/tonight/tomorrow/el/esta/este/pasado`)

// moved is a party that becomes another: "pasar de 4 a 6".
var moved = patterns(`de N a N ] END`)

// families are several of one size: "dos familias de cuatro".
var families = patterns(`N familias/families de/of N`)

// mention reads a party size that begins at i.
func (p *parties) mention(i int) (partyFound, bool) {
	t := p.at(i)
	if _, c, ok := first(p.sentence, alone, i); ok {
		return partyFound{value: 1, from: i, to: c.to}, true
	} else if t.is("sola") && len(p.toks) <= 3 {
		return partyFound{value: 1, from: i, to: i + 1}, true
	}
	if j, firm := p.lead(i); j > 0 {
		if g, ok := p.company(j); ok {
			return g.found(i, false)
		}
		if g, ok := p.count(j, true); ok && !g.none() {
			g = p.additions(g)
			return g.found(i, !firm && !g.noun)
		}
	}
	if t.has(isPair) && !p.at(i-1).has(isMine) { // "pareja con un bebé"
		if g := p.additions(guests{count: 2, next: i + 1, noun: true, partial: true}); g.count > 2 {
			return g.found(i, false)
		}
	}
	if _, c, ok := first(p.sentence, moved, i); ok && p.moves() && p.free(i+1) && p.free(i+3) {
		return partyFound{value: c.n[1], from: i, to: c.to}, true
	}
	if _, c, ok := first(p.sentence, families, i); ok {
		return guests{count: c.n[0] * c.n[1], next: c.to}.found(i, false)
	}
	if p.bare && p.num(i).next > 0 && !p.num(i).article {
		if g, ok := p.count(i, true); ok && g.count > 0 {
			g = p.additions(g)
			return g.found(i, !g.noun)
		}
	}
	if g, ok := p.company(i); ok {
		return g.found(i, t.is("con", "with"))
	}
	g, ok := p.count(i, false)
	if !ok || g.none() {
		if _, c, ok := first(p.sentence, forAMeal, i); ok {
			return partyFound{value: c.n[0], from: i, to: c.to, weak: true}, true
		}
		if g, ok = p.andBaby(i); !ok {
			return partyFound{}, false
		}
	}
	before := g.count
	g = p.additions(g)
	if g.count == before && g.count <= 2 && p.num(i).next == 0 && !g.unclear { // "mi padre" alone
		return partyFound{}, false
	}
	g.unclear = g.unclear || g.minors // children alone are part of a party whose size is not told
	return g.found(i, g.minors || g.partial && g.count == 1)
}

// andBaby reads a bare number that is a party by what is added to it: "cuatro y
// un bebé".
func (p *parties) andBaby(i int) (guests, bool) {
	n := p.num(i)
	if n.next == 0 || n.article || n.ordinal || n.value > 60 {
		return guests{}, false
	}
	g := guests{count: n.value, next: n.next}
	sum := p.additions(g)
	return g, sum.count > g.count && sum.noun
}

// leadsToParty reports whether what comes next can be anything but a party size.
type leadsToParty uint8

const (
	noParty leadsToParty = iota
	maybeParty
	sureParty
)

// partyLeads are the words that a party size follows.
var partyLeads = compile([]row[leadsToParty]{
	{sureParty, `vamos a ser/ir/estar`},
	{noParty, `vamos a`},
	{sureParty, `LEAD|we/there/us are|will/would/to be`},
	{maybeParty, `it is for|sera/es para|it is|son/sera/seria/van`},
	{sureParty, `mesa/table/mesita/reserva/booking/reservation para/for/of/de/x/pa/por|mesa/mesita ] NUM GUESTS
	 |grupo/grupito/group/party/familia/family/cuadrilla/pandilla/total de/of|nosotros/nosotras/us`},
	{sureParty, `LEAD [ los/las ] NUM`},
	{noParty, `los ] NUM de mi`},
	{sureParty, `los ] NUM:0-39 !THING|x ] NUM|ir/venir ] N`},
	{maybeParty, `unos/unas ] N|para/pa/for comer/cenar/dinner/lunch ] N|para/pa/for`},
})

// lead reads the words that a party size follows, and "un grupo de", "unas", "about"
// after them; firm tells that nothing else can follow.
func (p *parties) lead(i int) (next int, firm bool) {
	sure, c, ok := first(p.sentence, partyLeads, i)
	if !ok || sure == noParty {
		return 0, false
	}
	firm = sure == sureParty
	i = c.to
	for steps := 0; steps < 6 && p.at(i).has(isFiller) && !p.articleOfGuest(i); steps++ {
		firm = firm || p.at(i).is("familia", "family", "grupo", "group", "party", "total")
		if p.at(i).is("total") && p.at(i+1).kind == comma {
			i++
		}
		i++
	}
	return i, firm
}

// fillerArticles are articles that do not count: "unas 8", "un grupo".
var fillerArticles = patterns(`unos/unas ] NUM|un/una/a/an/unos/unas !en/de/al/o/a ] FILLER`)

// articleOfGuest reports whether an article counts one.
func (p *parties) articleOfGuest(i int) bool {
	return p.at(i).is("un", "una", "a", "an", "unos", "unas") && !p.holds(fillerArticles, i)
}

// severalTables is more than one table: whether a number is for each of them or for
// all is not clear then.
var severalTables = patterns(`NUM:2-9999 mesas/tables`)

// bareParty reads the one number that is left over beside a date and a time, set
// off from the rest: "mañana 14:30, 6".
func (s *sentence) bareParty() int {
	value, count := 0, 0
	for i := 0; i < len(s.toks); i++ {
		n := s.num(i)
		if n.next == 0 || n.article || n.ordinal || !s.free(i) {
			continue
		}
		count++
		if (s.at(i-1).mark() || s.used[i-1]) && s.at(n.next).mark() && n.value > 0 && n.value <= 40 && s.at(i-1).kind != nothing {
			value = n.value
		}
		i = n.next - 1
	}
	if count != 1 {
		return 0
	}
	return value
}
