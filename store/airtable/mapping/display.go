package mapping

import (
	"slices"
	"strings"

	"github.com/oklog/ulid/v2"

	"maitre/store/airtable"
)

// BookingsName returns what people call the bookings' table.
func (m *Mapper) BookingsName() string { return m.bookings.name }

// TablesName returns what people call the tables' table.
func (m *Mapper) TablesName() string { return m.tables.name }

// BookingField returns what people call a field of the bookings' table.
func (m *Mapper) BookingField(key Key) string { return m.bookings.columns[key].name }

// TableField returns what people call a field of the tables' table.
func (m *Mapper) TableField(key Key) string { return m.tables.columns[key].name }

// HasTables reports whether a base has the tables' table.
func (m *Mapper) HasTables(schema []airtable.Table) bool {
	_, ok := m.tables.find(schema)
	return ok
}

// Double is one booking ID that several rows have.
type Double struct {
	ID      string
	Records []string // the rows' IDs, the oldest first
}

// Doubles returns the booking IDs that more than one of the rows has, as happens
// when somebody copies a row: Airtable then takes no changes to that booking.
func (m *Mapper) Doubles(records []airtable.Record) []Double {
	rows := map[string][]string{}
	var ids []string
	for _, rec := range inOrder(records) {
		id, _ := textOf(m.bookings.cell(rec, ID))
		if _, err := ulid.ParseStrict(id); err != nil {
			continue // not one of ours
		}
		if rows[id] = append(rows[id], rec.ID); len(rows[id]) == 2 {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	var all []Double
	for _, id := range ids {
		all = append(all, Double{id, rows[id]})
	}
	return all
}

// Named returns a text in which IDs of tables and fields are replaced by the
// names that people know.
func (m *Mapper) Named(text string) string {
	var pairs []string
	for _, s := range []sheet{m.bookings, m.tables} {
		if s.ref != s.name {
			pairs = append(pairs, s.ref, s.name)
		}
		for _, c := range s.columns {
			if c.id != "" {
				pairs = append(pairs, c.id, c.name)
			}
		}
	}
	return strings.NewReplacer(pairs...).Replace(text)
}
