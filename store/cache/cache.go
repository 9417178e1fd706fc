// Package cache keeps computed answers in memory until something that they were
// computed from changes. The values are in a ristretto cache; beside it is an
// index of tags, which ristretto does not have.
//
// [Get] returns what is kept under a key, or calls a function that computes it:
// the fill. Each entry carries tags, such as "date:2026-12-24" or "tables".
// [Cache.Invalidate] forgets the entries that carry a tag and no others, in time
// that depends on how many those are and not on how many there are.
//
// # Guarantees
//
//   - Who asks after an invalidation never gets a value whose fill began before
//     it, and such a value is never kept.
//   - Concurrent misses of one key make one call. A caller who gives up does not
//     end the call for the others.
//   - Errors are not kept.
//   - There are at most Options.MaxEntries entries, and no more tags than these
//     carry and running fills will.
//
// The cache knows no time: an entry has no age. Where age matters, the value says
// as of when it is, and [GetIf] asks whether that will do.
//
// A value is shared between all who ask for it and must not be changed. A fill may
// itself read the cache, if its entry carries the tags of what it reads and no
// fill waits for its own key.
//
// # How ristretto is used
//
// All writes to ristretto are made under the lock of the index, each waits until
// ristretto has applied it, and what ristretto evicted or rejected is taken out of
// the index before the lock is released. So the index always lists what can be
// served, whatever ristretto drops, rejects or evicts.
//
// Reads take no lock that writers hold. Each item says itself which key it is for
// and whether it was invalidated, so neither a collision of hashes nor a late
// write makes ristretto serve what it should not. For the same reason an
// invalidation need not wait for ristretto: the items are flagged, and deleted
// from ristretto just before the next one is put.
package cache

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"log/slog"
	"sync"
	"time"

	"github.com/dgraph-io/ristretto/v2"
	"github.com/prometheus/client_golang/prometheus"
)

var (
	// ErrClosed is returned when the cache is closed, or is closed while a
	// caller waits.
	ErrClosed = errors.New("cache is closed")
	// ErrType is returned when a key is asked for as another type than it was
	// filled with: two users of one cache have chosen the same key.
	ErrType = errors.New("cached value has another type")
	// ErrFill is returned when a fill panicked or ended its goroutine.
	ErrFill = errors.New("fill did not return")
)

// The defaults of Options.
const (
	DefaultMaxEntries  = 20_000
	DefaultFillTimeout = 15 * time.Second
)

// Options configures a cache. The zero value of each field means its default.
type Options struct {
	// MaxEntries is how many entries are kept at most.
	MaxEntries int
	// FillTimeout ends the context of a fill. Those who wait for the fill get
	// the context's error then, whether it has returned or not.
	FillTimeout time.Duration
	// Registerer gets the metrics; nil counts without showing.
	Registerer prometheus.Registerer
	// Log gets panics of fills, with their keys: no phone number or secret
	// belongs in a key. Nil logs nothing.
	Log *slog.Logger
}

func (o Options) withDefaults() (Options, error) {
	var problems []error
	if o.MaxEntries < 0 {
		problems = append(problems, fmt.Errorf("MaxEntries is %d: give at least 1, or 0 for %d", o.MaxEntries, DefaultMaxEntries))
	}
	if o.FillTimeout < 0 {
		problems = append(problems, fmt.Errorf("FillTimeout is %v: give a positive duration, or 0 for %v", o.FillTimeout, DefaultFillTimeout))
	}
	if o.MaxEntries == 0 {
		o.MaxEntries = DefaultMaxEntries
	}
	if o.FillTimeout == 0 {
		o.FillTimeout = DefaultFillTimeout
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o, errors.Join(problems...)
}

// Cache holds entries of any types. It is safe for concurrent use.
type Cache struct {
	ristretto *ristretto.Cache[uint64, *item]
	hash      func(string) uint64
	options   Options
	metrics   *metrics
	guards    [guardCount]guard

	mu      sync.Mutex // guards the index, the fills, and every write to ristretto
	index   index
	fills   map[string]*fill // by key: those that callers may still join
	invalid []*item          // to be deleted from ristretto
	closed  bool

	dropped dropped // what ristretto dropped and the index still lists

	closing context.Context // ends with Close
	cancel  context.CancelFunc
	running sync.WaitGroup // fills
	once    sync.Once      // of Close
}

// guard keeps readers out of ristretto while it closes: its Get races with its Close.
type guard struct {
	sync.RWMutex
	closed bool
	_      [64]byte // a cache line of its own
}

// guardCount is enough that readers on different cores seldom meet.
const guardCount = 32

// New returns an empty cache. It starts goroutines; Close ends them. Errors: an
// option is out of range, or the metrics are registered already.
func New(options Options) (*Cache, error) {
	seed := maphash.MakeSeed()
	return open(options, func(key string) uint64 { return maphash.String(seed, key) }, nil)
}

// open is New with the two things that tests replace.
func open(options Options, hash func(string) uint64, adjust func(*ristretto.Config[uint64, *item])) (*Cache, error) {
	options, err := options.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("open cache: %w", err)
	}
	c := &Cache{
		hash:    hash,
		options: options,
		index:   index{tags: make(map[Tag]*tagItems)},
		fills:   make(map[string]*fill),
	}
	config := &ristretto.Config[uint64, *item]{
		NumCounters: int64(options.MaxEntries) * 10,
		MaxCost:     int64(options.MaxEntries),
		BufferItems: 64,
		// Without it, each entry costs 56 more than the 1 it is put for.
		IgnoreInternalCost: true,
		// No entry has a time to live in ristretto, so there is nothing to look for.
		TtlTickerDurationInSec: 24 * 60 * 60,
		// OnExit alone is called for evictions, rejections and overwritten values.
		OnExit: c.dropped.add,
	}
	if adjust != nil {
		adjust(config)
	}
	if c.metrics, err = newMetrics(options.Registerer, c.Len); err != nil {
		return nil, fmt.Errorf("open cache: %w", err)
	}
	if c.ristretto, err = ristretto.NewCache(config); err != nil {
		return nil, fmt.Errorf("open cache: %w", err)
	}
	c.closing, c.cancel = context.WithCancel(context.Background())
	return c, nil
}

// Len returns the number of entries.
func (c *Cache) Len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.index.len
}

// Close ends the context of every running fill, waits until the fills have
// returned, forgets all entries and stops ristretto. After it, and for those who
// wait during it, Get returns ErrClosed; the other methods do nothing. Closing
// twice is harmless.
func (c *Cache) Close() {
	c.once.Do(func() {
		c.mu.Lock()
		c.closed = true
		c.mu.Unlock()
		c.cancel()
		c.running.Wait()

		c.mu.Lock()
		defer c.mu.Unlock()
		for i := range c.guards {
			c.guards[i].Lock()
			defer c.guards[i].Unlock()
			c.guards[i].closed = true
		}
		c.ristretto.Close()
		c.dropped.take()
		c.index, c.invalid = index{}, nil
	})
}
