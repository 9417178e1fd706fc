package cache_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"maitre/store/cache"
)

// held is a fill that waits to be let go.
type held struct {
	begun, release chan struct{}
	value          string
}

func hold(value string) *held {
	return &held{make(chan struct{}), make(chan struct{}), value}
}

func (h *held) fill(context.Context) (string, error) {
	close(h.begun)
	<-h.release
	return h.value, nil
}

// ask begins a Get whose fill is held, and returns where its answer will come.
func (h *held) ask(t *testing.T, c *cache.Cache, e cache.Entry) chan string {
	got := make(chan string, 1)
	go func() {
		value, err := cache.Get(t.Context(), c, e, h.fill)
		if err != nil {
			t.Error(err)
		}
		got <- value
	}()
	<-h.begun
	return got
}

func TestAFillThatBeganBeforeAnInvalidationIsNeverKept(t *testing.T) {
	t.Parallel()
	for name, invalidate := range map[string]func(c *cache.Cache){
		"invalidate":          func(c *cache.Cache) { c.Invalidate(dateTag("24")) },
		"one of several tags": func(c *cache.Cache) { c.Invalidate("tables", dateTag("24")) },
		"twice":               func(c *cache.Cache) { c.Invalidate(dateTag("24")); c.Invalidate(dateTag("24")) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			timed(t, cache.Options{}, func(t *testing.T, c *cache.Cache) {
				before := hold("before")
				got := before.ask(t, c, day("24"))
				invalidate(c)
				close(before.release)
				if v := <-got; v != "before" {
					t.Errorf("who asked before got %q", v)
				}
				if c.Len() != 0 {
					t.Error("it was kept")
				}
				s := &source{}
				if v := get(t, c, day("24"), s.fill); v != "v1" {
					t.Errorf("then %q", v)
				}
			})
		})
	}
}

func TestWhoAsksAfterAnInvalidationDoesNotWaitForAnOlderFill(t *testing.T) {
	t.Parallel()
	timed(t, cache.Options{}, func(t *testing.T, c *cache.Cache) {
		before, after := hold("before"), hold("after")
		gotBefore := before.ask(t, c, day("24"))
		c.Invalidate(dateTag("24"))
		gotAfter := after.ask(t, c, day("24")) // would hang if it joined
		third := make(chan string)
		go func() {
			v, _ := cache.Get(t.Context(), c, day("24"), mustNotFill(t))
			third <- v
		}()
		synctest.Wait()
		close(after.release)
		if v := <-gotAfter; v != "after" {
			t.Errorf("who asked after got %q", v)
		}
		if v := <-third; v != "after" {
			t.Errorf("who came later got %q", v)
		}
		close(before.release) // ends last, and must not be kept
		<-gotBefore
		if v := get(t, c, day("24"), mustNotFill(t)); v != "after" {
			t.Errorf("kept: %q", v)
		}
	})
}

func TestWhoAsksOnceAnOlderFillHasEndedWaitsForTheNewerOne(t *testing.T) {
	t.Parallel()
	timed(t, cache.Options{}, func(t *testing.T, c *cache.Cache) {
		before, after := hold("before"), hold("after")
		gotBefore := before.ask(t, c, day("24"))
		c.Invalidate(dateTag("24"))
		gotAfter := after.ask(t, c, day("24"))
		close(before.release)
		<-gotBefore
		third := make(chan string)
		go func() {
			v, _ := cache.Get(t.Context(), c, day("24"), mustNotFill(t))
			third <- v
		}()
		synctest.Wait()
		close(after.release)
		if v := <-third; v != "after" || <-gotAfter != "after" {
			t.Errorf("who came later got %q", v)
		}
	})
}

func TestAReplacementThatBeganBeforeAnInvalidationIsNeverKept(t *testing.T) {
	t.Parallel()
	timed(t, cache.Options{}, func(t *testing.T, c *cache.Cache) {
		put(c, day("24"), "old")
		before := hold("replaced before")
		got := make(chan error)
		go func() {
			_, err := cache.GetIf(t.Context(), c, day("24"), not("old"), before.fill)
			got <- err
		}()
		<-before.begun
		c.Invalidate(dateTag("24"))
		close(before.release)
		if err := <-got; err != nil {
			t.Error(err)
		}
		if c.Len() != 0 {
			t.Error("it was kept")
		}
	})
}

// book is a system of record: for each date the bookings in it, in order.
type book struct {
	mu    sync.Mutex
	dates [8][]int
}

func (b *book) add(date, id int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.dates[date] = append(slices.Clone(b.dates[date]), id)
}

func (b *book) read(date int) []int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.dates[date]
}

// Readers, and writers whose changes invalidate, all at once.
// Nobody gets less than what was known to the cache before he asked, and at
// rest the cache holds what the book says.
func TestNobodyIsToldLessThanWasKnownWhenHeAsked(t *testing.T) {
	t.Parallel()
	c, b := open(t, cache.Options{MaxEntries: 64}), &book{}
	var known [len(b.dates)]atomic.Int64 // bookings that the cache knows of
	var desk [len(b.dates)]sync.Mutex
	var ids atomic.Int64
	entry := func(d int) cache.Entry { return day(fmt.Sprint(d)) }
	fill := func(d int) func(context.Context) ([]int, error) {
		return func(context.Context) ([]int, error) {
			bookings := b.read(d)
			for range rand.IntN(4) {
				runtime.Gosched() // on its way back
			}
			return bookings, nil
		}
	}
	write := func(d int) {
		// One writer of a date at a time: then it is plain what was known when.
		desk[d].Lock()
		defer desk[d].Unlock()
		b.add(d, int(ids.Add(1)))
		c.Invalidate(entry(d).Tags...)
		known[d].Add(1)
	}
	read := func(d int) {
		knew := known[d].Load()
		r, err := cache.Get(t.Context(), c, entry(d), fill(d))
		if err != nil {
			t.Error(err)
		}
		if int64(len(r)) < knew {
			t.Errorf("date %d: got %d bookings, %d were known", d, len(r), knew)
		}
	}
	derived := func(d int) {
		knew := known[d].Load()
		e := cache.Entry{Key: fmt.Sprint("count/", d), Kind: "count", Tags: entry(d).Tags}
		r, err := cache.Get(t.Context(), c, e, func(ctx context.Context) (int, error) {
			r, err := cache.Get(ctx, c, entry(d), fill(d))
			return len(r), err
		})
		if err != nil {
			t.Error(err)
		}
		if int64(r) < knew {
			t.Errorf("date %d: %d derived, %d were known", d, r, knew)
		}
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 1500 {
				switch d := rand.IntN(len(b.dates)); rand.IntN(8) {
				case 0:
					write(d)
				case 1, 2, 3:
					derived(d)
				default:
					read(d)
				}
			}
		})
	}
	wg.Wait()
	check(t, c)
	for d := range b.dates {
		r, err := cache.Get(t.Context(), c, entry(d), fill(d))
		if err != nil || !slices.Equal(r, b.read(d)) {
			t.Errorf("date %d at rest: %d of %d bookings, %v", d, len(r), len(b.read(d)), err)
		}
	}
}
