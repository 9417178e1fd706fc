package servertest

import (
	"maps"
	"slices"
	"sync"
	"time"
)

// Request is one that a server was asked, as its log keeps it.
type Request struct {
	At     time.Time `json:"at"`
	Method string    `json:"method,omitempty"`
	Path   string    `json:"path,omitempty"` // escaped, as it came
	Query  string    `json:"query,omitempty"`
	Body   string    `json:"body,omitempty"` // at most 16 KiB of it
	Op     Op        `json:"op"`
	Table  string    `json:"table,omitempty"` // of Airtable, as the path says it
	To     string    `json:"to,omitempty"`    // of Twilio
	// Status is what was answered; 0 is nothing yet, or nothing ever.
	Status int `json:"status"`
	// Error is the type of Airtable's error that was answered, or "fault".
	Error string `json:"error,omitempty"`
	Code  int    `json:"code,omitempty"` // of Twilio's error
	SID   string `json:"sid,omitempty"`  // of the message, if Twilio took it
	// Fault is the ID of the fault that hit it.
	Fault int `json:"fault,omitempty"`
}

// Counts says how often something was asked and answered.
type Counts struct {
	Total    int            `json:"total"`
	Ops      map[Op]int     `json:"ops"`
	Statuses map[int]int    `json:"statuses"` // 0: dropped or hung
	Errors   map[string]int `json:"errors"`
}

// keptRequests is when the older half of the log is forgotten.
const keptRequests = 20_000

// Log keeps the last requests and counts them all. The zero value is empty. It is
// safe for concurrent use.
type Log struct {
	mu       sync.Mutex
	requests []*Request
	counts   *Counts
}

// Begin writes a request down, and the fault that hit it, or nil. end notes what
// came of it, or what the fault said in its place.
func (l *Log) Begin(r Request, f *Fault) (end func(status int, kind string)) {
	if f != nil {
		r.Fault = f.ID
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.requests) >= keptRequests {
		l.requests = slices.Delete(l.requests, 0, keptRequests/2)
	}
	l.requests = append(l.requests, &r)
	if l.counts == nil {
		l.counts = &Counts{Ops: map[Op]int{}, Statuses: map[int]int{}, Errors: map[string]int{}}
	}
	l.counts.Total++
	l.counts.Ops[r.Op]++
	counts := l.counts // others after ResetLog
	return func(status int, kind string) {
		if f != nil && f.Answered() {
			status, kind = f.Status, "fault"
			if f.Drop || f.Hang {
				status = 0
			}
		}
		l.mu.Lock()
		defer l.mu.Unlock()
		r.Status, r.Error = status, kind
		counts.Statuses[status]++
		if kind != "" {
			counts.Errors[kind]++
		}
	}
}

// Requests returns what the server was asked, oldest first: the last 10,000 at
// least.
func (l *Log) Requests() []Request {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := make([]Request, 0, len(l.requests))
	for _, r := range l.requests {
		out = append(out, *r)
	}
	return out
}

// Counts returns the counters since the start or the last ResetLog.
func (l *Log) Counts() Counts {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.counts == nil {
		return Counts{Ops: map[Op]int{}, Statuses: map[int]int{}, Errors: map[string]int{}}
	}
	return Counts{l.counts.Total, maps.Clone(l.counts.Ops), maps.Clone(l.counts.Statuses), maps.Clone(l.counts.Errors)}
}

// Count returns how many requests of these operations came; of all, without any.
func (l *Log) Count(ops ...Op) int {
	counts := l.Counts()
	if len(ops) == 0 {
		return counts.Total
	}
	n := 0
	for _, op := range ops {
		n += counts.Ops[op]
	}
	return n
}

// ResetLog forgets the requests and sets the counters to 0.
func (l *Log) ResetLog() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.requests, l.counts = nil, nil
}
