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
	// manyGone is from how many bookings on a disappearance is a question for a
	// person. Somebody who deletes a row or two means it.
	manyGone = 3
	// goneWithin is within what time disappearances count as one.
	goneWithin = time.Minute
)

// departures remembers when bookings that were still to come left the base.
type departures struct {
	mu sync.Mutex
	at map[string]time.Time // by booking; nil while there are none
}

// many reports whether these bookings, with those of the last minute, are too many to
// be taken for meant; if not, it counts them.
func (d *departures) many(gone []string, now time.Time) bool {
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

// stillThere asks for rows by their own IDs, because a reading lacked them, and
// returns those that are there. Of the others, many at once are kept for a person
// to decide on: their tables stay held.
func (l *Ledger) stillThere(ctx context.Context, s *base, absent []store.Row) ([]store.Row, *booking.RecordError) {
	there, gone, t := l.askFor(ctx, s, absent)
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

// alsoGone returns which of the next bookings, beside some, have no row any more
// either. Rows that were deleted in one go are found missing day by day, and a day
// that had few of them looks as if these were meant.
func (l *Ledger) alsoGone(ctx context.Context, s *base, but []store.Row) (gone []string, t *booking.RecordError) {
	from, to := l.bookable()
	next, err := l.cfg.Mirror.Absent(ctx, from, to, but)
	if err != nil {
		return nil, unreadable(err)
	}
	_, gone, t = l.askFor(ctx, s, next[:min(len(next), rowsAtOnce)])
	return gone, t
}

// askFor asks for rows by their own IDs, and returns those that are there and the
// IDs of the live bookings of the others.
func (l *Ledger) askFor(ctx context.Context, s *base, rows []store.Row) (there []store.Row, gone []string, t *booking.RecordError) {
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

// holdMany keeps bookings whose rows are gone for a person to decide on, if they are many.
func (l *Ledger) holdMany(ctx context.Context, gone []string) *booking.RecordError {
	if len(gone) == 0 || !l.departed.many(gone, l.cfg.Now()) {
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
	l.cfg.Log.Error("bookings disappeared from Airtable; their tables stay held until a person decides", "bookings", len(held))
	if l.cfg.Missing != nil && len(held) > 0 {
		l.cfg.Missing(ctx, held)
	}
	return nil
}
