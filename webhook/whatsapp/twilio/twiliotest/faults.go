package twiliotest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Op names what a request asks for; faults go by it.
type Op string

// The operations.
const (
	OpSend Op = "send"
	OpList Op = "list"
)

// Fault is something that goes wrong, and with which requests. It stays until
// its Times are used up or it is lifted. Of several that fit, the oldest acts.
type Fault struct {
	// Ops are the operations it hits; none is both.
	Ops []Op `json:"ops,omitempty"`
	// To is the receiver it hits, as the request has it: "+34612345678" by SMS,
	// "whatsapp:+34612345678" by WhatsApp, "whatsapp:" all of WhatsApp. Empty is every one.
	To string `json:"to,omitempty"`
	// Skip lets so many requests through first.
	Skip int `json:"skip,omitempty"`
	// Times is how many requests it hits; 0 is all until it is lifted.
	Times int `json:"times,omitempty"`
	// Probability hits by chance, drawn from Options.Seed; 0 is always.
	Probability float64 `json:"probability,omitempty"`

	// After takes the message first, so that what follows hits the answer.
	After bool `json:"after,omitempty"`
	// Callback takes the message, and fails it later with this code.
	Callback int `json:"callback,omitempty"`

	// Latency is waited for in real time. Alone, the request is then refused with 500.
	Latency Duration `json:"latency,omitempty"`
	// Drop closes the connection without an answer.
	Drop bool `json:"drop,omitempty"`
	// Hang never answers, until the client gives up or the server closes.
	Hang bool `json:"hang,omitempty"`
	// Code is Twilio's; without a Status it comes with 429 for 20429, 401 for
	// 20003 and else 400.
	Code       int    `json:"code,omitempty"`
	Status     int    `json:"status,omitempty"`
	RetryAfter string `json:"retry_after,omitempty"`
	// HTML sends the page of a gateway in place of JSON; without a Status, with 502.
	HTML bool `json:"html,omitempty"`
}

// Duration is a time.Duration that JSON writes as "1.5s".
type Duration time.Duration

// MarshalJSON writes "1.5s".
func (d Duration) MarshalJSON() ([]byte, error) { return json.Marshal(time.Duration(d).String()) }

// UnmarshalJSON reads "1.5s".
func (d *Duration) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return fmt.Errorf("read duration: it is text such as \"1.5s\": %w", err)
	}
	parsed, err := time.ParseDuration(s)
	if err != nil {
		return fmt.Errorf("read duration: %w", err)
	}
	*d = Duration(parsed)
	return nil
}

// armed is a fault in force.
type armed struct {
	Fault
	hits, seen int
}

// Inject puts a fault in force. lift takes it away again, and tells how many
// requests it has hit.
func (s *Server) Inject(f Fault) (lift func() int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := &armed{Fault: f}
	s.faults = append(s.faults, a)
	return func() int {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.faults = slices.DeleteFunc(s.faults, func(x *armed) bool { return x == a })
		return a.hits
	}
}

// LiftFaults takes every fault away.
func (s *Server) LiftFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// strike returns a copy of the fault that hits a request, or nil.
func (s *Server) strike(op Op, to string) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.faults {
		if len(a.Ops) > 0 && !slices.Contains(a.Ops, op) || a.To == whatsApp && !strings.HasPrefix(to, whatsApp) ||
			a.To != "" && a.To != whatsApp && a.To != to {
			continue
		}
		if a.seen++; a.seen <= a.Skip {
			continue
		}
		if a.Probability > 0 && s.chance.Float64() >= a.Probability {
			continue
		}
		if a.hits++; a.Times > 0 && a.hits >= a.Times {
			s.faults = slices.DeleteFunc(s.faults, func(x *armed) bool { return x == a })
		}
		hit := a.Fault
		return &hit
	}
	return nil
}

// fail does to a request what a fault says.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, request Request, f *Fault) {
	if f.Latency > 0 {
		timer := time.NewTimer(time.Duration(f.Latency))
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-r.Context().Done():
		case <-s.stopped.Done():
		}
	}
	if f.Hang {
		select {
		case <-r.Context().Done():
		case <-s.stopped.Done():
		}
	}
	if f.Hang || f.Drop {
		s.record(request)
		panic(http.ErrAbortHandler)
	}
	s.answer(w, r, request, f.reply())
}

// reply is what a fault answers.
func (f *Fault) reply() reply {
	status, code := f.Status, f.Code
	switch {
	case status != 0:
	case f.HTML:
		status = http.StatusBadGateway
	case code == 20429:
		status = http.StatusTooManyRequests
	case code == 20003:
		status = http.StatusUnauthorized
	case code != 0:
		status = http.StatusBadRequest
	default:
		status = http.StatusInternalServerError
	}
	if code == 0 {
		code = map[int]int{http.StatusTooManyRequests: 20429, http.StatusUnauthorized: 20003, http.StatusInternalServerError: 20500}[status]
	}
	out := refuse(status, code, "On command.")
	if f.HTML {
		text := http.StatusText(status)
		out.code, out.html = 0, fmt.Sprintf("<html>\r\n<head><title>%d %s</title></head>\r\n<body>\r\n<center><h1>%d %s</h1></center>\r\n"+
			"<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n", status, text, status, text)
	}
	if f.RetryAfter != "" {
		out.header = http.Header{"Retry-After": {f.RetryAfter}}
	}
	return out
}
