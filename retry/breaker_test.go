package retry_test

import (
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"maitre/retry"
)

// highest is a jitter that waits as long as may be.
func highest() float64 { return 1 }

func failing(t interface{ Errorf(string, ...any) }, b *retry.Breaker, times int) {
	for range times {
		if err := b.Allow(); err != nil {
			t.Errorf("not allowed: %v", err)
		}
		b.Report(retry.Failure)
	}
}

func TestBreakerOpensProbesAndCloses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var states []retry.State
		b := retry.NewBreaker("Twilio", retry.BreakerOptions{After: 3, Jitter: highest, OnChange: func(s retry.State) { states = append(states, s) }})
		failing(t, b, 2)
		if err := b.Allow(); err != nil {
			t.Fatal(err)
		}
		b.Report(retry.Success) // what failed before is forgotten
		failing(t, b, 3)

		opened := time.Now()
		var open *retry.OpenError
		if err := b.Allow(); !errors.As(err, &open) || open.Dependency != "Twilio" || !open.Until.Equal(opened.Add(2*time.Second)) {
			t.Fatalf("open: %v", err)
		}
		if b.State() != retry.Open || !b.OpenUntil().Equal(open.Until) {
			t.Errorf("%s until %s", b.State(), b.OpenUntil())
		}
		time.Sleep(2*time.Second - 1)
		if b.Allow() == nil {
			t.Error("a call before its time")
		}
		time.Sleep(time.Nanosecond)
		if err := b.Allow(); err != nil {
			t.Fatalf("the probe: %v", err)
		}
		if err := b.Allow(); err == nil || b.State() != retry.HalfOpen {
			t.Errorf("a second probe beside the first: %v, %s", err, b.State())
		}
		b.Report(retry.Failure)
		if until := b.OpenUntil(); !until.Equal(time.Now().Add(4 * time.Second)) {
			t.Errorf("the second pause ends in %s, want 4s", time.Until(until))
		}
		time.Sleep(4 * time.Second)
		if err := b.Allow(); err != nil {
			t.Fatal(err)
		}
		b.Report(retry.Success)
		if err := errors.Join(b.Allow(), b.Allow()); err != nil || b.State() != retry.Closed || !b.OpenUntil().IsZero() {
			t.Errorf("closed again: %v, %s", err, b.State())
		}
		b.Report(retry.Neutral)
		b.Report(retry.Neutral)
		failing(t, b, 3)
		if until := b.OpenUntil(); !until.Equal(time.Now().Add(2 * time.Second)) {
			t.Errorf("after a success the pauses begin anew: %s", time.Until(until))
		}
		want := []retry.State{retry.Open, retry.HalfOpen, retry.Open, retry.HalfOpen, retry.Closed, retry.Open}
		if !slices.Equal(states, want) {
			t.Errorf("got %v, want %v", states, want)
		}
	})
}

// A probe that is given up gives its turn back; one that is never reported
// loses it when its lease runs out.
func TestLostProbeBlocksNobodyForEver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := retry.NewBreaker("Twilio", retry.BreakerOptions{After: 1, Lease: 30 * time.Second, Jitter: highest})
		failing(t, b, 1)
		time.Sleep(2 * time.Second)
		if err := b.Allow(); err != nil {
			t.Fatal(err)
		}
		b.Report(retry.Neutral)
		if err := b.Allow(); err != nil {
			t.Fatalf("after a probe that was given up: %v", err)
		}
		time.Sleep(30*time.Second - 1)
		if b.Allow() == nil {
			t.Error("a second probe within the lease")
		}
		time.Sleep(time.Nanosecond)
		if !b.OpenUntil().IsZero() {
			t.Error("the lease is over, but it says", b.OpenUntil())
		}
		if err := b.Allow(); err != nil {
			t.Errorf("after the lease: %v", err)
		}
	})
}

