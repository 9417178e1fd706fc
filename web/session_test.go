package web

import (
	"testing"
	"time"
)

// A session that was begun under a clock far ahead does not last until that
// clock's time has come; one that was begun a little ahead is a session.
func TestSessionsOfAClockThatWasAhead(t *testing.T) {
	t.Parallel()
	s := newSessions([]byte("secret"), "password")
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for ahead, want := range map[time.Duration]bool{0: true, time.Hour: true, 24 * time.Hour: false, 2 * 365 * 24 * time.Hour: false} {
		if _, _, ok := s.use(s.value(s.begin(now.Add(ahead))), now); ok != want {
			t.Errorf("begun %v ahead: a session %t, want %t", ahead, ok, want)
		}
	}
}
