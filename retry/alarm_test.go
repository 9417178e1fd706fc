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

// plainAlarms are the alerts of a test, short enough to compare.
type plainAlarms struct{}

func alert(to booking.Phone, format string, args ...any) booking.Message {
	return booking.Message{Kind: booking.MessageAlert, To: to, Lang: booking.Spanish, Text: fmt.Sprintf(format, args...)}
}

func (plainAlarms) AlertFirst(to booking.Phone, e booking.JournalEntry, why *booking.Trouble, d booking.JournalDepth, _ time.Time) booking.Message {
	return alert(to, "first: %s %s, %s: %s; %d wait, %d parked", e.Booking.Name, e.Booking.Time, why.Kind, why.Text, d.Pending, d.Parked)
}

func (plainAlarms) AlertDigest(to booking.Phone, d booking.JournalDepth, _ time.Time) booking.Message {
	return alert(to, "digest: %d wait, %d parked", d.Pending, d.Parked)
}

func (plainAlarms) AlertRecovered(to booking.Phone, written, parked int, _ time.Time) booking.Message {
	return alert(to, "recovered: %d written, %d parked", written, parked)
}

// failingOutbox is an outbox on a disk that may be full.
type failingOutbox struct {
	retry.Letterbox
	mu   sync.Mutex
	full bool
}

func (o *failingOutbox) Put(ctx context.Context, m ...booking.Message) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.full {
		return 0, booking.ErrNotKept
	}
	return o.Letterbox.Put(ctx, m...)
}

func (o *failingOutbox) fill(full bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.full = full
}

// ears pass on to an alarm that is made when the file is open.
type ears struct{ *retry.Alarm }

// alarmed is a shop with an alarm, which looks every five seconds.
func alarmed(t *testing.T, path string, r *base, staff ...booking.Phone) (*shop, *failingOutbox) {
	t.Helper()
	e := &ears{}
	s := openOn(t, path, r, func(c *retry.Config, _ *store.Options) { c.Ears = e })
	outbox := &failingOutbox{Letterbox: s.outbox}
	e.Alarm = retry.NewAlarm(retry.AlarmConfig{Journal: s.journal, Outbox: outbox, Notebook: s.mirror, Words: plainAlarms{}, Staff: staff, Watch: machine{}})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		e.Run(ctx, 5*time.Second)
	}()
	t.Cleanup(func() { cancel(); <-done })
	return s, outbox
}

