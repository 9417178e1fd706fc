package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"maitre/booking"
	"maitre/webhook/answer"
)

func TestAvailabilityIsTheDaysSlots(t *testing.T) {
	t.Parallel()
	rec := openDeskSite(t, true)
	got := rec.ask(t, "GET", "/api/availability?date="+friday+"&party=4&zone=terraza")
	var day struct {
		Date  string        `json:"date"`
		Party int           `json:"party"`
		Slots []answer.Slot `json:"slots"`
	}
	if err := json.Unmarshal([]byte(got.body), &day); err != nil || got.status != http.StatusOK {
		t.Fatal(got.status, err, got.body)
	}
	nine := slices.IndexFunc(day.Slots, func(s answer.Slot) bool { return s.Time == "21:00" })
	if day.Date != friday || day.Party != 4 || nine < 0 || !day.Slots[nine].Available || !slices.Equal(day.Slots[nine].Zones, []string{"terraza"}) {
		t.Errorf("%s", got.body)
	}
}

func TestADayOnWhichNothingIsServedSaysWhy(t *testing.T) {
	t.Parallel()
	rec := openDeskSite(t, true)
	for path, reason := range map[string]string{
		"date=2026-11-30&party=2":  "closed",
		"date=2026-11-20&party=2":  "past",
		"date=2028-11-20&party=2":  "too_far",
		"date=2026-11-27&party=99": "too_large",
	} {
		got := rec.ask(t, "GET", "/api/availability?lang=en&"+path)
		if got.status != http.StatusOK || !strings.Contains(got.body, `"slots":[],"error":"`+reason+`","message":"`) {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
	}
	for path, field := range map[string]string{
		"party=2": "date", "date=27/11/2026&party=2": "date", "date=2026-11-27": "party", "date=2026-11-27&party=cuatro": "party",
		"date=2026-11-27&party=0": "party", "date=2026-11-27&party=2&zone=azotea": "zone",
	} {
		got := rec.ask(t, "GET", "/api/availability?"+path)
		if code, message, wrong := got.problem(t); got.status != http.StatusBadRequest || code != "invalid" || wrong != field || message == "" {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
	}
}

func TestABookingByJSONIsMadeOnceForAKey(t *testing.T) {
	t.Parallel()
	rec := openDeskSite(t, true)
	first, a := rec.post(t, "/api/bookings", wants(object{"notes": "trona"}), "Idempotency-Key", "k-1")
	if first.status != http.StatusCreated || !a.Success || a.Booking == nil || a.Booking.Time != "21:00" || a.Booking.Status != "confirmed" {
		t.Fatalf("%d %s", first.status, first.body)
	}
	again, _ := rec.post(t, "/api/bookings", wants(object{"notes": "trona"}), "Idempotency-Key", "k-1")
	if again.status != http.StatusCreated || again.body != first.body {
		t.Errorf("the same key: %d %s", again.status, again.body)
	}
	other, _ := rec.post(t, "/api/bookings", wants(object{"party": 5}), "Idempotency-Key", "k-1")
	if code, _, field := other.problem(t); other.status != http.StatusUnprocessableEntity || code != "invalid" || field != "Idempotency-Key" {
		t.Errorf("the same key for another booking: %d %s", other.status, other.body)
	}
	repeat, b := rec.book(t, wants(nil))
	if repeat.status != http.StatusOK || b.Booking == nil || b.Booking.Code != a.Booking.Code {
		t.Errorf("the same booking under another key: %d %s", repeat.status, repeat.body)
	}
	stranger, c := rec.book(t, wants(object{"name": "Berta"}))
	if stranger.status != http.StatusConflict || c.Error != "not_allowed" || strings.Contains(stranger.body, "Ana") || strings.Contains(stranger.body, a.Booking.Code) {
		t.Errorf("a stranger with the number: %d %s", stranger.status, stranger.body)
	}
	live := rec.on(t)
	if len(live) != 1 || live[0].Channel != booking.ByWeb || live[0].Phone != "+34612345678" || live[0].Vouched || live[0].Notes != "trona" {
		t.Errorf("in the book: %+v", live)
	}
}

func TestTwoHundredGuestsOfThePageForTheLastTable(t *testing.T) {
	t.Parallel()
	rec := openDeskSite(t, true)
	rec.fill(t)
	taken := len(rec.on(t))
	// One table comes free.
	b := rec.on(t)[0]
	if _, err := rec.desk.Cancel(t.Context(), booking.Cancellation{Who: booking.Who{Caller: booking.Caller{Channel: booking.ByStaff}, Code: b.Code}}); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	statuses := make([]int, 200)
	for i := range statuses {
		all.Go(func() {
			got, a := rec.book(t, wants(object{"phone": fmt.Sprintf("6552222%02d", i%100), "name": fmt.Sprintf("Guest %c%c", 'A'+i/26, 'A'+i%26)}))
			statuses[i] = got.status
			if got.status == http.StatusConflict && a.Error == "full" && len(a.Alternatives) == 0 {
				t.Error("refused without other times")
			}
		})
	}
	all.Wait()
	made := 0
	for _, status := range statuses {
		if status == http.StatusCreated {
			made++
		} else if status != http.StatusConflict {
			t.Errorf("answered %d", status)
		}
	}
	if made != 1 || len(rec.on(t)) != taken {
		t.Errorf("%d booked, %d in the book, want 1 and %d", made, len(rec.on(t)), taken)
	}
}

func TestTheTruthByJSON(t *testing.T) {
	t.Parallel()
	rec := openDeskSite(t, false)
	rec.journal.Slow.Store(true)
	key := []string{"Idempotency-Key", "k-slow"}
	got, a := rec.post(t, "/api/bookings", wants(nil), key...)
	if got.status != http.StatusAccepted || a.Success || a.Error != "temporary_failure" || a.Booking == nil || a.Booking.Status != "processing" {
		t.Errorf("not in the book yet: %d %s", got.status, got.body)
	}
	if again, _ := rec.post(t, "/api/bookings", wants(nil), key...); again.body != got.body || again.status != got.status {
		t.Errorf("a repeat: %d %s", again.status, again.body)
	}
	rec.journal.Slow.Store(false)
	rec.journal.Broken.Store(true)
	key[1] = "k-broken"
	late := wants(object{"time": "13:30"})
	got, a = rec.post(t, "/api/bookings", late, key...)
	if got.status != http.StatusServiceUnavailable || a.Success || a.Error != "temporary_failure" || a.Booking != nil || got.header.Get("Retry-After") == "" {
		t.Errorf("not on disk: %d %s", got.status, got.body)
	}
	rec.journal.Broken.Store(false)
	if got, _ = rec.post(t, "/api/bookings", late, key...); got.status != http.StatusCreated {
		t.Errorf("when the disk is well again: %d %s", got.status, got.body)
	}
}

func TestBadInputSaysHowToFixIt(t *testing.T) {
	t.Parallel()
	rec := openDeskSite(t, true)
	for name, c := range map[string]struct {
		change object
		field  string
	}{
		"no name":          {object{"name": nil}, "name"},
		"a blank name":     {object{"name": " "}, "name"},
		"a name of signs":  {object{"name": "!!"}, "name"},
		"a bell":           {object{"name": "Ana\a"}, "name"},
		"no phone":         {object{"phone": nil}, "phone"},
		"half a phone":     {object{"phone": "612"}, "phone"},
		"a word for one":   {object{"phone": "mañana"}, "phone"},
		"no date":          {object{"date": nil}, "date"},
		"a date in words":  {object{"date": "el viernes"}, "date"},
		"no such date":     {object{"date": "2026-02-30"}, "date"},
		"no time":          {object{"time": nil}, "time"},
		"a time in words":  {object{"time": "a las nueve"}, "time"},
		"no party":         {object{"party": nil}, "party"},
		"less than nobody": {object{"party": -1}, "party"},
		"a party in words": {object{"party": "cuatro"}, "party"},
		"no such zone":     {object{"zone": "azotea"}, "zone"},
		"a number a name":  {object{"name": 7}, "name"},
		"a novel":          {object{"notes": strings.Repeat("a ", 501)}, "notes"},
		"an unknown key":   {object{"nmae": "Ana"}, ""},
	} {
		got, _ := rec.book(t, wants(c.change))
		if code, message, field := got.problem(t); got.status != http.StatusBadRequest || code != "invalid" || field != c.field || message == "" {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	if got, _ := rec.post(t, "/api/bookings", wants(nil)); got.status != http.StatusBadRequest || !strings.Contains(got.body, "Idempotency-Key") {
		t.Errorf("without a key: %d %s", got.status, got.body)
	}
	for name, c := range map[string]struct {
		body, kind string
		status     int
	}{
		"no JSON":        {"name=Ana", "application/json", http.StatusBadRequest},
		"nothing":        {"", "application/json", http.StatusBadRequest},
		"a list":         {"[]", "application/json", http.StatusBadRequest},
		"twice the name": {`{"name":"Ana","name":"Luis"}`, "application/json", http.StatusBadRequest},
		"a form":         {"name=Ana", "application/x-www-form-urlencoded", http.StatusUnsupportedMediaType},
		"a novel":        {`{"notes":"` + strings.Repeat("a", 20<<10) + `"}`, "application/json", http.StatusRequestEntityTooLarge},
	} {
		got := rec.send(t, "POST", "/api/bookings", c.body, "Content-Type", c.kind, "Idempotency-Key", "k")
		if code, _, _ := got.problem(t); got.status != c.status || code == "" {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	if live := rec.on(t); len(live) != 0 {
		t.Errorf("bad input was booked: %+v", live)
	}
}

func TestTheDesksRefusalByJSON(t *testing.T) {
	t.Parallel()
	rec := openDeskSite(t, true)
	for name, c := range map[string]struct {
		change object
		reason string
		offers bool
	}{
		"closed":        {object{"date": "2026-11-30"}, "closed", true},
		"past":          {object{"date": "2026-11-20"}, "past", true},
		"too far":       {object{"date": "2028-11-20"}, "too_far", false},
		"too large":     {object{"party": 99}, "too_large", false},
		"between slots": {object{"time": "21:07"}, "invalid", true},
	} {
		got, a := rec.book(t, wants(c.change))
		if got.status != http.StatusConflict || a.Success || a.Error != c.reason || a.Message == "" || len(a.Alternatives) > 0 != c.offers {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
}

func TestTheWaitlistByJSON(t *testing.T) {
	t.Parallel()
	rec := openDeskSite(t, false)
	if got, a := rec.post(t, "/api/waitlist", wants(nil)); got.status != http.StatusOK || !a.Success || a.Offer == nil || len(rec.waiting(t)) != 0 {
		t.Errorf("with a table free: %d %s", got.status, got.body)
	}
	rec.fill(t)
	if got, a := rec.post(t, "/api/waitlist", wants(object{"lang": "en"})); got.status != http.StatusCreated || !a.Success || !strings.Contains(a.Message, "waiting list") {
		t.Errorf("%d %s", got.status, got.body)
	}
	// Whoever types a waiting number does not learn whose it is.
	if got, a := rec.post(t, "/api/waitlist", wants(object{"name": "Berta"})); got.status != http.StatusOK || !a.Success || strings.Contains(got.body, "Ana") {
		t.Errorf("again: %d %s", got.status, got.body)
	}
	if all := rec.waiting(t); len(all) != 1 || all[0].Name != "Ana García" || all[0].Channel != booking.ByWeb || all[0].Vouched || all[0].Lang != booking.English {
		t.Errorf("waiting: %+v", all)
	}
	if got, _ := rec.post(t, "/api/waitlist", wants(object{"phone": "941 12 34 56"})); got.status != http.StatusBadRequest || !strings.Contains(got.body, `"field":"phone"`) {
		t.Errorf("a landline: %d %s", got.status, got.body)
	}
	silent := openDeskSite(t, true)
	if got, a := silent.post(t, "/api/waitlist", wants(nil)); got.status != http.StatusConflict || a.Error != "not_allowed" {
		t.Errorf("where there is none: %d %s", got.status, got.body)
	}
}

func TestAMachineCannotFillTheBook(t *testing.T) {
	t.Parallel()
	rec := openDeskSite(t, true)
	from := func(client, path string) reply {
		got := rec.send(t, "POST", path, "{}", "Content-Type", "application/json", "X-Forwarded-For", "203.0.113.9, "+client)
		return got
	}
	for range 30 {
		if got := from("198.51.100.7", "/api/bookings"); got.status != http.StatusBadRequest {
			t.Fatalf("%d %s", got.status, got.body)
		}
	}
	for _, path := range []string{"/api/bookings", "/api/waitlist"} {
		got := from("198.51.100.7", path)
		if code, _, _ := got.problem(t); got.status != http.StatusTooManyRequests || code != "rate_limited" || got.header.Get("Retry-After") == "" {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
	}
	page := rec.send(t, "POST", "/reservar", "", "Content-Type", "application/x-www-form-urlencoded", "X-Forwarded-For", "198.51.100.7")
	if page.status != http.StatusTooManyRequests {
		t.Errorf("the page: %d", page.status)
	}
	page.shows(t, "Demasiado deprisa")
	if got := from("198.51.100.8", "/api/bookings"); got.status != http.StatusBadRequest {
		t.Errorf("another client: %d", got.status)
	}
	if got := rec.ask(t, "GET", "/api/availability?date="+friday+"&party=2", "X-Forwarded-For", "198.51.100.7"); got.status != http.StatusOK {
		t.Errorf("who may not book may still look: %d", got.status)
	}
}
