package store

import (
	"context"
	"errors"
	"time"

	"maitre/booking"
)

// ErrNoReason is returned by Settle when it is not told why.
var ErrNoReason = errors.New("say why the entry is settled")

// Settle ends an entry by a person's decision, whether it is pending or parked:
// it goes into the archive with the reason, and the mirror says again how the
// booking stands in the system of record as far as is known; if it is not there,
// the booking is removed. It returns the entry as it was.
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
		f.shelf.marks.touch(e.Booking.ID)
		if err := t.goBack(e, today(f.now()), &done); err != nil {
			return err
		}
		done.left = []*booking.JournalEntry{e}
		return t.archive(e, Archived{Entry: *e, Ended: EndedSettled, At: plain(now), Why: why})
	}, func() { f.publish(&done) })
	switch {
	case err != nil:
		return booking.JournalEntry{}, err
	case e == nil:
		return booking.JournalEntry{}, noEntry(id)
	}
	return *e, nil
}

// goBack makes the mirror say what it would without an entry's wishes.
func (t *tx) goBack(e *booking.JournalEntry, today booking.Date, done *effects) error {
	known, err := t.known(e.Booking.ID)
	if err != nil {
		return err
	}
	switch {
	case e.Was != nil:
		was := copyOf(e.Was) // e goes to the caller
		done.bookings = append(done.bookings, bookingEffect{now: was, was: known})
		return t.mirrorBooking(was, known, today)
	case known != nil:
		done.bookings = append(done.bookings, bookingEffect{was: known})
		return t.remove(known)
	}
	return nil
}
