package mapping_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"maitre/booking"
	"maitre/store/airtable"
	"maitre/store/airtable/airtabletest"
	"maitre/store/airtable/mapping"
)

// amiss are the findings that are not ok, a line each.
func amiss(found []mapping.Finding) []string {
	var all []string
	for _, f := range found {
		if !f.OK {
			all = append(all, f.String())
		}
	}
	return all
}

func TestTheDefaultBaseHasAllThatIsNeeded(t *testing.T) {
	t.Parallel()
	b := open(t, airtabletest.Options{})
	m := mapper(t, mapping.Names{})
	found := m.Check(b.schema(t))
	if wrong := amiss(found); len(wrong) > 0 {
		t.Errorf("%s", strings.Join(wrong, "\n"))
	}
	// 2 tables, 14 + 7 fields, 6 statuses, 4 channels, 4 zones.
	if len(found) != 37 {
		t.Errorf("%d findings", len(found))
	}
	if steps := m.Plan(b.schema(t)); len(steps) > 0 {
		t.Errorf("to add: %v", steps)
	}
}

func TestFindingsSayHowToFixThem(t *testing.T) {
	t.Parallel()
	field := func(t *testing.T, b base, name string, as airtabletest.Field) {
		t.Helper()
		if err := b.srv.Staff().RemoveField("Reservas", name); err != nil {
			t.Fatal(err)
		}
		if as.Type == "" {
			return
		}
		if _, err := b.srv.Staff().AddField("Reservas", as); err != nil {
			t.Fatal(err)
		}
	}
	must := func(t *testing.T, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		names mapping.Names
		spoil func(t *testing.T, b base)
		want  []string // parts of the one finding; none: all is well
		steps int
	}{
		"table renamed": {spoil: func(t *testing.T, b base) { must(t, b.srv.Staff().RenameTable("Reservas", "Libro")) },
			want: []string{`wrong: table "Reservas" is not in the base`, `Is it "Libro"? Then set AIRTABLE_TABLE_BOOKINGS="Libro".`}},
		"table in capitals": {spoil: func(t *testing.T, b base) { must(t, b.srv.Staff().RenameTable("Reservas", "RESERVAS")) }},
		"field renamed": {spoil: func(t *testing.T, b base) {
			must(t, b.srv.Staff().RenameField("Reservas", "Estado", "Estado de Reserva"))
		},
			want: []string{`wrong: field "Estado" of "Reservas" is missing`, `Is it "Estado de Reserva"?`, `under [airtable.bookings]`, `status = "Estado de Reserva"`}},
		"field renamed, and said so": {names: mapping.Names{Bookings: map[mapping.Key]string{mapping.Status: "Estado de Reserva"}},
			spoil: func(t *testing.T, b base) {
				must(t, b.srv.Staff().RenameField("Reservas", "Estado", "Estado de Reserva"))
			}},
		"field without its accent": {spoil: func(t *testing.T, b base) { must(t, b.srv.Staff().RenameField("Reservas", "Teléfono", "TELEFONO")) }},
		"field missing": {spoil: func(t *testing.T, b base) { field(t, b, "Código", airtabletest.Field{}) },
			want: []string{`wrong: field "Código" of "Reservas" is missing.`, "maitre airtable init", `press + after the last field of "Reservas"`, "«Texto de una línea»"}, steps: 1},
		"field of an ID that is gone": {names: mapping.Names{Bookings: map[mapping.Key]string{mapping.Notes: "fldAAAAAAAAAAAAAA"}},
			want: []string{`note: field "fldAAAAAAAAAAAAAA" of "Reservas" is missing: the desk works, without what guests asked for`, "No field has this ID any more"}},
		"optional field missing": {spoil: func(t *testing.T, b base) { field(t, b, "Email", airtabletest.Field{}) },
			want: []string{`note: field "Email" of "Reservas" is missing: the desk works, without email addresses`}, steps: 1},
		"wrong type": {spoil: func(t *testing.T, b base) {
			field(t, b, "Cantidad de Personas", airtabletest.Field{Name: "Cantidad de Personas", Type: airtabletest.Checkbox, Options: &airtabletest.Config{Icon: "check", Color: "greenBright"}})
		}, want: []string{`wrong: field "Cantidad de Personas" of "Reservas" has the type «Casilla de verificación»; it must be «Número» or «Texto de una línea»`, "«Editar campo»"}},
		"date with an hour": {spoil: func(t *testing.T, b base) {
			field(t, b, "Fecha de Reserva", airtabletest.Field{Name: "Fecha de Reserva", Type: airtabletest.DateTime, Options: &airtabletest.Config{
				TimeZone: "Europe/Madrid", DateFormat: &airtabletest.Format{Name: "iso"}, TimeFormat: &airtabletest.Format{Name: "24hour"}}})
		}, want: []string{`wrong: field "Fecha de Reserva"`, "without «Incluir hora»"}},
		"computed": {spoil: func(t *testing.T, b base) {
			field(t, b, "Código", airtabletest.Field{Name: "Código", Type: airtabletest.FormulaField, Options: &airtabletest.Config{Formula: "{ID Reserva}"}})
		}, want: []string{`wrong: field "Código" of "Reservas" is computed by Airtable`, `code = "…"`}},
		"hour as text": {spoil: func(t *testing.T, b base) {
			field(t, b, "Hora", airtabletest.Field{Name: "Hora", Type: airtabletest.SingleLineText})
		}},
		"hour in UTC": {spoil: func(t *testing.T, b base) {
			field(t, b, "Hora", airtabletest.Field{Name: "Hora", Type: airtabletest.DateTime, Options: &airtabletest.Config{
				TimeZone: "utc", DateFormat: &airtabletest.Format{Name: "iso"}, TimeFormat: &airtabletest.Format{Name: "24hour"}}})
		}, want: []string{`note: field "Hora" of "Reservas" shows the hours in UTC, an hour or two off`, "Europe/Madrid"}},
		"link to itself": {spoil: func(t *testing.T, b base) {
			field(t, b, "Mesa", airtabletest.Field{Name: "Mesa", Type: airtabletest.MultipleRecordLinks, Options: &airtabletest.Config{LinkedTableID: "Reservas"}})
		}, want: []string{`wrong: field "Mesa" of "Reservas" links to "Reservas"; it must link to "Mesas"`}},
		"choice missing": {spoil: func(t *testing.T, b base) { must(t, b.srv.Staff().RemoveChoice("Reservas", "Estado", "Sentada")) },
			want: []string{`wrong: choice "Sentada" of "Estado" is missing (seated)`, `add the option "Sentada"`, `seated = ["…"]`}, steps: 1},
		"choice in other words": {spoil: func(t *testing.T, b base) {
			must(t, b.srv.Staff().RenameChoice("Reservas", "Estado", "Pre-reserva", "⏳ Pendiente"))
		}},
		"zone missing": {spoil: func(t *testing.T, b base) { must(t, b.srv.Staff().RemoveChoice("Reservas", "Zona Preferida", "Barra")) },
			want: []string{`note: choice "Barra" of "Zona Preferida" is missing (barra)`}, steps: 1},
		"one field for two": {names: mapping.Names{Bookings: map[mapping.Key]string{mapping.Notes: "Código"}},
			want: []string{`wrong: field "Código" of "Reservas" stands for both code and notes`}},
		"a table's field missing": {spoil: func(t *testing.T, b base) { must(t, b.srv.Staff().RemoveField("Mesas", "Disponible")) },
			want: []string{`note: field "Disponible" of "Mesas" is missing: the desk works, without a way to take a table out of use`}, steps: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := open(t, airtabletest.Options{})
			if c.spoil != nil {
				c.spoil(t, b)
			}
			m := mapper(t, c.names)
			schema := b.schema(t)
			wrong := amiss(m.Check(schema))
			if (len(c.want) == 0) != (len(wrong) == 0) || len(wrong) > 1 {
				t.Fatalf("got %q", wrong)
			}
			for _, part := range c.want {
				if !strings.Contains(wrong[0], part) {
					t.Errorf("got %s\nwant %s", wrong[0], part)
				}
			}
			steps := m.Plan(schema)
			planned := slices.ContainsFunc(m.Check(schema), func(f mapping.Finding) bool { return f.Planned })
			if planned != (len(steps) > 0) {
				t.Errorf("planned: %t, steps %v", planned, steps)
			}
			if promised := len(wrong) > 0 && strings.Contains(wrong[0], "maitre airtable init"); promised != planned {
				t.Errorf("planned: %t, and told %s", planned, wrong[0])
			}
			if len(steps) != c.steps {
				t.Fatalf("steps %v, want %d", steps, c.steps)
			}
			for _, step := range steps {
				must(t, step.Apply(context.Background(), b))
			}
			if len(steps) > 0 {
				if left := amiss(m.Check(b.schema(t))); len(left) > 0 {
					t.Errorf("after %v: %q", steps, left)
				}
			}
			if left := len(b.srv.Records("Reservas")); left > 0 {
				t.Errorf("%d rows are left behind", left)
			}
		})
	}
}

