package booking

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Check reports whether a desk can work with the restaurant. All that it
// cannot work with is returned as one error; contradictions that do no harm are
// warnings for the owner.
func (r *Restaurant) Check() (warnings []string, err error) {
	c := &inspection{r: r}
	c.restaurant()
	c.services()
	c.turns()
	c.tables()
	if len(c.problems) > 0 {
		return nil, errors.Join(c.problems...)
	}
	c.contradictions()
	return c.warnings, nil
}

type inspection struct {
	r        *Restaurant
	problems []error
	warnings []string
}

func (c *inspection) problem(format string, args ...any) {
	c.problems = append(c.problems, fmt.Errorf(format, args...))
}

func (c *inspection) warn(format string, args ...any) {
	c.warnings = append(c.warnings, fmt.Sprintf(format, args...))
}

func (c *inspection) restaurant() {
	r := c.r
	if r.Name == "" {
		c.problem("name: missing; guests hear it when they call")
	}
	if r.Slug == "" || strings.Trim(r.Slug, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		c.problem("slug %q: want lower-case letters, digits and dashes, such as bar-laurel", r.Slug)
	}
	if r.Location == nil {
		c.problem("time zone: missing; such as Europe/Madrid")
	}
	if len(r.Languages) == 0 {
		c.problem("languages: none; such as es, en")
	}
	for _, l := range r.Languages {
		if l != Spanish && l != English {
			c.problem("language %q: the desk speaks es and en", l)
		}
	}
	if r.Step < 5 || r.Step > 120 {
		c.problem("slot step %d: want 5 to 120 minutes, such as 15", r.Step)
	}
	if r.Horizon < 1 || r.Horizon > 3660 {
		c.problem("horizon %d: want 1 to 3660 days, such as 90", r.Horizon)
	}
	if r.PartyLimit < 1 {
		c.problem("party limit %d: want 1 or more", r.PartyLimit)
	}
	for _, cl := range r.Closures {
		if cl.To < cl.From {
			c.problem("closure from %s to %s: ends before it begins", cl.From, cl.To)
		}
	}
}

func (c *inspection) services() {
	if len(c.r.Services) == 0 {
		c.problem("services: none; a restaurant serves something on some day")
	}
	for _, s := range c.r.Services {
		name := "service " + s.ID
		switch {
		case s.ID == "":
			c.problem("service: needs an id, such as dinner")
		case len(s.Days) == 0:
			c.problem("%s: runs on no weekday", name)
		case s.Last < s.First:
			c.problem("%s: last arrival %s before the first, %s", name, s.Last, s.First)
		case s.RoomCloses <= s.Last:
			c.problem("%s: the room closes at %s, not after the last arrival at %s", name, s.RoomCloses, s.Last)
		case s.RoomCloses > DayEnds:
			c.problem("%s: the room closes at %s; a service day ends at 06:00", name, s.RoomCloses)
		}
		c.seatings(name, s.Seatings)
	}
	for _, rule := range c.r.HolidayRules {
		c.seatings("holiday rule on "+string(rule.On), rule.Seatings)
	}
}

func (c *inspection) seatings(of string, seatings []Seating) {
	for i, s := range seatings {
		if s.Last < s.First || s.Until <= s.Last {
			c.problem("%s: seating %d: want first arrival %s <= last %s < until %s", of, i+1, s.First, s.Last, s.Until)
		}
		if i > 0 && s.First < seatings[i-1].Until {
			c.problem("%s: seating %d begins at %s, before the one before it ends at %s", of, i+1, s.First, seatings[i-1].Until)
		}
		if s.Until > DayEnds {
			c.problem("%s: seating %d ends at %s; a service day ends at 06:00", of, i+1, s.Until)
		}
	}
}

func (c *inspection) turns() {
	if len(c.r.Turns) == 0 {
		c.problem("turn times: none; how long does a party of two stay?")
	}
	for i, t := range c.r.Turns {
		if t.Stay < 15*time.Minute || t.Stay > 12*time.Hour || t.Stay%time.Minute != 0 {
			c.problem("turn time for up to %d guests: %s; want whole minutes, from 15m to 12h", t.UpTo, t.Stay)
		}
		if i > 0 && t.UpTo <= c.r.Turns[i-1].UpTo {
			c.problem("turn times: up to %d comes after up to %d; want ascending party sizes", t.UpTo, c.r.Turns[i-1].UpTo)
		}
	}
}

