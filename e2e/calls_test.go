package e2e

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

const (
	ana   = "+34612345678"
	luis  = "+34698765432"
	eve   = "2026-12-24" // a Thursday with dinner in the built-in sample
	after = "2026-12-26"
)

func anasBooking(id, tool, from string) call {
	return call{ID: id, Tool: tool, From: from, Name: "create_reservation", Args: map[string]any{
		"date": eve, "time": "21:00", "pax": 4, "customer_name": "Ana", "zone": "terraza", "notes": "una trona",
	}}
}

func TestAGuestPhonesBooksLooksItUpMovesAndCancels(t *testing.T) {
	both(t, testAGuestPhonesBooksLooksItUpMovesAndCancels)
}

func testAGuestPhonesBooksLooksItUpMovesAndCancels(t *testing.T) {
	p := start(t)
	offered := p.ask(call{"c1", "t1", ana, "check_availability", map[string]any{"fecha": "el 24 de diciembre", "hora": "a las nueve", "personas": "cuatro"}})
	if !offered.Success || !strings.Contains(offered.Message, "jueves 24 de diciembre") || !strings.Contains(offered.Message, "21:00") {
		t.Errorf("availability in words: %+v", offered)
	}
	booked := p.ask(anasBooking("c1", "t2", ana))
	b := booked.Booking
	if !booked.Success || b.Status != "confirmed" || b.Date != eve || b.Time != "21:00" || b.Party != 4 || b.Name != "Ana" || b.Zone != "terraza" || b.Table == "" {
		t.Fatalf("booked: %+v", booked)
	}
	if got := p.book(eve); len(got) != 1 || got[0].Code != b.Code || got[0].Phone != ana || got[0].Channel != "phone" || got[0].Notes != "una trona" {
		t.Errorf("the staff see %+v", got)
	}
	found := p.ask(call{"c2", "t1", ana, "get_reservation", map[string]any{}})
	if !found.Success || !strings.Contains(found.Message, "jueves 24 de diciembre") || found.Booking.Code != b.Code {
		t.Errorf("looked up: %+v", found)
	}
	stranger := p.ask(call{"c3", "t1", luis, "cancel_reservation", map[string]any{"phone": ana}})
	if stranger.Success || stranger.Error != "not_allowed" {
		t.Errorf("a stranger cancels: %+v", stranger)
	}
	moved := p.ask(call{"c4", "t1", luis, "update_reservation", map[string]any{"phone": ana, "code": b.Code, "fecha": after, "hora": "14:00"}})
	if !moved.Success || moved.Booking.Date != after || moved.Booking.Time != "14:00" || moved.Booking.Code != b.Code {
		t.Errorf("moved with the code: %+v", moved)
	}
	if old, now := p.book(eve), p.book(after); len(old) != 0 || len(now) != 1 {
		t.Errorf("after the move: %d on the old date, %d on the new", len(old), len(now))
	}
	cancelled := p.ask(call{"c5", "t1", ana, "cancel_reservation", map[string]any{}})
	if !cancelled.Success || cancelled.Booking.Status != "cancelled" {
		t.Errorf("cancelled: %+v", cancelled)
	}
	if none := p.ask(call{"c6", "t1", ana, "get_reservation", nil}); none.Success || none.Error != "not_found" {
		t.Errorf("looked up after cancelling: %+v", none)
	}
	p.stop()
}

func TestARepeatGetsTheSameBytesAndDoesNothingTwice(t *testing.T) {
	both(t, testARepeatGetsTheSameBytesAndDoesNothingTwice)
}

func testARepeatGetsTheSameBytesAndDoesNothingTwice(t *testing.T) {
	p := start(t)
	book := anasBooking("c1", "t1", ana)
	first := p.post(book.body())
	line, _ := result(first)
	for name, again := range map[string]call{
		"redelivered":                  book,
		"another tool call, same call": {"c1", "t2", ana, book.Name, book.Args},
		"another call, same number":    {"c2", "t9", ana, book.Name, book.Args},
	} {
		if got, _ := result(p.post(again.body())); got != line {
			t.Errorf("%s:\n%s\nwant the first answer:\n%s", name, got, line)
		}
	}
	full := call{"c3", "t1", luis, "create_reservation", map[string]any{"date": "2026-11-30", "time": "21:00", "pax": 2, "customer_name": "Luis"}}
	refused := p.post(full.body())
	move := call{"c4", "t1", ana, "update_reservation", map[string]any{"time": "21:30"}}
	moved := p.post(move.body())
	cancel := call{"c5", "t1", ana, "cancel_reservation", nil}
	cancelled := p.post(cancel.body())
	p.stop()

	p = p.again()
	for name, c := range map[string]struct {
		call
		want []byte
	}{"booking": {book, first}, "refusal": {full, refused}, "move": {move, moved}, "cancellation": {cancel, cancelled}} {
		if got := p.post(c.body()); !bytes.Equal(got, c.want) {
			t.Errorf("%s repeated after a restart:\n%s\nwant\n%s", name, got, c.want)
		}
	}
	if got := p.book(eve); len(got) != 1 || got[0].Status != "cancelled" {
		t.Errorf("the book holds %+v, want the one booking, cancelled", got)
	}
	fresh := anasBooking("c7", "t1", ana)
	if got := p.ask(fresh); !got.Success || got.Booking.Status != "confirmed" {
		t.Errorf("the same request after cancelling: %+v, want a new booking", got)
	}
	p.stop()
}

