package cache_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"maitre/store/cache"
)

// The bugs that other caches with tags have had, one test each.

// eko/gocache kept the list of a tag's keys in the cache itself (PR 7, issue
// 206): when the list was evicted or its Set dropped, the keys outlived their tag.
func TestTagBugListLostByEviction(t *testing.T) {
	t.Parallel()
	c := open(t, cache.Options{MaxEntries: 64})
	for round := range 50 {
		putDate(c, "24", 40)
		for i := range 200 { // press on what is kept
			put(c, day(fmt.Sprint("other/", round, "/", i)), "v")
			if i%10 == 0 {
				putDate(c, "24", 1)
			}
		}
		c.Invalidate(dateTag("24"))
		for i := range 40 {
			e := cache.Entry{Key: fmt.Sprint("seats/24/", i)}
			if _, err := cache.Get(t.Context(), c, e, func(context.Context) (string, error) { return "", errDown }); err == nil {
				t.Fatalf("round %d: %s outlived its tag", round, e.Key)
			}
		}
	}
	check(t, c)
}

// eko/gocache 253 and webjs PR 768: two writers read the list, each added its
// key, and the list of the first was lost.
func TestTagBugTwoWritersOfOneList(t *testing.T) {
	t.Parallel()
	c := open(t, cache.Options{})
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 100 {
				put(c, cache.Entry{Key: fmt.Sprint(g, "/", i), Tags: day("24").Tags}, "v")
			}
		})
	}
	wg.Wait()
	if n := c.Invalidate(dateTag("24")); n != 800 || c.Len() != 0 {
		t.Errorf("%d forgotten, %d left", n, c.Len())
	}
}

// souin PR 851: keys that were evicted stayed in the index for ever.
func TestTagBugIndexGrowsWithoutEnd(t *testing.T) {
	t.Parallel()
	c := open(t, cache.Options{MaxEntries: 10})
	for i := range 20_000 {
		put(c, cache.Entry{Key: fmt.Sprint(i), Tags: []cache.Tag{"tables", dateTag(fmt.Sprint(i))}}, "v")
	}
	check(t, c)
	if c.Len() > 10 || c.Tags() > 11 {
		t.Errorf("%d entries, %d tags", c.Len(), c.Tags())
	}
	if n := c.Invalidate("tables"); n > 10 {
		t.Errorf("%d forgotten", n)
	}
}

// cosmo PR 3213: a key that was put again with other tags was still listed under
// the old ones, whose invalidation forgot it.
func TestTagBugListedUnderAnOldTag(t *testing.T) {
	t.Parallel()
	c := open(t, cache.Options{})
	e := cache.Entry{Key: "next free evening", Tags: day("24").Tags}
	put(c, e, "24")
	e.Tags = day("25").Tags
	put(c, e, "25")
	check(t, c)
	if n := c.Invalidate(dateTag("24")); n != 0 || c.Tags() != 1 {
		t.Errorf("%d forgotten by the old tag, %d tags", n, c.Tags())
	}
	if v := get(t, c, e, mustNotFill(t)); v != "25" {
		t.Errorf("%q", v)
	}
	if n := c.Invalidate(dateTag("25")); n != 1 {
		t.Errorf("%d forgotten by the new tag", n)
	}
}

// WaveHouse PR 119: between ristretto's Wait and the index's lock another writer
// came in, and what it had put was invalidated in ristretto and not in the index,
// or the other way round.
func TestTagBugGapBetweenWaitAndLock(t *testing.T) {
	t.Parallel()
	c := open(t, cache.Options{})
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range 2_000 {
				if (g+i)%2 == 0 {
					put(c, day("24"), "v")
				} else {
					c.Invalidate(dateTag("24"))
				}
			}
		})
	}
	wg.Wait()
	check(t, c)
	put(c, day("24"), "last")
	if v := get(t, c, day("24"), mustNotFill(t)); v != "last" {
		t.Errorf("%q", v)
	}
}

// gocache 305: an entry was replaced, its tag's list was not, and expired first.
func TestTagBugReplacedEntryOutlivesItsTag(t *testing.T) {
	t.Parallel()
	timed(t, cache.Options{}, func(t *testing.T, c *cache.Cache) {
		s := &source{}
		for n := range 200 {
			v, err := cache.GetIf(t.Context(), c, day("24"), func(string) bool { return false }, s.fill)
			if err != nil || v != fmt.Sprint("v", n+1) {
				t.Fatalf("%q, %v", v, err)
			}
			time.Sleep(61 * time.Second)
		}
		if n := c.Invalidate(dateTag("24")); n != 1 || c.Len() != 0 {
			t.Errorf("%d forgotten, %d left", n, c.Len())
		}
	})
}
