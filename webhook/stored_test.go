package webhook_test

import (
	"testing"

	"maitre/booking"
	"maitre/webhook"
)

func TestAStoredAnswerIsWhatAGuestHears(t *testing.T) {
	t.Parallel()
	said := 0
	say := func(r booking.Result) []byte {
		said++
		if r.Standing == booking.Pending {
			return []byte("on its way")
		}
		return []byte("done")
	}
	a := webhook.NewStoredAnswer("k", say)
	for _, standing := range []booking.Standing{booking.Pending, booking.Written} {
		if m := a.Remember(booking.Result{Standing: standing}); m.Key != "k" || string(m.Answer) != string(say(booking.Result{Standing: standing})) {
			t.Errorf("to be kept: %q %q", m.Key, m.Answer)
		}
	}
	said = 0
	for _, c := range []struct {
		r    booking.Result
		want string
		kept bool
		made int
	}{
		{booking.Result{Kept: true, Standing: booking.Written}, "done", true, 0},
		{booking.Result{Kept: true, Standing: booking.Pending}, "on its way", false, 0},
		{booking.Result{Standing: booking.Written, Repeated: true}, "done", false, 1},
	} {
		got, kept := a.To(c.r)
		if string(got) != c.want || kept != c.kept || said != c.made {
			t.Errorf("%+v: %q, kept %v, made %d times; want %q, %v, %d", c.r, got, kept, said, c.want, c.kept, c.made)
		}
		said = 0
	}
}
