package store

import (
	"context"
	"errors"
	"time"

	"maitre/booking"
)

// Written is a revision of an entry that was written to the system of record.
type Written struct {
	ID  string // the entry's
	Rev int
	// Booking is what was written, Record the row's own ID there. Without a Record
	// the booking is in no row, and shall be in none.
	Booking booking.Booking
	Record  string
	// Messages are those to send because it was written.
	Messages []booking.Message
}

// Done notes that revision rev of an entry was written, as the row named record.
// The entry goes into the archive with its history. If a newer entry folded in
// meanwhile, it stays instead, due at once (unless it was parked since), and knows
// what was written; newer then is true. The messages to send because it was
// written, the entry's own and those given, go into the outbox in the same commit,
// unless it stays.
//
// Errors: [ErrNoEntry], and see [Journal].
//
// Points (see [Options]): journal.before_archive.
func (j *Journal) Done(ctx context.Context, id string, rev int, written booking.Booking, record string, now time.Time, messages ...booking.Message) (newer bool, err error) {
	came, err := j.DoneAll(ctx, []Written{{ID: id, Rev: rev, Booking: written, Record: record, Messages: messages}}, now)
	return len(came) == 1 && came[0], err
}

// DoneAll is Done for what one request wrote, in one commit. newer has an
// element for each of written. Entries that are not there do not keep the others
// from being noted: they are in the error, one [ErrNoEntry] for each.
func (j *Journal) DoneAll(ctx context.Context, written []Written, now time.Time) (newer []bool, err error) {
	f := j.file
	f.at("journal.before_archive")
	w := &writtenAll{written: make([]Written, len(written)), now: plain(now), today: today(f.now())}
	for i, one := range written {
		if one.Booking.ID == "" || one.Booking.Date.IsZero() || one.Record == "" && one.Booking.Live() {
			return nil, notKept(f.path, errors.New("a written booking has an ID, a date and, while it is live, a record"))
		}
		one.Booking = asKept(one.Booking)
		w.written[i] = one
	}
	if err := f.commit(ctx, func(t *tx) error { return w.write(t, f) }); err != nil {
		return nil, err
	}
	return w.newer, errors.Join(w.missing...)
}

// writtenAll notes what was written.
type writtenAll struct {
	written []Written
	now     time.Time
	today   booking.Date

	// Set by write:
	newer   []bool
	missing []error
}

func (w *writtenAll) write(t *tx, f *File) error {
	w.newer, w.missing = make([]bool, len(w.written)), nil
	for i := range w.written {
		one := &w.written[i]
		e, err := t.entry(one.ID)
		switch {
		case err != nil:
			return err
		case e == nil:
			w.missing = append(w.missing, noEntry(one.ID))
			continue
		}
		f.index.versions.touch(e.Booking.ID)
		if one.Record == "" {
			err = t.unrecord(e.Booking.ID)
		} else {
			err = t.takeRow(e.Booking.ID, one.Record)
		}
		if err != nil {
			return err
		}
		if w.newer[i] = e.Rev != one.Rev; w.newer[i] {
			err = w.stays(t, e, one)
		} else {
			err = w.ends(t, e, one)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// takeRow notes which row a booking is. If that row was known as another booking (a
// copy of the booking's own row, which was deleted), that one is no more.
func (t *tx) takeRow(id, record string) error {
	if other := t.bookingOf(record); other != "" && other != id && !t.waits(other) {
		known, err := t.known(other)
		if err != nil {
			return err
		}
		if known != nil {
			if err := t.remove(known); err != nil {
				return err
			}
		}
	}
	return t.record(id, record)
}

// stays keeps an entry into which a newer one folded meanwhile.
func (w *writtenAll) stays(t *tx, e *booking.JournalEntry, one *Written) error {
	next := *e
	next.Was, next.Undo = nil, nil
	if one.Record != "" {
		next.Was = &one.Booking
	}
	next.Written = one.Rev
	next.Passed, next.Seen = nil, nil // what was written covers them
	if e.State == booking.EntryPending {
		makeDue(&next, w.now)
	}
	return t.putEntry(&next, e)
}

// ends archives an entry whose newest revision was written. The mirror shows that
// revision already; now it shows what was written, if that differs.
func (w *writtenAll) ends(t *tx, e *booking.JournalEntry, one *Written) error {
	written := &one.Booking
	known, err := t.known(e.Booking.ID)
	if err != nil {
		return err
	}
	switch {
	case one.Record == "" && known != nil:
		if err := t.remove(known); err != nil {
			return err
		}
	case one.Record != "" && (known == nil || !sameBooking(known, written)):
		if err := t.mirrorBooking(written, known, w.today); err != nil {
			return err
		}
	}
	if _, err := t.putMessages(w.now, append(e.Messages[:len(e.Messages):len(e.Messages)], one.Messages...)); err != nil {
		return err
	}
	ended := Archived{Entry: *e, Ended: EndedWritten, At: w.now}
	if e.Settled != nil {
		ended.Ended, ended.Why = EndedSettled, e.Settled.Why
	}
	return t.archive(e, ended)
}

// Archived is an entry that is not in the journal any more.
type Archived struct {
	// Entry is as it was at its end, with its history.
	Entry booking.JournalEntry `json:"entry"`
	Ended Ending               `json:"ended"`
	At    time.Time            `json:"at"`
	// Why is the reason that a person gave; empty when it was written.
	Why string `json:"why,omitempty"`
}

// Ending is how an entry left the journal.
type Ending string

// The endings.
const (
	EndedWritten Ending = "written" // it is in the system of record
	EndedSettled Ending = "settled" // a person took care of it
)

const archiveFormat = 1

// archive moves an entry from the journal into the archive.
func (t *tx) archive(e *booking.JournalEntry, a Archived) error {
	value, err := encodeValue("archived entry "+e.ID, archiveFormat, a)
	if err != nil {
		return err
	}
	if err := t.removeEntry(e); err != nil {
		return err
	}
	return t.bucket(archiveBucket).Put(timeKey(a.At, e.ID), value)
}

// Archived returns at most limit entries that were written or settled, those
// that ended last first.
func (j *Journal) Archived(ctx context.Context, limit int) ([]Archived, error) {
	return read(ctx, j.file, func(t *tx) (found []Archived, err error) {
		cursor := t.bucket(archiveBucket).Cursor()
		for key, value := cursor.Last(); key != nil && len(found) < limit; key, value = cursor.Prev() {
			a, err := decodeArchived(key, value)
			if err != nil {
				return nil, err
			}
			found = append(found, a)
		}
		return found, nil
	})
}

func decodeArchived(key, value []byte) (Archived, error) {
	return decodeValue[Archived](archiveBucket, key, archiveFormat, value)
}
