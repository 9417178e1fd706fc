package store

import (
	"path/filepath"
	"testing"

	"maitre/booking"
)

// A file that left its base before a maitre remembered how rows stood there takes
// them as it has them at its next start, and merges from then on.
func TestOlderFileRemembersFromItsNextStart(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "maitre.db")
	f := OpenTest(t, path, Options{})
	m := f.Mirror()
	if _, err := m.Bind(t.Context(), "appA", testNow); err != nil {
		t.Fatal(err)
	}
	b := NewTestBooking("01", "K7QF", testDate)
	if _, err := m.KeepRows(t.Context(), []Row{{b, "rec01"}}, nil, m.Version()); err != nil {
		t.Fatal(err)
	}
	value, err := encodeValue("binding", bindingFormat, binding{Last: "appA"})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.commit(t.Context(), func(t *tx) error { return t.bucket(mirrorBucket).Put(bindingKey, value) }); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if r, err := m.Bind(t.Context(), "", testNow); err != nil || r.Changed {
			t.Fatal(r, err)
		}
	}
	b.Status = booking.Cancelled
	if _, err := f.Local().Accept(t.Context(), booking.Entry{Booking: b}); err != nil {
		t.Fatal(err)
	}
	r, err := m.Bind(t.Context(), "appA", testNow)
	if err != nil || r.Count(MoveAltered) != 1 {
		t.Fatal(r, err)
	}
	e, err := f.Journal().ByBooking(t.Context(), "01")
	if err != nil || e.Was == nil || e.Was.Status != booking.Confirmed || e.Booking.Status != booking.Cancelled {
		t.Error(e, err)
	}
	if record, ok, err := m.Record(t.Context(), "01"); record != "rec01" {
		t.Error(record, ok, err)
	}
}
