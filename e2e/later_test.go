package e2e

import (
	"maps"
	"strings"
	"testing"
)

// TestWhatTheStaffDidWhileAChangeWaited: a guest's request waits for an Airtable that
// does not answer, and meanwhile the staff work on the same row. What the staff
// did stays, cell by cell; where both changed the same, or the booking is no more,
// a person sees to it; and nobody reads anything that is not true.
func TestWhatTheStaffDidWhileAChangeWaited(t *testing.T) {
	t.Parallel()
	const was = "2026-11-26 21:00 2 I1"
	later := map[string]any{"time": "22:00"}
	larger := map[string]any{"pax": 3}
	for name, c := range map[string]struct {
		request map[string]any // nil: to cancel
		staff   func(s *scene, code string)
		row     string // what the base says in the end; empty: there is no row
		parked  bool
	}{
		"cancelled it": {later, func(s *scene, code string) {
			s.edits(code, map[string]any{"Estado": "Cancelada"})
		}, "Cancelada " + was, true},
		"deleted it": {later, func(s *scene, code string) {
			if err := s.srv.Staff().Delete("Reservas", s.row(code).ID); err != nil {
				s.t.Error(err)
			}
		}, "", true},
		"moved it to another day": {later, func(s *scene, code string) {
			s.edits(code, map[string]any{"Fecha de Reserva": friday, "Hora": at(s.t, friday, "21:00")})
		}, "Confirmada 2026-11-27 21:00 2 I1", true},
		"moved it to another hour": {later, func(s *scene, code string) {
			s.edits(code, map[string]any{"Hora": at(s.t, thursday, "20:30")})
		}, "Confirmada 2026-11-26 20:30 2 I1", true},
		"moved it to another table": {later, func(s *scene, code string) {
			s.edits(code, map[string]any{"Mesa": []string{s.table("I2")}})
		}, "Confirmada 2026-11-26 22:00 2 I2", false},
		"changed the party, as the guest did": {larger, func(s *scene, code string) {
			s.edits(code, map[string]any{"Cantidad de Personas": 4})
		}, "Confirmada 2026-11-26 21:00 4 I1", true},
		"changed the party to the guest's": {larger, func(s *scene, code string) {
			s.edits(code, map[string]any{"Cantidad de Personas": 3})
		}, "Confirmada 2026-11-26 21:00 3 I1", false},
		"changed the party, not the hour": {later, func(s *scene, code string) {
			s.edits(code, map[string]any{"Cantidad de Personas": 4})
		}, "Confirmada 2026-11-26 22:00 4 I1", false},
		"wrote a note": {later, func(s *scene, code string) {
			s.edits(code, map[string]any{"Notas Especiales": "cumpleaños"})
		}, "Confirmada 2026-11-26 22:00 2 I1 cumpleaños", false},
		"wrote a note on what is cancelled": {nil, func(s *scene, code string) {
			s.edits(code, map[string]any{"Notas Especiales": "cumpleaños"})
		}, "Cancelada " + was + " cumpleaños", false},
		"cancelled what is cancelled": {nil, func(s *scene, code string) {
			s.edits(code, map[string]any{"Estado": "Cancelada"})
		}, "Cancelada " + was, false},
		"deleted what is cancelled": {nil, func(s *scene, code string) {
			if err := s.srv.Staff().Delete("Reservas", s.row(code).ID); err != nil {
				s.t.Error(err)
			}
		}, "", false},
		"seated what is changed": {larger, func(s *scene, code string) {
			s.edits(code, map[string]any{"Estado": "Sentada"})
		}, "Sentada 2026-11-26 21:00 3 I1", false},
	} {
		for how, cut := range map[string]bool{"": false, " (and the power failed)": true} {
			t.Run("airtable/"+name+how, func(t *testing.T) {
				t.Parallel()
				s := setScene(t, []int{4, 4})
				code := s.hasBooked(carmen, "Carmen", thursday, "21:00", 2).Booking.Code
				s.outage()
				if c.request == nil {
					s.waits(s.tells(carmen, "cancel_reservation", map[string]any{"code": code}))
				} else {
					request := map[string]any{"code": code}
					maps.Copy(request, c.request)
					s.waits(s.tells(carmen, "update_reservation", request))
				}
				c.staff(s, code)
				s.cutOff(cut)
				s.srv.LiftFaults()
				if !c.parked {
					s.settled()
				} else {
					parked := s.entryOf(code, "parked")
					if parked.Cause != "conflict" {
						t.Errorf("parked as %+v", parked)
					}
					s.writtenTo(carmen, 1)
					s.until("the staff are told", func() (bool, any) {
						sent := s.sentTo(staffPhone)
						return len(sent) > 0 && strings.Contains(sent[0].Body, "Carmen"), sent
					})
				}
				s.hearsOnly(carmen, 1, code)
				found := s.rows(code)
				switch {
				case c.row == "" && len(found) != 0:
					t.Errorf("the deleted row is back: %s", s.rowSays(found[0]))
				case c.row != "" && (len(found) != 1 || s.rowSays(found[0]) != c.row):
					t.Errorf("the base has %+v, %s; want %s", found, s.rowSays(found[0]), c.row)
				}
				s.stop()
			})
		}
	}
}
