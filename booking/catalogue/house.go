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
	s := c.timeless(lang).speech()
	s.say(sayGreeting, fill{"house", phrase(c.house.Name)})
	return s.String()
}

// Waiting are the few words that a caller hears while the desk is being asked,
// from whoever asks it.
type Waiting struct {
	Start string // at once
	Wait  string // when it takes long
	// NotLooked: no answer came, and nothing was to be changed. It leaves the word to the caller.
	NotLooked string
	// NotSure: no answer came, and whether something was changed is not known.
	// It does not say that nothing was: the desk may have been late, not idle.
	NotSure string
}

// Waiting returns what is said while a caller waits.
func (c *Catalogue) Waiting(lang booking.Lang) Waiting {
	said := func(key string) string {
		s := c.timeless(lang).speech()
		s.say(key)
		return s.String()
	}
	return Waiting{Start: said(sayMoment), Wait: said(saySoon), NotLooked: said(sayNotLooked), NotSure: said(sayNotSure)}
}

// Info tells what the house has to say on a key of its facts (capitals do not
// matter). For an empty key it tells address and phone, and asks what the guest
// would like to know: nobody listens to all the facts at once.
func (c *Catalogue) Info(lang booking.Lang, key string) string {
	s := c.timeless(lang).speech()
	if key == "" {
		if address := phrase(c.house.Address); address != "" {
			s.say(sayInfoAddress, fill{"house", phrase(c.house.Name)}, fill{"address", address})
		}
		if c.house.Phone != "" {
			s.say(sayInfoPhone, fill{"phone", s.phone()})
		}
	}
	if key == "" && len(c.house.Facts) > 0 {
		s.say(sayInfoWhat)
		return s.String()
	}
	for _, fact := range c.house.Facts {
		if strings.EqualFold(strings.TrimSpace(key), fact.Key) {
			s.quote(s.own(fact.Text))
		}
	}
	if len(s.line) == 0 {
		s.say(sayInfoUnknown)
		s.orCall(sayCallToAsk)
	}
	return s.String()
}

// Hours tells what is served on a date.
func (c *Catalogue) Hours(lang booking.Lang, now time.Time, h booking.DayHours) string {
	s := c.speak(lang, now).speech()
	moment := fill{"moment", s.onDay(h.Date)}
	if len(h.Services) == 0 {
		s.say(sayHoursClosed, moment, fill{"reason", s.reason(h.Closure)})
		s.holiday(h)
		s.say(sayAnotherDay)
		return s.String()
	}
	s.say(sayHours, moment, fill{"list", s.services(h.Services)})
	s.arrivals(h.Services)
	s.holiday(h)
	if notice := phrase(s.own(h.Closure)); notice != "" {
		s.say(sayDayNotice, fill{"reason", s.common(notice)})
	}
	return s.String()
}

func (s *speech) holiday(h booking.DayHours) {
	if name := phrase(s.own(h.Holiday)); name != "" {
		s.say(sayHoliday, fill{"holiday", name})
	}
}

// arrivals says what the hours mean, and when the kitchen closes where it is known.
func (s *speech) arrivals(services []booking.ServiceHours) {
	var closes []string
	for _, service := range services {
		if service.KitchenCloses == 0 {
			s.say(sayArrivals)
			return
		}
		if at := s.at(service.KitchenCloses); !slices.Contains(closes, at) {
			closes = append(closes, at)
		}
	}
	s.say(sayKitchen, fill{"times", s.all(closes)})
}

// services lists services with their times of arrival.
func (v voice) services(services []booking.ServiceHours) string {
	items := make([]string, 0, len(services))
	for _, service := range services {
		name := fill{"service", v.serviceName(service.Name, service.ID)}
		if len(service.Seatings) < 2 {
			items = append(items, v.piece(pieceMeal, name, fill{"times", v.span(service.First, service.Last)}))
			continue
		}
		turns := make([]string, 0, len(service.Seatings))
		for _, turn := range service.Seatings {
			turns = append(turns, v.span(turn.First, turn.Last))
		}
		items = append(items, v.piece(pieceSeatings, name,
			fill{"n", strconv.Itoa(len(turns))}, fill{"times", v.all(turns)}))
	}
	return v.all(items)
}

// Week tells the usual services, [time.Sunday] first, with equal days told together.
func (c *Catalogue) Week(lang booking.Lang, week [7][]booking.ServiceHours) string {
	s := c.timeless(lang).speech()
	var closed []time.Weekday
	said := map[string]bool{}
	for _, day := range fromMonday() {
		services := s.services(week[day])
		if services == "" {
			closed = append(closed, day)
			continue
		}
		if said[services] {
			continue
		}
		said[services] = true
		var same []time.Weekday
		for _, other := range fromMonday() {
			if s.services(week[other]) == services {
				same = append(same, other)
			}
		}
		s.say(sayWeek, fill{"days", s.days(same)}, fill{"list", services})
	}
	if len(said) > 0 {
		s.say(sayArrivals)
	}
	if len(closed) > 0 {
		s.say(sayWeekClosed, fill{"days", s.days(closed)})
	}
	if len(c.house.HolidayRules) > 0 {
		s.say(sayWeekHolidays)
	}
	return s.String()
}

// fromMonday returns the weekdays in the order in which a week is told.
func fromMonday() [7]time.Weekday {
	return [7]time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday}
}

// days names weekdays in their order, Monday first: "de martes a jueves y los domingos".
func (v voice) days(days []time.Weekday) string {
	if len(days) == 7 {
		return v.piece(pieceEveryDay)
	}
	var ranges, plurals []string
	for i := 0; i < len(days); {
		last := i
		for last+1 < len(days) && days[last+1] == (days[last]+1)%7 {
			last++
		}
		if last >= i+2 {
			ranges = append(ranges, v.piece(pieceWeekdayRange,
				fill{"from", v.weekdays[days[i]]}, fill{"to", v.weekdays[days[last]]}))
			i = last + 1
			continue
		}
		plurals = append(plurals, v.weekdayPlurals[days[i]])
		i++
	}
	if len(plurals) > 0 {
		ranges = append(ranges, v.piece(pieceWeekdays, fill{"list", v.all(plurals)}))
	}
	return v.all(ranges)
}
