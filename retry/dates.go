package retry

import (
	"maps"
	"slices"
	"sync"

	"maitre/booking"
)

// maxDates bounds the dates that are kept one by one; more count as all dates.
const maxDates = 1000

// Dates is a set of dates to check. It begins with all dates, and is safe for
// concurrent use.
type Dates struct {
	changed chan struct{}

	mu    sync.Mutex
	all   bool
	dates map[booking.Date]bool
}

// NewDates returns a set of all dates.
func NewDates() *Dates {
	return &Dates{changed: make(chan struct{}, 1), all: true, dates: make(map[booking.Date]bool)}
}

// Add adds dates. It never blocks.
func (d *Dates) Add(dates ...booking.Date) {
	d.mu.Lock()
	for _, date := range dates {
		if !d.all {
			d.dates[date] = true
		}
	}
	if len(d.dates) > maxDates {
		d.all = true
		clear(d.dates)
	}
	d.mu.Unlock()
	select {
	case d.changed <- struct{}{}:
	default: // signalled already
	}
}

// addAll adds all dates.
func (d *Dates) addAll() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.all = true
	clear(d.dates)
}

// take returns the dates in order, or all, and empties the set.
func (d *Dates) take() (dates []booking.Date, all bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	dates, all = slices.Sorted(maps.Keys(d.dates)), d.all
	d.all = false
	clear(d.dates)
	return dates, all
}
