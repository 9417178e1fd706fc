package cache

import (
	"fmt"
	"hash/maphash"
	"testing"

	"github.com/dgraph-io/ristretto/v2"
)

// Config adjusts the ristretto below a cache.
type Config = ristretto.Config[uint64, *entry]

// OpenWith is New with the hash of keys and ristretto's configuration replaced;
// nil leaves either as it is.
func OpenWith(t testing.TB, options Options, hash func(string) uint64, adjust func(*Config)) *Cache {
	t.Helper()
	if hash == nil {
		seed := maphash.MakeSeed()
		hash = func(key string) uint64 { return maphash.String(seed, key) }
	}
	c, err := open(options, hash, adjust)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// Put lands a value as if a fill had just brought it.
func (c *Cache) Put(e Entry, value any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.closed {
		c.land(&entry{key: e.Key, hash: c.hash(e.Key), value: value, born: c.elapsed(), kind: c.metrics.kind(e.Kind)}, e.Tags)
	}
}

// Tags returns the number of tags that the index has a record of.
func (c *Cache) Tags() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.index.tags)
}

// Flights returns the number of fills that callers may still join.
func (c *Cache) Flights() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.flights)
}

// Value is what lies in ristretto.
type Value = *entry

// HoldUp gives ristretto something to reject, dearer than the whole cache.
func (c *Cache) HoldUp() { c.kv.Set(0, &entry{key: "holder"}, 1<<40) }

// FillSetBuffer puts one item after the other into ristretto's buffer until it
// takes no more, under keys that nobody asks for.
func (c *Cache) FillSetBuffer() {
	for k := uint64(1); c.kv.Set(k, &entry{key: "filler"}, 1); k++ {
	}
}

// Check says where index and ristretto disagree, if they do.
func (c *Cache) Check() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kv.Wait()
	if left := c.gone.take(); len(left) > 0 {
		return fmt.Errorf("%d entries left ristretto unnoticed, the first %q", len(left), left[0].key)
	}
	kept := make(map[*entry]bool)
	c.kv.IterValues(func(e *entry) bool { kept[e] = true; return false })
	indexed := make(map[*entry]bool)
	for e := c.index.oldest; e != nil; e = e.newer {
		indexed[e] = true
		if e.dead.Load() || !kept[e] {
			return fmt.Errorf("%q is in the index, dead %v, kept %v", e.key, e.dead.Load(), kept[e])
		}
		for _, s := range e.slots {
			if s.at >= len(s.tagged.entries) || s.tagged.entries[s.at] != e {
				return fmt.Errorf("%q is not at its place under %q", e.key, s.tagged.tag)
			}
			if c.index.tags[s.tagged.tag] != s.tagged {
				return fmt.Errorf("%q is under a record of %q that nobody finds", e.key, s.tagged.tag)
			}
		}
	}
	for e := range kept {
		if !indexed[e] {
			return fmt.Errorf("%q is kept and not in the index", e.key)
		}
	}
	if n := int(c.count.Load()); n != len(indexed) {
		return fmt.Errorf("%d entries counted, %d in the index", n, len(indexed))
	}
	for tag, t := range c.index.tags {
		if len(t.entries) == 0 && t.flights == 0 {
			return fmt.Errorf("tag %q has a record and no entry", tag)
		}
		for _, e := range t.entries {
			if !indexed[e] {
				return fmt.Errorf("tag %q lists %q, which is gone", tag, e.key)
			}
		}
	}
	return nil
}
