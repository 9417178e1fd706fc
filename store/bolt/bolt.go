// Package bolt is a bbolt file that is safe to keep what must not be lost:
//
//   - Writes share commits. [DB.Update] hands a function to the one goroutine that
//     writes; whatever waits at that moment becomes one transaction, with two syncs
//     for all of it. One write's failure does not touch the others of its batch.
//   - An acknowledged write is synced, an unsynced one is never seen. When Update
//     returns nil, the write is on the disk; when it returns an error, nothing of it
//     is, and no [DB.View] ever showed it. That holds too when the disk fails in the
//     middle of a commit: see settle.go.
//   - Damage is an error and not a panic. [Open] reads the whole file before bbolt
//     does (verify.go); what goes wrong later comes as [ErrDamaged].
//   - A file is made whole or not at all, is opened by one process at a time, and
//     is brought to the newest schema by [Options].Migrations.
//   - [DB.Probe] reports whether the disk takes writes, [DB.DiskSpace] whether it soon will not.
//
// Keys are changed by [Bucket.Put], [Bucket.Delete] and the other methods of a
// [Bucket] and a [Tx], within Update only; all of them go through one function
// (Tx.apply), on one goroutine. The changes of one transaction are its commit.
//
// The top-level bucket [Meta] holds the schema version and when the file was made
// and last probed. All others are the caller's, who may keep keys in Meta too.
package bolt

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"go.etcd.io/bbolt"
)

// Options say how a file is opened. The zero value will do.
type Options struct {
	// Program is the program's name in errors. Defaults to "this program".
	Program string
	// Log gets failing disks and migrations. Defaults to no log.
	Log *slog.Logger
	// Now returns the time: when the file was made, and when it was probed last.
	// Defaults to time.Now.
	Now func() time.Time
	// LockWait is how long Open waits for another process to close the
	// file. Defaults to one second.
	LockWait time.Duration
	// FreeSpace returns how many bytes may still be written beside a path. Defaults
	// to asking the file system.
	FreeSpace func(path string) (uint64, error)
	// Existing: no new file is made where there is none.
	Existing bool
	// Migrations lead from one schema version to the next: the first from 1 to 2.
	Migrations []Migration
	// Prepare runs before Open returns, in a transaction of its own, after
	// migrations: to make the buckets that are missing, and to read what the caller
	// keeps in memory. Its error is Open's.
	Prepare func(*Tx) error
}

// DB is an open file. It is safe for concurrent use.
type DB struct {
	path    string
	options Options
	made    bool

	jobs     chan *job
	gate     sync.RWMutex // guards closed, and sending to jobs
	closed   bool
	finished chan struct{} // closed when the writer has ended
	closing  sync.Once
	closeErr error

	mu   sync.RWMutex // held to read with file, locked to replace it
	file *file        // nil: closed, or lost until settle opens it again

	// durable is the newest transaction that is known to be synced; readers do
	// not look at anything newer.
	durable atomic.Int64
	// inHand is closed when the outcome of the commit in hand is known; nil
	// while there is none.
	inHand atomic.Pointer[chan struct{}]
	// doubt is set while nobody knows whether the last write is on the disk.
	doubt atomic.Bool
	// broken is set for good when bbolt panicked in a way that may have left its
	// locks held: it is not called again.
	broken atomic.Pointer[error]

	probe probe
	space diskSpace
}

// Made reports whether Open made the file, because there was none.
func (db *DB) Made() bool { return db.made }

// Waiting returns how many writes wait for the writer.
func (db *DB) Waiting() int { return len(db.jobs) }

// Close waits for the writes in hand, then closes the file. It may be called
// more than once, and returns the same each time.
func (db *DB) Close() error {
	db.closing.Do(func() {
		db.gate.Lock()
		db.closed = true
		close(db.jobs)
		db.gate.Unlock()
		<-db.finished

		db.mu.Lock()
		defer db.mu.Unlock()
		if err := db.letGo(); err != nil {
			db.closeErr = fmt.Errorf("close %s: %w", db.path, err)
		}
	})
	return db.closeErr
}

func (db *DB) isClosed() bool {
	db.gate.RLock()
	defer db.gate.RUnlock()
	return db.closed
}

// letGo closes the bbolt file; db.mu is locked. After a panic within bbolt its
// own locks may be held for ever, so that only the descriptor can be closed:
// that frees the file for others.
func (db *DB) letGo() error {
	f := db.file
	db.file = nil
	switch {
	case f == nil:
		return nil
	case db.broken.Load() != nil:
		return f.abandon()
	default:
		return f.bbolt.Close()
	}
}

// Err returns why the file cannot be read now; nil when it can.
//
// Errors: [ErrClosed], [ErrUnsettled], [ErrDamaged].
func (db *DB) Err() error {
	db.mu.RLock()
	defer db.mu.RUnlock()
	return db.unreadable()
}

// unreadable is Err; db.mu is held.
func (db *DB) unreadable() error {
	switch broken := db.broken.Load(); {
	case broken != nil:
		return *broken
	case db.file == nil && db.doubt.Load():
		return ErrUnsettled
	case db.file == nil:
		return ErrClosed
	}
	return nil
}

// View reads what is durable, waiting for a commit whose outcome is not known yet.
// The transaction and the bytes that it yields are valid within fn only.
//
// Errors: fn's; [ErrClosed], [ErrUnsettled], [ErrDamaged]; the cause of ctx's end.
func (db *DB) View(ctx context.Context, fn func(*Tx) error) error {
	for {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		read, err := db.tryView(fn)
		if read || err != nil {
			return err
		}
		// The newest state is not synced yet, so it must not be shown.
		if inHand := db.inHand.Load(); inHand != nil {
			select {
			case <-*inHand:
			case <-ctx.Done():
			}
		} else if db.doubt.Load() {
			return ErrUnsettled
		}
	}
}

// tryView reports false when what the file shows is newer than what is durable.
func (db *DB) tryView(fn func(*Tx) error) (read bool, err error) {
	db.mu.RLock()
	defer db.mu.RUnlock()
	if err := db.unreadable(); err != nil {
		return false, err
	}
	// A damaged page makes bbolt panic; a page that the disk cannot give, or that
	// somebody cut off the file, is a fault in the mapped memory.
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	begun := false
	defer func() {
		if reason := recover(); reason != nil {
			err = fmt.Errorf("%w: %w", ErrDamaged, caught(reason))
			if !begun {
				db.broken.CompareAndSwap(nil, &err)
			}
		}
	}()
	bt, err := db.file.bbolt.Begin(false)
	begun = true
	if err != nil {
		return false, err
	}
	defer func() { _ = bt.Rollback() }()
	if int64(bt.ID()) > db.durable.Load() {
		return false, nil
	}
	if err := fn(&Tx{bbolt: bt}); err != nil {
		return false, err
	}
	return true, nil
}

// file is an open bbolt file together with what bbolt does not show of it.
type file struct {
	bbolt    *bbolt.DB
	os       *os.File // the descriptor that bbolt writes through
	pageSize int64
}

// abandon closes the descriptor, and nothing else. The memory that bbolt mapped
// stays, and with it the lock on the file, unless that is given up first.
func (f *file) abandon() error {
	return errors.Join(syscall.Flock(int(f.os.Fd()), syscall.LOCK_UN), f.os.Close())
}

// txid is the transaction that the file shows as its newest.
func (f *file) txid() (int64, error) {
	bt, err := f.bbolt.Begin(false)
	if err != nil {
		return 0, err
	}
	defer func() { _ = bt.Rollback() }()
	return int64(bt.ID()), nil
}
