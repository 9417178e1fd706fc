package booking_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"maitre/booking"
)

// queue is a waitlist in memory, which a desk can be opened on again as after a restart.
type queue struct {
	all       map[string]booking.Waiting
	unreached map[string]bool // bookings whose offer never left
}

func newQueue() *queue {
	return &queue{all: map[string]booking.Waiting{}, unreached: map[string]bool{}}
}

func (q *queue) sorted(which func(booking.Waiting) bool) []booking.Waiting {
	var found []booking.Waiting
	for _, w := range q.all {
		if which(w) {
			found = append(found, w)
		}
	}
	slices.SortFunc(found, func(a, b booking.Waiting) int {
		return cmp.Or(cmp.Compare(a.Date, b.Date), cmp.Compare(a.ID, b.ID))
	})
	return found
}

func (q *queue) WaitingOn(_ context.Context, date booking.Date) ([]booking.Waiting, error) {
	return q.sorted(func(w booking.Waiting) bool { return w.Date == date && w.State.Open() }), nil
}

func (q *queue) WaitingOf(_ context.Context, phone booking.Phone, from booking.Date) ([]booking.Waiting, error) {
	return q.sorted(func(w booking.Waiting) bool { return w.Phone == phone && w.Date >= from }), nil
}

func (q *queue) KeepWaiting(_ context.Context, w booking.Waiting) error {
	q.all[w.ID] = w
	return nil
}

func (q *queue) Offered(_ context.Context, id string) (bool, error) { return !q.unreached[id], nil }

// keeping is a journal that keeps the party with the booking, as the file does.
type keeping struct {
	booking.Journal
	queue *queue
	fail  error
}

func (k *keeping) Accept(ctx context.Context, e booking.Entry) (booking.SyncState, error) {
	if k.fail != nil {
		return 0, k.fail
	}
	state, err := k.Journal.Accept(ctx, e)
	if err == nil && e.Waiting != nil {
		k.queue.all[e.Waiting.ID] = *e.Waiting
	}
	return state, err
}

// plainPolicy reaches every number but landlines.
type plainPolicy struct{}

func (plainPolicy) Asks(booking.Booking) bool                            { return false }
func (plainPolicy) Offers(b booking.Booking) bool                        { return b.Phone[:4] != "+349" }
func (plainPolicy) Messages(d booking.Decision) (none []booking.Message) { return nil }

// waitlistDesk is a desk with a waitlist.
type waitlistDesk struct {
	quiet time.Time // until when no messages are sent
	*testDesk
	queue   *queue
	journal *keeping
	ids     int
	chance  *rand.Rand
}

const friday = "2026-11-27"

func openWaitlist(t testing.TB) *waitlistDesk {
	l := &waitlistDesk{testDesk: open(t, smallRestaurant()), queue: newQueue(), chance: rand.New(rand.NewPCG(3, 4))}
	l.journal = &keeping{Journal: l.book, queue: l.queue}
	l.restart()
	return l
}

func (l *waitlistDesk) restart() {
	l.Desk = booking.NewDesk(booking.Config{
		Restaurant: l.r, Ledger: l.book, Journal: l.journal, Locks: l.book, Clock: l.clock,
		Notify: plainPolicy{}, Waitlist: l.queue, Hold: 15 * time.Minute,
		Quiet: func(now time.Time) (time.Time, bool) { return l.quiet, now.Before(l.quiet) },
		NewID: func(time.Time) string { l.ids++; return fmt.Sprintf("%06d", l.ids) },
		NewCode: func(n int) string {
			random := make([]byte, n)
			for i := range random {
				random[i] = byte(l.chance.Uint32())
			}
			return booking.CodeFrom(random)
		},
	})
}

// fill takes every table of an evening that seats so many, and returns who has them.
func (l *waitlistDesk) fill(party int) []booking.Booking {
	var all []booking.Booking
	for n := 100; ; n++ {
		r := tableRequest(n, friday, "21:00", party)
		r.Caller.Channel = booking.ByWeb
		result, err := l.Book(context.Background(), r)
		if err != nil {
			return all
		}
		all = append(all, result.Booking)
	}
}

func (l *waitlistDesk) wait(n int, clock string, party int) booking.Waiting {
	l.t.Helper()
	waited, err := l.Wait(context.Background(), tableRequest(n, friday, clock, party))
	if err != nil || waited.Offer != nil || waited.Repeated {
		l.t.Fatalf("guest %d: %+v, %v", n, waited, err)
	}
	return waited.Waiting
}

