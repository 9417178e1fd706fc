package booking

import (
	"cmp"
	"slices"
	"sync/atomic"
	"time"
)

// Day is the bookings of one service day at one moment. It must not be changed once a
// Ledger has returned it, nor copied.
type Day struct {
	Date     Date
	Bookings []Booking // in every status, ordered by ID
	// Held are bookings as the system of record may still hold them while a change
	// or a cancellation waits to be written: see [JournalEntry.HeldBeside].
	Held []Booking
	// Floor is the tables at that moment; nil: those of the restaurant file.
	Floor *Floor

	// held is computed from Bookings and kept here because a ledger returns the same
	// Day to many callers.
	held atomic.Pointer[occupancy]
}

// After declares that d differs from before, an earlier state of the same day, only in
// the booking with this ID, so that the desk can reuse what it computed for before. Only
// the ledger that makes d may call it, before it returns d to others. It returns d.
func (d *Day) After(before *Day, id string) *Day {
	o := before.held.Load()
	if o == nil || o.unassigned > 0 || before.Floor != d.Floor {
		return d
	}
	next := o.without(id)
	if at, found := slices.BinarySearchFunc(d.Bookings, id, func(b Booking, id string) int { return cmp.Compare(b.ID, id) }); found {
		next.add(&d.Bookings[at])
	}
	if next.unassigned == 0 {
		d.held.Store(next)
	}
	return d
}

// occupancy is a Day made ready for seating.
type occupancy struct {
	floor      *Floor
	holds      []hold
	unassigned int // live bookings without a table, which were given one here
}

// hold is a live booking's claim to tables for a half-open range of time.
type hold struct {
	id         string
	start, end int64 // Unix seconds
	tables     tableSet
	time       TimeOfDay
	party      int
	online     bool
	zone       string // asked for
	unassigned bool
}

// occupancy returns the day made ready for seating, on the restaurant file's
// floor where the day has none of its own.
func (d *Day) occupancy(file *Floor) *occupancy {
	if o := d.held.Load(); o != nil && (o.floor == d.Floor || d.Floor == nil && o.floor == file) {
		return o
	}
	o := d.occupancyBut(file, "")
	d.held.Store(o)
	return o
}

// occupancyBut returns the occupancy of the day without the booking except.
func (d *Day) occupancyBut(file *Floor, except string) *occupancy {
	o := &occupancy{floor: file, holds: make([]hold, 0, len(d.Bookings))}
	if d.Floor != nil {
		o.floor = d.Floor
	}
	for _, all := range [][]Booking{d.Bookings, d.Held} {
		for i := range all {
			if b := &all[i]; b.ID != except {
				o.add(b)
			}
		}
	}
	o.placeUnassigned()
	return o
}

func (o *occupancy) add(b *Booking) {
	if !b.Live() {
		return
	}
	h := hold{
		id: b.ID, start: b.Start.Unix(), end: b.End.Unix(), tables: o.floor.set(b.Tables),
		time: b.Time, party: b.Party, online: b.Channel != ByStaff, zone: b.AskedZone,
	}
	if h.unassigned = h.tables == (tableSet{}); h.unassigned {
		o.unassigned++
	}
	o.holds = append(o.holds, h)
}

// placeUnassigned holds a table for each live booking without one that the restaurant
// has, because the staff will seat it somewhere. The earliest booking chooses first; of
// those at the same time, the one made first.
func (o *occupancy) placeUnassigned() {
	if o.unassigned == 0 {
		return
	}
	var unassigned []*hold
	for i := range o.holds {
		if o.holds[i].unassigned {
			unassigned = append(unassigned, &o.holds[i])
		}
	}
	slices.SortFunc(unassigned, func(a, b *hold) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.id, b.id)) })
	for _, h := range unassigned {
		taken := o.takenWithin(h.start, h.end, h.id)
		h.tables = o.floor.makeDo(h.party, &taken, h.zone)
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

// taken returns the tables that are held at any moment of [start, end), without those of
// the booking except.
func (o *occupancy) taken(start, end time.Time, except string) tableSet {
	return o.takenWithin(start.Unix(), end.Unix(), except)
}

func (o *occupancy) takenWithin(from, to int64, except string) tableSet {
	var taken tableSet
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
