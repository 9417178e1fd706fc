package retry_test

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"maitre/booking"
	"maitre/retry"
)

func TestFirstAttemptAtOnceWhenWoken(t *testing.T) {
	withSender(t, retry.SenderOptions{Template: templates}, func(o *senderFixture) {
		o.pass(time.Second)
		o.put(guestMessage())
		o.wantSent("template@1s")
		o.want(booking.MessageSent, 0)
		if l := o.carrier.sent()[0]; l.Template != "HXbooked" || !slices.Equal(l.Vars, []string{"Ana"}) || l.Text != "" || l.To != ana || l.Message != o.only().ID {
			t.Errorf("%+v", l)
		}
	})
}

func TestTickFindsNewMessages(t *testing.T) {
	withSender(t, retry.SenderOptions{Template: templates}, func(o *senderFixture) {
		o.pass(time.Second)
		if _, err := o.box.Put(o.t.Context(), guestMessage()); err != nil {
			t.Fatal(err)
		}
		o.pass(4*time.Second - 1)
		o.wantSent()
		o.pass(1)
		o.wantSent("template@5s")
	})
}

func TestNothingLeavesBeforeItsTime(t *testing.T) {
	withSender(t, retry.SenderOptions{Template: templates}, func(o *senderFixture) {
		m := guestMessage()
		m.NotBefore = time.Now().Add(time.Hour)
		o.put(m)
		o.pass(time.Hour - 1)
		o.wantSent()
		o.pass(1)
		o.wantSent("template@1h0m0s")
	})
}

func TestExpiredIsDroppedAndSeen(t *testing.T) {
	withSender(t, retry.SenderOptions{Template: templates}, func(o *senderFixture) {
		m := guestMessage()
		m.NotBefore, m.Expires = time.Now().Add(time.Hour), time.Now().Add(time.Hour)
		o.put(m)
		o.pass(time.Hour)
		o.wantSent()
		o.want(booking.MessageExpired, 0)
	})
}

// quietHours are from midnight to nine; the bubble's time begins at midnight.
func quietHours(now time.Time) (time.Time, bool) {
	until := now.Truncate(24 * time.Hour).Add(9 * time.Hour)
	return until, now.Before(until)
}

func TestQuietHours(t *testing.T) {
	withSender(t, retry.SenderOptions{Template: templates, Quiet: quietHours}, func(o *senderFixture) {
		urgent, late := to(eva), to("+34633333333")
		urgent.Urgent = true
		late.Expires = time.Now().Add(8 * time.Hour)
		o.put(guestMessage(), urgent, late)
		o.wantSent("template@0s")
		o.pass(9*time.Hour - 1)
		o.wantSent("template@0s")
		counts, err := o.box.Counts(o.t.Context())
		if err != nil || counts[booking.MessageExpired] != 1 {
			t.Error(counts, err)
		}
		o.pass(1)
		o.wantSent("template@0s", "template@9h0m0s")
	})
}

func TestOptedOutGetsNothingStaffDoes(t *testing.T) {
	withSender(t, retry.SenderOptions{Template: templates, Staff: []booking.Phone{staff}}, func(o *senderFixture) {
		o.ok(o.box.OptOut(o.t.Context(), ana, true))
		o.ok(o.box.OptOut(o.t.Context(), staff, true))
		o.put(guestMessage(), to(staff))
		o.wantSent("template@0s")
		withheld, err := o.box.List(o.t.Context(), booking.MessageWithheld, 2)
		if err != nil || len(withheld) != 1 || withheld[0].To != ana || withheld[0].Reason == "" {
			t.Errorf("%+v, %v", withheld, err)
		}
		o.ok(o.box.OptOut(o.t.Context(), ana, false))
		o.put(guestMessage())
		o.wantSent("template@0s", "template@0s")
	})
}

