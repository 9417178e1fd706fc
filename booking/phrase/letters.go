package phrase

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// plainLetters are the letters of Western Europe without their accents.
var plainLetters = func() map[rune]string {
	m := map[rune]string{'ñ': "n", 'ç': "c", 'ß': "ss", 'œ': "oe", 'æ': "ae", 'ø': "o", 'ý': "y", 'ÿ': "y", 'š': "s", 'ž': "z", 'č': "c", 'ł': "l"}
	for plain, accented := range map[string]string{"a": "áàäâãåā", "e": "éèëêē", "i": "íìïîī", "o": "óòöôõō", "u": "úùüûū"} {
		for _, c := range accented {
			m[c] = plain
		}
	}
	return m
}()

// emoji are the pictures that say something, and the word that they say.
var emoji = map[rune]string{
	'👍': "👍", '👌': "👍", '✅': "👍", '✔': "👍", '☑': "👍", '💯': "👍", '🆗': "👍", '👏': "👍", '🙌': "👍",
	'👎': "👎", '❌': "👎", '✖': "👎", '🚫': "👎", '🙅': "👎",
	'🙏': "gracias", '👋': "hola",
	'👶': "bebe", '🍼': "bebe", '🐶': "perro", '🐕': "perro",
}

// chatWords are words that people write with a digit.
var chatWords = []struct{ written, means string }{
	{"2morrow", "tomorrow"}, {"2moro", "tomorrow"}, {"2mrw", "tomorrow"}, {"2nite", "tonight"}, {"2night", "tonight"},
	{"2day", "today"}, {"gr8", "great"}, {"l8r", "later"}, {"salu2", "saludos"},
}

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

// plainWords cuts a name into folded words.
func plainWords(name string) []string {
	return strings.Fields(strings.Map(func(c rune) rune {
		if c == '-' || c == '\'' || c == '’' || c == '.' || c == ',' {
			return ' '
		}
		return c
	}, string(foldAll(name))))
}

func foldAll(text string) []byte {
	out := make([]byte, 0, len(text))
	for _, c := range text {
		out = fold(out, c)
	}
	return out
}
