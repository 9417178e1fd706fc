package mapping

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"

	"maitre/store/airtable"
)

// Finding is one thing of the base that was looked at, in words for the owner.
type Finding struct {
	Thing string // such as: field "Hora" of "Reservas"
	OK    bool
	// Vital reports whether the desk cannot work while it is not OK.
	Vital bool
	// Choice reports whether it is an option of a select. Without a vital one, only
	// the bookings that need it cannot be written.
	Choice bool
	// Planned reports whether [Mapper.Plan] fixes it; all else is for a person.
	Planned bool
	Problem string // what is wrong
	Fix     string // how to fix it, in Airtable or in the restaurant file
}

// String is a line: "ok: …" or "wrong: …", "note: …" for what the desk can work without.
func (f Finding) String() string {
	switch {
	case f.OK:
		return "ok: " + f.Thing
	case f.Vital:
		return "wrong: " + f.Thing + " " + f.Problem + ". " + f.Fix
	default:
		return "note: " + f.Thing + " " + f.Problem + ". " + f.Fix
	}
}

// Check compares the base with what the desk needs: a finding for each table,
// field and choice, whether or not something is wrong with it.
func (m *Mapper) Check(schema []airtable.Table) []Finding {
	c := checker{m: m, schema: schema}
	c.table(m.tables, "tables", "AIRTABLE_TABLE_TABLES", TableKeys(), tableNeeds())
	c.table(m.bookings, "bookings", "AIRTABLE_TABLE_BOOKINGS", BookingKeys(), bookingNeeds())
	return c.all
}

type checker struct {
	m      *Mapper
	schema []airtable.Table
	all    []Finding
}

func (c *checker) ok(thing string) { c.all = append(c.all, Finding{Thing: thing, OK: true}) }

func (c *checker) wrong(thing string, vital bool, problem, fix string) {
	c.all = append(c.all, Finding{Thing: thing, Vital: vital, Problem: problem, Fix: fix})
}

// planned marks the last finding as one that the plan fixes.
func (c *checker) planned() { c.all[len(c.all)-1].Planned = true }

func (c *checker) table(s sheet, section, variable string, keys []Key, needs map[Key]need) {
	ref, names := s.called, s.names
	thing := fmt.Sprintf("table %q", ref)
	t, ok := s.find(c.schema)
	if !ok {
		fix := fmt.Sprintf("If it is there under another name, set %s to that name or to its ID (tbl…); if it is not, maitre airtable init makes it.", variable)
		near, found := lookalike(c.schema, names)
		switch {
		case found:
			fix = fmt.Sprintf("Is it %q? Then set %s=%q.", near.Name, variable, near.Name)
		case isTableID(ref):
			fix = fmt.Sprintf("Set %s to the name or the ID (tbl…) of the table that holds the %s.", variable, section)
		}
		c.wrong(thing, true, "is not in the base", fix)
		if !found && !isTableID(ref) {
			c.planned()
		}
		return
	}
	c.ok(fmt.Sprintf("table %q", t.Name))
	if !goesBy(t.ID, t.Name, ref) {
		c.renamed(fmt.Sprintf("table %q", ref), t.Name, fmt.Sprintf("set %s=%q", variable, t.Name))
	}
	seen := map[string]Key{}
	for _, key := range keys {
		f, ok := s.field(t, key)
		switch other, twice := seen[f.ID]; {
		case !ok:
			c.missing(t, section, key, names, needs)
		case twice:
			c.wrong(fmt.Sprintf("field %q of %q", f.Name, t.Name), true, fmt.Sprintf("stands for both %s and %s", other, key),
				fmt.Sprintf("Name another field for one of the two under [airtable.%s] in the restaurant file.", section))
		default:
			seen[f.ID] = key
			if !goesBy(f.ID, f.Name, names[key]) {
				c.renamed(fmt.Sprintf("field %q of %q", names[key], t.Name), f.Name,
					fmt.Sprintf("under [airtable.%s] in the restaurant file write: %s = %q", section, key, f.Name))
			}
			c.field(t, f, section, key, needs[key])
		}
	}
}

