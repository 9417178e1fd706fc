package twiliotest

import (
	"net/http"

	"maitre/e2e/servertest"
)

// Control describes the endpoints under /_control/ for whoever asks them with
// GET. They want Options.ControlToken as a bearer token, take and answer JSON,
// and are for tests of a built binary: the Go methods do the same.
const Control = `GET    /_control/             this text
GET    /_control/messages     the messages that were taken
DELETE /_control/messages     forgets messages, requests and callbacks
GET    /_control/requests     every request, whatever became of it
DELETE /_control/requests     forgets them, and sets the counters to 0
GET    /_control/counters     how often something was asked and answered
GET    /_control/callbacks    the status callbacks that were made, and how they were answered
POST   /_control/callbacks    {"sid","status","code"}: makes one now
POST   /_control/heard        {"phone"}: the phone wrote, so its window is open
GET    /_control/faults       the faults in force
POST   /_control/faults       {"ops":["send"],"to","skip","times","probability","after","callback":63016,"latency":"1.5s",
                               "drop","hang","code":21211,"status","retry_after","html"}: puts one in force, answers {"id"}
DELETE /_control/faults       lifts them all
`

// order is the body of any request to /_control/ but a fault.
type order struct {
	SID    string `json:"sid"`
	Status string `json:"status"`
	Code   int    `json:"code"`
	Phone  string `json:"phone"`
}

func (s *Server) command(what string, _ *http.Request, o order) (any, error) {
	switch what {
	case "GET messages":
		return map[string]any{"messages": s.Messages()}, nil
	case "DELETE messages":
		s.Reset()
	case "GET callbacks":
		return map[string]any{"callbacks": s.Callbacks()}, nil
	case "POST callbacks":
		return nil, s.Callback(o.SID, o.Status, o.Code)
	case "POST heard":
		s.Inbound(o.Phone)
	default:
		return nil, servertest.ErrNoCommand
	}
	return nil, nil
}
