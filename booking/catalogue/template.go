package catalogue

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// fill is the value of a placeholder.
type fill struct{ slot, value string }

// appendFilled appends text such as "a las {time}" with its placeholders filled
// in. Values are not searched for placeholders, so that one in a guest's name stays
// as it is. A placeholder without a value is kept, which the tests look for.
func appendFilled(buf []byte, text string, fills []fill) []byte {
	for {
		before, rest, found := strings.Cut(text, "{")
		buf = appendText(buf, before)
		if !found {
			return buf
		}
		slot, after, _ := strings.Cut(rest, "}")
		i := slices.IndexFunc(fills, func(f fill) bool { return f.slot == slot })
		if i >= 0 {
			buf = appendText(buf, fills[i].value)
		} else {
			buf = appendText(buf, "{"+slot+"}")
		}
		text = after
	}
}

// appendText appends s. A parenthesis such as "hoy, lunes 23 de noviembre,"
// closes with a comma, which gives way to the punctuation that follows it.
func appendText(buf []byte, s string) []byte {
	if s != "" && strings.IndexByte(".,:;?", s[0]) >= 0 && len(buf) > 0 && buf[len(buf)-1] == ',' {
		buf = buf[:len(buf)-1]
	}
	return append(buf, s...)
}

// appendSentence is appendFilled with a capital at the start.
func appendSentence(buf []byte, text string, fills []fill) []byte {
	start := len(buf)
	buf = appendFilled(buf, text, fills)
	r, size := utf8.DecodeRune(buf[start:])
	up := unicode.ToUpper(r)
	if up == r {
		return buf
	}
	tail := string(buf[start+size:])
	return append(utf8.AppendRune(buf[:start], up), tail...)
}

// oneLine returns what people typed as a single line of UTF-8: line breaks,
// control characters and runs of blanks become one space.
func oneLine(s string) string {
	s = strings.ToValidUTF8(s, string(utf8.RuneError))
	blank := func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }
	if strings.TrimSpace(s) == s && !strings.Contains(s, "  ") && !strings.ContainsFunc(s, func(r rune) bool { return r != ' ' && blank(r) }) {
		return s
	}
	return strings.Join(strings.FieldsFunc(s, blank), " ")
}

// phrase returns the owner's text for use inside a sentence: one line, no full stop.
func phrase(s string) string { return strings.TrimRight(oneLine(s), ".;,: ") }

// sentence returns the owner's text as a sentence of its own: one line with an end.
func sentence(s string) string {
	s = oneLine(s)
	if s == "" || strings.ContainsAny(s[len(s)-1:], ".!?") || strings.HasSuffix(s, "…") {
		return s
	}
	return strings.TrimRight(s, ";,: ") + "."
}

// lowerFirst lowers the capital of a common noun ("Terraza", "Comida"), but not of an abbreviation ("VIP").
func lowerFirst(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	next, _ := utf8.DecodeRuneInString(s[size:])
	if unicode.IsUpper(r) && !unicode.IsUpper(next) {
		return string(unicode.ToLower(r)) + s[size:]
	}
	return s
}
