package airtable_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"maitre/store/airtable"
	"maitre/store/airtable/airtabletest"
)

func TestACallerMayGiveUpItsRead(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, srv *airtabletest.Server, _ *transport) {
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
		// Its permit is free for others.
		if err := list(airtable.Urgent(t.Context()), c); err != nil || time.Since(began) != 1015*time.Millisecond {
			t.Errorf("after %s: %v", time.Since(began), err)
		}
	})
}

func TestCloseFailsAllWhoWait(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, _ *airtabletest.Server, tr *transport) {
		tr.latency = 5 * time.Second
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

func TestWritesThatWaitAreSentTogether(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, srv *airtabletest.Server, tr *transport) {
		tr.latency = 300 * time.Millisecond
		var wg sync.WaitGroup
		for i := range 25 {
			wg.Go(func() {
				id := fmt.Sprintf("b%02d", i)
				w := c.Upsert(t.Context(), bookings, row(id))[0]
				if got, _ := w.Record.Fields["ID Reserva"].Text(); w.Err != nil || !w.Created || got != id || w.Record.ID == "" {
					t.Errorf("%s: %+v", id, w)
				}
			})
			synctest.Wait() // the first is sent alone
		}
		wg.Wait()
		if got := sizes(srv); !slices.Equal(got, []int{1, 10, 10, 4}) {
			t.Errorf("requests of %v records, want 1, 10, 10, 4", got)
		}
		if n := len(saved(t, srv, "Código")); n != 25 {
			t.Errorf("%d rows", n)
		}
	})
}

func TestARowOfUnknownOutcomeIsNotRewrittenAtOnce(t *testing.T) {
	inMemory(t, airtable.Config{RewriteAfter: 4 * time.Second}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, srv *airtabletest.Server, _ *transport) {
		srv.Inject(airtabletest.Fault{Ops: airtabletest.Writes(), After: true, Drop: true, Times: 1})
		began := time.Now()
		if err := c.Upsert(t.Context(), bookings, row("1"))[0].Err; !errors.Is(err, airtable.UnknownOutcome) {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		wg.Go(func() {
			if w := c.Upsert(airtable.Urgent(t.Context()), bookings, row("1"))[0]; w.Err != nil || w.Created {
				t.Errorf("it had been written: %+v", w)
			}
			if waited := time.Since(began); waited != 4*time.Second {
				t.Errorf("written again after %s", waited)
			}
		})
		synctest.Wait()
		if err := c.Upsert(t.Context(), bookings, row("2"))[0].Err; err != nil || time.Since(began) > time.Second {
			t.Errorf("another row had to wait %s: %v", time.Since(began), err)
		}
		wg.Wait()
		saved(t, srv, "Código")
	})
}

func TestACallerMayGiveUpItsWrite(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, srv *airtabletest.Server, tr *transport) {
		tr.latency = time.Second
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		var wg sync.WaitGroup
		wg.Go(func() {
			err := c.Upsert(ctx, bookings, row("under way"))[0].Err
			if !errors.Is(err, airtable.UnknownOutcome) || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("under way: %v", err)
			}
		})
		synctest.Wait()
		wg.Go(func() {
			err := c.Upsert(ctx, bookings, row("waiting"))[0].Err
			if !errors.Is(err, airtable.RateLimited) || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("waiting: %v", err)
			}
		})
		wg.Wait()
		if err := c.Upsert(t.Context(), bookings, row("last"))[0].Err; err != nil {
			t.Error(err)
		}
		rows := saved(t, srv, "Código")
		if _, there := rows["waiting"]; there || len(rows) != 2 {
			t.Errorf("rows %v", rows)
		}
	})
}

func TestWritesToOneBaseNeverOverlap(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var underWay, most int
		tr := &transport{handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			underWay++
			most = max(most, underWay)
			mu.Unlock()
			time.Sleep(700 * time.Millisecond)
			mu.Lock()
			underWay--
			mu.Unlock()
			var body struct {
				Records []json.RawMessage `json:"records"`
			}
			_ = json.NewDecoder(r.Body).Decode(&body)
			answer := strings.Repeat(`{"id":"rec1"},`, max(len(body.Records), len(r.URL.Query()["records[]"])))
			_, _ = w.Write([]byte(`{"records":[` + strings.TrimSuffix(answer, ",") + `]}`))
		})}
		c := newClient(t, airtable.Config{Transport: tr})
		defer c.Close()
		var wg sync.WaitGroup
		for i := range 40 {
			wg.Go(func() { c.Upsert(t.Context(), bookings, row(fmt.Sprint(i))) })
			wg.Go(func() { c.Create(t.Context(), airtable.Target{Table: "Mesas"}, row(fmt.Sprint(i))) })
			wg.Go(func() { c.Delete(t.Context(), "Mesas", fmt.Sprint("rec", i)) })
		}
		wg.Wait()
		if most != 1 {
			t.Errorf("%d writes at a time", most)
		}
	})
}

// What coalescing is worth: the pace allows 5 requests of 10 records a second.
func TestThroughputOfCoalescedWrites(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, srv *airtabletest.Server, tr *transport) {
		const n = 1000
		tr.latency = 150 * time.Millisecond
		began := time.Now()
		var wg sync.WaitGroup
		for i := range n {
			wg.Go(func() {
				if err := c.Upsert(t.Context(), bookings, row(fmt.Sprint(i)))[0].Err; err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		rate := n / time.Since(began).Seconds()
		t.Logf("%.1f records a second in %d requests", rate, srv.Count())
		if rate < 45 || srv.Count() > n/10+2 {
			t.Errorf("%.1f records a second in %d requests", rate, srv.Count())
		}
	})
}
