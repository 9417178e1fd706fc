package booking

import (
	"slices"
	"strings"
	"time"
)

// Row is what the system of record says of a booking.
type Row struct {
	// Record is the row's own ID, also of a row that was deleted; "" when there never was
	// one, as far as is known.
	Record string
	// Booking is what the row says. Zero where there is no row, or its date was removed.
	Booking Booking
}

// Missing reports whether there is no row that is a booking.
func (r Row) Missing() bool { return r.Booking.ID == "" }

// RowRead is the result of reading the row of an entry's booking.
type RowRead struct {
	Row Row
	// Unknown: it was not known until now that this row is the booking's.
	Unknown bool
	// Err is why it could not be read; nil: it was.
	Err *RecordError
}

// Clash is what a person changed in the system of record while the same was to
// be changed from here.
type Clash string

// The clashes.
const (
	// ClashGone: the row was deleted, or its day emptied.
	ClashGone Clash = "gone"
	// ClashStatus: the row was cancelled, or its party came or did not come.
	ClashStatus Clash = "status"
	ClashWhen   Clash = "when"
	ClashParty  Clash = "party"
	ClashTables Clash = "tables"
	ClashZone   Clash = "zone"
	ClashName   Clash = "name"
	ClashPhone  Clash = "phone"
	ClashEmail  Clash = "email"
)

// Merge returns the state that an entry's booking shall have in the row that was just
// read. A value of the row that we neither knew nor ever wrote was put there by a person
// and stays. If the entry changes the same value, that is a clash, and a person must
// decide; notes are joined instead.
//
// A row that is not live any more clashes with every entry that changes anything else.
// An entry that a person settled never clashes: the staff's values stay. If a person
// insists, the entry's changes are written and the staff's other changes stay; a row that
// was cancelled is live again.
func Merge(e JournalEntry, row Row) (Booking, []Clash) {
	if row.Missing() {
		return mergeGone(e, row)
	}
	m := merge{entry: e, row: row.Booking, desired: e.Booking, base: e.Booking}
	m.ours = append(m.ours, e.Passed...)
	if e.Was != nil {
		m.base = *e.Was
		m.ours = append(m.ours, *e.Was)
	}
	m.ours = append(m.ours, e.Booking)
	merged := e.Booking
	m.status(&merged)
	m.seating(&merged)
	mergeField(&m, &merged, ClashName, func(b *Booking) *string { return &b.Name })
	mergeField(&m, &merged, ClashPhone, func(b *Booking) *Phone { return &b.Phone })
	mergeField(&m, &merged, ClashEmail, func(b *Booking) *string { return &b.Email })
	mergeField(&m, &merged, ClashZone, func(b *Booking) *string { return &b.AskedZone })
	mergeField(&m, &merged, "", func(b *Booking) *Channel { return &b.Channel })
	mergeField(&m, &merged, "", func(b *Booking) *string { return &b.CallID })
	m.notes(&merged)
	m.over()
	merged.Vouched = e.Booking.Vouched && merged.Phone == e.Booking.Phone
	if e.Settled != nil || e.Insist {
		return merged, nil
	}
	return merged, m.clashes
}

// mergeGone is Merge for an entry whose row is not there. It does not clash if the row
// is still to be made, if the entry holds no table, or if a person settled it who knew
// that the row was gone.
func mergeGone(e JournalEntry, row Row) (Booking, []Clash) {
	if e.Was == nil && row.Record == "" || !e.Booking.Live() || e.Insist {
		return e.Booking, nil
	}
	if e.Settled != nil && e.Settled.Gone {
		gone := e.Booking
		gone.Status = Cancelled
		return gone, nil
	}
	return e.Booking, []Clash{ClashGone}
}

// NeedsRow reports whether an entry whose row is not there needs one: not if it holds no
// table and the row was deleted or never to be made.
func (e JournalEntry) NeedsRow() bool {
	return e.Booking.Live() || e.Was == nil && e.Settled == nil
}

// merge is one run of Merge.
type merge struct {
	entry              JournalEntry
	row, desired, base Booking
	ours               []Booking // states that we may have written into the row
	clashes            []Clash
	moves              bool // the entry wants another day or hour
}

// clash notes a clash; "" is a value that cannot clash.
func (m *merge) clash(c Clash) {
	if c != "" && !slices.Contains(m.clashes, c) {
		m.clashes = append(m.clashes, c)
	}
}

// choose reports whether the row's value stays; otherwise the entry's is written. same
// reports whether two bookings have the same value.
func (m *merge) choose(c Clash, same func(a, b *Booking) bool) (row bool) {
	wanted := !same(&m.desired, &m.base)
	if m.entry.Insist {
		wanted = wanted || m.entry.Was == nil
		return !wanted && !slices.ContainsFunc(m.ours, func(b Booking) bool { return same(&m.row, &b) })
	}
	switch {
	case same(&m.row, &m.desired):
		return false
	case slices.ContainsFunc(m.ours, func(b Booking) bool { return same(&m.row, &b) }):
		return false
	case wanted:
		m.clash(c)
	}
	return true
}

func mergeField[T comparable](m *merge, merged *Booking, c Clash, of func(*Booking) *T) {
	if m.choose(c, func(a, b *Booking) bool { return *of(a) == *of(b) }) {
		*of(merged) = *of(&m.row)
	}
}

