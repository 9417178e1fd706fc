package ledger

import (
	"sync"
	"time"

	"maitre/booking"
)

// lag is how long after something was read or written the list of changes may
// still report an older state. Airtable documents no limit.
const lag = 10 * time.Minute

// maxRecent is how many bookings are remembered.
const maxRecent = 1 << 14

// recent remembers what was read or written within lag. The list of changes may
// report an older state of it as if it were new, so the row itself is read instead.
type recent struct {
	now func() time.Time

	mu       sync.Mutex
	bookings map[string]time.Time
	days     map[booking.Date]time.Time
	// all is until when every change counts as recent: after a start it is not known
	// what was read and written before.
	all time.Time
}

func newRecent(now func() time.Time) *recent {
	return &recent{now: now, bookings: map[string]time.Time{}, days: map[booking.Date]time.Time{}, all: now().Add(lag)}
}

// touch records that a booking's row was written.
func (d *recent) touch(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.bookings) >= maxRecent {
		clear(d.bookings)
		d.all = d.now().Add(lag)
	}
	d.bookings[id] = d.now()
}

// read records that days were read whole.
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
// recently that a reported change may be older.
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
