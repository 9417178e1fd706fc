package web_test

import (
	"encoding/base64"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"maitre/web"
)

func TestTheStaffSignInAndOut(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, path := range []string{"/admin", "/admin/libro", "/admin/mensajes"} {
		got := s.ask(t, "GET", path+"?date=2026-12-24&lang=es&x=1")
		to, err := url.Parse(got.header.Get("Location"))
		if err != nil || got.status != http.StatusSeeOther || to.Path != "/admin/entrar" || to.Query().Get("a") != path+"?date=2026-12-24&lang=es" {
			t.Errorf("%s, not signed in: %d to %s", path, got.status, to)
		}
	}
	form := s.ask(t, "GET", "/admin/entrar?a=%2Fadmin%2Flibro%3Flang%3Den&lang=en")
	form.shows(t, `<html lang="en">`, `type="password"`, `name="a" value="/admin/libro?lang=en"`, `autocomplete="current-password"`)

	in := s.submit(t, "/admin/entrar", form.form(t, map[string]string{"password": " " + adminPassword + " "}))
	cookie := in.header.Get("Set-Cookie")
	if in.status != http.StatusSeeOther || in.header.Get("Location") != "/admin/libro?lang=en" {
		t.Fatalf("signed in: %d to %s", in.status, in.header.Get("Location"))
	}
	for _, part := range []string{"; Path=/admin;", "; HttpOnly", "; Secure", "; SameSite=Strict", "; Max-Age=43200"} {
		if !strings.Contains(cookie, part) {
			t.Errorf("the cookie %q lacks %s", cookie, part)
		}
	}
	kept, _, _ := strings.Cut(cookie, ";")
	for _, path := range []string{"/admin", "/admin/libro", "/admin/mensajes", "/admin/api/bookings", "/admin/api/journal", "/metrics"} {
		got := s.ask(t, "GET", path, "Cookie", kept)
		if got.status != http.StatusOK {
			t.Errorf("%s, signed in: %d", path, got.status)
		}
		if path != "/metrics" && got.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s may be kept: %q", path, got.header.Get("Cache-Control"))
		}
	}
	if got := s.ask(t, "GET", "/admin/entrar?a=/admin/libro", "Cookie", kept); got.header.Get("Location") != "/admin/libro" {
		t.Errorf("signed in, at the sign-in page: %d to %s", got.status, got.header.Get("Location"))
	}

	out := s.submit(t, "/admin/salir", url.Values{"lang": {"en"}}, "Cookie", kept)
	if out.status != http.StatusSeeOther || !strings.HasPrefix(out.header.Get("Set-Cookie"), "maitre_staff=; Path=/admin; Max-Age=0") {
		t.Errorf("signed out: %d %v", out.status, out.header)
	}
	s.ask(t, "GET", out.header.Get("Location")).shows(t, "You have signed out.")
	if got := s.ask(t, "GET", "/admin", "Cookie", kept); got.status != http.StatusSeeOther {
		t.Errorf("a copy of the cookie opens after signing out: %d", got.status)
	}
	s.Close()
	if log := strings.Join(s.log.at(slog.LevelInfo), ""); !strings.Contains(log, "signed in") || strings.Contains(log, adminPassword) || strings.Contains(log, kept) {
		t.Errorf("the log: %s", log)
	}
}

func TestOnlyThePasswordSignsIn(t *testing.T) {
	t.Parallel()
	s, closed := open(t), open(t, func(c *web.Config) { c.AdminPassword = "" })
	for name, typed := range map[string]string{
		"nothing": "", "another": "x" + adminPassword[1:], "part of it": adminPassword[:5], "more": adminPassword + "x", "the token": adminToken,
	} {
		got := s.submit(t, "/admin/entrar", url.Values{"password": {typed}, "lang": {"es"}})
		if got.status != http.StatusForbidden || got.header.Get("Set-Cookie") != "" {
			t.Errorf("%s: %d, %v", name, got.status, got.header)
		}
		got.shows(t, `role="alert"`, "Esa no es la contraseña")
	}
	if got := closed.ask(t, "GET", "/admin", "Cookie", web.Forge(sessionKey, "")); got.status != http.StatusSeeOther {
		t.Errorf("no password set, a cookie of the empty one: %d", got.status)
	}
	if got := s.ask(t, "GET", "/admin", "Cookie", web.Forge(sessionKey, adminPassword)); got.status != http.StatusOK {
		t.Errorf("forged with the password: %d; the test forges badly", got.status)
	}
	// Where none is set, the empty one is wrong as well.
	for _, typed := range []string{"", " ", adminPassword} {
		if got := closed.submit(t, "/admin/entrar", url.Values{"password": {typed}}); got.status != http.StatusForbidden {
			t.Errorf("no password set, %q typed: %d", typed, got.status)
		}
	}
	if got := s.submit(t, "/admin/entrar", url.Values{"password": {strings.Repeat("x", 20_000)}}); got.status != http.StatusBadRequest {
		t.Errorf("a book for a password: %d", got.status)
	}
	s.Close()
	if lines := s.log.at(slog.LevelWarn); len(lines) != 5 || strings.Contains(strings.Join(lines, ""), adminPassword[1:]) {
		t.Errorf("wrong passwords in the log: %q", lines)
	}
}