// status merges the status. The entry's is written if a booking may move to it from the
// staff's.
func (m *merge) status(merged *Booking) {
	row, desired := m.row.Status, m.desired.Status
	switch {
	case row == desired:
	case slices.ContainsFunc(m.ours, func(b Booking) bool { return b.Status == row }):
	case m.entry.Insist && (desired != m.base.Status || desired.live() && !row.live()):
	case desired == m.base.Status:
		merged.Status = row
	case row.MayBecome(desired):
	default:
		merged.Status = row
		m.clash(ClashStatus)
	}
	if merged.Status == row {
		merged.HeldUntil = m.desired.HeldUntil
		if merged.Status != m.desired.Status {
			merged.HeldUntil = time.Time{}
		}
	}
}

// seating merges day, hour, party and tables. Each may be the staff's.
func (m *merge) seating(merged *Booking) {
	sameWhen := func(a, b *Booking) bool {
		return a.Date == b.Date && a.Time == b.Time && a.HourUnknown == b.HourUnknown
	}
	m.moves = !sameWhen(&m.desired, &m.base)
	when := m.choose(ClashWhen, sameWhen)
	party := m.choose(ClashParty, func(a, b *Booking) bool { return a.Party == b.Party })
	tables := m.choose(ClashTables, func(a, b *Booking) bool { return SameTables(a.Tables, b.Tables) })
	if when && !tables && !m.entry.Insist && !SameTables(m.row.Tables, m.desired.Tables) {
		// The staff who moved the booking chose its tables too.
		if tables = true; !SameTables(m.desired.Tables, m.base.Tables) {
			m.clash(ClashTables)
		}
	}
	if when {
		merged.Date, merged.Time, merged.HourUnknown = m.row.Date, m.row.Time, m.row.HourUnknown
		merged.Start, merged.End, merged.Service = m.row.Start, m.row.End, m.row.Service
	}
	if party {
		merged.Party = m.row.Party
	}
	if tables {
		merged.Tables, merged.Zone = m.row.Tables, m.row.Zone
	}
	if when != party && !merged.HourUnknown {
		// Neither has the stay of this party at that hour: the longer of both.
		merged.End = merged.Start.Add(max(stayOf(&m.desired), stayOf(&m.row)))
	}
}

// stayOf returns how long a party stays; 0 where its hour is unknown, because it then has
// its table for the whole service.
func stayOf(b *Booking) time.Duration {
	if b.HourUnknown {
		return 0
	}
	return b.End.Sub(b.Start)
}

// notes keeps what the staff wrote, and adds what the guest added.
func (m *merge) notes(merged *Booking) {
	row := m.row.Notes
	if slices.ContainsFunc(m.ours, func(b Booking) bool { return b.Notes == row }) {
		return
	}
	merged.Notes = row
	had := m.base.Notes
	if m.entry.Insist && m.entry.Was == nil {
		had = ""
	}
	if m.desired.Notes != had {
		merged.Notes = AddNote(row, strings.TrimPrefix(m.desired.Notes, had))
	}
}

// over notes the clash of an entry that changes a booking which the staff have ended, or
// moves a party that sits already.
func (m *merge) over() {
	status := m.row.Status
	if slices.ContainsFunc(m.ours, func(b Booking) bool { return b.Status == status }) {
		return
	}
	if m.desired.Live() && (!status.live() || m.moves && !status.open()) {
		m.clash(ClashStatus)
	}
}

// MayStandAs reports whether b in the system of record can be the work of this entry; if
// not, somebody else changed it.
func (e JournalEntry) MayStandAs(b Booking) bool {
	return e.Was != nil && SameInRow(*e.Was, b) || SameInRow(e.Booking, b) ||
		slices.ContainsFunc(e.Passed, func(p Booking) bool { return SameInRow(p, b) })
}

// SameInRow reports whether two bookings would be written alike into their rows.
func SameInRow(a, b Booking) bool {
	return a.Date == b.Date && a.Time == b.Time && a.HourUnknown == b.HourUnknown && a.Party == b.Party && SameTables(a.Tables, b.Tables) &&
		a.Name == b.Name && a.Phone == b.Phone && a.Email == b.Email && a.AskedZone == b.AskedZone && a.Notes == b.Notes &&
		a.Status == b.Status && a.Channel == b.Channel && a.CallID == b.CallID
}

// SameTables reports whether two bookings have the same tables, in any order.
func SameTables(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// HeldBeside returns the other live states that the booking may still have in the system
// of record. Their tables stay held until the entry is known to be written.
func (e JournalEntry) HeldBeside() []Booking {
	var held []Booking
	add := func(b Booking) {
		sameAs := func(a Booking) bool {
			return a.Date == b.Date && a.Start.Equal(b.Start) && a.End.Equal(b.End) && SameTables(a.Tables, b.Tables)
		}
		if b.Live() && !(e.Booking.Live() && sameAs(e.Booking)) && !slices.ContainsFunc(held, sameAs) {
			held = append(held, b)
		}
	}
	if e.Was != nil {
		add(*e.Was)
	}
	for _, b := range e.Passed {
		add(b)
	}
	if e.Seen != nil {
		add(*e.Seen)
	}
	if e.Undo != nil {
		add(*e.Undo)
	}
	return held
}
