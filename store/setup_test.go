package store

import (
	"context"
	"errors"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"maitre/booking"
	"maitre/store/bolt"
)

var testDate = booking.NewDate(2030, 1, 1)

// putKey is a write of a key that means nothing.
func putKey(key string) func(*tx) error {
	return func(t *tx) error { return t.bucket(codesBucket).Put([]byte(key), []byte(key)) }
}

// onWrite lets fault see, and answer, every write to the disk. bbolt has a hook of its
// own for this, which only its own tests can reach by its name.
func onWrite(f *File, fault func(write func(b []byte, off int64) (int, error), b []byte, off int64) (int, error)) {
	engine := reflect.ValueOf(f.db).Elem().FieldByName("file").Elem().FieldByName("bbolt").Elem()
	hook := (*func([]byte, int64) (int, error))(unsafe.Pointer(engine.FieldByName("ops").FieldByName("writeAt").UnsafeAddr()))
	write := *hook
	*hook = func(b []byte, off int64) (int, error) { return fault(write, b, off) }
}

// idsOn reads the day past what is held decoded.
func idsOn(t *testing.T, f *File) (ids []string, err error) {
	t.Helper()
	err = f.view(t.Context(), func(tx *tx) error {
		ids = nil
		all, err := tx.onDate(testDate)
		for _, b := range all {
			ids = append(ids, b.ID)
		}
		return err
	})
	return ids, err
}

// wantIDs checks a day, as the file has it and as it is read.
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

// The error of a write says that nothing was kept, with the cause, or that a code is taken.
func TestWhatAFailedWriteReturns(t *testing.T) {
	t.Parallel()
	f := OpenTest(t, filepath.Join(t.TempDir(), "maitre.db"), Options{})
	reason := errors.New("no")
	fails := func(*tx) error { return reason }
	if err := f.commit(t.Context(), fails); !errors.Is(err, booking.ErrNotKept) || !errors.Is(err, reason) || !strings.Contains(err.Error(), f.path) {
		t.Error(err)
	}
	gone, cancel := context.WithCancelCause(t.Context())
	hungUp := errors.New("the guest hung up")
	cancel(hungUp)
	if err := f.commit(gone, putKey("a")); !errors.Is(err, booking.ErrNotKept) || !errors.Is(err, hungUp) {
		t.Error(err)
	}
	if err := f.commit(t.Context(), func(*tx) error { return booking.ErrCodeTaken }); !errors.Is(err, booking.ErrCodeTaken) || errors.Is(err, booking.ErrNotKept) {
		t.Error(err)
	}
	b := NewTestBooking("1", "C1", testDate)
	if _, err := f.Local().Accept(t.Context(), booking.Entry{Booking: b}); err != nil {
		t.Fatal(err)
	}
	wantIDs(t, f, "1") // held decoded
	b.Party++
	failing := func(t *tx) error { return errors.Join(t.putBooking(&b, nil, nil, true), reason) }
	if err := f.commit(t.Context(), failing); !errors.Is(err, reason) {
		t.Error(err)
	}
	wantIDs(t, f, "1")
	if day, err := f.Local().Day(t.Context(), testDate); err != nil || day.Bookings[0].Party == b.Party {
		t.Errorf("what was not kept is shown: %+v, %v", day.Bookings, err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	_, accepted := f.Local().Accept(t.Context(), booking.Entry{Booking: b})
	for what, err := range map[string]error{"accept": accepted, "probe": f.Probe(t.Context())} {
		if !errors.Is(err, booking.ErrNotKept) || !errors.Is(err, ErrClosed) {
			t.Errorf("%s after Close: %v", what, err)
		}
	}
	if _, err := f.Local().Day(t.Context(), testDate); !errors.Is(err, ErrClosed) {
		t.Errorf("Day after Close: %v", err)
	}
}

func TestASlugThatNamesNothing(t *testing.T) {
	t.Parallel()
	for _, slug := range []string{"", bolt.Meta} {
		if _, err := Open(t.Context(), filepath.Join(t.TempDir(), "maitre.db"), Options{Slug: slug}); err == nil {
			t.Errorf("slug %q was taken", slug)
		}
	}
}
