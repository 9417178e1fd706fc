package formula

import (
	"regexp"
	"strconv"
	"strings"
)

func textual(name string) (function, bool) {
	switch name {
	case "CONCATENATE":
		return strict(1, -1, func(m *machine, a []Value) Value {
			size := 0
			for _, v := range a {
				size += len(v.String())
			}
			if size > MaxText {
				return Fail()
			}
			var b strings.Builder
			for _, v := range a {
				b.WriteString(v.String())
			}
			return m.text(b.String())
		})
	case "LEN":
		return strict(1, 1, func(_ *machine, a []Value) Value { return Num(float64(len([]rune(a[0].String())))) })
	case "LOWER":
		return strict(1, 1, ofText(strings.ToLower))
	case "UPPER":
		return strict(1, 1, ofText(strings.ToUpper))
	case "TRIM":
		return strict(1, 1, ofText(strings.TrimSpace))
	case "T":
		return strict(1, 1, func(_ *machine, a []Value) Value {
			if a[0].kind == Text {
				return a[0]
			}
			return Value{}
		})
	case "EXACT":
		return strict(2, 2, func(_ *machine, a []Value) Value { return Boolean(a[0].String() == a[1].String()) })
	case "LEFT":
		return strict(2, 2, func(m *machine, a []Value) Value { return slice(m, a[0], Num(1), a[1]) })
	case "RIGHT":
		return strict(2, 2, right)
	case "MID":
		return strict(3, 3, func(m *machine, a []Value) Value { return slice(m, a[0], a[1], a[2]) })
	case "SUBSTITUTE":
		return strict(3, 4, substitute)
	case "FIND":
		return strict(2, 3, func(_ *machine, a []Value) Value { return Num(float64(position(a, false))) })
	case "SEARCH": // like FIND, without regard to case, and blank where there is nothing
		return strict(2, 3, func(_ *machine, a []Value) Value {
			if at := position(a, true); at > 0 {
				return Num(float64(at))
			}
			return Value{}
		})
	case "ARRAYJOIN":
		return strict(1, 2, func(m *machine, a []Value) Value {
			separator := ", "
			if len(a) > 1 {
				separator = a[1].String()
			}
			if a[0].kind != List {
				return m.text(a[0].String())
			}
			return m.text(a[0].join(separator))
		})
	case "REGEX_MATCH":
		return strict(2, 2, func(_ *machine, a []Value) Value {
			re, ok := pattern(a[1])
			if !ok {
				return Fail()
			}
			return Boolean(re.MatchString(a[0].String()))
		})
	}
	return function{}, false
}

// pattern reads a regular expression: RE2, as in Airtable.
func pattern(v Value) (*regexp.Regexp, bool) {
	s := v.String()
	if len(s) > 1000 {
		return nil, false
	}
	re, err := regexp.Compile(s)
	return re, err == nil
}

func ofText(do func(string) string) func(*machine, []Value) Value {
	return func(m *machine, a []Value) Value { return m.text(do(a[0].String())) }
}

// whole reads a count or a position, within what a text can have.
func whole(v Value, least int) (int, bool) {
	n, ok := v.number()
	if !ok || n < float64(least) {
		return 0, false
	}
	return int(min(n, MaxText+1)), true
}

// slice cuts count characters from start, which counts from 1.
func slice(m *machine, v, start, count Value) Value {
	from, okFrom := whole(start, 1)
	n, okCount := whole(count, 0)
	if !okFrom || !okCount {
		return Fail()
	}
	runes := []rune(v.String())
	from = min(from-1, len(runes))
	return m.text(string(runes[from:min(from+n, len(runes))]))
}

func right(m *machine, a []Value) Value {
	n, ok := whole(a[1], 0)
	if !ok {
		return Fail()
	}
	runes := []rune(a[0].String())
	return m.text(string(runes[len(runes)-min(n, len(runes)):]))
}

// substitute replaces every occurrence, or the one that a fourth argument counts.
func substitute(m *machine, a []Value) Value {
	text, old, by := a[0].String(), a[1].String(), a[2].String()
	if old == "" {
		return m.text(text)
	}
	if len(a) == 3 {
		if size := len(text) + strings.Count(text, old)*(len(by)-len(old)); size > MaxText {
			return Fail()
		}
		return m.text(strings.ReplaceAll(text, old, by))
	}
	which, ok := whole(a[3], 1)
	if !ok {
		return Fail()
	}
	at := 0
	for ; which > 1; which-- {
		i := strings.Index(text[at:], old)
		if i < 0 {
			return m.text(text)
		}
		at += i + len(old)
	}
	return m.text(text[:at] + strings.Replace(text[at:], old, by, 1))
}

// position is where FIND and SEARCH find something, from 1; 0 is nowhere.
func position(a []Value, fold bool) int {
	needle, hay := []rune(a[0].String()), []rune(a[1].String())
	from := 1
	if len(a) > 2 {
		n, ok := whole(a[2], 1)
		if !ok && a[2].kind != Blank {
			return 0
		}
		from = max(n, 1)
	}
	if from > len(hay)+1 {
		return 0
	}
	rest, sought := string(hay[from-1:]), string(needle)
	if fold {
		rest, sought = strings.ToLower(rest), strings.ToLower(sought)
	}
	before, _, ok := strings.Cut(rest, sought)
	if !ok {
		return 0
	}
	return from + len([]rune(before))
}

// toValue reads a number from a text as people write it.
func toValue(v Value) Value {
	if n, ok := v.number(); ok && v.kind != Blank {
		return Num(n)
	}
	s := strings.NewReplacer("$", "", "€", "", "£", "", ",", "", " ", "").Replace(v.String())
	if !plainNumber(s) {
		return Fail()
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return Fail()
	}
	return Num(n)
}
