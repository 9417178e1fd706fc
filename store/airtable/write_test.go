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

// sizes returns how many records each write carried, in order.
func sizes(srv *airtabletest.Server) []int {
	var all []int
	for _, r := range srv.Requests() {
		if slices.Contains(airtabletest.Writes(), r.Op) {
			all = append(all, max(strings.Count(r.Body, `"fields":{`), strings.Count(r.Query, "records")))
		}
	}
	return all
}

// saved returns the rows' cells of one field by ID Reserva, and fails on doubles.
func saved(t *testing.T, srv *airtabletest.Server, field string) map[string]any {
	t.Helper()
	all := map[string]any{}
	for _, r := range srv.Records("Reservas") {
		id, _ := r.Fields["ID Reserva"].(string)
		if _, again := all[id]; again {
			t.Errorf("%s is there twice", id)
		}
		all[id] = r.Fields[field]
	}
	return all
}

func TestWhatWaitsLeavesTogether(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, srv *airtabletest.Server, way *memory) {
		way.latency = 300 * time.Millisecond
		var wg sync.WaitGroup
		for i := range 25 {
			wg.Go(func() {
				id := fmt.Sprintf("b%02d", i)
				w := c.Upsert(t.Context(), bookings, row(id))[0]
				if got, _ := w.Record.Fields["ID Reserva"].Text(); w.Err != nil || !w.Created || got != id || w.Record.ID == "" {
					t.Errorf("%s: %+v", id, w)
				}
			})
			synctest.Wait() // the first leaves alone
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

func TestOneCallMayHaveManyRecords(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, srv *airtabletest.Server, _ *memory) {
		var records []airtable.Record
		for i := range 12 {
			records = append(records, row(fmt.Sprint(i)))
		}
		created := c.Create(t.Context(), bookings, records...)
		if err := airtable.Failures(created); err != nil {
			t.Fatal(err)
		}
		var ids []string
		for i, w := range created {
			if got, _ := w.Record.Fields["ID Reserva"].Text(); got != fmt.Sprint(i) || !w.Created || w.Record.Created.IsZero() {
				t.Errorf("%d: %+v", i, w)
			}
			records[i] = airtable.Record{ID: w.Record.ID, Fields: map[string]airtable.Cell{"Código": airtable.String("K7QF")}}
			ids = append(ids, w.Record.ID)
		}
		for i, w := range c.Update(t.Context(), bookings, records...) {
			if got, _ := w.Record.Fields["ID Reserva"].Text(); w.Err != nil || got != fmt.Sprint(i) || w.Created {
				t.Errorf("%d: %+v", i, w)
			}
		}
		for i, w := range c.Upsert(t.Context(), bookings, row("3"), row("new"), airtable.Record{ID: ids[7]}) {
			if w.Err != nil || w.Created != (i == 1) {
				t.Errorf("%d: %+v", i, w)
			}
		}
		if got := saved(t, srv, "Código")["3"]; got != "K7QF" {
			t.Errorf("an upsert cleared what it did not name: %v", got)
		}
		gone := c.Delete(t.Context(), "Reservas", append(ids, "recAAAAAAAAAAAAAA")...)
		if err := airtable.Failures(gone[:12]); err != nil {
			t.Error(err)
		}
		if err := gone[12].Err; !errors.Is(err, airtable.ErrNotFound) {
			t.Errorf("deleted what is not there: %v", err)
		}
		if n := len(srv.Records("Reservas")); n != 1 {
			t.Errorf("%d rows left", n)
		}
		if c.Delete(t.Context(), "Reservas") == nil {
			t.Error("nothing to delete, nothing to tell: want an empty list")
		}
	})
}

