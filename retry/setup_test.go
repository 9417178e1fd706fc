package retry_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"maitre/booking"
	"maitre/retry"
	"maitre/store"
)

// fakeRecord is a system of record in memory, set up by the test.
type fakeRecord struct {
	mu    sync.Mutex
	rows  map[string]booking.Booking
	wrote []string // "ID@rev", in the order in which they took effect
	under map[string]bool
	twice []string // entries that were attempted twice at a time

	requests, refreshes, probes int
	refreshed                   []booking.Date

	// answer returns the error of an entry; nil, or nil from it: it is written.
	answer func(e booking.JournalEntry) *booking.RecordError
	// before, where set, is called before a write takes effect, and may wait.
	before func(ctx context.Context, entries []booking.JournalEntry)
	// refresh and probe return the errors of those.
	refresh, probe func(ctx context.Context) *booking.RecordError
}

func newFakeRecord() *fakeRecord {
	return &fakeRecord{rows: map[string]booking.Booking{}, under: map[string]bool{}}
}

func (r *fakeRecord) Write(ctx context.Context, _ bool, entries []booking.JournalEntry) []booking.WriteResult {
	r.mu.Lock()
	r.requests++
	for _, e := range entries {
		if r.under[e.ID] {
			r.twice = append(r.twice, e.ID)
		}
		r.under[e.ID] = true
	}
	before := r.before
	r.mu.Unlock()
	if before != nil {
		before(ctx, entries)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	outcomes := make([]booking.WriteResult, len(entries))
	for i, e := range entries {
		delete(r.under, e.ID)
		var t *booking.RecordError
		if r.answer != nil {
			t = r.answer(e)
		}
		if ctx.Err() != nil {
			t = &booking.RecordError{Kind: booking.Interrupted, Text: ctx.Err().Error()}
		}
		if t == nil || t.Kind == booking.UnknownOutcome {
			r.rows[e.Booking.ID] = e.Booking
			r.wrote = append(r.wrote, fmt.Sprintf("%s@%d", e.Booking.ID, e.Rev))
		}
		outcomes[i] = booking.WriteResult{Record: "rec" + e.Booking.ID, Err: t}
	}
	return outcomes
}

// Rows implements retry.Record.
func (r *fakeRecord) Rows(ctx context.Context, _ bool, entries []booking.JournalEntry) ([]booking.RowRead, *booking.RecordError) {
	r.mu.Lock()
	refresh := r.refresh
	r.mu.Unlock()
	if refresh != nil {
		if t := refresh(ctx); t != nil {
			return nil, t
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if ctx.Err() != nil {
		return nil, &booking.RecordError{Kind: booking.Interrupted, Text: ctx.Err().Error()}
	}
	all := make([]booking.RowRead, len(entries))
	for i, e := range entries {
		if b, ok := r.rows[e.Booking.ID]; ok {
			all[i].Row = booking.Row{Record: "rec" + e.Booking.ID, Booking: b}
		}
	}
	return all, nil
}

func (r *fakeRecord) Refresh(ctx context.Context, dates []booking.Date) *booking.RecordError {
	r.mu.Lock()
	r.refreshes++
	r.refreshed = append(r.refreshed, dates...)
	refresh := r.refresh
	r.mu.Unlock()
	if refresh != nil {
		return refresh(ctx)
	}
	return nil
}

// Reconsider implements retry.Record.
func (r *fakeRecord) Reconsider() {}

func (r *fakeRecord) Probe(ctx context.Context) *booking.RecordError {
	r.mu.Lock()
	r.probes++
	probe := r.probe
	r.mu.Unlock()
	if probe != nil {
		return probe(ctx)
	}
	return nil
}

// answers sets how the record answers from now on.
func (r *fakeRecord) answers(answer func(booking.JournalEntry) *booking.RecordError) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = answer
}

func (r *fakeRecord) always(t *booking.RecordError) {
	r.answers(func(booking.JournalEntry) *booking.RecordError { return t })
}

// down makes every request fail alike; nil ends it.
func (r *fakeRecord) down(t *booking.RecordError) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if t == nil {
		r.answer, r.refresh, r.probe = nil, nil, nil
		return
	}
	r.answer = func(booking.JournalEntry) *booking.RecordError { return t }
	r.refresh = func(context.Context) *booking.RecordError { return t }
	r.probe = r.refresh
}

func (r *fakeRecord) setBefore(before func(context.Context, []booking.JournalEntry)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.before = before
}

func (r *fakeRecord) row(id string) (booking.Booking, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	b, ok := r.rows[id]
	return b, ok
}

// history returns the writes that took effect, in order.
func (r *fakeRecord) history() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return strings.Join(r.wrote, " ")
}

