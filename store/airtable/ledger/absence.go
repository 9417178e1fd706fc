package ledger

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"maitre/booking"
	"maitre/store"
	"maitre/store/airtable/mapping"
)

const (
	// manyGone is how many bookings must disappear for a person to be asked. Whoever
	// deletes one or two rows means it.
	manyGone = 3
	// goneWithin is the time within which disappearances count together.
	goneWithin = time.Minute
)

// disappearances remembers when future bookings disappeared from the base.
type disappearances struct {
	mu sync.Mutex
	at map[string]time.Time // by booking; nil while there are none
}

// many reports whether these bookings, with those of the last minute, are too many
// to have been deleted on purpose; if not, it counts them.
func (d *disappearances) many(gone []string, now time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	maps.DeleteFunc(d.at, func(_ string, at time.Time) bool { return now.Sub(at) > goneWithin })
	counted := maps.Clone(d.at)
	if counted == nil {
		counted = map[string]time.Time{}
	}
	for _, id := range gone {
		counted[id] = now // found missing twice it counts once
	}
	if len(counted) >= manyGone {
		return true
	}
	d.at = counted
	return false
}

// stillThere reads by record ID the rows that a reading lacked, and returns those
// that exist. If many others disappeared at once, their tables stay held until a
// person decides.
func (l *Ledger) stillThere(ctx context.Context, s *base, absent []store.Row) ([]store.Row, *booking.RecordError) {
	there, gone, t := l.readByRecord(ctx, s, absent)
	if t == nil && len(gone) > 0 && len(gone) < manyGone {
		var others []string
		others, t = l.alsoGone(ctx, s, absent)
		gone = append(gone, others...)
	}
	if t != nil {
		return nil, t
	}
	return there, l.holdMany(ctx, gone)
}

// alsoGone returns which of the next bookings, but for some, have no row any more.
// Rows that were deleted together are found missing day by day, and few of them may
// be on one day.
func (l *Ledger) alsoGone(ctx context.Context, s *base, but []store.Row) (gone []string, t *booking.RecordError) {
	from, to := l.bookable()
	next, err := l.cfg.Mirror.Absent(ctx, from, to, but)
	if err != nil {
		return nil, unreadable(err)
	}
	_, gone, t = l.readByRecord(ctx, s, next[:min(len(next), rowsAtOnce)])
	return gone, t
}

// readByRecord reads rows by record ID, and returns those that exist and the
// booking IDs of the live ones that do not.
func (l *Ledger) readByRecord(ctx context.Context, s *base, rows []store.Row) (there []store.Row, gone []string, t *booking.RecordError) {
	rows = slices.DeleteFunc(rows, func(row store.Row) bool { return strings.HasSuffix(row.Record, mapping.ShadowMark) })
	if len(rows) == 0 {
		return nil, nil, nil
	}
	records := make([]string, len(rows))
	for i, row := range rows {
		records[i] = row.Record
	}
	found, t := l.recordsNow(ctx, s, records)
	if t != nil {
		return nil, nil, t
	}
	there = rowsOf(s, found)
	for _, row := range rows {
		if !hasRecord(there, row.Record) && row.Booking.Live() {
			gone = append(gone, row.Booking.ID)
		}
	}
	return there, gone, nil
}

// holdMany parks bookings whose rows disappeared, if they are many.
func (l *Ledger) holdMany(ctx context.Context, gone []string) *booking.RecordError {
	if len(gone) == 0 || !l.disappeared.many(gone, l.cfg.Now()) {
		return nil
	}
	held, err := l.cfg.Mirror.HoldMissing(ctx, gone, booking.Parked{
		At: l.cfg.Now(), Cause: booking.ParkedMissing,
		Text: fmt.Sprintf("its row disappeared from Airtable, with %d others", len(gone)-1),
		Fix:  "If that was a mistake, undo it in Airtable or retry the entries: their rows are written again. If it was meant, settle them: their tables become free.",
	}, l.cfg.Now())
	if err != nil {
		return &booking.RecordError{Kind: booking.Unreachable, Text: "keep bookings that disappeared: " + err.Error()}
	}
	if len(held) == 0 {
		return nil // they wait for a person already
	}
	l.cfg.Log.Error("bookings disappeared from Airtable; their tables stay held until a person decides", "bookings", len(held))
	if l.cfg.Missing != nil {
		l.cfg.Missing(ctx, held)
	}
	return nil
}
