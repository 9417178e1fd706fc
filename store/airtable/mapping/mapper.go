package mapping

import (
	"maps"
	"slices"
	"strings"
	"sync/atomic"

	"maitre/booking"
	"maitre/booking/phrase"
	"maitre/store/airtable"
)

// Phones reads telephone numbers as people type them.
type Phones interface {
	Parse(string) (booking.Phone, error)
}

// Mapper reads and writes rows. It is safe for concurrent use.
//
// A new one knows the names only. One that was bound to the base's schema
// ([Mapper.Bind]) uses field IDs, which outlive a renaming, knows the fields' types,
// and leaves out fields that the base does not have.
type Mapper struct {
	names      Names
	restaurant *booking.Restaurant
	phones     Phones
	words      vocabulary
	reader     *phrase.Reader

	bookings, tables sheet
	bound            bool

	// hours caches the services of the last date: rows come day by day.
	hours *atomic.Pointer[booking.DayHours]
}

// sheet is a table of the base: its columns by key.
type sheet struct {
	ref     string // what requests call it
	name    string // what people call it
	columns map[Key]column
	// called and names are what the restaurant calls it and its fields.
	called string
	names  map[Key]string
	// bound: its table was found. known is what was found, now or before.
	bound bool
	known KnownTable
}

// column is a field of the base.
type column struct {
	ref  string // what requests call it
	name string // what people call it
	id   string // empty: not known
	// absent: the base has no such field.
	absent bool
	// kind is the field's type; empty: not known.
	kind    string
	choices []string
	// choiceIDs are the names of its choices by their IDs.
	choiceIDs map[string]string
}

// New returns a mapper that knows the names only: until it is bound to the base's
// schema it takes fields to be of the types in docs/airtable.md, and cannot read
// those that are named by ID. The restaurant must have passed [booking.Restaurant.Check].
func New(names Names, restaurant *booking.Restaurant, phones Phones) *Mapper {
	names = names.For(restaurant)
	return &Mapper{
		names: names, restaurant: restaurant, phones: phones, words: newVocabulary(names, restaurant), reader: hourReader(restaurant),
		bookings: newSheet(names.BookingsTable, names.Bookings),
		tables:   newSheet(names.TablesTable, names.Tables),
		hours:    new(atomic.Pointer[booking.DayHours]),
	}
}

func newSheet(ref string, names map[Key]string) sheet {
	s := sheet{ref: ref, name: ref, columns: make(map[Key]column, len(names)), called: ref, names: names}
	for key, name := range names {
		s.columns[key] = column{ref: name, name: name}
	}
	return s
}

// Bind returns a mapper that knows the base. It is for records by field ID, though it
// reads those by name too. What the schema lacks is neither asked for nor written;
// [Mapper.Check] reports it.
//
// Bound again, it keeps its tables and fields, whatever their names are now; only what
// is gone is looked for by name.
func (m *Mapper) Bind(schema []airtable.Table) *Mapper {
	bound := *m
	var both bool
	bound.bookings, bound.bound = m.bookings.bind(schema)
	bound.tables, both = m.tables.bind(schema)
	bound.bound = bound.bound && both
	bound.addRenamedChoices()
	return &bound
}

func (s sheet) bind(schema []airtable.Table) (sheet, bool) {
	table, ok := s.find(schema)
	if !ok {
		return s, false
	}
	next := s
	next.ref, next.name, next.bound = table.ID, table.Name, true
	next.columns = make(map[Key]column, len(s.names))
	next.known = KnownTable{ID: table.ID, Called: s.called, Fields: maps.Clone(s.known.Fields)}
	if next.known.Fields == nil || s.known.ID != table.ID {
		next.known.Fields = make(map[Key]KnownField, len(s.names))
	}
	for key, name := range s.names {
		f, ok := s.field(table, key)
		if !ok {
			next.columns[key] = column{ref: name, name: name, absent: true}
			continue
		}
		c := column{ref: f.ID, name: f.Name, id: f.ID, kind: f.Type, choiceIDs: map[string]string{}}
		for _, choice := range f.Choices() {
			c.choices = append(c.choices, choice.Name)
			c.choiceIDs[choice.ID] = choice.Name
		}
		next.columns[key] = c
		next.known.note(key, name, f)
	}
	return next, true
}

// findTable finds a table by ID or name, or by a name that differs in accents and capitals only.
func findTable(schema []airtable.Table, ref string) (airtable.Table, bool) {
	for _, like := range []func(t airtable.Table) bool{
		func(t airtable.Table) bool { return t.ID == ref },
		func(t airtable.Table) bool { return t.Name == ref },
		func(t airtable.Table) bool { return fold(t.Name) == fold(ref) },
	} {
		if i := slices.IndexFunc(schema, like); i >= 0 {
			return schema[i], true
		}
	}
	return airtable.Table{}, false
}

// findField finds a field as findTable does a table; of several that differ in
// accents only, none.
func findField(t airtable.Table, ref string) (airtable.Field, bool) {
	if f, ok := t.Field(ref); ok {
		return f, true
	}
	var found []airtable.Field
	for _, f := range t.Fields {
		if fold(f.Name) == fold(ref) && fold(ref) != "" {
			found = append(found, f)
		}
	}
	if len(found) != 1 {
		return airtable.Field{}, false
	}
	return found[0], true
}

// ByFieldID reports whether records are to be asked for by field ID: if the mapper is
// bound.
func (m *Mapper) ByFieldID() bool { return m.bound }

// BookingsTable returns what requests call the bookings' table.
func (m *Mapper) BookingsTable() string { return m.bookings.ref }

// TablesTable returns what requests call the tables' table.
func (m *Mapper) TablesTable() string { return m.tables.ref }

// MergeOn returns the fields that an upsert finds a booking's row by.
func (m *Mapper) MergeOn() []string { return []string{m.bookings.columns[ID].ref} }

// BookingFields returns the fields to ask for when bookings are read: all of ours,
// since a change is written from what was read.
func (m *Mapper) BookingFields() []string { return m.bookings.fields(BookingKeys()) }

// TableFields returns the fields to ask for when tables are read.
func (m *Mapper) TableFields() []string { return m.tables.fields(TableKeys()) }

func (s sheet) fields(keys []Key) []string {
	refs := make([]string, 0, len(keys))
	for _, key := range keys {
		if c := s.columns[key]; !c.absent {
			refs = append(refs, c.ref)
		}
	}
	return refs
}

// cell returns a record's cell, by field ID or by name; nil when it is empty.
func (s sheet) cell(rec airtable.Record, key Key) airtable.Cell {
	c := s.columns[key]
	for _, name := range []string{c.id, c.name, c.ref} {
		if cell, ok := rec.Fields[name]; ok && name != "" {
			return cell
		}
	}
	return nil
}

// IsRecordID reports whether a booking's ID is that of its row: a booking that the
// staff typed by hand. It is written by record ID, never by the fields to merge on.
func IsRecordID(id string) bool {
	rest, ok := strings.CutPrefix(id, "rec")
	return ok && len(rest) == 14 && strings.IndexFunc(rest, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	}) < 0
}
