package store_test

import (
	"testing"
	"time"

	"maitre/booking"
	"maitre/store"
)

// missed is a booking whose row disappeared, and the version before a reading that was
// asked for before that.
func missed(t *testing.T) (s *mirrorDesk, before store.Version, e booking.JournalEntry) {
	t.Helper()
	s = setupMirror(t)
	s.keepDay(christmas, s.mirror.Version(), row(numbered(1)))
	before = s.mirror.Version()
	made, err := s.mirror.HoldMissing(t.Context(), []string{numbered(1).ID}, booking.Parked{Cause: booking.ParkedMissing}, s.clock.now())
	if err != nil || len(made) != 1 {
		t.Fatal(made, err)
	}
	s.tick(time.Minute)
	return s, before, made[0]
}

// A booking whose row disappeared waits for a person, or for a reading that has the
// row again and was sent after it disappeared.
func TestAnOlderReadingFindsNothingAgain(t *testing.T) {
	t.Parallel()
	for name, read := range map[string]func(s *mirrorDesk, since store.Version){
		"a day":  func(s *mirrorDesk, since store.Version) { s.keepDay(christmas, since, row(numbered(1))) },
		"a row":  func(s *mirrorDesk, since store.Version) { s.keepRows(since, []store.Row{row(numbered(1))}) },
		"a loss": func(s *mirrorDesk, since store.Version) { s.keepRows(since, nil, row(numbered(1)).Record) },
	} {
		s, before, e := missed(t)
		read(s, before)
		if e := s.entry(e.ID); e.State != booking.EntryParked {
			t.Errorf("%s of before: the entry is %s", name, e.State)
		}
		s.wantDay(name, christmas, numbered(1).ID)
		if name == "a loss" {
			continue
		}
		read(s, s.mirror.Version())
		if e := s.entry(e.ID); e.State != booking.EntryPending || e.Insist || e.Was == nil {
			t.Errorf("%s of after: %+v", name, e)
		}
	}
}

// A person has it written again, or settles it.
func TestAPersonDecidesOnWhatDisappeared(t *testing.T) {
	t.Parallel()
	s, _, e := missed(t)
	n, err := s.journal.Release(t.Context(), s.clock.now(), true, func(booking.JournalEntry) bool { return true })
	if e := s.entry(e.ID); n != 1 || err != nil || !e.Insist || e.Was != nil || !e.Booking.Live() {
		t.Errorf("restored: %d, %v, %+v", n, err, e)
	}
	s, _, e = missed(t)
	if _, err := s.journal.Settle(t.Context(), e.ID, "closed", s.clock.now()); err != nil {
		t.Fatal(err)
	}
	if e := s.entry(e.ID); e.Was != nil || e.Booking.Status != booking.Cancelled {
		t.Errorf("let go: %+v", e)
	}
}

// A copy of the row that disappeared is not the row.
func TestACopyIsNotWhatDisappeared(t *testing.T) {
	t.Parallel()
	s, _, e := missed(t)
	copied := row(numbered(1))
	copied.Record = "recCopy"
	s.keepDay(christmas, s.mirror.Version(), copied)
	s.keepRows(s.mirror.Version(), []store.Row{copied})
	if e := s.entry(e.ID); e.State != booking.EntryParked {
		t.Errorf("the entry is %s", e.State)
	}
	s.keepDay(christmas, s.mirror.Version(), copied, row(numbered(1)))
	if record, _, _ := s.mirror.Record(t.Context(), numbered(1).ID); record != row(numbered(1)).Record {
		t.Errorf("the booking is row %s", record)
	}
	if e := s.entry(e.ID); e.State != booking.EntryPending {
		t.Errorf("with its row there again the entry is %s", e.State)
	}
}

// The row that an unconfirmed attempt wrote is not the state before it.
func TestAnUnconfirmedWriteIsUndone(t *testing.T) {
	t.Parallel()
	for name, was := range map[string]*booking.Booking{"new": nil, "changed": new(numbered(1))} {
		s := setupMirror(t)
		if was != nil {
			s.keepDay(christmas, s.mirror.Version(), row(*was))
		}
		changed := numbered(1)
		changed.Tables, changed.Notes = []string{"T2"}, "trona"
		e := s.queue(changed, was)
		arrived := booking.Row{Record: "rec1", Booking: changed}
		arrived.Booking.Notes = "junto a la ventana" // which the staff wrote
		merged := arrived.Booking
		if e, err := s.journal.Rebase(t.Context(), e.ID, e.Rev, arrived, merged); err != nil || e.Was == nil || e.Was.Tables[0] != "T2" {
			t.Fatalf("%s: %+v, %v", name, e, err)
		}
		if held := s.entry(e.ID).HeldBeside(); was != nil && (len(held) != 1 || held[0].Tables[0] != "T1") {
			t.Errorf("%s: held beside: %+v", name, held)
		}
		if _, err := s.journal.Settle(t.Context(), e.ID, "seen to", s.clock.now()); err != nil {
			t.Fatal(err)
		}
		b := s.entry(e.ID).Booking
		if was == nil && b.Live() || was != nil && (!b.Live() || b.Tables[0] != "T1") || b.Notes != "junto a la ventana" {
			t.Errorf("%s: settled, it wants %+v", name, b)
		}
	}
}

// A clock that is ahead does not end a booking.
func TestAClockThatIsAheadEndsNoBooking(t *testing.T) {
	t.Parallel()
	s := setupMirror(t)
	s.tick(365 * 24 * time.Hour)
	if !s.mirror.Counts(numbered(1)) {
		t.Error("a booking is over because the clock jumped")
	}
}
