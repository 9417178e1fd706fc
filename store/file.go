// Package store keeps a restaurant's book in one bbolt file. In local mode the
// file is the system of record. Where another is, it is a [Mirror] of that one
// with every accepted entry applied to it, and the [Journal] holds the entries
// that are not written there yet. In every mode it keeps the answers already given,
// so that a repeated request gets the same bytes.
//
// An acknowledged write is synced to disk; readers see nothing that is not; a
// refused write leaves nothing behind. Package bolt documents what happens when
// the disk fails.
//
// The package knows nothing of HTTP, VAPI, Twilio or Airtable, nor of the desk's
// rules: it keeps decisions. It exports no bbolt type.
package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"maitre/booking"
	"maitre/store/bolt"
)

// Errors of opening and using a data file; each comes wrapped with the file's path.
var (
	// ErrMissing is returned by Open when there is no file and none is to be made.
	ErrMissing = bolt.ErrMissing
	// ErrInUse is returned by Open when something else holds the file.
	ErrInUse = bolt.ErrInUse
	// ErrNewer is returned by Open when a newer maitre wrote the file. A single value
	// that a newer one wrote is put aside; see quarantine.go.
	ErrNewer = bolt.ErrNewer
	// ErrDamaged is returned by Open, and by anything that reads later, when the
	// file's content makes no sense.
	ErrDamaged = bolt.ErrDamaged
	// ErrClosed is returned by everything that is called after Close; where
	// something was to be written, beside [booking.ErrNotKept].
	ErrClosed = bolt.ErrClosed
	// ErrUnsettled is returned by reads while the disk refuses to say whether
	// the last write is on it; see [bolt.ErrUnsettled].
	ErrUnsettled = bolt.ErrUnsettled
)

// Options say how a data file is opened.
type Options struct {
	// Slug names the restaurant whose part of the file is used; required.
	Slug string
	// Log gets failing disks and migrations. Defaults to no log.
	Log *slog.Logger
	// Now returns the time: how old answers are, which codes are past, when the
	// last probe was. Defaults to time.Now.
	Now func() time.Time
	// LockWait is how long Open waits for another process to close the
	// file. Defaults to one second.
	LockWait time.Duration
	// At is called at points at which tests let the program fail; see
	// [Journal.Accept] and [Journal.Done]. Defaults to nothing.
	At func(point string)
	// OnDays is called with the days whose bookings a commit has changed, once it is
	// synced and shown. The writer calls it: it must not wait for anything. Defaults to nothing.
	OnDays func(dates ...booking.Date)
	// FreeSpace returns how many bytes may still be written beside a path. Defaults
	// to asking the file system.
	FreeSpace func(path string) (uint64, error)
	// Existing: no new file is made where there is none.
	Existing bool
}

// File is an open data file. It is safe for concurrent use.
type File struct {
	db     *bolt.DB
	path   string
	slug   []byte
	log    *slog.Logger
	now    func() time.Time
	at     func(point string)
	onDays func(dates ...booking.Date)

	clock struct {
		mu       sync.Mutex
		believed believed
		looked   time.Time // when the clock was looked at last
		reported bool      // the log says that it is far off
	}

	days    *days
	answers *answerIndex
	index   *memoryIndex
}

// migrations lead the file from one schema version to the next.
var migrations = []bolt.Migration{}

// Open opens the data file at path, or makes a new one (mode 0600, in
// directories of mode 0700 where they are missing). It reads the file through
// once, so that damage shows now and not in the middle of a service.
//
// Errors: [ErrMissing], [ErrInUse], [ErrNewer], [ErrDamaged], an [OtherRestaurantError];
// the system's own when the file cannot be read or written at all.
func Open(ctx context.Context, path string, o Options) (*File, error) {
	return open(ctx, path, o, migrations)
}

