package ledger_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"text/tabwriter"
	"time"

	"maitre/booking"
	"maitre/store/airtable"
	"maitre/store/airtable/airtabletest"
	"maitre/store/airtable/ledger"
	"maitre/store/cache"
)

var monthDays = flag.Int("days", 5, "how many days of traffic TestMonth replays")

// latency is how long Airtable takes to answer.
const latency = 250 * time.Millisecond

// slow is the way to an Airtable that takes its time.
type slow struct{ memory }

func (s slow) RoundTrip(r *http.Request) (*http.Response, error) {
	time.Sleep(latency)
	return s.memory.RoundTrip(r)
}

// tally is what came of a replay.
type tally struct {
	policy string
	checks int
	hits   int           // answered without waiting
	anew   int           // worked out anew, of them
	reads  int           // requests to answer with: days, tables, schema
	feed   int           // requests for what has changed
	writes int           // and readings of the rows that are to be changed, before each
	oldest time.Duration // of all answers
}

func (c tally) percent() float64 { return 100 * float64(c.hits) / float64(c.checks) }
func (c tally) perMille() float64 {
	return 1000 * float64(c.reads) / float64(c.checks)
}

// trace is what a replay of ours came down to, for the models.
type trace struct {
	at    time.Time
	check booking.Date   // asked for
	wrote []booking.Date // or of which something was written
}

// TestMonth replays a restobar's traffic against Airtable with its limits on, on a
// clock of its own, and holds this package against two simpler policies.
//
//	go test -run TestMonth -v ./store/airtable/ledger -days 30
func TestMonth(t *testing.T) {
	ours, seen := replay(t, *monthDays, "ours", ledger.Config{})
	rows := []tally{
		model("throw the whole table away", seen, func(c *cache.Cache, _ []booking.Date) { c.Invalidate("all") }),
		model("throw the date away", seen, func(c *cache.Cache, dates []booking.Date) {
			for _, date := range dates {
				c.Invalidate(cache.DateTag(date))
			}
		}),
		ours,
	}
	for i := range rows[:2] {
		// They hear of changes as we do, and write what we write.
		rows[i].feed, rows[i].writes, rows[i].oldest = ours.feed, ours.writes, ours.oldest
	}
	t.Logf("%d days:\n%s", *monthDays, table(rows))
	if ours.percent() < 97 {
		t.Errorf("%.1f %% hits, want 97", ours.percent())
	}
	if ours.perMille() >= 30 {
		t.Errorf("%.1f requests for 1 000 checks, want under 30", ours.perMille())
	}
	if ours.oldest > ledger.DefaultMaxAge {
		t.Errorf("an answer was %s old, want %s at most", ours.oldest, ledger.DefaultMaxAge)
	}
}

func table(rows []tally) string {
	var out strings.Builder
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(w, "on each write\tchecks\thits\treads\treads/1 000 checks\tfeed\twrites\toldest answer\t")
	for _, c := range rows {
		_, _ = fmt.Fprintf(w, "%s\t%d\t%.1f %%\t%d\t%.1f\t%d\t%d\t%s\t\n", c.policy, c.checks, c.percent(), c.reads, c.perMille(), c.feed, c.writes, c.oldest.Round(time.Second))
	}
	_ = w.Flush()
	return out.String()
}

// model replays what was seen against a cache of days that is kept by another
// policy: a miss reads the day.
func model(policy string, seen []trace, forget func(*cache.Cache, []booking.Date)) tally {
	count := tally{policy: policy}
	c, err := cache.New(cache.Options{})
	if err != nil {
		panic(err)
	}
	defer c.Close()
	for _, s := range seen {
		if s.wrote != nil {
			forget(c, s.wrote)
			continue
		}
		count.checks++
		count.hits++
		entry := cache.Entry{Key: s.check.String(), Kind: "day", Tags: []cache.Tag{cache.DateTag(s.check), "all"}}
		usable := func(asOf time.Time) bool { return s.at.Sub(asOf) <= ledger.DefaultReread }
		_, err := cache.GetIf(context.Background(), c, entry, usable, func(context.Context) (time.Time, error) {
			count.reads++
			count.hits--
			return s.at, nil
		})
		if err != nil {
			panic(err)
		}
	}
	return count
}

