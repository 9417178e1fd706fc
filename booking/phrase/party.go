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

// partyRules are tried at every token that is still free, in this order. Each
// returns the mention that begins there, or false.
var partyRules = []func(*parties, int) (partyFound, bool){
	(*parties).alone,
	(*parties).led,
	(*parties).pairWithMore,
	(*parties).moved,
	(*parties).families,
	(*parties).bareNumber,
	(*parties).together,
	(*parties).counting,
	(*parties).forAMeal,
}

// findParties returns the party sizes that are mentioned, and takes their words.
func (s *sentence) findParties(bare bool) []partyFound {
	p := &parties{sentence: s, bare: bare}
	for i := 0; i < len(s.toks); i++ {
		if !s.free(i) {
			continue
		}
		for _, rule := range partyRules {
			if f, ok := rule(p, i); ok {
				s.use(f.from, f.to)
				p.found = append(p.found, f)
				i = f.to - 1
				break
			}
		}
	}
	return p.found
}

// alone is how a guest says that he comes alone.
var alone = patterns(`voy/ire/vengo/vendre/estoy/soy/yo/iria/ceno/como solo/sola !con/NUM|voy/ire/soy/vengo yo solo/sola
	|solo/solamente/unicamente yo !y/con/e/COMMA|solo uno !o|solo para mi|solo soy yo|soy solo yo
	|just/only me/myself/one !and/plus/with/more/or/COMMA|just/only the one|by myself|on my own
	|alone solo/sola?|persona/yo [ sola solo/sola?|para mi solo/sola|para mi ] END`)

func (p *parties) alone(i int) (partyFound, bool) {
	_, c, ok := first(p.sentence, alone, i)
	if !ok && p.at(i).is("sola") && len(p.toks) <= 3 {
		c.to, ok = i+1, true
	}
	return partyFound{value: 1, from: i, to: c.to}, ok
}

// led reads what follows "somos", "mesa para".
func (p *parties) led(i int) (partyFound, bool) {
	j, firm := p.lead(i)
	if j == 0 {
		return partyFound{}, false
	}
	if g, ok := p.company(j); ok {
		return g.found(i, false)
	}
	g, ok := p.count(j, true)
	if !ok || g.none() {
		return partyFound{}, false
	}
	g = p.additions(g)
	return g.found(i, !firm && !g.noun)
}

// pairWithMore reads "pareja con un bebé".
func (p *parties) pairWithMore(i int) (partyFound, bool) {
	if !p.at(i).has(isPair) || p.at(i-1).has(isMine) {
		return partyFound{}, false
	}
	g := p.additions(guests{count: 2, next: i + 1, noun: true, partial: true})
	f, _ := g.found(i, false)
	return f, g.count > 2
}

var fromTo = patterns(`de N a N ] END`)

// moved reads a party that becomes another: "pasar de 4 a 6".
func (p *parties) moved(i int) (partyFound, bool) {
	_, c, ok := first(p.sentence, fromTo, i)
	return partyFound{value: c.n[1], from: i, to: c.to}, ok && p.moves()
}

var familiesOf = patterns(`N familias/families de/of N`)

// families reads "dos familias de cuatro".
func (p *parties) families(i int) (partyFound, bool) {
	_, c, ok := first(p.sentence, familiesOf, i)
	f, _ := guests{count: c.n[0] * c.n[1], next: c.to}.found(i, false)
	return f, ok
}

// bareNumber reads a number alone, where one is asked for.
func (p *parties) bareNumber(i int) (partyFound, bool) {
	if n := p.num(i); !p.bare || n.next == 0 || n.article {
		return partyFound{}, false
	}
	g, ok := p.count(i, true)
	if !ok || g.count == 0 {
		return partyFound{}, false
	}
	g = p.additions(g)
	return g.found(i, !g.noun)
}

// together reads a party that is named one by one.
func (p *parties) together(i int) (partyFound, bool) {
	g, ok := p.company(i)
	f, _ := g.found(i, p.at(i).is("con", "with"))
	return f, ok
}

// counting reads a number of guests: "4 personas", "cuatro y un bebé". Children alone
// are part of a party whose size is not said.
func (p *parties) counting(i int) (partyFound, bool) {
	g, ok := p.count(i, false)
	if !ok || g.none() {
		if p.holds(mealNumber, i) {
			return partyFound{}, false
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
	g.unclear = g.unclear || g.minors
	return g.found(i, g.minors || g.partial && g.count == 1)
}

var mealNumber = patterns(`N:1-99 ] para/for/pa comer/cenar/dinner/lunch/manana/hoy/tonight/tomorrow/el/esta/este/pasado`)

// forAMeal reads a bare number that is a party by what it comes for: "dos para cenar",
// "reserva 2 para mañana".
func (p *parties) forAMeal(i int) (partyFound, bool) {
	_, c, ok := first(p.sentence, mealNumber, i)
	return partyFound{value: c.n[0], from: i, to: c.to, weak: true}, ok
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
// after them; firm reports whether nothing else can follow.
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
