package twilio_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twilio/twilio-go/client"

	"maitre/booking"
	"maitre/webhook/whatsapp/twilio"
	"maitre/webhook/whatsapp/twilio/twiliotest"
)

func TestFind(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	srv := twiliotest.Start(t, twiliotest.Options{Clock: func() time.Time { return now }, Statuses: []string{}, PageSize: 2,
		Templates: map[string]string{"HXbooked": "Hola {{1}}, le esperamos el {{2}}. {{3}}"}})
	c := newClient(t, config(srv))
	send := func(l booking.OutgoingMessage) string {
		t.Helper()
		sid, err := c.Send(t.Context(), l)
		if err != nil {
			t.Fatal(err)
		}
		return sid
	}
	find := func(l booking.OutgoingMessage, age time.Duration, want ...string) {
		t.Helper()
		sids, asOf, err := c.Find(t.Context(), l, age)
		if diff := cmp.Diff(want, sids); diff != "" || err != nil || !asOf.Equal(now) {
			t.Errorf("%s of %s, as of %s: %v\n%s", l.Way, age, asOf, err, diff)
		}
	}
	text, template, bySMS := message(booking.ByText), message(booking.ByTemplate), message(booking.BySMS)
	find(text, time.Hour)
	old := send(text)
	now = now.Add(8 * 24 * time.Hour)
	other := text
	other.Text = "Otra cosa."
	elsewhere := text
	elsewhere.To = "+34600000000"
	a, b, s := send(text), send(template), send(bySMS)
	send(other)
	send(elsewhere)
	again := send(text)
	eva := template
	eva.Vars = []string{"Eva", "viernes 25 de diciembre", ""}

	find(text, time.Minute, again, a)
	find(template, time.Minute, b)
	find(eva, time.Minute)
	find(bySMS, time.Minute, s)
	find(other, 0, srv.Messages()[4].SID)
	find(text, -time.Hour, again, a)          // our clock was set back since
	find(text, 2*24*time.Hour, again, a, old) // three pages
	now = now.Add(6 * 24 * time.Hour)
	find(text, time.Minute, again, a) // or by almost a week
	now = now.Add(2 * 24 * time.Hour)
	find(text, time.Minute)
	find(text, 2*24*time.Hour, again, a)
	for range 40 {
		send(other)
	}
	if _, _, err := c.Find(t.Context(), text, time.Hour); asError(t, err).Kind != twilio.Later {
		t.Errorf("more than can be looked through: %v", err)
	}
}

// Status callbacks come signed so that Twilio's own validator takes them, and
// are read as they are meant.
func TestStatusCallbacks(t *testing.T) {
	t.Parallel()
	type said struct {
		receipt booking.Receipt
		valid   bool
	}
	var (
		token    string
		receipts = make(chan said, 10)
	)
	restaurant := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		form, _ := url.ParseQuery(string(body))
		validator := client.NewRequestValidator(token)
		receipts <- said{twilio.Receipt(r.URL.Query(), form),
			validator.ValidateBody("http://"+r.Host+r.URL.RequestURI(), body, r.Header.Get("X-Twilio-Signature"))}
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(restaurant.Close)
	srv := twiliotest.Start(t, twiliotest.Options{})
	token = srv.Token()
	cfg := config(srv)
	cfg.StatusCallback = restaurant.URL + "/whatsapp/status"
	c := newClient(t, cfg)
	sid, err := c.Send(t.Context(), message(booking.ByText))
	if err != nil {
		t.Fatal(err)
	}
	srv.Inject(twiliotest.Fault{Callback: 63016, Times: 1})
	failing, err := c.Send(t.Context(), message(booking.BySMS))
	if err != nil {
		t.Fatal(err)
	}
	srv.WaitCallbacks()
	if err := srv.Callback(sid, "read", 0); err != nil {
		t.Fatal(err)
	}
	want := map[booking.Receipt]bool{
		{Message: "01JD", SID: sid, Status: "sent"}: true, {Message: "01JD", SID: sid, Status: "delivered"}: true,
		{Message: "01JD", SID: sid, Status: "read"}: true, {Message: "01JD", SID: failing, Status: "sent"}: true,
		{Message: "01JD", SID: failing, Status: "undelivered", Code: 63016}: true,
	}
	for range len(want) {
		got := <-receipts
		if !want[got.receipt] || !got.valid {
			t.Errorf("%+v, signature valid: %v", got.receipt, got.valid)
		}
	}
	for _, callback := range srv.Callbacks() {
		if callback.Answered != http.StatusNoContent {
			t.Errorf("%+v", callback)
		}
	}
}

func FuzzReceipt(f *testing.F) {
	f.Add("message=01JD", "MessageSid=SM1&MessageStatus=sent&ErrorCode=63016")
	f.Add("", "ErrorCode=99999999999999999999")
	f.Fuzz(func(_ *testing.T, query, form string) {
		q, _ := url.ParseQuery(query)
		p, _ := url.ParseQuery(form)
		twilio.Receipt(q, p)
	})
}
