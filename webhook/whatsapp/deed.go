package whatsapp

import (
	"context"
	"time"

	"maitre/booking"
)

// deed is something that changes a booking, and how the guest is told of it.
type deed struct {
	// act passes remember on to the desk.
	act func(ctx context.Context, remember func(booking.Result) booking.Memo) (booking.Result, error)
	say func(lang booking.Lang, now time.Time, r booking.Result) string
}

// do does it. The answer to the message is kept in one stroke with the booking;
// where that is only on its way, the guest hears so. Done, nothing is under way
// any more.
func (t *talk) do(d deed) *booking.Refusal {
	var memo []byte
	result, err := d.act(t.ctx, func(r booking.Result) booking.Memo {
		memo = twiml(append(t.parts[:len(t.parts):len(t.parts)], d.say(t.s.Lang, t.now, r))...)
		return booking.Memo{Key: t.key, Answer: memo}
	})
	if err != nil {
		return refusalOf(err)
	}
	t.acted = true
	if result.Kept {
		t.memo = memo
	}
	t.say(d.say(t.s.Lang, t.now, result))
	t.s.settle()
	t.s.Recent = ""
	if isOpen(result.Booking) && result.Booking.Phone == t.phone {
		t.s.Recent = result.Booking.Code
	}
	return nil
}