// counted returns the number of writes, refreshes and probes.
func (r *fakeRecord) counted() (writes, refreshes, probes int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.requests, r.refreshes, r.probes
}

// systemClock is the clock of the bubble.
type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }

// testWords makes one message for each revision that was written.
type testWords struct{}

func (testWords) Landed(e booking.JournalEntry, _ time.Time) (booking.Message, bool) {
	return booking.Message{Kind: booking.MessageBooked, To: e.Booking.Phone, Lang: e.Booking.Lang, Booking: e.Booking.ID,
		Text: fmt.Sprintf("%s %s %s %s", e.Booking.Status, e.Booking.Time, e.Booking.Zone, strings.Join(e.Booking.Tables, "+")),
		Key:  fmt.Sprintf("landed/%s/%d", e.ID, e.Rev)}, true
}

func (testWords) NotDone(e booking.JournalEntry, _ time.Time) (booking.Message, bool) {
	return booking.Message{Kind: booking.MessageCall, To: e.Booking.Phone, Lang: e.Booking.Lang, Booking: e.Booking.ID,
		Text: "not done", Key: fmt.Sprintf("not done/%s/%d", e.ID, e.Rev)}, true
}

// mirrorLedger is the mirror as a ledger that is always up to date.
type mirrorLedger struct{ *store.Mirror }

func (mirrorLedger) Freshen(context.Context, booking.Date, booking.Freshness) error { return nil }

// fixture is a worker and a desk on a real data file.
type fixture struct {
	*retry.Worker
	t       testing.TB
	record  *fakeRecord
	file    *store.File
	journal *store.Journal
	mirror  *store.Mirror
	outbox  *store.Outbox
	breaker *retry.Breaker
	config  retry.Config
	desk    *booking.Desk
	next    int
	newID   func(time.Time) string
}

type fixtureOption func(*retry.Config, *store.Options)

// open returns a fixture on a new data file.
func open(t testing.TB, options ...fixtureOption) *fixture {
	t.Helper()
	return openOn(t, filepath.Join(t.TempDir(), "maitre.db"), newFakeRecord(), options...)
}

func openOn(t testing.TB, path string, r *fakeRecord, options ...fixtureOption) *fixture {
	t.Helper()
	c := retry.Config{Record: r, Words: testWords{}, Clock: systemClock{}, Jitter: highest}
	o := store.Options{Slug: "prueba"}
	for _, option := range options {
		option(&c, &o)
	}
	file, err := store.Open(context.Background(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	s := &fixture{t: t, record: r, file: file, journal: file.Journal(), mirror: file.Mirror(), outbox: file.Outbox(), newID: store.NewIDs()}
	if c.Journal == nil {
		c.Journal = s.journal
	}
	if c.Breaker == nil {
		c.Breaker = retry.NewBreaker("Airtable", retry.BreakerOptions{After: 3, Jitter: highest})
	}
	s.breaker = c.Breaker
	restaurant := smallRestaurant()
	if _, err := restaurant.Check(); err != nil {
		t.Fatal(err)
	}
	desk := booking.Config{
		Restaurant: restaurant, Ledger: mirrorLedger{s.mirror}, Locks: store.NewDateLocks(), Clock: systemClock{},
		Patience: time.Second, NewID: s.newID, NewCode: store.NewCode,
	}
	rechecker := booking.NewRechecker(desk, s.journal.Accept)
	if blind, is := c.Rechecker.(*blindRechecker); is {
		blind.Rechecker = rechecker
	} else {
		c.Rechecker = rechecker
	}
	s.config = c
	s.Worker = retry.New(c)
	desk.Journal = s.Worker
	s.desk = booking.NewDesk(desk)
	return s
}

// run lets the worker run until the test or stop ends it.
func (s *fixture) run() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.Run(ctx)
	}()
	stop = func() { cancel(); <-done }
	s.t.Cleanup(stop)
	return stop
}

// service is a day on which the small restaurant is open: the bubble's clock begins on
// 1 January 2000.
var service = booking.NewDate(2000, 1, 20)

// draft is a booking as a desk would make it.
func (s *fixture) draft(tables ...string) booking.Booking {
	s.next++
	now := time.Now()
	id := s.newID(now)
	start := time.Date(2000, 1, 20, 20, 0, 0, 0, time.UTC)
	return booking.Booking{
		ID: id, Code: "C" + id, Name: "Ana", Phone: booking.Phone(fmt.Sprintf("+346000%05d", s.next)),
		Date: service, Time: 21 * 60, Party: 2, Start: start, End: start.Add(90 * time.Minute), Service: "dinner", Tables: tables, Zone: "interior",
		Status: booking.Confirmed, Channel: booking.ByPhone, Lang: booking.Spanish, Created: now.UTC(), Updated: now.UTC(),
	}
}

