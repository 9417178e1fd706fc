// Package bookingtest has replacements of a desk's parts for the tests of several
// packages. It must not know how the real ones work.
package bookingtest

import (
	"context"
	"sync/atomic"

	"maitre/booking"
)

// Journal wraps a journal and fails as its fields say.
type Journal struct {
	booking.Journal
	// Broken: Accept keeps nothing, as on a full disk. Slow: entries stay pending.
	// Careless: Accept keeps nothing and returns Written.
	Broken, Slow, Careless atomic.Bool
}

var _ booking.Journal = (*Journal)(nil)

// Accept implements [booking.Journal].
func (j *Journal) Accept(ctx context.Context, e booking.Entry) (booking.SyncState, error) {
	switch {
	case j.Broken.Load():
		return 0, booking.ErrNotKept
	case j.Careless.Load():
		return booking.Written, nil
	case j.Slow.Load(): // the channel keeps the answer
		e.Answer = nil
		_, err := j.Journal.Accept(ctx, e)
		return booking.Pending, err
	}
	return j.Journal.Accept(ctx, e)
}

// Await implements [booking.Journal].
func (j *Journal) Await(ctx context.Context, bookingID string) booking.SyncState {
	if j.Slow.Load() {
		return booking.Pending
	}
	return j.Journal.Await(ctx, bookingID)
}

// SyncState implements [booking.Journal].
func (j *Journal) SyncState(bookingID string) booking.SyncState {
	if j.Slow.Load() {
		return booking.Pending
	}
	return j.Journal.SyncState(bookingID)
}
