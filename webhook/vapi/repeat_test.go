package vapi_test

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"maitre/booking"
	"maitre/store"
	"maitre/webhook"
	"maitre/webhook/vapi"
)

var dinner = object{"date": "2026-12-24", "time": "21:00", "pax": 2, "nombre": "Ana"}

func TestARepeatGetsTheSameBytesAndDoesNothingTwice(t *testing.T) {
	t.Parallel()
	h := open(t)
	book := message(t, "call-a", caller, called{"t1", "create_reservation", dinner})
	first := h.post(book).Body.Bytes()
	h.clock.set(t, "2026-11-24T00:30:00+01:00") // by now other words would be used for the date
	again := h.post(book).Body.Bytes()
	if !bytes.Equal(first, again) {
		t.Errorf("a repeat differs:\n%s\n%s", first, again)
	}
	if kept := h.booked("2026-12-24"); len(kept) != 1 || kept[0].MadeBy != webhook.Key("vapi", "call-a", "t1") {
		t.Errorf("kept %+v", kept)
	}

	cancel := message(t, "call-a", caller, called{"t2", "cancel_reservation", object{}})
	gone := h.raw(cancel)
	if !decoded(t, gone[0]).Success {
		t.Fatalf("not cancelled: %s", gone)
	}
	if once, twice := gone[0], h.raw(cancel)[0]; once != twice {
		t.Errorf("a repeat differs:\n%s\n%s", once, twice)
	}
	if still := h.post(book).Body.Bytes(); !bytes.Equal(first, still) {
		t.Errorf("a repeat after the cancellation differs:\n%s\n%s", first, still)
	}
	if kept := h.booked("2026-12-24"); len(kept) != 1 || kept[0].Live() {
		t.Errorf("a repeat booked again: %+v", kept)
	}
}

func TestARepeatAfterARestartGetsTheSameBytes(t *testing.T) {
	t.Parallel()
	h := open(t)
	bodies := [][]byte{
		message(t, "call-a", caller, called{"t1", "create_reservation", dinner}),
		message(t, "call-a", caller, called{"t2", "update_reservation", object{"pax": 3}}),
		message(t, "call-a", caller, called{"t3", "update_reservation", object{"pax": 300}}),
		message(t, "call-a", caller, called{"t4", "cancel_reservation", object{}}),
		message(t, "call-a", caller, called{"t5", "confirm_reservation", object{"confirmed": true}}),
	}
	var first []string
	for _, body := range bodies {
		first = append(first, h.post(body).Body.String())
	}
	h = h.reopened()
	for i, body := range bodies {
		if again := h.post(body).Body.String(); again != first[i] {
			t.Errorf("message %d: a repeat differs:\n%s\n%s", i, first[i], again)
		}
	}
}

// An assistant that was interrupted asks once more, in a call of its own making.
func TestTheSameTableAskedForAgainIsTheSameBooking(t *testing.T) {
	t.Parallel()
	h := open(t)
	first := h.raw(message(t, "call-a", caller, called{"t1", "create_reservation", dinner}))[0]
	other := object{"fecha": "2026-12-24", "hora": "21:00", "personas": "2", "nombre": "Ana Ruiz", "lang": "en"}
	for name, body := range map[string][]byte{
		"another id":           message(t, "call-a", caller, called{"t2", "create_reservation", other}),
		"another call":         message(t, "call-b", caller, called{"t1", "create_reservation", other}),
		"no id":                message(t, "call-a", caller, called{"", "create_reservation", other}),
		"same call, no number": message(t, "call-a", "", called{"t9", "create_reservation", object{"date": "2026-12-24", "time": "21:00", "pax": 2, "nombre": "Ana", "phone": "699 999 999"}}),
	} {
		if again := h.raw(body)[0]; again != first {
			t.Errorf("%s: differs:\n%s\n%s", name, first, again)
		}
	}
	if kept := h.booked("2026-12-24"); len(kept) != 1 {
		t.Errorf("kept %+v", kept)
	}
}

