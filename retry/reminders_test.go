package retry_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"maitre/booking"
	"maitre/retry"
	"maitre/store"
)

// fakeLedger is a ledger that the test fills.
type fakeLedger struct {
	mu   sync.Mutex
	days map[booking.Date][]booking.Booking
	read []booking.Date
	down bool
}

func (d *fakeLedger) Freshen(_ context.Context, date booking.Date, _ booking.Freshness) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.read = append(d.read, date)
	if d.down {
		return errors.New("down")
	}
	return nil
}

func (d *fakeLedger) Day(_ context.Context, date booking.Date) (*booking.Day, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return &booking.Day{Date: date, Bookings: slices.Clone(d.days[date])}, nil
}

func (d *fakeLedger) set(date booking.Date, ids ...string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.days[date] = nil
	for _, id := range ids {
		d.days[date] = append(d.days[date], booking.Booking{ID: id, Date: date, Phone: ana})
	}
}

func (d *fakeLedger) reads() int { d.mu.Lock(); defer d.mu.Unlock(); return len(d.read) }

func (d *fakeLedger) fail(down bool) { d.mu.Lock(); defer d.mu.Unlock(); d.down = down }

// reminderOf returns a reminder of every booking.
func reminderOf(b booking.Booking, _, _ time.Time) (booking.Message, bool) {
	m := to(b.Phone)
	m.Key = fmt.Sprintf("reminder/%s/%s", b.ID, b.Date)
	return m, true
}

func elevenTheDayBefore(date booking.Date) time.Time {
	at, _ := date.AddDays(-1).Instant(booking.NewTimeOfDay(11, 0), time.UTC)
	return at
}

func reminding(d *fakeLedger, box retry.AlertQueue) *retry.Reminders {
	return retry.NewReminders(retry.RemindersConfig{
		Ledger: d, Outbox: box, Due: elevenTheDayBefore, Reminder: reminderOf, Location: time.UTC, Clock: systemClock{},
	})
}

// The bubble begins on Saturday 2000-01-01 at midnight.
var (
	sunday     = booking.NewDate(2000, time.January, 2)
	mondayDate = booking.NewDate(2000, time.January, 3)
)

func (o *senderFixture) keys() (keys []string) {
	o.t.Helper()
	list, err := o.box.List(o.t.Context(), "", 100)
	o.ok(err)
	for _, m := range list {
		keys = append(keys, m.Key)
	}
	slices.Sort(keys)
	return keys
}

func TestGuestsAreRemindedAtTheHourOfTheDayBefore(t *testing.T) {
	withSender(t, retry.SenderOptions{}, func(o *senderFixture) {
		d := &fakeLedger{days: map[booking.Date][]booking.Booking{}}
		d.set(sunday, "01", "02")
		d.set(mondayDate, "03")
		ctx, cancel := context.WithCancel(context.Background())
		var done sync.WaitGroup
		done.Go(func() { reminding(d, o.box).Run(ctx) })
		defer done.Wait()
		defer cancel()
		o.pass(11*time.Hour - 1)
		if got := o.keys(); len(got) != 0 || d.reads() != 0 {
			t.Fatalf("before the hour: %v, and the book was read %d times", got, d.reads())
		}
		o.pass(1)
		if got := o.keys(); !slices.Equal(got, []string{"reminder/01/2000-01-02", "reminder/02/2000-01-02"}) {
			t.Fatalf("at the hour: %v", got)
		}
		d.set(sunday, "01", "04") // added by the staff since
		o.pass(time.Hour)
		if got := o.keys(); len(got) != 3 || got[2] != "reminder/04/2000-01-02" {
			t.Fatalf("an hour later: %v", got)
		}
		o.pass(12 * time.Hour) // midnight: Monday's turn has not come
		if got := o.keys(); len(got) != 3 {
			t.Fatalf("at midnight: %v", got)
		}
		o.pass(11 * time.Hour)
		if got := o.keys(); len(got) != 4 || got[2] != "reminder/03/2000-01-03" {
			t.Fatalf("the next day: %v", got)
		}
	})
}

