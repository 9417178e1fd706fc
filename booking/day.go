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
	// Held are bookings as the system of record may still hold them while a change
	// or a cancellation waits to be written: see [JournalEntry.HeldBeside].
	Held []Booking
	// Floor is what the house's tables were then; nil: as the restaurant file has them.
	Floor *Floor

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
	floor  *Floor
	holds  []hold
	unassigned int // holds that were given a place because their bookings have none
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
	unassigned     bool
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

// occupancyBut is what the day would be without the booking named except.
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

// placeAdrift holds a table for each booking that has none, or none that the
// house has: the staff took it down and will seat it somewhere, so the house has
// one table less. The earliest, of those the one made first, chooses first.
func (o *occupancy) placeUnassigned() {
	if o.unassigned == 0 {
		return
	}
	var adrift []*hold
	for i := range o.holds {
		if o.holds[i].unassigned {
			adrift = append(adrift, &o.holds[i])
		}
	}
	slices.SortFunc(adrift, func(a, b *hold) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.id, b.id)) })
	for _, h := range adrift {
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

// taken returns the tables that are held at any moment of [start, end), but for
// those of the booking named except.
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
