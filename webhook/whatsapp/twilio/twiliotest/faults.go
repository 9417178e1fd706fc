package twiliotest

import (
	"net/http"
	"strings"

	"maitre/e2e/servertest"
)

// What the server shares with other servers for tests.
type (
	Op      = servertest.Op
	Fault   = servertest.Fault
	Request = servertest.Request
)

// The operations.
const (
	OpSend Op = "send"
	OpList Op = "list"
)

// hit returns the fault that hits a request, or nil.
func (s *Server) hit(op Op, to string) *Fault {
	return s.Hit(op, func(f *Fault) bool {
		return f.To == "" || f.To == to || f.To == whatsApp && strings.HasPrefix(to, whatsApp)
	})
}

// fail does to a request what a fault says.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, request Request, f *Fault) {
	if !f.Hold(r.Context(), s.stopped) {
		s.record(request)
		panic(http.ErrAbortHandler)
	}
	s.answer(w, r, request, faultReply(f))
}

// faultReply is what a fault answers.
func faultReply(f *Fault) reply {
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
		out.code, out.html = 0, servertest.GatewayPage(status)
	}
	if f.RetryAfter != "" {
		out.header = http.Header{"Retry-After": {f.RetryAfter}}
	}
	return out
}
