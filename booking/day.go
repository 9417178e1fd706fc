package booking

import (
	"cmp"
	"slices"
	"sync/atomic"
	"time"
)

// Day is the book of one service day as it was at one moment. It must not be
// changed once a Ledger has handed it out, nor copied.
type Day struct {
	Date     Date
	Bookings []Booking // in every status, ordered by ID

	// held is what the desk worked out from Bookings; kept here because a
	// ledger hands the same Day to many callers.
	held atomic.Pointer[occupancy]
}

// After tells d that it is what became of an earlier state of the same day when
// the booking with an ID was added, changed or removed, so that the desk need
// not work everything out anew. Only whoever makes d may call it, before
// handing it out. It returns d.
func (d *Day) After(before *Day, id string) *Day {
	o := before.held.Load()
	if o == nil {
		return d
	}
	next := o.without(id)
	if at, found := slices.BinarySearchFunc(d.Bookings, id, func(b Booking, id string) int { return cmp.Compare(b.ID, id) }); found {
		next.add(&d.Bookings[at])
	}
	d.held.Store(next)
	return d
}

// occupancy is a Day made ready for seating.
type occupancy struct {
	floor *floorPlan
	holds []hold
}

// hold is a live booking's claim to tables for a half-open range of time.
type hold struct {
	id         string
	start, end int64 // Unix seconds
	tables     tableSet
	time       TimeOfDay
	party      int
	online     bool
}

func (d *Day) occupancy(f *floorPlan) *occupancy {
	if o := d.held.Load(); o != nil && o.floor == f {
		return o
	}
	o := &occupancy{floor: f, holds: make([]hold, 0, len(d.Bookings))}
	for i := range d.Bookings {
		o.add(&d.Bookings[i])
	}
	d.held.Store(o)
	return o
}

func (o *occupancy) add(b *Booking) {
	if b.Live() {
		o.holds = append(o.holds, hold{
			id: b.ID, start: b.Start.Unix(), end: b.End.Unix(), tables: o.floor.set(b.Tables),
			time: b.Time, party: b.Party, online: b.Channel != ByStaff,
		})
	}
}

func (o *occupancy) without(id string) *occupancy {
	next := &occupancy{floor: o.floor, holds: make([]hold, 0, len(o.holds)+1)}
	for i := range o.holds {
		if o.holds[i].id != id {
			next.holds = append(next.holds, o.holds[i])
		}
	}
	return next
}

// find returns the booking with an ID.
func (d *Day) find(id string) (Booking, bool) {
	for _, b := range d.Bookings {
		if b.ID == id {
			return b, true
		}
	}
	return Booking{}, false
}

// taken returns the tables that are held at any moment of [start, end), but for
// those of the booking named except.
func (o *occupancy) taken(start, end time.Time, except string) tableSet {
	var taken tableSet
	from, to := start.Unix(), end.Unix()
	for i := range o.holds {
		if h := &o.holds[i]; h.start < to && from < h.end && h.id != except {
			taken.unite(&h.tables)
		}
	}
	return taken
}

// covers counts the guests who arrive in the slot that begins at t: all of
// them, and those who booked online.
func (o *occupancy) covers(t TimeOfDay, step int, except string) (all, online int) {
	for i := range o.holds {
		h := &o.holds[i]
		if h.time < t || h.time >= t+TimeOfDay(step) || h.id == except {
			continue
		}
		all += h.party
		if h.online {
			online += h.party
		}
	}
	return all, online
}
