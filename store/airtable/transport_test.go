package airtable_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"maitre/store/airtable"
	"maitre/store/airtable/airtabletest"
)

// drop closes the connection without an answer.
func drop(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func TestWhatWasNotWrittenAndWhatMayHaveBeen(t *testing.T) {
	t.Parallel()
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	stranger := httptest.NewUnstartedServer(http.NotFoundHandler())
	stranger.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	stranger.StartTLS()
	t.Cleanup(stranger.Close)
	serve := func(h http.HandlerFunc) string {
		srv := httptest.NewServer(h)
		t.Cleanup(func() {
			srv.CloseClientConnections()
			srv.Close()
		})
		return srv.URL
	}
	tests := map[string]struct {
		endpoint    string
		write, read airtable.Kind
	}{
		"nobody listens":        {closed.URL, airtable.Unreachable, airtable.Unreachable},
		"a strange certificate": {stranger.URL, airtable.Unreachable, airtable.Unreachable},
		"no TLS there":          {strings.Replace(serve(drop), "http:", "https:", 1), airtable.Unreachable, airtable.Unreachable},
		"dropped":               {serve(drop), airtable.UnknownOutcome, airtable.Unreachable},
		"broken off in the middle": {serve(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = io.WriteString(w, `{"records":[`)
		}), airtable.UnknownOutcome, airtable.Unreachable},
		"a page where JSON should be": {serve(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = io.WriteString(w, "<html>sign in to the hotel's network</html>")
		}), airtable.UnknownOutcome, airtable.Unreachable},
		"JSON of something else": {serve(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "{}")
		}), airtable.UnknownOutcome, airtable.Unreachable},
		"without end": {serve(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"records":[{"id":"`+strings.Repeat("x", 9<<20))
		}), airtable.UnknownOutcome, airtable.Permanent},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, airtable.Config{Endpoint: tt.endpoint, RewriteAfter: -1, Pace: 1000})
			wantKinds(t, c, tt.write, tt.read)
		})
	}
}

// wantKinds writes and reads, and wants each to fail in its way.
func wantKinds(t *testing.T, c *airtable.Client, write, read airtable.Kind) {
	t.Helper()
	if err := c.Upsert(t.Context(), bookings, row("1"))[0].Err; !errors.Is(err, write) {
		t.Errorf("write: %v, want %v", err, write)
	}
	records, err := c.List(t.Context(), "Reservas", airtable.ListOptions{})
	if !errors.Is(err, read) || records != nil {
		t.Errorf("read: %v, want %v", err, read)
	}
	if _, err := c.Schema(t.Context()); !errors.Is(err, read) {
		t.Errorf("schema: %v, want %v", err, read)
	}
	if _, err := c.CreateWebhook(t.Context(), "", airtable.WebhookFilter{}); !errors.Is(err, write) {
		t.Errorf("create webhook: %v, want %v", err, write)
	}
}

func TestNoAnswerInTime(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, srv *airtabletest.Server, _ *transport) {
		srv.Inject(airtabletest.Fault{Hang: true})
		wantKinds(t, c, airtable.UnknownOutcome, airtable.Unreachable)
	})
}

func TestANameThatDoesNotResolveIsUnreachable(t *testing.T) {
	t.Parallel()
	transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "api.airtable.com", IsNotFound: true}}
	}}
	c := newClient(t, airtable.Config{Transport: transport, RewriteAfter: -1})
	err := c.Upsert(t.Context(), bookings, row("1"))[0].Err
	var dns *net.DNSError
	if !errors.Is(err, airtable.Unreachable) || !errors.As(err, &dns) {
		t.Errorf("got %v", err)
	}
}

func TestTheTokenGoesNowhereElse(t *testing.T) {
	t.Parallel()
	var thief atomic.Int64
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { thief.Add(1) }))
	t.Cleanup(elsewhere.Close)
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	redirecting := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+token {
			t.Errorf("authorization %q", r.Header.Get("Authorization"))
		}
		http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
	}))
	t.Cleanup(redirecting.Close)
	cfg := airtable.Config{Endpoint: redirecting.URL, Token: token, BaseID: baseID, Log: logger, RewriteAfter: -1}
	c := newClient(t, cfg)
	phone := airtable.Eq("Teléfono", "+34600100200")
	_, readErr := c.List(t.Context(), "Reservas", airtable.ListOptions{Where: phone})
	writeErr := c.Upsert(t.Context(), bookings, row("1"))[0].Err
	redirecting.CloseClientConnections()
	redirecting.Close()
	_, goneErr := c.List(t.Context(), "Reservas", airtable.ListOptions{Where: phone})
	if thief.Load() != 0 {
		t.Error("a redirect was followed")
	}
	asJSON, _ := cfg.Token.MarshalText()
	logger.Info("configuration", "token", cfg.Token, "config", cfg, "client", c)
	shown := fmt.Sprintf("%v %+v %#v %v %+v %#v %s %v %v %v %s", cfg, cfg, cfg, c, c, c, asJSON, readErr, writeErr, goneErr, &log)
	if strings.Contains(shown, "SECRET") {
		t.Errorf("the token shows in %s", shown)
	}
	if strings.Contains(shown, "600100200") {
		t.Errorf("a guest's number shows in %s", shown)
	}
}

