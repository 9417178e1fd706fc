package restaurantfile

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/nyaruka/phonenumbers"

	"maitre/booking"
)

// Defaults of keys that can be left out.
const (
	defaultStep    = 15 // minutes
	defaultHorizon = 90 // days
)

var (
	slugShape = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	keyShape  = regexp.MustCompile(`^[\p{L}\p{N}_-]{1,32}$`)
)

// spoken are the languages that maitre has words for.
func spoken() []string { return []string{string(booking.Spanish), string(booking.English)} }

// restaurant reads what the file says of the restaurant. Sections that others refer to come first.
func (r *reader) restaurant(t *table) *booking.Restaurant {
	restaurant := &booking.Restaurant{}
	restaurant.Languages = r.readLanguages(t)
	restaurant.Name = t.must("name", `name = "Casa Ana"`).str(maxName)
	restaurant.Slug = readSlug(t, restaurant.Name)
	restaurant.Phone = readPhone(t)
	restaurant.Address = t.may("address").str(2 * maxName)
	restaurant.Location = readZoneOfTime(t)

	restaurant.Zones = readZones(t)
	restaurant.Tables = readTables(t, restaurant.Zones)
	restaurant.Combinations = readCombinations(t, restaurant.Zones, restaurant.Tables)

	notice := readBooking(t, restaurant)
	restaurant.Turns = readTurns(t, restaurant.PartyLimit)
	restaurant.Services = readServices(t, notice)
	ids := serviceIDs(restaurant.Services)
	restaurant.Closures = readClosures(t, ids)
	restaurant.Holidays = readHolidays(t)
	restaurant.HolidayRules = readHolidayRules(t, ids)
	restaurant.Facts = readFacts(t)
	return restaurant
}

func (r *reader) readLanguages(t *table) []booking.Lang {
	v := t.may("languages")
	var langs []booking.Lang
	for _, item := range v.list() {
		switch s := item.text; {
		case !slices.Contains(spoken(), s):
			item.wrong("is not a language that maitre speaks", fmt.Sprintf("write some of %q, the house's own first", spoken()))
		case slices.Contains(r.languages, s):
			item.wrong("stands twice", "take one away")
		default:
			r.languages = append(r.languages, s)
			langs = append(langs, booking.Lang(s))
		}
	}
	if len(langs) == 0 {
		if v != nil && len(v.list()) == 0 {
			v.wrong("is empty", fmt.Sprintf("write some of %q, the house's own first", spoken()))
		}
		langs = []booking.Lang{booking.Spanish}
		r.languages = []string{string(booking.Spanish)}
	}
	return langs
}

// readSlug returns the name of the restaurant in the data file: given, or made from its name.
func readSlug(t *table, name string) string {
	if v := t.may("slug"); v != nil {
		s := v.str(maxName)
		if s != "" && !slugShape.MatchString(s) {
			v.wrong("is not a slug", fmt.Sprintf("write lower-case letters, digits and dashes, such as %q", slugOf(s)))
		}
		return s
	}
	slug := slugOf(name)
	if slug == "" && name != "" {
		t.reader.add(t.node.line, "slug", "", "is missing, and the name has no letters to make one of", `add: slug = "my-house"`)
	}
	return slug
}

