package retry

import (
	"maps"
	"slices"
	"sync"

	"maitre/booking"
)

// maxDates bounds the dates that are remembered one by one; beyond it, all are meant.
const maxDates = 1000

// Dates gathers the days that somebody has yet to look at. It begins with all of
// them, and is safe for concurrent use.
type Dates struct {
	changed chan struct{}

	mu    sync.Mutex
	all   bool
	dates map[booking.Date]bool
}

// NewDates returns one that means all days.
func NewDates() *Dates {
	return &Dates{changed: make(chan struct{}, 1), all: true, dates: make(map[booking.Date]bool)}
}

// Add adds days. It waits for nothing.
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
	default: // it is told already
	}
}

// addAll means all days again.
func (d *Dates) addAll() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.all = true
	clear(d.dates)
}

// take returns what was gathered, in order, and begins anew.
func (d *Dates) take() (dates []booking.Date, all bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	dates, all = slices.Sorted(maps.Keys(d.dates)), d.all
	d.all = false
	clear(d.dates)
	return dates, all
}
