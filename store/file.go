package store

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

	"maitre/booking"
)

// Options say how a data file is opened.
type Options struct {
	// Slug names the restaurant whose part of the file is used; required.
	Slug string
	// Log hears of failing disks and of migrations. Defaults to silence.
	Log *slog.Logger
	// Now tells the time: how old memos are, which codes are past, when the
	// last probe was. Defaults to time.Now.
	Now func() time.Time
	// LockWait is how long Open waits for another process to let go of the
	// file. Defaults to one second.
	LockWait time.Duration
	// At is called at points at which tests let the program fail; see
	// [Journal.Accept] and [Journal.Done]. Defaults to nothing.
	At func(point string)
	// OnDays is told which days' bookings a commit has changed, once it is synced
	// and shown. The writer calls it: it must not wait for anything. Defaults to nothing.
	OnDays func(dates ...booking.Date)
	// Free tells how many bytes may still be written beside a path. Defaults to
	// asking the file system.
	Free func(path string) (uint64, error)
	// Existing: no new file is made where there is none.
	Existing bool
}

// File is an open data file. It is safe for concurrent use.
type File struct {
	path string
	slug []byte
	log  *slog.Logger
	now  func() time.Time
	made bool

	jobs     chan *job
	gate     sync.RWMutex // guards closed, and sending to jobs
	closed   bool
	finished chan struct{} // closed when the writer has ended
	closing  sync.Once
	closeErr error

	mu   sync.RWMutex // held to read with bolt, locked to replace it
	bolt *handle      // nil: closed, or lost until settle finds it again

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

	clock struct {
		mu       sync.Mutex
		believed believed
		looked   time.Time // when the clock was looked at last
		told     bool      // the log was told that it is far off
	}

	days   *days
	onDays func(dates ...booking.Date)

	seen  *seen
	probe probe
	room  room
	free  func(path string) (uint64, error)
	shelf *shelf
}

// Made reports whether Open made the file, because there was none.
func (f *File) Made() bool { return f.made }

// handle is an open bbolt file together with what bbolt does not show of it.
type handle struct {
	db       *bbolt.DB
	file     *os.File // the descriptor that db writes through
	pageSize int64
}

// Close waits for what is in hand, then lets go of the file. It may be called
// more than once, and answers the same each time.
func (f *File) Close() error {
	f.closing.Do(func() {
		f.gate.Lock()
		f.closed = true
		close(f.jobs)
		f.gate.Unlock()
		<-f.finished

		f.mu.Lock()
		defer f.mu.Unlock()
		f.days.clear()
		if err := f.letGo(); err != nil {
			f.closeErr = fmt.Errorf("close %s: %w", f.path, err)
		}
	})
	return f.closeErr
}

func (f *File) isClosed() bool {
	f.gate.RLock()
	defer f.gate.RUnlock()
	return f.closed
}

// letGo closes the bbolt file; f.mu is locked. After a panic within bbolt its
// own locks may be held for ever, so that only the descriptor can be closed:
// that frees the file for others.
func (f *File) letGo() error {
	bolt := f.bolt
	f.bolt = nil
	switch {
	case bolt == nil:
		return nil
	case f.broken.Load() != nil:
		return bolt.abandon()
	default:
		return bolt.db.Close()
	}
}

// abandon closes the descriptor, and nothing else. The memory that bbolt mapped
// stays, and with it the lock on the file, unless that is given up first.
func (h *handle) abandon() error {
	return errors.Join(syscall.Flock(int(h.file.Fd()), syscall.LOCK_UN), h.file.Close())
}

// readable tells whether the file can be read at all.
func (f *File) readable() error {
	f.mu.RLock()
	defer f.mu.RUnlock()
	switch broken := f.broken.Load(); {
	case broken != nil:
		return *broken
	case f.bolt == nil && f.doubt.Load():
		return fmt.Errorf("read %s: %w", f.path, ErrUnsettled)
	case f.bolt == nil:
		return fmt.Errorf("read %s: %w", f.path, ErrClosed)
	}
	return nil
}

// view reads what is durable. The tx and all it yields are valid within fn only.
// fn is run again when it met a value that cannot be read, which is put aside first:
// see quarantine.go.
func (f *File) view(ctx context.Context, fn func(*tx) error) error {
	for tries := 0; ; {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		read, err := f.tryView(fn)
		if err != nil && f.putAside(ctx, err, tries) {
			tries++
			continue
		}
		if read || err != nil {
			return err
		}
		// The newest state is not synced yet, so nothing may be told of it.
		if inHand := f.inHand.Load(); inHand != nil {
			select {
			case <-*inHand:
			case <-ctx.Done():
			}
		} else if f.doubt.Load() {
			return fmt.Errorf("read %s: %w", f.path, ErrUnsettled)
		}
	}
}

// tryView reports false when what the file shows is newer than what is durable.
func (f *File) tryView(fn func(*tx) error) (read bool, err error) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	if f.bolt == nil {
		if f.doubt.Load() {
			return false, fmt.Errorf("read %s: %w", f.path, ErrUnsettled)
		}
		return false, fmt.Errorf("read %s: %w", f.path, ErrClosed)
	}
	// A damaged page makes bbolt panic; a page that the disk cannot give, or that
	// somebody cut off the file, is a fault in the mapped memory.
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	begun := false
	defer func() {
		if reason := recover(); reason != nil {
			err = fmt.Errorf("read %s: %w: %w", f.path, ErrDamaged, caught(reason))
			if !begun {
				f.broken.CompareAndSwap(nil, &err)
			}
		}
	}()
	if broken := f.broken.Load(); broken != nil {
		return false, *broken
	}
	bt, err := f.bolt.db.Begin(false)
	begun = true
	if err != nil {
		return false, fmt.Errorf("read %s: %w", f.path, err)
	}
	defer func() { _ = bt.Rollback() }()
	if int64(bt.ID()) > f.durable.Load() {
		return false, nil
	}
	if err := fn(newTx(bt, f.slug)); err != nil {
		return false, fmt.Errorf("read %s: %w", f.path, err)
	}
	return true, nil
}
