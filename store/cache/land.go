package cache

import "time"

// Everything here is called with c.mu held, and leaves index and ristretto in
// agreement.

// land puts e in place, over whatever its key held. It stays findable until it
// is invalidated, replaced or evicted by a later landing.
//
// A fill costs a request, of which the source allows few, so ristretto's refusal
// of a newcomer is not accepted: another entry goes, and e is put in again.
func (c *Cache) land(e *entry, tags []Tag) {
	c.sweep()
	for range 3 {
		e.out = !c.kv.Set(e.hash, e, 1)
		// Only now is the verdict known, and the next Set of the key not lost.
		c.kv.Wait()
		dropped := e.out
		c.reap()
		if !e.out {
			c.index.add(e, tags)
			c.count.Add(1)
			return
		}
		if !dropped {
			c.makeRoom()
		}
	}
}

// reap takes out of the index what ristretto let go.
func (c *Cache) reap() {
	for _, e := range c.gone.take() {
		e.out = true
		c.unlink(e)
	}
}

// kill makes e unservable and forgets it.
func (c *Cache) kill(e *entry) {
	e.dead.Store(true)
	c.unlink(e)
	c.kv.Del(e.hash)
}

func (c *Cache) unlink(e *entry) {
	if c.index.remove(e) {
		c.count.Add(-1)
	}
}

// sweep forgets up to two of the oldest entries if nobody may be served them any
// more. At two for each that lands, days gone by do not pile up.
func (c *Cache) sweep() {
	now := c.elapsed()
	for range 2 {
		if e := c.index.oldest; e != nil && now-e.born > c.options.Keep {
			c.kill(e)
		}
	}
}

// makeRoom forgets the entry that landed longest ago and was not hit since the
// hand last passed; after a few that were, it takes the next.
func (c *Cache) makeRoom() {
	const patience = 16
	for range patience {
		e := c.index.oldest
		if e == nil || !e.used.Swap(false) {
			break
		}
		c.index.unchain(e)
		c.index.pushNewest(e)
	}
	if e := c.index.oldest; e != nil {
		c.kill(e)
	}
}

// forget invalidates one tag: it kills its entries and outdates its flights.
func (c *Cache) forget(tag Tag) int {
	c.metrics.invalidated(tag)
	t := c.index.tags[tag]
	if t == nil {
		return 0
	}
	t.generation++
	n := len(t.entries)
	for len(t.entries) > 0 {
		c.kill(t.entries[len(t.entries)-1])
	}
	return n
}

// postpone says that e could not be refreshed now.
func (c *Cache) postpone(e *entry, now time.Duration) {
	e.retry.Store(int64(now + c.options.Backoff))
	e.stale.Store(true)
}
