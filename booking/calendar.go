package booking

import (
	"slices"
	"time"
)

// program is what runs on one service day: the services in the order of their
// first arrivals, and every time at which a guest may arrive.
type program struct {
	date     Date
	services []Service
	slots    []arrival // ascending by time
	holiday  Text
	closure  Text
}

// arrival is one time at which guests may arrive.
type arrival struct {
	time    TimeOfDay
	at      time.Time // the same, as an instant
	service *Service
	seating *Seating // nil where the service has none
	last    bool     // the last seating of its service, or the only one
	// leave is the latest end of a stay; strict says that a stay which would
	// pass it is not offered, rather than cut short.
	leave  time.Time
	strict bool
}

// stay returns the end of a stay of the given length; false when it does not fit.
func (a arrival) stay(length time.Duration) (time.Time, bool) {
	end := a.at.Add(length)
	if !end.After(a.leave) {
		return end, true
	}
	return a.leave, !a.strict && a.leave.After(a.at)
}

// until returns when the tables are needed again; 0 if guests need not be told.
func (a arrival) until() TimeOfDay {
	if a.seating == nil || a.last {
		return 0
	}
	return a.seating.Until
}

// programOf returns what runs on a date: the weekday's services, changed by
// the holiday rules in their order, less the closures.
func (r *Restaurant) programOf(date Date) *program {
	p := &program{date: date, services: r.servicesOn(date.Weekday())}
	p.holiday = r.holidayName(date)
	for _, rule := range r.HolidayRules {
		if r.applies(rule, date) {
			r.applyRule(rule, p)
		}
	}
	r.applyClosures(p)
	slices.SortStableFunc(p.services, func(a, b Service) int { return int(a.First - b.First) })
	for i := range p.services {
		p.addArrivals(&p.services[i], r.Step, r.Location)
	}
	slices.SortStableFunc(p.slots, func(a, b arrival) int { return int(a.time - b.time) })
	p.slots = slices.CompactFunc(p.slots, func(a, b arrival) bool { return a.time == b.time })
	return p
}

func (r *Restaurant) servicesOn(day time.Weekday) []Service {
	var services []Service
	for _, s := range r.Services {
		if slices.Contains(s.Days, day) {
			services = append(services, s)
		}
	}
	return services
}

func (r *Restaurant) holidayName(date Date) Text {
	for _, h := range r.Holidays {
		if h.Date == date {
			return h.Name
		}
	}
	return nil
}

func (r *Restaurant) isHoliday(date Date) bool {
	return slices.ContainsFunc(r.Holidays, func(h Holiday) bool { return h.Date == date })
}

// applies reports whether a rule is for a date. The day after a holiday that is a
// holiday itself is a holiday, not a day after.
func (r *Restaurant) applies(rule HolidayRule, date Date) bool {
	if len(rule.Weekdays) > 0 && !slices.Contains(rule.Weekdays, date.Weekday()) {
		return false
	}
	switch rule.On {
	case OnHoliday:
		return r.isHoliday(date)
	case OnEve:
		return r.isHoliday(date.AddDays(1))
	case AfterHoliday:
		return r.isHoliday(date.AddDays(-1)) && !r.isHoliday(date)
	}
	return false
}

func (r *Restaurant) applyRule(rule HolidayRule, p *program) {
	if rule.Closed {
		p.services, p.closure = nil, rule.Reason
		return
	}
	if rule.ServeAs != nil {
		p.services, p.closure = r.servicesOn(*rule.ServeAs), nil
	}
	for _, s := range r.servicesOn(rule.AddAs) {
		has := slices.ContainsFunc(p.services, func(x Service) bool { return x.ID == s.ID })
		if slices.Contains(rule.Add, s.ID) && !has {
			p.services = append(p.services, s)
		}
	}
	if len(rule.Seatings) == 0 {
		return
	}
	for i := range p.services {
		if s := &p.services[i]; len(rule.SeatingsFor) == 0 || slices.Contains(rule.SeatingsFor, s.ID) {
			s.Seatings = rule.Seatings
			s.First, s.Last = rule.Seatings[0].First, rule.Seatings[len(rule.Seatings)-1].Last
			s.RoomCloses = max(s.RoomCloses, rule.Seatings[len(rule.Seatings)-1].Until)
		}
	}
}

