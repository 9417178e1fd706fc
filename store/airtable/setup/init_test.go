package setup_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"maitre/booking"
	"maitre/store/airtable"
	"maitre/store/airtable/airtabletest"
	"maitre/store/airtable/setup"
)

func empty() airtabletest.Options { return airtabletest.Options{Tables: []airtabletest.Table{}} }

func TestInitCompletesAnEmptyBase(t *testing.T) {
	t.Parallel()
	s := open(t, empty())
	printed, err := s.init(t, "s\n", setup.How{})
	must(t, err)
	golden(t, "init empty base", printed)
	if rows := s.srv.Records("Mesas"); len(rows) != len(s.Restaurant.Tables) {
		t.Errorf("%d rows", len(rows))
	}
	checked, ok := s.check(t)
	if wrong := amiss(checked); !ok || wrong != "" {
		t.Errorf("left: %s", wrong)
	}

	before := s.writes()
	printed, err = s.init(t, "", setup.How{})
	if want := "There is nothing to add to the base " + s.BaseID + ".\nThe base has what the desk needs.\n"; err != nil || printed != want {
		t.Errorf("a second time: %v, %s", err, printed)
	}
	if n := s.writes() - before; n > 0 {
		t.Errorf("a second time, %d requests that write", n)
	}
}

func TestTheTablesAreThoseOfTheFile(t *testing.T) {
	t.Parallel()
	s := open(t, empty())
	_, err := s.init(t, "", setup.How{Yes: true})
	must(t, err)
	schema, err := s.Base.Schema(context.Background())
	must(t, err)
	m := s.Mapper.Bind(schema)
	rows, err := s.Base.List(context.Background(), m.TablesTable(), airtable.ListOptions{Fields: m.TableFields(), ByFieldID: true})
	must(t, err)
	read, _, unread := m.Tables(rows)
	if len(unread) > 0 {
		t.Errorf("unread: %+v", unread)
	}
	same := func(a, b booking.Table) bool {
		return a.ID == b.ID && a.Name == b.Name && a.Zone == b.Zone && a.Min == b.Min && a.Max == b.Max && a.Priority == b.Priority && a.Access == b.Access
	}
	if !slices.EqualFunc(read, s.Restaurant.Tables, same) {
		t.Errorf("read  %+v\nwant %+v", read, s.Restaurant.Tables)
	}
	for _, row := range s.srv.Records("Mesas") {
		if row.Fields["Disponible"] != true || row.Fields["Ubicación"] == nil {
			t.Errorf("row %v", row.Fields)
		}
	}
}

func TestADryRunChangesNothing(t *testing.T) {
	t.Parallel()
	s := open(t, airtabletest.Options{})
	must(t, s.srv.Staff().RenameField("Reservas", "Estado", "Estado de Reserva"))
	must(t, s.srv.Staff().RemoveField("Reservas", "Código"))
	must(t, s.srv.Staff().RemoveChoice("Reservas", "Canal", "Web"))
	printed, err := s.init(t, "y\n", setup.How{DryRun: true, Yes: true})
	must(t, err)
	golden(t, "init dry run", printed)
	if n := s.writes(); n > 0 {
		t.Errorf("%d requests that write", n)
	}
}

func TestWhatIsLeftForAPersonIsPrinted(t *testing.T) {
	t.Parallel()
	s := open(t, airtabletest.Options{})
	must(t, s.srv.Seed())
	must(t, s.srv.Staff().Clear("Reservas"))
	must(t, s.srv.Staff().RenameField("Reservas", "Estado", "Estado de Reserva"))
	must(t, s.srv.Staff().RemoveChoice("Reservas", "Canal", "Web"))
	printed, err := s.init(t, "sí\n", setup.How{})
	must(t, err)
	golden(t, "init leaves", printed)
	if table, _ := s.srv.Table("Reservas"); len(table.Fields) != 14 {
		t.Errorf("a field was doubled: %+v", table.Fields)
	}
	if left := len(s.srv.Records("Reservas")); left > 0 {
		t.Errorf("%d rows are left behind", left)
	}
}

