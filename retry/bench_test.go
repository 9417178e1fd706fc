package retry_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"maitre/booking"
	"maitre/retry"
	"maitre/store"
	"maitre/store/restaurantfile"
)

// BenchmarkStart starts desk and worker over a hundred thousand bookings that wait
// to be written: from opening the data file until a guest knows what is free and
// the worker has read what is due. heap-MiB is what they hold in memory then.
func BenchmarkStart(b *testing.B) {
	n := 100_000
	if testing.Short() {
		n = 1_000
	}
	described, err := restaurantfile.LoadFile("")
	if err != nil {
		b.Fatal(err)
	}
	restaurant := described.Restaurant
	path := filepath.Join(b.TempDir(), "maitre.db")
	file, err := store.Open(b.Context(), path, store.Options{Slug: restaurant.Slug})
	if err != nil {
		b.Fatal(err)
	}
	all := fullBook(restaurant, n, time.Now())
	keepAll(b, file.Journal(), all, time.Now())
	busy := all[0].Date
	for busy.Weekday() != time.Friday {
		busy = busy.AddDays(1)
	}
	all = nil
	if err := file.Close(); err != nil {
		b.Fatal(err)
	}
	before := heap()
	var after uint64
	b.ResetTimer()
	for b.Loop() {
		file, err := store.Open(b.Context(), path, store.Options{Slug: restaurant.Slug})
		if err != nil {
			b.Fatal(err)
		}
		looked := make(chan struct{}, 1)
		r := newFakeRecord()
		r.refresh = func(context.Context) *booking.RecordError {
			select {
			case looked <- struct{}{}:
			default:
			}
			return unreachable
		}
		config := booking.Config{
			Restaurant: restaurant, Ledger: mirrorLedger{file.Mirror()}, Locks: store.NewDateLocks(), Clock: systemClock{}, NewID: store.NewIDs(), NewCode: store.NewCode,
		}
		worker := retry.New(retry.Config{Journal: file.Journal(), Record: r, Rechecker: booking.NewRechecker(config, file.Journal().Accept), Breaker: retry.NewBreaker("Airtable", retry.BreakerOptions{}), Words: testWords{}, Clock: systemClock{}})
		config.Journal = worker
		desk := booking.NewDesk(config)
		ctx, stop := context.WithCancel(b.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			worker.Run(ctx)
		}()
		if slots, err := desk.Availability(ctx, booking.Query{Date: busy, Party: 2}); err != nil || len(slots) == 0 {
			b.Fatal(slots, err)
		}
		if depth, err := file.Journal().Depth(ctx); err != nil || depth.Pending != n {
			b.Fatal(depth, err)
		}
		<-looked
		b.StopTimer()
		after = heap()
		stop()
		<-done
		_ = file.Close()
		b.StartTimer()
	}
	b.ReportMetric(float64(after-before)/(1<<20), "heap-MiB")
	if size, err := os.Stat(path); err == nil {
		b.ReportMetric(float64(size.Size())/(1<<20), "file-MiB")
	}
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
