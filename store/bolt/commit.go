package bolt

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
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
	// of its batch spoilt the first.
	run    func(*Tx) error
	onSync func() // set by the last run

	err  error
	out  bool // it spoilt a transaction: not to be run again
	done chan error
}

// Update runs a write in a transaction that it may share with others, and returns
// when the outcome is known: nil says that it is synced. The writer calls fn, and
// calls it again when another write of the batch failed halfway: what it changes
// outside of the transaction must be such that the last call overwrites it. Where it
// fails before it changed anything, that costs the others nothing. ctx can refuse a
// write that has not been handed over, but never abandons one that has.
//
// An error says that nothing of the write was kept. Errors: fn's; [ErrClosed],
// [ErrDamaged]; the system's; the cause of ctx's end.
func (db *DB) Update(ctx context.Context, fn func(*Tx) error) error {
	j := &job{run: fn, done: make(chan error, 1)}
	if err := db.submit(ctx, j); err != nil {
		return err
	}
	return <-j.done
}

func (db *DB) submit(ctx context.Context, j *job) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	db.gate.RLock()
	defer db.gate.RUnlock()
	if db.closed {
		return ErrClosed
	}
	select {
	case db.jobs <- j:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// write is the writer goroutine: it ends when jobs is closed and drained.
func (db *DB) write() {
	defer close(db.finished)
	debug.SetPanicOnFault(true) // see tryView
	batch := make([]*job, 0, maxBatch)
	for first := range db.jobs {
		// Those whom the last commit answered often come straight back: let them
		// run, if there are any, so that they share this commit and do not make
		// one of half the size after it. Alone, this costs nothing.
		runtime.Gosched()
		batch = db.gather(append(batch[:0], first))
		db.commitBatch(batch)
		clear(batch)
	}
}

// gather adds the jobs that wait already.
func (db *DB) gather(batch []*job) []*job {
	for len(batch) < maxBatch {
		select {
		case j, open := <-db.jobs:
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
func (db *DB) commitBatch(batch []*job) {
	err := db.settle()
	for again := err == nil; again; {
		again, err = db.attempt(batch)
	}
	for _, j := range batch {
		switch {
		case j.err != nil:
		case err != nil:
			j.err = err
		case j.onSync != nil:
			j.onSync()
		}
	}
	for _, j := range batch {
		j.done <- j.err
	}
}

// attempt runs the jobs in one transaction and commits it. It asks to be called
// again when a job failed after it had written: bbolt cannot take back half a
// transaction, so the others start afresh without that job.
func (db *DB) attempt(batch []*job) (again bool, err error) {
	defer func() {
		if reason := recover(); reason != nil {
			again, err = false, db.breakDown(caught(reason))
		}
	}()
	bt, err := db.file.bbolt.Begin(true)
	if err != nil {
		return false, db.afterFailure(err)
	}
	t := &Tx{bbolt: bt}
	dirty := false
	for _, j := range batch {
		if j.out {
			continue
		}
		t.changed, t.onSync = false, nil
		j.err = db.runOne(j, t)
		if j.onSync = t.onSync; j.err != nil && t.changed {
			j.out = true
			return true, bt.Rollback()
		}
		dirty = dirty || t.changed
	}
	if !dirty {
		return false, bt.Rollback()
	}
	return false, db.sync(bt)
}

// runOne runs a job and turns its panic into its error.
func (db *DB) runOne(j *job, t *Tx) (err error) {
	defer func() {
		if reason := recover(); reason != nil {
			t.changed = true
			db.options.Log.Error("write panicked", "file", db.path, "panic", fmt.Sprint(reason), "stack", string(debug.Stack()))
			err = caught(reason)
		}
	}()
	return j.run(t)
}
