package cache

import "time"

// Invalidate forgets every entry that carries one of tags, and no other. When it
// returns, no entry made before it is served to who asks now, and no fill that
// began before it will land. It returns how many entries it forgot.
func (c *Cache) Invalidate(tags ...Tag) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return 0
	}
	n := 0
	for _, tag := range tags {
		n += c.forget(tag)
	}
	return n
}

// Replace invalidates tags and, in the same step, puts value at e: the next Get
// is a hit of age 0. No fill of e that began before lands after it. It returns
// how many entries were forgotten.
//
// Who makes the value from what the cache held wants Amend.
func Replace[T any](c *Cache, tags []Tag, e Entry, value T) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return 0
	}
	return c.swap(tags, e, value, c.elapsed(), false)
}

// Amend invalidates tags and, in the same step, works what was just written to
// the source into the value at e: amend gets what the cache holds and returns
// what it shall hold, or false for nothing. The entry stays as old as it was, for
// all but what was written is. If the cache holds nothing, amend is not called
// and the next Get fills. It returns how many entries were forgotten.
//
// A staff's change that is invalidated meanwhile is not undone: amend is then
// called again or not at all. amend must return a new value and not change the
// old one, and must be ready to find the written thing there already, from a
// fill made after the write. Amends of one entry must come in the order of the
// writes.
func Amend[T any](c *Cache, tags []Tag, e Entry, amend func(old T) (T, bool)) int {
	const patience = 8 // each time in vain, another writer got through
	hash := c.hash(e.Key)
	for range patience {
		found, err := c.look(e.Key, hash)
		if err != nil || found == nil {
			break
		}
		old, ok := found.value.(T)
		if !ok {
			break
		}
		value, ok := amend(old)
		if !ok {
			break
		}
		if n, ok := c.swapIf(found, tags, e, value); ok {
			return n
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return 0
	}
	n := c.clear(tags, e.Key)
	if found := c.find(e.Key, hash); found != nil {
		c.kill(found)
		n++
	}
	return n
}

// swapIf is swap, unless the entry is no longer found.
func (c *Cache) swapIf(found *entry, tags []Tag, e Entry, value any) (int, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed || c.find(found.key, found.hash) != found {
		return 0, false
	}
	return c.swap(tags, e, value, found.born, found.stale.Load()), true
}

// swap invalidates tags and lands value at e. c.mu is held.
func (c *Cache) swap(tags []Tag, e Entry, value any, born time.Duration, stale bool) int {
	n := c.clear(tags, e.Key)
	fresh := &entry{key: e.Key, hash: c.hash(e.Key), value: value, born: born, kind: c.metrics.kind(e.Kind)}
	fresh.stale.Store(stale)
	c.land(fresh, e.Tags)
	return n
}

// clear invalidates tags, and keeps a fill of key that runs now from landing.
// c.mu is held.
func (c *Cache) clear(tags []Tag, key string) int {
	n := 0
	for _, tag := range tags {
		n += c.forget(tag)
	}
	if f := c.flights[key]; f != nil {
		f.superseded = true
	}
	return n
}
