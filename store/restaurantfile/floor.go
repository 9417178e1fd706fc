package restaurantfile

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"maitre/booking"
)

const (
	// defaultPriority leaves priorities on both sides: 1 is given first, 20 last.
	defaultPriority = 10
	maxPriority     = 1000
	// maxTables and maxExpanded bound what ranges such as T1-T9999 can ask for.
	maxTables   = 1000
	maxExpanded = 20 * maxTables // in combinations, tables are named again and again
	maxSeats    = 500
)

// A table's ID is part of what guests and staff read; + joins the tables of a combination.
var idShape = regexp.MustCompile(`^[\p{L}\p{N}_.-]{1,16}$`)

// idRange is tables that are numbered through: T1-T8, or T1-8.
var idRange = regexp.MustCompile(`^(.*?)(\d{1,4})\s*[-–]\s*(.*?)(\d{1,4})$`)

func readZones(top *table) []booking.Zone {
	t, ok := top.must("zones", `[zones] with lines such as interior = { es = "el comedor", en = "the dining room" }`).table()
	if !ok {
		return nil
	}
	var zones []booking.Zone
	for key, v := range t.every() {
		checkKey(v, key)
		zones = append(zones, booking.Zone{ID: key, Name: v.guestText(maxName)})
	}
	if len(zones) == 0 {
		t.reader.add(t.node.line, t.path, "", "is empty", `name at least one part of the house: interior = "el comedor"`)
	}
	return zones
}

func readTables(top *table, zones []booking.Zone) []booking.Table {
	known := make([]string, len(zones))
	for i, z := range zones {
		known[i] = z.ID
	}
	v := top.must("tables", "a [[tables]] entry for each table, or for each row of equal ones")
	var tables []booking.Table
	taken := map[string]int{} // the line that has an ID
	for _, t := range v.tables() {
		like := readTable(t, known)
		for _, id := range readIDs(t) {
			switch line, twice := taken[id.text]; {
			case twice:
				id.wrong(fmt.Sprintf("names table %q, which line %d names already", id.text, line), "give every table its own id")
			case len(tables) >= maxTables:
				id.wrong(fmt.Sprintf("is more than the %d tables that a house may have", maxTables), "look for a range that is too long")
				return tables
			default:
				taken[id.text] = id.line
				one := like
				one.ID = id.text
				one.Name = strings.ReplaceAll(like.Name, "{id}", id.text)
				tables = append(tables, one)
			}
		}
	}
	if v != nil && len(v.list()) == 0 {
		v.wrong("is empty", "add a [[tables]] entry for each table")
	}
	return tables
}

// readTable reads what all tables of one entry have in common.
func readTable(t *table, zones []string) booking.Table {
	like := booking.Table{Name: "{id}", Access: booking.Online}
	if name := t.may("name"); name != nil {
		like.Name = name.str(maxName)
	}
	if zone := t.must("zone", `zone = "interior"`); zone != nil {
		like.Zone = zone.str(maxName)
		if like.Zone != "" && !slices.Contains(zones, like.Zone) {
			zone.wrong("is not a zone of this house", meant(like.Zone, zones))
		}
	}
	like.Min, like.Max, like.Priority = readSeats(t, 1)
	like.NeedsWord = t.may("needs_word").guestText(maxText)
	if v := t.may("access"); v != nil {
		like.Access = booking.Access(v.choice(string(booking.Online), string(booking.StaffOnly), string(booking.WalkInOnly)))
	}
	return like
}

// readSeats reads how many guests sit there. A combination is for those whom
// none of its tables seats alone, so its least is one more, unless it says otherwise.
func readSeats(t *table, leastDefault int) (least, most, priority int) {
	minimum, maximum := t.may("min"), t.must("max", "max = 4")
	least, most = minimum.number(1, maxSeats, leastDefault), maximum.number(1, maxSeats, 0)
	if most > 0 && least > most {
		maximum.wrong(fmt.Sprintf("is less than the fewest guests (%d)", least), "mend max, or min")
	}
	return least, most, t.may("priority").number(0, maxPriority, defaultPriority)
}