func TestWhoGuessesPasswordsMustWait(t *testing.T) {
	t.Parallel()
	s := open(t)
	try := func(from, password string) reply {
		return s.submit(t, "/admin/entrar", url.Values{"password": {password}}, "X-Forwarded-For", from)
	}
	for range 10 {
		if got := try("203.0.113.7", "wrong"); got.status != http.StatusForbidden {
			t.Fatalf("%d", got.status)
		}
	}
	got := try("203.0.113.7", adminPassword)
	if got.status != http.StatusTooManyRequests || got.header.Get("Retry-After") == "" || got.header.Get("Set-Cookie") != "" {
		t.Errorf("the eleventh: %d %v", got.status, got.header)
	}
	got.shows(t, `role="alert"`, "Demasiados intentos")
	if got := try("203.0.113.8", adminPassword); got.status != http.StatusSeeOther {
		t.Errorf("somebody else: %d", got.status)
	}
	// Who says nothing of a proxy may be one that says nothing.
	for range 10 {
		s.submit(t, "/admin/entrar", url.Values{"password": {"wrong"}})
	}
	if got := s.submit(t, "/admin/entrar", url.Values{"password": {adminPassword}}); got.status != http.StatusTooManyRequests {
		t.Errorf("from this machine: %d", got.status)
	}
}

// TestOnlyOurOwnCookiesOpen bends a good cookie in every way, and uses one of
// another password and of another restaurant.
func TestOnlyOurOwnCookiesOpen(t *testing.T) {
	t.Parallel()
	s := open(t)
	good := s.signed(t)
	value, err := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(good, "maitre_staff="))
	if err != nil || len(value) < 32+8+8+32 {
		t.Fatalf("%q: %v", good, err)
	}
	bent := map[string]string{"none": "", "empty": "maitre_staff=", "nonsense": "maitre_staff=%%%", "cut": good[:len(good)-4], "more": good + "AAAA"}
	for i := range value {
		other := append([]byte(nil), value...)
		other[i] ^= 1
		bent[fmt.Sprint("byte ", i)] = "maitre_staff=" + base64.RawURLEncoding.EncodeToString(other)
	}
	bent["another password"] = open(t, func(c *web.Config) { c.AdminPassword = "another password" }).signedWith(t, "another password")
	bent["another restaurant"] = open(t, func(c *web.Config) { c.SessionKey = []byte("another restaurant's") }).signed(t)
	bent["another name"] = strings.Replace(good, "maitre_staff", "maitre", 1)
	for name, cookie := range bent {
		for path, want := range map[string]int{"/admin": 303, "/admin/api/bookings": 401} {
			if got := s.ask(t, "GET", path, "Cookie", cookie); got.status != want {
				t.Errorf("%s: %s answers %d", name, path, got.status)
			}
		}
	}
	// A wrong one beside the right one does not lock out.
	if got := s.ask(t, "GET", "/admin", "Cookie", bent["nonsense"]+"; "+good); got.status != http.StatusOK {
		t.Errorf("a wrong one first: %d", got.status)
	}
	// The same password at another start opens: a restart signs nobody out.
	if got := open(t).ask(t, "GET", "/admin", "Cookie", good); got.status != http.StatusOK {
		t.Errorf("after a restart: %d", got.status)
	}
}

