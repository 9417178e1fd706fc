package webhook

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"

	"golang.org/x/sync/semaphore"
)

const (
	// DefaultMaxBody is the largest body that is read, in bytes. VAPI's carry
	// the whole assistant and conversation; 4 MiB is far above any seen.
	DefaultMaxBody = 4 << 20
	// DefaultBudget is how much memory all large bodies may take together, in bytes.
	DefaultBudget = 64 << 20

	// freeBody is what every body may take without counting against the budget.
	freeBody = 64 << 10
	// keepBody is the largest buffer that is kept for reuse.
	keepBody = 256 << 10
)

var (
	errTooLarge = errors.New("body too large")
	errNoMemory = errors.New("no memory for the body now")
	errBroken   = errors.New("read body")
)

// Budget bounds the memory that large bodies take together. Guards may share one.
type Budget struct {
	free *semaphore.Weighted
}

// NewBudget returns a budget of so many bytes.
func NewBudget(bytes int64) *Budget {
	return &Budget{free: semaphore.NewWeighted(bytes)}
}

// bodies reads request bodies into buffers that are used again.
type bodies struct {
	max    int64
	budget *Budget
	pool   sync.Pool
}

func newBodies(maxBody int64, budget *Budget) *bodies {
	return &bodies{max: maxBody, budget: budget, pool: sync.Pool{New: func() any { return new([]byte) }}}
}

// read returns the whole body and a function that releases its memory; the bytes
// must not be used after that. It takes from the budget as bytes arrive, so that a
// length that is announced and never sent takes nothing.
//
// Errors: errTooLarge, errNoMemory, errBroken.
func (b *bodies) read(w http.ResponseWriter, r *http.Request) (body []byte, release func(), err error) {
	if r.ContentLength > b.max {
		return nil, nil, errTooLarge
	}
	buf := b.pool.Get().(*[]byte)
	var taken int64
	release = func() {
		if taken > 0 {
			b.budget.free.Release(taken)
		}
		if cap(*buf) <= keepBody {
			b.pool.Put(buf)
		}
	}
	expected := b.max
	if r.ContentLength >= 0 {
		expected = r.ContentLength
	}
	*buf, taken, err = b.fill((*buf)[:0], http.MaxBytesReader(w, r.Body, b.max), int(expected))
	if err != nil {
		release()
		return nil, nil, err
	}
	return *buf, release, nil
}

// fill reads src to its end into buf and returns how much it took from the budget.
// Not more than expected bytes are likely to come.
func (b *bodies) fill(buf []byte, src io.Reader, expected int) (filled []byte, taken int64, err error) {
	// A used buffer may be larger than what is free.
	if over := int64(cap(buf) - freeBody); over > 0 {
		if b.budget.free.TryAcquire(over) {
			taken = over
		} else {
			buf = nil
		}
	}
	for {
		if len(buf) == cap(buf) {
			size := larger(cap(buf), expected)
			if over := int64(size-freeBody) - taken; over > 0 {
				if !b.budget.free.TryAcquire(over) {
					return buf, taken, errNoMemory
				}
				taken += over
			}
			buf = append(make([]byte, 0, size), buf...)
		}
		n, err := src.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		var large *http.MaxBytesError
		switch {
		case errors.Is(err, io.EOF):
			return buf, taken, nil
		case errors.As(err, &large):
			return buf, taken, errTooLarge
		case err != nil:
			return buf, taken, fmt.Errorf("%w: %w", errBroken, err)
		}
	}
}

// larger returns the next size of a buffer that is full at size: as much as is
// free at first, then twice as much, with no more than a little over what is expected.
func larger(size, expected int) int {
	const spare = 512 // for the read that finds the end
	next := freeBody
	if size > 0 {
		next = 2 * size
	}
	return max(min(next, expected+spare), size+spare)
}
