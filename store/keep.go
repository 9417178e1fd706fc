package store

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"maitre/booking"
)

// The bounds of one transaction of ReplaceDays, in rows and in days, so that guests'
// bookings do not wait long behind it.
const (
	rowsAtOnce = 200
	daysAtOnce = 31
)

// ReplaceDays makes the mirror of the service days from a date to another, both
// included, say what was read of them, in transactions of bounded size, and remembers
// of which moment that is true. since is the version that was taken before the read was
// sent. It returns which dates' bookings it changed, those from which a booking moved
// included, sorted, each once, also with an error, after which some of the days may be
// kept.
//
// Rows are put; bookings of the days that are not among them, and were a row, are
// removed. Left as they are: bookings that have a journal entry, and bookings
// that were touched after since (written, settled, kept by [Mirror.KeepRows]),
// because what was read of them may be older. A booking that
// never was a row is not removed either. When a read of a day that was sent later was
// kept already, this one changes nothing of it.
//
// What the system of record cannot hold is carried over from what is known. A row
// that then says what is known changes nothing; of one that says something else,
// Updated becomes the reading's moment. When two rows claim to be one booking (the staff
// copied one), the one that was it before is it still, and the other is a booking named
// by its record, so that its table is held too.
//
// Errors: [ErrReadTooOld], [booking.ErrNotKept].
func (m *Mirror) ReplaceDays(ctx context.Context, from, to booking.Date, rows []Row, since Version, reading Reading) ([]booking.Date, error) {
	if err := m.checkRows(rows); err != nil {
		return nil, err
	}
	changed := make(map[booking.Date]bool)
	byDate := make(map[booking.Date][]Row)
	records := make(map[string]bool, len(rows))
	for _, row := range rows {
		records[row.Record] = true
		at := min(max(row.Booking.Date, from), to) // a row of another day is put, and no more
		byDate[at] = append(byDate[at], row)
	}
	for from <= to {
		last, n := from, len(byDate[from])
		for last < to && last-from < daysAtOnce-1 && n+len(byDate[last+1]) <= rowsAtOnce {
			last++
			n += len(byDate[last])
		}
		k := &keeping{file: m.file, since: since, asOf: plain(reading.AsOf), feed: reading.Feed, from: from, to: last, records: records}
		for date := from; date <= last; date++ {
			k.rows = append(k.rows, byDate[date]...)
		}
		if err := k.commit(ctx); err != nil {
			return slices.Sorted(maps.Keys(changed)), err
		}
		for _, date := range k.changed {
			changed[date] = true
		}
		from = last + 1
	}
	return slices.Sorted(maps.Keys(changed)), nil
}

// KeepRows keeps single rows that changed, by the rules of [Mirror.ReplaceDays], and
// removes the bookings of records that are gone. It returns the dates whose
// bookings it changed, old and new, sorted, each once, also with an error, before
// which it may have kept some. A row that says what is
// known already changes none: it may be the echo of our own write.
//
// Errors: [ErrReadTooOld], [booking.ErrNotKept].
func (m *Mirror) KeepRows(ctx context.Context, rows []Row, gone []string, since Version) ([]booking.Date, error) {
	changed, _, err := m.KeepChanges(ctx, rows, gone, since)
	return changed, err
}

// Left is a booking that was left as it is known, although what was read says
// something else.
type Left struct {
	ID   string
	Date booking.Date
}

// KeepChanges is KeepRows for whoever learns of each change once: left are the
// bookings for which what was read came too early or too late, and which must be
// read again; those that wait in the journal ([Mirror.Waits]) not before they are
// written. One that was or is on two dates comes twice.
func (m *Mirror) KeepChanges(ctx context.Context, rows []Row, gone []string, since Version) (dates []booking.Date, left []Left, err error) {
	if err := m.checkRows(rows); err != nil {
		return nil, nil, err
	}
	changed := make(map[booking.Date]bool)
	records := make(map[string]bool, len(rows))
	for _, row := range rows {
		records[row.Record] = true
	}
	missing := make(map[string]bool, len(gone))
	for _, record := range gone {
		missing[record] = true
	}
	for len(rows)+len(gone) > 0 {
		k := &keeping{file: m.file, since: since, asOf: plain(m.file.now()), single: true, records: records, missing: missing}
		k.rows, rows = cut(rows)
		k.gone, gone = cut(gone)
		if err := k.commit(ctx); err != nil {
			return slices.Sorted(maps.Keys(changed)), left, err
		}
		left = append(left, k.left...)
		for _, date := range k.changed {
			changed[date] = true
		}
	}
	return slices.Sorted(maps.Keys(changed)), left, nil
}

func cut[T any](all []T) (some, rest []T) {
	n := min(len(all), rowsAtOnce)
	return all[:n], all[n:]
}

func (m *Mirror) checkRows(rows []Row) error {
	for i := range rows {
		if row := &rows[i]; row.Record == "" || row.Booking.ID == "" || row.Booking.Date.IsZero() {
			return notKept(m.file.path, fmt.Errorf("row %q is booking %q on %s: want all three", row.Record, row.Booking.ID, row.Booking.Date))
		}
	}
	return nil
}
