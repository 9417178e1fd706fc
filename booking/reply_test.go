package booking_test

import (
	"context"
	"testing"
	"time"

	"maitre/booking"
)

// slowJournal keeps what it accepts and returns a fixed state.
type slowJournal struct {
	*memory
	state    booking.SyncState
	deferred bool
	kept     *booking.StoredAnswer
}

func (j *slowJournal) Accept(ctx context.Context, e booking.Entry) (booking.SyncState, error) {
	j.kept = e.Answer
	_, err := j.memory.Accept(ctx, e)
	if j.deferred {
		return booking.Deferred, err
	}
	return booking.Pending, err
}

func (j *slowJournal) Await(context.Context, string) booking.SyncState { return j.state }

func TestAReplyIsTheStoredAnswer(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		state    booking.SyncState
		deferred bool
		key      string
		want     string
		kept     bool
		rendered int
	}{
		{booking.Written, false, "k", "done", true, 2},
		{booking.Pending, false, "k", "on its way", false, 2},
		{booking.Written, true, "k", "on its way", true, 2}, // not awaited
		{booking.Written, false, "", "done", false, 1},
		{booking.Pending, false, "", "on its way", false, 1},
		{booking.Pending, true, "", "on its way", false, 1},
	} {
		m := newMemory()
		s := openOn(smallRestaurant(), m, &testClock{now: open(t, smallRestaurant()).Now()}, t)
		journal := &slowJournal{memory: m, state: c.state, deferred: c.deferred}
		desk := booking.NewDesk(booking.Config{
			Restaurant: s.r, Ledger: m, Journal: journal, Locks: m, Clock: s.clock,
			NewID: func(time.Time) string { return "B1" }, NewCode: func(n int) string { return booking.CodeFrom(make([]byte, n)) },
		})
		rendered := 0
		r := tableRequest(1, "2026-11-26", "21:00", 2)
		r.Reply = booking.Reply{Key: c.key, Say: func(r booking.Result) []byte {
			rendered++
			if r.State == booking.Pending {
				return []byte("on its way")
			}
			return []byte("done")
		}}
		result, err := desk.Book(ctx, r)
		if err != nil {
			t.Fatal(err)
		}
		if a := journal.kept; c.key != "" && (a == nil || a.Key != c.key || string(a.Answer) != "done" || string(a.Pending) != "on its way") || c.key == "" && a != nil {
			t.Errorf("%+v: to be kept: %+v", c, a)
		}
		if got, kept := r.Reply.To(result); string(got) != c.want || kept != c.kept || rendered != c.rendered {
			t.Errorf("%+v: %q, kept %v, rendered %d times", c, got, kept, rendered)
		}
		if again, err := desk.Book(ctx, r); err != nil || !again.Repeated {
			t.Errorf("%+v, %v: want a repeat", again, err)
		} else if _, kept := r.Reply.To(again); kept || rendered != c.rendered+1 {
			t.Errorf("a repeat: kept %v, rendered %d times", kept, rendered)
		}
	}
}
