package restaurantfile

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2/unstable"
	"golang.org/x/text/unicode/norm"

	"maitre/booking"
)

// text bounds, in characters.
const (
	maxName = 80
	maxText = 600 // what an assistant can say in one breath and a message can hold
)

// str returns a text on one line: line breaks within it become spaces, since
// everything that guests hear or read is a single line.
func (v *value) str(most int) string {
	if v == nil {
		return ""
	}
	if v.kind != unstable.String {
		v.wrong("is not a text", `put it in quotes: "…"`)
		return ""
	}
	s := strings.Join(strings.Fields(norm.NFC.String(v.text)), " ")
	switch {
	case s == "":
		v.wrong("is empty", "write the text, or take the key away")
	case utf8.RuneCountInString(s) > most:
		v.wrong(fmt.Sprintf("is longer than %d characters", most), "shorten it")
	case strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || r == utf8.RuneError }):
		v.wrong("holds control characters", "type it anew")
	default:
		return s
	}
	return ""
}

// guestText returns what guests read: by language, or a bare text in the first language.
func (v *value) guestText(most int) booking.Text {
	if v == nil {
		return nil
	}
	first := booking.Lang(v.reader.languages[0])
	if v.kind == unstable.String {
		return booking.Text{first: v.str(most)}
	}
	if v.kind != unstable.Table {
		v.wrong("is not a text", fmt.Sprintf(`write "…", or by language: { %s = "…" }`, first))
		return nil
	}
	said := booking.Text{}
	for _, lang := range v.keys {
		word := &value{v.reader, v.path + "." + lang, v.fields[lang]}
		if !slices.Contains(v.reader.languages, lang) {
			word.wrong("is in a language that the house does not speak",
				fmt.Sprintf("add %q to languages at the top, or take it away (spoken: %s)", lang, strings.Join(v.reader.languages, ", ")))
			continue
		}
		said[booking.Lang(lang)] = word.str(most)
	}
	if len(v.keys) == 0 {
		v.wrong("is empty", fmt.Sprintf(`write { %s = "…" }, or take the key away`, first))
	}
	return said
}

// number returns a whole number between least and most, or def when the key is absent.
func (v *value) number(least, most, def int) int {
	if v == nil {
		return def
	}
	n, err := strconv.ParseInt(strings.ReplaceAll(v.text, "_", ""), 0, 64)
	if v.kind != unstable.Integer || err != nil {
		v.wrong("is not a whole number", fmt.Sprintf("write a number from %d to %d, without quotes", least, most))
		return def
	}
	if n < int64(least) || n > int64(most) {
		v.wrong("is out of range", fmt.Sprintf("write a number from %d to %d", least, most))
		return def
	}
	return int(n)
}

// yes returns a true or false; false when the key is absent.
func (v *value) yes() bool {
	if v == nil {
		return false
	}
	if v.kind != unstable.Bool {
		v.wrong("is neither true nor false", "write true or false, without quotes")
	}
	return v.kind == unstable.Bool && v.text == "true"
}

// clock returns a time of the service day, written "21:30" or 21:30; before 06:00 it is after midnight.
func (v *value) clock() booking.TimeOfDay {
	if v == nil {
		return 0
	}
	s := strings.TrimSpace(v.text)
	if v.kind == unstable.LocalTime && len(s) == len("21:30:00") {
		s = strings.TrimSuffix(s, ":00")
	}
	t, err := booking.ParseTimeOfDay(s)
	if err == nil && (v.kind == unstable.String || v.kind == unstable.LocalTime) {
		return t
	}
	fix := `write hours and minutes, such as "21:30"`
	if digits := looseTime.FindStringSubmatch(s); digits != nil {
		if digits[1] == "24" {
			digits[1] = "00"
		}
		if t, err := booking.ParseTimeOfDay(digits[1] + ":" + (digits[2] + "00")[:2]); err == nil {
			fix = fmt.Sprintf("write %q", t)
		}
	}
	v.wrong("is not a time of day", fix)
	return 0
}

