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
	// window is how many due entries one look takes: enough that reading what has
	// changed, once for all of them, costs little beside writing them.
	windowSize = 500
	// group is how many entries' rows are read at once before they are written: what
	// the record shows in one request.
	groupSize = 50
	// chunk is how many entries one attempt writes: what the record takes in one request.
	batchSize = 10
	// abreast is how many groups are under way at once: enough that the next
	// request is ready whenever the record's pace allows it, and few enough that an
	// outage holds up no more.
	groupsAtOnce = 3
)

// round attempts what is due, oldest first, and tells whether to go on: there may
// be more, and what was to be done could be.
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

// due leases what is due; more: there may be more than that.
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

// refreshed reads what the record holds of the days on which entries want tables,
// and returns what kept it from that.
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

// refuseAll is for entries whose days could not be read: what keeps us from
// reading keeps us from writing.
func (w *Worker) failAll(ctx context.Context, due []booking.JournalEntry, t *booking.RecordError) {
	for _, e := range due {
		if t.Kind == booking.Permanent {
			now := w.cfg.Clock.Now()
			w.parkOrLog(ctx, e, booking.Parked{At: now, Cause: t.Cause, Text: t.Text, Fix: t.Fix}, t)
		}
		w.answerWaiters(e.Booking.ID, e.Rev, booking.Pending)
	}
	if t.Kind != booking.Permanent && t.Kind != booking.Interrupted {
		w.cfg.Log.Warn("bookings wait: what the system of record holds could not be read", "entries", len(due), "why", t.Text)
	}
}

// pass takes entries, all leased by the caller, through what comes before a write:
// their rows are read and merged with what is wanted, their days are looked at
// again; and then attempts them. kept tells whether what became of all of them is
// on disk.
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

// recheck looks at one entry again, and returns it as it is now; false: it is not
// to be written now.
func (w *Worker) recheck(ctx context.Context, e booking.JournalEntry) (_ booking.JournalEntry, may bool, err error) {
	if !e.Booking.Live() || e.Settled != nil { // what a person settled is as it was before
		return e, true, nil
	}
	now := w.cfg.Clock.Now()
	v, err := w.cfg.Rechecker.Recheck(ctx, e.Booking, e.Was)
	if err != nil {
		if ctx.Err() == nil {
			w.cfg.Log.Error("look again at what waits", "entry", e.ID, "error", err)
			a := booking.Attempt{At: now, Kind: string(booking.Unreachable), Text: err.Error()}
			_, _ = w.cfg.Journal.Failed(ctx, e.ID, e.Rev, a, now.Add(Backoff(e.Failures+1, w.cfg.Jitter())), false) // it stays due
		}
		return e, false, err
	}
	if v.Why == booking.Past && e.Was != nil && booking.SameInRow(*e.Was, e.Booking) {
		return e, true, nil // it was written in time; only nobody had heard of that
	}
	if v.Why == "" {
		// As it is now: it may have been moved, by that look or by its guest.
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

// conflict is why what a desk found must not be written.
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

// mustPark parks an entry; one that could not be stays due.
func (w *Worker) parkOrLog(ctx context.Context, e booking.JournalEntry, why booking.Parked, t *booking.RecordError) {
	if err := w.park(ctx, e, why, t); err != nil && !errors.Is(err, booking.ErrNotFound) {
		w.cfg.Log.Error("park entry", "entry", e.ID, "error", err)
	}
}

// passAll lets leased entries pass, several groups abreast as long as the record
// answers, and gives them back. kept tells whether what became of all of them is on disk.
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
