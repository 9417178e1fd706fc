package formula

import (
	"math"
	"strings"
	"time"
)

func dates(name string) (function, bool) {
	switch name {
	case "NOW":
		return strict(0, 0, func(m *machine, _ []Value) Value { return Instant(m.Now) })
	case "TODAY": // the day in UTC
		return strict(0, 0, func(m *machine, _ []Value) Value { return Instant(startOf(m.Now.UTC(), "day")) })
	case "CREATED_TIME":
		return strict(0, 0, func(m *machine, _ []Value) Value { return Instant(m.Created) })
	case "LAST_MODIFIED_TIME":
		return function{most: -1, lazy: lastModified, fields: true}, true
	case "IS_BEFORE":
		return strict(2, 3, comparing(func(a, b time.Time) bool { return a.Before(b) }))
	case "IS_AFTER":
		return strict(2, 3, comparing(func(a, b time.Time) bool { return a.After(b) }))
	case "IS_SAME":
		return strict(2, 3, comparing(func(a, b time.Time) bool { return a.Equal(b) }))
	case "DATEADD":
		return strict(3, 3, dateAdd)
	case "DATETIME_DIFF":
		return strict(2, 3, dateDiff)
	case "DATETIME_PARSE":
		return strict(1, 3, dateParse)
	case "DATETIME_FORMAT":
		return strict(1, 2, dateFormat)
	case "SET_TIMEZONE":
		return strict(2, 2, setTimeZone)
	case "DATESTR":
		return strict(1, 1, func(m *machine, a []Value) Value { return dateFormat(m, []Value{a[0], Str("YYYY-MM-DD")}) })
	case "TIMESTR":
		return strict(1, 1, func(m *machine, a []Value) Value { return dateFormat(m, []Value{a[0], Str("HH:mm:ss")}) })
	case "YEAR":
		return strict(1, 1, partOf(time.Time.Year))
	case "MONTH":
		return strict(1, 1, partOf(func(at time.Time) int { return int(at.Month()) }))
	case "DAY":
		return strict(1, 1, partOf(time.Time.Day))
	case "HOUR":
		return strict(1, 1, partOf(time.Time.Hour))
	case "MINUTE":
		return strict(1, 1, partOf(time.Time.Minute))
	case "SECOND":
		return strict(1, 1, partOf(time.Time.Second))
	case "WEEKDAY":
		return strict(1, 1, partOf(func(at time.Time) int { return int(at.Weekday()) }))
	}
	return function{}, false
}

// date reads a date: one, or a text in ISO 8601 or the US way. Without an offset
// it is UTC. An empty cell is no date, and what is computed of it an error [?].
func date(v Value) (time.Time, bool) {
	switch v.kind {
	case Date:
		return v.at, true
	case List:
		if len(v.list) == 1 {
			return date(v.list[0])
		}
	case Text:
		s := strings.TrimSpace(v.text)
		for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00", "2006-01-02 15:04:05Z07:00",
			"2006-01-02T15:04:05.999999999", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04",
			time.DateOnly, "1/2/2006", "1/2/2006 15:04", "1/2/2006 3:04pm", "January 2, 2006", "Jan 2, 2006",
			"2 January 2006", "2 Jan 2006"} {
			if at, err := time.Parse(layout, s); err == nil {
				v := Instant(at)
				return v.at, v.kind == Date
			}
		}
	}
	return time.Time{}, false
}

// comparing compares two dates in UTC, to a unit when there is one.
func comparing(do func(a, b time.Time) bool) func(*machine, []Value) Value {
	return func(_ *machine, a []Value) Value {
		x, okx := date(a[0])
		y, oky := date(a[1])
		if !okx || !oky {
			return Fail()
		}
		if len(a) > 2 {
			unit, ok := unitOf(a[2].String())
			if !ok {
				return Fail()
			}
			x, y = startOf(x, unit), startOf(y, unit)
		}
		return Boolean(do(x, y))
	}
}

func partOf(part func(time.Time) int) func(*machine, []Value) Value {
	return func(_ *machine, a []Value) Value {
		at, ok := date(a[0])
		if !ok {
			return Fail()
		}
		return Num(float64(part(at)))
	}
}

// unitOf reads a unit as moment.js does.
func unitOf(s string) (string, bool) {
	switch s {
	case "y", "Q", "M", "w", "d", "h", "m", "s", "ms":
		return map[string]string{"y": "year", "Q": "quarter", "M": "month", "w": "week", "d": "day",
			"h": "hour", "m": "minute", "s": "second", "ms": "millisecond"}[s], true
	}
	unit := strings.TrimSuffix(strings.ToLower(s), "s")
	switch unit {
	case "year", "quarter", "month", "week", "day", "hour", "minute", "second", "millisecond":
		return unit, true
	}
	return "", false
}

