package booking

// Lang is a language that the desk speaks, as its ISO 639-1 code.
type Lang string

// The languages that maitre speaks.
const (
	Spanish Lang = "es"
	English Lang = "en"
)

// Text is a text for guests, by language.
type Text map[Lang]string

// In returns the text in lang, or in the first of the fallbacks that has it, or "".
func (t Text) In(lang Lang, fallbacks ...Lang) string {
	if s, ok := t[lang]; ok {
		return s
	}
	for _, l := range fallbacks {
		if s, ok := t[l]; ok {
			return s
		}
	}
	return ""
}
