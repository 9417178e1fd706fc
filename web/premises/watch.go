package premises

import (
	"time"

	"maitre/booking"
)

// WatchFrom returns a clock that shows start now and runs on; the machine's when
// start is zero.
func WatchFrom(start time.Time) booking.Watch {
	if start.IsZero() {
		return ahead(0)
	}
	return ahead(time.Until(start))
}

// ahead is a clock that is ahead of the machine's.
type ahead time.Duration

// Now implements booking.Watch.
func (a ahead) Now() time.Time { return time.Now().Add(time.Duration(a)) }