// startOf is the beginning of the unit that an instant lies in; weeks begin on
// Sunday.
func startOf(at time.Time, unit string) time.Time {
	year, month, day := at.Date()
	switch unit {
	case "year":
		return time.Date(year, 1, 1, 0, 0, 0, 0, at.Location())
	case "quarter":
		return time.Date(year, (month-1)/3*3+1, 1, 0, 0, 0, 0, at.Location())
	case "month":
		return time.Date(year, month, 1, 0, 0, 0, 0, at.Location())
	case "week":
		return time.Date(year, month, day-int(at.Weekday()), 0, 0, 0, 0, at.Location())
	case "day":
		return time.Date(year, month, day, 0, 0, 0, 0, at.Location())
	case "hour":
		return at.Truncate(time.Hour)
	case "minute":
		return at.Truncate(time.Minute)
	case "second":
		return at.Truncate(time.Second)
	}
	return at.Truncate(time.Millisecond)
}

// small reads a whole number that no calendar overflows on.
func small(v Value) (int, bool) {
	n, ok := v.number()
	if !ok || math.Abs(n) > 1e9 {
		return 0, false
	}
	return int(n), true
}

func dateAdd(_ *machine, a []Value) Value {
	at, okAt := date(a[0])
	n, okN := small(a[1])
	unit, okUnit := unitOf(a[2].String())
	if !okAt || !okN || !okUnit {
		return Fail()
	}
	switch unit {
	case "year":
		return addMonths(at, n, 12)
	case "quarter":
		return addMonths(at, n, 3)
	case "month":
		return addMonths(at, n, 1)
	case "week":
		return addDays(at, n, 7)
	case "day":
		return addDays(at, n, 1)
	}
	// A billion hours overflows a Duration: go in seconds.
	seconds := map[string]int64{"hour": 3600, "minute": 60, "second": 1}[unit]
	if unit == "millisecond" {
		return Instant(at.Add(time.Duration(n) * time.Millisecond))
	}
	return instantAt(at.Unix()+int64(n)*seconds, at.Nanosecond())
}

func instantAt(seconds int64, nanos int) Value {
	return Instant(time.Unix(seconds, int64(nanos)).UTC())
}

func addDays(at time.Time, n, each int) Value {
	return instantAt(at.Unix()+int64(n)*int64(each)*86_400, at.Nanosecond())
}

// addMonths stays within the month: a month after January 31st is the last day of
// February.
func addMonths(at time.Time, n, each int) Value {
	months := n * each
	if months > 12*10_000 || months < -12*10_000 {
		return Fail()
	}
	year, month, day := at.Date()
	first := time.Date(year, month+time.Month(months), 1, at.Hour(), at.Minute(), at.Second(), at.Nanosecond(), time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return Instant(first.AddDate(0, 0, min(day, last)-1))
}

// dateDiff counts whole units, seconds unless told otherwise.
func dateDiff(_ *machine, a []Value) Value {
	x, okx := date(a[0])
	y, oky := date(a[1])
	unit, okUnit := "second", true
	if len(a) > 2 {
		unit, okUnit = unitOf(a[2].String())
	}
	if !okx || !oky || !okUnit {
		return Fail()
	}
	if months := map[string]int{"year": 12, "quarter": 3, "month": 1}[unit]; months > 0 {
		return Num(float64(monthsBetween(x, y) / months))
	}
	ms := float64(x.UnixMilli() - y.UnixMilli())
	size := map[string]float64{"week": 604_800_000, "day": 86_400_000, "hour": 3_600_000, "minute": 60_000,
		"second": 1000, "millisecond": 1}[unit]
	return Num(math.Trunc(ms / size))
}

func monthsBetween(x, y time.Time) int {
	if x.Before(y) {
		return -monthsBetween(y, x)
	}
	n := (x.Year()-y.Year())*12 + int(x.Month()) - int(y.Month())
	if n > 0 {
		if back := addMonths(y, n, 1); back.kind == Date && back.at.After(x) {
			n--
		}
	}
	return n
}

// setTimeZone marks a date for DATETIME_FORMAT, which alone heeds it [?].
func setTimeZone(_ *machine, a []Value) Value {
	at, ok := date(a[0])
	name := a[1].String()
	if !ok || name == "" || name == "Local" {
		return Fail()
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return Fail()
	}
	v := Instant(at)
	v.zone = zone
	return v
}

// lastModified is when the fields it names, or any, were last written.
func lastModified(m *machine, args []node) Value {
	refs := make([]string, 0, len(args))
	for _, arg := range args {
		if ref, ok := arg.(reference); ok {
			refs = append(refs, string(ref))
		}
	}
	if m.Modified == nil {
		return Value{}
	}
	at := m.Modified(refs)
	if at.IsZero() {
		return Value{}
	}
	return Instant(at)
}
