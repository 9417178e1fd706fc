package ledger

import (
	"context"
	"time"

	"maitre/booking"
	"maitre/store"
)

// Noting returns a journal that touches the dates of each accepted entry, so that the
// next question is answered from what was just accepted.
func (l *Ledger) Noting(j booking.Journal) booking.Journal { return touchingJournal{j, l} }

// Keeping returns a function that accepts entries into a journal and touches their
// dates, as Noting does, for a [booking.Rechecker].
func (l *Ledger) Keeping(j *store.Journal) func(context.Context, booking.Entry, time.Time) (booking.JournalEntry, error) {
	return func(ctx context.Context, e booking.Entry, now time.Time) (booking.JournalEntry, error) {
		kept, err := j.Accept(ctx, e, now)
		if err == nil {
			l.touchEntry(e)
		}
		return kept, err
	}
}

// touchEntry touches the dates of an entry that was accepted.
func (l *Ledger) touchEntry(e booking.Entry) {
	l.Touch(e.Booking.Date)
	if e.Was != nil && e.Was.Date != e.Booking.Date {
		l.Touch(e.Was.Date)
	}
}

type touchingJournal struct {
	booking.Journal
	ledger *Ledger
}

// Accept implements [booking.Journal].
func (n touchingJournal) Accept(ctx context.Context, e booking.Entry) (booking.SyncState, error) {
	state, err := n.Journal.Accept(ctx, e)
	if err == nil {
		n.ledger.touchEntry(e)
	}
	return state, err
}
