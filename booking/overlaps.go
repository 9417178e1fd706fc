package booking

import (
	"cmp"
	"slices"
	"time"
)

// Overlap is two live bookings that hold a table at the same time. First begins
// no later than Second; where both begin together, First has the lesser ID.
type Overlap struct {
	First, Second Booking
	// Tables are those that both hold, in their order.
	Tables []string
}

// End returns when the overlap ends.
func (o Overlap) End() time.Time {
	if o.First.End.Before(o.Second.End) {
		return o.First.End
	}
	return o.Second.End
}

// Overlaps returns every two live bookings of a day that hold the same table at the same
// time, in the order of the second's start.
func Overlaps(day *Day) []Overlap {
	var live []*Booking
	for i := range day.Bookings {
		if b := &day.Bookings[i]; b.Live() && b.Start.Before(b.End) {
			live = append(live, b)
		}
	}
	slices.SortFunc(live, func(a, b *Booking) int { return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.ID, b.ID)) })
	var found []Overlap
	for i, second := range live {
		for _, first := range live[:i] {
			if !second.Start.Before(first.End) {
				continue
			}
			if tables := sharedTables(first, second); len(tables) > 0 {
				found = append(found, Overlap{First: *first, Second: *second, Tables: tables})
			}
		}
	}
	return found
}

func sharedTables(a, b *Booking) []string {
	var shared []string
	for _, table := range a.Tables {
		if slices.Contains(b.Tables, table) && !slices.Contains(shared, table) {
			shared = append(shared, table)
		}
	}
	slices.Sort(shared)
	return shared
}
