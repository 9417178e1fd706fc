package cache_test

import (
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/dgraph-io/ristretto/v2"

	"maitre/store/cache"
)

// putDate puts n entries of a date.
func putDate(c *cache.Cache, date string, n int) {
	for i := range n {
		put(c, cache.Entry{Key: fmt.Sprint("seats/", date, "/", i), Kind: "seats", Tags: []cache.Tag{dateTag(date), "tables"}}, date)
	}
}

func TestInvalidatingADateTouchesItsEntriesAndNoOthers(t *testing.T) {
	t.Parallel()
	c := open(t, cache.Options{})
	put(c, cache.Entry{Key: "tables", Tags: []cache.Tag{"tables"}}, "tables")
	for _, date := range []string{"23", "24", "25"} {
		put(c, day(date), date)
		putDate(c, date, 50)
	}
	if n := c.Invalidate(dateTag("24")); n != 51 {
		t.Errorf("%d forgotten", n)
	}
	check(t, c)
	kept := func(key string) bool {
		_, err := cache.Get(t.Context(), c, cache.Entry{Key: key}, func(context.Context) (string, error) { return "", errDown })
		return err == nil
	}
	for i := range 50 {
		for date, want := range map[string]bool{"23": true, "24": false, "25": true} {
			if key := fmt.Sprint("seats/", date, "/", i); kept(key) != want || kept("day/"+date) != want {
				t.Fatalf("date %s kept: %v", date, !want)
			}
		}
	}
	if !kept("tables") {
		t.Error("the tables are gone")
	}
	if n := c.Invalidate("tables"); n != 101 || c.Len() != 2 {
		t.Errorf("tables: %d forgotten, %d left", n, c.Len())
	}
	check(t, c)
}

func TestInvalidatingWhatNobodyCarriesLeavesNothing(t *testing.T) {
	t.Parallel()
	c := open(t, cache.Options{})
	for i := range 10_000 {
		if n := c.Invalidate(dateTag(fmt.Sprint(i))); n != 0 {
			t.Fatalf("%d forgotten", n)
		}
	}
	if n := c.Tags(); n != 0 {
		t.Errorf("%d records of tags", n)
	}
}

func TestTagsOfDaysGoneByAreForgotten(t *testing.T) {
	t.Parallel()
	timed(t, cache.Options{MaxEntries: 100_000}, func(t *testing.T, c *cache.Cache) {
		for date := range 1000 {
			putDate(c, fmt.Sprint(date), 3)
			c.Invalidate(dateTag(fmt.Sprint(date - 1)))
		}
		if c.Len() != 3 || c.Tags() != 2 {
			t.Errorf("%d entries, %d tags", c.Len(), c.Tags())
		}
	})
}

func TestAFillKeepsItsTagsGenerationAndThenLetsItGo(t *testing.T) {
	t.Parallel()
	timed(t, cache.Options{}, func(t *testing.T, c *cache.Cache) {
		before := hold("before")
		got := before.ask(t, c, day("24"))
		putDate(c, "24", 3)
		c.Invalidate(dateTag("24"))
		if c.Tags() != 1 {
			t.Errorf("%d records while the fill runs", c.Tags())
		}
		close(before.release)
		<-got
		synctest.Wait()
		if c.Tags() != 0 || c.Len() != 0 || c.Fills() != 0 {
			t.Errorf("%d tags, %d entries, %d fills", c.Tags(), c.Len(), c.Fills())
		}
	})
}

func TestTheCacheStaysWithinItsBoundsAndKeepsWhatIsUsed(t *testing.T) {
	t.Parallel()
	c := open(t, cache.Options{MaxEntries: 100})
	put(c, day("24"), "used")
	for i := range 5000 {
		get(t, c, day("24"), func(context.Context) (string, error) { return "filled again", nil })
		e := day(fmt.Sprint("seldom/", i))
		put(c, e, "v")
		get(t, c, e, mustNotFill(t)) // what was just put is a hit, in a full cache too
		if c.Len() > 100 || c.Tags() > 100 {
			t.Fatalf("%d entries, %d tags", c.Len(), c.Tags())
		}
	}
	check(t, c)
}

// Ristretto refuses a newcomer when all that it would have to evict were asked
// for more often. A fill has cost a request by then: it stays, and the entry goes
// that was put longest ago and was not used since.
func TestANewcomerIsKeptThoughRistrettoRefusesIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var refused atomic.Int64
		// In so small a cache two keys may share all their counters, by chance. Hashes
		// that differ in their last six bits do not.
		lastLetter := func(key string) uint64 { return uint64(key[len(key)-1]) }
		c := cache.OpenWith(t, cache.Options{MaxEntries: 4}, lastLetter, func(config *cache.Config) {
			config.BufferItems = 1 // count each hit at once
			config.OnReject = func(*ristretto.Item[cache.Value]) { refused.Add(1) }
		})
		defer c.Close()
		asked := []string{"used", "a", "b", "c"}
		for _, date := range asked {
			put(c, day(date), "v")
			for range 10 {
				get(t, c, day(date), mustNotFill(t))
				synctest.Wait()
			}
		}
		for _, date := range asked[1:] {
			put(c, day(date), "again") // and not used since
		}
		put(c, day("new"), "v")
		check(t, c)
		if refused.Load() != 1 || c.Len() != 4 {
			t.Errorf("%d refused, %d entries", refused.Load(), c.Len())
		}
		get(t, c, day("new"), mustNotFill(t))
		get(t, c, day("used"), mustNotFill(t))
	})
}

