package store

import (
	"context"
	"errors"
	"slices"
	"time"

	"maitre/booking"
)

// ErrNoReason is returned by Settle when no reason is given.
var ErrNoReason = errors.New("say why the entry is settled")

// Settle notes that a person closed an entry, pending or parked: what is to be
// written to the system of record is now what was there before, or, of a booking
// that was not there, that it is cancelled. The entry is due at once and holds its
// tables until that is written; no message is sent. It
// returns the entry as it was. An entry that was settled before is due at once.
//
// Errors: [ErrNoEntry], [ErrNoReason], and see [Journal].
func (j *Journal) Settle(ctx context.Context, id, why string, now time.Time) (booking.JournalEntry, error) {
	if why == "" {
		return booking.JournalEntry{}, ErrNoReason
	}
	f := j.file
	var e *booking.JournalEntry
	err := f.commit(ctx, func(t *tx) (err error) {
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
			})
			return err
		}
		known, err := t.known(e.Booking.ID)
		if err != nil {
			return err
		}
		f.index.versions.touch(e.Booking.ID)
		next := settled(*e, why, plain(now))
		b := next.Booking
		return errors.Join(t.mirrorBooking(&b, known, today(f.now())), t.putEntry(&next, e))
	})
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

// settled returns an entry as it is when a person closed it.
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
	next.Messages, next.Silent, next.Undo = nil, true, nil
	next.Settled = &booking.Settled{At: now, Why: why, Gone: gone}
	return next
}

// Rebase notes the row of an entry's booking as it was found, and what is to be
// written to it from now on: see [booking.Merge]. The mirror shows that at once.
// An entry into which a newer one folded since revision rev is left as it is. It returns the entry as it is now.
//
// Errors: [ErrNoEntry], and see [Journal].
func (j *Journal) Rebase(ctx context.Context, id string, rev int, row booking.Row, merged booking.Booking) (booking.JournalEntry, error) {
	f := j.file
	var e *booking.JournalEntry
	err := f.commit(ctx, func(t *tx) (err error) {
		was, err := t.entry(id)
		if e = was; err != nil || was == nil || was.Rev != rev {
			return err
		}
		known, err := t.known(was.Booking.ID)
		if err != nil {
			return err
		}
		next, b := *was, asKept(merged)
		next.Was, next.Booking, next.Seen = copyOf(&row.Booking), b, nil
		next.Undo = undoIn(*was, row)
		e = &next
		f.index.versions.touch(b.ID)
		if known == nil || !sameBooking(known, &b) {
			if err := t.mirrorBooking(&b, known, today(f.now())); err != nil {
				return err
			}
		}
		if err := t.takeRow(b.ID, row.Record); err != nil {
			return err
		}
		return t.putEntry(&next, was)
	})
	switch {
	case err != nil:
		return booking.JournalEntry{}, err
	case e == nil:
		return booking.JournalEntry{}, noEntry(id)
	}
	return *e, nil
}

// undoIn returns what is to be written to a row if a person settles the entry, or
// nil where the row says so already.
func undoIn(e booking.JournalEntry, row booking.Row) *booking.Booking {
	if e.Settled != nil {
		return nil // the entry wants that already
	}
	undo, _ := booking.Merge(settled(e, "", e.Created), row)
	if booking.SameInRow(undo, row.Booking) {
		return nil
	}
	return copyOf(&undo)
}

// HoldMissing gives each of the bookings named a parked entry, because their rows
// disappeared from the system of record and nobody knows whether they were meant
// to: their tables stay held until a person decides. Bookings that wait already,
// or are not known, are left alone. It returns the entries that were made.
//
// Errors: [booking.ErrNotKept].
func (m *Mirror) HoldMissing(ctx context.Context, ids []string, why booking.Parked, now time.Time) (made []booking.JournalEntry, err error) {
	why.At = plain(why.At)
	for some := range slices.Chunk(ids, journalAtOnce) {
		var entered []*booking.JournalEntry
		err := m.file.commit(ctx, func(t *tx) error {
			for _, id := range some {
				b, err := t.known(id)
				if err != nil {
					return err
				}
				if b == nil || t.waits(id) {
					continue
				}
				e := &booking.JournalEntry{
					ID: m.file.index.newID(now), Booking: *b, Was: copyOf(b), Rev: 1, Silent: true,
					State: booking.EntryParked, Parked: &why, Next: plain(now), Created: plain(now),
				}
				m.file.index.versions.touch(id)
				if err := t.putEntry(e, nil); err != nil {
					return err
				}
			}
			entered = t.effects.entered
			return nil
		})
		if err != nil {
			return made, err
		}
		for _, e := range entered {
			made = append(made, *e)
		}
	}
	return made, nil
}
