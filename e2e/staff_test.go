package e2e

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"maitre/store/airtable/airtabletest"
)

func TestTheStaffSignInAndReadTheDay(t *testing.T) { both(t, testTheStaffSignInAndReadTheDay) }

// The staff sign in, with the password that was set or the one that was made; a
// power cut signs out only those whose password is gone with it.
func testTheStaffSignInAndReadTheDay(t *testing.T) {
	p := start(t)
	if booked := p.ask(anasBooking("c1", "t1", ana)); !booked.Success {
		t.Fatalf("%+v\n%s", booked, p.log)
	}
	day := "/admin?lang=es&date=" + eve
	if page := p.reads(day, ""); !strings.Contains(page, "Contraseña") || strings.Contains(page, "Ana") {
		t.Fatalf("a stranger reads:\n%s", page)
	}
	cookie := p.signsIn(p.password())
	p.wants(p.reads(day, cookie), "Ana", "4 personas", "Confirmada", `href="tel:&#43;`, "4 cubiertos")
	p.wants(p.reads("/admin/libro?lang=es", cookie), "No espera nada")
	status, _, got, err := p.do("GET", "/admin/api/bookings?date="+eve, map[string]string{"Cookie": cookie}, nil)
	var list struct{ Bookings []kept }
	if err != nil || status != 200 || json.Unmarshal(got, &list) != nil || len(list.Bookings) != 1 {
		t.Errorf("the API with the session: %d %s %v", status, got, err)
	}
	p.kill()
	stays := base(t, p.dir, p.env) != nil // there a password is always set
	p = p.again()
	if page := p.reads(day, cookie); strings.Contains(page, "Ana") != stays {
		t.Errorf("after a power cut, signed in: want %v\n%s", stays, page)
	}
	p.stop()
	p = p.again("ADMIN_PASSWORD=another-password-for-tests")
	if page := p.reads(day, cookie); strings.Contains(page, "Ana") {
		t.Error("a new password signs nobody out")
	}
	p.signsIn(p.password())
	p.stop()
	if log := p.log.String(); strings.Contains(log, "another-password-for-tests") {
		t.Errorf("a password that was set is in the log:\n%s", log)
	}
}

// TestTheStaffEndAnOutageOnThePage: what waits is seen, and goes when Airtable is
// back; what needs a person is tried from the page, or settled.
func TestTheStaffEndAnOutageOnThePage(t *testing.T) {
	t.Parallel()
	t.Run("airtable/", func(t *testing.T) {
		p, srv := warm(t, "REPLY_BUDGET=2s")
		cookie := p.signsIn(p.password())
		srv.Inject(airtabletest.Fault{Status: 503})
		waits := p.ask(dinnerFor(1, "Ana"))
		if waits.Booking.Status != "processing" {
			t.Fatalf("%+v", waits)
		}
		p.wants(p.reads("/admin?lang=es&date="+eve, cookie), "1 espera a pasar al libro", "En camino al libro", "Ana")
		p.wants(p.reads("/admin/libro?lang=es", cookie), "Se intenta sola", waits.Booking.Code, "El libro no responde")
		srv.LiftFaults()
		p.settled()
		p.wants(p.reads("/admin/libro?lang=es", cookie), "No espera nada")

		srv.SpendQuota(true)
		for n, name := range []string{"Berta", "Carla"} {
			p.ask(dinnerFor(n+2, name))
		}
		p.until("both need a person", func() (bool, any) {
			entries := p.journal()
			return len(entries) == 2 && entries[0].State == "parked" && entries[1].State == "parked", entries
		})
		p.wants(p.reads("/admin/libro?lang=es", cookie), "Las llamadas a Airtable de este mes se han acabado", "larger plan", "Berta", "Carla", "Intentar todas")
		entries := p.journal()
		p.presses("/admin/libro/resolver", cookie, url.Values{"id": {entries[1].ID}, "why": {"no viene"}, "lang": {"es"}}, "Resuelta.")
		srv.SpendQuota(false)
		p.presses("/admin/libro/intentar", cookie, url.Values{"id": {entries[0].ID}, "lang": {"es"}}, `role="status"`)
		p.settled()
		p.agrees(eve)
		var names []string
		for _, b := range p.book(eve) {
			names = append(names, b.Name)
		}
		if got := strings.Join(names, " "); got != "Ana Berta" {
			t.Errorf("in the book: %s", got)
		}
		p.stop()
	})
}

// password is what the staff sign in with: what was set or, where nothing was,
// what the log tells, once.
func (p *program) password() string {
	p.t.Helper()
	set := ""
	for _, v := range p.env { // the last counts
		if value, ok := strings.CutPrefix(v, "ADMIN_PASSWORD="); ok {
			set = value
		}
	}
	told := regexp.MustCompile(`"password":"([a-z2-7]{16})"`).FindAllStringSubmatch(p.log.String(), -1)
	switch {
	case set != "" && len(told) == 0:
		return set
	case set == "" && len(told) == 1:
		return told[0][1]
	}
	p.t.Fatalf("the log tells %d passwords\n%s", len(told), p.log)
	return ""
}

// reads returns the page that a browser with a cookie gets to in the end.
func (p *program) reads(path, cookie string) string {
	p.t.Helper()
	status, header, got, err := p.do("GET", path, map[string]string{"Cookie": cookie}, nil)
	if err != nil || status != 200 || header.Get("Cache-Control") != "no-store" {
		p.t.Fatalf("GET %s: %d %v %v %s", path, status, err, header, got)
	}
	return string(got)
}

// presses sends a form of the staff's pages, and wants the page after it to say so.
func (p *program) presses(path, cookie string, form url.Values, says string) {
	p.t.Helper()
	res := p.submits(path, cookie, form)
	to := res.Header.Get("Location")
	if res.StatusCode != http.StatusSeeOther || !strings.HasPrefix(to, "/admin/libro?") {
		p.t.Fatalf("POST %s: %d to %s", path, res.StatusCode, to)
	}
	p.wants(p.reads(to, cookie), says)
}

// submits sends a form and goes nowhere after it.
func (p *program) submits(path, cookie string, form url.Values) *http.Response {
	p.t.Helper()
	req, err := http.NewRequest("POST", p.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		p.t.Fatal(err)
	}
	for name, value := range map[string]string{"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin", "Cookie": cookie} {
		req.Header.Set(name, value)
	}
	stays := *p.client
	stays.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := stays.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	_ = res.Body.Close() // what it says is on the page that it leads to
	return res
}

// signsIn signs in and returns the cookie as a browser sends it.
func (p *program) signsIn(password string) string {
	p.t.Helper()
	res := p.submits("/admin/entrar", "", url.Values{"password": {password}, "a": {"/admin"}})
	cookie, _, _ := strings.Cut(res.Header.Get("Set-Cookie"), ";")
	if res.StatusCode != http.StatusSeeOther || !strings.HasPrefix(cookie, "maitre_staff=") {
		p.t.Fatalf("sign in: %d %v\n%s", res.StatusCode, res.Header, p.log)
	}
	return cookie
}
