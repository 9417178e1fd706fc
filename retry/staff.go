package retry

import (
	"context"
	"errors"

	"maitre/booking"
)

// Entries returns what waits to be written, oldest first. What is overdue is due
// now: no attempt is to come at a moment that is over.
func (w *Worker) Entries(ctx context.Context, limit int) ([]booking.JournalEntry, error) {
	entries, err := w.Journal.List(ctx, limit)
	now := w.Watch.Now()
	for i := range entries {
		if e := &entries[i]; e.State == booking.EntryPending && e.Next.Before(now) {
			e.Next = now
		}
	}
	return entries, err
}

// Answering tells whether the record answers, as far as is known; while it does
// not, nothing is attempted but a question now and then.
func (w *Worker) Answering() bool { return w.Breaker.State() == Closed }

// Retry makes an entry go on at once, whether it waits for its time or for a
// person; an empty ID, all that wait for a person. It returns how many there were.
func (w *Worker) Retry(ctx context.Context, id string) (int, error) {
	defer w.Kick()
	w.Record.Reconsider()
	now := w.Watch.Now()
	n, err := w.Journal.Release(ctx, now, func(e booking.JournalEntry) bool { return id == "" || e.ID == id })
	if err != nil || n > 0 || id == "" {
		return n, err
	}
	e, err := w.Journal.Get(ctx, id)
	if errors.Is(err, booking.ErrNotFound) {
		return 0, nil
	}
	if err != nil || e.State != booking.EntryPending {
		return 0, err
	}
	return 1, w.Journal.Postpone(ctx, []string{id}, now)
}

// RetryMended makes go on what was parked until something in the system of record
// is mended, because somebody has seen that it is. It returns how many there were.
func (w *Worker) RetryMended(ctx context.Context) (int, error) {
	defer w.Kick()
	w.Record.Reconsider()
	return w.Journal.Release(ctx, w.Watch.Now(), func(e booking.JournalEntry) bool { return e.Parked != nil && e.Parked.Cause.Mendable() })
}

// Settle takes an entry out of the journal because a person saw to it, with the
// reason. Errors: [booking.ErrNotFound].
func (w *Worker) Settle(ctx context.Context, id, why string) (booking.JournalEntry, error) {
	e, err := w.Journal.Settle(ctx, id, why, w.Watch.Now())
	if err != nil {
		return e, err
	}
	if w.Changed != nil {
		w.Changed(e.Booking.Date)
		if e.Was != nil {
			w.Changed(e.Was.Date)
		}
	}
	return e, nil
}
