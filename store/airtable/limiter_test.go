package airtable_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
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
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, srv *airtabletest.Server, tr *transport) {
		const n = 200
		tr.latency = 150 * time.Millisecond
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
		// All have come after 20 s and most wait, so no permit is left unused.
		if took, least := time.Since(began), n/5*1015*time.Millisecond; took > least+2*time.Second {
			t.Errorf("took %s; the pace allows %s", took, least)
		}
	})
}

// Airtable counts from a request's arrival: what dials for half a second arrives
// together with what is sent half a second later.
func TestThePaceCountsFromWhenDialingEnds(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, srv *airtabletest.Server, tr *transport) {
		tr.dial.Store(int64(600 * time.Millisecond))
		var wg sync.WaitGroup
		for range 5 {
			wg.Go(func() { _ = list(airtable.Urgent(t.Context()), c) })
		}
		time.Sleep(500 * time.Millisecond)
		tr.dial.Store(0)
		for range 10 {
			wg.Go(func() { _ = list(airtable.Urgent(t.Context()), c) })
		}
		wg.Wait()
		if got := srv.Counts().Statuses; got[200] != 15 {
			t.Errorf("answers %v, want 15 of 200", got)
		}
	})
}

func TestAfterA429NothingIsSent(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, srv *airtabletest.Server, _ *transport) {
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

		// Who can wait does, and is served when the penalty is over.
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
		if took := time.Since(began); took < 30*time.Second || took > 31*time.Second {
			t.Errorf("served after %s", took)
		}
		if n := srv.Count(); n != 3 {
			t.Errorf("%d requests, want 3", n)
		}
	})
}

func second[T any](_ T, err error) error { return err }

// The 429 comes while others wait: those who cannot wait so long are told then.
func TestWaitingCallersFailDuringThePenalty(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, srv *airtabletest.Server, tr *transport) {
		tr.latency = 300 * time.Millisecond
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
		tr := &transport{handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			asked = append(asked, time.Now())
			if len(asked) == 1 {
				w.Header().Set("Retry-After", "90")
				w.WriteHeader(http.StatusTooManyRequests)
				return
			}
			_, _ = w.Write([]byte(`{"records":[]}`))
		})}
		c := newClient(t, airtable.Config{Transport: tr})
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

// A network that brings requests closer together costs a 429 or two, not one after
// another: each widens the window.
func TestEach429WidensTheWindow(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, srv *airtabletest.Server, _ *transport) {
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

// A process that is started again does not know what it sent a moment ago.
func TestAClientThatIsStartedAgainKeepsThePace(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, srv *airtabletest.Server, tr *transport) {
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
			c = newClient(t, airtable.Config{Token: airtable.Token(srv.Token()), BaseID: srv.BaseID(), Transport: tr, Cautious: true})
			defer c.Close()
		}
		if got := srv.Counts().Statuses; got[429] != 0 {
			t.Errorf("answers %v", got)
		}
	})
}
