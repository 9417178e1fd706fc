package twilio

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode"
)

const (
	// maxVariables bounds all the values together, in runes.
	maxVariables = 1024
	// noValue replaces an empty value, which WhatsApp does not take.
	noValue = "–"
)

// variables are a template's values in Twilio's words: {"1":"Ana","2":"21:30"}.
func variables(values []string) string {
	byNumber := make(map[string]string, len(values))
	for i, value := range clean(values) {
		byNumber[strconv.Itoa(i+1)] = value
	}
	text, _ := json.Marshal(byNumber) // a map of strings always can
	return string(text)
}

// clean returns the values as WhatsApp takes them: none of them empty, each one
// line without runs of blanks, and all together not too long: each has its share.
func clean(values []string) []string {
	most := maxVariables / max(len(values), 1)
	cleaned := make([]string, len(values))
	for i, value := range values {
		value = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(value, "\uFFFD"), func(r rune) bool {
			return unicode.IsSpace(r) || unicode.IsControl(r)
		}), " ")
		if runes := []rune(value); len(runes) > most {
			value = strings.TrimRight(string(runes[:most-1]), " ") + "…"
		}
		if value == "" {
			value = noValue
		}
		cleaned[i] = value
	}
	return cleaned
}
