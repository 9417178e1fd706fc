package bolt

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Who probes at the same time, or within a second, shares one write; a clock that is
// set back keeps nobody from probing.
func TestProbesAreShared(t *testing.T) {
	t.Parallel()
	var (
		now   atomic.Int64
		asked atomic.Int64
	)
	start := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	db := openAt(t, filepath.Join(t.TempDir(), "test.db"), Options{
		Now:       func() time.Time { return start.Add(time.Duration(now.Load())) },
		FreeSpace: func(string) (uint64, error) { asked.Add(1); return 1 << 40, nil },
	})
	for _, c := range []struct {
		at     time.Duration
		writes int64
	}{{0, 1}, {999 * time.Millisecond, 0}, {time.Second, 1}, {-time.Hour, 1}, {-time.Hour + time.Second/2, 0}} {
		now.Store(int64(c.at))
		before, looked := db.durable.Load(), asked.Load()
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if err := db.Probe(context.Background()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n := db.durable.Load() - before; n != c.writes || asked.Load()-looked != c.writes {
			t.Errorf("at %v: %d writes, and the disk's space was asked for %d times; want %d", c.at, n, asked.Load()-looked, c.writes)
		}
	}
	if free, low := db.DiskSpace(); free != 1<<40 || low {
		t.Error(free, low)
	}
	release := hold(db)
	now.Store(int64(time.Hour))
	gone, cancel := context.WithCancelCause(t.Context())
	hungUp := errors.New("the caller hung up")
	cancel(hungUp)
	if err := db.Probe(gone); !errors.Is(err, hungUp) {
		t.Errorf("while the writer is busy: %v", err)
	}
	release()
	if err := db.Probe(t.Context()); err != nil {
		t.Error(err)
	}
}
