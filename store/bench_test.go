package store_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"maitre/booking"
	"maitre/store"
)

// BenchmarkAccept is bookings with their answers from several callers;
// BenchmarkPut, to compare, one bare value of the same size through the same
// group commit.
func BenchmarkAccept(b *testing.B) {
	answer := make([]byte, 400)
	var n atomic.Int64
	callers(b, func(f *store.File, id string) error {
		i := n.Add(1)
		_, err := f.Local().Accept(context.Background(), booking.Entry{
			Booking: varied(id, i), Answer: &booking.StoredAnswer{Key: fmt.Sprintf("vapi:%016x:%016x", uint64(i)*0x9E3779B97F4A7C15, i), Answer: answer},
		})
		return err
	})
}

func BenchmarkPut(b *testing.B) {
	value, err := json.Marshal(store.NewTestBooking("01JD0000000000000000000001", "K7QF", booking.NewDate(2030, 1, 1)))
	if err != nil {
		b.Fatal(err)
	}
	value = append(value, make([]byte, 450)...)
	callers(b, func(f *store.File, id string) error { return f.Put(context.Background(), []byte(id), value) })
}

// BenchmarkJournalAccept is new bookings that are kept in the mirror and the
// journal, BenchmarkJournalDone the way of one from there into the archive too.
func BenchmarkJournalAccept(b *testing.B) {
	var n atomic.Int64
	callers(b, func(f *store.File, id string) error {
		_, err := f.Journal().Accept(context.Background(), booking.Entry{Booking: varied(id, n.Add(1))}, time.Now())
		return err
	})
}

func BenchmarkJournalDone(b *testing.B) {
	var n atomic.Int64
	callers(b, func(f *store.File, id string) error {
		e, err := f.Journal().Accept(context.Background(), booking.Entry{Booking: varied(id, n.Add(1))}, time.Now())
		if err == nil {
			_, err = f.Journal().Done(context.Background(), e.ID, e.Rev, e.Booking, "rec"+id, time.Now())
		}
		return err
	})
}

// varied is a booking of one of ninety days and of one of many guests.
func varied(id string, i int64) booking.Booking {
	bk := store.NewTestBooking(id, "C"+id, booking.NewDate(2030, 1, 1).AddDays(int(i%90)))
	bk.Phone = booking.Phone(fmt.Sprintf("+346%08d", i*7919%100_000_000))
	return bk
}

// callers measures a write by 1, 16, 64 and 128 callers at once, over days of
// bookings that are held decoded.
func callers(b *testing.B, write func(f *store.File, id string) error) {
	for _, n := range []int{1, 16, 64, 128} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			f, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "maitre.db"), store.Options{Slug: "casa"})
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = f.Close() }()
			for day := range 90 {
				if _, err := f.Local().Day(b.Context(), booking.NewDate(2030, 1, 1).AddDays(day)); err != nil {
					b.Fatal(err)
				}
			}
			newID := store.NewIDs()
			took := make([]time.Duration, b.N)
			var (
				next atomic.Int64
				all  sync.WaitGroup
			)
			commits := f.Commits()
			b.ReportAllocs()
			b.ResetTimer()
			for range n {
				all.Go(func() {
					for i := next.Add(1) - 1; i < int64(b.N); i = next.Add(1) - 1 {
						start := time.Now()
						if err := write(f, newID(start)); err != nil {
							b.Error(err)
							return
						}
						took[i] = time.Since(start)
					}
				})
			}
			all.Wait()
			b.StopTimer()
			slices.Sort(took)
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "writes/s")
			b.ReportMetric(float64(b.N)/float64(f.Commits()-commits), "writes/commit")
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
		})
	}
}

