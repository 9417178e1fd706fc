package booking

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of a guest's texts, in characters.
const (
	MaxName  = 80
	MaxNotes = 500
)

// cleanName trims a guest's name and refuses one without a letter.
func cleanName(name string) (string, *Refusal) {
	clean, refusal := cleanText("name", name, MaxName)
	if refusal != nil {
		return "", refusal
	}
	if !strings.ContainsFunc(clean, unicode.IsLetter) {
		return "", invalid("name", Missing)
	}
	return clean, nil
}

// cleanNotes trims a guest's notes and makes them one line. Notes that say that there is
// nothing to note become empty.
func cleanNotes(notes string) (string, *Refusal) {
	clean, refusal := cleanText("notes", lineBreaks.Replace(notes), MaxNotes)
	if refusal != nil || saysNothing(clean) {
		return "", refusal
	}
	return clean, nil
}

var lineBreaks = strings.NewReplacer("\r\n", " ", "\n", " ", "\t", " ")

func cleanText(field, text string, most int) (string, *Refusal) {
	if !utf8.ValidString(text) || strings.ContainsFunc(text, forbidden) {
		return "", invalid(field, BadText)
	}
	clean := strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(clean) > most {
		return "", invalid(field, TooLong)
	}
	return clean, nil
}

// forbidden reports whether a character may not be in a guest's texts: controls, line
// separators, and those that change the direction of text, with which one line can be
// made to look like another.
func forbidden(r rune) bool {
	switch {
	case unicode.IsControl(r), r == '\u2028', r == '\u2029', r == utf8.RuneError:
		return true
	case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069', r == '\u200e', r == '\u200f':
		return true
	}
	return unicode.Is(unicode.Co, r)
}

func invalid(field string, problem Problem) *Refusal {
	return &Refusal{Reason: Invalid, Field: field, Problem: problem}
}