func TestOnlyYesIsYes(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]struct {
		err   error
		added bool
	}{
		"y\n": {added: true}, "YES\n": {added: true}, " s \r\n": {added: true}, "sí": {added: true}, "si\n": {added: true},
		"n\n": {}, "\n": {}, "yup\n": {}, "no\n": {}, "": {err: setup.ErrNoAnswer},
	} {
		t.Run(answer, func(t *testing.T) {
			t.Parallel()
			s := open(t, empty())
			printed, err := s.init(t, answer, setup.How{})
			if !errors.Is(err, want.err) || err != nil && want.err == nil {
				t.Errorf("got %v", err)
			}
			if added := s.writes() > 0; added != want.added {
				t.Errorf("added %t:\n%s", added, printed)
			}
			if err == nil && !want.added && !strings.HasSuffix(printed, "Nothing was changed.\n") {
				t.Errorf("printed %s", printed)
			}
		})
	}
}

// Whatever ends an init in the middle, and wherever, the next one goes on from
// there and leaves nothing twice.
func TestAnInitThatStoppedGoesOn(t *testing.T) {
	t.Parallel()
	ops := []airtabletest.Op{airtabletest.OpSchemaWrite, airtabletest.OpCreate, airtabletest.OpDelete}
	for name, fault := range map[string]airtabletest.Fault{
		"before":         {Ops: ops, Times: 1, Drop: true},
		"after":          {Ops: ops, Times: 1, Drop: true, After: true},
		"in trouble":     {Ops: ops, Times: 1, Status: http.StatusInternalServerError},
		"not permitted":  {Ops: ops, Times: 1, Status: http.StatusForbidden},
		"while it looks": {Ops: []airtabletest.Op{airtabletest.OpSchemaRead}, Times: 1, Status: http.StatusBadGateway},
	} {
		for skip := range 7 {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				s := open(t, empty())
				fault := fault
				fault.Skip = skip
				lift := s.srv.Inject(fault)
				printed, err := s.init(t, "", setup.How{Yes: true})
				if struck := lift() > 0; struck && err == nil && !strings.Contains(printed, "wrong: ") {
					t.Errorf("skip %d: no error:\n%s", skip, printed)
				}
				if err != nil && strings.Contains(err.Error(), "\n") {
					t.Errorf("more than a line: %v", err)
				}
				printed, err = s.init(t, "", setup.How{Yes: true})
				if err != nil || !strings.HasSuffix(printed, "The base has what the desk needs.\n") {
					t.Errorf("skip %d: the second time: %v\n%s", skip, err, printed)
				}
				if n := len(s.srv.Records("Mesas")); n != len(s.Restaurant.Tables) {
					t.Errorf("skip %d: %d rows", skip, n)
				}
				if n := len(s.srv.Tables()); n != 2 {
					t.Errorf("skip %d: %d tables", skip, n)
				}
			})
		}
	}
}

func TestTooManyRequestsAreWaitedFor(t *testing.T) {
	t.Parallel()
	for skip := range 8 {
		s := open(t, empty())
		s.srv.Inject(airtabletest.Fault{Status: http.StatusTooManyRequests, Skip: 2 * skip, Times: 2})
		printed, err := s.init(t, "", setup.How{Yes: true})
		if err != nil || strings.Count(printed, "wait: ") != 2 || !strings.HasSuffix(printed, "The base has what the desk needs.\n") {
			t.Errorf("skip %d: %v\n%s", skip, err, printed)
		}
		if n := len(s.srv.Records("Mesas")); n != len(s.Restaurant.Tables) {
			t.Errorf("skip %d: %d rows", skip, n)
		}
	}
}

// partlyAnswered writes the first rows of a batch and has no time for the rest, as
// happens when the client divides a batch.
type partlyAnswered struct {
	setup.Base
	batches int
}

