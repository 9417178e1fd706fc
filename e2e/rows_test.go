package e2e

import (
	"strings"
	"testing"

	"maitre/store/airtable/airtabletest"
)

// TestTheRowDeletedUnderAChange: the staff delete a booking's row while its
// guest's change is on its way. No half row appears, nobody is told that it is
// done, and a person sees to it. So it is where the next request is lost too.
func TestTheRowDeletedUnderAChange(t *testing.T) {
	t.Parallel()
	for name, lost := range map[string]bool{"": false, "and the next request is lost": true} {
		t.Run("airtable/"+name, func(t *testing.T) {
			t.Parallel()
			s := setScene(t, []int{4})
			code := s.hasBooked(carmen, "Carmen", thursday, "21:00", 2).Booking.Code
			row := s.row(code).ID
			s.srv.Inject(airtabletest.Fault{Ops: airtabletest.Writes(), Times: 1, Do: func() {
				if err := s.srv.Staff().Delete("Reservas", row); err != nil {
					t.Error(err)
				}
			}})
			if lost {
				s.srv.Inject(airtabletest.Fault{Ops: airtabletest.Writes(), Times: 1, Drop: true})
			}
			told := s.tells(carmen, "update_reservation", map[string]any{"code": code, "pax": 3})
			if told.Success {
				t.Errorf("told %+v of a booking whose row the staff deleted", told)
			}
			s.onlyWholeRows(code)
			parked := s.entryOf(code, "parked")
			if parked.Cause != "conflict" {
				t.Errorf("parked as %+v", parked)
			}
			s.onlyWholeRows(code)
			s.srv.LiftFaults()
			s.wants(s.writtenTo(staffPhone, 0), "Carmen")
			s.writtenTo(carmen, 1)
			s.hearsOnly(carmen, 1, code)
			s.settles(parked.ID, "la borramos nosotros, y Carmen lo sabe")
			s.settled()
			if left := s.rows(code); len(left) != 0 {
				t.Errorf("the deleted row is back: %s", s.rowSays(left[0]))
			}
			s.gets(s.asksFor("+34941000201", "Luis", thursday, "21:00", 2), "the table that the staff freed")
			s.agrees(thursday)
			s.stop()
		})
	}
}

// onlyWholeRows wants every row of a booking to have what a booking has.
func (s *scene) onlyWholeRows(code string) {
	s.t.Helper()
	for _, r := range s.rows(code) {
		for _, field := range []string{"ID Reserva", "Código", "Nombre del Cliente", "Teléfono", "Fecha de Reserva", "Hora", "Cantidad de Personas", "Estado", "Mesa"} {
			if r.Fields[field] == nil {
				s.t.Errorf("half a row, without %s: %v", field, r.Fields)
			}
		}
	}
	for _, r := range s.srv.Records("Reservas") {
		if r.Fields["Código"] == nil && r.Fields["ID Reserva"] != nil {
			s.t.Errorf("half a row, without its code: %v", r.Fields)
		}
	}
}

// TestTheIDEmptiedBeforeAChange: the staff empty «ID Reserva» of a row, before the
// desk hears of it or after, and its guest changes the booking, twice. There is one
// row of it, always, and it says what the guest was told.
func TestTheIDEmptiedBeforeAChange(t *testing.T) {
	t.Parallel()
	for _, when := range []string{"under the change", "before it, unread", "before it, read"} {
		t.Run("airtable/"+when, func(t *testing.T) {
			t.Parallel()
			s := setScene(t, []int{4})
			code := s.hasBooked(carmen, "Carmen", thursday, "21:00", 2).Booking.Code
			row := s.row(code).ID
			empty := func() {
				if _, err := s.srv.Staff().Update("Reservas", row, map[string]any{"ID Reserva": nil}); err != nil {
					t.Error(err)
				}
			}
			switch when {
			case "under the change":
				s.srv.Inject(airtabletest.Fault{Ops: airtabletest.Writes(), Times: 1, Do: empty})
			case "before it, read":
				empty()
				s.followsTheStaff()
			default:
				s.srv.LagPayloads(1 << 40)
				empty()
			}
			s.gets(s.tells(carmen, "update_reservation", map[string]any{"code": code, "pax": 3}), "the change")
			if found := s.rows(code); len(found) != 1 || found[0].ID != row || !strings.HasPrefix(s.rowSays(found[0]), "Confirmada 2026-11-26 21:00 3 I1") {
				t.Errorf("%d rows, the first %s", len(found), s.rowSays(found[0]))
			}
			s.srv.LagPayloads(0)
			s.followsTheStaff()
			s.gets(s.tells(carmen, "update_reservation", map[string]any{"code": code, "time": "22:00"}), "the second change")
			s.comesTo(code, "Confirmada 2026-11-26 22:00 3 I1")
			if s.row(code).ID != row {
				t.Error("it is another row")
			}
			s.full(s.asksFor("+34941000201", "Luis", thursday, "21:00", 2), "Carmen has it")
			s.gets(s.tells(carmen, "cancel_reservation", map[string]any{"code": code}), "the cancellation")
			s.comesTo(code, "Cancelada 2026-11-26 22:00 3 I1")
			s.agrees(thursday)
			s.stop()
		})
	}
}

// followsTheStaff waits until the desk has asked for changes that can be read by now.
func (s *scene) followsTheStaff() {
	s.t.Helper()
	asked := s.srv.Count(airtabletest.OpPayloads)
	s.until("the desk asks for changes, twice", func() (bool, any) {
		now := s.srv.Count(airtabletest.OpPayloads)
		return now >= asked+3, now
	})
}
