package retry

import (
	"context"
	"errors"

	"maitre/booking"
)

// Entries returns what waits to be written, oldest first. The next attempt of an
// overdue entry is shown as now.
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

// Answering reports whether the record answers, as far as is known. While it does
// not, it is only probed.
func (w *Worker) Answering() bool { return w.cfg.Breaker.State() == Closed }

// Retry makes an entry due at once, whether it waits for its time or is parked, and
// has it written even if the staff changed its row. With an empty ID it releases all
// parked entries except those that a person must decide on one by one. It returns
// their number.
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

// RetryFixed releases the entries that were parked until something in the system of
// record is fixed, and returns their number.
func (w *Worker) RetryFixed(ctx context.Context) (int, error) {
	defer w.Kick()
	w.cfg.Record.Reconsider()
	return w.cfg.Journal.Release(ctx, w.cfg.Clock.Now(), false, func(e booking.JournalEntry) bool { return e.Parked != nil && e.Parked.Cause.Fixable() })
}

// RetryMissing has the bookings that disappeared from the record written anew, and
// returns their number.
func (w *Worker) RetryMissing(ctx context.Context) (int, error) {
	defer w.Kick()
	return w.cfg.Journal.Release(ctx, w.cfg.Clock.Now(), true, isMissing)
}

// SettleMissing settles the bookings that disappeared from the record, for a reason,
// and returns their number.
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

// Settle records that a person settled an entry by hand, with the reason: the
// booking is to be as it was before the entry, or not at all. The entry ends when
// the record is known to say so. Errors: [booking.ErrNotFound].
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