// TestARepeatAfterAChangeTellsHowItStandsNow books on the terrace, moves inside,
// and asks for the booking once more: the first answer would not be true any more.
func TestARepeatAfterAChangeTellsHowItStandsNow(t *testing.T) {
	both(t, testARepeatAfterAChangeTellsHowItStandsNow)
}

func testARepeatAfterAChangeTellsHowItStandsNow(t *testing.T) {
	p := start(t)
	p.ask(anasBooking("c1", "t1", ana))
	moved := p.ask(call{"c2", "t1", ana, "update_reservation", map[string]any{"zone": "interior"}})
	if !moved.Success || moved.Booking.Zone != "interior" {
		t.Fatalf("moved inside: %+v", moved)
	}
	again := p.ask(anasBooking("c3", "t1", ana))
	if !again.Success || again.Booking.Code != moved.Booking.Code || again.Booking.Zone != "interior" || again.Booking.Table != moved.Booking.Table {
		t.Errorf("asked for again: %+v, want how it stands: %+v", again, moved.Booking)
	}
	p.stop()
}

func TestConcurrentRepeatsAreOneBooking(t *testing.T) { both(t, testConcurrentRepeatsAreOneBooking) }

func testConcurrentRepeatsAreOneBooking(t *testing.T) {
	p := start(t)
	answers := make([]string, 60)
	var wg sync.WaitGroup
	for i := range answers {
		c := anasBooking("c1", fmt.Sprintf("t%d", i%3), ana) // three tool calls of one phone call, twenty deliveries each
		wg.Go(func() { answers[i], _ = result(p.post(c.body())) })
	}
	wg.Wait()
	for i, got := range answers {
		if got != answers[0] || !strings.Contains(got, `"success":true`) {
			t.Fatalf("answer %d:\n%s\nwant all alike:\n%s", i, got, answers[0])
		}
	}
	if got := p.book(eve); len(got) != 1 {
		t.Errorf("%d bookings, want 1", len(got))
	}
	p.stop()
}

// oneTable is a restaurant with a single table.
//
//go:embed testdata/one-table.toml
var oneTable string

func restaurantFile(t testing.TB, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "restaurant.toml")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return "RESTAURANT_FILE=" + path
}

func TestTwoHundredGuestsForTheLastTable(t *testing.T) { both(t, testTwoHundredGuestsForTheLastTable) }

func testTwoHundredGuestsForTheLastTable(t *testing.T) {
	p := start(t, restaurantFile(t, oneTable))
	answers := make([]reply, 200)
	var wg sync.WaitGroup
	for i := range answers {
		c := call{fmt.Sprintf("c%d", i), "t1", fmt.Sprintf("+346%08d", i), "create_reservation", map[string]any{
			"date": "2026-12-03", "time": "21:00", "pax": 4, "customer_name": fmt.Sprintf("Guest %d", i)}}
		wg.Go(func() { answers[i] = p.ask(c) })
	}
	wg.Wait()
	booked := 0
	for _, a := range answers {
		if a.Success {
			booked++
			continue
		}
		if a.Error != "full" || len(a.Alternatives) != 3 || !strings.Contains(a.Message, "diciembre") {
			t.Errorf("refused with %+v, want full, three alternatives, in words", a)
		}
	}
	if got := p.book("2026-12-03"); booked != 1 || len(got) != 1 {
		t.Errorf("%d told they are booked, %d in the book: want 1 and 1", booked, len(got))
	}
	p.stop()
}

