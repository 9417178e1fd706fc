package store

import (
	"context"
	"fmt"
	"time"

	"maitre/booking"
)

// Local is the data file as the system of record. It is safe for concurrent use.
type Local struct{ book }

var (
	_ booking.Ledger  = (*Local)(nil)
	_ booking.Journal = (*Local)(nil)
)

// Local returns the file as the system of record.
func (f *File) Local() *Local { return &Local{book{f}} }

// Day implements [booking.Ledger]. What still waits for a system of record that was
// left holds nothing here.
func (l *Local) Day(ctx context.Context, date booking.Date) (*booking.Day, error) {
	day, err := l.book.Day(ctx, date)
	if err != nil || len(day.Held) == 0 {
		return day, err
	}
	return &booking.Day{Date: day.Date, Bookings: day.Bookings, Floor: day.Floor}, nil
}

// Freshen implements [booking.Ledger]: the file is the system of record, and
// nothing is newer.
func (l *Local) Freshen(context.Context, booking.Date, booking.Freshness) error { return nil }

// Await implements [booking.Journal]: what was accepted is written.
func (l *Local) Await(context.Context, string) booking.SyncState { return booking.Written }

// SyncState implements [booking.Journal].
func (l *Local) SyncState(string) booking.SyncState { return booking.Written }

// Accept implements [booking.Journal]: when it returns without an error, the
// booking, its answer, its messages and the party that waited for it are synced,
// in one commit. It always returns [booking.Written], because the file is the
// system of record.
//
// A code is taken until the day after its booking's service day, whatever
// became of the booking: a guest who says the code of a cancelled booking must
// not be shown somebody else's. Later the code may be given out again, and then
// names the new booking only.
//
// A booking whose ID is there already is replaced, whatever entry.Was says. An
// answer whose key is there already stays
// as it is.
//
// Points (see [Options]): journal.before_sync, journal.after_sync.
func (l *Local) Accept(ctx context.Context, entry booking.Entry) (booking.SyncState, error) {
	f := l.file
	a, err := f.newAcceptance(entry.Booking)
	if err != nil {
		return booking.Pending, notKept(f.path, err)
	}
	if entry.Answer != nil {
		if a.answer, err = f.newStoredAnswer(*entry.Answer); err != nil {
			return booking.Pending, notKept(f.path, err)
		}
	}
	now := f.now()
	f.at("journal.before_sync")
	if err := f.commit(ctx, func(t *tx) error { return a.writeOwing(t, f.answers, now, &entry) }); err != nil {
		return booking.Pending, err
	}
	f.at("journal.after_sync")
	return booking.Written, nil
}

// acceptance is the write of one entry.
type acceptance struct {
	booking booking.Booking
	value   []byte
	answer  *storedAnswer
	today   booking.Date
	// journal: the system of record is another, whose rows may share a code (one
	// that the staff copied): a booking that does goes on being called by its ID only.
	journal bool
	was     *booking.Booking // as the file had it; set by write
}

func (f *File) newAcceptance(b booking.Booking) (*acceptance, error) {
	a := &acceptance{booking: asKept(b), today: today(f.now())}
	if a.booking.ID == "" || a.booking.Date.IsZero() {
		return nil, a.half()
	}
	var err error
	a.value, err = encode(a.booking)
	return a, err
}

func (a *acceptance) half() error {
	return fmt.Errorf("booking %q with code %q on %s: want all three", a.booking.ID, a.booking.Code, a.booking.Date)
}

// writeAll is write, and keeps the messages, the answer and the waiting party of the entry.
func (a *acceptance) writeOwing(t *tx, answers *answerIndex, now time.Time, entry *booking.Entry) error {
	if err := checkBeside(entry); err != nil {
		return err
	}
	if err := a.write(t, answers); err != nil {
		return err
	}
	if entry.Waiting != nil {
		if err := t.putWaiting(*entry.Waiting); err != nil {
			return err
		}
	}
	_, err := t.putMessages(now, entry.Messages)
	return err
}

// checkBeside looks at what is kept beside a booking.
func checkBeside(entry *booking.Entry) error {
	for _, m := range entry.Messages {
		if err := checkMessage(m); err != nil {
			return err
		}
	}
	if entry.Waiting != nil {
		return checkWaiting(*entry.Waiting)
	}
	return nil
}

// write looks at everything before it writes anything, so that a refusal does
// not spoil the transaction for others.
func (a *acceptance) write(t *tx, answers *answerIndex) error {
	b := &a.booking
	id := []byte(b.ID)
	var err error
	if a.was, err = t.known(b.ID); err != nil {
		return err
	}
	if b.Code == "" && a.was == nil { // only rows that the staff typed have none
		return a.half()
	}
	taken, err := t.codeTaken(b.Code, id, a.today)
	if err != nil {
		return err
	}
	if taken && !(a.journal && a.was != nil && a.was.Code == b.Code) {
		return booking.ErrCodeTaken
	}
	if err := t.putBooking(b, a.value, a.was, !taken); err != nil {
		return err
	}
	if a.answer != nil {
		return t.remember(a.answer, answers)
	}
	return nil
}
