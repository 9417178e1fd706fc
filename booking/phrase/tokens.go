package phrase

import (
	"strings"
	"unicode"
	"unicode/utf8"
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
	lex  *lexeme // never nil
	n    [3]int  // the values of a number, pair or triple
	wide [3]uint8
	sep  byte // what joins a pair or a triple
	// glued: no space before it, as in the h of 22h.
	glued bool
	// from and to bound the token in the text as it was written.
	from, to int
}

func (t *token) is(words ...string) bool {
	if t.kind != word {
		return false
	}
	for _, w := range words {
		if t.text == w {
			return true
		}
	}
	return false
}

func (t *token) has(c class) bool { return t.lex.class&c != 0 }

// mark tells whether the token ends a clause.
func (t *token) mark() bool {
	return t.kind == nothing || t.kind == comma || t.kind == stop || t.kind == ask
}

// sentence is a text cut into tokens, with what has been made of each.
type sentence struct {
	src  string
	toks []token
	nums []numeral // parallel to toks
	used []bool    // taken by a rule; others leave it alone
	asks bool      // there is a question mark
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

// is tells whether the tokens from i on are these words.
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

type scanner struct {
	s     *sentence
	words *lexicon
	pos   int
	space bool // white space was just passed
}

func (sc *scanner) peek(at int) rune {
	if at >= len(sc.s.src) {
		return 0
	}
	c, _ := utf8.DecodeRuneInString(sc.s.src[at:])
	return c
}

func (sc *scanner) next() {
	c, size := utf8.DecodeRuneInString(sc.s.src[sc.pos:])
	switch {
	case isDigit(c):
		sc.digits()
	case unicode.IsLetter(c):
		sc.letters()
	default:
		sc.mark(c, size)
	}
}

func (sc *scanner) add(t token) {
	if t.lex == nil {
		t.lex = none.lex
	}
	t.glued = !sc.space && len(sc.s.toks) > 0
	t.to = sc.pos
	sc.space = false
	sc.s.toks = append(sc.s.toks, t)
}

// mark reads punctuation, white space and emoji.
func (sc *scanner) mark(c rune, size int) {
	from := sc.pos
	sc.pos += size
	if name, ok := emoji[c]; ok {
		sc.addWord(name, from)
		return
	}
	var k kind
	switch c {
	case ',', ';', ':', '(', ')', '–', '—':
		k = comma
	case '.', '!', '…', '\n', '|':
		k = stop
	case '?':
		k = ask
		sc.s.asks = true
	case '-':
		k = dash
	case '/':
		k = slash
	case '+':
		k = plus
	case '&':
		sc.addWord("and", from)
		return
	case 'ª', 'º', '°':
		sc.addWord("º", from)
		return
	case '\u200d', '\ufe0f', '\u20e3', '\'', '’', '*', '_', '~', '"':
		return // joiners, and WhatsApp's marks of bold and italics
	default:
		sc.space = true
		return
	}
	sc.add(token{kind: k, from: from})
}

// letters reads a word. Letters joined by an apostrophe are one word.
func (sc *scanner) letters() {
	from := sc.pos
	var buf [48]byte
	norm := buf[:0]
	for sc.pos < len(sc.s.src) {
		c, size := utf8.DecodeRuneInString(sc.s.src[sc.pos:])
		if unicode.IsLetter(c) || unicode.Is(unicode.Mn, c) {
			norm = fold(norm, c)
		} else if apostrophe(c) && unicode.IsLetter(sc.peek(sc.pos+size)) {
			norm = append(norm, '\'')
		} else if isDigit(c) && sc.pos-from <= 2 {
			if w, n := sc.chatWord(from); n > 0 {
				sc.pos = from + n
				sc.addWord(w, from)
				return
			}
			break
		} else {
			break
		}
		sc.pos += size
	}
	if len(norm) == 1 && (norm[0] == 'a' || norm[0] == 'p') {
		if n := meridiem(sc.s.src[sc.pos:]); n > 0 {
			sc.pos += n
			norm = append(norm, 'm')
		}
	}
	sc.addWord(string(norm), from)
}

// chatWord reads words that people write with a digit in them.
func (sc *scanner) chatWord(from int) (string, int) {
	rest := sc.s.src[from:]
	for _, w := range chatWords {
		if len(rest) >= len(w.written) && strings.EqualFold(rest[:len(w.written)], w.written) {
			return w.means, len(w.written)
		}
	}
	return "", 0
}

// meridiem returns the length of the ".m." or ". m." that follows an a or a p.
func meridiem(rest string) int {
	for _, form := range []string{".m.", ". m.", ".m", ". m", ".M.", ". M.", ".M"} {
		if strings.HasPrefix(rest, form) {
			after, _ := utf8.DecodeRuneInString(rest[len(form):])
			if !unicode.IsLetter(after) {
				return len(form)
			}
		}
	}
	return 0
}

// addWord adds the word, or the words that it stands for.
func (sc *scanner) addWord(norm string, from int) {
	norm = sc.words.known(norm)
	if stands, ok := sc.words.stands[norm]; ok {
		for i, w := range stands {
			sc.add(token{kind: word, text: w, lex: sc.words.lexeme(w), from: from})
			sc.space = i < len(stands)-1
		}
		sc.space = false
		return
	}
	sc.add(token{kind: word, text: norm, lex: sc.words.lexeme(norm), from: from})
}

// digits reads a number, a pair or a triple.
func (sc *scanner) digits() {
	from := sc.pos
	if w, n := sc.chatWord(from); n > 0 {
		sc.pos += n
		sc.addWord(w, from)
		return
	}
	t := token{kind: number, from: from}
	at, count := from, 0
	for {
		start := at
		value := 0
		for at < len(sc.s.src) && isDigit(rune(sc.s.src[at])) {
			if value < 1_000_000 {
				value = value*10 + int(sc.s.src[at]-'0')
			}
			at++
		}
		t.n[count], t.wide[count] = value, uint8(min(at-start, 255))
		count++
		if count == 1 && t.wide[0] > 4 {
			break
		}
		sep, next := sc.joint(at, count, &t)
		if next == 0 {
			break
		}
		if count == 3 { // a fourth number: a telephone number's groups
			count = 0
			break
		}
		t.sep = sep
		at = next
	}
	sc.finish(&t, count, at)
}

// joint returns what joins a number to the one after it, and where that begins;
// 0 where nothing does.
func (sc *scanner) joint(at, count int, t *token) (byte, int) {
	if at+1 >= len(sc.s.src) {
		return 0, 0
	}
	sep, next := sc.s.src[at], at+1
	switch sep {
	case ':', '.', '/', '-':
	case 'h', 'H', '\'':
		sep = 'h'
		if count != 1 {
			return 0, 0
		}
	default:
		return 0, 0
	}
	if !isDigit(rune(sc.s.src[next])) || count > 1 && sep != t.sep {
		return 0, 0
	}
	return sep, next
}

func (sc *scanner) finish(t *token, count, at int) {
	src := sc.s.src
	plausible := count == 2 && t.wide[1] <= 2 && t.wide[0] <= 2 ||
		count == 3 && (t.wide[0] == 4 || t.wide[2] == 4 || t.wide[2] == 2) && t.wide[1] <= 2
	switch {
	case count == 2 && plausible:
		t.kind = pair
	case count == 3 && plausible:
		t.kind = triple
	default: // the first number alone; the rest is read on its own
		at = t.from + int(t.wide[0])
		if t.wide[0] == 255 {
			for at < len(src) && isDigit(rune(src[at])) {
				at++
			}
		}
		t.kind = number
	}
	sc.pos = at
	t.text = src[t.from:at]
	iso := t.kind == triple && t.wide[0] == 4
	sc.add(*t)
	// The T of 2026-12-05T21:00.
	if iso && at+1 < len(src) && (src[at] == 'T' || src[at] == 't') && isDigit(rune(src[at+1])) {
		sc.pos++
		sc.space = true
	}
}

func isDigit(c rune) bool { return c >= '0' && c <= '9' }

func apostrophe(c rune) bool { return c == '\'' || c == '’' || c == '`' || c == '´' }

// fold appends the letter in lower case and without its accents.
func fold(to []byte, c rune) []byte {
	if c < utf8.RuneSelf {
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		return append(to, byte(c))
	}
	if unicode.Is(unicode.Mn, c) {
		return to
	}
	c = unicode.ToLower(c)
	if plain, ok := plainLetters[c]; ok {
		return append(to, plain...)
	}
	return utf8.AppendRune(to, c)
}