// Short tool-call ids come again in other calls.
func TestAnotherCallIsNoRepeat(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.raw(message(t, "call-a", caller, called{"t1", "create_reservation", dinner}))
	h.raw(message(t, "call-b", "+34699999999", called{"t1", "create_reservation", dinner}))
	h.raw(message(t, "call-a/t1", "+34699999998", called{"t1", "create_reservation", dinner}))
	h.raw(message(t, "call-a", "+34699999997", called{"t1/t1", "create_reservation", object{"date": "2026-12-24", "time": "21:15", "pax": 2, "nombre": "Ana"}}))
	if kept := h.booked("2026-12-24"); len(kept) != 4 {
		t.Errorf("%d bookings kept, want 4", len(kept))
	}
}

func TestRepeatsAtTheSameTimeBookOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	body := message(t, "call-a", caller, called{"t1", "create_reservation", dinner})
	answers := make([]string, 32)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() { answers[i] = h.post(body).Body.String() })
	}
	all.Wait()
	for i, got := range answers {
		if got != answers[0] {
			t.Errorf("%d differs:\n%s\n%s", i, answers[0], got)
		}
	}
	if kept := h.booked("2026-12-24"); len(kept) != 1 || !decodedMessage(t, answers[0]).Success {
		t.Errorf("kept %+v, said %s", kept, answers[0])
	}
}

// counting counts what is remembered apart from a booking.
type counting struct {
	*store.File
	remembered atomic.Int32
}

func (c *counting) Remember(ctx context.Context, m booking.StoredAnswer) error {
	c.remembered.Add(1)
	return c.File.Remember(ctx, m)
}

// A booking and its answer are one stroke on disk; only what has no booking to
// go with is remembered by itself.
func TestTheAnswerIsKeptWithItsBooking(t *testing.T) {
	t.Parallel()
	memory := &counting{}
	h := open(t, func(c *vapi.Config) { c.Idempotency = webhook.NewIdempotency(memory, nil) })
	memory.File = h.file
	h.ask("create_reservation", dinner)
	h.ask("update_reservation", object{"pax": 3})
	h.ask("cancel_reservation", object{})
	if n := memory.remembered.Load(); n != 0 {
		t.Errorf("%d answers kept apart from their bookings", n)
	}
	h.ask("cancel_reservation", object{})
	if n := memory.remembered.Load(); n != 1 {
		t.Errorf("%d answers kept, want the refusal's", n)
	}
}

func TestARefusalIsAlsoRepeated(t *testing.T) {
	t.Parallel()
	h := open(t)
	body := message(t, "call-a", caller, called{"t1", "cancel_reservation", object{}})
	first := h.raw(body)[0]
	h.ask("create_reservation", dinner)
	if again := h.raw(body)[0]; again != first {
		t.Errorf("a repeat differs:\n%s\n%s", first, again)
	}
	for _, b := range h.booked("2026-12-24") {
		if !b.Live() {
			t.Errorf("the repeat cancelled %+v", b)
		}
	}
}

func TestWhatCouldNotBeWrittenIsTriedAgain(t *testing.T) {
	t.Parallel()
	h := open(t)
	body := message(t, "call-a", caller, called{"t1", "create_reservation", dinner})
	h.journal.broken.Store(true)
	failed := decoded(t, h.raw(body)[0])
	if failed.Success || failed.Error != "temporary_failure" || failed.Booking != nil {
		t.Errorf("answered %+v with nothing written", failed)
	}
	h.journal.broken.Store(false)
	if made := decoded(t, h.raw(body)[0]); !made.Success {
		t.Errorf("not tried again: %+v", made)
	}
}

