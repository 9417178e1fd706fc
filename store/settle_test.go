package store

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"sync/atomic"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"maitre/booking"
)

// disk stands between bbolt and its file, and fails on demand.
type disk struct {
	t     *testing.T
	fd    int // bbolt's descriptor
	spare int // a second one of the same open file, to mend fd with
	write func(b []byte, off int64) (int, error)
}

// disturb lets fault see, and answer, every write that bbolt makes. bbolt has a
// hook of its own for this, which only its own tests can reach by its name.
func disturb(t *testing.T, f *File, fault func(d *disk, b []byte, off int64) (int, error)) *disk {
	t.Helper()
	d := &disk{t: t, fd: int(f.bolt.file.Fd()), write: f.bolt.file.WriteAt}
	var err error
	if d.spare, err = unix.Dup(d.fd); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Close(d.spare) })
	hook := reflect.ValueOf(f.bolt.db).Elem().FieldByName("ops").FieldByName("writeAt")
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

// plug mends the descriptor.
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

var testDate = booking.NewDate(2030, 1, 1)

func accept(t *testing.T, f *File, id string) error {
	t.Helper()
	_, err := f.Local().Accept(t.Context(), booking.Entry{Booking: NewTestBooking(id, "C"+id, testDate)})
	return err
}

// idsOn reads the day past what is held decoded.
func idsOn(t *testing.T, f *File) (ids []string, err error) {
	t.Helper()
	err = f.view(t.Context(), func(tx *tx) error {
		all, err := tx.onDate(testDate)
		for _, b := range all {
			ids = append(ids, b.ID)
		}
		return err
	})
	return ids, err
}

func wantIDs(t *testing.T, f *File, want ...string) {
	t.Helper()
	got, err := idsOn(t, f)
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("the file has %v (%v), want %v", got, err, want)
	}
	day, err := f.Local().Day(t.Context(), testDate)
	if err != nil || len(day.Bookings) != len(want) {
		t.Errorf("the day has %d bookings (%v), want %d", len(day.Bookings), err, len(want))
	}
}

// A commit that fails before its meta page is written leaves no trace, and the
// next one works.
func TestFailedDataPages(t *testing.T) {
	t.Parallel()
	for _, cause := range []syscall.Errno{syscall.ENOSPC, syscall.EIO} {
		path := filepath.Join(t.TempDir(), "maitre.db")
		f := OpenTest(t, path, Options{})
		if err := accept(t, f, "1"); err != nil {
			t.Fatal(err)
		}
		var failing atomic.Bool
		failing.Store(true)
		disturb(t, f, func(d *disk, b []byte, off int64) (int, error) {
			if failing.Load() {
				n, _ := d.write(b[:len(b)/2], off)
				return n, &os.PathError{Op: "write", Path: path, Err: cause}
			}
			return d.write(b, off)
		})
		if err := accept(t, f, "2"); !errors.Is(err, booking.ErrNotKept) || !errors.Is(err, cause) {
			t.Errorf("%v: %v", cause, err)
		}
		if err := f.Probe(t.Context()); !errors.Is(err, cause) {
			t.Errorf("probe: %v", err)
		}
		wantIDs(t, f, "1")
		failing.Store(false)
		if err := accept(t, f, "3"); err != nil {
			t.Errorf("after %v: %v", cause, err)
		}
		wantIDs(t, f, "1", "3")
	}
}

// A full disk that shows when the file is grown is known for one.
func TestErrnoInText(t *testing.T) {
	t.Parallel()
	err := withErrno(errors.New("file resize error: truncate maitre.db: no space left on device"))
	if !errors.Is(err, syscall.ENOSPC) || err.Error() != "file resize error: truncate maitre.db: no space left on device" {
		t.Error(err)
	}
}

