package retry

import (
	"time"

	"maitre/booking"
)

// The bounds of a [Backoff].
const (
	// BackoffBase is the most that is waited after a first failure; it doubles
	// with each further one.
	BackoffBase = 2 * time.Second
	// BackoffCap is the most that is ever waited: what was down for a day is seen
	// to be up again within the hour.
	BackoffCap = booking.LongestPause
	// BackoffFloor is the least that is waited, however the dice fall.
	BackoffFloor = 100 * time.Millisecond
)

// Backoff is how long to wait after so many failures in a row: between
// [BackoffFloor] and a ceiling that doubles from [BackoffBase] to [BackoffCap],
// where jitter from [0, 1) falls. Full jitter: those who failed together do not
// come back together. Fewer than one failure count as one, and jitter out of
// range as the nearer end.
func Backoff(failures int, jitter float64) time.Duration {
	ceiling := BackoffBase
	for n := 1; n < failures; n++ {
		if ceiling *= 2; ceiling >= BackoffCap {
			ceiling = BackoffCap
			break
		}
	}
	if !(jitter > 0) { // NaN too
		return BackoffFloor
	}
	return BackoffFloor + time.Duration(min(jitter, 1)*float64(ceiling-BackoffFloor))
}
