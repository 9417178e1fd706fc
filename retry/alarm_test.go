package retry_test

import (
	"context"
	"errors"
	"fmt"
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

const chef booking.Phone = "+34600999999"

// testAlarmWords makes alerts short enough to compare.
type testAlarmWords struct{}

func alert(to booking.Phone, format string, args ...any) booking.Message {
	return booking.Message{Kind: booking.MessageAlert, To: to, Lang: booking.Spanish, Text: fmt.Sprintf(format, args...)}
}

func (testAlarmWords) AlertFirst(to booking.Phone, e booking.JournalEntry, why *booking.RecordError, d booking.JournalDepth, _ time.Time) booking.Message {
	return alert(to, "first: %s %s, %s: %s; %d wait, %d parked", e.Booking.Name, e.Booking.Time, why.Kind, why.Text, d.Pending, d.Parked)
}

func (testAlarmWords) AlertDigest(to booking.Phone, d booking.JournalDepth, _ time.Time) booking.Message {
	return alert(to, "digest: %d wait, %d parked", d.Pending, d.Parked)
}

func (testAlarmWords) AlertRecovered(to booking.Phone, written, parked int, _ time.Time) booking.Message {
	return alert(to, "recovered: %d written, %d parked", written, parked)
}

// failingOutbox is an outbox on a disk that may be full.
type failingOutbox struct {
	retry.AlertQueue
	mu   sync.Mutex
	full bool
}

func (o *failingOutbox) Put(ctx context.Context, m ...booking.Message) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.full {
		return 0, booking.ErrNotKept
	}
	return o.AlertQueue.Put(ctx, m...)
}

func (o *failingOutbox) fill(full bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.full = full
}

// lateAlarm passes on to an alarm that is made when the file is open.
type lateAlarm struct{ *retry.Alarm }

// openWithAlarm opens a fixture with an alarm that looks every five seconds.
func openWithAlarm(t *testing.T, path string, r *fakeRecord, staff ...booking.Phone) (*fixture, *failingOutbox) {
	t.Helper()
	e := &lateAlarm{}
	s := openOn(t, path, r, func(c *retry.Config, _ *store.Options) { c.Observer = e })
	outbox := &failingOutbox{AlertQueue: s.outbox}
	e.Alarm = retry.NewAlarm(retry.AlarmConfig{Journal: s.journal, Outbox: outbox, Notebook: s.mirror, Words: testAlarmWords{}, Staff: staff, Clock: systemClock{}})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		e.Run(ctx, 5*time.Second)
	}()
	t.Cleanup(func() { cancel(); <-done })
	return s, outbox
}

// alarm starts an alarm for a fixture whose worker does not run. It looks every five
// seconds until it is stopped.
func (s *fixture) alarm() (a *retry.Alarm, stop func()) {
	a = retry.NewAlarm(retry.AlarmConfig{Journal: s.journal, Outbox: s.outbox, Notebook: s.mirror, Words: testAlarmWords{}, Staff: []booking.Phone{chef}, Clock: systemClock{}})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		a.Run(ctx, 5*time.Second)
	}()
	return a, func() { cancel(); <-done }
}

// alerts returns the texts of the messages to one of the staff, oldest first.
func (s *fixture) alerts(to booking.Phone) []string {
	s.t.Helper()
	all, err := s.outbox.List(context.Background(), "", 10_000)
	if err != nil {
		s.t.Fatal(err)
	}
	texts := []string{}
	for _, m := range slices.Backward(all) {
		if m.To == to {
			texts = append(texts, m.Text)
			if !m.Urgent {
				s.t.Errorf("%q is not urgent", m.Text)
			}
		}
	}
	return texts
}

