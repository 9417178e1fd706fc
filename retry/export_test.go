package retry

import "time"

// Waiters is how many callers are waited for, or expected.
func (w *Worker) Waiters() (waiters, unawaited int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, of := range w.waiters {
		waiters += len(of)
	}
	return waiters, w.unawaited.Len()
}

// MaxUnawaited bounds those that nobody comes to.
const MaxUnawaited = maxUnawaited

// Remembered is of how many bookings it is remembered that they need no more
// looking at. Run must have returned.
func (u *Unreached) Remembered() int { return len(u.handled) }

// MayTell tells whether another message may be sent after those.
func MayAlert(sent []time.Time, now time.Time) bool { return mayAlert(sent, now) }

// Hourly is how many messages of a sort the staff get in an hour at most.
const MaxPerHour = maxPerHour
