package setup

import (
	"context"
	"slices"
	"strings"

	"maitre/booking"
	"maitre/store/airtable"
	"maitre/store/airtable/mapping"
)

// checkBookings checks the rows from today on, and those without a day.
func (s Setup) checkBookings(ctx context.Context, p *printer, v view, floor mapping.TableIndex) {
	m := v.mapper
	today, _ := booking.ServiceDay(s.Now, s.Restaurant.Location)
	ahead, err := s.rows(ctx, p, v, m.BookingsTable(), airtable.ListOptions{Fields: m.BookingFields(), Where: m.WhereFrom(today)})
	if !s.report(ctx, p, err) {
		return
	}
	undated, err := s.rows(ctx, p, v, m.BookingsTable(), airtable.ListOptions{Fields: m.BookingFields(), Where: m.WhereUndated()})
	if !s.report(ctx, p, err) {
		return
	}
	bookings, unread := m.Bookings(ahead, floor)
	live := slices.DeleteFunc(bookings, func(b booking.Booking) bool { return !b.Live() })
	p.ok("%q has %s from today on that hold a table", m.BookingsName(), count(len(live), "booking", "bookings"))
	for _, d := range m.Doubles(ahead) {
		p.note("rows %s of %q have one %s, %s: a copy keeps the ID of what it was copied from, and Airtable then takes no change to that booking. Empty %q in %s, which came later; delete the row if it is no booking of its own.",
			strings.Join(d.Records, " and "), m.BookingsName(), m.BookingField(mapping.ID), d.ID, m.BookingField(mapping.ID), strings.Join(d.Records[1:], " and "))
	}
	// Copied IDs were printed above.
	s.noteUnread(p, m.BookingsTable(), m.BookingsName(), slices.DeleteFunc(unread, func(u mapping.Unread) bool { return u.Key == mapping.ID }))
	s.noteUndated(p, v, undated, floor)
}

func (s Setup) noteUndated(p *printer, v view, rows []airtable.Record, floor mapping.TableIndex) {
	var ids []string
	for _, rec := range rows {
		// A row that somebody made and left, and one that was cancelled, need no day.
		if _, unread, ok := v.mapper.Booking(rec, floor); !ok && len(unread) > 0 {
			ids = append(ids, rec.ID)
		}
	}
	if len(ids) == 0 {
		return
	}
	slices.Sort(ids)
	p.note("%q has %s without a day, for which no table is held: %s. Fill in %q, or delete what is no booking%s.",
		v.mapper.BookingsName(), count(len(ids), "row", "rows"), some(ids), v.mapper.BookingField(mapping.Date), s.at(v.mapper.BookingsTable(), ids[0]))
}
