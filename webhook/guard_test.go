package webhook_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"maitre/webhook"
)

// guarded is a Guard in front of a handler that answers with the body, and what
// can be seen of it.
type guarded struct {
	http.Handler
	reg *prometheus.Registry
	log *bytes.Buffer
}

func newGuarded(tb testing.TB, change func(*webhook.GuardConfig), next webhook.Next) *guarded {
	tb.Helper()
	g := &guarded{reg: prometheus.NewRegistry(), log: new(bytes.Buffer)}
	cfg := webhook.GuardConfig{
		Source:  "vapi",
		Auth:    newAuth(tb, webhook.VAPIConfig{Mode: webhook.ModeHMAC, Secrets: []string{vectorSecret}}),
		Metrics: webhook.NewMetrics(g.reg),
		Log:     slog.New(slog.NewTextHandler(g.log, nil)),
	}
	if change != nil {
		change(&cfg)
	}
	if next == nil {
		next = func(w http.ResponseWriter, _ *http.Request, body []byte) { _, _ = w.Write(body) }
	}
	g.Handler = webhook.Guard(cfg, next)
	return g
}

func (g *guarded) send(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	g.ServeHTTP(w, r)
	return w
}

// counts returns how often each outcome has been counted.
func (g *guarded) counts(tb testing.TB) map[string]int {
	tb.Helper()
	families, err := g.reg.Gather()
	if err != nil {
		tb.Fatal(err)
	}
	counts := map[string]int{}
	for _, family := range families {
		for _, metric := range family.GetMetric() {
			for _, label := range metric.GetLabel() {
				if n := int(metric.GetCounter().GetValue()); label.GetName() == "outcome" && n > 0 {
					counts[label.GetValue()] = n
				}
			}
		}
	}
	return counts
}

func request(body io.Reader, pairs ...string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/vapi", body)
	r.Header = headers(pairs...)
	return r
}

func signed(body string) *http.Request {
	return request(strings.NewReader(body), "X-Vapi-Signature", macOf(vectorSecret, body))
}

func forged(body string) *http.Request {
	return request(strings.NewReader(body), "X-Vapi-Signature", macOf("guess", body))
}

func TestGuardAnswers(t *testing.T) {
	t.Parallel()
	const limit = 1 << 20
	stale := func() *http.Request {
		const old = "1788240000000"
		return request(strings.NewReader("{}"), "X-Vapi-Signature", macOf(vectorSecret, old+".{}"), "X-Vapi-Timestamp", old)
	}
	chunked := func(body string) *http.Request {
		r := signed(body)
		r.ContentLength = -1
		return r
	}
	full := strings.Repeat("x", limit)
	tests := []struct {
		name    string
		request *http.Request
		status  int
		code    string
		message string
		outcome string
	}{
		{"signed", signed(vectorBody), 200, "", vectorBody, "accepted"},
		{"signed and empty", signed(""), 200, "", "", "accepted"},
		{"signed and as large as can be", signed(full), 200, "", full, "accepted"},
		{"signed, large, of unknown length", chunked(full), 200, "", full, "accepted"},
		{"missing", request(strings.NewReader("{}")), 401, "missing_signature", "missing signature", "missing_signature"},
		{"wrong", forged("{}"), 401, "invalid_signature", "invalid signature", "invalid_signature"},
		{"stale, which the caller does not see", stale(), 401, "invalid_signature", "invalid signature", "stale"},
		{"too large", signed(full + "x"), 413, "too_large", "the body is too large", "too_large"},
		{"too large, of unknown length", chunked(full + "x"), 413, "too_large", "the body is too large", "too_large"},
		{"broken off", request(iotest.ErrReader(io.ErrUnexpectedEOF), "X-Vapi-Signature", bodyMAC), 400, "malformed", "the body could not be read to its end", "malformed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			g := newGuarded(t, func(cfg *webhook.GuardConfig) { cfg.MaxBody = limit }, nil)
			w := g.send(tt.request)
			if w.Code != tt.status {
				t.Errorf("status %d, want %d", w.Code, tt.status)
			}
			if tt.code == "" {
				if got := w.Body.String(); got != tt.message {
					t.Errorf("%d bytes, want %d", len(got), len(tt.message))
				}
			} else {
				want := fmt.Sprintf("{\"error\":{\"code\":%q,\"message\":%q}}\n", tt.code, tt.message)
				if got := w.Body.String(); got != want {
					t.Errorf("body %s, want %s", got, want)
				}
				if got := w.Header().Get("Content-Type"); got != "application/json; charset=utf-8" {
					t.Errorf("Content-Type %q", got)
				}
			}
			if got := g.counts(t); len(got) != 1 || got[tt.outcome] != 1 {
				t.Errorf("counted %v, want one %s", got, tt.outcome)
			}
		})
	}
}

