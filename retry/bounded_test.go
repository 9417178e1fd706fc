package retry_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"maitre/booking"
	"maitre/retry"
)

// emptyJournal is a journal that keeps nothing.
type emptyJournal struct{ retry.Journal }

func (emptyJournal) Accept(_ context.Context, e booking.Entry, _ time.Time) (booking.JournalEntry, error) {
	return booking.JournalEntry{ID: "E" + e.Booking.ID, Booking: e.Booking, Rev: 1}, nil
}

func (emptyJournal) Waiting(string) (string, bool) { return "", false }

func (emptyJournal) Done(context.Context, string, int, booking.Booking, string, time.Time, ...booking.Message) (bool, error) {
	return false, nil
}

func (emptyJournal) Depth(context.Context) (booking.JournalDepth, error) {
	return booking.JournalDepth{}, nil
}

// Decisions that are not awaited, such as those of the waitlist worker, leave no
// waiters behind, whether they were written or not; a late Await returns the state.
func TestDecisionsThatNobodyAwaitsLeaveNothing(t *testing.T) {
	t.Parallel()
	const decisions = 3 * retry.MaxUnawaited
	for name, answers := range map[string]bool{"written": true, "the record does not answer": false} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				breaker := retry.NewBreaker("Airtable", retry.BreakerOptions{After: 1})
				w := retry.New(retry.Config{Journal: emptyJournal{}, Record: newFakeRecord(), Breaker: breaker, Clock: systemClock{}})
				if !answers {
					if err := breaker.Allow(); err != nil {
						t.Fatal(err)
					}
					breaker.Report(retry.Failure)
				}
				for n := range decisions {
					b := booking.Booking{ID: fmt.Sprint("B", n)}
					if _, err := w.Accept(t.Context(), booking.Entry{Booking: b}); err != nil {
						t.Fatal(err)
					}
					if n%64 == 0 {
						synctest.Wait()
					}
				}
				synctest.Wait()
				if waiters, unawaited := w.Waiters(); waiters > retry.MaxUnawaited || unawaited > retry.MaxUnawaited {
					t.Errorf("%d waiters, %d of them unawaited, want at most %d", waiters, unawaited, retry.MaxUnawaited)
				}
				// One of the first, whose waiter is gone.
				if got := w.Await(t.Context(), "B0"); got != booking.Written {
					t.Errorf("a late Await returns %d, want written", got)
				}
			})
		})
	}
}

// What was awaited is not kept either.
func TestWhatWasAwaitedLeavesNothing(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t)
		for range 50 {
			s.submit(s.draft(), nil)
		}
		s.record.always(unreachable)
		for range 50 {
			s.submit(s.draft(), nil)
		}
		synctest.Wait()
		if waiters, unawaited := s.Waiters(); waiters+unawaited > 0 {
			t.Errorf("%d waiters, %d unawaited are left", waiters, unawaited)
		}
	})
}

// Bookings whose guests were not reached are not remembered for good: when their
// messages are forgotten, they are.
func TestUnreachedGuestsAreForgotten(t *testing.T) {
	withSender(t, retry.SenderOptions{}, func(o *senderFixture) {
		s := &bookingsByID{all: map[string]booking.Booking{}}
		o.carrier.answer = func(_ context.Context, _ int, l booking.OutgoingMessage) (bool, error) {
			if l.To == eva {
				return false, carryErr(booking.CarryRefused, 21610)
			}
			return true, nil
		}
		u, stop := o.startUnreached(s)
		check := func(id string) {
			s.mu.Lock()
			s.all[id] = booking.Booking{ID: id, Name: id, Status: booking.PreBooked, Start: time.Now().Add(24 * time.Hour)}
			s.mu.Unlock()
			o.put(question(id, eva))
			u.OnMessage(booking.OutboxMessage{Message: booking.Message{Kind: booking.MessageConfirm}, State: booking.MessageFailed})
			synctest.Wait()
		}
		for n := range 20 {
			check(fmt.Sprint("I", n))
		}
		later := time.Now().AddDate(1, 0, 0)
		_, err := o.file.Forget(o.t.Context(), booking.NewDate(later.Date()), later)
		o.ok(err)
		check("last")
		stop()
		if n := u.Remembered(); n != 1 {
			t.Errorf("%d bookings are remembered, want the last", n)
		}
	})
}
