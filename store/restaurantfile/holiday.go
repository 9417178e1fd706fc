package restaurantfile

import (
	"cmp"
	"slices"

	"github.com/pelletier/go-toml/v2/unstable"

	"maitre/booking"
)

// readHolidays reads the public holidays: keys are dates. They come out by date.
func readHolidays(top *table) []booking.Holiday {
	t, ok := top.may("holidays").table()
	if !ok {
		return nil
	}
	var holidays []booking.Holiday
	for key, v := range t.every() {
		// The date is the key, so that is what a problem must show.
		date, ok := parseDate(&value{v.reader, t.path, &node{kind: unstable.String, line: v.line, text: key}})
		name := v.guestText(maxName)
		if ok {
			holidays = append(holidays, booking.Holiday{Date: date, Name: name})
		}
	}
	slices.SortFunc(holidays, func(a, b booking.Holiday) int { return cmp.Compare(a.Date, b.Date) })
	return holidays
}

// readHolidayRules reads the rules in their order, which matters: each works on
// what those before it left.
func readHolidayRules(top *table, services []string) []booking.HolidayRule {
	var rules []booking.HolidayRule
	for _, t := range top.may("holiday_rules").tables() {
		rules = append(rules, readHolidayRule(t, services))
	}
	return rules
}

func readHolidayRule(t *table, services []string) booking.HolidayRule {
	before := len(t.reader.problems)
	rule := booking.HolidayRule{
		On: booking.RuleOn(t.must("on", `on = "holiday", "eve" or "day_after"`).choice(
			string(booking.OnHoliday), string(booking.OnEve), string(booking.AfterHoliday))),
		Weekdays: t.may("weekdays").weekdays(),
		Closed:   t.may("closed").yes(),
		Reason:   t.may("reason").guestText(maxText),
		Add:      t.may("add").oneOf(services, "service of this house"),
		Seatings: readSeatings(t),
	}
	if v := t.may("serve_as"); v != nil {
		if day, ok := v.weekday(); ok {
			rule.ServeAs = &day
		}
	}
	addAs, seatingsFor := t.may("add_as"), t.may("seatings_for")
	if addAs != nil {
		rule.AddAs, _ = addAs.weekday()
	}
	rule.SeatingsFor = seatingsFor.oneOf(services, "service of this house")
	t.done()
	if len(t.reader.problems) > before {
		return rule
	}

	line, place := t.node.line, t.place
	switch {
	case rule.Add != nil && addAs == nil:
		t.reader.add(line, place("add_as"), "", "is missing", `add the day whose times are meant: add_as = "thu"`)
	case addAs != nil && rule.Add == nil:
		addAs.wrong("stands without add", `say what to serve: add = ["dinner"]`)
	case seatingsFor != nil && rule.Seatings == nil:
		seatingsFor.wrong("stands without seatings", "add the seatings, or take it away")
	case rule.Reason != nil && !rule.Closed:
		t.may("reason").wrong("stands without closed", "add: closed = true")
	case rule.Closed && (rule.ServeAs != nil || rule.Add != nil || rule.Seatings != nil):
		t.reader.add(line, t.path, "", "both closes the day and serves on it", "write two rules, or take one half away")
	case !rule.Closed && rule.ServeAs == nil && rule.Add == nil && rule.Seatings == nil:
		t.reader.add(line, t.path, "", "changes nothing", `add one of: closed = true, serve_as = "sun", add = ["dinner"], seatings = […]`)
	}
	return rule
}
