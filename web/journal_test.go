package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"maitre/booking"
	"maitre/web"
)

// clerk is a journal and an outbox of a test.
type clerk struct {
	entries []booking.JournalEntry
	fails   error
	did     []string
	down    bool
}

func (c *clerk) Answering() bool { return !c.down }

func (c *clerk) Entries(context.Context, int) ([]booking.JournalEntry, error) {
	return c.entries, c.fails
}

func (c *clerk) Retry(_ context.Context, id string) (int, error) {
	c.did = append(c.did, "retry "+id)
	if id == "01NONE" {
		return 0, c.fails
	}
	return 1, c.fails
}

func (c *clerk) RetryFixed(context.Context) (int, error) {
	c.did = append(c.did, "mended")
	return 2, c.fails
}

func (c *clerk) RetryMissing(context.Context) (int, error) {
	c.did = append(c.did, "retry missing")
	return 3, c.fails
}

func (c *clerk) SettleMissing(_ context.Context, why string) (int, error) {
	c.did = append(c.did, "settle missing "+why)
	return 3, c.fails
}

func (c *clerk) Settle(_ context.Context, id, why string) (booking.JournalEntry, error) {
	c.did = append(c.did, "settle "+id+" "+why)
	if id == "01NONE" {
		return booking.JournalEntry{}, booking.ErrNotFound
	}
	return booking.JournalEntry{ID: id}, c.fails
}

func (c *clerk) List(_ context.Context, state booking.MessageState, _ int) ([]booking.OutboxMessage, error) {
	c.did = append(c.did, "list "+string(state))
	return nil, c.fails
}

func openWith(t *testing.T, c *clerk) *site {
	t.Helper()
	return open(t, func(config *web.Config) { config.Journal, config.Messages = c, c })
}

func TestTheJournalForTheStaff(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	b := booking.Booking{ID: "01B", Code: "K7QF", Name: "Ana", Phone: "+34612345678", Date: thursday, Time: booking.NewTimeOfDay(21, 0), Party: 4,
		Tables: []string{"T1"}, Zone: "terraza", Status: booking.Confirmed, Channel: booking.ByPhone}
	failed := booking.Attempt{At: at, Kind: "unreachable", Text: "no connection"}
	clerk := &clerk{entries: []booking.JournalEntry{
		{ID: "01E", Booking: b, State: booking.EntryPending, Tried: 3, Attempts: []booking.Attempt{failed}, Next: at.Add(time.Minute), Created: at},
		{ID: "01F", Booking: b, State: booking.EntryParked, Tried: 1, Attempts: []booking.Attempt{failed}, Next: at, Created: at, Parked: &booking.Parked{
			Cause: booking.ParkedConflict, Text: "taken", Fix: "call", Offer: []booking.OfferFor{{Date: thursday, Time: booking.NewTimeOfDay(22, 0), Zone: "barra"}}}},
	}}
	s := openWith(t, clerk)
	got := s.ask(t, "GET", "/admin/api/journal", "Authorization", bearer)
	var answer struct{ Entries []map[string]any }
	if err := json.Unmarshal([]byte(got.body), &answer); err != nil || len(answer.Entries) != 2 {
		t.Fatal(err, got.body)
	}
	shown := map[string]any{"code": "K7QF", "date": "2026-12-24", "time": "21:00", "party": 4.0, "name": "Ana", "table": "T1", "zone": "terraza",
		"status": "processing", "phone": "+34612345678", "channel": "phone", "notes": ""}
	history := []any{map[string]any{"at": "2026-11-23T13:00:00+01:00", "kind": "unreachable", "text": "no connection"}}
	want := []map[string]any{
		{"id": "01E", "state": "pending", "attempts": 3.0, "next_attempt": "2026-11-23T13:01:00+01:00", "error": "no connection",
			"created": "2026-11-23T13:00:00+01:00", "booking": shown, "history": history},
		{"id": "01F", "state": "parked", "attempts": 1.0, "error": "taken", "mend": "call", "cause": "conflict", "created": "2026-11-23T13:00:00+01:00",
			"booking": shown, "history": history, "alternatives": []any{map[string]any{"date": "2026-12-24", "time": "22:00", "zone": "barra"}}},
	}
	if diff := cmp.Diff(want, answer.Entries); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	// While the system of record does not answer nothing is attempted, whenever it is due.
	clerk.down = true
	got = s.ask(t, "GET", "/admin/api/journal", "Authorization", bearer)
	if err := json.Unmarshal([]byte(got.body), &answer); err != nil || len(answer.Entries) != 2 {
		t.Fatal(err, got.body)
	}
	pending, parked := answer.Entries[0], answer.Entries[1]
	if pending["waits_for"] != "system_of_record" || parked["waits_for"] != nil || pending["next_attempt"] != "2026-11-23T13:01:00+01:00" {
		t.Errorf("while it does not answer: %v", answer.Entries)
	}
}

