package e2e

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"maitre/store/airtable/airtabletest"
)

// Here the system of record of a data file changes, by decision or in error, and
// so does whose data file it is.

// local are the variables of a desk whose data file is the system of record.
var local = []string{"AIRTABLE_API_KEY=", "AIRTABLE_BASE_ID="}

// command runs a command of the binary on the data of a desk that is stopped, or
// never was open, and returns how it ended. What would run on is ended after a while.
func command(t *testing.T, dir string, env []string, stdin string, args ...string) (code int, out, errs string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Dir, cmd.Stdin = dir, strings.NewReader(stdin)
	cmd.Env = append([]string{
		"PATH=" + os.Getenv("PATH"), "PORT=0", "DATA_DIR=" + filepath.Join(dir, "data"), "LOG_FORMAT=json",
		"VAPI_WEBHOOK_SECRET=" + testSecret, "ADMIN_TOKEN=" + testToken, "MAITRE_NOW=" + monday,
	}, env...)
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if _, ended := errors.AsType[*exec.ExitError](err); err != nil && !ended {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()
}

// refused starts a desk that must not open, and returns the one sentence that says why.
func refused(t *testing.T, dir string, env ...string) string {
	t.Helper()
	code, _, stderr := command(t, dir, env, "", "serve")
	var said []string
	for line := range strings.Lines(stderr) {
		if !strings.HasPrefix(line, "{") { // else it is the log's
			said = append(said, line)
		}
	}
	if code != 2 || len(said) != 1 || !strings.HasPrefix(said[0], "maitre: ") {
		t.Fatalf("serve ended with %d and said %q; want 2 and one line\n%s", code, said, stderr)
	}
	return said[0]
}

// adopted agrees to what has changed, and returns what was printed.
func adopted(t *testing.T, dir string, env ...string) string {
	t.Helper()
	code, out, stderr := command(t, dir, env, "", "adopt", "--yes")
	if code != 0 {
		t.Fatalf("adopt --yes ended with %d\n%s%s", code, out, stderr)
	}
	return out
}

func wantWords(t *testing.T, text string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(text, w) {
			t.Errorf("%q is not said in:\n%s", w, text)
		}
	}
}

// named returns the row of a guest, and wants that there is one or none.
func named(t *testing.T, srv *airtabletest.Server, name string) (row airtabletest.Record, found bool) {
	t.Helper()
	for _, r := range srv.Records("Reservas") {
		if r.Fields["Nombre del Cliente"] != name {
			continue
		}
		if found {
			t.Errorf("%s has two rows", name)
		}
		row, found = r, true
	}
	return row, found
}

func (p *program) booked(c call) reply {
	p.t.Helper()
	told := p.ask(c)
	if !told.Success {
		p.t.Fatalf("%s heard %+v", c.Args["customer_name"], told)
	}
	return told
}

func (p *program) changes(n int, tool string, args map[string]any) {
	p.t.Helper()
	c := call{ID: fmt.Sprint("again", n), Tool: tool, From: dinnerFor(n, "").From, Name: tool, Args: args}
	if told := p.ask(c); !told.Success {
		p.t.Fatalf("%s of guest %d: %+v", tool, n, told)
	}
}

