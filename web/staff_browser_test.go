package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"maitre/booking"
	"maitre/web"
)

// tab is a browser's tab that a test walks in.
func (b browser) tab(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// shown is what a tab shows, and where it is.
func shown(t *testing.T, tab context.Context) (text, address string) {
	t.Helper()
	text, err := chromedp.Run(tab, chromedp.Evaluate[string](`document.body.innerText`))
	if err != nil {
		t.Fatal(err)
	}
	if address, err = chromedp.Run(tab, chromedp.Location()); err != nil {
		t.Fatal(err)
	}
	return text, address
}

// TestTheStaffInARealBrowser walks the way of somebody who was sent an alert: the
// link, the password, what waits, a try, a case that is settled, the day. And it
// looks at every page, on a phone and on a desk.
func TestTheStaffInARealBrowser(t *testing.T) {
	t.Parallel()
	browser := newBrowser(t)
	s := openBusyService(t)
	browser.look(t, s.URL+"/admin?lang=es", 390, "light").check(t, s.URL, 390, []string{"Entrada del personal", "Contraseña"})
	browser.look(t, s.URL+"/admin/libro?lang=en", 1280, "dark").check(t, s.URL, 1280, []string{"For the staff", "Password"})

	tab := browser.tab(t)
	err := chromedp.Do(tab,
		chromedp.EmulateViewport(390, 844), chromedp.Navigate(s.URL+"/admin/libro?lang=es"),
		chromedp.SendKeys(`#password`, "wrong"), chromedp.Click(`form.door button`), chromedp.WaitVisible(`[role=alert]`),
		chromedp.SendKeys(`#password`, adminPassword), chromedp.Click(`form.door button`), chromedp.WaitVisible(`article.case`),
	)
	if text, address := shown(t, tab); err != nil || address != s.URL+"/admin/libro?lang=es" || !strings.Contains(text, "Carla Núñez") {
		t.Fatalf("after signing in at %s: %v\n%s", address, err, text)
	}
	for name, tt := range map[string]struct {
		path   string
		width  int64
		scheme string
		shows  []string
	}{
		"day, phone":             {"/admin?lang=es&date=" + friday, 390, "light", []string{"Viernes 27", "Ana García\n4 personas", "+34 612 34 56 78", "No le llegó un mensaje"}},
		"day, phone at night":    {"/admin?lang=es&date=" + friday, 390, "dark", []string{"2 necesitan a alguien", "En camino al libro"}},
		"day, small phone":       {"/admin?lang=en&date=" + friday, 320, "light", []string{"Friday 27", longName}},
		"day, desk":              {"/admin?lang=es&date=" + friday, 1280, "light", []string{"17 cubiertos", "Canceladas y ausentes (1)"}},
		"today, nothing on":      {"/admin?lang=es", 390, "dark", []string{"Hoy", "Ese día no hay servicio"}},
		"waiting, phone":         {"/admin/libro?lang=es", 390, "light", []string{"Necesita a alguien", "Llamar +34 687 65 43 26", "Intentar ahora"}},
		"waiting, small phone":   {"/admin/libro?lang=es", 320, "dark", []string{"Intentar todas"}},
		"waiting, desk":          {"/admin/libro?lang=en", 1280, "dark", []string{"Needs a person", "Try now"}},
		"messages, phone":        {"/admin/mensajes?lang=es", 390, "dark", []string{"No llegaron", "Ese teléfono no tiene WhatsApp."}},
		"messages, desk":         {"/admin/mensajes?lang=en", 1280, "light", []string{"Did not arrive", "That phone has no WhatsApp."}},
		"settled without a word": {"/admin/libro?lang=es&hecho=sin-motivo", 390, "light", []string{"Diga cómo se ha resuelto"}},
	} {
		t.Run(name, func(t *testing.T) {
			browser.look(t, s.URL+tt.path, tt.width, tt.scheme).check(t, s.URL, tt.width, tt.shows)
		})
	}

	// The base is fixed; one entry is retried, and the page reloads with the result.
	s.base.says(nil)
	form := func(id, path string) string {
		return fmt.Sprintf(`form[action="%s"]:has([value="%s"]) button`, path, id)
	}
	err = chromedp.Do(tab, chromedp.Click(form(s.parked.ID, "/admin/libro/intentar")), chromedp.WaitVisible(`[role=status]`))
	if err != nil {
		t.Fatal(err)
	}
	until(s.written, s.parked.ID)
	// The browser comes again by itself if it was faster than the attempt.
	if _, err = chromedp.Run(tab, chromedp.WaitVisible(fmt.Sprintf(`main:not(:has([value="%s"]))`, s.parked.ID))); err != nil {
		t.Fatal(err)
	}
	if text, _ := shown(t, tab); !strings.Contains(text, "Ya no espera") {
		t.Errorf("after the try:\n%s", text)
	}
	// Another is settled: first it has to be opened, then to be said how.
	settle := fmt.Sprintf(`article[aria-labelledby="case-%s"]`, s.conflict.ID)
	err = chromedp.Do(tab,
		chromedp.Click(settle+` details:not(.technical) summary`), chromedp.SendKeys(settle+` textarea`, "viene a las 15:00"),
		chromedp.Click(form(s.conflict.ID, "/admin/libro/resolver")), chromedp.WaitVisible(`[role=status]`),
	)
	if err != nil {
		t.Fatal(err)
	}
	until(s.written, s.conflict.ID)
	err = chromedp.Do(tab, chromedp.WaitVisible(fmt.Sprintf(`main:not(:has([value="%s"]))`, s.conflict.ID)))
	if text, _ := shown(t, tab); err != nil || !strings.Contains(text, "Resuelta.") {
		t.Errorf("after it was settled: %v\n%s", err, text)
	}
	archived, err := s.file.Journal().Archived(t.Context(), 10)
	if err != nil || !hasReason(archived, "viene a las 15:00") {
		t.Errorf("%v in the archive: %+v", err, archived)
	}
	// The day of a date, and out.
	err = chromedp.Do(tab, chromedp.Click(`.bar a:first-of-type`), chromedp.WaitVisible(`.turn`), chromedp.Click(`.turn a[rel=next]`), chromedp.WaitVisible(`.service, .none`))
	if text, address := shown(t, tab); err != nil || !strings.Contains(address, "date=2026-11-24") || !strings.Contains(text, "Martes 24 de noviembre") {
		t.Errorf("the next day: %v at %s\n%s", err, address, text)
	}
	err = chromedp.Do(tab, chromedp.Click(`.bar button`), chromedp.WaitVisible(`form.door`), chromedp.Navigate(s.URL+"/admin"), chromedp.WaitVisible(`form.door`))
	if text, _ := shown(t, tab); err != nil || strings.Contains(text, "Diego") {
		t.Errorf("after signing out: %v\n%s", err, text)
	}
}

// follow follows the only link of a page, as whoever taps it does. (Click waits for
// the page that it was made on, which is gone with the site.)
func follow(ctx context.Context, tab *chromedp.Target) (chromedp.Void, error) {
	_, err := chromedp.Evaluate[bool](`(setTimeout(() => document.querySelector('a').click()), true)`)(ctx, tab)
	return chromedp.Void{}, err
}

// TestALinkInAnotherSiteFindsWhoIsSignedIn follows the link of an alert that is
// read on another site's page, from where a browser does not send the cookie.
func TestALinkInAnotherSiteFindsWhoIsSignedIn(t *testing.T) {
	t.Parallel()
	browser := newBrowser(t)
	s := open(t)
	chat := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = fmt.Fprintf(w, `<a href="%s/admin/libro?lang=es">ver</a>`, s.URL)
	}))
	t.Cleanup(chat.Close)
	elsewhere := strings.Replace(chat.URL, "127.0.0.1", "localhost", 1)
	tab := browser.tab(t)
	// Who is not signed in is asked to be, and gets there.
	err := chromedp.Do(tab,
		chromedp.Navigate(elsewhere), follow, chromedp.WaitVisible(`#password`),
		chromedp.SendKeys(`#password`, adminPassword), chromedp.Click(`form.door button`), chromedp.WaitVisible(`.bar`),
	)
	if _, address := shown(t, tab); err != nil || address != s.URL+"/admin/libro?lang=es" {
		t.Fatalf("%v at %s", err, address)
	}
	// Who is, gets there at once.
	err = chromedp.Do(tab, chromedp.Navigate(elsewhere), follow, chromedp.WaitVisible(`.bar`))
	if _, address := shown(t, tab); err != nil || address != s.URL+"/admin/libro?lang=es" {
		t.Errorf("%v at %s", err, address)
	}
}

