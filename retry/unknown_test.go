package retry_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"maitre/booking"
	"maitre/retry"
)

// What may have been sent is looked for, and not sent again if it is found.
func TestUnknownThatArrivedIsNotSentAgain(t *testing.T) {
	withSender(t, retry.SenderOptions{Template: templates}, func(o *senderFixture) {
		o.carrier.answer = func(context.Context, int, booking.OutgoingMessage) (bool, error) {
			return true, carryErr(booking.CarryUnknown, 0)
		}
		o.put(guestMessage())
		if m := o.want(booking.MessageSent, 0); m.SID != "SM1" || o.carrier.searched() != 1 {
			t.Errorf("%+v after %d searches", m, o.carrier.searched())
		}
		o.pass(time.Hour)
		o.wantSent("template@0s")
		o.receipt("SM1", "delivered", 0)
		o.want(booking.MessageDelivered, 0)
	})
}

// The list may show a message late, and our clock may be set meanwhile: only the
// carrier's own time counts.
func TestUnknownIsSettledByTheCarriersClock(t *testing.T) {
	for name, set := range map[string]time.Duration{
		"not set": 0, "back three minutes": -3 * time.Minute, "ahead three minutes": 3 * time.Minute, "ahead a week": 7 * 24 * time.Hour,
	} {
		for _, taken := range []bool{true, false} {
			t.Run(fmt.Sprint(name, ", taken: ", taken), func(t *testing.T) {
				var ahead atomic.Int64
				options := retry.SenderOptions{Template: templates, Now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }}
				withSender(t, options, func(o *senderFixture) {
					o.carrier.lag = 110 * time.Second
					o.carrier.answer = func(_ context.Context, n int, _ booking.OutgoingMessage) (bool, error) {
						return taken || n > 0, map[bool]error{true: carryErr(booking.CarryUnknown, 0)}[n == 0]
					}
					o.put(guestMessage())
					o.want(booking.MessageUnknown, 0)
					o.pass(10 * time.Second)
					ahead.Store(int64(set))
					o.pass(20 * time.Minute)
					want := map[bool]int{true: 1, false: 2}[taken]
					if n := len(o.carrier.sent()); n != want {
						t.Errorf("%d messages, want %d", n, want)
					}
					o.want(booking.MessageSent, 0)
				})
			})
		}
	}
}

func TestUnknownThatIsAbsentIsSentAgain(t *testing.T) {
	withSender(t, retry.SenderOptions{Template: templates}, func(o *senderFixture) {
		o.carrier.answer = func(_ context.Context, n int, _ booking.OutgoingMessage) (bool, error) {
			if n == 0 {
				return false, errors.New("what no carrier should say")
			}
			return true, nil
		}
		o.put(guestMessage())
		o.pass(time.Hour)
		o.wantSent("template@0s", "template@2m0s")
		if m := o.want(booking.MessageSent, 0); m.Doubts != 1 || m.Tries != 2 {
			t.Errorf("%+v", m)
		}
	})
}

// While it cannot be found out whether a message arrived, it is not sent again.
func TestUnknownIsNotSentWhileNobodyKnows(t *testing.T) {
	withSender(t, retry.SenderOptions{Template: templates, Breaker: retry.NewBreaker("Twilio", retry.BreakerOptions{After: 1 << 30})}, func(o *senderFixture) {
		var blind atomic.Bool
		blind.Store(true)
		o.carrier.findErr = func() error {
			if blind.Load() {
				return carryErr(booking.CarryLater, 0)
			}
			return nil
		}
		o.carrier.answer = func(_ context.Context, n int, _ booking.OutgoingMessage) (bool, error) {
			return n > 0, map[bool]error{true: carryErr(booking.CarryUnknown, 0)}[n == 0]
		}
		o.put(guestMessage())
		o.pass(24 * time.Hour)
		o.wantSent("template@0s")
		if m := o.want(booking.MessageUnknown, 0); m.Failures < 10 || o.carrier.searched() > 40 {
			t.Errorf("%d failures, %d searches", m.Failures, o.carrier.searched())
		}
		blind.Store(false)
		o.pass(time.Hour)
		if n := len(o.carrier.sent()); n != 2 {
			t.Errorf("%d messages", n)
		}
		o.want(booking.MessageSent, 0)
	})
}

func TestUnknownForDaysIsAPersonsCase(t *testing.T) {
	withSender(t, retry.SenderOptions{Template: templates, Breaker: retry.NewBreaker("Twilio", retry.BreakerOptions{After: 1 << 30})}, func(o *senderFixture) {
		o.carrier.findErr = func() error { return carryErr(booking.CarryLater, 0) }
		o.carrier.answer = func(context.Context, int, booking.OutgoingMessage) (bool, error) {
			return true, carryErr(booking.CarryUnknown, 0)
		}
		o.put(guestMessage())
		o.pass(74 * time.Hour)
		o.wantSent("template@0s")
		o.want(booking.MessageFailed, 0)
	})
}

func TestTooManyDoubtsAreGivenUp(t *testing.T) {
	withSender(t, retry.SenderOptions{Template: templates}, func(o *senderFixture) {
		o.carrier.answer = func(context.Context, int, booking.OutgoingMessage) (bool, error) {
			return false, carryErr(booking.CarryUnknown, 0)
		}
		o.put(guestMessage())
		o.pass(24 * time.Hour)
		if n := len(o.carrier.sent()); n != 3 {
			t.Errorf("%d messages, want 3", n)
		}
		o.want(booking.MessageFailed, 0)
	})
}

// What is found must not be another message that says the same.
func TestTwoMessagesThatSayTheSame(t *testing.T) {
	withSender(t, retry.SenderOptions{Template: templates}, func(o *senderFixture) {
		o.carrier.answer = func(_ context.Context, n int, _ booking.OutgoingMessage) (bool, error) {
			return n != 1, map[bool]error{true: carryErr(booking.CarryUnknown, 0)}[n == 1]
		}
		o.put(guestMessage(), guestMessage()) // the first arrives, the second gets lost
		o.pass(time.Hour)
		o.wantSent("template@0s", "template@0s", "template@2m0s")
		counts, err := o.box.Counts(o.t.Context())
		if err != nil || counts[booking.MessageSent] != 2 {
			t.Error(counts, err)
		}
	})
}