// renamed adds a finding for what is known by its ID and has another name now.
func (c *checker) renamed(thing, now, say string) {
	c.wrong(thing, false, fmt.Sprintf("was renamed: it is called %q by now, and maitre goes on with it", now), "So that nobody need remember, "+say+".")
}

// goesBy reports whether what the base has is called as the restaurant calls it.
func goesBy(id, name, ref string) bool { return id == ref || fold(name) == fold(ref) }

func (c *checker) missing(t airtable.Table, section string, key Key, names map[Key]string, needs map[Key]need) {
	n := needs[key]
	name := names[key]
	byHand := fmt.Sprintf("in Airtable press + after the last field of %q, call it %q and choose the type %s.", t.Name, name, kindName(n.kinds[0]))
	near, alike := similar(t, name, names, n)
	fix := "Run maitre airtable init, or " + byHand
	switch {
	case isFieldID(name):
		fix = fmt.Sprintf("No field has this ID any more: under [airtable.%s] in the restaurant file write %s = the name or the ID of the one that holds it.", section, key)
	case alike:
		// The plan leaves it alone: a field by another name would be doubled.
		fix = fmt.Sprintf("Is it %q? Then under [airtable.%s] in the restaurant file write: %s = %q. If not, ", near, section, key, near) + byHand
	}
	problem := "is missing"
	if !n.vital {
		problem = "is missing: the desk works, without " + without(section, key)
	}
	c.wrong(fmt.Sprintf("field %q of %q", name, t.Name), n.vital, problem, fix)
	if !alike && !isFieldID(name) {
		c.planned()
	}
}

// without returns what the desk lacks when a field is missing.
func without(section string, key Key) string {
	if section == "tables" {
		return map[Key]string{
			Name: "names of tables for the staff", Zone: "zones but those of the restaurant file",
			Min: "a least party but that of the restaurant file", Priority: "an order but that of the restaurant file",
			Available: "a way to take a table out of use",
		}[key]
	}
	return map[Key]string{
		Email: "email addresses", Zone: "where guests asked to sit", Channel: "the way in which a booking came", CallID: "the call in which it was made",
		Notes: "what guests asked for",
	}[key]
}

func (c *checker) field(t airtable.Table, f airtable.Field, section string, key Key, n need) {
	thing := fmt.Sprintf("field %q of %q", f.Name, t.Name)
	if !n.takes(f.Type) {
		problem := "has the type " + kindName(f.Type) + "; it must be " + n.typeNames()
		fix := fmt.Sprintf("In Airtable open the field's menu, «Editar campo», and choose %s.", kindName(n.kinds[0]))
		if f.Computed() {
			problem = "is computed by Airtable, so that nothing can be written in it"
			fix = fmt.Sprintf("Add a field of type %s beside it and name that under [airtable.%s] in the restaurant file: %s = \"…\".", kindName(n.kinds[0]), section, key)
		}
		c.wrong(thing, n.vital, problem, fix)
		return
	}
	before := len(c.all)
	switch {
	case f.Type == airtable.TypeLinks:
		c.link(thing, f)
	case f.Type == airtable.TypeDateTime:
		c.zoneOfTime(thing, f)
	}
	if len(c.all) == before {
		c.ok(thing)
	}
	if section == "bookings" && f.Type == airtable.TypeSingleSelect {
		c.choices(t, f, key)
	}
}