func (h *partlyAnswered) Create(ctx context.Context, to airtable.Target, records ...airtable.Record) []airtable.Written {
	if h.batches++; h.batches != 2 {
		return h.Base.Create(ctx, to, records...)
	}
	done := h.Base.Create(ctx, to, records[:4]...)
	for range records[4:] {
		done = append(done, airtable.Written{Err: &airtable.Error{Kind: airtable.RateLimited, Operation: airtable.OpCreate}})
	}
	return done
}

func TestNoRowIsAddedTwice(t *testing.T) {
	t.Parallel()
	s := open(t, empty())
	s.Base = &partlyAnswered{Base: s.Base}
	printed, err := s.init(t, "", setup.How{Yes: true})
	if n := len(s.srv.Records("Mesas")); err != nil || n != len(s.Restaurant.Tables) {
		t.Errorf("%d rows, %v\n%s", n, err, printed)
	}
}

func TestTheStaffsOwnTablesStayAlone(t *testing.T) {
	t.Parallel()
	for name, ids := range map[string][]string{
		"one": {"T1"}, "ten others": {"1", "2", "3", "4", "5", "6", "7", "8", "9", "10"},
		"ten, one other": {"T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9", "X"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, airtabletest.Options{})
			for _, id := range ids {
				_, err := s.srv.Staff().Create("Mesas", fields{"ID Mesa": id, "Capacidad": 2, "Ubicación": "Barra", "Disponible": true})
				must(t, err)
			}
			printed, err := s.init(t, "", setup.How{Yes: true})
			if err != nil || !strings.HasPrefix(printed, "There is nothing to add") || s.writes() > 0 {
				t.Errorf("%v\n%s", err, printed)
			}
		})
	}
}

func TestAZoneWithoutAWordGetsOne(t *testing.T) {
	t.Parallel()
	s := open(t, airtabletest.Options{})
	must(t, s.srv.Staff().RenameChoice("Mesas", "Ubicación", "Interior", "COMEDOR"))
	must(t, s.srv.Staff().RemoveChoice("Mesas", "Ubicación", "Barra"))
	_, err := s.init(t, "", setup.How{Yes: true})
	must(t, err)
	words := map[any]int{}
	for _, row := range s.srv.Records("Mesas") {
		words[row.Fields["Ubicación"]]++
	}
	if words["COMEDOR"] != 14 || words["Barra"] != 6 || words["Terraza"] != 10 || words["Sofás"] != 5 {
		t.Errorf("got %v", words)
	}
}

func TestMissingScopesAreNamedBeforeAsking(t *testing.T) {
	t.Parallel()
	whole := airtabletest.Options{}.Tables
	for name, c := range map[string]struct {
		scopes []string
		tables []airtabletest.Table
		want   string
	}{
		"schema":     {[]string{reads, writes}, nil, "the token lacks schema.bases:read, so that the base cannot be looked over. At https://airtable.com/create/tokens open the token and add schema.bases:read under Scopes"},
		"rows":       {[]string{readsBase, airtabletest.ScopeSchemaWrite}, nil, "the token lacks data.records:read"},
		"furnishing": {[]string{reads, writes, readsBase}, nil, `the token lacks schema.bases:write, which it needs to make the table "Mesas"`},
		"adding":     {[]string{reads, readsBase}, whole, "the token lacks data.records:write, which it needs to add tables"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := scoped(c.scopes...)
			if o.Tables = c.tables; name != "adding" {
				o.Tables = []airtabletest.Table{}
			}
			s := open(t, o)
			printed, err := s.init(t, "y\n", setup.How{})
			if err == nil || !strings.Contains(err.Error(), c.want) || printed != "" || s.writes() > 0 {
				t.Errorf("%v, printed %s", err, printed)
			}
		})
	}
}