// TestAStartWithoutAirtableAndALaterOneWithIt: the first is refused. Agreed to, what
// happens to either side is merged at the return: cancellations and changes go to
// their rows, what the staff changed stands, and a row that nobody changed is not touched.
func TestAStartWithoutAirtableAndALaterOneWithIt(t *testing.T) {
	t.Parallel()
	srv := seededBase(t, airtabletest.Options{RatePerBase: airtabletest.Unlimited}, "")
	p := start(t, append(keptBy(srv), "AIRTABLE_POLL=200ms")...)
	for n, name := range []string{1: "Ana", 2: "Luis", 3: "Eva", 5: "Rosa"} {
		if name != "" {
			p.booked(dinnerFor(n, name))
		}
	}
	typed, err := srv.Staff().Create("Reservas", map[string]any{"Nombre del Cliente": "Pilar", "Fecha de Reserva": eve, "Notas Especiales": "a las nueve y pico"})
	if err != nil {
		t.Fatal(err)
	}
	p.settled()
	p.until("what the staff typed is seen", func() (bool, any) { got := p.book(eve); return len(got) == 5, got })
	p.stop()

	wantWords(t, refused(t, p.dir, local...), "maitre adopt", srv.BaseID(), "AIRTABLE_API_KEY")
	p = p.again()
	if got := p.book(eve); len(got) != 5 {
		t.Fatalf("after a refused start: %+v", got)
	}
	p.stop()
	before, _ := srv.Record(typed.ID)

	// Nobody answers: nothing is done.
	if code, out, stderr := command(t, p.dir, local, "", "adopt"); code == 0 || !strings.Contains(out, "[y/N]") {
		t.Errorf("adopt without an answer: %d\n%s%s", code, out, stderr)
	}
	refused(t, p.dir, local...)
	code, out, stderr := command(t, p.dir, local, "y\n", "adopt")
	if code != 0 {
		t.Fatalf("adopt: %d\n%s%s", code, out, stderr)
	}
	wantWords(t, out, srv.BaseID(), "the data file", "Ana", "Luis", "Pilar", eve)
	p = p.again(local...)
	p.stop()
	p = p.again(local...)
	p.changes(1, "cancel_reservation", map[string]any{})
	p.changes(2, "update_reservation", map[string]any{"pax": 3})
	p.changes(5, "update_reservation", map[string]any{"pax": 3})
	p.booked(dinnerFor(4, "Sol"))
	p.stop()
	p = p.again(local...)
	p.stop()
	eva, _ := named(t, srv, "Eva")
	if _, err := srv.Staff().Update("Reservas", eva.ID, map[string]any{"Cantidad de Personas": 4}); err != nil {
		t.Fatal(err)
	}

	rosa, _ := named(t, srv, "Rosa") // whom the guest and the staff changed
	if _, err := srv.Staff().Update("Reservas", rosa.ID, map[string]any{"Cantidad de Personas": 5}); err != nil {
		t.Fatal(err)
	}
	luis, _ := named(t, srv, "Luis")
	if _, err := srv.Staff().Update("Reservas", luis.ID, map[string]any{"Notas Especiales": "junto a la ventana"}); err != nil {
		t.Fatal(err)
	}

	wantWords(t, refused(t, p.dir, keptBy(srv)...), "maitre adopt", srv.BaseID(), "the data file")
	out = adopted(t, p.dir, keptBy(srv)...)
	for line := range strings.Lines(out) {
		for name, what := range map[string]string{"Ana": "cancel", "Luis": "chang", "Rosa": "chang", "Sol": "new"} {
			if strings.Contains(line, " "+name+" ") && !strings.Contains(line, what) {
				t.Errorf("of %s is said %q; want %s", name, line, what)
			}
		}
	}
	wantWords(t, out, "Ana", "Luis", "Sol")
	if strings.Contains(out, "Pilar") || strings.Contains(out, "Eva") {
		t.Errorf("what did not change here is listed:\n%s", out)
	}
	p = p.again(keptBy(srv)...)
	var both entry
	p.until("only Rosa's change waits, for a person", func() (bool, any) {
		left := p.journal()
		if len(left) == 1 {
			both = left[0]
		}
		return len(left) == 1 && both.State == "parked" && both.Booking.Name == "Rosa", left
	})
	p.until("Eva's four are seen", func() (bool, any) {
		for _, b := range p.book(eve) {
			if b.Name == "Eva" {
				return b.Party == 4, b
			}
		}
		return false, nil
	})
	for name, want := range map[string]string{"Ana": "Cancelada 2", "Luis": "Confirmada 3", "Eva": "Confirmada 4", "Rosa": "Confirmada 5", "Sol": "Confirmada 2"} {
		row, _ := named(t, srv, name)
		if got := fmt.Sprint(row.Fields["Estado"], " ", row.Fields["Cantidad de Personas"]); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	if luis, _ := named(t, srv, "Luis"); luis.Fields["Notas Especiales"] != "junto a la ventana" {
		t.Errorf("the staff's note is gone: %v", luis.Fields)
	}
	if after, _ := srv.Record(typed.ID); !maps.EqualFunc(before.Fields, after.Fields, func(a, b any) bool { return fmt.Sprint(a) == fmt.Sprint(b) }) {
		t.Errorf("the row typed by hand was written over: %v, was %v", after.Fields, before.Fields)
	}
	p.stop()
	// Nothing differs any more: it opens again without a word. A person decides on
	// what both sides changed.
	p = p.again(keptBy(srv)...)
	if left := p.journal(); len(left) != 1 || left[0].ID != both.ID || left[0].State != "parked" {
		t.Errorf("after another start there waits %+v", left)
	}
	p.decides(both.ID+"/retry", nil)
	p.settled()
	if row, _ := named(t, srv, "Rosa"); fmt.Sprint(row.Fields["Cantidad de Personas"]) != "3" {
		t.Errorf("the guest's change, which a person agreed to: %v", row.Fields)
	}
	p.stop()
}

// TestAnotherBase: what was accepted for one base in an outage is not written to
// another that nobody agreed to; where somebody does, it is, and the first base's own
// bookings are found again when it comes back.
func TestAnotherBase(t *testing.T) {
	t.Parallel()
	right := seededBase(t, airtabletest.Options{RatePerBase: airtabletest.Unlimited}, "")
	wrong := seededBase(t, airtabletest.Options{RatePerBase: airtabletest.Unlimited, BaseID: "appOtherBase00001", Seed: 2}, "")
	p := start(t, append(keptBy(right), "REPLY_BUDGET=1s")...)
	p.log.waitFor("all days were read")
	luis := p.booked(dinnerFor(2, "Luis")).Booking.Code
	p.settled()
	lift := right.Inject(airtabletest.Fault{Status: 503})
	ana := p.ask(dinnerFor(1, "Ana"))
	if ana.Booking.Status != "processing" {
		t.Fatalf("told %+v", ana)
	}
	p.kill()
	lift()

	wantWords(t, refused(t, p.dir, keptBy(wrong)...), "maitre adopt", right.BaseID(), wrong.BaseID())
	if rows := wrong.Records("Reservas"); len(rows) > 0 {
		t.Errorf("the wrong base has %v", rows)
	}

	out := adopted(t, p.dir, keptBy(wrong)...)
	wantWords(t, out, ana.Booking.Code, "Ana", luis, "Luis")
	p = p.again(keptBy(wrong)...)
	p.settled()
	if _, found := named(t, wrong, "Ana"); !found {
		t.Error("what was agreed to be written to the other base is not there")
	}
	if _, found := named(t, wrong, "Luis"); found {
		t.Error("a row of the first base was written to the other")
	}
	p.stop()

	wantWords(t, adopted(t, p.dir, keptBy(right)...), "Ana")
	p = p.again(keptBy(right)...)
	p.settled()
	if got := p.book(eve); len(got) != 2 {
		t.Errorf("back with the first base: %+v", got)
	}
	if told := p.ask(call{ID: "later", Tool: "t", From: dinnerFor(2, "").From, Name: "get_reservation", Args: map[string]any{}}); told.Booking.Code != luis {
		t.Errorf("Luis, who is vouched for, hears %+v", told)
	}
	if _, found := named(t, right, "Ana"); !found {
		t.Error("what was accepted for the first base never got there")
	}
	p.stop()
}

// TestAMistypedBaseThrowsNothingAway: a start that cannot work leaves the data file
// as it was, with who was vouched for, and links.
func TestAMistypedBaseThrowsNothingAway(t *testing.T) {
	t.Parallel()
	srv := seededBase(t, airtabletest.Options{RatePerBase: airtabletest.Unlimited, Tokens: []airtabletest.Token{{Secret: "patRight.secret", Bases: []string{"appRightBase00001"}}}, BaseID: "appRightBase00001"}, "")
	down := seededBase(t, airtabletest.Options{BaseID: "appDownBase000001"}, "")
	p := start(t, keptBy(srv)...)
	code := p.booked(dinnerFor(1, "Ana")).Booking.Code
	_, _, link := p.books("key-1", map[string]any{"name": "Luis", "phone": "+34612345602", "date": eve, "time": "21:00", "party": 2})
	p.settled()
	p.stop()

	down.Inject(airtabletest.Fault{Status: 503})
	for name, c := range map[string]struct {
		env []string
		say []string
	}{
		"an ID that is none":          {append(keptBy(srv), "AIRTABLE_BASE_ID=app/Right"), []string{"not a base ID"}},
		"an ID of no base":            {append(keptBy(srv), "AIRTABLE_BASE_ID=appRightBase00002"), []string{"AIRTABLE_BASE_ID", "appRightBase00002"}},
		"a wrong token beside":        {append(keptBy(srv), "AIRTABLE_BASE_ID=appRightBase00002", "AIRTABLE_API_KEY=patWrong.secret"), []string{"AIRTABLE_API_KEY"}},
		"a base that cannot be asked": {keptBy(down), []string{"appDownBase000001", "503"}},
	} {
		said := refused(t, p.dir, c.env...)
		wantWords(t, said, c.say...)
		if strings.Contains(said, "secret") {
			t.Errorf("%s: the token is told: %s", name, said)
		}
		if code, out, stderr := command(t, p.dir, c.env, "", "adopt", "--yes"); code != 2 {
			t.Errorf("%s: adopt ended with %d\n%s%s", name, code, out, stderr)
		}
	}

	lift := srv.Inject(airtabletest.Fault{Status: 503})
	p = p.again() // the record that it had: it opens although nobody answers
	if told := p.ask(call{ID: "later", Tool: "t", From: dinnerFor(1, "").From, Name: "get_reservation", Args: map[string]any{}}); told.Booking.Code != code {
		t.Errorf("Ana, who is vouched for, hears %+v", told)
	}
	p.wants(p.opens(link+"?lang=es"), "Luis")
	lift()
	_, stranger, _ := p.books("key-2", map[string]any{"name": "Ana", "phone": dinnerFor(1, "").From, "date": eve, "time": "21:00", "party": 2})
	if stranger.Booking.Code != "" {
		t.Errorf("a stranger with her name and number hears her code: %+v", stranger)
	}
	p.stop()
}

// TestFromTheFileToABase: bookings of a desk that kept its own book go to a base
// when somebody says so; where there are none, nobody is asked.
func TestFromTheFileToABase(t *testing.T) {
	t.Parallel()
	srv := seededBase(t, airtabletest.Options{RatePerBase: airtabletest.Unlimited}, "")
	empty := start(t)
	empty.stop()
	empty = empty.again(keptBy(seededBase(t, airtabletest.Options{RatePerBase: airtabletest.Unlimited}, ""))...)
	empty.stop()

	p := start(t)
	code := p.booked(dinnerFor(1, "Ana")).Booking.Code
	if code, _, stderr := command(t, p.dir, keptBy(srv), "", "adopt", "--yes"); code != 2 || !strings.Contains(stderr, "wants the desk stopped") {
		t.Errorf("adopt beside an open desk: %d %s", code, stderr)
	}
	p.stop()
	wantWords(t, refused(t, p.dir, keptBy(srv)...), "1 booking", "maitre adopt", "ADOPT="+srv.BaseID())
	wantWords(t, refused(t, p.dir, append(keptBy(srv), "ADOPT=local")...), "maitre adopt")
	p = p.again(append(keptBy(srv), "ADOPT="+srv.BaseID())...)
	wantWords(t, p.log.String(), `"msg":"agreed to"`, "is written there as a new row")
	p.settled()
	if row, _ := named(t, srv, "Ana"); row.Fields["Código"] != code {
		t.Errorf("the base has %v", row)
	}
	p.stop()
	if _, out, _ := command(t, p.dir, keptBy(srv), "", "adopt"); !strings.Contains(out, "as it was") {
		t.Errorf("adopt where nothing changed: %s", out)
	}
}

// TestARenamedRestaurant does not open an empty book.
func TestARenamedRestaurant(t *testing.T) {
	t.Parallel()
	p := start(t, restaurantFile(t, oneTable))
	code := p.booked(dinnerFor(1, "Ana")).Booking.Code
	p.stop()
	renamed := restaurantFile(t, strings.Replace(oneTable, "Una Mesa", "Dos Mesas", 1))
	wantWords(t, refused(t, p.dir, renamed), "una-mesa", "dos-mesas", "maitre adopt")
	if code, out, _ := command(t, p.dir, []string{renamed}, "n\n", "adopt"); code != 0 || !strings.Contains(out, "Nothing was changed") {
		t.Errorf("adopt, and no: %d\n%s", code, out)
	}
	wantWords(t, adopted(t, p.dir, renamed), "una-mesa", "dos-mesas", "1 booking")
	p = p.again(renamed)
	if got := p.book(eve); len(got) != 1 || got[0].Code != code {
		t.Errorf("under its new name: %+v", got)
	}
	p.stop()
	wantWords(t, refused(t, p.dir, restaurantFile(t, oneTable)), "una-mesa", "dos-mesas")
}

// TestAMissingDataFile is told of where there should be one, and refused where the
// owner says so.
func TestAMissingDataFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if code, _, stderr := command(t, dir, nil, "", "adopt", "--yes"); code != 2 || !strings.Contains(stderr, "nothing to adopt") {
		t.Errorf("adopt without a data file: %d %s", code, stderr)
	}
	wantWords(t, refused(t, dir, "REQUIRE_DATA=true"), "REQUIRE_DATA", filepath.Join(dir, "data", "maitre.db"))
	if _, err := os.Stat(filepath.Join(dir, "data")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a refused start made the data directory: %v", err)
	}
	p := startIn(t, dir)
	if strings.Contains(p.log.String(), `"level":"WARN","msg":"a new data file`) || !strings.Contains(p.log.String(), "a new data file was made") {
		t.Errorf("a first start:\n%s", p.log)
	}
	p.stop()
	p = p.again("REQUIRE_DATA=true")
	p.stop()

	// What lay beside it is still there.
	if err := os.Rename(filepath.Join(dir, "data", "maitre.db"), filepath.Join(dir, "data", "maitre.db.old")); err != nil {
		t.Fatal(err)
	}
	p = p.again("REQUIRE_DATA=false")
	wantWords(t, p.log.String(), `"level":"WARN","msg":"a new data file was made`, "maitre.db.old")
	p.stop()

	// The base has bookings that maitre made.
	srv := seededBase(t, airtabletest.Options{RatePerBase: airtabletest.Unlimited}, "")
	p = start(t, keptBy(srv)...)
	p.booked(dinnerFor(1, "Ana"))
	p.settled()
	p.stop()
	code, _, stderr := command(t, t.TempDir(), keptBy(srv), "", "serve")
	wantWords(t, stderr, `"level":"WARN","msg":"a new data file was made`, srv.BaseID(), "another maitre writes to the")
	if code != 2 { // it looks like a second desk
		t.Errorf("with a new data file for a base that has bookings: %d", code)
	}
}

