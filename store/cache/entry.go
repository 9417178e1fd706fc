package cache

import (
	"sync"
	"sync/atomic"
	"time"
)

// entry is what lies in ristretto. Whoever finds one checks key and dead.
type entry struct {
	key   string
	hash  uint64
	value any
	born  time.Duration // when the oldest thing in it was asked for, as elapsed
	kind  *results

	dead       atomic.Bool  // invalidated: not to be served, wherever it is found
	stale      atomic.Bool  // its last refresh failed
	refreshing atomic.Bool  // a hint, so that a stale hit seldom needs the lock
	used       atomic.Bool  // hit since the hand passed it
	retry      atomic.Int64 // no refresh in the background before, as elapsed

	// Guarded by Cache.mu.
	out          bool // ristretto let it go
	slots        []slot
	older, newer *entry
}

// slot says where an entry stands in the list of one of its tags.
type slot struct {
	tagged *tagged
	at     int
}

// left collects what ristretto let go: evicted, rejected, overwritten. It has a
// lock of its own, because ristretto calls it from its own goroutine too, for
// which a holder of Cache.mu may be waiting.
type left struct {
	mu      sync.Mutex
	entries []*entry
}

// add is ristretto's OnExit. It is called with nil when a deletion found nothing.
func (l *left) add(e *entry) {
	if e == nil || e.dead.Load() {
		return
	}
	l.mu.Lock()
	l.entries = append(l.entries, e)
	l.mu.Unlock()
}

func (l *left) take() []*entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	taken := l.entries
	l.entries = nil
	return taken
}
