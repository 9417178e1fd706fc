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
	"maitre/store"
)

// An entry that failed under a clock that was ahead is attempted at the next
// start, and not when that clock's time has come again.
func TestAClockThatIsSetBackDelaysNothing(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t)
		s.record.always(&booking.RecordError{Kind: booking.Interrupted})
		waits := s.accept(s.draft("I1"), nil)
		soon := s.accept(s.draft("I2"), nil)
		synctest.Wait()
		ahead, now := time.Now().Add(30*time.Minute), time.Now()
		for id, at := range map[string]time.Time{waits: ahead, soon: now} {
			e := s.entry(id)
			if _, err := s.journal.Failed(t.Context(), id, e.Rev, booking.Attempt{At: at, Kind: "unreachable"}, at.Add(time.Minute), false); err != nil {
				t.Fatal(err)
			}
		}
		s.record.always(nil)
		stop := s.run()
		synctest.Wait()
		left := s.entries()
		if len(left) != 1 || left[0].ID != soon {
			t.Errorf("left after the start: %+v", left)
		}
		stop()
	})
}

// settableClock is a clock that can be set; the time that passes is the bubble's.
type settableClock struct{ ahead atomic.Int64 }

func (w *settableClock) Now() time.Time {
	return time.Now().Add(time.Duration(w.ahead.Load())).Round(0)
}

// set sets the clock ahead or back.
func (w *settableClock) set(ahead time.Duration) { w.ahead.Store(int64(ahead)) }

// withClock gives a fixture a clock, and a breaker that never opens.
func withClock(w *settableClock) fixtureOption {
	return func(c *retry.Config, o *store.Options) {
		c.Clock, o.Now = w, w.Now
		c.Breaker = retry.NewBreaker("Airtable", retry.BreakerOptions{After: 1000})
	}
}

// However the clock is set while the worker runs, nothing waits longer for it
// than for the next look.
func TestAClockThatIsSetWhileTheWorkerRunsDelaysNothing(t *testing.T) {
	for name, c := range map[string]struct{ then, now time.Duration }{
		"set back by a day":            {0, -24 * time.Hour},
		"a day ahead, then set right":  {24 * time.Hour, 0},
		"ten minutes ahead, and right": {10 * time.Minute, 0},
		"set ahead":                    {0, 24 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				clock := &settableClock{}
				clock.set(c.then)
				s := open(t, withClock(clock))
				stop := s.run()
				s.record.always(unreachable)
				s.accept(s.draft("I1"), nil)
				time.Sleep(10 * time.Minute) // it has failed often, and waits for long by now
				s.record.always(nil)
				clock.set(c.now)
				time.Sleep(5 * time.Second) // a tick
				synctest.Wait()
				left := s.entries()
				if c.now < c.then && len(left) > 0 {
					t.Errorf("waits for %v though the clock was set back", left[0].Next.Sub(clock.Now()))
				}
				time.Sleep(booking.LongestPause)
				synctest.Wait()
				if left := s.entries(); len(left) > 0 {
					t.Errorf("still waits for %v", left[0].Next.Sub(clock.Now()))
				}
				stop()
			})
		})
	}
}

// An entry is never put off for longer than the longest pause.
func TestAnEntryThatIsPutOffForTooLongIsDue(t *testing.T) {
	t.Parallel()
	if retry.BackoffCap > booking.LongestPause {
		t.Error("a pause may be longer than the longest")
	}
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for ahead, due := range map[time.Duration]bool{
		-time.Hour: true, 0: true, time.Nanosecond: false, time.Minute: false, booking.LongestPause: false,
		booking.LongestPause + time.Nanosecond: true, 24 * time.Hour: true, 1000 * time.Hour: true,
	} {
		if got := (booking.JournalEntry{Next: now.Add(ahead)}).DueAt(now); got != due {
			t.Errorf("due in %v: attempted now %t, want %t", ahead, got, due)
		}
	}
}

// What the record says of when to come again does not put an entry off for long.
func TestARecordThatSaysTomorrowIsAskedWithinTheHour(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, withClock(&settableClock{}))
		stop := s.run()
		s.record.always(&booking.RecordError{Kind: booking.RateLimited, RetryAfter: 24 * time.Hour})
		id := s.accept(s.draft("I1"), nil)
		synctest.Wait()
		if wait := time.Until(s.entry(id).Next); wait > booking.LongestPause {
			t.Errorf("put off for %v", wait)
		}
		stop()
	})
}

