package airtable_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"maitre/store/airtable"
	"maitre/store/airtable/airtabletest"
	"maitre/store/airtable/airtabletest/formula"
)

func TestFormulas(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 12, 24, 21, 0, 0, 123456789, time.FixedZone("", 3600))
	tests := []struct {
		f    airtable.Formula
		want string
	}{
		{airtable.Formula{}, ""},
		{airtable.Eq("Nombre", "Ana"), `{Nombre}='Ana'`},
		{airtable.Eq("fldAAAAAAAAAAAAAA", `O'Brien \ "x"`), `{fldAAAAAAAAAAAAAA}='O\'Brien \\ \"x\"'`},
		{airtable.Eq("Notas", "a\nb\r\tc"), `{Notas}='a\nb\r\tc'`},
		{airtable.Eq("Notas", `\n`), `{Notas}='\\n'`},
		{airtable.Eq("Notas", "\xff"), "{Notas}='\uFFFD'"},
		{airtable.Eq("¿Qué} %s 'x'?", "%s"), `{¿Qué\} %s 'x'?}='%s'`},
		{airtable.Blank("N"), `({N}&'')=''`},
		{airtable.DateIs("F", "2026-12-24"), `IF({F},IS_SAME({F},'2026-12-24','day'),FALSE())`},
		{airtable.DateIs("F", "'),1,('"), `IF({F},IS_SAME({F},'\'),1,(\'','day'),FALSE())`},
		{airtable.DateFrom("F", "2026-12-24"), `IF({F},NOT(IS_BEFORE({F},DATETIME_PARSE('2026-12-24T00:00:00.000Z'))),FALSE())`},
		{airtable.Between("H", at, at.Add(time.Hour)), `IF({H},AND(NOT(IS_BEFORE({H},DATETIME_PARSE('2026-12-24T20:00:00.123Z'))),` +
			`IS_BEFORE({H},DATETIME_PARSE('2026-12-24T21:00:00.123Z'))),FALSE())`},
		{airtable.And(), ``},
		{airtable.And(airtable.Formula{}, airtable.Eq("A", "x")), `{A}='x'`},
		{airtable.And(airtable.Eq("A", "x"), airtable.Eq("B", "y")), `AND({A}='x',{B}='y')`},
		{airtable.Or(), `FALSE()`},
		{airtable.Or(airtable.Eq("E", "a")), `{E}='a'`},
		{airtable.Or(airtable.Eq("E", "a"), airtable.Eq("E", "b")), `OR({E}='a',{E}='b')`},
		{airtable.Or(airtable.Eq("A", "x"), airtable.Formula{}), ``},
		{airtable.Not(airtable.Formula{}), `FALSE()`},
		{airtable.Not(airtable.Eq("A", "x")), `NOT({A}='x')`},
	}
	for _, tt := range tests {
		if got := tt.f.String(); got != tt.want || tt.f.Err() != nil {
			t.Errorf("got  %s (%v)\nwant %s", got, tt.f.Err(), tt.want)
		}
		if tt.want == "" {
			continue
		}
		if _, err := formula.Parse(tt.want); err != nil {
			t.Errorf("%s: %v", tt.want, err)
		}
	}
}

func TestFieldNamesThatCannotStandInAFormula(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "a}b}", "{a", "a\\", "a\nb"} {
		bad := airtable.Eq(name, "x")
		for _, f := range []airtable.Formula{
			bad, airtable.Not(bad), airtable.And(bad, airtable.Eq("A", "x")), airtable.Or(airtable.Eq("A", "x"), bad),
			airtable.Between(name, time.Now(), time.Now()), airtable.DateIs(name, "x"), airtable.DateFrom(name, "x"),
		} {
			if !errors.Is(f.Err(), airtable.ErrFieldName) {
				t.Errorf("%q is taken: %s", name, f)
			}
		}
	}
	c, srv := overHTTP(t, airtabletest.Options{})
	_, err := c.List(t.Context(), "Reservas", airtable.ListOptions{Where: airtable.Eq("a}b}", "x")})
	if e := asError(t, err); e.Kind != airtable.Permanent || !errors.Is(e, airtable.ErrFieldName) || srv.Count() != 0 {
		t.Errorf("got %+v after %d requests", e, srv.Count())
	}
}

