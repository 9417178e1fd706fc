package whatsapp_test

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf16"

	"maitre/booking"
	"maitre/booking/bookingtest"
	"maitre/booking/catalogue"
	"maitre/booking/notify"
	"maitre/booking/phrase"
	"maitre/store"
	"maitre/store/restaurantfile"
	"maitre/webhook"
	"maitre/webhook/phone"
	"maitre/webhook/whatsapp"
)

// The guests of the tests, and when they write: a Monday evening.
const (
	ana     = "+34612345678"
	luis    = "+34699999999"
	monday  = "2026-11-23T18:00:00+01:00"
	account = "AC00000000000000000000000000000001"
)

// fixture is a whole restaurant on a real data file, with a handler for its messages.
type fixture struct {
	t        testing.TB
	path     string
	clock    *clock
	file     *store.File
	journal  *bookingtest.Journal
	ledger   *ledger
	desk     *booking.Desk
	handler  *whatsapp.Handler
	staff    *staff
	optOut   *optOut
	received *atomic.Int64
	logged   *syncBuffer
	config   []change
}

// ledger is the real one; it cannot be read while broken is set.
type ledger struct {
	booking.Ledger
	broken atomic.Bool
}

var errDown = errors.New("the system of record is down")

func (l *ledger) Day(ctx context.Context, date booking.Date) (*booking.Day, error) {
	if l.broken.Load() {
		return nil, errDown
	}
	return l.Ledger.Day(ctx, date)
}

func (l *ledger) ByPhone(ctx context.Context, phone booking.Phone, from booking.Date) ([]booking.Booking, error) {
	if l.broken.Load() {
		return nil, errDown
	}
	return l.Ledger.ByPhone(ctx, phone, from)
}

type clock struct{ at atomic.Pointer[time.Time] }

func (c *clock) set(t testing.TB, at string) {
	t.Helper()
	now, err := time.Parse(time.RFC3339, at)
	if err != nil {
		t.Fatal(err)
	}
	c.at.Store(&now)
}

func (c *clock) pass(d time.Duration) {
	now := c.Now().Add(d)
	c.at.Store(&now)
}

func (c *clock) Now() time.Time { return *c.at.Load() }

// staff records the escalations.
type staff struct {
	mu        sync.Mutex
	escalated []whatsapp.Escalation
	err       error
}

func (s *staff) Escalate(_ context.Context, e whatsapp.Escalation) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.escalated = append(s.escalated, e)
	}
	return s.err
}

type optOut struct {
	mu      sync.Mutex
	stopped map[booking.Phone]bool
	err     error
}

func (o *optOut) Stop(_ context.Context, phone booking.Phone) error  { return o.put(phone, true) }
func (o *optOut) Start(_ context.Context, phone booking.Phone) error { return o.put(phone, false) }

func (o *optOut) put(phone booking.Phone, stopped bool) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err == nil {
		o.stopped[phone] = stopped
	}
	return o.err
}

// change alters a handler's configuration.
type change func(*whatsapp.Config)

// open opens a handler of the built-in sample restaurant at a fixed moment.
func open(t testing.TB, changes ...change) *fixture {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "maitre.db"), &clock{}, changes...)
}

