package ledger_test

import (
	"context"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"

	"maitre/booking"
	"maitre/store/airtable/airtabletest"
	"maitre/store/airtable/ledger"
)

// noWebhooks is a base whose changes cannot be followed: the token may have no webhook.
func noWebhooks() airtabletest.Options {
	return airtabletest.Options{Tokens: []airtabletest.Token{{Secret: "patDEAF.1", Scopes: []string{
		airtabletest.ScopeRead, airtabletest.ScopeWrite, airtabletest.ScopeSchemaRead}}}}
}

// A reading that began before a booking was accepted or written does not undo it.
func TestAReadingFromBeforeDoesNotUndoABooking(t *testing.T) {
	t.Parallel()
	for name, written := range map[string]bool{"accepted": false, "written": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := open(t, options{server: noWebhooks()})
			r.row("2026-11-27 14:00", fields{"Nombre del Cliente": "Eva", "Mesa": []string{"T1"}})
			r.clock.pass(5 * time.Minute)
			there, goOn := r.gate.holdAnswer(isBookings)
			var reading sync.WaitGroup
			reading.Go(func() { _ = r.ledger.Refresh(context.Background(), []booking.Date{friday}) })
			<-there
			b := booking.Booking{ID: r.newID(monday), Code: "K7QF", Name: "Ana", Phone: guest.Phone, Date: friday, Time: booking.NewTimeOfDay(21, 0), Party: 4,
				Tables: []string{"I1"}, Status: booking.Confirmed, Channel: booking.ByPhone, Created: monday, Updated: monday}
			b.Start, _ = friday.Instant(b.Time, madrid)
			b.End = b.Start.Add(2 * time.Hour)
			if _, err := r.ledger.Noting(clerk{r}).Accept(t.Context(), booking.Entry{Booking: b}); err != nil {
				t.Fatal(err)
			}
			if written {
				r.mustWrite()
			}
			goOn()
			reading.Wait()
			r.wantDay(friday, "14:00 T1 Eva, 21:00 I1 Ana")
		})
	}
}

// A reading that began before a change was taken up does not undo that.
func TestAReadingFromBeforeDoesNotUndoWhatTheStaffDid(t *testing.T) {
	t.Parallel()
	r := open(t, options{})
	moved := r.row("2026-11-27 21:00", fields{"Nombre del Cliente": "Eva", "Mesa": []string{"T1"}})
	gone := r.row("2026-11-27 21:00", fields{"Nombre del Cliente": "Luis", "Mesa": []string{"T2"}})
	r.follow()
	r.clock.pass(23 * time.Hour) // the days are to be read again, however well they are followed
	there, goOn := r.gate.holdAnswer(isBookings)
	var reading sync.WaitGroup
	reading.Go(r.follow)
	<-there
	r.edit(moved, fields{"Mesa": []string{"I1"}})
	r.remove(gone)
	r.row("2026-11-27 21:00", fields{"Nombre del Cliente": "Pilar", "Mesa": []string{"I2"}})
	if failed := r.ledger.Sync(t.Context()); failed != nil {
		t.Fatal(failed)
	}
	const want = "21:00 I1 Eva, 21:00 I2 Pilar"
	r.wantDay(friday, want)
	goOn()
	reading.Wait()
	r.wantDay(friday, want)
}

// Of two readings of a day, the one that was sent first is answered last.
func TestAnOlderReadingDoesNotUndoANewerOne(t *testing.T) {
	t.Parallel()
	r := open(t, options{server: noWebhooks()})
	id := r.row("2026-11-27 21:00", fields{"Nombre del Cliente": "Eva", "Mesa": []string{"T1"}})
	r.clock.pass(time.Minute)
	read := func() {
		if failed := r.ledger.Refresh(context.Background(), []booking.Date{friday}); failed != nil {
			t.Error(failed)
		}
	}
	there, goOn := r.gate.holdAnswer(isBookings)
	var reading sync.WaitGroup
	reading.Go(read)
	<-there
	r.edit(id, fields{"Mesa": []string{"T2"}})
	read()
	r.wantDay(friday, "21:00 T2 Eva")
	goOn()
	reading.Wait()
	r.wantDay(friday, "21:00 T2 Eva")
}

// A change is asked for, a day is read, the change is made, and only then does
// the first answer come: with the change, which the day that was read later does
// not have.
func TestAChangeThatOvertakesAReadingIsNotLost(t *testing.T) {
	t.Parallel()
	r := open(t, options{})
	r.clock.pass(18 * time.Hour)
	r.follow()
	late := on("2026-12-14") // was beyond the horizon, and never read
	sent, wait := make(chan struct{}), make(chan struct{})
	var once sync.Once
	r.gate.set(func(req *http.Request) {
		if isPayloads(req) {
			once.Do(func() { close(sent); <-wait })
		}
	}, nil)
	var following sync.WaitGroup
	following.Go(r.follow)
	<-sent
	r.wantAsked(1, func() { r.free(late) }, airtabletest.OpList)
	r.row("2026-12-14 21:00", fields{"Nombre del Cliente": "Eva", "Mesa": []string{"T1"}})
	close(wait)
	following.Wait()
	r.wantDay(late, "21:00 T1 Eva")
}

