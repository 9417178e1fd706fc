package retry

import (
	"context"
	"errors"

	"maitre/booking"
)

// Entries returns what waits to be written, oldest first. What is overdue is due
// now: no attempt is to come at a moment that is over.
func (w *Worker) Entries(ctx context.Context, limit int) ([]booking.JournalEntry, error) {
	entries, err := w.cfg.Journal.List(ctx, limit)
	now := w.cfg.Clock.Now()
	for i := range entries {
		if e := &entries[i]; e.State == booking.EntryPending && e.Next.Before(now) {
			e.Next = now
		}
	}
	return entries, err
}

// Answering tells whether the record answers, as far as is known; while it does
// not, nothing is attempted but a question now and then.
func (w *Worker) Answering() bool { return w.cfg.Breaker.State() == Closed }

// Retry makes an entry go on at once, whether it waits for its time or for a
// person; an empty ID, all that wait for a person but for those that a person has to
// decide on one by one: where the staff changed the row meanwhile, naming an entry
// says that it shall be written all the same. It returns how many there were.
func (w *Worker) Retry(ctx context.Context, id string) (int, error) {
	defer w.Kick()
	w.cfg.Record.Reconsider()
	now := w.cfg.Clock.Now()
	n, err := w.cfg.Journal.Release(ctx, now, id != "", func(e booking.JournalEntry) bool {
		return e.ID == id || id == "" && e.Parked.Row == nil && e.Parked.Cause != booking.ParkedMissing
	})
	if err != nil || n > 0 || id == "" {
		return n, err
	}
	e, err := w.cfg.Journal.Get(ctx, id)
	if errors.Is(err, booking.ErrNotFound) {
		return 0, nil
	}
	if err != nil || e.State != booking.EntryPending {
		return 0, err
	}
	return 1, w.cfg.Journal.Postpone(ctx, []string{id}, now)
}

// RetryMended makes go on what was parked until something in the system of record
// is mended, because somebody has seen that it is. It returns how many there were.
func (w *Worker) RetryFixed(ctx context.Context) (int, error) {
	defer w.Kick()
	w.cfg.Record.Reconsider()
	return w.cfg.Journal.Release(ctx, w.cfg.Clock.Now(), false, func(e booking.JournalEntry) bool { return e.Parked != nil && e.Parked.Cause.Fixable() })
}

// RetryMissing has written anew what disappeared from the record, and returns how
// many bookings that are.
func (w *Worker) RetryMissing(ctx context.Context) (int, error) {
	defer w.Kick()
	return w.cfg.Journal.Release(ctx, w.cfg.Clock.Now(), true, isMissing)
}

// SettleMissing lets go what disappeared from the record, for a reason, and returns
// how many bookings that are.
func (w *Worker) SettleMissing(ctx context.Context, why string) (n int, err error) {
	entries, err := w.cfg.Journal.List(ctx, maxAhead)
	for _, e := range entries {
		if !isMissing(e) {
			continue
		}
		if _, failed := w.Settle(ctx, e.ID, why); failed != nil && !errors.Is(failed, booking.ErrNotFound) {
			return n, failed
		}
		n++
	}
	return n, err
}

func isMissing(e booking.JournalEntry) bool {
	return e.Parked != nil && e.Parked.Cause == booking.ParkedMissing
}

// Settle notes a person's word that an entry needs no more, with the reason: what
// stood before it, or nothing, is what shall stand. The entry ends when that is
// known. Errors: [booking.ErrNotFound].
func (w *Worker) Settle(ctx context.Context, id, why string) (booking.JournalEntry, error) {
	e, err := w.cfg.Journal.Settle(ctx, id, why, w.cfg.Clock.Now())
	if err != nil {
		return e, err
	}
	w.reportChange(e)
	if now, err := w.cfg.Journal.Get(ctx, id); err == nil && now.Settled != nil {
		w.startAttempt(now)
	}
	return e, nil
}
