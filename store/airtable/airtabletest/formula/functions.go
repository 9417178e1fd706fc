package formula

import (
	"math"
	"slices"
)

// function is what a name in a formula stands for.
type function struct {
	least, most int // arguments; most < 0 is any number
	do          func(*machine, []Value) Value
	lazy        func(*machine, []node) Value
	takesErrors bool
	fields      bool // arguments are fields, not values
}

func builtin(name string) (function, bool) {
	for _, find := range []func(string) (function, bool){logic, numeric, textual, dates} {
		if f, ok := find(name); ok {
			return f, true
		}
	}
	return function{}, false
}

func strict(least, most int, do func(*machine, []Value) Value) (function, bool) {
	return function{least: least, most: most, do: do}, true
}

func logic(name string) (function, bool) {
	switch name {
	case "AND":
		return strict(1, -1, func(_ *machine, a []Value) Value {
			return Boolean(!slices.ContainsFunc(a, func(v Value) bool { return !v.Truthy() }))
		})
	case "OR":
		return strict(1, -1, func(_ *machine, a []Value) Value { return Boolean(slices.ContainsFunc(a, Value.Truthy)) })
	case "XOR":
		return strict(1, -1, func(_ *machine, a []Value) Value {
			odd := false
			for _, v := range a {
				odd = odd != v.Truthy()
			}
			return Boolean(odd)
		})
	case "NOT":
		return strict(1, 1, func(_ *machine, a []Value) Value { return Boolean(!a[0].Truthy()) })
	case "TRUE":
		return strict(0, 0, func(*machine, []Value) Value { return Boolean(true) })
	case "FALSE":
		return strict(0, 0, func(*machine, []Value) Value { return Boolean(false) })
	case "BLANK":
		return strict(0, 0, func(*machine, []Value) Value { return Value{} })
	case "ERROR":
		return strict(0, 1, func(*machine, []Value) Value { return Fail() })
	case "ISERROR":
		f, _ := strict(1, 1, func(_ *machine, a []Value) Value { return Boolean(a[0].kind == Error) })
		f.takesErrors = true
		return f, true
	case "IF":
		return function{least: 2, most: 3, lazy: choose}, true
	case "SWITCH":
		return function{least: 3, most: -1, lazy: switching}, true
	case "RECORD_ID":
		return strict(0, 0, func(m *machine, _ []Value) Value { return Str(m.RecordID) })
	}
	return function{}, false
}

func choose(m *machine, args []node) Value {
	condition := m.eval(args[0])
	switch {
	case condition.kind == Error:
		return Fail()
	case condition.Truthy():
		return m.eval(args[1])
	case len(args) > 2:
		return m.eval(args[2])
	}
	return Value{}
}

// switching: an expression, pairs of pattern and result, and maybe a default.
func switching(m *machine, args []node) Value {
	v := m.eval(args[0])
	if v.kind == Error {
		return v
	}
	for i := 1; i+1 < len(args); i += 2 {
		if pattern := m.eval(args[i]); pattern.kind != Error && equal(v, pattern) {
			return m.eval(args[i+1])
		}
	}
	if len(args)%2 == 0 {
		return m.eval(args[len(args)-1])
	}
	return Value{}
}

func numeric(name string) (function, bool) {
	switch name {
	case "ABS":
		return strict(1, 1, ofNumber(math.Abs))
	case "INT":
		return strict(1, 1, ofNumber(math.Floor))
	case "ROUND":
		return strict(1, 2, func(_ *machine, a []Value) Value {
			n, ok := a[0].number()
			digits, okDigits := 0.0, true
			if len(a) > 1 {
				digits, okDigits = a[1].number()
			}
			if !ok || !okDigits {
				return Fail()
			}
			scale := math.Pow(10, math.Trunc(digits))
			return Num(math.Round(n*scale) / scale)
		})
	case "MOD":
		return strict(2, 2, func(_ *machine, a []Value) Value {
			x, okx := a[0].number()
			y, oky := a[1].number()
			if !okx || !oky {
				return Fail()
			}
			return Num(math.Mod(x, y))
		})
	case "SUM":
		return strict(1, -1, folding(func(x, y float64) float64 { return x + y }))
	case "MAX":
		return strict(1, -1, folding(math.Max))
	case "MIN":
		return strict(1, -1, folding(math.Min))
	case "VALUE":
		return strict(1, 1, func(_ *machine, a []Value) Value { return toValue(a[0]) })
	}
	return function{}, false
}

func ofNumber(do func(float64) float64) func(*machine, []Value) Value {
	return func(_ *machine, a []Value) Value {
		n, ok := a[0].number()
		if !ok {
			return Fail()
		}
		return Num(do(n))
	}
}

func folding(do func(x, y float64) float64) func(*machine, []Value) Value {
	return func(_ *machine, a []Value) Value {
		total := 0.0
		for i, v := range a {
			n, ok := v.number()
			if !ok {
				return Fail()
			}
			if i == 0 {
				total = n
			} else {
				total = do(total, n)
			}
		}
		return Num(total)
	}
}
