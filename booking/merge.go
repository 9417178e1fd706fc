package booking

import (
	"slices"
	"strings"
	"time"
)

// Row is what the system of record says of a booking.
type Row struct {
	// Record is the row's own ID, also where it is there no more; "" when there never
	// was one, as far as is known.
	Record string
	// Booking is what the row says. Zero where there is no row, or where it is a
	// booking on no day any more.
	Booking Booking
}

// Missing reports whether there is no row that is a booking.
func (r Row) Missing() bool { return r.Booking.ID == "" }

// RowRead is what came of reading the row of an entry's booking.
type RowRead struct {
	Row Row
	// Unknown: it was not known until now that this row is the booking's.
	Unknown bool
	// Trouble is why nothing can be said of it; nil: nothing kept it from being read.
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

// Merge works out how an entry's booking shall stand in the row that was just
// read. A value of the row that we neither knew nor ever asked for was put there
// by a person and stays. Where the entry wants something else in its place, that
// is a clash, and the entry needs a person; notes are added up instead.
//
// A row that is not live any more clashes with every entry that wants more of it
// than that. An entry that a person settled never clashes: what the staff put
// into the row stands. Where a person insists, what the entry wants stands, and what
// else the staff changed; and a row that was cancelled is live again.
func Merge(e JournalEntry, row Row) (Booking, []Clash) {
	if row.Missing() {
		return mergeGone(e, row)
	}
	m := merge{entry: e, row: row.Booking, wish: e.Booking, base: e.Booking}
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

// mergeGone is for an entry whose row is not there. A new one is still to be
// made; one that shall hold no table has what it wants, and so has one that a person
// settled who knew that the row was gone.
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

// NeedsRow reports whether an entry whose row is not there wants one: not where it
// only wants to hold no table, and either was deleted or never was to be.
func (e JournalEntry) NeedsRow() bool {
	return e.Booking.Live() || e.Was == nil && e.Settled == nil
}

// merge is one run of Merge.
type merge struct {
	entry           JournalEntry
	row, wish, base Booking
	ours            []Booking // states in which we may have left the row
	clashes         []Clash
	moves           bool // the entry wants another day or hour
}

// clash notes a clash; "" is of something in which there can be none.
func (m *merge) clash(c Clash) {
	if c != "" && !slices.Contains(m.clashes, c) {
		m.clashes = append(m.clashes, c)
	}
}

// choose says whose value of one thing stands: the wish's or the row's. same
// reports whether two bookings say the same of it.
func (m *merge) choose(c Clash, same func(a, b *Booking) bool) (row bool) {
	wanted := !same(&m.wish, &m.base)
	if m.entry.Insist {
		wanted = wanted || m.entry.Was == nil
		return !wanted && !slices.ContainsFunc(m.ours, func(b Booking) bool { return same(&m.row, &b) })
	}
	switch {
	case same(&m.row, &m.wish):
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

// status merges how far the booking has come in its life. A step that the life of
// a booking allows from where the staff left it may still be taken.
func (m *merge) status(merged *Booking) {
	row, wish := m.row.Status, m.wish.Status
	switch {
	case row == wish:
	case slices.ContainsFunc(m.ours, func(b Booking) bool { return b.Status == row }):
	case m.entry.Insist && (wish != m.base.Status || wish.live() && !row.live()):
	case wish == m.base.Status:
		merged.Status = row
	case row.MayBecome(wish):
	default:
		merged.Status = row
		m.clash(ClashStatus)
	}
	if merged.Status == row {
		merged.HeldUntil = m.wish.HeldUntil
		if merged.Status != m.wish.Status {
			merged.HeldUntil = time.Time{}
		}
	}
}

// seating merges day, hour, party and tables. Each may be the staff's.
func (m *merge) seating(merged *Booking) {
	sameWhen := func(a, b *Booking) bool {
		return a.Date == b.Date && a.Time == b.Time && a.HourUnknown == b.HourUnknown
	}
	m.moves = !sameWhen(&m.wish, &m.base)
	when := m.choose(ClashWhen, sameWhen)
	party := m.choose(ClashParty, func(a, b *Booking) bool { return a.Party == b.Party })
	tables := m.choose(ClashTables, func(a, b *Booking) bool { return SameTables(a.Tables, b.Tables) })
	if when && !tables && !m.entry.Insist && !SameTables(m.row.Tables, m.wish.Tables) {
		// A place is tables at a time: who moved the booking chose its tables too.
		if tables = true; !SameTables(m.wish.Tables, m.base.Tables) {
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
		// Neither says how long this party stays at that hour: as long as either would.
		merged.End = merged.Start.Add(max(stayOf(&m.wish), stayOf(&m.row)))
	}
}

// stayOf is how long a party stays; 0 where its hour is unknown, for it then has its
// table from when the service begins to when it ends.
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
	if m.wish.Notes != had {
		merged.Notes = AddNote(row, strings.TrimPrefix(m.wish.Notes, had))
	}
}

// over notes the clash of an entry that wants something of a booking whose life
// the staff have ended, or another hour for a party that sits already.
func (m *merge) over() {
	status := m.row.Status
	if slices.ContainsFunc(m.ours, func(b Booking) bool { return b.Status == status }) {
		return
	}
	if m.wish.Live() && (!status.live() || m.moves && !status.open()) {
		m.clash(ClashStatus)
	}
}

// MayStandAs reports whether the system of record may say b because of what the entry
// knew or asked for; if not, somebody else made it so.
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

// SameTables reports whether two bookings have the same tables: their order says nothing.
func SameTables(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// HeldBeside returns the live states of a booking other than the one that an entry
// wants, in which the system of record may still hold it: until it is known that
// the entry was written, their tables are nobody else's.
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