func TestGuardShowsEveryOutcomeFromTheStart(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, nil, nil)
	want := "# HELP maitre_webhook_requests_total Webhook requests by source and by what became of them.\n# TYPE maitre_webhook_requests_total counter\n"
	for _, outcome := range []string{"accepted", "invalid_signature", "malformed", "missing_signature", "rate_limited", "stale", "too_large"} {
		want += fmt.Sprintf("maitre_webhook_requests_total{outcome=%q,source=\"vapi\"} 0\n", outcome)
	}
	if err := testutil.GatherAndCompare(g.reg, strings.NewReader(want)); err != nil {
		t.Error(err)
	}
}

// unreadable fails the test when anybody reads from it.
type unreadable struct{ t *testing.T }

func (u unreadable) Read([]byte) (int, error) {
	u.t.Error("the body was read")
	return 0, io.EOF
}

func TestGuardReadsNoStrangersBody(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, mode string
		header     []string
	}{
		{"no signature", "hmac", nil},
		{"no hex in signature", "hmac", []string{"X-Vapi-Signature", "guess"}},
		{"malformed timestamp", "hmac", []string{"X-Vapi-Signature", stampedMAC, "X-Vapi-Timestamp", "now"}},
		{"no secret", "header", nil},
		{"wrong secret", "header", []string{"X-Vapi-Secret", "guess"}},
		{"wrong token", "bearer", []string{"Authorization", "Bearer guess"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			g := newGuarded(t, func(cfg *webhook.GuardConfig) {
				cfg.Auth = newAuth(t, webhook.VAPIConfig{Mode: tt.mode, Secrets: []string{vectorSecret}})
			}, nil)
			if w := g.send(request(unreadable{t}, tt.header...)); w.Code != http.StatusUnauthorized {
				t.Errorf("status %d", w.Code)
			}
		})
	}
	t.Run("length over the limit", func(t *testing.T) {
		t.Parallel()
		r := request(unreadable{t}, "X-Vapi-Signature", bodyMAC)
		r.ContentLength = webhook.DefaultMaxBody + 1
		if w := newGuarded(t, nil, nil).send(r); w.Code != http.StatusRequestEntityTooLarge {
			t.Errorf("status %d", w.Code)
		}
	})
}

