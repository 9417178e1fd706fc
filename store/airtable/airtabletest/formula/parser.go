package formula

import (
	"slices"
	"strconv"
	"strings"
)

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

// Parse reads a formula. Errors are ErrSyntax, for unknown functions and wrong
// numbers of arguments too.
func Parse(source string) (*Formula, error) {
	if len(source) > MaxSource {
		return nil, syntaxError(MaxSource, "formula too long")
	}
	tokens, err := lex(source)
	if err != nil {
		return nil, err
	}
	p := &parser{tokens: tokens}
	root, err := p.comparison(0)
	if err != nil {
		return nil, err
	}
	if t := p.peek(); t.kind != tokenEnd {
		return nil, syntaxError(t.at, "unexpected "+strconv.Quote(t.text))
	}
	return &Formula{root: root, refs: p.refs}, nil
}

// Refs are the names and IDs of the fields that the formula reads, in order.
func (f *Formula) Refs() []string { return slices.Clone(f.refs) }

type parser struct {
	tokens []token
	next   int
	refs   []string
}

func (p *parser) peek() token { return p.tokens[p.next] }

func (p *parser) take() token {
	t := p.tokens[p.next]
	if t.kind != tokenEnd {
		p.next++
	}
	return t
}

// operator takes the next token when it is one of these operators.
func (p *parser) operator(operators ...string) (string, bool) {
	if t := p.peek(); t.kind == tokenOperator && slices.Contains(operators, t.text) {
		p.next++
		return t.text, true
	}
	return "", false
}

// The levels bind tighter from one to the next: comparison, &, + and -, * and /,
// the sign.
func (p *parser) comparison(depth int) (node, error) {
	return p.level(depth, p.concatenation, "=", "!=", "<", "<=", ">", ">=")
}

func (p *parser) concatenation(depth int) (node, error) { return p.level(depth, p.sum, "&") }

func (p *parser) sum(depth int) (node, error) { return p.level(depth, p.product, "+", "-") }

func (p *parser) product(depth int) (node, error) { return p.level(depth, p.sign, "*", "/") }

func (p *parser) level(depth int, tighter func(int) (node, error), operators ...string) (node, error) {
	if depth > maxDepth {
		return nil, syntaxError(p.peek().at, "formula nested too deep")
	}
	left, err := tighter(depth)
	if err != nil {
		return nil, err
	}
	// A chain leans to the left, and is evaluated in a loop: it may be long.
	chain := &binary{first: left}
	for {
		op, ok := p.operator(operators...)
		if !ok {
			break
		}
		right, err := tighter(depth)
		if err != nil {
			return nil, err
		}
		chain.rest = append(chain.rest, operand{op, right})
	}
	if len(chain.rest) == 0 {
		return left, nil
	}
	return chain, nil
}

func (p *parser) sign(depth int) (node, error) {
	if depth > maxDepth {
		return nil, syntaxError(p.peek().at, "formula nested too deep")
	}
	if op, ok := p.operator("-", "+"); ok {
		of, err := p.sign(depth + 1)
		if err != nil {
			return nil, err
		}
		if op == "-" {
			return negation{of}, nil
		}
		return of, nil
	}
	return p.primary(depth)
}

func (p *parser) primary(depth int) (node, error) {
	switch t := p.take(); t.kind {
	case tokenNumber:
		n, err := strconv.ParseFloat(t.text, 64)
		if err != nil {
			return nil, syntaxError(t.at, "number out of range")
		}
		return literal{Num(n)}, nil
	case tokenString:
		return literal{Str(t.text)}, nil
	case tokenField:
		return p.reference(t.text), nil
	case tokenName:
		if p.peek().kind == tokenOpen {
			return p.call(t, depth)
		}
		return p.reference(t.text), nil
	case tokenOpen:
		inner, err := p.comparison(depth + 1)
		if err != nil {
			return nil, err
		}
		if end := p.take(); end.kind != tokenClose {
			return nil, syntaxError(end.at, "missing )")
		}
		return inner, nil
	default:
		return nil, syntaxError(t.at, "unexpected "+strconv.Quote(t.text))
	}
}

func (p *parser) reference(name string) node {
	if !slices.Contains(p.refs, name) {
		p.refs = append(p.refs, name)
	}
	return reference(name)
}

func (p *parser) call(name token, depth int) (node, error) {
	f, ok := builtin(strings.ToUpper(name.text))
	if !ok {
		return nil, syntaxError(name.at, "unknown function "+name.text)
	}
	p.take() // (
	var args []node
	if p.peek().kind == tokenClose {
		p.take()
	} else {
		for {
			arg, err := p.comparison(depth + 1)
			if err != nil {
				return nil, err
			}
			args = append(args, arg)
			t := p.take()
			if t.kind == tokenClose {
				break
			}
			if t.kind != tokenComma {
				return nil, syntaxError(t.at, "missing , or )")
			}
		}
	}
	if len(args) < f.least || f.most >= 0 && len(args) > f.most {
		return nil, syntaxError(name.at, "wrong number of arguments for "+name.text)
	}
	if f.fields {
		for _, arg := range args {
			if _, ok := arg.(reference); !ok {
				return nil, syntaxError(name.at, name.text+" takes fields only")
			}
		}
	}
	return call{f, args}, nil
}
