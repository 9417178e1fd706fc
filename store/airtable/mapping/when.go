package mapping

import (
	"regexp"
	"strings"
	"time"

	"maitre/booking"
	"maitre/store/airtable"
)

// when is the range of time that a row holds.
type when struct {
	date       booking.Date
	timeOfDay  booking.TimeOfDay
	until      booking.TimeOfDay // the end, if the row gives one; else 0
	start, end time.Time
	service    string
	// other is the service day of the hour's date if that is another one; the row
	// counts on both until somebody fixes it.
	other booking.Date
	// hourUnknown: the range is the service or the whole day.
	hourUnknown bool
}

var bareDay = regexp.MustCompile(`^(\d{1,2})[/.-](\d{1,2})$`)

// dateOf reads the field for the service day. With the date comes the instant,
// where the field holds one.
func (m *Mapper) dateOf(rec airtable.Record) (booking.Date, hour, bool) {
	c := m.bookings.cell(rec, Date)
	if at, ok := c.Instant(); ok {
		return m.dayOfInstant(at)
	}
	s, ok := textOf(c)
	if !ok || s == "" {
		return 0, hour{}, false
	}
	s = strings.Join(strings.Fields(plain(s)), " ")
	if d, err := booking.ParseDate(s); err == nil {
		return d, hour{}, plausibleDate(d)
	}
	if at, ok := m.stamp(s); ok {
		return m.dayOfInstant(at)
	}
	if p := daySlashed.FindStringSubmatch(s); p != nil {
		d, ok := civil(p[3], p[2], p[1])
		return d, hour{}, ok
	}
	if p := bareDay.FindStringSubmatch(s); p != nil && !rec.Created.IsZero() {
		return m.nextDay(p[1], p[2], rec.Created)
	}
	return 0, hour{}, false
}

// dayOfInstant reads a date field that keeps an hour too. Midnight, in the
// restaurant's zone or in UTC, is a date without an hour.
func (m *Mapper) dayOfInstant(at time.Time) (booking.Date, hour, bool) {
	if at.Year() < 2000 || at.Year() > 2100 {
		return 0, hour{}, false
	}
	for _, loc := range []*time.Location{m.restaurant.Location, time.UTC} {
		if local := at.In(loc); local.Hour() == 0 && local.Minute() == 0 {
			return booking.NewDate(local.Date()), hour{}, true
		}
	}
	d, _ := booking.ServiceDay(at, m.restaurant.Location)
	return d, m.instant(at), true
}

// nextDay returns the next such day and month after the row was made.
func (m *Mapper) nextDay(day, month string, made time.Time) (booking.Date, hour, bool) {
	made = made.In(m.restaurant.Location)
	from := booking.NewDate(made.Date()).AddDays(-1)
	for y := made.Year(); y <= made.Year()+1; y++ {
		d := booking.NewDate(y, time.Month(number(month)), number(day))
		if _, mo, dd := d.Civil(); int(mo) == number(month) && dd == number(day) && d >= from {
			return d, hour{}, plausibleDate(d)
		}
	}
	return 0, hour{}, false
}

func civil(year, month, day string) (booking.Date, bool) {
	y, mo, d := number(year), number(month), number(day)
	if y < 100 {
		y += 2000
	}
	date := booking.NewDate(y, time.Month(mo), d)
	_, gotMonth, gotDay := date.Civil()
	return date, plausibleDate(date) && int(gotMonth) == mo && gotDay == d
}

// plausibleDate reports whether a date is in this century: others are typing errors.
func plausibleDate(d booking.Date) bool {
	return d >= booking.NewDate(2000, time.January, 1) && d < booking.NewDate(2100, time.January, 1)
}