func TestGuardCountsWhatIsNotUnderstood(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, nil, func(w http.ResponseWriter, _ *http.Request, _ []byte) {
		webhook.WriteError(w, http.StatusBadRequest, "malformed", "not JSON", "message")
	})
	for range 50 { // rightly signed, so never limited
		w := g.send(signed("?"))
		if want := `{"error":{"code":"malformed","message":"not JSON","field":"message"}}` + "\n"; w.Code != 400 || w.Body.String() != want {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	if got := g.counts(t); len(got) != 1 || got["malformed"] != 50 {
		t.Errorf("counted %v", got)
	}
}

func TestGuardLimitsStrangersNeverTheSender(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGuarded(t, nil, nil)
		for i := range 160 {
			strange, want := forged("{}"), http.StatusUnauthorized
			if i%3 == 0 {
				strange = request(strings.NewReader("{}"))
			}
			if i >= 120 {
				want = http.StatusTooManyRequests
			}
			w := g.send(strange)
			if w.Code != want {
				t.Fatalf("refusal %d: status %d, want %d", i+1, w.Code, want)
			}
			if after := w.Header().Get("Retry-After"); (after == "1") != (want == http.StatusTooManyRequests) {
				t.Fatalf("refusal %d: Retry-After %q", i+1, after)
			}
			if w := g.send(signed("{}")); w.Code != http.StatusOK {
				t.Fatalf("the sender, after %d strangers from its address: status %d", i+1, w.Code)
			}
		}
		elsewhere := forged("{}")
		elsewhere.RemoteAddr = "198.51.100.7:4711"
		if w := g.send(elsewhere); w.Code != http.StatusUnauthorized {
			t.Errorf("another client: status %d", w.Code)
		}
		time.Sleep(time.Second)
		if w := g.send(forged("{}")); w.Code != http.StatusUnauthorized {
			t.Errorf("a second later: status %d", w.Code)
		}
		if w := g.send(forged("{}")); w.Code != http.StatusTooManyRequests {
			t.Errorf("at once again: status %d", w.Code)
		}
		if got := g.counts(t); got["accepted"] != 160 || got["rate_limited"] != 41 || got["missing_signature"] != 40 || got["invalid_signature"] != 82 {
			t.Errorf("counted %v", got)
		}
	})
}

func TestGuardLimitsEachClientByItself(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		client func(i int) string
		same   bool
	}{
		{"IPv4 addresses, more than are remembered", func(i int) string { return fmt.Sprintf("10.0.%d.%d", i/250, i%250) }, false},
		{"one IPv4 address written in two ways", func(i int) string { return []string{"192.0.2.1", "::ffff:192.0.2.1"}[i%2] }, true},
		{"a subscriber's IPv6 addresses", func(i int) string { return "2001:db8:0:1::" + strconv.Itoa(i) }, true},
		{"subscribers' IPv6 networks", func(i int) string { return "2001:db8:0:" + strconv.Itoa(i) + "::1" }, false},
		{"no addresses", func(i int) string { return "client " + strconv.Itoa(i) }, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				i := 0
				g := newGuarded(t, func(cfg *webhook.GuardConfig) {
					cfg.ClientIP = func(*http.Request) string { i++; return tt.client(i) }
				}, nil)
				for range 5000 {
					g.send(request(nil))
				}
				want := 5000
				if tt.same {
					want = 120
				}
				if got := g.counts(t)["missing_signature"]; got != want {
					t.Errorf("%d refusals in full, want %d", got, want)
				}
			})
		})
	}
}

// A guesser cannot be forgotten by what others do as long as fewer than the
// remembered ones come between its guesses.
func TestGuardForgetsTheLongestIdleFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := ""
		g := newGuarded(t, func(cfg *webhook.GuardConfig) {
			cfg.ClientIP = func(*http.Request) string { return client }
		}, nil)
		guesses := 0
		for i := range 20_000 {
			client = fmt.Sprintf("10.%d.%d.1", i/256, i%256)
			g.send(request(nil))
			if i%50 == 0 {
				client = "192.0.2.1"
				if w := g.send(forged("{}")); w.Code == http.StatusUnauthorized {
					guesses++
				}
			}
		}
		if guesses != 120 {
			t.Errorf("%d guesses, want 120", guesses)
		}
		for i := range 4096 { // as many as are remembered, so that it is dropped
			client = fmt.Sprintf("10.%d.%d.2", i/256, i%256)
			g.send(request(nil))
		}
		client = "192.0.2.1"
		if w := g.send(forged("{}")); w.Code != http.StatusUnauthorized {
			t.Errorf("remembered past all bounds: status %d", w.Code)
		}
	})
}