func (r *Restaurant) applyClosures(p *program) {
	for _, c := range r.Closures {
		if p.date < c.From || p.date > c.To {
			continue
		}
		before := len(p.services)
		p.services = slices.DeleteFunc(p.services, func(s Service) bool {
			return len(c.Services) == 0 || slices.Contains(c.Services, s.ID)
		})
		if len(p.services) < before || len(c.Services) == 0 {
			p.closure = c.Reason
		}
	}
}

func (p *program) addArrivals(s *Service, step int, loc *time.Location) {
	closes, _ := p.date.Instant(s.RoomCloses, loc)
	if len(s.Seatings) == 0 {
		p.addWindow(arrival{service: s, leave: closes, last: true}, s.First, s.Last, step, loc)
		return
	}
	for i := range s.Seatings {
		seating := &s.Seatings[i]
		until, _ := p.date.Instant(seating.Until, loc)
		p.addWindow(arrival{service: s, seating: seating, leave: until, strict: true, last: i == len(s.Seatings)-1},
			seating.First, seating.Last, step, loc)
	}
}

// addWindow adds the arrivals from first to last, without those that the clock skips
// in the night of the spring change.
func (p *program) addWindow(a arrival, first, last TimeOfDay, step int, loc *time.Location) {
	for t := first; t <= last; t += TimeOfDay(step) {
		if at, exists := p.date.Instant(t, loc); exists {
			a.time, a.at = t, at
			p.slots = append(p.slots, a)
		}
	}
}

// arrivalAt returns the arrival at exactly t.
func (p *program) arrivalAt(t TimeOfDay) (arrival, bool) {
	i, found := slices.BinarySearchFunc(p.slots, t, func(a arrival, t TimeOfDay) int { return int(a.time - t) })
	if !found {
		return arrival{}, false
	}
	return p.slots[i], true
}

// within reports whether guests arrive shortly before and after t: it lies
// between two steps of one service or seating.
func (p *program) within(t TimeOfDay) bool {
	for _, s := range p.services {
		if len(s.Seatings) == 0 && s.First <= t && t <= s.Last {
			return true
		}
		for _, seating := range s.Seatings {
			if seating.First <= t && t <= seating.Last {
				return true
			}
		}
	}
	return false
}

// HoursOn returns what is served on a date; Closure says why nothing is. Unlike a
// [Desk], it works that out each time.
func (r *Restaurant) HoursOn(date Date) DayHours { return r.programOf(date).hours() }

// hours returns the program as guests are told of it.
func (p *program) hours() DayHours {
	return DayHours{Date: p.date, Services: hoursOf(p.services), Holiday: p.holiday, Closure: p.closure}
}

func hoursOf(services []Service) []ServiceHours {
	hours := make([]ServiceHours, 0, len(services))
	for _, s := range services {
		hours = append(hours, ServiceHours{
			ID: s.ID, Name: s.Name, First: s.First, Last: s.Last,
			KitchenCloses: s.KitchenCloses, RoomCloses: s.RoomCloses, Seatings: s.Seatings,
		})
	}
	return hours
}

// Stay returns how long a party keeps its tables, unless the room closes before.
func (r *Restaurant) Stay(party int) time.Duration {
	for _, t := range r.Turns {
		if party <= t.UpTo {
			return t.Stay
		}
	}
	return r.Turns[len(r.Turns)-1].Stay
}

// pacingOf returns the limits that hold for a service.
func (r *Restaurant) pacingOf(s *Service) Pacing {
	if s.Pacing != (Pacing{}) {
		return s.Pacing
	}
	return r.Pacing
}
