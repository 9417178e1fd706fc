package twilio_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"maitre/booking"
	"maitre/e2e/servertest"
	"maitre/webhook/whatsapp/twilio"
	"maitre/webhook/whatsapp/twilio/twiliotest"
)

const (
	ana  booking.Phone = "+34612345678"
	ours booking.Phone = "+34941123456"
	sms  booking.Phone = "+34941654321"
)

func config(srv *twiliotest.Server) twilio.Config {
	return twilio.Config{AccountSID: srv.AccountSID(), Token: twilio.Token(srv.Token()), WhatsApp: ours, SMS: sms, Endpoint: srv.URL()}
}

func newClient(t *testing.T, cfg twilio.Config) *twilio.Client {
	t.Helper()
	c, err := twilio.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func message(way booking.Way) booking.OutgoingMessage {
	l := booking.OutgoingMessage{Message: "01JD", To: ana, Way: way, Text: "Su mesa ya está en el libro."}
	if way == booking.ByTemplate {
		l.Template, l.Vars = "HXbooked", []string{"Ana", "jueves 24\nde diciembre", ""}
	}
	return l
}

func asError(t *testing.T, err error) *twilio.Error {
	t.Helper()
	e, ok := err.(*twilio.Error)
	if !ok {
		t.Fatalf("got %T %v, want a *twilio.Error", err, err)
	}
	return e
}

func TestSendEachWay(t *testing.T) {
	t.Parallel()
	srv := twiliotest.Start(t, twiliotest.Options{Statuses: []string{}})
	cfg := config(srv)
	cfg.StatusCallback = "https://example.org/whatsapp/status?v=1"
	c := newClient(t, cfg)
	callback := "https://example.org/whatsapp/status?message=01JD&v=1"
	for _, want := range []struct {
		way booking.Way
		twiliotest.Message
	}{
		{booking.ByText, twiliotest.Message{To: "whatsapp:+34612345678", From: "whatsapp:+34941123456", Body: "Su mesa ya está en el libro."}},
		{booking.BySMS, twiliotest.Message{To: "+34612345678", From: "+34941654321", Body: "Su mesa ya está en el libro."}},
		{booking.ByTemplate, twiliotest.Message{To: "whatsapp:+34612345678", From: "whatsapp:+34941123456", ContentSID: "HXbooked",
			Variables: map[string]string{"1": "Ana", "2": "jueves 24 de diciembre", "3": "–"}, Body: "Ana jueves 24 de diciembre –"}},
	} {
		srv.Reset()
		sid, err := c.Send(t.Context(), message(want.way))
		if err != nil {
			t.Errorf("%s: %v", want.way, err)
			continue
		}
		got := srv.Messages()[0]
		want.SID, want.Status, want.StatusCallback, want.Created = sid, "queued", callback, got.Created
		if diff := cmp.Diff(want.Message, got); diff != "" {
			t.Errorf("%s: %s", want.way, diff)
		}
	}
}

func TestLettersThatNobodyCouldSend(t *testing.T) {
	t.Parallel()
	srv := twiliotest.Start(t, twiliotest.Options{})
	cfg := config(srv)
	cfg.SMS = ""
	noWhatsApp := config(srv)
	noWhatsApp.WhatsApp = ""
	blank, nobody, noTemplate := message(booking.ByText), message(booking.ByText), message(booking.ByTemplate)
	blank.Text, nobody.To, noTemplate.Template = "", "", ""
	for name, c := range map[string]struct {
		cfg     twilio.Config
		message booking.OutgoingMessage
	}{
		"blank": {cfg, blank}, "nobody": {cfg, nobody}, "no template": {cfg, noTemplate},
		"no sms": {cfg, message(booking.BySMS)}, "no whatsapp": {noWhatsApp, message(booking.ByText)},
	} {
		client := newClient(t, c.cfg)
		if _, err := client.Send(t.Context(), c.message); asError(t, err).Kind != twilio.Refused {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(srv.Requests()); n != 0 {
		t.Errorf("%d requests were made", n)
	}
}

// What each failure means, and that an error of Twilio's names no guest.
func TestFailures(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault twiliotest.Fault
		kind  twilio.Kind
		code  int
		taken bool
		find  twilio.Kind
	}{
		"429":               {twiliotest.Fault{Status: 429, RetryAfter: "7"}, twilio.Later, 20429, false, twilio.Later},
		"20429":             {twiliotest.Fault{Code: 20429}, twilio.Later, 20429, false, twilio.Later},
		"sender's rate":     {twiliotest.Fault{Code: 63018}, twilio.Later, 63018, false, twilio.Later},
		"invalid number":    {twiliotest.Fault{Code: 21211}, twilio.Refused, 21211, false, twilio.Refused},
		"stop":              {twiliotest.Fault{Code: 21610}, twilio.Refused, 21610, false, twilio.Refused},
		"outside window":    {twiliotest.Fault{Code: 63016}, twilio.Refused, 63016, false, twilio.Refused},
		"not by WhatsApp":   {twiliotest.Fault{Code: 63003}, twilio.Refused, 63003, false, twilio.Refused},
		"strange code":      {twiliotest.Fault{Code: 21999}, twilio.Refused, 21999, false, twilio.Refused},
		"strange sender":    {twiliotest.Fault{Code: 63007}, twilio.Unauthorized, 63007, false, twilio.Unauthorized},
		"401":               {twiliotest.Fault{Status: 401}, twilio.Unauthorized, 20003, false, twilio.Unauthorized},
		"403 of a proxy":    {twiliotest.Fault{Status: 403, HTML: true}, twilio.Unauthorized, 0, false, twilio.Unauthorized},
		"404":               {twiliotest.Fault{Status: 404, Code: 20404}, twilio.Unauthorized, 20404, false, twilio.Unauthorized},
		"a redirect":        {twiliotest.Fault{Status: 302, HTML: true}, twilio.Unauthorized, 0, false, twilio.Unauthorized},
		"500":               {twiliotest.Fault{Status: 500}, twilio.Unknown, 20500, false, twilio.Later},
		"500 with a code":   {twiliotest.Fault{Status: 500, Code: 21211}, twilio.Unknown, 21211, false, twilio.Later},
		"500 after all":     {twiliotest.Fault{Status: 500, After: true}, twilio.Unknown, 20500, true, ""},
		"502 in HTML":       {twiliotest.Fault{HTML: true}, twilio.Unknown, 0, false, twilio.Later},
		"502 after all":     {twiliotest.Fault{HTML: true, After: true}, twilio.Unknown, 0, true, ""},
		"503":               {twiliotest.Fault{Status: 503}, twilio.Unknown, 0, false, twilio.Later},
		"408":               {twiliotest.Fault{Status: 408}, twilio.Unknown, 0, false, twilio.Later},
		"dropped before":    {twiliotest.Fault{Drop: true}, twilio.Unknown, 0, false, twilio.Later},
		"dropped after":     {twiliotest.Fault{Drop: true, After: true}, twilio.Unknown, 0, true, ""},
		"hanging":           {twiliotest.Fault{Hang: true}, twilio.Unknown, 0, false, twilio.Later},
		"hanging after all": {twiliotest.Fault{Hang: true, After: true}, twilio.Unknown, 0, true, ""},
	} {
		failing := func(t *testing.T, srv *twiliotest.Server, cfg twilio.Config) {
			client := newClient(t, cfg)
			lift := srv.Inject(c.fault)
			_, err := client.Send(t.Context(), message(booking.ByText))
			e := asError(t, err)
			if e.Kind != c.kind || e.Code != c.code || e.Operation != "send" {
				t.Errorf("sent: %s %d %s, want %s %d: %v", e.Kind, e.Code, e.Operation, c.kind, c.code, err)
			}
			var carry *booking.CarryError
			if !errors.As(err, &carry) || carry.Kind != c.kind || carry.Code != c.code || carry.Reason == "" || !errors.Is(carry, err) {
				t.Errorf("for the sender: %+v", carry)
			}
			if c.fault.RetryAfter != "" && carry.RetryAfter != 7*time.Second {
				t.Errorf("wait %s", carry.RetryAfter)
			}
			if taken := len(srv.Messages()) == 1; taken != c.taken {
				t.Errorf("taken: %v", taken)
			}
			if c.find != "" {
				_, _, err = client.Find(t.Context(), message(booking.ByText), time.Minute)
				if e := asError(t, err); e.Kind != c.find || e.Operation != "find" {
					t.Errorf("found: %v", err)
				}
				if strings.Contains(err.Error(), "612345678") {
					t.Errorf("the error tells the number: %v", err)
				}
			}
			lift()
			if sids, _, err := client.Find(t.Context(), message(booking.ByText), time.Minute); err != nil || len(sids) == 1 != c.taken {
				t.Errorf("found %v, %v", sids, err)
			}
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if !c.fault.Hang {
				srv := twiliotest.Start(t, twiliotest.Options{Statuses: []string{}})
				failing(t, srv, config(srv))
				return
			}
			synctest.Test(t, func(t *testing.T) { // what has no answer takes as long as we wait for one
				srv := twiliotest.New(twiliotest.Options{Statuses: []string{}})
				defer srv.Close()
				cfg := config(srv)
				cfg.Endpoint, cfg.Transport = "http://twilio.invalid", servertest.InProcess(srv)
				failing(t, srv, cfg)
			})
		})
	}
}

func TestErrorsNameNoGuestAndNoToken(t *testing.T) {
	t.Parallel()
	srv := twiliotest.Start(t, twiliotest.Options{})
	cfg := config(srv)
	c := newClient(t, cfg)
	bad := message(booking.BySMS)
	bad.To = "+346123456789012345"
	_, err := c.Send(t.Context(), bad)
	e := asError(t, err)
	if e.Code != 21211 || e.Fix == "" || strings.Contains(err.Error(), "3456789012") || !strings.Contains(err.Error(), "***345") {
		t.Error(err)
	}
	for _, shown := range []string{fmt.Sprint(cfg), fmt.Sprintf("%+v", cfg), fmt.Sprintf("%#v", cfg), cfg.Token.LogValue().String()} {
		if strings.Contains(shown, srv.Token()) {
			t.Errorf("the token shows in %s", shown)
		}
	}
}

// A message that never had a connection was not sent.
func TestNobodyListens(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	c := newClient(t, twilio.Config{AccountSID: "AC1", Token: "secret", WhatsApp: ours, Endpoint: "http://" + address})
	if _, err := c.Send(t.Context(), message(booking.ByText)); asError(t, err).Kind != twilio.Later {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Send(ctx, message(booking.ByText)); asError(t, err).Kind != twilio.Later || !errors.Is(err, context.Canceled) {
		t.Errorf("given up before: %v", err)
	}
}

// The caller's end cuts a request off, and then nobody knows.
func TestGivenUpUnderWay(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancelCause(t.Context())
	stopping := errors.New("the restaurant closes")
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		cancel(stopping)
		<-r.Context().Done()
	}))
	t.Cleanup(srv.Close)
	c := newClient(t, twilio.Config{AccountSID: "AC1", Token: "secret", WhatsApp: ours, Endpoint: srv.URL})
	if _, err := c.Send(ctx, message(booking.ByText)); asError(t, err).Kind != twilio.Unknown || !errors.Is(err, stopping) {
		t.Error(err)
	}
}

