package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"maitre/booking"
	"maitre/store/bolt"
)

// OpenTest opens a data file; when the test ends it closes it and checks it.
func OpenTest(t testing.TB, path string, o Options) *File {
	t.Helper()
	if o.Slug == "" {
		o.Slug = "casa"
	}
	f, err := Open(t.Context(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
		CheckFile(t, path)
	})
	return f
}

// CheckFile runs bbolt's own consistency check on a closed data file, and ours:
// every booking is listed exactly once in each index, and nothing else is.
func CheckFile(t testing.TB, path string) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: time.Second, ReadOnly: true, PreLoadFreelist: true})
	if err != nil {
		t.Fatalf("check: %v", err)
	}
	err = db.View(func(bt *bbolt.Tx) error {
		for err := range bt.Check() {
			t.Errorf("check: %v", err)
		}
		return nil
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatalf("check: %v", err)
	}
	file, err := bolt.Open(context.Background(), path, bolt.Options{})
	if err != nil {
		t.Fatalf("check: %v", err)
	}
	defer func() { _ = file.Close() }()
	if err := file.View(context.Background(), func(bt *bolt.Tx) error {
		return bt.ForEachBucket(func(slug []byte, _ *bolt.Bucket) error { return consistent(newTx(bt, slug)) })
	}); err != nil {
		t.Errorf("check: %v", err)
	}
}

func consistent(t *tx) error {
	var dates, phones []string
	codes := map[string]bool{}
	err := t.bucket(bookingsBucket).ForEach(func(id, value []byte) error {
		b, err := decode(id, value)
		if err != nil {
			return err
		}
		if b.ID != string(id) {
			return errors.New("booking " + b.ID + " lies under " + string(id))
		}
		dates = append(dates, b.Date.String()+b.ID)
		if b.Phone != "" {
			phones = append(phones, string(b.Phone)+"\x00"+b.Date.String()+b.ID)
		}
		codes[b.Code+" "+b.ID] = true
		return nil
	})
	if err != nil {
		return err
	}
	for _, index := range []struct {
		name []byte
		want []string
	}{{byDateBucket, dates}, {byPhoneBucket, phones}} {
		var got []string
		_ = t.bucket(index.name).ForEach(func(k, _ []byte) error { got = append(got, string(k)); return nil })
		slices.Sort(index.want)
		if !slices.Equal(got, index.want) {
			return errors.New(string(index.name) + " lists\n" + strings.Join(got, "\n") + "\nwant\n" + strings.Join(index.want, "\n"))
		}
	}
	if err := consistentJournal(t); err != nil {
		return err
	}
	if err := consistentRows(t); err != nil {
		return err
	}
	if err := consistentOutbox(t); err != nil {
		return err
	}
	if err := consistentWaitlist(t); err != nil {
		return err
	}
	return t.bucket(codesBucket).ForEach(func(code, id []byte) error {
		if !codes[string(code)+" "+string(id)] {
			return errors.New("code " + string(code) + " names " + string(id) + ", which does not have it")
		}
		return nil
	})
}

// consistentJournal: each entry is of one booking, which is in the mirror, and is
// listed in one place.
func consistentJournal(t *tx) error {
	var of, due, parked []string
	err := t.bucket(journalBucket).ForEach(func(id, _ []byte) error {
		e, err := t.entry(string(id))
		if err != nil {
			return err
		}
		of = append(of, e.Booking.ID+" "+e.ID)
		if _, key := t.place(e); e.State == booking.EntryParked {
			parked = append(parked, string(key)+" ")
		} else {
			due = append(due, string(key)+" ")
		}
		_, err = t.byID([]byte(e.Booking.ID))
		return err
	})
	if err != nil {
		return err
	}
	return sameKeys(t, map[*[]byte][]string{&entryOfBucket: of, &dueBucket: due, &parkedBucket: parked})
}

// consistentWaitlist: each party lies under its date and ID.
func consistentWaitlist(t *tx) error {
	return t.bucket(waitlistBucket).ForEach(func(key, value []byte) error {
		_, err := decodeWaiting(key, value)
		return err
	})
}

