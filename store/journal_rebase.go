package store

import (
	"context"
	"time"

	"maitre/booking"
)

// Rebase notes how the row of an entry's booking was found to stand, and how the
// booking shall stand in it from now on: see [booking.Merge]. The mirror shows
// that at once. An entry into which a newer wish folded since revision rev is left
// as it is. It returns the entry as it is now.
//
// Errors: [ErrNoEntry], and see [Journal].
func (j *Journal) Rebase(ctx context.Context, id string, rev int, row booking.Row, merged booking.Booking) (booking.JournalEntry, error) {
	f := j.file
	var (
		e    *booking.JournalEntry
		done effects
	)
	err := f.commit(ctx, func(t *tx) (err error) {
		done = effects{}
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
		f.shelf.marks.touch(b.ID)
		done.enter(&next, was)
		if known == nil || !sameBooking(known, &b) {
			done.bookings = append(done.bookings, bookingEffect{now: &b, was: known})
			if err := t.mirrorBooking(&b, known, today(f.now())); err != nil {
				return err
			}
		}
		w := writtenAll{}
		if err := w.takeRow(t, b.ID, row.Record); err != nil {
			return err
		}
		done.bookings = append(done.bookings, w.bookings...)
		return t.putEntry(&next, was)
	}, func() { f.publish(&done) })
	switch {
	case err != nil:
		return booking.JournalEntry{}, err
	case e == nil:
		return booking.JournalEntry{}, noEntry(id)
	}
	return *e, nil
}

// undoIn returns what shall stand in a row if a person settles the entry, where that
// is not what the row says.
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
	for len(ids) > 0 {
		some := ids[:min(len(ids), journalAtOnce)]
		ids = ids[len(some):]
		var done effects
		err := m.file.commit(ctx, func(t *tx) error {
			done = effects{}
			for _, id := range some {
				b, err := t.known(id)
				if err != nil {
					return err
				}
				if b == nil || t.waits(id) {
					continue
				}
				e := &booking.JournalEntry{
					ID: m.file.shelf.newID(now), Booking: *b, Was: copyOf(b), Rev: 1, Untold: true,
					State: booking.EntryParked, Parked: &why, Next: plain(now), Created: plain(now),
				}
				m.file.shelf.marks.touch(id)
				done.enter(e, nil)
				if err := t.putEntry(e, nil); err != nil {
					return err
				}
			}
			return nil
		}, func() { m.file.publish(&done) })
		if err != nil {
			return made, err
		}
		for _, e := range done.entered {
			made = append(made, *e)
		}
	}
	return made, nil
}
