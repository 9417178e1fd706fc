package ledger

import (
	"context"
	"slices"

	"maitre/booking"
	"maitre/store"
	"maitre/store/airtable"
)

// readRange reads days, both included, by a condition that finds at least their
// rows, into the mirror, and invalidates what was derived from days that changed. It
// returns how many rows there were.
//
// An answer may lack rows that exist. Known rows that it lacks are read by record ID.
// A list that lacked a row that exists, or that is empty where something is expected,
// is read once more.
func (l *Ledger) readRange(ctx context.Context, s *base, from, to booking.Date, where airtable.Formula, expected bool) (n int, t *booking.RecordError) {
	for again := true; ; again = false {
		since, now := l.cfg.Mirror.Version(), l.readingNow()
		rows, t := l.list(ctx, s, where)
		if t != nil {
			return 0, t
		}
		if len(rows) == 0 && expected && again {
			continue
		}
		rows = slices.DeleteFunc(rows, func(row store.Row) bool { return from == to && row.Booking.Date != from })
		there, t := l.lacking(ctx, s, from, to, rows)
		if t != nil {
			return 0, t
		}
		if again && slices.ContainsFunc(there, func(row store.Row) bool { return from <= row.Booking.Date && row.Booking.Date <= to }) {
			continue
		}
		rows = append(rows, there...)
		changed, err := l.cfg.Mirror.ReplaceDays(ctx, from, to, rows, since, now)
		l.Touch(changed...)
		if err != nil {
			return 0, &booking.RecordError{Kind: booking.Unreachable, Text: "keep what was read: " + err.Error()}
		}
		l.recent.read(from, to)
		return len(rows), nil
	}
}

// lacking reads by record ID the known rows of days that are not among the rows that
// were read, and returns those that exist.
func (l *Ledger) lacking(ctx context.Context, s *base, from, to booking.Date, rows []store.Row) ([]store.Row, *booking.RecordError) {
	absent, err := l.cfg.Mirror.Absent(ctx, from, to, rows)
	if err != nil {
		return nil, unreadable(err)
	}
	return l.stillThere(ctx, s, absent)
}
