package webhook

import (
	"container/list"
	"math"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	// strangerBurst is how many refusals a client is given in full at once,
	// strangerRefill how many a second after that.
	strangerBurst  = 120
	strangerRefill = 1
	// maxStrangers is how many clients are remembered; the one not heard of
	// for longest makes room.
	maxStrangers = 4096
)

// strangers limits the refusals that each client is given. A client that has
// been quiet until its bucket is full again is the same as one unheard of, so
// nothing is lost by forgetting the quietest.
type strangers struct {
	mu      sync.Mutex
	buckets map[netip.Prefix]*list.Element
	recent  *list.List // of *stranger, the last heard of first
}

type stranger struct {
	client netip.Prefix
	bucket *rate.Limiter
}

func newStrangers() *strangers {
	return &strangers{buckets: make(map[netip.Prefix]*list.Element), recent: list.New()}
}

// refuse counts a refusal. When the client has had too many it returns false
// and after how many seconds to come again.
func (s *strangers) refuse(address string, now time.Time) (ok bool, retryAfter int) {
	bucket := s.bucket(network(address))
	if bucket.AllowN(now, 1) {
		return true, 0
	}
	wait := (1 - bucket.TokensAt(now)) / strangerRefill
	return false, max(1, int(math.Ceil(wait)))
}

func (s *strangers) bucket(client netip.Prefix) *rate.Limiter {
	s.mu.Lock()
	defer s.mu.Unlock()
	if known, ok := s.buckets[client]; ok {
		s.recent.MoveToFront(known)
		return known.Value.(*stranger).bucket
	}
	if len(s.buckets) >= maxStrangers {
		quietest := s.recent.Remove(s.recent.Back()).(*stranger)
		delete(s.buckets, quietest.client)
	}
	fresh := &stranger{client: client, bucket: rate.NewLimiter(strangerRefill, strangerBurst)}
	s.buckets[client] = s.recent.PushFront(fresh)
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
