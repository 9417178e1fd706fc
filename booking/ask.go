package booking

import (
	"slices"
	"time"
)

// ask is what a party wants, in the form in which the desk looks for it.
type ask struct {
	date    Date
	time    TimeOfDay
	hasTime bool
	party   int
	zone    string
	channel Channel
	// own is the booking that is being changed: its tables count as free. keep
	// are the tables it has.
	own  string
	keep *tableSet
}

func (a ask) refuse(reason Reason) *Refusal {
	return &Refusal{Reason: reason, Date: a.date, Time: a.time, HasTime: a.hasTime, Party: a.party, Zone: a.zone}
}

// placed is the time and the table that a party would get.
type placed struct {
	arrival arrival
	end     time.Time
	seat    *seat
}

// sane refuses what cannot be booked on any day: no party, no such zone, a party
// that a person must arrange.
func (d *Desk) sane(a ask) *Refusal {
	r := d.config.Restaurant
	no := a.refuse(Invalid)
	switch {
	case a.party == 0:
		no.Field, no.Problem = "party", Missing
		return no
	case a.party < 0:
		no.Field, no.Problem = "party", Unclear
		return no
	case a.date.IsZero():
		no.Field, no.Problem = "date", Missing
		return no
	case a.zone != "" && !d.hasZone(a.zone):
		no.Field, no.Problem = "zone", Unknown
		return no
	case a.party > r.PartyLimit:
		return a.refuse(TooLarge)
	}
	return nil
}

func (d *Desk) hasZone(id string) bool {
	return slices.Contains(d.floor.zones, id)
}

// dateOpen refuses dates that are past, lie beyond the horizon or have no service.
func (d *Desk) dateOpen(a ask, now time.Time) (*program, *Refusal) {
	today, _ := ServiceDay(now, d.config.Restaurant.Location)
	switch {
	case a.date < today:
		return nil, a.refuse(Past)
	case a.date > today.AddDays(d.config.Restaurant.Horizon):
		return nil, a.refuse(TooFar)
	}
	p := d.programOf(a.date)
	if len(p.slots) == 0 {
		no := a.refuse(Closed)
		no.Closure = p.closure
		return nil, no
	}
	return p, nil
}

// arrivalFor returns the arrival that was asked for, or the reason why there is none.
func (d *Desk) arrivalFor(a ask, p *program, now time.Time) (arrival, *Refusal) {
	slot, found := p.arrivalAt(a.time)
	if found {
		return slot, d.timely(a, slot, now)
	}
	if at, _ := a.date.Instant(a.time, d.config.Restaurant.Location); at.Before(now) {
		return arrival{}, a.refuse(Past)
	}
	if p.within(a.time) {
		no := a.refuse(Invalid)
		no.Field, no.Problem = "time", BetweenSlot
		return arrival{}, no
	}
	no := a.refuse(Closed)
	no.Hours, no.Closure = hoursOf(p.services), p.closure
	return arrival{}, no
}

// timely refuses an arrival that is past or too soon. The staff need no notice.
func (d *Desk) timely(a ask, slot arrival, now time.Time) *Refusal {
	switch {
	case slot.at.Before(now):
		return a.refuse(Past)
	case a.channel != ByStaff && slot.at.Before(now.Add(slot.service.Notice)):
		return a.refuse(TooSoon)
	}
	return nil
}

// place looks for a table, for guests who only ask as for those who book.
func (d *Desk) place(a ask, slot arrival, held *occupancy) (placed, bool) {
	end, fits := slot.stay(d.config.Restaurant.Stay(a.party))
	if !fits || !d.paced(a, slot, held) {
		return placed{}, false
	}
	taken := held.taken(slot.at, end, a.own)
	s := held.floor.choose(a.party, &taken, a.zone, a.channel, a.keep)
	return placed{slot, end, s}, s != nil
}

// paced reports whether the kitchen can take the party's covers in that slot.
func (d *Desk) paced(a ask, slot arrival, held *occupancy) bool {
	limit := d.config.Restaurant.pacingOf(slot.service)
	if limit == (Pacing{}) {
		return true
	}
	all, online := held.covers(slot.time, d.config.Restaurant.Step, a.own)
	if limit.All > 0 && all+a.party > limit.All {
		return false
	}
	return a.channel == ByStaff || limit.Online == 0 || online+a.party <= limit.Online
}