func TestAnInitThatCannotBegin(t *testing.T) {
	t.Parallel()
	s := open(t, empty())
	s.srv.RevokeToken(s.srv.Token())
	if _, err := s.init(t, "y\n", setup.How{}); err == nil || !strings.Contains(err.Error(), "AIRTABLE_API_KEY") {
		t.Errorf("revoked: %v", err)
	}
	s = openAs(t, empty(), func(c *airtable.Config) { c.BaseID = "appNotThereAtAll0" })
	if _, err := s.init(t, "y\n", setup.How{}); err == nil || !strings.Contains(err.Error(), "AIRTABLE_BASE_ID") {
		t.Errorf("no such base: %v", err)
	}
	s = openAs(t, empty(), func(c *airtable.Config) { c.BaseID = "appNotThereAtAll0" })
	withoutScopes(s)
	if _, err := s.init(t, "y\n", setup.How{}); err == nil || !strings.Contains(err.Error(), "AIRTABLE_BASE_ID") {
		t.Errorf("no such base, scopes untold: %v", err)
	}
}

func TestAnEditorCannotChangeTheSchema(t *testing.T) {
	t.Parallel()
	o := empty()
	o.Tokens = []airtabletest.Token{{Secret: "patABCDEFGHIJKLMN.0123456789abcdef", Role: airtabletest.RoleEditor}}
	printed, err := open(t, o).init(t, "y\n", setup.How{})
	if err == nil || !strings.Contains(err.Error(), "a creator") || strings.Contains(err.Error(), "\n") {
		t.Errorf("%v, printed %s", err, printed)
	}
}

func TestAFieldOfNumbersTakesNoTableIDs(t *testing.T) {
	t.Parallel()
	s := open(t, airtabletest.Options{})
	must(t, s.srv.Staff().RenameField("Mesas", "ID Mesa", "Etiqueta"))
	_, err := s.srv.Staff().AddField("Mesas", airtabletest.Field{Name: "ID Mesa", Type: airtabletest.Number, Options: &airtabletest.Config{Precision: new(int)}})
	must(t, err)
	if _, err := s.init(t, "", setup.How{Yes: true}); err == nil || !strings.Contains(err.Error(), `Add the tables to "Mesas" by hand`) || len(s.srv.Records("Mesas")) > 0 {
		t.Errorf("got %v", err)
	}
}

func TestNobodyWaitsForAnAnswerAfterAnInterruption(t *testing.T) {
	t.Parallel()
	s := open(t, empty())
	terminal, hold := io.Pipe()
	defer func() { must(t, hold.Close()) }()
	ctx, cancel := context.WithCancel(context.Background())
	out := &askedAbout{at: "Go on?", cancel: cancel}
	if err := s.Init(ctx, terminal, out, setup.How{}); !errors.Is(err, context.Canceled) || s.writes() > 0 {
		t.Errorf("got %v", err)
	}
}

func TestAnInterruptedInitGoesOn(t *testing.T) {
	t.Parallel()
	for _, at := range []string{"done: make the table \"Mesas\"", "done: make the table \"Reservas\"", "done: T1 to T10", "done: B2 to B6"} {
		s := open(t, empty())
		ctx, cancel := context.WithCancel(context.Background())
		err := s.Init(ctx, strings.NewReader(""), &askedAbout{at: at, cancel: cancel}, setup.How{Yes: true})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", at, err)
		}
		printed, err := s.init(t, "", setup.How{Yes: true})
		if err != nil || !strings.HasSuffix(printed, "The base has what the desk needs.\n") || len(s.srv.Records("Mesas")) != len(s.Restaurant.Tables) {
			t.Errorf("%s: the second time: %v\n%s", at, err, printed)
		}
	}
}

// askedAbout interrupts when something is written to it.
type askedAbout struct {
	bytes.Buffer
	at     string
	cancel func()
}

func (a *askedAbout) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte(a.at)) {
		a.cancel()
	}
	return a.Buffer.Write(p)
}

func TestNobodyAgreesToWhatTheyDidNotSee(t *testing.T) {
	t.Parallel()
	s := open(t, empty())
	if err := s.Init(context.Background(), strings.NewReader("y\n"), full{}, setup.How{Yes: true}); err == nil || s.writes() > 0 {
		t.Errorf("got %v", err)
	}
}