func TestThePlanCompletesAnEmptyBase(t *testing.T) {
	t.Parallel()
	// What Airtable gives to whoever makes a base.
	b := open(t, airtabletest.Options{Tables: []airtabletest.Table{{Name: "Tabla 1", Fields: []airtabletest.Field{
		{Name: "Nombre", Type: airtabletest.SingleLineText}, {Name: "Notas", Type: airtabletest.MultilineText},
	}}}})
	m := mapper(t, mapping.Names{})
	steps := m.Plan(b.schema(t))
	if len(steps) != 2 || !strings.Contains(steps[0].String(), `make the table "Mesas"`) || !strings.Contains(steps[1].String(), `"Reservas"`) {
		t.Fatalf("steps %v", steps)
	}
	if len(b.schema(t)) != 1 {
		t.Fatal("planning changed the base")
	}
	if !m.MakesTables(b.schema(t)) || m.HasTables(b.schema(t)) {
		t.Error("the plan does not say that it makes the tables' table")
	}
	for _, step := range steps {
		if step.Scope() != airtabletest.ScopeSchemaWrite {
			t.Errorf("%s: scope %s", step, step.Scope())
		}
		if err := step.Apply(context.Background(), b); err != nil {
			t.Fatal(err)
		}
	}
	if left := amiss(m.Check(b.schema(t))); len(left) > 0 {
		t.Errorf("left: %s", strings.Join(left, "\n"))
	}
	if more := m.Plan(b.schema(t)); len(more) > 0 {
		t.Errorf("a second time: %v", more)
	}
	if old, ok := b.srv.Table("Tabla 1"); !ok || len(old.Fields) != 2 {
		t.Errorf("what was there was changed: %+v", old)
	}
	// And it works.
	bound := m.Bind(b.schema(t))
	if _, err := b.srv.Staff().Create("Mesas", fields{"ID Mesa": "T1", "Disponible": true}); err != nil {
		t.Fatal(err)
	}
	_, index := b.tables(t, bound)
	want := booking.Booking{ID: "01KAYGZ5W8M3T1V0QX9R2B4C6D", Code: "K7QF", Name: "Ana", Phone: "+34612345678", Date: date(t, thursday),
		Time: booking.NewTimeOfDay(21, 0), Start: time.Date(2026, 12, 3, 20, 0, 0, 0, time.UTC), Party: 2, Tables: []string{"T1"},
		Status: booking.Confirmed, Channel: booking.ByPhone, AskedZone: "sofas"}
	row, err := bound.Row(want, "", nil, index)
	if err != nil {
		t.Fatal(err)
	}
	b.write(t, bound, row)
	if read, _ := b.day(t, bound, index, want.Date); len(read) != 1 || !slices.Equal(read[0].Tables, want.Tables) || read[0].AskedZone != "sofas" {
		t.Errorf("read %+v", read)
	}
}

