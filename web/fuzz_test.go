package web_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"maitre/booking"
	"maitre/booking/catalogue"
	"maitre/web"
	"maitre/webhook"
	"maitre/webhook/phone"
)

// counter is a desk that takes every booking form down and gives none a table.
type counter struct {
	stubDesk
	asked []booking.Request
}

func (c *counter) Now() time.Time      { return noon{}.Now() }
func (c *counter) KeepsWaitlist() bool { return true }

func (c *counter) Availability(context.Context, booking.Query) ([]booking.Slot, error) {
	return nil, &booking.Refusal{Reason: booking.Closed}
}

func (c *counter) Check(context.Context, booking.Query, booking.TimeOfDay) (booking.Offer, error) {
	return booking.Offer{}, &booking.Refusal{Reason: booking.Full}
}

func (c *counter) Book(_ context.Context, r booking.Request) (booking.Result, error) {
	c.asked = append(c.asked, r)
	return booking.Result{}, &booking.Refusal{Reason: booking.Full, Date: r.Date, Time: r.Time, HasTime: true, Party: r.Party}
}

func (c *counter) Wait(_ context.Context, r booking.Request) (booking.Waited, error) {
	_, err := c.Book(context.Background(), r)
	return booking.Waited{}, err
}

// forgetful remembers nothing.
type forgetful struct{}

func (forgetful) Recall(context.Context, string) ([]byte, bool, error) { return nil, false, nil }
func (forgetful) Remember(context.Context, booking.StoredAnswer) error { return nil }

func newCounter(t testing.TB) (*counter, http.Handler) {
	numbers, err := phone.New("ES")
	if err != nil {
		t.Fatal(err)
	}
	c := &counter{stubDesk: *newStubDesk()}
	return c, web.New(web.Config{
		Log: slog.New(slog.DiscardHandler), Metrics: web.NewMetrics(prometheus.NewRegistry(), "v1", "abc"), Restaurant: newRestaurant(),
		Desk: c, Bookings: c, Words: catalogue.New(newRestaurant()), Phones: numbers, Idempotency: webhook.NewIdempotency(forgetful{}, nil),
		VAPI: http.NotFoundHandler(), WhatsApp: http.NotFoundHandler(), WhatsAppStatus: http.NotFoundHandler(),
		Ready: func(context.Context) []web.Check { return nil },
	})
}

var number = regexp.MustCompile(`^\+\d{6,15}$`)

// answered checks what came of a request: an answer that is ours, and a booking form that
// makes sense, where one reached the desk.
func (c *counter) answered(t *testing.T, handler http.Handler, r *http.Request, statuses ...int) {
	t.Helper()
	c.asked = nil
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	if !slices.Contains(statuses, w.Code) {
		t.Errorf("status %d: %s", w.Code, w.Body)
	}
	if w.Code == http.StatusConflict != (len(c.asked) == 1) {
		t.Errorf("status %d, %d booking forms reached the desk", w.Code, len(c.asked))
	}
	for _, form := range c.asked {
		if strings.TrimSpace(form.Name) == "" || !number.MatchString(string(form.Phone)) || form.Party == 0 || form.Date.IsZero() ||
			form.Time < booking.DayBegins || form.Time >= booking.DayEnds || form.Caller.Channel != booking.ByWeb || form.Caller.Phone != "" {
			t.Errorf("the desk was asked for %+v", form)
		}
	}
}

func FuzzBookingFormByJSON(f *testing.F) {
	f.Add(`{"name":"Ana","phone":"612345678","date":"2026-12-24","time":"21:00","party":4}`)
	f.Add(`{"name":"Ana","phone":"+44 7911 123456","date":"2026-12-24","time":"00:30","party":-1,"zone":"x","notes":"\u202e","lang":"en"}`)
	f.Add(`{"name":"","party":"4"}`)
	f.Add(`[{}]`)
	f.Add(`{"party":1e400}`)
	c, handler := newCounter(f)
	f.Fuzz(func(t *testing.T, body string) {
		for _, path := range []string{"/api/bookings", "/api/waitlist"} {
			r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
			r.RemoteAddr = "127.0.0.1:1"
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Idempotency-Key", "k")
			c.answered(t, handler, r, http.StatusBadRequest, http.StatusConflict, http.StatusRequestEntityTooLarge)
		}
	})
}

func FuzzBookingFormByForm(f *testing.F) {
	f.Add("2026-12-24 21:00", "4", "Ana", "612345678", "trona")
	f.Add("2026-12-24 00:30 terraza", "1", "<b>", "0034612345678", "\r\n")
	f.Add("", "", "", "", "")
	f.Add("9999-99-99 99:99", "-9", "\x00", "+", "%")
	c, handler := newCounter(f)
	f.Fuzz(func(t *testing.T, when, party, name, typed, notes string) {
		form := url.Values{"when": {when}, "wanted": {when}, "party": {party}, "name": {name}, "phone": {typed}, "notes": {notes}}
		for _, path := range []string{"/reservar", "/espera"} {
			r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
			r.RemoteAddr = "127.0.0.1:1"
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			c.answered(t, handler, r, http.StatusBadRequest, http.StatusConflict)
		}
	})
}
