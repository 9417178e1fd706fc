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

// Found tells of a guest's bookings: none, one, or several.
func (c *Catalogue) Found(lang booking.Lang, now time.Time, found []booking.Booking) string {
	s := c.speak(lang, now).speech()
	switch len(found) {
	case 0:
		s.say(sayFoundNone)
	case 1:
		fills := s.details(found[0])
		status := sayStatus + string(found[0].Status)
		s.say(sayFoundOne, fills...)
		if found[0].Status == booking.PreBooked { // what is left to do comes last
			s.noted(found[0].Notes)
			s.say(sayCode, fills...)
			s.say(status)
			break
		}
		if s.templates[status] != nil {
			s.say(status)
		}
		s.noted(found[0].Notes)
		s.say(sayCode, fills...)
	default:
		s.several(found, true)
	}
	return s.String()
}

// noted tells what is noted on a booking.
func (s *speech) noted(notes string) {
	if notes = s.readable(notes); notes != "" {
		s.say(sayNoted, fill{"notes", notes})
	}
}

// several lists bookings, with their codes where the guest may want them.
func (s *speech) several(found []booking.Booking, codes bool) {
	items := make([]string, 0, len(found))
	most := spokenBookings
	if s.written {
		most = WrittenBookings
	}
	for _, b := range found[:min(len(found), most)] {
		fills := s.details(b)
		item := s.piece(pieceItem, fills...)
		switch b.Status {
		case booking.PreBooked:
			item += s.piece(pieceToConfirm)
		case booking.Processing:
			item += s.piece(pieceProcessing)
		}
		if codes {
			item += s.piece(pieceCoded, fills...)
		}
		items = append(items, item)
	}
	if s.written {
		s.say(pieceManyWritten, fill{"n", strconv.Itoa(len(found))})
		s.list(items)
		return
	}
	switch more := len(found) - len(items); {
	case more == 1:
		items = append(items, s.piece(pieceOneMore))
	case more > 1:
		items = append(items, s.piece(pieceMore, fill{"n", strconv.Itoa(more)}))
	}
	last := items[len(items)-1]
	s.say(sayFoundMany, fill{"n", strconv.Itoa(len(found))}, fill{"list", join(items, "; ", ";"+s.and(last))})
}

// Offered tells that a time can be booked, and asks whether to book it.
func (c *Catalogue) Offered(lang booking.Lang, now time.Time, o booking.Offer) string {
	s := c.speak(lang, now).speech()
	s.say(sayOffered, fill{"party", s.party(o.Party)}, fill{"moment", s.onWhen(o.Date, o.Time)}, fill{"place", s.inZone(o.Zone)})
	s.table(o.NeedsWord, o.Until)
	var also []string
	for _, zone := range o.Zones {
		if in := s.place(zone).in; zone != o.Zone && in != "" {
			also = append(also, in)
		}
	}
	if len(also) > 0 {
		s.say(sayOfferedAlso, fill{"list", s.any(also)})
	}
	s.say(sayShallI)
	return s.String()
}

// Slots tells at which times of a day the party can come.
func (c *Catalogue) Slots(lang booking.Lang, now time.Time, q booking.Query, slots []booking.Slot) string {
	s := c.speak(lang, now).speech()
	fills := []fill{{"moment", s.onDay(q.Date)}, {"party", s.party(q.Party)}, {"there", s.there(q.Zone)}}
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
		s.say(saySlots, append(fills, fill{"list", s.byService(q.Date, free)})...)
	case len(elsewhere) > 0:
		s.say(saySlotsElsewhere, append(fills, fill{"list", s.byService(q.Date, elsewhere)})...)
	default:
		s.say(saySlotsNone, fills...)
		s.say(sayAnotherDay)
		return s.String()
	}
	s.say(sayWhichTime)
	return s.String()
}

// byService lists times under the names of the services that they fall in.
func (v voice) byService(d booking.Date, times []booking.TimeOfDay) string {
	var items []string
	for len(times) > 0 {
		service := v.serviceAt(d.Weekday(), times[0])
		n := 1
		for n < len(times) && v.serviceAt(d.Weekday(), times[n]) == service {
			n++
		}
		item := v.times(times[:n])
		if service != "" {
			item = v.piece(pieceForMeal, fill{"service", service}, fill{"times", item})
		}
		items = append(items, item)
		times = times[n:]
	}
	return join(items, "; ", "; ")
}

// serviceAt names the service that takes arrivals at t: the weekday's own, or
// on a holiday with other hours, any that does.
func (v voice) serviceAt(day time.Weekday, t booking.TimeOfDay) string {
	name := ""
	for i := range v.house.Services {
		service := &v.house.Services[i]
		if t < service.First || t > service.Last {
			continue
		}
		if slices.Contains(service.Days, day) {
			return v.serviceName(service.Name, service.ID)
		}
		if name == "" {
			name = v.serviceName(service.Name, service.ID)
		}
	}
	return name
}

func (v voice) serviceName(name booking.Text, id string) string {
	if own := phrase(v.own(name)); own != "" {
		return v.meal(own)
	}
	return v.meal(phrase(id))
}