func (l *waitlistDesk) cancel(b booking.Booking) {
	l.t.Helper()
	if _, err := l.Cancel(context.Background(), booking.Cancellation{Who: booking.Who{Caller: booking.Caller{Channel: booking.ByStaff}, Code: b.Code}}); err != nil {
		l.t.Fatal(err)
	}
}

func (l *waitlistDesk) serve() time.Time {
	l.t.Helper()
	next, err := l.ServeWaitlist(context.Background(), on(friday), true)
	if err != nil {
		l.t.Fatal(err)
	}
	return next
}

func (l *waitlistDesk) pass(d time.Duration) { l.clock.set(l.clock.Now().Add(d)) }

func (l *waitlistDesk) answers(w booking.Waiting, yes bool) {
	l.t.Helper()
	held := l.queue.all[w.ID]
	who := booking.Who{Caller: booking.Caller{Channel: booking.ByWhatsApp, Phone: w.Phone}, Code: held.Code}
	if _, err := l.Confirm(context.Background(), booking.Confirmation{Who: who, Confirmed: yes}); err != nil {
		l.t.Fatal(err)
	}
}

// states returns the states of parties, in their order.
func (l *waitlistDesk) states(ws ...booking.Waiting) (states []booking.WaitState) {
	for _, w := range ws {
		states = append(states, l.queue.all[w.ID].State)
	}
	return states
}

func (l *waitlistDesk) want(ws []booking.Waiting, want ...booking.WaitState) {
	l.t.Helper()
	if got := l.states(ws...); !slices.Equal(got, want) {
		l.t.Errorf("states %v, want %v", got, want)
	}
}

const (
	waits, offered, has = booking.WaitWaiting, booking.WaitOffered, booking.WaitBooked
	said, lapsed, left  = booking.WaitDeclined, booking.WaitLapsed, booking.WaitLeft
)

func TestATableThatComesFreeGoesToTheFirstWhomItFits(t *testing.T) {
	t.Parallel()
	l := openWaitlist(t)
	twos := l.fill(2)
	l.fill(4)
	if len(twos) == 0 {
		t.Fatal("nothing to free")
	}
	four, first, second := l.wait(1, "21:00", 4), l.wait(2, "21:00", 2), l.wait(3, "21:00", 2)
	all := []booking.Waiting{four, first, second}
	l.serve()
	l.want(all, waits, waits, waits)
	free := twos[slices.IndexFunc(twos, func(b booking.Booking) bool { return b.Tables[0] == "I1" || b.Tables[0] == "I2" })]
	l.cancel(free)
	until := l.serve()
	l.want(all, waits, offered, waits) // the table for two does not seat four
	held := l.queue.all[first.ID]
	b, err := l.book.ByCode(t.Context(), held.Code)
	if err != nil || b.Status != booking.PreBooked || !b.HeldUntil.Equal(until) || b.Phone != first.Phone || !until.Equal(l.clock.Now().Add(15*time.Minute)) {
		t.Fatalf("held: %+v, %v, until %s", b, err, until)
	}
	if _, err := l.Book(t.Context(), tableRequest(9, friday, "21:00", 2)); refusal(t, err).Reason != booking.Full {
		t.Errorf("somebody else got the table that is held: %v", err)
	}
	// No: the next; silence: nobody left whom it fits, and the table is free.
	l.answers(first, false)
	l.serve()
	l.want(all, waits, said, offered)
	l.pass(15 * time.Minute)
	l.serve()
	l.want(all, waits, said, lapsed)
	if _, err := l.Book(t.Context(), tableRequest(9, friday, "21:00", 2)); err != nil {
		t.Errorf("the table is not free again: %v", err)
	}
}

// A table that comes free at night is held for the next party until the morning and Hold
// longer.
func TestWhatComesFreeAtNightWaitsForTheMorning(t *testing.T) {
	t.Parallel()
	l := openWaitlist(t)
	fours := l.fill(4)
	w := l.wait(1, "21:00", 4)
	morning := l.clock.Now().Add(10 * time.Hour)
	l.quiet = morning
	l.cancel(fours[0])
	next := l.serve()
	l.want([]booking.Waiting{w}, offered)
	if !next.Equal(morning.Add(15 * time.Minute)) {
		t.Errorf("held until %s, want a quarter past %s", next, morning)
	}
	if _, err := l.Book(context.Background(), tableRequest(2, friday, "21:00", 4)); refusal(t, err).Reason != booking.Full {
		t.Errorf("given to somebody else at night: %v", err)
	}
	l.pass(10*time.Hour + 14*time.Minute)
	l.answers(w, true)
	l.serve()
	l.want([]booking.Waiting{w}, has)
}

