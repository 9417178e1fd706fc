package booking

import (
	"cmp"
	"slices"
)

// This file decides who sits where. The assignment of bookings to tables is a
// plan of its own beside the bookings: this engine pins it when the booking is
// made; a later one may re-plan until the guest sits. Only this file may know
// how a table was chosen.

// maxTables is how many tables a house may have: the width of a tableSet.
const maxTables = 256

// tableSet is a set of tables by their index in the restaurant.
type tableSet [maxTables / 64]uint64

func (s *tableSet) add(i int) { s[i/64] |= 1 << (i % 64) }

func (s *tableSet) unite(o *tableSet) {
	for i := range s {
		s[i] |= o[i]
	}
}

func (s *tableSet) meets(o *tableSet) bool {
	return s[0]&o[0]|s[1]&o[1]|s[2]&o[2]|s[3]&o[3] != 0
}

// seat is a table, or a combination, that a party could be given.
type seat struct {
	tables   []string
	set      tableSet
	zone     string
	min, max int
	priority int
	access   Access // the narrowest of its tables
}

// floorPlan is the restaurant's tables, made ready for seating.
type floorPlan struct {
	index  map[string]int // table ID -> index
	tables []Table
	zones  []string
	// byParty holds, for each party size, the seats that fit it, best first:
	// fewest wasted seats, then fewest joined tables, then priority.
	byParty [][]seat
}

func newFloorPlan(r *Restaurant) *floorPlan {
	f := &floorPlan{index: make(map[string]int, len(r.Tables)), tables: r.Tables}
	for i, t := range r.Tables {
		f.index[t.ID] = i
	}
	for _, z := range r.Zones {
		f.zones = append(f.zones, z.ID)
	}
	seats := f.seats(r)
	largest := 0
	for _, s := range seats {
		largest = max(largest, s.max)
	}
	f.byParty = make([][]seat, largest+1)
	for party := 1; party <= largest; party++ {
		f.byParty[party] = fitting(seats, party)
	}
	return f
}

func (f *floorPlan) seats(r *Restaurant) []seat {
	var seats []seat
	for i, t := range r.Tables {
		s := seat{tables: []string{t.ID}, zone: t.Zone, min: t.Min, max: t.Max, priority: t.Priority, access: t.Access}
		s.set.add(i)
		seats = append(seats, s)
	}
	for _, c := range r.Combinations {
		s := seat{tables: c.Tables, min: c.Min, max: c.Max, priority: c.Priority, access: Online}
		for _, id := range c.Tables {
			i := f.index[id]
			s.set.add(i)
			s.zone = r.Tables[i].Zone
			s.access = narrower(s.access, r.Tables[i].Access)
		}
		seats = append(seats, s)
	}
	return slices.DeleteFunc(seats, func(s seat) bool { return s.access == WalkInOnly })
}

func narrower(a, b Access) Access {
	if a == WalkInOnly || b == WalkInOnly {
		return WalkInOnly
	}
	if a == StaffOnly || b == StaffOnly {
		return StaffOnly
	}
	return Online
}

func fitting(seats []seat, party int) []seat {
	var fit []seat
	for _, s := range seats {
		if s.min <= party && party <= s.max {
			fit = append(fit, s)
		}
	}
	slices.SortStableFunc(fit, func(a, b seat) int {
		return cmp.Or(cmp.Compare(a.max, b.max), cmp.Compare(len(a.tables), len(b.tables)),
			cmp.Compare(a.priority, b.priority))
	})
	return fit
}

// largest is the largest party that any seat takes.
func (f *floorPlan) largest() int { return len(f.byParty) - 1 }

// candidates returns the seats that fit a party, best first.
func (f *floorPlan) candidates(party int) []seat {
	if party < 1 || party >= len(f.byParty) {
		return nil
	}
	return f.byParty[party]
}

// choose returns the best free seat for a party. An empty zone means any. Of
// seats that are equally good it prefers keep, where the party sits already.
func (f *floorPlan) choose(party int, taken *tableSet, zone string, channel Channel, keep *tableSet) *seat {
	var best *seat
	all := f.candidates(party)
	for i := range all {
		s := &all[i]
		if best != nil && (s.max > best.max || len(s.tables) > len(best.tables)) {
			break
		}
		if !s.suits(zone, channel) || s.set.meets(taken) {
			continue
		}
		if keep == nil || s.set == *keep {
			return s
		}
		if best == nil {
			best = s
		}
	}
	return best
}

func (s *seat) suits(zone string, channel Channel) bool {
	return (zone == "" || s.zone == zone) && (s.access == Online || channel == ByStaff)
}

// set returns the tables of a booking; tables that the house does not have are left out.
func (f *floorPlan) set(tables []string) tableSet {
	var s tableSet
	for _, id := range tables {
		if i, ok := f.index[id]; ok {
			s.add(i)
		}
	}
	return s
}

// needsWord returns what guests must be told before they sit at these tables.
func (f *floorPlan) needsWord(tables []string) Text {
	for _, id := range tables {
		if i, ok := f.index[id]; ok && len(f.tables[i].NeedsWord) > 0 {
			return f.tables[i].NeedsWord
		}
	}
	return nil
}
