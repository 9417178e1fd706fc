package ledger_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"maitre/booking"
	"maitre/store/airtable/airtabletest"
)

// The desk ran by a clock that was ahead, and is started again by one that is
// right: what was read by the first is not newer than what happens under the
// second, whether changes are followed or not.
func TestDaysThatWereReadUnderAClockAhead(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		server airtabletest.Options
		away   func(r *fixture)
		start  bool // all is read, before anybody asks
	}{
		"not followed":       {noWebhooks(), func(*fixture) {}, false},
		"the webhook is new": {airtabletest.Options{}, func(r *fixture) { r.srv.Advance(8 * 24 * time.Hour) }, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := open(t, options{server: c.server})
			id := r.row("2026-11-27 21:00", fields{"Nombre del Cliente": "Eva", "Mesa": []string{"T1"}})
			r.ledger.Follow(t.Context())
			r.wantFree(friday, "interior", "terraza")
			r.stop()
			c.away(r)
			r.edit(id, fields{"Cantidad de Personas": 8, "Mesa": []string{"I1", "I2", "T1"}})
			r.clock.pass(-2 * time.Hour)
			r.start()
			if c.start {
				r.ledger.Start(t.Context())
			}
			r.wantFree(friday, "terraza")
		})
	}
}

// A file of an earlier version says nothing of numbers: its days are read again,
// once, and followed from then on.
func TestAWebhookThatAnEarlierVersionKept(t *testing.T) {
	t.Parallel()
	r := open(t, options{})
	value, err := r.mirror.Kept(t.Context(), "feed")
	if err != nil {
		t.Fatal(err)
	}
	kept := map[string]any{}
	if err := json.Unmarshal(value, &kept); err != nil {
		t.Fatal(err)
	}
	delete(kept, "number")
	if value, err = json.Marshal(kept); err != nil {
		t.Fatal(err)
	}
	if err := r.mirror.Keep(t.Context(), "feed", value); err != nil {
		t.Fatal(err)
	}
	was, _, _ := r.ledger.Hook()
	r.restart()
	r.wantAsked(3, func() { r.ledger.Start(t.Context()) }, airtabletest.OpList) // the tables, and all days, twice: there is nothing
	if is, _, _ := r.ledger.Hook(); is != was {
		t.Errorf("another webhook was made: %s, was %s", is, was)
	}
	r.row("2026-11-27 21:00", fields{"Nombre del Cliente": "Eva", "Mesa": []string{"T1"}})
	r.follow()
	r.wantDay(friday, "21:00 T1 Eva")
	r.restart()
	r.wantAsked(1, func() { r.ledger.Start(t.Context()) }, airtabletest.OpList) // the tables
	if err := r.ledger.Freshen(context.Background(), friday, booking.Sure); err != nil {
		t.Error(err)
	}
}
