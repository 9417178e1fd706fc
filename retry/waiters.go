package retry

import (
	"container/list"
	"context"
	"slices"

	"maitre/booking"
)

// waiter is a caller who will hear, or hears, what became of its wish.
type waiter struct {
	booking string // its ID
	rev     int
	awaited bool
	// listed is its place among those that nobody has come to; nil once somebody has.
	listed *list.Element
	// claimed: its wish was written, and the outcome is being kept: it is told of
	// it however late it gets, so that nobody owes it a message.
	claimed bool
	// done: it was told, perhaps before it began to wait.
	done   bool
	result chan booking.SyncState // holds one
}

// maxUnawaited is how many waiters are kept for callers who have not come to
// await. Who is going to comes within moments; many never do, such as the worker
// of the waitlist. Whoever comes and finds none hears how the booking stands.
const maxUnawaited = 4096

// expect notes that a caller has accepted a wish and may be going to await it.
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

// Await implements [booking.Journal]. Whoever leaves it with Pending is told by
// a message when the booking is written.
func (w *Worker) Await(ctx context.Context, bookingID string) booking.SyncState {
	me := w.takeWaiter(bookingID)
	if me == nil {
		return w.SyncState(bookingID)
	}
	// Nobody answers: the guest hears so at once. An attempt may be under way all
	// the same, and its outcome may be there already.
	if w.cfg.Breaker.State() != Closed {
		return w.stopWaiting(bookingID, me)
	}
	select {
	case state := <-me.result:
		return state
	case <-ctx.Done():
		return w.stopWaiting(bookingID, me)
	}
}

// mine returns the newest waiter of a booking that nobody has taken yet.
func (w *Worker) takeWaiter(bookingID string) (me *waiter) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, one := range slices.Backward(w.waiters[bookingID]) {
		if !one.awaited {
			one.awaited, me = true, one
			w.removeUnawaited(one)
			break
		}
	}
	w.removeWaiters(bookingID, func(one *waiter) bool { return one == me && one.done })
	return me
}

// leave stops waiting, unless the outcome is on its way.
func (w *Worker) stopWaiting(bookingID string, me *waiter) booking.SyncState {
	w.mu.Lock()
	if !me.claimed && !me.done {
		w.removeWaiters(bookingID, func(one *waiter) bool { return one == me })
		me.result <- booking.Pending
	}
	w.mu.Unlock()
	return <-me.result
}

// claim tells whether somebody waits to hear of a revision, and keeps them.
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

// tell tells those who wait for a revision, or an older one, how it stands.
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

// unlist takes a waiter from those that nobody has come to.
func (w *Worker) removeUnawaited(one *waiter) {
	if one.listed != nil {
		w.unawaited.Remove(one.listed)
		one.listed = nil
	}
}

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
