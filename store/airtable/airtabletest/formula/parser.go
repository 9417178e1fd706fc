package formula

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ErrSyntax is returned by Parse for text that is no formula, or one of those
// that are not modelled.
var ErrSyntax = errors.New("invalid formula")

func syntaxError(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrSyntax, fmt.Sprintf(format, args...))
}

// Parse reads a formula. Errors are ErrSyntax, for unknown functions and wrong
// numbers of arguments too.
func Parse(source string) (*Formula, error) {
	if len(source) > MaxSource {
		return nil, syntaxError("formula too long")
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
	if t := p.take(); t.kind != end {
		return nil, syntaxError("unexpected %q", t.text)
	}
	return &Formula{root: root, refs: p.refs}, nil
}

// The kinds of tokens are the groups of lexemes.
const (
	end = iota
	field
	text
	number
	name // of a function, or a field's that is one word
	symbol
)

var lexemes = regexp.MustCompile(`(?s)^[\s\pZ]*(?:` +
	`\{((?:\\\}|[^}\\]|\\[^}])+)\}|` +
	`('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")|` +
	`(\d+(?:\.\d*)?|\.\d+)|` +
	`([_\pL][_\pL\p{Nd}\pM]*)|` +
	`(!=|<=|>=|[=<>&(),])|` +
	`$)`)

var escape = regexp.MustCompile(`(?s)\\.`)

type token struct {
	kind int
	text string
}

// lex cuts the text into tokens.
func lex(source string) ([]token, error) {
	if !utf8.ValidString(source) {
		return nil, syntaxError("text that is not UTF-8")
	}
	var out []token
	for {
		found := lexemes.FindStringSubmatch(source)
		if found == nil {
			return nil, syntaxError("unexpected %.10q", source)
		}
		t := token{}
		for kind := field; kind <= symbol; kind++ {
			if found[kind] != "" {
				t = token{kind, found[kind]}
			}
		}
		switch t.kind {
		case end:
			return append(out, t), nil
		case field: // only } is escaped in one
			t.text = strings.ReplaceAll(t.text, `\}`, "}")
		case text:
			t.text = escape.ReplaceAllStringFunc(t.text[1:len(t.text)-1], unescape)
		}
		out, source = append(out, t), source[len(found[0]):]
	}
}

// unescape reads a backslash and a character, which stands for itself except in
// \n, \r and \t.
func unescape(s string) string {
	switch s[1:] {
	case "n":
		return "\n"
	case "r":
		return "\r"
	case "t":
		return "\t"
	}
	return s[1:]
}

type parser struct {
	tokens []token
	refs   []string
}

func (p *parser) take() token {
	t := p.tokens[0]
	if t.kind != end {
		p.tokens = p.tokens[1:]
	}
	return t
}

// symbol takes the next token when it is one of these, and returns it.
func (p *parser) symbol(symbols ...string) (string, bool) {
	if t := p.tokens[0]; t.kind == symbol && slices.Contains(symbols, t.text) {
		return p.take().text, true
	}
	return "", false
}

func (p *parser) comparison(depth int) (node, error) {
	return p.chain(depth, p.concatenation, "=", "!=", "<", "<=", ">", ">=")
}

func (p *parser) concatenation(depth int) (node, error) { return p.chain(depth, p.primary, "&") }

// chain reads operands of one level. It leans to the left, and is evaluated in a
// loop: it may be long.
func (p *parser) chain(depth int, tighter func(int) (node, error), operators ...string) (node, error) {
	if depth > maxDepth {
		return nil, syntaxError("formula nested too deep")
	}
	first, err := tighter(depth)
	if err != nil {
		return nil, err
	}
	type operand struct {
		operator string
		of       node
	}
	var rest []operand
	for {
		operator, ok := p.symbol(operators...)
		if !ok {
			break
		}
		right, err := tighter(depth)
		if err != nil {
			return nil, err
		}
		rest = append(rest, operand{operator, right})
	}
	if len(rest) == 0 {
		return first, nil
	}
	return func(e *evaluation) Value {
		v := first(e)
		for _, o := range rest {
			v = e.operate(o.operator, v, o.of(e))
		}
		return v
	}, nil
}

func (p *parser) primary(depth int) (node, error) {
	switch t := p.take(); t.kind {
	case number:
		n, err := strconv.ParseFloat(t.text, 64)
		if err != nil {
			return nil, syntaxError("number out of range")
		}
		return constant(Num(n)), nil
	case text:
		return constant(Str(t.text)), nil
	case field:
		return p.reference(t.text), nil
	case name:
		if _, ok := p.symbol("("); ok {
			return p.call(strings.ToUpper(t.text), depth)
		}
		return p.reference(t.text), nil
	default:
		if t.text != "(" {
			return nil, syntaxError("unexpected %q", t.text)
		}
		inner, err := p.comparison(depth + 1)
		if err != nil {
			return nil, err
		}
		if _, ok := p.symbol(")"); !ok {
			return nil, syntaxError("missing )")
		}
		return inner, nil
	}
}

func constant(v Value) node { return func(*evaluation) Value { return v } }

func (p *parser) reference(ref string) node {
	if !slices.Contains(p.refs, ref) {
		p.refs = append(p.refs, ref)
	}
	return func(e *evaluation) Value {
		if e.Field == nil {
			return Fail()
		}
		return e.Field(ref)
	}
}

// call reads a function's arguments, behind the (.
func (p *parser) call(name string, depth int) (node, error) {
	f, ok := functions[name]
	if !ok {
		return nil, syntaxError("unknown function %s", name)
	}
	var args []node
	for _, closed := p.symbol(")"); !closed; {
		arg, err := p.comparison(depth + 1)
		if err != nil {
			return nil, err
		}
		args = append(args, arg)
		next, ok := p.symbol(",", ")")
		if !ok {
			return nil, syntaxError("missing , or )")
		}
		closed = next == ")"
	}
	if len(args) < f.least || f.most >= 0 && len(args) > f.most {
		return nil, syntaxError("wrong number of arguments for %s", name)
	}
	return f.node(args), nil
}