// Two upserts of a new key in one request would make two rows; the later of two
// must be what stands.
func TestWritesOfOneRowKeepTheirOrderAndTravelApart(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, srv *airtabletest.Server, way *memory) {
		way.latency = 200 * time.Millisecond
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

func TestAnUrgentWriteGoesFirst(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, _ *airtabletest.Server, way *memory) {
		way.latency = 100 * time.Millisecond
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

// The lane stands in line behind background reads when a guest's write comes.
func TestAnUrgentWriteMovesTheWholeLaneUp(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, _ *airtabletest.Server, _ *memory) {
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

// A row that is being made may be the one that an upsert looks for.
func TestAnUpsertWaitsForTheRowThatIsBeingMade(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, srv *airtabletest.Server, way *memory) {
		way.latency = 300 * time.Millisecond
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

func TestBackgroundWritesNeverStarve(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, _ *airtabletest.Server, way *memory) {
		way.latency = 300 * time.Millisecond
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

func TestABadRecordDoesNotSpoilTheOthers(t *testing.T) {
	bad := map[string]struct {
		spoil    func(airtable.Record) airtable.Record
		typ      string
		requests int // for ten records of which the fourth and the eighth are bad
	}{
		"unknown field": {func(r airtable.Record) airtable.Record { return with(r, "Alergias", airtable.String("huevo")) }, "UNKNOWN_FIELD_NAME", 2},
		"unknown choice": {func(r airtable.Record) airtable.Record { return with(r, "Estado", airtable.String("A medias")) },
			"INVALID_MULTIPLE_CHOICE_OPTIONS", 3},
		"bad value": {func(r airtable.Record) airtable.Record {
			return with(r, "Fecha de Reserva", airtable.String("mañana"))
		},
			"INVALID_VALUE_FOR_COLUMN", 3},
		"bad link": {func(r airtable.Record) airtable.Record { return with(r, "Mesa", airtable.Links("recAAAAAAAAAAAAAA")) }, "", 14},
	}
	for name, tt := range bad {
		t.Run(name, func(t *testing.T) {
			inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, srv *airtabletest.Server, _ *memory) {
				var records []airtable.Record
				for i := range 10 {
					r := row(fmt.Sprint(i))
					if i == 3 || i == 7 {
						r = tt.spoil(r)
					}
					records = append(records, r)
				}
				for i, w := range c.Upsert(t.Context(), bookings, records...) {
					if i != 3 && i != 7 {
						if w.Err != nil {
							t.Errorf("%d was good: %v", i, w.Err)
						}
						continue
					}
					if e := asError(t, w.Err); e.Kind != airtable.Permanent || tt.typ != "" && e.Type != tt.typ || e.Fix == "" {
						t.Errorf("%d: %+v", i, e)
					}
				}
				if n := len(saved(t, srv, "Código")); n != 8 {
					t.Errorf("%d rows, want the 8 good ones", n)
				}
				if n := srv.Count(); n > tt.requests {
					t.Errorf("%d requests, want %d at most: %v", n, tt.requests, sizes(srv))
				}
			})
		})
	}
}

func TestWhenAllAreBadAFewRequestsTell(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, srv *airtabletest.Server, _ *memory) {
		var field, choice []airtable.Record
		for i := range 10 {
			field = append(field, with(row(fmt.Sprint(i)), "Alergias", airtable.String("huevo")))
			choice = append(choice, with(row(fmt.Sprint(i)), "Estado", airtable.String("A medias")))
		}
		for what, records := range map[string][]airtable.Record{"field": field, "choice": choice} {
			srv.ResetLog()
			for i, w := range c.Upsert(t.Context(), bookings, records...) {
				if !errors.Is(w.Err, airtable.Permanent) {
					t.Errorf("%d: %v", i, w.Err)
				}
			}
			if n := srv.Count(); n > 5 {
				t.Errorf("%s: %d requests", what, n)
			}
		}
	})
}

func TestTwoRowsOfOneKeyAreNamed(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, srv *airtabletest.Server, _ *memory) {
		for range 2 {
			if _, err := srv.Staff().Create("Reservas", map[string]any{"ID Reserva": "twice"}); err != nil {
				t.Fatal(err)
			}
		}
		all := c.Upsert(t.Context(), bookings, row("a"), row("b"), row("twice"), row("c"))
		e := asError(t, all[2].Err)
		if e.Blame != airtable.BlameRecord || !strings.Contains(e.Fix, "same ID") {
			t.Errorf("got %+v", e)
		}
		if err := airtable.Failures(slices.Delete(all, 2, 3)); err != nil {
			t.Error(err)
		}
	})
}

