package e2e

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"maitre/store/airtable/airtabletest"
	"maitre/store/restaurantfile"
)

// both runs a test twice: on a desk whose book is its own data file, and on one
// whose book is an Airtable base.
func both(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	t.Parallel()
	for _, mode := range []string{"file", "airtable"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			test(t)
		})
	}
}

// bases are those that tests keep their book in, by the data directory.
var bases sync.Map

// base returns the Airtable base of a data directory, made with the tables of
// the restaurant file that env names; nil for a desk that keeps its book itself.
func base(t testing.TB, dir string, env []string) *airtabletest.Server {
	t.Helper()
	if !strings.Contains(t.Name()+"/", "/airtable/") {
		return nil
	}
	if known, ok := bases.Load(dir); ok {
		return known.(*airtabletest.Server)
	}
	// Real time is not ours: a machine that runs all tests at once hands requests over
	// in bunches, which are too many in a second although they left one by one. That
	// the pace is kept is tested where time is the test's own.
	path := ""
	for _, v := range env {
		if value, ok := strings.CutPrefix(v, "RESTAURANT_FILE="); ok {
			path = value
		}
	}
	srv := seededBase(t, airtabletest.Options{RatePerBase: airtabletest.Unlimited}, path)
	bases.Store(dir, srv)
	return srv
}

// seededBase is an Airtable base with the tables of a restaurant file, "" for the sample.
func seededBase(t testing.TB, o airtabletest.Options, path string) *airtabletest.Server {
	t.Helper()
	srv := airtabletest.Start(t, o)
	restaurant, err := restaurantfile.LoadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range restaurant.Restaurant.Tables {
		if _, err := srv.Staff().Create("Mesas", map[string]any{
			"ID Mesa": table.ID, "Nombre de Mesa": table.Name, "Capacidad": table.Max, "Capacidad Mínima": table.Min,
			"Prioridad": table.Priority, "Ubicación": restaurant.Airtable.Zones[table.Zone][0], "Disponible": true,
		}); err != nil {
			t.Fatal(err)
		}
	}
	return srv
}

// keptBy are the variables that make the base a desk's book.
func keptBy(srv *airtabletest.Server) []string {
	return []string{
		"AIRTABLE_ENDPOINT_URL=" + srv.URL(), "AIRTABLE_API_KEY=" + srv.Token(), "AIRTABLE_BASE_ID=" + srv.BaseID(),
		"ADMIN_PASSWORD=a-password-for-tests-only", "RETRY_TICK=200ms",
	}
}

// entry is a journal entry as the staff see it.
type entry struct {
	ID, State, Error, Cause string
	Fix                     string `json:"mend"`
	Attempts                int
	Booking                 kept
	Alternatives            []struct{ Date, Time, Zone string }
}

// journal is what waits to be written.
func (p *program) journal() []entry {
	p.t.Helper()
	status, _, got, err := p.do("GET", "/admin/api/journal", map[string]string{"Authorization": "Bearer " + testToken}, nil)
	if err != nil || status != 200 {
		p.t.Fatalf("GET /admin/api/journal: %d %v %s", status, err, got)
	}
	var list struct{ Entries []entry }
	if err := json.Unmarshal(got, &list); err != nil {
		p.t.Fatal(err)
	}
	return list.Entries
}

// settled waits until nothing waits to be written any more.
func (p *program) settled() {
	p.t.Helper()
	p.until("the journal is empty", func() (bool, any) {
		entries := p.journal()
		return len(entries) == 0, entries
	})
}

// patience is how long a test waits for what must come.
const patience = 3 * time.Minute

// until asks a program for as long as a test may take, for there is nothing else
// by which to hear from another process.
func (p *program) until(what string, ask func() (done bool, last any)) {
	p.t.Helper()
	if last, done := within(patience, ask); !done {
		p.t.Fatalf("never: %s; last %+v\n%s", what, last, p.log)
	}
}

// within asks until it is so, or the time is over.
func within(limit time.Duration, ask func() (done bool, last any)) (last any, done bool) {
	for deadline := time.Now().Add(limit); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if done, last = ask(); done {
			return last, true
		}
	}
	return last, false
}

// agrees checks the base against the staff's book of a date: each booking is one
// row that says the same, and no row is of no booking.
func (p *program) agrees(date string) {
	p.t.Helper()
	srv := base(p.t, p.dir, p.env)
	if srv == nil {
		return
	}
	// The journal is empty a moment before all who look are told that it is.
	if last, done := within(5*time.Second, func() (bool, any) { wrong := p.differs(srv, date); return len(wrong) == 0, wrong }); !done {
		p.t.Errorf("%s: %v", date, last)
	}
}

// differs says in what the staff's book of a date is otherwise than the base.
func (p *program) differs(srv *airtabletest.Server, date string) (wrong []string) {
	p.t.Helper()
	names := map[string]string{}
	for _, r := range srv.Records("Mesas") {
		names[r.ID] = fmt.Sprint(r.Fields["ID Mesa"])
	}
	rows := map[string]string{}
	for _, r := range srv.Records("Reservas") {
		if r.Fields["Fecha de Reserva"] != date {
			continue
		}
		code := fmt.Sprint(r.Fields["Código"])
		if rows[code] != "" {
			wrong = append(wrong, code+" has two rows")
		}
		var tables []string
		linked, _ := r.Fields["Mesa"].([]string)
		for _, id := range linked {
			tables = append(tables, names[id])
		}
		rows[code] = fmt.Sprint(r.Fields["Nombre del Cliente"], " ", strings.Join(tables, "+"), " ", r.Fields["Cantidad de Personas"], " ", r.Fields["Estado"])
	}
	words := map[string]string{"confirmed": "Confirmada", "cancelled": "Cancelada", "pre_booked": "Pre-reserva"}
	for _, b := range p.book(date) {
		want := fmt.Sprint(b.Name, " ", b.Table, " ", b.Party, " ", words[b.Status])
		if rows[b.Code] != want {
			wrong = append(wrong, fmt.Sprintf("%s: the base has %q, the desk %q", b.Code, rows[b.Code], want))
		}
		delete(rows, b.Code)
	}
	if len(rows) > 0 {
		wrong = append(wrong, fmt.Sprintf("the base has rows that the desk does not: %v", rows))
	}
	return wrong
}
