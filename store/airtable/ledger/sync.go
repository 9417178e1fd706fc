package ledger

import (
	"context"
	"errors"
	"slices"
	"time"

	"golang.org/x/sync/singleflight"

	"maitre/booking"
	"maitre/store"
	"maitre/store/airtable"
)

// inBackground runs do once for all who ask for key at a time. It goes on when those
// who wait for it give up.
func (l *Ledger) inBackground(key string, do func(context.Context) *booking.RecordError) <-chan singleflight.Result {
	return l.flights.DoChan(key, func() (any, error) {
		if !l.begin() {
			return nil, &booking.RecordError{Kind: booking.Interrupted, Text: "the ledger is closed"}
		}
		defer l.work.Done()
		if t := do(airtable.Urgent(l.ctx)); t != nil {
			return nil, t
		}
		return nil, nil
	})
}

// begin reports whether work may begin; Close waits for its end.
func (l *Ledger) begin() bool {
	l.closing.Lock()
	defer l.closing.Unlock()
	if l.closed {
		return false
	}
	l.work.Add(1)
	return true
}

// await waits for what was begun, as long as ctx.
func await(ctx context.Context, done <-chan singleflight.Result) *booking.RecordError {
	select {
	case r := <-done:
		var t *booking.RecordError
		errors.As(r.Err, &t)
		return t
	case <-ctx.Done():
		return &booking.RecordError{Kind: booking.Interrupted, Text: context.Cause(ctx).Error()}
	}
}

// startSync applies all recorded changes in the background, or joins a sync that is
// under way.
func (l *Ledger) startSync() <-chan singleflight.Result {
	return l.inBackground("sync", l.applyChanges)
}

// sync is startSync and waits for the result.
func (l *Ledger) sync(ctx context.Context) *booking.RecordError { return await(ctx, l.startSync()) }

// recorded is what the webhook recorded since it was last read.
type recorded struct {
	payloads []airtable.Payload
	// since is the mirror's version before the request: later readings may hold some of it.
	since store.Version
	// received is when the last of it had come, asOf as of when it is complete.
	received, asOf time.Time
	cursor         int
	// tooMany: there is more than is kept in memory.
	tooMany bool
}

// maxPayloads is how many payloads are applied one by one. With more, every day is
// read again.
const maxPayloads = 5000

// applyChanges reads what was recorded, to its end, and applies it at once: a row
// that changed twice is never shown as it was in between.
func (l *Ledger) applyChanges(ctx context.Context) *booking.RecordError {
	h := l.feed.known()
	if h.ID == "" {
		return nil
	}
	found, t := l.readChanges(ctx, h)
	if t != nil {
		return t
	}
	lost, doubts, t := l.apply(ctx, found)
	if t != nil {
		l.coolDown(coolDownAfterFailure)
		return t
	}
	if l.tablesRenamed.Swap(false) {
		lost = true
	}
	next := h
	next.Cursor = found.cursor
	for _, d := range doubts {
		if !slices.Contains(next.Doubts, d) {
			next.Doubts = append(next.Doubts, d)
		}
	}
	if lost {
		next.Number, next.Since = h.Number+1, l.cfg.Now()
	}
	if next.Doubts, t = l.settleDoubts(ctx, next.Doubts); t != nil {
		l.tablesRenamed.Store(lost)
		return t
	}
	if lost || next.Cursor != h.Cursor || !slices.Equal(next.Doubts, h.Doubts) {
		if err := l.keepHook(ctx, h.ID, next); err != nil {
			l.tablesRenamed.Store(lost)
			return &booking.RecordError{Kind: booking.Unreachable, Text: err.Error()}
		}
	}
	if lost {
		l.cfg.Log.Warn("not all that changed in Airtable can be known: every day is read again")
		l.rereadAll()
	}
	l.feed.caughtUp(h.ID, found.asOf)
	if s := l.base.Load(); s.bound && s.mapper.ByFieldID() && !slices.Equal(h.Fields, watchedFields(s)) {
		l.forgetHook(ctx, next) // our fields have changed
	}
	return nil
}

// readChanges reads what a webhook recorded, to its end.
func (l *Ledger) readChanges(ctx context.Context, h hook) (recorded, *booking.RecordError) {
	found := recorded{since: l.cfg.Mirror.Version(), cursor: h.Cursor}
	for more := true; more; {
		found.asOf = l.cfg.Now()
		var got airtable.Payloads
		t := l.ask(ctx, ofChanges, func(ctx context.Context) (err error) {
			got, err = l.cfg.Client.Payloads(ctx, h.ID, found.cursor)
			if noSuchHook(err) {
				l.forgetHook(ctx, h)
			}
			return err
		})
		if t != nil {
			return found, t
		}
		if found.tooMany = found.tooMany || len(found.payloads)+len(got.Payloads) > maxPayloads; found.tooMany {
			found.payloads = nil
		} else {
			found.payloads = append(found.payloads, got.Payloads...)
		}
		more = got.More && got.Cursor > found.cursor
		found.cursor = got.Cursor
	}
	found.received = l.cfg.Now()
	for _, p := range found.payloads {
		if p.Failed && p.Code != "INTERNAL_ERROR" {
			// The webhook itself is broken.
			l.forgetHook(ctx, h)
			return found, &booking.RecordError{Kind: booking.Permanent, Cause: booking.ParkedAccess, Text: "Airtable's record of changes failed: " + p.Code}
		}
	}
	return found, nil
}

// settleDoubts reads the dates of bookings that were in doubt and are now written. It
// returns the others.
func (l *Ledger) settleDoubts(ctx context.Context, all []doubt) ([]doubt, *booking.RecordError) {
	var left []doubt
	var dates []booking.Date
	for _, d := range all {
		if l.cfg.Mirror.Waits(d.ID) {
			left = append(left, d)
		} else {
			dates = append(dates, d.Date)
		}
	}
	slices.Sort(dates)
	for _, date := range slices.Compact(dates) {
		if t := l.readDay(ctx, date, true); t != nil {
			return all, t
		}
	}
	return left, nil
}
