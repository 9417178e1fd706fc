package store_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"maitre/booking"
	"maitre/store"
)

func (s *mirrorDesk) bind(record string) store.Rebound {
	s.t.Helper()
	r, err := s.mirror.Bind(s.t.Context(), record, s.clock.now())
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

func (s *mirrorDesk) wantRebound(record string, want store.Rebound) {
	s.t.Helper()
	planned, err := s.mirror.Rebinding(s.t.Context(), record, s.clock.now())
	if err != nil {
		s.t.Fatal(err)
	}
	got := s.bind(record)
	if planned.Queued != got.Queued || planned.Removed != got.Removed || len(planned.Bookings) != len(got.Bookings) {
		s.t.Errorf("bind to %q: %+v; foretold was %+v", record, got, planned)
	}
	got.Bookings = nil // compared where they matter
	if diff := cmp.Diff(want, got); diff != "" {
		s.t.Errorf("bind to %q: %s", record, diff)
	}
	if again := s.bind(record); again.Changed || again.Queued+again.Removed > 0 {
		s.t.Errorf("bind again to %q: %+v", record, again)
	}
	s.reopen()
}

// waitingIDs returns the booking of each entry.
func (s *mirrorDesk) waitingIDs() map[string]booking.JournalEntry {
	s.t.Helper()
	all, err := s.journal.List(s.t.Context(), 1000)
	if err != nil {
		s.t.Fatal(err)
	}
	of := map[string]booking.JournalEntry{}
	for _, e := range all {
		of[e.Booking.ID] = e
	}
	return of
}

func TestFromTheFileToABase(t *testing.T) {
	t.Parallel()
	s := setupMirror(t)
	s.clock.set(time.Date(2026, 12, 24, 22, 0, 0, 0, time.UTC))
	for n, change := range []func(*booking.Booking){
		func(*booking.Booking) {},                                       // sits until 23:00
		func(b *booking.Booking) { b.End = s.clock.now() },              // is over
		func(b *booking.Booking) { b.Status = booking.Cancelled },       // holds nothing
		func(b *booking.Booking) { b.Date++; b.End = b.End.Add(24e9) },  // tomorrow
		func(b *booking.Booking) { b.Date--; b.End = b.End.Add(1 * 1) }, // yesterday's, and sits still
		func(b *booking.Booking) { b.Date -= 40; b.End = b.Start.AddDate(0, 0, -40) },
	} {
		b := numbered(n)
		change(&b)
		s.accept(b, nil)
	}
	s.wantRebound("", store.Rebound{})
	s.wantRebound("appA", store.Rebound{To: "appA", Changed: true, Queued: 3})
	got := s.waitingIDs()
	for _, n := range []int{0, 3, 4} {
		e, ok := got[numbered(n).ID]
		if !ok || e.Was != nil || e.Rev != 1 || e.State != booking.EntryPending || !e.Next.Equal(s.clock.now()) {
			t.Errorf("booking %d: %+v", n, e)
		}
		if _, ok := s.journal.Waiting(numbered(n).ID); !ok {
			t.Errorf("booking %d does not wait", n)
		}
	}
	if len(got) != 3 || len(s.day(christmas)) != 3 {
		t.Error(got)
	}
}

func TestFromBaseToBase(t *testing.T) {
	t.Parallel()
	s := setupMirror(t)
	s.accept(numbered(1), nil) // left from local mode, over by then
	s.clock.set(time.Date(2026, 12, 25, 10, 0, 0, 0, time.UTC))
	s.bind("appA")
	s.keepDay(christmas, s.mirror.Version(), row(numbered(2)), row(numbered(3)))
	was := numbered(3)
	changed := was
	changed.Party = 8
	old := s.queue(changed, &was)
	parked := s.queue(numbered(4), nil)
	if _, err := s.journal.Park(t.Context(), parked.ID, 1, booking.Parked{}, nil); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{store.KeptTables, "webhook"} {
		if err := s.mirror.Keep(t.Context(), name, []byte(`1`)); err != nil {
			t.Fatal(err)
		}
	}
	s.wantRebound("appA", store.Rebound{From: "appA", To: "appA"})
	s.wantRebound("appB", store.Rebound{From: "appA", To: "appB", Changed: true, Queued: 2, Removed: 1})
	s.wantDay("rebound", christmas, numbered(1).ID, numbered(3).ID, numbered(4).ID)
	if e := s.entry(old.ID); e.Was != nil || e.Booking.Party != 8 || e.State != booking.EntryPending {
		t.Errorf("%+v", e)
	}
	if e := s.entry(parked.ID); e.State != booking.EntryPending || e.Parked != nil || e.Rev != 2 {
		t.Errorf("parked for the old base, in the new one: %+v", e)
	}
	for _, n := range []int{2, 3} {
		if record, ok, err := s.mirror.Record(t.Context(), numbered(n).ID); ok || err != nil {
			t.Error("a row of the old base is known:", record, err)
		}
	}
	for _, name := range []string{store.KeptTables, "webhook"} {
		if got, err := s.mirror.Kept(t.Context(), name); got != nil || err != nil {
			t.Error(name, string(got), err)
		}
	}
	if _, ok := s.mirror.AsOf(christmas); ok {
		t.Error("a day of the old base counts as read")
	}
}

// A read of the old base is not kept once the file is bound to another.
func TestReadOfTheOldBase(t *testing.T) {
	t.Parallel()
	s := setupMirror(t)
	s.bind("appA")
	s.keepDay(christmas, s.mirror.Version())
	since := s.mirror.Version()
	s.bind("appB")
	if err := s.mirror.KeepDay(t.Context(), christmas, []store.Row{row(numbered(1))}, since, s.clock.now()); err == nil {
		t.Error("kept")
	}
	if _, ok := s.mirror.AsOf(christmas); ok || len(s.day(christmas)) != 0 {
		t.Error("something of it was kept")
	}
}

func TestBackToTheFileAndOn(t *testing.T) {
	t.Parallel()
	s := setupMirror(t)
	s.bind("appA")
	s.done(s.queue(numbered(1), nil))
	s.done(s.queue(numbered(2), nil))
	waits := s.queue(numbered(3), nil)
	s.wantRebound("", store.Rebound{From: "appA", Changed: true})
	s.wantDay("local", christmas, numbered(1).ID, numbered(2).ID, numbered(3).ID)
	if s.depth().Pending != 1 {
		t.Error(s.depth())
	}
	// In local mode nobody looks at the journal.
	cancelled := numbered(3)
	cancelled.Status = booking.Cancelled
	s.accept(cancelled, nil)

	s.wantRebound("appA", store.Rebound{To: "appA", Changed: true, Queued: 1})
	if e := s.entry(waits.ID); e.Rev != 2 || e.Booking.Status != booking.Cancelled {
		t.Errorf("the booking of local mode is not in the journal: %+v", e)
	}
	if record, _, _ := s.mirror.Record(t.Context(), numbered(1).ID); record != "rec"+numbered(1).ID {
		t.Error("the row is not known any more:", record)
	}
	s.bind("")
	s.wantRebound("appB", store.Rebound{To: "appB", Changed: true, Queued: 3})
	s.wantDay("another base", christmas, numbered(1).ID, numbered(2).ID, numbered(3).ID)
	for n := range 3 {
		if _, ok, _ := s.mirror.Record(t.Context(), numbered(n+1).ID); ok {
			t.Error("a row of the old base is known")
		}
	}
}

func TestBindManyAgain(t *testing.T) {
	t.Parallel()
	s := setupMirror(t)
	var all sync.WaitGroup
	for n := range 450 {
		all.Go(func() {
			b := numbered(n)
			b.Date = christmas.AddDays(n % 3)
			if _, err := s.file.Local().Accept(context.Background(), booking.Entry{Booking: b}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for n := range 100 {
		b := numbered(n * 3)
		b.Date = christmas
		s.queue(b, nil)
	}
	s.wantRebound("appA", store.Rebound{To: "appA", Changed: true, Queued: 450})
	if d := s.depth(); d.Pending != 450 {
		t.Error(d)
	}
	entries := s.waitingIDs()
	var written []store.Written
	for id, e := range entries {
		written = append(written, store.Written{ID: e.ID, Rev: e.Rev, Booking: e.Booking, Record: "rec" + id})
	}
	for some := range slices.Chunk(written[:400], 10) {
		if _, err := s.journal.DoneAll(t.Context(), some, s.clock.now()); err != nil {
			t.Fatal(err)
		}
	}
	s.wantRebound("appB", store.Rebound{From: "appA", To: "appB", Changed: true, Queued: 50, Removed: 400})
	n := 0
	for i := range 3 {
		n += len(s.day(christmas.AddDays(i)))
	}
	if d := s.depth(); n != 50 || d.Pending != 50 {
		t.Error(n, d)
	}
}
