package booking

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// How far the desk looks for something else to offer.
const (
	maxAlternatives = 3
	maxDaysAhead    = 21
)

// withAlternatives adds to a refusal the nearest times that can really be
// booked: those of the same day first, then one of each day after. Where none
// would help (the party is too large, a name is missing), it adds none.
func (d *Desk) withAlternatives(ctx context.Context, a ask, no *Refusal, now time.Time) *Refusal {
	if !helps(no) {
		return no
	}
	today, _ := ServiceDay(now, d.config.Restaurant.Location)
	from := max(a.date, today)
	last := min(from.AddDays(maxDaysAhead), today.AddDays(d.config.Restaurant.Horizon))
	service := d.serviceAsked(a)
	until := d.patienceFrom(d.Now()) // of all the days together: the guest has a no already
	for date := from; date <= last && len(no.Alternatives) < maxAlternatives; date++ {
		most := 1
		if date == a.date {
			most = maxAlternatives
		}
		free := d.freeOn(ctx, a, date, service, now, until)
		room := maxAlternatives - len(no.Alternatives)
		no.Alternatives = append(no.Alternatives, free[:min(len(free), most, room)]...)
	}
	return no
}

func helps(no *Refusal) bool {
	switch no.Reason {
	case Full, Closed, Past, TooSoon:
		return true
	}
	return no.Reason == Invalid && no.Problem == BetweenSlot
}

// serviceAsked is the ID of the service in which, or nearest to which, the
// time that was asked for falls; empty when no time was.
func (d *Desk) serviceAsked(a ask) string {
	if !a.hasTime {
		return ""
	}
	id, nearest := "", TimeOfDay(minutesPerDay)
	for _, s := range d.config.Restaurant.Services {
		if gap := max(s.First-a.time, a.time-s.Last, 0); gap < nearest {
			id, nearest = s.ID, gap
		}
	}
	return id
}

// freeOn returns what can be booked on a date, nearest to the time that was
// asked for first: the same service before another, which is offered once at
// most, and the zone that was asked for before another.
func (d *Desk) freeOn(ctx context.Context, a ask, date Date, service string, now, until time.Time) []Alternative {
	a.date = date
	p := d.programOf(date)
	if len(p.slots) == 0 {
		return nil
	}
	if d.freshen(ctx, date, Recent, until) != nil {
		return nil
	}
	_, held, refusal := d.day(ctx, date)
	if refusal != nil {
		return nil
	}
	nearest := nearestFirst(p.slots, a, service)
	var free []Alternative
	other := false
	for _, slot := range nearest {
		if len(free) == maxAlternatives {
			break
		}
		elsewhere := service != "" && slot.service.ID != service
		if elsewhere && other || d.timely(a, *slot, now) != nil {
			continue
		}
		if found, ok := d.placeAnyZone(a, *slot, held); ok {
			free = append(free, found)
			other = other || elsewhere
		}
	}
	return free
}

// nearestFirst orders the slots of a date by how far they are from what was
// asked for; those of another service come after.
func nearestFirst(slots []arrival, a ask, service string) []*arrival {
	nearest := make([]*arrival, len(slots))
	for i := range slots {
		nearest[i] = &slots[i]
	}
	if !a.hasTime {
		return nearest
	}
	far := func(s *arrival) int {
		gap := int(max(s.time-a.time, a.time-s.time))
		if s.service.ID != service {
			gap += 2 * minutesPerDay
		}
		return gap
	}
	slices.SortStableFunc(nearest, func(x, y *arrival) int { return cmp.Compare(far(x), far(y)) })
	return nearest
}

// placeAnyZone looks in the zone that was asked for, then in any other.
func (d *Desk) placeAnyZone(a ask, slot arrival, held *occupancy) (Alternative, bool) {
	if _, ok := d.place(a, slot, held); ok {
		return Alternative{Date: a.date, Time: slot.time}, true
	}
	if a.zone == "" {
		return Alternative{}, false
	}
	a.zone = ""
	found, ok := d.place(a, slot, held)
	if !ok {
		return Alternative{}, false
	}
	return Alternative{Date: a.date, Time: slot.time, Zone: found.seat.zone}, true
}
