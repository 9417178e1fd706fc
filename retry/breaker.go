package retry

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"
)

// State is the state of a [Breaker].
type State int

// The states of a breaker. The gauge shows their numbers.
const (
	// Closed: calls are allowed.
	Closed State = iota
	// HalfOpen: one probe is under way, or may start; no other call is allowed.
	HalfOpen
	// Open: no call is allowed before the pause is over.
	Open
)

// String returns the name of the state.
func (s State) String() string {
	switch s {
	case Closed:
		return "closed"
	case HalfOpen:
		return "half-open"
	default:
		return "open"
	}
}

// Result is the result of a call that a [Breaker] allowed.
type Result int

// The results.
const (
	// Success: the dependency answered, if only to refuse what was asked.
	Success Result = iota
	// Failure: it could not be reached, was too busy, or did not answer in time.
	Failure
	// Neutral: the call was given up, and says nothing of the dependency.
	Neutral
)

// OpenError is returned by [Breaker.Allow] while calls are not allowed.
type OpenError struct {
	Dependency string
	// Until is when to ask again.
	Until time.Time
}

// Error implements error.
func (e *OpenError) Error() string {
	return fmt.Sprintf("%s does not answer; it is left alone until %s", e.Dependency, e.Until.UTC().Format(time.RFC3339))
}

const (
	breakAfter = 5
	probeLease = time.Minute
)

// BreakerOptions configure a [Breaker].
type BreakerOptions struct {
	// After is the number of failures in a row that open it. Defaults to 5.
	After int
	// Lease is how long a probe may take before the next may start. It must be longer
	// than any call. Defaults to a minute.
	Lease time.Duration
	// Changed, if set, is called with every change of state, one at a time and in
	// order. It may call the breaker.
	OnChange func(State)
	// Now defaults to time.Now.
	Now func() time.Time
	// Jitter draws from [0, 1). Defaults to rand.Float64.
	Jitter func() float64
}

// Breaker keeps callers from waiting for a dependency that is down: after some
// failures in a row it allows no call for a while, and then one probe, whose result
// closes it or begins a longer pause. It is safe for concurrent use.
//
// Each [Breaker.Allow] without an error must be followed by one [Breaker.Report].
type Breaker struct {
	name string
	o    BreakerOptions

	mu       sync.Mutex
	state    State
	failures int       // in a row, while closed
	pauses   int       // in a row, without a success between them
	until    time.Time // the end of the pause, or of the probe's lease
	probing  bool
	out      int // calls allowed and not reported yet

	changes    []State // not announced yet
	announcing bool
}

// NewBreaker returns a closed breaker of a dependency, such as "Twilio".
func NewBreaker(dependency string, o BreakerOptions) *Breaker {
	o.After = cmp.Or(o.After, breakAfter)
	o.Lease = cmp.Or(o.Lease, probeLease)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Jitter == nil {
		o.Jitter = rand.Float64
	}
	return &Breaker{name: dependency, o: o}
}

// Allow returns nil if the dependency may be called now, or an [*OpenError]. When the
// pause is over, it allows exactly one call.
func (b *Breaker) Allow() error {
	defer b.announce()
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.o.Now()
	switch b.state {
	case Closed:
		b.out++
		return nil
	case Open:
		if now.Before(b.until) {
			return &OpenError{b.name, b.until}
		}
		b.become(HalfOpen)
	case HalfOpen:
		if b.probing && now.Before(b.until) {
			return &OpenError{b.name, b.until}
		}
	}
	b.probing, b.until = true, now.Add(b.o.Lease)
	b.out++
	return nil
}

// Report reports the result of a call. A success closes the breaker, also that of a
// call that was under way when the breaker opened.
func (b *Breaker) Report(r Result) {
	defer b.announce()
	b.mu.Lock()
	defer b.mu.Unlock()
	alone := b.out <= 1
	b.out = max(b.out-1, 0)
	switch r {
	case Success:
		b.failures, b.pauses, b.probing = 0, 0, false
		b.become(Closed)
	case Failure:
		b.fail()
	case Neutral:
		// If other calls are under way, one of them may be the probe: its lease decides.
		if b.state == HalfOpen && alone {
			b.probing = false
		}
	}
}

// fail counts a failure. While the breaker is open, failures of earlier calls change
// nothing.
func (b *Breaker) fail() {
	switch b.state {
	case Closed:
		if b.failures++; b.failures < b.o.After {
			return
		}
	case Open:
		return
	case HalfOpen:
	}
	b.pauses++
	b.failures, b.probing = 0, false
	b.until = b.o.Now().Add(b.pause())
	b.become(Open)
}

// pause returns a [Backoff] from the upper half of its range, so that each pause is
// longer than the one before.
func (b *Breaker) pause() time.Duration { return Backoff(b.pauses, 0.5+b.o.Jitter()/2) }

// State returns the state. The breaker stays open after its pause until Allow is
// called.
func (b *Breaker) State() State {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.state
}

// OpenUntil returns when a call is next allowed; zero if one is allowed now.
func (b *Breaker) OpenUntil() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.state == Closed || b.state == HalfOpen && !b.probing || !b.o.Now().Before(b.until) {
		return time.Time{}
	}
	return b.until
}

func (b *Breaker) become(s State) {
	if b.state == s {
		return
	}
	b.state = s
	if b.o.OnChange != nil {
		b.changes = append(b.changes, s)
	}
}

// announce calls the hook for each change, in order and outside the lock. If another
// goroutine is announcing, it leaves the changes to that one.
func (b *Breaker) announce() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.announcing {
		return
	}
	b.announcing = true
	for len(b.changes) > 0 {
		s := b.changes[0]
		b.changes = b.changes[1:]
		b.mu.Unlock()
		b.o.OnChange(s)
		b.mu.Lock()
	}
	b.announcing = false
}