// What was parked as past by a clock that was ahead goes on when that is set right.
func TestWhatWasTakenForPastGoesOnWhenTheClockIsSetRight(t *testing.T) {
	bubble(t, func(t *testing.T) {
		clock := &settableClock{}
		s := open(t, withClock(clock))
		s.record.always(&booking.RecordError{Kind: booking.Interrupted})
		early, late := s.accept(s.draft("I1"), nil), s.accept(s.draft("I2"), nil)
		synctest.Wait()
		clock.set(50 * 24 * time.Hour)
		for _, id := range []string{early, late} {
			cause := map[string]booking.ParkCause{early: booking.ParkedPast, late: booking.ParkedConflict}[id]
			if parked, err := s.journal.Park(t.Context(), id, s.entry(id).Rev, booking.Parked{At: clock.Now(), Cause: cause}, nil); err != nil || !parked {
				t.Fatal(parked, err)
			}
		}
		s.record.always(nil)
		stop := s.run()
		synctest.Wait()
		if left := s.entries(); len(left) != 2 {
			t.Errorf("left while the clock is ahead: %+v", left)
		}
		clock.set(0)
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if left := s.entries(); len(left) != 1 || left[0].ID != late || left[0].State != booking.EntryParked {
			t.Errorf("left when it is right, want the conflict: %+v", left)
		}
		stop()
	})
}

// Messages that a clock that was ahead put off are sent, and those that it took for
// expired are due again, once.
func TestAClockThatIsSetWhileTheSenderRunsDelaysNothing(t *testing.T) {
	clock := &settableClock{}
	withSender(t, retry.SenderOptions{Now: clock.Now}, func(o *senderFixture) {
		clock.set(24 * time.Hour)
		o.pass(5 * time.Second)
		o.carrier.answer = func(context.Context, int, booking.OutgoingMessage) (bool, error) {
			return false, carryErr(booking.CarryLater, 0)
		}
		o.received(ana)
		o.put(guestMessage())
		if was := o.only(); was.State != booking.MessageWaiting || !was.Next.After(time.Now().Add(23*time.Hour)) {
			t.Fatalf("put off: %+v", was)
		}
		o.carrier.answer = nil
		clock.set(0)
		o.pass(5 * time.Second)
		o.want(booking.MessageSent, 0)
	})
}

func TestAMessageExpiredByAClockAheadIsDueAgain(t *testing.T) {
	clock := &settableClock{}
	withSender(t, retry.SenderOptions{Now: clock.Now}, func(o *senderFixture) {
		clock.set(24 * time.Hour)
		o.pass(5 * time.Second)
		m := guestMessage()
		m.Expires = time.Now().Add(2 * time.Hour)
		o.received(ana)
		o.put(m)
		o.want(booking.MessageExpired, 0)
		clock.set(0)
		o.pass(5 * time.Second)
		o.want(booking.MessageSent, 0)
		if n := len(o.carrier.sent()); n != 1 {
			t.Errorf("it left %d times", n)
		}
	})
}

// A message of which the outcome is unknown is looked for, and not for ever put
// off, when the clock is set back after it was tried.
func TestADoubtIsResolvedAfterTheClockWasSetBack(t *testing.T) {
	clock := &settableClock{}
	withSender(t, retry.SenderOptions{Now: clock.Now}, func(o *senderFixture) {
		o.carrier.lag = 110 * time.Second // else its list would show it at once
		o.carrier.answer = func(context.Context, int, booking.OutgoingMessage) (bool, error) {
			return true, carryErr(booking.CarryUnknown, 0)
		}
		o.received(ana)
		o.put(guestMessage())
		o.want(booking.MessageUnknown, 0)
		o.carrier.answer = nil
		clock.set(-24 * time.Hour)
		o.pass(10 * time.Minute)
		o.want(booking.MessageSent, 0)
		if n := len(o.carrier.sent()); n != 1 {
			t.Errorf("it left %d times", n)
		}
	})
}

// After an outage was reported under a clock that was ahead, the next one is
// reported under a clock that is right.
func TestTheStaffAreAlertedAfterTheClockWasSetBack(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for ago, may := range map[time.Duration]bool{time.Minute: false, time.Hour: true, -24 * time.Hour: true} {
		if got := retry.MayAlert(slices.Repeat([]time.Time{now.Add(-ago)}, retry.MaxPerHour), now); got != may {
			t.Errorf("%d messages %v ago: another may be sent %t, want %t", retry.MaxPerHour, ago, got, may)
		}
	}
	bubble(t, func(t *testing.T) {
		clock := &settableClock{}
		clock.set(24 * time.Hour)
		s := open(t, withClock(clock))
		a := retry.NewAlarm(retry.AlarmConfig{Journal: s.journal, Outbox: s.outbox, Notebook: s.mirror, Words: testAlarmWords{}, Staff: []booking.Phone{chef}, Clock: clock})
		s.record.always(unreachable)
		for range 2 * retry.MaxPerHour {
			id := s.accept(s.draft(), nil)
			synctest.Wait()
			a.Waits(t.Context(), s.entry(id), unreachable)
			if _, err := s.Settle(t.Context(), id, "seen to"); err != nil {
				t.Fatal(err)
			}
			a.Look(t.Context())
			time.Sleep(20 * time.Minute)
			a.Look(t.Context())
		}
		before := len(s.alerts(chef))
		clock.set(0)
		id := s.accept(s.draft(), nil)
		synctest.Wait()
		a.Waits(t.Context(), s.entry(id), unreachable)
		if after := len(s.alerts(chef)); before == 0 || after != before+1 {
			t.Errorf("%d alerts before the clock was set back, %d after the next outage", before, after)
		}
	})
}