func open(ctx context.Context, path string, o Options, steps []bolt.Migration) (*File, error) {
	if o.Slug == "" || o.Slug == bolt.Meta {
		return nil, fmt.Errorf("open %s: restaurant slug %q: want a name, other than %q", path, o.Slug, bolt.Meta)
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.At == nil {
		o.At = func(string) {}
	}
	if o.OnDays == nil {
		o.OnDays = func(...booking.Date) {}
	}
	f := &File{
		path: path, slug: []byte(o.Slug), log: o.Log, now: o.Now, at: o.At, onDays: o.OnDays,
		days: newDays(maxDays), index: newMemoryIndex(),
	}
	var (
		moved []keptAside
		back  int
		err   error
	)
	f.db, err = bolt.Open(ctx, path, bolt.Options{
		Program: program, Log: o.Log, Now: o.Now, LockWait: o.LockWait, FreeSpace: o.FreeSpace, Existing: o.Existing,
		Migrations: steps,
		Prepare: func(bt *bolt.Tx) (err error) {
			moved, back, err = f.prepare(bt)
			return err
		},
	})
	if err != nil {
		return nil, err
	}
	logAside(f.log, moved)
	if back > 0 {
		f.log.Info("values of the data file that could not be read before can be read again, and are back in their places", "values", back)
	}
	return f, nil
}

// program is what the engine calls this program.
const program = "maitre"

// prepare makes what the restaurant's part of the file lacks, moves what cannot be
// read out of the way, and fills what is held in memory.
func (f *File) prepare(bt *bolt.Tx) (moved []keptAside, back int, err error) {
	if err := notAnother(bt, f.path, string(f.slug)); err != nil {
		return nil, 0, err
	}
	if err := makeRestaurant(bt, f.slug); err != nil {
		return nil, 0, err
	}
	t, now := newTx(bt, f.slug), f.now()
	if moved, back, err = t.readAtOpen(now); err != nil {
		return nil, 0, err
	}
	if err := t.doubtBegun(now); err != nil {
		return nil, 0, err
	}
	if f.answers, err = t.readAnswers(); err != nil {
		return nil, 0, err
	}
	if err := f.index.read(t); err != nil {
		return nil, 0, err
	}
	return moved, back, f.readClock(t)
}

// Made reports whether Open made the file, because there was none.
func (f *File) Made() bool { return f.db.Made() }

// Close waits for the writes in hand, then closes the file. It may be called
// more than once, and returns the same each time.
func (f *File) Close() error {
	err := f.db.Close()
	f.days.clear()
	return err
}

// Probe reports whether the file can be written now; see [bolt.DB.Probe].
//
// Errors: [booking.ErrNotKept] with the cause; the cause of ctx's end.
func (f *File) Probe(ctx context.Context) error {
	err := f.db.Probe(ctx)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("probe %s: %w", f.path, err)
	}
	return notKept(f.path, err)
}

// DiskSpace returns how many bytes were left on the file's disk when that was last
// checked, with a [File.Probe] and every hour, and whether these are few.
func (f *File) DiskSpace() (free uint64, low bool) { return f.db.DiskSpace() }

// view reads what is durable. The tx and all it yields are valid within fn only.
// fn is run again when it met a value that cannot be read, which is put aside first:
// see quarantine.go.
func (f *File) view(ctx context.Context, fn func(*tx) error) error {
	for tries := 0; ; tries++ {
		err := f.db.View(ctx, func(bt *bolt.Tx) error { return fn(newTx(bt, f.slug)) })
		if err == nil {
			return nil
		}
		if !f.putAside(ctx, err, tries) {
			return fmt.Errorf("read %s: %w", f.path, err)
		}
	}
}

// read returns what fn reads of what is durable.
func read[T any](ctx context.Context, f *File, fn func(*tx) (T, error)) (found T, err error) {
	err = f.view(ctx, func(t *tx) (err error) {
		found, err = fn(t)
		return err
	})
	return found, err
}

// commit runs a write in a transaction that it may share with others, and
// returns when the outcome is known: nil says that it is synced; see
// [bolt.DB.Update]. What it changes of what is held in memory is published before
// commit returns. Where run meets a value that cannot be read, that is put aside
// first; see quarantine.go.
//
// Errors: [booking.ErrCodeTaken] as run returned it, else [booking.ErrNotKept]
// with the cause. In either case nothing of the write was kept.
func (f *File) commit(ctx context.Context, run func(*tx) error) error {
	for tries := 0; ; tries++ {
		err := f.commitOnce(ctx, run)
		if err == nil || !f.putAside(ctx, err, tries) {
			return err
		}
	}
}

func (f *File) commitOnce(ctx context.Context, run func(*tx) error) error {
	err := f.db.Update(ctx, func(bt *bolt.Tx) error {
		t, _ := bt.Local.(*tx)
		if t == nil {
			t = newTx(bt, f.slug)
			bt.Local = t
		}
		done := &effects{}
		t.effects = done
		bt.OnSync(func() { f.publish(done) })
		return run(t)
	})
	if err == nil || errors.Is(err, booking.ErrCodeTaken) {
		return err
	}
	return notKept(f.path, err)
}

// notKept says that nothing of a write was kept, and why.
func notKept(path string, cause error) error {
	return fmt.Errorf("write %s: %w: %w", path, booking.ErrNotKept, cause)
}
