package airtable_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"maitre/store/airtable"
	"maitre/store/airtable/airtabletest"
)

func list(ctx context.Context, c *airtable.Client) error {
	_, err := c.List(ctx, "Mesas", airtable.ListOptions{})
	return err
}

func TestAirtableNeverHasTooManyRequests(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, srv *airtabletest.Server, way *memory) {
		const n = 200
		way.latency = 150 * time.Millisecond
		dice := rand.New(rand.NewPCG(1, 2))
		began := time.Now()
		var wg sync.WaitGroup
		for range n {
			ctx := t.Context()
			if dice.IntN(3) == 0 {
				ctx = airtable.Urgent(ctx)
			}
			after := time.Duration(dice.IntN(20_000)) * time.Millisecond
			wg.Go(func() {
				time.Sleep(after)
				if err := list(ctx, c); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if got := srv.Counts().Statuses; got[200] != n {
			t.Errorf("answers %v, want %d of 200", got, n)
		}
		// All wait by the end of the 20 s, so the line is full throughout.
		if took, least := time.Since(began), n/5*1015*time.Millisecond; took > least+2*time.Second {
			t.Errorf("took %s; the pace allows %s", took, least)
		}
	})
}

// Airtable counts from a request's arrival: what dials for half a second arrives
// together with what leaves half a second later.
func TestDialingDoesNotSqueezeRequestsTogether(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, srv *airtabletest.Server, way *memory) {
		way.dial.Store(int64(600 * time.Millisecond))
		var wg sync.WaitGroup
		for range 5 {
			wg.Go(func() { _ = list(airtable.Urgent(t.Context()), c) })
		}
		time.Sleep(500 * time.Millisecond)
		way.dial.Store(0)
		for range 10 {
			wg.Go(func() { _ = list(airtable.Urgent(t.Context()), c) })
		}
		wg.Wait()
		if got := srv.Counts().Statuses; got[200] != 15 {
			t.Errorf("answers %v, want 15 of 200", got)
		}
	})
}

func TestAGuestGoesBeforeBackgroundWork(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, _ *airtabletest.Server, _ *memory) {
		var wg sync.WaitGroup
		for range 100 {
			wg.Go(func() { _ = list(t.Context(), c) })
		}
		for range 20 {
			time.Sleep(733 * time.Millisecond)
			began := time.Now()
			if err := list(airtable.Urgent(t.Context()), c); err != nil {
				t.Error(err)
			}
			if waited := time.Since(began); waited > 211*time.Millisecond {
				t.Errorf("a guest waited %s", waited)
			}
		}
		wg.Wait()
	})
}

func TestBackgroundWorkNeverStarves(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, _ *airtabletest.Server, _ *memory) {
		ctx, stop := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for range 30 { // more guests than the pace can serve, without end
			wg.Go(func() {
				for ctx.Err() == nil {
					_ = list(airtable.Urgent(ctx), c)
				}
			})
		}
		began := time.Now()
		for range 10 {
			if err := list(t.Context(), c); err != nil {
				t.Error(err)
			}
		}
		if took := time.Since(began); took > 12*time.Second {
			t.Errorf("ten background requests took %s, want about one a second", took)
		}
		stop()
		wg.Wait()
	})
}