// What was under way when the breaker opened must neither lengthen the pause nor
// let a second probe go.
func TestLateReports(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := retry.NewBreaker("Twilio", retry.BreakerOptions{After: 1, Jitter: highest})
		for range 4 {
			if err := b.Allow(); err != nil {
				t.Fatal(err)
			}
		}
		b.Report(retry.Failure)
		until := b.OpenUntil()
		time.Sleep(time.Second)
		b.Report(retry.Failure)
		if !b.OpenUntil().Equal(until) {
			t.Error("a late failure lengthened the pause")
		}
		time.Sleep(time.Second)
		if err := b.Allow(); err != nil {
			t.Fatal(err)
		}
		b.Report(retry.Neutral) // of a call from before
		if b.Allow() == nil {
			t.Error("a late report let a second probe go")
		}
		b.Report(retry.Success) // of a call from before
		if b.State() != retry.Closed {
			t.Error("it answered, and the breaker stays", b.State())
		}
	})
}

// The hook may call the breaker, and is called once for each change.
func TestBreakerHookMayAsk(t *testing.T) {
	t.Parallel()
	var b *retry.Breaker
	asked := 0
	b = retry.NewBreaker("Twilio", retry.BreakerOptions{After: 1, OnChange: func(retry.State) {
		asked++
		_, _ = b.State(), b.Allow()
	}})
	failing(t, b, 1)
	if asked != 1 {
		t.Error(asked)
	}
}

// However many ask at once: one probe.
func TestOneProbeAmongMany(t *testing.T) {
	t.Parallel()
	var clock atomic.Int64
	b := retry.NewBreaker("Twilio", retry.BreakerOptions{After: 1, Jitter: highest, Now: func() time.Time { return time.Unix(clock.Load(), 0) }})
	for round := range 50 {
		failing(t, b, 1)
		clock.Add(3600)
		var (
			all    sync.WaitGroup
			probes atomic.Int32
		)
		for range 16 {
			all.Go(func() {
				if b.Allow() == nil {
					probes.Add(1)
				}
				_, _ = b.State(), b.OpenUntil()
			})
		}
		all.Wait()
		if probes.Load() != 1 {
			t.Fatalf("round %d: %d probes", round, probes.Load())
		}
		b.Report(retry.Success)
	}
}

// breakerModel is a simple model of the breaker.
type breakerModel struct {
	row, pauses int
	open, half  bool      // half: the pause is over and Allow was called
	until       time.Time // of the pause
	probe       time.Time // the end of a probe's lease; zero: none is out
	out         int
}

func TestBreakerAgainstModel(t *testing.T) {
	t.Parallel()
	const after, lease = 3, 10 * time.Second
	rapid.Check(t, func(t *rapid.T) {
		now := time.Unix(1_800_000_000, 0)
		jitter := 0.0
		b := retry.NewBreaker("Twilio", retry.BreakerOptions{After: after, Lease: lease,
			Now: func() time.Time { return now }, Jitter: func() float64 { return jitter }})
		var m breakerModel
		t.Repeat(map[string]func(*rapid.T){
			"": func(t *rapid.T) {
				want := retry.Closed
				switch {
				case m.half:
					want = retry.HalfOpen
				case m.open:
					want = retry.Open
				}
				if b.State() != want {
					t.Fatalf("%s, want %s", b.State(), want)
				}
			},
			"wait": func(t *rapid.T) {
				now = now.Add(time.Duration(rapid.IntRange(1, 6000).Draw(t, "ms")) * time.Millisecond)
			},
			"allow": func(t *rapid.T) {
				may := !m.open || !now.Before(m.until) && !now.Before(m.probe)
				if err := b.Allow(); (err == nil) != may {
					t.Fatalf("allowed: %v, want %v", err, may)
				}
				if may {
					m.out++
					if m.open {
						m.half, m.probe = true, now.Add(lease)
					}
				}
			},
			"report": func(t *rapid.T) {
				if m.out == 0 {
					t.Skip()
				}
				jitter = rapid.Float64Range(0, 1).Draw(t, "jitter")
				result := rapid.SampledFrom([]retry.Result{retry.Success, retry.Failure, retry.Neutral}).Draw(t, "result")
				b.Report(result)
				m.out--
				switch {
				case result == retry.Success:
					m = breakerModel{out: m.out}
				case result == retry.Neutral && m.half && m.out == 0:
					m.probe = time.Time{}
				case result == retry.Failure && (m.half || !m.open):
					if m.row++; !m.open && m.row < after {
						return
					}
					m.pauses++
					m.open, m.half, m.row, m.probe = true, false, 0, time.Time{}
					m.until = now.Add(retry.Backoff(m.pauses, 0.5+jitter/2))
				}
			},
		})
	})
}
