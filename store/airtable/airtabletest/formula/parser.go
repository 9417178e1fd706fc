package formula

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
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

type kind int

const (
	end kind = iota
	field
	text
	number
	name // of a function, or a field's that is one word
	symbol
)

type token struct {
	kind kind
	text string
}

// lex cuts the text into tokens.
func lex(source string) (out []token, err error) {
	if !utf8.ValidString(source) {
		return nil, syntaxError("text that is not UTF-8")
	}
	for {
		source = strings.TrimLeftFunc(source, unicode.IsSpace)
		if source == "" {
			return append(out, token{}), nil
		}
		t, size := first(source)
		if size == 0 {
			return nil, syntaxError("unexpected %.10q", source)
		}
		out, source = append(out, t), source[size:]
	}
}

// first returns the token that a text begins with, and its size: 0 where there is none.
func first(s string) (token, int) {
	switch r, _ := utf8.DecodeRuneInString(s); {
	case r == '{':
		content, size := quoted(s, '}')
		if content == "" {
			return token{}, 0
		}
		return token{field, content}, size
	case r == '\'' || r == '"':
		content, size := quoted(s, s[0])
		return token{text, content}, size
	case r >= '0' && r <= '9' || r == '.':
		size := len(s) - len(strings.TrimLeft(s, "0123456789."))
		return token{number, s[:size]}, size
	case r == '_' || unicode.IsLetter(r):
		rest := strings.TrimLeftFunc(s, func(r rune) bool {
			return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
		})
		return token{name, s[:len(s)-len(rest)]}, len(s) - len(rest)
	}
	for _, operator := range [...]string{"!=", "<=", ">=", "=", "<", ">", "&", "(", ")", ","} {
		if strings.HasPrefix(s, operator) {
			return token{symbol, operator}, len(operator)
		}
	}
	return token{}, 0
}

// quoted reads a text literal or a field's name, and returns its size with the
// quotes: 0 where it does not end. In a name only } is escaped; in a text a
// backslash makes the next character itself, except in \n, \r and \t.
func quoted(s string, closing byte) (content string, size int) {
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == closing:
			return b.String(), i + 1
		case c == '\\' && i+1 < len(s) && (closing != '}' || s[i+1] == '}'):
			i++
			b.WriteByte(unescape(s[i]))
		default:
			b.WriteByte(c)
		}
	}
	return "", 0
}

func unescape(c byte) byte {
	switch c {
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return c
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
