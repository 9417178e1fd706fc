package cache

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
	"time"
)

// flight is one call of a fill and all who wait for it.
type flight struct {
	cache   *Cache
	entry   Entry
	hash    uint64
	kind    *results
	parent  *flight       // whose fill asked for this one
	limit   time.Duration // what the fill reads from the cache may be no older
	alone   bool          // a refresh in the background
	patient bool          // nobody waits for it: it may wait for what it reads to be refreshed

	// Guarded by Cache.mu.
	seen     []seen // the tags' generations when it began
	finished bool

	made struct { // of what; a fill may note it from several goroutines
		sync.Mutex
		born  time.Duration
		stale bool
	}

	done  chan struct{} // closed when the rest is set
	value any
	err   error
	born  time.Duration
	stale bool
}

type seen struct {
	tagged     *tagged
	generation uint64
}

type flightKey struct{}

// start begins a fill. c.mu is held, and the cache is not closed.
func (c *Cache) start(ctx context.Context, q question, alone bool) *flight {
	f := &flight{
		cache: c, entry: q.entry, hash: q.hash, kind: c.metrics.kind(q.entry.Kind), parent: q.parent,
		limit: q.limit, alone: alone, patient: alone || q.parent != nil && q.parent.patient,
		done: make(chan struct{}),
	}
	f.entry.Tags = slices.Clone(q.entry.Tags)
	f.made.born = c.elapsed()
	for _, tag := range f.entry.Tags {
		t := c.index.of(tag)
		t.flights++
		f.seen = append(f.seen, seen{t, t.generation})
	}
	c.flights[q.entry.Key] = f
	c.fills.Add(1)
	go c.fly(ctx, f, q.fill)
	return f
}

// fly runs the fill under a context that ends with the timeout or with Close,
// not with the caller's.
func (c *Cache) fly(ctx context.Context, f *flight, fill func(context.Context) (any, error)) {
	defer c.fills.Done()
	ctx = context.WithValue(context.WithoutCancel(ctx), flightKey{}, f)
	ctx, cancel := context.WithTimeout(ctx, c.options.FillTimeout)
	defer cancel()
	defer context.AfterFunc(c.closing, cancel)()

	// A fill that does not heed its context must not hold those who wait.
	c.fills.Add(1)
	spare := context.AfterFunc(ctx, func() {
		defer c.fills.Done()
		c.finish(f, nil, ctx.Err())
	})
	defer func() {
		if spare() {
			c.fills.Done()
		}
	}()

	var value any
	err := ErrFill // stands if the fill ends its goroutine
	defer func() {
		if r := recover(); r != nil {
			c.options.Log.Error("cache fill panicked", slog.String("key", f.entry.Key), slog.Any("panic", r), slog.String("stack", string(debug.Stack())))
			err = fmt.Errorf("%w: panic: %v", ErrFill, r)
		}
		c.finish(f, value, err)
	}()
	value, err = fill(ctx)
}

// finish lands the value if it may land, and lets those who wait go. Only the
// first call counts.
func (c *Cache) finish(f *flight, value any, err error) {
	c.mu.Lock()
	if f.finished {
		c.mu.Unlock()
		return
	}
	f.finished = true
	current := f.current() && !c.closed
	if c.closed && err != nil {
		err = ErrClosed
	}
	if err != nil {
		err = fmt.Errorf("fill %s: %w", f.entry.Key, err)
	}
	c.release(f)
	f.made.Lock()
	f.value, f.err, f.born, f.stale = value, err, f.made.born, f.made.stale
	f.made.Unlock()
	if !c.closed {
		c.settle(f, current)
	}
	c.mu.Unlock()
	close(f.done)
	if f.alone && err != nil && !errors.Is(err, ErrClosed) {
		c.options.Log.Warn("refresh cache entry", slog.String("kind", f.entry.Kind), slog.Any("err", err))
	}
}

// settle lands what f brought, or marks what it could not better. c.mu is held.
func (c *Cache) settle(f *flight, current bool) {
	now := c.elapsed()
	held := c.find(f.entry.Key, f.hash)
	if held != nil {
		held.refreshing.Store(false)
	}
	switch {
	case !current:
	case f.err != nil || held != nil && (f.born < held.born || f.born == held.born && f.stale):
		if held != nil && (f.err != nil || f.stale) {
			c.postpone(held, now)
		}
	case now-f.born <= c.options.Keep:
		e := &entry{key: f.entry.Key, hash: f.hash, value: f.value, born: f.born, kind: f.kind}
		if f.stale {
			c.postpone(e, now)
		}
		c.land(e, f.entry.Tags)
	}
}

// current reports whether nothing that f is made from was invalidated since it
// began. c.mu is held.
func (f *flight) current() bool {
	for _, s := range f.seen {
		if s.tagged.generation != s.generation {
			return false
		}
	}
	return true
}

// release gives back what f holds of the index. c.mu is held.
func (c *Cache) release(f *flight) {
	if c.flights[f.entry.Key] == f {
		delete(c.flights, f.entry.Key)
	}
	for _, s := range f.seen {
		s.tagged.flights--
		c.index.drop(s.tagged)
	}
	f.seen = nil
}

// MadeFrom tells the cache, within a fill and with the fill's context, that the
// value is made from something known since at, which is stale if its source
// could not be asked now. The entry is as old as the oldest such thing. Entries
// that a fill reads from the cache are counted without it. Outside a fill it
// does nothing.
func MadeFrom(ctx context.Context, at time.Time, stale bool) {
	if f, ok := ctx.Value(flightKey{}).(*flight); ok {
		f.note(at.Sub(f.cache.epoch), stale)
	}
}

func (f *flight) note(born time.Duration, stale bool) {
	f.made.Lock()
	defer f.made.Unlock()
	f.made.born = min(f.made.born, born)
	f.made.stale = f.made.stale || stale
}
