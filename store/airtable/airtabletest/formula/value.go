package formula

import (
	"cmp"
	"math"
	"strconv"
	"strings"
	"time"
)

// Kind is what a Value is.
type Kind int

// The kinds of values. The zero Value is Blank.
const (
	Blank Kind = iota
	Text
	Number
	Bool
	Date
	List
	Error
)

// Value is the outcome of a formula, or a cell as formulas see it.
type Value struct {
	kind Kind
	text string
	num  float64 // Number; 1 for a true Bool
	at   time.Time
	zone *time.Location // where SET_TIMEZONE put a Date; nil is UTC
	list []Value
}

// Str is a text.
func Str(s string) Value { return Value{kind: Text, text: s} }

// Num is a number; what is not finite is an error.
func Num(n float64) Value {
	if math.IsNaN(n) || math.IsInf(n, 0) {
		return Fail()
	}
	return Value{kind: Number, num: n}
}

// Boolean is a truth value.
func Boolean(b bool) Value {
	if b {
		return Value{kind: Bool, num: 1}
	}
	return Value{kind: Bool}
}

// Instant is a date or a date with its time; a day is its midnight in UTC.
func Instant(at time.Time) Value {
	if year := at.UTC().Year(); year < 0 || year > 9999 {
		return Fail()
	}
	return Value{kind: Date, at: at.UTC()}
}

// Texts is a list of texts, such as linked records' names.
func Texts(items []string) Value {
	out := Value{kind: List}
	for _, s := range items {
		out.list = append(out.list, Str(s))
	}
	return out
}

// Fail is #ERROR!.
func Fail() Value { return Value{kind: Error} }

// Kind returns what the value is.
func (v Value) Kind() Kind { return v.kind }

// Float is the value of a Number.
func (v Value) Float() float64 { return v.num }

// Empty reports whether a cell with the value would be empty.
func (v Value) Empty() bool {
	return v.kind == Blank || v.kind == Text && v.text == "" || v.kind == List && len(v.list) == 0
}

// Truthy reports whether a filter keeps a record: not for 0, false, "", an empty
// list or an error.
func (v Value) Truthy() bool {
	switch v.kind {
	case Text:
		return v.text != ""
	case Number, Bool:
		return v.num != 0
	case Date:
		return true
	case List:
		return len(v.list) > 0
	default:
		return false
	}
}

// String is the value as text. A Date is written as the API does.
func (v Value) String() string {
	switch v.kind {
	case Text:
		return v.text
	case Number, Bool:
		return strconv.FormatFloat(v.num, 'f', -1, 64)
	case Date:
		return v.at.UTC().Format("2006-01-02T15:04:05.000Z")
	case List:
		return v.join(", ")
	case Error:
		return "#ERROR!"
	default:
		return ""
	}
}

func (v Value) join(separator string) string {
	parts := make([]string, 0, len(v.list))
	for _, item := range v.list {
		parts = append(parts, item.String())
	}
	return strings.Join(parts, separator)
}

// number is the value in arithmetic: blank is 0, text counts when it is a number.
func (v Value) number() (float64, bool) {
	switch v.kind {
	case Blank:
		return 0, true
	case Number, Bool:
		return v.num, true
	case List:
		if len(v.list) == 1 {
			return v.list[0].number()
		}
	case Text:
		if s := strings.TrimSpace(v.text); plainNumber(s) {
			n, err := strconv.ParseFloat(s, 64)
			return n, err == nil
		}
	}
	return 0, false
}

// plainNumber keeps out what ParseFloat takes besides: hexadecimals, underscores,
// infinities.
func plainNumber(s string) bool {
	return s != "" && strings.Trim(s, "0123456789+-.eE") == "" && strings.ContainsAny(s, "0123456789")
}

// equal is the operator =. Two texts are equal to the letter. Blank equals "", 0
// and FALSE(). A date and a text are compared as texts, which a bare day never
// wins [?]: use IS_SAME or DATETIME_FORMAT.
func equal(a, b Value) bool {
	switch {
	case a.kind == Blank:
		return !b.Truthy()
	case b.kind == Blank:
		return !a.Truthy()
	case a.kind == Date && b.kind == Date:
		return a.at.Equal(b.at)
	case a.kind == Text && b.kind == Text:
		return a.text == b.text
	}
	na, oka := a.number()
	nb, okb := b.number()
	if oka && okb && a.kind != List && b.kind != List {
		return na == nb
	}
	return a.String() == b.String()
}

// compare orders for the operators < and >.
func compare(a, b Value) int {
	if a.kind == Date && b.kind == Date {
		return a.at.Compare(b.at)
	}
	if a.kind != Text || b.kind != Text {
		na, oka := a.number()
		nb, okb := b.number()
		if oka && okb {
			return cmp.Compare(na, nb)
		}
	}
	return strings.Compare(a.String(), b.String())
}

// Order is how the API's sort puts two values that are not empty: numbers and
// dates by size, text without regard to case first.
func (v Value) Order(other Value) int {
	if v.kind == other.kind && (v.kind == Number || v.kind == Bool || v.kind == Date) {
		return compare(v, other)
	}
	a, b := v.String(), other.String()
	if n := strings.Compare(strings.ToLower(a), strings.ToLower(b)); n != 0 {
		return n
	}
	return strings.Compare(a, b)
}
