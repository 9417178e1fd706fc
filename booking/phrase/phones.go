package phrase

import "strings"

// The shortest and longest run of digits that is taken for a telephone number.
const (
	minPhone = 7
	maxPhone = 15
)

// phoneWords may stand between the groups of a number as it is dictated.
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

// betweenGroups tells whether the token at i may stand between two groups.
func (s *sentence) betweenGroups(i int) bool {
	t := s.at(i)
	return t.kind == dash || t.kind == comma || t.kind == stop && t.glued && s.src[t.from] == '.' || t.kind == word && phoneWords[t.text]
}

// digitsFollow tells whether a group of digits begins at i.
func (s *sentence) digitsFollow(i int) bool {
	_, to := s.phoneGroup(i)
	return to > 0
}

// phoneGroup reads "612", "seis uno dos", "sesenta y uno", "doble cuatro".
func (s *sentence) phoneGroup(i int) (digits string, next int) {
	t := s.at(i)
	if s.free(i) {
		switch t.kind {
		case number:
			return t.text, i + 1
		case pair, triple:
			if t.sep == '.' || t.sep == '-' {
				return strings.Map(onlyDigits, t.text), i + 1
			}
			return "", 0
		}
	}
	switch {
	case t.kind != word || !s.free(i):
		return "", 0
	case t.is("doble", "double", "triple", "treble"):
		one, to := s.phoneDigits(i + 1)
		if to == 0 || len(one) > 2 {
			return "", 0
		}
		return strings.Repeat(one, 2+b2i(t.is("triple", "treble"))), to
	case t.is("dos") && s.at(i+1).is("veces"):
		one, to := s.phoneDigits(i + 2)
		if to == 0 || len(one) > 2 {
			return "", 0
		}
		return one + one, to
	}
	return s.phoneDigits(i)
}

// phoneDigits reads a group that is not doubled.
func (s *sentence) phoneDigits(i int) (digits string, next int) {
	t := s.at(i)
	if !s.free(i) {
		return "", 0
	}
	switch {
	case t.kind == number:
		return t.text, i + 1
	case t.kind != word:
		return "", 0
	case t.is("cero", "zero", "oh", "nought"):
		return "0", i + 1
	case t.is("o"): // as the English say it, among other digits
		if next := s.at(i + 1); next.kind == number || next.has(isUnit) || next.is("o", "oh", "double") {
			return "0", i + 1
		}
	case t.has(isUnit|isTeen|isTen|isHundred) && !t.is("un", "una"):
		n := s.num(i)
		if n.ordinal {
			return "", 0
		}
		return itoa(n.value), n.next
	}
	return "", 0
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + itoa(n%10)
}

func onlyDigits(c rune) rune {
	if isDigit(c) {
		return c
	}
	return -1
}

// findPhone returns a telephone number that stands among other words, and takes
// its words. It needs nine digits, so that dates, times and parties are left alone.
func (s *sentence) findPhone() string {
	for i := range s.toks {
		if !s.free(i) || s.at(i).kind != plus && s.at(i).kind != number && s.at(i).kind != pair && s.at(i).kind != triple && s.at(i).kind != word {
			continue
		}
		if !s.phoneStart(i) {
			continue
		}
		digits, next := s.phoneAt(i)
		n := len(strings.TrimPrefix(digits, "+"))
		if n < 9 || n > maxPhone {
			continue
		}
		s.use(i, next)
		return digits
	}
	return ""
}

// phoneStart tells whether a telephone number can begin at i: with its prefix, or
// with the 6 to 9 of Spanish numbers.
func (s *sentence) phoneStart(i int) bool {
	t := s.at(i)
	if t.kind == plus || t.is("mas", "plus") {
		return s.digitsFollow(i + 1)
	}
	group, to := s.phoneGroup(i)
	if to == 0 {
		return false
	}
	if t.kind == number && len(group) >= 9 {
		return true
	}
	if t.kind == number && len(group) < 2 || t.kind == number && s.at(i-1).is("las", "para", "el", "dia", "la") {
		return false
	}
	return group[0] >= '6' || strings.HasPrefix(group, "00") || strings.HasPrefix(group, "34") || t.is("cero", "zero", "doble", "double")
}