// What was surely not sent is sent again after a growing pause, or after the one
// that the carrier asks for.
func TestDelayedMessagesAreSentAgain(t *testing.T) {
	withSender(t, retry.SenderOptions{Template: templates, Tick: time.Second}, func(o *senderFixture) {
		o.carrier.answer = func(_ context.Context, n int, _ booking.OutgoingMessage) (bool, error) {
			switch n {
			case 0, 1:
				return false, carryErr(booking.CarryLater, 20429)
			case 2:
				return false, &booking.CarryError{Kind: booking.CarryLater, RetryAfter: time.Minute}
			case 3:
				return false, carryErr(booking.CarryUnauthorized, 20003)
			}
			return true, nil
		}
		o.put(guestMessage())
		if m := o.want(booking.MessageWaiting, 20429); m.Failures != 1 || m.Reason != "on command" {
			t.Errorf("%+v", m)
		}
		o.pass(5 * time.Minute)
		o.wantSent("template@0s", "template@2s", "template@6s", "template@1m6s", "template@1m22s")
		o.want(booking.MessageSent, 0)
	})
}

func TestRefusedIsGivenUpAndSeen(t *testing.T) {
	withSender(t, retry.SenderOptions{Template: templates, SMS: true}, func(o *senderFixture) {
		o.carrier.answer = func(context.Context, int, booking.OutgoingMessage) (bool, error) {
			return false, carryErr(booking.CarryRefused, 21211)
		}
		o.put(guestMessage())
		o.pass(24 * time.Hour)
		o.wantSent("template@0s")
		o.want(booking.MessageFailed, 21211)
	})
}

func TestStopAtTheCarrierIsWithheld(t *testing.T) {
	withSender(t, retry.SenderOptions{Template: templates, SMS: true}, func(o *senderFixture) {
		o.carrier.answer = func(context.Context, int, booking.OutgoingMessage) (bool, error) {
			return false, carryErr(booking.CarryRefused, 21610)
		}
		o.put(guestMessage())
		o.pass(time.Hour)
		o.wantSent("template@0s")
		o.want(booking.MessageWithheld, 21610)
	})
}

// An outage costs a few requests and then a probe now and then, not a queue of
// timeouts; afterwards everything goes.
func TestOutageCostsProbesOnly(t *testing.T) {
	withSender(t, retry.SenderOptions{Template: templates}, func(o *senderFixture) {
		var down atomic.Bool
		down.Store(true)
		o.carrier.answer = func(context.Context, int, booking.OutgoingMessage) (bool, error) {
			if down.Load() {
				return false, carryErr(booking.CarryLater, 0)
			}
			return true, nil
		}
		var all []booking.Message
		for i := range 100 {
			all = append(all, to(booking.Phone("+346000000"+string(rune('0'+i/10))+string(rune('0'+i%10)))))
		}
		o.put(all...)
		if n := len(o.carrier.sent()); n < 5 || n > 8 {
			t.Errorf("%d requests before it was seen to be down", n)
		}
		o.pass(24 * time.Hour)
		if n := len(o.carrier.sent()); n > 50 {
			t.Errorf("%d requests in a day of outage", n)
		}
		down.Store(false)
		o.pass(3 * time.Hour)
		counts, err := o.box.Counts(o.t.Context())
		if err != nil || counts[booking.MessageSent] != 100 {
			t.Error(counts, err)
		}
	})
}

// Messages to several phones go side by side, to one phone one after the other,
// and an urgent one need not wait for the rest.
func TestMessagesAtATime(t *testing.T) {
	withSender(t, retry.SenderOptions{Template: templates, Hands: 3}, func(o *senderFixture) {
		o.carrier.answer = func(ctx context.Context, _ int, _ booking.OutgoingMessage) (bool, error) {
			return true, sleep(ctx, time.Second)
		}
		urgent := to(staff)
		urgent.Urgent = true
		o.put(guestMessage(), guestMessage(), to(eva), guestMessage(), to("+34633333333"), urgent)
		o.wantSent("template@0s", "template@0s", "template@0s")
		if !slices.ContainsFunc(o.carrier.sent(), func(p sentMessage) bool { return p.To == staff }) {
			t.Error("the urgent one waits")
		}
		o.pass(10 * time.Second)
		o.wantSent("template@0s", "template@0s", "template@0s", "template@1s", "template@1s", "template@2s")
	})
}

// Wake never blocks.
func TestWakeNeverBlocks(t *testing.T) {
	withSender(t, retry.SenderOptions{}, func(o *senderFixture) {
		o.stop()
		for range 10 {
			o.wake.Send()
		}
		synctest.Wait()
	})
}
