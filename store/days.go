package store

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"

	"maitre/booking"
)

// maxDays bounds how many service days are held decoded: more than a year of
// them, which is further than restaurants take bookings.
const maxDays = 512

// days holds decoded service days. A day is published by the writer after its
// sync, and filled in by readers; the generation refuses the fill of a reader that
// read before a write.
type days struct {
	limit int

	mu          sync.RWMutex
	held        map[booking.Date]*heldDay
	generations [256]uint64 // by date; dates that share one are only refused more often
	floor       *booking.Floor
}

// heldDay is the newest state of a day.
type heldDay struct {
	day *booking.Day
	// all holds day.Bookings, with spare capacity. A new booking usually has the
	// greatest ID, and is then written behind those of the days already handed
	// out, which end before it and share the rest.
	all []booking.Booking
	// used since the sweep passed last.
	used atomic.Bool
}

func newDays(limit int) *days {
	return &days{limit: limit, held: make(map[booking.Date]*heldDay)}
}

// get returns a day, or nil when it is not held.
func (d *days) get(date booking.Date) *booking.Day {
	d.mu.RLock()
	defer d.mu.RUnlock()
	h := d.held[date]
	if h == nil {
		return nil
	}
	if !h.used.Load() {
		h.used.Store(true)
	}
	return h.day
}

// generation is to be asked for before reading what is to be filled in.
func (d *days) generation(date booking.Date) uint64 {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.generations[uint8(date)]
}

// fill holds what was read of a day, unless the day was written to since the
// generation was asked for: then it is returned and not held.
func (d *days) fill(date booking.Date, bookings, held []booking.Booking, generation uint64) *booking.Day {
	d.mu.Lock()
	defer d.mu.Unlock()
	if h := d.held[date]; h != nil && d.generations[uint8(date)] == generation {
		return h.day
	}
	h := newHeldDay(date, d.floor, bookings, held)
	if d.generations[uint8(date)] == generation {
		d.evict()
		d.held[date] = h
	}
	return h.day
}

// put publishes a booking that was written; was is its state before, or nil.
// Only the writer calls it, in the order of its commits.
func (d *days) put(b booking.Booking, was *booking.Booking) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if was != nil && was.Date != b.Date {
		d.change(was.Date, b.ID, func(all []booking.Booking) []booking.Booking { return without(all, b.ID) })
	}
	d.change(b.Date, b.ID, func(all []booking.Booking) []booking.Booking { return with(all, b) })
}

// remove publishes that a booking was removed. Only the writer calls it.
func (d *days) remove(was *booking.Booking) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.change(was.Date, was.ID, func(all []booking.Booking) []booking.Booking { return without(all, was.ID) })
}

// setFloor makes every day say what the restaurant's tables are now.
func (d *days) setFloor(floor *booking.Floor) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.floor = floor
	for date, h := range d.held {
		d.held[date] = newHeldDay(date, floor, h.all, h.day.Held)
	}
}

// drop forgets days of which much was changed, or that were removed from the file.
func (d *days) drop(dates []booking.Date) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, date := range dates {
		d.generations[uint8(date)]++
		delete(d.held, date)
	}
}

// clear forgets everything.
func (d *days) clear() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range d.generations {
		d.generations[i]++
	}
	clear(d.held)
}

// change puts a new state in the place of a day, in which the booking named id
// was added, altered or removed; d.mu is locked.
func (d *days) change(date booking.Date, id string, alter func([]booking.Booking) []booking.Booking) {
	d.generations[uint8(date)]++
	if h := d.held[date]; h != nil {
		next := newHeldDay(date, d.floor, alter(h.all), h.day.Held)
		next.day.After(h.day, id)
		d.held[date] = next
	}
}

// evict drops a day that nobody asked for lately, if there are too many; d.mu is locked.
func (d *days) evict() {
	for len(d.held) >= d.limit {
		for date, h := range d.held {
			if !h.used.Swap(false) {
				delete(d.held, date)
				break
			}
		}
	}
}

func newHeldDay(date booking.Date, floor *booking.Floor, all, held []booking.Booking) *heldDay {
	return &heldDay{day: &booking.Day{Date: date, Bookings: all[:len(all):len(all)], Held: held, Floor: floor}, all: all}
}

// with returns all with b in it. Of all's array it writes only behind all's end,
// and only the newest state of a day is ever given to it.
func with(all []booking.Booking, b booking.Booking) []booking.Booking {
	i, found := find(all, b.ID)
	switch {
	case found:
		all = slices.Clone(all)
		all[i] = b
		return all
	case i == len(all):
		return append(all, b)
	default:
		return slices.Insert(slices.Clone(all), i, b)
	}
}

// without returns all without the booking named id, in an array of its own.
func without(all []booking.Booking, id string) []booking.Booking {
	i, found := find(all, id)
	if !found {
		return all
	}
	return slices.Concat(all[:i], all[i+1:])
}

func find(all []booking.Booking, id string) (int, bool) {
	return slices.BinarySearchFunc(all, id, func(b booking.Booking, id string) int { return cmp.Compare(b.ID, id) })
}
