package e2e

import (
	"slices"
	"testing"

	"maitre/store/airtable/airtabletest"
)

// These are what the random worlds found, made small.

// emptyOnce makes the next list of bookings come back without any.
func (s *scene) emptyOnce() {
	s.srv.Inject(airtabletest.Fault{Ops: []airtabletest.Op{airtabletest.OpList}, Table: "Reservas", Times: 1, Status: 200, Body: `{"records":[]}`})
}

// TestOneEmptyAnswerUnderACancellation: the row seems gone for a moment, and what
// is gone need not be cancelled. But it is there.
func TestOneEmptyAnswerUnderACancellation(t *testing.T) {
	t.Parallel()
	t.Run("airtable/", func(t *testing.T) {
		t.Parallel()
		s := setScene(t, []int{4})
		code := s.hasBooked(carmen, "Carmen", thursday, "21:00", 2).Booking.Code
		s.emptyOnce()
		s.altered(carmen, code, nil)
		s.comesTo(code, "Cancelada 2026-11-26 21:00 2 I1")
		s.agrees(thursday)
		s.stop()
	})
}

// TestOneEmptyAnswerUnderAMove: the staff move a booking to another day, which is
// read just when a list comes back empty. The move is heard of all the same.
func TestOneEmptyAnswerUnderAMove(t *testing.T) {
	t.Parallel()
	t.Run("airtable/", func(t *testing.T) {
		t.Parallel()
		s := setScene(t, []int{4})
		code := s.hasBooked(carmen, "Carmen", thursday, "21:00", 2).Booking.Code
		s.emptyOnce()
		s.edits(code, map[string]any{"Fecha de Reserva": friday, "Hora": at(t, friday, "21:00")})
		s.until("the desk shows the move", func() (bool, any) {
			on := s.book(friday)
			return slices.ContainsFunc(on, func(b kept) bool { return b.Code == code }), on
		})
		s.full(s.asksFor("+34941000201", "Luis", friday, "21:00", 2), "Carmen sits there")
		s.agrees(thursday)
		s.agrees(friday)
		s.stop()
	})
}

// TestTheStaffMoveOntoWhatWaits: the staff move a booking to a table that the base
// shows free, and for which another waits to be written. The staff's word stands, the
// one that waits is a case for a person, and settling that ends it.
func TestTheStaffMoveOntoWhatWaits(t *testing.T) {
	t.Parallel()
	t.Run("airtable/", func(t *testing.T) {
		t.Parallel()
		s := setScene(t, []int{4})
		code := s.hasBooked(carmen, "Carmen", thursday, "21:00", 2).Booking.Code
		s.outage()
		waits := s.waits(s.asksFor("+34941000201", "Luis", friday, "21:00", 2))
		s.edits(code, map[string]any{"Fecha de Reserva": friday, "Hora": at(t, friday, "21:00")})
		s.waits(s.altered(carmen, code, map[string]any{"pax": 3}))
		s.srv.LiftFaults()
		parked := s.entryOf(waits.Booking.Code, "parked")
		s.settles(parked.ID, "llamé a Luis: otro día")
		s.comesTo(code, "Confirmada 2026-11-27 21:00 3 I1")
		s.agrees(friday)
		s.stop()
	})
}
