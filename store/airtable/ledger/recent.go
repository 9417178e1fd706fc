package ledger

import (
	"sync"
	"time"

	"maitre/booking"
)

// lag is how long after something was read or written the list of changes may
// still tell of how it stood before. Airtable promises nothing of it.
const lag = 10 * time.Minute

// maxDirect bounds the bookings of which it is known when they were written last.
const maxRecent = 1 << 14

// direct remembers what was read or written a short while ago. Of that, the list
// of changes is no witness: it may lag behind, and tell of an older state as if it
// were new. The row itself is asked instead.
type recent struct {
	now func() time.Time

	mu       sync.Mutex
	bookings map[string]time.Time
	days     map[booking.Date]time.Time
	// all is until when nothing that the list of changes tells is believed unasked:
	// after a start, what was written and read before it is not known.
	all time.Time
}

func newRecent(now func() time.Time) *recent {
	return &recent{now: now, bookings: map[string]time.Time{}, days: map[booking.Date]time.Time{}, all: now().Add(lag)}
}

// touch notes that a booking's row was written, or read by itself.
func (d *recent) touch(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.bookings) >= maxRecent {
		clear(d.bookings)
		d.all = d.now().Add(lag)
	}
	d.bookings[id] = d.now()
}

// read notes that days were read whole.
func (d *recent) read(from, to booking.Date) {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.now()
	for date, at := range d.days {
		if now.Sub(at) > lag {
			delete(d.days, date)
		}
	}
	for date := from; date <= to; date++ {
		d.days[date] = now
	}
}

// lately reports whether a booking, or one of its days, was read or written so
// short a while ago that a change that is told of may be older.
func (d *recent) lately(id string, dates ...booking.Date) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.now()
	if now.Before(d.all) {
		return true
	}
	if at, ok := d.bookings[id]; ok && now.Sub(at) <= lag {
		return true
	}
	for _, date := range dates {
		if at, ok := d.days[date]; ok && now.Sub(at) <= lag {
			return true
		}
	}
	return false
}
