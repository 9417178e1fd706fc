package retry_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"maitre/booking"
	"maitre/e2e/servertest"
	"maitre/retry"
	"maitre/store"
	"maitre/store/airtable"
	"maitre/store/airtable/airtabletest"
	"maitre/store/airtable/ledger"
	"maitre/store/airtable/mapping"
	"maitre/store/restaurantfile"
)

// plainPhones parses phone numbers as they are typed.
type plainPhones struct{}

func (plainPhones) Parse(s string) (booking.Phone, error) {
	if !strings.HasPrefix(s, "+") {
		return "", errors.New("no number")
	}
	return booking.Phone(s), nil
}

// airtableFixture is desk, worker and ledger, wired as main does, and an Airtable
// test server.
type airtableFixture struct {
	*retry.Worker
	t       testing.TB
	srv     *airtabletest.Server
	ledger  *ledger.Ledger
	client  *airtable.Client
	file    *store.File
	journal *store.Journal
	breaker *retry.Breaker
	desk    *booking.Desk
	rows    *booking.Restaurant
}

// openAirtable opens a fixture; before, if set, is called with its data file and
// restaurant before anything is wired.
func openAirtable(t testing.TB, before func(*store.File, *booking.Restaurant)) *airtableFixture {
	t.Helper()
	srv := airtabletest.New(airtabletest.Options{})
	t.Cleanup(srv.Close)
	return openAirtableOn(t, srv, filepath.Join(t.TempDir(), "maitre.db"), before)
}

// openAirtableOn is openAirtable with a given server and data file.
func openAirtableOn(t testing.TB, srv *airtabletest.Server, path string, before func(*store.File, *booking.Restaurant)) *airtableFixture {
	t.Helper()
	described, err := restaurantfile.LoadFile("")
	if err != nil {
		t.Fatal(err)
	}
	restaurant := described.Restaurant
	for _, table := range restaurant.Tables {
		if len(srv.Records("Mesas")) == len(restaurant.Tables) {
			break
		}
		if _, err := srv.Staff().Create("Mesas", map[string]any{"ID Mesa": table.ID, "Capacidad": table.Max, "Capacidad Mínima": table.Min, "Disponible": true}); err != nil {
			t.Fatal(err)
		}
	}
	file, err := store.Open(context.Background(), path, store.Options{Slug: restaurant.Slug})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	if _, err := file.Mirror().Bind(context.Background(), srv.BaseID(), time.Now()); err != nil {
		t.Fatal(err)
	}
	if before != nil {
		before(file, restaurant)
	}
	client, err := airtable.New(airtable.Config{Endpoint: "http://airtable.invalid", Token: airtable.Token(srv.Token()), BaseID: srv.BaseID(), Transport: servertest.InProcess(srv)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	h := &airtableFixture{t: t, srv: srv, client: client, file: file, journal: file.Journal(), rows: restaurant}
	h.breaker = retry.NewBreaker("Airtable", retry.BreakerOptions{After: 3})
	h.ledger, err = ledger.New(context.Background(), ledger.Config{
		Client: client, Mapper: mapping.New(mapping.Names{}, restaurant, plainPhones{}), Restaurant: restaurant, Mirror: file.Mirror(),
		Allow: h.breaker.Allow, Report: func(t *booking.RecordError) { h.breaker.Report(retry.ResultOf(t)) },
		Up: func() bool { return h.breaker.State() == retry.Closed }, Patience: time.Second / 2,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.ledger.Close)
	desk := booking.Config{
		Restaurant: restaurant, Ledger: h.ledger, Answers: h.ledger, Locks: store.NewDateLocks(), Clock: systemClock{},
		Patience: time.Second, NewID: store.NewIDs(), NewCode: store.NewCode,
	}
	h.Worker = retry.New(retry.Config{Journal: h.journal, Record: h.ledger, Rechecker: booking.NewRechecker(desk, h.ledger.Keeping(h.journal)), Breaker: h.breaker, Words: testWords{}, OnChange: h.ledger.Touch, Clock: systemClock{}})
	desk.Journal = h.ledger.Noting(h.Worker)
	h.desk = booking.NewDesk(desk)
	return h
}

// run lets book and worker work until the test or stop ends it.
func (h *airtableFixture) run() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	all.Go(func() { h.ledger.Run(ctx) })
	all.Go(func() { h.Run(ctx) })
	stop = func() { cancel(); all.Wait() }
	h.t.Cleanup(stop)
	return stop
}

// fullBook is n bookings that all find their table free: every table three times
// a day, from the tenth day on.
func fullBook(restaurant *booking.Restaurant, n int, now time.Time) []booking.Booking {
	newID := store.NewIDs()
	first, _ := booking.ServiceDay(now, restaurant.Location)
	all := make([]booking.Booking, n)
	for i := range all {
		table := restaurant.Tables[i%len(restaurant.Tables)]
		turn := i / len(restaurant.Tables)
		date := first.AddDays(10 + turn/3)
		clock := booking.TimeOfDay([]int{13 * 60, 15*60 + 30, 21 * 60}[turn%3])
		start, _ := date.Instant(clock, restaurant.Location)
		start = start.UTC()
		all[i] = booking.Booking{
			ID: newID(now), Code: fmt.Sprintf("C%06d", i), Name: "Ana", Phone: booking.Phone(fmt.Sprintf("+3460%07d", i)), Date: date, Time: clock, Party: table.Min,
			Start: start, End: start.Add(2 * time.Hour), Service: "dinner", Tables: []string{table.ID}, Zone: table.Zone,
			Status: booking.Confirmed, Channel: booking.ByPhone, Lang: booking.Spanish, Created: now.UTC(), Updated: now.UTC(),
		}
	}
	return all
}

// keepAll puts bookings into the journal as an earlier run of the program did.
func keepAll(t testing.TB, journal *store.Journal, all []booking.Booking, now time.Time) {
	t.Helper()
	next := make(chan booking.Booking)
	var callers sync.WaitGroup
	for range 128 {
		callers.Go(func() {
			for b := range next {
				if _, err := journal.Accept(context.Background(), booking.Entry{Booking: b}, now); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for _, b := range all {
		next <- b
	}
	close(next)
	callers.Wait()
}
