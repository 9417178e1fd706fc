package cache

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dgraph-io/ristretto/v2"
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
	// ErrNested is returned when a fill reads the cache in a way that cannot
	// work: it asks for its own key, or for an entry with a tag that it does
	// not carry itself and whose invalidation it would therefore outlive.
	ErrNested = errors.New("fill may not read this entry")
)

// gates is a power of two; enough that readers on different cores seldom meet.
const gates = 32

// Cache holds entries of any types. It is safe for concurrent use.
type Cache struct {
	kv      *ristretto.Cache[uint64, *entry]
	hash    func(string) uint64
	options Options
	epoch   time.Time // ages are durations since
	metrics *metrics
	count   atomic.Int64 // entries in the index

	// gate keeps readers out of ristretto while it closes, which it does not do
	// itself: its Get races with its Close.
	gate [gates]gate

	mu      sync.Mutex // guards the index, the flights, and every write to kv
	index   index
	flights map[string]*flight
	closed  bool

	gone left // what ristretto let go by itself and the index does not know yet

	closing context.Context // ends with Close; parent of nothing but fills' ends
	cancel  context.CancelFunc
	fills   sync.WaitGroup
}

type gate struct {
	sync.RWMutex
	shut bool
	_    [64]byte // a cache line of its own
}

// New returns an empty cache. It starts goroutines; Close ends them.
func New(options Options) (*Cache, error) {
	seed := maphash.MakeSeed()
	return open(options, func(key string) uint64 { return maphash.String(seed, key) }, nil)
}

// open is New with the two things that tests replace.
func open(options Options, hash func(string) uint64, adjust func(*ristretto.Config[uint64, *entry])) (*Cache, error) {
	options, err := options.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("open cache: %w", err)
	}
	c := &Cache{
		hash:    hash,
		options: options,
		epoch:   options.Now(),
		index:   index{tags: make(map[Tag]*tagged)},
		flights: make(map[string]*flight),
	}
	if c.metrics, err = newMetrics(options.Registerer, &c.count); err != nil {
		return nil, fmt.Errorf("open cache: %w", err)
	}
	config := &ristretto.Config[uint64, *entry]{
		NumCounters: int64(options.MaxEntries) * 10,
		MaxCost:     int64(options.MaxEntries),
		BufferItems: 64,
		// Without it, each entry costs 56 more than the 1 it is put in for.
		IgnoreInternalCost: true,
		// No entry has a time to live there, so there is nothing to wake up for.
		TtlTickerDurationInSec: 24 * 60 * 60,
		// OnExit alone hears of evictions, rejections and overwritten values.
		OnExit: c.gone.add,
	}
	if adjust != nil {
		adjust(config)
	}
	if c.kv, err = ristretto.NewCache(config); err != nil {
		return nil, fmt.Errorf("open cache: %w", err)
	}
	c.closing, c.cancel = context.WithCancel(context.Background())
	return c, nil
}

// Len returns the number of entries.
func (c *Cache) Len() int { return int(c.count.Load()) }

// Close ends the context of every running fill, waits until the fills have
// returned, forgets all entries and stops ristretto. After it, and for those who
// wait during it, Get returns ErrClosed; the other methods do nothing. Closing
// twice is harmless.
func (c *Cache) Close() {
	c.mu.Lock()
	first := !c.closed
	c.closed = true
	c.mu.Unlock()
	c.cancel()
	c.fills.Wait()
	if !first {
		return
	}

	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range c.gate {
		c.gate[i].Lock()
		defer c.gate[i].Unlock()
		c.gate[i].shut = true
	}
	c.kv.Close()
	c.gone.take()
	c.index = index{}
	c.count.Store(0)
}

// elapsed is the time by which ages are counted.
func (c *Cache) elapsed() time.Duration { return c.options.Now().Sub(c.epoch) }

// look finds the live entry of key, without the lock.
func (c *Cache) look(key string, hash uint64) (*entry, error) {
	g := &c.gate[hash%gates]
	g.RLock()
	defer g.RUnlock()
	if g.shut {
		return nil, ErrClosed
	}
	return c.find(key, hash), nil
}

// find is look for those who know that ristretto is open.
func (c *Cache) find(key string, hash uint64) *entry {
	e, ok := c.kv.Get(hash)
	if !ok || e.key != key || e.dead.Load() {
		return nil
	}
	return e
}
