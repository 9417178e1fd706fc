package retry_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"maitre/booking"
	"maitre/retry"
	"maitre/store"
	"maitre/webhook"
	"maitre/webhook/whatsapp/twilio"
	"maitre/webhook/whatsapp/twilio/twiliotest"
)

// The client of Twilio and the outbox of the file are what the postman asks for.
var (
	_ retry.Carrier = (*twilio.Client)(nil)
	_ retry.Outbox  = (*store.Outbox)(nil)
)

// wall is a clock that the test moves on, for all who have one.
type wall struct {
	mu sync.Mutex
	at time.Time
}

func (w *wall) now() time.Time { w.mu.Lock(); defer w.mu.Unlock(); return w.at }

func (w *wall) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at = w.at.Add(d)
}

// wholeCase is a message, what Twilio does to its first request, and its end.
type wholeCase struct {
	name  string
	heard bool // by us; Twilio has heard nobody
	fault *twiliotest.Fault
	state booking.MessageState
	code  int
	ways  string // by which Twilio took it
}

func wholeCases() []wholeCase {
	return []wholeCase{
		{"template", false, nil, booking.MessageDelivered, 0, "template"},
		{"window closed after all", true, nil, booking.MessageDelivered, 0, "text template"},
		{"no WhatsApp", false, &twiliotest.Fault{Callback: 63003}, booking.MessageDelivered, 0, "template sms"},
		{"too many", false, &twiliotest.Fault{Code: 20429, RetryAfter: "3"}, booking.MessageDelivered, 0, "template"},
		{"account", false, &twiliotest.Fault{Status: 401}, booking.MessageDelivered, 0, "template"},
		{"bad number", false, &twiliotest.Fault{Code: 21211}, booking.MessageFailed, 21211, ""},
		{"stop", false, &twiliotest.Fault{Code: 21610}, booking.MessageWithheld, 21610, ""},
		{"dropped before", false, &twiliotest.Fault{Drop: true}, booking.MessageDelivered, 0, "template"},
		{"dropped after", false, &twiliotest.Fault{Drop: true, After: true}, booking.MessageDelivered, 0, "template"},
		{"gateway before", false, &twiliotest.Fault{HTML: true}, booking.MessageDelivered, 0, "template"},
		{"gateway after", false, &twiliotest.Fault{HTML: true, After: true}, booking.MessageDelivered, 0, "template"},
		{"hangs before", false, &twiliotest.Fault{Hang: true}, booking.MessageDelivered, 0, "template"},
		{"hangs after", false, &twiliotest.Fault{Hang: true, After: true}, booking.MessageDelivered, 0, "template"},
		{"broken", false, &twiliotest.Fault{Status: 500, After: true}, booking.MessageDelivered, 0, "template"},
		{"busy channel", false, &twiliotest.Fault{Callback: 63018}, booking.MessageDelivered, 0, "template template"},
	}
}

// Messages go from a file on disk through a Twilio over HTTP, which fails in its
// ways, and signed callbacks come back: each message ends where it should, and
// left the house as often as it should.
func TestTheWholeWay(t *testing.T) {
	t.Parallel()
	cases := wholeCases()
	clock := &wall{at: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	file, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "maitre.db"), store.Options{Slug: "casa", Now: clock.now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	})
	box := file.Outbox()
	moved := make(chan struct{}, 1000)
	srv, postman := throughTwilio(t, clock, box, func() { moved <- struct{}{} })

	byPhone := map[booking.Phone]int{}
	for i, c := range cases {
		phone := booking.Phone(fmt.Sprintf("+346000000%02d", i))
		byPhone[phone] = i
		if c.heard {
			if err := box.HeardFrom(t.Context(), phone, clock.now()); err != nil {
				t.Fatal(err)
			}
		}
		if c.fault != nil {
			c.fault.To, c.fault.Times, c.fault.Ops = "whatsapp:"+string(phone), 1, []twiliotest.Op{twiliotest.OpSend}
			srv.Inject(*c.fault)
		}
		if n, err := box.Put(t.Context(), to(phone)); n != 1 || err != nil {
			t.Fatal(n, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); postman.Run(ctx) }()
	postman.Wake()
	for end := time.After(30 * time.Second); !settled(t, box); {
		select {
		case <-moved:
		case <-end:
			t.Fatal("the messages come to no end")
		}
		clock.pass(10 * time.Minute) // whatever was put off is due
		postman.Wake()
	}
	cancel()
	<-done
	srv.WaitCallbacks()

	wantEnds(t, cases, byPhone, srv, box)
}