// A party that cannot get the offer in time does not block the table.
func TestNoTableIsHeldIfTheOfferComesTooLate(t *testing.T) {
	t.Parallel()
	l := openWaitlist(t)
	fours := l.fill(4)
	w := l.wait(1, "21:00", 4)
	start := fours[0].Start
	l.clock.set(start.Add(-3 * time.Hour))
	l.quiet = start.Add(-10 * time.Minute)
	l.cancel(fours[0])
	l.serve()
	l.want([]booking.Waiting{w}, waits)
	if _, err := l.Book(context.Background(), tableRequest(2, friday, "21:00", 4)); err != nil {
		t.Errorf("%v: want the table", err)
	}
}

func TestAYesBooksTheTable(t *testing.T) {
	t.Parallel()
	l := openWaitlist(t)
	full := l.fill(2)
	w := l.wait(1, "21:00", 2)
	l.cancel(full[0])
	l.serve()
	l.restart()
	l.answers(w, true)
	l.pass(time.Hour)
	l.serve()
	l.want([]booking.Waiting{w}, has)
	b, err := l.book.ByCode(t.Context(), l.queue.all[w.ID].Code)
	if err != nil || b.Status != booking.Confirmed || !b.HeldUntil.IsZero() {
		t.Errorf("%+v, %v", b, err)
	}
}

func TestAPartyIsOnTheListOnce(t *testing.T) {
	t.Parallel()
	l := openWaitlist(t)
	l.fill(2)
	l.fill(4)
	first := l.wait(1, "21:00", 2)
	again, err := l.Wait(t.Context(), tableRequest(1, friday, "21:00", 2))
	if err != nil || !again.Repeated || again.Waiting.ID != first.ID || len(l.queue.all) != 1 {
		t.Errorf("%+v, %v", again, err)
	}
	behind, err := l.Wait(t.Context(), tableRequest(2, friday, "21:15", 2))
	if err != nil || behind.Ahead != 1 {
		t.Errorf("%+v, %v: want one ahead", behind, err)
	}
	l.wait(1, "21:15", 2)
	l.wait(1, "21:30", 2)
	if _, err := l.Wait(t.Context(), tableRequest(1, friday, "21:45", 2)); refusal(t, err).Reason != booking.NotAllowed {
		t.Errorf("one number fills the list: %v", err)
	}
}

func TestTheWaitlistRefusesWhatIsFreeOrCannotBeBooked(t *testing.T) {
	t.Parallel()
	l := openWaitlist(t)
	waited, err := l.Wait(t.Context(), tableRequest(1, friday, "21:00", 2))
	if err != nil || waited.Offer == nil || waited.Offer.Party != 2 || len(l.queue.all) != 0 {
		t.Errorf("with a table free: %+v, %v", waited, err)
	}
	l.fill(2)
	l.fill(4)
	landline := tableRequest(1, friday, "21:00", 2)
	landline.Phone = "+34941000127"
	if no := refusal(t, second(l.Wait(t.Context(), landline))); no.Field != "phone" || no.Problem != booking.NoMobile {
		t.Errorf("a landline: %+v", no)
	}
	for name, r := range map[booking.Reason]booking.Request{
		booking.Closed: tableRequest(1, friday, "18:00", 2), booking.TooLarge: tableRequest(1, friday, "21:00", 9), booking.Past: tableRequest(1, "2026-11-20", "21:00", 2),
	} {
		if no := refusal(t, second(l.Wait(t.Context(), r))); no.Reason != name {
			t.Errorf("%s: %+v", name, no)
		}
	}
	if len(l.queue.all) != 0 {
		t.Error("somebody waits for nothing")
	}
}

func second(_ booking.Waited, err error) error { return err }

func TestAGuestLeavesTheList(t *testing.T) {
	t.Parallel()
	l := openWaitlist(t)
	full := l.fill(2)
	mine, other := l.wait(1, "21:00", 2), l.wait(2, "21:00", 2)
	gone, err := l.Leave(t.Context(), guest(1))
	if err != nil || len(gone) != 1 || gone[0].ID != mine.ID {
		t.Fatalf("%+v, %v", gone, err)
	}
	l.cancel(full[0])
	l.serve()
	l.want([]booking.Waiting{mine, other}, left, offered)
	if gone, err := l.Leave(t.Context(), guest(1)); err != nil || len(gone) != 0 {
		t.Errorf("left twice: %+v, %v", gone, err)
	}
}

