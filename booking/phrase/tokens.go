package phrase

import (
	"slices"
	"strings"
	"unicode"
)

// kind is what a token is made of.
type kind uint8

const (
	nothing kind = iota // before the first token and after the last
	word
	number // digits alone: 4, 612345678
	pair   // two numbers joined: 21:30, 5/12, 4-5
	triple // three numbers joined: 2026-12-05, 5/12/26
	comma
	stop // the end of a sentence
	ask  // a question mark
	dash
	slash
	plus
)

// token is a word, a number or a mark of a text.
type token struct {
	kind kind
	text string  // normalised; digits as written
	bit  uint64  // of text
	lex  *lexeme // never nil
	n    [3]int  // the values of a number, pair or triple
	wide [3]int  // their digits
	sep  byte    // what joins a pair or a triple
	// glued: no space before it, as in the h of 22h.
	glued bool
	// from and to bound the token in the text as it was written.
	from, to int
}

func (t *token) is(words ...string) bool {
	if t.kind != word {
		return false
	}
	return slices.Contains(words, t.text)
}

func (t *token) has(c class) bool { return t.lex.class&c != 0 }

// sentence is a text cut into tokens, with what has been made of each.
type sentence struct {
	src  string
	toks []token
	nums []numeral // parallel to toks
	used []bool    // taken by a rule; others leave it alone
	asks bool      // there is a question mark
	// capitals and smalls count the letters of either size.
	capitals, smalls int
}

var none = token{lex: &lexeme{}}

// at returns the token at i, or an empty one outside of the sentence.
func (s *sentence) at(i int) *token {
	if i < 0 || i >= len(s.toks) {
		return &none
	}
	return &s.toks[i]
}

func (s *sentence) free(i int) bool { return i >= 0 && i < len(s.toks) && !s.used[i] }

func (s *sentence) use(from, to int) {
	for i := max(from, 0); i < min(to, len(s.used)); i++ {
		s.used[i] = true
	}
}

// is reports whether the tokens from i on are these words.
func (s *sentence) is(i int, words ...string) bool {
	for k, w := range words {
		if !s.at(i + k).is(w) {
			return false
		}
	}
	return true
}

// read cuts a text into tokens.
func (r *Reader) read(text string) *sentence {
	text = cut(text)
	s := &sentence{src: text, toks: make([]token, 0, 4+len(text)/4)}
	sc := scanner{s: s, words: r.words}
	for sc.pos < len(text) {
		sc.next()
	}
	for _, c := range text {
		s.capitals += b2i(unicode.IsUpper(c))
		s.smalls += b2i(unicode.IsLower(c))
	}
	s.used = make([]bool, len(s.toks))
	s.readNumerals()
	return s
}

// cut returns the first MaxRunes runes of valid text.
func cut(text string) string {
	n := 0
	for i := range text {
		if n == MaxRunes {
			text = text[:i]
			break
		}
		n++
	}
	return strings.ToValidUTF8(text, " ")
}

// greetings are taken first, so that "buenas noches" is no evening.
var greetings = patterns(`buenas/buenos/muy/good/feliz noches/tardes/dias/dia/tarde/noche/morning/evening/afternoon/night/day|hasta manana ] END|see you tomorrow/tonight/soon/then`)

func (s *sentence) takeGreetings() {
	for i := range s.toks {
		if _, c, ok := first(s, greetings, i); ok {
			s.use(i, c.to)
		}
	}
}
