package catalogue

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"maitre/booking"
)

// Greeting is the first thing that a caller hears: whom they have reached, and
// that an automatic assistant speaks.
func (c *Catalogue) Greeting(lang booking.Lang) string {
	w := c.timeless(lang)
	return w.sentence(w.Greeting, w.name())
}

// Waiting is what a caller hears while the voice assistant asks the desk.
type Waiting struct {
	Start string // at once
	Wait  string // when it takes long
	// NotLooked: no answer came, and nothing was to be changed. It lets the caller speak.
	NotLooked string
	// NotSure: no answer came, and whether something was changed is not known.
	NotSure string
}

// Waiting returns what is said while a caller waits.
func (c *Catalogue) Waiting(lang booking.Lang) Waiting {
	w := c.timeless(lang)
	return Waiting{Start: w.Moment, Wait: w.Soon, NotLooked: w.NotLooked, NotSure: w.remarks[NotSure]}
}

// Info returns the restaurant's fact with a key, in any case. For an empty key it returns
// address and phone, and asks what the guest would like to know.
func (c *Catalogue) Info(lang booking.Lang, key string) string {
	m := c.timeless(lang).message()
	if key == "" {
		m.whereabouts()
	}
	if key == "" && len(c.restaurant.Facts) > 0 {
		m.say(m.WhatToKnow)
		return m.String()
	}
	for _, fact := range c.restaurant.Facts {
		if strings.EqualFold(strings.TrimSpace(key), fact.Key) {
			m.quote(m.own(fact.Text))
		}
	}
	if len(m.line) == 0 {
		m.say(m.NotWrittenDown)
		m.orCall(m.CallToAsk)
	}
	return m.String()
}

// Hours says what is served on a date.
func (c *Catalogue) Hours(lang booking.Lang, now time.Time, h booking.DayHours) string {
	m := c.at(lang, now).message()
	moment := fill{"moment", m.onDay(h.Date)}
	if len(h.Services) == 0 {
		m.say(m.HoursClosed, moment, fill{"reason", m.because(h.Closure)})
		m.holiday(h)
		m.say(m.remarks[OtherDay])
		return m.String()
	}
	m.say(m.Hours, moment, fill{"list", m.services(h.Services)})
	m.arrivals(h.Services)
	m.holiday(h)
	if notice := phrase(m.own(h.Closure)); notice != "" {
		m.say(m.DayNotice, fill{"reason", m.common(notice)})
	}
	return m.String()
}

// name fills in the restaurant's name.
func (w wording) name() fill { return fill{"restaurant", phrase(w.restaurant.Name)} }

// whereabouts says where the restaurant is and how to call it.
func (m *message) whereabouts() {
	if address := phrase(m.restaurant.Address); address != "" {
		m.say(m.Address, m.name(), fill{"address", address})
	}
	m.orCall(m.Phone)
}

func (m *message) holiday(h booking.DayHours) {
	if name := phrase(m.own(h.Holiday)); name != "" {
		m.say(m.Holiday, fill{"holiday", name})
	}
}

// arrivals says what the hours mean, and when the kitchen closes where it is known.
func (m *message) arrivals(services []booking.ServiceHours) {
	var closes []string
	for _, service := range services {
		if service.KitchenCloses == 0 {
			m.say(m.Arrivals)
			return
		}
		if at := m.at(service.KitchenCloses); !slices.Contains(closes, at) {
			closes = append(closes, at)
		}
	}
	m.say(m.Kitchen, fill{"times", m.all(closes)})
}

// services lists services with their times of arrival.
func (w wording) services(services []booking.ServiceHours) string {
	items := make([]string, 0, len(services))
	for _, service := range services {
		name := fill{"service", w.service(service.Name, service.ID)}
		if len(service.Seatings) < 2 {
			items = append(items, w.piece(w.Meal, name, fill{"times", w.span(service.First, service.Last)}))
			continue
		}
		turns := make([]string, 0, len(service.Seatings))
		for _, turn := range service.Seatings {
			turns = append(turns, w.span(turn.First, turn.Last))
		}
		items = append(items, w.piece(w.Seatings, name,
			fill{"n", strconv.Itoa(len(turns))}, fill{"times", w.all(turns)}))
	}
	return w.all(items)
}

// Week lists the usual services, [time.Sunday] first in week, with equal days together.
func (c *Catalogue) Week(lang booking.Lang, week [7][]booking.ServiceHours) string {
	m := c.timeless(lang).message()
	var closed []time.Weekday
	said := map[string]bool{}
	for i := range time.Weekday(7) {
		day := (i + 1) % 7 // a week is listed from Monday
		services := m.services(week[day])
		if services == "" {
			closed = append(closed, day)
			continue
		}
		if said[services] {
			continue
		}
		said[services] = true
		var same []time.Weekday
		for j := range time.Weekday(7) {
			other := (j + 1) % 7
			if m.services(week[other]) == services {
				same = append(same, other)
			}
		}
		m.say(m.Week, fill{"days", m.days(same)}, fill{"list", services})
	}
	if len(said) > 0 {
		m.say(m.Arrivals)
	}
	if len(closed) > 0 {
		m.say(m.WeekClosed, fill{"days", m.days(closed)})
	}
	if len(c.restaurant.HolidayRules) > 0 {
		m.say(m.WeekHolidays)
	}
	return m.String()
}

// days names weekdays in their order, Monday first: "de martes a jueves y los domingos".
func (w wording) days(days []time.Weekday) string {
	if len(days) == 7 {
		return w.piece(w.EveryDay)
	}
	var ranges, plurals []string
	for i := 0; i < len(days); {
		last := i
		for last+1 < len(days) && days[last+1] == (days[last]+1)%7 {
			last++
		}
		if last >= i+2 {
			ranges = append(ranges, w.piece(w.WeekdayRange,
				fill{"from", w.weekdays[days[i]]}, fill{"to", w.weekdays[days[last]]}))
			i = last + 1
			continue
		}
		plurals = append(plurals, strings.TrimSuffix(w.weekdays[days[i]], "s")+"s")
		i++
	}
	if len(plurals) > 0 {
		ranges = append(ranges, w.piece(w.Weekdays, fill{"list", w.all(plurals)}))
	}
	return w.all(ranges)
}
