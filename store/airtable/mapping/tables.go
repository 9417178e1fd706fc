package mapping

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"maitre/booking"
	"maitre/store/airtable"
)

// TableIndex maps tables to their rows in the base, by which bookings link to them.
// The zero value is empty. It is immutable.
type TableIndex struct {
	byRecord map[string]booking.Table
	record   map[string]string // table ID -> record ID
	byName   map[string]string // folded ID or name -> table ID
}

// Record returns the record ID of a table.
func (x TableIndex) Record(tableID string) (string, bool) {
	rec, ok := x.record[tableID]
	return rec, ok
}

// Table returns the ID of the table that a record is.
func (x TableIndex) Table(recordID string) (string, bool) {
	t, ok := x.byRecord[recordID]
	return t.ID, ok
}

// Records returns the tables' IDs by record ID, for keeping. The caller owns it.
func (x TableIndex) Records() map[string]string {
	all := make(map[string]string, len(x.byRecord))
	for rec, t := range x.byRecord {
		all[rec] = t.ID
	}
	return all
}

// IndexOf makes the index of tables from what [TableIndex.Records] returned.
func IndexOf(tables []booking.Table, records map[string]string) TableIndex {
	x := newIndex(len(tables))
	for _, rec := range slices.Sorted(maps.Keys(records)) {
		for _, t := range tables {
			if t.ID == records[rec] {
				x.add(rec, t)
			}
		}
	}
	return x
}

func newIndex(n int) TableIndex {
	return TableIndex{byRecord: make(map[string]booking.Table, n), record: make(map[string]string, n), byName: make(map[string]string, 2*n)}
}

// add keeps the first row of a table and the first table of a name.
func (x TableIndex) add(rec string, t booking.Table) {
	x.byRecord[rec] = t
	if _, ok := x.record[t.ID]; !ok {
		x.record[t.ID] = rec
	}
	for _, name := range []string{t.ID, t.Name, "mesa " + t.ID, "table " + t.ID} {
		if _, ok := x.byName[fold(name)]; !ok && fold(name) != "" {
			x.byName[fold(name)] = t.ID
		}
	}
}

// defaultPriority is the restaurant file's.
const defaultPriority = 10

// Tables reads the base's tables, in the order of the restaurant file and, after
// those, by ID. What only the file says of a table (what guests are told before
// they sit there, who may give it away) is taken over by the table's ID, and so
// is what the row leaves empty.
//
// A table that the staff did not tick as available is [booking.WalkInOnly]:
// nobody books it, by whatever channel, but what is booked there stays, and it
// keeps its place in the index.
func (m *Mapper) Tables(records []airtable.Record) ([]booking.Table, TableIndex, []Unread) {
	x := newIndex(len(records))
	var tables []booking.Table
	var unread []Unread
	for _, rec := range inOrder(records) {
		r := report{sheet: &m.tables, record: rec.ID}
		t, ok := m.table(rec, &r)
		if ok {
			if _, again := x.record[t.ID]; again {
				r.add(ID, m.tables.cell(rec, ID), "is the ID of another row too: both are taken for one table")
			} else {
				tables = append(tables, t)
			}
			x.add(rec.ID, t)
		}
		unread = append(unread, r.all...)
	}
	place := map[string]int{}
	for i, t := range m.restaurant.Tables {
		place[t.ID] = i + 1
	}
	slices.SortStableFunc(tables, func(a, b booking.Table) int {
		pa, pb := place[a.ID], place[b.ID]
		switch {
		case pa > 0 && pb > 0:
			return cmp.Compare(pa, pb)
		case pa > 0 || pb > 0:
			return cmp.Compare(pb, pa)
		}
		return cmp.Compare(a.ID, b.ID)
	})
	return tables, x, unread
}

// inOrder returns rows sorted by when they were made: Airtable returns them in any
// order, and of two with one ID the first must be the same each time.
func inOrder(records []airtable.Record) []airtable.Record {
	sorted := slices.Clone(records)
	slices.SortStableFunc(sorted, func(a, b airtable.Record) int {
		return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID))
	})
	return sorted
}

