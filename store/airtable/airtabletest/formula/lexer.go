package formula

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ErrSyntax is returned by Parse for text that is no formula.
var ErrSyntax = errors.New("invalid formula")

func syntaxError(at int, what string) error {
	return fmt.Errorf("%w: %s at byte %d", ErrSyntax, what, at)
}

type kind int

const (
	tokenEnd kind = iota
	tokenNumber
	tokenString
	tokenField // {Name}
	tokenName  // a function, or a field's name that is one word
	tokenOperator
	tokenOpen
	tokenClose
	tokenComma
)

type token struct {
	kind kind
	text string
	at   int
}

// lex cuts the text into tokens.
func lex(source string) ([]token, error) {
	if !utf8.ValidString(source) {
		return nil, syntaxError(0, "text that is not UTF-8")
	}
	var out []token
	for at := 0; at < len(source); {
		r, size := utf8.DecodeRuneInString(source[at:])
		if unicode.IsSpace(r) {
			at += size
			continue
		}
		t, next, err := lexOne(source, at, r)
		if err != nil {
			return nil, err
		}
		out, at = append(out, t), next
	}
	return append(out, token{kind: tokenEnd, at: len(source)}), nil
}

func lexOne(source string, at int, r rune) (token, int, error) {
	rest := source[at:]
	switch {
	case r == '{':
		text, size := untilBrace(rest[1:])
		if size < 0 || text == "" {
			return token{}, 0, syntaxError(at, "field name without end or content")
		}
		return token{tokenField, text, at}, at + 1 + size, nil
	case r == '\'' || r == '"':
		text, size := untilQuote(rest[1:], byte(r))
		if size < 0 {
			return token{}, 0, syntaxError(at, "string without end")
		}
		return token{tokenString, text, at}, at + 1 + size, nil
	case r >= '0' && r <= '9' || r == '.' && len(rest) > 1 && rest[1] >= '0' && rest[1] <= '9':
		size := numberLength(rest)
		return token{tokenNumber, rest[:size], at}, at + size, nil
	case r == '_' || unicode.IsLetter(r):
		size := len(rest)
		for i, c := range rest {
			if c != '_' && !unicode.IsLetter(c) && !unicode.IsDigit(c) && !unicode.IsMark(c) {
				size = i
				break
			}
		}
		return token{tokenName, rest[:size], at}, at + size, nil
	}
	for _, op := range [...]string{"!=", "<=", ">=", "=", "<", ">", "&", "+", "-", "*", "/"} {
		if strings.HasPrefix(rest, op) {
			return token{tokenOperator, op, at}, at + len(op), nil
		}
	}
	switch r {
	case '(':
		return token{tokenOpen, "(", at}, at + 1, nil
	case ')':
		return token{tokenClose, ")", at}, at + 1, nil
	case ',':
		return token{tokenComma, ",", at}, at + 1, nil
	}
	return token{}, 0, syntaxError(at, fmt.Sprintf("unexpected %q", r))
}

// untilQuote reads a string literal's content. A backslash makes the next
// character itself, except in \n, \r and \t.
func untilQuote(s string, quote byte) (text string, size int) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case quote:
			return b.String(), i + 1
		case '\\':
			if i++; i == len(s) {
				return "", -1
			}
			b.WriteByte(unescape(s[i]))
		default:
			b.WriteByte(c)
		}
	}
	return "", -1
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

// untilBrace reads a field's name; only } is escaped in one.
func untilBrace(s string) (name string, size int) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '}':
			return b.String(), i + 1
		case s[i] == '\\' && i+1 < len(s) && s[i+1] == '}':
			b.WriteByte('}')
			i++
		default:
			b.WriteByte(s[i])
		}
	}
	return "", -1
}

func numberLength(s string) int {
	i := 0
	digits := func() {
		for i < len(s) && s[i] >= '0' && s[i] <= '9' {
			i++
		}
	}
	digits()
	if i < len(s) && s[i] == '.' {
		i++
		digits()
	}
	return i
}
