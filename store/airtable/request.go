package airtable

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"
)

const (
	dialTimeout      = 5 * time.Second
	handshakeTimeout = 5 * time.Second
	idleTimeout      = 90 * time.Second
	connections      = 8 // more than Pace, so that slow answers do not dial anew
)

// errNoAnswer ends a request that took longer than Config.Timeout.
var errNoAnswer = fmt.Errorf("no answer in the time that a request may take: %w", context.DeadlineExceeded)

// newTransport keeps to HTTP/1.1: it tells plainly whether a request had left
// when its connection broke, and a few connections are all that the pace needs.
func newTransport(timeout time.Duration) *http.Transport {
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	dialer := &net.Dialer{Timeout: dialTimeout, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           dialer.DialContext,
		TLSHandshakeTimeout:   handshakeTimeout,
		ResponseHeaderTimeout: timeout,
		IdleConnTimeout:       idleTimeout,
		MaxIdleConns:          connections,
		MaxIdleConnsPerHost:   connections,
		Protocols:             &protocols,
	}
}

// noRedirects: the API has none, and the token must not travel to wherever a
// stranger in between points.
func noRedirects(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// request is one call of the API.
type request struct {
	op     Operation
	table  string
	writes bool
	method string
	path   []string // below /v0, not escaped
	query  url.Values
	body   any
}

// fail completes an error that does not know what was asked.
func (r *request) fail(err error) error {
	if e, ok := errors.AsType[*Error](err); ok {
		done := *e
		done.Operation, done.Table = r.op, r.table
		return &done
	}
	return err
}

// ask waits for the caller's turn, sends r and reads the answer into into, which
// may be nil. Every error is an *Error.
func (c *Client) ask(ctx context.Context, r request, into any) error {
	t, err := c.line.turn(ctx)
	if err != nil {
		return r.fail(err)
	}
	return c.send(ctx, t, r, into)
}

// send sends r at its turn t.
func (c *Client) send(ctx context.Context, t *turn, r request, into any) error {
	began := time.Now()
	err := c.exchange(ctx, t, &r, into)
	took := time.Since(began)
	if err == nil {
		c.metrics.observe(r.op, nil, took)
		c.cfg.Log.DebugContext(ctx, "airtable answered", "operation", r.op, "table", r.table, "took", took)
		return nil
	}
	c.metrics.observe(r.op, err, took)
	if err.Kind == RateLimited {
		c.cfg.Log.WarnContext(ctx, "airtable had too many requests; nothing is sent for a while",
			"operation", r.op, "wait", err.RetryAfter)
		c.line.rest(err.RetryAfter)
	}
	return err
}

func (c *Client) exchange(ctx context.Context, t *turn, r *request, into any) *Error {
	ctx, cancel := context.WithTimeoutCause(ctx, c.cfg.Timeout, errNoAnswer)
	defer cancel()
	ctx, stop := c.untilClosed(ctx)
	defer stop()

	if ctx.Err() != nil {
		c.line.giveBack(t)
		return &Error{Kind: Unreachable, Operation: r.op, Table: r.table, Message: "not sent", Err: context.Cause(ctx)}
	}
	var way wire
	req, err := c.build(way.watch(ctx, func() { c.line.wrote(t) }), r)
	if err != nil {
		c.line.giveBack(t)
		return &Error{Kind: Permanent, Operation: r.op, Table: r.table, Blame: BlameRequest,
			Message: "the request cannot be put together", Mend: ourFault, Err: err}
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return r.noAnswer(ctx, err, way.left())
	}
	defer func() { _ = resp.Body.Close() }() // what was read of it counts
	body, err := io.ReadAll(io.LimitReader(resp.Body, c.cfg.MaxBody+1))
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		// What could be read of a refusal is enough to know it by its status.
		return c.refusal(r, resp, body)
	}
	if into == nil {
		return nil
	}
	switch {
	case err != nil:
		return r.lostAnswer(ctx, resp.StatusCode, "the answer broke off", err)
	case int64(len(body)) > c.cfg.MaxBody:
		return r.tooLongAnswer(resp.StatusCode, c.cfg.MaxBody)
	}
	if err := json.Unmarshal(body, into); err != nil {
		return r.lostAnswer(ctx, resp.StatusCode, notJSON(resp), err)
	}
	return nil
}

