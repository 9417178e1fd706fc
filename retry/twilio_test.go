package retry_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"maitre/booking"
	"maitre/e2e/servertest"
	"maitre/retry"
	"maitre/store"
	"maitre/webhook"
	"maitre/webhook/whatsapp/twilio"
	"maitre/webhook/whatsapp/twilio/twiliotest"
)

// The sender's real dependencies implement its interfaces.
var (
	_ retry.Carrier = (*twilio.Client)(nil)
	_ retry.Outbox  = (*store.Outbox)(nil)
)

// twilioCase is a message, what Twilio does to its first request, and its end.
type twilioCase struct {
	name        string
	wroteBefore bool // as we know; Twilio knows of none
	fault       *twiliotest.Fault
	state       booking.MessageState
	code        int
	ways        string // by which Twilio took it
}

func twilioCases() []twilioCase {
	return []twilioCase{
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

// Messages go from a file on disk to a Twilio test server with faults, and signed
// callbacks come back: each message ends in the right state, and was sent as often as
// it should be.
func TestMessagesThroughTwilio(t *testing.T) {
	bubble(t, func(t *testing.T) {
		cases := twilioCases()
		file, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "maitre.db"), store.Options{Slug: "casa"})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := file.Close(); err != nil {
				t.Error(err)
			}
		})
		box := file.Outbox()
		srv, sender, wake := startTwilio(t, box)

		byPhone := map[booking.Phone]int{}
		for i, c := range cases {
			phone := booking.Phone(fmt.Sprintf("+346000000%02d", i))
			byPhone[phone] = i
			if c.wroteBefore {
				if err := box.HeardFrom(t.Context(), phone, time.Now()); err != nil {
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
		go func() { defer close(done); sender.Run(ctx) }()
		wake.Send()
		time.Sleep(time.Hour)
		cancel()
		<-done
		srv.WaitCallbacks()

		wantEnds(t, cases, byPhone, srv, box)
	})
}

// wantEnds checks the final state of each message, and how often it was sent.
func wantEnds(t *testing.T, cases []twilioCase, byPhone map[booking.Phone]int, srv *twiliotest.Server, box *store.Outbox) {
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
	for _, callback := range srv.Callbacks() {
		if callback.Answered != http.StatusNoContent {
			t.Errorf("a callback was answered with %d", callback.Answered)
		}
	}
}

// startTwilio returns a Twilio test server, and a sender that uses it.
func startTwilio(t *testing.T, box *store.Outbox) (srv *twiliotest.Server, sender *retry.Sender, wake retry.Signal) {
	t.Helper()
	wake = retry.NewSignal()
	const token = "0123456789abcdef0123456789abcdef"
	callbacks := servertest.InProcess(receiver(t, token, box, wake.Send))
	srv = twiliotest.New(twiliotest.Options{Token: token, Window: true, Transport: callbacks})
	t.Cleanup(srv.Close)
	client, err := twilio.New(twilio.Config{AccountSID: srv.AccountSID(), Token: token, WhatsApp: "+34941123456", SMS: "+34941654321",
		Endpoint: "http://twilio.invalid", StatusCallback: "http://desk.invalid/whatsapp/status", Transport: servertest.InProcess(srv)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return srv, retry.NewSender(box, client, retry.SenderOptions{Template: templates, SMS: true, Wake: wake}), wake
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

// receiver returns a handler of status callbacks that refuses unsigned ones.
func receiver(t *testing.T, token string, box *store.Outbox, onReceipt func()) http.Handler {
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
		onReceipt()
		w.WriteHeader(http.StatusNoContent)
	})
}
