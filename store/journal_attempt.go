package store

import (
	"context"
	"slices"
	"time"

	"maitre/booking"
)

// journalAtOnce bounds the entries that one transaction changes, so that guests'
// bookings do not wait long behind it.
const journalAtOnce = 200

// Failed notes that an attempt to write revision rev failed. The entry stays as
// it is, pending or parked; it is due again at next, unless a newer entry folded
// in meanwhile, which stays due at once and begins without failures. counts says
// whether the failure counts towards the limit. It returns the entry as it is now.
//
// Errors: [ErrNoEntry], and see [Journal].
func (j *Journal) Failed(ctx context.Context, id string, rev int, a booking.Attempt, next time.Time, counts bool) (booking.JournalEntry, error) {
	e, err := j.alter(ctx, id, func(_ *tx, e *booking.JournalEntry) (bool, error) {
		noteAttempt(e, a)
		if e.Rev != rev {
			return true, nil
		}
		e.Failures++
		if counts {
			e.Counted++
		}
		e.Next = plain(next)
		return true, nil
	})
	if err != nil {
		return booking.JournalEntry{}, err
	}
	return *e, nil
}

// Park takes an entry out of what is due, until it is released, settled, or
// until a newer entry folds in. If one folded in since revision rev, it is not
// parked. a, where set, is the attempt that failed; it is noted in either case.
// The messages given are sent because it is parked: they go into the outbox in the
// same commit, and if there are any, the entry's own are dropped: they would not be true.
//
// Errors: [ErrNoEntry], and see [Journal].
func (j *Journal) Park(ctx context.Context, id string, rev int, why booking.Parked, a *booking.Attempt, messages ...booking.Message) (parked bool, err error) {
	why.At = plain(why.At)
	why.Offer = append([]booking.OfferFor(nil), why.Offer...)
	_, err = j.alter(ctx, id, func(t *tx, e *booking.JournalEntry) (bool, error) {
		if a != nil {
			noteAttempt(e, *a)
		}
		parked = e.Rev == rev
		if !parked {
			return a != nil, nil
		}
		if a != nil {
			e.Failures++
		}
		e.State, e.Parked = booking.EntryParked, &why
		if len(messages) == 0 {
			return true, nil
		}
		e.Messages = nil
		_, err := t.putMessages(why.At, messages)
		return true, err
	})
	return parked && err == nil, err
}

// alter changes one entry and returns it. change may be called more than once,
// each time with the entry as the file has it; false leaves it so.
func (j *Journal) alter(ctx context.Context, id string, change func(*tx, *booking.JournalEntry) (bool, error)) (*booking.JournalEntry, error) {
	var e *booking.JournalEntry
	err := j.file.commit(ctx, func(t *tx) (err error) {
		e, err = t.alterEntry(id, func(e *booking.JournalEntry) (bool, error) { return change(t, e) })
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case e == nil:
		return nil, noEntry(id)
	}
	return e, nil
}

// alterEntry changes one entry and returns it; nil when it is not there.
func (t *tx) alterEntry(id string, change func(*booking.JournalEntry) (bool, error)) (*booking.JournalEntry, error) {
	was, err := t.entry(id)
	if err != nil || was == nil {
		return nil, err
	}
	e := *was
	if changed, err := change(&e); err != nil || !changed {
		return was, err
	}
	return &e, t.putEntry(&e, was)
}

// Postpone makes pending entries due at next, without an attempt having taken
// place. Entries that are parked, or gone, are left alone.
func (j *Journal) Postpone(ctx context.Context, ids []string, next time.Time) error {
	_, err := j.alterMany(ctx, ids, func(e *booking.JournalEntry) bool {
		if e.State != booking.EntryPending {
			return false
		}
		e.Next = plain(next)
		return true
	})
	return err
}

// Release makes parked entries pending again, due at once and as if they had
// never failed: those for which the function reports true, which only looks. It
// returns how many they were, also with an error, after which the others are
// still parked. insist says that a person wants an entry written although
// somebody changed its row meanwhile: the state of that row is then its Was.
func (j *Journal) Release(ctx context.Context, now time.Time, insist bool, which func(booking.JournalEntry) bool) (n int, err error) {
	for after := []byte(nil); ; {
		seen, ids, err := j.parkedAfter(ctx, after, which)
		if err != nil || seen == nil {
			return n, err
		}
		released, err := j.alterMany(ctx, ids, func(e *booking.JournalEntry) bool {
			if e.State != booking.EntryParked {
				return false
			}
			if insist && e.Parked != nil {
				insistOn(e)
			}
			makeDue(e, now)
			return true
		})
		n += released
		if err != nil {
			return n, err
		}
		after = seen
	}
}

// insistOn notes that a person wants a parked entry written all the same.
func insistOn(e *booking.JournalEntry) {
	row := e.Parked.Row
	switch {
	case row == nil && e.Parked.Cause != booking.ParkedData && e.Parked.Cause != booking.ParkedMissing:
	case row == nil, row.Missing(): // all of it
		e.Passed, e.Was, e.Insist = nil, nil, true
	case e.Was == nil: // it was new: what the staff changed is kept, but for its end
		e.Was, e.Insist = copyOf(&e.Booking), true
	default:
		e.Insist = true
	}
}

// parkedAfter looks at the next parked entries behind a key, and returns the
// last that it looked at, nil when there are no more, and those that which wants.
func (j *Journal) parkedAfter(ctx context.Context, after []byte, which func(booking.JournalEntry) bool) (seen []byte, ids []string, err error) {
	found, err := read(ctx, j.file, func(t *tx) (found []*booking.JournalEntry, err error) {
		cursor := t.bucket(parkedBucket).Cursor()
		for key, _ := cursor.Seek(append(after, 0)); key != nil && len(found) < journalAtOnce; key, _ = cursor.Next() {
			e, err := t.namedEntry(string(key))
			if err != nil {
				return nil, err
			}
			found = append(found, e)
		}
		return found, nil
	})
	for _, e := range found {
		seen = []byte(e.ID)
		if which(*e) {
			ids = append(ids, e.ID)
		}
	}
	return seen, ids, err
}

// alterMany changes entries in transactions of bounded size, and returns how
// many were changed.
func (j *Journal) alterMany(ctx context.Context, ids []string, change func(*booking.JournalEntry) bool) (n int, err error) {
	for some := range slices.Chunk(ids, journalAtOnce) {
		altered := 0
		err := j.file.commit(ctx, func(t *tx) error {
			for _, id := range some {
				if _, err := t.alterEntry(id, func(e *booking.JournalEntry) (bool, error) { return change(e), nil }); err != nil {
					return err
				}
			}
			altered = len(t.effects.entered)
			return nil
		})
		if err != nil {
			return n, err
		}
		n += altered
	}
	return n, nil
}
