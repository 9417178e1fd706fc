package web_test

import (
	"testing"

	"maitre/booking"
)

// busyService is a site in the middle of a service, with bookings in every state:
// booked, pending, parked, cancelled, and one whose message did not arrive.
type busyService struct {
	*staffSite
	pending, parked, conflict booking.JournalEntry
}

// longName is what a guest may type.
const longName = "María de los Ángeles Fernández-Extraordinariamente de la Vega y Compañía"

func openBusyService(t *testing.T) *busyService {
	t.Helper()
	s := &busyService{staffSite: openStaffSite(t)}
	booked := func(change object) booking.Booking {
		t.Helper()
		got, a := s.book(t, wants(change))
		if got.status != 201 {
			t.Fatalf("%d %s", got.status, got.body)
		}
		b, err := s.file.Mirror().ByCode(t.Context(), a.Booking.Code)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	booked(object{"name": "Luis Prado", "time": "13:30", "party": 2, "phone": "687654321"})
	ana := booked(object{"notes": "Cumpleaños de su madre.\nAlergia a los frutos secos <b>grave</b>"})
	booked(object{"name": longName, "phone": "687654322", "party": 8, "time": "20:45"})
	gone := booked(object{"name": "Berta", "phone": "687654323", "party": 2, "time": "20:30"})
	if _, err := s.desk.Cancel(t.Context(), booking.Cancellation{Who: booking.Who{Caller: booking.Caller{Channel: booking.ByStaff}, Code: gone.Code}}); err != nil {
		t.Fatal(err)
	}
	s.parked = s.waits(t, locked, wants(object{"name": "Carla Núñez", "phone": "687654324", "party": 3, "time": "23:00"}))
	s.pending = s.waits(t, unreachable, wants(object{"name": "Diego", "phone": "687654325", "party": 2, "time": "23:15"}))
	s.conflict = s.waits(t, unreachable, wants(object{"name": "Eva <i>Ruiz</i>", "phone": "687654326", "party": 4, "time": "14:00", "notes": "trona"}))
	if _, err := s.file.Journal().Park(t.Context(), s.conflict.ID, s.conflict.Rev, booking.Parked{
		At: noon{}.Now(), Cause: booking.ParkedConflict, Text: "its table was given away in Airtable meanwhile", Fix: "Call the guest.",
		Offer: []booking.OfferFor{{Date: ana.Date, Time: booking.NewTimeOfDay(15, 0)}, {Date: ana.Date, Time: booking.NewTimeOfDay(20, 30), Zone: "terraza"}},
	}, nil); err != nil {
		t.Fatal(err)
	}
	s.sent(t, booking.Message{
		Kind: booking.MessageBooked, To: ana.Phone, Lang: booking.Spanish, Booking: ana.ID, Vars: []string{ana.Name},
		Text: "Hola, Ana García: su reserva en Candil y Parra ya está en el libro.",
	}, booking.SendResult{State: booking.MessageFailed, Code: 63003, Reason: "WhatsApp does not reach the phone"})
	s.sent(t, booking.Message{Kind: booking.MessageAlert, To: "+34600111222", Lang: booking.Spanish, Text: "Aviso de reservas: la de Diego espera."},
		booking.SendResult{State: booking.MessageWaiting, Next: noon{}.Now().Add(1), Code: 20429, Reason: "too many requests", Failed: true})
	return s
}

// sent puts a message into the outbox, and records how sending it went.
func (s *staffSite) sent(t *testing.T, m booking.Message, out booking.SendResult) {
	t.Helper()
	box := s.file.Outbox()
	if _, err := box.Put(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	due, err := box.Due(t.Context(), noon{}.Now(), 1)
	if err != nil || len(due) != 1 {
		t.Fatal(due, err)
	}
	begun, ok, err := box.Begin(t.Context(), due[0], booking.ByText, noon{}.Now())
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	if _, err := box.Finish(t.Context(), begun, out, noon{}.Now()); err != nil {
		t.Fatal(err)
	}
}
