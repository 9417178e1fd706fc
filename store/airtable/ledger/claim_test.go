package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"maitre/booking"
	"maitre/store/airtable/airtabletest"
	"maitre/store/airtable/ledger"
)

// marks are the texts of the rows by which desks say that the base is theirs.
func (r *fixture) marks() (all []string) {
	for _, rec := range r.srv.Records("Mesas") {
		if id := fmt.Sprint(rec.Fields["ID Mesa"]); strings.HasPrefix(id, "maitre") {
			all = append(all, id)
		}
	}
	return all
}

func (r *fixture) markRow() string {
	r.t.Helper()
	for _, rec := range r.srv.Records("Mesas") {
		if strings.HasPrefix(fmt.Sprint(rec.Fields["ID Mesa"]), "maitre") {
			return rec.ID
		}
	}
	r.t.Fatal("the base has no mark")
	return ""
}

// beside is a fixture on the same base with a data file of its own, not started.
func (r *fixture) beside(path string) *fixture {
	r.t.Helper()
	transport := &http.Transport{MaxIdleConnsPerHost: 8}
	r.t.Cleanup(transport.CloseIdleConnections)
	h := r.options
	h.cold, h.noTable = true, true
	return fixtureOn(r.t, h, r.srv, r.clock, transport, path)
}

func (r *fixture) wantAnother(host string) {
	r.t.Helper()
	var other *ledger.OtherDeskError
	if err := r.ledger.Hold(r.t.Context()); !errors.As(err, &other) || other.Host != host || other.Since != "2026-11-23 13:00" {
		r.t.Errorf("hold: %v, want that the base is another's", err)
	}
	for _, t := range r.write() {
		if t.Kind != booking.Interrupted {
			r.t.Errorf("a write that may not be: %v", t)
		}
	}
}

func onHost(host string) func(*ledger.Config) { return func(c *ledger.Config) { c.Host = host } }

func copyFile(t *testing.T, from string) string {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "maitre.db")
	if err := os.WriteFile(to, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return to
}

func TestAnotherDeskIsNoticed(t *testing.T) {
	t.Parallel()
	told := 0
	r := open(t, options{config: onHost("caja · 1")})
	if all := r.marks(); len(all) != 1 || !strings.HasPrefix(all[0], "maitre · caja - 1 · desde 2026-11-23 13:00 · ") {
		t.Errorf("marks: %q", all)
	}
	before := r.srv.Count(airtabletest.Writes()...)
	second := r.beside(filepath.Join(t.TempDir(), "maitre.db"))
	second.options.config = func(c *ledger.Config) {
		c.OnLost = func(*ledger.OtherDeskError) { told++ }
	}
	second.restart()
	second.ledger.Start(t.Context())
	second.wantAnother("caja - 1")
	if n := r.srv.Count(airtabletest.Writes()...) - before; n != 0 || told != 1 || second.ledger.Followed() {
		t.Errorf("the second wrote %d times, and told %d times; follows changes: %t", n, told, second.ledger.Followed())
	}
	r.reserve(friday, 2)
	r.mustWrite()
}

