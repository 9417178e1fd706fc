package retry

import "time"

// Waiters returns the number of waiters, and of those without a call of Await.
func (w *Worker) Waiters() (waiters, unawaited int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, of := range w.waiters {
		waiters += len(of)
	}
	return waiters, w.unawaited.Len()
}

// MaxUnawaited is maxUnawaited.
const MaxUnawaited = maxUnawaited

// Remembered returns the number of bookings that need no further check. Run must
// have returned.
func (u *Unreached) Remembered() int { return len(u.handled) }

// MayAlert is mayAlert.
func MayAlert(sent []time.Time, now time.Time) bool { return mayAlert(sent, now) }

// MaxPerHour is maxPerHour.
const MaxPerHour = maxPerHour
