package mapping

import (
	"slices"
	"time"

	"maitre/booking"
	"maitre/store/airtable"
)

// WhereDay finds the rows that can be bookings of a service day: those of its
// date, and those whose hour is in it. [Mapper.Day] decides.
func (m *Mapper) WhereDay(date booking.Date) airtable.Formula {
	day := m.column(Date)
	conditions := []airtable.Formula{airtable.Given(day, airtable.DateIs(day, date.String()))}
	if at := m.column(Time); m.hourIsInstant() {
		from, to := m.bounds(date)
		conditions = append(conditions, airtable.Given(at, airtable.Between(at, from, to)))
	}
	return airtable.Or(conditions...)
}

// WhereDays finds the rows that can be bookings of the service days from one to
// another, both included.
func (m *Mapper) WhereDays(from, to booking.Date) airtable.Formula {
	day := m.column(Date)
	conditions := []airtable.Formula{
		airtable.And(airtable.DateFrom(day, from.String()), airtable.Not(airtable.DateFrom(day, to.AddDays(1).String()))),
	}
	if at := m.column(Time); m.hourIsInstant() {
		begin, _ := m.bounds(from)
		_, end := m.bounds(to)
		conditions = append(conditions, airtable.Given(at, airtable.Between(at, begin, end)))
	}
	return airtable.Or(conditions...)
}

// WhereFrom finds the rows that can be bookings of a service day or a later one.
func (m *Mapper) WhereFrom(date booking.Date) airtable.Formula {
	day := m.column(Date)
	conditions := []airtable.Formula{airtable.Given(day, airtable.DateFrom(day, date.String()))}
	if at := m.column(Time); m.hourIsInstant() {
		from, _ := m.bounds(date)
		until, _ := m.bounds(date.AddDays(maxDaysAhead))
		conditions = append(conditions, airtable.Given(at, airtable.Between(at, from, until)))
	}
	return airtable.Or(conditions...)
}

// maxDaysAhead is how far ahead bookings are looked for.
const maxDaysAhead = 50 * 366

// WherePhone finds the rows that can be bookings of a number from a service day
// on, however the number was typed. Some may be of another one: [Mapper.HasPhone]
// decides.
func (m *Mapper) WherePhone(phone booking.Phone, from booking.Date) airtable.Formula {
	digits := lastDigits(phone)
	if digits == "" {
		return airtable.Or()
	}
	return airtable.And(airtable.HasDigits(m.column(Phone), digits), m.WhereFrom(from))
}

// WhereCode finds the rows that have a booking code.
func (m *Mapper) WhereCode(code string) airtable.Formula {
	return airtable.Says(m.column(Code), code)
}

// WhereID finds the row of a booking, by our ID or by record ID.
func (m *Mapper) WhereID(id string) airtable.Formula {
	if IsRecordID(id) {
		return airtable.RecordIs(id)
	}
	return airtable.Eq(m.column(ID), id)
}

// WhereUndated finds the rows that have no day, which no other condition finds: most
// likely somebody began to type them.
func (m *Mapper) WhereUndated() airtable.Formula {
	blank := []airtable.Formula{airtable.Blank(m.column(Date))}
	if m.hourIsInstant() {
		blank = append(blank, airtable.Blank(m.column(Time)))
	}
	return airtable.And(blank...)
}

// Days returns the service days on which a row may count, of records before and
// after a change. Only date and hour need be in them.
func (m *Mapper) Days(records ...airtable.Record) []booking.Date {
	var days []booking.Date
	for _, rec := range records {
		var r report
		r.sheet = &m.bookings
		w, ok := m.whenOf(rec, &r)
		if !ok {
			continue
		}
		days = append(days, w.date)
		if w.other != 0 {
			days = append(days, w.other)
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}

func (m *Mapper) column(key Key) string { return m.bookings.columns[key].ref }

// hourIsInstant reports whether the field for the hour includes the day, as it is
// assumed to do until the base is known.
func (m *Mapper) hourIsInstant() bool {
	c := m.bookings.columns[Time]
	return !c.absent && (c.kind == "" || c.kind == airtable.TypeDateTime)
}

// bounds returns the first instant of a service day and of the next.
func (m *Mapper) bounds(date booking.Date) (from, to time.Time) {
	from, _ = date.Instant(booking.DayBegins, m.restaurant.Location)
	to, _ = date.AddDays(1).Instant(booking.DayBegins, m.restaurant.Location)
	return from, to
}

// WhereRecords finds rows by record ID.
func (m *Mapper) WhereRecords(records ...string) airtable.Formula {
	conditions := make([]airtable.Formula, len(records))
	for i, id := range records {
		conditions[i] = airtable.RecordIs(id)
	}
	return airtable.Or(conditions...)
}

// WhereRowsOf finds the rows of bookings, by record IDs and by booking IDs.
func (m *Mapper) WhereRowsOf(records, ids []string) airtable.Formula {
	conditions := []airtable.Formula{m.WhereRecords(records...)}
	if len(records) == 0 {
		conditions = nil
	}
	for _, id := range ids {
		conditions = append(conditions, m.WhereID(id))
	}
	return airtable.Or(conditions...)
}
