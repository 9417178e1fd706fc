package servertest

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
)

// ErrNoCommand is returned for a command that does not exist.
var ErrNoCommand = errors.New("no such command: GET /_control/ lists them")

const controlPath = "/_control/"

// Control answers the endpoints under /_control/ of a server, which are for tests
// of a built binary. Those for faults and for the log it has itself.
type Control[Order any] struct {
	Token  string // bearer token that they want; empty: there are no such endpoints
	Help   string // what GET /_control/ answers
	Faults *Injector
	Log    *Log
	// Command carries out one of the server's own: the method and what stands behind
	// /_control/, and the body, which is an Order.
	Command func(what string, r *http.Request, o Order) (any, error)
}

// Handles reports whether a request is for ServeHTTP.
func (c Control[Order]) Handles(r *http.Request) bool {
	return c.Token != "" && strings.HasPrefix(r.URL.Path, controlPath)
}

// ServeHTTP implements http.Handler.
func (c Control[Order]) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if subtle.ConstantTimeCompare([]byte(token), []byte(c.Token)) != 1 {
		answer(w, http.StatusUnauthorized, map[string]any{"error": "send the control token as a bearer token"})
		return
	}
	what := r.Method + " " + strings.TrimPrefix(r.URL.Path, controlPath)
	if strings.HasSuffix(what, " ") {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, c.Help) // the client may have gone
		return
	}
	out, err := c.do(what, w, r)
	switch {
	case errors.Is(err, ErrNoCommand):
		answer(w, http.StatusNotFound, map[string]any{"error": err.Error()})
	case err != nil:
		answer(w, http.StatusBadRequest, map[string]any{"error": err.Error()})
	case out == nil:
		answer(w, http.StatusOK, map[string]any{})
	default:
		answer(w, http.StatusOK, out)
	}
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client may have gone
}

func (c Control[Order]) do(what string, w http.ResponseWriter, r *http.Request) (any, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	if err != nil {
		return nil, err
	}
	switch what {
	case "GET faults":
		return map[string]any{"faults": c.Faults.Faults()}, nil
	case "POST faults":
		var f Fault
		if err := json.Unmarshal(body, &f); err != nil {
			return nil, err
		}
		return map[string]any{"id": c.Faults.inject(f).ID}, nil
	case "DELETE faults":
		c.Faults.LiftFaults()
		return nil, nil
	case "GET requests":
		return map[string]any{"requests": c.Log.Requests()}, nil
	case "DELETE requests":
		c.Log.ResetLog()
		return nil, nil
	case "GET counters":
		return c.Log.Counts(), nil
	}
	var o Order
	if len(body) > 0 {
		if err := json.Unmarshal(body, &o); err != nil {
			return nil, err
		}
	}
	return c.Command(what, r, o)
}
