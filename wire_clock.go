package main

import (
	"time"

	"maitre/booking"
)

// clockFrom returns a clock that shows start now and runs on; the machine's when
// start is zero.
func clockFrom(start time.Time) booking.Clock {
	if start.IsZero() {
		return shiftedClock(0)
	}
	return shiftedClock(time.Until(start))
}

// shiftedClock is a clock that is ahead of the machine's.
type shiftedClock time.Duration

// Now implements [booking.Clock].
func (c shiftedClock) Now() time.Time { return time.Now().Add(time.Duration(c)) }
