package booking

import (
	"fmt"
	"time"
)

// Date is a service day: the calendar day on whose lunch or dinner a guest
// comes. An arrival at half past midnight belongs to the evening before, so its
// Date is the day before the calendar's.
//
// It counts days since 1970-01-01; the zero value means "no date".
type Date int32

const secondsPerDay = 24 * 60 * 60

// NewDate returns the civil date y-m-d. Values outside their range roll over,
// as in [time.Date].
func NewDate(y int, m time.Month, d int) Date {
	return Date(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / secondsPerDay)
}

// ParseDate reads YYYY-MM-DD.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, fmt.Errorf("date %q: want YYYY-MM-DD, such as 2026-12-24", s)
	}
	return Date(t.Unix() / secondsPerDay), nil
}

// IsZero reports whether d is unset.
func (d Date) IsZero() bool { return d == 0 }

// Civil returns year, month and day.
func (d Date) Civil() (int, time.Month, int) { return d.midnightUTC().Date() }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.midnightUTC().Weekday() }

// AddDays returns the date n days later.
func (d Date) AddDays(n int) Date { return d + Date(n) }

// String returns YYYY-MM-DD.
func (d Date) String() string { var b [10]byte; return string(d.append(b[:0])) }

// MarshalText writes YYYY-MM-DD.
func (d Date) MarshalText() ([]byte, error) { return d.append(nil), nil }

func (d Date) append(to []byte) []byte { return d.midnightUTC().AppendFormat(to, time.DateOnly) }

// UnmarshalText reads YYYY-MM-DD.
func (d *Date) UnmarshalText(text []byte) error {
	parsed, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

func (d Date) midnightUTC() time.Time { return time.Unix(int64(d)*secondsPerDay, 0).UTC() }

// TimeOfDay is a wall-clock time of a service day, in minutes after the
// midnight with which its calendar day begins. A service day runs from 06:00 to
// 06:00, so times lie in [360, 1800): 21:30 is 1290, and half past midnight,
// still the same evening, is 1470.
type TimeOfDay int

const (
	minutesPerDay = 24 * 60
	// DayBegins is the first minute of a service day, 06:00. Earlier clock
	// times belong to the service day before.
	DayBegins TimeOfDay = 6 * 60
	// DayEnds is the first minute after a service day.
	DayEnds = DayBegins + minutesPerDay
)

// NewTimeOfDay returns the service-day time that a clock shows as hour:minute:
// anything before 06:00 is after midnight of the same evening.
func NewTimeOfDay(hour, minute int) TimeOfDay {
	t := TimeOfDay(hour*60 + minute)
	if t < DayBegins {
		t += minutesPerDay
	}
	return t
}

// ParseTimeOfDay reads HH:MM, from 00:00 to 23:59.
func ParseTimeOfDay(s string) (TimeOfDay, error) {
	t, err := time.Parse("15:04", s)
	if err != nil {
		return 0, fmt.Errorf("time %q: want HH:MM, such as 21:30", s)
	}
	return NewTimeOfDay(t.Hour(), t.Minute()), nil
}

// String returns HH:MM as a clock shows it: 1470 is "00:30".
func (t TimeOfDay) String() string {
	m := (int(t)%minutesPerDay + minutesPerDay) % minutesPerDay
	hour, minute := m/60, m%60
	clock := [5]byte{byte('0' + hour/10), byte('0' + hour%10), ':', byte('0' + minute/10), byte('0' + minute%10)}
	return string(clock[:])
}

// AfterMidnight reports whether the clock has passed midnight since the service day began.
func (t TimeOfDay) AfterMidnight() bool { return t >= minutesPerDay }

// MarshalText writes HH:MM.
func (t TimeOfDay) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads HH:MM.
func (t *TimeOfDay) UnmarshalText(text []byte) error {
	parsed, err := ParseTimeOfDay(string(text))
	if err != nil {
		return err
	}
	*t = parsed
	return nil
}

// Instant returns the moment at which a clock in loc shows t on service day d.
// It reports false when no clock shows it: the hour that is skipped in spring.
// Of the hour that comes twice in autumn it returns the first.
func (d Date) Instant(t TimeOfDay, loc *time.Location) (time.Time, bool) {
	y, m, day := d.Civil()
	at := time.Date(y, m, day, 0, int(t), 0, 0, loc)
	wall := int(t) % minutesPerDay
	if at.Hour()*60+at.Minute() != wall {
		return at, false
	}
	if first := at.Add(-time.Hour); first.Hour() == at.Hour() && first.Minute() == at.Minute() {
		at = first
	}
	return at, true
}

// ServiceDay returns the service day and the time of day of a moment as seen on
// a clock in loc.
func ServiceDay(at time.Time, loc *time.Location) (Date, TimeOfDay) {
	at = at.In(loc)
	t := NewTimeOfDay(at.Hour(), at.Minute())
	d := NewDate(at.Date())
	if t.AfterMidnight() {
		d--
	}
	return d, t
}