// TestASessionEndsWhenNobodyUsesIt lets time go by.
func TestASessionEndsWhenNobodyUsesIt(t *testing.T) {
	t.Parallel()
	handler := open(t).Config.Handler
	synctest.Test(t, func(t *testing.T) {
		ask := func(cookie string) (int, string) {
			r := httptest.NewRequest(http.MethodGet, "/admin/mensajes", http.NoBody)
			r.Header.Set("Cookie", cookie)
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			renewed, _, _ := strings.Cut(w.Header().Get("Set-Cookie"), ";")
			return w.Code, renewed
		}
		form := url.Values{"password": {adminPassword}}
		r := httptest.NewRequest(http.MethodPost, "/admin/entrar", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		first, _, _ := strings.Cut(w.Header().Get("Set-Cookie"), ";")

		time.Sleep(5 * time.Minute)
		if code, renewed := ask(first); code != http.StatusOK || renewed != "" {
			t.Errorf("after 5 minutes: %d, renewed: %q", code, renewed)
		}
		time.Sleep(11 * time.Hour)
		code, second := ask(first)
		if code != http.StatusOK || second == "" || second == first {
			t.Fatalf("after 11 hours: %d, renewed: %q", code, second)
		}
		time.Sleep(time.Hour)
		if code, _ := ask(first); code != http.StatusSeeOther {
			t.Errorf("the first, 12 hours later: %d", code)
		}
		code, third := ask(second)
		if code != http.StatusOK || third == "" {
			t.Errorf("the one that was made anew: %d, renewed: %q", code, third)
		}
		// However busy it is, it ends a week after somebody signed in.
		week := time.Now().Add(7*24*time.Hour - 12*time.Hour - 5*time.Minute)
		last := third
		for range 20 {
			time.Sleep(11 * time.Hour)
			code, renewed := ask(last)
			if over := !time.Now().Before(week); (code == http.StatusSeeOther) != over {
				t.Errorf("%s before its week is over: %d", time.Until(week), code)
			}
			if code != http.StatusOK {
				break
			}
			last = renewed
		}
	})
}

func TestSigningInLeadsToStaffPagesOnly(t *testing.T) {
	t.Parallel()
	s := open(t)
	for i, target := range []string{
		"https://evil.example/admin/libro", "//evil.example/admin", `/\evil.example`, "/admin/../", "/admin//evil.example", "/adminevil",
		"javascript:alert(1)", "/admin/salir", "/admin/api/journal", "/admin/libro/intentar", "", "%00", "/admin\r\nX-Evil: 1", "evil.example", "//admin@evil.example/admin",
	} {
		got := s.submit(t, "/admin/entrar", url.Values{"password": {adminPassword}, "a": {target}}, "X-Forwarded-For", fmt.Sprintf("203.0.113.%d", i))
		to := got.header.Get("Location")
		if got.status != http.StatusSeeOther || to != "/admin" && to != "/admin/libro" {
			t.Errorf("%q leads to %q (%d)", target, to, got.status)
		}
	}
}

// TestAnotherSiteDoesNothingInTheNameOfTheStaff sends what another site's page
// could, with the cookie that a strict browser would not even send.
func TestAnotherSiteDoesNothingInTheNameOfTheStaff(t *testing.T) {
	t.Parallel()
	clerk := &clerk{}
	s := openWith(t, clerk)
	cookie := s.signed(t)
	clerk.did = nil
	for _, origin := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://elsewhere.example"}, {"Origin", "null"}} {
		for _, path := range []string{"/admin/libro/intentar", "/admin/libro/resolver", "/admin/salir", "/admin/entrar", "/admin/api/journal/01E/retry", "/admin/api/journal/01E/settle"} {
			got := s.send(t, "POST", path, "id=01E&why=x&password="+url.QueryEscape(adminPassword),
				append([]string{"Cookie", cookie, "Content-Type", "application/x-www-form-urlencoded"}, origin...)...)
			if got.status != http.StatusForbidden || got.header.Get("Set-Cookie") != "" {
				t.Errorf("%s from %v: %d", path, origin, got.status)
			}
		}
	}
	if len(clerk.did) != 0 {
		t.Errorf("did %q", clerk.did)
	}
	if got := s.send(t, "POST", "/admin/api/journal/01E/settle", `{"why":"called"}`, "Cookie", cookie, "Sec-Fetch-Site", "same-origin"); got.status != http.StatusOK {
		t.Errorf("our own page: %d %s", got.status, got.body)
	}
	// Who has the token is no browser that was led astray.
	if got := s.send(t, "POST", "/admin/api/journal/01E/retry", "", "Authorization", bearer, "Origin", "https://elsewhere.example"); got.status != http.StatusOK {
		t.Errorf("with the token: %d", got.status)
	}
	if got := s.ask(t, "GET", "/admin", "Cookie", cookie); got.status != http.StatusOK {
		t.Errorf("signed out by another site: %d", got.status)
	}
	// A form of who is not signed in any more does nothing either.
	clerk.did = nil
	got := s.submit(t, "/admin/libro/resolver", url.Values{"id": {"01E"}, "why": {"x"}})
	if got.status != http.StatusSeeOther || !strings.HasPrefix(got.header.Get("Location"), "/admin/entrar?") || len(clerk.did) != 0 {
		t.Errorf("not signed in: %d to %s, did %q", got.status, got.header.Get("Location"), clerk.did)
	}
}

func TestWithoutHTTPSTheCookieIsNotForHTTPSOnly(t *testing.T) {
	t.Parallel()
	s := open(t, func(c *web.Config) { c.PublicURL = "http://192.168.1.20:8000" })
	got := s.submit(t, "/admin/entrar", url.Values{"password": {adminPassword}})
	if cookie := got.header.Get("Set-Cookie"); strings.Contains(cookie, "Secure") || !strings.Contains(cookie, "HttpOnly") {
		t.Errorf("%q", cookie)
	}
}
