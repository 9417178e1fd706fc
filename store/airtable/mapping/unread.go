package mapping

import (
	"regexp"
	"strings"
	"unicode"

	"maitre/store/airtable"
)

// Unread is a cell that could not be read, or not fully, and what was done about
// it: for the staff to fix.
type Unread struct {
	Record string // the row's ID
	Key    Key
	Field  string // as the staff see it
	// Value is the cell's text, bounded, in one line, telephone numbers and
	// addresses masked; empty: nothing.
	Value string
	Why   string // what is wrong and what is taken in its place
}

// report gathers what could not be read of one row.
type report struct {
	sheet  *sheet
	record string
	all    []Unread
}

func (r *report) add(key Key, c airtable.Cell, why string) {
	r.all = append(r.all, Unread{Record: r.record, Key: key, Field: r.sheet.columns[key].name, Value: shown(key, c), Why: why})
}

const maxShown = 60 // characters

func shown(key Key, c airtable.Cell) string {
	s, ok := textOf(c)
	if !ok {
		s = string(c)
	}
	s = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "\ufffd"), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
	}), " ")
	if key == Phone {
		s = maskDigits(s, 0)
	} else {
		s = numberRE.ReplaceAllStringFunc(s, func(n string) string { return maskDigits(n, 2) })
	}
	s = addressRE.ReplaceAllString(s, "$1***@")
	if runes := []rune(s); len(runes) > maxShown {
		s = string(runes[:maxShown]) + "…"
	}
	return s
}

var (
	// numberRE finds a telephone number among other text, as Spaniards group them or with a prefix.
	numberRE = regexp.MustCompile(`(?:(?:\+|00)\d[\s.-]?)?\(?\d{2,3}\)?(?:[\s.-]?\d{2,3}){2,4}`)
	// addressRE finds the beginning of an email address.
	addressRE = regexp.MustCompile(`([^\s@])[^\s@]*@`)
)

// maskDigits hides all digits but the last three; of texts with fewer than
// nine digits (a date, an hour), none when they are let through.
func maskDigits(s string, letThrough int) string {
	digits := 0
	for _, r := range s {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	if letThrough > 0 && digits < 9 {
		return s
	}
	left := digits
	return strings.Map(func(r rune) rune {
		if !unicode.IsDigit(r) {
			return r
		}
		left--
		if left < 3 {
			return r
		}
		return '*'
	}, s)
}
