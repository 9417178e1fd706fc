package catalogue

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// template is a message cut at its placeholders, in order. It is filled in one
// pass, so that a placeholder inside a guest's name stays a guest's name.
type template []piece

// piece is either literal text or, where slot is set, a placeholder.
type piece struct{ text, slot string }

// fill is what a placeholder stands for.
type fill struct{ slot, value string }

// cut parses text such as "a las {time}".
func cut(text string) template {
	var t template
	for {
		before, rest, found := strings.Cut(text, "{")
		if before != "" {
			t = append(t, piece{text: before})
		}
		if !found {
			return t
		}
		slot, after, _ := strings.Cut(rest, "}")
		t = append(t, piece{slot: slot})
		text = after
	}
}

// appendTo fills t in and appends it to buf. A placeholder that nothing fills
// shows as itself, which the tests look for.
func (t template) appendTo(buf []byte, fills []fill) []byte {
	for _, p := range t {
		if p.slot == "" {
			buf = appendText(buf, p.text)
			continue
		}
		value, ok := lookup(fills, p.slot)
		if !ok {
			value = "{" + p.slot + "}"
		}
		buf = appendText(buf, value)
	}
	return buf
}

func lookup(fills []fill, slot string) (string, bool) {
	for i := range fills {
		if fills[i].slot == slot {
			return fills[i].value, true
		}
	}
	return "", false
}

// appendText appends s. A parenthesis such as "hoy, lunes 23 de noviembre,"
// closes with a comma, which gives way to the punctuation that follows it.
func appendText(buf []byte, s string) []byte {
	if s != "" && strings.IndexByte(".,:;?", s[0]) >= 0 && len(buf) > 0 && buf[len(buf)-1] == ',' {
		buf = buf[:len(buf)-1]
	}
	return append(buf, s...)
}

// appendSentence is appendTo with a capital at the start.
func (t template) appendSentence(buf []byte, fills []fill) []byte {
	start := len(buf)
	buf = t.appendTo(buf, fills)
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
	wasBlank, clean := true, true
	for _, r := range s {
		b := blank(r)
		if b && (r != ' ' || wasBlank) {
			clean = false
			break
		}
		wasBlank = b
	}
	if clean && !strings.HasSuffix(s, " ") {
		return s
	}
	return strings.Join(strings.FieldsFunc(s, blank), " ")
}

// phrase returns the owner's text ready to stand inside a sentence: one line, no full stop.
func phrase(s string) string { return strings.TrimRight(oneLine(s), ".;,: ") }

// sentence returns the owner's text ready to stand by itself: one line with an end.
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
