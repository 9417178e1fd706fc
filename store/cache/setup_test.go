package cache_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"maitre/store/cache"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var errDown = errors.New("source is down")

func open(t testing.TB, options cache.Options) *cache.Cache {
	t.Helper()
	c, err := cache.New(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// timed runs f with a cache and a fake clock.
func timed(t *testing.T, options cache.Options, f func(t *testing.T, c *cache.Cache)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		c := open(t, options)
		f(t, c)
		synctest.Wait()
		check(t, c)
		c.Close()
	})
}

// day names the snapshot of a date, tagged with it.
func day(date string) cache.Entry {
	return cache.Entry{Key: "day/" + date, Kind: "day", Tags: []cache.Tag{dateTag(date)}}
}

func dateTag(date string) cache.Tag { return cache.Tag("date:" + date) }

// source is asked by fills; it counts.
type source struct {
	calls atomic.Int64
	down  atomic.Bool
	takes time.Duration
}

func (s *source) fill(ctx context.Context) (string, error) {
	n := s.calls.Add(1)
	if s.takes > 0 {
		select {
		case <-time.After(s.takes):
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
	if s.down.Load() {
		return "", errDown
	}
	return fmt.Sprint("v", n), nil
}

func get(t testing.TB, c *cache.Cache, e cache.Entry, fill func(context.Context) (string, error)) string {
	t.Helper()
	value, err := cache.Get(t.Context(), c, e, fill)
	if err != nil {
		t.Fatalf("get %s: %v", e.Key, err)
	}
	return value
}

func put(c *cache.Cache, e cache.Entry, value string) { c.Put(e, value) }

// mustNotFill is the fill of an entry that is expected to be there.
func mustNotFill(t testing.TB) func(context.Context) (string, error) {
	return func(context.Context) (string, error) {
		t.Error("not a hit")
		return "filled", nil
	}
}

func check(t testing.TB, c *cache.Cache) {
	t.Helper()
	if err := c.Check(); err != nil {
		t.Errorf("index and ristretto disagree: %v", err)
	}
}

func counted(t testing.TB, reg *prometheus.Registry, kind, result string) int {
	t.Helper()
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		if family.GetName() != "maitre_cache_requests_total" {
			continue
		}
		for _, m := range family.GetMetric() {
			labels := map[string]string{}
			for _, l := range m.GetLabel() {
				labels[l.GetName()] = l.GetValue()
			}
			if labels["kind"] == kind && labels["result"] == result {
				return int(m.GetCounter().GetValue())
			}
		}
	}
	return 0
}
