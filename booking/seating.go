package booking

import (
	"cmp"
	"math"
	"slices"
)

// This file chooses tables. A booking gets its table when it is made; a later engine may
// assign another until the guest sits. Only this file may know how a table was chosen.

// maxTables is how many tables a restaurant may have: the width of a tableSet.
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

// Floor is a restaurant's tables, made ready for seating. It is immutable.
type Floor struct {
	index  map[string]int // table ID -> index
	tables []Table
	zones  []string
	// byParty holds, for each party size, the seats that fit it, best first:
	// fewest wasted seats, then fewest joined tables, then priority.
	byParty [][]seat
}

// NewFloor returns the floor of a restaurant with these tables, which may differ from its
// file's if the staff keep them elsewhere. Combinations with a missing table are left
// out, and so are tables beyond the 256th.
func NewFloor(r *Restaurant, tables []Table) *Floor {
	tables = tables[:min(len(tables), maxTables)]
	f := &Floor{index: make(map[string]int, len(tables)), tables: tables}
	for i, t := range tables {
		f.index[t.ID] = i
	}
	for _, z := range r.Zones {
		f.zones = append(f.zones, z.ID)
	}
	seats := f.seats(r.Combinations)
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

func (f *Floor) seats(combinations []Combination) []seat {
	var seats []seat
	for i, t := range f.tables {
		s := seat{tables: []string{t.ID}, zone: t.Zone, min: t.Min, max: t.Max, priority: t.Priority, access: t.Access}
		s.set.add(i)
		seats = append(seats, s)
	}
	for _, c := range combinations {
		if !f.hasAll(c.Tables) {
			continue
		}
		s := seat{tables: c.Tables, min: c.Min, max: c.Max, priority: c.Priority, access: Online}
		for _, id := range c.Tables {
			i := f.index[id]
			s.set.add(i)
			s.zone = f.tables[i].Zone
			s.access = narrower(s.access, f.tables[i].Access)
		}
		seats = append(seats, s)
	}
	return slices.DeleteFunc(seats, func(s seat) bool { return s.access == WalkInOnly })
}

func (f *Floor) has(id string) bool {
	_, ok := f.index[id]
	return ok
}

func (f *Floor) hasAll(ids []string) bool {
	return !slices.ContainsFunc(ids, func(id string) bool { return !f.has(id) })
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

// largest returns the largest party that any seat takes.
func (f *Floor) largest() int { return len(f.byParty) - 1 }

// candidates returns the seats that fit a party, best first.
func (f *Floor) candidates(party int) []seat {
	if party < 1 || party >= len(f.byParty) {
		return nil
	}
	return f.byParty[party]
}

// choose returns the best free seat for a party, or nil. An empty zone means any. Of
// equally good seats it prefers keep, the party's present tables.
func (f *Floor) choose(party int, taken *tableSet, zone string, channel Channel, keep *tableSet) *seat {
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

// set returns the tables of a booking, without those that the restaurant does not have.
func (f *Floor) set(tables []string) tableSet {
	var s tableSet
	for _, id := range tables {
		if i, ok := f.index[id]; ok {
			s.add(i)
		}
	}
	return s
}

// needsWord returns what guests must be told before they sit at these tables.
func (f *Floor) needsWord(tables []string) Text {
	for _, id := range tables {
		if i, ok := f.index[id]; ok && len(f.tables[i].NeedsWord) > 0 {
			return f.tables[i].NeedsWord
		}
	}
	return nil
}

// makeDo returns the free tables that an unassigned party would most likely get: a seat
// that fits, in the zone it asked for if there is one, else tables put together until all
// can sit; fewer if the restaurant is full. Walk-in tables are not used.
func (f *Floor) makeDo(party int, taken *tableSet, zone string) tableSet {
	for _, z := range []string{zone, ""} {
		if s := f.choose(party, taken, z, ByStaff, nil); s != nil {
			return s.set
		}
	}
	free := make([]int, 0, len(f.tables))
	for i, t := range f.tables {
		var own tableSet
		if own.add(i); t.Access != WalkInOnly && !own.meets(taken) {
			free = append(free, i)
		}
	}
	// A party of fewer than any table's least takes the smallest table.
	if i := slices.IndexFunc(free, func(i int) bool { return f.tables[i].Max >= party }); i >= 0 {
		smallest := slices.MinFunc(free[i:], func(a, b int) int {
			return cmp.Or(cmp.Compare(f.misfit(a, party), f.misfit(b, party)), cmp.Compare(a, b))
		})
		var own tableSet
		own.add(smallest)
		return own
	}
	slices.SortStableFunc(free, func(a, b int) int { return cmp.Compare(f.tables[b].Max, f.tables[a].Max) })
	var together tableSet
	for _, i := range free {
		if party <= 0 {
			break
		}
		together.add(i)
		party -= f.tables[i].Max
	}
	return together
}

// misfit returns how many seats a table has too many for a party; a table that is too
// small has the most.
func (f *Floor) misfit(i, party int) int {
	if over := f.tables[i].Max - party; over >= 0 {
		return over
	}
	return math.MaxInt
}
