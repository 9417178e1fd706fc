package web_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"maitre/booking"
	"maitre/web"
)

func TestAHandlerThatPanicsIsAnsweredFor(t *testing.T) {
	t.Parallel()
	s := open(t, func(c *web.Config) {
		c.VAPI = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000000")
			panic("the oven is on fire")
		})
		c.Ready = func(context.Context) []web.Check { panic("and so is the bar") }
	})
	got := s.ask(t, "POST", "/vapi")
	if code, _, _ := got.problem(t); got.status != 500 || code != "internal" {
		t.Errorf("%d %s", got.status, got.body)
	}
	page := s.ask(t, "GET", "/", "Accept", asksForPage)
	if page.status != 500 || !strings.Contains(page.body, "Algo ha fallado") {
		t.Errorf("%d %s", page.status, page.body)
	}
	for _, body := range []string{got.body, page.body} {
		if strings.Contains(body, "fire") || strings.Contains(body, "goroutine") || strings.Contains(body, ".go") {
			t.Errorf("the caller sees what happened inside: %s", body)
		}
	}
	if after := s.ask(t, "GET", "/healthz"); after.status != 200 {
		t.Error("the process does not serve any more")
	}
	s.Close()
	lines := s.log.at(slog.LevelError)
	if len(lines) != 2 || !strings.Contains(lines[0], "the oven is on fire") || !strings.Contains(lines[0], "observe_test.go") {
		t.Errorf("want one line for each panic, with its stack: %q", lines)
	}
}

func TestHalfAnAnswerIsCutOff(t *testing.T) {
	t.Parallel()
	s := open(t, func(c *web.Config) {
		c.VAPI = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"results":[`)
			_ = http.NewResponseController(w).Flush()
			panic("out of flour")
		})
	})
	resp, err := http.Post(s.URL+"/vapi", "application/json", http.NoBody)
	if err == nil {
		_, err = io.ReadAll(resp.Body)
		_ = resp.Body.Close()
	}
	if err == nil {
		t.Error("half an answer was ended as if it were whole")
	}
}

func TestRequestsAreMeasuredByRouteNotByPath(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.ask(t, "POST", "/vapi")
	s.ask(t, "GET", "/invented-by-the-caller")
	s.ask(t, "BREW", "/invented-by-the-caller")
	s.ask(t, "GET", "/assets/invented.css")
	s.ask(t, "GET", "/vapi")
	got := s.ask(t, "GET", "/metrics", "Authorization", bearer)
	for _, want := range []string{
		`maitre_http_request_duration_seconds_count{code="200",method="POST",route="/vapi"} 1`,
		`maitre_http_request_duration_seconds_count{code="404",method="GET",route="none"} 1`,
		`maitre_http_request_duration_seconds_count{code="404",method="other",route="none"} 1`,
		`maitre_http_request_duration_seconds_count{code="404",method="GET",route="/assets/:file"} 1`,
		`maitre_http_request_duration_seconds_count{code="405",method="GET",route="none"} 1`,
		`maitre_http_request_duration_seconds_bucket{code="200",method="POST",route="/vapi",le="0.001"}`,
		`maitre_build_info{commit="abc1234",go_version="go`, `version="v1.2.3"} 1`,
		"go_goroutines ", "process_open_fds ",
	} {
		if !strings.Contains(got.body, want) {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(got.body, "invented") || strings.Contains(got.body, "BREW") {
		t.Error("what callers invent becomes a label")
	}
	if problems, err := testutil.GatherAndLint(s.registry); err != nil || len(problems) > 0 {
		t.Errorf("metrics that Prometheus frowns at: %v %v", problems, err)
	}
}

func TestBookingsAreCountedByChannelAndOutcome(t *testing.T) {
	t.Parallel()
	var m *web.Metrics
	s := open(t, func(c *web.Config) { m = c.Metrics })
	m.Booking(booking.ByPhone, "booked")
	m.Booking(booking.ByPhone, "booked")
	m.Booking(booking.ByPhone, string(booking.Full))
	want := "# HELP maitre_bookings_total Requests for a table, by the channel they came through and what became of them.\n" +
		"# TYPE maitre_bookings_total counter\n" +
		"maitre_bookings_total{channel=\"phone\",outcome=\"booked\"} 2\n" +
		"maitre_bookings_total{channel=\"phone\",outcome=\"full\"} 1\n"
	if err := testutil.GatherAndCompare(s.registry, strings.NewReader(want), "maitre_bookings_total"); err != nil {
		t.Error(err)
	}
}

func TestAccessIsLoggedAtDebugAndOurFailuresLouder(t *testing.T) {
	t.Parallel()
	s := open(t, func(c *web.Config) {
		c.Ready = func(context.Context) []web.Check { return []web.Check{{Name: "data_file", Detail: "no space left"}} }
	})
	s.ask(t, "GET", "/secret-path")
	s.ask(t, "GET", "/readyz")
	s.Close()
	if lines := s.log.at(slog.LevelDebug); len(lines) != 1 || strings.Contains(lines[0], "secret-path") {
		t.Errorf("want one line that names the route only: %q", lines)
	}
	if lines := s.log.at(slog.LevelWarn); len(lines) != 1 || !strings.Contains(lines[0], `"route":"/readyz"`) {
		t.Errorf("want one warning for the 503: %q", lines)
	}
}
