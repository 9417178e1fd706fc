package cache_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"maitre/store/cache"
)

// snapshot is a stand-in for a day's bookings: big enough not to be copied.
type snapshot [64]int

func names(n int) []cache.Entry {
	entries := make([]cache.Entry, n)
	for i := range entries {
		date := fmt.Sprint(i / 50)
		entries[i] = cache.Entry{Key: fmt.Sprint("seats/", date, "/", i%50), Kind: "seats", Tags: []cache.Tag{dateTag(date)}}
	}
	return entries
}

// filled returns a cache that holds value under each of entries, fifty a date.
func filled(b *testing.B, entries []cache.Entry, value *snapshot) *cache.Cache {
	b.Helper()
	c := open(b, cache.Options{MaxEntries: len(entries) * 2, Registerer: prometheus.NewRegistry()})
	for _, e := range entries {
		c.Put(e, value)
	}
	return c
}

func notFilled(context.Context) (*snapshot, error) { return nil, errDown }

func BenchmarkHit(b *testing.B) {
	entries := names(4096)
	c := filled(b, entries, &snapshot{})
	ctx := b.Context()
	b.Run("serial", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if _, err := cache.Get(ctx, c, entries[i%len(entries)], notFilled); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("parallel", func(b *testing.B) {
		b.ReportAllocs()
		b.RunParallel(func(pb *testing.PB) {
			for i := 0; pb.Next(); i++ {
				if _, err := cache.Get(ctx, c, entries[i%len(entries)], notFilled); err != nil {
					b.Error(err)
					return
				}
			}
		})
	})
	b.Run("parallel, one key", func(b *testing.B) {
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if _, err := cache.Get(ctx, c, entries[0], notFilled); err != nil {
					b.Error(err)
					return
				}
			}
		})
	})
}

func BenchmarkMiss(b *testing.B) {
	c := open(b, cache.Options{})
	e := names(1)[0]
	b.ReportAllocs()
	for b.Loop() {
		c.Invalidate(e.Tags...)
		if _, err := cache.Get(b.Context(), c, e, func(context.Context) (*snapshot, error) { return nil, nil }); err != nil {
			b.Fatal(err)
		}
	}
}

// One date with its fifty entries among many. The next put deletes them from ristretto.
func BenchmarkInvalidateOneDate(b *testing.B) {
	for _, n := range []int{1_000, 100_000, 1_000_000} {
		if testing.Short() && n > 1_000 {
			continue
		}
		b.Run(fmt.Sprint("of ", n), func(b *testing.B) {
			entries, value := names(n), &snapshot{}
			c := filled(b, entries, value)
			date, next := 0, time.Duration(0)
			for b.Loop() {
				ours := entries[date*50 : date*50+50]
				if forgotten := c.Invalidate(ours[0].Tags...); forgotten != 50 {
					b.Fatalf("%d forgotten", forgotten)
				}
				b.StopTimer()
				began := time.Now()
				c.Put(ours[0], value)
				next += time.Since(began)
				for _, e := range ours[1:] {
					c.Put(e, value)
				}
				date = (date + 1) % (n / 50)
				b.StartTimer()
			}
			b.ReportMetric(float64(next.Nanoseconds())/float64(b.N), "ns/next-put")
		})
	}
}

// What an entry takes beside its key and value, ristretto's part included.
func BenchmarkMemoryOfAnEntry(b *testing.B) {
	const n = 100_000
	entries, value := names(n), &snapshot{}
	heap := func() uint64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	for b.Loop() {
		empty := heap()
		c := open(b, cache.Options{MaxEntries: n})
		opened := heap()
		for _, e := range entries {
			c.Put(e, value)
		}
		full := heap()
		b.ReportMetric(float64(opened-empty)/n, "B/slot")
		b.ReportMetric(float64(full-opened)/n, "B/entry")
		c.Close()
	}
	runtime.KeepAlive(entries)
}
