package e2e

import (
	"testing"

	"maitre/store/airtable/airtabletest"
)

// TestSettlingWhileItIsWritten: a person settles a booking whose write is under
// way. Its table is held until it is known what came of the write, which lands;
// then the row is cancelled, the journal is empty, and the next guest has the table.
func TestSettlingWhileItIsWritten(t *testing.T) {
	t.Parallel()
	t.Run("airtable/", func(t *testing.T) {
		t.Parallel()
		s := setScene(t, []int{4}, "REPLY_BUDGET=2s")
		arrived, release := make(chan struct{}), make(chan struct{})
		s.srv.Inject(airtabletest.Fault{Ops: airtabletest.Writes(), Times: 1, Do: func() { close(arrived); <-release }})
		waits := s.waits(s.asksFor(carmen, "Carmen", eve, "21:00", 2))
		<-arrived
		s.settles(s.entryOf(waits.Booking.Code, "pending").ID, "llamó: no viene")
		s.full(s.asksFor("+34941000201", "Luis", eve, "21:00", 2), "Carmen's write is under way")
		close(release)
		s.comesTo(waits.Booking.Code, "Cancelada 2026-12-24 21:00 2 I1")
		s.gets(s.asksFor("+34941000202", "Eva", eve, "21:00", 2), "the table that is free again")
		s.agrees(eve)
		s.hearsOnly(carmen, 0, waits.Booking.Code)
		s.stop()
	})
}

// TestSettlingWhatMayHaveBeenWritten: nobody knows whether a write landed when a
// person settles its entry, and then Airtable does not answer. Whatever the request,
// no table of it is given away until Airtable answers; then the base says what it
// said before the request, and nothing is left over.
func TestSettlingWhatMayHaveBeenWritten(t *testing.T) {
	t.Parallel()
	for name, cut := range map[string]bool{"": false, "with a power cut": true} {
		t.Run("airtable/a new booking "+name, func(t *testing.T) {
			t.Parallel()
			s := setScene(t, []int{4})
			lift := s.landsUnanswered()
			waits := s.waits(s.asksFor(carmen, "Carmen", thursday, "21:00", 2))
			code := waits.Booking.Code
			s.until("it landed", func() (bool, any) { return len(s.rows(code)) == 1, s.srv.Records("Reservas") })
			s.settles(s.entryOf(code, "pending").ID, "llamó: no viene")
			s.cutOff(cut)
			s.full(s.asksFor("+34941000201", "Luis", thursday, "21:00", 2), "Carmen's row is there")
			s.entryOf(code, "pending")
			lift()
			s.comesTo(code, "Cancelada 2026-11-26 21:00 2 I1")
			s.gets(s.asksFor("+34941000202", "Eva", thursday, "21:00", 2), "the table that is free again")
			s.agrees(thursday)
			s.hearsOnly(carmen, 0, code)
			s.stop()
		})
		t.Run("airtable/a change "+name, func(t *testing.T) {
			t.Parallel()
			s := setScene(t, []int{4})
			booked := s.hasBooked(carmen, "Carmen", thursday, "21:00", 2)
			code := booked.Booking.Code
			lift := s.landsUnanswered()
			s.waits(s.tells(carmen, "update_reservation", map[string]any{"code": code, "date": friday}))
			s.until("it landed", func() (bool, any) {
				return s.row(code).Fields["Fecha de Reserva"] == friday, s.row(code)
			})
			s.settles(s.entryOf(code, "pending").ID, "llamó: lo deja como estaba")
			s.cutOff(cut)
			s.full(s.asksFor("+34941000201", "Luis", thursday, "21:00", 2), "Carmen is to have it back")
			s.full(s.asksFor("+34941000202", "Eva", friday, "21:00", 2), "Carmen's row says Friday")
			s.entryOf(code, "pending")
			lift()
			s.comesTo(code, "Confirmada 2026-11-26 21:00 2 I1")
			s.full(s.asksFor("+34941000203", "Sol", thursday, "21:00", 2), "Carmen has it")
			s.gets(s.asksFor("+34941000204", "Rita", friday, "21:00", 2), "the table that is free again")
			s.agrees(thursday)
			s.agrees(friday)
			s.hearsOnly(carmen, 1, code)
			s.stop()
		})
		t.Run("airtable/a cancellation "+name, func(t *testing.T) {
			t.Parallel()
			s := setScene(t, []int{4})
			booked := s.hasBooked(carmen, "Carmen", thursday, "21:00", 2)
			code := booked.Booking.Code
			lift := s.landsUnanswered()
			s.waits(s.tells(carmen, "cancel_reservation", map[string]any{"code": code}))
			s.until("it landed", func() (bool, any) { return s.row(code).Fields["Estado"] == "Cancelada", s.row(code) })
			s.settles(s.entryOf(code, "pending").ID, "llamó: al final viene")
			s.cutOff(cut)
			s.full(s.asksFor("+34941000201", "Luis", thursday, "21:00", 2), "Carmen is to have it back")
			s.entryOf(code, "pending")
			lift()
			s.comesTo(code, "Confirmada 2026-11-26 21:00 2 I1")
			s.full(s.asksFor("+34941000202", "Eva", thursday, "21:00", 2), "Carmen has it")
			s.agrees(thursday)
			s.hearsOnly(carmen, 1, code)
			s.stop()
		})
	}
}

// TestSettlingWhatNeverLeft: Airtable never heard of the booking when a person
// settles it. Its table is held until Airtable answers; then nobody has it.
func TestSettlingWhatNeverLeft(t *testing.T) {
	t.Parallel()
	t.Run("airtable/", func(t *testing.T) {
		t.Parallel()
		s := setScene(t, []int{4})
		lift := s.outage()
		waits := s.waits(s.asksFor(carmen, "Carmen", thursday, "21:00", 2))
		s.settles(s.entryOf(waits.Booking.Code, "pending").ID, "llamó: no viene")
		s.full(s.asksFor("+34941000201", "Luis", thursday, "21:00", 2), "Airtable has not said that Carmen's is not there")
		s.entryOf(waits.Booking.Code, "pending")
		lift()
		s.settled()
		for _, r := range s.rows(waits.Booking.Code) {
			if r.Fields["Estado"] != "Cancelada" {
				t.Errorf("the base has %s", s.rowSays(r))
			}
		}
		s.gets(s.asksFor("+34941000202", "Eva", thursday, "21:00", 2), "the table that is free again")
		s.agrees(thursday)
		s.hearsOnly(carmen, 0, waits.Booking.Code)
		s.stop()
	})
}

// landsUnanswered makes the next write take effect and its answer get lost, and
// Airtable refuse everything after it, until that is lifted.
func (s *scene) landsUnanswered() (lift func()) {
	s.srv.Inject(airtabletest.Fault{Ops: airtabletest.Writes(), Times: 1, After: true, Drop: true, Do: func() {
		s.srv.Inject(airtabletest.Fault{Status: 503})
	}})
	return s.srv.LiftFaults
}

// cutOff cuts the power, if it shall, and starts the desk again.
func (s *scene) cutOff(cut bool) {
	s.t.Helper()
	if cut {
		s.kill()
		s.restart()
	}
}
