package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"maitre/booking"
)

func TestAGuestBooksOnThePage(t *testing.T) {
	t.Parallel()
	rec := openDeskSite(t, false)
	rec.ask(t, "GET", "/reservar").shows(t, "Reserve su mesa", `value="2026-11-23"`, `<option selected>2</option>`)
	day := rec.ask(t, "GET", "/reservar?date="+friday+"&party=4&lang=es")
	day.shows(t, "viernes 27 de noviembre", "4 personas", `href="/reservar?date=2026-11-27&amp;lang=es&amp;party=4&amp;time=21%3A00"`, "date=2026-11-26", "date=2026-11-28")
	details := rec.ask(t, "GET", "/reservar?date="+friday+"&party=4&time=21:00&lang=es")
	details.shows(t, "21:00", "La mesa es suya hasta las 23:00", "Ahí le confirmamos la mesa")
	form := details.form(t, map[string]string{"name": `Ana <b>"García"</b>`, "phone": "612 34 56 78", "notes": "trona\r\ny alergia"})
	done := rec.submit(t, "/reservar", form)
	live := rec.on(t)
	if done.status != http.StatusSeeOther || len(live) != 1 || live[0].Name != `Ana <b>"García"</b>` || live[0].Channel != booking.ByWeb {
		t.Fatalf("%d, in the book %+v", done.status, live)
	}
	own := done.header.Get("Location")
	rec.ask(t, "GET", own).shows(t, "Mesa reservada", live[0].Code, "viernes 27 de noviembre, 21:00", "4 personas")
	again := rec.submit(t, "/reservar", form)
	if again.status != http.StatusSeeOther || again.header.Get("Location") != own || len(rec.on(t)) != 1 {
		t.Errorf("the form sent twice: %d, %d in the book", again.status, len(rec.on(t)))
	}
	// Opened anew, it is another form, and the same booking.
	fresh := rec.ask(t, "GET", "/reservar?date="+friday+"&party=4&time=21:00&lang=es").form(t, map[string]string{"name": form.Get("name"), "phone": form.Get("phone")})
	if repeat := rec.submit(t, "/reservar", fresh); repeat.status != http.StatusSeeOther || repeat.header.Get("Location") != own || len(rec.on(t)) != 1 {
		t.Errorf("the same booking: %d, %d in the book", repeat.status, len(rec.on(t)))
	}
}

func TestAGuestOfThePageReadsTheTruth(t *testing.T) {
	t.Parallel()
	rec := openDeskSite(t, false)
	typed := map[string]string{"name": "Ana", "phone": "612345678", "lang": "en"}
	fill := func(time string) url.Values {
		return rec.ask(t, "GET", "/reservar?date="+friday+"&party=2&lang=en&time="+time).form(t, typed)
	}
	rec.journal.Slow.Store(true)
	got := rec.submit(t, "/reservar", fill("21:00"))
	if got.status != http.StatusSeeOther {
		t.Fatalf("not in the book yet: %d\n%s", got.status, got.body)
	}
	own := got.header.Get("Location")
	noted := rec.ask(t, "GET", own)
	if noted.shows(t, "Your booking is noted", "will write to you as soon as it is there"); strings.Contains(noted.body, "is booked") {
		t.Errorf("not in the book yet:\n%s", noted.body)
	}
	rec.journal.Slow.Store(false)
	rec.ask(t, "GET", own).shows(t, "Your table is booked")
	rec.journal.Broken.Store(true)
	if got := rec.submit(t, "/reservar", fill("13:30")); got.status != http.StatusServiceUnavailable || strings.Contains(got.body, "Code") {
		t.Errorf("not on disk: %d\n%s", got.status, got.body)
	} else {
		got.shows(t, `role="alert"`, `value="Ana"`, `value="612345678"`, `name="when" value="2026-11-27 13:30"`)
	}
}

