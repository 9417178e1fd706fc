package cache_test

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"maitre/store/cache"
)

// many asks n times at once and returns what each got.
func many(t *testing.T, c *cache.Cache, n int, fill func(context.Context) (string, error)) (values []string, errs []error) {
	t.Helper()
	values, errs = make([]string, n), make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			values[i], errs[i] = cache.Get(t.Context(), c, day("24"), fill)
		})
	}
	wg.Wait()
	return values, errs
}

func TestConcurrentMissesMakeOneCall(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		end  func() (string, error)
		want error
	}{
		"value":             {func() (string, error) { return "v", nil }, nil},
		"error":             {func() (string, error) { return "", errDown }, errDown},
		"panic":             {func() (string, error) { panic("no such field") }, cache.ErrFill},
		"goroutine's end":   {func() (string, error) { runtime.Goexit(); return "", nil }, cache.ErrFill},
		"panic of an error": {func() (string, error) { panic(errDown) }, cache.ErrFill},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			timed(t, cache.Options{}, func(t *testing.T, c *cache.Cache) {
				var calls atomic.Int64
				values, errs := many(t, c, 100, func(context.Context) (string, error) {
					calls.Add(1)
					time.Sleep(time.Second)
					return row.end()
				})
				if n := calls.Load(); n != 1 {
					t.Errorf("%d calls", n)
				}
				for i := range errs {
					if !errors.Is(errs[i], row.want) || row.want == nil && values[i] != "v" {
						t.Fatalf("caller %d got %q, %v", i, values[i], errs[i])
					}
				}
				if c.Fills() != 0 {
					t.Error("a fill is left")
				}
				// The next call is a new one, unless there is a value.
				s := &source{}
				if v := get(t, c, day("24"), s.fill); (v == "v1") != (row.want != nil) {
					t.Errorf("then %q", v)
				}
			})
		})
	}
}

func TestAPanicIsLoggedOnceAndReturned(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	timed(t, cache.Options{Log: slog.New(slog.NewTextHandler(&log, nil))}, func(t *testing.T, c *cache.Cache) {
		_, errs := many(t, c, 5, func(context.Context) (string, error) {
			time.Sleep(time.Second)
			panic("no such field")
		})
		if !strings.Contains(errs[4].Error(), "no such field") {
			t.Error(errs[4])
		}
	})
	if n := strings.Count(log.String(), "cache fill panicked"); n != 1 || !strings.Contains(log.String(), "fill_test.go") {
		t.Errorf("logged %d times: %s", n, log.String())
	}
}

func TestACallerWhoGivesUpDoesNotEndTheOthersCall(t *testing.T) {
	t.Parallel()
	timed(t, cache.Options{}, func(t *testing.T, c *cache.Cache) {
		s := &source{takes: 2 * time.Second}
		why := errors.New("hung up")
		ctx, hangUp := context.WithCancelCause(t.Context())
		first := make(chan error)
		go func() {
			_, err := cache.Get(ctx, c, day("24"), s.fill)
			first <- err
		}()
		synctest.Wait()
		second := make(chan string)
		go func() {
			v, _ := cache.Get(t.Context(), c, day("24"), s.fill)
			second <- v
		}()
		time.Sleep(time.Second)
		hangUp(why)
		if err := <-first; !errors.Is(err, why) {
			t.Errorf("who gave up: %v", err)
		}
		if v := <-second; v != "v1" {
			t.Errorf("who waited: %q", v)
		}
		if n := s.calls.Load(); n != 1 {
			t.Errorf("%d calls", n)
		}
	})
}

func TestAFillThatAllGaveUpIsStillKept(t *testing.T) {
	t.Parallel()
	timed(t, cache.Options{}, func(t *testing.T, c *cache.Cache) {
		s := &source{takes: time.Second}
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if _, err := cache.Get(ctx, c, day("24"), s.fill); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		get(t, c, day("24"), mustNotFill(t))
	})
}

