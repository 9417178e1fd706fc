package web

import (
	"net/http"
	"strconv"
	"time"

	"maitre/webhook"
)

// How often one client may ask what is free, and ask for a table. The limits are
// wide, as guests behind one address (the restaurant's Wi-Fi, a proxy) share them;
// they keep a machine from filling the book, or making us ask Airtable for every
// day of the year.
const (
	asksAtOnce, asksEvery   = 120, 500 * time.Millisecond
	formsAtOnce, formsEvery = 30, 10 * time.Second
)

// maxForm is the largest booking form that is read, in bytes: many times what fits into
// its fields.
const maxForm = 16 << 10

// limited lets each client through as often as c allows; deny answers the rest.
// Callers on this machine, not through a proxy, are not limited.
func (s *site) limited(c *webhook.RateLimiter, deny, next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !fromThisMachine(r) {
			if ok, retryAfter := c.Allow(ClientIP(r, s.cfg.OnFly).String(), time.Now()); !ok {
				w.Header().Set("Retry-After", strconv.Itoa(retryAfter))
				deny(w, r)
				return
			}
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		next(w, r)
	}
}

func tooManyRequests(w http.ResponseWriter, _ *http.Request) {
	webhook.WriteError(w, http.StatusTooManyRequests, "rate_limited", "too many requests from this address: wait as long as Retry-After says", "")
}

func (s *site) tooManyPage(w http.ResponseWriter, r *http.Request) {
	s.problemPage(w, r, http.StatusTooManyRequests)
}

// asGuestForm wraps the handler of a guests' form: it checks the origin and the rate,
// and reads the form.
func (s *site) asGuestForm(next http.HandlerFunc) http.Handler {
	read := func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			s.problemPage(w, r, http.StatusBadRequest)
			return
		}
		next(w, r)
	}
	return s.asPage(sameOrigin(s.elsewherePage, s.limited(s.forms, s.tooManyPage, read)))
}

// sameOrigin refuses forms sent from another site's page; deny answers those.
func sameOrigin(deny, next http.HandlerFunc) http.HandlerFunc {
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(deny)
	return guard.Handler(next).ServeHTTP
}

func (s *site) elsewherePage(w http.ResponseWriter, r *http.Request) {
	s.problemPage(w, r, http.StatusForbidden)
}