func (c *inspection) tables() {
	r := c.r
	if len(r.Tables) == 0 {
		c.problem("tables: none")
	}
	if len(r.Tables) > maxTables {
		c.problem("tables: %d; the desk seats at most %d", len(r.Tables), maxTables)
	}
	zones, byID := map[string]bool{}, map[string]Table{}
	for _, z := range r.Zones {
		zones[z.ID] = true
	}
	for _, t := range r.Tables {
		if _, twice := byID[t.ID]; twice {
			c.problem("table %s: listed twice", t.ID)
		}
		byID[t.ID] = t
		if t.ID == "" || strings.Contains(t.ID, "+") {
			c.problem("table %q: needs an id without '+', such as T1", t.ID)
		}
		if !zones[t.Zone] {
			c.problem("table %s: unknown zone %q", t.ID, t.Zone)
		}
		if t.Min < 1 || t.Max < t.Min {
			c.problem("table %s: seats %d to %d; want 1 or more, smallest party first", t.ID, t.Min, t.Max)
		}
	}
	for _, comb := range r.Combinations {
		c.combination(comb, byID)
	}
}

func (c *inspection) combination(comb Combination, byID map[string]Table) {
	name := "combination " + strings.Join(comb.Tables, "+")
	if len(comb.Tables) < 2 {
		c.problem("%s: needs two tables or more", name)
	}
	if comb.Min < 1 || comb.Max < comb.Min {
		c.problem("%s: seats %d to %d; want 1 or more, smallest party first", name, comb.Min, comb.Max)
	}
	zone := ""
	for i, id := range comb.Tables {
		t, known := byID[id]
		switch {
		case !known:
			c.problem("%s: unknown table %s", name, id)
		case slices.Contains(comb.Tables[:i], id):
			c.problem("%s: table %s twice", name, id)
		case zone != "" && zone != t.Zone:
			c.problem("%s: tables of two zones, %s and %s", name, zone, t.Zone)
		}
		zone = t.Zone
	}
}

// contradictions warns of what the owner hardly meant.
func (c *inspection) contradictions() {
	r, floor := c.r, NewFloor(c.r, c.r.Tables)
	if r.PartyLimit > floor.largest() {
		c.warn("the party limit is %d, but the largest table or combination seats %d: parties above that will always be told the restaurant is full",
			r.PartyLimit, floor.largest())
	}
	for party := 1; party <= min(r.PartyLimit, floor.largest()); party++ {
		if floor.choose(party, &tableSet{}, "", ByPhone, nil) == nil {
			c.warn("no table or combination that guests may book seats a party of %d", party)
		}
	}
	for _, s := range r.Services {
		c.seatingsFit("service "+s.ID, s.Seatings)
	}
	for _, rule := range r.HolidayRules {
		c.seatingsFit("the holiday rule on "+string(rule.On), rule.Seatings)
	}
	for day := time.Sunday; day <= time.Saturday; day++ {
		c.overlaps(day)
	}
}

func (c *inspection) seatingsFit(of string, seatings []Seating) {
	for i, s := range seatings {
		longest := time.Duration(s.Until-s.First) * time.Minute
		for party := 1; party <= c.r.PartyLimit; party++ {
			if stay := c.r.Stay(party); stay > longest {
				c.warn("%s: seating %d (%s to %s) is too short for parties of %d or more, who stay %s",
					of, i+1, s.First, s.Until, party, stay)
				break
			}
		}
	}
}

func (c *inspection) overlaps(day time.Weekday) {
	services := c.r.servicesOn(day)
	for i, a := range services {
		for _, b := range services[i+1:] {
			if a.First <= b.Last && b.First <= a.Last {
				c.warn("services %s and %s overlap on %ss: both take arrivals between %s and %s",
					a.ID, b.ID, day, max(a.First, b.First), min(a.Last, b.Last))
			}
		}
	}
}
