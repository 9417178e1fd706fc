package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"maitre/booking"
	"maitre/store"
	"maitre/web"
)

func TestTheStaffReadTheDay(t *testing.T) {
	t.Parallel()
	s := openBusyService(t)
	cookie := s.signed(t)
	got := s.ask(t, "GET", "/admin?lang=es&date="+friday, "Cookie", cookie)
	got.shows(t,
		`<html lang="es">`, `<meta name="robots" content="noindex">`, `<time datetime="2026-11-27">viernes 27 de noviembre</time>`,
		`href="/admin?lang=es&amp;date=2026-11-26"`, `href="/admin?lang=es&amp;date=2026-11-28"`,
		`href="tel:&#43;34612345678">&#43;34 612 34 56 78</a>`, "Cumpleaños de su madre. Alergia a los frutos secos &lt;b&gt;grave&lt;/b&gt;", "Eva &lt;i&gt;Ruiz&lt;/i&gt;",
		`class="banner is-parked" href="/admin/libro?lang=es"`, "Canceladas y ausentes (1)")
	if got.status != http.StatusOK || got.header.Get("X-Robots-Tag") != "noindex" || got.header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d %v", got.status, got.header)
	}
	text := got.plain()
	for _, want := range []string{
		"2 necesitan a alguien 1 espera a pasar al libro", "comida 13:00–15:30 6 cubiertos · 2 mesas", "cena 20:30–23:45 17 cubiertos · 4 mesas",
		"13:30 Luis Prado 2 personas Mesa I1 · el comedor Confirmada por la página · ", "No le llegó un mensaje", "23:15 Diego 2 personas Mesa I1 · el comedor En camino al libro",
		"23:00 Carla Núñez 3 personas Mesa T1 · la terraza Necesita a alguien", "Visto a las 12:00",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %q:\n%s", want, text)
		}
	}
	order := []string{"Luis Prado", "Eva", "María de los Ángeles", "Ana García", "Carla", "Diego", "Berta"}
	at := 0
	for _, name := range order {
		next := strings.Index(text[at:], name)
		if next < 0 {
			t.Fatalf("%s does not come in its order:\n%s", name, text)
		}
		at += next
	}
	if strings.Count(text, "No le llegó un mensaje") != 1 || strings.Contains(text, "Airtable no responde") {
		t.Errorf("marks:\n%s", text)
	}
	s.base.isDown(true)
	s.ask(t, "GET", "/admin?lang=es", "Cookie", cookie).shows(t, "Airtable no responde", "Hoy", "lunes 23 de noviembre", "Ese día no hay servicio")
	s.ask(t, "GET", "/admin?lang=en&date="+friday, "Cookie", cookie).shows(t, "Friday 27 November", "On its way to the book", "2 need a person")
	if got := s.ask(t, "GET", "/admin?lang=es&date=mañana", "Cookie", cookie); got.status != http.StatusBadRequest {
		t.Errorf("a date in words: %d", got.status)
	}
}

// A row that the staff typed has gaps, and may be at no service's time.
func TestTheDayShowsWhatTheStaffTypedWithGaps(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.restaurant.day = &booking.Day{Date: thursday, Bookings: []booking.Booking{
		{ID: "1", Time: booking.NewTimeOfDay(18, 0), Party: 5, Name: "Merienda", Status: booking.Confirmed, Channel: booking.ByStaff},
		{ID: "2", Time: booking.NewTimeOfDay(14, 0), Party: 2, Name: "Sin servicio", Status: booking.Seated, Channel: booking.ByStaff},
		{ID: "3", Time: booking.NewTimeOfDay(0, 15), Party: 3, Name: "De noche", Service: "dinner", Status: "on_fire"},
		{ID: "4", Time: booking.NewTimeOfDay(21, 0), Party: 9, Name: "No vino", Service: "dinner", Status: booking.NoShow},
	}}
	got := s.ask(t, "GET", "/admin?lang=es&date=2026-12-24", "Cookie", s.signed(t))
	text := got.plain()
	for _, want := range []string{
		"Comida 13:00–15:30 2 cubiertos · 1 mesa 14:00 Sin servicio 2 personas Sin mesa Sentada por el personal", "Cena 20:30–22:30 3 cubiertos · 1 mesa 00:15 De noche",
		"on_fire", "A otras horas 5 cubiertos · 1 mesa 18:00 Merienda", "Canceladas y ausentes (1) 21:00 No vino",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %q:\n%s", want, text)
		}
	}
	if strings.Contains(got.body, `href="tel:`) {
		t.Error("a link to no telephone")
	}
}

