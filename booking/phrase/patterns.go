package phrase

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// The tables of this package are rows of a pattern and what it means. A pattern
// is fields separated by spaces, rows of one meaning are separated by |:
//
//	a/b     one of these words; #g is any word of a group of wordGroups
//	MONTH   a word of a class, or a mark: see named
//	N:1-12  a number in words or digits that no rule has taken: N no article ("una") and no ordinal, NUM any, UN an
//	        article, ORD an ordinal, FIVE one of 5, 10 ... 25; within limits where they are given
//	GUESTS  a noun that makes the number before it one of guests; OFMONTH a month, with its "de"
//	*       up to three words
//	a?      a, or nothing
//	!a      anything but a, or the end; takes nothing
//	x [ a   x comes before; each field is one token there, !x too
//	a ] x   x comes after, and is not taken

// row is a line of a table.
type row[T any] struct {
	means    T
	patterns string
}

// rule is a pattern of a row, ready to be matched.
type rule[T any] struct {
	before, elements []element
	opens            opening
	means            T
}

// opening is what a pattern can begin with, by which most are passed over at once.
type opening struct {
	bits        uint64
	class       class
	kinds       uint16
	number, any bool
}

func openingOf(elements []element) (o opening) {
	for _, e := range elements {
		o.bits |= e.bits
		o.class |= e.class
		o.kinds |= e.kinds
		o.number = o.number || e.number != 0
		o.any = e.gap || e.taken || e.not || e.guests || e.ofMonth || len(e.groups) > 0
		if o.any || !e.optional {
			return o
		}
	}
	o.any = true
	return o
}

// element is one field of a pattern.
type element struct {
	words      []string
	bits       uint64 // of the words
	groups     []string
	class      class
	kinds      uint16 // a bit for each kind of token
	number     numberSort
	slot       int // which number of the pattern it is
	limited    bool
	low, high  int
	guests     bool
	ofMonth    bool
	gap, taken bool // * and ]
	optional   bool
	not        bool
}

// numberSort is what kind of number may be somewhere.
type numberSort uint8

const (
	plainNumber numberSort = 1 << iota
	articleNumber
	ordinalNumber
	fiveNumber
)

var named = map[string]element{
	"MONTH": {class: isMonth}, "WEEKDAY": {class: isWeekday}, "PERSON": {class: isPerson},
	"MINE": {class: isMine}, "LEAD": {class: isLead}, "FILLER": {class: isFiller}, "PART": {class: isPart}, "THING": {class: isThing},
	"COMMA": {kinds: 1 << comma}, "STOP": {kinds: 1 << stop}, "DASH": {kinds: 1 << dash}, "PLUS": {kinds: 1 << plus},
	"END": {kinds: 1<<nothing | 1<<comma | 1<<stop | 1<<ask}, "HALF": {words: []string{"1/2"}},
	"N": {number: plainNumber}, "NUM": {number: plainNumber | articleNumber | ordinalNumber}, "UN": {number: articleNumber}, "ORD": {number: ordinalNumber},
	"FIVE": {number: fiveNumber}, "GUESTS": {guests: true}, "OFMONTH": {ofMonth: true},
	"SMALL": {words: strings.Fields(smallWords)},
}

// compile makes the rows of a table ready.
func compile[T any](table []row[T]) []rule[T] {
	var all []rule[T]
	for _, row := range table {
		for line := range strings.SplitSeq(row.patterns, "|") {
			fields := strings.Fields(line)
			if len(fields) == 0 {
				continue
			}
			r := rule[T]{means: row.means}
			if k := slices.Index(fields, "["); k >= 0 {
				r.before, fields = newElements(fields[:k]), fields[k+1:]
			}
			r.elements = newElements(fields)
			r.opens = openingOf(r.elements)
			all = append(all, r)
		}
	}
	return all
}

// byFirst keys rules by the words and groups that they begin with.
func byFirst[T any](rules []rule[T]) map[string][]*rule[T] {
	m := map[string][]*rule[T]{}
	for i := range rules {
		r := &rules[i]
		for len(r.elements) > 0 {
			for _, w := range slices.Concat(r.elements[0].words, r.elements[0].groups) {
				m[w] = append(m[w], r)
			}
			if !r.elements[0].optional {
				break
			}
			r = &rule[T]{elements: r.elements[1:], means: r.means}
		}
	}
	return m
}

// phrasesByFirst keys phrases by their first word, the longest first.
func phrasesByFirst[T any](phrases []rule[T]) map[string][]*rule[T] {
	slices.SortStableFunc(phrases, func(a, b rule[T]) int { return len(b.elements) - len(a.elements) })
	return byFirst(phrases)
}

// plainRule is the rule of a phrase of plain words.
func plainRule[T any](words []string, means T) rule[T] {
	r := rule[T]{means: means}
	for i := range words {
		r.elements = append(r.elements, element{words: words[i : i+1], bits: bit(words[i])})
	}
	return r
}

func newElements(fields []string) []element {
	var all []element
	numbers := 0
	for _, field := range fields {
		e := newElement(field)
		if e.number != 0 {
			e.slot = numbers
			numbers++
		}
		all = append(all, e)
	}
	return all
}

func newElement(field string) element {
	if field == "*" || field == "]" {
		return element{gap: field == "*", taken: field == "]"}
	}
	e := element{}
	field, e.not = strings.CutPrefix(field, "!")
	field, e.optional = strings.CutSuffix(field, "?")
	for w := range strings.SplitSeq(field, "/") {
		switch {
		case w[0] == '#':
			e.groups = append(e.groups, w)
		case w[0] >= 'A' && w[0] <= 'Z':
			e.addNamed(w)
		default:
			e.words = append(e.words, w)
		}
	}
	for _, w := range e.words {
		e.bits |= bit(w)
	}
	return e
}

// bit returns one of 64 bits for a word, by which most other words are ruled out.
func bit(w string) uint64 {
	if w == "" {
		return 0
	}
	return 1 << ((uint(w[0])*5 + uint(w[len(w)-1])*3 + uint(len(w))) % 64)
}

func (e *element) addNamed(field string) {
	name, limits, limited := strings.Cut(field, ":")
	n, ok := named[name]
	if !ok {
		panic(fmt.Sprintf("phrase: nothing in a pattern is called %q", field))
	}
	e.words = append(e.words, n.words...)
	e.class |= n.class
	e.kinds |= n.kinds
	e.number |= n.number
	e.guests = e.guests || n.guests
	e.ofMonth = e.ofMonth || n.ofMonth
	if limited {
		low, high, isRange := strings.Cut(limits, "-")
		if !isRange {
			high = low
		}
		e.limited = true
		e.low, _ = strconv.Atoi(low)
		e.high, _ = strconv.Atoi(high)
	}
}

// patterns compiles patterns that all mean the same.
func patterns(lines string) []rule[struct{}] { return compile([]row[struct{}]{{patterns: lines}}) }