// untilClosed ends ctx when the client is closed.
func (c *Client) untilClosed(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(c.closed, func() { cancel(ErrClosed) })
	return ctx, func() { stop(); cancel(nil) }
}

func (c *Client) build(ctx context.Context, r *request) (*http.Request, error) {
	var body io.Reader
	if r.body != nil {
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(r.body); err != nil {
			return nil, fmt.Errorf("encode request: %w", err)
		}
		body = &b
	}
	req, err := http.NewRequestWithContext(ctx, r.method, c.address(r), body)
	if err != nil {
		return nil, fmt.Errorf("make request: %w", err)
	}
	req.Header.Set("Authorization", "Bearer "+string(c.cfg.Token))
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "maitre")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return req, nil
}

func (c *Client) address(r *request) string {
	path := make([]string, 0, len(r.path)+1)
	path = append(path, "v0")
	for _, part := range r.path {
		path = append(path, url.PathEscape(part))
	}
	u := c.root.JoinPath(path...)
	u.RawQuery = r.query.Encode()
	return u.String()
}

// wire watches how far a request has come.
type wire struct {
	traced    atomic.Bool // the transport tells us
	connected atomic.Bool
}

func (w *wire) watch(ctx context.Context, wrote func()) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn:      func(string) { w.traced.Store(true) },
		GotConn:      func(httptrace.GotConnInfo) { w.connected.Store(true) },
		WroteRequest: func(httptrace.WroteRequestInfo) { wrote() },
	})
}

// left tells whether any of the request may have gone out. With a connection in
// hand nobody can say that nothing did.
func (w *wire) left() bool { return w.connected.Load() || !w.traced.Load() }

// noAnswer is the error of a request that nobody answered.
func (r *request) noAnswer(ctx context.Context, err error, left bool) *Error {
	// The URL in a url.Error holds the filter, and that a guest's number.
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	if ended := context.Cause(ctx); ended != nil {
		err = ended
	}
	e := &Error{Kind: Unreachable, Operation: r.op, Table: r.table, Message: "no answer", Err: err}
	if r.writes && left {
		e.Kind, e.Message = UnknownOutcome, "no answer, and it may have been written"
	}
	if !left {
		e.Message = "no connection"
	}
	return e
}

// lostAnswer is the error of a request that was answered well, in a way that
// cannot be read.
func (r *request) lostAnswer(ctx context.Context, status int, what string, err error) *Error {
	if ended := context.Cause(ctx); ended != nil {
		err = ended
	}
	e := &Error{Kind: Unreachable, Operation: r.op, Table: r.table, Status: status, Message: what, Err: err}
	if r.writes {
		e.Kind = UnknownOutcome
	}
	return e
}

// incomplete is the error of an answer that is JSON and lacks what was asked for.
// It must never read as "there is nothing": that would free tables.
func (r *request) incomplete() *Error {
	e := &Error{Kind: Unreachable, Operation: r.op, Table: r.table, Status: http.StatusOK,
		Message: "the answer is not what was asked for"}
	if r.writes {
		e.Kind = UnknownOutcome
	}
	return e
}

func (r *request) tooLongAnswer(status int, limit int64) *Error {
	e := &Error{Kind: Permanent, Operation: r.op, Table: r.table, Status: status, Blame: BlameBase,
		Message: fmt.Sprintf("the answer is longer than %d bytes", limit),
		Mend:    "Cells of this table hold very long texts: shorten them, or have fewer fields read."}
	if r.writes {
		e.Kind = UnknownOutcome
	}
	return e
}
