package retry_test

import (
	"testing"
	"testing/synctest"
	"time"

	"maitre/booking"
)

// An entry that failed under a clock that was ahead is attempted at the next
// start, and not when that clock's time has come again.
func TestAClockThatIsSetBackDelaysNothing(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t)
		s.base.always(&booking.Trouble{Kind: booking.Interrupted})
		waits := s.accept(s.draft("I1"), nil)
		soon := s.accept(s.draft("I2"), nil)
		synctest.Wait()
		ahead, now := time.Now().Add(30*time.Minute), time.Now()
		for id, at := range map[string]time.Time{waits: ahead, soon: now} {
			e := s.entry(id)
			if _, err := s.journal.Failed(t.Context(), id, e.Rev, booking.Attempt{At: at, Kind: "unreachable"}, at.Add(time.Minute), false); err != nil {
				t.Fatal(err)
			}
		}
		s.base.always(nil)
		stop := s.run()
		synctest.Wait()
		left := s.entries()
		if len(left) != 1 || left[0].ID != soon {
			t.Errorf("left after the start: %+v", left)
		}
		stop()
	})
}
