package airtable

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// DefaultEndpoint is Airtable's own.
const DefaultEndpoint = "https://api.airtable.com"

// ErrClosed is returned, within an [Error] of kind [Unreachable], for what a
// closed client did not send any more.
var ErrClosed = errors.New("the Airtable client is closed")

// Token is a personal access token. It shows itself only to Airtable.
type Token string

// String reports only whether there is a token.
func (t Token) String() string {
	if t == "" {
		return ""
	}
	return "[redacted]"
}

// GoString is String, for %#v.
func (t Token) GoString() string { return `"` + t.String() + `"` }

// MarshalText is String, for JSON and slog.
func (t Token) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// Config configures a Client. Token and BaseID are required; the rest defaults to
// what Airtable documents.
type Config struct {
	// Endpoint is where the API is, without /v0. Defaults to DefaultEndpoint.
	Endpoint string
	Token    Token
	// BaseID is "app…".
	BaseID string

	// Transport sends the requests. Defaults to one of the client's own, which
	// Close then closes. One that does not support net/http/httptrace makes
	// [UnknownOutcome] of some writes that surely did not happen.
	Transport http.RoundTripper
	// Log receives what the client handles by itself, never cell values.
	// Defaults to nothing.
	Log *slog.Logger
	// Registerer shows the metrics. Nil counts without showing.
	Registerer prometheus.Registerer

	// Pace is how many requests are sent in a second. Defaults to Airtable's 5 for a
	// base, which no plan raises.
	Pace int
	// Cautious: another process may have sent requests until a moment ago (this one
	// before it was started again), so the first is sent when those do not
	// count any more, a second from now.
	Cautious bool
	// Penalty is how long nothing is sent after a 429. Defaults to Airtable's 30 s.
	Penalty time.Duration
	// RewriteAfter is how long a row is not written again after a write that nobody
	// answered: Airtable may still be writing, and two upserts of one key side by
	// side can make two rows. Defaults to 3 s; negative is none.
	RewriteAfter time.Duration
}

func (c Config) withDefaults() Config {
	c.Endpoint = cmp.Or(c.Endpoint, DefaultEndpoint)
	c.Log = cmp.Or(c.Log, slog.New(slog.DiscardHandler))
	c.Pace = cmp.Or(max(c.Pace, 0), 5)
	c.Penalty = cmp.Or(max(c.Penalty, 0), 30*time.Second)
	c.RewriteAfter = cmp.Or(c.RewriteAfter, 3*time.Second)
	return c
}

// Client reads and writes one base. A process must have one client for a base: each
// keeps the pace and the order of writes for itself. Its methods may be called
// concurrently.
type Client struct {
	cfg     Config
	root    *url.URL
	http    *http.Client
	own     *http.Transport // nil: the caller's
	metrics *metrics
	queue   *queue
	life    context.Context // ends when Close is called
	end     context.CancelCauseFunc
}

// New returns a client. It sends nothing by itself, so a wrong token shows at
// the first request.
func New(cfg Config) (*Client, error) {
	cfg = cfg.withDefaults()
	root, err := endpoint(cfg.Endpoint)
	if err != nil {
		return nil, err
	}
	if cfg.Token == "" {
		return nil, errors.New("make Airtable client: the token is missing")
	}
	if strings.ContainsFunc(string(cfg.Token), func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, errors.New("make Airtable client: the token holds a space or a character that no token has; copy it again")
	}
	if cfg.BaseID == "" || strings.ContainsAny(cfg.BaseID, "/?#. ") {
		return nil, fmt.Errorf("make Airtable client: %q is not a base ID: it starts with \"app\" and is the first part of the base's address", cfg.BaseID)
	}
	c := &Client{cfg: cfg, root: root, metrics: newMetrics(cfg.Registerer)}
	if cfg.Transport == nil {
		c.own = newTransport()
		cfg.Transport = c.own
	}
	c.http = &http.Client{Transport: cfg.Transport, CheckRedirect: noRedirects}
	c.life, c.end = context.WithCancelCause(context.Background())
	c.queue = &queue{
		life: c.life, send: c.sendBatch, rewriteAfter: cfg.RewriteAfter, notBefore: map[string]time.Time{},
		limiter: newLimiter(cfg.Pace, cfg.Cautious), calls: make(chan func()), stopped: make(chan struct{}),
	}
	go c.queue.run()
	return c, nil
}

func endpoint(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("make Airtable client: endpoint %q is not an address such as %s", text, DefaultEndpoint)
	}
	return u, nil
}

// Close gives up what waits and what is under way, and returns when no write is
// under way any more. A write that was may still happen: its caller gets
// [UnknownOutcome]. Calls after Close fail with [ErrClosed].
func (c *Client) Close() {
	c.end(ErrClosed)
	<-c.queue.stopped
	if c.own != nil {
		c.own.CloseIdleConnections()
	}
}

// String names the base. It keeps fmt from showing the token.
func (c *Client) String() string { return "Airtable base " + c.cfg.BaseID }

// GoString is String, for %#v.
func (c *Client) GoString() string { return c.String() }