func (s *fixture) wantAlerts(want ...string) {
	s.t.Helper()
	synctest.Wait()
	if got := s.alerts(chef); !slices.Equal(got, want) {
		s.t.Errorf("the staff got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

// bookWithoutTable submits a booking that needs no table.
func (s *fixture) bookWithoutTable() booking.SyncState {
	b := s.draft()
	b.Status = booking.Cancelled
	return s.submit(b, nil)
}

// A full service of two hundred in an outage of three hours: reported at once, at
// intervals while the numbers change, and when it is over.
func TestAnOutageInAFullServiceIsAFewMessages(t *testing.T) {
	bubble(t, func(t *testing.T) {
		const second booking.Phone = "+34600888888"
		s, _ := openWithAlarm(t, t.TempDir()+"/maitre.db", newFakeRecord(), chef, second)
		s.run()
		if s.bookWithoutTable() != booking.Written {
			t.Fatal("not written")
		}
		time.Sleep(time.Hour)
		s.wantAlerts()
		s.record.down(unreachable)
		for n := range 200 {
			s.bookWithoutTable()
			if n == 0 {
				s.wantAlerts("first: Ana 21:00, unreachable: no connection; 1 wait, 0 parked") // at once
			}
			time.Sleep(12 * time.Second) // 40 minutes in all
		}
		time.Sleep(2*time.Hour + 20*time.Minute)
		s.wantAlerts(
			"first: Ana 21:00, unreachable: no connection; 1 wait, 0 parked",
			"digest: 75 wait, 0 parked",
			"digest: 150 wait, 0 parked",
			"digest: 200 wait, 0 parked",
		)
		s.record.down(nil)
		time.Sleep(2*time.Hour + 6*time.Minute)
		synctest.Wait()
		got := s.alerts(chef)
		if got[len(got)-1] != "recovered: 200 written, 0 parked" || len(got) > 6 {
			t.Errorf("the staff got %q", got)
		}
		if other := s.alerts(second); !slices.Equal(other, got) {
			t.Errorf("the other phone got %q", other)
		}
		time.Sleep(24 * time.Hour)
		if n := len(s.alerts(chef)); n != len(got) {
			t.Errorf("%d messages later on", n-len(got))
		}
	})
}

// An outage that was known when the booking came is reported too, a little later.
func TestAKnownOutageIsReported(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s, _ := openWithAlarm(t, t.TempDir()+"/maitre.db", newFakeRecord(), chef)
		s.record.down(unreachable)
		failing(t, s.breaker, 3)
		s.run()
		time.Sleep(time.Minute)
		s.bookWithoutTable()
		s.wantAlerts()
		time.Sleep(15 * time.Second)
		s.wantAlerts("first: Ana 21:00, unreachable: the system of record does not answer; 1 wait, 0 parked")
	})
}

// A booking that was written late is not reported.
func TestASlowWriteIsNoAlarm(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s, _ := openWithAlarm(t, t.TempDir()+"/maitre.db", newFakeRecord(), chef)
		s.run()
		s.record.setBefore(func(context.Context, []booking.JournalEntry) { time.Sleep(3 * time.Second) })
		for range 10 {
			if s.bookWithoutTable() != booking.Pending {
				t.Error("within the budget")
			}
			time.Sleep(time.Minute)
		}
		s.wantAlerts()
	})
}

// What is written at once in an outage of one entry is not counted as recovered.
func TestOnlyWhatWaitedIsCounted(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s, _ := openWithAlarm(t, t.TempDir()+"/maitre.db", newFakeRecord(), chef)
		s.run()
		fail := true
		s.record.answers(func(booking.JournalEntry) *booking.RecordError {
			if fail {
				return hung
			}
			return nil
		})
		s.bookWithoutTable()
		synctest.Wait()
		fail = false
		for range 5 {
			if s.bookWithoutTable() != booking.Written {
				t.Error("not written at once")
			}
		}
		time.Sleep(6 * time.Minute)
		s.wantAlerts("first: Ana 21:00, unknown_outcome: no answer, and it may have been written; 1 wait, 0 parked", "recovered: 1 written, 0 parked")
	})
}

// Bookings that need a person: the first is reported at once, others are gathered, a
// later one is reported anew; and so is that they were written after all.
func TestParkedEntriesAreReported(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s, _ := openWithAlarm(t, t.TempDir()+"/maitre.db", newFakeRecord(), chef)
		s.run()
		s.record.always(&booking.RecordError{Kind: booking.Permanent, Cause: booking.ParkedAccess, Text: "the token is not valid"})
		first := "first: Ana 21:00, permanent: the token is not valid; 0 wait, %d parked"
		want := []string{fmt.Sprintf(first, 1)}
		s.bookWithoutTable()
		s.wantAlerts(want...)
		time.Sleep(time.Minute)
		s.bookWithoutTable()
		s.bookWithoutTable()
		time.Sleep(15 * time.Minute)
		want = append(want, "digest: 0 wait, 3 parked")
		s.wantAlerts(want...)
		time.Sleep(6 * time.Hour)
		s.wantAlerts(want...)
		s.bookWithoutTable()
		want = append(want, fmt.Sprintf(first, 4))
		s.wantAlerts(want...)
		time.Sleep(6 * time.Hour)
		s.record.always(nil)
		if n, err := s.Retry(t.Context(), ""); n != 4 || err != nil {
			t.Fatal(n, err)
		}
		time.Sleep(6 * time.Minute)
		want = append(want, "recovered: 4 written, 0 parked")
		s.wantAlerts(want...)
	})
}

