package retry_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"maitre/booking"
	"maitre/retry"
	"maitre/store"
)

// What each kind of error does to an entry at its first attempt. The jitter is the
// highest, so that an entry is due at its ceiling.
func TestWhatEachKindOfErrorMeans(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		err  booking.RecordError

		tried, failures, counted int
		due                      time.Duration // from now; of what is parked, nothing
		parked                   booking.ParkCause
		text, fix                string
	}{
		{"unreachable", booking.RecordError{Kind: booking.Unreachable, Text: "no connection"}, 1, 1, 0, 2 * time.Second, "", "", ""},
		{"rate limited", booking.RecordError{Kind: booking.RateLimited, Text: "too many", RetryAfter: 30 * time.Second}, 1, 1, 0, 30 * time.Second, "", "", ""},
		{"rate limited, nobody said how long", booking.RecordError{Kind: booking.RateLimited, Text: "too many"}, 1, 1, 0, 2 * time.Second, "", "", ""},
		{"unreachable, and it said how long", booking.RecordError{Kind: booking.Unreachable, Text: "503", RetryAfter: time.Second}, 1, 1, 0, 2 * time.Second, "", "", ""},
		{"unknown outcome", booking.RecordError{Kind: booking.UnknownOutcome, Text: "no answer"}, 1, 1, 1, 2 * time.Second, "", "", ""},
		{"interrupted", booking.RecordError{Kind: booking.Interrupted, Text: "stopped"}, 0, 0, 0, 0, "", "", ""},
		{"access", booking.RecordError{Kind: booking.Permanent, Cause: booking.ParkedAccess, Text: "the token is not valid", Fix: "make a new token"},
			1, 1, 0, 0, booking.ParkedAccess, "the token is not valid", "make a new token"},
		{"base", booking.RecordError{Kind: booking.Permanent, Cause: booking.ParkedBase, Text: "unknown field", Fix: "name it again"},
			1, 1, 0, 0, booking.ParkedBase, "unknown field", "name it again"},
		{"quota", booking.RecordError{Kind: booking.Permanent, Cause: booking.ParkedQuota, Text: "the month's calls are used up", Fix: "buy more"},
			1, 1, 0, 0, booking.ParkedQuota, "the month's calls are used up", "buy more"},
		{"record", booking.RecordError{Kind: booking.Permanent, Cause: booking.ParkedRecord, Text: "two rows carry it", Fix: "delete one"},
			1, 1, 0, 0, booking.ParkedRecord, "two rows carry it", "delete one"},
	} {
		t.Run(c.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				s := open(t)
				s.record.always(&c.err)
				b := s.draft("I1")
				id := s.accept(b, nil)
				if got := s.await(b.ID, time.Second); got != booking.Pending {
					t.Errorf("state %d", got)
				}
				e := s.entry(id)
				if e.Tried != c.tried || e.Failures != c.failures || e.Counted != c.counted || len(e.Attempts) != c.tried {
					t.Errorf("tried %d, failures %d, counted %d, %d attempts kept", e.Tried, e.Failures, e.Counted, len(e.Attempts))
				}
				if c.tried > 0 && (e.Attempts[0].Kind != string(c.err.Kind) || e.Attempts[0].Text != c.err.Text || !e.Attempts[0].At.Equal(time.Now())) {
					t.Errorf("attempt %+v", e.Attempts[0])
				}
				if c.parked == "" {
					if due := time.Until(e.Next); e.State != booking.EntryPending || due != c.due {
						t.Errorf("%s, due in %s, want %s", e.State, due, c.due)
					}
					return
				}
				if e.State != booking.EntryParked || e.Parked.Cause != c.parked || e.Parked.Text != c.text || e.Parked.Fix != c.fix || !e.Parked.At.Equal(time.Now()) {
					t.Errorf("%s: %+v", e.State, e.Parked)
				}
			})
		})
	}
}

// attempts returns when an entry was attempted, from its first attempt on.
func (r *fakeRecord) attempts(id func() string) func() []time.Duration {
	var (
		began time.Time
		all   []time.Duration
	)
	r.setBefore(func(_ context.Context, entries []booking.JournalEntry) {
		for _, e := range entries {
			if e.Booking.ID != id() {
				continue
			}
			if began.IsZero() {
				began = time.Now()
			}
			all = append(all, time.Since(began))
		}
	})
	return func() []time.Duration { return all }
}