func openAt(t testing.TB, path string, c *clock, changes ...change) *fixture {
	t.Helper()
	file, err := restaurantfile.LoadFile("")
	if err != nil {
		t.Fatal(err)
	}
	r := file.Restaurant
	h := &fixture{
		t: t, path: path, clock: c, logged: &syncBuffer{}, received: &atomic.Int64{}, staff: &staff{},
		optOut: &optOut{stopped: map[booking.Phone]bool{}}, config: changes,
	}
	if c.at.Load() == nil {
		c.set(t, monday)
	}
	h.file, err = store.Open(t.Context(), path, store.Options{Slug: r.Slug, Now: h.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.file.Close() })
	local := h.file.Local()
	h.journal, h.ledger = &bookingtest.Journal{Journal: local}, &ledger{Ledger: local}
	var codes atomic.Uint32
	rules := booking.UsualCorrespondence()
	rules.Kinds = []booking.MessageKind{booking.MessageTableFree}
	h.desk = booking.NewDesk(booking.Config{
		Notify:   notify.Policy{Words: catalogue.New(r), Rules: rules, Mobile: func(booking.Phone) bool { return true }},
		Waitlist: h.file.Waitlist(), Hold: rules.Hold,
		Restaurant: r, Ledger: h.ledger, Journal: h.journal, Locks: store.NewDateLocks(), Clock: h.clock,
		NewID: store.NewIDs(),
		NewCode: func(n int) string {
			next := codes.Add(1)
			return booking.CodeFrom([]byte{byte(10 + next>>12), byte(5 + next>>8), byte(9 + next>>4), byte(next), 0, 0}[:n])
		},
	})
	numbers, err := phone.New("ES")
	if err != nil {
		t.Fatal(err)
	}
	config := whatsapp.Config{
		Desk: h.desk, Words: catalogue.New(r), Reader: phrase.New(phrase.RestaurantOf(h.desk)), Phones: numbers,
		Idempotency: webhook.NewIdempotency(h.file, nil), Dialogues: h.file.Dialogues(), Escalate: h.staff, OptOut: h.optOut,
		OnMessage:  func(context.Context, booking.Phone, time.Time) error { h.received.Add(1); return nil },
		AccountSID: account,
		Log:        slog.New(slog.NewTextHandler(h.logged, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	for _, change := range changes {
		change(&config)
	}
	h.handler = whatsapp.New(config)
	return h
}

// reopened closes the file and opens it again, as after a restart.
func (h *fixture) reopened() *fixture {
	h.t.Helper()
	if err := h.file.Close(); err != nil {
		h.t.Fatal(err)
	}
	return openAt(h.t, h.path, h.clock, h.config...)
}

var messages atomic.Int64

// form is a message as Twilio sends it.
func form(from, text string, pairs ...string) url.Values {
	sid := fmt.Sprintf("SM%032d", messages.Add(1))
	f := url.Values{
		"AccountSid": {account}, "MessageSid": {sid}, "SmsMessageSid": {sid}, "SmsSid": {sid}, "SmsStatus": {"received"},
		"From": {"whatsapp:" + from}, "To": {"whatsapp:+34941000126"}, "WaId": {strings.TrimPrefix(from, "+")},
		"Body": {text}, "NumMedia": {"0"}, "NumSegments": {"1"}, "ApiVersion": {"2010-04-01"}, "MessageType": {"text"},
		"ProfileName": {"Ana Ruiz"},
	}
	for i := 0; i < len(pairs); i += 2 {
		f.Set(pairs[i], pairs[i+1])
	}
	return f
}

// post hands a form to the handler, and spoils it afterwards as the guard does.
func (h *fixture) post(f url.Values) *httptest.ResponseRecorder {
	h.t.Helper()
	return h.postRaw([]byte(f.Encode()))
}

func (h *fixture) postRaw(body []byte) *httptest.ResponseRecorder {
	h.t.Helper()
	lent := slices.Clone(body)
	w := httptest.NewRecorder()
	h.handler.ServeWhatsApp(w, httptest.NewRequestWithContext(context.Background(), http.MethodPost, "/whatsapp", nil), lent)
	for i := range lent {
		lent[i] = '#'
	}
	return w
}

// says is what a guest gets for a message, its messages joined by an empty line.
func (h *fixture) says(from, text string, pairs ...string) string {
	h.t.Helper()
	w := h.post(form(from, text, pairs...))
	if w.Code != http.StatusOK {
		h.t.Fatalf("%q: status %d, %s", text, w.Code, w.Body)
	}
	return strings.Join(read(h.t, w.Body.Bytes()), "\n\n")
}

// talk has a guest say several things and returns the answer to the last.
func (h *fixture) talk(from string, texts ...string) (last string) {
	h.t.Helper()
	for _, text := range texts {
		last = h.says(from, text)
	}
	return last
}

// want fails unless an answer has all that it must and nothing that it must not.
func (h *fixture) want(got string, parts ...string) {
	h.t.Helper()
	for _, part := range parts {
		if rest, not := strings.CutPrefix(part, "!"); not && strings.Contains(got, rest) {
			h.t.Errorf("says %q, and should not, in:\n%s", rest, got)
		} else if !not && !strings.Contains(got, part) {
			h.t.Errorf("does not say %q:\n%s", part, got)
		}
	}
}

// read reads TwiML strictly: nothing but messages, each within what Twilio sends.
func read(t testing.TB, body []byte) []string {
	t.Helper()
	var response struct {
		XMLName  xml.Name `xml:"Response"`
		Messages []string `xml:"Message"`
		Rest     []struct {
			XMLName xml.Name
		} `xml:",any"`
	}
	if err := xml.Unmarshal(body, &response); err != nil || len(response.Rest) > 0 {
		t.Fatalf("no TwiML: %v in %s", err, body)
	}
	if len(response.Messages) == 0 || len(response.Messages) > 3 {
		t.Errorf("%d messages: %s", len(response.Messages), body)
	}
	for _, m := range response.Messages {
		if n := len(utf16.Encode([]rune(m))); n == 0 || n > 1600 || strings.TrimSpace(m) != m {
			t.Errorf("a message of %d characters: %q", n, m)
		}
	}
	return response.Messages
}

// booked are the live bookings of a date.
func (h *fixture) booked(date string) (live []booking.Booking) {
	h.t.Helper()
	d, err := booking.ParseDate(date)
	if err != nil {
		h.t.Fatal(err)
	}
	day, err := h.file.Local().Day(context.Background(), d)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, b := range day.Bookings {
		if b.Live() {
			live = append(live, b)
		}
	}
	return live
}

// made has the desk make a booking by itself.
func (h *fixture) made(from, date, at string, party int, change func(*booking.Request)) booking.Booking {
	h.t.Helper()
	d, err := booking.ParseDate(date)
	if err != nil {
		h.t.Fatal(err)
	}
	time, err := booking.ParseTimeOfDay(at)
	if err != nil {
		h.t.Fatal(err)
	}
	r := booking.Request{
		Caller: booking.Caller{Channel: booking.ByPhone, Phone: booking.Phone(from), Lang: booking.Spanish},
		Date:   d, Time: time, Party: party, Name: "Ana",
	}
	if change != nil {
		change(&r)
	}
	result, err := h.desk.Book(context.Background(), r)
	if err != nil {
		h.t.Fatal(err)
	}
	return result.Booking
}

// syncBuffer is a buffer that several goroutines may log to.
type syncBuffer struct {
	mu  sync.Mutex
	buf strings.Builder
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
