package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"maitre/booking"
	"maitre/booking/bookingtest"
	"maitre/booking/catalogue"
	"maitre/booking/notify"
	"maitre/store"
	"maitre/store/restaurantfile"
	"maitre/web"
	"maitre/webhook"
	"maitre/webhook/answer"
	"maitre/webhook/phone"
)

// friday is a day with lunch and two seatings at dinner, four days after the
// tests' noon.
const friday = "2026-11-27"

// deskSite is a site with a real desk on a real data file.
type deskSite struct {
	*site
	desk    *booking.Desk
	file    *store.File
	journal *bookingtest.Journal
}

// noon is a clock that always shows Monday, noon.
type noon struct{}

func (noon) Now() time.Time { return time.Date(2026, time.November, 23, 11, 0, 0, 0, time.UTC) }

// openDeskSite opens a site with a real desk; silent: it cannot write to guests, and
// keeps no waitlist. The book is the data file, unless change says otherwise.
func openDeskSite(t *testing.T, silent bool, change ...func(*deskSite, *booking.Config, *web.Config)) *deskSite {
	t.Helper()
	file, err := restaurantfile.LoadFile("")
	if err != nil {
		t.Fatal(err)
	}
	restaurant := file.Restaurant
	rec := &deskSite{}
	if rec.file, err = store.Open(t.Context(), filepath.Join(t.TempDir(), "maitre.db"), store.Options{Slug: restaurant.Slug, Now: noon{}.Now}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = rec.file.Close() })
	numbers, err := phone.New("ES")
	if err != nil {
		t.Fatal(err)
	}
	local, words := rec.file.Local(), catalogue.New(restaurant)
	rec.journal = &bookingtest.Journal{Journal: local}
	c := booking.Config{
		Restaurant: restaurant, Ledger: local, Journal: rec.journal, Locks: store.NewDateLocks(), Clock: noon{},
		NewID: store.NewIDs(), NewCode: store.NewCode, Waitlist: rec.file.Waitlist(), LinkKey: []byte("of the tests"),
	}
	if silent {
		words = words.Silent()
	} else {
		rules := booking.UsualCorrespondence()
		rules.Kinds = []booking.MessageKind{booking.MessageTableFree}
		c.Notify, c.Hold = notify.Policy{Words: words, Rules: rules, Mobile: numbers.Mobile}, rules.Hold
	}
	rec.site = &site{registry: prometheus.NewRegistry(), log: &logLines{}}
	w := web.Config{
		Log: slog.New(slog.NewJSONHandler(rec.log, nil)), Metrics: web.NewMetrics(rec.registry, "v1", "abc"), Restaurant: restaurant,
		Words: words, Phones: numbers, Idempotency: webhook.NewIdempotency(rec.file, nil), Messages: rec.file.Outbox(),
		VAPI: http.NotFoundHandler(), WhatsApp: http.NotFoundHandler(), WhatsAppStatus: http.NotFoundHandler(),
		Ready:     func(context.Context) []web.Check { return []web.Check{{Name: "data_file", OK: true}} },
		PublicURL: "https://mesas.example.org", Version: "v1", AdminPassword: adminPassword, SessionKey: sessionKey,
	}
	for _, f := range change {
		f(rec, &c, &w)
	}
	rec.desk = booking.NewDesk(c)
	w.Desk, w.Bookings = rec.desk, struct {
		booking.Ledger
		booking.Journal
	}{c.Ledger, c.Journal}
	rec.Server = httptest.NewServer(web.New(w))
	t.Cleanup(rec.Close)
	return rec
}

// object is JSON to send.
type object map[string]any

// wants is a booking form for a table on the Friday; change may be nil.
func wants(change object) object {
	o := object{"name": "Ana García", "phone": "612 34 56 78", "date": friday, "time": "21:00", "party": 4}
	for k, v := range change {
		if o[k] = v; v == nil {
			delete(o, k)
		}
	}
	return o
}

// post sends JSON and reads the answer object, where it is one.
func (rec *deskSite) post(t *testing.T, path string, o object, headers ...string) (reply, answer.Answer) {
	t.Helper()
	body, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	got := rec.send(t, "POST", path, string(body), append([]string{"Content-Type", "application/json"}, headers...)...)
	var a answer.Answer
	_ = json.Unmarshal([]byte(got.body), &a) // an error of bad input is another object
	return got, a
}

// book books a table by JSON, under a key of its own.
func (rec *deskSite) book(t *testing.T, o object) (reply, answer.Answer) {
	t.Helper()
	return rec.post(t, "/api/bookings", o, "Idempotency-Key", booking.CodeFrom([]byte(t.Name())[:4])+fmt.Sprint(keys.Add(1)))
}

var keys atomic.Int64

// fill books every table for four at nine on the Friday.
func (rec *deskSite) fill(t *testing.T) {
	t.Helper()
	for i := range 50 {
		got, a := rec.book(t, wants(object{"phone": fmt.Sprintf("6991111%02d", i)}))
		if got.status == http.StatusConflict && a.Error == string(booking.Full) {
			return
		}
		if got.status != http.StatusCreated {
			t.Fatalf("%d %s", got.status, got.body)
		}
	}
	t.Fatal("the restaurant is never full")
}

// on returns the live bookings of the Friday.
func (rec *deskSite) on(t *testing.T) (live []booking.Booking) {
	t.Helper()
	date, _ := booking.ParseDate(friday)
	day, err := rec.file.Local().Day(t.Context(), date)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range day.Bookings {
		if b.Live() {
			live = append(live, b)
		}
	}
	return live
}

// waiting returns who waits on the Friday.
func (rec *deskSite) waiting(t *testing.T) []booking.Waiting {
	t.Helper()
	date, _ := booking.ParseDate(friday)
	all, err := rec.file.Waitlist().WaitingOn(t.Context(), date)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// form is what a page's form would send: its hidden fields, and what is typed.
func (r reply) form(t *testing.T, typed map[string]string) url.Values {
	t.Helper()
	v := url.Values{}
	for _, field := range hidden.FindAllStringSubmatch(r.body, -1) {
		v.Set(field[1], field[2])
	}
	if chosen := checked.FindStringSubmatch(r.body); chosen != nil {
		v.Set("when", chosen[1])
	}
	for k, text := range typed {
		v.Set(k, text)
	}
	return v
}

var (
	hidden  = regexp.MustCompile(`<input type="hidden" name="(\w+)" value="([^"]*)">`)
	checked = regexp.MustCompile(`<input type="radio" name="when" value="([^"]*)" checked>`)
)

// submit sends a form as a browser on our own page does.
func (s *site) submit(t *testing.T, path string, form url.Values, headers ...string) reply {
	t.Helper()
	return s.send(t, "POST", path, form.Encode(), append([]string{"Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin"}, headers...)...)
}

// shows fails unless a page holds all of these.
func (r reply) shows(t *testing.T, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(r.body, want) {
			t.Errorf("the page does not show %q:\n%s", want, r.body)
		}
	}
}