// The staff change a row of which a guest's change waits: it is seen once that is
// written, also when the program ends in between, and also when the echo of the
// write comes before the write is noted.
func TestWhatTheStaffDidToAWaitingBooking(t *testing.T) {
	t.Parallel()
	for _, way := range []string{"plainly", "restarted", "echo first"} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			r := open(t, options{})
			id := r.row("2026-11-27 21:00", fields{"Nombre del Cliente": "Eva", "Cantidad de Personas": 4, "Teléfono": string(guest.Phone),
				"Mesa": []string{"T1"}, "Notas Especiales": "mesa de siempre"})
			r.follow()
			name := "Eva María"
			if _, err := r.desk.Change(t.Context(), booking.Change{Who: booking.Who{Caller: guest}, Name: &name}); err != nil {
				t.Fatal(err)
			}
			r.edit(id, fields{"Mesa": []string{"T2"}, "Notas Especiales": "cumpleaños"})
			if way != "echo first" {
				r.follow()
				r.wantDay(friday, "21:00 T1 Eva María")
			}
			switch way {
			case "restarted":
				r.restart()
				r.mustWrite()
				r.ledger.Start(t.Context())
				r.clock.pass(time.Minute)
				r.wantAsked(0, func() { r.follow() }, airtabletest.OpList)
			case "plainly":
				r.mustWrite()
				r.follow()
			case "echo first":
				ctx := t.Context()
				due, err := r.journal.Due(ctx, r.clock.Now(), 10)
				if err != nil || len(due) != 1 {
					t.Fatal(due, err)
				}
				outcome := r.ledger.Write(ctx, true, due)[0]
				r.follow() // brings the staff's change and our own
				if _, err := r.journal.Done(ctx, due[0].ID, due[0].Rev, due[0].Booking, outcome.Record, r.clock.Now()); err != nil {
					t.Fatal(err)
				}
				r.follow()
			}
			r.wantDay(friday, "21:00 T2 Eva María")
			if got := r.bookings(friday)[0].Notes; got != "cumpleaños" {
				t.Errorf("notes %q", got)
			}
			if _, _, doubts := r.ledger.Hook(); doubts != 0 {
				t.Errorf("%d doubts are left", doubts)
			}
			if wrong := r.compare(friday); wrong != "" {
				t.Error(wrong)
			}
		})
	}
}

// The staff delete a row of which a guest's move to another day waits, and then say
// that the move is settled: once they were asked about the row, the booking is on
// neither day.
func TestADeletedRowWhoseMoveIsSettledIsGone(t *testing.T) {
	t.Parallel()
	r := open(t, options{})
	id := r.row("2026-11-27 21:00", fields{"Nombre del Cliente": "Eva", "Cantidad de Personas": 4, "Teléfono": string(guest.Phone), "Mesa": []string{"T1"}})
	r.follow()
	to := saturday
	if _, err := r.desk.Change(t.Context(), booking.Change{Who: booking.Who{Caller: guest}, Date: &to}); err != nil {
		t.Fatal(err)
	}
	r.remove(id)
	r.follow()
	r.wantDay(saturday, "21:00 T1 Eva")
	waiting, err := r.journal.List(t.Context(), 10)
	if err != nil || len(waiting) != 1 {
		t.Fatal(waiting, err)
	}
	for _, want := range []int{1, 0} {
		if _, err := r.journal.Settle(t.Context(), waiting[0].ID, "the row was deleted", r.clock.Now()); err != nil {
			t.Fatal(err)
		}
		r.write()
		r.follow()
		if got := r.cases()[booking.ParkedConflict]; got != want {
			t.Fatalf("%d cases, want %d", got, want)
		}
		r.wantDay(saturday, "")
	}
	r.clock.pass(time.Minute)
	r.follow()
	r.wantDay(friday, "")
	r.wantDay(saturday, "")
	if _, _, doubts := r.ledger.Hook(); doubts != 0 {
		t.Errorf("%d doubts are left", doubts)
	}
}

// What was read before a new webhook surely recorded is not covered by it.
func TestAReadingFromBeforeTheWebhookIsNotCovered(t *testing.T) {
	t.Parallel()
	r := open(t, options{})
	hook, _, _ := r.ledger.Hook()
	if err := r.client.DeleteWebhook(t.Context(), hook); err != nil {
		t.Fatal(err)
	}
	sent, wait := make(chan struct{}), make(chan struct{})
	r.gate.set(func(req *http.Request) {
		if isCreateHook(req) {
			close(sent)
			<-wait
		}
	}, nil)
	var following sync.WaitGroup
	following.Go(r.follow)
	<-sent
	r.clock.pass(5 * time.Minute)
	r.wantAsked(1, func() { r.wantFree(friday, "interior", "terraza") }, airtabletest.OpList)
	r.clock.pass(time.Second)
	for _, table := range []string{"T1", "T2"} {
		r.row("2026-11-27 21:00", fields{"Nombre del Cliente": "Eva", "Mesa": []string{table}})
	}
	lift := r.srv.Inject(airtabletest.Fault{Ops: []airtabletest.Op{airtabletest.OpList}, Status: http.StatusInternalServerError})
	close(wait)
	following.Wait()
	lift()
	r.clock.pass(10 * time.Second)
	if !r.ledger.Followed() {
		t.Fatal("no webhook was made")
	}
	r.wantFree(friday, "interior")
}

