package book

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

// behind does something in the background, once for all who want it at a time:
// it goes on when those who wait for it give up.
func (b *Book) behind(key string, do func(context.Context) *booking.Trouble) <-chan singleflight.Result {
	return b.flights.DoChan(key, func() (any, error) {
		if !b.begin() {
			return nil, &booking.Trouble{Kind: booking.Interrupted, Text: "the book is closed"}
		}
		defer b.work.Done()
		if t := do(airtable.Urgent(b.life)); t != nil {
			return nil, t
		}
		return nil, nil
	})
}

// begin tells whether work may begin; Close waits for its end.
func (b *Book) begin() bool {
	b.closing.Lock()
	defer b.closing.Unlock()
	if b.closed {
		return false
	}
	b.work.Add(1)
	return true
}

// outcome waits for what was begun, as long as ctx.
func outcome(ctx context.Context, done <-chan singleflight.Result) *booking.Trouble {
	select {
	case r := <-done:
		var t *booking.Trouble
		errors.As(r.Err, &t)
		return t
	case <-ctx.Done():
		return &booking.Trouble{Kind: booking.Interrupted, Text: context.Cause(ctx).Error()}
	}
}

// syncing takes up, in the background, all changes that were recorded since the
// last time, or joins whoever is at it.
func (b *Book) syncing() <-chan singleflight.Result { return b.behind("sync", b.takeUp) }

// sync is syncing for whoever waits for it.
func (b *Book) sync(ctx context.Context) *booking.Trouble { return outcome(ctx, b.syncing()) }

// stretch is what the webhook recorded since it was read last.
type stretch struct {
	payloads []airtable.Payload
	// since is before it was asked for: what was read later may hold some of it.
	since store.Mark
	// heard is when the last of it had come, at as of when nothing is missing.
	heard, at time.Time
	cursor    int
	// lost: there is more than can be kept in memory.
	lost bool
}

// maxStretch bounds the payloads that are taken up one by one. Who was away for
// longer reads every day again.
const maxStretch = 5000

// takeUp reads what was recorded, to its end, and takes it up at once: a row that
// changed twice is never shown as it was in between, which may be older than what
// is known of it.
func (b *Book) takeUp(ctx context.Context) *booking.Trouble {
	h := b.feed.known()
	if h.ID == "" {
		return nil
	}
	found, t := b.listen(ctx, h)
	if t != nil {
		return t
	}
	lost, doubts, t := b.apply(ctx, found)
	if t != nil {
		b.giveUpFor(afterFailure)
		return t
	}
	if b.misnamed.Swap(false) {
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
		next.Number, next.Since = h.Number+1, b.Now()
	}
	if next.Doubts, t = b.settleDoubts(ctx, next.Doubts); t != nil {
		b.misnamed.Store(lost)
		return t
	}
	if lost || next.Cursor != h.Cursor || !slices.Equal(next.Doubts, h.Doubts) {
		if err := b.keepHook(ctx, h.ID, next); err != nil {
			b.misnamed.Store(lost)
			return &booking.Trouble{Kind: booking.Unreachable, Text: err.Error()}
		}
	}
	if lost {
		b.Log.Warn("not all that changed in Airtable can be known: every day is read again")
		b.unsure()
	}
	b.feed.caughtUp(h.ID, found.at)
	if s := b.base.Load(); s.bound && s.mapper.ByFieldID() && !slices.Equal(h.Watches, watches(s)) {
		b.forgetHook(ctx, next) // a field of ours is another by now
	}
	return nil
}

// listen reads what a webhook recorded, to its end.
func (b *Book) listen(ctx context.Context, h hook) (stretch, *booking.Trouble) {
	found := stretch{since: b.Mirror.Mark(), cursor: h.Cursor}
	for more := true; more; {
		found.at = b.Now()
		var got airtable.Payloads
		t := b.ask(ctx, ofChanges, func(ctx context.Context) (err error) {
			got, err = b.Client.Payloads(ctx, h.ID, found.cursor)
			if noSuchHook(err) {
				b.forgetHook(ctx, h)
			}
			return err
		})
		if t != nil {
			return found, t
		}
		if found.lost = found.lost || len(found.payloads)+len(got.Payloads) > maxStretch; found.lost {
			found.payloads = nil
		} else {
			found.payloads = append(found.payloads, got.Payloads...)
		}
		more = got.More && got.Cursor > found.cursor
		found.cursor = got.Cursor
	}
	found.heard = b.Now()
	for _, p := range found.payloads {
		if p.Failed && p.Code != "INTERNAL_ERROR" {
			// The webhook itself is not in order, and will tell nothing.
			b.forgetHook(ctx, h)
			return found, &booking.Trouble{Kind: booking.Permanent, Cause: booking.ParkedAccess, Text: "Airtable's record of changes failed: " + p.Code}
		}
	}
	return found, nil
}

// settleDoubts reads the dates of bookings that were in doubt and are written by
// now. It returns the others.
func (b *Book) settleDoubts(ctx context.Context, all []doubt) ([]doubt, *booking.Trouble) {
	var left []doubt
	var dates []booking.Date
	for _, d := range all {
		if b.Mirror.Waits(d.ID) {
			left = append(left, d)
		} else {
			dates = append(dates, d.Date)
		}
	}
	slices.Sort(dates)
	for _, date := range slices.Compact(dates) {
		if t := b.readDay(ctx, date, true); t != nil {
			return all, t
		}
	}
	return left, nil
}