// A guest who leaves while a table is held for them frees it, as with a no: the next is
// offered it.
func TestAGuestWhoLeavesGivesTheHeldTableBack(t *testing.T) {
	t.Parallel()
	l := openWaitlist(t)
	full := l.fill(2)
	mine, other := l.wait(1, "21:00", 2), l.wait(2, "21:00", 2)
	l.cancel(full[0])
	l.serve()
	l.want([]booking.Waiting{mine, other}, offered, waits)
	l.journal.fail = errors.New("the disk is full")
	if gone, err := l.Leave(t.Context(), guest(1)); err == nil || len(gone) != 0 {
		t.Errorf("returned what is not on disk: %+v, %v", gone, err)
	}
	l.journal.fail = nil
	l.want([]booking.Waiting{mine, other}, offered, waits)
	gone, err := l.Leave(t.Context(), guest(1))
	if err != nil || len(gone) != 1 || gone[0].ID != mine.ID || gone[0].Booking == "" {
		t.Fatalf("%+v, %v", gone, err)
	}
	l.serve()
	l.want([]booking.Waiting{mine, other}, left, offered)
	// A booking is given back by cancelling it, not by leaving a list.
	held := l.queue.all[other.ID]
	if _, err := l.Confirm(t.Context(), booking.Confirmation{Who: booking.Who{Caller: guest(2), Code: held.Code}, Confirmed: true}); err != nil {
		t.Fatal(err)
	}
	if gone, err := l.Leave(t.Context(), guest(2)); err != nil || len(gone) != 0 {
		t.Errorf("a booking was given back: %+v, %v", gone, err)
	}
	l.serve()
	l.want([]booking.Waiting{mine, other}, left, has)
}

func TestAPartyWhoseOfferDidNotArriveIsOfferedAgain(t *testing.T) {
	t.Parallel()
	l := openWaitlist(t)
	full := l.fill(2)
	lost, next := l.wait(1, "21:00", 2), l.wait(2, "21:00", 2)
	both := []booking.Waiting{lost, next}
	l.cancel(full[0])
	l.serve()
	l.want(both, offered, waits)
	l.queue.unreached[l.queue.all[lost.ID].Booking] = true
	l.pass(15 * time.Minute)
	l.serve()
	l.want(both, waits, offered) // the next has a turn before the first has another
	l.answers(next, false)
	for range 2 { // and after three in all it is given up
		l.serve()
		l.want(both, offered, said)
		l.queue.unreached[l.queue.all[lost.ID].Booking] = true
		l.pass(15 * time.Minute)
	}
	l.serve()
	l.want(both, lapsed, said)
}

func TestTheListEndsWithItsTime(t *testing.T) {
	t.Parallel()
	l := openWaitlist(t)
	l.fill(2)
	w := l.wait(1, "21:00", 2)
	start, _ := on(friday).Instant(at("21:00"), madrid)
	if next := l.serve(); !next.Equal(start.Add(-time.Hour)) {
		t.Errorf("to be looked at again %s, want an hour before nine, when it is too late to book", next)
	}
	l.clock.set(start.Add(-59 * time.Minute))
	l.serve()
	l.want([]booking.Waiting{w}, booking.WaitOver)
}

func TestWithoutMessagesThereIsNoWaitlist(t *testing.T) {
	t.Parallel()
	s := open(t, smallRestaurant())
	if s.KeepsWaitlist() {
		t.Error("it keeps one")
	}
	if _, err := s.Wait(t.Context(), tableRequest(1, friday, "21:00", 2)); refusal(t, err).Problem != booking.NoMobile {
		t.Errorf("%v", err)
	}
	if gone, err := s.Leave(t.Context(), guest(1)); err != nil || len(gone) != 0 {
		t.Errorf("%v, %v", gone, err)
	}
}

