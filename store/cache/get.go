package cache

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Entry names an entry.
type Entry struct {
	Key  string // for one type of value only
	Kind string // for the metrics: "day", "tables"; kinds must be few
	Tags []Tag  // what it is made from
}

// Result is an answer from the cache.
type Result[T any] struct {
	// Value is shared with all who ask: it must not be changed.
	Value T
	// Age is the time since the oldest thing that Value is made from was asked
	// for.
	Age time.Duration
	// Stale is set when the source, last asked for Value or for something that
	// Value is made from, did not answer.
	Stale bool
}

// Get returns the entry's value; fill makes it if there is none. See the package
// comment for what is served at which age.
//
// fill is called in a goroutine of its own, with a context that carries the
// values of the first caller's ctx but ends with Options.FillTimeout or Close.
// Its error goes to all who wait, as does ErrFill if it panics. It may read other
// entries of the cache, passing on its context; their tags must be among its own.
//
// When ctx ends while Get waits, Get returns ctx's error and the fill goes on.
func Get[T any](ctx context.Context, c *Cache, e Entry, fill func(context.Context) (T, error)) (Result[T], error) {
	return GetWithin(ctx, c, e, 0, fill)
}

// GetWithin is Get for who needs an answer no older than within (0: any that
// Get would give): an older one is not served at once but filled anew. If that
// fails, what is kept is served with Stale set: whether that will do is for the
// caller to say.
func GetWithin[T any](ctx context.Context, c *Cache, e Entry, within time.Duration, fill func(context.Context) (T, error)) (Result[T], error) {
	parent, _ := ctx.Value(flightKey{}).(*flight)
	if parent != nil {
		if err := parent.mayRead(e); err != nil {
			return Result[T]{}, err
		}
	}
	hash := c.hash(e.Key)
	found, err := c.look(e.Key, hash)
	if err != nil {
		return Result[T]{}, err
	}
	now := c.elapsed()
	limit := c.limit(within, parent, found, now)
	var a answer
	if found != nil && now-found.born <= min(limit, c.options.Fresh) && !found.stale.Load() {
		a = c.serve(found, now)
	} else {
		q := question{entry: e, hash: hash, limit: limit, parent: parent,
			fill: func(ctx context.Context) (any, error) { return fill(ctx) }}
		if a, err = c.getOld(ctx, q, found, now); err != nil {
			return Result[T]{}, err
		}
	}
	if parent != nil {
		parent.note(a.born, a.stale)
	}
	value, ok := a.value.(T)
	if !ok && a.value != nil {
		return Result[T]{}, fmt.Errorf("get %s: %w: %T is kept, %T asked for", e.Key, ErrType, a.value, value)
	}
	return Result[T]{Value: value, Age: a.age, Stale: a.stale}, nil
}

// question is what a Get asks for, once its type no longer matters.
type question struct {
	entry  Entry
	hash   uint64
	limit  time.Duration // oldest age that may be served at once
	parent *flight
	fill   func(context.Context) (any, error)
}

type answer struct {
	value     any
	born, age time.Duration
	stale     bool
}

// serve answers with what is kept, and counts it.
func (c *Cache) serve(e *entry, now time.Duration) answer {
	if !e.used.Load() { // a read is cheaper where many cores share the entry
		e.used.Store(true)
	}
	stale := e.stale.Load()
	if now-e.born <= c.options.Fresh && !stale {
		e.kind.hit.Inc()
	} else {
		e.kind.stale.Inc()
	}
	return answer{value: e.value, born: e.born, age: max(0, now-e.born), stale: stale}
}

// limit is the oldest age that this caller may be served at once.
func (c *Cache) limit(within time.Duration, parent *flight, found *entry, now time.Duration) time.Duration {
	limit := c.options.Keep
	if within > 0 {
		limit = min(limit, within)
	}
	if parent == nil {
		return limit
	}
	limit = min(limit, parent.limit)
	if parent.patient && found != nil && int64(now) >= found.retry.Load() {
		limit = min(limit, c.options.Fresh)
	}
	return limit
}

// getOld answers what is not simply a hit: it serves what is past its freshness
// and refreshes it, or waits for a fill.
func (c *Cache) getOld(ctx context.Context, q question, found *entry, now time.Duration) (answer, error) {
	if found != nil && now-found.born <= q.limit {
		c.refresh(ctx, q, found, now)
		return c.serve(found, now), nil
	}
	return c.wait(ctx, q)
}

// refresh starts a refresh in the background unless one runs or failed just now.
func (c *Cache) refresh(ctx context.Context, q question, found *entry, now time.Duration) {
	if int64(now) < found.retry.Load() || !found.refreshing.CompareAndSwap(false, true) {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed || c.find(q.entry.Key, q.hash) != found {
		return // nothing left to refresh
	}
	if f := c.flights[q.entry.Key]; f != nil && f.current() {
		return // its end will say how it went
	}
	c.start(ctx, q, true)
	found.kind.refresh.Inc()
}

// wait joins the flight of the key, or starts it. A flight that began too long
// ago for this caller is awaited and followed by another.
func (c *Cache) wait(ctx context.Context, q question) (answer, error) {
	for {
		f, mine, a, err := c.join(ctx, q)
		if f == nil {
			return a, err
		}
		select {
		case <-f.done:
		case <-ctx.Done():
			return answer{}, fmt.Errorf("wait for %s: %w", q.entry.Key, context.Cause(ctx))
		}
		now := c.elapsed()
		if f.err != nil {
			return c.afterError(q, f, now)
		}
		if mine || now-f.born <= q.limit {
			f.kind.miss.Inc()
			return answer{value: f.value, born: f.born, age: max(0, now-f.born), stale: f.stale}, nil
		}
	}
}

// join returns the flight to wait for and whether it was started for q; no
// flight if the entry has landed since the caller looked.
func (c *Cache) join(ctx context.Context, q question) (f *flight, mine bool, a answer, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, false, answer{}, ErrClosed
	}
	now := c.elapsed()
	if found := c.find(q.entry.Key, q.hash); found != nil && now-found.born <= q.limit {
		return nil, false, c.serve(found, now), nil
	}
	if f = c.flights[q.entry.Key]; f == nil || !f.current() {
		f, mine = c.start(ctx, q, false), true
	}
	return f, mine, answer{}, nil
}

// afterError serves what is kept when its fill failed, or else the error.
func (c *Cache) afterError(q question, f *flight, now time.Duration) (answer, error) {
	found, err := c.look(q.entry.Key, q.hash)
	if err != nil {
		return answer{}, err
	}
	if found == nil || now-found.born > c.options.Keep {
		f.kind.failed.Inc()
		return answer{}, f.err
	}
	a := c.serve(found, now)
	// Somebody may have put a better one there meanwhile.
	a.stale = a.stale || now-found.born > q.limit
	return a, nil
}

// mayRead refuses what would wait for itself or outlive what it was made from.
func (f *flight) mayRead(e Entry) error {
	for p := f; p != nil; p = p.parent {
		if p.entry.Key == e.Key {
			return fmt.Errorf("fill %s: %w: %s is being filled for it", f.entry.Key, ErrNested, e.Key)
		}
	}
	for _, tag := range e.Tags {
		if !slices.Contains(f.entry.Tags, tag) {
			return fmt.Errorf("fill %s: %w: %s carries the tag %s: add it", f.entry.Key, ErrNested, e.Key, tag)
		}
	}
	return nil
}
