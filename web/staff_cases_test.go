package web_test

import (
	"strings"
	"testing"

	"maitre/booking"
)

// TestTheStaffReadWhatTheyHaveToDecide: of a booking that the staff changed
// meanwhile, what was asked for and what the row says; of one that disappeared,
// that it did; and no button that would do nothing.
func TestTheStaffReadWhatTheyHaveToDecide(t *testing.T) {
	t.Parallel()
	s := openStaffSite(t)
	cookie := s.signed(t)
	park := func(name, phone, at string, cause booking.ParkCause, row func(booking.Booking) *booking.Row) {
		t.Helper()
		e := s.waits(t, unreachable, wants(object{"name": name, "phone": phone, "party": 2, "time": at}))
		why := booking.Parked{At: noon{}.Now(), Cause: cause, Text: "why", Row: row(e.Booking)}
		if parked, err := s.file.Journal().Park(t.Context(), e.ID, e.Rev, why, nil); err != nil || !parked {
			t.Fatal(parked, err)
		}
	}
	park("Ana", "687654321", "13:30", booking.ParkedConflict, func(b booking.Booking) *booking.Row {
		b.Time, b.Party, b.Status, b.Notes = booking.NewTimeOfDay(14, 0), 5, booking.Confirmed, "cumple"
		return &booking.Row{Record: "rec1", Booking: b}
	})
	park("Berta", "687654322", "14:00", booking.ParkedConflict, func(booking.Booking) *booking.Row { return &booking.Row{} })
	park("Carla", "687654323", "23:00", booking.ParkedMissing, func(booking.Booking) *booking.Row { return nil })

	page := s.ask(t, "GET", "/admin/libro?lang=es", "Cookie", cookie)
	text := page.plain()
	for _, want := range []string{
		"1 reserva ha desaparecido de Airtable.", "Ha desaparecido Carla", "Recuperarla",
		"En Airtable está así: viernes 27 de noviembre, 14:00 · 5 personas · Mesa I1 · Confirmada · «cumple».",
		"En Airtable ya no está.", "Hacerlo igualmente",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "Intentar todas") {
		t.Error("offers to try all, and there is none that it would try")
	}
}