func TestTheStaffTryAndSettleWhatWaits(t *testing.T) {
	t.Parallel()
	s := openBusyService(t)
	cookie := s.signed(t)
	journal := func(address string) reply { return s.ask(t, "GET", address, "Cookie", cookie) }
	press := func(path string, form url.Values) string {
		t.Helper()
		form.Set("lang", "es")
		got := s.submit(t, path, form, "Cookie", cookie)
		if got.status != http.StatusSeeOther || !strings.HasPrefix(got.header.Get("Location"), "/admin/libro?lang=es&hecho=") {
			t.Fatalf("%s: %d to %s", path, got.status, got.header.Get("Location"))
		}
		return got.header.Get("Location")
	}
	page := journal("/admin/libro?lang=es")
	page.shows(t, "Eva &lt;i&gt;Ruiz&lt;/i&gt;", `href="tel:&#43;34687654326"`, "Intentar todas")
	text := page.plain()
	for _, want := range []string{
		"Necesita a alguien Reserva nueva Carla Núñez 3 personas viernes 27 de noviembre , 23:00 · Mesa T1 · la terraza · código " + s.parked.Booking.Code,
		"El libro no nos deja entrar. Quien lleva maitre", "401: not let in", "Make a new token.", "1 intento",
		"Su mesa se ha dado a otros", "Horas que quedaban libres para ofrecerle: viernes 27 de noviembre · 15:00 viernes 27 de noviembre · 20:30 · la terraza",
		"Se intenta sola Reserva nueva Diego", "El libro no responde; se sigue intentando.", "unreachable: airtable: no connection",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %q:\n%s", want, text)
		}
	}
	if strings.Index(text, "Carla") > strings.Index(text, "Diego") || strings.Index(text, "Eva") > strings.Index(text, "Diego") {
		t.Error("what needs a person does not come first")
	}

	// Tried while the base is as it was, it stays, and the page says so.
	tried := press("/admin/libro/intentar", url.Values{"id": {s.parked.ID}})
	until(s.failed, s.parked.ID)
	journal(strings.Replace(tried, "intentada", "vista", 1)).shows(t, `role="alert"`, "Sigue sin pasar al libro")
	// With the base fixed it goes, and so does what is due.
	s.base.says(nil)
	press("/admin/libro/intentar", url.Values{"id": {s.parked.ID}})
	until(s.written, s.parked.ID)
	landed := journal("/admin/libro?lang=es&hecho=intentada&id=" + s.parked.ID)
	landed.shows(t, "Ya no espera", `role="status"`)
	if landed.header.Get("Refresh") != "" {
		t.Error("comes again for what is over")
	}

	// Settled without a word it is not; with one it is, and the reason is kept.
	for _, why := range []string{"", " \n ", strings.Repeat("x", 501)} {
		journal(press("/admin/libro/resolver", url.Values{"id": {s.conflict.ID}, "why": {why}})).shows(t, `role="alert"`, "Diga cómo se ha resuelto", "Eva")
	}
	said := press("/admin/libro/resolver", url.Values{"id": {s.conflict.ID}, "why": {"llamé a Eva,\nviene a las 15:00"}})
	journal(said).shows(t, "Resuelta", `role="status"`)
	until(s.written, s.conflict.ID)
	settled := journal(said)
	settled.shows(t, "Resuelta", `role="status"`)
	if strings.Contains(settled.body, "Eva") || settled.header.Get("Refresh") != "" {
		t.Errorf("what is settled still waits (refresh %q)", settled.header.Get("Refresh"))
	}
	archived, err := s.file.Journal().Archived(t.Context(), 10)
	if err != nil || !hasReason(archived, "llamé a Eva, viene a las 15:00") {
		t.Errorf("%v in the archive: %+v", err, archived)
	}
	for path, form := range map[string]url.Values{
		"/admin/libro/intentar": {"id": {s.conflict.ID}}, "/admin/libro/resolver": {"id": {s.conflict.ID}, "why": {"x"}},
	} {
		journal(press(path, form)).shows(t, "Esa ya no esperaba a nadie")
	}
	for _, form := range []url.Values{{}, {"id": {""}}} { // which the journal takes for all
		journal(press("/admin/libro/intentar", form)).shows(t, "Esa ya no esperaba a nadie")
	}
}