// alerts are the texts that a phone of the staff is owed, oldest first.
func (s *shop) alerts(to booking.Phone) []string {
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

func (s *shop) wantAlerts(want ...string) {
	s.t.Helper()
	synctest.Wait()
	if got := s.alerts(chef); !slices.Equal(got, want) {
		s.t.Errorf("the staff hear\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

// seat is a booking that needs no table, so that no table matters.
func (s *shop) seat() booking.Standing {
	b := s.draft()
	b.Status = booking.Cancelled
	return s.submit(b, nil)
}

// A full service of two hundred in an outage of three hours: told at once, at
// intervals as long as the numbers change, and when it is over.
func TestAnOutageInAFullServiceIsAFewMessages(t *testing.T) {
	bubble(t, func(t *testing.T) {
		const second booking.Phone = "+34600888888"
		s, _ := alarmed(t, t.TempDir()+"/maitre.db", newBase(), chef, second)
		s.run()
		if s.seat() != booking.Written {
			t.Fatal("not written")
		}
		time.Sleep(time.Hour)
		s.wantAlerts()
		s.base.down(unreachable)
		for n := range 200 {
			s.seat()
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
		s.base.down(nil)
		time.Sleep(2*time.Hour + time.Minute)
		synctest.Wait()
		got := s.alerts(chef)
		if got[len(got)-1] != "recovered: 200 written, 0 parked" || len(got) > 6 {
			t.Errorf("the staff hear %q", got)
		}
		if other := s.alerts(second); !slices.Equal(other, got) {
			t.Errorf("the other phone hears %q", other)
		}
		time.Sleep(24 * time.Hour)
		if n := len(s.alerts(chef)); n != len(got) {
			t.Errorf("%d messages later on", n-len(got))
		}
	})
}

// What was known not to answer when the booking came is told of too, a little later.
func TestAnOutageThatIsKnownAlreadyIsToldOf(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s, _ := alarmed(t, t.TempDir()+"/maitre.db", newBase(), chef)
		s.base.down(unreachable)
		failing(t, s.breaker, 3)
		s.run()
		time.Sleep(time.Minute)
		s.seat()
		s.wantAlerts()
		time.Sleep(15 * time.Second)
		s.wantAlerts("first: Ana 21:00, unreachable: the system of record does not answer; 1 wait, 0 parked")
	})
}

// A booking that only took its time is nobody's business.
func TestASlowWriteIsNoAlarm(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s, _ := alarmed(t, t.TempDir()+"/maitre.db", newBase(), chef)
		s.run()
		s.base.holds(func(context.Context, []booking.JournalEntry) { time.Sleep(3 * time.Second) })
		for range 10 {
			if s.seat() != booking.Pending {
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
		s, _ := alarmed(t, t.TempDir()+"/maitre.db", newBase(), chef)
		s.run()
		fail := true
		s.base.says(func(booking.JournalEntry) *booking.Trouble {
			if fail {
				return hung
			}
			return nil
		})
		s.seat()
		synctest.Wait()
		fail = false
		for range 5 {
			if s.seat() != booking.Written {
				t.Error("not written at once")
			}
		}
		time.Sleep(time.Minute)
		s.wantAlerts("first: Ana 21:00, unknown_outcome: no answer, and it may have been written; 1 wait, 0 parked", "recovered: 1 written, 0 parked")
	})
}

// Bookings that need a person: the first at once, others of the kind gathered, a
// later one told anew; and when they go on after all, that is told too.
func TestParkedEntriesAreToldOf(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s, _ := alarmed(t, t.TempDir()+"/maitre.db", newBase(), chef)
		s.run()
		s.base.always(&booking.Trouble{Kind: booking.Permanent, Cause: booking.ParkedAccess, Text: "the token is not valid"})
		first := "first: Ana 21:00, permanent: the token is not valid; 0 wait, %d parked"
		want := []string{fmt.Sprintf(first, 1)}
		s.seat()
		s.wantAlerts(want...)
		time.Sleep(time.Minute)
		s.seat()
		s.seat()
		time.Sleep(15 * time.Minute)
		want = append(want, "digest: 0 wait, 3 parked")
		s.wantAlerts(want...)
		time.Sleep(6 * time.Hour)
		s.wantAlerts(want...)
		s.seat()
		want = append(want, fmt.Sprintf(first, 4))
		s.wantAlerts(want...)
		time.Sleep(6 * time.Hour)
		s.base.always(nil)
		if n, err := s.Retry(t.Context(), ""); n != 4 || err != nil {
			t.Fatal(n, err)
		}
		time.Sleep(10 * time.Second)
		want = append(want, "recovered: 4 written, 0 parked")
		s.wantAlerts(want...)
	})
}

// An entry that is parked again is told of again: it is another incident.
func TestTheSameEntryIsToldOfAgain(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s, _ := alarmed(t, t.TempDir()+"/maitre.db", newBase(), chef)
		s.run()
		s.base.always(&booking.Trouble{Kind: booking.Permanent, Cause: booking.ParkedRecord, Text: "two rows carry it"})
		s.seat()
		time.Sleep(time.Hour)
		if n, err := s.Retry(t.Context(), ""); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		time.Sleep(time.Hour)
		s.wantAlerts("first: Ana 21:00, permanent: two rows carry it; 0 wait, 1 parked", "first: Ana 21:00, permanent: two rows carry it; 0 wait, 1 parked")
	})
}