// Answers that make no sense leave a doubt, and use no memory without bound.
func TestStrangeAnswers(t *testing.T) {
	t.Parallel()
	for name, write := range map[string]func(http.ResponseWriter){
		"no JSON":     func(w http.ResponseWriter) { _, _ = io.WriteString(w, "hello") },
		"no name":     func(w http.ResponseWriter) { _, _ = io.WriteString(w, `{"status":"queued"}`) },
		"another":     func(w http.ResponseWriter) { _, _ = io.WriteString(w, `{"sid":7}`) },
		"empty":       func(http.ResponseWriter) {},
		"without end": func(w http.ResponseWriter) { _, _ = io.WriteString(w, `{"sid":"SM1"}`+strings.Repeat(" ", 5<<20)) },
	} {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { write(w) }))
		t.Cleanup(srv.Close)
		c := newClient(t, twilio.Config{AccountSID: "AC1", Token: "secret", WhatsApp: ours, Endpoint: srv.URL})
		if _, err := c.Send(t.Context(), message(booking.ByText)); asError(t, err).Kind != twilio.Unknown {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNewRefusesWhatCannotWork(t *testing.T) {
	t.Parallel()
	for _, cfg := range []twilio.Config{
		{Token: "x"}, {AccountSID: "AC1"}, {AccountSID: "AC1", Token: "x", Endpoint: "api.twilio.com"},
		{AccountSID: "AC1", Token: "x", StatusCallback: "/whatsapp/status"}, {AccountSID: "AC1", Token: "x", Endpoint: "ftp://x"},
	} {
		if _, err := twilio.New(cfg); err == nil || strings.Contains(err.Error(), "\"x\"") {
			t.Errorf("%v: %v", cfg, err)
		}
	}
}

// A redirect would take account and token elsewhere.
func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("followed") }))
	t.Cleanup(elsewhere.Close)
	for _, status := range []int{http.StatusFound, http.StatusTemporaryRedirect} {
		srv := httptest.NewServer(http.RedirectHandler(elsewhere.URL, status))
		t.Cleanup(srv.Close)
		c := newClient(t, twilio.Config{AccountSID: "AC1", Token: "secret", WhatsApp: ours, Endpoint: srv.URL})
		if _, err := c.Send(t.Context(), message(booking.ByText)); asError(t, err).Kind != twilio.Unauthorized {
			t.Errorf("%d: %v", status, err)
		}
	}
}

// What the environment says to Twilio's library changes nothing: the endpoint is
// where every request goes.
func TestEndpointWithAPath(t *testing.T) {
	t.Parallel()
	var path string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path = r.URL.Path
		_, _ = io.WriteString(w, `{"sid":"SM1"}`)
	}))
	t.Cleanup(srv.Close)
	c := newClient(t, twilio.Config{AccountSID: "AC1", Token: "secret", WhatsApp: ours, Endpoint: srv.URL + "/proxy/"})
	if _, err := c.Send(t.Context(), message(booking.ByText)); err != nil || path != "/proxy/2010-04-01/Accounts/AC1/Messages.json" {
		t.Error(path, err)
	}
}
