package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"maitre/booking"
	"maitre/store"
)

func party(id string, date booking.Date, state booking.WaitState) booking.Waiting {
	return booking.Waiting{
		ID: id, Name: "Ana", Phone: "+34612345678", Lang: booking.Spanish, Channel: booking.ByWhatsApp, Date: date, Time: booking.NewTimeOfDay(21, 0), Party: 4,
		State: state, Created: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC), Updated: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC),
	}
}

func TestWaitlistIsReadAsItWasKept(t *testing.T) {
	t.Parallel()
	d := setup(t)
	list := d.file.Waitlist()
	second, first, gone, later := party("02", christmas, booking.WaitWaiting), party("01", christmas, booking.WaitOffered), party("00", christmas, booking.WaitLeft), party("03", christmas+1, booking.WaitWaiting)
	later.Phone = "+34687654321"
	for _, w := range []booking.Waiting{second, first, gone, later} {
		if err := list.KeepWaiting(t.Context(), w); err != nil {
			t.Fatal(err)
		}
	}
	d.reopen()
	list = d.file.Waitlist()
	on, err := list.WaitingOn(t.Context(), christmas)
	if diff := cmp.Diff([]booking.Waiting{first, second}, on); err != nil || diff != "" {
		t.Errorf("on the day: %v %s", err, diff)
	}
	of, err := list.WaitingOf(t.Context(), first.Phone, christmas)
	if diff := cmp.Diff([]booking.Waiting{gone, first, second}, of); err != nil || diff != "" {
		t.Errorf("of the number: %v %s", err, diff)
	}
	dates, err := list.Dates(t.Context(), christmas)
	if diff := cmp.Diff([]booking.Date{christmas, christmas + 1}, dates); err != nil || diff != "" {
		t.Errorf("dates: %v %s", err, diff)
	}
	if dates, err := list.Dates(t.Context(), christmas+1); err != nil || len(dates) != 1 {
		t.Errorf("dates from the next on: %v, %v", dates, err)
	}
	if err := list.KeepWaiting(t.Context(), booking.Waiting{ID: "04", Date: christmas}); !errors.Is(err, booking.ErrNotKept) {
		t.Errorf("half a party is kept: %v", err)
	}
	if _, err := d.file.Forget(t.Context(), christmas+1, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if left, err := list.WaitingOf(t.Context(), first.Phone, 0); err != nil || len(left) != 0 {
		t.Errorf("after their day is forgotten: %v, %v", left, err)
	}
	if dates, err := list.Dates(t.Context(), 0); err != nil || len(dates) != 1 {
		t.Errorf("the next day's were forgotten too: %v, %v", dates, err)
	}
}

// An offer is the table that is held, the party that it is held for and the
// message that says so: all of them, or none.
func TestAnOfferIsKeptWhole(t *testing.T) {
	t.Parallel()
	offer := func(id string) booking.Entry {
		b := store.NewTestBooking(id, "C"+id, christmas)
		b.Status, b.HeldUntil = booking.PreBooked, b.Created.Add(time.Hour)
		w := party("w"+id, christmas, booking.WaitOffered)
		w.Booking = id
		return booking.Entry{Booking: b, Waiting: &w, Silent: true, Messages: []booking.Message{messageOf(booking.MessageTableFree, "table_free/"+id)}}
	}
	t.Run("in the data file", func(t *testing.T) {
		t.Parallel()
		d := setup(t)
		if _, err := d.ledger.Accept(t.Context(), offer("01")); err != nil {
			t.Fatal(err)
		}
		half := offer("02")
		half.Waiting.Phone = ""
		if _, err := d.ledger.Accept(t.Context(), half); !errors.Is(err, booking.ErrNotKept) {
			t.Errorf("half an offer: %v", err)
		}
		d.reopen()
		on, err := d.file.Waitlist().WaitingOn(t.Context(), christmas)
		if err != nil || len(on) != 1 || on[0].Booking != "01" || len(d.day(christmas)) != 1 || d.inOutbox() != "table_free/01" {
			t.Errorf("%v, %v, %v, outbox %q", on, err, d.day(christmas), d.inOutbox())
		}
		if reached, err := d.file.Waitlist().Offered(t.Context(), "01"); reached || err != nil {
			t.Errorf("it has left before anybody sent it: %v", err)
		}
		due, err := d.file.Outbox().Due(t.Context(), d.clock.now(), 1)
		if err != nil || len(due) != 1 {
			t.Fatal(due, err)
		}
		if _, _, err := d.file.Outbox().Begin(t.Context(), due[0], booking.ByText, d.clock.now()); err != nil {
			t.Fatal(err)
		}
		if reached, err := d.file.Waitlist().Offered(t.Context(), "01"); !reached || err != nil {
			t.Errorf("it is being sent, and has not left: %v", err)
		}
	})
	t.Run("in the journal", func(t *testing.T) {
		t.Parallel()
		s := setupMirror(t)
		e, err := s.journal.Accept(t.Context(), offer("01"), s.clock.now())
		if err != nil {
			t.Fatal(err)
		}
		s.reopen()
		on, err := s.file.Waitlist().WaitingOn(t.Context(), christmas)
		if err != nil || len(on) != 1 || !s.entry(e.ID).Silent || s.inOutbox() != "" {
			t.Errorf("%v, %v, %+v, outbox %q", on, err, s.entry(e.ID), s.inOutbox())
		}
		if s.done(e); s.inOutbox() != "table_free/01" {
			t.Errorf("written, and the outbox has %q", s.inOutbox())
		}
	})
}
