package retry

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"maitre/booking"
)

const (
	// windowSize is the number of due entries taken at a time, so that reading their
	// days once for all costs little beside writing them.
	windowSize = 500
	// groupSize is the number of rows that the record returns in one request.
	groupSize = 50
	// batchSize is the number of entries that the record takes in one request.
	batchSize = 10
	// groupsAtOnce is the number of groups under way at once: enough to use the
	// record's pace, and few enough that an outage holds up no more.
	groupsAtOnce = 3
)

// replayWindow attempts one window of due entries, oldest first, and reports
// whether there may be more that can be attempted now.
func (w *Worker) replayWindow(ctx context.Context) (more bool) {
	due, more, err := w.due(ctx)
	if err != nil {
		if ctx.Err() == nil {
			w.cfg.Log.Error("read the journal", "error", err)
		}
		return false
	}
	if len(due) == 0 {
		return false
	}
	if t := w.refreshDays(ctx, due); t != nil {
		w.failAll(ctx, due, t)
		w.unlease(due...)
		return false
	}
	kept := w.processAll(ctx, due)
	return more && kept && w.cfg.Breaker.State() == Closed
}

// due leases a window of due entries; more reports whether there may be others.
func (w *Worker) due(ctx context.Context) (mine []booking.JournalEntry, more bool, err error) {
	w.mu.Lock()
	busy := len(w.leased)
	w.mu.Unlock()
	due, err := w.cfg.Journal.Due(ctx, w.cfg.Clock.Now(), windowSize+busy)
	if err != nil {
		return nil, false, err
	}
	leased := 0
	for _, e := range due {
		if leased == windowSize {
			break
		}
		if !w.lease(e.ID, false) {
			continue
		}
		leased++
		// What was read before the lease may be older than the attempt that just ended.
		fresh, err := w.cfg.Journal.Get(ctx, e.ID)
		if err != nil || fresh.State != booking.EntryPending || !fresh.DueAt(w.cfg.Clock.Now()) {
			w.unlease(e)
			continue
		}
		mine = append(mine, fresh)
	}
	return mine, leased == windowSize, nil
}

// refreshDays has the record read the days of live bookings afresh.
func (w *Worker) refreshDays(ctx context.Context, due []booking.JournalEntry) *booking.RecordError {
	var dates []booking.Date
	for _, e := range due {
		if e.Booking.Live() {
			dates = append(dates, e.Booking.Date)
		}
	}
	slices.Sort(dates)
	if dates = slices.Compact(dates); len(dates) == 0 {
		return nil
	}
	t := w.cfg.Record.Refresh(ctx, dates)
	if t != nil && ctx.Err() != nil {
		return &booking.RecordError{Kind: booking.Interrupted}
	}
	return t
}

// failAll handles entries whose days could not be read: they cannot be written
// either.
func (w *Worker) failAll(ctx context.Context, due []booking.JournalEntry, t *booking.RecordError) {
	for _, e := range due {
		if t.Kind == booking.Permanent {
			now := w.cfg.Clock.Now()
			w.parkOrLog(ctx, e, booking.Parked{At: now, Cause: t.Cause, Text: t.Text, Fix: t.Fix}, t)
		}
		w.answerWaiters(e.Booking.ID, e.Rev, booking.Pending)
	}
	if t.Kind != booking.Permanent && t.Kind != booking.Interrupted {
		w.cfg.Log.Warn("bookings wait: what the system of record holds could not be read", "entries", len(due), "error", t.Text)
	}
}

// process merges entries, all leased by the caller, with their rows, checks their
// tables again, and attempts to write them. kept reports whether the results of
// all of them are on disk.
func (w *Worker) process(ctx context.Context, urgent bool, entries []booking.JournalEntry) (kept bool) {
	entries, kept = w.mergeAll(ctx, urgent, entries)
	left := make([]booking.JournalEntry, 0, len(entries))
	for _, e := range entries {
		now, may, err := w.recheck(ctx, e)
		if may {
			left = append(left, now)
		} else {
			w.answerWaiters(e.Booking.ID, e.Rev, booking.Pending)
		}
		kept = kept && err == nil
	}
	for part := range slices.Chunk(left, batchSize) {
		if !kept || ctx.Err() != nil {
			return false
		}
		kept = w.attempt(w.life, urgent, part)
	}
	return kept
}

