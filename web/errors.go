package web

import (
	"encoding/json"
	"net/http"
	"strings"

	"maitre/webhook"
)

// internalError answers 500 for a handler that failed. The cause is only logged.
func (s *site) internalError(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	for _, name := range []string{"Content-Length", "Content-Encoding", "Content-Type", "Etag", "Last-Modified"} {
		h.Del(name) // they described the answer that is not coming
	}
	h.Set("Cache-Control", "no-store")
	if forPeople(r) {
		s.problemPage(w, r, http.StatusInternalServerError)
		return
	}
	webhook.WriteError(w, http.StatusInternalServerError, "internal", "something went wrong on our side", "")
}

func (s *site) notFound(w http.ResponseWriter, r *http.Request) {
	if forPeople(r) {
		s.problemPage(w, r, http.StatusNotFound)
		return
	}
	webhook.WriteError(w, http.StatusNotFound, "not_found", "there is nothing at this address", "")
}

// methodNotAllowed finds Allow already set by the router.
func (s *site) methodNotAllowed(w http.ResponseWriter, r *http.Request) {
	webhook.WriteError(w, http.StatusMethodNotAllowed, "method_not_allowed",
		"this address takes "+w.Header().Get("Allow")+", not "+r.Method, "")
}

func unauthorized(w http.ResponseWriter) {
	w.Header().Set("WWW-Authenticate", `Bearer realm="maitre"`)
	webhook.WriteError(w, http.StatusUnauthorized, "unauthorized",
		"this needs the header 'Authorization: Bearer' with the server's ADMIN_TOKEN, or to be signed in at "+signInPath, "")
}

// forPeople reports whether to answer with a page rather than with JSON.
func forPeople(r *http.Request) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	for _, prefix := range []string{"/api/", "/admin/api/", "/healthz", "/readyz", "/metrics"} {
		if strings.HasPrefix(r.URL.Path, prefix) {
			return false
		}
	}
	accept := r.Header.Get("Accept")
	return !strings.Contains(accept, "application/json") || strings.Contains(accept, "text/html")
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		panic(err) // our own structs always marshal; observe answers and logs
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n')) // the caller may have hung up
}
