package store

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

	"maitre/booking"
)

// Open opens the data file at path, or makes a new one (mode 0600, in
// directories of mode 0700 where they are missing). It reads the file through
// once, so that damage shows now and not in the middle of a service.
//
// Errors: [ErrMissing], [ErrInUse], [ErrNewer], [ErrDamaged], an [OtherRestaurantError];
// the system's own when the file cannot be read or written at all.
func Open(ctx context.Context, path string, o Options) (*File, error) {
	return open(ctx, path, o, migrations)
}

func open(ctx context.Context, path string, o Options, steps []migration) (*File, error) {
	if o.Slug == "" || o.Slug == string(metaBucket) {
		return nil, fmt.Errorf("open %s: restaurant slug %q: want a name, other than %q", path, o.Slug, metaBucket)
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Free == nil {
		o.Free = freeBeside
	}
	if o.OnDays == nil {
		o.OnDays = func(...booking.Date) {}
	}
	o.LockWait = cmp.Or(o.LockWait, time.Second)
	made, err := o.makeFile(path, len(steps))
	if err != nil {
		return nil, err
	}
	bolt, err := awaitBolt(ctx, path, o.LockWait)
	if err != nil {
		return nil, err
	}
	durable, seen, err := prepare(bolt, path, o, steps)
	switch {
	case errors.Is(err, ErrDamaged):
		_ = bolt.abandon() // not db.Close: after a panic its locks may be held
		return nil, err
	case err != nil:
		_ = bolt.db.Close()
		return nil, err
	}
	f := &File{
		path: path, slug: []byte(o.Slug), log: o.Log, now: o.Now, free: o.Free,
		jobs: make(chan *job, maxWaiting), finished: make(chan struct{}),
		made: made, bolt: bolt, days: newDays(maxDays), onDays: o.OnDays, seen: seen, shelf: newShelf(o.At),
	}
	f.durable.Store(durable)
	if err := cmp.Or(f.readClock(ctx), f.readShelf()); err != nil {
		_ = f.letGo()
		return nil, err
	}
	go f.write()
	return f, nil
}

// prepare brings the file to the present schema and makes sure that it is sound.
// It returns the newest transaction, and where the memos lie.
func prepare(bolt *handle, path string, o Options, steps []migration) (durable int64, seen *seen, err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if reason := recover(); reason != nil {
			err = damaged(path, caught(reason))
		}
	}()
	if err := migrate(bolt.db, o.Log, steps); err != nil {
		return 0, nil, fmt.Errorf("open %s: %w", path, withErrno(err))
	}
	var (
		moved []keptAside
		back  int
	)
	if err := bolt.db.Update(func(bt *bbolt.Tx) (err error) {
		if err := notAnother(bt, path, o.Slug); err != nil {
			return err
		}
		if err := makeRestaurant(bt, []byte(o.Slug)); err != nil {
			return err
		}
		t := newTx(bt, []byte(o.Slug))
		if moved, back, err = t.readAtOpen(o.Now()); err != nil {
			return err
		}
		return t.doubtBegun(o.Now())
	}); err != nil {
		return 0, nil, fmt.Errorf("open %s: %w", path, withErrno(err))
	}
	logAside(o.Log, moved)
	if back > 0 {
		o.Log.Info("values of the data file that could not be read before can be read again, and are back in their places", "values", back)
	}
	err = bolt.db.View(func(bt *bbolt.Tx) (err error) {
		seen, err = newTx(bt, []byte(o.Slug)).readSeen()
		return err
	})
	if err != nil {
		return 0, nil, fmt.Errorf("open %s: %w", path, err)
	}
	durable, err = bolt.txid()
	return durable, seen, err
}

// mappedSize is how much address space bbolt maps at first. A file that outgrows
// it is mapped anew, for which a writer has to wait until no reader is left.
const mappedSize = 64 << 20

// lockPause is how long to wait before trying again to lock the file.
const lockPause = 20 * time.Millisecond

// awaitBolt opens the bbolt file, waiting a while for another process to let go of it.
func awaitBolt(ctx context.Context, path string, wait time.Duration) (*handle, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, wait, bolterrors.ErrTimeout)
	defer cancel()
	for {
		bolt, err := openBolt(path)
		if !errors.Is(err, bolterrors.ErrTimeout) {
			return bolt, err
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("open %s: %w: stop the other maitre (or whatever else has it open), or give this one a data directory of its own (%w)",
				path, ErrInUse, context.Cause(ctx))
		case <-time.After(lockPause):
		}
	}
}

// openBolt opens an existing bbolt file; bolterrors.ErrTimeout says that it is locked.
//
// The list of free pages is synced with every commit (it costs no further sync,
// only its pages), so that neither opening nor a failed commit has to scan the
// whole file to find them.
func openBolt(path string) (_ *handle, err error) {
	h := &handle{}
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if reason := recover(); reason != nil {
			err = damaged(path, caught(reason))
		}
		if err != nil && h.file != nil {
			_ = h.abandon() // bbolt has closed it already, unless it panicked
		}
	}()
	h.db, err = bbolt.Open(path, 0o600, &bbolt.Options{
		Timeout:         1, // try once: awaitBolt does the waiting
		FreelistType:    bbolt.FreelistMapType,
		InitialMmapSize: mappedSize,
		NoStatistics:    true,
		OpenFile: func(path string, flag int, mode os.FileMode) (*os.File, error) {
			h.file, err = os.OpenFile(path, flag&^os.O_CREATE, mode)
			if err != nil {
				return nil, err
			}
			return h.file, lockAndCheck(h.file)
		},
	})
	system := syscall.Errno(0)
	switch {
	case err == nil:
		h.pageSize = int64(h.db.Info().PageSize)
		return h, nil
	case errors.Is(err, bolterrors.ErrTimeout):
		return nil, err
	case errors.As(err, &system):
		return nil, fmt.Errorf("open data file: %w: maitre must be able to read and write it", err)
	default:
		return nil, damaged(path, err)
	}
}

// lockAndCheck looks at the file before bbolt does. The lock is the one that
// bbolt takes again afterwards, through the same descriptor.
func lockAndCheck(file *os.File) error {
	switch err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); {
	case errors.Is(err, syscall.EWOULDBLOCK):
		return bolterrors.ErrTimeout
	case err != nil:
		return err
	}
	return sound(file)
}

// makeFile makes a data file where there is none and one may be made, and reports whether it did.
func (o Options) makeFile(path string, schema int) (made bool, err error) {
	_, err = os.Lstat(path)
	switch missing := errors.Is(err, os.ErrNotExist); {
	case missing && o.Existing:
		return false, fmt.Errorf("open %s: %w", path, ErrMissing)
	case missing:
		made, err = makeFile(path, o.Now(), schema)
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
	err = db.Update(func(bt *bbolt.Tx) error { return makeMeta(bt, now, schema) })
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
