package airtable

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

const (
	// A margin is added to the second in which Pace requests may leave: what leaves
	// a second apart arrives closer together when the network is quicker the second
	// time. It begins at leastMargin, and doubles with each 429 up to mostMargin:
	// a steady network need not pay for an unsteady one, where one 429 costs half a
	// minute.
	leastMargin = 15 * time.Millisecond
	mostMargin  = 120 * time.Millisecond
	// urgentInRow is how many urgent requests pass background ones that wait.
	urgentInRow = 4
)

// line is where requests wait for their turn: no more than the pace leave in any
// second, urgent ones first. Urgent requests leave as soon as the second has room;
// background ones evenly, so that room comes up all the time and a guest never
// finds a whole second just used up.
type line struct {
	pace   int
	window time.Duration
	// rests is told, without the lock, that nothing leaves until then.
	rests func(until time.Time)

	mu             sync.Mutex
	left           []*turn // those that left within the window, oldest first
	urgent         []*turn
	background     []*turn
	inRow          int // urgent ones that left while background ones waited
	lastBackground time.Time
	until          time.Time // nothing leaves before
	timer          *time.Timer
	closed         bool
}

// turn is one request's place in the line.
type turn struct {
	urgent   bool
	deadline time.Time // zero: waits for ever
	at       time.Time // when it left
	done     chan struct{}
	err      *Error // set before done is closed, when it is not to leave
}

func newLine(pace int) *line {
	l := &line{pace: pace, window: time.Second + leastMargin, rests: func(time.Time) {}}
	l.timer = time.AfterFunc(time.Hour, l.tick)
	l.timer.Stop()
	return l
}

// assumeFull is for a line before which as many requests as may be have left just now.
func (l *line) assumeFull() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for range l.pace {
		l.left = append(l.left, &turn{at: time.Now()})
	}
}

// turn waits for the caller's turn to send one request. It fails, with an *Error
// that lacks its operation, when the caller cannot wait so long; at once, when
// that is plain from the start.
func (l *line) turn(ctx context.Context) (*turn, error) {
	if ctx.Err() != nil {
		return nil, &Error{Kind: Unreachable, Message: "not sent", Err: context.Cause(ctx)}
	}
	deadline, _ := ctx.Deadline()
	t := l.enter(isUrgent(ctx), deadline)
	select {
	case <-t.done:
	case <-ctx.Done():
		return nil, l.leave(t, context.Cause(ctx))
	}
	if t.err != nil {
		return nil, t.err
	}
	return t, nil
}

// enter puts a request in line. Its done is closed when it may leave, or when it
// need not wait any more.
func (l *line) enter(urgent bool, deadline time.Time) *turn {
	t := &turn{urgent: urgent, deadline: deadline, done: make(chan struct{})}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	soonest := l.soonest(now, urgent)
	if urgent {
		soonest = soonest.Add(time.Duration(len(l.urgent)/l.pace) * l.window)
	} else {
		soonest = soonest.Add(time.Duration(len(l.background)) * l.window / time.Duration(l.pace))
	}
	switch {
	case l.closed:
		t.refuse(closedError())
	case !deadline.IsZero() && soonest.After(deadline):
		t.refuse(l.tooLong(soonest.Sub(now), now))
	default:
		q := l.queue(urgent)
		*q = append(*q, t)
		l.dispatch(now)
	}
	return t
}

// promote makes a request that waits urgent.
func (l *line) promote(t *turn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if i := slices.Index(l.background, t); i >= 0 {
		l.background = slices.Delete(l.background, i, i+1)
		t.urgent = true
		l.urgent = append(l.urgent, t)
		l.dispatch(time.Now())
	}
}

// leave takes a request whose caller gave up out of the line.
func (l *line) leave(t *turn, cause error) *Error {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	q := l.queue(t.urgent)
	if i := slices.Index(*q, t); i >= 0 {
		*q = slices.Delete(*q, i, i+1)
	} else {
		l.giveBackLocked(t, now)
	}
	if errors.Is(cause, ErrClosed) {
		return closedError()
	}
	e := l.tooLong(max(0, l.soonest(now, t.urgent).Sub(now)), now)
	e.Err = cause
	return e
}

