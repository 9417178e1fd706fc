package cache

import (
	"slices"
	"sync"
	"sync/atomic"
)

// item is what lies in ristretto. Whoever finds one checks key and invalid.
type item struct {
	key     string
	hash    uint64
	value   any
	metrics *kindMetrics

	invalid atomic.Bool // not to be served, wherever it is found
	used    atomic.Bool // hit since evict passed it

	// Guarded by Cache.mu.
	dropped      bool // ristretto let it go
	places       []place
	older, newer *item
}

// dropped collects what ristretto dropped: evicted, rejected, overwritten. It has a
// lock of its own, because ristretto calls it from its own goroutine too, for
// which a holder of Cache.mu may be waiting.
type dropped struct {
	mu    sync.Mutex
	items []*item
}

// add is ristretto's OnExit. It is called with nil when a deletion found nothing.
func (d *dropped) add(it *item) {
	if it == nil || it.invalid.Load() {
		return
	}
	d.mu.Lock()
	d.items = append(d.items, it)
	d.mu.Unlock()
}

func (d *dropped) take() []*item {
	d.mu.Lock()
	defer d.mu.Unlock()
	taken := d.items
	d.items = nil
	return taken
}

// lookup returns what may be served for a key, without Cache.mu; nil: nothing.
func (c *Cache) lookup(key string, hash uint64) (*item, error) {
	g := &c.guards[hash%guardCount]
	g.RLock()
	defer g.RUnlock()
	if g.closed {
		return nil, ErrClosed
	}
	return c.find(key, hash), nil
}

// find is lookup for those who know that ristretto is open.
func (c *Cache) find(key string, hash uint64) *item {
	it, ok := c.ristretto.Get(hash)
	if !ok || it.key != key || it.invalid.Load() {
		return nil
	}
	return it
}

// Everything below is called with c.mu held.

// put keeps an item in place of what its key had. It can be found until it is
// invalidated, replaced, or evicted by a later put.
//
// A fill is dear, so ristretto's refusal of a newcomer is not accepted: another
// item goes, and this one is put again.
func (c *Cache) put(it *item, tags []Tag) {
	for range 3 {
		c.deleteInvalid()
		it.dropped = !c.ristretto.Set(it.hash, it, 1)
		// Only now is it known whether it was taken, and the key's next Set not lost.
		c.ristretto.Wait()
		full := !it.dropped
		for _, d := range c.dropped.take() {
			d.dropped = true
			c.index.remove(d)
		}
		if !it.dropped {
			c.index.add(it, tags)
			return
		}
		if full {
			c.evict()
		}
	}
}

// evict invalidates the oldest item that was not hit since evict last passed
// it; after a few that were, it takes the next.
func (c *Cache) evict() {
	const passed = 16
	for range passed {
		it := c.index.oldest
		if it == nil || !it.used.Swap(false) {
			break
		}
		c.index.unlink(it)
		c.index.linkNewest(it)
	}
	if it := c.index.oldest; it != nil {
		c.index.remove(it)
		c.invalidate(it)
	}
}

// invalidate makes sure that an item, which has left the index, is not served.
func (c *Cache) invalidate(it *item) {
	it.invalid.Store(true)
	c.invalid = append(c.invalid, it)
}

// deleteInvalid takes invalidated items out of ristretto.
func (c *Cache) deleteInvalid() {
	for _, it := range c.invalid {
		c.ristretto.Del(it.hash)
	}
	clear(c.invalid)
	c.invalid = c.invalid[:0]
	if cap(c.invalid) > 1024 {
		c.invalid = nil
	}
}

// Invalidate forgets every entry that carries one of the tags, and no other. When
// it returns, nobody who asks is served a value whose fill began before it, and
// no such value will be kept. It returns how many entries it forgot.
func (c *Cache) Invalidate(tags ...Tag) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return 0
	}
	before := c.index.len
	for _, tag := range tags {
		c.metrics.invalidations.WithLabelValues(tag.Kind()).Inc()
		t := c.index.tags[tag]
		if t == nil {
			continue
		}
		t.generation++
		c.invalid = slices.Grow(c.invalid, len(t.items))
		for len(t.items) > 0 {
			it := t.items[len(t.items)-1]
			c.index.remove(it)
			c.invalidate(it)
		}
	}
	return before - c.index.len
}
