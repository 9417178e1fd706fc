package retry_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"maitre/booking"
	"maitre/retry"
	"maitre/store"
)

// keepMany puts n cancelled bookings, which need no table, into the journal, a
// millisecond apart.
func (s *fixture) keepMany(n int) (bookings []string) {
	s.t.Helper()
	all := make([]booking.Booking, n)
	for i := range all {
		all[i] = s.draft()
		all[i].Status = booking.Cancelled
		bookings = append(bookings, all[i].ID)
		time.Sleep(time.Millisecond)
	}
	// At once, so that they share commits.
	var kept sync.WaitGroup
	for _, b := range all {
		kept.Go(func() {
			if _, err := s.journal.Accept(context.Background(), booking.Entry{Booking: b}, b.Created); err != nil {
				s.t.Error(err)
			}
		})
	}
	kept.Wait()
	return bookings
}

// Twelve hundred wait, and in each request of the first three windows lies one
// that the record never takes, or of which it says nothing: the rest is written,
// the oldest first, without a tick between.
func TestPoisonedEntriesStarveNobody(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t)
		ids := s.keepMany(1200)
		poisoned := map[string]bool{}
		for i := 0; i < len(ids); i += 10 {
			poisoned[ids[i]] = true
		}
		n := 0
		s.record.answers(func(e booking.JournalEntry) *booking.RecordError {
			if !poisoned[e.Booking.ID] {
				return nil
			}
			if n++; n%2 == 0 {
				return hung
			}
			return &booking.RecordError{Kind: booking.Permanent, Cause: booking.ParkedRecord, Text: "two rows carry it"}
		})
		began := time.Now()
		stop := s.run()
		synctest.Wait()
		if took := time.Since(began); took != 0 {
			t.Errorf("it took %s of waiting", took)
		}
		wrote := strings.Fields(s.record.history())
		healthy := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return poisoned[id] })
		written := map[string]bool{}
		for at, one := range wrote {
			id, _, _ := strings.Cut(one, "@")
			written[id] = true
			if i := slices.Index(ids, id); i-at > 250 || at-i > 250 {
				t.Errorf("%d-th oldest was written as the %d-th", i, at)
			}
		}
		for _, id := range healthy {
			if !written[id] {
				t.Errorf("%s is not written", id)
			}
		}
		writes, _, _ := s.record.counted()
		if writes != 120 {
			t.Errorf("%d requests for 1200 entries", writes)
		}
		stop()
		if len(s.record.twice) > 0 {
			t.Errorf("attempted twice at a time: %v", s.record.twice)
		}
	})
}

// Each window reads the days that it needs once; a live booking's day only.
func TestAWindowReadsItsDaysOnce(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t)
		for day := range 3 {
			for range 5 {
				b := s.draft()
				b.Date, b.Start, b.End = b.Date.AddDays(day), b.Start.AddDate(0, 0, day), b.End.AddDate(0, 0, day)
				if day == 2 {
					b.Status = booking.Cancelled
				}
				s.keep(b)
			}
		}
		stop := s.run()
		synctest.Wait()
		stop()
		if !slices.Equal(s.record.refreshed, []booking.Date{service, service.AddDays(1)}) {
			t.Errorf("read %v", s.record.refreshed)
		}
	})
}

// Entries whose days could not be read are not written, and tried again no sooner
// than at the next tick.
func TestARecordThatCannotBeReadIsNotWrittenTo(t *testing.T) {
	t.Parallel()
	for _, failed := range []*booking.RecordError{unreachable, {Kind: booking.RateLimited, Text: "too many", RetryAfter: 30 * time.Second}} {
		t.Run(string(failed.Kind), func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				s := open(t, neverOpens)
				s.keepMany(600)
				live := s.draft("I1")
				live.Created = time.Now().Add(-time.Hour)
				if _, err := s.journal.Accept(t.Context(), booking.Entry{Booking: live}, live.Created); err != nil {
					t.Fatal(err)
				}
				s.record.down(failed)
				s.run()
				time.Sleep(time.Minute - 1)
				writes, refreshes, _ := s.record.counted()
				if writes != 0 || refreshes != 12 {
					t.Errorf("%d writes, %d reads in a minute, want one a tick", writes, refreshes)
				}
				if e := s.entries(); len(e) != 601 || e[0].State != booking.EntryPending {
					t.Errorf("%d entries", len(e))
				}
			})
		})
	}
}

