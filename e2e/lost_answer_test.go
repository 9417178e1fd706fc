package e2e

import (
	"fmt"
	"testing"
)

// TestWhatTheStaffDidToARowWhoseAnswerWasLost: the write of a new booking landed and
// its answer was lost. The staff see the row and work on it before the desk can try
// again, which must not undo their work.
func TestWhatTheStaffDidToARowWhoseAnswerWasLost(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		staff  func(s *scene, code string)
		row    string
		parked bool
	}{
		"cancelled it": {func(s *scene, code string) {
			s.edits(code, map[string]any{"Estado": "Cancelada"})
		}, "Cancelada 2026-11-26 21:00 2 I1", true},
		"wrote a note": {func(s *scene, code string) {
			s.edits(code, map[string]any{"Notas Especiales": "cumpleaños"})
		}, "Confirmada 2026-11-26 21:00 2 I1 cumpleaños", false},
		"moved it to another table": {func(s *scene, code string) {
			s.edits(code, map[string]any{"Mesa": []string{s.table("I2")}})
		}, "Confirmada 2026-11-26 21:00 2 I2", false},
		"seated it": {func(s *scene, code string) {
			s.edits(code, map[string]any{"Estado": "Sentada"})
		}, "Sentada 2026-11-26 21:00 2 I1", false},
	} {
		for how, cut := range map[string]bool{"": false, " (and the power failed)": true} {
			t.Run("airtable/"+name+how, func(t *testing.T) {
				t.Parallel()
				s := setScene(t, []int{4, 4})
				lift := s.landsUnanswered()
				status, said, _ := s.books("key", map[string]any{"name": "Carmen", "phone": carmen, "date": thursday, "time": "21:00", "party": 2, "lang": "es"})
				if status != 202 {
					t.Fatalf("%d %+v", status, said)
				}
				code := said.Booking.Code
				s.until("it landed", func() (bool, any) { return len(s.rows(code)) == 1, s.rows(code) })
				c.staff(s, code)
				s.cutOff(cut)
				lift()
				if c.parked {
					if parked := s.entryOf(code, "parked"); parked.Cause != "conflict" {
						t.Errorf("parked as %+v", parked)
					}
				} else {
					s.settled()
				}
				if got := s.rowSays(s.row(code)); got != c.row {
					t.Errorf("the base has %s, want %s", got, c.row)
				}
				s.hearsOnly(carmen, 0, code)
				s.stop()
			})
		}
	}
}

// TestANoteOutlivesManyChanges: so many changes wait that the desk writes the whole
// row, and a note that the staff wrote meanwhile stays in it all the same.
func TestANoteOutlivesManyChanges(t *testing.T) {
	t.Parallel()
	t.Run("airtable/", func(t *testing.T) {
		t.Parallel()
		s := setScene(t, []int{4})
		code := s.hasBooked(carmen, "Carmen", thursday, "21:00", 2).Booking.Code
		s.outage()
		for n := range 12 {
			s.waits(s.tells(carmen, "update_reservation", map[string]any{"code": code, "time": fmt.Sprintf("21:%02d", 15*(1+n%3))}))
		}
		s.edits(code, map[string]any{"Notas Especiales": "cumpleaños"})
		s.srv.LiftFaults()
		s.settled()
		s.comesTo(code, "Confirmada 2026-11-26 21:45 2 I1 cumpleaños")
		s.hearsOnly(carmen, 1, code)
		s.stop()
	})
}