// consistentRows: rows and bookings name each other.
func consistentRows(t *tx) error {
	var rows []string
	err := t.bucket(rowOfBucket).ForEach(func(id, record []byte) error {
		rows = append(rows, string(record)+" "+string(id))
		_, err := t.byID(id)
		return err
	})
	if err != nil {
		return err
	}
	return sameKeys(t, map[*[]byte][]string{&rowsBucket: rows})
}

func sameKeys(t *tx, want map[*[]byte][]string) error {
	for bucket, want := range want {
		var got []string
		_ = t.bucket(*bucket).ForEach(func(k, v []byte) error { got = append(got, string(k)+" "+string(v)); return nil })
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			return fmt.Errorf("%s has\n%q\nwant\n%q", *bucket, got, want)
		}
	}
	return nil
}

// NewTestBooking returns a booking that is whole and varies with n.
func NewTestBooking(id, code string, date booking.Date) booking.Booking {
	start, _ := date.Instant(booking.NewTimeOfDay(21, 0), time.UTC)
	return booking.Booking{
		ID: id, Code: code, Name: "Ana", Phone: "+34612345678", Date: date, Time: booking.NewTimeOfDay(21, 0), Party: 4,
		Start: start, End: start.Add(2 * time.Hour), Service: "dinner", Tables: []string{"T1"}, Zone: "terraza",
		Status: booking.Confirmed, Channel: booking.ByPhone, Lang: booking.Spanish,
		Created: start.Add(-48 * time.Hour), Updated: start.Add(-48 * time.Hour), MadeBy: "vapi:" + id,
	}
}

// Held is how many dates have a lock that somebody holds or awaits.
func (l *DateLocks) Held() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.held)
}

// Put commits one bare value: what a booking is measured against.
func (f *File) Put(ctx context.Context, key, value []byte) error {
	return f.commit(ctx, func(t *tx) error { return t.bucket(bookingsBucket).Put(key, value) })
}

// Decoded is how many days are held decoded.
func (f *File) Decoded() int {
	f.days.mu.RLock()
	defer f.days.mu.RUnlock()
	return len(f.days.held)
}

// DropDay drops a decoded day.
func (f *File) DropDay(date booking.Date) { f.days.drop([]booking.Date{date}) }

// Commits is how many transactions were synced since the file was made.
func (f *File) Commits() (n int) {
	_ = f.view(context.Background(), func(t *tx) error { n = t.ID(); return nil })
	return n
}

// Hold keeps the writer busy until the returned function is called, so that what
// is written meanwhile makes one batch.
func (f *File) Hold() (release func()) {
	running, wait := make(chan struct{}), make(chan struct{})
	go func() {
		_ = f.commit(context.Background(), func(*tx) error { close(running); <-wait; return nil })
	}()
	<-running
	return func() { close(wait) }
}

// AwaitWaiting returns when n writes wait for the writer.
func (f *File) AwaitWaiting(n int) {
	for f.db.Waiting() < n {
		runtime.Gosched()
	}
}

// KeepDay is ReplaceDays for one day.
func (m *Mirror) KeepDay(ctx context.Context, date booking.Date, rows []Row, since Version, asOf time.Time) error {
	return m.KeepDays(ctx, date, date, rows, since, asOf)
}

// KeepDays is ReplaceDays for tests that care for errors only.
func (m *Mirror) KeepDays(ctx context.Context, from, to booking.Date, rows []Row, since Version, asOf time.Time) error {
	_, err := m.ReplaceDays(ctx, from, to, rows, since, Reading{AsOf: asOf})
	return err
}

// NextDue returns when the next pending entry is due; false when none is pending.
func (j *Journal) NextDue(ctx context.Context) (at time.Time, ok bool, err error) {
	err = j.file.view(ctx, func(t *tx) error {
		key, _ := t.bucket(dueBucket).Cursor().First()
		if ok = len(key) >= timeKeyLen; ok {
			at = keyTime(key)
		}
		return nil
	})
	return at, ok, err
}

// ByBooking returns a booking's entry. Errors: [ErrNoEntry].
func (j *Journal) ByBooking(ctx context.Context, bookingID string) (booking.JournalEntry, error) {
	found, err := read(ctx, j.file, func(t *tx) (*booking.JournalEntry, error) { return t.entryOf(bookingID) })
	if err != nil || found == nil {
		return booking.JournalEntry{}, cmp.Or(err, noEntry(bookingID))
	}
	return *found, nil
}
