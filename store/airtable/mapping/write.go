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
// row without ID. An unknown hour is left as the staff wrote it. Fields that are not
// ours stay as they are.
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

// Changes returns the cells in which b differs from was: what a change must write.
// Other cells stay as the staff typed them, also if they could not be read.
//
// Errors: those of [Mapper.Fields].
func (m *Mapper) Changes(was, b booking.Booking, tables TableIndex) (map[string]airtable.Cell, error) {
	cells, err := m.Fields(b, tables)
	if err != nil {
		return nil, err
	}
	before, err := m.Fields(was, tables)
	if err != nil {
		// was cannot be written any more (its table was removed); b can.
		return cells, nil //nolint:nilerr // was is not written
	}
	for name, cell := range cells {
		if bytes.Equal(cell, before[name]) {
			delete(cells, name)
		}
	}
	// Day and hour belong together: both are written if one changed.
	date, hour := m.bookings.columns[Date].ref, m.bookings.columns[Time].ref
	_, newDate := cells[date]
	_, newHour := cells[hour]
	if (newDate || newHour) && !b.HourUnknown {
		cells[date], cells[hour] = airtable.String(b.Date.String()), m.hourCell(b)
	}
	return cells, nil
}

// Row returns the record that writes b, for an upsert on [Mapper.MergeOn]. Without a
// record ID that is a whole row, found or made by the booking's ID. With one it is
// that row, which says was, and only what differs is named: a part of a row is never
// written by our ID, since that would make a row of a few cells if somebody has
// deleted it. An unanswered attempt may yet make the row say one of passed: what
// differs from those is named too.
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

// Carry copies from a known booking, to one that was read from its row, what the base
// has no field or no word for.
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
			changed = now // p cannot be written any more: any cell may differ
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

// hourCell returns the instant, or the time of day if the field is text.
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

// zoneCell writes where the guest wants to sit. A zone for which the base has no word
// is left out, so that the booking is written.
func (m *Mapper) zoneCell(w *writer, zone string) {
	if zone == "" {
		w.put(Zone, airtable.Empty())
		return
	}
	if word, ok := written(zone, m.names.Zones[zone], m.words.zones, m.bookings.columns[Zone].choices); ok {
		w.text(Zone, word)
	}
}

// linksTo returns the links to tables. A link to an unknown table is kept by its
// record ID.
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
