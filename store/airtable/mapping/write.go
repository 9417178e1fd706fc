package mapping

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"

	"maitre/booking"
	"maitre/store/airtable"
)

// ErrNoRow is returned for a booking at a table that has no row in the base, as
// the tables were last read.
var ErrNoRow = errors.New("the table has no row in Airtable")

// ErrNoWord is returned for a status or channel for which the base has no word.
var ErrNoWord = errors.New("the base has no word for it")

// Fields returns the cells of a booking: all of ours that the base has, so that
// what a booking does not have is emptied. A booking that the staff typed keeps its
// row without ID. An hour that nobody knows is left as the staff wrote it. Fields that are not ours are not named, and stay as they are.
//
// Errors: [ErrNoRow], [ErrNoWord].
func (m *Mapper) Fields(b booking.Booking, tables TableIndex) (map[string]airtable.Cell, error) {
	w := writer{sheet: &m.bookings, cells: make(map[string]airtable.Cell, len(BookingKeys()))}
	if !IsRecordID(b.ID) {
		w.text(ID, b.ID)
	}
	w.text(Code, b.Code)
	w.text(Name, b.Name)
	w.text(Phone, string(b.Phone))
	w.text(Email, b.Email)
	w.put(Date, airtable.String(b.Date.String()))
	if !b.HourUnknown {
		w.put(Time, m.hourCell(b))
	}
	w.put(Party, m.partyCell(b.Party))
	w.text(CallID, b.CallID)
	w.text(Notes, b.Notes)

	links, err := linksTo(b.Tables, tables)
	if err != nil {
		return nil, fmt.Errorf("write booking %s: %w", b.ID, err)
	}
	w.put(Table, links)
	status, ok := written(b.Status, m.names.Statuses[b.Status], m.words.statuses, m.bookings.columns[Status].choices)
	if !ok {
		return nil, fmt.Errorf("write booking %s: status %s: %w; run maitre airtable init, or name the word in [airtable.statuses] of the restaurant file", b.ID, b.Status, ErrNoWord)
	}
	w.text(Status, status)
	channel, ok := written(b.Channel, m.names.Channels[b.Channel], m.words.channels, m.bookings.columns[Channel].choices)
	if !ok && !m.bookings.columns[Channel].absent {
		return nil, fmt.Errorf("write booking %s: channel %s: %w; run maitre airtable init, or name the word in [airtable.channels] of the restaurant file", b.ID, b.Channel, ErrNoWord)
	}
	w.text(Channel, channel)
	m.zoneCell(&w, b.AskedZone)
	return w.cells, nil
}

// Changes returns the cells in which b differs from what it was read as: what a
// change must write. What the staff typed in other cells stays as they typed it,
// also where it could not be read. Empty: nothing to write.
//
// Errors: those of [Mapper.Fields].
func (m *Mapper) Changes(was, b booking.Booking, tables TableIndex) (map[string]airtable.Cell, error) {
	cells, err := m.Fields(b, tables)
	if err != nil {
		return nil, err
	}
	before, err := m.Fields(was, tables)
	if err != nil {
		// What it was could not be written today (its table was removed); what it is can.
		return cells, nil //nolint:nilerr // the error is of what is not written
	}
	for name, cell := range cells {
		if bytes.Equal(cell, before[name]) {
			delete(cells, name)
		}
	}
	// The day and the hour say one thing in two cells: they are written together.
	date, hour := m.bookings.columns[Date].ref, m.bookings.columns[Time].ref
	_, newDate := cells[date]
	_, newHour := cells[hour]
	if (newDate || newHour) && !b.HourUnknown {
		cells[date], cells[hour] = airtable.String(b.Date.String()), m.hourCell(b)
	}
	return cells, nil
}