func TestAfterA429TheWholeBaseRests(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, srv *airtabletest.Server, _ *memory) {
		srv.Penalise()
		began := time.Now()
		if e := asError(t, list(t.Context(), c)); e.Kind != airtable.RateLimited || e.RetryAfter != 30*time.Second {
			t.Errorf("got %+v", e)
		}
		time.Sleep(4 * time.Second)

		// Who cannot wait is told at once, and how long it would be.
		hurried, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		for name, err := range map[string]error{
			"read":         list(airtable.Urgent(hurried), c),
			"write":        c.Upsert(airtable.Urgent(hurried), bookings, row("1"))[0].Err,
			"schema write": second(c.CreateField(hurried, "tbl", airtable.Field{Name: "x", Type: airtable.TypeText})),
		} {
			e := asError(t, err)
			if e.Kind != airtable.RateLimited || e.RetryAfter != 26*time.Second || e.Status != 0 || e.Operation == "" {
				t.Errorf("%s: %+v", name, e)
			}
		}
		if time.Since(began) != 4*time.Second {
			t.Errorf("they were told after %s", time.Since(began)-4*time.Second)
		}

		// Who can wait does, and is served when the rest is over.
		var wg sync.WaitGroup
		wg.Go(func() {
			if err := list(t.Context(), c); err != nil {
				t.Error(err)
			}
		})
		wg.Go(func() {
			if err := c.Upsert(t.Context(), bookings, row("1"))[0].Err; err != nil {
				t.Error(err)
			}
		})
		wg.Wait()
		if rested := time.Since(began); rested < 30*time.Second || rested > 31*time.Second {
			t.Errorf("served after %s", rested)
		}
		if n := srv.Count(); n != 3 {
			t.Errorf("%d requests, want 3", n)
		}
	})
}

func second[T any](_ T, err error) error { return err }

// The 429 comes while others wait in line: those who cannot wait so long are told then.
func TestThoseInLineAreToldOfTheRest(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, srv *airtabletest.Server, way *memory) {
		way.latency = 300 * time.Millisecond
		srv.Penalise()
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		began := time.Now()
		var wg sync.WaitGroup
		for i := range 40 {
			wg.Go(func() {
				var err error
				if i%4 == 0 {
					err = list(ctx, c)
				} else {
					err = c.Upsert(ctx, bookings, row(fmt.Sprint(i)))[0].Err
				}
				if e := asError(t, err); e.Kind != airtable.RateLimited || e.RetryAfter < 28*time.Second {
					t.Errorf("got %+v", e)
				}
			})
		}
		wg.Wait()
		if took := time.Since(began); took > time.Second {
			t.Errorf("told after %s", took)
		}
	})
}

func TestALongerRetryAfterIsKept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var asked []time.Time
		began := time.Now()
		way := &memory{handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			asked = append(asked, time.Now())
			if len(asked) == 1 {
				w.Header().Set("Retry-After", "90")
				w.WriteHeader(http.StatusTooManyRequests)
				return
			}
			_, _ = w.Write([]byte(`{"records":[]}`))
		})}
		c := newClient(t, airtable.Config{Transport: way})
		defer c.Close()
		_ = list(t.Context(), c)
		if err := list(t.Context(), c); err != nil {
			t.Error(err)
		}
		if len(asked) != 2 || asked[1].Sub(began) != 90*time.Second {
			t.Errorf("asked at %v", asked)
		}
	})
}

func TestACallerMayGiveUpInLine(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, srv *airtabletest.Server, _ *memory) {
		var wg sync.WaitGroup
		for range 5 {
			wg.Go(func() { _ = list(airtable.Urgent(t.Context()), c) })
		}
		wg.Wait()
		ctx, cancel := context.WithCancelCause(t.Context())
		hungUp := errors.New("the guest hung up")
		time.AfterFunc(100*time.Millisecond, func() { cancel(hungUp) })
		began := time.Now()
		err := list(airtable.Urgent(ctx), c)
		e := asError(t, err)
		if !errors.Is(err, hungUp) || e.Kind != airtable.RateLimited || e.Status != 0 || time.Since(began) != 100*time.Millisecond {
			t.Errorf("after %s: %v", time.Since(began), err)
		}
		if e.RetryAfter != 915*time.Millisecond {
			t.Errorf("its turn would have been in %s", e.RetryAfter)
		}
		if err := list(ctx, c); !errors.Is(err, hungUp) {
			t.Errorf("a dead context was served: %v", err)
		}
		if n := srv.Count(); n != 5 {
			t.Errorf("%d requests, want 5", n)
		}
		// Its place is free for others.
		if err := list(airtable.Urgent(t.Context()), c); err != nil || time.Since(began) != 1015*time.Millisecond {
			t.Errorf("after %s: %v", time.Since(began), err)
		}
	})
}

