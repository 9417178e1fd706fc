package store_test

import (
	"errors"
	"strings"
	"testing"

	"maitre/booking"
	"maitre/store"
)

func messageOf(kind booking.MessageKind, key string) booking.Message {
	m := message(key)
	m.Kind = kind
	return m
}

// inOutbox returns the keys of the messages in the outbox.
func (d *desk) inOutbox() string {
	d.t.Helper()
	list, err := d.file.Outbox().List(d.t.Context(), "", 10)
	if err != nil {
		d.t.Fatal(err)
	}
	var keys []string
	for _, o := range list {
		keys = append(keys, o.Key)
	}
	return strings.Join(keys, " ")
}

func TestMessagesOfABookingAreKeptWithIt(t *testing.T) {
	t.Parallel()
	d := setup(t)
	b := store.NewTestBooking("01", "K7QF", christmas)
	if _, err := d.ledger.Accept(t.Context(), booking.Entry{Booking: b, Messages: []booking.Message{messageOf(booking.MessageConfirm, "confirm/01")}}); err != nil {
		t.Fatal(err)
	}
	d.reopen()
	if got := d.inOutbox(); got != "confirm/01" || len(d.day(christmas)) != 1 {
		t.Errorf("outbox: %q, bookings: %v", got, d.day(christmas))
	}
	// A booking with an invalid message is refused as a whole.
	nobody := messageOf(booking.MessageConfirm, "confirm/02")
	nobody.To = ""
	other := store.NewTestBooking("02", "M3XT", christmas)
	_, err := d.ledger.Accept(t.Context(), booking.Entry{Booking: other, Messages: []booking.Message{nobody}})
	if !errors.Is(err, booking.ErrNotKept) || len(d.day(christmas)) != 1 {
		t.Errorf("%v, and the day is %v", err, d.day(christmas))
	}
	// A refused booking has no message.
	taken := store.NewTestBooking("03", "K7QF", christmas)
	_, err = d.ledger.Accept(t.Context(), booking.Entry{Booking: taken, Messages: []booking.Message{messageOf(booking.MessageConfirm, "confirm/03")}})
	if !errors.Is(err, booking.ErrCodeTaken) || d.inOutbox() != "confirm/01" {
		t.Errorf("%v, and the outbox has %q", err, d.inOutbox())
	}
}

func TestNoMessageIsSentBeforeTheBookingIsInTheBook(t *testing.T) {
	t.Parallel()
	s := setupMirror(t)
	b := numbered(1)
	e, err := s.journal.Accept(t.Context(), booking.Entry{Booking: b, Messages: []booking.Message{messageOf(booking.MessageConfirm, "confirm/1")}}, s.clock.now())
	if err != nil {
		t.Fatal(err)
	}
	s.reopen()
	if got := s.inOutbox(); got != "" {
		t.Fatalf("in the outbox before it was written: %q", got)
	}
	// A newer entry folds in before the first was known to be written: of each kind
	// the newest is sent, and none until the newest revision is written.
	b.Party++
	newer, err := s.journal.Accept(t.Context(), booking.Entry{Booking: b, Silent: true, Messages: []booking.Message{
		messageOf(booking.MessageConfirm, "confirm/1/again"), messageOf(booking.MessageChanged, "changed/1"),
	}}, s.clock.now())
	if err != nil || !newer.Silent || len(newer.Messages) != 2 {
		t.Fatalf("%+v, %v", newer, err)
	}
	if s.done(e); s.inOutbox() != "" {
		t.Fatalf("in the outbox while a newer revision waits: %q", s.inOutbox())
	}
	s.reopen()
	if s.done(s.entry(newer.ID)); s.inOutbox() != "changed/1 confirm/1/again" {
		t.Errorf("in the outbox once it was written: %q", s.inOutbox())
	}
}

func TestASettledEntrySendsNoMessage(t *testing.T) {
	t.Parallel()
	s := setupMirror(t)
	e, err := s.journal.Accept(t.Context(), booking.Entry{Booking: numbered(1), Messages: []booking.Message{messageOf(booking.MessageBooked, "booked/1")}}, s.clock.now())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.journal.Settle(t.Context(), e.ID, "called the guest", s.clock.now()); err != nil || s.inOutbox() != "" {
		t.Errorf("%v, outbox: %q", err, s.inOutbox())
	}
}
