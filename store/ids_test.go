package store_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"

	"maitre/store"
)

func TestIDsAreInOrder(t *testing.T) {
	t.Parallel()
	newID := store.NewIDs()
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	var ids []string
	for n := range 3000 {
		at := now
		switch {
		case n == 1000:
			at = now.Add(-time.Hour) // the clock is set back
		case n == 1001:
			at = time.Time{}
		case n > 2000:
			at = now.Add(time.Duration(n) * time.Millisecond)
		}
		ids = append(ids, newID(at))
	}
	if !slices.IsSorted(ids) || len(slices.Compact(slices.Clone(ids))) != len(ids) {
		t.Error("IDs are out of order, or not unique")
	}
	if id, err := ulid.ParseStrict(ids[0]); err != nil || !ulid.Time(id.Time()).Equal(now) {
		t.Errorf("%s: %v", ids[0], err)
	}
}

func TestIDsAreUnique(t *testing.T) {
	t.Parallel()
	var (
		newID = store.NewIDs()
		now   = time.Now()
		mu    sync.Mutex
		seen  = map[string]bool{}
		all   sync.WaitGroup
	)
	for range 8 {
		all.Go(func() {
			last := ""
			for range 1000 {
				id := newID(now)
				if id <= last {
					t.Errorf("%s after %s", id, last)
				}
				last = id
				mu.Lock()
				if seen[id] {
					t.Errorf("%s twice", id)
				}
				seen[id] = true
				mu.Unlock()
			}
		})
	}
	all.Wait()
}