// A record that answers and never takes this booking for certain: five attempts
// that count, each at the first tick after its time, then a person.
func TestAfterItsAttemptsAnEntryWaitsForAPerson(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, neverOpens, func(c *retry.Config, _ *store.Options) { c.MaxAttempts = 5; c.Tick = time.Second })
		poisoned := s.draft("I1")
		s.record.always(hung)
		when := s.record.attempts(func() string { return poisoned.ID })
		s.run()
		id := s.accept(poisoned, nil)
		time.Sleep(time.Hour)
		synctest.Wait()
		if got := fmt.Sprint(when()); got != "[0s 2s 6s 14s 30s]" {
			t.Errorf("attempted at %s", got)
		}
		e := s.entry(id)
		if e.State != booking.EntryParked || e.Parked.Cause != booking.ParkedLimit || e.Tried != 5 || len(e.Attempts) != 5 ||
			e.Parked.Text != "5 attempts failed; the last: "+hung.Text {
			t.Errorf("%s after %d: %+v", e.State, e.Tried, e.Parked)
		}
		if len(s.entries()) != 1 {
			t.Error("it is gone")
		}
	})
}

// neverOpens gives a fixture a breaker that stays closed.
func neverOpens(c *retry.Config, _ *store.Options) {
	c.Breaker = retry.NewBreaker("Airtable", retry.BreakerOptions{After: 1 << 30})
}

// Attempts that do not count never park an entry.
func TestWhatDoesNotCountNeverParks(t *testing.T) {
	t.Parallel()
	for _, failed := range []*booking.RecordError{unreachable, {Kind: booking.RateLimited, Text: "too many", RetryAfter: 30 * time.Second}} {
		t.Run(string(failed.Kind), func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				s := open(t, neverOpens, func(c *retry.Config, _ *store.Options) { c.Tick = time.Minute }) // for it takes three days
				s.record.always(failed)
				id := s.accept(s.draft("I1"), nil)
				s.run()
				time.Sleep(72 * time.Hour)
				if e := s.entry(id); e.State != booking.EntryPending || e.Counted != 0 || e.Tried < 72 || e.Tried > 90 || len(e.Attempts) != booking.MaxAttemptsKept {
					t.Errorf("%s, tried %d, counted %d, %d kept", e.State, e.Tried, e.Counted, len(e.Attempts))
				}
			})
		})
	}
}

// Airtable is down for three days, and guests go on booking.
func TestAnOutageOfThreeDaysParksNothing(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t)
		s.run()
		s.record.down(unreachable)
		var ids []string
		for range 72 {
			b := s.draft() // without a table, so that all fit
			b.Date, b.Start, b.End = b.Date.AddDays(30), b.Start.AddDate(0, 0, 30), b.End.AddDate(0, 0, 30)
			b.Status = booking.Cancelled // which needs no table; tables are another test's
			ids = append(ids, b.ID)
			if got := s.submit(b, nil); got != booking.Pending {
				t.Fatalf("state %d in an outage", got)
			}
			time.Sleep(time.Hour)
		}
		depth, err := s.journal.Depth(t.Context())
		if err != nil || depth.Pending != 72 || depth.Parked != 0 || len(s.messages()) != 0 {
			t.Fatalf("%+v, messages %d, %v", depth, len(s.messages()), err)
		}
		s.record.down(nil)
		fixed := time.Now()
		for len(s.entries()) > 0 && time.Since(fixed) < 3*time.Hour {
			time.Sleep(time.Minute)
		}
		// The longest pause of the breaker and of an entry is an hour each.
		if took := time.Since(fixed); len(s.entries()) > 0 || took > 2*time.Hour+time.Minute {
			t.Errorf("%d left after %s", len(s.entries()), took)
		}
		for _, id := range ids {
			if _, ok := s.record.row(id); !ok {
				t.Errorf("%s is not in the record", id)
			}
		}
		if n := len(strings.Fields(s.record.history())); n != 72 || len(s.messages()) != 72 {
			t.Errorf("%d writes and %d messages for 72 bookings", n, len(s.messages()))
		}
	})
}

func TestAStopCutsAttemptsOffWithoutCountingThem(t *testing.T) {
	bubble(t, func(t *testing.T) {
		path, r := t.TempDir()+"/maitre.db", newFakeRecord()
		s := openOn(t, path, r)
		s.record.gate() // nobody opens it
		stop := s.run()
		b := s.draft("I1")
		id := s.accept(b, nil)
		synctest.Wait()
		began := time.Now()
		stop()
		if took := time.Since(began); took != 5*time.Second || s.Alive() {
			t.Errorf("stopped after %s; alive: %t", took, s.Alive())
		}
		if e := s.entry(id); e.Tried != 0 || e.State != booking.EntryPending || len(e.Attempts) != 0 {
			t.Errorf("%s, tried %d: %v", e.State, e.Tried, e.Attempts)
		}
		if got := s.await(b.ID, time.Second); got != booking.Pending {
			t.Errorf("state %d", got)
		}
		// A later guest is answered at once, and no attempt begins.
		late := s.draft("I2")
		s.submit(late, nil)
		if err := s.file.Close(); err != nil {
			t.Fatal(err)
		}

		r.setBefore(nil)
		again := openOn(t, path, r)
		stop = again.run()
		synctest.Wait()
		stop()
		if len(again.entries()) != 0 || len(r.rows) != 2 || len(again.messages()) != 2 {
			t.Errorf("after the restart: %v, rows %d, messages %q", again.entries(), len(r.rows), again.messages())
		}
	})
}