// replay has the real thing go through so many days.
func replay(t *testing.T, days int, policy string, _ ledger.Config) (count tally, seen []trace) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "maitre.db")
	synctest.Test(t, func(t *testing.T) {
		srv := airtabletest.New(airtabletest.Options{})
		defer srv.Close()
		h := options{restaurant: restobar(), cold: true, client: func(c *airtable.Config) { c.Pace, c.RewriteAfter, c.Penalty = 0, 0, 0 }}
		r := fixtureOn(t, h, srv, &clock{bubble: true}, slow{memory{srv}}, path)
		defer r.stop()
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { defer close(ended); r.ledger.Run(ctx) }()
		time.Sleep(5 * time.Second)
		m := &month{r: r}
		r.gate.set(nil, func(req *http.Request) {
			if isPayloads(req) {
				m.notified()
			}
		})
		for _, e := range traffic(7, time.Date(2000, 1, 1, 0, 0, 0, 0, madrid), days) {
			if wait := time.Until(e.at); wait > 0 {
				time.Sleep(wait)
			}
			m.play(e)
		}
		r.follow()
		for date := m.last; date < m.last+3; date++ {
			if wrong := r.compare(date); wrong != "" {
				t.Error(wrong)
			}
		}
		stop()
		<-ended
		count, seen = m.count, m.seen
		count.policy = policy
		count.anew = r.counted("openings", "miss")
		counts, looks := srv.Counts(), r.looks
		// Of the comparison at the end, four requests for each of three days.
		count.reads = counts.Ops[airtabletest.OpList] + counts.Ops[airtabletest.OpSchemaRead] - 9 - looks
		count.feed = counts.Ops[airtabletest.OpPayloads] + counts.Ops[airtabletest.OpWebhook]
		count.writes = counts.Ops[airtabletest.OpUpsert] + looks
		if counts.Statuses[http.StatusTooManyRequests] > 0 {
			t.Errorf("%d times too many requests", counts.Statuses[http.StatusTooManyRequests])
		}
	})
	return count, seen
}

// restobar is a restaurant of forty tables.
func restobar() *booking.Restaurant {
	h := testRestaurant()
	h.Horizon, h.Tables, h.Combinations = 60, nil, nil
	for i := range 40 {
		zone := "interior"
		if i%2 > 0 {
			zone = "terraza"
		}
		h.Tables = append(h.Tables, booking.Table{ID: fmt.Sprint("M", i), Zone: zone, Min: 1, Max: 2 + 2*(i%3), Priority: i, Access: booking.Online})
	}
	return h
}

// month plays events.
type month struct {
	r      *fixture
	count  tally
	guests []booking.Booking
	last   booking.Date

	mu        sync.Mutex
	seen      []trace
	unreached []booking.Date // what the staff wrote, as long as nobody was told
}

func (m *month) saw(s trace) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.seen = append(m.seen, s)
}

func (m *month) wrote(dates ...booking.Date) { m.saw(trace{at: time.Now(), wrote: dates}) }

// typed is what the staff wrote, and heard that we were told of all of it.
func (m *month) typed(date booking.Date) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.unreached = append(m.unreached, date)
}

func (m *month) notified() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.unreached) > 0 {
		m.seen = append(m.seen, trace{at: time.Now(), wrote: m.unreached})
		m.unreached = nil
	}
}

func (m *month) play(e event) {
	r, ctx := m.r, context.Background()
	m.last = e.date
	switch e.what {
	case "ask":
		m.check(e)
	case "book":
		made, err := r.desk.Book(ctx, booking.Request{Caller: r.caller(), Date: e.date, Time: e.time, Party: e.n, Name: "Ana"})
		if err == nil {
			m.guests = append(m.guests, made.Booking)
			m.wrote(e.date)
			r.mustWrite()
		}
	case "change", "cancel":
		if len(m.guests) > 0 {
			m.alter(ctx, e, m.guests[e.n%len(m.guests)])
		}
	default:
		m.staff(e)
	}
}

func (m *month) alter(ctx context.Context, e event, b booking.Booking) {
	var err error
	if e.what == "cancel" {
		_, err = m.r.desk.Cancel(ctx, booking.Cancellation{Who: whoOf(b)})
	} else {
		_, err = m.r.desk.Change(ctx, booking.Change{Who: whoOf(b), Date: &e.date})
	}
	if err == nil {
		m.wrote(b.Date, e.date)
		m.r.mustWrite()
	}
}

func (m *month) check(e event) {
	began := time.Now()
	_, err := m.r.desk.Check(context.Background(), booking.Query{Caller: guest, Date: e.date, Party: e.n}, e.time)
	var refusal *booking.Refusal
	if errors.As(err, &refusal) && refusal.Reason != booking.Full {
		return // closed, past, too far: no day was looked at
	}
	m.count.checks++
	if time.Since(began) == 0 {
		m.count.hits++
	}
	m.count.oldest = max(m.count.oldest, time.Since(m.r.ledger.KnownAsOf(e.date)))
	m.saw(trace{at: began, check: e.date})
}

// staff types, seats, moves and clears tables in Airtable.
func (m *month) staff(e event) {
	r := m.r
	restaurant := r.options.restaurant
	someTable := []string{restaurant.Tables[e.n%len(restaurant.Tables)].ID}
	if e.what == "walk in" || e.what == "type" {
		row := fields{"Nombre del Cliente": "Eva", "Cantidad de Personas": e.n, "Mesa": someTable, "Canal": "Staff"}
		if e.what == "walk in" {
			row["Estado"] = "Sentada"
		}
		r.row(fmt.Sprintf("%s %s", e.date, e.time), row)
		m.typed(e.date)
		return
	}
	today := r.bookings(e.date)
	if len(today) == 0 {
		return
	}
	record, ok, err := r.mirror.Record(context.Background(), today[e.n%len(today)].ID)
	if err != nil || !ok {
		return
	}
	r.edit(record, map[string]fields{"sit": {"Estado": "Sentada"}, "leave": {"Estado": "Completada"}, "move": {"Mesa": someTable}}[e.what])
	m.typed(e.date)
}
