package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"maitre/booking"
	"maitre/store"
)

// A file that knows nothing of a restaurant, and has another's data, is not opened
// for it; two that it knows do not see each other.
func TestAnotherRestaurantsFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "maitre.db")
	open := func(slug string) *store.File {
		t.Helper()
		f, err := store.Open(t.Context(), path, store.Options{Slug: slug})
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	shut := func(f *store.File) {
		t.Helper()
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		store.CheckFile(t, path)
	}
	shut(open("tried")) // and nothing done in it: no reason to refuse another
	f := open("casa")
	if _, err := f.Local().Accept(t.Context(), booking.Entry{Booking: store.NewTestBooking("01", "K7QF", christmas)}); err != nil {
		t.Fatal(err)
	}
	key, err := f.Key(t.Context(), "links")
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Rename(t.Context(), path, "casa", "otra"); !errors.Is(err, store.ErrInUse) {
		t.Errorf("of an open file: %v", err)
	}
	shut(f)
	tried := open("tried")
	if _, err := tried.Local().ByCode(t.Context(), "K7QF"); !errors.Is(err, booking.ErrNotFound) {
		t.Error(err)
	}
	shut(tried)

	_, err = store.Open(t.Context(), path, store.Options{Slug: "otra"})
	other, is := errors.AsType[*store.OtherRestaurantError](err)
	if !is || len(other.Others) != 1 || other.Others[0] != (store.Restaurant{Slug: "casa", Bookings: 1}) {
		t.Fatalf("%v", err)
	}
	if !strings.Contains(err.Error(), `"casa" (1 booking), and knows no "otra"`) {
		t.Error(err)
	}
	shut(open("casa"))

	for _, c := range []struct{ from, to string }{{"nobody", "otra"}, {"meta", "otra"}, {"casa", "tried"}, {"casa", "meta"}, {"casa", "casa"}} {
		if err := store.Rename(t.Context(), path, c.from, c.to); err == nil {
			t.Errorf("renamed %s to %s", c.from, c.to)
		}
	}
	if err := store.Rename(t.Context(), path, "casa", "otra"); err != nil {
		t.Fatal(err)
	}
	f = open("otra")
	if b, err := f.Local().ByCode(t.Context(), "K7QF"); err != nil || b.ID != "01" {
		t.Error(b, err)
	}
	if again, err := f.Key(t.Context(), "links"); err != nil || string(again) != string(key) {
		t.Error("links that guests have do not open any more", err)
	}
	shut(f)
	if _, err := store.Open(t.Context(), path, store.Options{Slug: "casa"}); err == nil {
		t.Error("the old name opens")
	}
}

func TestAFileThatMustBeThere(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	path := filepath.Join(dir, "maitre.db")
	if _, err := store.Open(t.Context(), path, store.Options{Slug: "casa", Existing: true}); !errors.Is(err, store.ErrMissing) {
		t.Error(err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Error("its directory was made:", err)
	}
	for _, made := range []bool{true, false} {
		f, err := store.Open(t.Context(), path, store.Options{Slug: "casa", Existing: !made})
		if err != nil {
			t.Fatal(err)
		}
		if f.Made() != made {
			t.Errorf("made: %v, want %v", f.Made(), made)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