func TestGuardBoundsTheMemoryOfLargeBodies(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const large = 512 << 10
		g := newGuarded(t, func(cfg *webhook.GuardConfig) { cfg.Budget = webhook.NewBudget(1 << 20) }, nil)
		// Two large bodies stay half sent and hold what they have.
		var wg sync.WaitGroup
		var senders []*io.PipeWriter
		for range 2 {
			from, to := io.Pipe()
			senders = append(senders, to)
			body := strings.Repeat("x", large)
			wg.Go(func() {
				r := request(from, "X-Vapi-Signature", macOf(vectorSecret, body))
				r.ContentLength = large
				if w := g.send(r); w.Code != http.StatusOK || w.Body.Len() != large {
					t.Errorf("slow and large: status %d, %d bytes", w.Code, w.Body.Len())
				}
			})
			if _, err := io.WriteString(to, body[:large-1]); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		for range 50 { // not the sender's fault: it gets the reason every time, and is never counted as a stranger
			w := g.send(signed(strings.Repeat("x", large)))
			if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") != "1" {
				t.Fatalf("a third large one: status %d, Retry-After %q", w.Code, w.Header().Get("Retry-After"))
			}
		}
		if w := g.send(forged("{}")); w.Code != http.StatusUnauthorized {
			t.Errorf("a stranger: status %d", w.Code)
		}
		if w := g.send(signed(strings.Repeat("x", 60<<10))); w.Code != http.StatusOK {
			t.Errorf("an ordinary one: status %d", w.Code)
		}
		for _, to := range senders {
			_, _ = io.WriteString(to, "x")
			_ = to.Close()
		}
		wg.Wait()
		for range 10 {
			if w := g.send(signed(strings.Repeat("x", 500<<10))); w.Code != http.StatusOK {
				t.Fatalf("once there is memory: status %d", w.Code)
			}
			if w := g.send(forged(strings.Repeat("x", 500<<10))); w.Code != http.StatusUnauthorized {
				t.Fatalf("forged, large: status %d", w.Code)
			}
		}
	})
}

// Buffers are used again; no request may see another's bytes.
func TestGuardKeepsBodiesApart(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, nil, nil)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for n := range 60 {
				body := strings.Repeat(string(rune('a'+i)), (n*n*97)%200_000)
				if w := g.send(signed(body)); w.Code != http.StatusOK || w.Body.String() != body {
					t.Errorf("status %d, another body of %d bytes for %d", w.Code, w.Body.Len(), len(body))
				}
			}
		})
	}
	wg.Wait()
}

func TestGuardSurvivesAPanicBehindIt(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, func(cfg *webhook.GuardConfig) { cfg.Budget = webhook.NewBudget(600 << 10) },
		func(http.ResponseWriter, *http.Request, []byte) { panic("boom") })
	for range 5 {
		func() {
			defer func() {
				if p := recover(); p != "boom" {
					t.Errorf("recovered %v", p)
				}
			}()
			g.send(signed(strings.Repeat("x", 500<<10)))
		}()
	}
	if got := g.counts(t); got["accepted"] != 5 {
		t.Errorf("counted %v: memory not given back", got)
	}
}

func TestGuardLogsRefusalsSparinglyAndNothingSecret(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGuarded(t, nil, nil)
		for range 500 {
			g.send(request(strings.NewReader(`{"secret":"in the body"}`), "X-Vapi-Signature", macOf("guess", ""), "Authorization", "in a header"))
		}
		g.send(signed(vectorBody))
		if lines := strings.Count(g.log.String(), "\n"); lines != 10 {
			t.Errorf("%d lines for 500 refusals at once, want 10", lines)
		}
		time.Sleep(time.Second)
		g.send(forged("{}"))
		logged := g.log.String()
		for _, want := range []string{"level=WARN", "source=vapi", "outcome=invalid_signature", "client=192.0.2.1", "unsaid=490"} {
			if !strings.Contains(logged, want) {
				t.Errorf("no %s in the log:\n%s", want, logged)
			}
		}
		for _, secret := range []string{"in the body", "in a header", macOf("guess", ""), "1234"} {
			if strings.Contains(logged, secret) {
				t.Errorf("%q is in the log:\n%s", secret, logged)
			}
		}
	})
}

