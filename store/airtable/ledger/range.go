package ledger

import (
	"context"
	"slices"

	"maitre/booking"
	"maitre/store"
	"maitre/store/airtable"
)

// readRange reads days, both included, by a condition that finds at least their
// rows, and keeps what they say: what was derived from those that changed by it is
// forgotten. It returns how many rows there were.
//
// An answer may lack what is there, so it is not believed unasked. What was known and
// is lacking is asked for by its own ID. A list that lacked what is there, or that is
// empty where something is expected, is asked for once more.
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

// lacking asks for what is known of days and is not among the rows that were read of
// them, and returns what is there all the same.
func (l *Ledger) lacking(ctx context.Context, s *base, from, to booking.Date, rows []store.Row) ([]store.Row, *booking.RecordError) {
	absent, err := l.cfg.Mirror.Absent(ctx, from, to, rows)
	if err != nil {
		return nil, unreadable(err)
	}
	return l.stillThere(ctx, s, absent)
}
