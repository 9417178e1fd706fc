package store_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"maitre/booking"
	"maitre/store"
)

// TestRetentionIsKeptHourByHour lets a year and a day pass over a booking.
func TestRetentionIsKeptHourByHour(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "maitre.db")
	synctest.Test(t, func(t *testing.T) {
		f, err := store.Open(context.Background(), path, store.Options{Slug: "casa"})
		if err != nil {
			t.Fatal(err)
		}
		today := booking.NewDate(time.Now().UTC().Date())
		for i := range 3 {
			b := store.NewTestBooking(fmt.Sprint("b", i), fmt.Sprint("C", i), today.AddDays(i))
			if _, err := f.Local().Accept(t.Context(), booking.Entry{Booking: b}); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(12 * time.Hour) // noon: before six in the morning it is still yesterday's service day
		ctx, stop := context.WithCancel(context.Background())
		wait := f.KeepForgetting(ctx, time.UTC, 365)
		left := func() (n int) {
			synctest.Wait()
			for i := range 3 {
				day, err := f.Local().Day(t.Context(), today.AddDays(i))
				if err != nil {
					t.Fatal(err)
				}
				n += len(day.Bookings)
			}
			return n
		}
		for _, step := range []struct{ after, want int }{{365, 3}, {1, 2}, {1, 1}, {1, 0}} {
			time.Sleep(time.Duration(step.after) * 24 * time.Hour)
			if got := left(); got != step.want {
				t.Errorf("%d bookings are left at %s, want %d", got, time.Now(), step.want)
			}
		}
		stop()
		wait()
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	store.CheckFile(t, path)
}
