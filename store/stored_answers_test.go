package store_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"maitre/booking"
	"maitre/store"
)

func (d *desk) remember(key, answer string) {
	d.t.Helper()
	if err := d.file.Remember(d.t.Context(), booking.StoredAnswer{Key: key, Answer: []byte(answer)}); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) wantAnswer(key, want string) {
	d.t.Helper()
	got, ok, err := d.file.Recall(d.t.Context(), key)
	if err != nil || ok != (want != "") || string(got) != want {
		d.t.Errorf("%s at %v: %q, %v, %v; want %q", key, d.clock.now(), got, ok, err, want)
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	d := setup(t)
	start := d.clock.now()
	d.wantAnswer("a", "")
	d.remember("a", "first")
	d.remember("a", "second") // the first wins
	d.remember("b", "")
	d.reopen()
	d.wantAnswer("a", "first")
	if answer, ok, err := d.file.Recall(t.Context(), "b"); !ok || err != nil || len(answer) != 0 {
		t.Errorf("an empty answer: %q, %v, %v", answer, ok, err)
	}
	// It is found for eight days, also when the clock is set back, and wins so long.
	d.clock.set(start.AddDate(0, 0, 7))
	d.remember("a", "a week later")
	d.wantAnswer("a", "first")
	d.clock.set(start.AddDate(0, 0, -3))
	d.wantAnswer("a", "first")
	d.clock.set(start.AddDate(0, 0, 8))
	d.wantAnswer("a", "")
	d.remember("a", "third")
	d.wantAnswer("a", "third")

	entry := booking.Entry{Booking: store.NewTestBooking("01", "K7QF", christmas), Answer: &booking.StoredAnswer{Key: "a", Answer: []byte("fourth")}}
	if _, err := d.ledger.Accept(t.Context(), entry); err != nil {
		t.Fatal(err)
	}
	d.wantAnswer("a", "third")
}

// Of answers with one key that share a commit, one wins, and stays.
func TestOneAnswerOfAKeyWins(t *testing.T) {
	t.Parallel()
	d := setup(t)
	var all sync.WaitGroup
	for n := range 200 {
		all.Go(func() { d.remember(fmt.Sprint("key", n%5), fmt.Sprint(n)) })
	}
	all.Wait()
	won := map[string]string{}
	for range 2 {
		for n := range 5 {
			key := fmt.Sprint("key", n)
			answer, ok, err := d.file.Recall(t.Context(), key)
			if err != nil || !ok || won[key] != "" && won[key] != string(answer) {
				t.Errorf("%s: %q, %v, %v; it was %q", key, answer, ok, err, won[key])
			}
			won[key] = string(answer)
		}
		d.reopen()
	}
	if n, err := d.file.Forget(t.Context(), 0, d.clock.now().AddDate(0, 0, 1)); n != 5 || err != nil {
		t.Errorf("%d answers were kept, %v; want one of each key", n, err)
	}
}

func TestForget(t *testing.T) {
	t.Parallel()
	d := setup(t)
	start := d.clock.now()
	const old = 450 // several transactions
	for n := range old {
		d.accept(store.NewTestBooking(fmt.Sprintf("a%03d", n), fmt.Sprint("A", n), christmas.AddDays(-1-n%3)), nil)
	}
	d.accept(store.NewTestBooking("b", "B", christmas), nil)
	d.day(christmas - 1) // held decoded
	for n := range 5 {
		d.clock.set(start.AddDate(0, 0, n))
		d.remember(fmt.Sprint("m", n), "yes")
		d.remember(fmt.Sprint("n", n), "yes")
	}

	if n, err := d.file.Forget(t.Context(), 0, time.Time{}); n != 0 || err != nil {
		t.Fatalf("forgot %d of nothing, %v", n, err)
	}
	// The answers of the day on which answersBefore falls stay.
	n, err := d.file.Forget(t.Context(), christmas, start.AddDate(0, 0, 3))
	if n != old+6 || err != nil {
		t.Errorf("forgot %d, %v; want %d", n, err, old+6)
	}
	for range 2 {
		if got := d.day(christmas - 1); len(got) != 0 {
			t.Errorf("%d bookings are still there", len(got))
		}
		if got := d.day(christmas); len(got) != 1 {
			t.Errorf("%d bookings are left, want 1", len(got))
		}
		if got, err := d.ledger.ByPhone(t.Context(), "+34612345678", 0); err != nil || len(got) != 1 {
			t.Errorf("the number has %d bookings, %v", len(got), err)
		}
		d.wantAnswer("m2", "")
		d.wantAnswer("m3", "yes")
		d.reopen()
	}
}
