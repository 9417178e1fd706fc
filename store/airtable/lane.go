package airtable

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

// lane is where writes wait. One request is under way at a time; what gathers
// meanwhile, until the next one's turn has come, leaves with it. Urgent writes go
// first, but never before an earlier write of the same row: that one becomes as
// urgent itself.
//
// Its goroutine lives while something waits.
type lane struct {
	ctx    context.Context // the client's life
	line   *line
	send   func(context.Context, *turn, []*item) ([]Written, *Error)
	settle time.Duration

	mu      sync.Mutex
	waiting []*item // by order
	order   uint64
	groups  uint64
	inRow   int   // requests led by an urgent write while background ones waited
	turn    *turn // taken for the next request; nil while one is under way
	wake    chan struct{}
	// unsettled are rows whose last write nobody answered, and until when they rest.
	unsettled map[string]time.Time
	running   bool
	closed    bool
	wg        sync.WaitGroup
}

func newLane(ctx context.Context, line *line, send func(context.Context, *turn, []*item) ([]Written, *Error), settle time.Duration) *lane {
	return &lane{
		ctx: ctx, line: line, send: send, settle: settle,
		wake: make(chan struct{}, 1), unsettled: map[string]time.Time{},
	}
}

// enqueue puts items in the lane, but for those that are finished already.
func (l *lane) enqueue(items []*item) {
	l.mu.Lock()
	defer l.mu.Unlock()
	rest := l.line.restsUntil()
	for _, it := range items {
		switch {
		case it.state == finished:
			continue
		case l.closed:
			it.fail(closedError())
			continue
		case cannotWait(it, rest):
			it.fail(restError(rest))
			continue
		}
		l.order++
		it.order = l.order
		if it.urgent {
			l.hurry(it)
		}
		l.waiting = append(l.waiting, it)
	}
	if len(l.waiting) == 0 {
		return
	}
	if !l.running {
		l.running = true
		l.wg.Go(l.run)
	}
	if l.turn != nil && l.hurried() {
		l.line.promote(l.turn)
	}
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

func (l *lane) hurried() bool {
	return slices.ContainsFunc(l.waiting, func(it *item) bool { return it.urgent })
}

// hurry makes what has to go before an urgent write urgent too.
func (l *lane) hurry(it *item) {
	for _, earlier := range slices.Backward(l.waiting) {
		if !earlier.urgent && earlier.meets(it) {
			earlier.urgent = true
			l.hurry(earlier)
		}
	}
}

// abandon is for a caller whose context ended. It leaves the item finished.
func (l *lane) abandon(it *item, cause error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	rest := l.line.restsUntil()
	switch it.state {
	case waiting:
		l.waiting = slices.DeleteFunc(l.waiting, func(x *item) bool { return x == it })
		e := restError(rest)
		if rest.IsZero() {
			e = &Error{Kind: RateLimited, Message: "not sent: it waited for its turn as long as it could"}
		}
		e.Err = cause
		it.fail(e)
	case underWay:
		it.fail(&Error{Kind: UnknownOutcome, Message: "its caller did not wait for the answer", Err: cause})
	case finished:
	}
}

// tellRest is told that nothing leaves until then, and tells those who cannot wait so long.
func (l *lane) tellRest(until time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting = slices.DeleteFunc(l.waiting, func(it *item) bool {
		if !cannotWait(it, until) {
			return false
		}
		it.fail(restError(until))
		return true
	})
}

func cannotWait(it *item, until time.Time) bool {
	return !it.deadline.IsZero() && until.After(it.deadline)
}

func restError(until time.Time) *Error {
	return &Error{Kind: RateLimited, RetryAfter: max(0, time.Until(until)),
		Message: "not sent: nothing is while Airtable's penalty for too many requests lasts"}
}

// close fails what waits and returns when nothing is under way. The client's
// context has ended before.
func (l *lane) close() {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	l.wg.Wait()
}

// run sends until nothing waits.
func (l *lane) run() {
	for {
		t, more := l.next()
		if !more {
			return
		}
		if t == nil {
			continue
		}
		<-t.done
		batch := l.take(t)
		if len(batch) == 0 {
			continue
		}
		written, err := l.send(l.ctx, t, batch)
		l.settleBatch(batch, written, err)
	}
}

// next gets in line for the next request. It returns nil after a wait in which
// nothing could be sent, and false when nothing waits.
func (l *lane) next() (*turn, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.waiting) == 0 {
		l.running = false
		return nil, false
	}
	leader, wait := l.leader(time.Now())
	if leader != nil {
		// Urgent ones wait for this request in any case, whoever leads it.
		l.turn = l.line.enter(l.hurried(), time.Time{})
		return l.turn, true
	}
	l.mu.Unlock()
	defer l.mu.Lock()
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-l.wake:
	case <-l.ctx.Done():
		l.failAll(closedError())
	}
	return nil, true
}

// take takes the items of the next request out of the lane, now that its turn has
// come: as late as can be, so that as many as can be go with it.
func (l *lane) take(t *turn) []*item {
	l.mu.Lock()
	l.turn = nil
	if t.err != nil {
		l.mu.Unlock()
		l.failAll(t.err)
		return nil
	}
	batch := l.batch(time.Now())
	l.waiting = slices.DeleteFunc(l.waiting, func(it *item) bool { return it.state != waiting })
	l.mu.Unlock()
	if len(batch) == 0 {
		l.line.giveBack(t)
	}
	return batch
}

func (l *lane) failAll(e *Error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, it := range l.waiting {
		it.fail(e)
	}
	l.waiting = nil
}

// settleBatch tells the callers what became of a request, or puts what may still
// be written back.
func (l *lane) settleBatch(batch []*item, written []Written, err *Error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	for row, until := range l.unsettled {
		if !until.After(now) {
			delete(l.unsettled, row)
		}
	}
	switch {
	case err == nil:
		for i, it := range batch {
			it.finish(written[i])
		}
	case err.divisible() && len(batch) > 1:
		l.divide(batch, err)
	default:
		for _, it := range batch {
			if err.mayStillHappen() && it.key != "" {
				l.unsettled[it.row()] = now.Add(l.settle)
			}
			it.fail(err)
		}
		l.convict(batch[0], err)
	}
	if l.ctx.Err() != nil && errors.Is(context.Cause(l.ctx), ErrClosed) {
		for _, it := range l.waiting {
			it.fail(closedError())
		}
		l.waiting = nil
	}
}
