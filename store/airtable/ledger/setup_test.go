package ledger_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nyaruka/phonenumbers"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"maitre/booking"
	"maitre/store"
	"maitre/store/airtable"
	"maitre/store/airtable/airtabletest"
	"maitre/store/airtable/ledger"
	"maitre/store/airtable/mapping"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type fields = map[string]any

var madrid = func() *time.Location {
	loc, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		panic(err)
	}
	return loc
}()

// monday is when the tests begin: Monday 23 November 2026, 13:00 in Madrid.
var monday = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func on(day string) booking.Date {
	d, err := booking.ParseDate(day)
	if err != nil {
		panic(err)
	}
	return d
}

// The days that the tests speak of.
var (
	friday   = on("2026-11-27")
	saturday = on("2026-11-28")
	sunday   = on("2026-11-29")
)

func text(s string) booking.Text { return booking.Text{booking.Spanish: s} }

var everyDay = []time.Weekday{0, 1, 2, 3, 4, 5, 6}

// testRestaurant is a small one: four tables for two to four, of which two can be joined.
func testRestaurant() *booking.Restaurant {
	return &booking.Restaurant{
		Slug: "casa", Name: "Casa", Languages: []booking.Lang{booking.Spanish}, Location: madrid,
		Services: []booking.Service{
			{ID: "lunch", Name: text("comida"), Days: everyDay, First: booking.NewTimeOfDay(13, 0), Last: booking.NewTimeOfDay(15, 30),
				KitchenCloses: booking.NewTimeOfDay(16, 0), RoomCloses: booking.NewTimeOfDay(18, 0)},
			{ID: "dinner", Name: text("cena"), Days: everyDay, First: booking.NewTimeOfDay(20, 30), Last: booking.NewTimeOfDay(23, 0),
				KitchenCloses: booking.NewTimeOfDay(23, 30), RoomCloses: booking.NewTimeOfDay(25, 0)},
		},
		Turns: []booking.Turn{{UpTo: 20, Stay: 2 * time.Hour}}, Step: 30, Horizon: 20, PartyLimit: 8,
		Zones: []booking.Zone{{ID: "interior", Name: text("interior")}, {ID: "terraza", Name: text("terraza")}},
		Tables: []booking.Table{
			{ID: "I1", Zone: "interior", Min: 1, Max: 4, Priority: 1, Access: booking.Online}, {ID: "I2", Zone: "interior", Min: 1, Max: 4, Priority: 2, Access: booking.Online},
			{ID: "T1", Zone: "terraza", Min: 1, Max: 4, Priority: 3, Access: booking.Online}, {ID: "T2", Zone: "terraza", Min: 1, Max: 4, Priority: 4, Access: booking.Online},
		},
		Combinations: []booking.Combination{{Tables: []string{"I1", "I2"}, Min: 5, Max: 8, Priority: 1}},
	}
}

type spanish struct{}

func (spanish) Parse(s string) (booking.Phone, error) {
	n, err := phonenumbers.Parse(s, "ES")
	if err != nil || !phonenumbers.IsValidNumber(n) {
		return "", errors.New("no such phone number")
	}
	return booking.Phone(phonenumbers.Format(n, phonenumbers.E164)), nil
}