// readIDs returns the IDs of one entry, from id or ids, each with its line.
func readIDs(t *table) []*value {
	one, several := t.may("id"), t.may("ids")
	t.done()
	switch {
	case one == nil && several == nil:
		t.reader.add(t.node.line, t.place("id"), "", "is missing", `add: id = "T1", or for a row of equal tables ids = "T1-T8"`)
	case one != nil && several != nil:
		several.wrong("stands beside id", "write one of the two")
	}
	var ids []*value
	if one != nil {
		ids = append(ids, one)
	}
	for _, item := range several.list() {
		ids = append(ids, item.expand(nil)...)
	}
	return slices.DeleteFunc(ids, func(v *value) bool {
		if v.str(maxName) == "" {
			return true
		}
		if idShape.MatchString(v.text) {
			return false
		}
		v.wrong("is not an id", "use up to 16 letters, digits, dots, dashes and underscores")
		return true
	})
}

// expand returns the IDs in a range; anything else, and an ID that
// exists as written, is returned as it is.
func (v *value) expand(known []string) []*value {
	parts := idRange.FindStringSubmatch(v.text)
	if parts == nil || slices.Contains(known, v.text) || parts[3] != "" && parts[3] != parts[1] {
		return []*value{v}
	}
	from, _ := strconv.Atoi(parts[2])
	to, _ := strconv.Atoi(parts[4])
	if to < from {
		v.wrong("is a range that runs backwards", fmt.Sprintf("write %q", parts[1]+parts[4]+"-"+parts[1]+parts[2]))
		return nil
	}
	width := 0
	if parts[2][0] == '0' {
		width = len(parts[2])
	}
	if v.reader.expanded += to - from + 1; v.reader.expanded > maxExpanded {
		v.wrong("asks for too many tables", "look for a range that is too long")
		return nil
	}
	var all []*value
	for i := from; i <= to; i++ {
		one := *v.node
		one.text = fmt.Sprintf("%s%0*d", parts[1], width, i)
		all = append(all, &value{v.reader, v.path, &one})
	}
	return all
}

// readCombinations reads, zone by zone, which of its tables can be pushed together.
func readCombinations(top *table, zones []booking.Zone, tables []booking.Table) []booking.Combination {
	t, ok := top.may("combinations").table()
	if !ok {
		return nil
	}
	var all []booking.Combination
	taken := map[string]int{} // the line that joins these tables
	for _, zone := range zones {
		var known []string
		seats := map[string]int{}
		for _, one := range tables {
			if one.Zone == zone.ID {
				known = append(known, one.ID)
				seats[one.ID] = one.Max
			}
		}
		for _, entry := range t.may(zone.ID).tables() {
			all = append(all, readCombination(entry, zone.ID, known, seats, taken))
		}
	}
	t.done()
	return all
}

func readCombination(t *table, zone string, known []string, seats, taken map[string]int) booking.Combination {
	var c booking.Combination
	before := len(t.reader.problems)
	v := t.must("tables", `tables = ["T1", "T2"]`)
	alone := 0
	for _, item := range v.list() {
		for _, id := range item.expand(known) {
			for _, name := range id.oneOf(known, "table in zone "+zone) {
				c.Tables = append(c.Tables, name)
				alone = max(alone, seats[name])
			}
		}
	}
	c.Min, c.Max, c.Priority = readSeats(t, alone+1)
	t.done()
	if len(t.reader.problems) > before {
		return c
	}

	sorted := slices.Sorted(slices.Values(c.Tables))
	joined := strings.Join(sorted, "+")
	switch line, twice := taken[joined]; {
	case len(slices.Compact(sorted)) < len(c.Tables):
		v.wrong("names a table twice", "take one away")
	case len(c.Tables) < 2:
		v.wrong("joins fewer than two tables", "name two or more, or take the entry away")
	case twice:
		v.wrong(fmt.Sprintf("joins the same tables as line %d", line), "take one away")
	default:
		taken[joined] = v.line
	}
	return c
}
