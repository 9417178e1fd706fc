package twilio

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"time"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"maitre/booking"
)

const (
	twilioEndpoint = "https://api.twilio.com"
	defaultTimeout = 10 * time.Second
	dialTimeout    = 5 * time.Second
	idleTimeout    = 30 * time.Second
	// connections is how many requests to Twilio are made at a time at most.
	connections = 16
)

// Token is the account's auth token. It is hidden in logs and errors.
type Token string

// String hides the token.
func (Token) String() string { return "[hidden]" }

// GoString hides the token.
func (Token) GoString() string { return "[hidden]" }

// LogValue hides the token.
func (Token) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// Config says for which account, and as whom, a [Client] sends.
type Config struct {
	AccountSID string // required
	Token      Token  // required
	// WhatsApp and SMS are our senders; what has no sender is refused.
	WhatsApp, SMS booking.Phone
	// StatusCallback is the URL at which Twilio tells what became of a message,
	// as the world reaches us; empty: it does not tell.
	StatusCallback string
	// Endpoint is where Twilio's API is. Defaults to Twilio's.
	Endpoint string
	// Timeout bounds a request. Defaults to ten seconds.
	Timeout time.Duration
	// Transport makes the requests. Defaults to one of its own.
	Transport http.RoundTripper
}

// Client sends messages and looks for them. It is safe for concurrent use.
type Client struct {
	cfg      Config
	endpoint *url.URL
	callback *url.URL // nil: none
	http     *http.Client
}

// New returns a client, or what is wrong with the configuration.
func New(cfg Config) (*Client, error) {
	if cfg.AccountSID == "" || cfg.Token == "" {
		return nil, errors.New("twilio: want an account SID and an auth token")
	}
	cfg.Timeout = cmp.Or(cfg.Timeout, defaultTimeout)
	endpoint, err := parseURL("endpoint", cmp.Or(cfg.Endpoint, twilioEndpoint))
	if err != nil {
		return nil, err
	}
	c := &Client{cfg: cfg, endpoint: endpoint}
	if cfg.StatusCallback != "" {
		if c.callback, err = parseURL("status callback", cfg.StatusCallback); err != nil {
			return nil, err
		}
	}
	if c.cfg.Transport == nil {
		c.cfg.Transport = &http.Transport{
			Proxy:                 http.ProxyFromEnvironment,
			DialContext:           (&net.Dialer{Timeout: dialTimeout}).DialContext,
			TLSHandshakeTimeout:   dialTimeout,
			ResponseHeaderTimeout: cfg.Timeout,
			MaxConnsPerHost:       connections,
			MaxIdleConnsPerHost:   connections,
			IdleConnTimeout:       idleTimeout,
			ForceAttemptHTTP2:     true,
		}
	}
	c.http = &http.Client{
		Transport: c.cfg.Transport,
		// A redirect would take the credentials elsewhere.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return c, nil
}

func parseURL(what, text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("twilio: %s %q: want a URL such as https://example.org", what, text)
	}
	return u, nil
}

// Close lets go of idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Send hands a message to Twilio, which queues it, and returns Twilio's name for
// it. What becomes of it later comes to the status callback. Every error is an [*Error].
func (c *Client) Send(ctx context.Context, l booking.OutgoingMessage) (sid string, err error) {
	params, refusal := c.params(l)
	if refusal != nil {
		return "", refusal
	}
	r := &request{client: c, ctx: ctx, op: opSend}
	message, err := api.NewApiServiceWithClient(r).CreateMessage(params)
	if err != nil {
		return "", r.asError(err)
	}
	if message.Sid == nil || *message.Sid == "" {
		return "", &Error{Kind: Unknown, Operation: opSend, Status: http.StatusCreated, Message: "the answer names no message"}
	}
	return *message.Sid, nil
}

// params are a message in Twilio's words.
func (c *Client) params(l booking.OutgoingMessage) (*api.CreateMessageParams, *Error) {
	from, to, refusal := c.addresses(l)
	if refusal != nil {
		return nil, refusal
	}
	p := (&api.CreateMessageParams{}).SetPathAccountSid(c.cfg.AccountSID).SetTo(to).SetFrom(from)
	switch {
	case l.Way == booking.ByTemplate && l.Template == "":
		return nil, refused("a message by template names no template")
	case l.Way == booking.ByTemplate:
		p.SetContentSid(l.Template)
		if len(l.Vars) > 0 {
			p.SetContentVariables(variables(l.Vars))
		}
	case l.Text == "":
		return nil, refused("a message without text")
	default:
		p.SetBody(l.Text)
	}
	if c.callback != nil {
		p.SetStatusCallback(c.callbackFor(l.Message))
	}
	return p, nil
}

const whatsApp = "whatsapp:"

// addresses are a message's sender and receiver as Twilio writes them.
func (c *Client) addresses(l booking.OutgoingMessage) (from, to string, refusal *Error) {
	switch {
	case l.To == "":
		return "", "", refused("a message to nobody")
	case l.Way == booking.BySMS && c.cfg.SMS == "":
		return "", "", refused("there is no sender for SMS: set TWILIO_SMS_FROM")
	case l.Way == booking.BySMS:
		return string(c.cfg.SMS), string(l.To), nil
	case c.cfg.WhatsApp == "":
		return "", "", refused("there is no sender for WhatsApp: set TWILIO_WHATSAPP_FROM")
	default:
		return whatsApp + string(c.cfg.WhatsApp), whatsApp + string(l.To), nil
	}
}

func refused(why string) *Error {
	return &Error{Kind: Refused, Operation: opSend, Message: why}
}

// callbackFor is the status callback of a message: it names the message, so that
// the callback can be matched even where the answer to the request was lost.
func (c *Client) callbackFor(id string) string {
	if id == "" {
		return c.callback.String()
	}
	u := *c.callback
	q := u.Query()
	q.Set(callbackMessage, id)
	u.RawQuery = q.Encode()
	return u.String()
}
