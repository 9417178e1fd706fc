package phrase

import (
	"slices"
	"strings"
)

// maxGap is how many words a * in a pattern may stand for.
const maxGap = 3

// element is one place of a pattern: a choice of words or groups, or a gap.
type element struct {
	words    []string
	groups   []string
	gap      bool
	optional bool
}

// pattern is a row of an intents' table, ready to be matched.
type pattern struct {
	sense    sense
	elements []element
}

// intentRules are the tables of intents.go, keyed by the words and groups that
// their patterns begin with.
type intentRules struct {
	byFirst map[string][]*pattern
}

// compile reads the tables. A pattern is words separated by spaces: a/b is either,
// a? may be missing, * is up to three words, #g is any word of a group.
func compile(table []sensePatterns) *intentRules {
	rules := &intentRules{byFirst: map[string][]*pattern{}}
	for _, row := range table {
		for line := range strings.SplitSeq(row.patterns, "|") {
			p := &pattern{sense: row.sense}
			for field := range strings.FieldsSeq(line) {
				p.elements = append(p.elements, newElement(field))
			}
			if len(p.elements) == 0 {
				continue
			}
			rules.add(p)
			if p.elements[0].optional && len(p.elements) > 1 {
				rules.add(&pattern{sense: p.sense, elements: p.elements[1:]})
			}
		}
	}
	return rules
}

func (rules *intentRules) add(p *pattern) {
	for _, w := range p.elements[0].words {
		rules.byFirst[w] = append(rules.byFirst[w], p)
	}
	for _, g := range p.elements[0].groups {
		rules.byFirst[g] = append(rules.byFirst[g], p)
	}
}

func newElement(field string) element {
	if field == "*" {
		return element{gap: true}
	}
	e := element{}
	field, e.optional = strings.CutSuffix(field, "?")
	for w := range strings.SplitSeq(field, "/") {
		if w[0] == '#' {
			e.groups = append(e.groups, w)
		} else {
			e.words = append(e.words, w)
		}
	}
	return e
}

func (e *element) accepts(t *token) bool {
	if t.kind != word {
		return false
	}
	if slices.Contains(e.words, t.text) {
		return true
	}
	for _, g := range e.groups {
		if slices.Contains(t.lex.groups, g) {
			return true
		}
	}
	return false
}

// match returns the token after the pattern where it holds at i, or 0. Gaps do not
// reach over the end of a clause.
func (s *sentence) match(elements []element, i int) int {
	if len(elements) == 0 {
		return i
	}
	e := &elements[0]
	if e.gap {
		for k := 0; k <= maxGap; k++ {
			if to := s.match(elements[1:], i+k); to > 0 {
				return to
			}
			if s.at(i+k).kind == stop || s.at(i+k).kind == ask || s.at(i+k).kind == nothing {
				return 0
			}
		}
		return 0
	}
	if e.accepts(s.at(i)) {
		if to := s.match(elements[1:], i+1); to > 0 {
			return to
		}
	}
	if e.optional {
		return s.match(elements[1:], i)
	}
	return 0
}

// addWords makes the words of the patterns and of the groups known.
func (rules *intentRules) addWords(l *lexicon) {
	for group, words := range wordGroups {
		for w := range strings.FieldsSeq(words) {
			if prefix, ok := strings.CutSuffix(w, "~"); ok {
				l.stems = append(l.stems, stem{prefix, group})
				continue
			}
			e := l.entry(w)
			if !slices.Contains(e.groups, group) {
				e.groups = append(e.groups, group)
			}
		}
	}
	slices.SortFunc(l.stems, func(a, b stem) int { return strings.Compare(a.prefix, b.prefix) })
	for _, row := range intentTable {
		for field := range strings.FieldsSeq(strings.ReplaceAll(row.patterns, "|", " ")) {
			if field == "*" {
				continue
			}
			for _, w := range newElement(field).words {
				l.entry(w)
			}
		}
	}
	for _, e := range l.entries {
		slices.Sort(e.groups)
	}
}
