package webhook

import (
	"container/list"
	"math"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// maxClients is how many clients are remembered; the one idle longest is dropped first.
const maxClients = 4096

// RateLimiter limits how often each client may do something. Dropping a client whose
// bucket is full again loses nothing: it is treated as a new one is. It is safe for
// concurrent use.
type RateLimiter struct {
	burst  int
	refill rate.Limit

	mu      sync.Mutex
	buckets map[netip.Prefix]*list.Element
	recent  *list.List // of *client, the most recent first
}

type client struct {
	network netip.Prefix
	bucket  *rate.Limiter
}

// NewRateLimiter returns a limiter that allows each client burst times at once, and
// once more in every interval after that.
func NewRateLimiter(burst int, every time.Duration) *RateLimiter {
	return &RateLimiter{burst: burst, refill: rate.Every(every), buckets: make(map[netip.Prefix]*list.Element), recent: list.New()}
}

// Allow reports whether the client at an address may go on, and if not, after how
// many seconds it may try again.
func (l *RateLimiter) Allow(address string, now time.Time) (ok bool, retryAfter int) {
	bucket := l.bucket(network(address))
	if bucket.AllowN(now, 1) {
		return true, 0
	}
	wait := (1 - bucket.TokensAt(now)) / float64(l.refill)
	return false, max(1, int(math.Ceil(wait)))
}

func (l *RateLimiter) bucket(network netip.Prefix) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if known, ok := l.buckets[network]; ok {
		l.recent.MoveToFront(known)
		return known.Value.(*client).bucket
	}
	if len(l.buckets) >= maxClients {
		oldest := l.recent.Remove(l.recent.Back()).(*client)
		delete(l.buckets, oldest.network)
	}
	fresh := &client{network: network, bucket: rate.NewLimiter(l.refill, l.burst)}
	l.buckets[network] = l.recent.PushFront(fresh)
	return fresh.bucket
}

// network returns what identifies a client: an IPv4 address, or the /64 of an IPv6
// address, from which a subscriber may choose. All that is no address is one client.
func network(address string) netip.Prefix {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return netip.Prefix{}
	}
	ip = ip.Unmap().WithZone("")
	bits := 32
	if ip.Is6() {
		bits = 64
	}
	return netip.PrefixFrom(ip, bits).Masked()
}
