package store_test

import (
	"testing"

	"maitre/booking"
	"maitre/store"
)

// queueWithAnswer accepts a booking with the answers to its request.
func (s *mirrorDesk) queueWithAnswer(b booking.Booking, was *booking.Booking, key string) booking.JournalEntry {
	s.t.Helper()
	entry := booking.Entry{Booking: b, Was: was, Answer: &booking.StoredAnswer{Key: key, Answer: []byte(key + " written"), Pending: []byte(key + " pending")}}
	e, err := s.journal.Accept(s.t.Context(), entry, s.clock.now())
	if err != nil {
		s.t.Fatal(err)
	}
	return e
}

// Which of an entry's two answers holds depends on whether it was written, until one
// was given; from then on it is that one, also after a restart.
func TestAnEntryKeepsBothAnswers(t *testing.T) {
	t.Parallel()
	b := store.NewTestBooking("01", "K7QF", christmas)
	moved := b
	moved.Party++
	for name, c := range map[string]struct {
		happens func(s *mirrorDesk, e booking.JournalEntry)
		want    string
	}{
		"nothing":                          {func(*mirrorDesk, booking.JournalEntry) {}, "a pending"},
		"written":                          {func(s *mirrorDesk, e booking.JournalEntry) { s.done(e) }, "a written"},
		"answered that it is on its way":   {func(s *mirrorDesk, e booking.JournalEntry) { s.remember("a", "told"); s.done(e) }, "told"},
		"answered, and answered otherwise": {func(s *mirrorDesk, _ booking.JournalEntry) { s.remember("a", "told"); s.remember("a", "again") }, "told"},
		"recalled, then written": {func(s *mirrorDesk, e booking.JournalEntry) {
			s.wantAnswer("a", "a pending")
			s.done(e)
		}, "a pending"},
		"written, then wished otherwise": {func(s *mirrorDesk, e booking.JournalEntry) {
			s.done(e)
			s.queueWithAnswer(moved, &b, "b")
		}, "a written"},
		"wished otherwise while it is written": {func(s *mirrorDesk, e booking.JournalEntry) {
			s.queueWithAnswer(moved, &b, "b")
			if !s.done(e) {
				s.t.Error("the newer revision is gone")
			}
			s.wantAnswer("b", "b pending")
		}, "a written"},
		"wished otherwise before it is written": {func(s *mirrorDesk, e booking.JournalEntry) {
			newer := s.queueWithAnswer(moved, &b, "b")
			s.done(newer)
			s.wantAnswer("b", "b written")
		}, "a written"},
		"its key used once more": {func(s *mirrorDesk, e booking.JournalEntry) {
			s.done(e)
			s.queueWithAnswer(moved, &b, "a")
		}, "a written"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := setupMirror(t)
			s.wantAnswer("a", "")
			e := s.queueWithAnswer(b, nil, "a")
			s.reopen()
			c.happens(s, e)
			s.wantAnswer("a", c.want)
			s.reopen()
			s.wantAnswer("a", c.want)
			if waits, ok := s.journal.Waiting(b.ID); ok {
				s.done(s.entry(waits))
			}
			s.wantAnswer("a", c.want)
		})
	}
}
