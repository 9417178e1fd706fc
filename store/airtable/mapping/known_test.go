package mapping_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"maitre/booking"
	"maitre/store/airtable"
	"maitre/store/airtable/airtabletest"
	"maitre/store/airtable/mapping"
)

// later is a mapper of another start, which knows what an earlier one found.
func later(t *testing.T, names mapping.Names, was *mapping.Mapper) *mapping.Mapper {
	t.Helper()
	kept, err := json.Marshal(was.Known())
	if err != nil {
		t.Fatal(err)
	}
	var known mapping.Known
	if err := json.Unmarshal(kept, &known); err != nil {
		t.Fatal(err)
	}
	return mapper(t, names).Knowing(known)
}

// What was found once is known by its ID: at the next look at the base, and at the
// next start, where the restaurant's name for it comes first.
func TestWhatWasFoundIsKnownByItsID(t *testing.T) {
	t.Parallel()
	newPhone := airtabletest.Field{Name: "Teléfono", Type: airtabletest.PhoneNumber}
	type staff = airtabletest.Staff
	for name, c := range map[string]struct {
		happens      func(t *testing.T, s staff)
		names        mapping.Names // of the later start
		runs, starts string        // what the phone's field is called for it; empty: missing
	}{
		"nothing": {func(*testing.T, staff) {}, mapping.Names{}, "Teléfono", "Teléfono"},
		"renamed": {func(t *testing.T, s staff) { must(t, s.RenameField("Reservas", "Teléfono", "Móvil")) }, mapping.Names{}, "Móvil", "Móvil"},
		"renamed, with its table": {func(t *testing.T, s staff) {
			must(t, s.RenameField("Reservas", "Teléfono", "Móvil"))
			must(t, s.RenameTable("Reservas", "Libro"))
		}, mapping.Names{}, "Móvil", "Móvil"},
		"renamed, and another made in its name": {func(t *testing.T, s staff) {
			must(t, s.RenameField("Reservas", "Teléfono", "Móvil"))
			_, err := s.AddField("Reservas", newPhone)
			must(t, err)
		}, mapping.Names{}, "Móvil", "Teléfono"},
		"renamed, and the restaurant says another name": {func(t *testing.T, s staff) { must(t, s.RenameField("Reservas", "Teléfono", "Móvil")) },
			mapping.Names{Bookings: map[mapping.Key]string{mapping.Phone: "Contacto"}}, "Móvil", ""},
		"made anew": {func(t *testing.T, s staff) {
			must(t, s.RemoveField("Reservas", "Teléfono"))
			_, err := s.AddField("Reservas", newPhone)
			must(t, err)
		}, mapping.Names{}, "Teléfono", "Teléfono"},
		"removed": {func(t *testing.T, s staff) { must(t, s.RemoveField("Reservas", "Teléfono")) }, mapping.Names{}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := open(t, airtabletest.Options{})
			bound := mapper(t, mapping.Names{}).Bind(b.schema(t))
			c.happens(t, b.srv.Staff())
			schema := b.schema(t)
			for how, want := range map[string]string{"runs on": c.runs, "starts anew": c.starts} {
				m := bound
				if how == "starts anew" {
					m = later(t, c.names, bound)
				}
				m = m.Bind(schema)
				ref := ""
				for _, table := range schema {
					if f, ok := table.Field(want); ok && table.ID == m.BookingsTable() {
						ref = f.ID
					}
				}
				if got := m.BookingFields(); want != "" && (ref == "" || !slices.Contains(got, ref)) {
					t.Errorf("%s: reads %v, want %q, which is %q", how, got, want, ref)
				}
				missing := slices.ContainsFunc(m.Check(schema), func(f mapping.Finding) bool { return !f.OK && f.Vital })
				if missing != (want == "") {
					t.Errorf("%s: %v is amiss", how, amiss(m.Check(schema)))
				}
				if steps := m.Plan(schema); want != "" && len(steps) > 0 {
					t.Errorf("%s: would %v", how, steps)
				}
			}
		})
	}
}

// A choice that is renamed means what it meant, is written by its new name, and is
// not added once more; where the new name says something by itself, it says that.
func TestARenamedChoiceMeansWhatItMeant(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		to   string
		want booking.Status
	}{
		"a name that says nothing": {"❌", booking.Cancelled},
		"a word for another":       {"Plantón", booking.NoShow},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := open(t, airtabletest.Options{})
			bound := mapper(t, mapping.Names{}).Bind(b.schema(t))
			for _, to := range []string{"?!", c.to} { // once more while it is known
				from := "Cancelada"
				if to == c.to {
					from = "?!"
				}
				must(t, b.srv.Staff().RenameChoice("Reservas", "Estado", from, to))
				bound = bound.Bind(b.schema(t))
			}
			for how, m := range map[string]*mapping.Mapper{"runs on": bound, "starts anew": later(t, mapping.Names{}, bound).Bind(b.schema(t))} {
				row := airtable.Record{ID: "rec00000000000001", Fields: airtable.Cells{
					"Fecha de Reserva": airtable.String("2026-12-03"), "Estado": airtable.String(c.to), "Nombre del Cliente": airtable.String("Eva"),
				}}
				read, _, ok := m.Booking(row, mapping.TableIndex{})
				if !ok || read.Status != c.want {
					t.Errorf("%s: read as %s", how, read.Status)
				}
				read.ID, read.Tables, read.Channel = "01KAYGZ5W8M3T1V0QX9R2B4C6D", nil, booking.ByPhone
				cells, err := m.Fields(read, mapping.TableIndex{})
				if err != nil {
					t.Fatal(err)
				}
				written := false
				for _, cell := range cells {
					written = written || string(cell) == string(airtable.String(c.to))
				}
				if c.want == booking.Cancelled && !written {
					t.Errorf("%s: written as %v", how, cells)
				}
				for _, step := range m.Plan(b.schema(t)) {
					if c.want == booking.Cancelled && strings.Contains(step.String(), "choices") {
						t.Errorf("%s: would %s", how, step)
					}
				}
			}
		})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
