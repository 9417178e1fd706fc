package formula

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// tokens of moment.js formats, longest first, and text in brackets.
const momentTokens = `\[[^\]]*\]|YYYY|YY|Q|MMMM|MMM|MM|Mo|M|DDDD|DDD|DD|Do|D|dddd|ddd|dd|d|E|GGGG|WW|W|HH|H|hh|h|kk|k|mm|m|` +
	`ss|s|SSS|SS|S|A|a|ZZ|Z|X|x|LTS|LT|LLLL|LLL|LL|L|l`

// dateFormat writes a date in a format of moment.js, ISO 8601 without one.
func dateFormat(m *machine, a []Value) Value {
	at, ok := date(a[0])
	if !ok {
		return Fail()
	}
	if a[0].zone != nil {
		at = at.In(a[0].zone)
	}
	if len(a) < 2 || a[1].Empty() {
		return m.text(at.Format("2006-01-02T15:04:05-07:00"))
	}
	format := a[1].String()
	if len(format) > 1000 {
		return Fail()
	}
	return m.text(regexp.MustCompile(momentTokens).ReplaceAllStringFunc(format, func(token string) string {
		return momentToken(at, token)
	}))
}

func momentToken(at time.Time, token string) string {
	if strings.HasPrefix(token, "[") {
		return token[1 : len(token)-1]
	}
	if layout, ok := momentLayout(token); ok {
		return at.Format(layout)
	}
	year, week := at.ISOWeek()
	switch token {
	case "YYYY":
		return fmt.Sprintf("%04d", at.Year())
	case "Q":
		return strconv.Itoa((int(at.Month())-1)/3 + 1)
	case "Mo":
		return ordinal(int(at.Month()))
	case "Do":
		return ordinal(at.Day())
	case "DDD":
		return strconv.Itoa(at.YearDay())
	case "DDDD":
		return fmt.Sprintf("%03d", at.YearDay())
	case "d":
		return strconv.Itoa(int(at.Weekday()))
	case "dd":
		return at.Format("Monday")[:2]
	case "E":
		return strconv.Itoa((int(at.Weekday())+6)%7 + 1)
	case "GGGG":
		return fmt.Sprintf("%04d", year)
	case "W":
		return strconv.Itoa(week)
	case "WW":
		return fmt.Sprintf("%02d", week)
	case "H":
		return strconv.Itoa(at.Hour())
	case "k":
		return strconv.Itoa((at.Hour()+23)%24 + 1)
	case "kk":
		return fmt.Sprintf("%02d", (at.Hour()+23)%24+1)
	case "m":
		return strconv.Itoa(at.Minute())
	case "s":
		return strconv.Itoa(at.Second())
	case "S", "SS", "SSS":
		return fmt.Sprintf("%03d", at.Nanosecond()/1e6)[:len(token)]
	case "X":
		return strconv.FormatInt(at.Unix(), 10)
	case "x":
		return strconv.FormatInt(at.UnixMilli(), 10)
	}
	return token
}

// momentLayout is the layout of package time that means the same.
func momentLayout(token string) (string, bool) {
	layout, ok := map[string]string{
		"YY": "06", "MMMM": "January", "MMM": "Jan", "MM": "01", "M": "1", "DD": "02", "D": "2",
		"dddd": "Monday", "ddd": "Mon", "HH": "15", "hh": "03", "h": "3", "mm": "04", "ss": "05",
		"A": "PM", "a": "pm", "Z": "-07:00", "ZZ": "-0700", "LT": "3:04 PM", "LTS": "3:04:05 PM",
		"L": "01/02/2006", "l": "1/2/2006", "LL": "January 2, 2006", "LLL": "January 2, 2006 3:04 PM",
		"LLLL": "Monday, January 2, 2006 3:04 PM",
	}[token]
	return layout, ok
}

func ordinal(n int) string {
	suffix := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return strconv.Itoa(n) + suffix
}

// dateParse reads a date from a text: in ISO 8601, or in a format of moment.js.
func dateParse(_ *machine, a []Value) Value {
	if len(a) == 1 || a[1].Empty() {
		at, ok := date(a[0])
		if !ok {
			return Fail()
		}
		return Instant(at)
	}
	format := a[1].String()
	if len(format) > 1000 {
		return Fail()
	}
	known := true
	layout := regexp.MustCompile(momentTokens).ReplaceAllStringFunc(format, func(token string) string {
		if strings.HasPrefix(token, "[") {
			return token[1 : len(token)-1]
		}
		layout, ok := parseLayout(token)
		known = known && ok
		return layout
	})
	if !known {
		return Fail()
	}
	at, err := time.Parse(layout, strings.TrimSpace(a[0].String()))
	if err != nil {
		return Fail()
	}
	return Instant(at)
}

func parseLayout(token string) (string, bool) {
	switch token {
	case "YYYY":
		return "2006", true
	case "H":
		return "15", true
	case "m":
		return "4", true
	case "s":
		return "5", true
	}
	return momentLayout(token)
}
