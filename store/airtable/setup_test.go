package airtable_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"maitre/store/airtable"
	"maitre/store/airtable/airtabletest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	token  = "patSECRETSECRET.0123456789abcdef"
	baseID = "appABCDEFGHIJKLMN"
)

// transport calls a handler without a network, so that synctest's clock can
// run. It tells of its progress as net/http's transport does.
type transport struct {
	handler http.Handler
	dial    atomic.Int64  // nanoseconds before the request is written
	latency time.Duration // before it is answered
}

func (m *transport) RoundTrip(r *http.Request) (resp *http.Response, err error) {
	trace := httptrace.ContextClientTrace(r.Context())
	trace.GetConn(r.URL.Host)
	if err := pause(r.Context(), time.Duration(m.dial.Load())); err != nil {
		return nil, err
	}
	trace.GotConn(httptrace.GotConnInfo{})
	trace.WroteRequest(httptrace.WroteRequestInfo{})
	if r.Body == nil {
		r.Body = http.NoBody
	}
	defer func() {
		if recover() != nil {
			resp, err = nil, io.ErrUnexpectedEOF // the handler dropped the connection
		}
	}()
	w := httptest.NewRecorder()
	served := r.Clone(r.Context())
	served.RequestURI = r.URL.RequestURI()
	m.handler.ServeHTTP(w, served)
	if err := pause(r.Context(), m.latency); err != nil {
		return nil, err
	}
	return w.Result(), nil
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// inMemory runs f in a bubble of its own time, with a client of an Airtable that
// is reached through the transport.
func inMemory(t *testing.T, cfg airtable.Config, o airtabletest.Options,
	f func(t *testing.T, c *airtable.Client, srv *airtabletest.Server, tr *transport),
) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := airtabletest.New(o)
		defer srv.Close()
		tr := &transport{handler: srv}
		cfg.Token, cfg.BaseID, cfg.Transport = airtable.Token(srv.Token()), srv.BaseID(), tr
		c := newClient(t, cfg)
		defer c.Close()
		f(t, c, srv, tr)
	})
}

func newClient(tb testing.TB, cfg airtable.Config) *airtable.Client {
	tb.Helper()
	if cfg.Token == "" {
		cfg.Token, cfg.BaseID = token, baseID
	}
	c, err := airtable.New(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(c.Close)
	return c
}

// overHTTP returns a client of an Airtable on a port of its own.
func overHTTP(t *testing.T, o airtabletest.Options) (*airtable.Client, *airtabletest.Server) {
	t.Helper()
	srv := airtabletest.Start(t, o)
	return newClient(t, airtable.Config{
		Endpoint: srv.URL(), Token: airtable.Token(srv.Token()), BaseID: srv.BaseID(), RewriteAfter: -1, Pace: 1000,
	}), srv
}

// scripted returns a client of a handler on a port of its own.
func scripted(t *testing.T, h http.HandlerFunc) *airtable.Client {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return newClient(t, airtable.Config{Endpoint: srv.URL, RewriteAfter: -1, Pace: 1000})
}

// asError fails the test unless err is the client's.
func asError(t *testing.T, err error) *airtable.Error {
	t.Helper()
	e, ok := err.(*airtable.Error)
	if !ok {
		t.Fatalf("got %T %v, want an *airtable.Error", err, err)
	}
	return e
}

var bookings = airtable.Target{Table: "Reservas", MergeOn: []string{"ID Reserva"}}

// row is a booking's record.
func row(id string) airtable.Record {
	return airtable.Record{Fields: map[string]airtable.Cell{
		"ID Reserva": airtable.String(id), "Nombre del Cliente": airtable.String("Ana"),
	}}
}

// with returns a copy of r with one more cell.
func with(r airtable.Record, field string, cell airtable.Cell) airtable.Record {
	fields := map[string]airtable.Cell{field: cell}
	for name, c := range r.Fields {
		if name != field {
			fields[name] = c
		}
	}
	r.Fields = fields
	return r
}