// table reads a row of the tables' table; false for an empty one, and for a [Mark].
func (m *Mapper) table(rec airtable.Record, r *report) (booking.Table, bool) {
	if _, is := m.Mark(rec); is {
		return booking.Table{}, false
	}
	cell := func(key Key) airtable.Cell { return m.tables.cell(rec, key) }
	t := booking.Table{Access: booking.Online, Min: 1, Priority: defaultPriority}
	t.Name, _ = textOf(cell(Name))
	t.Name = oneLine(t.Name)
	id, ok := textOf(cell(ID))
	t.ID = oneLine(id)
	if t.ID == "" {
		if t.Name == "" && cell(Max).IsEmpty() {
			return booking.Table{}, false
		}
		t.ID = cmp.Or(t.Name, rec.ID)
		why := "is empty: the table goes by its name"
		if !ok {
			why = "is no text: the table goes by its name"
		}
		if t.Name == "" {
			why = strings.Replace(why, "its name", "its row's ID", 1)
		}
		r.add(ID, cell(ID), why)
	}
	if i := slices.IndexFunc(m.restaurant.Tables, func(f booking.Table) bool { return sameTable(f.ID, t.ID) }); i >= 0 {
		name := t.Name
		t = m.restaurant.Tables[i]
		t.Name = cmp.Or(name, t.Name)
	}
	t.Name = cmp.Or(t.Name, t.ID)
	m.tableZone(cell(Zone), &t, r)
	m.seats(cell, &t, r)
	m.availability(cell(Available), &t, r)
	return t, true
}

// sameTable reports whether two IDs differ only in how they were typed.
func sameTable(a, b string) bool { return a == b || fold(a) == fold(b) && fold(a) != "" }

func (m *Mapper) tableZone(c airtable.Cell, t *booking.Table, r *report) {
	s, ok := textOf(c)
	if ok && s == "" {
		if t.Zone == "" {
			r.add(Zone, c, "is empty: the table is in no zone, and goes only to guests who ask for none")
		}
		return
	}
	zone, known := m.words.zone(s)
	if known {
		t.Zone = zone
		return
	}
	why := "is no zone of this house: the table is in none"
	if t.Zone != "" {
		why = "is no zone of this house: the table stays in " + t.Zone
	}
	r.add(Zone, c, why+"; add the word under [airtable.zones] in the restaurant file")
}

func (m *Mapper) seats(cell func(Key) airtable.Cell, t *booking.Table, r *report) {
	most, ok := whole(cell(Max))
	switch {
	case ok && most > 0 && most <= maxParty:
		t.Max = most
	case t.Max > 0 && !cell(Max).IsEmpty():
		r.add(Max, cell(Max), "is no number of guests: "+strconv.Itoa(t.Max)+" are taken, from the restaurant file")
	case t.Max == 0:
		t.Max, t.Access = 1, booking.WalkInOnly
		r.add(Max, cell(Max), "does not say how many guests sit here: nobody can book the table")
	}
	least, ok := whole(cell(Min))
	switch {
	case ok && least >= 0 && least <= t.Max:
		t.Min = max(1, least)
	case !cell(Min).IsEmpty():
		r.add(Min, cell(Min), "is no number of guests up to "+strconv.Itoa(t.Max)+": 1 is taken")
		t.Min = 1
	}
	t.Min = min(t.Min, t.Max)
	priority, ok := whole(cell(Priority))
	switch {
	case ok:
		t.Priority = priority
	case !cell(Priority).IsEmpty():
		r.add(Priority, cell(Priority), "is no whole number: "+strconv.Itoa(t.Priority)+" is taken")
	}
}

func (m *Mapper) availability(c airtable.Cell, t *booking.Table, r *report) {
	if m.tables.columns[Available].absent {
		return
	}
	yes, ok := c.Bool()
	if !ok {
		yes, ok = m.availableInWords(c)
	}
	if !ok {
		r.add(Available, c, "is neither yes nor no: nobody can book the table")
	}
	if !yes {
		t.Access = booking.WalkInOnly
	}
}

// availableInWords reads a field that somebody made a choice or a number of.
func (m *Mapper) availableInWords(c airtable.Cell) (yes, ok bool) {
	s, _ := textOf(c)
	switch fold(s) {
	case "si", "s", "yes", "y", "1", "x", "disponible", "libre", "activa", "activo", "ok", "true", "available":
		return true, true
	case "no", "n", "0", "nodisponible", "fueradeservicio", "inactiva", "inactivo", "retirada", "rota", "false", "unavailable":
		return false, true
	}
	return false, false
}

// whole reads a whole number, also one typed as text.
func whole(c airtable.Cell) (int, bool) {
	n, ok := c.Number()
	if !ok {
		s, isText := textOf(c)
		if !isText || s == "" {
			return 0, false
		}
		parsed, err := strconv.Atoi(s)
		return parsed, err == nil && parsed > -1e6 && parsed < 1e6
	}
	return int(max(min(n, 1e6), -1e6)), n == math.Trunc(n) && math.Abs(n) < 1e6
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