func TestAStepThatFailsSaysWhich(t *testing.T) {
	t.Parallel()
	b := open(t, airtabletest.Options{})
	if err := b.srv.Staff().RemoveChoice("Reservas", "Estado", "Sentada"); err != nil {
		t.Fatal(err)
	}
	m := mapper(t, mapping.Names{})
	steps := m.Plan(b.schema(t))
	if err := b.srv.Staff().Lock("Reservas", ""); err != nil {
		t.Fatal(err)
	}
	if len(steps) != 1 {
		t.Fatalf("steps %v", steps)
	}
	err := steps[0].Apply(context.Background(), b)
	if err == nil || !strings.Contains(err.Error(), "Sentada") || !strings.Contains(err.Error(), "permitted") {
		t.Errorf("got %v", err)
	}
}

// A choice's row that cannot be deleted is named, and the error asks for no retry.
func TestARowThatStaysIsNamed(t *testing.T) {
	t.Parallel()
	b := open(t, airtabletest.Options{})
	if err := b.srv.Staff().RemoveChoice("Reservas", "Estado", "Sentada"); err != nil {
		t.Fatal(err)
	}
	steps := mapper(t, mapping.Names{}).Plan(b.schema(t))
	b.srv.Inject(airtabletest.Fault{Ops: []airtabletest.Op{airtabletest.OpDelete}, Status: http.StatusInternalServerError})
	err := steps[0].Apply(context.Background(), b)
	rows := b.srv.Records("Reservas")
	if err == nil || len(rows) != 1 || !strings.Contains(err.Error(), rows[0].ID) || errors.Is(err, airtable.UnknownOutcome) {
		t.Fatalf("%v, rows %v", err, rows)
	}
	if steps[0].Scope() != airtabletest.ScopeWrite {
		t.Errorf("scope %s", steps[0].Scope())
	}
}