// guestText is what a guest or a stranger may say: also text made to break out.
func guestText() *rapid.Generator[string] {
	pieces := rapid.SampledFrom([]string{
		`'`, `"`, `\`, `\'`, `\\`, `)`, `(`, `,`, `{`, `}`, `1=1`, `OR(`, `TRUE()`, `&`, `{A}`, "\n", "\r", "\t", `\n`, "’", "ñ", "👩‍🍳", " ", "x", "\x00", "%s",
	})
	return rapid.OneOf(
		rapid.String(),
		rapid.Map(rapid.SliceOfN(pieces, 0, 8), func(p []string) string { return strings.Join(p, "") }),
	)
}

// condition is a formula and what it should mean for a row.
type condition struct {
	formula airtable.Formula
	keeps   func(row map[string]string) bool
}

var fieldNames = []string{"A", "Nombre del Cliente", "fldAAAAAAAAAAAAAA", "¿Raro} 'x'?"}

func drawCondition(t *rapid.T, texts []string, depth int) condition {
	kind := rapid.IntRange(0, 6).Draw(t, "kind")
	field := rapid.SampledFrom(fieldNames).Draw(t, "field")
	text := rapid.SampledFrom(texts).Draw(t, "text")
	switch {
	case kind == 0:
		return condition{airtable.Blank(field), func(row map[string]string) bool { return row[field] == "" }}
	case kind == 1:
		other := rapid.SampledFrom(texts).Draw(t, "other")
		return condition{airtable.Or(airtable.Eq(field, text), airtable.Eq(field, other)), func(row map[string]string) bool {
			return row[field] == text || row[field] == other
		}}
	case kind <= 3 || depth == 0:
		return condition{airtable.Eq(field, text), func(row map[string]string) bool { return row[field] == text }}
	}
	parts := make([]condition, rapid.IntRange(0, 3).Draw(t, "parts"))
	formulas := make([]airtable.Formula, len(parts))
	for i := range parts {
		parts[i] = drawCondition(t, texts, depth-1)
		formulas[i] = parts[i].formula
	}
	holds := func(row map[string]string) func(condition) bool {
		return func(c condition) bool { return c.keeps(row) }
	}
	fails := func(row map[string]string) func(condition) bool {
		return func(c condition) bool { return !c.keeps(row) }
	}
	switch kind {
	case 4:
		return condition{airtable.And(formulas...), func(row map[string]string) bool { return !slices.ContainsFunc(parts, fails(row)) }}
	case 5:
		return condition{airtable.Or(formulas...), func(row map[string]string) bool { return slices.ContainsFunc(parts, holds(row)) }}
	default:
		return condition{airtable.Not(airtable.And(formulas...)), func(row map[string]string) bool { return slices.ContainsFunc(parts, fails(row)) }}
	}
}

// Whatever guests say, a formula means what it was put together to mean: it reads
// the fields that were named and no others, and keeps the rows that it should.
func TestNoTextChangesWhatAFormulaMeans(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(guestText(), 1, 4).Draw(t, "texts")
		c := drawCondition(t, texts, 3)
		row := map[string]string{}
		for _, name := range fieldNames {
			row[name] = rapid.SampledFrom(append(texts, "")).Draw(t, "cell")
		}
		want := c.keeps(row)
		if c.formula.Err() != nil {
			t.Fatal(c.formula.Err())
		}
		if c.formula.String() == "" {
			if !want {
				t.Fatal("no condition keeps what it should not")
			}
			return
		}
		parsed, err := formula.Parse(c.formula.String())
		if err != nil {
			t.Fatalf("%s: %v", c.formula, err)
		}
		for _, ref := range parsed.Refs() {
			if !slices.Contains(fieldNames, ref) {
				t.Fatalf("%s reads the field %q", c.formula, ref)
			}
		}
		got := parsed.Eval(formula.Env{Field: func(ref string) formula.Value {
			if row[ref] == "" {
				return formula.Value{}
			}
			return formula.Str(row[ref])
		}})
		if got.Truthy() != want {
			t.Fatalf("%s keeps %v: %t, want %t", c.formula, row, got.Truthy(), want)
		}
	})
}