// TestWithoutHTTPS signs in, and books, over the restaurant's own network by
// plain HTTP, where browsers do not say of which site a request is.
func TestWithoutHTTPS(t *testing.T) {
	t.Parallel()
	browser := newBrowser(t)
	rec := openDeskSite(t, true, func(_ *deskSite, _ *booking.Config, w *web.Config) { w.PublicURL = "http://" + plainHost })
	restaurant := strings.Replace(rec.URL, "127.0.0.1", plainHost, 1)
	tab := browser.tab(t)
	err := chromedp.Do(tab,
		chromedp.Navigate(restaurant+"/admin"), chromedp.SendKeys(`#password`, adminPassword), chromedp.Click(`form.door button`), chromedp.WaitVisible(`.bar`),
	)
	if text, _ := shown(t, tab); err != nil || !strings.Contains(text, "Hoy") && !strings.Contains(text, "Today") {
		t.Errorf("sign in: %v\n%s", err, text)
	}
	err = chromedp.Do(tab,
		chromedp.Navigate(restaurant+"/reservar?party=4&time=21:00&date="+friday), chromedp.SendKeys(`#name`, "Ana García"), chromedp.SendKeys(`#phone`, "612 34 56 78"),
		chromedp.Click(`form.details button`), chromedp.WaitVisible(`.ticket`),
	)
	if text, _ := shown(t, tab); err != nil || len(rec.on(t)) != 1 {
		t.Errorf("book: %v\n%s", err, text)
	}
}
