package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"maitre/booking"
	"maitre/store/bolt"
)

var testNow = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

func acceptNumbered(f *File, n int) (booking.JournalEntry, error) {
	b := NewTestBooking(fmt.Sprintf("%03d", n), fmt.Sprint("C", n), testDate)
	return f.Journal().Accept(context.Background(), booking.Entry{Booking: b}, testNow)
}

// The oldest touches are forgotten, and a read from before them is not kept.
func TestVersionsAreBounded(t *testing.T) {
	t.Parallel()
	f := OpenTest(t, filepath.Join(t.TempDir(), "maitre.db"), Options{})
	f.index.versions = newVersions(10)
	before := f.Mirror().Version()
	for n := range 12 {
		e, err := acceptNumbered(f, n)
		if err == nil {
			_, err = f.Journal().Done(t.Context(), e.ID, 1, e.Booking, "rec"+e.Booking.ID, testNow)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	m := f.index.versions
	if len(m.touched) > 10 || m.touched["011"] == 0 || m.touched["000"] != 0 {
		t.Errorf("touched: %v", m.touched)
	}
	row := Row{NewTestBooking("x", "", testDate), "recX"}
	if err := f.Mirror().KeepDay(t.Context(), testDate, []Row{row}, before, testNow); !errors.Is(err, ErrReadTooOld) || errors.Is(err, booking.ErrNotKept) {
		t.Error(err)
	}
	if dates, err := f.Mirror().KeepRows(t.Context(), []Row{row}, nil, before); !errors.Is(err, ErrReadTooOld) || dates != nil {
		t.Error(dates, err)
	}
	if _, ok := f.Mirror().AsOf(testDate); ok {
		t.Error("the day counts as read")
	}
	if err := f.Mirror().KeepDay(t.Context(), testDate, []Row{row}, f.Mirror().Version(), testNow); err != nil {
		t.Error(err)
	}
}

// What is in one transaction with a read counts, whichever comes first, and
// also when the transaction has to be run again.
func TestReadSharesATransaction(t *testing.T) {
	t.Parallel()
	for _, spoilt := range []bool{false, true} {
		f := OpenTest(t, filepath.Join(t.TempDir(), "maitre.db"), Options{})
		e, err := acceptNumbered(f, 1)
		if err != nil {
			t.Fatal(err)
		}
		row := func(id string, party int) Row {
			b := NewTestBooking(id, "", testDate)
			b.Party = party
			return Row{b, "rec" + id}
		}
		since := f.Mirror().Version()
		later := f.Mirror().Version()
		release := f.Hold()
		var all sync.WaitGroup
		for i, write := range []func() error{
			func() error {
				_, err := f.Journal().Done(context.Background(), e.ID, 1, e.Booking, "rec001", testNow)
				return err
			},
			func() error {
				_, err := f.Mirror().KeepRows(context.Background(), []Row{row("2", 8)}, nil, since)
				return err
			},
			func() error {
				return f.Mirror().KeepDay(context.Background(), testDate+1, []Row{}, later, testNow)
			},
			func() error {
				b := row("3", 8)
				b.Booking.Date++
				return f.Mirror().KeepDay(context.Background(), testDate+1, []Row{b}, since, testNow)
			},
			func() error {
				return f.Mirror().KeepDay(context.Background(), testDate, []Row{row("2", 2)}, since, testNow)
			},
			func() error {
				if !spoilt {
					return nil
				}
				err := f.commit(context.Background(), func(t *tx) error { return errors.Join(putKey("half")(t), syscall.EIO) })
				if !errors.Is(err, syscall.EIO) {
					return errors.New("the transaction was not spoilt")
				}
				return nil
			},
		} {
			all.Go(func() {
				if err := write(); err != nil {
					t.Error(err)
				}
			})
			if i < 5 || spoilt {
				f.AwaitWaiting(i + 1)
			}
		}
		release()
		all.Wait()
		wantIDs(t, f, "001", "2")
		day, err := f.Mirror().Day(t.Context(), testDate)
		if err != nil || day.Bookings[1].Party != 8 {
			t.Errorf("spoilt %v: %+v, %v", spoilt, day.Bookings, err)
		}
		if next, err := f.Mirror().Day(t.Context(), testDate+1); err != nil || len(next.Bookings) != 0 {
			t.Errorf("spoilt %v: an older read of a day was kept over a newer: %+v, %v", spoilt, next.Bookings, err)
		}
	}
}

// Mirror and journal agree whatever a failing disk does, and so does what is held
// of them in memory.
func TestFailingDiskKeepsMirrorAndJournalInStep(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "maitre.db")
	f := OpenTest(t, path, Options{})
	j, m := f.Journal(), f.Mirror()
	first, err := acceptNumbered(f, 1)
	if err != nil {
		t.Fatal(err)
	}
	second, err := acceptNumbered(f, 2)
	if err != nil {
		t.Fatal(err)
	}
	since := m.Version()
	var failing atomic.Bool
	failing.Store(true)
	onWrite(f, func(write func([]byte, int64) (int, error), b []byte, off int64) (int, error) {
		if failing.Load() {
			n, _ := write(b[:len(b)/2], off)
			return n, &os.PathError{Op: "write", Path: path, Err: syscall.ENOSPC}
		}
		return write(b, off)
	})
	for name, write := range map[string]func() error{
		"accept": func() error { _, err := acceptNumbered(f, 3); return err },
		"fold":   func() error { _, err := acceptNumbered(f, 1); return err },
		"done":   func() error { _, err := j.Done(t.Context(), first.ID, 1, first.Booking, "rec1", testNow); return err },
		"failed": func() error {
			_, err := j.Failed(t.Context(), first.ID, 1, booking.Attempt{}, testNow, true)
			return err
		},
		"park":   func() error { _, err := j.Park(t.Context(), first.ID, 1, booking.Parked{}, nil); return err },
		"settle": func() error { _, err := j.Settle(t.Context(), second.ID, "why", testNow); return err },
		"day":    func() error { return m.KeepDay(t.Context(), testDate, []Row{{first.Booking, "recX"}}, since, testNow) },
		"rows": func() error {
			_, err := m.KeepRows(t.Context(), []Row{{NewTestBooking("9", "", testDate), "rec9"}}, nil, since)
			return err
		},
		"bind": func() error { _, err := m.Bind(t.Context(), "appA", testNow); return err },
	} {
		if err := write(); !errors.Is(err, booking.ErrNotKept) || !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("%s: %v", name, err)
		}
	}
	inStep := func(f *File) {
		t.Helper()
		wantIDs(t, f, "001", "002")
		depth, err := f.Journal().Depth(t.Context())
		if err != nil || depth != (booking.JournalDepth{Pending: 2, Oldest: testNow}) {
			t.Errorf("%+v, %v", depth, err)
		}
		if e, err := f.Journal().Get(t.Context(), first.ID); err != nil || e.Rev != 1 || e.Tried != 0 {
			t.Errorf("%+v, %v", e, err)
		}
		if _, ok := f.Journal().Waiting("003"); ok {
			t.Error("what was not kept waits")
		}
		if _, ok := f.Mirror().AsOf(testDate); ok {
			t.Error("a day that was not kept counts as read")
		}
	}
	inStep(f)
	failing.Store(false)
	if err := f.Probe(t.Context()); err != nil {
		t.Fatal(err)
	}
	inStep(f)
	if _, err := j.Settle(t.Context(), second.ID, "why", testNow); err != nil {
		t.Fatal(err)
	}
	settled, err := j.Get(t.Context(), second.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := j.Done(t.Context(), settled.ID, settled.Rev, settled.Booking, "", testNow); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	again := OpenTest(t, path, Options{})
	wantIDs(t, again, "001")
	if d, err := again.Journal().Depth(t.Context()); err != nil || d.Pending != 1 {
		t.Error(d, err)
	}
}

// A binding that a newer program wrote is an error, not a guess.
func TestNewerValueOfTheMirror(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "maitre.db")
	f, err := Open(t.Context(), path, Options{Slug: "casa"})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	change(t, path, func(bt *bolt.Tx) error {
		return bt.Bucket([]byte("casa")).Bucket(mirrorBucket).Put(bindingKey, []byte(`{"v":2,"value":["another","shape"]}`))
	})
	f = OpenTest(t, path, Options{})
	if _, err := f.Mirror().Bind(t.Context(), "", testNow); !errors.Is(err, ErrNewer) {
		t.Error(err)
	}
	if all, err := f.Quarantined(t.Context(), 9); err != nil || len(all) > 0 {
		t.Error(all, err)
	}
}

