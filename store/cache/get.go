package cache

import (
	"context"
	"fmt"
)

// Entry names an entry.
type Entry struct {
	Key  string // for one type of value only
	Kind string // for the metrics: "day", "openings"; kinds must be few
	Tags []Tag  // what it is computed from
}

// Get returns the entry's value; fill computes it if none is kept.
//
// fill is called in a goroutine of its own, with a context that carries the
// values of the first caller's ctx but ends with Options.FillTimeout or Close.
// Its error goes to all who wait, as does ErrFill if it panics.
//
// When ctx ends while Get waits, Get returns ctx's error and the fill goes on.
func Get[T any](ctx context.Context, c *Cache, e Entry, fill func(context.Context) (T, error)) (T, error) {
	return GetIf(ctx, c, e, nil, fill)
}

// GetIf is Get for a caller whom not every value will do: one of which usable
// reports false is filled anew, and replaced if that succeeds. The caller's own
// fill is not held against usable. usable must be quick, and must not use the
// cache; nil accepts every value.
func GetIf[T any](ctx context.Context, c *Cache, e Entry, usable func(T) bool, fill func(context.Context) (T, error)) (T, error) {
	hash := c.hash(e.Key)
	found, err := c.lookup(e.Key, hash)
	if err != nil {
		return *new(T), err
	}
	if found != nil && accepts(usable, found.value) {
		return as[T](e.Key, found.hit())
	}
	value, err := c.wait(ctx, request{
		entry: e, hash: hash,
		usable: func(value any) bool { return accepts(usable, value) },
		fill:   func(ctx context.Context) (any, error) { return fill(ctx) },
	})
	if err != nil {
		return *new(T), err
	}
	return as[T](e.Key, value)
}

// accepts reports whether a value will do. One of another type will: as says what is wrong.
func accepts[T any](usable func(T) bool, value any) bool {
	v, ok := value.(T)
	return usable == nil || !ok && value != nil || usable(v)
}

func as[T any](key string, value any) (T, error) {
	v, ok := value.(T)
	if !ok && value != nil { // a nil interface is a value
		return v, fmt.Errorf("get %s: %w: %T is kept, %T asked for", key, ErrType, value, v)
	}
	return v, nil
}

// hit counts and returns what is kept.
func (it *item) hit() any {
	if !it.used.Load() { // a read is cheaper where many cores share the item
		it.used.Store(true)
	}
	it.metrics.hit.Inc()
	return it.value
}

// request is what a Get asks for, once its type no longer matters.
type request struct {
	entry  Entry
	hash   uint64
	usable func(any) bool
	fill   func(context.Context) (any, error)
}

// wait waits for the running fill of the key, or starts one. A fill of another
// caller that brings what is not usable is followed by this caller's own.
func (c *Cache) wait(ctx context.Context, r request) (any, error) {
	for {
		f, own, found, err := c.join(ctx, r)
		if err != nil {
			return nil, err
		}
		if found != nil {
			return found.hit(), nil
		}
		select {
		case <-f.done:
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for %s: %w", r.entry.Key, context.Cause(ctx))
		}
		if f.err != nil {
			f.metrics.failed.Inc()
			return nil, f.err
		}
		if own || r.usable(f.value) {
			f.metrics.miss.Inc()
			return f.value, nil
		}
	}
}

// join returns the fill to wait for and whether it was started for r, or what was
// put since the caller looked.
func (c *Cache) join(ctx context.Context, r request) (f *fill, own bool, found *item, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, false, nil, ErrClosed
	}
	if found = c.find(r.entry.Key, r.hash); found != nil && r.usable(found.value) {
		return nil, false, found, nil
	}
	if f = c.fills[r.entry.Key]; f != nil && f.current() {
		return f, false, nil, nil
	}
	return c.start(ctx, r), true, nil, nil
}
