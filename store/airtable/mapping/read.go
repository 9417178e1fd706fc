package mapping

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/oklog/ulid/v2"

	"maitre/booking"
	"maitre/store/airtable"
)

// fewestGuests is a party of which nothing is known.
const fewestGuests = 2

// Booking reads a row. ok is false when it is a booking on no day: an empty row,
// or one whose day is not known, which is then among what could not be read.
//
// A row without our ID has its own as the booking's ([IsRecordID]). Whatever could
// free a table in error holds it: an unknown status is confirmed; without an hour
// (HourUnknown; Time is that of Start) the tables are held for the service, or the
// day; without a party it is as large as its tables. A link to a table that is not in
// the index stays, as its record ID. Of rows that hold no table, nothing is reported.
//
// What Airtable does not hold is empty: Vouched, Lang, MadeBy, Updated.
func (m *Mapper) Booking(rec airtable.Record, tables TableIndex) (booking.Booking, []Unread, bool) {
	read := m.row(rec, tables)
	if !read.ok {
		return booking.Booking{}, read.unread, false
	}
	return read.Booking, read.unread, true
}

// Day reads the bookings of one service day, ordered by ID, from the rows that
// [Mapper.WhereDay] finds. A row whose date and hour are on two days counts on
// both. A copy, which has the ID of another row, gets its own record ID.
func (m *Mapper) Day(date booking.Date, records []airtable.Record, tables TableIndex) ([]booking.Booking, []Unread) {
	rows, unread := m.Rows(records, tables)
	var bookings []booking.Booking
	for _, row := range rows {
		if row.Booking.Date == date {
			bookings = append(bookings, row.Booking)
		}
	}
	slices.SortFunc(bookings, func(a, b booking.Booking) int { return cmp.Compare(a.ID, b.ID) })
	return bookings, unread
}

// Row is a booking as it was read from a row.
type Row struct {
	Booking booking.Booking
	Record  string // the row's ID
}

// ShadowMark ends the booking ID and the record ID of a shadow: the second day of a
// row that counts on two. No ID of Airtable's or ours has it.
const ShadowMark = "~"

// Rows reads rows of any days, telling copies from their originals. A row whose
// date and hour are on two days comes twice: on the second day as a shadow, with
// IDs that end in [ShadowMark] and nothing by which a guest could ask for it.
func (m *Mapper) Rows(records []airtable.Record, tables TableIndex) ([]Row, []Unread) {
	var rows []Row
	var unread []Unread
	for _, read := range m.rows(records, tables) {
		unread = append(unread, read.unread...)
		if !read.ok {
			continue
		}
		rows = append(rows, Row{read.Booking, read.record})
		if read.other != 0 {
			shadow := m.moved(read.Booking, read.other)
			shadow.ID, shadow.Code, shadow.Phone, shadow.CallID = read.ID+ShadowMark, "", "", ""
			rows = append(rows, Row{shadow, read.record + ShadowMark})
		}
	}
	return rows, unread
}

// Bookings reads rows of any days, ordered by start, as [Mapper.Day] does.
func (m *Mapper) Bookings(records []airtable.Record, tables TableIndex) ([]booking.Booking, []Unread) {
	var bookings []booking.Booking
	var unread []Unread
	for _, row := range m.rows(records, tables) {
		if row.ok {
			bookings = append(bookings, row.Booking)
		}
		unread = append(unread, row.unread...)
	}
	slices.SortFunc(bookings, func(a, b booking.Booking) int {
		return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.ID, b.ID))
	})
	return bookings, unread
}

// row is a row as it was read.
type row struct {
	booking.Booking
	record string
	ok     bool         // it is a booking on some day
	other  booking.Date // where not zero, another day that it counts on
	unread []Unread
}

