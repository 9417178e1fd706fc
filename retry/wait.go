package retry

import (
	"context"
	"slices"

	"maitre/booking"
)

// waiter is a caller who will hear, or hears, what became of its wish.
type waiter struct {
	rev     int
	awaited bool
	// claimed: its wish was written, and the outcome is being kept: it is told of
	// it however late it gets, so that nobody owes it a message.
	claimed bool
	// done: it was told, perhaps before it began to wait.
	done bool
	told chan booking.Standing // holds one
}

// expect notes that a caller has accepted a wish and is going to await it.
func (w *Worker) expect(bookingID string, rev int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.drop(bookingID, func(one *waiter) bool { return one.done }) // never came
	w.waiters[bookingID] = append(w.waiters[bookingID], &waiter{rev: rev, told: make(chan booking.Standing, 1)})
}

// Await implements [booking.Journal]. Whoever leaves it with Pending is told by
// a message when the booking is written.
func (w *Worker) Await(ctx context.Context, bookingID string) booking.Standing {
	me := w.mine(bookingID)
	if me == nil {
		return w.Standing(bookingID)
	}
	// Nobody answers: the guest hears so at once. An attempt may be under way all
	// the same, and its outcome may be there already.
	if w.Breaker.State() != Closed {
		return w.leave(bookingID, me)
	}
	select {
	case standing := <-me.told:
		return standing
	case <-ctx.Done():
		return w.leave(bookingID, me)
	}
}

// mine returns the newest waiter of a booking that nobody has taken yet.
func (w *Worker) mine(bookingID string) (me *waiter) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, one := range slices.Backward(w.waiters[bookingID]) {
		if !one.awaited {
			one.awaited, me = true, one
			break
		}
	}
	w.drop(bookingID, func(one *waiter) bool { return one == me && one.done })
	return me
}

// leave stops waiting, unless the outcome is on its way.
func (w *Worker) leave(bookingID string, me *waiter) booking.Standing {
	w.mu.Lock()
	if !me.claimed && !me.done {
		w.drop(bookingID, func(one *waiter) bool { return one == me })
		me.told <- booking.Pending
	}
	w.mu.Unlock()
	return <-me.told
}

// claim tells whether somebody waits to hear of a revision, and keeps them.
func (w *Worker) claim(bookingID string, rev int) bool {
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
func (w *Worker) tell(bookingID string, rev int, standing booking.Standing) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.drop(bookingID, func(one *waiter) bool {
		if one.rev > rev || one.done {
			return false
		}
		one.done = true
		one.told <- standing
		return one.awaited
	})
}

func (w *Worker) drop(bookingID string, which func(*waiter) bool) {
	left := slices.DeleteFunc(w.waiters[bookingID], which)
	if len(left) == 0 {
		delete(w.waiters, bookingID)
		return
	}
	w.waiters[bookingID] = left
}
