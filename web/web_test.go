package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"maitre/booking"
	"maitre/booking/catalogue"
	"maitre/web"
	"maitre/webhook"
)

const (
	adminToken    = "a-token-of-the-tests"
	adminPassword = "a password of the tests"
)

// thursday is a day with lunch and dinner.
var thursday = booking.NewDate(2026, time.December, 24)

// stubDesk is a desk and a book for pages that ask for no table.
type stubDesk struct {
	webhook.Desk
	today booking.DayHours
	week  [7][]booking.ServiceHours
	day   *booking.Day
	err   error
}

func (h *stubDesk) Today() booking.Date                                            { return h.today.Date }
func (h *stubDesk) Now() time.Time                                                 { return time.Date(2026, 12, 24, 12, 0, 0, 0, time.UTC) }
func (h *stubDesk) Hours(booking.Date) booking.DayHours                            { return h.today }
func (h *stubDesk) Week() [7][]booking.ServiceHours                                { return h.week }
func (h *stubDesk) Freshen(context.Context, booking.Date, booking.Freshness) error { return nil }

func (h *stubDesk) SyncState(string) booking.SyncState { return booking.Written }

func (h *stubDesk) Day(_ context.Context, date booking.Date) (*booking.Day, error) {
	if h.err != nil {
		return nil, h.err
	}
	if h.day == nil || h.day.Date != date {
		return &booking.Day{Date: date}, nil
	}
	return h.day, nil
}

// sessionKey is the secret of the tests.
var sessionKey = []byte("a-secret-of-the-tests")

func newStubDesk() *stubDesk {
	lunch := booking.ServiceHours{
		ID: "lunch", Name: booking.Text{booking.Spanish: "Comida", booking.English: "Lunch"},
		First: booking.NewTimeOfDay(13, 0), Last: booking.NewTimeOfDay(15, 30),
	}
	dinner := booking.ServiceHours{
		ID: "dinner", Name: booking.Text{booking.Spanish: "Cena", booking.English: "Dinner"},
		First: booking.NewTimeOfDay(20, 30), Last: booking.NewTimeOfDay(22, 30),
	}
	late := dinner
	late.Last = booking.NewTimeOfDay(0, 15)
	h := &stubDesk{today: booking.DayHours{Date: thursday, Services: []booking.ServiceHours{lunch, dinner}}}
	for _, day := range []time.Weekday{time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday} {
		h.week[day] = append(h.week[day], lunch)
	}
	h.week[time.Thursday] = append(h.week[time.Thursday], dinner)
	h.week[time.Friday] = append(h.week[time.Friday], late)
	h.week[time.Saturday] = append(h.week[time.Saturday], late)
	return h
}

func newRestaurant() *booking.Restaurant {
	return &booking.Restaurant{
		Name: "La Grajera", Phone: "+34941123456", Address: "Calle del Laurel 12, Logroño",
		Languages: []booking.Lang{booking.Spanish, booking.English}, Location: time.FixedZone("winter in Madrid", 3600),
	}
}

// site is a running site with what it was made of.
type site struct {
	*httptest.Server
	restaurant *stubDesk
	registry   *prometheus.Registry
	log        *logLines
}

// open serves a site over real HTTP; change may alter what it is made of.
func open(t *testing.T, change ...func(*web.Config)) *site {
	t.Helper()
	s := &site{restaurant: newStubDesk(), registry: prometheus.NewRegistry(), log: &logLines{}}
	log := slog.New(slog.NewJSONHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	c := web.Config{
		Log: log, Metrics: web.NewMetrics(s.registry, "v1.2.3", "abc1234"),
		Restaurant: newRestaurant(), Desk: s.restaurant, Bookings: s.restaurant, Words: catalogue.New(newRestaurant()),
		VAPI: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"results":[]}`)
		}),
		Ready:    func(context.Context) []web.Check { return []web.Check{{Name: "data_file", OK: true}} },
		Messages: &clerk{}, AdminPassword: adminPassword, SessionKey: sessionKey, AdminToken: adminToken, PublicURL: "https://mesas.example.org/", PhoneConnected: true, Version: "v1.2.3",
	}
	for _, f := range change {
		f(&c)
	}
	s.Server = httptest.NewUnstartedServer(nil)
	s.Config = web.Server(web.New(c), log)
	s.Start()
	t.Cleanup(s.Close)
	return s
}

// reply is an answer, read to its end.
type reply struct {
	status int
	header http.Header
	body   string
}

// ask sends a request with the headers given as name, value pairs.
func (s *site) ask(t *testing.T, method, path string, headers ...string) reply {
	t.Helper()
	return s.send(t, method, path, "", headers...)
}

// send is ask with a body.
func (s *site) send(t *testing.T, method, path, content string, headers ...string) reply {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, strings.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		t.Fatal(err)
	}
	return reply{resp.StatusCode, resp.Header, string(body)}
}

// problem reads an error answer of the API.
func (r reply) problem(t *testing.T) (code, message, field string) {
	t.Helper()
	var answer struct {
		Error struct{ Code, Message, Field string }
	}
	if err := json.Unmarshal([]byte(r.body), &answer); err != nil {
		t.Fatalf("not the JSON of an error: %v\n%s", err, r.body)
	}
	return answer.Error.Code, answer.Error.Message, answer.Error.Field
}

// logLines collects log lines. A line is written after its answer is out, so
// readers close the server first, which waits for handlers.
type logLines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logLines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

// at returns the lines of a level.
func (l *logLines) at(level slog.Level) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var lines []string
	for line := range strings.Lines(l.buf.String()) {
		if strings.Contains(line, `"level":"`+level.String()+`"`) {
			lines = append(lines, line)
		}
	}
	return lines
}
