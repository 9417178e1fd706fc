package airtabletest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// Op names what a request asks for; faults and counters go by it.
type Op string

// The operations.
const (
	OpList        Op = "list"
	OpGet         Op = "get"
	OpCreate      Op = "create"
	OpUpdate      Op = "update"
	OpUpsert      Op = "upsert"
	OpDelete      Op = "delete"
	OpSchemaRead  Op = "schema-read"  // GET of bases and tables
	OpSchemaWrite Op = "schema-write" // POST and PATCH of tables and fields
	OpWhoami      Op = "whoami"
	OpWebhook     Op = "webhook" // create, list, delete, refresh, enableNotifications
	OpPayloads    Op = "payloads"
	OpUnknown     Op = "unknown" // no such route
)

// Writes are the operations that change records.
func Writes() []Op { return []Op{OpCreate, OpUpdate, OpUpsert, OpDelete} }

// Fault is something that goes wrong, and with which requests. It stays until
// its Times are used up or it is lifted. Of several that fit, the oldest acts.
type Fault struct {
	// Ops are the operations it hits; none is every one.
	Ops []Op `json:"ops,omitempty"`
	// Table is the name or ID of the table it hits; empty is every one.
	Table string `json:"table,omitempty"`
	// Skip lets so many requests through first.
	Skip int `json:"skip,omitempty"`
	// Times is how many requests it hits; 0 is all until it is lifted.
	Times int `json:"times,omitempty"`
	// Probability hits by chance, drawn from Options.Seed; 0 is always.
	Probability float64 `json:"probability,omitempty"`

	// After lets the request take effect first, so that what follows hits the
	// answer: a write that took place and whose outcome nobody hears.
	After bool `json:"after,omitempty"`
	// Latency is waited for in real time. Alone, the request is then answered.
	Latency Duration `json:"latency,omitempty"`
	// Drop closes the connection without an answer.
	Drop bool `json:"drop,omitempty"`
	// Hang never answers, until the client gives up or the server closes.
	Hang bool `json:"hang,omitempty"`
	// Status answers with it, and with Body or else the body that Airtable sends
	// with that status.
	Status int `json:"status,omitempty"`
	// RetryAfter goes into the header of that name.
	RetryAfter string `json:"retry_after,omitempty"`
	// HTML sends the page of a gateway in place of JSON.
	HTML bool   `json:"html,omitempty"`
	Body string `json:"body,omitempty"`
	// Late lets the request take effect so much later, in real time, and nobody
	// hears what came of it: the client hears at once what the fault says, or
	// nothing (Drop) where it says nothing.
	Late Duration `json:"late,omitempty"`
	// Do is called by the request that is hit, which waits for it: before it takes
	// effect or, with After, between that and the answer. It may ask the server
	// for anything.
	Do func() `json:"-"`

	id int
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
	hits int
	seen int
}

// Inject puts a fault in force. lift takes it away again, and tells how many
// requests it has hit.
func (s *Server) Inject(f Fault) (lift func() int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.arm(f)
	return func() int {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.faults = slices.DeleteFunc(s.faults, func(x *armed) bool { return x == a })
		return a.hits
	}
}

func (s *Server) arm(f Fault) *armed {
	f.Drop = f.Drop || f.Late > 0 && !f.answered()
	s.lastFault++
	f.id = s.lastFault
	a := &armed{Fault: f}
	s.faults = append(s.faults, a)
	return a
}

// LiftFaults takes every fault away.
func (s *Server) LiftFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// strike returns a copy of the fault that hits a request, or nil. s.mu is held.
func (s *Server) strike(c *call) *Fault {
	for _, a := range s.faults {
		if len(a.Ops) > 0 && !slices.Contains(a.Ops, c.op) {
			continue
		}
		if a.Table != "" && !s.base.same(a.Table, c.table) {
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

// answered tells whether the client hears something else than what the request
// came to.
func (f Fault) answered() bool { return f.Drop || f.Hang || f.Status != 0 }

// same tells whether two references, each a name or an ID, mean one table.
func (b *base) same(a, c string) bool {
	t := b.table(a)
	return a == c || t != nil && t == b.table(c)
}

// answer is what a fault with a status says.
func (f Fault) answer() reply {
	out := reply{status: f.Status, header: http.Header{}}
	if f.RetryAfter != "" {
		out.header.Set("Retry-After", f.RetryAfter)
	}
	switch {
	case f.HTML:
		text := http.StatusText(f.Status)
		out.html = fmt.Sprintf("<html>\r\n<head><title>%d %s</title></head>\r\n<body>\r\n<center><h1>%d %s</h1></center>\r\n"+
			"<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n", f.Status, text, f.Status, text)
	case f.Body != "":
		out.raw = []byte(f.Body)
	default:
		out.body = usual(f.Status).body()
	}
	return out
}

// usual is the error that Airtable sends with a status.
func usual(status int) *refusal {
	switch status {
	case http.StatusUnauthorized:
		return authenticationRequired()
	case http.StatusForbidden:
		return modelNotFound()
	case http.StatusNotFound:
		return notFound()
	case http.StatusRequestEntityTooLarge:
		return tooLarge()
	case http.StatusUnprocessableEntity:
		return invalidRequest()
	case http.StatusTooManyRequests:
		return rateLimited()
	case http.StatusServiceUnavailable:
		return retriable()
	default:
		return unexpected(status)
	}
}

// Faults are those in force, oldest first.
func (s *Server) Faults() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Fault, 0, len(s.faults))
	for _, a := range s.faults {
		out = append(out, a.Fault)
	}
	return out
}
