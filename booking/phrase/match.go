package phrase

import "slices"

// maxGap is how many words a * in a pattern may match.
const maxGap = 3

// caught is what a pattern took: the token after it, and its numbers.
type caught struct {
	to int
	n  [3]int
}

func (e *element) accepts(t *token) bool {
	if t.lex.class&e.class != 0 || e.kinds&(1<<t.kind) != 0 || e.bits&t.bit != 0 && slices.Contains(e.words, t.text) {
		return true
	}
	for _, g := range e.groups {
		if slices.Contains(t.lex.groups, g) {
			return true
		}
	}
	return false
}

// take returns the token after the one field where it holds at i, or -1.
func (s *sentence) take(e *element, i int, c *caught) int {
	if e.number != 0 && s.free(i) {
		if n := s.num(i); n.next > 0 && e.number&n.sort() != 0 && (!e.limited || n.value >= e.low && n.value <= e.high) {
			c.n[e.slot] = n.value
			return n.next
		}
	}
	if e.guests {
		if to := s.guestNoun(i); to > 0 {
			return to
		}
	}
	if e.ofMonth {
		if to := s.ofMonth(i); to > 0 {
			return to
		}
	}
	if e.accepts(s.at(i)) {
		return i + 1
	}
	return -1
}

// match returns the token after the fields where they hold at i, or 0. Gaps do not
// reach over the end of a clause.
func (s *sentence) match(elements []element, i int, c *caught) int {
	if len(elements) == 0 {
		return i
	}
	e, rest := &elements[0], elements[1:]
	switch {
	case e.gap:
		for k := 0; k <= maxGap; k++ {
			if to := s.match(rest, i+k, c); to > 0 {
				return to
			}
			if t := s.at(i + k); t.kind == stop || t.kind == ask || t.kind == nothing {
				break
			}
		}
		return 0
	case e.taken:
		if s.match(rest, i, c) > 0 {
			return i
		}
		return 0
	}
	next := s.take(e, i, c)
	if e.not {
		if next >= 0 {
			return 0
		}
		return s.match(rest, i, c)
	}
	if next >= 0 {
		if to := s.match(rest, next, c); to > 0 {
			return to
		}
	}
	if e.optional {
		return s.match(rest, i, c)
	}
	return 0
}

// follows reports whether the fields hold token by token before i.
func (s *sentence) follows(before []element, i int) bool {
	var c caught
	for k := range before {
		if e := &before[k]; (s.take(e, i-len(before)+k, &c) < 0) != e.not {
			return false
		}
	}
	return true
}

// first returns the first rule that holds at i, and what it caught.
func first[T any](s *sentence, rules []rule[T], i int) (means T, c caught, ok bool) {
	t, isNumber := s.at(i), s.num(i).next > 0
	for k := range rules {
		r := &rules[k]
		o := &r.opens
		if can := o.any || o.bits&t.bit != 0 || o.class&t.lex.class != 0 || o.kinds&(1<<t.kind) != 0 || o.number && isNumber; can && s.follows(r.before, i) {
			if c.to = s.match(r.elements, i, &c); c.to > 0 {
				return r.means, c, true
			}
		}
	}
	return means, caught{}, false
}

// holds reports whether any of the patterns of a table holds at i.
func (s *sentence) holds(rules []rule[struct{}], i int) bool {
	_, _, ok := first(s, rules, i)
	return ok
}

// says reports whether any of the patterns holds anywhere.
func (s *sentence) says(rules []rule[struct{}]) bool {
	for i := range s.toks {
		if s.holds(rules, i) {
			return true
		}
	}
	return false
}
