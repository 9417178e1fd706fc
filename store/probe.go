package store

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// probeEvery is how long a probe's outcome stands for the next ones.
const probeEvery = time.Second

// probe is the newest probe of a file.
type probe struct {
	mu      sync.Mutex
	started time.Time
	done    chan struct{} // closed when err is known; nil before the first probe
	err     error
}

// Probe tells whether the file can be written now, by writing a little of it.
// Callers share a probe, and there is at most one a second, so that it may be
// asked by anyone at any rate.
//
// Errors: [booking.ErrNotKept] with the cause; the cause of ctx's end.
func (f *File) Probe(ctx context.Context) error {
	if f.isClosed() {
		return notKept(f.path, ErrClosed)
	}
	done := f.startProbe()
	select {
	case <-done:
		f.probe.mu.Lock()
		defer f.probe.mu.Unlock()
		return f.probe.err
	case <-ctx.Done():
		return fmt.Errorf("probe %s: %w", f.path, context.Cause(ctx))
	}
}

// startProbe begins a probe unless one is running or fresh.
func (f *File) startProbe() (done chan struct{}) {
	p := &f.probe
	p.mu.Lock()
	defer p.mu.Unlock()
	now := f.now()
	if p.done != nil {
		select {
		case <-p.done:
			if age := now.Sub(p.started); age >= 0 && age < probeEvery {
				return p.done
			}
		default:
			return p.done
		}
	}
	done = make(chan struct{})
	p.started, p.done = now, done
	go func() {
		// The outcome is for all who ask, so none of their contexts ends it.
		err := f.commit(context.Background(), func(t *tx) error { return t.probed(now) }, nil)
		f.lookAtRoom()
		p.mu.Lock()
		p.err = err
		p.mu.Unlock()
		close(done)
	}()
	return done
}

func (t *tx) probed(now time.Time) error {
	return t.put(t.bolt.Bucket(metaBucket), metaProbed, now.UTC().AppendFormat(nil, time.RFC3339Nano))
}