// An entry that is parked again is reported again: it is another incident.
func TestTheSameEntryIsReportedAgain(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s, _ := openWithAlarm(t, t.TempDir()+"/maitre.db", newFakeRecord(), chef)
		s.run()
		s.record.always(&booking.RecordError{Kind: booking.Permanent, Cause: booking.ParkedRecord, Text: "two rows carry it"})
		s.bookWithoutTable()
		time.Sleep(time.Hour)
		if n, err := s.Retry(t.Context(), ""); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		time.Sleep(time.Hour)
		s.wantAlerts("first: Ana 21:00, permanent: two rows carry it; 0 wait, 1 parked", "first: Ana 21:00, permanent: two rows carry it; 0 wait, 1 parked")
	})
}

// Some are written and one needs a person.
func TestRecoveryReportsWhatNeedsAPerson(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s, _ := openWithAlarm(t, t.TempDir()+"/maitre.db", newFakeRecord(), chef)
		s.run()
		s.record.down(unreachable)
		var bad string
		for n := range 38 {
			b := s.draft()
			b.Status = booking.Cancelled
			if n == 7 {
				bad = b.ID
			}
			s.submit(b, nil)
		}
		s.record.down(nil)
		s.record.answers(func(e booking.JournalEntry) *booking.RecordError {
			if e.Booking.ID == bad {
				return &booking.RecordError{Kind: booking.Permanent, Cause: booking.ParkedRecord, Text: "two rows carry it"}
			}
			return nil
		})
		time.Sleep(6 * time.Minute)
		got := s.alerts(chef)
		if len(got) != 3 || got[1] != "first: Ana 21:00, permanent: two rows carry it; 0 wait, 1 parked" || got[2] != "recovered: 37 written, 1 parked" {
			t.Errorf("the staff got %q", got)
		}
		// One is settled, and another parked, which is reported.
		id := s.entries()[0].ID
		if _, err := s.Settle(t.Context(), id, "done by hand"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		s.record.always(&booking.RecordError{Kind: booking.Permanent, Cause: booking.ParkedRecord, Text: "no such zone"})
		s.bookWithoutTable()
		time.Sleep(30 * time.Second)
		if got = s.alerts(chef); len(got) != 4 || got[3] != "first: Ana 21:00, permanent: no such zone; 0 wait, 1 parked" {
			t.Errorf("the staff got %q", got)
		}
		time.Sleep(20 * time.Minute)
		if n := len(s.alerts(chef)); n != 4 {
			t.Errorf("%d messages", n)
		}
	})
}

// An Airtable that comes and goes every two minutes for three hours.
func TestFlappingIsNotReportedEachTime(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s, _ := openWithAlarm(t, t.TempDir()+"/maitre.db", newFakeRecord(), chef)
		s.run()
		for range 45 {
			s.record.down(unreachable)
			s.bookWithoutTable()
			time.Sleep(time.Minute)
			s.record.down(nil)
			s.bookWithoutTable()
			time.Sleep(3 * time.Minute)
		}
		time.Sleep(time.Hour)
		got := s.alerts(chef)
		t.Logf("%d messages", len(got))
		// It waits for a while, and all the while it is one incident.
		if n := len(got); n < 2 || n > 15 || !strings.HasPrefix(got[n-1], "recovered: ") {
			t.Errorf("%d messages in three hours: %q", n, got)
		}
		well := slices.DeleteFunc(slices.Clone(got), func(text string) bool { return !strings.HasPrefix(text, "recovered") })
		if len(well) > 3 {
			t.Errorf("while it comes and goes: %q", well)
		}
		if left := s.entries(); len(left) > 0 {
			t.Errorf("%d left", len(left))
		}
	})
}

// An outage that begins again just after recovery was reported: whatever the pauses,
// the staff get no more than five messages an hour, and the last one is correct.
func TestFlappingSendsFewMessages(t *testing.T) {
	for _, up := range []time.Duration{6, 10, 16, 21} {
		t.Run(fmt.Sprintf("%d minutes", up), func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				s, _ := openWithAlarm(t, t.TempDir()+"/maitre.db", newFakeRecord(), chef)
				s.run()
				began := time.Now()
				for time.Since(began) < 12*time.Hour {
					s.record.down(unreachable)
					s.bookWithoutTable()
					time.Sleep(20 * time.Second)
					s.record.down(nil)
					time.Sleep(up * time.Minute)
				}
				time.Sleep(2 * time.Hour)
				got := s.alerts(chef)
				if n := len(got); n > 12*5+1 || !strings.HasPrefix(got[n-1], "recovered: ") {
					t.Errorf("%d messages in twelve hours, the last %q", n, got[n-1])
				}
				s.wantFew(5)
			})
		})
	}
}

