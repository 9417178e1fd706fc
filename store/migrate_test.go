package store

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"maitre/booking"
	"maitre/store/bolt"
)

// older makes a file of schema version 1, with what the first maitre wrote.
func older(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "maitre.db")
	change(t, path, func(bt *bolt.Tx) error {
		meta := bt.Bucket([]byte("meta"))
		casa, _ := bt.CreateBucket([]byte("casa"))
		for _, name := range []string{"bookings", "by_date", "by_phone", "codes", "seen"} {
			_, _ = casa.CreateBucket([]byte(name))
		}
		id := "01JD0000000000000000000001"
		value := `{"v":1,"id":"` + id + `","code":"K7QF","name":"Ana","phone":"+34612345678","date":"2026-12-24","time":"21:00","party":4,` +
			`"start":"2026-12-24T20:00:00Z","end":"2026-12-24T22:00:00Z","service":"dinner","tables":["T1"],"zone":"terraza",` +
			`"status":"confirmed","channel":"phone","lang":"es","created":"2026-11-23T10:00:00Z","updated":"2026-11-23T10:00:00Z"}`
		day, err := casa.Bucket([]byte("seen")).CreateBucket([]byte("2026-11-23"))
		return errors.Join(err,
			meta.Put([]byte("schema"), []byte("1")),
			meta.Put([]byte("created"), []byte("2026-11-23T10:00:00Z")),
			casa.Bucket([]byte("bookings")).Put([]byte(id), []byte(value)),
			casa.Bucket([]byte("by_date")).Put([]byte("2026-12-24"+id), nil),
			casa.Bucket([]byte("by_phone")).Put([]byte("+34612345678\x002026-12-24"+id), nil),
			casa.Bucket([]byte("codes")).Put([]byte("K7QF"), []byte(id)),
			day.Put([]byte("\x00\x00\x00\x00\x00\x00\x00\x01"), []byte("\x01\x08vapi:1:1the answer")))
	})
	return path
}

// change changes a closed file past the store.
func change(t *testing.T, path string, fn func(*bolt.Tx) error) {
	t.Helper()
	db, err := bolt.Open(t.Context(), path, bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.Update(t.Context(), fn), db.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestMigration(t *testing.T) {
	t.Parallel()
	path := older(t)
	var ran []int
	steps := []bolt.Migration{
		func(bt *bolt.Tx) error {
			ran = append(ran, 1)
			_, err := bt.Bucket([]byte("casa")).CreateBucket([]byte("tables"))
			return err
		},
		func(bt *bolt.Tx) error {
			ran = append(ran, 2)
			if err := bt.Bucket([]byte("casa")).DeleteBucket([]byte("tables")); err != nil {
				return err
			}
			return errors.New("the power failed")
		},
	}
	if _, err := open(t.Context(), path, Options{Slug: "casa"}, steps); err == nil || !strings.Contains(err.Error(), "from schema version 2 to 3: the power failed") {
		t.Fatalf("failing step: %v", err)
	}
	steps[1] = func(bt *bolt.Tx) error {
		ran = append(ran, 2)
		if bt.Bucket([]byte("casa")).Bucket([]byte("tables")) == nil {
			t.Error("the failing step left something behind")
		}
		return nil
	}
	clock := func() time.Time { return time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC) }
	for range 2 { // the second time there is nothing to do
		f, err := open(t.Context(), path, Options{Slug: "casa", Now: clock}, steps)
		if err != nil {
			t.Fatal(err)
		}
		b, err := f.Local().ByCode(t.Context(), "K7QF")
		if err != nil || b.Date != booking.NewDate(2026, 12, 24) || b.Time != booking.NewTimeOfDay(21, 0) || b.Tables[0] != "T1" {
			t.Errorf("after the migration: %+v, %v", b, err)
		}
		if answer, ok, err := f.Recall(t.Context(), "vapi:1:1"); err != nil || !ok || string(answer) != "the answer" {
			t.Errorf("after the migration: answer %q, %v, %v", answer, ok, err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if len(ran) != 3 {
		t.Errorf("steps ran: %v, want 1 2 2", ran)
	}

	_, err := Open(t.Context(), path, Options{Slug: "casa"})
	if !errors.Is(err, ErrNewer) || !strings.Contains(err.Error(), "version 3") || !strings.Contains(err.Error(), "up to 1") || !strings.Contains(err.Error(), path) {
		t.Errorf("a newer file: %v", err)
	}
}

func TestNewerValue(t *testing.T) {
	t.Parallel()
	path := older(t)
	change(t, path, func(bt *bolt.Tx) error {
		return bt.Bucket([]byte("casa")).Bucket([]byte("bookings")).Put([]byte("01JD0000000000000000000001"), []byte(`{"v":2,"id":"x"}`))
	})
	f, err := Open(t.Context(), path, Options{Slug: "casa"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if _, err := f.Local().ByCode(t.Context(), "K7QF"); !errors.Is(err, booking.ErrNotFound) {
		t.Error(err)
	}
	all, err := f.Quarantined(t.Context(), 9)
	if err != nil || len(all) != 1 || !all[0].Newer || all[0].Code != "K7QF" || all[0].Phone != "+34612345678" || all[0].Date != booking.NewDate(2026, 12, 24) {
		t.Error(all, err)
	}
}
