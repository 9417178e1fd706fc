package phrase

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// mark reports whether the token ends a clause.
func (t *token) mark() bool {
	return t.kind == nothing || t.kind == comma || t.kind == stop || t.kind == ask
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
	t.bit = bit(t.text)
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

// addWord adds the word, or the words that it is short for.
func (sc *scanner) addWord(norm string, from int) {
	norm = sc.words.known(norm)
	if words, ok := sc.words.expansions[norm]; ok {
		for i, w := range words {
			sc.add(token{kind: word, text: w, lex: sc.words.lexeme(w), from: from})
			sc.space = i < len(words)-1
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
		t.n[count], t.wide[count] = value, at-start
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

// finish adds the number, pair or triple. Of what is none of these the first number is
// added alone, and the rest is read on its own.
func (sc *scanner) finish(t *token, count, at int) {
	src := sc.s.src
	switch short := t.wide[1] <= 2; {
	case count == 2 && short && t.wide[0] <= 2:
		t.kind = pair
	case count == 3 && short && (t.wide[0] == 4 || t.wide[2] == 4 || t.wide[2] == 2):
		t.kind = triple
	default:
		at = t.from + t.wide[0]
	}
	sc.pos = at
	t.text = src[t.from:at]
	sc.add(*t)
	// The T of 2026-12-05T21:00.
	if t.kind == triple && t.wide[0] == 4 && at+1 < len(src) && (src[at] == 'T' || src[at] == 't') && isDigit(rune(src[at+1])) {
		sc.pos++
		sc.space = true
	}
}

func isDigit(c rune) bool { return c >= '0' && c <= '9' }

func apostrophe(c rune) bool { return c == '\'' || c == '’' || c == '`' || c == '´' }
