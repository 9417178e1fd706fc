package mapping

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"maitre/store/airtable"
)

// fold makes words comparable: lower case, no accents, and nothing but letters
// and digits, so that "✅ No-Show" is "noshow".
func fold(s string) string { return squeeze(s, "") }

// foldWords is fold with one space between words.
func foldWords(s string) string { return squeeze(s, " ") }

func squeeze(s, between string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(strings.ToValidUTF8(s, " ")) {
		switch {
		case unicode.Is(unicode.Mn, r) || r == '\ufe0f':
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if gap && b.Len() > 0 {
				b.WriteString(between)
			}
			gap = false
			b.WriteRune(unicode.ToLower(r))
		default:
			gap = true
		}
	}
	return b.String()
}

// plain is lower case without accents, with its punctuation.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(strings.ToValidUTF8(s, " ")))
}

// textOf reads a cell as text, also the lists that lookups make. It returns false if
// the cell holds something else.
func textOf(c airtable.Cell) (string, bool) {
	if c.IsEmpty() {
		return "", true
	}
	if s, ok := c.Text(); ok {
		return strings.TrimSpace(s), true
	}
	if list, ok := c.Texts(); ok {
		return strings.Join(list, ", "), true
	}
	return "", false
}
