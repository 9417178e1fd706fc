package retry_test

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"maitre/retry"
)

// The schedule, attempt by attempt: the least, the middle and the most that is
// waited after so many failures.
func TestBackoffAttemptByAttempt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		failures     int
		middle, most time.Duration
	}{
		{1, 1050 * time.Millisecond, 2 * time.Second},
		{2, 2050 * time.Millisecond, 4 * time.Second},
		{3, 4050 * time.Millisecond, 8 * time.Second},
		{4, 8050 * time.Millisecond, 16 * time.Second},
		{5, 16050 * time.Millisecond, 32 * time.Second},
		{6, 32050 * time.Millisecond, 64 * time.Second},
		{7, 64050 * time.Millisecond, 128 * time.Second},
		{8, 128050 * time.Millisecond, 256 * time.Second},
		{9, 256050 * time.Millisecond, 512 * time.Second},
		{10, 512050 * time.Millisecond, 1024 * time.Second},
		{11, 1024050 * time.Millisecond, 2048 * time.Second},
		{12, 1800050 * time.Millisecond, time.Hour},
		{13, 1800050 * time.Millisecond, time.Hour},
		{64, 1800050 * time.Millisecond, time.Hour},
		{math.MaxInt, 1800050 * time.Millisecond, time.Hour},
		{0, 1050 * time.Millisecond, 2 * time.Second},
		{math.MinInt, 1050 * time.Millisecond, 2 * time.Second},
	} {
		if got := retry.Backoff(c.failures, 0); got != retry.BackoffFloor {
			t.Errorf("after %d failures at least %s, want %s", c.failures, got, retry.BackoffFloor)
		}
		if got := retry.Backoff(c.failures, 0.5); got != c.middle {
			t.Errorf("after %d failures %s in the middle, want %s", c.failures, got, c.middle)
		}
		if got := retry.Backoff(c.failures, 1); got != c.most {
			t.Errorf("after %d failures at most %s, want %s", c.failures, got, c.most)
		}
	}
}

func TestBackoffOfNonsenseIsInRange(t *testing.T) {
	t.Parallel()
	for _, jitter := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), -1, 2} {
		if got := retry.Backoff(3, jitter); got < retry.BackoffFloor || got > 8*time.Second {
			t.Errorf("jitter %v: %s", jitter, got)
		}
	}
}

func TestBackoffNeverLeavesItsRange(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		failures := rapid.Int().Draw(t, "failures")
		low, high := rapid.Float64Range(0, 1).Draw(t, "jitter"), rapid.Float64Range(0, 1).Draw(t, "jitter")
		low, high = min(low, high), max(low, high)
		a, b := retry.Backoff(failures, low), retry.Backoff(failures, high)
		if a > b || a < retry.BackoffFloor || b > retry.BackoffCap {
			t.Errorf("after %d failures: %s at %v, %s at %v", failures, a, low, b, high)
		}
		if more := retry.Backoff(max(failures, failures+1), high); more < b {
			t.Errorf("after one failure more the wait shrinks from %s to %s", b, more)
		}
	})
}
