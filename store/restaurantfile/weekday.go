package restaurantfile

import (
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"maitre/booking"
	"maitre/booking/catalogue"
)

const weekdayFix = `write mon, tue, wed, thu, fri, sat, sun, or a range such as "tue-sun"`

// weekday returns one day of the week.
func (v *value) weekday() (time.Weekday, bool) {
	d, ok := parseWeekday(v.text)
	if !ok {
		v.wrong("is not a day of the week", weekdayFix)
	}
	return d, ok
}

// weekdays returns days of the week: names and ranges, in a list or alone, each day once.
func (v *value) weekdays() []time.Weekday {
	var days []time.Weekday
	var seen [7]bool
	add := func(d time.Weekday) {
		if !seen[d] {
			seen[d] = true
			days = append(days, d)
		}
	}
	for _, item := range v.list() {
		from, to, isRange := strings.Cut(strings.ReplaceAll(item.text, "–", "-"), "-")
		first, ok1 := parseWeekday(from)
		last, ok2 := parseWeekday(to)
		switch {
		case isRange && ok1 && ok2:
			for d := first; ; d = (d + 1) % 7 {
				add(d)
				if d == last {
					break
				}
			}
		case !isRange && ok1:
			add(first)
		default:
			item.wrong("is not a day of the week", weekdayFix)
		}
	}
	if v != nil && len(v.list()) == 0 {
		v.wrong("names no day", weekdayFix)
	}
	return days
}

// parseWeekday reads a weekday's name; its first three characters are enough.
func parseWeekday(s string) (time.Weekday, bool) {
	s = strings.TrimSpace(plain(s))
	if len(s) < 3 {
		return 0, false
	}
	for _, lang := range []booking.Lang{booking.English, booking.Spanish} {
		for d, name := range catalogue.Weekdays(lang) {
			if strings.HasPrefix(plain(name), s) {
				return time.Weekday(d), true
			}
		}
	}
	return 0, false
}

// plain returns s in lower case and without accents.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(s))
}
