package store

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"

	"maitre/booking"
)

// Group commit: one goroutine writes. It takes whatever waits in the channel
// into one bbolt transaction, so that all of it shares the two syncs of a
// commit. A lone caller waits for nobody; while a commit is being synced, the
// next batch gathers by itself.

const (
	// maxBatch bounds a transaction, and so the time that one caller waits for
	// others' writes.
	maxBatch = 512
	// maxWaiting bounds the jobs in the channel; further callers wait to send.
	maxWaiting = 1024
)

// job is one caller's write.
type job struct {
	// run writes. It may be run again in a later transaction when another job
	// of its batch spoilt the first, so its effects outside the tx must be such
	// that the last run overwrites them.
	run func(*tx) error
	// kept, where set, is called by the writer once the write is synced, before
	// the caller is answered.
	kept func()

	err  error
	out  bool // it spoilt a transaction: not to be run again
	done chan error
}

// commit runs a write in a transaction that it may share with others, and
// returns when the outcome is known: nil says that it is synced. ctx can refuse
// a write that has not been handed over, but never abandons one that has.
// Where run meets a value that cannot be read, that is put aside first; see quarantine.go.
//
// Errors: [booking.ErrCodeTaken] as run returned it, else [booking.ErrNotKept]
// with the cause. In either case nothing of the write was kept.
func (f *File) commit(ctx context.Context, run func(*tx) error, kept func()) error {
	for tries := 0; ; tries++ {
		err := f.commitOnce(ctx, run, kept)
		if err == nil || !f.putAside(ctx, err, tries) {
			return err
		}
	}
}

func (f *File) commitOnce(ctx context.Context, run func(*tx) error, kept func()) error {
	j := &job{run: run, kept: kept, done: make(chan error, 1)}
	if err := f.submit(ctx, j); err != nil {
		return notKept(f.path, err)
	}
	err := <-j.done
	if err == nil || errors.Is(err, booking.ErrCodeTaken) {
		return err
	}
	return notKept(f.path, err)
}

func (f *File) submit(ctx context.Context, j *job) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	f.gate.RLock()
	defer f.gate.RUnlock()
	if f.closed {
		return ErrClosed
	}
	select {
	case f.jobs <- j:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// write is the writer goroutine: it ends when jobs is closed and drained.
func (f *File) write() {
	defer close(f.finished)
	debug.SetPanicOnFault(true) // see tryView
	batch := make([]*job, 0, maxBatch)
	for first := range f.jobs {
		// Those whom the last commit answered often come straight back: let them
		// run, if there are any, so that they share this commit and do not make
		// one of half the size after it. Alone, this costs nothing.
		runtime.Gosched()
		batch = f.gather(append(batch[:0], first))
		f.commitBatch(batch)
		clear(batch)
	}
}

// gather adds the jobs that wait already.
func (f *File) gather(batch []*job) []*job {
	for len(batch) < maxBatch {
		select {
		case j, open := <-f.jobs:
			if !open {
				return batch
			}
			batch = append(batch, j)
		default:
			return batch
		}
	}
	return batch
}

// commitBatch runs the jobs in one transaction and answers them all.
func (f *File) commitBatch(batch []*job) {
	err := f.settle()
	for again := err == nil; again; {
		again, err = f.attempt(batch)
	}
	for _, j := range batch {
		switch {
		case j.err != nil:
		case err != nil:
			j.err = err
		case j.kept != nil:
			j.kept()
		}
	}
	for _, j := range batch {
		j.done <- j.err
	}
}

// attempt runs the jobs in one transaction and commits it. It asks to be called
// again when a job failed after it had written: bbolt cannot take back half a
// transaction, so the others start afresh without that job.
func (f *File) attempt(batch []*job) (again bool, err error) {
	defer func() {
		if reason := recover(); reason != nil {
			again, err = false, f.breakDown(caught(reason))
		}
	}()
	bt, err := f.bolt.db.Begin(true)
	if err != nil {
		return false, f.afterFailure(err)
	}
	t := newTx(bt, f.slug)
	dirty := false
	for _, j := range batch {
		if j.out {
			continue
		}
		t.touched = false
		if j.err = f.runOne(j, t); j.err != nil && t.touched {
			j.out = true
			return true, bt.Rollback()
		}
		dirty = dirty || t.touched
	}
	if !dirty {
		return false, bt.Rollback()
	}
	return false, f.sync(bt)
}

// runOne runs a job and turns its panic into its error.
func (f *File) runOne(j *job, t *tx) (err error) {
	defer func() {
		if reason := recover(); reason != nil {
			t.touched = true
			f.log.Error("write panicked", "file", f.path, "panic", fmt.Sprint(reason), "stack", string(debug.Stack()))
			err = caught(reason)
		}
	}()
	return j.run(t)
}
