package whatsapp

import (
	"context"
	"time"

	"maitre/booking"
	"maitre/webhook"
)

// deed is something that changes a booking, and how the guest is told of it.
type deed struct {
	// act passes remember on to the desk.
	act func(ctx context.Context, remember func(booking.Result) booking.Memo) (booking.Result, error)
	say func(lang booking.Lang, now time.Time, r booking.Result) string
}

// do does it. The answer to the message is kept in one stroke with the booking.
// Done, nothing is under way any more.
func (t *talk) do(d deed) *booking.Refusal {
	stored := webhook.NewStoredAnswer(t.key, func(r booking.Result) []byte {
		return twiml(append(t.parts[:len(t.parts):len(t.parts)], d.say(t.s.Lang, t.now, r))...)
	})
	result, err := d.act(t.ctx, stored.Remember)
	if err != nil {
		return refusalOf(err)
	}
	t.acted = true
	if said, kept := stored.To(result); kept {
		t.memo = said
	}
	t.say(d.say(t.s.Lang, t.now, result))
	t.s.settle()
	t.s.Recent = ""
	if isOpen(result.Booking) && result.Booking.Phone == t.phone {
		t.s.Recent = result.Booking.Code
	}
	return nil
}
