package web

import (
	"net/http"
	"strings"
)

// pagePolicy lets a page load its own stylesheet and pictures, and nothing else:
// no scripts, no frames, nothing from other hosts.
const pagePolicy = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// asPage wraps a handler of pages that people look at.
func (s *site) asPage(next http.HandlerFunc) http.Handler {
	https := strings.HasPrefix(s.cfg.PublicURL, "https://")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", pagePolicy)
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		// Not no-referrer: it makes browsers hide the origin of our own forms too, and
		// over plain HTTP nothing else tells them from another site's.
		h.Set("Referrer-Policy", "same-origin")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cache-Control", "no-cache")
		if https {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next(w, r)
	})
}

// asAPI wraps a handler that programs talk to.
func (s *site) asAPI(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		next.ServeHTTP(w, r)
	})
}
