package cache

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
)

// fill is one call that computes a value, and all who wait for it.
type fill struct {
	entry   Entry
	hash    uint64
	metrics *kindMetrics

	// Guarded by Cache.mu.
	began    []generation // of its tags, when it began
	finished bool

	done  chan struct{} // closed when value and err are set
	value any
	err   error
}

type generation struct {
	tag    *tagItems
	number uint64
}

// start begins a fill. c.mu is held, and the cache is not closed.
func (c *Cache) start(ctx context.Context, r request) *fill {
	f := &fill{entry: r.entry, hash: r.hash, metrics: c.metrics.kind(r.entry.Kind), done: make(chan struct{})}
	f.entry.Tags = slices.Clone(r.entry.Tags)
	for _, tag := range f.entry.Tags {
		t := c.index.of(tag)
		t.fills++
		f.began = append(f.began, generation{t, t.generation})
	}
	c.fills[f.entry.Key] = f
	c.running.Go(func() { c.run(ctx, f, r.fill) })
	return f
}

// run calls compute with a context that ends with the timeout or with Close, not
// with the caller's.
func (c *Cache) run(ctx context.Context, f *fill, compute func(context.Context) (any, error)) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.options.FillTimeout)
	defer cancel()
	defer context.AfterFunc(c.closing, cancel)()
	// A fill that does not heed its context must not hold those who wait.
	defer context.AfterFunc(ctx, func() { c.finish(f, nil, ctx.Err()) })()

	var value any
	err := ErrFill // kept if compute ends its goroutine
	defer func() {
		if r := recover(); r != nil {
			c.options.Log.Error("cache fill panicked", slog.String("key", f.entry.Key), slog.Any("panic", r), slog.String("stack", string(debug.Stack())))
			err = fmt.Errorf("%w: panic: %v", ErrFill, r)
		}
		c.finish(f, value, err)
	}()
	value, err = compute(ctx)
}

// finish keeps the value, unless something that it was computed from was
// invalidated since, and lets those who wait go. Only the first call counts.
func (c *Cache) finish(f *fill, value any, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if f.finished {
		return
	}
	f.finished = true
	if err != nil && c.closed {
		err = ErrClosed
	}
	if err != nil {
		err = fmt.Errorf("fill %s: %w", f.entry.Key, err)
	}
	f.value, f.err = value, err
	keep := err == nil && f.current()
	for _, g := range f.began {
		g.tag.fills--
		c.index.release(g.tag)
	}
	if c.fills[f.entry.Key] == f {
		delete(c.fills, f.entry.Key)
	}
	if keep {
		c.put(&item{key: f.entry.Key, hash: f.hash, value: value, metrics: f.metrics}, f.entry.Tags)
	}
	close(f.done)
}

// current reports whether none of the fill's tags was invalidated since it began.
// c.mu is held.
func (f *fill) current() bool {
	for _, g := range f.began {
		if g.tag.generation != g.number {
			return false
		}
	}
	return true
}