// clock is the one clock of a test: ledger, data file, desk and Airtable.
type clock struct {
	bubble bool // the time is synctest's

	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	if c.bubble {
		return time.Now()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	if c.bubble {
		time.Sleep(d)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// gate is a transport to Airtable in which a test can hold up requests.
type gate struct {
	under http.RoundTripper

	mu     sync.Mutex
	before func(*http.Request) // called before a request is sent
	after  func(*http.Request) // called when its answer is there, which nobody has seen yet
}

func (g *gate) RoundTrip(r *http.Request) (*http.Response, error) {
	g.mu.Lock()
	before, after := g.before, g.after
	g.mu.Unlock()
	if before != nil {
		before(r)
	}
	resp, err := g.under.RoundTrip(r)
	if after != nil {
		after(r)
	}
	return resp, err
}

// set says what is to happen to requests from now on.
func (g *gate) set(before, after func(*http.Request)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.before, g.after = before, after
}

// holdAnswer holds up the next answer for which is true: it closes there when the
// answer has come, and hands it out when go on is called.
func (g *gate) holdAnswer(which func(*http.Request) bool) (there <-chan struct{}, goOn func()) {
	came, wait := make(chan struct{}), make(chan struct{})
	var held atomic.Bool
	g.set(nil, func(r *http.Request) {
		if which(r) && held.CompareAndSwap(false, true) {
			close(came)
			<-wait
		}
	})
	return came, func() { g.set(nil, nil); close(wait) }
}

func isPayloads(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/payloads") }

func isBookings(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.Contains(r.URL.RawQuery, "filterByFormula")
}

// fixture is a desk with its ledger in an Airtable base.
type fixture struct {
	t       testing.TB
	srv     *airtabletest.Server
	clock   *clock
	gate    *gate
	path    string
	options options

	file    *store.File
	client  *airtable.Client
	ledger  *ledger.Ledger
	mirror  *store.Mirror
	journal *store.Journal
	desk    *booking.Desk
	reg     *prometheus.Registry
	newID   func(time.Time) string
	closed  bool
	copies  bool // the staff copied rows
	looks   int  // readings of rows before they were written
}

// options say how a fixture differs from the usual one.
type options struct {
	server     airtabletest.Options
	names      mapping.Names
	config     func(*ledger.Config)
	client     func(*airtable.Config)
	restaurant *booking.Restaurant // nil: the small one
	noTable    bool                // the tables' table stays empty
	cold       bool                // not started
	log        *slog.Logger
}

func open(t testing.TB, h options) *fixture {
	t.Helper()
	c := &clock{now: monday}
	if h.server.Clock == nil {
		h.server.Clock = c.Now
	}
	if h.server.RatePerBase == 0 {
		h.server.RatePerBase, h.server.RatePerUser = airtabletest.Unlimited, airtabletest.Unlimited
	}
	srv := airtabletest.Start(t, h.server)
	transport := &http.Transport{MaxIdleConnsPerHost: 8}
	t.Cleanup(transport.CloseIdleConnections)
	return fixtureOn(t, h, srv, c, transport, filepath.Join(t.TempDir(), "maitre.db"))
}

func fixtureOn(t testing.TB, h options, srv *airtabletest.Server, c *clock, under http.RoundTripper, path string) *fixture {
	t.Helper()
	r := &fixture{t: t, srv: srv, clock: c, gate: &gate{under: under}, path: path, options: h, newID: store.NewIDs()}
	if r.options.restaurant == nil {
		r.options.restaurant = testRestaurant()
	}
	if !h.noTable {
		for _, table := range r.options.restaurant.Tables {
			_, err := srv.Staff().Create("Mesas", fields{"ID Mesa": table.ID, "Capacidad": table.Max, "Capacidad Mínima": table.Min,
				"Prioridad": table.Priority, "Disponible": true, "Ubicación": table.Zone})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	r.start()
	t.Cleanup(r.stop)
	if !h.cold {
		r.ledger.Start(t.Context())
	}
	return r
}

// start starts the program.
func (r *fixture) start() {
	r.t.Helper()
	var err error
	if r.file, err = store.Open(context.Background(), r.path, store.Options{Slug: "casa", Now: r.clock.Now}); err != nil {
		r.t.Fatal(err)
	}
	cfg := airtable.Config{Endpoint: r.srv.URL(), Token: airtable.Token(r.srv.Token()), BaseID: r.srv.BaseID(), Transport: r.gate, RewriteAfter: -1, Pace: 100_000, Penalty: time.Millisecond}
	if r.options.client != nil {
		r.options.client(&cfg)
	}
	if r.client, err = airtable.New(cfg); err != nil {
		r.t.Fatal(err)
	}
	r.mirror, r.journal, r.reg = r.file.Mirror(), r.file.Journal(), prometheus.NewRegistry()
	if _, err := r.mirror.Bind(context.Background(), r.srv.BaseID(), r.clock.Now()); err != nil {
		r.t.Fatal(err)
	}
	config := ledger.Config{
		Client: r.client, Mapper: mapping.New(r.options.names, r.options.restaurant, spanish{}), Restaurant: r.options.restaurant, Mirror: r.mirror,
		Now: r.clock.Now, Registerer: r.reg, Log: cmp.Or(r.options.log, slog.New(slog.DiscardHandler)), Patience: 10 * time.Second, MarkPause: time.Nanosecond,
	}
	if r.options.config != nil {
		r.options.config(&config)
	}
	if r.ledger, err = ledger.New(context.Background(), config); err != nil {
		r.t.Fatal(err)
	}
	r.desk = booking.NewDesk(booking.Config{
		Restaurant: r.options.restaurant, Ledger: r.ledger, Journal: r.ledger.Noting(clerk{r}), Answers: r.ledger, Locks: store.NewDateLocks(),
		Clock: r.clock, NewID: r.newID, NewCode: store.NewCode,
	})
	r.closed = false
}

// stop stops the program.
func (r *fixture) stop() {
	if r.closed {
		return
	}
	r.closed = true
	r.ledger.Close()
	r.client.Close()
	if err := r.file.Close(); err != nil {
		r.t.Error(err)
	}
}

func (r *fixture) restart() {
	r.t.Helper()
	r.stop()
	r.start()
}

// clerk is the desk's journal, without a worker: write does its work.
type clerk struct{ fixture *fixture }

func (c clerk) Accept(ctx context.Context, e booking.Entry) (booking.SyncState, error) {
	_, err := c.fixture.journal.Accept(ctx, e, c.fixture.clock.Now())
	return booking.Pending, err
}

func (c clerk) Await(_ context.Context, id string) booking.SyncState { return c.SyncState(id) }

func (c clerk) SyncState(id string) booking.SyncState {
	if _, waits := c.fixture.journal.Waiting(id); waits {
		return booking.Pending
	}
	return booking.Written
}

// write writes what waits, once, and returns the errors of what was not written.
func (r *fixture) write() (failed []*booking.RecordError) {
	r.t.Helper()
	ctx := context.Background()
	due, err := r.journal.Due(ctx, r.clock.Now(), 100)
	if err != nil {
		r.t.Fatal(err)
	}
	due, failed = r.merge(ctx, due)
	for i, o := range r.ledger.Write(ctx, true, due) {
		e, now := due[i], r.clock.Now()
		switch {
		case o.Err == nil:
			stands := e.Booking
			if o.ReadBack != nil {
				stands = *o.ReadBack
			}
			_, err = r.journal.Done(ctx, e.ID, e.Rev, stands, o.Record, now)
		case o.Err.Kind == booking.Permanent:
			_, err = r.journal.Park(ctx, e.ID, e.Rev, booking.Parked{At: now, Cause: o.Err.Cause}, nil)
		default:
			_, err = r.journal.Failed(ctx, e.ID, e.Rev, booking.Attempt{At: now}, now, false)
		}
		if err != nil {
			r.t.Fatal(err)
		}
		if o.Err != nil {
			failed = append(failed, o.Err)
		}
	}
	return failed
}

// clashed is the error of an entry that clashes with what the staff did.
const clashed booking.RecordErrorKind = "clashed"

// merge does with the rows of entries what the worker does before it writes, and
// returns those that are to be written.
func (r *fixture) merge(ctx context.Context, due []booking.JournalEntry) (left []booking.JournalEntry, failed []*booking.RecordError) {
	r.t.Helper()
	// As the worker does: of what is new and was never attempted, nobody can have a row.
	due = slices.DeleteFunc(due, func(e booking.JournalEntry) bool {
		fresh := e.Rev == 1 && e.Was == nil && e.Tried == 0
		if fresh {
			left = append(left, e)
		}
		return fresh
	})
	if len(due) == 0 {
		return left, nil
	}
	r.looks++
	rows, t := r.ledger.Rows(ctx, true, due)
	if t != nil {
		for range due {
			failed = append(failed, t)
		}
		return nil, failed
	}
	for i, e := range due {
		var err error
		read, now := rows[i], r.clock.Now()
		merged, clashes := booking.Merge(e, read.Row)
		wanted := e
		wanted.Booking = merged
		switch {
		case read.Err != nil:
			failed = append(failed, read.Err)
			_, err = r.journal.Park(ctx, e.ID, e.Rev, booking.Parked{At: now, Cause: read.Err.Cause}, nil)
		case len(clashes) > 0:
			failed = append(failed, &booking.RecordError{Kind: clashed, Text: fmt.Sprint(clashes)})
			_, err = r.journal.Park(ctx, e.ID, e.Rev, booking.Parked{At: now, Cause: booking.ParkedConflict, Row: &read.Row}, nil)
		case read.Row.Missing() && !wanted.NeedsRow():
			_, err = r.journal.Done(ctx, e.ID, e.Rev, merged, "", now)
		case read.Row.Missing():
			left = append(left, e)
		default:
			if e, err = r.journal.Rebase(ctx, e.ID, e.Rev, read.Row, merged); err == nil {
				left = append(left, e)
			}
		}
		if err != nil {
			r.t.Fatal(err)
		}
		r.ledger.Touch(e.Booking.Date, merged.Date)
	}
	return left, failed
}

// insist has a person say that all that is parked shall be written all the same.
func (r *fixture) insist() {
	r.t.Helper()
	if _, err := r.journal.Release(context.Background(), r.clock.Now(), true, func(booking.JournalEntry) bool { return true }); err != nil {
		r.t.Fatal(err)
	}
}

// mustWrite is write when nothing may go wrong.
func (r *fixture) mustWrite() {
	r.t.Helper()
	for _, t := range r.write() {
		r.t.Fatal(t)
	}
}

// row has the staff type a row; Fecha de Reserva and Hora are made of at.
func (r *fixture) row(at string, more fields) string {
	r.t.Helper()
	row := when(at)
	maps.Copy(row, more)
	made, err := r.srv.Staff().Create("Reservas", row)
	if err != nil {
		r.t.Fatal(err)
	}
	return made.ID
}

// when makes the two cells of "2026-11-27 21:00".
func when(at string) fields {
	instant, err := time.ParseInLocation("2006-01-02 15:04", at, madrid)
	if err != nil {
		panic(err)
	}
	return fields{"Fecha de Reserva": at[:10], "Hora": instant}
}

func (r *fixture) edit(id string, cells fields) {
	r.t.Helper()
	if _, err := r.srv.Staff().Update("Reservas", id, cells); err != nil {
		r.t.Fatal(err)
	}
}

func (r *fixture) remove(ids ...string) {
	r.t.Helper()
	if err := r.srv.Staff().Delete("Reservas", ids...); err != nil {
		r.t.Fatal(err)
	}
}

var guest = booking.Caller{Channel: booking.ByPhone, Phone: "+34612345678", Lang: booking.Spanish}

// reserve has a guest book a table for dinner at nine.
func (r *fixture) reserve(date booking.Date, party int) booking.Booking {
	r.t.Helper()
	made, err := r.desk.Book(r.t.Context(), booking.Request{Caller: r.caller(), Date: date, Time: booking.NewTimeOfDay(21, 0), Party: party, Name: "Ana"})
	if err != nil {
		r.t.Fatal(err)
	}
	return made.Booking
}

// caller is another guest each time.
func (r *fixture) caller() booking.Caller {
	c := guest
	c.CallID = r.newID(monday)
	c.Phone = booking.Phone("+346" + fmt.Sprintf("%08d", callers.next()))
	return c
}

var callers counter

type counter struct {
	mu sync.Mutex
	n  int
}

func (c *counter) next() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	return 10_000_000 + c.n
}

// free is how many parties of four could be seated at nine, by what guests are
// told: it asks for the zones, and the day for what is held.
func (r *fixture) free(date booking.Date) []string {
	r.t.Helper()
	slots, err := r.desk.Availability(r.t.Context(), booking.Query{Caller: guest, Date: date, Party: 4})
	if err != nil {
		r.t.Fatal(err)
	}
	for _, s := range slots {
		if s.Time == booking.NewTimeOfDay(21, 0) {
			return s.Zones
		}
	}
	r.t.Fatal("no slot at nine")
	return nil
}

// day tells what the desk knows of a date: "21:00 I1 Ana, …", of what is live.
func (r *fixture) day(date booking.Date) string {
	r.t.Helper()
	return brief(r.bookings(date))
}

func (r *fixture) bookings(date booking.Date) []booking.Booking {
	r.t.Helper()
	day, err := r.ledger.Day(context.Background(), date)
	if err != nil {
		r.t.Fatal(err)
	}
	return day.Bookings
}

func brief(all []booking.Booking) string {
	var said []string
	for _, b := range all {
		if b.Live() {
			said = append(said, fmt.Sprintf("%s %s %s", b.Time, strings.Join(b.Tables, "+"), b.Name))
		}
	}
	slices.Sort(said)
	return strings.Join(said, ", ")
}

func (r *fixture) wantDay(date booking.Date, want string) {
	r.t.Helper()
	if got := r.day(date); got != want {
		r.t.Errorf("%s: the desk knows of %q, want %q", date, got, want)
	}
}

func (r *fixture) wantFree(date booking.Date, want ...string) {
	r.t.Helper()
	if got := r.free(date); !slices.Equal(got, want) {
		r.t.Errorf("%s at nine: free in %v, want %v", date, got, want)
	}
}

// asked is how many requests Airtable had while f ran.
func (r *fixture) asked(f func(), ops ...airtabletest.Op) int {
	r.t.Helper()
	before := r.srv.Count(ops...)
	f()
	return r.srv.Count(ops...) - before
}

// wantAsked fails unless f made so many requests.
func (r *fixture) wantAsked(want int, f func(), ops ...airtabletest.Op) {
	r.t.Helper()
	if got := r.asked(f, ops...); got != want {
		r.t.Errorf("%d requests, want %d: %s", got, want, r.lately(got))
	}
}

func (r *fixture) lately(n int) string {
	all := r.srv.Requests()
	var said []string
	for _, one := range all[max(0, len(all)-n):] {
		said = append(said, fmt.Sprint(one.Op, " ", one.Table, " ", one.Status))
	}
	return strings.Join(said, "; ")
}

func (r *fixture) follow() {
	r.t.Helper()
	r.ledger.Follow(context.Background())
}

// counted is a cache counter's value.
func (r *fixture) counted(kind, result string) int {
	r.t.Helper()
	families, err := r.reg.Gather()
	if err != nil {
		r.t.Fatal(err)
	}
	for _, family := range families {
		if family.GetName() != "maitre_cache_requests_total" {
			continue
		}
		for _, m := range family.GetMetric() {
			labels := map[string]string{}
			for _, l := range m.GetLabel() {
				labels[l.GetName()] = l.GetValue()
			}
			if labels["kind"] == kind && labels["result"] == result {
				return int(m.GetCounter().GetValue())
			}
		}
	}
	return 0
}
