package store

import (
	"context"
	"errors"
	"time"

	"maitre/booking"
)

// ErrNoReason is returned by Settle when it is not told why.
var ErrNoReason = errors.New("say why the entry is settled")

// Settle notes a person's word that an entry, pending or parked, needs no more:
// what shall stand in the system of record is from now on what stood there before,
// or, of a booking that was not there, that it is cancelled. The entry is due at
// once and holds its tables until that is known to stand; nobody is told of it. It
// returns the entry as it was. An entry that was settled before is due at once.
//
// Errors: [ErrNoEntry], [ErrNoReason], and see [Journal].
func (j *Journal) Settle(ctx context.Context, id, why string, now time.Time) (booking.JournalEntry, error) {
	if why == "" {
		return booking.JournalEntry{}, ErrNoReason
	}
	f := j.file
	var (
		e    *booking.JournalEntry
		done effects
	)
	err := f.commit(ctx, func(t *tx) (err error) {
		done = effects{}
		if e, err = t.entry(id); err != nil || e == nil {
			return err
		}
		if e.Settled != nil {
			_, err := t.alterEntry(id, func(e *booking.JournalEntry) (bool, error) {
				again := *e.Settled // it may be parked once more
				again.Gone = again.Gone || knownGone(e)
				e.Settled = &again
				makeDue(e, now)
				return true, nil
			}, &done)
			return err
		}
		known, err := t.known(e.Booking.ID)
		if err != nil {
			return err
		}
		f.shelf.marks.touch(e.Booking.ID)
		next := settled(*e, why, plain(now))
		b := next.Booking
		done.bookings = append(done.bookings, bookingEffect{now: &b, was: known})
		done.enter(&next, e)
		return errors.Join(t.mirrorBooking(&b, known, today(f.now())), t.putEntry(&next, e))
	}, func() { f.publish(&done) })
	switch {
	case err != nil:
		return booking.JournalEntry{}, err
	case e == nil:
		return booking.JournalEntry{}, noEntry(id)
	}
	return *e, nil
}

// knownGone reports whether an entry waits for a person because its row is not there.
func knownGone(e *booking.JournalEntry) bool {
	return e.Parked != nil && (e.Parked.Cause == booking.ParkedMissing || e.Parked.Row != nil && e.Parked.Row.Missing())
}

// settled is what becomes of an entry when a person says that it needs no more.
func settled(e booking.JournalEntry, why string, now time.Time) booking.JournalEntry {
	var b booking.Booking
	if e.Parked != nil && e.Parked.Cause == booking.ParkedMissing {
		e.Was = nil // what was there is not there any more
	}
	switch {
	case e.Undo != nil:
		b = asKept(*e.Undo)
	case e.Was != nil:
		b = asKept(*e.Was)
	default:
		b = asKept(e.Booking)
		b.Status, b.HeldUntil = booking.Cancelled, time.Time{}
		changedAt(&b, now)
	}
	gone := knownGone(&e)
	next := folded(e, b, now)
	next.Owed, next.Untold, next.Undo = nil, true, nil
	next.Settled = &booking.Settled{At: now, Why: why, Gone: gone}
	return next
}