func hasReason(archived []store.Archived, why string) bool {
	for _, a := range archived {
		if a.Why == why {
			return true
		}
	}
	return false
}

func TestAnAttemptIsLookedAtAgainOnce(t *testing.T) {
	t.Parallel()
	clerk := &clerk{entries: []booking.JournalEntry{{ID: "01E", State: booking.EntryPending, Booking: booking.Booking{Name: "Ana", Date: thursday, Time: booking.NewTimeOfDay(21, 0), Status: booking.Cancelled}}}}
	s := openWith(t, clerk)
	cookie := s.signed(t)
	for path, refresh := range map[string]string{
		"/admin/libro?lang=es&hecho=intentada&id=01E":     "2; url=/admin/libro?lang=es&hecho=vista&id=01E",
		"/admin/libro?lang=es&hecho=vista&id=01E":         "",
		"/admin/libro?lang=es&hecho=intentada&id=%3Ba%26": "",
		"/admin/libro?lang=es&hecho=resuelta&id=01E":      "2; url=/admin/libro?lang=es&hecho=resuelta",
		"/admin/libro?lang=es&hecho=resuelta":             "",
		"/admin/libro?lang=es&hecho=todas":                "3; url=/admin/libro?lang=es",
		"/admin/libro?lang=es":                            "",
		"/admin/libro?lang=es&hecho=<b>":                  "",
	} {
		got := s.ask(t, "GET", path, "Cookie", cookie)
		if got.status != http.StatusOK || got.header.Get("Refresh") != refresh {
			t.Errorf("%s: %d, refresh %q, want %q", path, got.status, got.header.Get("Refresh"), refresh)
		}
		got.shows(t, "Cancelación")
	}
	clerk.did = nil
	for what, form := range map[string]url.Values{"retry 01E": {"id": {"01E"}}, "retry ": {"id": {"all"}}, "retry 01NONE": {"id": {"01NONE"}}} {
		s.submit(t, "/admin/libro/intentar", form, "Cookie", cookie)
		if last := clerk.did[len(clerk.did)-1]; last != what {
			t.Errorf("%v did %q", form, last)
		}
	}
	clerk.did = nil
	s.submit(t, "/admin/libro/intentar", url.Values{"id": {""}}, "Cookie", cookie)
	if len(clerk.did) != 0 { // the journal takes none for all
		t.Errorf("no ID did %q", clerk.did)
	}
}

