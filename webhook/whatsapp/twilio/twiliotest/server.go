package twiliotest

import (
	"cmp"
	"context"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"maitre/e2e/servertest"
)

// Options say how a server behaves. The zero value is a Twilio that takes
// everything and delivers it.
type Options struct {
	AccountSID string // defaults to one made up
	Token      string // defaults to one made up
	// ControlToken opens the endpoints under /_control/; empty: there are none.
	ControlToken string
	// Clock is Twilio's clock. Defaults to time.Now.
	Clock func() time.Time
	// Statuses are what a message's callbacks say, in their order. Defaults to
	// sent and delivered. Not nil and empty: only what Callback is told to say.
	Statuses []string
	// Window makes free text by WhatsApp fail with 63016 unless the phone wrote
	// within a day; see Server.Inbound.
	Window bool
	// Templates are the texts of templates by their SID, with {{1}}. One that is
	// not there is made of its values alone.
	Templates map[string]string
	// Transport makes the callbacks. Defaults to one over the network.
	Transport http.RoundTripper
	// Lag is how long a message that was taken does not show in the list yet.
	Lag time.Duration
	// PageSize is the most that a page of the list holds. Defaults to a thousand.
	PageSize int
	Seed     uint64 // of the faults that hit by chance
}

// Message is one that the server took.
type Message struct {
	SID            string            `json:"sid"`
	To             string            `json:"to"`
	From           string            `json:"from"`
	Body           string            `json:"body"`
	ContentSID     string            `json:"content_sid,omitempty"`
	Variables      map[string]string `json:"variables,omitempty"`
	StatusCallback string            `json:"status_callback,omitempty"`
	Status         string            `json:"status"`
	Code           int               `json:"error_code,omitempty"`
	Created        time.Time         `json:"created"`
}

// Server is a Twilio. It is safe for concurrent use.
type Server struct {
	*servertest.Injector
	servertest.Log

	options Options
	control servertest.Control[order]
	url     string
	stopped context.Context
	stop    context.CancelFunc
	client  *http.Client

	mu        sync.Mutex
	calls     int        // messages whose callbacks are under way
	quiet     *sync.Cond // signals that calls fell to 0
	messages  []*Message
	callbacks []StatusCallback
	inbound   map[string]time.Time // by phone
	ids       int
}

// New makes a server that does not listen: it is an http.Handler. Close it to
// end what it has under way.
func New(o Options) *Server {
	o.AccountSID = cmp.Or(o.AccountSID, "AC00000000000000000000000000000001")
	o.Token = cmp.Or(o.Token, "0123456789abcdef0123456789abcdef")
	o.PageSize = cmp.Or(o.PageSize, 1000)
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Statuses == nil {
		o.Statuses = []string{"sent", "delivered"}
	}
	if o.Transport == nil {
		o.Transport = &http.Transport{}
	}
	s := &Server{Injector: servertest.NewInjector(o.Seed), options: o, inbound: map[string]time.Time{},
		client: &http.Client{Timeout: 15 * time.Second, Transport: o.Transport}}
	s.control = servertest.Control[order]{Token: o.ControlToken, Help: Control, Faults: s.Injector, Log: &s.Log, Command: s.command}
	s.quiet = sync.NewCond(&s.mu)
	s.stopped, s.stop = context.WithCancel(context.Background())
	return s
}

// Start makes a server that listens on a port of its own until the test ends.
func Start(tb testing.TB, o Options) *Server {
	tb.Helper()
	s := New(o)
	s.url = servertest.Start(tb, s)
	return s
}

// Close ends hanging requests and callbacks, and returns when they have ended.
func (s *Server) Close() {
	s.stop()
	s.WaitCallbacks()
	s.client.CloseIdleConnections()
}

// URL returns the address to use instead of https://api.twilio.com; empty unless Start made the server.
func (s *Server) URL() string { return s.url }

// AccountSID returns the account that it knows.
func (s *Server) AccountSID() string { return s.options.AccountSID }

// Token returns the account's auth token.
func (s *Server) Token() string { return s.options.Token }

// Messages returns what was taken, oldest first.
func (s *Server) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]Message, 0, len(s.messages))
	for _, m := range s.messages {
		all = append(all, *m)
	}
	return all
}

// Reset forgets all messages, requests and callbacks; faults stay.
func (s *Server) Reset() {
	s.ResetLog()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.messages, s.callbacks = nil, nil
}

// Inbound notes that a phone wrote to the restaurant now, which opens its window.
func (s *Server) Inbound(phone string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inbound[strings.TrimPrefix(phone, whatsApp)] = s.options.Clock()
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", s.options.Clock().UTC().Format(http.TimeFormat))
	if s.control.Handles(r) {
		s.control.ServeHTTP(w, r)
		return
	}
	if !s.signedIn(r) {
		s.answer(w, r, Request{}, refuse(http.StatusUnauthorized, 20003, "Authenticate"))
		return
	}
	account := "/2010-04-01/Accounts/" + s.options.AccountSID
	switch {
	case r.URL.Path == account+"/Messages.json" && r.Method == http.MethodPost:
		s.create(w, r)
	case r.URL.Path == account+"/Messages.json" && r.Method == http.MethodGet:
		s.list(w, r)
	case r.URL.Path == account+".json" && r.Method == http.MethodGet:
		s.answer(w, r, Request{}, reply{status: http.StatusOK, body: map[string]any{
			"sid": s.options.AccountSID, "status": "active", "friendly_name": "Test"}})
	default:
		s.answer(w, r, Request{}, refuse(http.StatusNotFound, 20404, "The requested resource "+r.URL.Path+" was not found"))
	}
}

func (s *Server) signedIn(r *http.Request) bool {
	account, token, _ := r.BasicAuth()
	same := subtle.ConstantTimeCompare([]byte(account), []byte(s.options.AccountSID)) &
		subtle.ConstantTimeCompare([]byte(token), []byte(s.options.Token))
	return same == 1
}

// reply is what is answered.
type reply struct {
	status int
	code   int
	header http.Header
	html   string
	body   any
}

func refuse(status, code int, message string) reply {
	return reply{status: status, code: code, body: map[string]any{
		"code": code, "message": message, "more_info": fmt.Sprintf("https://www.twilio.com/docs/errors/%d", code), "status": status}}
}

// answer writes a reply down, and sends it.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, request Request, out reply) {
	request.Status, request.Code = out.status, out.code
	s.record(request)
	maps.Copy(w.Header(), out.header)
	if out.html != "" {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(out.status)
		_, _ = w.Write([]byte(out.html)) // the client may have gone
		return
	}
	w.Header().Set("Content-Type", "application/json;charset=utf-8")
	if out.status == http.StatusUnauthorized {
		w.Header().Set("Www-Authenticate", `Basic realm="Twilio API"`)
	}
	w.WriteHeader(out.status)
	if r.Method != http.MethodHead {
		_ = json.NewEncoder(w).Encode(out.body) // the client may have gone
	}
}

func (s *Server) record(request Request) {
	request.At = s.options.Clock()
	s.Begin(request, nil)(request.Status, "")
}
