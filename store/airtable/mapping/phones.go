package mapping

import (
	"regexp"
	"slices"
	"strings"

	"maitre/booking"
	"maitre/store/airtable"
)

// matchedDigits is how many digits of a number are looked for: those of a Spanish
// number without its prefix.
const matchedDigits = 9

// phoneRE finds a run that can be a number among other text.
var phoneRE = regexp.MustCompile(`\+?\(?\d(?:[\s().-]{0,2}\d){5,16}`)

// phonesIn returns the numbers in a cell, each once, in their order.
func (m *Mapper) phonesIn(text string) []booking.Phone {
	if text == "" || m.phones == nil {
		return nil
	}
	if p, err := m.phones.Parse(text); err == nil {
		return []booking.Phone{p}
	}
	var all []booking.Phone
	for _, part := range phoneRE.FindAllString(text, 8) {
		p, err := m.phones.Parse(part)
		if err == nil && !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	return all
}

// HasPhone reports whether a row has a number, however it was typed: what
// [Mapper.WherePhone] finds must be looked at once more with it.
func (m *Mapper) HasPhone(rec airtable.Record, phone booking.Phone) bool {
	s, _ := textOf(m.bookings.cell(rec, Phone))
	return phone != "" && slices.Contains(m.phonesIn(s), phone)
}

// lastDigits returns the digits to look for in a number.
func lastDigits(phone booking.Phone) string {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, string(phone))
	return digits[max(0, len(digits)-matchedDigits):]
}