var (
	// looseTime is how people write times otherwise: 21.30, 21h30, 21 h, 24:00.
	looseTime = regexp.MustCompile(`^(\d{1,2})[:.,hH ]?(\d{2})?\s?[hH]?$`)

	slashed  = regexp.MustCompile(`^(\d{1,2})[/.-](\d{1,2})[/.-](20\d\d)$`)
	earliest = booking.NewDate(2000, time.January, 1)
	latest   = booking.NewDate(2100, time.January, 1)
)

// date returns a day, written "2026-12-25" or 2026-12-25.
func (v *value) date() booking.Date {
	if v == nil {
		return 0
	}
	if v.kind == unstable.String || v.kind == unstable.LocalDate {
		d, ok := parseDate(v)
		if ok {
			return d
		}
		return 0
	}
	v.wrong("is not a date", "write year, month and day, such as 2026-12-25")
	return 0
}

func parseDate(v *value) (booking.Date, bool) {
	d, err := booking.ParseDate(v.text)
	switch parts := slashed.FindStringSubmatch(v.text); {
	case err == nil && d >= earliest && d < latest:
		return d, true
	case err == nil:
		v.wrong("is not a date of this century", "mend the year")
	case parts != nil:
		day, _ := strconv.Atoi(parts[1])
		month, _ := strconv.Atoi(parts[2])
		v.wrong("is not a date", fmt.Sprintf("write the year first: %s-%02d-%02d", parts[3], month, day))
	default:
		v.wrong("is not a date", "write year, month and day of a day that exists, such as 2026-12-25")
	}
	return 0, false
}

// span is days, then hours with their minutes, or minutes alone: 2d, 1h45m, 1h45, 105m.
var span = regexp.MustCompile(`^(?:(\d{1,3})\s*d)?\s*(?:(\d{1,4})\s*h\s*(?:(\d{1,2})\s*(?:m|min)?)?|(\d{1,5})\s*(?:m|min))?$`)

// duration returns a length of time between least and most, written "1h45m",
// "1h45", "105m", "2d" or as a bare number of minutes; def when the key is absent.
func (v *value) duration(least, most, def time.Duration) time.Duration {
	if v == nil {
		return def
	}
	const fix = `write hours and minutes, such as "1h45m", or a number of minutes`
	var d time.Duration
	switch v.kind {
	case unstable.Integer:
		n, err := strconv.ParseInt(strings.ReplaceAll(v.text, "_", ""), 0, 32)
		if err != nil {
			n = -1
		}
		d = time.Duration(n) * time.Minute
	case unstable.String:
		parts := span.FindStringSubmatch(strings.ToLower(strings.TrimSpace(v.text)))
		if parts == nil || parts[0] == "" {
			v.wrong("is not a length of time", fix)
			return def
		}
		for i, unit := range []time.Duration{24 * time.Hour, time.Hour, time.Minute, time.Minute} {
			n, _ := strconv.Atoi(parts[i+1]) // empty: 0; the pattern bounds the rest
			d += time.Duration(n) * unit
		}
	default:
		v.wrong("is not a length of time", fix)
		return def
	}
	if d < least || d > most {
		v.wrong("is out of range", fmt.Sprintf("write from %s to %s", spell(least), spell(most)))
		return def
	}
	return d
}

// spell writes a length of time as the file does: 1h45m.
func spell(d time.Duration) string {
	hours, minutes := d/time.Hour, d%time.Hour/time.Minute
	switch {
	case minutes == 0 && hours > 0 && hours%24 == 0:
		return fmt.Sprintf("%dd", hours/24)
	case minutes == 0 && hours > 0:
		return fmt.Sprintf("%dh", hours)
	case hours == 0:
		return fmt.Sprintf("%dm", minutes)
	default:
		return fmt.Sprintf("%dh%dm", hours, minutes)
	}
}
