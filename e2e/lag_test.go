package e2e

import (
	"testing"
	"time"
)

// Airtable's list of changes lags in these tests by an hour of the test server's
// clock, so that a test says what can be read: what happened before half an hour ago
// and what happened after it.
const feedLag = time.Hour

// heldBack makes the list of changes lag; what has happened so far can be read.
func (s *scene) heldBack() {
	s.t.Helper()
	s.followsTheStaff()
	s.srv.LagPayloads(feedLag)
	s.srv.Advance(feedLag)
}

// TestTheEchoOfAnOlderState: the list of changes lags, and what it tells of is
// older than what the desk wrote itself since. Nothing of that comes back: not the
// old place, not a booking that was cancelled, and no table is given twice.
func TestTheEchoOfAnOlderState(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		// first happens half an hour, by the server's clock, before the guest's request.
		first   func(s *scene, code string)
		request map[string]any // nil: to cancel
		row     string
		// free and taken are the days on which the only table then is.
		free, taken string
	}{
		"of the staff's note, after a change of day": {func(s *scene, code string) {
			s.edits(code, map[string]any{"Notas Especiales": "cumpleaños"})
		}, map[string]any{"date": friday}, "Confirmada 2026-11-27 21:00 2 I1 cumpleaños", thursday, friday},
		"of the staff's note, after a cancellation": {func(s *scene, code string) {
			s.edits(code, map[string]any{"Notas Especiales": "cumpleaños"})
		}, nil, "Cancelada 2026-11-26 21:00 2 I1 cumpleaños", thursday, ""},
		"of our own write, after a second change": {func(s *scene, code string) {
			s.gets(s.altered(carmen, code, map[string]any{"date": saturday}), "the first change")
		}, map[string]any{"date": friday}, "Confirmada 2026-11-27 21:00 2 I1", saturday, friday},
		"of our own write, after a cancellation": {func(s *scene, code string) {
			s.gets(s.altered(carmen, code, map[string]any{"date": friday}), "the change")
		}, nil, "Cancelada 2026-11-27 21:00 2 I1", friday, ""},
	} {
		for how, cut := range map[string]bool{"": false, " (across a power cut)": true} {
			t.Run("airtable/"+name+how, func(t *testing.T) {
				t.Parallel()
				s := setScene(t, []int{4})
				code := s.hasBooked(carmen, "Carmen", thursday, "21:00", 2).Booking.Code
				s.heldBack()
				c.first(s, code)
				s.srv.Advance(feedLag / 2)
				s.gets(s.altered(carmen, code, c.request), "the request")
				s.cutOff(cut)
				s.srv.Advance(feedLag / 2) // the first is told of now, the request is not
				s.followsTheStaff()
				if c.taken != "" {
					s.full(s.asksFor("+34941000201", "Luis", c.taken, "21:00", 2), "Carmen sits there")
				}
				said := s.tells(carmen, "get_reservation", map[string]any{"code": code})
				if c.request == nil && said.Success && said.Booking.Status != "cancelled" || c.request != nil && said.Booking.Date != c.taken {
					t.Errorf("Carmen hears %+v", said)
				}
				s.gets(s.asksFor("+34941000202", "Eva", c.free, "21:00", 2), "the table that is free")
				s.srv.LagPayloads(0)
				s.followsTheStaff()
				s.comesTo(code, c.row)
				for _, date := range []string{thursday, friday, saturday} {
					s.agrees(date)
				}
				s.stop()
			})
		}
	}
}

// TestAChangeOfTheStaffThatIsToldLate still counts, once it is told: it was made
// after what the desk wrote.
func TestAChangeOfTheStaffThatIsToldLate(t *testing.T) {
	t.Parallel()
	t.Run("airtable/", func(t *testing.T) {
		t.Parallel()
		s := setScene(t, []int{4})
		code := s.hasBooked(carmen, "Carmen", thursday, "21:00", 2).Booking.Code
		s.heldBack()
		s.gets(s.altered(carmen, code, map[string]any{"date": friday}), "the change")
		s.srv.Advance(feedLag / 2)
		s.edits(code, map[string]any{"Estado": "Cancelada"})
		s.srv.Advance(feedLag / 2)
		s.followsTheStaff() // of our own write
		s.full(s.asksFor("+34941000201", "Luis", friday, "21:00", 2), "nobody has told the desk that it is cancelled")
		s.srv.Advance(feedLag / 2)
		s.until("the desk knows that it is cancelled", func() (bool, any) {
			on := s.book(friday)
			return len(on) == 1 && on[0].Status == "cancelled", on
		})
		s.gets(s.asksFor("+34941000202", "Eva", friday, "21:00", 2), "the table that the staff freed")
		s.agrees(friday)
		s.stop()
	})
}