// giveBack returns a turn that was not used.
func (l *line) giveBack(t *turn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.giveBackLocked(t, time.Now())
}

func (l *line) giveBackLocked(t *turn, now time.Time) {
	l.left = slices.DeleteFunc(l.left, func(x *turn) bool { return x == t })
	l.dispatch(now)
}

// wrote says that the request went onto the wire only now: until then it was
// dialling, and Airtable counts from its arrival.
func (l *line) wrote(t *turn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	t.at = time.Now()
	l.left = slices.DeleteFunc(l.left, func(x *turn) bool { return x == t })
	l.left = append(l.left, t)
}

// rest lets nothing leave for d, and tells those who cannot wait so long.
func (l *line) rest(d time.Duration) {
	l.mu.Lock()
	now := time.Now()
	if !l.until.After(now) { // those that were under way with it tell nothing new
		l.window = time.Second + min(2*(l.window-time.Second), mostMargin)
	}
	if until := now.Add(d); until.After(l.until) {
		l.until = until
	}
	until := l.until
	for _, q := range []*[]*turn{&l.urgent, &l.background} {
		*q = slices.DeleteFunc(*q, func(t *turn) bool {
			if t.deadline.IsZero() || !until.After(t.deadline) {
				return false
			}
			t.refuse(l.tooLong(until.Sub(now), now))
			return true
		})
	}
	l.dispatch(now)
	l.mu.Unlock()
	l.rests(until)
}

// restsUntil returns until when nothing leaves after a 429, or zero.
func (l *line) restsUntil() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.until.After(time.Now()) {
		return l.until
	}
	return time.Time{}
}

func (l *line) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	l.timer.Stop()
	for _, t := range slices.Concat(l.urgent, l.background) {
		t.refuse(closedError())
	}
	l.urgent, l.background = nil, nil
}

func (l *line) tick() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.dispatch(time.Now())
}

// dispatch lets go whoever may, and sets the timer for the next.
func (l *line) dispatch(now time.Time) {
	for !l.closed && len(l.urgent)+len(l.background) > 0 {
		urgent := len(l.urgent) > 0
		if urgent && len(l.background) > 0 && l.inRow >= urgentInRow && !l.soonest(now, false).After(now) {
			urgent = false
		}
		if at := l.soonest(now, urgent); at.After(now) {
			l.timer.Reset(at.Sub(now))
			return
		}
		q := l.queue(urgent)
		t := (*q)[0]
		*q = slices.Delete(*q, 0, 1)
		l.let(t, now)
	}
	l.timer.Stop()
}

func (l *line) let(t *turn, now time.Time) {
	t.at = now
	l.left = append(l.left, t)
	switch {
	case !t.urgent:
		l.lastBackground, l.inRow = now, 0
	case len(l.background) > 0:
		l.inRow++
	default:
		l.inRow = 0
	}
	close(t.done)
}

// soonest returns when the next of a class may leave, not before now.
func (l *line) soonest(now time.Time, urgent bool) time.Time {
	l.left = slices.DeleteFunc(l.left, func(t *turn) bool { return !t.at.Add(l.window).After(now) })
	at := now
	if n := len(l.left); n >= l.pace {
		at = later(at, l.left[n-l.pace].at.Add(l.window))
	}
	if !urgent && !l.lastBackground.IsZero() {
		at = later(at, l.lastBackground.Add(l.window/time.Duration(l.pace)))
	}
	return later(at, l.until)
}

func (l *line) queue(urgent bool) *[]*turn {
	if urgent {
		return &l.urgent
	}
	return &l.background
}

// tooLong is the error for a caller who cannot wait so long.
func (l *line) tooLong(wait time.Duration, now time.Time) *Error {
	e := &Error{Kind: RateLimited, RetryAfter: wait, Message: "not sent: it waited for its turn as long as it could"}
	if l.until.After(now) {
		e.RetryAfter = max(wait, l.until.Sub(now))
		e.Message = "not sent: nothing is while Airtable's penalty for too many requests lasts"
	}
	return e
}

func (t *turn) refuse(e *Error) {
	t.err = e
	close(t.done)
}

func closedError() *Error { return &Error{Kind: Unreachable, Message: "not sent", Err: ErrClosed} }

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