// wantFew wants no more than so many alerts in any hour.
func (s *fixture) wantFew(most int) {
	s.t.Helper()
	all, err := s.outbox.List(context.Background(), "", 10_000)
	if err != nil {
		s.t.Fatal(err)
	}
	all = slices.DeleteFunc(all, func(m booking.OutboxMessage) bool { return m.To != chef })
	for i := range all {
		if j := i + most; j < len(all) && all[i].Made.Sub(all[j].Made).Abs() < time.Hour {
			s.t.Errorf("%d messages within %s of %s", most+1, all[i].Made.Sub(all[j].Made).Abs(), all[j].Made)
		}
	}
}

// parkedNow parks an entry for a cause, and notifies the alarm.
func (s *fixture) parkedNow(a *retry.Alarm, name string, cause booking.ParkCause) {
	s.t.Helper()
	b := s.draft()
	b.Name, b.Status = name, booking.Cancelled
	e := s.entry(s.keep(b))
	why := booking.Parked{At: time.Now(), Cause: cause, Text: "see to it"}
	if ok, err := s.journal.Park(context.Background(), e.ID, e.Rev, why, nil); !ok || err != nil {
		s.t.Fatal(ok, err)
	}
	e.State, e.Parked = booking.EntryParked, &why
	a.Waits(context.Background(), e, nil)
}

// A guest who has to be called does not wait for the next digest: also in the
// middle of an outage, and just after its end.
func TestACaseForAPersonIsReportedAtOnce(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t)
		a, stop := s.alarm()
		defer stop()
		waits := s.entry(s.keep(s.draft("I1")))
		a.Waits(t.Context(), waits, unreachable)
		want := []string{"first: Ana 21:00, unreachable: no connection; 1 wait, 0 parked"}
		s.wantAlerts(want...)
		time.Sleep(2 * time.Minute)
		s.parkedNow(a, "Eva", booking.ParkedConflict)
		time.Sleep(25 * time.Second)
		want = append(want, "first: Eva 21:00, permanent: see to it; 1 wait, 1 parked")
		s.wantAlerts(want...)
		// Several at once are one message.
		for range 20 {
			s.parkedNow(a, "Luis", booking.ParkedConflict)
			time.Sleep(100 * time.Millisecond)
		}
		time.Sleep(25 * time.Second)
		want = append(want, "digest: 1 wait, 21 parked")
		s.wantAlerts(want...)
		// One that was settled before it was reported is none.
		s.parkedNow(a, "Sol", booking.ParkedPast)
		entries := s.entries()
		if _, err := s.Settle(t.Context(), entries[len(entries)-1].ID, "called"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(25 * time.Second)
		s.wantAlerts(want...)
		// The alerts are few, however many cases there are; digests report the others.
		for range 60 {
			s.parkedNow(a, "Teo", booking.ParkedConflict)
			time.Sleep(time.Minute)
		}
		time.Sleep(time.Hour)
		s.wantFew(10)
		got := s.alerts(chef)
		if last := got[len(got)-1]; last != "digest: 1 wait, 81 parked" {
			t.Errorf("the last: %q", last)
		}
	})
}

// Recovery is reported when it has lasted for a while: after each relapse for twice
// as long.
func TestRecoveryIsReportedWhenItLasts(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t)
		a, stop := s.alarm()
		defer stop()
		waitsAndLands := func(table string) {
			e := s.entry(s.keep(s.draft(table)))
			a.Waits(t.Context(), e, unreachable)
			time.Sleep(10 * time.Second)
			a.Landed(t.Context(), e)
			if _, err := s.Settle(t.Context(), e.ID, "written"); err != nil {
				t.Fatal(err)
			}
		}
		first := "first: Ana 21:00, unreachable: no connection; 1 wait, 0 parked"
		waitsAndLands("I1")
		time.Sleep(20 * time.Second)
		waitsAndLands("I2")
		time.Sleep(50 * time.Second)
		s.wantAlerts(first)
		time.Sleep(15 * time.Second)
		s.wantAlerts(first, "recovered: 2 written, 0 parked")
	})
}

