package retry

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"maitre/booking"
)

// attempt tries to write entries, all leased by the caller: the only way in
// which anything reaches the system of record, first time and every time. kept
// tells whether what became of all of them is on disk.
func (w *Worker) attempt(ctx context.Context, urgent bool, entries []booking.JournalEntry) (kept bool) {
	kept = true
	for len(entries) > 0 && kept {
		if w.cfg.Breaker.Allow() != nil {
			w.answerPending(entries)
			break
		}
		outcomes := w.cfg.Record.Write(ctx, urgent, entries)
		w.cfg.Breaker.Report(combined(outcomes))
		entries, kept = w.saveResults(entries, outcomes)
		urgent = true // whoever changed a booking meanwhile waits
	}
	return kept
}

// together is what a breaker is told of outcomes: one answer is a sign of life.
func combined(outcomes []booking.WriteResult) Result {
	all := Neutral
	for _, o := range outcomes {
		switch ResultOf(o.Err) {
		case Success:
			return Success
		case Failure:
			all = Failure
		case Neutral:
		}
	}
	return all
}

// leaveAll tells those who wait that it takes longer.
func (w *Worker) answerPending(entries []booking.JournalEntry) {
	for _, e := range entries {
		w.answerWaiters(e.Booking.ID, e.Rev, booking.Pending)
	}
}

// conclude keeps what became of each entry, and returns those for which there is
// a newer wish by now, to be attempted at once.
func (w *Worker) saveResults(entries []booking.JournalEntry, outcomes []booking.WriteResult) (again []booking.JournalEntry, kept bool) {
	var (
		mu     sync.Mutex
		failed atomic.Bool
		all    sync.WaitGroup // at once, so that they share commits
	)
	for i, e := range entries {
		all.Go(func() {
			newer, err := w.saveResult(e, outcomes[i])
			if errors.Is(err, booking.ErrNotFound) {
				err = nil // it has ended: nothing does that while it is attempted
				w.cfg.Log.Error("a journal entry had ended before what became of its attempt could be kept",
					"entry", e.ID, "booking", e.Booking.ID, "written", outcomes[i].Err == nil)
				w.answerWaiters(e.Booking.ID, e.Rev, booking.Pending)
			}
			if err != nil {
				failed.Store(true)
				w.cfg.Log.Error("what became of an attempt could not be kept; the entry is attempted again", "entry", e.ID, "error", err)
				w.answerWaiters(e.Booking.ID, e.Rev, booking.Pending)
			}
			if !newer {
				return
			}
			// Whatever it says now; not the caller's context: what was written is written.
			if next, err := w.cfg.Journal.Get(context.Background(), e.ID); err == nil {
				mu.Lock()
				defer mu.Unlock()
				again = append(again, next)
			}
		})
	}
	all.Wait()
	return again, !failed.Load()
}

func (w *Worker) saveResult(e booking.JournalEntry, o booking.WriteResult) (newer bool, err error) {
	// An outcome is kept also when the attempt's own time is up.
	ctx, now := context.Background(), w.cfg.Clock.Now()
	w.cfg.Metrics.attempted(e, o.Err)
	t := o.Err
	if t == nil {
		return w.written(ctx, e, o, now)
	}
	switch t.Kind {
	case booking.Interrupted:
		w.answerWaiters(e.Booking.ID, e.Rev, booking.Pending)
		return false, nil
	case booking.Permanent:
		return false, w.park(ctx, e, booking.Parked{At: now, Cause: t.Cause, Text: t.Text, Fix: t.Fix}, t)
	case booking.Unreachable, booking.RateLimited, booking.UnknownOutcome:
	}
	if counts(t) && e.Counted+1 >= w.cfg.MaxAttempts {
		return false, w.park(ctx, e, booking.Parked{At: now, Cause: booking.ParkedLimit,
			Text: fmt.Sprintf("%d attempts failed; the last: %s", e.Counted+1, t.Text), Fix: t.Fix}, t)
	}
	pause := min(max(Backoff(e.Failures+1, w.cfg.Jitter()), t.RetryAfter), booking.LongestPause)
	next, err := w.cfg.Journal.Failed(ctx, e.ID, e.Rev, attemptOf(t, now), now.Add(pause), counts(t))
	if err != nil {
		return false, err
	}
	w.answerWaiters(e.Booking.ID, e.Rev, booking.Pending)
	w.cfg.Log.Warn("booking not written yet; it is safe and is tried again", "entry", e.ID, "booking", e.Booking.ID,
		"attempt", next.Tried, "why", t.Text, "kind", string(t.Kind), "next", pause.Round(time.Millisecond))
	w.notifyObserver(ctx, next, t)
	return false, nil
}

