package retry_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"maitre/booking"
	"maitre/retry"
)

// A carrier that refuses all messages is shown as a problem while it does, with how
// to fix it, without the carrier's own words.
func TestProblem(t *testing.T) {
	withSender(t, retry.SenderOptions{Template: templates}, func(o *senderFixture) {
		wantTrouble := func(words ...string) {
			t.Helper()
			why := o.sender.Problem()
			for _, word := range words {
				if !strings.Contains(why, word) {
					t.Errorf("problem %q, want %q in it", why, word)
				}
			}
			if len(words) == 0 && why != "" || strings.Contains(why, "AC123") {
				t.Errorf("problem %q", why)
			}
		}
		var says atomic.Pointer[error]
		answer := func(err error) { says.Store(&err) }
		o.carrier.answer = func(context.Context, int, booking.OutgoingMessage) (bool, error) {
			err := *says.Load()
			return err == nil, err
		}
		refuse := func() {
			answer(&booking.CarryError{Kind: booking.CarryUnauthorized, Code: 20003, Reason: "no account AC123", Fix: "Copy the token."})
			o.put(guestMessage())
		}
		wantTrouble()
		refuse()
		wantTrouble("nothing can be sent", "Copy the token.")
		// Tried again in the meantime, and still refused.
		o.pass(time.Hour)
		wantTrouble("Copy the token.")
		answer(nil)
		o.pass(2 * time.Hour) // the waiting message goes
		wantTrouble()
		refuse()
		answer(carryErr(booking.CarryRefused, 21211)) // this message alone
		o.pass(2 * time.Hour)
		wantTrouble()
		answer(carryErr(booking.CarryLater, 0))
		for range 10 {
			o.put(guestMessage())
			o.pass(time.Second)
		}
		wantTrouble("does not answer")
	})
}
