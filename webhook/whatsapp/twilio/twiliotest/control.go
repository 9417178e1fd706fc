package twiliotest

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
)

// Control describes the endpoints under /_control/ for whoever asks them with
// GET. They want Options.ControlToken as a bearer token, take and answer JSON,
// and are for tests of a built binary: the Go methods do the same.
const Control = `GET    /_control/             this text
GET    /_control/messages     the messages that were taken
DELETE /_control/messages     forgets messages, requests and callbacks
GET    /_control/requests     every request, whatever became of it
GET    /_control/callbacks    the status callbacks that were made, and how they were answered
POST   /_control/callbacks    {"sid","status","code"}: makes one now
POST   /_control/heard        {"phone"}: the phone wrote, so its window is open
GET    /_control/faults       the faults in force
POST   /_control/faults       {"ops":["send"],"to","skip","times","probability","after","callback":63016,"latency":"1.5s",
                               "drop","hang","code":21211,"status","retry_after","html"}: puts one in force
DELETE /_control/faults       lifts them all
`

// order is the body of any request to /_control/ but a fault.
type order struct {
	SID    string `json:"sid"`
	Status string `json:"status"`
	Code   int    `json:"code"`
	Phone  string `json:"phone"`
}

var errNoCommand = errors.New("no such command: GET /_control/ lists them")

func (s *Server) control(w http.ResponseWriter, r *http.Request) {
	secret, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if subtle.ConstantTimeCompare([]byte(secret), []byte(s.options.ControlToken)) != 1 {
		answerControl(w, http.StatusUnauthorized, map[string]any{"error": "send the control token as a bearer token"})
		return
	}
	path := strings.TrimPrefix(r.URL.Path, "/_control/")
	if path == "" {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, Control) // the client may have gone
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	if err != nil {
		answerControl(w, http.StatusBadRequest, map[string]any{"error": err.Error()})
		return
	}
	out, err := s.command(r.Method+" "+path, body)
	switch {
	case errors.Is(err, errNoCommand):
		answerControl(w, http.StatusNotFound, map[string]any{"error": err.Error()})
	case err != nil:
		answerControl(w, http.StatusBadRequest, map[string]any{"error": err.Error()})
	default:
		answerControl(w, http.StatusOK, out)
	}
}

func answerControl(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client may have gone
}

func (s *Server) command(what string, body []byte) (any, error) {
	done := map[string]any{}
	switch what {
	case "GET messages":
		return map[string]any{"messages": s.Messages()}, nil
	case "DELETE messages":
		s.Reset()
		return done, nil
	case "GET requests":
		return map[string]any{"requests": s.Requests()}, nil
	case "GET callbacks":
		return map[string]any{"callbacks": s.Callbacks()}, nil
	case "GET faults":
		return map[string]any{"faults": s.inForce()}, nil
	case "DELETE faults":
		s.LiftFaults()
		return done, nil
	case "POST faults":
		var f Fault
		if err := json.Unmarshal(body, &f); err != nil {
			return nil, err
		}
		s.Inject(f)
		return done, nil
	case "POST callbacks", "POST heard":
		var o order
		if err := json.Unmarshal(body, &o); err != nil {
			return nil, err
		}
		if what == "POST heard" {
			s.Heard(o.Phone)
			return done, nil
		}
		return done, s.Callback(o.SID, o.Status, o.Code)
	default:
		return nil, errNoCommand
	}
}

func (s *Server) inForce() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := []Fault{}
	for _, a := range s.faults {
		all = append(all, a.Fault)
	}
	return all
}
