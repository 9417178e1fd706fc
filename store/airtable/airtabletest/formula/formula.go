// Package formula evaluates the part of Airtable's formula language that filters
// of a reservation desk use: = != < <= > >= & and the functions in functions.go.
// It has one parser for filterByFormula and for formula fields, so that the two
// never disagree. All else is a syntax error, arithmetic too.
//
// It knows nothing of tables or records: a formula sees an Env. It is bounded:
// whatever the text, Parse and Eval end, and a value never grows past MaxText.
//
// Source: https://support.airtable.com/docs/formula-field-reference, and what
// was seen of the real service where that page is silent; marked [?] where
// neither decides.
package formula

import "slices"

// Bounds on what is parsed and computed.
const (
	// MaxSource is the longest formula, in bytes.
	MaxSource = 256 << 10
	// MaxText is the longest text that a formula makes, in bytes; longer ones are
	// errors.
	MaxText  = 1 << 20
	maxDepth = 200
	maxWork  = 16 << 20
)

// Formula is a parsed formula. It may be evaluated concurrently.
type Formula struct {
	root node
	refs []string
}

// Refs returns the names and IDs of the fields that the formula reads, in order.
func (f *Formula) Refs() []string { return slices.Clone(f.refs) }

// Env is what a formula sees.
type Env struct {
	RecordID string
	// Field returns a field's value, by the name or ID that the formula uses.
	Field func(ref string) Value
}

// Eval computes the formula. It never panics, and what goes wrong is a Value of
// kind Error.
func (f *Formula) Eval(env Env) Value { return f.root(&evaluation{Env: env, left: maxWork}) }

// evaluation computes one formula, within a budget of bytes made and looked at.
type evaluation struct {
	Env
	left int
}

type node func(*evaluation) Value

// text returns a text within the budget.
func (e *evaluation) text(s string) Value {
	if v := Str(s); len(s) <= MaxText && e.afford(v) {
		return v
	}
	return Fail()
}

// afford pays for looking at a value, and reports whether the budget has it.
func (e *evaluation) afford(v Value) bool {
	e.left -= 1 + len(v.text)
	for _, item := range v.list {
		e.left -= 1 + len(item.text)
	}
	return e.left >= 0
}

func (e *evaluation) operate(operator string, a, b Value) Value {
	if a.kind == Error || b.kind == Error || !e.afford(a) || !e.afford(b) {
		return Fail()
	}
	switch operator {
	case "=":
		return Boolean(equal(a, b))
	case "!=":
		return Boolean(!equal(a, b))
	case "<":
		return Boolean(compare(a, b) < 0)
	case "<=":
		return Boolean(compare(a, b) <= 0)
	case ">":
		return Boolean(compare(a, b) > 0)
	case ">=":
		return Boolean(compare(a, b) >= 0)
	default:
		return e.text(a.String() + b.String())
	}
}