func TestWhatTheStaffDoToTheJournal(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		method, path, body string
		status             int
		did, says          string
	}{
		{"POST", "/admin/api/journal/01E/retry", "", 200, "retry 01E", `{"retried":1}`},
		{"POST", "/admin/api/journal/all/retry", "", 200, "retry ", `{"retried":1}`},
		{"POST", "/admin/api/journal/mended/retry", "", 200, "mended", `{"retried":2}`},
		{"POST", "/admin/api/journal/01NONE/retry", "", 404, "retry 01NONE", "no such entry"},
		{"POST", "/admin/api/journal/01E/settle", `{"why":" called \n her "}`, 200, "settle 01E called her", `{"settled":"01E"}`},
		{"POST", "/admin/api/journal/01NONE/settle", `{"why":"x"}`, 404, "settle 01NONE x", "no such entry"},
		{"POST", "/admin/api/journal/01E/settle", `{"why":"  "}`, 400, "", `"field":"why"`},
		{"POST", "/admin/api/journal/01E/settle", `{"why":"` + strings.Repeat("x", 501) + `"}`, 400, "", `"field":"why"`},
		{"POST", "/admin/api/journal/01E/settle", `nonsense`, 400, "", `"field":"why"`},
		{"POST", "/admin/api/journal/01E/settle", `{"why":"` + strings.Repeat("x", 20_000) + `"}`, 400, "", `"field":"why"`},
		{"GET", "/admin/api/messages", "", 200, "list failed", `{"messages":[]}`},
		{"GET", "/admin/api/messages?state=sent", "", 200, "list sent", `{"messages":[]}`},
		{"GET", "/admin/api/messages?state=lost", "", 400, "", `"field":"state"`},
	} {
		clerk := &clerk{}
		s := openWith(t, clerk)
		if got := s.send(t, c.method, c.path, c.body, "Authorization", bearer); got.status != c.status || !strings.Contains(got.body, c.says) {
			t.Errorf("%s %s: %d %s, want %d and %s", c.method, c.path, got.status, got.body, c.status, c.says)
		}
		if did := strings.Join(clerk.did, ", "); did != c.did {
			t.Errorf("%s %s: did %q, want %q", c.method, c.path, did, c.did)
		}
		if got := s.send(t, c.method, c.path, c.body); got.status != 401 {
			t.Errorf("%s %s: a stranger gets %d", c.method, c.path, got.status)
		}
	}
}

func TestAJournalThatCannotBeReadIsNoFaultOfTheCallers(t *testing.T) {
	t.Parallel()
	s := openWith(t, &clerk{fails: errors.New("disk")})
	for _, path := range []string{"/admin/api/journal", "/admin/api/messages"} {
		if got := s.ask(t, "GET", path, "Authorization", bearer); got.status != 503 || strings.Contains(got.body, "disk") {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
	}
}

// In local mode nothing ever waits.
func TestWithoutAJournalItIsEmpty(t *testing.T) {
	t.Parallel()
	s := open(t)
	if got := s.ask(t, "GET", "/admin/api/journal", "Authorization", bearer); got.status != 200 || strings.TrimSpace(got.body) != `{"entries":[]}` {
		t.Errorf("%d %s", got.status, got.body)
	}
	if got := s.send(t, "POST", "/admin/api/journal/01E/settle", `{"why":"x"}`, "Authorization", bearer); got.status != 404 {
		t.Errorf("%d %s", got.status, got.body)
	}
}
