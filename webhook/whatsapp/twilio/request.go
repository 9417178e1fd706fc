package twilio

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/twilio/twilio-go/client"
)

// maxAnswer bounds what is read of an answer: a page of a hundred messages has
// some hundred kilobytes.
const maxAnswer = 4 << 20

const (
	opSend    = "send"
	opFind    = "find"
	opAccount = "account"
)

// request is one request of Twilio's library, bound to its caller's context.
type request struct {
	client *Client
	ctx    context.Context
	op     string
	date   time.Time // Twilio's clock, by its answer
}

var _ client.BaseClient = (*request)(nil)

// AccountSid implements Twilio's interface.
func (r *request) AccountSid() string { return r.client.cfg.AccountSID }

// SetTimeout does nothing: the configuration says how long a request may take.
func (r *request) SetTimeout(time.Duration) {}

// SetOauth does nothing: the account's token is what we sign in with.
func (r *request) SetOauth(client.OAuth) {}

// OAuth returns nothing.
func (r *request) OAuth() client.OAuth { return nil }

// SendRequest makes the request, to the configured endpoint in place of the
// library's. It returns successful answers, in memory; any other is an [*Error].
func (r *request) SendRequest(method, address string, data url.Values, _ map[string]any, _ ...byte) (*http.Response, error) {
	ctx, cancel := context.WithTimeoutCause(r.ctx, r.client.cfg.Timeout,
		fmt.Errorf("no answer within %s", r.client.cfg.Timeout))
	defer cancel()
	var reached atomic.Bool
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { reached.Store(true) }})
	req, err := r.build(traced, method, address, data)
	if err != nil {
		return nil, &Error{Kind: Refused, Operation: r.op, Message: "the request cannot be made", Err: err}
	}
	resp, err := r.client.http.Do(req)
	if err != nil {
		return nil, r.unanswered(ctx, err, reached.Load())
	}
	defer func() { _ = resp.Body.Close() }() // it was read, or it is given up
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	switch {
	case err != nil:
		return nil, r.unanswered(ctx, err, true)
	case len(body) > maxAnswer:
		return nil, r.unanswered(ctx, errors.New("the answer has no end"), true)
	}
	if resp.StatusCode < http.StatusOK || resp.StatusCode >= http.StatusMultipleChoices {
		return nil, r.refusal(resp, body)
	}
	r.date, _ = http.ParseTime(resp.Header.Get("Date")) // whoever needs it looks
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

func (r *request) build(ctx context.Context, method, address string, data url.Values) (*http.Request, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	to := r.client.endpoint.JoinPath(u.EscapedPath())
	var body io.Reader = http.NoBody
	if method == http.MethodGet {
		to.RawQuery = data.Encode()
	} else {
		body = strings.NewReader(data.Encode())
	}
	req, err := http.NewRequestWithContext(ctx, method, to.String(), body)
	if err != nil {
		return nil, err
	}
	req.SetBasicAuth(r.client.cfg.AccountSID, string(r.client.cfg.Token))
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "maitre")
	if method != http.MethodGet {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return req, nil
}

// unanswered is the error of a request without a whole answer. One that never
// had a connection was not sent.
func (r *request) unanswered(ctx context.Context, err error, reached bool) *Error {
	if within, ok := errors.AsType[*url.Error](err); ok {
		err = within.Err // its URL may name a guest's phone
	}
	e := &Error{Kind: Later, Operation: r.op, Message: "Twilio could not be reached", Err: err}
	if reached {
		e.Message = "the connection broke before Twilio's answer was here"
		e.Kind = r.doubtful()
	}
	if ctx.Err() != nil {
		e.Err = context.Cause(ctx)
	}
	return e
}

// doubtful is the kind of a failure after which nobody knows what Twilio did. To
// look is harmless, and can be done again.
func (r *request) doubtful() Kind {
	if r.op == opSend {
		return Unknown
	}
	return Later
}

// asError returns the [*Error] of a failed request. What the library makes
// itself is the failure to read a successful answer.
func (r *request) asError(err error) *Error {
	if own, ok := errors.AsType[*Error](err); ok {
		return own
	}
	return &Error{Kind: r.doubtful(), Operation: r.op, Message: "the answer cannot be read", Err: err}
}
