package retry_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"maitre/booking"
	"maitre/booking/catalogue"
	"maitre/booking/notify"
	"maitre/retry"
	"maitre/store"
)

// bistro has one table for two, and lunch every day.
func bistro() *booking.Restaurant {
	everyDay := []time.Weekday{0, 1, 2, 3, 4, 5, 6}
	name := booking.Text{booking.Spanish: "comida"}
	return &booking.Restaurant{
		Slug: "casa", Name: "Casa Ana", Languages: []booking.Lang{booking.Spanish}, Location: time.UTC,
		Services: []booking.Service{{ID: "lunch", Name: name, Days: everyDay, First: booking.NewTimeOfDay(13, 0), Last: booking.NewTimeOfDay(13, 0),
			KitchenCloses: booking.NewTimeOfDay(16, 0), RoomCloses: booking.NewTimeOfDay(18, 0)}},
		Turns: []booking.Turn{{UpTo: 2, Stay: 2 * time.Hour}}, Step: 15, Horizon: 400, PartyLimit: 2,
		Zones:  []booking.Zone{{ID: "room", Name: booking.Text{booking.Spanish: "sala"}}},
		Tables: []booking.Table{{ID: "T1", Zone: "room", Min: 1, Max: 2, Access: booking.Online}},
	}
}

// crashingJournal is a journal that may crash before or after any write.
type crashingJournal struct {
	*store.Local
	*crashAfter
}

func (b crashingJournal) Accept(ctx context.Context, e booking.Entry) (booking.SyncState, error) {
	if err := b.step(); err != nil {
		return 0, err
	}
	state, err := b.Local.Accept(ctx, e)
	return state, errors.Join(err, b.step())
}

type crashingWaitlist struct {
	store.Waitlist
	*crashAfter
}

func (l crashingWaitlist) KeepWaiting(ctx context.Context, w booking.Waiting) error {
	if err := l.step(); err != nil {
		return err
	}
	return errors.Join(l.Waitlist.KeepWaiting(ctx, w), l.step())
}

func deskOf(file *store.File, l *crashAfter, decided func(booking.Entry)) *booking.Desk {
	restaurant := bistro()
	rules := booking.UsualCorrespondence()
	return booking.NewDesk(booking.Config{
		Restaurant: restaurant, Ledger: file.Local(), Journal: crashingJournal{file.Local(), l}, Waitlist: crashingWaitlist{file.Waitlist(), l}, Hold: rules.Hold,
		Notify: notify.Policy{Words: catalogue.New(restaurant), Rules: rules, Mobile: func(booking.Phone) bool { return true }},
		Locks:  store.NewDateLocks(), Clock: systemClock{}, NewID: store.NewIDs(), NewCode: store.NewCode, OnDecided: decided,
	})
}

func newWaitlistWorker(file *store.File, desk *booking.Desk, decided retry.Signal) *retry.WaitlistWorker {
	return retry.NewWaitlistWorker(retry.WaitlistConfig{
		Desk: desk, Dates: file.Waitlist().Dates, Clock: systemClock{}, Tick: time.Minute, Wake: decided,
	})
}

func phoned(n int) booking.Caller {
	return booking.Caller{Channel: booking.ByWhatsApp, Phone: booking.Phone(fmt.Sprintf("+346%08d", n)), Lang: booking.Spanish}
}

func lunch(n int, date booking.Date) booking.Request {
	return booking.Request{Caller: phoned(n), Date: date, Time: booking.NewTimeOfDay(13, 0), Party: 2, Name: "Ana"}
}

// withDesk runs a test with a file, a desk and a waitlist worker in a synctest bubble.
func withDesk(t *testing.T, f func(t *testing.T, file *store.File, desk *booking.Desk)) {
	t.Helper()
	t.Parallel()
	path := filepath.Join(t.TempDir(), "maitre.db")
	synctest.Test(t, func(t *testing.T) {
		file, err := store.Open(context.Background(), path, store.Options{Slug: "casa"})
		if err != nil {
			t.Fatal(err)
		}
		decided := retry.NewSignal()
		desk := deskOf(file, &crashAfter{steps: 1 << 30, crashed: make(chan struct{})}, func(booking.Entry) { decided.Send() })
		offers := newWaitlistWorker(file, desk, decided)
		ctx, cancel := context.WithCancel(context.Background())
		var done sync.WaitGroup
		done.Go(func() { offers.Run(ctx) })
		f(t, file, desk)
		cancel()
		done.Wait()
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	})
}

func stateOf(t *testing.T, file *store.File, n int) booking.Waiting {
	t.Helper()
	all, err := file.Waitlist().WaitingOf(context.Background(), phoned(n).Phone, 0)
	if err != nil || len(all) != 1 {
		t.Fatalf("guest %d waits %d times, %v", n, len(all), err)
	}
	return all[0]
}