func TestRemindersComeWhenTheBookAnswersAgain(t *testing.T) {
	withSender(t, retry.SenderOptions{}, func(o *senderFixture) {
		d := &fakeLedger{days: map[booking.Date][]booking.Booking{}}
		d.set(sunday, "01")
		d.fail(true)
		ctx, cancel := context.WithCancel(context.Background())
		var done sync.WaitGroup
		done.Go(func() { reminding(d, o.box).Run(ctx) })
		defer done.Wait()
		defer cancel()
		o.pass(11*time.Hour + 90*time.Second)
		if got := o.keys(); len(got) != 0 {
			t.Fatalf("while it cannot be read: %v", got)
		}
		d.fail(false)
		o.pass(time.Minute)
		if got := o.keys(); len(got) != 1 {
			t.Errorf("a minute after it answers: %v", got)
		}
	})
}

func TestAnOutdatedMessageIsNotSent(t *testing.T) {
	var gone, failing atomic.Bool
	withSender(t, retry.SenderOptions{Template: templates, Still: func(context.Context, booking.OutboxMessage) (bool, error) {
		if failing.Load() {
			return false, errors.New("cannot be read")
		}
		return !gone.Load(), nil
	}}, func(o *senderFixture) {
		m := guestMessage()
		m.NotBefore = time.Now().Add(time.Hour)
		o.put(m)
		failing.Store(true)
		o.pass(time.Hour)
		o.want(booking.MessageWaiting, 0) // not known: it waits
		failing.Store(false)
		gone.Store(true)
		o.pass(time.Minute)
		o.wantSent()
		if got := o.want(booking.MessageExpired, 0); got.Reason == "" {
			t.Error("no reason is given")
		}
	})
}

// crashingQueue is an outbox that crashes before or after a Put.
type crashingQueue struct {
	*store.Outbox
	*crashAfter
}

func (b crashingQueue) Put(ctx context.Context, messages ...booking.Message) (int, error) {
	if err := b.step(); err != nil {
		return 0, err
	}
	n, err := b.Outbox.Put(ctx, messages...)
	return n, errors.Join(err, b.step())
}

// TestNoReminderTwiceInAThousandRestarts kills the program at random moments of
// planning and of sending, a thousand times, while the hours go by.
func TestNoReminderTwiceInAThousandRestarts(t *testing.T) {
	t.Parallel()
	const restarts = 1000
	path := filepath.Join(t.TempDir(), "maitre.db")
	synctest.Test(t, func(t *testing.T) {
		w := &carrierState{chance: rand.New(rand.NewPCG(7, 11)), seen: map[string]time.Time{}, hidden: map[string]bool{}}
		chance := rand.New(rand.NewPCG(13, 17))
		d := &fakeLedger{days: map[booking.Date][]booking.Booking{}}
		for day := range booking.Date(60) {
			for n := range 3 {
				d.days[sunday+day] = append(d.days[sunday+day], booking.Booking{
					ID: fmt.Sprintf("%02d-%d", day, n), Date: sunday + day, Phone: booking.Phone(fmt.Sprintf("+346%08d", int(day)*10+n)),
				})
			}
		}
		for range restarts {
			runUntilCrash(t, path, w, d, chance)
			time.Sleep(time.Duration(chance.IntN(150)) * time.Minute)
		}
		times := map[string]int{}
		for _, l := range w.messages {
			times[l.Message]++
		}
		for id, n := range times {
			if n > 1 && !w.hidden[id] {
				t.Errorf("message %s left %d times", id, n)
			}
		}
		if len(times) < 120 {
			t.Errorf("%d reminders left in all; want most of 180", len(times))
		}
	})
}

// runUntilCrash opens the file and runs reminders and sender until a crash.
func runUntilCrash(t *testing.T, path string, w *carrierState, d *fakeLedger, chance *rand.Rand) {
	t.Helper()
	file, err := store.Open(context.Background(), path, store.Options{Slug: "casa"})
	if err != nil {
		t.Fatal(err)
	}
	alive := &crashAfter{steps: 1 + chance.IntN(30), crashed: make(chan struct{})}
	sender := retry.NewSender(crashingOutbox{file.Outbox(), alive}, crashingCarrier{w, alive}, retry.SenderOptions{Template: templates, Jitter: highest})
	planner := reminding(d, crashingQueue{file.Outbox(), alive})
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(chance.IntN(20))*time.Minute)
	var done sync.WaitGroup
	done.Go(func() { planner.Run(ctx) })
	done.Go(func() { sender.Run(ctx) })
	select {
	case <-alive.crashed:
	case <-ctx.Done():
	}
	cancel()
	done.Wait()
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
}