func TestWhatIsTypedWrongIsAskedAgainAndNothingIsLost(t *testing.T) {
	t.Parallel()
	rec := openDeskSite(t, false)
	details := rec.ask(t, "GET", "/reservar?date="+friday+"&party=4&time=21:00&lang=es")
	for name, c := range map[string]struct {
		typed map[string]string
		says  string
	}{
		"no name":     {map[string]string{"name": "", "phone": "612345678"}, "¿A qué nombre la apunto?"},
		"no phone":    {map[string]string{"name": "Ana", "phone": ""}, "¿Me deja un teléfono de contacto?"},
		"half of it":  {map[string]string{"name": "Ana", "phone": "612"}, "no he entendido bien el teléfono"},
		"a long name": {map[string]string{"name": strings.Repeat("a", 81), "phone": "612345678"}, "muy largo"},
	} {
		c.typed["notes"] = "una trona"
		got := rec.submit(t, "/reservar", details.form(t, c.typed))
		if got.status != http.StatusBadRequest {
			t.Errorf("%s: %d", name, got.status)
		}
		got.shows(t, c.says, `value="`+c.typed["name"]+`"`, `value="`+c.typed["phone"]+`"`, "una trona", `name="when" value="2026-11-27 21:00"`)
	}
	for name, path := range map[string]string{
		"no date": "/reservar?date=&party=2", "a date in words": "/reservar?date=viernes&party=2",
		"no party": "/reservar?date=" + friday, "a time in words": "/reservar?date=" + friday + "&party=2&time=noche",
	} {
		if got := rec.ask(t, "GET", path); got.status != http.StatusBadRequest || !strings.Contains(got.body, `role="alert"`) {
			t.Errorf("%s: %d", name, got.status)
		}
	}
	for name, form := range map[string]url.Values{
		"nothing":      {},
		"no such time": {"when": {friday + " noche"}, "party": {"2"}, "name": {"Ana"}, "phone": {"612345678"}},
		"no such date": {"when": {"hoy 21:00"}, "party": {"2"}, "name": {"Ana"}, "phone": {"612345678"}},
	} {
		if got := rec.submit(t, "/reservar", form); got.status != http.StatusBadRequest {
			t.Errorf("%s: %d", name, got.status)
		} else {
			got.shows(t, "No hemos entendido")
		}
	}
	if live := rec.on(t); len(live) != 0 {
		t.Errorf("booked: %+v", live)
	}
}

func TestAClosedDayOffersOthers(t *testing.T) {
	t.Parallel()
	rec := openDeskSite(t, true)
	got := rec.ask(t, "GET", "/reservar?date=2026-11-30&party=2&lang=es")
	if got.status != http.StatusOK {
		t.Errorf("%d", got.status)
	}
	got.shows(t, "no abrimos", "/reservar?date=2026-12-01&amp;lang=es&amp;party=2&amp;time=")
}

