package webhook

import (
	"container/list"
	"math"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// maxClients is how many clients are remembered; the one not heard of for longest
// makes room.
const maxClients = 4096

// Clients limits how often each client may do something. A client that has been
// quiet until its bucket is full again is the same as one unheard of, so nothing
// is lost by forgetting the quietest. It is safe for concurrent use.
type RateLimiter struct {
	burst  int
	refill rate.Limit

	mu      sync.Mutex
	buckets map[netip.Prefix]*list.Element
	recent  *list.List // of *client, the last heard of first
}

type client struct {
	network netip.Prefix
	bucket  *rate.Limiter
}

// NewClients lets each client do something so many times at once, and once more
// every so often after that.
func NewRateLimiter(burst int, every time.Duration) *RateLimiter {
	return &RateLimiter{burst: burst, refill: rate.Every(every), buckets: make(map[netip.Prefix]*list.Element), recent: list.New()}
}

// Allow counts one time of the client at an address. When it has been too many it
// returns false, and after how many seconds to come again.
func (c *RateLimiter) Allow(address string, now time.Time) (ok bool, retryAfter int) {
	bucket := c.bucket(network(address))
	if bucket.AllowN(now, 1) {
		return true, 0
	}
	wait := (1 - bucket.TokensAt(now)) / float64(c.refill)
	return false, max(1, int(math.Ceil(wait)))
}

func (c *RateLimiter) bucket(network netip.Prefix) *rate.Limiter {
	c.mu.Lock()
	defer c.mu.Unlock()
	if known, ok := c.buckets[network]; ok {
		c.recent.MoveToFront(known)
		return known.Value.(*client).bucket
	}
	if len(c.buckets) >= maxClients {
		quietest := c.recent.Remove(c.recent.Back()).(*client)
		delete(c.buckets, quietest.network)
	}
	fresh := &client{network: network, bucket: rate.NewLimiter(c.refill, c.burst)}
	c.buckets[network] = c.recent.PushFront(fresh)
	return fresh.bucket
}

// network is what one client can be told apart by: an IPv4 address, or the /64
// of an IPv6 address, which is one subscriber's to choose from. What is no
// address at all shares one bucket.
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