// Whatever guests, staff and the clock do, and wherever the program is interrupted, no
// table is held twice, no party is passed over, and no party is lost.
func TestTheWaitlistIsFairWhateverHappens(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		l := openWaitlist(t)
		booked := l.fill(2)
		booked = append(booked, l.fill(4)...)
		var waiting []booking.Waiting
		for step := range rapid.IntRange(1, 40).Draw(rt, "steps") {
			switch rapid.IntRange(0, 7).Draw(rt, "what") {
			case 0, 1:
				party := rapid.SampledFrom([]int{1, 2, 3, 4}).Draw(rt, "party")
				clock := rapid.SampledFrom([]string{"21:00", "21:30", "20:30"}).Draw(rt, "time")
				if waited, err := l.Wait(context.Background(), tableRequest(step+1, friday, clock, party)); err == nil && waited.Offer == nil && !waited.Repeated {
					waiting = append(waiting, waited.Waiting)
				}
			case 2:
				if len(booked) > 0 {
					i := rapid.IntRange(0, len(booked)-1).Draw(rt, "which")
					who := booking.Who{Caller: booking.Caller{Channel: booking.ByStaff}, Code: booked[i].Code}
					_, _ = l.Cancel(context.Background(), booking.Cancellation{Who: who}) // over by now: refused
					booked = slices.Delete(booked, i, i+1)
				}
			case 3, 4:
				for _, w := range waiting {
					if l.queue.all[w.ID].State == offered && rapid.Bool().Draw(rt, "answers") {
						who := booking.Who{Caller: guestOf(w), Code: l.queue.all[w.ID].Code}
						_, _ = l.Confirm(context.Background(), booking.Confirmation{Who: who, Confirmed: rapid.Bool().Draw(rt, "yes")}) // too late: refused
					}
				}
			case 5:
				l.pass(time.Duration(rapid.IntRange(1, 20).Draw(rt, "minutes")) * time.Minute)
			case 6:
				if len(waiting) > 0 {
					_, _ = l.Leave(context.Background(), guestOf(waiting[rapid.IntRange(0, len(waiting)-1).Draw(rt, "who")]))
				}
			case 7:
				l.journal.fail = errors.New("the disk is full")
				_, _ = l.ServeWaitlist(context.Background(), on(friday), true) // cut off
				l.journal.fail = nil
				l.restart()
			}
			if _, err := l.ServeWaitlist(context.Background(), on(friday), true); err != nil {
				rt.Fatal(err)
			}
			l.checkFair(rt, waiting)
		}
	})
}

func guestOf(w booking.Waiting) booking.Caller {
	return booking.Caller{Channel: booking.ByWhatsApp, Phone: w.Phone}
}

func (l *waitlistDesk) checkFair(t *rapid.T, waiting []booking.Waiting) {
	offers := map[string]bool{}
	for _, b := range l.book.all() {
		if !b.Live() {
			continue
		}
		for _, table := range b.Tables {
			for _, other := range l.book.all() {
				if other.ID != b.ID && other.Live() && slices.Contains(other.Tables, table) && other.Start.Before(b.End) && b.Start.Before(other.End) {
					t.Fatalf("table %s is held for %s and for %s", table, b.ID, other.ID)
				}
			}
		}
		if !b.HeldUntil.IsZero() {
			offers[b.ID] = true
			if b.Status != booking.PreBooked || !b.HeldUntil.After(l.clock.Now()) {
				t.Fatalf("%s is held until %s, and it is %s", b.ID, b.HeldUntil, l.clock.Now())
			}
		}
	}
	for _, w := range waiting {
		now := l.queue.all[w.ID]
		switch now.State {
		case offered:
			if !offers[now.Booking] {
				t.Fatalf("%s is offered %s, which nobody holds", now.ID, now.Booking)
			}
			delete(offers, now.Booking)
		case waits:
			// Nobody waits for what is free.
			q := booking.Query{Caller: booking.Caller{Channel: now.Channel}, Date: now.Date, Party: now.Party, Zone: now.Zone}
			if offer, err := l.Check(context.Background(), q, now.Time); err == nil {
				t.Fatalf("%s waits for %s, and there is %+v", now.ID, now.Time, offer)
			}
		}
	}
	if len(offers) > 0 {
		t.Fatalf("held for nobody: %v", offers)
	}
	for i, first := range waiting {
		for _, later := range waiting[i+1:] {
			a, b := l.queue.all[first.ID], l.queue.all[later.ID]
			if a.Time == b.Time && a.Party == b.Party && a.State == waits && (b.State == offered || b.State == has) {
				t.Fatalf("%s came first and waits, and %s is %s", a.ID, b.ID, b.State)
			}
		}
	}
}
