package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	ical "github.com/arran4/golang-ical"

	"maitre/booking"
)

// booked books a table by JSON and returns the path of its page.
func (rec *deskSite) booked(t *testing.T, o object) string {
	t.Helper()
	got, _ := rec.book(t, o)
	address := got.header.Get("Location")
	path, ours := strings.CutPrefix(address, "https://mesas.example.org/reserva/")
	if got.status != http.StatusCreated || !ours {
		t.Fatalf("%d, Location %q, %s", got.status, address, got.body)
	}
	return "/reserva/" + path
}

func TestAGuestsOwnPageShowsChangesAndCancels(t *testing.T) {
	t.Parallel()
	rec := openDeskSite(t, true)
	path := rec.booked(t, wants(nil))
	rec.ask(t, "GET", path+"?lang=es").shows(t, "Mesa reservada", "Ana García", "viernes 27 de noviembre, 21:00", "4 personas", `value="`+friday+`"`, path+"/cancelar")

	change := url.Values{"lang": {"es"}, "date": {"2026-11-28"}, "time": {"13:30"}, "party": {"2"}, "zone": {"interior"}}
	moved := rec.submit(t, path+"/cambiar", change)
	if moved.status != http.StatusSeeOther {
		t.Fatalf("%d %s", moved.status, moved.body)
	}
	rec.ask(t, "GET", moved.header.Get("Location")).shows(t, "El cambio está hecho", "sábado 28 de noviembre, 13:30", "2 personas")
	if again := rec.submit(t, path+"/cambiar", change); again.status != http.StatusSeeOther {
		t.Errorf("again: %d", again.status)
	}

	rec.fill(t)
	refused := rec.submit(t, path+"/cambiar", url.Values{"lang": {"es"}, "date": {friday}, "time": {"21:00"}, "party": {"4"}})
	if refused.status != http.StatusConflict {
		t.Errorf("to a time that is full: %d", refused.status)
	}
	refused.shows(t, "ya no nos queda mesa", "sigue como estaba", "sábado 28 de noviembre, 13:30", `type="radio"`, `name="party" value="4"`)
	taken := rec.submit(t, path+"/cambiar", refused.form(t, nil))
	if taken.status != http.StatusSeeOther {
		t.Fatalf("what is offered instead: %d %s", taken.status, taken.body)
	}
	rec.ask(t, "GET", path+"?lang=es").shows(t, "viernes 27 de noviembre", "4 personas")

	for name, form := range map[string]url.Values{
		"no date":  {"time": {"21:00"}, "party": {"2"}},
		"no time":  {"date": {friday}, "party": {"2"}},
		"no party": {"date": {friday}, "time": {"21:00"}},
		"nothing":  {},
	} {
		if got := rec.submit(t, path+"/cambiar", form); got.status != http.StatusBadRequest || !strings.Contains(got.body, `role="alert"`) {
			t.Errorf("%s: %d", name, got.status)
		}
	}

	if got := rec.submit(t, path+"/cancelar", url.Values{"lang": {"es"}}); got.status != http.StatusSeeOther {
		t.Fatalf("%d %s", got.status, got.body)
	}
	gone := rec.ask(t, "GET", path+"?lang=es")
	if gone.shows(t, "Reserva cancelada"); strings.Contains(gone.body, "/cancelar") || strings.Contains(gone.body, "/cambiar") {
		t.Error("what is cancelled can be cancelled")
	}
	if got := rec.submit(t, path+"/cancelar", url.Values{"lang": {"es"}}); got.status != http.StatusSeeOther {
		t.Errorf("cancelled again: %d", got.status)
	}
	if got := rec.submit(t, path+"/cambiar", change); got.status != http.StatusConflict || !strings.Contains(got.body, "ya está cancelada") {
		t.Errorf("changed after that: %d", got.status)
	}
}

func TestNobodyElseOpensABooking(t *testing.T) {
	t.Parallel()
	rec := openDeskSite(t, true)
	path := rec.booked(t, wants(nil))
	b := rec.on(t)[0]
	for name, other := range map[string]string{
		"the code": "/reserva/" + b.Code, "a seal of nobody's": "/reserva/" + b.Code + "-aaaaaaaaaaaaaaaaaaaaaaaa", "the ID": "/reserva/" + b.ID,
		"a letter less": path[:len(path)-1], "signs": "/reserva/%2e%2e%2f",
	} {
		for _, action := range []string{"", "/cita.ics"} {
			if got := rec.ask(t, "GET", other+action); got.status != http.StatusNotFound || strings.Contains(got.body, "Ana") {
				t.Errorf("%s%s: %d", name, action, got.status)
			}
		}
		for _, action := range []string{"/cancelar", "/cambiar"} {
			if got := rec.submit(t, other+action, url.Values{"date": {friday}, "time": {"13:30"}, "party": {"1"}}); got.status != http.StatusNotFound {
				t.Errorf("%s%s: %d", name, action, got.status)
			}
		}
	}
	for _, action := range []string{"/cancelar", "/cambiar"} {
		if got := rec.send(t, "POST", path+action, "", "Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "cross-site"); got.status != http.StatusForbidden {
			t.Errorf("from another site%s: %d", action, got.status)
		}
	}
	if live := rec.on(t); len(live) != 1 || live[0].Party != 4 || live[0].Status != booking.Confirmed {
		t.Errorf("in the book: %+v", live)
	}
}

func TestABookingGoesIntoTheGuestsCalendar(t *testing.T) {
	t.Parallel()
	rec := openDeskSite(t, true)
	path := rec.booked(t, wants(nil))
	got := rec.ask(t, "GET", path+"/cita.ics?lang=es")
	if got.status != http.StatusOK || !strings.HasPrefix(got.header.Get("Content-Type"), "text/calendar") {
		t.Fatalf("%d %v", got.status, got.header)
	}
	c, err := ical.ParseCalendar(strings.NewReader(got.body))
	if err != nil || len(c.Events()) != 1 {
		t.Fatalf("%v in\n%s", err, got.body)
	}
	e, b := c.Events()[0], rec.on(t)[0]
	start, err := e.GetStartAt()
	end, endErr := e.GetEndAt()
	if err != nil || endErr != nil || !start.Equal(b.Start) || !end.Equal(b.End) {
		t.Errorf("from %s to %s: %v, %v", start, end, err, endErr)
	}
	for property, want := range map[ical.ComponentProperty]string{
		ical.ComponentPropertySummary: "Candil y Parra", ical.ComponentPropertyUrl: "https://mesas.example.org" + path, ical.ComponentPropertyStatus: "CONFIRMED",
		ical.ComponentPropertyDescription: b.Code,
	} {
		if p := e.GetProperty(property); p == nil || !strings.Contains(p.Value, want) {
			t.Errorf("%s: %+v, want %q", property, p, want)
		}
	}
}

// The staff have deleted the row of a booking that its guest cancels: he reads
// that it is cancelled, though nothing is left of it.
func TestWhatIsCancelledIsShownWithoutItsRow(t *testing.T) {
	t.Parallel()
	s := openStaffSite(t)
	path := s.booked(t, wants(nil))
	s.base.mu.Lock()
	clear(s.base.rows)
	s.base.mu.Unlock()
	got := s.submit(t, path+"/cancelar", url.Values{"lang": {"es"}})
	if got.status != http.StatusOK || strings.Contains(got.body, path+"/cancelar") {
		t.Errorf("%d", got.status)
	}
	got.shows(t, "Reserva cancelada", "Ana García")
}