// TestAFirstStartInAnOutage: with a data file that was never used nothing is at stake, so
// the desk opens although its base does not answer: it promises nothing of days that
// it never read, accepts as soon as it has read them, and writes when it can. A base
// that answers, and not as it must, is refused as ever.
func TestAFirstStartInAnOutage(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]airtabletest.Fault{
		"in trouble itself": {Status: 503}, "no connection": {Drop: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := seededBase(t, airtabletest.Options{RatePerBase: airtabletest.Unlimited}, "")
			lift := srv.Inject(fault)
			p := start(t, append(keptBy(srv), "REPLY_BUDGET=1s")...)
			wantWords(t, p.log.String(), "does not answer, and was never worked with", srv.BaseID())
			// What the base has of that day nobody knows yet: nothing is promised.
			if told := p.ask(dinnerFor(1, "Ana")); told.Success || told.Error != "temporary_failure" {
				t.Errorf("told %+v", told)
			}
			p.kill()
			p = p.again() // the file belongs to that base by now
			if got := p.journal(); len(got) != 0 {
				t.Errorf("waits: %+v", got)
			}
			lift()
			lift = srv.Inject(airtabletest.Fault{Ops: []airtabletest.Op{airtabletest.OpUpsert, airtabletest.OpCreate, airtabletest.OpUpdate}, Status: 503})
			p.log.waitFor("all days were read")
			ana := p.ask(dinnerFor(2, "Ana"))
			if ana.Booking.Status != "processing" {
				t.Fatalf("told %+v", ana)
			}
			lift()
			p.settled()
			if row, _ := named(t, srv, "Ana"); row.Fields["Código"] != ana.Booking.Code {
				t.Errorf("the base has %v", row)
			}
			p.stop()
		})
	}
	for name, fault := range map[string]airtabletest.Fault{
		"the token is not accepted": {Status: 401}, "the token may not": {Status: 403}, "no such base": {Status: 404},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := seededBase(t, airtabletest.Options{}, "")
			lift := srv.Inject(fault)
			dir := t.TempDir()
			wantWords(t, refused(t, dir, keptBy(srv)...), srv.BaseID(), "cannot become the system of record")
			lift()
			p := startIn(t, dir, keptBy(srv)...)
			p.stop()
		})
	}
}