// A network that squeezes requests together costs a 429 or two, not one after
// another: each leaves more room between them.
func TestEach429LeavesMoreRoom(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, srv *airtabletest.Server, _ *memory) {
		for _, want := range []time.Duration{15, 30, 60, 120, 120} {
			began := time.Now()
			for range 6 {
				if err := list(airtable.Urgent(t.Context()), c); err != nil {
					t.Fatal(err)
				}
			}
			if took := time.Since(began); took != time.Second+want*time.Millisecond {
				t.Errorf("six requests took %s, want a second and %d ms", took, want)
			}
			srv.Penalise()
			var all sync.WaitGroup
			for range 2 { // under way together: one 429, as far as the network goes
				all.Go(func() { _ = list(airtable.Urgent(t.Context()), c) })
			}
			all.Wait()
			time.Sleep(time.Minute)
		}
	})
}

func TestCloseTellsAllWhoWait(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, _ *airtabletest.Server, way *memory) {
		way.latency = 5 * time.Second
		kinds := make(chan error, 100)
		var wg sync.WaitGroup
		wg.Go(func() { kinds <- c.Upsert(t.Context(), bookings, row("under way"))[0].Err })
		synctest.Wait()
		for i := range 40 {
			wg.Go(func() { kinds <- list(t.Context(), c) })
			wg.Go(func() { kinds <- c.Upsert(t.Context(), bookings, row(fmt.Sprint(i)))[0].Err })
		}
		time.Sleep(2 * time.Second)
		began := time.Now()
		c.Close()
		c.Close()
		wg.Wait()
		close(kinds)
		if took := time.Since(began); took != 0 {
			t.Errorf("closing took %s", took)
		}
		var unknown int
		for err := range kinds {
			if !errors.Is(err, airtable.ErrClosed) {
				t.Errorf("got %v", err)
			}
			if errors.Is(err, airtable.UnknownOutcome) {
				unknown++
			}
		}
		if unknown != 1 {
			t.Errorf("%d writes may have happened, want the one that was under way", unknown)
		}
		if err := list(t.Context(), c); !errors.Is(err, airtable.ErrClosed) {
			t.Errorf("read after close: %v", err)
		}
		if err := c.Delete(t.Context(), "Reservas", "rec1")[0].Err; !errors.Is(err, airtable.ErrClosed) {
			t.Errorf("write after close: %v", err)
		}
	})
}

func TestTheLineIsFirstComeFirstServed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var came []string
		way := &memory{handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			came = append(came, r.URL.Query().Get("fields[]"))
			_, _ = w.Write([]byte(`{"records":[]}`))
		})}
		c := newClient(t, airtable.Config{Transport: way})
		defer c.Close()
		var wg sync.WaitGroup
		var want []string
		for i := range 12 {
			name := fmt.Sprint(i)
			want = append(want, name)
			wg.Go(func() { _, _ = c.List(t.Context(), "Mesas", airtable.ListOptions{Fields: []string{name}}) })
			synctest.Wait()
		}
		wg.Wait()
		if !slices.Equal(came, want) {
			t.Errorf("came %v", came)
		}
	})
}

// A process that is started again does not know what it sent a moment ago.
func TestAClientThatIsStartedAgainKeepsThePace(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, srv *airtabletest.Server, way *memory) {
		for range 3 {
			var wg sync.WaitGroup
			for range 5 {
				wg.Go(func() {
					if err := list(airtable.Urgent(t.Context()), c); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			c = newClient(t, airtable.Config{Token: airtable.Token(srv.Token()), BaseID: srv.BaseID(), Transport: way, Cautious: true})
			defer c.Close()
		}
		if got := srv.Counts().Statuses; got[429] != 0 {
			t.Errorf("answers %v", got)
		}
	})
}