func TestTheStaffReadWhatDidNotArrive(t *testing.T) {
	t.Parallel()
	s := openBusyService(t)
	if err := s.file.Outbox().OptOut(t.Context(), "+34611000111", true); err != nil {
		t.Fatal(err)
	}
	s.sent(t, booking.Message{Kind: booking.MessageReminder, To: "+34611000111", Lang: booking.Spanish, Text: "recordatorio <b>", Vars: []string{"Flor <i>"}},
		booking.SendResult{State: booking.MessageWithheld, Reason: "the receiver wants no messages"})
	s.sent(t, booking.Message{Kind: booking.MessageCall, To: "+34611000112", Lang: booking.Spanish, Text: "sentimos mucho", Vars: []string{"Gil"}},
		booking.SendResult{State: booking.MessageFailed, Code: 99999, Reason: "nobody knows"})
	got := s.ask(t, "GET", "/admin/mensajes?lang=es", "Cookie", s.signed(t))
	got.shows(t, "Flor &lt;i&gt;", "recordatorio &lt;b&gt;", `href="tel:&#43;34612345678">&#43;34 612 34 56 78</a>`)
	text := got.plain()
	for _, want := range []string{
		"No llegaron 3", "La reserva está en el libro Ana García +34 612 34 56 78 Ese teléfono no tiene WhatsApp. Hola, Ana García", "Recordatorio Flor",
		"Ha pedido que no se le escriba.", "No pudo mantenerse; se le llamará Gil +34 611 00 01 12 No se pudo entregar.", "nobody knows",
		"Por salir 1", "Aviso al personal +34 600 11 12 22 No salió a la primera; se intenta otra vez. Aviso de reservas: la de Diego espera. Sale: 12:00",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %q:\n%s", want, text)
		}
	}
}

// TestADayWithoutBookingsSaysSo is local mode on a quiet day.
func TestADayWithoutBookingsSaysSo(t *testing.T) {
	t.Parallel()
	rec := openDeskSite(t, true)
	cookie := rec.signed(t)
	for path, want := range map[string]string{
		"/admin?lang=es&date=" + friday: "Nadie todavía.", "/admin/libro?lang=es": "No espera nada", "/admin/mensajes?lang=es": "No hay nada por salir",
	} {
		got := rec.ask(t, "GET", path, "Cookie", cookie)
		got.shows(t, want)
		if strings.Contains(got.body, "class=\"banner") || strings.Contains(got.body, "class=\"count") {
			t.Errorf("%s: something waits:\n%s", path, got.body)
		}
	}
}

func TestWhatCannotBeReadIsNotShown(t *testing.T) {
	t.Parallel()
	bad := &clerk{fails: errors.New("disk at /secret/place")}
	s := openWith(t, bad)
	cookie := s.signed(t)
	for _, path := range []string{"/admin", "/admin/libro", "/admin/mensajes"} {
		got := s.ask(t, "GET", path+"?lang=es", "Cookie", cookie)
		if got.status != http.StatusServiceUnavailable || strings.Contains(got.body, "secret") {
			t.Errorf("%s: %d\n%s", path, got.status, got.body)
		}
		got.shows(t, "Pruebe otra vez dentro de un momento", `href="/admin?lang=es"`)
	}
	for path, form := range map[string]url.Values{"/admin/libro/intentar": {"id": {"01E"}}, "/admin/libro/resolver": {"id": {"01E"}, "why": {"x"}}} {
		got := s.submit(t, path, form, "Cookie", cookie)
		if to := got.header.Get("Location"); got.status != http.StatusSeeOther || !strings.HasSuffix(to, "hecho=fallo") {
			t.Errorf("%s: %d to %s", path, got.status, to)
		}
	}
	bad.fails = nil
	s.ask(t, "GET", "/admin/libro?lang=es&hecho=fallo", "Cookie", cookie).shows(t, `role="alert"`, "No ha cambiado nada")
	s.restaurant.err = errors.New("page 7 of /secret/place")
	if got := s.ask(t, "GET", "/admin", "Cookie", cookie); got.status != http.StatusServiceUnavailable || strings.Contains(got.body, "secret") {
		t.Errorf("the day: %d", got.status)
	}
}

// A page of the staff's that breaks may not be kept either.
func TestAStaffPageThatBreaksIsNotKept(t *testing.T) {
	t.Parallel()
	s := open(t, func(c *web.Config) { c.Ready = func(context.Context) []web.Check { panic("oh") } })
	got := s.ask(t, "GET", "/admin", "Cookie", s.signed(t))
	if got.status != http.StatusInternalServerError || got.header.Get("Cache-Control") != "no-store" || got.header.Get("X-Robots-Tag") != "noindex" {
		t.Errorf("%d %v", got.status, got.header)
	}
}
