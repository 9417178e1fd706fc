package retry

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"
)

// State is where a [Breaker] stands.
type State int

// The states of a breaker. Their numbers are what a gauge shows.
const (
	// Closed: everybody may call.
	Closed State = iota
	// HalfOpen: one probe is out, or may go; nobody else calls.
	HalfOpen
	// Open: nobody calls before the pause is over.
	Open
)

// String names the state for a log.
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

// Result is what came of a call that a [Breaker] allowed.
type Result int

// The results.
const (
	// Success: the dependency answered, if only to refuse what was asked.
	Success Result = iota
	// Failure: it could not be reached, was too busy, or did not answer in time.
	Failure
	// Neutral: the call was given up before it could tell anything.
	Neutral
)

// OpenError is returned by [Breaker.Allow] while calls are not allowed.
type OpenError struct {
	Dependency string
	// Until is when to ask again.
	Until time.Time
}

// Error says which dependency, and until when.
func (e *OpenError) Error() string {
	return fmt.Sprintf("%s does not answer; it is left alone until %s", e.Dependency, e.Until.UTC().Format(time.RFC3339))
}

const (
	breakAfter = 5
	probeLease = time.Minute
)

// BreakerOptions say how a breaker behaves.
type BreakerOptions struct {
	// After is how many failures in a row open it. Defaults to 5.
	After int
	// Lease is how long a probe may take; one that is not reported by then is
	// given up, and the next may go. Must be longer than any call. Defaults to a minute.
	Lease time.Duration
	// Changed, where set, hears of every change of state, one at a time and in
	// order. It may ask the breaker.
	Changed func(State)
	// Now tells the time. Defaults to time.Now.
	Now func() time.Time
	// Jitter draws from [0, 1). Defaults to chance.
	Jitter func() float64
}

// Breaker keeps callers from waiting for a dependency that is down: after some
// failures in a row nobody calls for a while, then one probe goes, and its
// result lets all go again or begins a longer pause. It is safe for concurrent use.
//
// Each [Breaker.Allow] without an error is followed by one [Breaker.Report].
type Breaker struct {
	name string
	o    BreakerOptions

	mu       sync.Mutex
	state    State
	failures int       // in a row, while closed
	pauses   int       // in a row, without a success between
	until    time.Time // the end of the pause, or of the probe's lease
	probing  bool
	out      int // calls that were allowed and not reported

	changes    []State // not yet told
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

// Allow tells whether the dependency may be called now: nil, or an [*OpenError].
// When the pause is over, it lets exactly one caller through.
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

// Report tells what came of a call. A success closes the breaker whoever had it:
// a call that was under way when the breaker opened is as good a sign as the probe.
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
		// Whose call it was is known only where no other is out: else the probe
		// may still be under way, and its lease decides.
		if b.state == HalfOpen && alone {
			b.probing = false
		}
	}
}

// fail counts a failure. Those of calls that were under way when the breaker
// opened come when it is open, and change nothing.
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

// pause is a [Backoff] from the upper half of its range, so that each pause is
// longer than the one before it.
func (b *Breaker) pause() time.Duration { return Backoff(b.pauses, 0.5+b.o.Jitter()/2) }

// State returns where the breaker stands. It stays open after its pause until
// somebody asks to call.
func (b *Breaker) State() State {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.state
}

// OpenUntil returns when to ask again; the zero time while everybody may call,
// or a probe may go now.
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
	if b.o.Changed != nil {
		b.changes = append(b.changes, s)
	}
}

// announce tells the hook of changes, outside the lock and in order: whoever
// comes while another tells leaves it to that one.
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
		b.o.Changed(s)
		b.mu.Lock()
	}
	b.announcing = false
}