func TestConcurrentMissesMakeOneRequest(t *testing.T) {
	t.Parallel()
	r := open(t, options{server: noWebhooks()})
	r.clock.pass(time.Hour)
	there, goOn := r.gate.holdAnswer(isBookings)
	var asking sync.WaitGroup
	r.wantAsked(1, func() {
		for range 20 {
			asking.Go(func() { _ = r.ledger.Freshen(context.Background(), friday, booking.Recent) })
			asking.Go(func() { _ = r.ledger.Freshen(context.Background(), friday, booking.Sure) })
		}
		<-there
		goOn()
		asking.Wait()
	}, airtabletest.OpList)
	r.wantAsked(1, func() {
		there, goOn := r.gate.holdAnswer(isBookings)
		for range 20 {
			asking.Go(func() { _, _ = r.ledger.ByCode(context.Background(), "K7QF") })
		}
		<-there
		goOn()
		asking.Wait()
	}, airtabletest.OpList)
}

// An answer that was begun before a change does not stay after it.
func TestAnAnswerFromBeforeDoesNotStay(t *testing.T) {
	t.Parallel()
	r := open(t, options{})
	key := booking.OpeningsKey{Date: friday, Party: 4}
	changes := map[string]func(){
		"a booking": func() { r.reserve(friday, 2) },
		"the staff": func() {
			r.row("2026-11-27 14:00", fields{"Mesa": []string{"T1"}})
			r.follow()
		},
		"the tables": func() {
			if _, err := r.srv.Staff().Update("Mesas", r.srv.Records("Mesas")[0].ID, fields{"Disponible": nil}); err != nil {
				t.Fatal(err)
			}
			r.clock.pass(time.Second)
			r.follow()
		},
	}
	for name, change := range changes {
		r.ledger.Touch(friday)
		began, wait := make(chan struct{}), make(chan struct{})
		old, fresh := &booking.Openings{}, &booking.Openings{}
		var asking sync.WaitGroup
		asking.Go(func() {
			_, _ = r.ledger.Openings(context.Background(), key, func(context.Context) (*booking.Openings, error) {
				close(began)
				<-wait
				return old, nil
			})
		})
		<-began
		change()
		close(wait)
		asking.Wait()
		got, err := r.ledger.Openings(t.Context(), key, func(context.Context) (*booking.Openings, error) { return fresh, nil })
		if err != nil || got != fresh {
			t.Errorf("%s: an answer from before it is given still (%v)", name, err)
		}
	}
}

// Staff and guests at once: in the end the desk knows what the base says, and no
// two guests have one table.
func TestStaffAndGuestsAtOnce(t *testing.T) {
	t.Parallel()
	r := open(t, options{config: func(c *ledger.Config) { c.SureAge = time.Nanosecond }})
	days := []booking.Date{friday, saturday, sunday}
	var all, following sync.WaitGroup
	stop := make(chan struct{})
	following.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				r.follow()
				r.clock.pass(time.Second)
			}
		}
	})
	following.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				r.write()
			}
		}
	})
	for n := range 3 {
		all.Go(func() {
			chance := rand.New(rand.NewPCG(1, uint64(n)))
			for range 15 {
				made, err := r.desk.Book(context.Background(), booking.Request{Caller: r.caller(), Date: days[chance.IntN(3)],
					Time: booking.NewTimeOfDay(20, 30), Party: 1 + chance.IntN(6), Name: "Ana"})
				if err == nil && chance.IntN(3) > 0 {
					who := booking.Who{Caller: booking.Caller{Channel: booking.ByPhone, Phone: made.Booking.Phone}}
					_, _ = r.desk.Cancel(context.Background(), booking.Cancellation{Who: who})
				}
			}
		})
	}
	all.Go(func() {
		chance := rand.New(rand.NewPCG(2, 2))
		for range 40 {
			rows := r.srv.Records("Reservas")
			at := when(days[chance.IntN(3)].String() + " 14:00")
			switch {
			case len(rows) < 5 || chance.IntN(2) == 0:
				at["Nombre del Cliente"] = "Eva"
				_, _ = r.srv.Staff().Create("Reservas", at)
			case chance.IntN(4) == 0:
				_ = r.srv.Staff().Delete("Reservas", rows[chance.IntN(len(rows))].ID)
			default:
				_, _ = r.srv.Staff().Update("Reservas", rows[chance.IntN(len(rows))].ID, at)
			}
		}
	})
	all.Wait()
	close(stop)
	following.Wait()
	r.clock.pass(time.Minute)
	for len(r.write()) > 0 {
		r.clock.pass(time.Minute)
	}
	r.follow()
	if wrong := r.compare(days...); wrong != "" {
		t.Error(wrong)
	}
}
