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

// attempt tries to write entries, all leased by the caller. Nothing else writes to
// the system of record. kept reports whether all results are on disk.
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
		urgent = true // a guest who changed a booking meanwhile waits
	}
	return kept
}

// combined returns what to report to the breaker: one answer counts as success.
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

// answerPending answers the entries' waiters that they are pending.
func (w *Worker) answerPending(entries []booking.JournalEntry) {
	for _, e := range entries {
		w.answerWaiters(e.Booking.ID, e.Rev, booking.Pending)
	}
}

// saveResults saves the result of each entry, and returns those that have a newer
// revision by now, to be attempted at once.
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
				err = nil // should not happen: a leased entry does not end
				w.cfg.Log.Error("a journal entry had ended before the result of its attempt was saved",
					"entry", e.ID, "booking", e.Booking.ID, "written", outcomes[i].Err == nil)
				w.answerWaiters(e.Booking.ID, e.Rev, booking.Pending)
			}
			if err != nil {
				failed.Store(true)
				w.cfg.Log.Error("save the result of an attempt; the entry is attempted again", "entry", e.ID, "error", err)
				w.answerWaiters(e.Booking.ID, e.Rev, booking.Pending)
			}
			if !newer {
				return
			}
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
	// A result is saved also when the attempt's context has ended.
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
		"attempt", next.Tried, "error", t.Text, "kind", string(t.Kind), "next", pause.Round(time.Millisecond))
	w.notifyObserver(ctx, next, t)
	return false, nil
}

// written archives an entry that was written. If its guest no longer waits, a
// message to the guest enters the outbox in the same commit.
func (w *Worker) written(ctx context.Context, e booking.JournalEntry, o booking.WriteResult, now time.Time) (newer bool, err error) {
	var messages []booking.Message
	awaited := w.claimWaiters(e.Booking.ID, e.Rev)
	if !awaited && w.cfg.Words != nil && !e.Silent && guestExpects(e) {
		if m, ok := w.cfg.Words.Landed(e, now); ok && !hasMessage(e, m.Kind) {
			messages = append(messages, m)
		}
	}
	written := e.Booking
	if o.ReadBack != nil && !booking.SameInRow(*o.ReadBack, written) {
		written = *o.ReadBack // the staff changed something else in it
	}
	newer, err = w.cfg.Journal.Done(ctx, e.ID, e.Rev, written, o.Record, now, messages...)
	if err != nil {
		return false, err
	}
	if e.Was != nil || len(e.Passed) > 0 || e.Settled != nil {
		w.reportChange(e) // the other tables that it held are free
	}
	state := booking.Written
	if newer {
		if now, err := w.cfg.Journal.Get(ctx, e.ID); err == nil && now.Settled != nil {
			state = booking.Pending // a person settled it meanwhile: it is undone
		}
	}
	w.answerWaiters(e.Booking.ID, e.Rev, state)
	if len(messages)+len(e.Messages) > 0 && w.cfg.OnQueued != nil {
		w.cfg.OnQueued()
	}
	if e.Tried > 0 {
		w.cfg.Log.Info("booking written after all", "entry", e.ID, "booking", e.Booking.ID, "attempt", e.Tried+1)
	}
	if w.cfg.Observer != nil && !newer && (!awaited || e.Tried > 0) {
		w.cfg.Observer.Landed(ctx, e)
	}
	w.releaseFixed(ctx, now)
	return newer, nil
}

// guestExpects reports whether an entry comes from a guest's request. When a
// restaurant moves its book to another record, all bookings are written there, and
// their guests know of them already.
func guestExpects(e booking.JournalEntry) bool {
	const aMoment = time.Minute // from a decision to its entry
	return e.Booking.Updated.After(e.Created.Add(-aMoment))
}

// hasMessage reports whether an entry carries a message of a kind.
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
		w.Kick() // a newer revision was merged into it
		return nil
	}
	w.cfg.Log.Error("a booking needs a person", "entry", e.ID, "booking", e.Booking.ID, "cause", string(why.Cause), "reason", why.Text, "fix", why.Fix)
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

// releasePause is the least time between two releases of parked entries: each
// costs an attempt of all of them.
const releasePause = 10 * time.Minute

// releaseFixed releases parked entries after something was written: what they
// were parked for, such as a bad token, may be fixed.
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