// rows reads rows, telling copies from their originals: the oldest row has the ID.
func (m *Mapper) rows(records []airtable.Record, tables TableIndex) []row {
	taken := make(map[string]bool, len(records))
	all := make([]row, 0, len(records))
	for _, rec := range inOrder(records) {
		read := m.row(rec, tables)
		if read.ok && taken[read.ID] {
			r := report{sheet: &m.bookings, record: rec.ID}
			r.add(ID, m.bookings.cell(rec, ID), "is the ID of another booking, of which this row is a copy: empty this cell, or delete the row")
			read.unread = append(read.unread, r.all...)
			read.ID, read.Code = rec.ID, ""
		}
		taken[read.ID] = true
		read.record = rec.ID
		all = append(all, read)
	}
	return all
}

// moved returns a booking as it would be on another day.
func (m *Mapper) moved(b booking.Booking, date booking.Date) booking.Booking {
	w := when{date: date, timeOfDay: b.Time}
	w.start, _ = date.Instant(b.Time, m.restaurant.Location)
	w.start = w.start.UTC()
	m.setEnd(&w, b.Party)
	if as := w.start.Add(b.End.Sub(b.Start)); as.After(w.end) {
		w.end = as
	}
	b.Date, b.Start, b.End, b.Service = date, w.start, w.end, w.service
	return b
}

func (m *Mapper) row(rec airtable.Record, tables TableIndex) row {
	if m.blank(rec) {
		return row{}
	}
	r := report{sheet: &m.bookings, record: rec.ID}
	b := booking.Booking{Created: rec.Created.UTC()}
	b.Status = m.status(rec, &r)
	w, dated := m.whenOf(rec, &r)
	if dated {
		seats := m.tablesOf(&b, rec, tables, &r)
		m.party(&b, rec, seats, &r)
		m.setEnd(&w, b.Party)
		b.Date, b.Time, b.Start, b.End, b.Service = w.date, w.timeOfDay, w.start, w.end, w.service
		b.HourUnknown = w.hourUnknown
		m.guest(&b, rec, &r)
		b.Channel = m.channel(rec, &r)
		b.AskedZone = m.askedZone(rec, &r)
	}
	if !b.Live() {
		r.all = nil
	}
	return row{Booking: b, ok: dated, other: w.other, unread: r.all}
}

// blank reports whether a row has nothing in any of our fields.
func (m *Mapper) blank(rec airtable.Record) bool {
	for _, key := range BookingKeys() {
		if !m.bookings.cell(rec, key).IsEmpty() {
			return false
		}
	}
	return true
}

func (m *Mapper) status(rec airtable.Record, r *report) booking.Status {
	c := m.bookings.cell(rec, Status)
	s, ok := textOf(c)
	if ok && s == "" {
		return booking.Confirmed
	}
	if status, known := m.words.statuses[fold(s)]; known {
		return status
	}
	r.add(Status, c, "is no status that is known: the booking counts as confirmed; add the word under [airtable.statuses] in the restaurant file")
	return booking.Confirmed
}

func (m *Mapper) channel(rec airtable.Record, r *report) booking.Channel {
	c := m.bookings.cell(rec, Channel)
	s, ok := textOf(c)
	if ok && s == "" {
		return booking.ByStaff
	}
	if channel, known := m.words.channels[fold(s)]; known {
		return channel
	}
	r.add(Channel, c, "is no channel that is known: the booking counts as the staff's; add the word under [airtable.channels] in the restaurant file")
	return booking.ByStaff
}

func (m *Mapper) askedZone(rec airtable.Record, r *report) string {
	c := m.bookings.cell(rec, Zone)
	s, ok := textOf(c)
	if ok && (fold(s) == "" || slices.ContainsFunc(anywhere(), func(w string) bool { return fold(w) == fold(s) })) {
		return ""
	}
	zone, known := m.words.zone(s)
	if !known {
		r.add(Zone, c, "is no zone of this house: it is taken that the guest has no wish; add the word under [airtable.zones] in the restaurant file")
	}
	return zone
}