func TestAFullTimeOffersOthersAndTheWaitlist(t *testing.T) {
	t.Parallel()
	rec := openDeskSite(t, false)
	rec.fill(t)
	before := len(rec.on(t))
	rec.ask(t, "GET", "/reservar?date="+friday+"&party=4&lang=es").shows(t, `class="time is-taken" href="/reservar?date=2026-11-27&amp;lang=es&amp;party=4&amp;time=21%3A00"`, "lista de espera")
	full := rec.ask(t, "GET", "/reservar?date="+friday+"&party=4&time=21:00&lang=es")
	if full.status != http.StatusOK {
		t.Errorf("%d", full.status)
	}
	full.shows(t, "ya no nos queda mesa", `formaction="/espera"`, `type="radio"`)
	typed := map[string]string{"name": "Berta", "phone": "687654321"}

	landline := full.form(t, map[string]string{"name": "Berta", "phone": "941123456"})
	if got := rec.submit(t, "/espera", landline); got.status != http.StatusBadRequest || len(rec.waiting(t)) != 0 {
		t.Errorf("a landline: %d, %d wait", got.status, len(rec.waiting(t)))
	} else {
		got.shows(t, "¿Me da un móvil?", `formaction="/espera"`, `name="wanted" value="2026-11-27 21:00"`, `value="941123456"`)
	}
	if got := rec.submit(t, "/espera", full.form(t, typed)); got.status != http.StatusCreated {
		t.Errorf("%d", got.status)
	} else {
		got.shows(t, "En lista de espera", "Berta")
	}
	if got := rec.submit(t, "/espera", full.form(t, typed)); got.status != http.StatusOK || len(rec.waiting(t)) != 1 {
		t.Errorf("again: %d, %d wait", got.status, len(rec.waiting(t)))
	}
	if w := rec.waiting(t)[0]; w.Time != booking.NewTimeOfDay(21, 0) || w.Party != 4 || w.Phone != "+34687654321" || w.Channel != booking.ByWeb {
		t.Errorf("waits as %+v", w)
	}
	// What is marked is the nearest other time, and the other button books it.
	if got := rec.submit(t, "/reservar", full.form(t, typed)); got.status != http.StatusSeeOther || len(rec.on(t)) != before+1 {
		t.Errorf("another time: %d, %d in the book", got.status, len(rec.on(t)))
	}
	// Booked from a page that showed it free, it is refused there.
	late := full.form(t, map[string]string{"name": "Carla", "phone": "687654322", "when": friday + " 21:00"})
	if got := rec.submit(t, "/reservar", late); got.status != http.StatusConflict {
		t.Errorf("full meanwhile: %d", got.status)
	} else {
		got.shows(t, "ya no nos queda mesa", `value="Carla"`, `formaction="/espera"`)
	}
	// One comes free: nobody need wait.
	freed := rec.on(t)[0]
	if _, err := rec.desk.Cancel(t.Context(), booking.Cancellation{Who: booking.Who{Caller: booking.Caller{Channel: booking.ByStaff}, Code: freed.Code}}); err != nil {
		t.Fatal(err)
	}
	got := rec.submit(t, "/espera", full.form(t, map[string]string{"name": "Diana", "phone": "687654323"}))
	got.shows(t, "tenemos mesa", `name="when" value="2026-11-27 21:00"`, `value="Diana"`)
	if len(rec.waiting(t)) != 1 {
		t.Error("waits although a table is free")
	}
}

func TestARestaurantThatCannotWriteOffersNoWaitlist(t *testing.T) {
	t.Parallel()
	rec := openDeskSite(t, true)
	rec.fill(t)
	for _, path := range []string{"/reservar?date=" + friday + "&party=4&lang=es", "/reservar?date=" + friday + "&party=4&time=21:00&lang=es"} {
		got := rec.ask(t, "GET", path)
		if strings.Contains(got.body, "lista de espera") || strings.Contains(got.body, "/espera") || strings.Contains(got.body, "Ahí le confirmamos") {
			t.Errorf("%s promises what the restaurant cannot do:\n%s", path, got.body)
		}
	}
	if got := rec.submit(t, "/espera", url.Values{"wanted": {friday + " 21:00"}, "party": {"4"}, "name": {"Ana"}, "phone": {"612345678"}}); got.status != http.StatusBadRequest {
		t.Errorf("a form of nobody's: %d", got.status)
	}
}

func TestAnotherSitesFormBooksNothing(t *testing.T) {
	t.Parallel()
	rec := openDeskSite(t, true)
	form := rec.ask(t, "GET", "/reservar?date="+friday+"&party=4&time=21:00").form(t, map[string]string{"name": "Ana", "phone": "612345678"})
	for _, origin := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://elsewhere.example"}} {
		got := rec.send(t, "POST", "/reservar", form.Encode(), append(origin, "Content-Type", "application/x-www-form-urlencoded")...)
		if got.status != http.StatusForbidden || len(rec.on(t)) != 0 {
			t.Errorf("%v: %d, %d in the book", origin, got.status, len(rec.on(t)))
		}
		got.shows(t, "Esto no venía de nuestra página")
	}
}

