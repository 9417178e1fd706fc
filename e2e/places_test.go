package e2e

import (
	"maps"
	"testing"
)

// TestWhatWaitsHoldsBothPlaces: a change or a cancellation that is not in the base
// yet may never be. Until it is, the old table is the guest's too, and nobody else
// is given it; then it is free.
func TestWhatWaitsHoldsBothPlaces(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		seats   []int
		clock   string // of the booking, for two on Thursday
		request map[string]any
		other   int // the party that would have the old table
		row     string
	}{
		"another day":    {[]int{4}, "21:00", map[string]any{"date": friday}, 2, "Confirmada 2026-11-27 21:00 2 I1"},
		"another hour":   {[]int{4}, "20:30", map[string]any{"time": "22:30"}, 2, "Confirmada 2026-11-26 22:30 2 I1"},
		"a larger party": {[]int{2, 4}, "21:00", map[string]any{"pax": 4}, 2, "Confirmada 2026-11-26 21:00 4 I2"},
		"a cancellation": {[]int{4}, "21:00", nil, 2, "Cancelada 2026-11-26 21:00 2 I1"},
	} {
		for how, cut := range map[string]bool{"": false, " (and the power failed)": true} {
			t.Run("airtable/"+name+how, func(t *testing.T) {
				t.Parallel()
				s := setScene(t, c.seats)
				code := s.hasBooked(carmen, "Carmen", thursday, c.clock, 2).Booking.Code
				s.outage()
				s.waits(s.altered(carmen, code, c.request))
				s.cutOff(cut)
				s.full(s.asksFor("+34941000201", "Luis", thursday, c.clock, c.other), "the base still says that Carmen sits there")
				s.srv.LiftFaults()
				s.comesTo(code, c.row)
				s.gets(s.asksFor("+34941000202", "Eva", thursday, c.clock, c.other), "the table that is free by now")
				s.settled()
				s.agrees(thursday)
				s.agrees(friday)
				s.hearsOnly(carmen, 1, code)
				s.stop()
			})
		}
	}
}

// altered has a guest change a booking; without a request, cancel it.
func (s *scene) altered(from, code string, request map[string]any) reply {
	s.t.Helper()
	tool, args := "update_reservation", map[string]any{"code": code}
	if request == nil {
		tool = "cancel_reservation"
	}
	maps.Copy(args, request)
	return s.tells(from, tool, args)
}

// TestTheNewPlaceTakenByTheStaff: while a change waits, the staff give its new table
// to somebody else. The guest still has the old one, in the base and at the desk,
// for as long as a person has not decided.
func TestTheNewPlaceTakenByTheStaff(t *testing.T) {
	t.Parallel()
	for name, cut := range map[string]bool{"": false, "and the power failed": true} {
		t.Run("airtable/"+name, func(t *testing.T) {
			t.Parallel()
			s := setScene(t, []int{4})
			code := s.hasBooked(carmen, "Carmen", thursday, "21:00", 2).Booking.Code
			s.outage()
			s.waits(s.altered(carmen, code, map[string]any{"date": friday}))
			s.types("Cena de empresa", friday, "21:00", 4, "I1")
			s.full(s.asksFor("+34941000201", "Luis", thursday, "21:00", 2), "Carmen sits there until her change is written")
			s.cutOff(cut)
			s.srv.LiftFaults()
			parked := s.entryOf(code, "parked")
			if parked.Cause != "conflict" {
				t.Errorf("parked as %+v", parked)
			}
			if got := s.rowSays(s.row(code)); got != "Confirmada 2026-11-26 21:00 2 I1" {
				t.Errorf("the base has %s", got)
			}
			s.full(s.asksFor("+34941000202", "Eva", thursday, "21:00", 2), "Carmen still sits there")
			s.full(s.asksFor("+34941000203", "Sol", friday, "21:00", 2), "the company sits there")
			s.settles(parked.ID, "llamé a Carmen: se queda el jueves")
			s.comesTo(code, "Confirmada 2026-11-26 21:00 2 I1")
			s.full(s.asksFor("+34941000204", "Rita", thursday, "21:00", 2), "Carmen sits there")
			if got := s.tells(carmen, "get_reservation", map[string]any{"code": code}); !got.Success || got.Booking.Date != thursday || got.Booking.Status != "confirmed" {
				t.Errorf("Carmen hears %+v", got)
			}
			s.hearsOnly(carmen, 1, code)
			s.stop()
		})
	}
}