// tablesOf reads the tables, and returns how many guests they seat as far as known.
func (m *Mapper) tablesOf(b *booking.Booking, rec airtable.Record, tables TableIndex, r *report) (seats int) {
	c := m.bookings.cell(rec, Table)
	var unknown []string
	take := func(id string) {
		if !slices.Contains(b.Tables, id) {
			b.Tables = append(b.Tables, id)
		}
	}
	if records, ok := c.IDs(); ok && allRecords(records) {
		for _, id := range records {
			t, known := tables.byRecord[id]
			if !known {
				take(id)
				unknown = append(unknown, id)
				continue
			}
			take(t.ID)
			seats += t.Max
			b.Zone = cmp.Or(b.Zone, t.Zone)
		}
		if len(unknown) > 0 {
			r.add(Table, c, "links to rows that are no tables, as the tables were last read: "+strings.Join(unknown, ", "))
		}
		return seats
	}
	s, ok := textOf(c)
	for _, name := range strings.FieldsFunc(s, func(c rune) bool { return strings.ContainsRune(",;+/&\n", c) }) {
		id, known := tables.byName[fold(name)]
		if !known {
			unknown = append(unknown, name)
			continue
		}
		take(id)
		t := tables.byRecord[tables.record[id]]
		seats += t.Max
		b.Zone = cmp.Or(b.Zone, t.Zone)
	}
	if !ok || len(unknown) > 0 {
		r.add(Table, c, "names tables that are not in the base")
	}
	return seats
}

func allRecords(ids []string) bool {
	return !slices.ContainsFunc(ids, func(id string) bool { return !IsRecordID(id) })
}

func (m *Mapper) party(b *booking.Booking, rec airtable.Record, seats int, r *report) {
	c := m.bookings.cell(rec, Party)
	party, exact, ok := partyOf(c)
	b.Party = party
	switch {
	case ok && exact:
		return
	case ok:
		r.add(Party, c, "is no plain number: it is read as "+strconv.Itoa(party))
		return
	}
	b.Party = fewestGuests
	from := ""
	if seats > 0 {
		b.Party, from = min(seats, maxParty), ", as many as its tables seat"
	}
	why := "is no number of guests"
	if c.IsEmpty() {
		why = "is empty"
	}
	r.add(Party, c, why+": "+strconv.Itoa(b.Party)+" are taken"+from)
}

// IDOf returns the booking ID in a row, or the row's record ID if it has none.
func (m *Mapper) IDOf(rec airtable.Record) string {
	if id, ok := textOf(m.bookings.cell(rec, ID)); ok && isBookingID(id) {
		return id
	}
	return rec.ID
}

// isBookingID reports whether a text is a booking's ID: ours, or the record ID of a
// row that the staff typed and that was written again after it had disappeared.
func isBookingID(s string) bool {
	_, err := ulid.ParseStrict(s)
	return err == nil || IsRecordID(s)
}

// guest reads who comes, and the booking's IDs.
func (m *Mapper) guest(b *booking.Booking, rec airtable.Record, r *report) {
	text := func(key Key) string {
		c := m.bookings.cell(rec, key)
		s, ok := textOf(c)
		if !ok {
			r.add(key, c, "is no text")
		}
		return s
	}
	b.Name = text(Name)
	// The first column is where people begin to type.
	if typed := text(ID); !isBookingID(typed) && b.Name == "" && strings.ContainsFunc(typed, unicode.IsLetter) {
		b.Name = typed
	}
	b.ID = m.IDOf(rec)
	if code, ok := booking.ParseCode(text(Code)); ok {
		b.Code = code
	}
	b.Email, b.CallID, b.Notes = text(Email), text(CallID), text(Notes)
	if number := text(Phone); number != "" {
		if numbers := m.phonesIn(number); len(numbers) > 0 {
			b.Phone = numbers[0]
			return
		}
		r.add(Phone, m.bookings.cell(rec, Phone), "is no telephone number: the guest cannot be told of anything")
	}
}