func (c *checker) link(thing string, f airtable.Field) {
	tables, ok := c.m.tables.find(c.schema)
	if ok && f.LinkedTable() != tables.ID {
		to := "another table"
		if i := slices.IndexFunc(c.schema, func(t airtable.Table) bool { return t.ID == f.LinkedTable() }); i >= 0 {
			to = fmt.Sprintf("%q", c.schema[i].Name)
		}
		c.wrong(thing, true, fmt.Sprintf("links to %s; it must link to %q", to, tables.Name),
			fmt.Sprintf("Name the field that links to %q under [airtable.bookings] in the restaurant file (table = \"…\"), or add one of type %s.", tables.Name, kindName(airtable.TypeLinks)))
		return
	}
	var options struct {
		Single bool `json:"prefersSingleRecordLink"`
	}
	if json.Unmarshal(f.Options, &options) == nil && options.Single {
		c.wrong(thing, false, "takes one table only, and a combination has several",
			"In Airtable open the field's menu, «Editar campo», and switch on «Permitir la vinculación a varios registros».")
	}
}

// zoneOfTime checks that hours are shown in the restaurant's time zone.
func (c *checker) zoneOfTime(thing string, f airtable.Field) {
	var options struct {
		TimeZone string `json:"timeZone"`
	}
	restaurant := c.m.restaurant.Location.String()
	if json.Unmarshal(f.Options, &options) != nil || options.TimeZone == restaurant || options.TimeZone == "" {
		return
	}
	shown := map[string]string{"utc": "in UTC, an hour or two off", "client": "in the zone of whoever looks"}[options.TimeZone]
	if shown == "" {
		shown = "in the zone " + options.TimeZone
	}
	c.wrong(thing, false, "shows the hours "+shown,
		fmt.Sprintf("In Airtable open the field's menu, «Editar campo», and choose the time zone (zona horaria) %s for all collaborators.", restaurant))
}

func (c *checker) choices(t airtable.Table, f airtable.Field, key Key) {
	var offered []string
	for _, choice := range f.Choices() {
		offered = append(offered, choice.Name)
	}
	if offered == nil {
		offered = []string{}
	}
	for _, want := range c.m.choices(key) {
		if word, ok := want.written(offered); ok {
			c.ok(fmt.Sprintf("choice %q of %q (%s)", word, f.Name, want.means))
			c.all[len(c.all)-1].Choice = true
			continue
		}
		section := map[Key]string{Status: "statuses", Channel: "channels", Zone: "zones"}[key]
		c.wrong(fmt.Sprintf("choice %q of %q", want.word, f.Name), key != Zone, "is missing ("+want.means+")",
			fmt.Sprintf("Run maitre airtable init, or in Airtable open the menu of %q in %q, «Editar campo», and add the option %q; if it is there in other words, under [airtable.%s] in the restaurant file write: %s = [\"…\"].",
				f.Name, t.Name, want.word, section, want.means))
		c.all[len(c.all)-1].Choice = true
		c.planned()
	}
}

func isTableID(s string) bool { return strings.HasPrefix(s, "tbl") && isFieldID("fld"+s[3:]) }

func isFieldID(s string) bool {
	rest, ok := strings.CutPrefix(s, "fld")
	return ok && len(rest) == 14 && IsRecordID("rec"+rest)
}

// similar finds the field that a missing one most likely is: of a suitable type, not
// used for another key, and with a similar name.
func similar(t airtable.Table, name string, names map[Key]string, n need) (string, bool) {
	taken := map[string]bool{}
	for _, other := range names {
		taken[fold(other)] = true
	}
	want, best, least := fold(name), "", len(name)
	for _, f := range t.Fields {
		have := fold(f.Name)
		if taken[have] || !n.takes(f.Type) || isFieldID(name) {
			continue
		}
		if strings.HasPrefix(have, want) || strings.HasPrefix(want, have) {
			return f.Name, true
		}
		if d := levenshtein.ComputeDistance(want, have); d <= len(want)/3 && d < least {
			best, least = f.Name, d
		}
	}
	return best, best != ""
}

// lookalike finds a table that has three or more of the fields that one should have.
func lookalike(schema []airtable.Table, names map[Key]string) (airtable.Table, bool) {
	for _, t := range schema {
		found := 0
		for _, name := range names {
			if _, ok := findField(t, name); ok {
				found++
			}
		}
		if found >= 3 {
			return t, true
		}
	}
	return airtable.Table{}, false
}
