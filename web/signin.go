package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// How often one client may try a password: enough for typos, too little for
// guessing. Callers on this machine are limited too, as a tunnel that does not
// name its callers looks like one.
const (
	signInsAtOnce, signInsEvery = 10, 30 * time.Second
)

// The addresses of the staff's pages.
const (
	dayPath      = "/admin"
	journalPath  = "/admin/libro"
	messagesPath = "/admin/mensajes"
	signInPath   = "/admin/entrar"
	signOutPath  = "/admin/salir"
)

// sessionCookie carries a session.
const sessionCookie = "maitre_staff"

// session returns the session of a request, renewed when it is old; false: the
// caller is not signed in.
func (s *site) session(w http.ResponseWriter, r *http.Request) (session, bool) {
	if !s.password.set {
		return session{}, false
	}
	for _, cookie := range r.CookiesNamed(sessionCookie) {
		if found, renewed, ok := s.sessions.use(cookie.Value, time.Now()); ok {
			if renewed {
				s.setCookie(w, s.sessions.value(found), int(sessionIdle/time.Second))
			}
			return found, true
		}
	}
	return session{}, false
}

// setCookie gives the browser a session; a negative age takes it away.
func (s *site) setCookie(w http.ResponseWriter, value string, age int) {
	http.SetCookie(w, &http.Cookie{
		Name: sessionCookie, Value: value, Path: "/admin", MaxAge: age,
		HttpOnly: true, Secure: strings.HasPrefix(s.cfg.PublicURL, "https://"), SameSite: http.SameSiteStrictMode,
	})
}

// asStaff wraps a page for the staff; callers who are not signed in are sent to the
// sign-in page.
func (s *site) asStaff(next http.HandlerFunc) http.Handler {
	return s.asPage(private(func(w http.ResponseWriter, r *http.Request) {
		if _, ok := s.session(w, r); !ok {
			s.askToSignIn(w, r)
			return
		}
		next(w, r)
	}))
}

// asStaffForm wraps the handler of a form on the staff's pages.
func (s *site) asStaffForm(next http.HandlerFunc) http.Handler {
	signedIn := s.asStaff(func(w http.ResponseWriter, r *http.Request) {
		if s.readForm(w, r) {
			next(w, r)
		}
	})
	return s.asPage(private(sameOrigin(s.staffElsewhere, signedIn.ServeHTTP)))
}

// private keeps a page out of every cache and of every search.
func private(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Robots-Tag", "noindex")
		next(w, r)
	}
}

// readForm reads a form; when it cannot, it answers and returns false.
func (s *site) readForm(w http.ResponseWriter, r *http.Request) bool {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		p := s.page(r)
		s.staffProblem(w, p, http.StatusBadRequest, p.Words.Staff.Garbled, p.Words.Staff.NothingDone)
		return false
	}
	return true
}

func (s *site) staffElsewhere(w http.ResponseWriter, r *http.Request) {
	p := s.page(r)
	s.staffProblem(w, p, http.StatusForbidden, p.Words.Staff.Elsewhere, p.Words.Staff.NothingDone)
}

// staffProblem shows what is wrong, with a link back to the day.
func (s *site) staffProblem(w http.ResponseWriter, p page, status int, title, help string) {
	s.render(w, status, "staff_problem", p.Lang, struct {
		page
		Title, Help string
	}{p, title, help})
}

// signInPage asks for the password.
type signInPage struct {
	page
	// Target is the page that was asked for.
	Target string
	// Said is why it is asked for again; Left: somebody signed out.
	Said string
	Left bool
}

// askToSignIn sends the caller to the sign-in page, and from there to the page asked for.
func (s *site) askToSignIn(w http.ResponseWriter, r *http.Request) {
	p := s.page(r)
	target := dayPath
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		target = staffTarget(r.URL.RequestURI())
	}
	if r.Header.Get("Sec-Fetch-Site") == "cross-site" {
		// Following a link from another site, such as an alert read in WhatsApp Web,
		// a browser does not send a SameSite=Strict cookie. This page asks again by
		// itself, then with the cookie.
		w.Header().Set("Refresh", "0; url="+target)
		s.render(w, http.StatusOK, "signin", p.Lang, signInPage{page: p, Target: target})
		return
	}
	asked := url.Values{"a": {target}, "lang": {string(p.Lang)}}
	http.Redirect(w, r, signInPath+"?"+asked.Encode(), http.StatusSeeOther)
}

// staffTarget returns the staff's page that an address names, with its date and
// language, or the day's. Nothing else of the address is kept, so that it cannot
// redirect to another site.
func staffTarget(address string) string {
	asked, err := url.Parse(address)
	if err != nil || !slices.Contains([]string{dayPath, journalPath, messagesPath}, asked.Path) {
		return dayPath
	}
	kept, query := url.Values{}, asked.Query()
	for _, name := range []string{"date", "lang"} {
		if query.Has(name) {
			kept.Set(name, query.Get(name))
		}
	}
	return (&url.URL{Path: asked.Path, RawQuery: kept.Encode()}).String()
}

// signInForm answers GET /admin/entrar.
func (s *site) signInForm(w http.ResponseWriter, r *http.Request) {
	target := staffTarget(r.URL.Query().Get("a"))
	if _, ok := s.session(w, r); ok {
		http.Redirect(w, r, target, http.StatusSeeOther)
		return
	}
	p := s.page(r)
	s.render(w, http.StatusOK, "signin", p.Lang, signInPage{page: p, Target: target, Left: r.URL.Query().Has("adios")})
}

// signIn answers POST /admin/entrar.
func (s *site) signIn(w http.ResponseWriter, r *http.Request) {
	if !s.readForm(w, r) {
		return
	}
	p := s.page(r)
	view := signInPage{page: p, Target: staffTarget(r.PostForm.Get("a"))}
	client := ClientIP(r, s.cfg.OnFly).String()
	if ok, retryAfter := s.signIns.Allow(client, time.Now()); !ok {
		w.Header().Set("Retry-After", strconv.Itoa(retryAfter))
		view.Said = p.Words.Staff.TooManyTries
		s.render(w, http.StatusTooManyRequests, "signin", p.Lang, view)
		return
	}
	// Phones may add a space to what they fill in.
	if !s.password.is(strings.TrimSpace(r.PostForm.Get("password"))) {
		s.cfg.Log.WarnContext(r.Context(), "staff sign-in with a wrong password", "client", client)
		view.Said = p.Words.Staff.WrongPassword
		s.render(w, http.StatusForbidden, "signin", p.Lang, view)
		return
	}
	s.cfg.Log.InfoContext(r.Context(), "staff signed in", "client", client)
	s.setCookie(w, s.sessions.value(s.sessions.begin(time.Now())), int(sessionIdle/time.Second))
	http.Redirect(w, r, view.Target, http.StatusSeeOther)
}

// signOut answers POST /admin/salir.
func (s *site) signOut(w http.ResponseWriter, r *http.Request) {
	if !s.readForm(w, r) {
		return
	}
	if over, ok := s.session(w, r); ok {
		s.sessions.end(over, time.Now())
	}
	w.Header().Del("Set-Cookie") // of a session just renewed
	s.setCookie(w, "", -1)
	asked := url.Values{"adios": {""}, "lang": {string(s.languageOf(r))}}
	http.Redirect(w, r, signInPath+"?"+asked.Encode(), http.StatusSeeOther)
}
