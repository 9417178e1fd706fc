package airtable_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"maitre/store/airtable"
	"maitre/store/airtable/airtabletest"
)

func TestAGuestGoesBeforeBackgroundWork(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, _ *airtabletest.Server, _ *transport) {
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
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, _ *airtabletest.Server, _ *transport) {
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

func TestReadsAreSentInTheOrderTheyCame(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var came []string
		tr := &transport{handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			came = append(came, r.URL.Query().Get("fields[]"))
			_, _ = w.Write([]byte(`{"records":[]}`))
		})}
		c := newClient(t, airtable.Config{Transport: tr})
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

func TestAnUrgentWriteGoesFirst(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, _ *airtabletest.Server, tr *transport) {
		tr.latency = 100 * time.Millisecond
		var wg sync.WaitGroup
		for i := range 200 {
			wg.Go(func() { c.Upsert(t.Context(), bookings, row(fmt.Sprint("replay", i))) })
		}
		for i := range 5 {
			time.Sleep(500 * time.Millisecond)
			began := time.Now()
			// Its own older state waits among the replays, and has to go before it.
			wg.Go(func() {
				c.Upsert(t.Context(), bookings, with(row("guest"), "Cantidad de Personas", airtable.Number(100+i)))
			})
			synctest.Wait()
			w := c.Upsert(airtable.Urgent(t.Context()), bookings, with(row("guest"), "Cantidad de Personas", airtable.Number(i)))[0]
			if n, _ := w.Record.Fields["Cantidad de Personas"].Number(); w.Err != nil || n != float64(i) {
				t.Errorf("%+v", w)
			}
			// One under way, the older state, its own; each at the pace of a fifth of a second.
			if waited := time.Since(began); waited > 800*time.Millisecond {
				t.Errorf("a guest's write took %s", waited)
			}
		}
		wg.Wait()
	})
}

// A background write waits behind background reads when a guest's write comes.
func TestAnUrgentWriteMakesTheNextRequestUrgent(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, _ *airtabletest.Server, _ *transport) {
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() { _ = list(t.Context(), c) })
		}
		synctest.Wait()
		wg.Go(func() { c.Upsert(t.Context(), bookings, row("replay")) })
		synctest.Wait()
		began := time.Now()
		if err := c.Upsert(airtable.Urgent(t.Context()), bookings, row("guest"))[0].Err; err != nil {
			t.Error(err)
		}
		if waited := time.Since(began); waited > 211*time.Millisecond {
			t.Errorf("a guest's write waited %s", waited)
		}
		wg.Wait()
	})
}

func TestBackgroundWritesNeverStarve(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, _ *airtabletest.Server, tr *transport) {
		tr.latency = 300 * time.Millisecond
		ctx, stop := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for i := range 60 {
			wg.Go(func() {
				for ctx.Err() == nil {
					c.Upsert(airtable.Urgent(ctx), bookings, row(fmt.Sprint(i)))
				}
			})
		}
		synctest.Wait()
		began := time.Now()
		// Of a shape of its own: it cannot fill up a guest's request.
		if err := c.Create(t.Context(), airtable.Target{Table: "Mesas"}, airtable.Record{})[0].Err; err != nil {
			t.Error(err)
		}
		if took := time.Since(began); took > 3*time.Second {
			t.Errorf("took %s", took)
		}
		stop()
		wg.Wait()
	})
}

func TestSchemaChangesKeepTheirOrderAmongWrites(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, srv *airtabletest.Server, tr *transport) {
		tr.latency = 300 * time.Millisecond
		id := srv.Tables()[0].ID
		var wg sync.WaitGroup
		go1 := func(f func() error) {
			wg.Go(func() {
				if err := f(); err != nil {
					t.Error(err)
				}
			})
			synctest.Wait()
		}
		go1(func() error { return c.Upsert(t.Context(), bookings, row("1"))[0].Err })
		go1(func() error { return c.Upsert(t.Context(), bookings, row("2"))[0].Err })
		go1(func() error {
			return second(c.CreateField(t.Context(), id, airtable.Field{Name: "Alergias", Type: airtable.TypeText}))
		})
		go1(func() error {
			return c.Upsert(airtable.Urgent(t.Context()), bookings, with(row("3"), "Alergias", airtable.String("huevo")))[0].Err
		})
		wg.Wait()
		var ops []airtabletest.Op
		for _, r := range srv.Requests() {
			ops = append(ops, r.Op)
		}
		if want := []airtabletest.Op{"upsert", "upsert", "schema-write", "upsert"}; !slices.Equal(ops, want) {
			t.Errorf("asked %v, want %v", ops, want)
		}
	})
}

// Two upserts of a new key in one request would make two rows; the later of two
// must be what stands.
func TestWritesOfOneRowKeepTheirOrderAndShareNoRequest(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, srv *airtabletest.Server, tr *transport) {
		tr.latency = 200 * time.Millisecond
		var wg sync.WaitGroup
		for i := range 60 {
			ctx := t.Context()
			if i%7 == 0 {
				ctx = airtable.Urgent(ctx)
			}
			wg.Go(func() {
				id := fmt.Sprint(i % 6)
				if err := c.Upsert(ctx, bookings, with(row(id), "Cantidad de Personas", airtable.Number(i)))[0].Err; err != nil {
					t.Error(err)
				}
			})
			synctest.Wait()
		}
		wg.Wait()
		got := saved(t, srv, "Cantidad de Personas")
		for i := range 6 {
			if last := 54 + i; fmt.Sprint(got[fmt.Sprint(i)]) != fmt.Sprint(last) {
				t.Errorf("booking %d stands with %v guests, want the last written, %d", i, got[fmt.Sprint(i)], last)
			}
		}
		if n := len(sizes(srv)); n > 12 {
			t.Errorf("%d requests", n)
		}
	})
}

// A row that is being made may be the one that an upsert looks for.
func TestAnUpsertWaitsForTheRowThatIsBeingMade(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, srv *airtabletest.Server, tr *transport) {
		tr.latency = 300 * time.Millisecond
		var wg sync.WaitGroup
		wg.Go(func() { c.Upsert(t.Context(), bookings, row("other")) })
		synctest.Wait()
		wg.Go(func() { c.Create(t.Context(), bookings, row("1")) })
		synctest.Wait()
		if w := c.Upsert(airtable.Urgent(t.Context()), bookings, row("1"))[0]; w.Err != nil || w.Created {
			t.Errorf("%+v", w)
		}
		wg.Wait()
		saved(t, srv, "Código")
	})
}

// Neither a long list nor a replay of many writes keeps the other waiting.
func TestReadsAndWritesTakeTurns(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, srv *airtabletest.Server, tr *transport) {
		tr.latency = 150 * time.Millisecond
		var wg sync.WaitGroup
		for i := range 60 {
			wg.Go(func() { c.Upsert(t.Context(), bookings, row(fmt.Sprint(i))) })
		}
		synctest.Wait()
		for range 6 {
			wg.Go(func() { _ = list(t.Context(), c) })
		}
		wg.Wait()
		var ops []airtabletest.Op
		for _, r := range srv.Requests() {
			ops = append(ops, r.Op)
		}
		for i := range 11 {
			if ops[i] == ops[i+1] {
				t.Fatalf("asked %v, want reads and writes in turns", ops)
			}
		}
	})
}
