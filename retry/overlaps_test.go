package retry_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"maitre/booking"
	"maitre/retry"
)

// overlapsFixture is the bookings of two days, the alerts, and what is on disk.
type overlapsFixture struct {
	mu     sync.Mutex
	days   map[booking.Date][]booking.Booking
	alerts []string
	keys   map[string]bool
	disk   map[string][]byte
	broken error // of the disk
	log    strings.Builder
}

func (w *overlapsFixture) Day(_ context.Context, date booking.Date) (*booking.Day, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return &booking.Day{Date: date, Bookings: append([]booking.Booking(nil), w.days[date]...)}, w.broken
}

func (w *overlapsFixture) Dates(_ context.Context, from booking.Date) (dates []booking.Date, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for date := range w.days {
		if date >= from {
			dates = append(dates, date)
		}
	}
	return dates, w.broken
}

func (w *overlapsFixture) Put(_ context.Context, messages ...booking.Message) (kept int, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, m := range messages {
		if !w.keys[m.Key] {
			w.keys[m.Key] = true
			w.alerts = append(w.alerts, m.Text)
			kept++
		}
	}
	return kept, nil
}

func (w *overlapsFixture) Keep(_ context.Context, name string, value []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.broken == nil {
		w.disk[name] = value
	}
	return w.broken
}

func (w *overlapsFixture) Kept(_ context.Context, name string) ([]byte, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.disk[name], w.broken
}

func (w *overlapsFixture) put(changed *retry.Dates, b ...booking.Booking) {
	w.mu.Lock()
	w.days[b[0].Date] = b
	w.mu.Unlock()
	changed.Add(b[0].Date)
}

func (w *overlapsFixture) fail(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.broken = err
}

// said returns the alerts since the last call.
func (w *overlapsFixture) said() string {
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	all := strings.Join(w.alerts, "; ")
	w.alerts = nil
	return all
}

func (w *overlapsFixture) run(ctx context.Context, changed *retry.Dates) (o *retry.Overlaps, wait func()) {
	o = retry.NewOverlaps(retry.OverlapsConfig{
		Changed: changed, Ledger: w, Booked: w.Dates, Outbox: w, Notebook: w, Staff: []booking.Phone{"+34600111222"}, Clock: systemClock{}, Lasting: 20 * time.Second,
		Today: func() booking.Date { return booking.NewDate(time.Now().UTC().Date()) }, Log: slog.New(slog.NewTextHandler(&w.log, nil)),
		Word: func(_ time.Time, to booking.Phone, found []booking.Overlap) booking.Message {
			var pairs []string
			for _, o := range found {
				pairs = append(pairs, o.First.ID+"+"+o.Second.ID)
			}
			return booking.Message{To: to, Text: strings.Join(pairs, " ")}
		},
	})
	done := make(chan struct{})
	go func() { defer close(done); o.Run(ctx) }()
	return o, func() { <-done }
}

func at(id string, day int, hour int, table string) booking.Booking {
	today := booking.NewDate(time.Now().UTC().Date())
	date := today.AddDays(day)
	start, _ := date.Instant(booking.NewTimeOfDay(hour, 0), time.UTC)
	return booking.Booking{ID: id, Date: date, Start: start, End: start.Add(2 * time.Hour), Tables: []string{table}, Status: booking.Confirmed}
}

func TestOverlapsAreReportedOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &overlapsFixture{days: map[booking.Date][]booking.Booking{}, keys: map[string]bool{}, disk: map[string][]byte{}}
		changed := retry.NewDates()
		ctx, stop := context.WithCancel(t.Context())
		w.put(changed, at("past1", -1, 21, "T1"), at("past2", -1, 21, "T1"))
		w.put(changed, at("a", 1, 21, "T1"), at("b", 1, 22, "T1"), at("c", 1, 21, "T2"))
		o, wait := w.run(ctx, changed)
		want := func(what, want string) {
			t.Helper()
			if got := w.said(); got != want {
				t.Errorf("%s: got %q, want %q", what, got, want)
			}
		}
		want("at once", "")
		if n, dates := o.Found(); n != 1 || len(dates) != 1 {
			t.Errorf("found %d on %v", n, dates)
		}
		time.Sleep(20 * time.Second)
		want("having lasted", "a+b")
		time.Sleep(time.Hour)
		w.put(changed, at("a", 1, 21, "T1"), at("b", 1, 22, "T1"))
		time.Sleep(time.Hour)
		want("changed otherwise", "")

		// A swap of two tables is not reported.
		w.put(changed, at("x", 2, 21, "T2"), at("y", 2, 21, "T2"))
		time.Sleep(10 * time.Second)
		w.put(changed, at("x", 2, 21, "T2"), at("y", 2, 21, "T1"))
		time.Sleep(time.Hour)
		want("swapped", "")

		// A restart, in the middle of which the disk fails.
		stop()
		wait()
		ctx, stop = context.WithCancel(t.Context())
		w.fail(errors.New("no space left on device"))
		o, wait = w.run(ctx, retry.NewDates())
		time.Sleep(time.Minute)
		w.fail(nil)
		time.Sleep(time.Hour)
		want("restarted", "")
		if n, _ := o.Found(); n != 1 {
			t.Errorf("found %d", n)
		}
		stop()
		wait()

		// Gone, and come back.
		ctx, stop = context.WithCancel(t.Context())
		changed = retry.NewDates()
		o, wait = w.run(ctx, changed)
		w.put(changed, at("a", 1, 21, "T1"), at("b", 1, 22, "T3"))
		synctest.Wait()
		if n, _ := o.Found(); n != 0 {
			t.Errorf("gone, found %d", n)
		}
		w.put(changed, at("a", 1, 21, "T1"), at("b", 1, 22, "T1"))
		time.Sleep(time.Hour)
		want("come back", "a+b")

		// Many are reported together, in at most five messages an hour.
		messages := 0
		for n := range 30 {
			w.put(changed, at(fmt.Sprint("m", n), 3+n, 21, "T1"), at(fmt.Sprint("n", n), 3+n, 21, "T1"))
			time.Sleep(time.Minute)
		}
		synctest.Wait()
		w.mu.Lock()
		messages = len(w.alerts)
		w.mu.Unlock()
		time.Sleep(2 * time.Hour)
		all := w.said()
		if messages > 6 || strings.Count(all, "+") != 30 {
			t.Errorf("%d messages, in the end of %d: %s", messages, strings.Count(all, "+"), all)
		}
		stop()
		wait()
		var notes struct{ Told []any }
		if err := json.Unmarshal(w.disk["overlaps"], &notes); err != nil || len(notes.Told) != 31 {
			t.Errorf("%d on disk, %v", len(notes.Told), err)
		}
		if n := strings.Count(w.log.String(), "two bookings are on one table"); n != 32 {
			t.Errorf("the log has %d", n)
		}
	})
}

// More dates than are kept one by one count as all.
func TestTooManyDatesMeanAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &overlapsFixture{days: map[booking.Date][]booking.Booking{}, keys: map[string]bool{}, disk: map[string][]byte{}}
		changed := retry.NewDates()
		ctx, stop := context.WithCancel(t.Context())
		o, wait := w.run(ctx, changed)
		synctest.Wait()
		w.mu.Lock()
		for day := range 1500 {
			a, b := at(fmt.Sprint("a", day), day, 21, "T1"), at(fmt.Sprint("b", day), day, 21, "T1")
			w.days[a.Date] = []booking.Booking{a, b}
			changed.Add(a.Date)
		}
		w.mu.Unlock()
		synctest.Wait()
		if n, _ := o.Found(); n != 1500 {
			t.Errorf("found %d", n)
		}
		stop()
		wait()
	})
}

// Values that could not be read are reported once, however many they are.
func TestQuarantinedValuesAreReportedOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &overlapsFixture{keys: map[string]bool{}, disk: map[string][]byte{}}
		began := time.Now()
		aside := []booking.Quarantined{
			{Bucket: "bookings", At: began}, {Bucket: "outbox", At: began}, {Bucket: "days", At: began, Replaced: true}, {Bucket: "journal", At: began, Replaced: true},
			{Bucket: "phones", At: began, Seen: began},
		}
		run := func() (stop func()) {
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan struct{})
			q := retry.NewQuarantine(retry.QuarantineConfig{
				Check: func(context.Context) error { return nil }, Outbox: w, Notebook: w, Staff: []booking.Phone{"+34600111222"}, Clock: systemClock{},
				Values: func(context.Context, int) ([]booking.Quarantined, error) {
					w.mu.Lock()
					defer w.mu.Unlock()
					return slices.Clone(aside), nil
				},
				Word: func(_ time.Time, to booking.Phone, values, bookings int) booking.Message {
					return booking.Message{To: to, Text: fmt.Sprint(values, " ", bookings)}
				},
			})
			go func() { defer close(done); q.Run(ctx) }()
			return func() { cancel(); <-done }
		}
		stop := run()
		if got := w.said(); got != "3 1" {
			t.Errorf("got %q", got)
		}
		stop()
		stop = run()
		time.Sleep(time.Hour)
		if got := w.said(); got != "" {
			t.Errorf("after a restart, got %q", got)
		}
		w.mu.Lock()
		aside = append(aside, booking.Quarantined{Bucket: "waitlist", At: time.Now()})
		w.mu.Unlock()
		time.Sleep(time.Hour)
		if got := w.said(); got != "1 0" {
			t.Errorf("of another, got %q", got)
		}
		stop()
	})
}
