package airtable

import (
	"context"
	"slices"
	"time"
)

// queue is where requests wait for their permits; next.go says which is sent next.
// Reads are sent side by side. Of the requests that write one is under way at a
// time; what gathers meanwhile goes with the next.
//
// Its state belongs to the goroutine of run. Others change it through do.
type queue struct {
	life         context.Context // the client's
	send         func(context.Context, *permit, []*item) ([]Written, *Error)
	rewriteAfter time.Duration
	calls        chan func()
	stopped      chan struct{}

	limiter limiter
	items   []*item // in the order they came, until they are finished
	closed  bool
	writing bool // a request that writes is under way
	wrote   bool // the last request was one that writes
	// The last requests, and the last of those that write, that were urgent while
	// background ones waited.
	inRow, writesInRow int
	// notBefore are the rows whose last write nobody answered, and when they may be
	// written again.
	notBefore map[string]time.Time
	parts     int // of refused requests; see split
}

// run owns the queue until the client is closed and no write is under way.
func (q *queue) run() {
	defer close(q.stopped)
	timer := time.NewTimer(0)
	defer timer.Stop()
	closing := q.life.Done()
	for !q.closed || q.writing {
		timer.Reset(q.dispatch(time.Now()))
		select {
		case f := <-q.calls:
			f()
		case <-timer.C:
		case <-closing:
			closing, q.closed = nil, true
			q.failWaiting(closedError(), func(*item) bool { return true })
		}
	}
}

// do has the queue's goroutine call f, without waiting for the end of that. It
// returns false when the queue has stopped: then all its items are finished.
func (q *queue) do(f func()) bool {
	select {
	case q.calls <- f:
		return true
	case <-q.stopped:
		return false
	}
}

// wait queues items and returns when all are finished. Those that are not when
// ctx ends are given up.
func (q *queue) wait(ctx context.Context, items ...*item) {
	if !q.do(func() { q.add(items) }) {
		for _, it := range items {
			it.fail(closedError())
		}
	}
	for _, it := range items {
		select {
		case <-it.done:
		case <-ctx.Done():
			q.do(func() { q.giveUp(it, context.Cause(ctx)) })
			<-it.done
		}
	}
}

// add takes items into the queue, but for those that are finished already and
// those whose callers cannot wait until they may be sent.
func (q *queue) add(items []*item) {
	now := time.Now()
	for _, it := range items {
		at := q.earliest(it, now)
		switch {
		case it.state == finished:
		case q.closed:
			it.fail(closedError())
		case !it.canWait(at):
			it.fail(q.tooLate(at, now))
		default:
			if it.urgent {
				q.hurry(it)
			}
			q.items = append(q.items, it)
		}
	}
}

// earliest returns when a new item may be sent at the earliest. Which writes share
// a request is known only when it is sent.
func (q *queue) earliest(it *item, now time.Time) time.Time {
	before := 0
	for _, other := range q.items {
		if !it.writes() && !other.writes() && other.urgent == it.urgent {
			before++
		}
	}
	return q.limiter.next(now, it.urgent).Add(time.Duration(before/q.limiter.pace) * q.limiter.window)
}

// hurry makes what has to be written before an urgent write urgent too.
func (q *queue) hurry(it *item) {
	for _, earlier := range q.items {
		if !earlier.urgent && earlier.meets(it) {
			earlier.urgent = true
			q.hurry(earlier)
		}
	}
}

// giveUp finishes an item whose caller's context ended.
func (q *queue) giveUp(it *item, cause error) {
	e := &Error{Kind: UnknownOutcome, Message: "its caller did not wait for the answer"}
	if it.state == waiting {
		now := time.Now()
		e = q.tooLate(q.limiter.next(now, it.urgent), now)
	}
	e.Err = cause
	it.fail(e)
	q.sweep()
}

// coolDown lets nothing be sent for d, and fails what cannot wait so long.
func (q *queue) coolDown(d time.Duration) {
	now := time.Now()
	q.limiter.coolDown(now, d)
	until := q.limiter.coolUntil
	q.failWaiting(q.tooLate(until, now), func(it *item) bool { return !it.canWait(until) })
}

func (q *queue) failWaiting(e *Error, which func(*item) bool) {
	for _, it := range q.items {
		if it.state == waiting && which(it) {
			it.fail(e)
		}
	}
	q.sweep()
}

// sweep removes the items that are finished.
func (q *queue) sweep() {
	q.items = slices.DeleteFunc(q.items, func(it *item) bool { return it.state == finished })
}

// tooLate is the error for who cannot wait until at.
func (q *queue) tooLate(at, now time.Time) *Error {
	e := &Error{Kind: RateLimited, RetryAfter: at.Sub(now), Message: "not sent: it waited for its turn as long as it could"}
	if q.limiter.coolUntil.After(now) {
		e.Message = "not sent: nothing is while Airtable's penalty for too many requests lasts"
	}
	return e
}

func closedError() *Error { return &Error{Kind: Unreachable, Message: "not sent", Err: ErrClosed} }

// dispatch sends what may be sent and returns after how long there may be more.
func (q *queue) dispatch(now time.Time) time.Duration {
	for {
		wait := q.untilRewrite(now)
		it, urgent := q.next(now)
		if it == nil {
			return wait
		}
		if at := q.limiter.next(now, urgent); at.After(now) {
			return min(wait, at.Sub(now))
		}
		p := q.limiter.take(now, urgent)
		q.inRow = q.count(q.inRow, urgent, func(*item) bool { return true })
		if q.wrote = it.writes(); q.wrote {
			q.write(p, it, now)
			continue
		}
		it.permit = p
		it.finish(Written{})
		q.sweep()
	}
}

// write sends the request that an item leads.
func (q *queue) write(p *permit, leader *item, now time.Time) {
	batch := q.batch(leader, now)
	q.writesInRow = q.count(q.writesInRow, leader.urgent, (*item).writes)
	q.writing = true
	go func() {
		written, err := q.send(q.life, p, batch)
		q.do(func() { q.answered(batch, written, err) })
	}()
}

// answered finishes the items of a request, or has what may still be written wait again.
func (q *queue) answered(batch []*item, written []Written, err *Error) {
	q.writing = false
	switch {
	case err == nil:
		for i, it := range batch {
			it.finish(written[i])
		}
	case err.splits() && len(batch) > 1:
		q.split(batch, err)
	default:
		for _, it := range batch {
			if err.mayStillHappen() && it.key != "" {
				q.notBefore[it.row()] = time.Now().Add(q.rewriteAfter)
			}
			it.fail(err)
		}
		q.failAlike(batch[0], err)
	}
	if q.closed {
		q.failWaiting(closedError(), func(*item) bool { return true })
	}
	q.sweep()
}
