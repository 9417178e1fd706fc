package retry_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"maitre/booking"
)

// parked adds an entry that is parked for a cause now.
func (s *fixture) parked(cause booking.ParkCause) string {
	s.t.Helper()
	synctest.Wait() // otherwise the worker could write the entry before it is parked
	b := s.draft()
	b.Status = booking.Cancelled
	id := s.keep(b)
	e := s.entry(id)
	if ok, err := s.journal.Park(context.Background(), id, e.Rev, booking.Parked{At: time.Now(), Cause: cause, Text: "no"}, nil); !ok || err != nil {
		s.t.Fatal(ok, err)
	}
	return id
}

func TestAPersonLetsParkedEntriesGoOn(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t)
		s.run()
		one, two, three := s.parked(booking.ParkedRecord), s.parked(booking.ParkedLimit), s.parked(booking.ParkedConflict)
		if n, err := s.Retry(t.Context(), one); n != 1 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
		synctest.Wait() // at once, not at the next tick
		if s.waits(one) || !s.waits(two) || !s.waits(three) {
			t.Errorf("one by its ID: %v", s.entries())
		}
		if n, err := s.Retry(t.Context(), ""); n != 2 || err != nil {
			t.Errorf("all: %d, %v", n, err)
		}
		synctest.Wait()
		if len(s.entries()) != 0 {
			t.Errorf("left: %v", s.entries())
		}
		if n, err := s.Retry(t.Context(), ""); n != 0 || err != nil {
			t.Errorf("none: %d, %v", n, err)
		}
	})
}

// While the record does not answer, what is overdue is due now, and it shows that
// nothing is attempted.
func TestNoAttemptIsToComeAtATimeThatIsOver(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t)
		s.run()
		if !s.Answering() {
			t.Error("does not answer before anything was asked")
		}
		s.record.down(unreachable)
		failing(t, s.breaker, 3)
		s.bookWithoutTable()
		s.parked(booking.ParkedRecord)
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		entries, err := s.Entries(t.Context(), 10)
		if err != nil || len(entries) != 2 {
			t.Fatal(entries, err)
		}
		for _, e := range entries {
			if e.State == booking.EntryPending && e.Next.Before(time.Now()) {
				t.Errorf("attempted %s ago", time.Since(e.Next))
			}
		}
		if s.Answering() {
			t.Error("answers")
		}
	})
}

func (s *fixture) waits(id string) bool {
	_, err := s.journal.Get(context.Background(), id)
	return err == nil
}

// One that waits for its time is attempted now.
func TestAPersonDoesNotWaitForTheNextAttempt(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, neverOpens)
		s.record.always(unreachable)
		b := s.draft()
		b.Status = booking.Cancelled
		id := s.accept(b, nil)
		s.run()
		time.Sleep(6 * time.Hour)
		if due := time.Until(s.entry(id).Next); due < 5*time.Minute {
			t.Fatalf("due in %s", due)
		}
		s.record.always(nil)
		if n, err := s.Retry(t.Context(), id); n != 1 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
		synctest.Wait()
		if s.waits(id) {
			t.Error("it still waits")
		}
	})
}

// When the record takes something again, entries that were parked for it go on: not
// those that a person must decide on, and at most every ten minutes.
func TestFixedEntriesGoOnByThemselves(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t)
		s.run()
		refuse := true
		s.record.answers(func(e booking.JournalEntry) *booking.RecordError {
			if refuse && e.Booking.Notes == "" {
				return &booking.RecordError{Kind: booking.Permanent, Cause: booking.ParkedBase, Text: "unknown field"}
			}
			return nil
		})
		write := func() {
			b := s.draft()
			b.Status, b.Notes = booking.Cancelled, "passes"
			s.submit(b, nil)
			synctest.Wait()
		}
		fixable := []string{s.parked(booking.ParkedAccess), s.parked(booking.ParkedBase), s.parked(booking.ParkedQuota)}
		person := []string{s.parked(booking.ParkedRecord), s.parked(booking.ParkedConflict), s.parked(booking.ParkedPast), s.parked(booking.ParkedLimit)}
		write()
		for _, id := range fixable {
			if e := s.entry(id); e.State != booking.EntryParked || e.Tried != 0 {
				t.Errorf("gone on at once: %+v", e)
			}
		}
		time.Sleep(10 * time.Minute)
		write()
		for _, id := range fixable {
			if e := s.entry(id); e.State != booking.EntryParked || e.Tried != 1 {
				t.Errorf("not tried after ten minutes: %s, tried %d", e.State, e.Tried)
			}
		}
		for range 5 { // each of these would be an attempt of all
			time.Sleep(time.Minute)
			write()
		}
		if e := s.entry(fixable[0]); e.Tried != 1 {
			t.Errorf("tried %d times in five minutes", e.Tried)
		}
		refuse = false
		time.Sleep(10 * time.Minute)
		write()
		for _, id := range fixable {
			if s.waits(id) {
				t.Error("fixed, and it still waits")
			}
		}
		for _, id := range person {
			if e := s.entry(id); e.State != booking.EntryParked || e.Tried != 0 {
				t.Errorf("%s went on without a person", e.Parked.Cause)
			}
		}
	})
}

// When the record is known to be in order, the entries parked for that go on at once,
// and those that a person must decide on do not.
func TestRetryFixed(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t)
		s.run()
		for _, cause := range []booking.ParkCause{booking.ParkedAccess, booking.ParkedBase, booking.ParkedQuota, booking.ParkedLimit} {
			s.parked(cause)
		}
		person := []string{s.parked(booking.ParkedRecord), s.parked(booking.ParkedConflict), s.parked(booking.ParkedPast)}
		if n, err := s.RetryFixed(t.Context()); n != 4 || err != nil {
			t.Error(n, err)
		}
		synctest.Wait()
		left := s.entries()
		if len(left) != len(person) || left[0].ID != person[0] || left[1].ID != person[1] || left[2].ID != person[2] {
			t.Errorf("left: %v", left)
		}
	})
}

// A restaurant that kept its book in the data file connects an Airtable: the bookings
// are written there, and their guests get no messages.
func TestMovingTheBookSendsNoMessages(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s, _ := openWithAlarm(t, t.TempDir()+"/maitre.db", newFakeRecord(), chef)
		local := s.file.Local()
		if _, err := s.mirror.Bind(t.Context(), "", time.Now()); err != nil {
			t.Fatal(err)
		}
		old := s.draft("I1")
		if _, err := local.Accept(t.Context(), booking.Entry{Booking: old}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(24 * time.Hour)
		if moved, err := s.mirror.Bind(t.Context(), "appABCDEFGHIJKLMN", time.Now()); err != nil || moved.Queued != 1 {
			t.Fatal(moved, err)
		}
		s.run()
		time.Sleep(time.Minute)
		if _, ok := s.record.row(old.ID); !ok || len(s.entries()) != 0 {
			t.Fatal("not written")
		}
		if messages := s.messages(); len(messages) != 0 {
			t.Errorf("messages %q", messages)
		}
	})
}
