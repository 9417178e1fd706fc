package bolt

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"syscall"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// Open opens the file at path, or makes a new one (mode 0600, in directories of
// mode 0700 where they are missing). It reads the file through once, so that damage
// shows now and not later.
//
// Errors: [ErrMissing], [ErrInUse], [ErrNewer], [ErrDamaged]; those of migrations and
// of [Options].Prepare; the system's own when the file cannot be read or written at all.
func Open(ctx context.Context, path string, o Options) (*DB, error) {
	o = o.withDefaults()
	made, err := o.makeFile(path)
	if err != nil {
		return nil, err
	}
	f, err := o.awaitFile(ctx, path)
	if err != nil {
		return nil, err
	}
	durable, err := f.prepare(path, o)
	switch {
	case errors.Is(err, ErrDamaged):
		_ = f.abandon() // not Close: after a panic bbolt's locks may be held
		return nil, err
	case err != nil:
		_ = f.bbolt.Close()
		return nil, err
	}
	db := &DB{
		path: path, options: o, made: made, file: f,
		jobs: make(chan *job, maxWaiting), finished: make(chan struct{}),
	}
	db.durable.Store(durable)
	go db.write()
	return db, nil
}

func (o Options) withDefaults() Options {
	o.Program = cmp.Or(o.Program, "this program")
	o.LockWait = cmp.Or(o.LockWait, time.Second)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.FreeSpace == nil {
		o.FreeSpace = freeSpace
	}
	if o.Prepare == nil {
		o.Prepare = func(*Tx) error { return nil }
	}
	return o
}

// prepare brings the file to the present schema and runs what the caller prepares.
// It returns the newest transaction.
func (f *file) prepare(path string, o Options) (durable int64, err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if reason := recover(); reason != nil {
			err = damaged(path, caught(reason))
		}
	}()
	err = migrate(f.bbolt, o.Program, o.Log, o.Migrations)
	if err == nil {
		err = f.bbolt.Update(func(bt *bbolt.Tx) error { return o.Prepare(&Tx{bbolt: bt}) })
	}
	if err != nil {
		return 0, fmt.Errorf("open %s: %w", path, withErrno(err))
	}
	return f.txid()
}

// mappedSize is how much address space bbolt maps at first. A file that outgrows
// it is mapped anew, for which a writer has to wait until no reader is left.
const mappedSize = 64 << 20

// lockPause is how long to wait before trying again to lock the file.
const lockPause = 20 * time.Millisecond

// awaitFile opens the bbolt file, waiting a while for another process to close it.
func (o Options) awaitFile(ctx context.Context, path string) (*file, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, o.LockWait, bolterrors.ErrTimeout)
	defer cancel()
	for {
		f, err := openFile(path, o.Program)
		if !errors.Is(err, bolterrors.ErrTimeout) {
			return f, err
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("open %s: %w: stop the other %s (or whatever else has it open), or give this one a data directory of its own (%w)",
				path, ErrInUse, o.Program, context.Cause(ctx))
		case <-time.After(lockPause):
		}
	}
}

// openFile opens an existing bbolt file; bolterrors.ErrTimeout says that it is locked.
//
// The list of free pages is synced with every commit (it costs no further sync,
// only its pages), so that neither opening nor a failed commit has to scan the
// whole file to find them.
func openFile(path, program string) (_ *file, err error) {
	f := &file{}
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if reason := recover(); reason != nil {
			err = damaged(path, caught(reason))
		}
		if err != nil && f.os != nil {
			_ = f.abandon() // bbolt has closed it already, unless it panicked
		}
	}()
	f.bbolt, err = bbolt.Open(path, 0o600, &bbolt.Options{
		Timeout:         1, // try once: awaitFile does the waiting
		FreelistType:    bbolt.FreelistMapType,
		InitialMmapSize: mappedSize,
		NoStatistics:    true,
		OpenFile: func(path string, flag int, mode os.FileMode) (*os.File, error) {
			f.os, err = os.OpenFile(path, flag&^os.O_CREATE, mode)
			if err != nil {
				return nil, err
			}
			return f.os, lockAndVerify(f.os)
		},
	})
	system := syscall.Errno(0)
	switch {
	case err == nil:
		f.pageSize = int64(f.bbolt.Info().PageSize)
		return f, nil
	case errors.Is(err, bolterrors.ErrTimeout):
		return nil, err
	case errors.As(err, &system):
		return nil, fmt.Errorf("open data file: %w: %s must be able to read and write it", err, program)
	default:
		return nil, damaged(path, err)
	}
}

// lockAndVerify reads the file before bbolt does. The lock is the one that
// bbolt takes again afterwards, through the same descriptor.
func lockAndVerify(file *os.File) error {
	switch err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); {
	case errors.Is(err, syscall.EWOULDBLOCK):
		return bolterrors.ErrTimeout
	case err != nil:
		return err
	}
	return verify(file)
}

// makeFile makes a data file where there is none and one may be made, and reports whether it did.
func (o Options) makeFile(path string) (made bool, err error) {
	_, err = os.Lstat(path)
	switch missing := errors.Is(err, os.ErrNotExist); {
	case missing && o.Existing:
		return false, fmt.Errorf("open %s: %w", path, ErrMissing)
	case missing:
		made, err = makeFile(path, o.Now(), firstSchema+len(o.Migrations))
	}
	if err != nil {
		return false, fmt.Errorf("make %s: %w", path, withErrno(err))
	}
	return made, nil
}

// makeFile makes a data file under another name and then links it to its own, so
// that no crash leaves half a file, an empty file is known for damage, and of two
// processes that start together one makes it, which made reports.
func makeFile(path string, now time.Time, schema int) (made bool, err error) {
	dir := filepath.Dir(path)
	if err := makeDir(dir); err != nil {
		return false, err
	}
	draft, err := os.CreateTemp(dir, filepath.Base(path)+".new-*") // mode 0600
	if err != nil {
		return false, err
	}
	defer func() { _ = os.Remove(draft.Name()) }()
	if err := draft.Close(); err != nil {
		return false, err
	}
	db, err := bbolt.Open(draft.Name(), 0o600, &bbolt.Options{FreelistType: bbolt.FreelistMapType})
	if err != nil {
		return false, err
	}
	err = db.Update(func(bt *bbolt.Tx) error { return makeMeta(&Tx{bbolt: bt}, now, schema) })
	if err := errors.Join(err, db.Close()); err != nil {
		return false, err
	}
	err = os.Link(draft.Name(), path)
	if made = !errors.Is(err, os.ErrExist); made && err != nil {
		// A file system without links.
		if err := os.Rename(draft.Name(), path); err != nil {
			return false, err
		}
	}
	return made, syncDir(dir)
}

// makeDir makes a directory and those above it, durably.
func makeDir(dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	above := filepath.Dir(dir)
	if above != dir {
		if err := makeDir(above); err != nil {
			return err
		}
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	return syncDir(above)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) { // some file systems cannot
		return err
	}
	return nil
}
