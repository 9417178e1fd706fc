package web_test

import (
	"context"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"maitre/booking"
	"maitre/retry"
	"maitre/store"
	"maitre/web"
)

// staffSite is a site whose system of record is a base: bookings wait in a real
// journal until the base takes them.
type staffSite struct {
	*deskSite
	worker *retry.Worker
	base   *base
	// written and failed receive the IDs of entries that were written and that were not.
	written, failed chan string
}

// base is the system of record of a test: it takes everything, or says why not.
type base struct {
	mu   sync.Mutex
	err  *booking.RecordError
	down bool                   // as far as is known to the checks
	rows map[string]booking.Row // by booking ID: what it took
}

// says sets the error of the base from now on; nil: it takes everything.
func (b *base) says(err *booking.RecordError) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.err = err
}

// isDown sets whether the checks report that it does not answer.
func (b *base) isDown(down bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.down = down
}

func (b *base) check() web.Check {
	b.mu.Lock()
	defer b.mu.Unlock()
	return web.Check{Name: "system_of_record", Optional: true, OK: !b.down}
}

// Write implements retry.Record.
func (b *base) Write(_ context.Context, _ bool, entries []booking.JournalEntry) []booking.WriteResult {
	b.mu.Lock()
	defer b.mu.Unlock()
	results := make([]booking.WriteResult, len(entries))
	for i, e := range entries {
		if b.err != nil {
			results[i].Err = b.err
			continue
		}
		row := booking.Row{Booking: e.Booking, Record: "rec" + e.Booking.ID}
		b.rows[e.Booking.ID], results[i].Record = row, row.Record
	}
	return results
}

// Rows implements retry.Record: what was written has a row that says so.
func (b *base) Rows(_ context.Context, _ bool, entries []booking.JournalEntry) ([]booking.RowRead, *booking.RecordError) {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := make([]booking.RowRead, len(entries))
	for i, e := range entries {
		all[i].Row = b.rows[e.Booking.ID]
	}
	return all, nil
}

// Refresh implements retry.Record.
func (b *base) Refresh(context.Context, []booking.Date) *booking.RecordError { return nil }

// Reconsider implements retry.Record.
func (b *base) Reconsider() {}

// Probe implements retry.Record.
func (b *base) Probe(context.Context) *booking.RecordError { return nil }

// Waits implements retry.Observer.
func (s *staffSite) Waits(_ context.Context, e booking.JournalEntry, _ *booking.RecordError) {
	s.failed <- e.ID
}

// Landed implements retry.Observer.
func (s *staffSite) Landed(_ context.Context, e booking.JournalEntry) { s.written <- e.ID }

// mirror is the mirror as a ledger that nobody need bring up to date.
type mirror struct{ *store.Mirror }

func (mirror) Freshen(context.Context, booking.Date, booking.Freshness) error { return nil }

// openStaffSite opens a staffSite; change may alter the site.
func openStaffSite(t *testing.T, change ...func(*web.Config)) *staffSite {
	t.Helper()
	s := &staffSite{base: &base{rows: map[string]booking.Row{}}, written: make(chan string, 64), failed: make(chan string, 64)}
	s.deskSite = openDeskSite(t, true, func(rec *deskSite, desk *booking.Config, site *web.Config) {
		desk.Ledger, desk.Patience = mirror{rec.file.Mirror()}, time.Minute
		s.worker = retry.New(retry.Config{
			Journal: rec.file.Journal(), Record: s.base, Breaker: retry.NewBreaker("Airtable", retry.BreakerOptions{After: 100}), Observer: s,
			Rechecker: booking.NewRechecker(*desk, rec.file.Journal().Accept), Clock: noon{}, Log: site.Log,
		})
		desk.Journal = s.worker
		site.Journal, site.Airtable = s.worker, true
		site.Ready = func(context.Context) []web.Check { return []web.Check{{Name: "data_file", OK: true}, s.base.check()} }
		for _, f := range change {
			f(site)
		}
	})
	ctx, stop := context.WithCancel(context.Background())
	var runs sync.WaitGroup
	runs.Go(func() { s.worker.Run(ctx) })
	t.Cleanup(func() { stop(); runs.Wait() })
	return s
}

// The ways in which a base fails a booking.
var (
	unreachable = &booking.RecordError{Kind: booking.Unreachable, Text: "airtable: no connection"}
	locked      = &booking.RecordError{Kind: booking.Permanent, Cause: booking.ParkedAccess, Text: "401: not let in", Fix: "Make a new token."}
)

// waits books a table that the base does not take, and returns its entry.
func (s *staffSite) waits(t *testing.T, why *booking.RecordError, o object) booking.JournalEntry {
	t.Helper()
	s.base.says(why)
	got, a := s.book(t, o)
	if got.status != http.StatusAccepted {
		t.Fatalf("%d %s", got.status, got.body)
	}
	for _, e := range s.entries(t) {
		if e.Booking.Code == a.Booking.Code {
			until(s.failed, e.ID)
			return e
		}
	}
	t.Fatalf("%s is not in the journal", a.Booking.Code)
	return booking.JournalEntry{}
}

// until waits for an entry's ID on a channel.
func until(ids <-chan string, id string) {
	for <-ids != id {
		continue
	}
}

func (s *staffSite) entries(t *testing.T) []booking.JournalEntry {
	t.Helper()
	all, err := s.worker.Entries(t.Context(), 100)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// signed signs in and returns the cookie as a browser sends it.
func (s *site) signed(t *testing.T) string {
	t.Helper()
	return s.signedWith(t, adminPassword)
}

func (s *site) signedWith(t *testing.T, password string) string {
	t.Helper()
	got := s.submit(t, "/admin/entrar", url.Values{"password": {password}})
	cookie, _, _ := strings.Cut(got.header.Get("Set-Cookie"), ";")
	if got.status != http.StatusSeeOther || !strings.HasPrefix(cookie, "maitre_staff=") {
		t.Fatalf("sign in: %d %v %s", got.status, got.header, got.body)
	}
	return cookie
}

// plain is a page's text as it is read, without its tags.
func (r reply) plain() string {
	return strings.Join(strings.Fields(html.UnescapeString(tag.ReplaceAllString(r.body, " "))), " ")
}

var tag = regexp.MustCompile(`<[^>]*>`)