// wantEnds looks at where each message ended, and how often it left.
func wantEnds(t *testing.T, cases []wholeCase, byPhone map[booking.Phone]int, srv *twiliotest.Server, box *store.Outbox) {
	t.Helper()
	took := map[int][]string{}
	for _, m := range srv.Messages() {
		i := byPhone[booking.Phone(strings.TrimPrefix(m.To, "whatsapp:"))]
		took[i] = append(took[i], wayOf(m))
	}
	list, err := box.List(t.Context(), "", 100)
	if err != nil || len(list) != len(cases) {
		t.Fatal(len(list), err)
	}
	for _, o := range list {
		c := cases[byPhone[o.To]]
		if got := strings.Join(took[byPhone[o.To]], " "); o.State != c.state || o.Code != c.code || got != c.ways {
			t.Errorf("%s: %s %d, taken by %q; want %s %d by %q: %+v", c.name, o.State, o.Code, got, c.state, c.code, c.ways, o.History)
		}
	}
	for _, told := range srv.Callbacks() {
		if told.Answered != http.StatusNoContent {
			t.Errorf("a callback was answered with %d", told.Answered)
		}
	}
}

// throughTwilio returns a Twilio, and a postman who sends by it and tells of what moves.
func throughTwilio(t *testing.T, clock *wall, box *store.Outbox, moved func()) (srv *twiliotest.Server, postman *retry.Postman) {
	t.Helper()
	srv = twiliotest.Start(t, twiliotest.Options{Clock: clock.now, Window: true})
	callbacks := httptest.NewServer(receiver(t, srv.Token(), box, func() { postman.Wake(); moved() }))
	t.Cleanup(callbacks.Close)
	client, err := twilio.New(twilio.Config{AccountSID: srv.AccountSID(), Token: twilio.Token(srv.Token()), WhatsApp: "+34941123456",
		SMS: "+34941654321", Endpoint: srv.URL(), StatusCallback: callbacks.URL + "/whatsapp/status", Timeout: 200 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	postman = retry.NewPostman(box, client, retry.PostmanOptions{Template: templates, SMS: true, Now: clock.now,
		Breaker:  retry.NewBreaker("Twilio", retry.BreakerOptions{Now: clock.now}),
		Finished: func(booking.Owed) { moved() }})
	return srv, postman
}

func wayOf(m twiliotest.Message) string {
	switch {
	case m.ContentSID != "":
		return "template"
	case strings.HasPrefix(m.To, "whatsapp:"):
		return "text"
	default:
		return "sms"
	}
}

func settled(t *testing.T, box *store.Outbox) bool {
	t.Helper()
	counts, err := box.Counts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for state, n := range counts {
		if n > 0 && (state.Open() || state == booking.MessageSent) {
			return false
		}
	}
	return true
}

// receiver is where status callbacks come in: what is not signed is refused.
func receiver(t *testing.T, token string, box *store.Outbox, heard func()) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		form, err2 := url.ParseQuery(string(body))
		signed, err3 := webhook.SignTwilio(token, "http://"+r.Host+r.URL.RequestURI(), body)
		if err := errors.Join(err, err2, err3); err != nil || r.Header.Get("X-Twilio-Signature") != signed[0].Value {
			t.Errorf("a callback that is not Twilio's: %v", err)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		if _, _, err := box.Delivered(r.Context(), twilio.Receipt(r.URL.Query(), form)); err != nil {
			t.Error(err)
		}
		heard()
		w.WriteHeader(http.StatusNoContent)
	})
}
