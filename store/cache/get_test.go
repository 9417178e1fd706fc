package cache_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"maitre/booking"
	"maitre/store/cache"
)

func TestFirstGetFillsAndSecondHits(t *testing.T) {
	t.Parallel()
	c, s := open(t, cache.Options{}), &source{}
	if v := get(t, c, day("2026-12-24"), s.fill); v != "v1" {
		t.Errorf("first: %q", v)
	}
	if v := get(t, c, day("2026-12-24"), mustNotFill(t)); v != "v1" {
		t.Errorf("second: %q", v)
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
	if v := get(t, c, day("24"), s.fill); v != "v4" {
		t.Errorf("%q", v)
	}
	if n := counted(t, reg, "day", "error"); n != 3 {
		t.Errorf("%d errors counted", n)
	}
	check(t, c)
}

// not returns a test of values that refuses one.
func not(value string) func(string) bool { return func(v string) bool { return v != value } }

func TestWhatWillNotDoIsFilledAnew(t *testing.T) {
	t.Parallel()
	reg := prometheus.NewRegistry()
	c, s := open(t, cache.Options{Registerer: reg}), &source{}
	for _, row := range []struct {
		usable func(string) bool
		down   bool
		want   string
		err    error
	}{
		{nil, false, "v1", nil},
		{not("v2"), true, "v1", nil},
		{not("v1"), false, "v2", nil},
		{not("v2"), true, "", errDown},
		{not("v2"), false, "v4", nil},
		{not("v4"), true, "", errDown},
		{nil, true, "v4", nil},                                 // a failure takes nothing away
		{func(string) bool { return false }, false, "v6", nil}, // the caller's own fill has to do
	} {
		s.down.Store(row.down)
		got, err := cache.GetIf(t.Context(), c, day("24"), row.usable, s.fill)
		if got != row.want || !errors.Is(err, row.err) {
			t.Errorf("%q, %v; want %q, %v", got, err, row.want, row.err)
		}
	}
	for result, want := range map[string]int{"hit": 2, "miss": 4, "error": 2} {
		if n := counted(t, reg, "day", result); n != want {
			t.Errorf("%d %s, want %d", n, result, want)
		}
	}
	check(t, c)
}

func TestAFillOfAnotherThatWillNotDoIsFollowedByOnesOwn(t *testing.T) {
	t.Parallel()
	timed(t, cache.Options{}, func(t *testing.T, c *cache.Cache) {
		first := hold("asked too long ago")
		got := first.ask(t, c, day("24"))
		second := make(chan string)
		go func() {
			v, err := cache.GetIf(t.Context(), c, day("24"), not("asked too long ago"), func(context.Context) (string, error) { return "asked now", nil })
			if err != nil {
				t.Error(err)
			}
			second <- v
		}()
		synctest.Wait()
		close(first.release)
		if v := <-got; v != "asked too long ago" {
			t.Errorf("the first got %q", v)
		}
		if v := <-second; v != "asked now" {
			t.Errorf("the second got %q", v)
		}
	})
}

func TestWhatIsKeptIsServedWhileItIsFilledAnewForAnother(t *testing.T) {
	t.Parallel()
	timed(t, cache.Options{}, func(t *testing.T, c *cache.Cache) {
		put(c, day("24"), "old")
		anew := hold("new")
		done := make(chan struct{})
		go func() {
			defer close(done)
			_, _ = cache.GetIf(t.Context(), c, day("24"), not("old"), anew.fill)
		}()
		<-anew.begun
		if v := get(t, c, day("24"), mustNotFill(t)); v != "old" {
			t.Errorf("%q", v)
		}
		close(anew.release)
		<-done
		if v := get(t, c, day("24"), mustNotFill(t)); v != "new" {
			t.Errorf("then %q", v)
		}
	})
}

// Between a caller's look and his turn at the lock another's fill ends.
func TestWhatWasPutMeanwhileIsNotFilledAgain(t *testing.T) {
	t.Parallel()
	c := open(t, cache.Options{})
	put(c, day("24"), "old")
	usable := func(v string) bool {
		if v == "old" {
			put(c, day("24"), "put meanwhile")
		}
		return v != "old"
	}
	v, err := cache.GetIf(t.Context(), c, day("24"), usable, mustNotFill(t))
	if err != nil || v != "put meanwhile" {
		t.Errorf("%q, %v", v, err)
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
		v, err := cache.Get(t.Context(), c, day("24"), func(context.Context) (error, error) { return nil, nil })
		if v != nil || err != nil {
			t.Errorf("%v, %v", v, err)
		}
	}
	if c.Len() != 1 {
		t.Error("not kept")
	}
}

func TestOptionsThatCannotBe(t *testing.T) {
	t.Parallel()
	for want, o := range map[string]cache.Options{
		"MaxEntries is -1: give at least 1":    {MaxEntries: -1},
		"FillTimeout is -1ns: give a positive": {FillTimeout: -1},
	} {
		if _, err := cache.New(o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
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
# HELP maitre_cache_requests_total Answers by kind and by how they came about: hit; miss (waited for a fill); error.
# TYPE maitre_cache_requests_total counter
maitre_cache_requests_total{kind="day",result="error"} 0
maitre_cache_requests_total{kind="day",result="hit"} 1
maitre_cache_requests_total{kind="day",result="miss"} 2
`
	if err := testutil.GatherAndCompare(reg, strings.NewReader(want)); err != nil {
		t.Error(err)
	}
	if _, err := cache.New(cache.Options{Registerer: reg}); err == nil {
		t.Error("two caches show the same metrics")
	}
}
