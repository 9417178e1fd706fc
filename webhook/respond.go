package webhook

import (
	"encoding/json"
	"net/http"
)

// WriteError answers with an error the way every route of ours does:
//
//	{"error":{"code":"…","message":"…","field":"…"}}
//
// field names the part of the input at fault and is left out when empty. The
// message is read by people and must not quote what the caller sent.
func WriteError(w http.ResponseWriter, status int, code, message, field string) {
	type detail struct {
		Code    string `json:"code"`
		Message string `json:"message"`
		Field   string `json:"field,omitempty"`
	}
	// Marshalling three strings cannot fail.
	answer, _ := json.Marshal(struct {
		Error detail `json:"error"`
	}{detail{code, message, field}})

	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(append(answer, '\n')) // the caller may have hung up
}
