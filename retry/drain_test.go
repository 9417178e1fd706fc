package retry_test

import (
	"net/http"
	"testing"
	"time"

	"maitre/booking"
	"maitre/store"
	"maitre/store/airtable/airtabletest"
)

// Two thousand bookings were left by a program that was killed, and wait for
// Airtable: whether their rows are there is read, fifty at a time, and they are
// written, ten at a time, at 95 % or more of what its limit allows, five requests a
// second, without one 429 of our making, each exactly once.
func TestABacklogIsDrainedAtTheLimit(t *testing.T) {
	bubble(t, func(t *testing.T) {
		const n, limit = 2000, 5.0
		var all []booking.Booking
		h := openAirtable(t, func(f *store.File, r *booking.Restaurant) {
			all = fullBook(r, n, time.Now())
			keepAll(t, f.Journal(), all, time.Now())
		})
		began := time.Now()
		stop := h.run()
		for {
			depth, err := h.journal.Depth(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if depth.Pending == 0 {
				break
			}
			if time.Since(began) > time.Hour {
				t.Fatalf("after an hour: %+v", depth)
			}
			time.Sleep(100 * time.Millisecond)
		}
		took := time.Since(began)
		counts := h.srv.Counts()
		stop()

		asked := 0
		for _, n := range counts.Ops {
			asked += n
		}
		rate := float64(asked) / took.Seconds()
		t.Logf("ours: %d bookings in %s of Airtable's time, %.1f a second, %.1f %% of the limit; requests: %v", n, took, n/took.Seconds(), 100*rate/limit, counts.Ops)
		t.Logf("the old way, 10 every five minutes: %s", time.Duration(n/10)*5*time.Minute)
		if rate < 0.95*limit {
			t.Errorf("%.2f requests a second, want at least %.2f", rate, 0.95*limit)
		}
		if writes := counts.Ops[airtabletest.OpUpsert]; writes > n/10+n/100 {
			t.Errorf("%d writes for %d bookings, want ten in each", writes, n)
		}
		if counts.Statuses[http.StatusTooManyRequests] != 0 {
			t.Errorf("%d answers of 429", counts.Statuses[http.StatusTooManyRequests])
		}
		why := map[string]int{}
		left, err := h.journal.List(t.Context(), n)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range left {
			why[e.Parked.Text]++
		}
		if len(left) > 0 {
			t.Fatalf("parked: %v", why)
		}
		rows := map[string]int{}
		for _, r := range h.srv.Records("Reservas") {
			id, _ := r.Fields["ID Reserva"].(string)
			rows[id]++
		}
		for _, b := range all {
			if rows[b.ID] != 1 {
				t.Fatalf("%d rows of %s", rows[b.ID], b.ID)
			}
		}
		if len(rows) != n {
			t.Errorf("%d rows for %d bookings", len(rows), n)
		}
	})
}
