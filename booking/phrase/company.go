package phrase

// someone reads guests who are named by what they are to the speaker: "mi mujer", "mis
// dos hijos", "the baby".
func (p *parties) someone(i int) (guests, bool) {
	t := p.at(i)
	mine, other := t.has(isMine), t.is("otra", "otro", "another")
	if !mine && !other && !t.is("el", "la", "the", "su", "los", "las") {
		return guests{}, false
	}
	if n := p.num(i + 1); n.next > 0 && !n.article && !n.ordinal {
		end := p.guestNoun(n.next)
		minors := end > 0 && p.at(end-1).has(isMinor)
		return guests{count: n.value, next: end, noun: true, partial: true, minors: minors}, minors || mine && end > 0
	}
	noun := p.at(i + 1)
	if !noun.has(isPerson) || !mine && !other && !noun.has(isMinor) {
		return guests{}, false
	}
	g := guests{count: 1, next: i + 2, noun: true, partial: true, minors: noun.has(isMinor)}
	switch {
	case noun.lex.value == 2 && !noun.has(isPair): // mis padres
		g.count = 2
	case noun.text[len(noun.text)-1] == 's' && !noun.is("boss") || noun.is("people", "children", "gente"):
		g.count, g.unclear = 0, true // my children: how many?
	}
	return g, true
}

// speaker is how the guest names himself as one of a party.
var speaker = patterns(`para mi !PERSON|yo mismo/misma|yo|myself|and [ i|me ] and/plus/with/COMMA|and/plus/just [ me`)

// self returns the token after the words with which the speaker names himself.
func (p *parties) self(i int) int {
	_, c, _ := first(p.sentence, speaker, i)
	return c.to
}

// company reads a party that is named one by one: "mi mujer y yo", "me, my wife
// and two kids", or by who comes along: "con mi mujer".
func (p *parties) company(i int) (guests, bool) {
	start := i
	selves, others := 0, 0
	g := guests{noun: true}
	along := p.at(i).is("con", "with")
	if along {
		i++
	}
	for range 10 {
		if next := p.self(i); next > 0 {
			g.count, g.next, selves = g.count+1, next, selves+1
		} else if more, ok := p.member(i, start); ok {
			g.count, g.next, others = g.count+more.count, more.next, others+1
			g.unclear = g.unclear || more.unclear
		} else {
			return guests{}, false
		}
		k := g.next
		if p.at(k).kind == comma {
			k++
		}
		if p.at(k).is("y", "e", "and", "con", "with", "plus", "mas") || p.at(k).kind == plus {
			k++
			if p.at(k).is("con", "with") {
				k++
			}
		}
		if k == g.next {
			break
		}
		if _, more := p.member(k, start); !more && p.self(k) == 0 {
			break
		}
		i = k
	}
	if along && selves == 0 { // "con mi mujer" is two, unless it adds to a number that was said
		g.count++
		return g, others > 0 && len(p.found) == 0 && (start > 0 || p.at(start+1).has(isMine))
	}
	return g, selves > 0 && others > 0
}

// member reads one of a party named one by one.
func (p *parties) member(i, start int) (guests, bool) {
	if !p.free(i) {
		return guests{}, false
	}
	if g, ok := p.someone(i); ok {
		return g, true
	}
	if g, ok := p.dozens(i, false); ok && g.noun {
		return g, true
	}
	n := p.num(i)
	end := p.guestNoun(n.next)
	if n.next == 0 || n.ordinal || end == 0 || p.at(end-1).is("us", "nosotros", "nosotras") {
		return guests{}, false
	}
	coming := p.at(start-1).is("voy", "vamos", "ire", "iremos", "vengo", "ir", "cenar", "comer", "venir", "ceno", "going", "coming", "come", "go", "be", "yo")
	if p.at(end-1).is("persona", "personas", "people", "person", "pax", "guests") && (i == start || !coming) {
		return guests{}, false
	}
	return p.counted(n, end), true
}
