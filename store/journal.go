package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"maitre/booking"
)

// ErrNoEntry is returned for a journal entry that is not there: it was written
// or settled, or it never was. It is a [booking.ErrNotFound].
var ErrNoEntry = fmt.Errorf("no such journal entry (%w)", booking.ErrNotFound)

// Journal holds what was accepted and is not in the system of record yet, where
// that is not the data file itself. Each change of it and what it changes of the
// [Mirror] are one commit. It is safe for concurrent use; writes of many callers
// share commits.
//
// Errors of everything that writes: [booking.ErrNotKept], after which nothing of
// the write was kept, and the cause of ctx's end; of everything that reads, those
// of reading ([ErrDamaged], [ErrNewer], [ErrClosed], [ErrUnsettled]). What is
// returned belongs to the caller.
type Journal struct{ file *File }

// Journal returns the file's journal.
func (f *File) Journal() *Journal { return &Journal{f} }

// Accept keeps a booking in the mirror and its entry in the journal, in one
// synced commit. A new entry for a booking that has one already folds into it:
// the newest state is what will be written, it is due at once, and what the entry
// knows of the booking in the system of record stays. Its messages go into the
// outbox when it is written. entry.Answer is kept with
// both of its answers ([File.Recall]), where it has a Pending.
//
// A new booking needs a code; a row that the staff typed may go on without.
//
// Errors: [booking.ErrCodeTaken], [booking.ErrNotKept].
//
// Points (see [Options]): journal.before_sync, journal.after_sync.
func (j *Journal) Accept(ctx context.Context, entry booking.Entry, now time.Time) (booking.JournalEntry, error) {
	f := j.file
	a, err := f.newAcceptance(entry.Booking)
	if err != nil {
		return booking.JournalEntry{}, notKept(f.path, err)
	}
	a.journal = true
	if err := checkBeside(&entry); err != nil {
		return booking.JournalEntry{}, notKept(f.path, err)
	}
	if entry.Answer != nil {
		if a.answer, err = f.newStoredAnswer(*entry.Answer); err != nil {
			return booking.JournalEntry{}, notKept(f.path, err)
		}
	}
	w := &journalWrite{
		acceptance: a, waiting: entry.Waiting,
		fresh: booking.JournalEntry{
			ID: f.index.newID(now), Booking: a.booking, Was: copyOf(entry.Was), Rev: 1,
			Messages: entry.Messages, Silent: entry.Silent, State: booking.EntryPending, Next: plain(now), Created: plain(now),
		},
	}
	f.at("journal.before_sync")
	if err := f.commit(ctx, func(t *tx) error { return w.write(t, f) }); err != nil {
		return booking.JournalEntry{}, err
	}
	f.at("journal.after_sync")
	w.entry.Booking = asKept(w.entry.Booking) // the mirror holds the other
	return w.entry, nil
}

// journalWrite is the write of one accepted entry.
type journalWrite struct {
	*acceptance
	waiting *booking.Waiting     // the party on the waitlist that it is for; may be nil
	fresh   booking.JournalEntry // if it is the booking's first that waits
	entry   booking.JournalEntry // as it was kept; set by write
}

func (w *journalWrite) write(t *tx, f *File) error {
	was, err := t.entryOf(w.booking.ID)
	if err != nil {
		return err
	}
	w.entry = w.fresh
	if was != nil {
		w.entry = folded(*was, w.booking, w.fresh.Next)
		w.entry.Messages, w.entry.Silent = foldMessages(was.Messages, w.fresh.Messages), w.fresh.Silent
	}
	if w.answer != nil && w.answer.of.Pending != nil {
		w.answer.await(w.entry.ID, w.entry.Rev)
	}
	value, err := encodeEntry(&w.entry)
	if err != nil {
		return err
	}
	if err := w.acceptance.write(t, f.answers); err != nil {
		return err
	}
	if err := t.putEncoded(&w.entry, was, value); err != nil {
		return err
	}
	if w.waiting != nil {
		return t.putWaiting(*w.waiting)
	}
	return nil
}

// foldMessages returns the messages of an entry when a newer one folds in: of each kind the newest.
func foldMessages(before, more []booking.Message) []booking.Message {
	var messages []booking.Message
	for _, m := range before {
		if !slices.ContainsFunc(more, func(newer booking.Message) bool { return newer.Kind == m.Kind && newer.To == m.To }) {
			messages = append(messages, m)
		}
	}
	return append(messages, more...)
}

// folded returns an entry after a newer one folded in.
func folded(e booking.JournalEntry, b booking.Booking, now time.Time) booking.JournalEntry {
	passed := e.Passed[max(0, len(e.Passed)+1-booking.MaxPassed):]
	e.Passed = append(append(make([]booking.Booking, 0, len(passed)+1), passed...), e.Booking)
	e.Booking, e.Insist, e.Settled = b, false, nil
	e.Rev++
	makeDue(&e, now)
	return e
}

// copyOf returns a booking as it is kept, sharing nothing; nil of nil.
func copyOf(b *booking.Booking) *booking.Booking {
	if b == nil {
		return nil
	}
	kept := asKept(*b)
	return &kept
}

// Waiting returns the entry of a booking that has one, pending or parked. It is
// answered from memory.
func (j *Journal) Waiting(bookingID string) (entryID string, ok bool) {
	s := j.file.index
	s.mu.RLock()
	defer s.mu.RUnlock()
	id, ok := s.waiting[bookingID]
	if !ok {
		return "", false
	}
	return id.String(), true
}

// noEntry says which entry is not there.
func noEntry(id string) error { return fmt.Errorf("%w: %s", ErrNoEntry, id) }