// A day of two hundred bookings: held decoded, and read from the file.
func BenchmarkDay(b *testing.B) {
	f, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "maitre.db"), store.Options{Slug: "casa"})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	date := booking.NewDate(2030, 1, 1)
	newID := store.NewIDs()
	var all sync.WaitGroup
	for range 200 {
		all.Go(func() {
			id := newID(time.Now())
			if _, err := f.Local().Accept(context.Background(), booking.Entry{Booking: store.NewTestBooking(id, "C"+id, date)}); err != nil {
				b.Error(err)
			}
		})
	}
	all.Wait()
	b.Run("warm", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, _ = f.Local().Day(b.Context(), date)
		}
	})
	b.Run("warm-parallel", func(b *testing.B) {
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				_, _ = f.Local().Day(context.Background(), date)
			}
		})
	})
	b.Run("cold", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			f.DropDay(date)
			_, _ = f.Local().Day(b.Context(), date)
		}
	})
}

func BenchmarkRecall(b *testing.B) {
	f, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "maitre.db"), store.Options{Slug: "casa"})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if err := f.Remember(b.Context(), booking.StoredAnswer{Key: "a", Answer: make([]byte, 400)}); err != nil {
		b.Fatal(err)
	}
	for _, key := range []string{"a", "b"} {
		b.Run(map[string]string{"a": "found", "b": "unknown"}[key], func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _, _ = f.Recall(b.Context(), key)
			}
		})
	}
}

// many returns how much a large file holds; with -short, which shows whether a benchmark
// works and not how fast, it holds little.
func many() int {
	if testing.Short() {
		return 1_000
	}
	return 100_000
}

// BenchmarkOpen opens a file that holds a hundred thousand bookings, each with an answer.
func BenchmarkOpen(b *testing.B) {
	path := filepath.Join(b.TempDir(), "maitre.db")
	f, err := store.Open(b.Context(), path, store.Options{Slug: "casa"})
	if err != nil {
		b.Fatal(err)
	}
	var all sync.WaitGroup
	for caller := range 128 {
		all.Go(func() {
			for n := caller; n < many(); n += 128 {
				entry := booking.Entry{
					Booking: store.NewTestBooking(fmt.Sprintf("%026d", n), fmt.Sprint("C", n), christmas.AddDays(n%365)),
					Answer:  &booking.StoredAnswer{Key: fmt.Sprint("vapi/", n), Answer: make([]byte, 600)},
				}
				if _, err := f.Local().Accept(b.Context(), entry); err != nil {
					b.Error(err)
				}
			}
		})
	}
	all.Wait()
	for b.Loop() {
		if err := f.Close(); err != nil {
			b.Fatal(err)
		}
		if f, err = store.Open(b.Context(), path, store.Options{Slug: "casa"}); err != nil {
			b.Fatal(err)
		}
	}
	size, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(size.Size())/(1<<20), "MiB")
	_ = f.Close()
}

// BenchmarkOpenJournal opens a file in which a hundred thousand bookings wait,
// and reports how much memory the open file takes.
func BenchmarkOpenJournal(b *testing.B) {
	path := filepath.Join(b.TempDir(), "maitre.db")
	f, err := store.Open(b.Context(), path, store.Options{Slug: "casa"})
	if err != nil {
		b.Fatal(err)
	}
	newID := store.NewIDs()
	var all sync.WaitGroup
	for caller := range 128 {
		all.Go(func() {
			for n := caller; n < many(); n += 128 {
				if _, err := f.Journal().Accept(b.Context(), booking.Entry{Booking: varied(newID(time.Now()), int64(n))}, time.Now()); err != nil {
					b.Error(err)
				}
			}
		})
	}
	all.Wait()
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
	f = nil
	before := heap()
	for b.Loop() {
		if f != nil {
			if err := f.Close(); err != nil {
				b.Fatal(err)
			}
		}
		if f, err = store.Open(b.Context(), path, store.Options{Slug: "casa"}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(heap()-before)/(1<<20), "MiB-heap")
	if depth, err := f.Journal().Depth(b.Context()); err != nil || depth.Pending != many() {
		b.Fatal(depth, err)
	}
	size, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(size.Size())/(1<<20), "MiB")
	_ = f.Close()
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