// A cause that is fixed for all at once is reported once, and counted in digests.
func TestACauseOfManyEntriesIsOneCase(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t)
		a, stop := s.alarm()
		defer stop()
		a.Waits(t.Context(), s.entry(s.keep(s.draft("I1"))), unreachable)
		want := []string{"first: Ana 21:00, unreachable: no connection; 1 wait, 0 parked"}
		for n := range 10 {
			s.parkedNow(a, "Eva", booking.ParkedAccess)
			time.Sleep(30 * time.Second)
			if n == 0 {
				want = append(want, "first: Eva 21:00, permanent: see to it; 1 wait, 1 parked")
			}
			s.wantAlerts(want...)
		}
		time.Sleep(15 * time.Minute)
		s.wantAlerts(append(want, "digest: 1 wait, 10 parked")...)
	})
}

// A case that was gathered when the power failed is reported after it.
func TestACaseSurvivesARestart(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t)
		a, stop := s.alarm()
		a.Waits(t.Context(), s.entry(s.keep(s.draft("I1"))), unreachable)
		s.parkedNow(a, "Eva", booking.ParkedConflict)
		stop()
		_, stop = s.alarm()
		defer stop()
		time.Sleep(25 * time.Second)
		s.wantAlerts("first: Ana 21:00, unreachable: no connection; 1 wait, 0 parked", "first: Eva 21:00, permanent: see to it; 1 wait, 1 parked")
	})
}

// After kills, nothing is reported twice and nothing is forgotten.
func TestARestartReportsNothingTwice(t *testing.T) {
	bubble(t, func(t *testing.T) {
		path, r := t.TempDir()+"/maitre.db", newFakeRecord()
		r.down(unreachable)
		for n := range 5 {
			s, _ := openWithAlarm(t, path, r, chef)
			stop := s.run()
			s.bookWithoutTable()
			time.Sleep(20 * time.Second)
			s.wantAlerts("first: Ana 21:00, unreachable: no connection; 1 wait, 0 parked")
			if n == 4 {
				r.down(nil)
				time.Sleep(20 * time.Minute)
				got := s.alerts(chef)
				if len(got) != 2 || got[1] != "recovered: 5 written, 0 parked" {
					t.Errorf("the staff got %q", got)
				}
			}
			stop()
			if err := s.file.Close(); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// A kill between an alert and the note of it.
func TestAnAlertThatWasNotNotedIsNotSentAgain(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t)
		forgetful := &notebook{Notebook: s.mirror}
		make := func() *retry.Alarm {
			return retry.NewAlarm(retry.AlarmConfig{Journal: s.journal, Outbox: s.outbox, Notebook: forgetful, Words: testAlarmWords{}, Staff: []booking.Phone{chef}, Clock: systemClock{}})
		}
		make().Look(t.Context()) // the first start of all
		forgetful.full = true
		one, two := s.entry(s.keep(s.draft("I1"))), s.entry(s.keep(s.draft("I2")))
		make().Waits(t.Context(), one, unreachable)
		make().Waits(t.Context(), two, unreachable) // the next process, another entry
		s.wantAlerts("first: Ana 21:00, unreachable: no connection; 2 wait, 0 parked")
	})
}

type notebook struct {
	retry.Notebook
	full bool
}

func (n *notebook) Keep(ctx context.Context, name string, value []byte) error {
	if n.full {
		return errors.New("disk full")
	}
	return n.Notebook.Keep(ctx, name, value)
}

// An alert that the outbox does not take is put again.
func TestAnAlertIsNotLostByAFullDisk(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s, outbox := openWithAlarm(t, t.TempDir()+"/maitre.db", newFakeRecord(), chef)
		s.run()
		s.record.down(unreachable)
		outbox.fill(true)
		s.bookWithoutTable()
		time.Sleep(time.Minute)
		s.wantAlerts()
		outbox.fill(false)
		time.Sleep(time.Hour)
		if got := s.alerts(chef); len(got) != 1 || !strings.HasPrefix(got[0], "first: ") {
			t.Errorf("the staff got %q", got)
		}
		outbox.fill(true)
		s.record.down(nil)
		time.Sleep(2 * time.Hour)
		outbox.fill(false)
		time.Sleep(time.Minute) // well for two hours: reported at once
		if got := s.alerts(chef); len(got) != 2 || got[1] != "recovered: 1 written, 0 parked" {
			t.Errorf("the staff got %q", got)
		}
	})
}

func TestWithoutPhonesNoAlertIsSent(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s, _ := openWithAlarm(t, t.TempDir()+"/maitre.db", newFakeRecord())
		s.run()
		s.record.down(unreachable)
		s.bookWithoutTable()
		time.Sleep(time.Hour)
		s.record.down(nil)
		time.Sleep(3 * time.Hour)
		if got := s.alerts(chef); len(got) != 0 || len(s.entries()) != 0 {
			t.Errorf("got %q", got)
		}
	})
}
