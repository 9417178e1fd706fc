package retry

import (
	"context"
	"slices"

	"maitre/booking"
)

const (
	// window is how many due entries one look takes: enough that reading what has
	// changed, once for all of them, costs little beside writing them.
	window = 500
	// chunk is how many entries one attempt writes: what the record takes in one request.
	chunk = 10
	// abreast is how many attempts are under way at once: enough that the next
	// request is ready whenever the record's pace allows it, and few enough that an
	// outage holds up no more.
	abreast = 3
)

type replay struct{}

// isReplay tells whether a wish is accepted while its own entry is looked at again.
func isReplay(ctx context.Context) bool { return ctx.Value(replay{}) != nil }

// round attempts what is due, oldest first, and tells whether there may be more.
func (w *Worker) round(ctx context.Context) (more bool) {
	due, err := w.due(ctx)
	if err != nil {
		if ctx.Err() == nil {
			w.Log.Error("read the journal", "error", err)
		}
		return false
	}
	if len(due) == 0 {
		return false
	}
	left := w.looked(ctx, due)
	w.write(ctx, left)
	return len(due) == window && w.Breaker.State() == Closed
}

// due leases what is due.
func (w *Worker) due(ctx context.Context) ([]booking.JournalEntry, error) {
	w.mu.Lock()
	busy := len(w.leased)
	w.mu.Unlock()
	due, err := w.Journal.Due(ctx, w.Watch.Now(), window+busy)
	if err != nil {
		return nil, err
	}
	mine := due[:0]
	for _, e := range due {
		if len(mine) < window && w.lease(e.ID) {
			mine = append(mine, e)
		}
	}
	// What was read before the lease may be older than the attempt that just ended.
	still := make([]booking.JournalEntry, 0, len(mine))
	for _, e := range mine {
		fresh, err := w.Journal.Get(ctx, e.ID)
		if err != nil || fresh.State != booking.EntryPending || fresh.Next.After(w.Watch.Now()) {
			w.unlease(e.ID)
			continue
		}
		still = append(still, fresh)
	}
	return still, nil
}

// looked looks at each entry's day as the record has it now, and returns those
// that may be written as they are.
func (w *Worker) looked(ctx context.Context, due []booking.JournalEntry) []booking.JournalEntry {
	var dates []booking.Date
	for _, e := range due {
		if e.Booking.Live() {
			dates = append(dates, e.Booking.Date)
		}
	}
	slices.Sort(dates)
	if dates = slices.Compact(dates); len(dates) > 0 {
		if t := w.refresh(ctx, dates); t != nil {
			w.refuseAll(ctx, due, t)
			return nil
		}
	}
	left := make([]booking.JournalEntry, 0, len(due))
	for _, e := range due {
		if e, ok := w.recheck(ctx, e); ok {
			left = append(left, e)
		} else {
			w.unlease(e.ID)
		}
	}
	return left
}

func (w *Worker) refresh(ctx context.Context, dates []booking.Date) *booking.Trouble {
	t := w.Record.Refresh(ctx, dates)
	if t != nil && ctx.Err() != nil {
		return &booking.Trouble{Kind: booking.Interrupted}
	}
	return t
}

// refuseAll is for entries whose days could not be read: what keeps us from
// reading keeps us from writing.
func (w *Worker) refuseAll(ctx context.Context, due []booking.JournalEntry, t *booking.Trouble) {
	for _, e := range due {
		if t.Kind == booking.Permanent {
			now := w.Watch.Now()
			if err := w.park(ctx, e, booking.Parked{At: now, Cause: t.Cause, Text: t.Text, Mend: t.Mend}, t); err != nil {
				w.Log.Error("park entry", "entry", e.ID, "error", err)
			}
		}
		w.unlease(e.ID)
	}
	if t.Kind != booking.Permanent && t.Kind != booking.Interrupted {
		w.Log.Warn("bookings wait: what the system of record holds could not be read", "entries", len(due), "why", t.Text)
	}
}

// recheck looks at one entry again; false: it is not to be written now.
func (w *Worker) recheck(ctx context.Context, e booking.JournalEntry) (booking.JournalEntry, bool) {
	if !e.Booking.Live() {
		return e, true
	}
	now := w.Watch.Now()
	v, err := w.desk.Recheck(context.WithValue(ctx, replay{}, true), e.Booking)
	if err != nil {
		if ctx.Err() == nil {
			w.Log.Error("look again at what waits", "entry", e.ID, "error", err)
			t := &booking.Trouble{Kind: booking.Unreachable, Text: err.Error()}
			_, _ = w.Journal.Failed(ctx, e.ID, e.Rev, attemptOf(t, now), now.Add(Backoff(e.Failures+1, w.Jitter())), false) // it stays due
		}
		return e, false
	}
	if v.Why == "" && !v.Moved {
		return e, true
	}
	if v.Moved {
		moved, err := w.Journal.Get(ctx, e.ID)
		if err != nil {
			return e, false
		}
		w.Log.Info("booking moved to other tables: its own were given away meanwhile", "entry", e.ID, "booking", e.Booking.ID)
		return moved, true
	}
	why := booking.Parked{At: now, Cause: booking.ParkedConflict,
		Text: "its table was given away in Airtable meanwhile, and no other is free at that time",
		Mend: "Call the guest and offer another time, or seat them by hand; then settle the entry."}
	if v.Why == booking.Past {
		why.Cause = booking.ParkedPast
		why.Text = "its time went by before it could be written"
		why.Mend = "See whether the guests came, write it into the book by hand if you want it there, and settle the entry."
	}
	for _, a := range v.Alternatives {
		why.Offer = append(why.Offer, booking.OfferFor{Date: a.Date, Time: a.Time, Zone: a.Zone})
	}
	if err := w.park(ctx, e, why, nil); err != nil {
		w.Log.Error("park entry", "entry", e.ID, "error", err)
	}
	return e, false
}

// write attempts leased entries, several requests abreast as long as the record answers.
func (w *Worker) write(ctx context.Context, entries []booking.JournalEntry) {
	places := make(chan struct{}, abreast)
	for part := range slices.Chunk(entries, chunk) {
		places <- struct{}{}
		if ctx.Err() != nil || w.Breaker.State() != Closed {
			<-places
			for _, e := range part {
				w.unlease(e.ID)
			}
			continue
		}
		go func() {
			defer func() { <-places }()
			w.attempt(w.life, false, part)
			for _, e := range part {
				w.unlease(e.ID)
			}
		}()
	}
	for range abreast {
		places <- struct{}{}
	}
}