// Row returns what makes the base say b, for an upsert on [Mapper.MergeOn]. Without
// a record that is a whole row, found or made by the booking's ID. With one it is
// that row, of which was says how it stands, and only what differs is named: never
// is a part of a row written by our ID, for that would make a row of a few cells
// where somebody has deleted it. The row may say any of passed in place of was, if
// an attempt that nobody answered arrives late: what differs there is named too.
//
// Errors: those of [Mapper.Fields].
func (m *Mapper) Row(b booking.Booking, record string, was *booking.Booking, tables TableIndex, passed ...booking.Booking) (airtable.Record, error) {
	if record == "" || was == nil {
		cells, err := m.Fields(b, tables)
		if err != nil {
			return airtable.Record{}, err
		}
		if record == "" || !IsRecordID(b.ID) {
			cells[m.bookings.columns[ID].ref] = airtable.String(b.ID)
		}
		return airtable.Record{ID: record, Fields: cells}, nil
	}
	cells, err := m.Changes(*was, b, tables)
	if err == nil && len(passed) > 0 {
		err = m.addPassed(cells, *was, b, tables, passed)
	}
	if err != nil {
		return airtable.Record{}, err
	}
	if len(cells) > 0 && !IsRecordID(b.ID) {
		cells[m.bookings.columns[ID].ref] = airtable.String(b.ID) // somebody may have emptied it
	}
	return airtable.Record{ID: record, Fields: cells}, nil
}

// Carry adds to a booking that was read from its row what the base has no field or
// no word for, as it is known: what cannot be written did not change.
func (m *Mapper) Carry(row *booking.Booking, known booking.Booking) {
	absent := func(key Key) bool { return m.bookings.columns[key].absent }
	if absent(Email) {
		row.Email = known.Email
	}
	if absent(Notes) {
		row.Notes = known.Notes
	}
	if absent(CallID) {
		row.CallID = known.CallID
	}
	if absent(Channel) {
		row.Channel = known.Channel
	}
	if row.AskedZone == "" && known.AskedZone != "" {
		if _, ok := written(known.AskedZone, m.names.Zones[known.AskedZone], m.words.zones, m.bookings.columns[Zone].choices); !ok || absent(Zone) {
			row.AskedZone = known.AskedZone
		}
	}
}

// addPassed adds to cells those in which one of passed differs from was, as b has them.
func (m *Mapper) addPassed(cells map[string]airtable.Cell, was, b booking.Booking, tables TableIndex, passed []booking.Booking) error {
	now, err := m.Fields(b, tables)
	if err != nil {
		return err
	}
	for _, p := range passed {
		changed, err := m.Changes(was, p, tables)
		if err != nil {
			changed = now // what it was to be cannot be told today: all of it may be so
		}
		for name := range changed {
			if cell, ok := now[name]; ok {
				cells[name] = cell
			}
		}
	}
	return nil
}

// writer gathers cells, of the fields that the base has.
type writer struct {
	sheet *sheet
	cells map[string]airtable.Cell
}

func (w *writer) put(key Key, c airtable.Cell) {
	if column := w.sheet.columns[key]; !column.absent {
		w.cells[column.ref] = c
	}
}

// text writes a text; an empty one empties the cell.
func (w *writer) text(key Key, s string) {
	if s == "" {
		w.put(key, airtable.Empty())
		return
	}
	w.put(key, airtable.String(s))
}

// hourCell writes the instant, or the clock where the staff keep a text.
func (m *Mapper) hourCell(b booking.Booking) airtable.Cell {
	if isText(m.bookings.columns[Time].kind) {
		return airtable.String(b.Time.String())
	}
	return airtable.Instant(b.Start)
}

func (m *Mapper) partyCell(party int) airtable.Cell {
	if isText(m.bookings.columns[Party].kind) {
		return airtable.String(strconv.Itoa(party))
	}
	return airtable.Number(party)
}

func isText(kind string) bool { return kind == airtable.TypeText || kind == airtable.TypeLongText }

// zoneCell writes where the guest wants to sit. A wish for which the base has no
// word is left out: it is worth less than the booking.
func (m *Mapper) zoneCell(w *writer, zone string) {
	if zone == "" {
		w.put(Zone, airtable.Empty())
		return
	}
	if word, ok := written(zone, m.names.Zones[zone], m.words.zones, m.bookings.columns[Zone].choices); ok {
		w.text(Zone, word)
	}
}

// linksTo returns the links to tables. A link that was read without its table
// being known goes by its record ID still.
func linksTo(ids []string, tables TableIndex) (airtable.Cell, error) {
	records := make([]string, 0, len(ids))
	for _, id := range ids {
		rec, ok := tables.record[id]
		switch {
		case ok:
			records = append(records, rec)
		case IsRecordID(id):
			records = append(records, id)
		default:
			return nil, fmt.Errorf("table %q: %w", id, ErrNoRow)
		}
	}
	return airtable.Links(records...), nil
}
