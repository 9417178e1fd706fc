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
	// requestTimeout is how long a request may take, to the last byte of its answer.
	// Airtable answers within a second; while one hangs, no other write is sent.
	requestTimeout = 10 * time.Second
	dialTimeout    = 5 * time.Second
	maxBody        = 8 << 20 // bytes; a longer answer is not read
	connections    = 8       // more than the pace, so that slow answers do not dial anew
)

// errNoAnswer ends a request that took longer than requestTimeout.
var errNoAnswer = fmt.Errorf("no answer in the time that a request may take: %w", context.DeadlineExceeded)

// newTransport keeps to HTTP/1.1: it shows whether a request was sent before its
// connection broke, and a few connections are all that the pace needs.
func newTransport() *http.Transport {
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	dialer := &net.Dialer{Timeout: dialTimeout, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           dialer.DialContext,
		TLSHandshakeTimeout:   dialTimeout,
		ResponseHeaderTimeout: requestTimeout,
		IdleConnTimeout:       90 * time.Second,
		MaxIdleConns:          connections,
		MaxIdleConnsPerHost:   connections,
		Protocols:             &protocols,
	}
}

// noRedirects refuses redirects: the API has none, and the token must not be sent to
// another host.
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

// ask sends a request when it gets a permit and reads the answer into into, which may
// be nil. Every error is an *Error.
func (c *Client) ask(ctx context.Context, r request, into any) error {
	if ctx.Err() != nil {
		return r.failed(Unreachable, 0, "not sent", context.Cause(ctx))
	}
	it := newItem(ctx, r.op, Target{Table: r.table})
	c.queue.wait(ctx, it)
	if it.written.Err != nil {
		return it.written.Err
	}
	if err := c.send(ctx, it.permit, &r, into); err != nil {
		return err
	}
	return nil
}

// send sends a request that has its permit.
func (c *Client) send(ctx context.Context, p *permit, r *request, into any) *Error {
	began := time.Now()
	err := c.exchange(ctx, p, r, into)
	took := time.Since(began)
	c.metrics.observe(r.op, err, took)
	switch {
	case err == nil:
		c.cfg.Log.DebugContext(ctx, "airtable answered", "operation", r.op, "table", r.table, "took", took)
	case err.Kind == RateLimited:
		c.cfg.Log.WarnContext(ctx, "airtable had too many requests; nothing is sent for a while",
			"operation", r.op, "wait", err.RetryAfter)
		c.queue.do(func() { c.queue.coolDown(err.RetryAfter) })
	}
	return err
}

func (c *Client) exchange(ctx context.Context, p *permit, r *request, into any) *Error {
	ctx, cancel := context.WithTimeoutCause(ctx, requestTimeout, errNoAnswer)
	defer cancel()
	ctx, stop := c.untilClosed(ctx)
	defer stop()

	if ctx.Err() != nil {
		return r.failed(Unreachable, 0, "not sent", context.Cause(ctx))
	}
	var way wire
	wrote := func() { c.queue.do(func() { c.queue.limiter.wrote(p, time.Now()) }) }
	req, err := c.build(way.clock(ctx, wrote), r)
	if err != nil {
		return r.invalid("the request cannot be put together", err)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return r.noAnswer(ctx, err, way.left())
	}
	defer func() { _ = resp.Body.Close() }() // what was read of it counts
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
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
	case len(body) > maxBody:
		return r.longAnswer(resp.StatusCode)
	}
	if err := json.Unmarshal(body, into); err != nil {
		return r.lostAnswer(ctx, resp.StatusCode, notJSON(resp), err)
	}
	return nil
}

// untilClosed ends ctx when the client is closed.
func (c *Client) untilClosed(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(c.life, func() { cancel(ErrClosed) })
	return ctx, func() { stop(); cancel(nil) }
}

func (c *Client) build(ctx context.Context, r *request) (*http.Request, error) {
	var body io.Reader
	if r.body != nil {
		body = bytes.NewReader(encode(r.body))
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
	path := []string{"v0"}
	for _, part := range r.path {
		path = append(path, url.PathEscape(part))
	}
	u := c.root.JoinPath(path...)
	u.RawQuery = r.query.Encode()
	return u.String()
}

// wire records how far a request has come.
type wire struct {
	traced    atomic.Bool // the transport supports httptrace
	connected atomic.Bool
}

func (w *wire) clock(ctx context.Context, wrote func()) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn:      func(string) { w.traced.Store(true) },
		GotConn:      func(httptrace.GotConnInfo) { w.connected.Store(true) },
		WroteRequest: func(httptrace.WroteRequestInfo) { wrote() },
	})
}

// left reports whether any of the request may have gone out. With a connection in
// hand nobody can say that nothing did.
func (w *wire) left() bool { return w.connected.Load() || !w.traced.Load() }

// failed returns an error of the request.
func (r *request) failed(kind Kind, status int, message string, err error) *Error {
	return &Error{Kind: kind, Operation: r.op, Table: r.table, Status: status, Message: message, Err: err}
}

// invalid returns the error of a request that cannot be sent as it is.
func (r *request) invalid(message string, err error) *Error {
	e := r.failed(Permanent, 0, message, err)
	e.Blame, e.Fix = BlameRequest, ourFault
	return e
}

// noAnswer returns the error of a request that nobody answered.
func (r *request) noAnswer(ctx context.Context, err error, left bool) *Error {
	// The URL in a url.Error holds the filter, and that a guest's number.
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	if ended := context.Cause(ctx); ended != nil {
		err = ended
	}
	switch {
	case !left:
		return r.failed(Unreachable, 0, "no connection", err)
	case r.writes:
		return r.failed(UnknownOutcome, 0, "no answer, and it may have been written", err)
	}
	return r.failed(Unreachable, 0, "no answer", err)
}

// lostAnswer returns the error of a request that was answered well, in a way that
// cannot be read.
func (r *request) lostAnswer(ctx context.Context, status int, message string, err error) *Error {
	if ended := context.Cause(ctx); ended != nil {
		err = ended
	}
	return r.failed(r.unknown(Unreachable), status, message, err)
}

// incomplete returns the error of an answer that is JSON and lacks what was asked
// for. It must never read as "there is nothing": that would free tables.
func (r *request) incomplete() *Error {
	return r.failed(r.unknown(Unreachable), http.StatusOK, "the answer is not what was asked for", nil)
}

func (r *request) longAnswer(status int) *Error {
	e := r.failed(r.unknown(Permanent), status, fmt.Sprintf("the answer is longer than %d bytes", maxBody), nil)
	e.Blame, e.Fix = BlameBase, "Cells of this table hold very long texts: shorten them, or have fewer fields read."
	return e
}

// unknown returns UnknownOutcome for a request that writes, and kind for others.
func (r *request) unknown(kind Kind) Kind {
	if r.writes {
		return UnknownOutcome
	}
	return kind
}
