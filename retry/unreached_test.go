package retry_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"maitre/booking"
	"maitre/retry"
)

// bookingsByID are the tests' bookings.
type bookingsByID struct {
	mu  sync.Mutex
	all map[string]booking.Booking
}

func (s *bookingsByID) byID(_ context.Context, id string) (booking.Booking, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if b, ok := s.all[id]; ok {
		return b, nil
	}
	return booking.Booking{}, booking.ErrNotFound
}

// startUnreached runs an Unreached until stop.
func (o *senderFixture) startUnreached(s *bookingsByID) (u *retry.Unreached, stop func()) {
	u = retry.NewUnreached(retry.UnreachedConfig{
		Outbox: o.box, Booking: s.byID, Staff: []booking.Phone{staff, "+34688888888"}, Clock: systemClock{},
		Word: func(_ time.Time, to booking.Phone, b booking.Booking) booking.Message {
			return alert(to, "call %s", b.Name)
		},
		OnQueued: o.wake.Send,
	})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); u.Run(ctx) }()
	return u, func() { cancel(); <-done }
}

// alerted returns the number of alerts by text.
func (o *senderFixture) alerted() map[string]int {
	o.t.Helper()
	all, err := o.box.List(o.t.Context(), "", 1000)
	o.ok(err)
	texts := map[string]int{}
	for _, m := range all {
		if m.Kind == booking.MessageAlert {
			texts[m.Text]++
		}
	}
	return texts
}

func question(id string, phone booking.Phone) booking.Message {
	return booking.Message{Kind: booking.MessageConfirm, To: phone, Lang: booking.Spanish, Text: "¿Viene?", Booking: id, Key: "confirm/" + id}
}

// A guest whom the question did not reach is reported once, whatever the reason, and
// not again after a restart.
func TestTheStaffAreAskedToCallAnUnreachedGuest(t *testing.T) {
	held := booking.Booking{ID: "01A", Name: "Ana", Phone: ana, Status: booking.PreBooked, Start: time.Date(2000, 1, 2, 20, 0, 0, 0, time.UTC)}
	with := func(id, name string, status booking.Status, start time.Time) booking.Booking {
		b := held
		b.ID, b.Name, b.Status, b.Start = id, name, status, start
		return b
	}
	book := &bookingsByID{all: map[string]booking.Booking{
		"01A": held,
		"01B": with("01B", "Eva", booking.PreBooked, held.Start),
		"01C": with("01C", "Luis", booking.Confirmed, held.Start),
		"01D": with("01D", "Sol", booking.PreBooked, time.Date(1999, 12, 31, 0, 0, 0, 0, time.UTC)),
		"01E": with("01E", "Teo", booking.PreBooked, held.Start),
	}}
	var hear func(booking.OutboxMessage)
	withSender(t, retry.SenderOptions{Staff: []booking.Phone{staff}, OnFinished: func(o booking.OutboxMessage) { hear(o) }}, func(o *senderFixture) {
		u, stop := o.startUnreached(book)
		hear = u.OnMessage
		want := map[string]int{}
		check := func() {
			t.Helper()
			synctest.Wait()
			got := o.alerted()
			for text, n := range want {
				if got[text] != n {
					t.Errorf("%q to %d phones, want %d", text, got[text], n)
				}
			}
			if len(got) != len(want) {
				t.Errorf("alerts %v, want %v", got, want)
			}
		}
		o.carrier.answer = func(_ context.Context, _ int, l booking.OutgoingMessage) (bool, error) {
			if l.To == eva {
				return false, carryErr(booking.CarryRefused, 21610)
			}
			return true, nil
		}
		o.put(question("01A", ana))
		check() // sent, without a receipt
		o.receipt(o.only().SID, "undelivered", 63016)
		want["call Ana"] = 2
		check()
		o.put(question("01B", eva)) // STOP
		want["call Eva"] = 2
		check()
		// Said yes meanwhile, came meanwhile, or gone from the book.
		for _, id := range []string{"01C", "01D", "01X"} {
			o.put(question(id, eva))
		}
		check()
		// What happens while it does not run is reported at the next start, and only once.
		stop()
		o.put(question("01E", eva))
		check()
		_, stop = o.startUnreached(book)
		want["call Teo"] = 2
		check()
		stop()
	})
}
