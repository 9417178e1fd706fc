package mapping_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"maitre/booking"
	"maitre/store/airtable"
	"maitre/store/airtable/airtabletest"
	"maitre/store/airtable/mapping"
)

func TestATablesRowFitsTheBase(t *testing.T) {
	t.Parallel()
	zone := func(names ...string) *airtabletest.Config {
		c := &airtabletest.Config{}
		for _, name := range names {
			c.Choices = append(c.Choices, airtabletest.Choice{Name: name})
		}
		return c
	}
	formula := &airtabletest.Config{Formula: "'x'"}
	for name, c := range map[string]struct {
		field  string // in place of the usual one
		as     airtabletest.Field
		id     string
		want   string
		failed error
	}{
		"usual":                 {want: `Capacidad:8 Capacidad Mínima:5 Disponible:true ID Mesa:"I14" Nombre de Mesa:"Redonda" Prioridad:10 Ubicación:"Interior"`},
		"a zone in other words": {field: "Ubicación", as: airtabletest.Field{Type: airtabletest.SingleSelect, Options: zone("Patio", "COMEDOR")}, want: `Ubicación:"COMEDOR"`},
		"no word for the zone":  {field: "Ubicación", as: airtabletest.Field{Type: airtabletest.SingleSelect, Options: zone("Patio")}, want: `Ubicación:"Interior"`},
		"zone as text":          {field: "Ubicación", as: airtabletest.Field{Type: airtabletest.SingleLineText}, want: `Ubicación:"Interior"`},
		"computed zone":         {field: "Ubicación", as: airtabletest.Field{Type: airtabletest.FormulaField, Options: formula}, want: `-Ubicación`},
		"no zone":               {field: "Ubicación", want: `-Ubicación`},
		"seats as text":         {field: "Capacidad", as: airtabletest.Field{Type: airtabletest.SingleLineText}, want: `Capacidad:"8"`},
		"computed seats":        {field: "Capacidad", as: airtabletest.Field{Type: airtabletest.FormulaField, Options: formula}, want: `-Capacidad:`},
		"available in words":    {field: "Disponible", as: airtabletest.Field{Type: airtabletest.SingleSelect, Options: zone("No", "Sí")}, want: `Disponible:"Sí"`},
		"no word for it":        {field: "Disponible", as: airtabletest.Field{Type: airtabletest.SingleSelect, Options: zone("Rota")}, want: `Disponible:"Disponible"`},
		"computed availability": {field: "Disponible", as: airtabletest.Field{Type: airtabletest.FormulaField, Options: formula}, want: `-Disponible`},
		"number as name":        {field: "Nombre de Mesa", as: airtabletest.Field{Type: airtabletest.Number, Options: &airtabletest.Config{Precision: new(int)}}, want: `-Nombre`},
		"number as ID":          {field: "ID Mesa", as: airtabletest.Field{Type: airtabletest.Number, Options: &airtabletest.Config{Precision: new(int)}}, id: "14", want: `ID Mesa:14`},
		"no number for it":      {field: "ID Mesa", as: airtabletest.Field{Type: airtabletest.Number, Options: &airtabletest.Config{Precision: new(int)}}, failed: mapping.ErrIDField},
		"computed ID":           {field: "ID Mesa", as: airtabletest.Field{Type: airtabletest.FormulaField, Options: formula}, failed: mapping.ErrIDField},
		"no ID":                 {field: "ID Mesa", failed: mapping.ErrIDField},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := open(t, airtabletest.Options{})
			if c.field != "" {
				if err := b.srv.Staff().RenameField("Mesas", c.field, "before"); err != nil {
					t.Fatal(err)
				}
			}
			if c.as.Type != "" {
				c.as.Name = c.field
				if _, err := b.srv.Staff().AddField("Mesas", c.as); err != nil {
					t.Fatal(err)
				}
			}
			names := mapping.Names{Zones: map[string][]string{"interior": {"Interior", "Comedor"}}}
			m := mapper(t, names).Bind(b.schema(t))
			table := booking.Table{ID: "I14", Name: "Redonda", Zone: "interior", Min: 5, Max: 8, Priority: 10}
			if c.id != "" {
				table.ID = c.id
			}
			row, err := m.TableRow(table)
			if !errors.Is(err, c.failed) || err != nil && c.failed == nil {
				t.Fatalf("got %v", err)
			}
			if err != nil {
				return
			}
			// By field ID: told by name here.
			cells := map[string]string{}
			for _, key := range mapping.TableKeys() {
				if cell, ok := row.Fields[b.srv.FieldID("Mesas", m.TableField(key))]; ok {
					cells[m.TableField(key)] = string(cell)
				}
			}
			var got strings.Builder
			for _, field := range slices.Sorted(maps.Keys(cells)) {
				fmt.Fprintf(&got, "%s:%s ", field, cells[field])
			}
			not, without := strings.CutPrefix(c.want, "-")
			if strings.Contains(got.String(), not) == without || len(cells) != len(row.Fields) {
				t.Errorf("got %s, want %s", &got, c.want)
			}
			done := b.Create(t.Context(), airtable.Target{Table: m.TablesTable(), Typecast: true}, row)
			if err := airtable.Failures(done); err != nil {
				t.Errorf("not taken: %v", err)
			}
		})
	}
}

func TestDoublesAreFound(t *testing.T) {
	t.Parallel()
	m := mapper(t, mapping.Names{})
	const one, other, lone = "01KAYGZ5W8M3T1V0QX9R2B4C6D", "01KAYGZ5W8M3T1V0QX9R2B4C6E", "01KAYGZ5W8M3T1V0QX9R2B4C6F"
	var rows []airtable.Record
	for i, id := range []any{one, "1", other, lone, nil, one, "1", other, nil, one} {
		rows = append(rows, record(t, i, fields{"ID Reserva": id}))
	}
	rows[5].Created = made.AddDate(0, 0, -1)
	want := []mapping.Double{
		{ID: one, Records: []string{rows[5].ID, rows[0].ID, rows[9].ID}}, {ID: other, Records: []string{rows[2].ID, rows[7].ID}},
	}
	if got := m.Doubles(rows); !slices.EqualFunc(got, want, func(a, b mapping.Double) bool { return a.ID == b.ID && slices.Equal(a.Records, b.Records) }) {
		t.Errorf("got %v, want %v", got, want)
	}
}
