package catalogue

import (
	"slices"
	"strconv"
	"time"

	"maitre/booking"
)

// spokenBookings is how many bookings a guest can follow in one message.
const spokenBookings = 4

// WrittenBookings is how many bookings are listed in writing, and so how many
// numbers a guest may choose from.
const WrittenBookings = 9

// Found describes a guest's bookings: none, one, or several.
func (c *Catalogue) Found(lang booking.Lang, now time.Time, found []booking.Booking) string {
	m := c.at(lang, now).message()
	switch len(found) {
	case 0:
		m.say(m.FoundNone)
	case 1:
		fills := m.details(found[0])
		status, held := m.statuses[found[0].Status], found[0].Status == booking.PreBooked
		m.say(m.FoundOne, fills...)
		if !held && status != "" {
			m.say(status)
		}
		m.note(m.Noted, found[0].Notes)
		m.say(m.Code, fills...)
		if held { // the open question comes last
			m.say(status)
		}
	default:
		m.several(found, true)
	}
	return m.String()
}

// several lists bookings, with their codes where the guest may want them.
func (m *message) several(found []booking.Booking, codes bool) {
	items := make([]string, 0, len(found))
	most := spokenBookings
	if m.written {
		most = WrittenBookings
	}
	for _, b := range found[:min(len(found), most)] {
		fills := m.details(b)
		item := m.piece(m.Item, fills...)
		switch b.Status {
		case booking.PreBooked:
			item += m.ToConfirm
		case booking.Processing:
			item += m.InProcess
		}
		if codes {
			item += m.piece(m.Coded, fills...)
		}
		items = append(items, item)
	}
	if m.written {
		m.say(m.BookingsFollow, fill{"n", strconv.Itoa(len(found))})
		m.list(items)
		return
	}
	if more := len(found) - len(items); more > 0 {
		items = append(items, m.count(more, m.More))
	}
	last := items[len(items)-1]
	m.say(m.FoundMany, fill{"n", strconv.Itoa(len(found))}, fill{"list", join(items, "; ", ";"+m.and(last))})
}

// Offered says that a time can be booked, and asks whether to book it.
func (c *Catalogue) Offered(lang booking.Lang, now time.Time, o booking.Offer) string {
	m := c.at(lang, now).message()
	m.say(m.Offered, fill{"party", m.party(o.Party)}, fill{"moment", m.onWhen(o.Date, o.Time)}, fill{"place", m.inZone(o.Zone)})
	m.table(o.NeedsWord, o.Until)
	var also []string
	for _, zone := range o.Zones {
		if in := m.zone(zone).in; zone != o.Zone && in != "" {
			also = append(also, in)
		}
	}
	if len(also) > 0 {
		m.say(m.OfferedAlso, fill{"list", m.any(also)})
	}
	m.say(m.remarks[ShallI])
	return m.String()
}

// Slots says at which times of a day the party can come.
func (c *Catalogue) Slots(lang booking.Lang, now time.Time, q booking.Query, slots []booking.Slot) string {
	m := c.at(lang, now).message()
	fills := []fill{{"moment", m.onDay(q.Date)}, {"party", m.party(q.Party)}, {"there", m.there(q.Zone)}}
	var free, elsewhere []booking.TimeOfDay
	for _, slot := range slots {
		switch {
		case !slot.Available():
		case q.Zone == "" || slices.Contains(slot.Zones, q.Zone):
			free = append(free, slot.Time)
		default:
			elsewhere = append(elsewhere, slot.Time)
		}
	}
	switch {
	case len(free) > 0:
		m.say(m.Slots, append(fills, fill{"list", m.byService(q.Date, free)})...)
	case len(elsewhere) > 0:
		m.say(m.SlotsElsewhere, append(fills, fill{"list", m.byService(q.Date, elsewhere)})...)
	default:
		m.say(m.Full, fills...)
		m.say(m.remarks[OtherDay])
		return m.String()
	}
	m.say(m.fields["time"][booking.Missing])
	return m.String()
}

// byService lists times under the names of the services that they fall in.
func (w wording) byService(d booking.Date, times []booking.TimeOfDay) string {
	var items []string
	for len(times) > 0 {
		service := w.serviceAt(d.Weekday(), times[0])
		n := 1
		for n < len(times) && w.serviceAt(d.Weekday(), times[n]) == service {
			n++
		}
		item := w.times(times[:n])
		if service != "" {
			item = w.piece(w.ForMeal, fill{"service", service}, fill{"times", item})
		}
		items = append(items, item)
		times = times[n:]
	}
	return join(items, "; ", "; ")
}

// serviceAt names the service that takes arrivals at t: the weekday's own, or
// on a holiday with other hours, any that does.
func (w wording) serviceAt(day time.Weekday, t booking.TimeOfDay) string {
	name := ""
	for i := range w.restaurant.Services {
		service := &w.restaurant.Services[i]
		if t < service.First || t > service.Last {
			continue
		}
		if slices.Contains(service.Days, day) {
			return w.service(service.Name, service.ID)
		}
		if name == "" {
			name = w.service(service.Name, service.ID)
		}
	}
	return name
}