func TestStrangersAreRefused(t *testing.T) {
	t.Parallel()
	p := start(t)
	body := anasBooking("c1", "t1", ana).body()
	good := sealed(body)
	for name, c := range map[string]struct {
		header map[string]string
		body   []byte
		status int
		want   string
	}{
		"no signature":         {nil, body, 401, "missing signature"},
		"empty signature":      {map[string]string{"X-Vapi-Signature": ""}, body, 401, "missing signature"},
		"another body":         {good, append([]byte(" "), body...), 401, "invalid signature"},
		"no timestamp":         {map[string]string{"X-Vapi-Signature": good["X-Vapi-Signature"]}, body, 401, "invalid signature"},
		"an old timestamp":     {map[string]string{"X-Vapi-Signature": good["X-Vapi-Signature"], "X-Vapi-Timestamp": "1700000000"}, body, 401, "invalid signature"},
		"the secret as header": {map[string]string{"X-Vapi-Secret": testSecret}, body, 401, "missing signature"},
		"the secret as bearer": {map[string]string{"Authorization": "Bearer " + testSecret}, body, 401, "missing signature"},
		"too large":            {good, bytes.Repeat([]byte("x"), 9<<20), 413, ""},
		"not JSON":             {sealed([]byte("{")), []byte("{"), 400, ""},
	} {
		status, _, got, err := p.do("POST", "/vapi", c.header, c.body)
		var told struct {
			Error struct{ Code, Message string }
		}
		if err != nil || status != c.status || json.Unmarshal(got, &told) != nil || told.Error.Code == "" || !strings.Contains(told.Error.Message, c.want) {
			t.Errorf("%s: %d %v %s, want %d %s", name, status, err, got, c.status, c.want)
		}
	}
	if got := p.book(eve); len(got) != 0 {
		t.Errorf("a stranger's booking was let in: %+v", got)
	}
	if strings.Contains(p.log.String(), testSecret) || strings.Contains(p.log.String(), ana) {
		t.Errorf("the log holds a secret or a phone number:\n%s", p.log)
	}
	for _, path := range []string{"/admin/api/bookings?date=" + eve} {
		for _, header := range []map[string]string{nil, {"Authorization": "Bearer "}, {"Authorization": "Bearer wrong"}} {
			if status, _, got, _ := p.do("GET", path, header, nil); status != 401 {
				t.Errorf("GET %s with %v: %d %s, want 401", path, header, status, got)
			}
		}
	}
	p.stop()
}

func TestWithoutSecretsTheDeskRunsAndLetsNobodyIn(t *testing.T) {
	t.Parallel()
	p := start(t, "VAPI_WEBHOOK_SECRET=", "ADMIN_TOKEN=")
	body := anasBooking("c1", "t1", ana).body()
	if status, _, _, _ := p.do("POST", "/vapi", sealed(body), body); status != 401 {
		t.Errorf("POST /vapi: %d, want 401", status)
	}
	if status, _, _, _ := p.do("GET", "/admin/api/bookings?date="+eve, map[string]string{"Authorization": "Bearer "}, nil); status != 401 {
		t.Errorf("GET /admin/api/bookings: %d, want 401", status)
	}
	if !strings.Contains(p.log.String(), "VAPI_WEBHOOK_SECRET") {
		t.Errorf("the log does not say which variable to set:\n%s", p.log)
	}
	p.stop()
}

func TestHealthReadinessAndMetrics(t *testing.T) {
	t.Parallel()
	p := start(t)
	p.ask(anasBooking("c1", "t1", ana))
	p.post([]byte(`{"message":{"type":"status-update"}}`))
	if status, _, got, _ := p.do("GET", "/healthz", nil, nil); status != 200 || strings.TrimSpace(string(got)) != "ok" {
		t.Errorf("/healthz: %d %q", status, got)
	}
	if status, _, got, _ := p.do("GET", "/readyz", nil, nil); status != 200 || !json.Valid(got) {
		t.Errorf("/readyz: %d %q", status, got)
	}
	if status, _, _, _ := p.do("GET", "/metrics", nil, nil); status != 401 {
		t.Errorf("/metrics without the token: %d, want 401", status)
	}
	_, _, got, _ := p.do("GET", "/metrics", map[string]string{"Authorization": "Bearer " + testToken}, nil)
	for _, want := range []string{
		`maitre_bookings_total{channel="phone",outcome="booked"} 1`,
		`maitre_webhook_requests_total{outcome="accepted",source="vapi"} 2`,
		`maitre_webhook_requests_total{outcome="invalid_signature",source="vapi"} 0`,
		`maitre_http_request_duration_seconds_count{code="200",method="POST",route="/vapi"} 2`,
		`maitre_build_info{`, `go_goroutines `,
	} {
		if !strings.Contains(string(got), want) {
			t.Errorf("/metrics lacks %s", want)
		}
	}
	p.stop()
}
