package retry

import (
	"container/list"
	"context"
	"slices"

	"maitre/booking"
)

// waiter is a caller of Accept who may wait for the result.
type waiter struct {
	booking string // its ID
	rev     int
	awaited bool
	// listed is its place in unawaited; nil once Await was called.
	listed *list.Element
	// claimed: the entry was written and is being archived. The waiter gets that
	// result however late, so that its guest needs no message.
	claimed bool
	// done: it has its result, perhaps before Await was called.
	done   bool
	result chan booking.SyncState // holds one
}

// maxUnawaited bounds the waiters whose callers have not called Await. Many never
// do, such as the waitlist worker; those who do call it soon. Await without a waiter
// returns the booking's SyncState.
const maxUnawaited = 4096

// addWaiter adds a waiter for a revision that was accepted.
func (w *Worker) addWaiter(bookingID string, rev int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.removeWaiters(bookingID, func(one *waiter) bool { return one.done }) // never came
	if w.unawaited.Len() >= maxUnawaited {
		oldest := w.unawaited.Front().Value.(*waiter)
		w.removeWaiters(oldest.booking, func(one *waiter) bool { return one == oldest })
	}
	one := &waiter{booking: bookingID, rev: rev, result: make(chan booking.SyncState, 1)}
	one.listed = w.unawaited.PushBack(one)
	w.waiters[bookingID] = append(w.waiters[bookingID], one)
}

// Await implements [booking.Journal]. A guest for whom it returns Pending gets a
// message when the booking is written.
func (w *Worker) Await(ctx context.Context, bookingID string) booking.SyncState {
	own := w.takeWaiter(bookingID)
	if own == nil {
		return w.SyncState(bookingID)
	}
	// The record does not answer, so do not wait. A result may be there all the same.
	if w.cfg.Breaker.State() != Closed {
		return w.stopWaiting(bookingID, own)
	}
	select {
	case state := <-own.result:
		return state
	case <-ctx.Done():
		return w.stopWaiting(bookingID, own)
	}
}

// takeWaiter returns the newest waiter of a booking that was not taken yet, or nil.
func (w *Worker) takeWaiter(bookingID string) (own *waiter) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, one := range slices.Backward(w.waiters[bookingID]) {
		if !one.awaited {
			one.awaited, own = true, one
			w.removeUnawaited(one)
			break
		}
	}
	w.removeWaiters(bookingID, func(one *waiter) bool { return one == own && one.done })
	return own
}

// stopWaiting returns Pending, or the result if there is one or it is being saved.
func (w *Worker) stopWaiting(bookingID string, own *waiter) booking.SyncState {
	w.mu.Lock()
	if !own.claimed && !own.done {
		w.removeWaiters(bookingID, func(one *waiter) bool { return one == own })
		own.result <- booking.Pending
	}
	w.mu.Unlock()
	return <-own.result
}

// claimWaiters claims the waiters of a revision and of older ones, and reports
// whether the revision has one.
func (w *Worker) claimWaiters(bookingID string, rev int) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	found := false
	for _, one := range w.waiters[bookingID] {
		if one.rev <= rev && !one.done {
			one.claimed = true
			found = found || one.rev == rev
		}
	}
	return found
}

// answerWaiters gives a result to the waiters of a revision and of older ones.
func (w *Worker) answerWaiters(bookingID string, rev int, state booking.SyncState) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.removeWaiters(bookingID, func(one *waiter) bool {
		if one.rev > rev || one.done {
			return false
		}
		one.done = true
		one.result <- state
		return one.awaited
	})
}

// removeUnawaited removes a waiter from unawaited.
func (w *Worker) removeUnawaited(one *waiter) {
	if one.listed != nil {
		w.unawaited.Remove(one.listed)
		one.listed = nil
	}
}

// removeWaiters removes the waiters of a booking for which the function returns true.
func (w *Worker) removeWaiters(bookingID string, which func(*waiter) bool) {
	left := slices.DeleteFunc(w.waiters[bookingID], func(one *waiter) bool {
		gone := which(one)
		if gone {
			w.removeUnawaited(one)
		}
		return gone
	})
	if len(left) == 0 {
		delete(w.waiters, bookingID)
		return
	}
	w.waiters[bookingID] = left
}
