package phrase

import (
	"strconv"
	"strings"
)

// The shortest and longest run of digits that is taken for a telephone number.
const (
	minPhone = 7
	maxPhone = 15
)

// phoneWords may be between the groups of a number as it is dictated.
var phoneWords = set("y and luego despues then space espacio guion dash punto coma")

// phoneAt returns the digits of the number that begins at token i and the token
// after it; "" where there is none.
func (s *sentence) phoneAt(i int) (digits string, next int) {
	var b strings.Builder
	start := i
	if s.at(i).kind == plus || s.at(i).is("mas", "plus") && s.digitsFollow(i+1) {
		b.WriteByte('+')
		i++
	}
	for i < len(s.toks) && b.Len() <= maxPhone+1 {
		from := i
		if b.Len() > 0 && start < i {
			for i < from+3 && s.betweenGroups(i) {
				i++
			}
			if i > from+2 || i > from && !s.digitsFollow(i) {
				i = from
				break
			}
		}
		group, to := s.phoneGroup(i)
		if to == 0 {
			i = from
			break
		}
		b.WriteString(group)
		i = to
	}
	return b.String(), i
}

// betweenGroups reports whether the token at i may be between two groups.
func (s *sentence) betweenGroups(i int) bool {
	t := s.at(i)
	return t.kind == dash || t.kind == comma || t.kind == stop && t.glued && s.src[t.from] == '.' || t.kind == word && phoneWords[t.text]
}

// digitsFollow reports whether a group of digits begins at i.
func (s *sentence) digitsFollow(i int) bool {
	_, to := s.phoneGroup(i)
	return to > 0
}

// phoneGroup reads "612", "seis uno dos", "sesenta y uno", "doble cuatro".
func (s *sentence) phoneGroup(i int) (digits string, next int) {
	t := s.at(i)
	if t.kind == pair || t.kind == triple {
		if s.free(i) && (t.sep == '.' || t.sep == '-') {
			return strings.Map(onlyDigits, t.text), i + 1
		}
		return "", 0
	}
	times, from := 1, i+1
	switch {
	case t.is("doble", "double"):
		times = 2
	case t.is("triple", "treble"):
		times = 3
	case s.is(i, "dos", "veces"):
		times, from = 2, i+2
	default:
		from = i
	}
	one, to := s.phoneDigits(from)
	if !s.free(i) || times > 1 && len(one) > 2 {
		return "", 0
	}
	return strings.Repeat(one, times), to
}

// phoneDigits reads a group that is not doubled.
func (s *sentence) phoneDigits(i int) (digits string, next int) {
	t, n := s.at(i), s.num(i)
	switch {
	case !s.free(i):
	case t.kind == number:
		return t.text, i + 1
	case t.is("cero", "zero", "oh", "nought"):
		return "0", i + 1
	case t.is("o"): // as the English say it, among other digits
		if next := s.at(i + 1); next.kind == number || next.has(isUnit) || next.is("o", "oh", "double") {
			return "0", i + 1
		}
	case t.has(isNumber) && !t.is("un", "una") && !n.ordinal:
		return strconv.Itoa(n.value), n.next
	}
	return "", 0
}

func onlyDigits(c rune) rune {
	if isDigit(c) {
		return c
	}
	return -1
}

// findPhone returns a telephone number among other words, and takes
// its words. It needs nine digits, so that dates, times and parties are left alone.
func (s *sentence) findPhone() string {
	for i := range s.toks {
		if !s.free(i) || !s.phoneStart(i) {
			continue
		}
		digits, next := s.phoneAt(i)
		if n := len(strings.TrimPrefix(digits, "+")); n >= 9 && n <= maxPhone {
			s.use(i, next)
			return digits
		}
	}
	return ""
}

// phoneStart reports whether a telephone number can begin at i: with its prefix, or
// with the 6 to 9 of Spanish numbers.
func (s *sentence) phoneStart(i int) bool {
	t := s.at(i)
	if t.kind == plus || t.is("mas", "plus") {
		return s.digitsFollow(i + 1)
	}
	group, to := s.phoneGroup(i)
	switch {
	case to == 0:
		return false
	case t.kind == number && len(group) >= 9:
		return true
	case t.kind == number && (len(group) < 2 || s.at(i-1).is("las", "para", "el", "dia", "la")):
		return false
	}
	return group[0] >= '6' || strings.HasPrefix(group, "00") || strings.HasPrefix(group, "34") || t.is("cero", "zero", "doble", "double")
}
