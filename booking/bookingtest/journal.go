// Package bookingtest has what tests of several rooms put in the place of a desk's
// parts. It must not know how the real ones work.
package bookingtest

import (
	"context"
	"sync/atomic"

	"maitre/booking"
)

// Journal is another journal, which fails as it is told.
type Journal struct {
	booking.Journal
	// Broken keeps nothing, as a full disk does. Slow is late to write into the system
	// of record. Careless keeps nothing, and says that it is written.
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
	case j.Slow.Load(): // in the journal, not in the system of record: whoever tells an answer keeps it
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

// Standing implements [booking.Journal].
func (j *Journal) SyncState(bookingID string) booking.SyncState {
	if j.Slow.Load() {
		return booking.Pending
	}
	return j.Journal.SyncState(bookingID)
}
