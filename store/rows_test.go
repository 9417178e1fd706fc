package store_test

import (
	"testing"

	"maitre/booking"
	"maitre/store"
)

// A row in which our ID was emptied is still that booking's row, known by its record,
// and no second booking.
func TestARowWithoutOurIDIsStillTheBookings(t *testing.T) {
	t.Parallel()
	s := setupMirror(t)
	s.keepDay(christmas, s.mirror.Version(), row(numbered(1)))
	record := row(numbered(1)).Record
	bare := numbered(1)
	bare.ID, bare.Party = record, 7
	for range 2 {
		s.keepRows(s.mirror.Version(), []store.Row{{Booking: bare, Record: record}})
		s.wantDay("by itself", christmas, numbered(1).ID)
		s.keepDay(christmas, s.mirror.Version(), store.Row{Booking: bare, Record: record})
		s.wantDay("with its day", christmas, numbered(1).ID)
		if got := s.day(christmas); got[0].Party != 7 {
			t.Errorf("what the staff changed is not seen: %+v", got[0])
		}
		s.reopen()
	}
}

// What a person makes of the row of a booking that waits is held until the entry is
// looked at again, and no longer than the row says so.
func TestWhatTheStaffMakeOfWhatWaitsIsHeld(t *testing.T) {
	t.Parallel()
	s := setupMirror(t)
	was := numbered(1)
	s.keepDay(christmas, s.mirror.Version(), row(was))
	changed := was
	changed.Party = 8
	e := s.queue(changed, &was)
	moved := was
	moved.Date = christmas + 1
	moved.Start, moved.End = was.Start.AddDate(0, 0, 1), was.End.AddDate(0, 0, 1)
	s.keepRows(s.mirror.Version(), []store.Row{row(moved)})
	for range 2 {
		if held := s.held(christmas + 1); len(held) != 1 || held[0].ID != was.ID {
			t.Errorf("where the staff moved it: %v", held)
		}
		s.reopen()
	}
	merged, clashes := booking.Merge(s.entry(e.ID), booking.Row{Record: row(was).Record, Booking: moved})
	if len(clashes) > 0 || merged.Date != christmas+1 || merged.Party != 8 {
		t.Fatal(merged, clashes)
	}
	if _, err := s.journal.Rebase(t.Context(), e.ID, e.Rev, booking.Row{Record: row(was).Record, Booking: moved}, merged); err != nil {
		t.Fatal(err)
	}
	if held := s.held(christmas + 1); len(held) != 0 {
		t.Errorf("once it is written there: %v", held)
	}
	if len(s.day(christmas)) != 0 || len(s.day(christmas+1)) != 1 {
		t.Error("the mirror does not show the merge")
	}
	// Back where it was: nothing is held any more.
	s.keepRows(s.mirror.Version(), []store.Row{row(was)})
	s.keepRows(s.mirror.Version(), []store.Row{row(moved)})
	if held := s.held(christmas); len(held) != 0 {
		t.Errorf("held where the row is no more: %v", held)
	}
}

// A row that an unconfirmed attempt made is the booking's as soon as the changes
// name it; of bookings that do not wait nothing is noted.
func TestUnconfirmedRowsAreNoted(t *testing.T) {
	t.Parallel()
	s := setupMirror(t)
	s.queue(numbered(1), nil)
	s.done(s.queue(numbered(2), nil))
	if err := s.mirror.NoteRows(t.Context(), map[string]string{"recNew": numbered(1).ID, "recOther": numbered(2).ID, "recNobody": "01X"}); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]string{numbered(1).ID: "recNew", numbered(2).ID: "rec" + numbered(2).ID, "01X": ""} {
		if got, _, err := s.mirror.Record(t.Context(), id); got != want || err != nil {
			t.Errorf("%s is row %q, want %q: %v", id, got, want, err)
		}
	}
}
