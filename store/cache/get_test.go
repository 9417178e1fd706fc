package cache_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"maitre/booking"
	"maitre/store/cache"
)

var ages = cache.Options{Fresh: time.Minute, Keep: time.Hour, Backoff: 5 * time.Second, FillTimeout: 10 * time.Second}

// timed runs f with a fake clock and a cache that ages by it.
func timed(t *testing.T, options cache.Options, f func(t *testing.T, c *cache.Cache)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		c := open(t, options)
		f(t, c)
		synctest.Wait()
		check(t, c)
		c.Close()
	})
}

func TestFirstGetFillsAndSecondHits(t *testing.T) {
	t.Parallel()
	c, s := open(t, cache.Options{}), &source{}
	if r := get(t, c, day("2026-12-24"), s.fill); r.Value != "v1" || r.Stale {
		t.Errorf("first: %+v", r)
	}
	if r := get(t, c, day("2026-12-24"), mustNotFill(t)); r.Value != "v1" || r.Stale {
		t.Errorf("second: %+v", r)
	}
	if c.Len() != 1 {
		t.Errorf("%d entries", c.Len())
	}
	check(t, c)
}

func TestDateTag(t *testing.T) {
	t.Parallel()
	tag := cache.DateTag(booking.NewDate(2026, 12, 24))
	if tag != "date:2026-12-24" || tag.Kind() != "date" || cache.Tag("tables").Kind() != "tables" {
		t.Errorf("%q is of kind %q", tag, tag.Kind())
	}
}

func TestWhatIsServedAtWhichAge(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name  string
		age   time.Duration
		down  bool
		want  string
		stale bool
		err   error
		calls int64 // of the source, the first included, once all is quiet
		next  string
	}{
		{"fresh", time.Minute, false, "v1", false, nil, 1, "v1"},
		{"past fresh", time.Minute + 1, false, "v1", false, nil, 2, "v2"},
		{"past fresh, source down", time.Minute + 1, true, "v1", false, nil, 2, "v1"},
		{"at the end of keep", time.Hour, false, "v1", false, nil, 2, "v2"},
		{"past keep", time.Hour + 1, false, "v2", false, nil, 2, "v2"},
		{"past keep, source down", time.Hour + 1, true, "", false, errDown, 2, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			timed(t, ages, func(t *testing.T, c *cache.Cache) {
				s := &source{}
				get(t, c, day("24"), s.fill)
				time.Sleep(row.age)
				s.down.Store(row.down)
				r, err := cache.Get(t.Context(), c, day("24"), s.fill)
				if r.Value != row.want || r.Stale != row.stale || !errors.Is(err, row.err) {
					t.Errorf("%+v, %v; want %q", r, err, row.want)
				}
				if row.want == "v1" && r.Age != row.age {
					t.Errorf("age %v, want %v", r.Age, row.age)
				}
				synctest.Wait()
				if n := s.calls.Load(); n != row.calls {
					t.Errorf("%d calls, want %d", n, row.calls)
				}
				if row.next != "" {
					if r := get(t, c, day("24"), s.fill); r.Value != row.next || r.Stale != row.down {
						t.Errorf("then %+v, want %q", r, row.next)
					}
				}
			})
		})
	}
}

func TestOldEntryIsServedWhileOneRefreshRuns(t *testing.T) {
	t.Parallel()
	reg := prometheus.NewRegistry()
	options := ages
	options.Registerer = reg
	timed(t, options, func(t *testing.T, c *cache.Cache) {
		s := &source{takes: time.Second}
		get(t, c, day("24"), s.fill)
		time.Sleep(2 * time.Minute)
		for range 20 {
			if r := get(t, c, day("24"), s.fill); r.Value != "v1" || r.Stale {
				t.Fatalf("%+v", r)
			}
			time.Sleep(10 * time.Millisecond)
		}
		time.Sleep(time.Second)
		if r := get(t, c, day("24"), s.fill); r.Value != "v2" || r.Age > 2*time.Second {
			t.Errorf("after the refresh: %+v", r)
		}
		if n := s.calls.Load(); n != 2 {
			t.Errorf("%d calls", n)
		}
	})
	for result, want := range map[string]int{"miss": 1, "stale": 20, "refresh": 1, "hit": 1, "error": 0} {
		if n := counted(t, reg, "day", result); n != want {
			t.Errorf("%d %s, want %d", n, result, want)
		}
	}
}

