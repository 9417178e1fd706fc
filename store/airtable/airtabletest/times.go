package airtabletest

import (
	"strings"
	"time"
)

// date takes a day, or the day (UTC) of an instant [?].
func (p *plan) date(f *field, v any) (any, error) {
	s, ok := v.(string)
	if !ok {
		return nil, badValue(f)
	}
	if s = strings.TrimSpace(s); s == "" {
		return nil, nil
	}
	if d, err := time.Parse(time.DateOnly, s); err == nil {
		return d.Format(time.DateOnly), nil
	}
	if at, ok := parseInstant(s, time.UTC); ok {
		return at.UTC().Format(time.DateOnly), nil
	}
	if p.typecast {
		for _, layout := range []string{"1/2/2006", "January 2, 2006", "Jan 2, 2006", "2 January 2006", "2 Jan 2006"} {
			if d, err := time.Parse(layout, s); err == nil {
				return d.Format(time.DateOnly), nil
			}
		}
	}
	return nil, badValue(f)
}

// instant takes a time with its offset as it is, and one without as the field's
// zone has it, unless that is "utc" or "client".
func (p *plan) instant(f *field, v any) (any, error) {
	s, ok := v.(string)
	if !ok {
		return nil, badValue(f)
	}
	if s = strings.TrimSpace(s); s == "" {
		return nil, nil
	}
	at, ok := parseInstant(s, f.zone())
	if !ok {
		return nil, badValue(f)
	}
	return formatInstant(at), nil
}

func (f *field) zone() *time.Location {
	if f.Options == nil || f.Options.TimeZone == "utc" || f.Options.TimeZone == "client" || f.Options.TimeZone == "" {
		return time.UTC
	}
	zone, err := time.LoadLocation(f.Options.TimeZone)
	if err != nil {
		return time.UTC
	}
	return zone
}

func parseInstant(s string, zone *time.Location) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00", "2006-01-02 15:04:05Z07:00",
		"2006-01-02T15:04:05Z0700"} {
		if at, err := time.Parse(layout, s); err == nil {
			return inRange(at)
		}
	}
	for _, layout := range []string{"2006-01-02T15:04:05.999999999", "2006-01-02T15:04", "2006-01-02 15:04:05",
		"2006-01-02 15:04", time.DateOnly} {
		if at, err := time.ParseInLocation(layout, s, zone); err == nil {
			return inRange(at)
		}
	}
	return time.Time{}, false
}

// inRange refuses what cannot be written with four digits for the year in UTC.
func inRange(at time.Time) (time.Time, bool) {
	year := at.UTC().Year()
	return at, year >= 0 && year <= 9999
}

func formatInstant(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000Z") }
