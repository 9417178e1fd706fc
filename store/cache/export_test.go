package cache

import (
	"fmt"
	"hash/maphash"
	"slices"
	"testing"

	"github.com/dgraph-io/ristretto/v2"
)

// Config adjusts the ristretto below a cache.
type Config = ristretto.Config[uint64, *item]

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

// Put keeps a value as if a fill had just brought it.
func (c *Cache) Put(e Entry, value any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.closed {
		c.put(&item{key: e.Key, hash: c.hash(e.Key), value: value, metrics: c.metrics.kind(e.Kind)}, e.Tags)
	}
}

// Tags returns the number of tags that the index has a record of.
func (c *Cache) Tags() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.index.tags)
}

// Fills returns the number of fills that callers may still join.
func (c *Cache) Fills() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.fills)
}

// Value is what lies in ristretto.
type Value = *item

// HoldUp gives ristretto something to reject, dearer than the whole cache.
func (c *Cache) HoldUp() { c.ristretto.Set(0, &item{key: "holder"}, 1<<40) }

// FillSetBuffer puts one item after the other into ristretto's buffer until it
// takes no more, under keys that nobody asks for.
func (c *Cache) FillSetBuffer() {
	for k := uint64(1); c.ristretto.Set(k, &item{key: "filler"}, 1); k++ {
	}
}

// Check says where index and ristretto disagree, if they do.
func (c *Cache) Check() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ristretto.Wait()
	if left := c.dropped.take(); len(left) > 0 {
		return fmt.Errorf("%d items left ristretto unnoticed, the first %q", len(left), left[0].key)
	}
	kept := make(map[*item]bool)
	c.ristretto.IterValues(func(it *item) bool { kept[it] = true; return false })
	indexed := make(map[*item]bool)
	for it := c.index.oldest; it != nil; it = it.newer {
		indexed[it] = true
		if it.invalid.Load() || !kept[it] {
			return fmt.Errorf("%q is in the index, invalid %v, kept %v", it.key, it.invalid.Load(), kept[it])
		}
		for _, p := range it.places {
			if p.at >= len(p.tag.items) || p.tag.items[p.at] != it {
				return fmt.Errorf("%q is not at its place under %q", it.key, p.tag.tag)
			}
			if c.index.tags[p.tag.tag] != p.tag {
				return fmt.Errorf("%q is under a record of %q that nobody finds", it.key, p.tag.tag)
			}
		}
	}
	for it := range kept {
		if !indexed[it] && (!it.invalid.Load() || !slices.Contains(c.invalid, it)) {
			return fmt.Errorf("%q is kept and not in the index, invalid %v, and nobody will delete it", it.key, it.invalid.Load())
		}
	}
	if c.index.len != len(indexed) {
		return fmt.Errorf("%d items counted, %d in the index", c.index.len, len(indexed))
	}
	for tag, t := range c.index.tags {
		if len(t.items) == 0 && t.fills == 0 {
			return fmt.Errorf("tag %q has a record and no item", tag)
		}
		for _, it := range t.items {
			if !indexed[it] {
				return fmt.Errorf("tag %q lists %q, which is gone", tag, it.key)
			}
		}
	}
	return nil
}
