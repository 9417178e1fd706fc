package airtable

import (
	"slices"
	"time"
)

const (
	// A margin is added to the second in which Pace requests may be sent: what is
	// sent a second apart arrives closer together when the network is quicker the
	// second time. It starts at leastMargin and doubles with each 429 up to
	// mostMargin: a steady network need not pay for an unsteady one, where one 429
	// costs half a minute.
	leastMargin = 15 * time.Millisecond
	mostMargin  = 120 * time.Millisecond
)

// limiter says when the next request may be sent: no more than pace in any window.
// Urgent requests are sent as soon as the window has room; background ones at even
// intervals, so that room comes up all the time and a guest never finds a whole
// window just used up. (A token bucket, such as x/time/rate, lets twice its burst
// through within a second.)
//
// It belongs to the queue's goroutine.
type limiter struct {
	pace           int
	window         time.Duration
	sent           []*permit // those of the last window, oldest first
	lastBackground time.Time
	coolUntil      time.Time // nothing is sent before
}

// permit is the permission to send one request.
type permit struct{ at time.Time }

// newLimiter returns a limiter; with full, as though as many requests as may be
// had been sent just now.
func newLimiter(pace int, full bool) limiter {
	l := limiter{pace: pace, window: time.Second + leastMargin}
	for now := time.Now(); full && len(l.sent) < pace; {
		l.sent = append(l.sent, &permit{at: now})
	}
	return l
}

// next returns when the next request may be sent, not before now.
func (l *limiter) next(now time.Time, urgent bool) time.Time {
	for len(l.sent) > 0 && !l.sent[0].at.Add(l.window).After(now) {
		l.sent = l.sent[1:]
	}
	at := later(now, l.coolUntil)
	if n := len(l.sent); n >= l.pace {
		at = later(at, l.sent[n-l.pace].at.Add(l.window))
	}
	if !urgent && !l.lastBackground.IsZero() {
		at = later(at, l.lastBackground.Add(l.window/time.Duration(l.pace)))
	}
	return at
}

// take returns the permit of a request that is sent now.
func (l *limiter) take(now time.Time, urgent bool) *permit {
	p := &permit{at: now}
	l.sent = append(l.sent, p)
	if !urgent {
		l.lastBackground = now
	}
	return p
}

// wrote records that a request went onto the wire only now: until then it was
// dialling, and Airtable counts from its arrival.
func (l *limiter) wrote(p *permit, now time.Time) {
	p.at = now
	l.sent = append(slices.DeleteFunc(l.sent, func(x *permit) bool { return x == p }), p)
}

// coolDown lets nothing be sent for d, after a 429.
func (l *limiter) coolDown(now time.Time, d time.Duration) {
	if !l.coolUntil.After(now) { // a 429 of what was under way together says nothing new
		l.window = time.Second + min(2*(l.window-time.Second), mostMargin)
	}
	l.coolUntil = later(l.coolUntil, now.Add(d))
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