func TestGuardOverHTTP(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(newGuarded(t, nil, func(w http.ResponseWriter, _ *http.Request, body []byte) {
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Errorf("flush: %v", err)
		}
		_, _ = w.Write(body)
	}))
	defer server.Close()
	for _, tt := range []struct {
		body   string
		signer string
		status int
	}{
		{vectorBody, vectorSecret, 200},
		{vectorBody, "guess", 401},
		{strings.Repeat("x", webhook.DefaultMaxBody), vectorSecret, 200},
		{strings.Repeat("x", webhook.DefaultMaxBody+1), vectorSecret, 413},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL, strings.NewReader(tt.body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header = headers("X-Vapi-Signature", macOf(tt.signer, tt.body))
		resp, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Error(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != tt.status || tt.status == 200 && string(got) != tt.body {
			t.Errorf("%d bytes by %q: status %d, %d bytes back", len(tt.body), tt.signer, resp.StatusCode, len(got))
		}
	}
}

// trusting lets everybody in, or fails with what no Authenticator should.
type trusting struct{ err error }

func (trusting) Precheck(http.Header) error           { return nil }
func (a trusting) Verify(*http.Request, []byte) error { return a.err }

func TestGuardRefusesOnAnyError(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, func(cfg *webhook.GuardConfig) { cfg.Auth = trusting{errors.New("unheard of")} }, nil)
	if w := g.send(signed("{}")); w.Code != http.StatusUnauthorized {
		t.Errorf("status %d", w.Code)
	}
}

func TestGuardIsNotBuiltWithoutALock(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("built")
		}
	}()
	webhook.Guard(webhook.GuardConfig{Source: "vapi"}, nil)
}

func TestWriteErrorQuotes(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	webhook.WriteError(w, http.StatusBadRequest, "invalid", "el teléfono \"no\" <existe>", "phone")
	var got struct {
		Error struct{ Code, Message, Field string }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Error.Code != "invalid" || got.Error.Message != `el teléfono "no" <existe>` || got.Error.Field != "phone" {
		t.Errorf("got %+v", got)
	}
}

func FuzzGuard(f *testing.F) {
	f.Add("X-Vapi-Signature", bodyMAC, []byte(vectorBody), int64(-1))
	f.Add("X-Signature", "sha256="+bodyMAC, []byte(vectorBody), int64(len(vectorBody)))
	f.Add("X-Vapi-Signature", "", []byte{}, int64(0))
	f.Add("Content-Length", "5000000", []byte("x"), int64(5_000_000))
	f.Fuzz(func(t *testing.T, name, value string, body []byte, length int64) {
		let := false
		g := newGuarded(t, func(cfg *webhook.GuardConfig) { cfg.MaxBody = 1 << 10 }, func(w http.ResponseWriter, _ *http.Request, got []byte) {
			let = true
			if !bytes.Equal(got, body) {
				t.Errorf("let through %q for %q", got, body)
			}
			w.WriteHeader(http.StatusNoContent)
		})
		r := request(bytes.NewReader(body), name, value)
		r.ContentLength = length
		w := g.send(r)
		if let {
			mac := strings.TrimPrefix(strings.ToLower(value), "sha256=")
			if mac != macOf(vectorSecret, string(body)) || len(body) > 1<<10 {
				t.Errorf("%s: %s let %q through", name, value, body)
			}
			return
		}
		switch w.Code {
		case http.StatusUnauthorized, http.StatusRequestEntityTooLarge:
		default:
			t.Errorf("status %d", w.Code)
		}
	})
}

func BenchmarkGuard(b *testing.B) {
	for _, size := range []int{2 << 10, 32 << 10, 128 << 10} {
		b.Run(strconv.Itoa(size>>10)+"KiB", func(b *testing.B) {
			body := strings.Repeat("x", size)
			g := newGuarded(b, nil, func(http.ResponseWriter, *http.Request, []byte) {})
			r := signed(body)
			w := httptest.NewRecorder()
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				r.Body = io.NopCloser(strings.NewReader(body))
				g.ServeHTTP(w, r)
			}
			if n := g.counts(b)["accepted"]; n < b.N {
				b.Fatalf("%d of %d accepted", n, b.N)
			}
		})
	}
}
