package airtabletest_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"maitre/store/airtable/airtabletest"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

// clock is a clock that moves when told.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// api asks a server as plainly as can be.
type api struct {
	t   *testing.T
	srv *airtabletest.Server
	// client does not reuse connections: one fault is one failed request, and
	// never a silent repeat by the transport.
	client *http.Client
	token  string
}

func start(t *testing.T, o airtabletest.Options) api {
	t.Helper()
	if o.RatePerBase == 0 {
		o.RatePerBase, o.RatePerUser = airtabletest.Unlimited, airtabletest.Unlimited
	}
	if o.Clock == nil {
		o.Clock = newClock().Now
	}
	srv := airtabletest.Start(t, o)
	return api{t: t, srv: srv, token: srv.Token(), client: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}}
}

// response is an answer, its body parsed.
type response struct {
	status int
	header http.Header
	body   any
	raw    string
}

// do asks; the base's ID stands for {base} in the path.
func (a api) do(method, path, body string) (response, error) {
	a.t.Helper()
	request, err := http.NewRequestWithContext(a.t.Context(), method,
		a.srv.URL()+strings.ReplaceAll(path, "{base}", a.srv.BaseID()), strings.NewReader(body))
	if err != nil {
		a.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+a.token)
	request.Header.Set("Content-Type", "application/json")
	return a.send(request)
}

func (a api) send(request *http.Request) (response, error) {
	answer, err := a.client.Do(request)
	if err != nil {
		return response{}, err
	}
	defer func() { _ = answer.Body.Close() }()
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		return response{}, err
	}
	out := response{status: answer.StatusCode, header: answer.Header, raw: string(raw)}
	_ = json.NewDecoder(bytes.NewReader(raw)).Decode(&out.body) // HTML stays nil
	return out, nil
}

// ok asks, and ends the test when the answer is not 200.
func (a api) ok(method, path, body string) map[string]any {
	a.t.Helper()
	r, err := a.do(method, path, body)
	if err != nil {
		a.t.Fatalf("%s %s: %v", method, path, err)
	}
	if r.status != http.StatusOK {
		a.t.Fatalf("%s %s: status %d: %s", method, path, r.status, r.raw)
	}
	object, _ := r.body.(map[string]any)
	return object
}

// refused asks, and wants this error.
func (a api) refused(method, path, body string, status int, kind string) {
	a.t.Helper()
	r, err := a.do(method, path, body)
	if err != nil {
		a.t.Fatalf("%s %s: %v", method, path, err)
	}
	if got := errorType(r.body); r.status != status || got != kind {
		a.t.Errorf("%s %s: status %d, type %s, want %d, %s\n%s", method, path, r.status, got, status, kind, r.raw)
	}
}

func errorType(body any) string {
	object, _ := body.(map[string]any)
	switch e := object["error"].(type) {
	case string:
		return e
	case map[string]any:
		kind, _ := e["type"].(string)
		return kind
	}
	return ""
}

func parse(t *testing.T, s string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(s), &v); err != nil {
		t.Fatalf("parse %s: %v", s, err)
	}
	return v
}

func wantJSON(t *testing.T, got any, want string) {
	t.Helper()
	if diff := cmp.Diff(parse(t, want), got); diff != "" {
		t.Errorf("answer (-want +got):\n%s", diff)
	}
}

func (a api) staff(table string, fields map[string]any) airtabletest.Record {
	a.t.Helper()
	r, err := a.srv.Staff().Create(table, fields)
	if err != nil {
		a.t.Fatal(err)
	}
	return r
}

// list lists and returns the values of one field, in order.
func (a api) list(table string, query url.Values, field string) []any {
	a.t.Helper()
	page := a.ok("GET", "/v0/{base}/"+url.PathEscape(table)+"?"+query.Encode(), "")
	var out []any
	for _, r := range page["records"].([]any) {
		out = append(out, r.(map[string]any)["fields"].(map[string]any)[field])
	}
	return out
}