func TestWhatOnlyReadsIsAnsweredAfresh(t *testing.T) {
	t.Parallel()
	h := open(t)
	look := message(t, "call-a", caller, called{"t1", "get_reservation", object{}})
	before := h.raw(look)[0]
	h.ask("create_reservation", dinner)
	if after := h.raw(look)[0]; decoded(t, before).Success || !decoded(t, after).Success {
		t.Errorf("before %s after %s", before, after)
	}
}

func TestNothingIsKeptOfTheBody(t *testing.T) {
	t.Parallel()
	h := open(t)
	for i := range 3 {
		h.askFrom(fmt.Sprintf("+3461234567%d", i), "create_reservation", object{"date": "2026-12-24", "time": "21:00", "pax": 2, "nombre": "Ana Ruiz", "notes": "terraza si no llueve", "zone": "terraza"})
	}
	for _, b := range h.booked("2026-12-24") {
		if b.Name != "Ana Ruiz" || b.Notes != "terraza si no llueve" || b.AskedZone != "terraza" {
			t.Errorf("the body that was lent shows: %+v", b)
		}
	}
}

// joining tells when a repeat asks what the first request is answered.
type joining struct {
	vapi.Idempotency
	asked chan struct{}
}

func (j joining) FirstAnswer(ctx context.Context, key string) ([]byte, bool, error) {
	close(j.asked)
	return j.Idempotency.FirstAnswer(ctx, key)
}

// While the first request waits for the system of record, a repeat under another
// ID waits with it, and both hear the same.
func TestARepeatWaitsForTheFirstToBeWritten(t *testing.T) {
	t.Parallel()
	asked := make(chan struct{})
	h := open(t, func(c *vapi.Config) { c.Idempotency = joining{c.Idempotency, asked} })
	written := make(chan struct{})
	h.journal.slow.Store(&written)
	h.journal.patient.Store(true)
	first, second := make(chan string, 1), make(chan string, 1)
	go func() { first <- h.raw(message(t, "call-a", caller, called{"t1", "create_reservation", dinner}))[0] }()
	for len(h.booked("2026-12-24")) == 0 {
		runtime.Gosched()
	}
	go func() { second <- h.raw(message(t, "call-a", caller, called{"t2", "create_reservation", dinner}))[0] }()
	select {
	case early := <-second:
		t.Fatalf("the repeat did not ask: %s", early)
	case <-asked:
	}
	close(written)
	if one, two := <-first, <-second; one != two || !decoded(t, one).Success {
		t.Errorf("first:\n%s\nrepeat:\n%s", one, two)
	}
}

// A repeat hears that it is being processed in the same words as long as that is
// true, and no longer.
func TestARepeatOfWhatIsProcessedTellsTheTruth(t *testing.T) {
	t.Parallel()
	h := open(t)
	written := make(chan struct{})
	h.journal.slow.Store(&written)
	book := message(t, "call-a", caller, called{"t1", "create_reservation", dinner})
	first := h.raw(book)[0]
	if a := decoded(t, first); a.Success || a.Error != "temporary_failure" || a.Booking == nil || a.Booking.Status != "processing" {
		t.Fatalf("answered %s", first)
	}
	other := func(id string) string {
		return h.raw(message(t, "call-a", caller, called{id, "create_reservation", dinner}))[0]
	}
	if again := other("t2"); again != first {
		t.Errorf("while it is processed, a repeat hears\n%s\nwant\n%s", again, first)
	}
	if found := decoded(t, h.raw(message(t, "call-a", caller, called{"t3", "get_reservation", object{}}))[0]); found.Booking == nil || found.Booking.Status != "processing" {
		t.Errorf("looked up while it is processed: %+v", found)
	}
	close(written)
	if again := decoded(t, other("t4")); !again.Success || again.Booking.Status != "confirmed" {
		t.Errorf("once it is written, a repeat hears %+v", again)
	}
	if again := h.raw(book)[0]; again != first {
		t.Errorf("redelivered, the same tool call hears\n%s\nwant its first answer", again)
	}
}