func TestConnectionsAreKept(t *testing.T) {
	t.Parallel()
	var dialled atomic.Int64
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"records":[]}`)
	}))
	srv.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			dialled.Add(1)
		}
	}
	srv.Start()
	t.Cleanup(srv.Close)
	c := newClient(t, airtable.Config{Endpoint: srv.URL, Pace: 1000})
	for range 20 {
		if _, err := c.List(t.Context(), "Reservas", airtable.ListOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	if dialled.Load() != 1 {
		t.Errorf("%d connections for 20 requests in a row, want 1", dialled.Load())
	}
}

func TestMetricsCountWhatWasSent(t *testing.T) {
	t.Parallel()
	reg := prometheus.NewRegistry()
	srv := airtabletest.Start(t, airtabletest.Options{})
	c := newClient(t, airtable.Config{
		Endpoint: srv.URL(), Token: airtable.Token(srv.Token()), BaseID: srv.BaseID(), Registerer: reg, RewriteAfter: -1, Pace: 1000,
	})
	c.Upsert(t.Context(), bookings, row("1"))
	srv.Inject(airtabletest.Fault{Ops: []airtabletest.Op{airtabletest.OpUpsert}, Drop: true, Times: 1})
	c.Upsert(t.Context(), bookings, row("2"))
	if _, err := c.List(t.Context(), "Nada", airtable.ListOptions{}); err == nil {
		t.Error("listed a table that is not there")
	}
	srv.Penalise()
	if _, err := c.Schema(t.Context()); err == nil {
		t.Error("answered in a penalty")
	}
	const want = `
# HELP maitre_airtable_requests_total Requests sent to Airtable, by what was asked and by what came of it.
# TYPE maitre_airtable_requests_total counter
maitre_airtable_requests_total{operation="list",outcome="permanent"} 1
maitre_airtable_requests_total{operation="schema",outcome="rate_limited"} 1
maitre_airtable_requests_total{operation="upsert",outcome="ok"} 1
maitre_airtable_requests_total{operation="upsert",outcome="unknown_outcome"} 1
`
	if err := testutil.GatherAndCompare(reg, strings.NewReader(want), "maitre_airtable_requests_total"); err != nil {
		t.Error(err)
	}
	if n, err := testutil.GatherAndCount(reg, "maitre_airtable_request_seconds"); n != 1 || err != nil {
		t.Errorf("%d histograms, %v", n, err)
	}
}

func TestConfigurationsThatAreRefused(t *testing.T) {
	t.Parallel()
	for name, cfg := range map[string]airtable.Config{
		"no token":         {BaseID: baseID},
		"token with space": {BaseID: baseID, Token: "pat x"},
		"no base":          {Token: token},
		"base with slash":  {Token: token, BaseID: "app/../meta"},
		"endpoint":         {Token: token, BaseID: baseID, Endpoint: "api.airtable.com"},
		"endpoint, ftp":    {Token: token, BaseID: baseID, Endpoint: "ftp://api.airtable.com"},
		"endpoint, query":  {Token: token, BaseID: baseID, Endpoint: "https://api.airtable.com/?x=1"},
	} {
		c, err := airtable.New(cfg)
		if err == nil {
			c.Close()
			t.Errorf("%s: accepted", name)
		} else if strings.Contains(err.Error(), "pat") {
			t.Errorf("%s: shows the token: %v", name, err)
		}
	}
}

func TestTablesOfAnyNameAreReached(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Reservas", "Mesas y zonas", "a/b", "50% ¿qué?", "tblAAAAAAAAAAAAAA"} {
		var path string
		c := scripted(t, func(w http.ResponseWriter, r *http.Request) {
			path = r.URL.EscapedPath()
			_, _ = io.WriteString(w, `{"records":[]}`)
		})
		if _, err := c.List(t.Context(), name, airtable.ListOptions{}); err != nil {
			t.Fatal(err)
		}
		parts := strings.Split(path, "/")
		if len(parts) != 4 || parts[1] != "v0" || parts[2] != baseID {
			t.Errorf("%q: asked for %s", name, path)
		}
	}
}
