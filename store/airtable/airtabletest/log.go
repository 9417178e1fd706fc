package airtabletest

import (
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Request is one that the server was asked, as its log keeps it.
type Request struct {
	At     time.Time `json:"at"`
	Method string    `json:"method"`
	Path   string    `json:"path"` // escaped, as it came
	Query  string    `json:"query,omitempty"`
	Body   string    `json:"body,omitempty"` // at most 16 KiB of it
	Op     Op        `json:"op"`
	Table  string    `json:"table,omitempty"` // as the path says it
	// Status is what was answered; 0 is nothing yet, or nothing ever.
	Status int `json:"status"`
	// Error is the type of the error that was answered, or "fault".
	Error string `json:"error,omitempty"`
	// Fault is the number of the fault that struck, from 1.
	Fault int `json:"fault,omitempty"`
}

const (
	keptRequests = 20_000
	keptBody     = 16 << 10
)

// requestLog keeps the last requests and counts them all. It is guarded by
// Server.mu.
type requestLog struct {
	entries  []*entry
	ops      map[Op]int
	statuses map[int]int
	kinds    map[string]int
	total    int
}

type entry struct {
	Request
	fault *Fault
}

func (l *requestLog) begin(now time.Time, r *http.Request, c *call) *entry {
	body := c.body
	if len(body) > keptBody {
		body = body[:keptBody]
	}
	e := &entry{Request: Request{At: now, Method: r.Method, Path: r.URL.EscapedPath(), Query: r.URL.RawQuery,
		Body: string(body), Op: c.op, Table: c.table}}
	if len(l.entries) >= keptRequests {
		l.entries = slices.Delete(l.entries, 0, keptRequests/2)
	}
	l.entries = append(l.entries, e)
	if l.ops == nil {
		l.ops, l.statuses, l.kinds = map[Op]int{}, map[int]int{}, map[string]int{}
	}
	l.ops[c.op]++
	l.total++
	return e
}

// note writes down the outcome. Server.mu is held.
func (l *requestLog) note(e *entry, status int, kind string) {
	if e.fault != nil {
		switch f := e.fault; {
		case f.Drop || f.Hang:
			status, kind = 0, "fault"
		case f.Status != 0:
			status, kind = f.Status, "fault"
		}
	}
	e.Status, e.Error = status, kind
	if l.statuses == nil {
		return // reset meanwhile
	}
	l.statuses[status]++
	if kind != "" {
		l.kinds[kind]++
	}
}

func (l *requestLog) end(mu *sync.Mutex, e *entry, status int, kind string) {
	mu.Lock()
	defer mu.Unlock()
	l.note(e, status, kind)
}

// Requests returns what the server was asked, oldest first: the last 10,000 at
// least.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Request, 0, len(s.log.entries))
	for _, e := range s.log.entries {
		out = append(out, e.Request)
	}
	return out
}

// Counts says how often something was asked and answered.
type Counts struct {
	Total    int            `json:"total"`
	Ops      map[Op]int     `json:"ops"`
	Statuses map[int]int    `json:"statuses"` // 0: dropped or hung
	Errors   map[string]int `json:"errors"`
}

// Counts returns the counters since the start or the last ResetLog.
func (s *Server) Counts() Counts {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.counts()
}

func (l *requestLog) counts() Counts {
	out := Counts{Total: l.total, Ops: map[Op]int{}, Statuses: map[int]int{}, Errors: map[string]int{}}
	maps.Copy(out.Ops, l.ops)
	maps.Copy(out.Statuses, l.statuses)
	maps.Copy(out.Errors, l.kinds)
	return out
}

// Count returns how many requests of these operations came; of all, without any.
func (s *Server) Count(ops ...Op) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(ops) == 0 {
		return s.log.total
	}
	n := 0
	for _, op := range ops {
		n += s.log.ops[op]
	}
	return n
}

// ResetLog forgets the requests and sets the counters to 0.
func (s *Server) ResetLog() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log = requestLog{}
}
