package store

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"maitre/booking"
)

// A reader reads a day, a write changes the day, and then the reader fills in what
// it read: the day must show the write.
func TestStaleFillIsRefused(t *testing.T) {
	t.Parallel()
	for _, known := range []bool{false, true} {
		d := newDays(8)
		if known {
			d.fill(testDate, nil, nil, d.generation(testDate))
			d.drop([]booking.Date{testDate})
		}
		generation := d.generation(testDate)
		var read []booking.Booking // before the write
		d.put(NewTestBooking("1", "C1", testDate), nil)
		if day := d.fill(testDate, read, nil, generation); len(day.Bookings) != 0 {
			t.Errorf("the reader got %d bookings, read none", len(day.Bookings))
		}
		if d.get(testDate) != nil {
			t.Error("the stale day is held")
		}
	}
}

// The same with a real file, readers and writers: a read after an acknowledgement
// shows the booking.
func TestDayShowsWhatWasAcknowledged(t *testing.T) {
	t.Parallel()
	f := OpenTest(t, filepath.Join(t.TempDir(), "maitre.db"), Options{})
	f.days = newDays(2) // so that days are let go of and read again all the time
	ledger := f.Local()
	dates := []booking.Date{testDate, testDate + 1, testDate + 2, testDate + 256}
	done := make(chan struct{})
	var readers, writers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-done:
					return
				default:
				}
				day, err := ledger.Day(context.Background(), dates[i%len(dates)])
				if err != nil {
					t.Error(err)
					return
				}
				if !slices.IsSortedFunc(day.Bookings, func(a, b booking.Booking) int { return strings.Compare(a.ID, b.ID) }) {
					t.Error("out of order")
				}
			}
		})
	}
	for w := range 4 {
		writers.Go(func() {
			for n := range 50 {
				id := fmt.Sprintf("%d-%03d", w, n)
				from, to := dates[n%len(dates)], dates[(n+1)%len(dates)]
				b := NewTestBooking(id, "C"+id, from)
				if _, err := ledger.Accept(context.Background(), booking.Entry{Booking: b}); err != nil {
					t.Error(err)
				}
				shows(t, ledger, from, id, true)
				moved := b
				moved.Date = to
				if _, err := ledger.Accept(context.Background(), booking.Entry{Booking: moved, Was: &b}); err != nil {
					t.Error(err)
				}
				shows(t, ledger, from, id, false)
				shows(t, ledger, to, id, true)
			}
		})
	}
	writers.Wait()
	close(done)
	readers.Wait()
	for _, date := range dates {
		day, err := ledger.Day(t.Context(), date)
		if err != nil || len(day.Bookings) < 48 || len(day.Bookings) > 52 {
			t.Errorf("%s has %d bookings (%v), want about 50", date, len(day.Bookings), err)
		}
	}
}

func shows(t *testing.T, ledger *Local, date booking.Date, id string, want bool) {
	t.Helper()
	day, err := ledger.Day(context.Background(), date)
	if err != nil {
		t.Error(err)
		return
	}
	if got := slices.ContainsFunc(day.Bookings, func(b booking.Booking) bool { return b.ID == id }); got != want {
		t.Errorf("%s shows %s: %v, want %v", date, id, got, want)
	}
}

// A day that was handed out never changes, whatever is written later.
func TestDaysHandedOutStayAsTheyAre(t *testing.T) {
	t.Parallel()
	d := newDays(8)
	d.fill(testDate, nil, nil, d.generation(testDate))
	var (
		handed []*booking.Day
		copies [][]booking.Booking
	)
	for n := range 40 {
		b := NewTestBooking(fmt.Sprintf("%02d", n*7%40), "", testDate) // at the end, and in the middle
		was := b
		switch {
		case n%5 == 4: // one goes to another date
			b.ID = handed[n-1].Bookings[0].ID
			b.Date++
		case n%7 == 6: // one changes
			b.ID = handed[n-1].Bookings[0].ID
			b.Name = fmt.Sprint("Eva ", n)
		}
		d.put(b, &was)
		day := d.get(testDate)
		handed, copies = append(handed, day), append(copies, slices.Clone(day.Bookings))
		if grown := append(day.Bookings, NewTestBooking("zz", "", testDate)); len(grown) != len(day.Bookings)+1 {
			t.Fatal("no append")
		}
	}
	for i, day := range handed {
		for j, b := range day.Bookings {
			if b.ID != copies[i][j].ID || b.Name != copies[i][j].Name {
				t.Errorf("day %d changed at %d: %s, was %s", i, j, b.ID, copies[i][j].ID)
			}
		}
	}
}

func TestDaysAreBounded(t *testing.T) {
	t.Parallel()
	f := OpenTest(t, filepath.Join(t.TempDir(), "maitre.db"), Options{})
	for n := range 3 * maxDays {
		if _, err := f.Local().Day(t.Context(), testDate.AddDays(n)); err != nil {
			t.Fatal(err)
		}
	}
	if n := f.Decoded(); n != maxDays {
		t.Errorf("%d days are held, want %d", n, maxDays)
	}
	day, _ := f.Local().Day(t.Context(), testDate)
	if again, _ := f.Local().Day(t.Context(), testDate); again != day {
		t.Error("a day that was just asked for is not held")
	}
}
