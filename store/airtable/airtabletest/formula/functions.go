package formula

import (
	"slices"
	"strings"
	"time"
)

// function is a function that a formula can name.
type function struct {
	least, most int // arguments; most < 0 is any number
	do          func(*evaluation, []Value) Value
}

var functions = map[string]function{
	"AND": {1, -1, func(_ *evaluation, a []Value) Value {
		return Boolean(!slices.ContainsFunc(a, func(v Value) bool { return !v.Truthy() }))
	}},
	"OR":        {1, -1, func(_ *evaluation, a []Value) Value { return Boolean(slices.ContainsFunc(a, Value.Truthy)) }},
	"NOT":       {1, 1, func(_ *evaluation, a []Value) Value { return Boolean(!a[0].Truthy()) }},
	"TRUE":      {0, 0, func(*evaluation, []Value) Value { return Boolean(true) }},
	"FALSE":     {0, 0, func(*evaluation, []Value) Value { return Boolean(false) }},
	"IF":        {2, 3, nil}, // see node
	"RECORD_ID": {0, 0, func(e *evaluation, _ []Value) Value { return Str(e.RecordID) }},

	"UPPER":      {1, 1, func(e *evaluation, a []Value) Value { return e.text(strings.ToUpper(a[0].String())) }},
	"TRIM":       {1, 1, func(e *evaluation, a []Value) Value { return e.text(strings.TrimSpace(a[0].String())) }},
	"FIND":       {2, 2, find},
	"SUBSTITUTE": {3, 3, substitute},

	"IS_BEFORE":       {2, 2, func(_ *evaluation, a []Value) Value { return comparing(a, time.Time.Before) }},
	"IS_SAME":         {3, 3, isSame},
	"DATETIME_PARSE":  {1, 1, parseDate},
	"SET_TIMEZONE":    {2, 2, setTimeZone},
	"DATETIME_FORMAT": {2, 2, formatDate},
}

// node makes a call of the function. All arguments are evaluated, of AND and OR
// too, and an error among them is the outcome; IF evaluates the branch that it takes.
func (f function) node(args []node) node {
	if f.do == nil {
		return func(e *evaluation) Value { return choose(e, args) }
	}
	return func(e *evaluation) Value {
		values := make([]Value, len(args))
		for i, arg := range args {
			if values[i] = arg(e); values[i].kind == Error || !e.afford(values[i]) {
				return Fail()
			}
		}
		return f.do(e, values)
	}
}

func choose(e *evaluation, args []node) Value {
	condition := args[0](e)
	switch {
	case condition.kind == Error:
		return Fail()
	case condition.Truthy():
		return args[1](e)
	case len(args) > 2:
		return args[2](e)
	}
	return Value{}
}

// find returns the position of a text in another, in characters from 1; 0 is nowhere.
func find(_ *evaluation, a []Value) Value {
	before, _, ok := strings.Cut(a[1].String(), a[0].String())
	if !ok {
		return Num(0)
	}
	return Num(float64(1 + len([]rune(before))))
}

func substitute(e *evaluation, a []Value) Value {
	text, old, by := a[0].String(), a[1].String(), a[2].String()
	if old == "" {
		return e.text(text)
	}
	if size := len(text) + strings.Count(text, old)*(len(by)-len(old)); size > MaxText {
		return Fail()
	}
	return e.text(strings.ReplaceAll(text, old, by))
}

// date reads a date: one, or a text in ISO 8601. An empty cell is no date, and
// what is computed of it an error [?].
func date(v Value) (time.Time, bool) {
	switch v.kind {
	case Date:
		return v.at, true
	case List:
		if len(v.list) == 1 {
			return date(v.list[0])
		}
	case Text:
		for _, layout := range []string{time.RFC3339Nano, time.DateOnly} {
			if at, err := time.Parse(layout, strings.TrimSpace(v.text)); err == nil {
				v := Instant(at)
				return v.at, v.kind == Date
			}
		}
	}
	return time.Time{}, false
}

func comparing(a []Value, do func(x, y time.Time) bool) Value {
	x, okX := date(a[0])
	y, okY := date(a[1])
	if !okX || !okY {
		return Fail()
	}
	return Boolean(do(x, y))
}

// isSame compares days, in UTC; other units are not modelled.
func isSame(_ *evaluation, a []Value) Value {
	if a[2].String() != "day" {
		return Fail()
	}
	return comparing(a, func(x, y time.Time) bool { return x.Format(time.DateOnly) == y.Format(time.DateOnly) })
}

func parseDate(_ *evaluation, a []Value) Value {
	at, ok := date(a[0])
	if !ok {
		return Fail()
	}
	return Instant(at)
}

// setTimeZone marks a date for DATETIME_FORMAT, which alone heeds it [?].
func setTimeZone(_ *evaluation, a []Value) Value {
	at, ok := date(a[0])
	name := a[1].String()
	if !ok || name == "" || name == "Local" {
		return Fail()
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return Fail()
	}
	v := Instant(at)
	v.zone = zone
	return v
}

// formatDate writes a date in a format of moment.js: YYYY, MM, DD, HH and mm, and
// no other letters.
func formatDate(e *evaluation, a []Value) Value {
	at, ok := date(a[0])
	layout := strings.NewReplacer("YYYY", "2006", "MM", "01", "DD", "02", "HH", "15", "mm", "04").Replace(a[1].String())
	if !ok || strings.Trim(layout, "0123456789-/:. ") != "" {
		return Fail()
	}
	if a[0].zone != nil {
		at = at.In(a[0].zone)
	}
	return e.text(at.Format(layout))
}