// accept accepts a booking and returns its entry's ID.
func (s *fixture) accept(b booking.Booking, was *booking.Booking) string {
	s.t.Helper()
	if _, err := s.Accept(context.Background(), booking.Entry{Booking: b, Was: was}); err != nil {
		s.t.Fatal(err)
	}
	id, _ := s.journal.Waiting(b.ID)
	return id
}

// await waits for a booking as a guest does.
func (s *fixture) await(id string, budget time.Duration) booking.SyncState {
	ctx, cancel := context.WithTimeout(context.Background(), budget)
	defer cancel()
	return s.Await(ctx, id)
}

// submit accepts a booking and waits for it.
func (s *fixture) submit(b booking.Booking, was *booking.Booking) booking.SyncState {
	s.t.Helper()
	s.accept(b, was)
	return s.await(b.ID, time.Second)
}

func (s *fixture) entries() []booking.JournalEntry {
	s.t.Helper()
	all, err := s.journal.List(context.Background(), 100_000)
	if err != nil {
		s.t.Fatal(err)
	}
	return all
}

// held returns the tables that are taken or held on a day, sorted.
func (s *fixture) held(date booking.Date) []string {
	s.t.Helper()
	day, err := s.mirror.Day(context.Background(), date)
	if err != nil {
		s.t.Fatal(err)
	}
	var tables []string
	for _, b := range slices.Concat(day.Bookings, day.Held) {
		if b.Live() {
			tables = append(tables, b.Tables...)
		}
	}
	slices.Sort(tables)
	return slices.Compact(tables)
}

// ended returns the archived entries, newest first.
func (s *fixture) ended() []store.Archived {
	s.t.Helper()
	all, err := s.journal.Archived(context.Background(), 1000)
	if err != nil {
		s.t.Fatal(err)
	}
	return all
}

func (s *fixture) entry(id string) booking.JournalEntry {
	s.t.Helper()
	e, err := s.journal.Get(context.Background(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	return e
}

// messages returns the texts of the messages in the outbox, oldest first.
func (s *fixture) messages() []string {
	s.t.Helper()
	all, err := s.outbox.List(context.Background(), "", 1000)
	if err != nil {
		s.t.Fatal(err)
	}
	texts := []string{}
	for _, m := range slices.Backward(all) {
		texts = append(texts, m.Text)
	}
	return texts
}

// bubble runs a test on faked time.
func bubble(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, test)
}

var (
	unreachable = &booking.RecordError{Kind: booking.Unreachable, Text: "no connection"}
	hung        = &booking.RecordError{Kind: booking.UnknownOutcome, Text: "no answer, and it may have been written"}
)

func text(s string) booking.Text { return booking.Text{booking.Spanish: s, booking.English: s} }

// smallRestaurant has two tables for two and one for four inside, and one for four on
// the terrace.
func smallRestaurant() *booking.Restaurant {
	madrid, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		panic(err)
	}
	everyDay := []time.Weekday{0, 1, 2, 3, 4, 5, 6}
	return &booking.Restaurant{
		Slug: "prueba", Name: "Casa Prueba", Phone: "+34941000000",
		Languages: []booking.Lang{booking.Spanish, booking.English}, Location: madrid,
		Services: []booking.Service{{ID: "dinner", Name: text("cena"), Days: everyDay, First: 20*60 + 30, Last: 23 * 60,
			KitchenCloses: 23*60 + 30, RoomCloses: 25 * 60, Notice: time.Hour}},
		Turns: []booking.Turn{{UpTo: 2, Stay: 90 * time.Minute}, {UpTo: 20, Stay: 2 * time.Hour}},
		Step:  15, Horizon: 120, PartyLimit: 8,
		Zones: []booking.Zone{{ID: "interior", Name: text("interior")}, {ID: "terraza", Name: text("terraza")}},
		Tables: []booking.Table{
			{ID: "I1", Zone: "interior", Min: 1, Max: 2, Priority: 1, Access: booking.Online},
			{ID: "I2", Zone: "interior", Min: 1, Max: 2, Priority: 2, Access: booking.Online},
			{ID: "I3", Zone: "interior", Min: 3, Max: 4, Priority: 1, Access: booking.Online},
			{ID: "T1", Zone: "terraza", Min: 2, Max: 4, Priority: 3, Access: booking.Online},
		},
		Combinations: []booking.Combination{{Tables: []string{"I1", "I2"}, Min: 3, Max: 4, Priority: 1}},
	}
}