func TestFailedRefreshIsTriedAgainNoSoonerThanBackoff(t *testing.T) {
	t.Parallel()
	timed(t, ages, func(t *testing.T, c *cache.Cache) {
		s := &source{}
		get(t, c, day("24"), s.fill)
		s.down.Store(true)
		time.Sleep(2 * time.Minute)
		for range 200 { // 20 s, so at 0, 5, 10 and 15
			get(t, c, day("24"), s.fill)
			time.Sleep(100 * time.Millisecond)
		}
		if n := s.calls.Load() - 1; n != 4 {
			t.Errorf("%d refreshes in 20 s", n)
		}
		if r := get(t, c, day("24"), s.fill); !r.Stale {
			t.Errorf("%+v", r)
		}
		synctest.Wait()
		s.down.Store(false)
		time.Sleep(5 * time.Second)
		get(t, c, day("24"), s.fill)
		synctest.Wait()
		if r := get(t, c, day("24"), s.fill); r.Stale || r.Age != 0 {
			t.Errorf("once the source answers: %+v", r)
		}
	})
}

func TestErrorsAreNotKept(t *testing.T) {
	t.Parallel()
	reg := prometheus.NewRegistry()
	c, s := open(t, cache.Options{Registerer: reg}), &source{}
	s.down.Store(true)
	for range 3 {
		if _, err := cache.Get(t.Context(), c, day("24"), s.fill); !errors.Is(err, errDown) || !strings.Contains(err.Error(), "day/24") {
			t.Errorf("%v", err)
		}
	}
	s.down.Store(false)
	if r := get(t, c, day("24"), s.fill); r.Value != "v4" || r.Stale {
		t.Errorf("%+v", r)
	}
	if n := counted(t, reg, "day", "error"); n != 3 {
		t.Errorf("%d errors counted", n)
	}
	check(t, c)
}