// Some are written and one needs a person.
func TestRecoveryTellsWhatNeedsAPerson(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s, _ := alarmed(t, t.TempDir()+"/maitre.db", newBase(), chef)
		s.run()
		s.base.down(unreachable)
		var bad string
		for n := range 38 {
			b := s.draft()
			b.Status = booking.Cancelled
			if n == 7 {
				bad = b.ID
			}
			s.submit(b, nil)
		}
		s.base.down(nil)
		s.base.says(func(e booking.JournalEntry) *booking.Trouble {
			if e.Booking.ID == bad {
				return &booking.Trouble{Kind: booking.Permanent, Cause: booking.ParkedRecord, Text: "two rows carry it"}
			}
			return nil
		})
		time.Sleep(time.Minute)
		got := s.alerts(chef)
		if got[len(got)-1] != "recovered: 37 written, 1 parked" || len(got) != 2 {
			t.Errorf("the staff hear %q", got)
		}
		// Settled, and one more: that one is told of.
		id := s.entries()[0].ID
		if _, err := s.Settle(t.Context(), id, "done by hand"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		s.base.always(&booking.Trouble{Kind: booking.Permanent, Cause: booking.ParkedRecord, Text: "no such zone"})
		s.seat()
		time.Sleep(20 * time.Minute)
		if got = s.alerts(chef); len(got) != 3 || got[2] != "digest: 0 wait, 1 parked" {
			t.Errorf("the staff hear %q", got)
		}
	})
}

// An Airtable that comes and goes every two minutes for three hours.
func TestFlappingIsNotToldOfEachTime(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s, _ := alarmed(t, t.TempDir()+"/maitre.db", newBase(), chef)
		s.run()
		for range 45 {
			s.base.down(unreachable)
			s.seat()
			time.Sleep(time.Minute)
			s.base.down(nil)
			s.seat()
			time.Sleep(3 * time.Minute)
		}
		time.Sleep(time.Hour)
		got := s.alerts(chef)
		t.Logf("%d messages", len(got))
		if n := len(got); n < 4 || n > 26 { // at most two each quarter of an hour
			t.Errorf("%d messages in three hours: %q", n, got)
		}
		if left := s.entries(); len(left) > 0 {
			t.Errorf("%d left", len(left))
		}
	})
}

// Killed in the middle, however often, it tells nothing twice and forgets nothing.
func TestARestartInTheMiddleTellsNothingTwice(t *testing.T) {
	bubble(t, func(t *testing.T) {
		path, r := t.TempDir()+"/maitre.db", newBase()
		r.down(unreachable)
		for n := range 5 {
			s, _ := alarmed(t, path, r, chef)
			stop := s.run()
			s.seat()
			time.Sleep(20 * time.Second)
			s.wantAlerts("first: Ana 21:00, unreachable: no connection; 1 wait, 0 parked")
			if n == 4 {
				r.down(nil)
				time.Sleep(10 * time.Minute)
				got := s.alerts(chef)
				if len(got) != 2 || got[1] != "recovered: 5 written, 0 parked" {
					t.Errorf("the staff hear %q", got)
				}
			}
			stop()
			if err := s.file.Close(); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// A kill between the telling and the note that it was told.
func TestWhatWasToldAndNotNotedIsNotToldAgain(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t)
		forgetful := &notebook{Notebook: s.mirror}
		make := func() *retry.Alarm {
			return retry.NewAlarm(retry.AlarmConfig{Journal: s.journal, Outbox: s.outbox, Notebook: forgetful, Words: plainAlarms{}, Staff: []booking.Phone{chef}, Watch: machine{}})
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

// An alert that cannot be kept is told when it can.
func TestAnAlertIsNotLostByAFullDisk(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s, outbox := alarmed(t, t.TempDir()+"/maitre.db", newBase(), chef)
		s.run()
		s.base.down(unreachable)
		outbox.fill(true)
		s.seat()
		time.Sleep(time.Minute)
		s.wantAlerts()
		outbox.fill(false)
		time.Sleep(time.Hour)
		if got := s.alerts(chef); len(got) != 1 || !strings.HasPrefix(got[0], "first: ") {
			t.Errorf("the staff hear %q", got)
		}
		outbox.fill(true)
		s.base.down(nil)
		time.Sleep(2 * time.Hour)
		outbox.fill(false)
		time.Sleep(time.Minute)
		if got := s.alerts(chef); len(got) != 2 || got[1] != "recovered: 1 written, 0 parked" {
			t.Errorf("the staff hear %q", got)
		}
	})
}

func TestWithoutPhonesNobodyIsTold(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s, _ := alarmed(t, t.TempDir()+"/maitre.db", newBase())
		s.run()
		s.base.down(unreachable)
		s.seat()
		time.Sleep(time.Hour)
		s.base.down(nil)
		time.Sleep(3 * time.Hour)
		if got := s.alerts(chef); len(got) != 0 || len(s.entries()) != 0 {
			t.Errorf("told %q", got)
		}
	})
}
