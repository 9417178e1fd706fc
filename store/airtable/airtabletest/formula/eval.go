package formula

import "time"

// Env is what a formula sees.
type Env struct {
	// Now is the time for NOW and TODAY.
	Now      time.Time
	RecordID string
	Created  time.Time
	// Field returns a field's value, by the name or ID that the formula uses.
	Field func(ref string) Value
	// Modified tells when one of the fields was last written; of any, without
	// refs. The zero time is never.
	Modified func(refs []string) time.Time
}

// Eval computes the formula. It never panics, and what goes wrong is a Value of
// kind Error.
func (f *Formula) Eval(env Env) Value {
	m := &machine{Env: env, left: maxWork}
	return m.eval(f.root)
}

// machine evaluates one formula, within a budget of bytes made and looked at.
type machine struct {
	Env
	left int
}

type node any

type (
	literal   struct{ value Value }
	reference string
	negation  struct{ of node }
	binary    struct {
		first node
		rest  []operand
	}
	operand struct {
		op string
		of node
	}
	call struct {
		function
		args []node
	}
)

func (m *machine) eval(n node) Value {
	switch n := n.(type) {
	case literal:
		return n.value
	case reference:
		if m.Field == nil {
			return Fail()
		}
		return m.Field(string(n))
	case negation:
		v := m.eval(n.of)
		f, ok := v.number()
		if !ok {
			return Fail()
		}
		return Num(-f)
	case *binary:
		v := m.eval(n.first)
		for _, o := range n.rest {
			v = m.operate(o.op, v, m.eval(o.of))
		}
		return v
	case call:
		return m.call(n)
	}
	return Fail()
}

func (m *machine) operate(op string, a, b Value) Value {
	if a.kind == Error || b.kind == Error || !m.afford(a) || !m.afford(b) {
		return Fail()
	}
	switch op {
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
	case "&":
		return m.text(a.String() + b.String())
	}
	x, okx := a.number()
	y, oky := b.number()
	if !okx || !oky {
		return Fail()
	}
	switch op {
	case "+":
		return Num(x + y)
	case "-":
		return Num(x - y)
	case "*":
		return Num(x * y)
	default:
		return Num(x / y)
	}
}

// text is a text within the budget.
func (m *machine) text(s string) Value {
	if v := Str(s); len(s) <= MaxText && m.afford(v) {
		return v
	}
	return Fail()
}

// afford pays for looking at a value.
func (m *machine) afford(v Value) bool {
	m.left -= 1 + len(v.text)
	for _, item := range v.list {
		m.left -= 1 + len(item.text)
	}
	return m.left >= 0
}

// call evaluates a function. All arguments of the usual ones are evaluated, of
// AND and OR too, and an error among them is the outcome; IF and SWITCH evaluate
// the branch that they take.
func (m *machine) call(c call) Value {
	if c.lazy != nil {
		return c.lazy(m, c.args)
	}
	args := make([]Value, len(c.args))
	for i, arg := range c.args {
		if args[i] = m.eval(arg); args[i].kind == Error && !c.takesErrors || !m.afford(args[i]) {
			return Fail()
		}
	}
	return c.do(m, args)
}