func TestAFillGetsTheCallersValuesAndNotItsEnd(t *testing.T) {
	t.Parallel()
	type key struct{}
	timed(t, cache.Options{FillTimeout: 10 * time.Second}, func(t *testing.T, c *cache.Cache) {
		ctx, cancel := context.WithTimeout(context.WithValue(t.Context(), key{}, "guest"), time.Second)
		defer cancel()
		_, err := cache.Get(ctx, c, day("24"), func(ctx context.Context) (string, error) {
			end, ok := ctx.Deadline()
			if ctx.Value(key{}) != "guest" || !ok || time.Until(end) != 10*time.Second {
				t.Errorf("value %v, %v left", ctx.Value(key{}), time.Until(end))
			}
			return "", nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestAFillThatDoesNotHeedItsContextHoldsNobody(t *testing.T) {
	t.Parallel()
	timed(t, cache.Options{FillTimeout: 10 * time.Second}, func(t *testing.T, c *cache.Cache) {
		began := time.Now()
		_, err := cache.Get(t.Context(), c, day("24"), func(context.Context) (string, error) {
			time.Sleep(time.Minute)
			return "too late", nil
		})
		if took := time.Since(began); !errors.Is(err, context.DeadlineExceeded) || took != 10*time.Second {
			t.Errorf("%v after %v", err, took)
		}
		s := &source{}
		get(t, c, day("24"), s.fill)
		time.Sleep(55 * time.Second)
		if v := get(t, c, day("24"), mustNotFill(t)); v != "v1" {
			t.Errorf("%q", v)
		}
	})
}

func TestCloseLetsGoWhoWaitsAndEndsFills(t *testing.T) {
	t.Parallel()
	timed(t, cache.Options{}, func(t *testing.T, c *cache.Cache) {
		ended := make(chan error, 1)
		got := make(chan error)
		go func() {
			_, err := cache.Get(t.Context(), c, day("24"), func(ctx context.Context) (string, error) {
				<-ctx.Done()
				time.Sleep(time.Second)
				ended <- ctx.Err()
				return "", ctx.Err()
			})
			got <- err
		}()
		synctest.Wait()
		closed := make(chan struct{})
		go func() { c.Close(); close(closed) }()
		if err := <-got; !errors.Is(err, cache.ErrClosed) {
			t.Errorf("who waited: %v", err)
		}
		<-closed
		select {
		case err := <-ended:
			if !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		default:
			t.Error("Close did not wait for the fill")
		}
	})
}

func TestAfterCloseNothingIsServedAndNothingHappens(t *testing.T) {
	t.Parallel()
	c := open(t, cache.Options{})
	put(c, day("24"), "v")
	c.Close()
	c.Close()
	if _, err := cache.Get(t.Context(), c, day("24"), mustNotFill(t)); !errors.Is(err, cache.ErrClosed) {
		t.Errorf("what was there: %v", err)
	}
	put(c, day("25"), "v")
	if n := c.Invalidate(dateTag("24")); n != 0 || c.Len() != 0 {
		t.Errorf("%d forgotten, %d left", n, c.Len())
	}
}

func TestClosingWhileAllUseIt(t *testing.T) {
	t.Parallel()
	for range 20 {
		c, s := open(t, cache.Options{MaxEntries: 8}), &source{}
		var wg sync.WaitGroup
		for g := range 8 {
			wg.Go(func() {
				for i := range 500 {
					e := day(string(rune('a' + (i+g)%16)))
					_, err := cache.Get(t.Context(), c, e, s.fill)
					if err != nil && !errors.Is(err, cache.ErrClosed) {
						t.Errorf("%v", err)
					}
					if i%5 == 0 {
						c.Invalidate(e.Tags...)
					}
				}
			})
		}
		for s.calls.Load() < 100 {
			runtime.Gosched()
		}
		c.Close()
		wg.Wait()
	}
}