// recheck checks an entry's tables again, and returns the entry as it is now; may
// reports whether it is to be written now.
func (w *Worker) recheck(ctx context.Context, e booking.JournalEntry) (_ booking.JournalEntry, may bool, err error) {
	if !e.Booking.Live() || e.Settled != nil { // what a person settled is as it was before
		return e, true, nil
	}
	now := w.cfg.Clock.Now()
	v, err := w.cfg.Rechecker.Recheck(ctx, e.Booking, e.Was)
	if err != nil {
		if ctx.Err() == nil {
			w.cfg.Log.Error("recheck a pending booking", "entry", e.ID, "error", err)
			a := booking.Attempt{At: now, Kind: string(booking.Unreachable), Text: err.Error()}
			_, _ = w.cfg.Journal.Failed(ctx, e.ID, e.Rev, a, now.Add(Backoff(e.Failures+1, w.cfg.Jitter())), false) // it stays due
		}
		return e, false, err
	}
	if v.Why == booking.Past && e.Was != nil && booking.SameInRow(*e.Was, e.Booking) {
		return e, true, nil // it was written in time, but the answer was lost
	}
	if v.Why == "" {
		// The recheck or the guest may have changed it.
		fresh, err := w.cfg.Journal.Get(ctx, e.ID)
		if err != nil {
			return e, false, nil // settled meanwhile
		}
		if v.Moved {
			w.cfg.Log.Info("booking moved to other tables: its own were given away meanwhile", "entry", e.ID, "booking", e.Booking.ID)
		}
		return fresh, fresh.State == booking.EntryPending, nil
	}
	w.parkOrLog(ctx, e, conflictOf(v, now), nil)
	return e, false, nil
}

// conflictOf returns why an entry is parked after a recheck.
func conflictOf(v booking.Verdict, now time.Time) booking.Parked {
	why := booking.Parked{At: now, Cause: booking.ParkedConflict,
		Text: "its table was given away in Airtable meanwhile, and no other is free at that time",
		Fix:  "Call the guest and offer another time, or seat them by hand; then settle the entry."}
	if v.Why == booking.Past {
		why.Cause = booking.ParkedPast
		why.Text = "its time went by before it could be written"
		why.Fix = "See whether the guests came, write it into the book by hand if you want it there, and settle the entry."
	}
	for _, a := range v.Alternatives {
		why.Offer = append(why.Offer, booking.OfferFor(a))
	}
	return why
}

// parkOrLog parks an entry; if that fails, it stays due.
func (w *Worker) parkOrLog(ctx context.Context, e booking.JournalEntry, why booking.Parked, t *booking.RecordError) {
	if err := w.park(ctx, e, why, t); err != nil && !errors.Is(err, booking.ErrNotFound) {
		w.cfg.Log.Error("park entry", "entry", e.ID, "error", err)
	}
}

// processAll processes leased entries, several groups at once as long as the
// record answers, and gives them back. kept reports whether the results of all of
// them are on disk.
func (w *Worker) processAll(ctx context.Context, entries []booking.JournalEntry) (kept bool) {
	places := make(chan struct{}, groupsAtOnce)
	var failed atomic.Bool
	for part := range slices.Chunk(entries, groupSize) {
		places <- struct{}{}
		if ctx.Err() != nil || w.cfg.Breaker.State() != Closed || failed.Load() {
			<-places
			w.unlease(part...)
			continue
		}
		go func() {
			defer func() { <-places }()
			if !w.process(ctx, false, part) {
				failed.Store(true)
			}
			w.unlease(part...)
		}()
	}
	for range groupsAtOnce {
		places <- struct{}{}
	}
	return !failed.Load()
}
