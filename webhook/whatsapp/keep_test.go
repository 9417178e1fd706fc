package whatsapp_test

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"pgregory.net/rapid"

	"maitre/booking"
)

// harmless are the sentences of the parser's corpus that give no table back and agree
// to nothing.
func harmless(t *testing.T) (all []string) {
	t.Helper()
	f, err := os.Open("../../booking/phrase/testdata/plain.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var s struct {
			Say, Intent string
			GivesBack   bool `json:"gives_back"`
		}
		if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
			t.Fatal(err)
		}
		if !s.GivesBack && s.Intent != "yes" {
			all = append(all, s.Say)
		}
	}
	if len(all) < 250 {
		t.Fatalf("%d sentences", len(all))
	}
	return all
}

// Whatever guests write, and in whatever order, a table is neither given back nor moved
// as long as nothing of it says so in plain words.
func TestNothingGoesBackWithoutAPlainWord(t *testing.T) {
	t.Parallel()
	says := harmless(t)
	rapid.Check(t, func(rt *rapid.T) {
		h := inMind(t)
		h.journal.Careless.Store(false)
		first := h.made(ana, "2026-11-26", "21:00", 2, func(r *booking.Request) { r.PreBook = true })
		second := h.made(ana, "2026-11-28", "21:00", 4, nil)
		var said []string
		for range rapid.IntRange(1, 6).Draw(rt, "messages") {
			said = append(said, rapid.SampledFrom(says).Draw(rt, "says"))
			h.says(ana, said[len(said)-1])
		}
		for _, was := range []booking.Booking{first, second} {
			found := false
			for _, b := range h.booked(was.Date.String()) {
				found = found || b.Code == was.Code && b.Time == was.Time && b.Party == was.Party
			}
			if !found {
				rt.Errorf("%q: %s is given back or changed", said, was.Code)
			}
		}
	})
}

// A no that could not be carried out is not carried out by whatever is said next.
func TestANoThatFailedIsSaidAgain(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.made(ana, "2026-11-26", "21:00", 2, func(r *booking.Request) { r.PreBook = true })
	h.ledger.broken.Store(true)
	h.says(ana, "no")
	h.ledger.broken.Store(false)
	h.want(h.says(ana, "espera, que sí vamos"), "!cancelada")
	if live := h.booked("2026-11-26"); len(live) != 1 {
		t.Errorf("%+v", live)
	}
}