// TestBookingInARealBrowser walks the way of a guest, on a phone and on a desk.
func TestBookingInARealBrowser(t *testing.T) {
	t.Parallel()
	browser := newBrowser(t)
	rec := openDeskSite(t, false)
	own := rec.booked(t, wants(object{"name": "Marta Fernández de la Peña-Villar", "party": 3, "time": "14:00"}))
	gone := rec.booked(t, wants(object{"phone": "687000001", "party": 2, "time": "13:00"}))
	if got := rec.submit(t, gone+"/cancelar", nil); got.status != http.StatusSeeOther {
		t.Fatal(got.status)
	}
	rec.fill(t)
	free, full := "/reservar?lang=es&party=4&time=21:15&date="+friday, "/reservar?lang=en&party=4&time=21:00&date="+friday
	for name, tt := range map[string]struct {
		path   string
		width  int64
		scheme string
		shows  []string
	}{
		"home, phone":        {"/?lang=es", 390, "light", []string{"Reserve su mesa", "Ver horas"}},
		"times, phone":       {"/reservar?lang=es&party=4&date=" + friday, 390, "light", []string{"Viernes 27 de noviembre", "21:00\ncompleto", "21:15"}},
		"times, small phone": {"/reservar?lang=es&party=4&date=" + friday, 320, "dark", []string{"21:15"}},
		"times, desk":        {"/reservar?lang=en&party=4&date=" + friday, 1280, "light", []string{"Friday 27 November", "21:00\nfull"}},
		"closed, phone":      {"/reservar?lang=es&party=4&date=2026-11-30", 390, "dark", []string{"no abrimos", "Elija otra hora"}},
		"details, phone":     {free, 390, "light", []string{"Sus datos", "Reservar"}},
		"details, desk":      {free, 1280, "dark", []string{"Sus datos", "Reservar"}},
		"full, phone":        {full, 390, "light", []string{"no table", "Join the waiting list"}},
		"full, small phone":  {full, 320, "light", []string{"no table", "Join the waiting list"}},
		"full, desk":         {full, 1280, "dark", []string{"Choose another time"}},
		"own, phone":         {own + "?lang=es", 390, "light", []string{"Mesa reservada", "Cambiar la reserva"}},
		"own, small phone":   {own + "?lang=en", 320, "dark", []string{"Your table is booked", "Change the booking"}},
		"own, desk":          {own + "?lang=en", 1280, "light", []string{"Your table is booked", "Change the booking"}},
		"cancelled, phone":   {gone + "?lang=es", 390, "dark", []string{"Reserva cancelada"}},
	} {
		t.Run(name, func(t *testing.T) {
			browser.look(t, rec.URL+tt.path, tt.width, tt.scheme).check(t, rec.URL, tt.width, tt.shows)
		})
	}

	before := len(rec.on(t))
	ctx, cancel := chromedp.NewContext(browser.ctx)
	defer cancel()
	ctx, cancel = context.WithTimeout(ctx, time.Minute)
	defer cancel()
	// From a time that is full to the nearest that is free.
	err := chromedp.Do(ctx,
		chromedp.EmulateViewport(390, 844), chromedp.Navigate(rec.URL+"/reservar?lang=es&party=4&date="+friday),
		chromedp.Click(`a.time.is-taken`), chromedp.SendKeys(`#name`, "Ana García"), chromedp.SendKeys(`#phone`, "612 34 56 78"),
		chromedp.Click(`form.details button:not([formaction])`), chromedp.WaitVisible(`.ticket`),
	)
	if live := rec.on(t); err != nil || len(live) != before+1 {
		t.Fatalf("booked on a phone: %v, %d in the book", err, len(live))
	}
	// And on to the waitlist; what another page left behind does not matter.
	err = chromedp.Do(ctx,
		chromedp.Navigate(rec.URL+full), chromedp.SendKeys(`#name`, "Ben"), chromedp.SendKeys(`#phone`, "687654321"),
		chromedp.Click(`button[formaction="/espera"]`), chromedp.WaitVisible(`.told`),
	)
	if all := rec.waiting(t); err != nil || len(all) != 1 || all[0].Name != "Ben" || all[0].Lang != booking.English {
		t.Errorf("on the waitlist: %v, %+v", err, all)
	}
}