// A meta page that was written but not synced is taken back: nobody sees it,
// the caller hears that nothing was kept, and that is so after reopening too.
func TestFailedMetaSync(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "maitre.db")
	var (
		f *File
		d *disk
	)
	f = OpenTest(t, path, Options{Log: slog.New(onLog{fn: func(m string) {
		if m != "write failed; taking it back" {
			return
		}
		if shown, err := f.bolt.txid(); err != nil || shown != f.durable.Load()+1 {
			t.Errorf("bbolt shows transaction %d (%v) after %d: this test tests nothing", shown, err, f.durable.Load())
		}
		if read, err := f.tryView(func(*tx) error { return nil }); read || err != nil {
			t.Errorf("a reader sees what is not synced: %v, %v", read, err)
		}
		d.plug()
	}})})
	for _, id := range []string{"1", "2", "3"} {
		if err := accept(t, f, id); err != nil {
			t.Fatal(err)
		}
	}
	for _, id := range []string{"4", "5"} { // of both meta pages, since the next commit goes to the other
		d = disturb(t, f, func(d *disk, b []byte, off int64) (int, error) {
			n, err := d.write(b, off)
			if d.isMeta(off) {
				d.unplug()
			}
			return n, err
		})
		if err := accept(t, f, id); !errors.Is(err, booking.ErrNotKept) || !errors.Is(err, syscall.EBADF) {
			t.Errorf("unsynced meta page: %v", err)
		}
		if f.doubt.Load() {
			t.Error("the doubt was not settled")
		}
		wantIDs(t, f, "1", "2", "3")
		if id == "4" {
			if err := f.Probe(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, id := range []string{"6", "7", "8"} {
		if err := accept(t, f, id); err != nil {
			t.Fatal(err)
		}
	}
	wantIDs(t, f, "1", "2", "3", "6", "7", "8")
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	wantIDs(t, OpenTest(t, path, Options{}), "1", "2", "3", "6", "7", "8")
}

// While the disk stays away nothing is written and nothing doubtful is told;
// when it is back, the next write settles the doubt first.
func TestDiskGone(t *testing.T) {
	t.Parallel()
	f := OpenTest(t, filepath.Join(t.TempDir(), "maitre.db"), Options{})
	if err := accept(t, f, "1"); err != nil {
		t.Fatal(err)
	}
	d := disturb(t, f, func(d *disk, b []byte, off int64) (int, error) {
		n, err := d.write(b, off)
		if d.isMeta(off) {
			d.unplug()
		}
		return n, err
	})
	for _, id := range []string{"2", "3"} {
		if err := accept(t, f, id); !errors.Is(err, booking.ErrNotKept) {
			t.Errorf("without a disk: %v", err)
		}
		if ids, err := idsOn(t, f); !errors.Is(err, ErrUnsettled) {
			t.Errorf("without a disk the file shows %v, %v", ids, err)
		}
	}
	if err := f.Probe(t.Context()); !errors.Is(err, booking.ErrNotKept) {
		t.Errorf("probe without a disk: %v", err)
	}
	d.plug()
	if err := accept(t, f, "4"); err != nil {
		t.Fatal(err)
	}
	wantIDs(t, f, "1", "4")
}

// A panic within bbolt ends the use of the file, without a hang.
func TestBreakdown(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "maitre.db")
	f := OpenTest(t, path, Options{})
	if err := accept(t, f, "1"); err != nil {
		t.Fatal(err)
	}
	disturb(t, f, func(*disk, []byte, int64) (int, error) { panic("page 7 already freed") })
	for _, id := range []string{"2", "3"} {
		if err := accept(t, f, id); !errors.Is(err, booking.ErrNotKept) || !errors.Is(err, ErrDamaged) {
			t.Errorf("after a panic: %v", err)
		}
	}
	if _, err := idsOn(t, f); !errors.Is(err, ErrDamaged) {
		t.Errorf("read after a panic: %v", err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	wantIDs(t, OpenTest(t, path, Options{}), "1")
}