// What Airtable would misread is not sent.
func TestWhatIsNotSent(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, srv *airtabletest.Server, _ *memory) {
		ctx := t.Context()
		one := func(all []airtable.Written) error { return all[0].Err }
		for name, err := range map[string]error{
			// It would match the rows that the staff typed without an ID.
			"upsert of no key":       one(c.Upsert(ctx, bookings, row(""))),
			"upsert without its key": one(c.Upsert(ctx, bookings, airtable.Record{Fields: map[string]airtable.Cell{"Código": airtable.String("x")}})),
			"upsert on nothing":      one(c.Upsert(ctx, airtable.Target{Table: "Reservas"}, row("1"))),
			"upsert on four fields":  one(c.Upsert(ctx, airtable.Target{Table: "Reservas", MergeOn: []string{"a", "b", "c", "d"}}, row("1"))),
			"update of no row":       one(c.Update(ctx, bookings, row("1"))),
			"delete of no row":       one(c.Delete(ctx, "Reservas", "")),
			"no table":               one(c.Create(ctx, airtable.Target{}, row("1"))),
			"a cell that is no JSON": one(c.Create(ctx, bookings, with(row("1"), "Código", airtable.Cell("K7QF")))),
		} {
			if e := asError(t, err); e.Kind != airtable.Permanent || e.Blame != airtable.BlameRequest || e.Operation == "" {
				t.Errorf("%s: %+v", name, e)
			}
		}
		if n := srv.Count(); n != 0 {
			t.Errorf("%d requests", n)
		}
		all := c.Upsert(ctx, bookings, row("1"), row(""), row("2"))
		if all[0].Err != nil || all[1].Err == nil || all[2].Err != nil {
			t.Errorf("a record that was not sent spoilt others: %+v", all)
		}
	})
}

func TestAWriteOfUnknownOutcomeIsLeftToSettle(t *testing.T) {
	inMemory(t, airtable.Config{RewriteAfter: 4 * time.Second}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, srv *airtabletest.Server, _ *memory) {
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
			if rested := time.Since(began); rested != 4*time.Second {
				t.Errorf("written again after %s", rested)
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
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, srv *airtabletest.Server, way *memory) {
		way.latency = time.Second
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

// The good records of a refused batch are not held up by a guest's, nor hold it up.
func TestAGuestPassesABatchThatIsBeingDivided(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, srv *airtabletest.Server, way *memory) {
		way.latency = 100 * time.Millisecond
		var wg sync.WaitGroup
		wg.Go(func() {
			var records []airtable.Record
			for i := range 10 {
				records = append(records, with(row(fmt.Sprint(i)), "Mesa", airtable.Links("recAAAAAAAAAAAAA"+fmt.Sprint(i))))
			}
			for _, w := range c.Upsert(t.Context(), bookings, records...) {
				if w.Err == nil {
					t.Error("linked to nothing")
				}
			}
		})
		time.Sleep(time.Second)
		began := time.Now()
		if err := c.Upsert(airtable.Urgent(t.Context()), bookings, row("guest"))[0].Err; err != nil {
			t.Error(err)
		}
		if waited := time.Since(began); waited > 500*time.Millisecond {
			t.Errorf("a guest waited %s", waited)
		}
		wg.Wait()
		if n := srv.Count(); n != 20 {
			t.Errorf("%d requests, want 19 to tell ten bad ones apart and one for the guest", n)
		}
	})
}

func TestSchemaChangesTakeTheirPlaceAmongWrites(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, srv *airtabletest.Server, way *memory) {
		way.latency = 300 * time.Millisecond
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

func TestWritesToOneBaseNeverOverlap(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var underWay, most int
		way := &memory{handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
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
		c := newClient(t, airtable.Config{Transport: way})
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
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, srv *airtabletest.Server, way *memory) {
		const n = 1000
		way.latency = 150 * time.Millisecond
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