// whenOf reads when a row holds its tables. It returns false if the day is not known.
func (m *Mapper) whenOf(rec airtable.Record, r *report) (when, bool) {
	date, h, dated := m.dateOf(rec)
	dateCell, hourCell := m.bookings.cell(rec, Date), m.bookings.cell(rec, Time)
	if own := m.hourOf(hourCell, date); own.known || own.service != "" || !h.known {
		h = own
	}
	var w when
	switch {
	case dated:
		w.date = date
	case !h.at.IsZero():
		w.date, _ = booking.ServiceDay(h.at, m.restaurant.Location)
		if !dateCell.IsEmpty() {
			r.add(Date, dateCell, "is no date; the day is taken from the hour, "+w.date.String())
		}
	default:
		why := "is empty, and the hour does not tell the day: the booking holds nothing on any day"
		if !dateCell.IsEmpty() {
			why = "is no date: the booking holds nothing on any day"
		}
		r.add(Date, dateCell, why)
		return when{}, false
	}
	if !h.known {
		m.setUnknownHour(&w, h, hourCell, r)
		return w, true
	}
	m.setHour(&w, h)
	if w.other != 0 {
		r.add(Time, hourCell, "is on "+w.other.String()+" but the booking is for "+w.date.String()+
			": it is taken for "+w.timeOfDay.String()+" on both days")
	}
	return w, true
}

// setHour sets the range of a known hour: the day from the date field, the time of
// day from the hour.
func (m *Mapper) setHour(w *when, h hour) {
	w.timeOfDay, w.until, w.start = h.timeOfDay, h.until, h.at
	if !h.at.IsZero() {
		if d, _ := booking.ServiceDay(h.at, m.restaurant.Location); d != w.date {
			w.other = d
		}
	}
	if h.at.IsZero() || w.other != 0 {
		w.start, _ = w.date.Instant(w.timeOfDay, m.restaurant.Location)
		w.start = w.start.UTC()
	}
}

// setUnknownHour sets the range of an hour that is not known: everything that the row
// may mean is held.
func (m *Mapper) setUnknownHour(w *when, h hour, c airtable.Cell, r *report) {
	w.hourUnknown = true
	first, last := booking.DayBegins, booking.DayEnds
	held := "the whole day"
	services := m.hoursOn(w.date).Services
	for _, s := range services {
		if s.ID != h.service && (h.service != "" || !onlyService(services)) {
			continue
		}
		from, until := s.First, s.RoomCloses
		if h.seating > 0 && h.seating <= len(s.Seatings) {
			from, until = s.Seatings[h.seating-1].First, s.Seatings[h.seating-1].Until
		}
		if w.service == "" {
			first, last = from, until
		}
		w.service, first, last = s.ID, min(first, from), max(last, until)
		held = "from " + first.String() + " to " + last.String()
	}
	w.timeOfDay = first
	start, _ := w.date.Instant(first, m.restaurant.Location)
	end, _ := w.date.Instant(last, m.restaurant.Location)
	w.start, w.end = start.UTC(), end.UTC()
	why := "is no hour"
	switch {
	case c.IsEmpty():
		why = "is empty"
	case h.service != "":
		why = "is no exact hour"
	}
	r.add(Time, c, why+": its tables are held "+held)
}

func onlyService(services []booking.ServiceHours) bool {
	for _, s := range services {
		if s.ID != services[0].ID {
			return false
		}
	}
	return true
}

// setEnd sets when the party leaves.
func (m *Mapper) setEnd(w *when, party int) {
	if w.hourUnknown {
		return
	}
	w.end = w.start.Add(m.restaurant.Stay(party))
	if service, ok := m.serviceAt(w.date, w.timeOfDay); ok {
		w.service = service.ID
		closes, _ := w.date.Instant(service.RoomCloses, m.restaurant.Location)
		if len(service.Seatings) == 0 && closes.After(w.start) && closes.Before(w.end) {
			w.end = closes.UTC()
		}
	}
	if until, _ := w.date.Instant(w.until, m.restaurant.Location); w.until > w.timeOfDay && until.After(w.end) {
		w.end = until.UTC()
	}
}

// serviceAt returns the service that an arrival falls in: by its arrivals or, else, by
// when it closes.
func (m *Mapper) serviceAt(day booking.Date, t booking.TimeOfDay) (booking.ServiceHours, bool) {
	services := m.hoursOn(day).Services
	for _, s := range services {
		if s.First <= t && t <= s.Last {
			return s, true
		}
	}
	for i := len(services) - 1; i >= 0; i-- {
		if s := services[i]; s.First-slack <= t && t < s.RoomCloses {
			return s, true
		}
	}
	return booking.ServiceHours{}, false
}
