package bolt

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"sync/atomic"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// disk lies between bbolt and its file, and fails on demand.
type disk struct {
	t     *testing.T
	fd    int // bbolt's descriptor
	spare int // a second one of the same open file, to restore fd from
	write func(b []byte, off int64) (int, error)
}

// disturb lets fault see, and answer, every write that bbolt makes. bbolt has a
// hook of its own for this, which only its own tests can reach by its name.
func disturb(t *testing.T, db *DB, fault func(d *disk, b []byte, off int64) (int, error)) *disk {
	t.Helper()
	d := &disk{t: t, fd: int(db.file.os.Fd()), write: db.file.os.WriteAt}
	var err error
	if d.spare, err = unix.Dup(d.fd); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Close(d.spare) })
	hook := reflect.ValueOf(db.file.bbolt).Elem().FieldByName("ops").FieldByName("writeAt")
	*(*func([]byte, int64) (int, error))(unsafe.Pointer(hook.UnsafeAddr())) = func(b []byte, off int64) (int, error) {
		return fault(d, b, off)
	}
	return d
}

// unplug makes everything fail that is done with bbolt's descriptor.
func (d *disk) unplug() {
	fd, err := unix.Open("/", unix.O_PATH, 0)
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = unix.Close(fd) }()
	if err := unix.Dup3(fd, d.fd, 0); err != nil {
		d.t.Fatal(err)
	}
}

// plug restores the descriptor.
func (d *disk) plug() {
	if err := unix.Dup3(d.spare, d.fd, 0); err != nil {
		d.t.Fatal(err)
	}
}

func (d *disk) isMeta(off int64) bool { return off < 2*int64(os.Getpagesize()) }

// onLog calls fn for every message.
type onLog struct {
	slog.Handler
	fn func(message string)
}

func (h onLog) Handle(_ context.Context, r slog.Record) error { h.fn(r.Message); return nil }
func (h onLog) Enabled(context.Context, slog.Level) bool      { return true }

// A commit that fails before its meta page is written leaves no trace, and the
// next one works.
func TestFailedDataPages(t *testing.T) {
	t.Parallel()
	for _, cause := range []syscall.Errno{syscall.ENOSPC, syscall.EIO} {
		path := filepath.Join(t.TempDir(), "test.db")
		db := openAt(t, path, Options{})
		if err := write(t, db, "1"); err != nil {
			t.Fatal(err)
		}
		var failing atomic.Bool
		failing.Store(true)
		disturb(t, db, func(d *disk, b []byte, off int64) (int, error) {
			if failing.Load() {
				n, _ := d.write(b[:len(b)/2], off)
				return n, &os.PathError{Op: "write", Path: path, Err: cause}
			}
			return d.write(b, off)
		})
		if err := write(t, db, "2"); !errors.Is(err, cause) {
			t.Errorf("%v: %v", cause, err)
		}
		if err := db.Probe(t.Context()); !errors.Is(err, cause) {
			t.Errorf("probe: %v", err)
		}
		wantKeys(t, db, "1")
		failing.Store(false)
		if err := write(t, db, "3"); err != nil {
			t.Errorf("after %v: %v", cause, err)
		}
		wantKeys(t, db, "1", "3")
	}
}

// A full disk that shows when the file is grown is known for one.
func TestErrnoInText(t *testing.T) {
	t.Parallel()
	err := withErrno(errors.New("file resize error: truncate test.db: no space left on device"))
	if !errors.Is(err, syscall.ENOSPC) || err.Error() != "file resize error: truncate test.db: no space left on device" {
		t.Error(err)
	}
}

// A meta page that was written but not synced is taken back: nobody sees it,
// the caller's error says that nothing was kept, and that is so after reopening too.
func TestFailedMetaSync(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "test.db")
	var (
		db *DB
		d  *disk
	)
	db = openAt(t, path, Options{Log: slog.New(onLog{fn: func(m string) {
		if m != "write failed; taking it back" {
			return
		}
		if shown, err := db.file.txid(); err != nil || shown != db.durable.Load()+1 {
			t.Errorf("bbolt shows transaction %d (%v) after %d: this test tests nothing", shown, err, db.durable.Load())
		}
		if read, err := db.tryView(func(*Tx) error { return nil }); read || err != nil {
			t.Errorf("a reader sees what is not synced: %v, %v", read, err)
		}
		d.plug()
	}})})
	for _, id := range []string{"1", "2", "3"} {
		if err := write(t, db, id); err != nil {
			t.Fatal(err)
		}
	}
	for _, id := range []string{"4", "5"} { // of both meta pages, since the next commit goes to the other
		d = disturb(t, db, func(d *disk, b []byte, off int64) (int, error) {
			n, err := d.write(b, off)
			if d.isMeta(off) {
				d.unplug()
			}
			return n, err
		})
		if err := write(t, db, id); !errors.Is(err, syscall.EBADF) {
			t.Errorf("unsynced meta page: %v", err)
		}
		if db.doubt.Load() {
			t.Error("the doubt was not settled")
		}
		wantKeys(t, db, "1", "2", "3")
		if id == "4" {
			if err := db.Probe(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, id := range []string{"6", "7", "8"} {
		if err := write(t, db, id); err != nil {
			t.Fatal(err)
		}
	}
	wantKeys(t, db, "1", "2", "3", "6", "7", "8")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	wantKeys(t, openAt(t, path, Options{}), "1", "2", "3", "6", "7", "8")
}

// While the disk stays away nothing is written and nothing doubtful is read;
// when it is back, the next write settles the doubt first.
func TestDiskGone(t *testing.T) {
	t.Parallel()
	db := openAt(t, filepath.Join(t.TempDir(), "test.db"), Options{})
	if err := write(t, db, "1"); err != nil {
		t.Fatal(err)
	}
	d := disturb(t, db, func(d *disk, b []byte, off int64) (int, error) {
		n, err := d.write(b, off)
		if d.isMeta(off) {
			d.unplug()
		}
		return n, err
	})
	for _, id := range []string{"2", "3"} {
		if err := write(t, db, id); !errors.Is(err, syscall.EBADF) {
			t.Errorf("without a disk: %v", err)
		}
		if err := db.View(t.Context(), func(*Tx) error { return nil }); !errors.Is(err, ErrUnsettled) {
			t.Errorf("read without a disk: %v", err)
		}
	}
	if err := db.Probe(t.Context()); !errors.Is(err, syscall.EBADF) {
		t.Errorf("probe without a disk: %v", err)
	}
	d.plug()
	if err := write(t, db, "4"); err != nil {
		t.Fatal(err)
	}
	wantKeys(t, db, "1", "4")
}

// A panic within bbolt ends the use of the file, without a hang.
func TestBreakdown(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "test.db")
	db := openAt(t, path, Options{})
	if err := write(t, db, "1"); err != nil {
		t.Fatal(err)
	}
	disturb(t, db, func(*disk, []byte, int64) (int, error) { panic("page 7 already freed") })
	for _, id := range []string{"2", "3"} {
		if err := write(t, db, id); !errors.Is(err, ErrDamaged) {
			t.Errorf("after a panic: %v", err)
		}
	}
	if err := db.View(t.Context(), func(*Tx) error { return nil }); !errors.Is(err, ErrDamaged) {
		t.Errorf("read after a panic: %v", err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	wantKeys(t, openAt(t, path, Options{}), "1")
}