// While the record refuses to be read, due entries are parked with the cause.
func TestARecordThatMayNotBeReadParksDueEntries(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t)
		id := s.keep(s.draft("I1"))
		s.record.down(&booking.RecordError{Kind: booking.Permanent, Cause: booking.ParkedAccess, Text: "the token is not valid", Fix: "make a new one"})
		s.run()
		synctest.Wait()
		if e := s.entry(id); e.State != booking.EntryParked || e.Parked.Cause != booking.ParkedAccess || e.Parked.Fix != "make a new one" || e.Tried != 1 {
			t.Errorf("%s: %+v", e.State, e.Parked)
		}
	})
}

// Rounds, kicks, guests who change their minds, and the staff's retry: no entry is
// ever attempted twice at a time, and the last revision wins.
func TestNoEntryIsAttemptedTwiceAtATime(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, func(c *retry.Config, _ *store.Options) {
			c.Tick = 20 * time.Millisecond
			c.MaxAttempts = 1 << 30
			c.Jitter = rand.Float64
		}, neverOpens)
		s.record.setBefore(func(context.Context, []booking.JournalEntry) {
			time.Sleep(time.Duration(rand.IntN(50)) * time.Millisecond)
		})
		s.record.answers(func(booking.JournalEntry) *booking.RecordError {
			switch rand.IntN(4) {
			case 0:
				return unreachable
			case 1:
				return hung
			}
			return nil
		})
		s.run()
		guests := make([]booking.Booking, 12)
		for i := range guests {
			guests[i] = s.draft()
			guests[i].Status = booking.Cancelled
		}
		var all sync.WaitGroup
		for i := range guests {
			all.Go(func() {
				b := guests[i]
				for n := range 15 {
					was := b
					b.Notes = fmt.Sprint(n)
					entry := booking.Entry{Booking: b, Was: &was}
					if n == 0 {
						entry.Was = nil
					}
					if _, err := s.Accept(context.Background(), entry); err != nil {
						t.Error(err)
					}
					s.Kick()
					if id, ok := s.journal.Waiting(b.ID); ok && n%3 == 0 {
						_, _ = s.Retry(context.Background(), id)
					}
					s.await(b.ID, time.Duration(rand.IntN(40))*time.Millisecond)
				}
			})
		}
		all.Wait()
		for range 2 * 60 * 60 { // an entry's longest pause, twice
			if time.Sleep(time.Second); len(s.entries()) == 0 {
				break
			}
		}
		synctest.Wait()
		if len(s.record.twice) > 0 {
			t.Errorf("attempted twice at a time: %v", s.record.twice)
		}
		for _, b := range guests {
			if row, _ := s.record.row(b.ID); row.Notes != "14" {
				t.Errorf("last revision %q", row.Notes)
			}
		}
		if left := s.entries(); len(left) > 0 {
			t.Errorf("%d left", len(left))
		}
	})
}

// An older revision is never written after a newer one.
func TestRevisionsAreWrittenInTheirOrder(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, neverOpens, func(c *retry.Config, _ *store.Options) { c.MaxAttempts = 1 << 30 })
		s.record.setBefore(func(context.Context, []booking.JournalEntry) {
			time.Sleep(time.Duration(rand.IntN(3000)) * time.Millisecond)
		})
		s.record.answers(func(booking.JournalEntry) *booking.RecordError {
			if rand.IntN(2) == 0 {
				return hung
			}
			return nil
		})
		s.run()
		b := s.draft()
		b.Status = booking.Cancelled
		s.accept(b, nil)
		for n := range 20 {
			time.Sleep(time.Duration(rand.IntN(2000)) * time.Millisecond)
			was := b
			b.Notes = fmt.Sprint(n)
			s.accept(b, &was)
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		newest, first := 0, true
		for one := range strings.FieldsSeq(s.record.history()) {
			var rev int
			if _, err := fmt.Sscanf(one[strings.Index(one, "@"):], "@%d", &rev); err != nil {
				t.Fatal(err)
			}
			if rev < newest && rev != 1 { // a new entry begins at 1
				t.Errorf("revision %d after %d: %s", rev, newest, s.record.history())
			}
			newest, first = rev, false
		}
		if row, _ := s.record.row(b.ID); first || row.Notes != "19" {
			t.Errorf("last revision %q", row.Notes)
		}
	})
}