func TestOffersAreMadeAtOnceAndEndInTime(t *testing.T) {
	withDesk(t, func(t *testing.T, file *store.File, desk *booking.Desk) {
		ctx := context.Background()
		made, err := desk.Book(ctx, lunch(0, sunday))
		if err != nil {
			t.Fatal(err)
		}
		for n := 1; n <= 2; n++ {
			if waited, err := desk.Wait(ctx, lunch(n, sunday)); err != nil || waited.Ahead != n-1 {
				t.Fatal(waited, err)
			}
		}
		if _, err := desk.Cancel(ctx, booking.Cancellation{Who: booking.Who{Caller: phoned(0), Code: made.Booking.Code}}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait() // no time goes by
		if w := stateOf(t, file, 1); w.State != booking.WaitOffered {
			t.Fatalf("the first: %+v", w)
		}
		due, err := file.Outbox().Due(ctx, time.Now(), 10)
		if err != nil || len(due) != 1 || due[0].Kind != booking.MessageTableFree || due[0].To != phoned(1).Phone || !due[0].Expires.Equal(time.Now().Add(15*time.Minute)) {
			t.Fatalf("owed: %+v, %v", due, err)
		}
		if _, _, err := file.Outbox().Begin(ctx, due[0], booking.ByText, time.Now()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(15*time.Minute - 1)
		synctest.Wait()
		if w := stateOf(t, file, 1); w.State != booking.WaitOffered {
			t.Fatalf("a moment before its time is up: %+v", w)
		}
		time.Sleep(10 * time.Millisecond)
		synctest.Wait()
		first, second := stateOf(t, file, 1), stateOf(t, file, 2)
		if first.State != booking.WaitLapsed || second.State != booking.WaitOffered {
			t.Fatalf("when it is up: %+v, %+v", first, second)
		}
		if _, err := desk.Confirm(ctx, booking.Confirmation{Who: booking.Who{Caller: phoned(2)}, Confirmed: true}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if w := stateOf(t, file, 2); w.State != booking.WaitBooked {
			t.Errorf("the second said yes: %+v", w)
		}
	})
}

func TestNothingIsOfferedWhileTheRecordTakesNothing(t *testing.T) {
	withDesk(t, func(t *testing.T, file *store.File, desk *booking.Desk) {
		ctx := context.Background()
		made, err := desk.Book(ctx, lunch(0, sunday))
		if err != nil {
			t.Fatal(err)
		}
		ready := false
		c := retry.WaitlistConfig{Desk: desk, Dates: file.Waitlist().Dates, Clock: systemClock{}, Ready: func() bool { return ready }}
		if _, err := desk.Wait(ctx, lunch(1, sunday)); err != nil {
			t.Fatal(err)
		}
		// Around the running worker, which is always ready and waits by now: the table
		// comes free without the desk's knowing.
		synctest.Wait()
		b := made.Booking
		b.Status = booking.Cancelled
		if _, err := file.Local().Accept(ctx, booking.Entry{Booking: b, Was: &made.Booking}); err != nil {
			t.Fatal(err)
		}
		offers := retry.NewWaitlistWorker(c)
		offers.Look(ctx)
		if w := stateOf(t, file, 1); w.State != booking.WaitWaiting {
			t.Fatalf("while it is shut: %+v", w)
		}
		ready = true
		offers.Look(ctx)
		if w := stateOf(t, file, 1); w.State != booking.WaitOffered {
			t.Errorf("%+v", w)
		}
	})
}

// TestTheWaitlistSurvivesRestartsAtAnyMoment kills the program before and after
// whichever write, while guests wait, cancel, answer and keep silent.
func TestTheWaitlistSurvivesRestartsAtAnyMoment(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "maitre.db")
	synctest.Test(t, func(t *testing.T) {
		chance := rand.New(rand.NewPCG(5, 9))
		killed := 0
		const days, runs = 6, 250
		first := booking.NewDate(2000, time.June, 1)
		for run := range runs {
			if runWaitlist(t, path, chance, first, days, run) {
				killed++
			}
		}
		file, err := store.Open(context.Background(), path, store.Options{Slug: "casa"})
		if err != nil {
			t.Fatal(err)
		}
		checkWaitlist(t, file, first, days)
		counts := countWaitlist(t, file, runs)
		if err := file.Close(); err != nil {
			t.Error(err)
		}
		t.Logf("killed %d times; %v", killed, counts)
		if killed < 50 || counts[booking.WaitBooked] < 5 || counts[booking.WaitDeclined] < 5 || counts[booking.WaitLapsed] < 5 {
			t.Errorf("the test tests too little: killed %d times, %v", killed, counts)
		}
	})
}

// runWaitlist opens the file and lets guests act until a crash or their end, and
// reports whether there was a crash.
func runWaitlist(t *testing.T, path string, chance *rand.Rand, first booking.Date, days, run int) (crashed bool) {
	t.Helper()
	file, err := store.Open(context.Background(), path, store.Options{Slug: "casa"})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	alive := &crashes{left: 1 + chance.IntN(14)}
	desk := deskOf(file, alive.crash(), nil)
	offers := newWaitlistWorker(file, desk, retry.NewSignal())
	offers.Look(ctx)
	for step := range 6 {
		date := first + booking.Date(chance.IntN(days))
		guest := run*10 + step
		switch chance.IntN(5) {
		case 0:
			_, _ = desk.Book(ctx, lunch(guest, date)) // fails if it is full, or after the crash
		case 1:
			_, _ = desk.Wait(ctx, lunch(guest, date))
		case 2, 3:
			answerSome(t, file, desk, chance, date)
		case 4:
			time.Sleep(time.Duration(chance.IntN(20)) * time.Minute)
		}
		sendAll(t, file)
		offers.Look(ctx)
	}
	crashed = alive.crashed()
	checkWaitlist(t, file, first, days)
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return crashed
}

// crashes makes crashAfters of left steps.
type crashes struct {
	left int
	l    *crashAfter
}

func (m *crashes) crash() *crashAfter {
	m.l = &crashAfter{steps: m.left, crashed: make(chan struct{})}
	return m.l
}

func (m *crashes) crashed() bool {
	select {
	case <-m.l.crashed:
		return true
	default:
		return false
	}
}

// answerSome cancels a booking of a date, or says yes or no to a table that is held.
func answerSome(t *testing.T, file *store.File, desk *booking.Desk, chance *rand.Rand, date booking.Date) {
	t.Helper()
	day, err := file.Local().Day(context.Background(), date)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range day.Bookings {
		who := booking.Who{Caller: booking.Caller{Channel: booking.ByWhatsApp, Phone: b.Phone}, Code: b.Code}
		switch {
		case b.Status == booking.PreBooked && chance.IntN(2) == 0:
			_, _ = desk.Confirm(context.Background(), booking.Confirmation{Who: who, Confirmed: chance.IntN(2) == 0}) // fails after the crash
		case b.Status == booking.Confirmed:
			_, _ = desk.Cancel(context.Background(), booking.Cancellation{Who: who})
		}
	}
}

// sendAll marks all due messages as sent.
func sendAll(t *testing.T, file *store.File) {
	t.Helper()
	box := file.Outbox()
	due, err := box.Due(context.Background(), time.Now(), 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range due {
		if o.State != booking.MessageWaiting {
			continue
		}
		if !o.Expires.IsZero() && !time.Now().Before(o.Expires) {
			continue
		}
		begun, ok, err := box.Begin(context.Background(), o, booking.ByText, time.Now())
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		if _, err := box.Finish(context.Background(), begun, booking.SendResult{State: booking.MessageSent, SID: "SM" + o.ID}, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
}

// countWaitlist counts the parties by state.
func countWaitlist(t *testing.T, file *store.File, runs int) map[booking.WaitState]int {
	t.Helper()
	counts := map[booking.WaitState]int{}
	for guest := range runs * 10 {
		all, err := file.Waitlist().WaitingOf(context.Background(), phoned(guest).Phone, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range all {
			counts[w.State]++
		}
	}
	return counts
}

// checkWaitlist checks that what the file holds is consistent.
func checkWaitlist(t *testing.T, file *store.File, first booking.Date, days int) {
	t.Helper()
	ctx := context.Background()
	for date := first; date < first+booking.Date(days); date++ {
		day, err := file.Local().Day(ctx, date)
		if err != nil {
			t.Fatal(err)
		}
		var live []booking.Booking
		holds := map[string]bool{}
		for _, b := range day.Bookings {
			if b.Live() {
				live = append(live, b)
			}
			if !b.HeldUntil.IsZero() && b.Live() {
				holds[b.ID] = true
			}
		}
		if len(live) > 1 {
			t.Fatalf("the one table of %s is given to %d: %+v", date, len(live), live)
		}
		on, err := file.Waitlist().WaitingOn(ctx, date)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range on {
			if w.State == booking.WaitOffered {
				known := slices.ContainsFunc(day.Bookings, func(b booking.Booking) bool { return b.ID == w.Booking })
				if !known {
					t.Fatalf("%+v is offered what is not there", w)
				}
				delete(holds, w.Booking)
			}
		}
		if len(holds) > 0 {
			t.Fatalf("%s: held for nobody: %v", date, holds)
		}
	}
}