// What is attempted again gets no more time than a first attempt does.
func TestAStopCutsReplaysOffToo(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t)
		s.record.setBefore(func(ctx context.Context, _ []booking.JournalEntry) { _ = sleep(ctx, time.Minute) })
		id := s.keep(s.draft("I1"))
		stop := s.run()
		synctest.Wait()
		began := time.Now()
		stop()
		if took := time.Since(began); took != 5*time.Second {
			t.Errorf("stopped after %s, want 5s", took)
		}
		if e := s.entry(id); e.Tried != 0 || e.State != booking.EntryPending {
			t.Errorf("%s, tried %d", e.State, e.Tried)
		}
	})
}

func TestAStopLetsAttemptsUnderWayEnd(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t)
		s.record.setBefore(func(context.Context, []booking.JournalEntry) { time.Sleep(3 * time.Second) })
		stop := s.run()
		s.accept(s.draft("I1"), nil)
		synctest.Wait()
		began := time.Now()
		stop()
		if took := time.Since(began); took != 3*time.Second || len(s.entries()) != 0 {
			t.Errorf("stopped after %s with %v", took, s.entries())
		}
	})
}

// A stop in the middle of a read or a probe counts as no failure.
func TestAStopCutsQuestionsOff(t *testing.T) {
	bubble(t, func(t *testing.T) {
		asked := func(ctx context.Context) *booking.RecordError {
			<-ctx.Done()
			return &booking.RecordError{Kind: booking.Unreachable, Text: ctx.Err().Error()}
		}
		s := open(t, func(c *retry.Config, _ *store.Options) {
			c.Breaker = retry.NewBreaker("Airtable", retry.BreakerOptions{After: 1, Jitter: highest})
		})
		s.record.probe = asked
		s.record.refresh = func(ctx context.Context) *booking.RecordError {
			<-ctx.Done()
			// Whatever the request makes of its end.
			return &booking.RecordError{Kind: booking.Permanent, Cause: booking.ParkedRecord, Text: ctx.Err().Error()}
		}
		id := s.keep(s.draft("I1"))
		stop := s.run()
		synctest.Wait()
		began := time.Now()
		stop()
		if e := s.entry(id); e.Tried != 0 || e.State != booking.EntryPending || s.breaker.State() != retry.Closed || time.Since(began) != 0 {
			t.Errorf("reading: %s, tried %d, breaker %s, after %s", e.State, e.Tried, s.breaker.State(), time.Since(began))
		}

		failing(t, s.breaker, 1)
		pause := time.Until(s.breaker.OpenUntil())
		time.Sleep(pause)
		again := retry.New(s.config)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); again.Run(ctx) }()
		synctest.Wait()
		cancel()
		<-done
		if _, _, probes := s.record.counted(); probes != 1 || !s.breaker.OpenUntil().IsZero() {
			t.Errorf("probing: %d probes, and the breaker says %s", probes, s.breaker.State())
		}
	})
}

// A request is reported to the breaker as a whole: one answer counts as success.
func TestOneAnswerCountsAsSuccess(t *testing.T) {
	bubble(t, func(t *testing.T) {
		for _, c := range []struct {
			answers int // of ten entries in each request
			want    retry.State
		}{{0, retry.Open}, {1, retry.Closed}} {
			s := open(t)
			failing(t, s.breaker, 2)
			var ids []string
			for range 10 {
				ids = append(ids, s.keep(s.draft("I1")))
			}
			s.record.answers(func(e booking.JournalEntry) *booking.RecordError {
				if slices.Contains(ids[:c.answers], e.ID) {
					return &booking.RecordError{Kind: booking.Permanent, Cause: booking.ParkedRecord, Text: "no"}
				}
				return unreachable
			})
			stop := s.run()
			synctest.Wait()
			if got := s.breaker.State(); got != c.want {
				t.Errorf("%d answers: %s, want %s", c.answers, got, c.want)
			}
			stop()
		}
	})
}

// keep puts a booking into the journal behind the worker's back, as an earlier
// run of the program did, and returns its entry's ID.
func (s *fixture) keep(b booking.Booking) string {
	s.t.Helper()
	e, err := s.journal.Accept(context.Background(), booking.Entry{Booking: b}, time.Now())
	if err != nil {
		s.t.Fatal(err)
	}
	return e.ID
}