// The same over HTTP, with what a server makes of the address.
func TestNoTextFindsAnotherGuestsBooking(t *testing.T) {
	t.Parallel()
	c, srv := overHTTP(t, airtabletest.Options{RatePerBase: airtabletest.Unlimited, RatePerUser: airtabletest.Unlimited})
	names := []string{
		"Ana", "O'Brien", `\`, `' , 1=1) OR ('`, `"`, "\\'", "a\nb", "{Nombre del Cliente}", "x&filterByFormula=1", "a+b %20", "🍷", "') & RECORD_ID() & ('",
	}
	for _, name := range names {
		if _, err := srv.Staff().Create("Reservas", map[string]any{"Nombre del Cliente": name}); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range append(names, "nobody", "", "') OR TRUE() OR ('") {
		records, err := c.List(t.Context(), "Reservas", airtable.ListOptions{Where: airtable.Eq("Nombre del Cliente", name)})
		if err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		want := 0
		if slices.Contains(names, name) {
			want = 1
		}
		if len(records) != want {
			t.Errorf("%q finds %d bookings, want %d", name, len(records), want)
			continue
		}
		if want == 1 {
			if got, _ := records[0].Fields["Nombre del Cliente"].Text(); got != name {
				t.Errorf("%q finds %q", name, got)
			}
		}
	}
}

func TestFormulasOverDates(t *testing.T) {
	t.Parallel()
	c, srv := overHTTP(t, airtabletest.Options{RatePerBase: airtabletest.Unlimited, RatePerUser: airtabletest.Unlimited})
	evening := time.Date(2026, 12, 24, 20, 0, 0, 0, time.UTC)
	for i, fields := range []map[string]any{
		{"Fecha de Reserva": "2026-12-23", "Hora": evening.Add(-24 * time.Hour)},
		{"Fecha de Reserva": "2026-12-24", "Hora": evening},
		{"Fecha de Reserva": "2026-12-24", "Hora": evening.Add(2 * time.Hour)},
		{"Hora": evening.Add(time.Hour)},
		{"Fecha de Reserva": "2026-12-25"},
		{"Cantidad de Personas": 0},
	} {
		fields["ID Reserva"] = fmt.Sprint(i)
		if _, err := srv.Staff().Create("Reservas", fields); err != nil {
			t.Fatal(err)
		}
	}
	for name, tt := range map[string]struct {
		where airtable.Formula
		want  string
	}{
		"a day":            {airtable.DateIs("Fecha de Reserva", "2026-12-24"), "12"},
		"from a day on":    {airtable.DateFrom("Fecha de Reserva", "2026-12-24"), "124"},
		"half open":        {airtable.Between("Hora", evening, evening.Add(2*time.Hour)), "13"},
		"a day or an hour": {airtable.Or(airtable.DateIs("Fecha de Reserva", "2026-12-25"), airtable.Between("Hora", evening, evening.Add(90*time.Minute))), "134"},
		"no day":           {airtable.Blank("Fecha de Reserva"), "35"},
		"no number":        {airtable.Blank("Cantidad de Personas"), "01234"},
		"a number":         {airtable.Not(airtable.Blank("Cantidad de Personas")), "5"},
		"never":            {airtable.Or(), ""},
		"always":           {airtable.And(), "012345"},
	} {
		records, err := c.List(t.Context(), "Reservas", airtable.ListOptions{Where: tt.where})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := strings.Join(ids(records), ""); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}