// impatient interrupts once the rows of a choice are made.
type impatient struct {
	mapping.Base
	cancel func()
}

func (i impatient) Create(ctx context.Context, to airtable.Target, records ...airtable.Record) []airtable.Written {
	defer i.cancel()
	return i.Base.Create(ctx, to, records...)
}

func TestNoRowStaysAfterAnInterruption(t *testing.T) {
	t.Parallel()
	b := open(t, airtabletest.Options{})
	if err := b.srv.Staff().RemoveChoice("Reservas", "Estado", "Sentada"); err != nil {
		t.Fatal(err)
	}
	steps := mapper(t, mapping.Names{}).Plan(b.schema(t))
	ctx, cancel := context.WithCancel(context.Background())
	if err := steps[0].Apply(ctx, impatient{b, cancel}); err != nil || len(b.srv.Records("Reservas")) > 0 {
		t.Errorf("%v, rows %v", err, b.srv.Records("Reservas"))
	}
}

func TestARowIsDeletedWhenThereIsTime(t *testing.T) {
	t.Parallel()
	b := open(t, airtabletest.Options{})
	if err := b.srv.Staff().RemoveChoice("Reservas", "Estado", "Sentada"); err != nil {
		t.Fatal(err)
	}
	steps := mapper(t, mapping.Names{}).Plan(b.schema(t))
	b.srv.Inject(airtabletest.Fault{Ops: []airtabletest.Op{airtabletest.OpDelete}, Status: http.StatusTooManyRequests, Times: 3})
	if err := steps[0].Apply(context.Background(), b); err != nil || len(b.srv.Records("Reservas")) > 0 {
		t.Errorf("%v, rows %v", err, b.srv.Records("Reservas"))
	}
}

func TestWhatTheBaseLacksIsNotWritten(t *testing.T) {
	t.Parallel()
	b := open(t, airtabletest.Options{})
	for _, name := range []string{"Email", "Canal", "Zona Preferida", "VAPI Call ID", "Notas Especiales"} {
		if err := b.srv.Staff().RemoveField("Reservas", name); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.srv.Staff().RemoveField("Mesas", "Disponible"); err != nil {
		t.Fatal(err)
	}
	if _, err := b.srv.Staff().Create("Mesas", fields{"ID Mesa": "T1"}); err != nil {
		t.Fatal(err)
	}
	m := mapper(t, mapping.Names{}).Bind(b.schema(t))
	tables, index := b.tables(t, m)
	if len(tables) != 1 || tables[0].Access != booking.Online {
		t.Errorf("without the field, a table is not available: %+v", tables)
	}
	row, err := m.Row(booking.Booking{ID: "01KAYGZ5W8M3T1V0QX9R2B4C6D", Date: date(t, thursday), Start: made, Party: 2, Status: booking.Confirmed,
		Channel: booking.ByWeb, Email: "a@b.c", Notes: "x", AskedZone: "barra", Tables: []string{"T1"}}, "", nil, index)
	if err != nil {
		t.Fatal(err)
	}
	b.write(t, m, row)
	if n := len(m.BookingFields()); n != 9 {
		t.Errorf("%d fields are asked for", n)
	}
}
