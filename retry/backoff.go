package retry

import (
	"time"

	"maitre/booking"
)

// The bounds of a [Backoff].
const (
	// BackoffBase is the longest pause after a first failure; it doubles with each
	// further one.
	BackoffBase = 2 * time.Second
	// BackoffCap is the longest pause, so that the end of a long outage is noticed
	// within the hour.
	BackoffCap = booking.LongestPause
	// BackoffFloor is the shortest pause.
	BackoffFloor = 100 * time.Millisecond
)

// Backoff returns how long to wait after so many failures in a row: the part of the
// range that jitter from [0, 1) says, between [BackoffFloor] and a ceiling that
// doubles from [BackoffBase] to [BackoffCap] (full jitter). Fewer than one failure
// count as one, and jitter out of range as the nearer end.
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