// Indexes that name nothing, and names that are none, are reported as damage.
func TestDamagedMirror(t *testing.T) {
	t.Parallel()
	for bucket, key := range map[string]string{"journal_of": "01", "journal_parked": "no ULID"} {
		path := older(t)
		f, err := Open(t.Context(), path, Options{Slug: "casa"})
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		change(t, path, func(bt *bolt.Tx) error {
			return bt.Bucket([]byte("casa")).Bucket([]byte(bucket)).Put([]byte(key), []byte("x"))
		})
		if _, err := Open(t.Context(), path, Options{Slug: "casa"}); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", bucket, err)
		}
	}
}

// A file of the first maitre gets the buckets it lacks.
func TestOlderFileGetsAMirror(t *testing.T) {
	t.Parallel()
	f := OpenTest(t, older(t), Options{Now: func() time.Time { return testNow }})
	r, err := f.Mirror().Bind(t.Context(), "appA", testNow)
	if err != nil || r.Queued != 1 {
		t.Error(r, err)
	}
	all, err := f.Journal().Due(t.Context(), testNow, 9)
	if err != nil || len(all) != 1 || all[0].Booking.Code != "K7QF" {
		t.Error(all, err)
	}
}

// Readers and writers of all kinds at once, for the race detector; what is held
// agrees with what the file says at the end.
func TestMirrorRaces(t *testing.T) {
	t.Parallel()
	f := OpenTest(t, filepath.Join(t.TempDir(), "maitre.db"), Options{})
	j, m, ctx := f.Journal(), f.Mirror(), context.Background()
	may := func(err error) {
		if err != nil && !errors.Is(err, ErrNoEntry) && !errors.Is(err, booking.ErrCodeTaken) {
			t.Error(err)
		}
	}
	var all sync.WaitGroup
	for g := range 8 {
		all.Go(func() {
			for n := range 60 {
				e, err := acceptNumbered(f, (n*7+g)%20)
				may(err)
				switch (n + g) % 4 {
				case 0:
					_, err = j.Failed(ctx, e.ID, e.Rev, booking.Attempt{}, testNow, true)
				case 1:
					_, err = j.Park(ctx, e.ID, e.Rev, booking.Parked{}, nil)
				case 2:
					_, err = j.Settle(ctx, e.ID, "why", testNow)
				default:
					_, err = j.Done(ctx, e.ID, e.Rev, e.Booking, "rec"+e.Booking.ID, testNow)
				}
				may(err)
			}
		})
	}
	for range 3 {
		all.Go(func() {
			for n := range 60 {
				since := m.Version()
				b := NewTestBooking(fmt.Sprintf("%03d", n%20), fmt.Sprint("C", n%20), testDate)
				b.Party = 2 + n%3
				may(m.KeepDay(ctx, testDate, []Row{{b, "rec" + b.ID}}, since, testNow))
				_, err := m.KeepRows(ctx, []Row{{b, "rec" + b.ID}}, []string{"rec000"}, since)
				may(err)
				_, err = j.Release(ctx, testNow, false, func(booking.JournalEntry) bool { return true })
				may(err)
			}
		})
		all.Go(func() {
			for n := range 200 {
				_, err := m.Day(ctx, testDate)
				may(err)
				_, err = j.Depth(ctx)
				may(err)
				_, err = j.Due(ctx, testNow, 5)
				may(err)
				j.Waiting(fmt.Sprintf("%03d", n%20))
				m.AsOf(testDate)
				m.SetFloor(&booking.Floor{})
			}
		})
	}
	all.Wait()
	day, err := m.Day(ctx, testDate)
	if err != nil {
		t.Fatal(err)
	}
	var held []string
	for _, b := range day.Bookings {
		held = append(held, b.ID)
	}
	if ids, err := idsOn(t, f); err != nil || !slices.Equal(ids, held) {
		t.Errorf("held %v, in the file %v, %v", held, ids, err)
	}
}
