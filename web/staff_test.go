package web_test

import (
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"maitre/booking"
)

func TestStaffSeeTheDayInTheOrderInWhichGuestsCome(t *testing.T) {
	t.Parallel()
	s := open(t)
	ana := booking.Booking{
		ID: "01B", Code: "K7QF", Name: "Ana", Phone: "+34612345678", Date: thursday, Time: booking.NewTimeOfDay(21, 0), Party: 4,
		Tables: []string{"T1", "T2"}, Zone: "terraza", Status: booking.Confirmed, Channel: booking.ByPhone, Notes: "cumpleaños",
	}
	late, early := ana, ana
	late.ID, late.Code, late.Time, late.Tables = "01A", "M3TR", booking.NewTimeOfDay(0, 15), []string{"T9"}
	early.ID, early.Code, early.Time, early.Status = "01C", "P4XW", booking.NewTimeOfDay(13, 30), booking.Cancelled
	s.restaurant.day = &booking.Day{Date: thursday, Bookings: []booking.Booking{late, ana, early}}

	got := s.ask(t, "GET", "/admin/api/bookings?date=2026-12-24", "Authorization", bearer)
	var answer struct{ Bookings []map[string]any }
	if err := json.Unmarshal([]byte(got.body), &answer); err != nil {
		t.Fatal(err, got.body)
	}
	var codes []any
	for _, b := range answer.Bookings {
		codes = append(codes, b["code"])
	}
	if diff := cmp.Diff([]any{"P4XW", "K7QF", "M3TR"}, codes); diff != "" {
		t.Fatalf("order (-want +got):\n%s", diff)
	}
	want := map[string]any{
		"code": "K7QF", "date": "2026-12-24", "time": "21:00", "party": 4.0, "name": "Ana", "table": "T1+T2", "zone": "terraza",
		"status": "confirmed", "phone": "+34612345678", "channel": "phone", "notes": "cumpleaños",
	}
	if diff := cmp.Diff(want, answer.Bookings[1]); diff != "" {
		t.Errorf("booking (-want +got):\n%s", diff)
	}
	if s.restaurant.day.Bookings[0].ID != "01A" {
		t.Error("the book's own day was put in another order")
	}
	if got.header.Get("Cache-Control") != "no-store" {
		t.Error("guests' data may be kept by caches")
	}
}

// A row without an hour holds its tables for long, and shows no hour that nobody
// has agreed on.
func TestStaffSeeThatTheHourIsMissing(t *testing.T) {
	t.Parallel()
	s := open(t)
	at := time.Date(2026, 12, 24, 12, 0, 0, 0, time.UTC) // 13:00 here
	vague := booking.Booking{ID: "recA", Name: "Eva", Date: thursday, Time: booking.NewTimeOfDay(13, 0), HourUnknown: true, Start: at, End: at.Add(5 * time.Hour),
		Status: booking.Confirmed, Tables: []string{"T1"}}
	day := vague
	day.Time, day.Start, day.End = booking.DayBegins, at.Add(-7*time.Hour), at.Add(17*time.Hour)
	for want, b := range map[string]booking.Booking{
		"the row has no exact hour: its tables are held from 13:00 to 18:00": vague,
		"the row has no exact hour: its tables are held for the whole day":   day,
	} {
		s.restaurant.day = &booking.Day{Date: thursday, Bookings: []booking.Booking{b}}
		got := s.ask(t, "GET", "/admin/api/bookings?date=2026-12-24", "Authorization", bearer)
		var answer struct{ Bookings []map[string]any }
		if err := json.Unmarshal([]byte(got.body), &answer); err != nil || len(answer.Bookings) != 1 {
			t.Fatal(err, got.body)
		}
		if shown := answer.Bookings[0]; shown["time"] != "" || shown["problem"] != want {
			t.Errorf("shown as %v, want %q", shown, want)
		}
	}
}

func TestStaffGetTodayWithoutADateAndAnEmptyListNotNull(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.restaurant.day = &booking.Day{Date: thursday.AddDays(1), Bookings: []booking.Booking{{Code: "M3TR"}}}
	got := s.ask(t, "GET", "/admin/api/bookings", "Authorization", bearer)
	if strings.TrimSpace(got.body) != `{"bookings":[]}` {
		t.Errorf("got %s", got.body)
	}
}

func TestStaffSeeWhichDateIsWrong(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, date := range []string{"mañana", "2026-02-30", "24-12-2026", "2026-12-24T00:00:00Z", "%00", "99999-01-01"} {
		got := s.ask(t, "GET", "/admin/api/bookings?date="+date, "Authorization", bearer)
		code, message, field := got.problem(t)
		if got.status != 400 || code != "invalid" || field != "date" || !strings.Contains(message, "YYYY-MM-DD") {
			t.Errorf("%s: %d %s", date, got.status, got.body)
		}
	}
}

func TestStaffSeeNoDetailsOfABookThatCannotBeRead(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.restaurant.err = errors.New("page 7 of /secret/place: checksum")
	got := s.ask(t, "GET", "/admin/api/bookings", "Authorization", bearer)
	if code, _, _ := got.problem(t); got.status != 503 || code != "temporary_failure" {
		t.Errorf("%d %s", got.status, got.body)
	}
	if strings.Contains(got.body, "secret") {
		t.Error("the cause is shown to the caller")
	}
	s.Close()
	if lines := s.log.at(slog.LevelError); len(lines) != 1 || !strings.Contains(lines[0], "checksum") {
		t.Errorf("the cause is not in the log once: %q", lines)
	}
}