func slugOf(name string) string {
	words := strings.FieldsFunc(plain(name), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	return strings.Join(words, "-")
}

// readPhone returns the restaurant's number in E.164; without a prefix it is Spanish.
func readPhone(t *table) booking.Phone {
	v := t.must("phone", `phone = "+34 941 123 456"`)
	s := v.str(maxName)
	if s == "" {
		return ""
	}
	n, err := phonenumbers.Parse(s, "ES")
	if err != nil || !phonenumbers.IsValidNumber(n) {
		v.wrong("is not a telephone number", `write it with its country, such as "+34 941 123 456"`)
		return ""
	}
	return booking.Phone(phonenumbers.Format(n, phonenumbers.E164))
}

func readZoneOfTime(t *table) *time.Location {
	v := t.must("time_zone", `time_zone = "Europe/Madrid"`)
	s := v.str(maxName)
	if s == "" {
		return nil
	}
	// The machine's own zone, "Local", would make the hours depend on where it runs.
	loc, err := time.LoadLocation(s)
	if err != nil || s == "Local" {
		near := []string{"Europe/Madrid", "Atlantic/Canary", "Africa/Ceuta", "Europe/Lisbon", "Europe/Paris", "Europe/London"}
		v.wrong("is not a time zone", meant(s, near)+" (names are those of the tz database)")
		return nil
	}
	return loc
}

// readBooking reads the limits of booking into restaurant and returns the notice that
// services have unless they say otherwise.
func readBooking(top *table, restaurant *booking.Restaurant) (notice time.Duration) {
	restaurant.Step, restaurant.Horizon, restaurant.PartyLimit = defaultStep, defaultHorizon, max(1, mostSeats(restaurant))
	t, ok := top.may("booking").table()
	if !ok {
		return 0
	}
	restaurant.Step = int(t.may("slot_step").duration(5*time.Minute, 2*time.Hour, defaultStep*time.Minute) / time.Minute)
	restaurant.Horizon = t.may("horizon").number(1, 3650, defaultHorizon)
	restaurant.PartyLimit = t.may("party_limit").number(1, 1000, restaurant.PartyLimit)
	notice = readNotice(t, 0)
	restaurant.Pacing = readPacing(t)
	t.done()
	return notice
}

func mostSeats(restaurant *booking.Restaurant) int {
	most := 0
	for _, t := range restaurant.Tables {
		most = max(most, t.Max)
	}
	for _, c := range restaurant.Combinations {
		most = max(most, c.Max)
	}
	return most
}

func readNotice(t *table, def time.Duration) time.Duration {
	return t.may("notice").duration(0, 30*24*time.Hour, def)
}

func readPacing(t *table) booking.Pacing {
	p, ok := t.may("pacing").table()
	if !ok {
		return booking.Pacing{}
	}
	pacing := booking.Pacing{All: p.may("all").number(1, 10_000, 0)}
	online := p.may("online")
	pacing.Online = online.number(1, 10_000, 0)
	if pacing.All > 0 && pacing.Online > pacing.All {
		online.wrong(fmt.Sprintf("is more than all channels together may bring (all = %d)", pacing.All), "make it smaller, or all larger")
	}
	p.done()
	return pacing
}

// readTurns reads how long parties stay: keys are party sizes, "more" is for all larger ones.
func readTurns(top *table, partyLimit int) []booking.Turn {
	t, ok := top.must("turn_times", `[turn_times] with lines such as 2 = "1h30m" and more = "2h"`).table()
	if !ok {
		return nil
	}
	var turns []booking.Turn
	var more time.Duration
	for key, v := range t.every() {
		stay := v.duration(15*time.Minute, 12*time.Hour, 0)
		if key == "more" {
			more = stay
			continue
		}
		upTo := 0
		for _, c := range key {
			if c < '0' || c > '9' || upTo > 1000 {
				upTo = 0
				break
			}
			upTo = upTo*10 + int(c-'0')
		}
		if upTo < 1 || upTo > 1000 {
			v.wrong(fmt.Sprintf("has a key that is not a party size: %q", shorten(key)), `write lines such as 4 = "1h45m" (up to 4 guests), and more = "2h30m" for larger parties`)
			continue
		}
		turns = append(turns, booking.Turn{UpTo: upTo, Stay: stay})
	}
	slices.SortFunc(turns, func(a, b booking.Turn) int { return a.UpTo - b.UpTo })
	if more > 0 {
		last := 0
		if len(turns) > 0 {
			last = turns[len(turns)-1].UpTo
		}
		turns = append(turns, booking.Turn{UpTo: max(partyLimit, last+1), Stay: more})
	}
	for i := 1; i < len(turns); i++ {
		if turns[i].UpTo == turns[i-1].UpTo {
			t.reader.add(t.node.line, t.path, "", fmt.Sprintf("gives two times for parties up to %d", turns[i].UpTo), "take one away")
		}
	}
	if len(t.node.keys) == 0 {
		t.reader.add(t.node.line, t.path, "", "is empty", `write lines such as 2 = "1h30m" and more = "2h"`)
	}
	return turns
}

func readFacts(top *table) []booking.Fact {
	t, ok := top.may("facts").table()
	if !ok {
		return nil
	}
	var facts []booking.Fact
	for key, v := range t.every() {
		checkKey(v, key)
		facts = append(facts, booking.Fact{Key: key, Text: v.guestText(maxText)})
	}
	return facts
}

// checkKey reports a name of the owner's choosing that cannot be one.
func checkKey(v *value, key string) {
	if keyShape.MatchString(key) {
		return
	}
	v.reader.add(v.line, v.path, "", fmt.Sprintf("has a name that cannot be used: %q", shorten(key)), "use up to 32 letters, digits, dashes and underscores")
}
