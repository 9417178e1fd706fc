package store

import (
	"crypto/rand"
	"sync"
	"time"

	"github.com/oklog/ulid/v2"

	"maitre/booking"
)

// NewIDs returns a source of booking IDs: ULIDs, which sort in the order in
// which they were made, also within one millisecond and when the clock is set
// back. It is safe for concurrent use.
func NewIDs() func(now time.Time) string {
	var (
		mu      sync.Mutex
		latest  uint64 // milliseconds; never goes back
		entropy = ulid.Monotonic(rand.Reader, 0)
	)
	return func(now time.Time) string {
		mu.Lock()
		defer mu.Unlock()
		latest = max(latest, uint64(max(now.UnixMilli(), 0)))
		for {
			id, err := ulid.New(latest, entropy)
			if err == nil {
				return id.String()
			}
			// The random part of this millisecond ran over: borrow the next one.
			// (crypto/rand does not fail; nothing else can.)
			latest++
		}
	}
}

// NewCode returns a random booking code of n symbols.
func NewCode(n int) string {
	random := make([]byte, n)
	_, _ = rand.Read(random) // never fails: crypto/rand ends the program instead
	return booking.CodeFrom(random)
}