// A desk knows its mark whatever it was killed in, and a copy of its file is another desk.
func TestADeskKnowsItsMarkAndACopyDoesNot(t *testing.T) {
	t.Parallel()
	r := open(t, options{})
	for round := range 12 {
		fault := airtabletest.Fault{Table: "Mesas", Ops: airtabletest.Writes(), Drop: true, After: round%2 == 0}
		lift := r.srv.Inject(fault)
		r.restart()
		r.ledger.Start(t.Context())
		if round%3 == 0 {
			if err := r.srv.Staff().Delete("Mesas", r.markRow()); err != nil {
				t.Fatal(err)
			}
		}
		lift()
		r.restart()
		if err := r.ledger.Hold(t.Context()); err != nil || len(r.marks()) != 1 {
			t.Fatalf("round %d: %v; marks %q", round, err, r.marks())
		}
	}
	r.stop()
	copied := copyFile(t, r.path)
	r.start()
	if err := r.ledger.Hold(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.beside(copied).wantAnother("?")
}

// Of two that begin at once the one whose row is the older goes on.
func TestOfTwoThatBeginAtOnceOneGoesOn(t *testing.T) {
	t.Parallel()
	for range 3 {
		// The rows are made in real time, which Airtable counts in seconds.
		h := options{cold: true, config: func(c *ledger.Config) { c.MarkPause = 1100 * time.Millisecond }}
		h.server.Clock = func() time.Time { return time.Now().Truncate(time.Second) }
		r := open(t, h)
		second := r.beside(filepath.Join(t.TempDir(), "maitre.db"))
		var all sync.WaitGroup
		errs := make([]error, 2)
		for i, b := range []*ledger.Ledger{r.ledger, second.ledger} {
			all.Go(func() { errs[i] = b.Hold(t.Context()) })
		}
		all.Wait()
		if lost := errors.Join(errs...); (errs[0] == nil) == (errs[1] == nil) || len(r.marks()) != 1 {
			t.Errorf("%v; marks %q", lost, r.marks())
		}
	}
}

// What comes back of our own mark is no change of the tables; what others do to
// it is looked at, and a base that another took over is left alone.
func TestTheMarkIsFollowed(t *testing.T) {
	t.Parallel()
	r := open(t, options{})
	r.wantAsked(0, func() { r.follow() }, airtabletest.OpList, airtabletest.OpSchemaRead)
	r.restart()
	// Schema and tables, once: the mark that was written comes back as a change.
	r.wantAsked(2, func() { r.ledger.Start(t.Context()); r.follow() }, airtabletest.OpList, airtabletest.OpSchemaRead)
	was := r.marks()[0]
	for name, spoil := range map[string]func() error{
		"deleted": func() error { return r.srv.Staff().Delete("Mesas", r.markRow()) },
		"spoiled": func() error {
			_, err := r.srv.Staff().Update("Mesas", r.markRow(), fields{"ID Mesa": "Maitre · ojo"})
			return err
		},
		"emptied": func() error { _, err := r.srv.Staff().Update("Mesas", r.markRow(), fields{"ID Mesa": nil}); return err },
		"copied":  func() error { _, err := r.srv.Staff().Create("Mesas", fields{"ID Mesa": was}); return err },
	} {
		if err := spoil(); err != nil {
			t.Fatal(err)
		}
		r.follow()
		if all := r.marks(); all[0] != was || name != "copied" && len(all) != 1 {
			t.Errorf("%s: marks %q, want %q", name, all, was)
		}
	}
	if tables, _ := r.ledger.Tables(); len(tables) != 4 {
		t.Errorf("%d tables", len(tables))
	}
	second := r.beside(filepath.Join(t.TempDir(), "maitre.db"))
	if err := second.ledger.TakeOver(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.reserve(friday, 2)
	writes := []airtabletest.Op{airtabletest.OpCreate, airtabletest.OpUpdate, airtabletest.OpUpsert}
	before := r.srv.Count(writes...)
	r.clock.pass(time.Minute)
	r.follow()
	r.wantAnother("?")
	if n := r.srv.Count(writes...) - before; n != 0 {
		t.Errorf("it wrote %d times to a base that is another's", n)
	}
	second.restart()
	if err := second.ledger.Hold(t.Context()); err != nil {
		t.Error(err)
	}
}

// Where changes cannot be followed, the mark is read every few minutes.
func TestWithoutARecordOfChangesTheMarkIsReadNowAndThen(t *testing.T) {
	t.Parallel()
	r := open(t, options{server: noWebhooks()})
	second := r.beside(filepath.Join(t.TempDir(), "maitre.db"))
	if err := second.ledger.TakeOver(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.clock.pass(5 * time.Minute)
	r.follow()
	if t2 := r.ledger.Hold(t.Context()); t2 == nil {
		t.Error("it was not noticed")
	}
}

// A write that waits its turn when another desk is noticed does not leave.
func TestWhatWaitsToBeWrittenDoesNotLeaveForAnothersBase(t *testing.T) {
	t.Parallel()
	r := open(t, options{})
	r.reserve(friday, 2)
	second := r.beside(filepath.Join(t.TempDir(), "maitre.db"))
	if err := second.ledger.TakeOver(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	reached, goOn := make(chan struct{}), make(chan struct{})
	var once sync.Once
	r.gate.set(func(req *http.Request) {
		if req.Method == http.MethodPatch || req.Method == http.MethodPost {
			once.Do(func() { close(reached) })
			select {
			case <-goOn:
			case <-req.Context().Done():
			}
		}
	}, nil)
	wrote := make(chan []*booking.RecordError)
	go func() { wrote <- r.write() }()
	<-reached
	r.clock.pass(time.Second)
	if err := r.ledger.Hold(ctx); err == nil {
		t.Error("the other desk is not noticed")
	}
	for _, failed := range <-wrote {
		if failed.Kind != booking.Interrupted {
			t.Errorf("%v", failed)
		}
	}
	close(goOn)
	r.gate.set(nil, nil)
	if rows := r.srv.Records("Reservas"); len(rows) != 0 {
		t.Errorf("it wrote %v", rows)
	}
}
