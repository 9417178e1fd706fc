package mapping

import (
	"errors"
	"fmt"
	"strconv"

	"maitre/booking"
	"maitre/store/airtable"
)

// ErrIDField is returned for a table whose ID the base's field for it does not take.
var ErrIDField = errors.New("the field for the table's ID does not take it")

// TableRow returns a new row for a table of the restaurant file, ticked as
// available. What Airtable computes is left out, and so is what the base has no
// field for: reading takes it from the file. A zone is written in the base's own
// word for it or, if it has none, in the restaurant's, which a write with typecast
// adds to the choices. The mapper must be bound.
//
// Errors: [ErrIDField].
func (m *Mapper) TableRow(t booking.Table) (airtable.Record, error) {
	id := m.tables.columns[ID]
	if _, err := strconv.Atoi(t.ID); id.absent || computed(id) || id.kind == airtable.TypeNumber && err != nil {
		return airtable.Record{}, fmt.Errorf("write table %s: field %q (%s): %w", t.ID, id.name, kindName(id.kind), ErrIDField)
	}
	w := writer{sheet: &m.tables, cells: make(map[string]airtable.Cell, len(TableKeys()))}
	w.textOrNumber(ID, t.ID)
	w.textOrNumber(Name, t.Name)
	w.count(Max, t.Max)
	w.count(Min, t.Min)
	w.count(Priority, t.Priority)
	if word, ok := m.zoneWordFor(t.Zone); ok {
		w.given(Zone, airtable.String(word))
	}
	w.given(Available, m.yes())
	return airtable.Record{Fields: w.cells}, nil
}

func computed(c column) bool { return airtable.Field{Type: c.kind}.Computed() }

// given writes a cell unless Airtable computes the field.
func (w *writer) given(key Key, c airtable.Cell) {
	if !computed(w.sheet.columns[key]) {
		w.put(key, c)
	}
}

// textOrNumber writes a text; in a number field, its number, or nothing if it is none.
func (w *writer) textOrNumber(key Key, s string) {
	if w.sheet.columns[key].kind != airtable.TypeNumber {
		w.given(key, airtable.String(s))
		return
	}
	if n, err := strconv.Atoi(s); err == nil {
		w.given(key, airtable.Number(n))
	}
}

func (w *writer) count(key Key, n int) {
	if isText(w.sheet.columns[key].kind) {
		w.given(key, airtable.String(strconv.Itoa(n)))
		return
	}
	w.given(key, airtable.Number(n))
}

func (m *Mapper) zoneWordFor(zone string) (string, bool) {
	words := m.names.Zones[zone]
	if len(words) == 0 {
		return "", false
	}
	if word, ok := written(zone, words, m.words.zones, m.tables.columns[Zone].choices); ok {
		return word, true
	}
	return words[0], true
}

// yes returns a ticked box or, if the field is a select, the staff's word for yes.
func (m *Mapper) yes() airtable.Cell {
	c := m.tables.columns[Available]
	if c.kind != airtable.TypeSingleSelect {
		return airtable.Bool(true)
	}
	for _, word := range c.choices {
		if yes, _ := m.availableInWords(airtable.String(word)); yes {
			return airtable.String(word)
		}
	}
	return airtable.String("Disponible")
}
