package bolt

import (
	"context"
	"sync"
	"time"
)

// probeEvery is how long the result of a probe is reused.
const probeEvery = time.Second

// probe is the newest probe of a file.
type probe struct {
	mu      sync.Mutex
	started time.Time
	done    chan struct{} // closed when err is known; nil before the first probe
	err     error
}

// Probe reports whether the file can be written now, by writing a little of it.
// Callers share a probe, and there is at most one a second, so that it may be
// asked by anyone at any rate.
//
// Errors: why it cannot; the cause of ctx's end.
func (db *DB) Probe(ctx context.Context) error {
	if db.isClosed() {
		return ErrClosed
	}
	done := db.startProbe()
	select {
	case <-done:
		db.probe.mu.Lock()
		defer db.probe.mu.Unlock()
		return db.probe.err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// startProbe begins a probe unless one is running or fresh.
func (db *DB) startProbe() (done chan struct{}) {
	p := &db.probe
	p.mu.Lock()
	defer p.mu.Unlock()
	now := db.options.Now()
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
		err := db.Update(context.Background(), func(t *Tx) error {
			return t.Bucket([]byte(Meta)).Put([]byte(MetaProbed), now.UTC().AppendFormat(nil, time.RFC3339Nano))
		})
		db.CheckDiskSpace()
		p.mu.Lock()
		p.err = err
		p.mu.Unlock()
		close(done)
	}()
	return done
}