// written archives what stands in the record now. A guest who does not wait any
// more is owed a message, which is kept in the same stroke.
func (w *Worker) written(ctx context.Context, e booking.JournalEntry, o booking.WriteResult, now time.Time) (newer bool, err error) {
	var messages []booking.Message
	heard := w.claimWaiters(e.Booking.ID, e.Rev)
	if !heard && w.cfg.Words != nil && !e.Silent && guestExpects(e) {
		if m, ok := w.cfg.Words.Landed(e, now); ok && !hasMessage(e, m.Kind) {
			messages = append(messages, m)
		}
	}
	stands := e.Booking
	if o.Stands != nil && !booking.SameInRow(*o.Stands, stands) {
		stands = *o.Stands // somebody changed something else of it
	}
	newer, err = w.cfg.Journal.Done(ctx, e.ID, e.Rev, stands, o.Record, now, messages...)
	if err != nil {
		return false, err
	}
	if e.Was != nil || len(e.Passed) > 0 || e.Settled != nil {
		w.reportChange(e) // the places that it held beside its own are free
	}
	state := booking.Written
	if newer {
		if now, err := w.cfg.Journal.Get(ctx, e.ID); err == nil && now.Settled != nil {
			state = booking.Pending // a person settled it meanwhile: it does not stay
		}
	}
	w.answerWaiters(e.Booking.ID, e.Rev, state)
	if len(messages)+len(e.Messages) > 0 && w.cfg.OnQueued != nil {
		w.cfg.OnQueued()
	}
	if e.Tried > 0 {
		w.cfg.Log.Info("booking written after all", "entry", e.ID, "booking", e.Booking.ID, "attempt", e.Tried+1)
	}
	if w.cfg.Observer != nil && !newer && (!heard || e.Tried > 0) {
		w.cfg.Observer.Landed(ctx, e)
	}
	w.releaseFixed(ctx, now)
	return newer, nil
}

// waitsToHear tells whether a guest's wish is why the entry is there. When a house
// begins to keep its book elsewhere, all that is booked is written there too, and
// those guests know it.
func guestExpects(e booking.JournalEntry) bool {
	const aMoment = time.Minute // from a decision to its entry
	return e.Booking.Updated.After(e.Created.Add(-aMoment))
}

// owes tells whether an entry owes a message of a kind by itself.
func hasMessage(e booking.JournalEntry, kind booking.MessageKind) bool {
	return slices.ContainsFunc(e.Messages, func(m booking.Message) bool { return m.Kind == kind })
}

// park leaves an entry to a person.
func (w *Worker) park(ctx context.Context, e booking.JournalEntry, why booking.Parked, t *booking.RecordError, messages ...booking.Message) error {
	var failed *booking.Attempt
	if t != nil {
		a := attemptOf(t, why.At)
		failed = &a
	}
	parked, err := w.cfg.Journal.Park(ctx, e.ID, e.Rev, why, failed, messages...)
	if err != nil {
		return err
	}
	w.answerWaiters(e.Booking.ID, e.Rev, booking.Pending)
	if !parked {
		w.Kick() // a newer wish folded in
		return nil
	}
	w.cfg.Log.Error("a booking needs a person", "entry", e.ID, "booking", e.Booking.ID, "cause", string(why.Cause), "why", why.Text, "mend", why.Fix)
	e.State, e.Parked = booking.EntryParked, &why
	w.notifyObserver(ctx, e, t)
	return nil
}

func (w *Worker) notifyObserver(ctx context.Context, e booking.JournalEntry, t *booking.RecordError) {
	if w.cfg.Observer != nil {
		w.cfg.Observer.Waits(ctx, e, t)
	}
}

func attemptOf(t *booking.RecordError, at time.Time) booking.Attempt {
	return booking.Attempt{At: at, Kind: string(t.Kind), Text: t.Text}
}

// mendedPause is the least time between two looks whether what parked entries
// is mended: each costs an attempt of all of them.
const releasePause = 10 * time.Minute

// releaseMended lets parked entries go on when something was written: the token
// or the field that kept them may be in order again.
func (w *Worker) releaseFixed(ctx context.Context, now time.Time) {
	w.mu.Lock()
	due := passed(w.released, now, releasePause)
	if due {
		w.released = now
	}
	w.mu.Unlock()
	if !due {
		return
	}
	depth, err := w.cfg.Journal.Depth(ctx)
	if err != nil || depth.Parked == 0 {
		return
	}
	n, err := w.cfg.Journal.Release(ctx, now, false, func(e booking.JournalEntry) bool {
		return e.Parked != nil && e.Parked.Cause.Fixable() && e.Parked.Cause != booking.ParkedLimit &&
			passed(e.Parked.At, now, releasePause)
	})
	if err != nil || n == 0 {
		return
	}
	w.cfg.Log.Info("parked bookings go on: the system of record takes bookings again", "entries", n)
	w.Kick()
}