func TestWithinAsksAgainForWhatIsTooOld(t *testing.T) {
	t.Parallel()
	timed(t, ages, func(t *testing.T, c *cache.Cache) {
		s := &source{takes: time.Second}
		within := func() cache.Result[string] {
			t.Helper()
			r, err := cache.GetWithin(t.Context(), c, day("24"), 10*time.Second, s.fill)
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		get(t, c, day("24"), s.fill)
		time.Sleep(9 * time.Second) // and one that the fill took
		if r := within(); r.Value != "v1" {
			t.Errorf("at 10 s: %+v", r)
		}
		time.Sleep(time.Nanosecond)
		if r := within(); r.Value != "v2" || r.Age != time.Second {
			t.Errorf("past 10 s: %+v", r)
		}
		s.down.Store(true)
		time.Sleep(20 * time.Second)
		if r := within(); r.Value != "v2" || !r.Stale {
			t.Errorf("source down: %+v", r)
		}
	})
}

func TestWithinDoesNotTakeAnAnswerAskedForTooLongAgo(t *testing.T) {
	t.Parallel()
	timed(t, ages, func(t *testing.T, c *cache.Cache) {
		s := &source{takes: 8 * time.Second}
		go func() { _, _ = cache.Get(t.Context(), c, day("24"), s.fill) }()
		time.Sleep(5 * time.Second)
		r, err := cache.GetWithin(t.Context(), c, day("24"), 2*time.Second, func(context.Context) (string, error) { return "asked now", nil })
		if err != nil || r.Value != "asked now" {
			t.Errorf("%+v, %v", r, err)
		}
	})
}

func TestARefreshIsNotBegunWhileAFillForAnotherRuns(t *testing.T) {
	t.Parallel()
	timed(t, ages, func(t *testing.T, c *cache.Cache) {
		put(c, day("24"), "old")
		time.Sleep(2 * time.Minute)
		asked := hold("asked by who needs it new")
		done := make(chan struct{})
		go func() {
			defer close(done)
			_, _ = cache.GetWithin(t.Context(), c, day("24"), time.Second, asked.fill)
		}()
		<-asked.begun
		if r := get(t, c, day("24"), mustNotFill(t)); r.Value != "old" {
			t.Errorf("%+v", r)
		}
		synctest.Wait()
		close(asked.release)
		<-done
	})
}

// Between a caller's look and his turn at the lock another's fill lands.
func TestWhatLandedMeanwhileIsNotAskedForAgain(t *testing.T) {
	t.Parallel()
	s := &source{}
	var c *cache.Cache
	var meanwhile func()
	c = open(t, cache.Options{Now: func() time.Time {
		if f := meanwhile; f != nil { // the clock is read just there
			meanwhile = nil
			f()
		}
		return time.Time{}
	}})
	meanwhile = func() { put(c, day("24"), "landed meanwhile") }
	if r := get(t, c, day("24"), s.fill); r.Value != "landed meanwhile" || s.calls.Load() != 0 {
		t.Errorf("%+v, %d calls", r, s.calls.Load())
	}
}

func TestWhatAFillReadsMakesItsValueOld(t *testing.T) {
	t.Parallel()
	timed(t, ages, func(t *testing.T, c *cache.Cache) {
		s := &source{}
		snapshot := day("24")
		seats := cache.Entry{Key: "seats/24/4", Kind: "seats", Tags: snapshot.Tags}
		derive := func(ctx context.Context) (string, error) {
			r, err := cache.Get(ctx, c, snapshot, s.fill)
			return "seats of " + r.Value, err
		}
		get(t, c, snapshot, s.fill)
		time.Sleep(50 * time.Second)
		if r := get(t, c, seats, derive); r.Value != "seats of v1" || r.Age != 50*time.Second {
			t.Fatalf("made from what is 50 s old: %+v", r)
		}
		time.Sleep(11 * time.Second)
		get(t, c, seats, derive) // both are past their freshness
		synctest.Wait()
		if r := get(t, c, seats, derive); r.Value != "seats of v2" || r.Age != 0 {
			t.Errorf("refreshed: %+v", r)
		}
		if n := s.calls.Load(); n != 2 {
			t.Errorf("%d calls", n)
		}
	})
}

func TestAnOutageIsSeenInWhatIsMadeFromTheSourceAndDoesNotMultiplyCalls(t *testing.T) {
	t.Parallel()
	timed(t, ages, func(t *testing.T, c *cache.Cache) {
		s := &source{}
		snapshot := day("24")
		seats := func(i int) (cache.Entry, func(context.Context) (string, error)) {
			return cache.Entry{Key: "seats/24/" + string(rune('a'+i)), Kind: "seats", Tags: snapshot.Tags},
				func(ctx context.Context) (string, error) {
					r, err := cache.Get(ctx, c, snapshot, s.fill)
					return r.Value, err
				}
		}
		all := func() (last cache.Result[string]) {
			for i := range 26 {
				e, fill := seats(i)
				last = get(t, c, e, fill)
				synctest.Wait()
			}
			return last
		}
		all()
		s.down.Store(true)
		time.Sleep(2 * time.Minute)
		all()
		for range 10 {
			if r := all(); r.Value != "v1" || !r.Stale {
				t.Fatalf("%+v", r)
			}
			time.Sleep(time.Second)
		}
		if n := s.calls.Load() - 1; n != 2 { // at 0 and 5 s
			t.Errorf("%d calls in an outage of 10 s with 26 entries", n)
		}
		s.down.Store(false)
		time.Sleep(10 * time.Second)
		all()
		if r := all(); r.Stale || r.Age > time.Second {
			t.Errorf("once the source answers: %+v", r)
		}
	})
}

func TestMadeFromSaysHowOldAndWhetherStale(t *testing.T) {
	t.Parallel()
	timed(t, ages, func(t *testing.T, c *cache.Cache) {
		known := time.Now()
		time.Sleep(2 * time.Minute)
		fromFile := func(ctx context.Context) (string, error) {
			cache.MadeFrom(ctx, known, true)
			cache.MadeFrom(ctx, time.Now(), false)
			return "last known", nil
		}
		for range 2 {
			if r := get(t, c, day("24"), fromFile); r.Age != 2*time.Minute || !r.Stale {
				t.Errorf("%+v", r)
			}
		}
		time.Sleep(6 * time.Second)
		s := &source{}
		get(t, c, day("24"), s.fill)
		synctest.Wait()
		if r := get(t, c, day("24"), mustNotFill(t)); r.Value != "v1" || r.Stale {
			t.Errorf("once the source answers: %+v", r)
		}
	})
}

func TestARefreshThatBringsSomethingOlderDoesNotReplace(t *testing.T) {
	t.Parallel()
	timed(t, ages, func(t *testing.T, c *cache.Cache) {
		known, s := time.Now(), &source{}
		time.Sleep(time.Second)
		get(t, c, day("24"), s.fill)
		time.Sleep(2 * time.Minute)
		get(t, c, day("24"), func(ctx context.Context) (string, error) {
			cache.MadeFrom(ctx, known, true)
			return "last known", nil
		})
		synctest.Wait()
		if r := get(t, c, day("24"), mustNotFill(t)); r.Value != "v1" || !r.Stale {
			t.Errorf("%+v", r)
		}
	})
}

func TestAFillMayNotReadItselfOrWhatItWouldOutlive(t *testing.T) {
	t.Parallel()
	c, s := open(t, cache.Options{}), &source{}
	reading := func(e cache.Entry) func(ctx context.Context) (string, error) {
		return func(ctx context.Context) (string, error) {
			r, err := cache.Get(ctx, c, e, s.fill)
			return r.Value, err
		}
	}
	if _, err := cache.Get(t.Context(), c, day("24"), reading(day("24"))); !errors.Is(err, cache.ErrNested) {
		t.Errorf("itself: %v", err)
	}
	between := cache.Entry{Key: "between", Tags: day("24").Tags}
	throughAnother := func(ctx context.Context) (string, error) {
		r, err := cache.Get(ctx, c, between, reading(day("24")))
		return r.Value, err
	}
	if _, err := cache.Get(t.Context(), c, day("24"), throughAnother); !errors.Is(err, cache.ErrNested) {
		t.Errorf("itself through another: %v", err)
	}
	tables := cache.Entry{Key: "tables", Kind: "tables", Tags: []cache.Tag{"tables"}}
	if _, err := cache.Get(t.Context(), c, day("24"), reading(tables)); !errors.Is(err, cache.ErrNested) || !strings.Contains(err.Error(), "tag tables") {
		t.Errorf("a tag that it does not carry: %v", err)
	}
	seats := cache.Entry{Key: "seats", Tags: []cache.Tag{"tables", dateTag("24")}}
	if _, err := cache.Get(t.Context(), c, seats, reading(tables)); err != nil {
		t.Error(err)
	}
}

func TestAKeyHasOneType(t *testing.T) {
	t.Parallel()
	c, s := open(t, cache.Options{}), &source{}
	get(t, c, day("24"), s.fill)
	_, err := cache.Get(t.Context(), c, day("24"), func(context.Context) (int, error) { return 1, nil })
	if !errors.Is(err, cache.ErrType) || !strings.Contains(err.Error(), "string is kept, int asked for") {
		t.Errorf("%v", err)
	}
}

func TestANilInterfaceIsAValue(t *testing.T) {
	t.Parallel()
	c := open(t, cache.Options{})
	for range 2 {
		r, err := cache.Get(t.Context(), c, day("24"), func(context.Context) (error, error) { return nil, nil })
		if r.Value != nil || err != nil {
			t.Errorf("%+v, %v", r, err)
		}
	}
	if c.Len() != 1 {
		t.Error("not kept")
	}
}

func TestOptionsThatCannotBe(t *testing.T) {
	t.Parallel()
	for want, o := range map[string]cache.Options{
		"MaxEntries is -1: give at least 1":      {MaxEntries: -1},
		"Fresh is -1ns: give a positive":         {Fresh: -1},
		"Keep (1s) is shorter than Fresh (1m0s)": {Keep: time.Second, Fresh: time.Minute},
	} {
		if _, err := cache.New(o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	if c := open(t, cache.Options{Fresh: 48 * time.Hour}); c == nil {
		t.Error("a long Fresh is refused for the default Keep")
	}
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	reg := prometheus.NewRegistry()
	c, s := open(t, cache.Options{Registerer: reg}), &source{}
	get(t, c, day("24"), s.fill)
	get(t, c, day("24"), s.fill)
	get(t, c, day("25"), s.fill)
	c.Invalidate(dateTag("24"), dateTag("26"), "tables")
	const want = `
# HELP maitre_cache_entries Entries in the cache.
# TYPE maitre_cache_entries gauge
maitre_cache_entries 1
# HELP maitre_cache_invalidations_total Tags invalidated, by their kind.
# TYPE maitre_cache_invalidations_total counter
maitre_cache_invalidations_total{tag_kind="date"} 2
maitre_cache_invalidations_total{tag_kind="tables"} 1
# HELP maitre_cache_requests_total Answers by kind and by how they came about: hit; stale (past its freshness, served at once); miss (waited for a fill); error. refresh counts fills in the background.
# TYPE maitre_cache_requests_total counter
maitre_cache_requests_total{kind="day",result="error"} 0
maitre_cache_requests_total{kind="day",result="hit"} 1
maitre_cache_requests_total{kind="day",result="miss"} 2
maitre_cache_requests_total{kind="day",result="refresh"} 0
maitre_cache_requests_total{kind="day",result="stale"} 0
`
	if err := testutil.GatherAndCompare(reg, strings.NewReader(want)); err != nil {
		t.Error(err)
	}
	if _, err := cache.New(cache.Options{Registerer: reg}); err == nil {
		t.Error("two caches show the same metrics")
	}
}
