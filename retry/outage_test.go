package retry_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"maitre/booking"
	"maitre/retry"
	"maitre/store"
	"maitre/store/airtable/airtabletest"
)

// guest books a table, far enough ahead, as guest n, and returns the result and how
// long it took.
func (h *airtableFixture) guest(n int) (booking.Result, time.Duration) {
	h.t.Helper()
	first, _ := booking.ServiceDay(time.Now(), h.rows.Location)
	// Fridays: the sample serves dinner.
	date := first.AddDays(7)
	for date.Weekday() != time.Friday {
		date = date.AddDays(1)
	}
	began := time.Now()
	result, err := h.desk.Book(context.Background(), booking.Request{
		Caller: booking.Caller{Channel: booking.ByPhone, Phone: booking.Phone(fmt.Sprintf("+3460%07d", n)), Lang: booking.Spanish},
		Date:   date.AddDays(7 * (n / 12 % 12)), Time: booking.TimeOfDay(20*60 + 30 + n%2*150), Party: 2, Name: "Ana",
	})
	if err != nil {
		h.t.Fatalf("guest %d: %v", n, err)
	}
	return result, time.Since(began)
}

// What an outage of an hour costs: a booking a minute comes in, each is answered
// within the budget and, once the breaker is open, at once; Airtable is asked now
// and then, never in a queue of timeouts; and afterwards all is written.
func TestWhatAnOutageOfAnHourCosts(t *testing.T) {
	t.Parallel()
	const budget = time.Second
	for _, c := range []struct {
		name  string
		fault airtabletest.Fault
		// requests is the most that Airtable is asked in the hour, waited the most
		// guests who wait at all.
		requests, waited int
	}{
		{"refusing", airtabletest.Fault{Status: 503}, 30, 0},
		{"closing connections", airtabletest.Fault{Drop: true}, 30, 0},
		{"hanging", airtabletest.Fault{Hang: true}, 30, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				h := openAirtable(t, nil)
				h.run()
				time.Sleep(time.Minute)
				if result, took := h.guest(0); result.State != booking.Written || took != 0 {
					t.Fatalf("before: %d after %s", result.State, took)
				}
				h.srv.ResetLog()
				h.srv.Inject(c.fault)
				var took []time.Duration
				for n := 1; n <= 60; n++ {
					result, d := h.guest(n)
					if result.State != booking.Pending {
						t.Errorf("guest %d got %d", n, result.State)
					}
					took = append(took, d)
					time.Sleep(time.Minute - d)
				}
				asked := h.srv.Count()
				slices.Sort(took)
				waited := 0
				for _, d := range took {
					if d > 0 {
						waited++
					}
				}
				t.Logf("%s: %d requests in an hour, %d of 60 guests waited, at most %s", c.name, asked, waited, took[len(took)-1])
				if took[len(took)-1] > budget {
					t.Errorf("a guest waited %s", took[len(took)-1])
				}
				if asked > c.requests || waited > c.waited {
					t.Errorf("%d requests, want at most %d; %d waited, want at most %d", asked, c.requests, waited, c.waited)
				}
				h.srv.LiftFaults()
				time.Sleep(2 * time.Hour)
				synctest.Wait()
				rows := map[any]int{}
				for _, r := range h.srv.Records("Reservas") {
					rows[r.Fields["ID Reserva"]]++
				}
				if depth, _ := h.journal.Depth(t.Context()); depth.Pending+depth.Parked != 0 || len(rows) != 61 {
					t.Errorf("afterwards %+v, %d rows", depth, len(rows))
				}
				for id, n := range rows {
					if n != 1 {
						t.Errorf("%d rows of %v", n, id)
					}
				}
			})
		})
	}
}

// A record that takes three seconds for each request is up: guests are told within the
// budget that it is being processed, and it is written afterwards.
func TestARecordThatTakesThreeSeconds(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := openAirtable(t, nil)
		h.run()
		time.Sleep(time.Minute)
		h.srv.Inject(airtabletest.Fault{Latency: airtabletest.Duration(3 * time.Second)})
		for n := range 20 {
			result, took := h.guest(n)
			if result.State != booking.Pending || took > time.Second {
				t.Errorf("guest %d: %d after %s", n, result.State, took)
			}
			time.Sleep(20 * time.Second)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if depth, _ := h.journal.Depth(t.Context()); depth.Pending+depth.Parked != 0 || h.breaker.State() != retry.Closed {
			t.Errorf("%+v, breaker %s", depth, h.breaker.State())
		}
		if rows := h.srv.Records("Reservas"); len(rows) != 20 {
			t.Errorf("%d rows", len(rows))
		}
	})
}

// Two hundred guests in one service, in the first minute of an outage: none waits
// longer than the budget, and they cost a handful of requests.
func TestAFullServiceInTheFirstMinuteOfAnOutage(t *testing.T) {
	t.Parallel()
	for _, fault := range []airtabletest.Fault{{Status: 503}, {Hang: true}} {
		t.Run(fmt.Sprintf("%+v", fault.Hang), func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				h := openAirtable(t, nil)
				h.run()
				time.Sleep(time.Minute)
				h.srv.ResetLog()
				h.srv.Inject(fault)
				longest := make(chan time.Duration, 100)
				for n := range 100 {
					go func() {
						time.Sleep(time.Duration(n) * 600 * time.Millisecond)
						result, took := h.guest(n)
						if result.State != booking.Pending {
							t.Errorf("guest %d got %d", n, result.State)
						}
						longest <- took
					}()
				}
				most := time.Duration(0)
				for range 100 {
					most = max(most, <-longest)
				}
				if asked := h.srv.Count(); most > time.Second || asked > 25 {
					t.Errorf("a guest waited %s; %d requests", most, asked)
				}
			})
		})
	}
}

// A start in the middle of Airtable's penalty for too many requests: what waits is
// written when it is over, whether or not Airtable was followed before.
func TestAStartInTheMiddleOfAPenalty(t *testing.T) {
	bubble(t, func(t *testing.T) {
		srv, path := airtabletest.New(airtabletest.Options{}), t.TempDir()+"/maitre.db"
		t.Cleanup(srv.Close)
		for n := range 3 {
			h := openAirtableOn(t, srv, path, func(f *store.File, r *booking.Restaurant) {
				keepAll(t, f.Journal(), fullBook(r, 150, time.Now())[n*50:][:50], time.Now())
			})
			srv.Penalise()
			stop := h.run()
			time.Sleep(45 * time.Second)
			synctest.Wait()
			if depth, _ := h.journal.Depth(t.Context()); depth.Pending+depth.Parked != 0 {
				t.Errorf("start %d: %+v, %v", n+1, depth, h.srv.Counts().Ops)
			}
			stop()
			h.client.Close()
			h.ledger.Close()
			if err := h.file.Close(); err != nil {
				t.Fatal(err)
			}
		}
	})
}
