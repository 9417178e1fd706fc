package airtabletest

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"maitre/e2e/servertest"
)

// Server is an Airtable with one base. It is an http.Handler, and safe for
// concurrent use.
type Server struct {
	*servertest.Injector
	servertest.Log

	options Options
	control servertest.Control[order]
	mux     http.Handler
	url     string
	stop    context.CancelFunc // ends hangs and pings
	stopped context.Context

	background sync.WaitGroup // requests that take effect late

	mu        sync.Mutex
	pings     int // goroutines that deliver them
	quiet     *sync.Cond
	base      *base
	tokens    []Token
	staffUser string
	ahead     time.Duration // what Advance added to the clock
	rates     rates
	quota     quota
	iterators map[string]*iterator
	webhooks  []*webhook
	losePings bool
	split     int
	lag       time.Duration // of payloads
}

// New makes a server that does not listen: it is an http.Handler. Close it to
// end what it has under way. A schema that contradicts itself panics.
func New(o Options) *Server {
	o = o.withDefaults()
	s := &Server{Injector: servertest.NewInjector(o.Seed), options: o, iterators: map[string]*iterator{}}
	s.control = servertest.Control[order]{Token: o.ControlToken, Help: Control, Faults: s.Injector, Log: &s.Log, Command: s.command}
	s.mux = s.routes()
	s.quiet = sync.NewCond(&s.mu)
	s.stopped, s.stop = context.WithCancel(context.Background())
	ids := newIDSource(o.Seed)
	s.base = &base{idSource: ids, id: ids.or(o.BaseID, "app"), name: o.BaseName}
	s.base.build(o.Tables)
	user := ids.draw("usr")
	s.staffUser = ids.draw("usr")
	s.tokens = slices.Clone(o.Tokens)
	if o.Tokens == nil {
		s.tokens = []Token{{Secret: "pat" + ids.draw("")[:14] + ".test"}}
	}
	for i := range s.tokens {
		s.tokens[i].complete(user)
	}
	return s
}

// Start makes a server that listens on a port of its own until the test ends.
func Start(tb testing.TB, o Options) *Server {
	tb.Helper()
	s := New(o)
	s.url = servertest.Start(tb, s)
	return s
}

// Close ends hanging requests, those that take effect late, and pings, and
// returns when they have ended.
func (s *Server) Close() {
	s.stop()
	s.background.Wait()
	s.WaitPings()
}

// URL returns the address in place of https://api.airtable.com; empty unless Start made
// the server.
func (s *Server) URL() string { return s.url }

// Token returns the secret of the first token.
func (s *Server) Token() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.tokens) == 0 {
		return ""
	}
	return s.tokens[0].Secret
}

// BaseID returns the base's ID.
func (s *Server) BaseID() string { return s.base.id }

// Now returns the server's clock.
func (s *Server) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now()
}

func (s *Server) now() time.Time { return s.options.Clock().Add(s.ahead).UTC() }

// Advance moves the server's clock on: past a penalty, a month, an expiry.
func (s *Server) Advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ahead += d
}

// Record is a row as the API shows it, fields by name.
type Record struct {
	ID      string         `json:"id"`
	Created time.Time      `json:"createdTime"`
	Fields  map[string]any `json:"fields"`
}

// Records returns the rows of a table, by name or ID, in the order they were
// made; nil when there is no such table.
func (s *Server) Records(table string) []Record {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.base.table(table)
	if t == nil {
		return nil
	}
	out := make([]Record, 0, len(t.records))
	for _, r := range t.records {
		out = append(out, s.show(t, r))
	}
	return out
}

// Record returns a row of any table.
func (s *Server) Record(id string) (Record, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, r := s.base.record(id)
	if r == nil {
		return Record{}, false
	}
	return s.show(t, r), true
}

func (s *Server) show(t *table, r *record) Record {
	cells := s.base.render(t, r, look{})
	return Record{ID: r.id, Created: r.created, Fields: cells}
}

// Table describes a table as it is now, by name or ID.
func (s *Server) Table(table string) (Table, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.base.table(table)
	if t == nil {
		return Table{}, false
	}
	return t.describe(), true
}

// Tables describes the whole schema as it is now.
func (s *Server) Tables() []Table {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Table, 0, len(s.base.tables))
	for _, t := range s.base.tables {
		out = append(out, t.describe())
	}
	return out
}

// FieldID returns the ID of a field; empty when there is none of that name.
func (s *Server) FieldID(table, field string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.base.table(table); t != nil {
		if f := t.field(field); f != nil {
			return f.ID
		}
	}
	return ""
}

// SpendQuota uses up the month's calls, or gives them back.
func (s *Server) SpendQuota(spent bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.quota.spent = spent
}

// Penalise puts the base into the 30 s in which everything is refused, as if its
// rate had been exceeded.
func (s *Server) Penalise() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rates.base.until = s.now().Add(penalty)
}

// RevokeToken makes a token invalid.
func (s *Server) RevokeToken(secret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens = slices.DeleteFunc(s.tokens, func(t Token) bool { return t.Secret == secret })
}

// AddToken makes a token valid.
func (s *Server) AddToken(t Token) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t.complete(s.base.idSource.draw("usr"))
	s.tokens = append(s.tokens, t)
}

// ExpireIterators ends every list that is under way: its next page answers
// LIST_RECORDS_ITERATOR_NOT_AVAILABLE.
func (s *Server) ExpireIterators() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, it := range s.iterators {
		it.gone = true
	}
}
