package book

import (
	"context"
	"fmt"
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
	at []time.Time
}

// many reports whether n more are too many to be taken for meant; if not, it counts them.
func (d *departures) many(n int, now time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at = slices.DeleteFunc(d.at, func(at time.Time) bool { return now.Sub(at) > goneWithin })
	if len(d.at)+n >= manyGone {
		return true
	}
	for range n {
		d.at = append(d.at, now)
	}
	return false
}

// stillThere asks for rows by their own IDs, because a reading lacked them, and
// returns those that are there. Of the others, many at once are kept for a person
// to decide on: their tables stay held.
func (b *Book) stillThere(ctx context.Context, s *base, absent []store.Row) ([]store.Row, *booking.Trouble) {
	absent = slices.DeleteFunc(absent, func(row store.Row) bool { return strings.HasSuffix(row.Record, mapping.ShadowMark) })
	if len(absent) == 0 {
		return nil, nil
	}
	records := make([]string, len(absent))
	for i, row := range absent {
		records[i] = row.Record
	}
	found, t := b.recordsNow(ctx, s, records)
	if t != nil {
		return nil, t
	}
	there := rowsOf(s, found)
	var gone []string
	for _, row := range absent {
		if !hasRecord(there, row.Record) && row.Booking.Live() {
			gone = append(gone, row.Booking.ID)
		}
	}
	return there, b.holdMany(ctx, gone)
}

// holdMany keeps bookings whose rows are gone for a person to decide on, if they are many.
func (b *Book) holdMany(ctx context.Context, gone []string) *booking.Trouble {
	if len(gone) == 0 || !b.departed.many(len(gone), b.Now()) {
		return nil
	}
	held, err := b.Mirror.HoldMissing(ctx, gone, booking.Parked{
		At: b.Now(), Cause: booking.ParkedMissing,
		Text: fmt.Sprintf("its row disappeared from Airtable, with %d others", len(gone)-1),
		Mend: "If that was a mistake, undo it in Airtable or retry the entries: their rows are written again. If it was meant, settle them: their tables become free.",
	}, b.Now())
	if err != nil {
		return &booking.Trouble{Kind: booking.Unreachable, Text: "keep bookings that disappeared: " + err.Error()}
	}
	b.Log.Error("bookings disappeared from Airtable; their tables stay held until a person decides", "bookings", len(held))
	if b.Missing != nil && len(held) > 0 {
		b.Missing(ctx, held)
	}
	return nil
}
