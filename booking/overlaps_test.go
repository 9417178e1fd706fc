package booking_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"maitre/booking"
)

// TestOverlapsAreWhatTheDefinitionSays: two live bookings overlap when there are a
// minute and a table that both hold.
func TestOverlapsAreWhatTheDefinitionSays(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 12, 24, 12, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		day := &booking.Day{Date: booking.NewDate(2026, 12, 24)}
		for i := range rapid.IntRange(0, 8).Draw(t, "bookings") {
			start := rapid.IntRange(0, 12).Draw(t, "start")
			day.Bookings = append(day.Bookings, booking.Booking{
				ID: fmt.Sprint(i), Start: noon.Add(time.Duration(start) * time.Minute),
				End:    noon.Add(time.Duration(start+rapid.IntRange(0, 6).Draw(t, "long")) * time.Minute),
				Tables: rapid.SliceOfN(rapid.SampledFrom([]string{"T1", "T2", "T3"}), 0, 3).Draw(t, "tables"),
				Status: rapid.SampledFrom(booking.Statuses()).Draw(t, "status"),
			})
		}
		holds := func(b booking.Booking, at time.Time, table string) bool {
			return b.Live() && !at.Before(b.Start) && at.Before(b.End) && slices.Contains(b.Tables, table)
		}
		want := map[string]bool{}
		for minute := range 20 {
			at := noon.Add(time.Duration(minute) * time.Minute)
			for _, table := range []string{"T1", "T2", "T3"} {
				for i, a := range day.Bookings {
					for _, b := range day.Bookings[i+1:] {
						if holds(a, at, table) && holds(b, at, table) {
							want[a.ID+" "+b.ID+" "+table] = true
						}
					}
				}
			}
		}
		got, pairs := map[string]bool{}, map[string]bool{}
		for _, o := range booking.Overlaps(day) {
			if o.Second.Start.Before(o.First.Start) {
				t.Errorf("%s begins before %s", o.Second.ID, o.First.ID)
			}
			ids := []string{o.First.ID, o.Second.ID}
			slices.Sort(ids)
			pair := ids[0] + " " + ids[1]
			if pairs[pair] {
				t.Errorf("%s is found twice", pair)
			}
			pairs[pair] = true
			for _, table := range o.Tables {
				got[pair+" "+table] = true
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("found %v, want %v", got, want)
		}
	})
}

// Bookings are half-open: one that begins when another ends does not overlap.
func TestWhoComesWhenTheOthersLeaveDoesNotOverlap(t *testing.T) {
	t.Parallel()
	nine := time.Date(2026, 12, 24, 21, 0, 0, 0, time.UTC)
	a := booking.Booking{ID: "a", Status: booking.Confirmed, Start: nine, End: nine.Add(2 * time.Hour), Tables: []string{"T1", "T2"}}
	b := booking.Booking{ID: "b", Status: booking.PreBooked, Start: a.End, End: a.End.Add(time.Hour), Tables: []string{"T2", "T3"}}
	if found := booking.Overlaps(&booking.Day{Bookings: []booking.Booking{a, b}}); len(found) > 0 {
		t.Errorf("%+v", found)
	}
	b.Start = b.Start.Add(-time.Minute)
	found := booking.Overlaps(&booking.Day{Bookings: []booking.Booking{b, a}})
	if len(found) != 1 || found[0].First.ID != "a" || fmt.Sprint(found[0].Tables) != "[T2]" || !found[0].End().Equal(a.End) {
		t.Errorf("%+v", found)
	}
}