func TestDoubledTagsCountOnce(t *testing.T) {
	t.Parallel()
	c := open(t, cache.Options{})
	put(c, cache.Entry{Key: "k", Tags: []cache.Tag{"a", "a", "b", "a"}}, "v")
	check(t, c)
	if n := c.Invalidate("a", "a", "b"); n != 1 || c.Tags() != 0 {
		t.Errorf("%d forgotten, %d tags left", n, c.Tags())
	}
}

func TestEntriesWithoutTags(t *testing.T) {
	t.Parallel()
	c := open(t, cache.Options{MaxEntries: 4})
	for i := range 20 {
		put(c, cache.Entry{Key: fmt.Sprint(i)}, "v")
	}
	check(t, c)
	if c.Len() != 4 || c.Tags() != 0 {
		t.Errorf("%d entries, %d tags", c.Len(), c.Tags())
	}
}

// model is what a cache that never evicts would hold.
type model struct {
	value map[string]int
	tags  map[string][]cache.Tag
}

// A million operations on caches too small for their keys, whose hashes collide
// besides: whatever is still held is what was put last, the index says exactly
// what is held, and neither grows.
func TestAMillionOperations(t *testing.T) {
	t.Parallel()
	for seed, size := range []int{1, 5, 32, 1000} {
		t.Run(fmt.Sprint("at most ", size), func(t *testing.T) {
			t.Parallel()
			operations := 250_000
			if testing.Short() {
				operations = 10_000
			}
			operate(t, operations, size, rand.New(rand.NewPCG(uint64(seed), 2)))
		})
	}
}

func operate(t *testing.T, operations, size int, r *rand.Rand) {
	const keys, dates = 200, 20
	colliding := func(key string) uint64 {
		h := fnv.New64a()
		_, _ = h.Write([]byte(key))
		return h.Sum64() % 150
	}
	c := cache.OpenWith(t, cache.Options{MaxEntries: size}, colliding, nil)
	m := model{map[string]int{}, map[string][]cache.Tag{}}
	entries := make([]cache.Entry, keys)
	for i := range entries {
		entries[i] = cache.Entry{Key: fmt.Sprint("k", i)}
	}
	tags := make([]cache.Tag, dates)
	for i := range tags {
		tags[i] = dateTag(fmt.Sprint(i))
	}
	hits := 0
	for n := range operations {
		e := entries[r.IntN(keys)]
		e.Tags = tags[r.IntN(dates):]
		e.Tags = e.Tags[:min(len(e.Tags), r.IntN(4))]
		switch r.IntN(20) {
		case 0, 1, 2:
			tag := tags[r.IntN(dates)]
			c.Invalidate(tag)
			for key, of := range m.tags {
				if slices.Contains(of, tag) {
					delete(m.tags, key)
					delete(m.value, key)
				}
			}
		case 3, 4, 5:
			filled := false
			got, err := cache.Get(t.Context(), c, e, func(context.Context) (int, error) { filled = true; return n, nil })
			if want, ok := m.value[e.Key]; err != nil || !filled && (!ok || got != want) {
				t.Fatalf("operation %d: %s is %d, want %d (known %v), %v", n, e.Key, got, want, ok, err)
			}
			if filled {
				m.value[e.Key], m.tags[e.Key] = n, e.Tags
			} else {
				hits++
			}
		default:
			c.Put(e, n)
			m.value[e.Key], m.tags[e.Key] = n, e.Tags
		}
		if c.Len() > size || c.Tags() > dates {
			t.Fatalf("operation %d: %d entries, %d tags", n, c.Len(), c.Tags())
		}
		if n%10_000 == 0 {
			if err := c.Check(); err != nil {
				t.Fatalf("operation %d: %v", n, err)
			}
		}
	}
	check(t, c)
	if hits < operations/2000 {
		t.Errorf("only %d hits: nothing was tried", hits)
	}
}

// The same from many goroutines: no model can say who was first, but values
// never get older and the index holds.
func TestManyAtOnceInASmallCache(t *testing.T) {
	t.Parallel()
	c := cache.OpenWith(t, cache.Options{MaxEntries: 16}, func(key string) uint64 { return uint64(key[len(key)-1]) }, nil)
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(uint64(g), 3))
			for range 5_000 {
				e := day(fmt.Sprint(r.IntN(60)))
				want := "of " + e.Key
				switch r.IntN(6) {
				case 0, 1:
					c.Invalidate(e.Tags...)
				case 2:
					put(c, e, want)
				default:
					got, err := cache.Get(t.Context(), c, e, func(context.Context) (string, error) { return want, nil })
					if err != nil || got != want {
						t.Errorf("%s: %q, %v", e.Key, got, err)
						return
					}
				}
			}
		})
	}
	wg.Wait()
	check(t, c)
	if c.Len() > 16 {
		t.Errorf("%d entries", c.Len())
	}
}
