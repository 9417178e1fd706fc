// Package phrase reads what guests say and write, in Spanish and English: dates,
// times, party sizes, zones, names, telephone numbers, and what it is that they
// want. It is a grammar in tables, without a clock of its own: the same words at the
// same moment always mean the same.
//
// It never guesses. What is unclear ("el puente", "a las nueve o a las diez",
// "el sábado 6" when the 6th is a Sunday) is left out, so that it can be asked.
//
// It must not know whether a table is free, what was said before in the
// conversation, nor how an answer is worded. Its work is linear in the length of
// the text, of which only the first [MaxRunes] runes are read.
package phrase

import (
	"encoding/json"
	"time"

	"maitre/booking"
)

// MaxRunes is how much of a text is read; nobody asks for a table in more.
const MaxRunes = 1000

// The intents of a Meaning. Intent is empty when the text only names details (a
// date, a party size), as the answer to a question does.
const (
	Book         = "book"
	Availability = "availability"
	Change       = "change"
	Cancel       = "cancel"
	List         = "list"
	Yes          = "yes"
	No           = "no"
	Hours        = "hours"
	Info         = "info"
	Human        = "human"
	Greeting     = "greeting"
	Thanks       = "thanks" // thanks, and goodbyes
	Stop         = "stop"   // wants no more messages
	Start        = "start"  // wants messages again
	Unknown      = "unknown"
)

// Window is when guests may arrive for one service, both ends included.
type Window struct{ First, Last booking.TimeOfDay }

// ZoneWords are the words by which a restaurant's zone goes besides the usual ones:
// its names in every language.
type ZoneWords struct {
	ID    string
	Words []string
}

// NamedDay is a local holiday, by the name that guests use for it.
type NamedDay struct {
	Name string
	Date booking.Date
}

// Restaurant is what a Reader must know of the restaurant.
type Restaurant struct {
	// Location is the zone whose calendar "today" is read from. Nil: UTC.
	Location *time.Location
	// Windows returns the services' arrival windows on a date. May be nil.
	Windows func(booking.Date) []Window
	// Usual are the restaurant's windows over the week, for a date that is closed or
	// not known. None: the hours at which Spain eats.
	Usual []Window
	Zones []ZoneWords
	// Holidays are dates that guests may name beside the national ones; of
	// several with one name the next is taken.
	Holidays []NamedDay
	// Facts are the restaurant's answers to guests' questions, for [Reader.Topic].
	Facts []booking.Fact
	// Lang is the language of a text whose words do not show it, without a hint. Defaults to Spanish.
	Lang booking.Lang
}

// Meaning is what was understood; what was not said, or not clearly, is zero.
type Meaning struct {
	Intent string
	Date   *booking.Date
	Time   *booking.TimeOfDay
	Party  int
	Zone   string
	// AnyZone: the guest said that the zone does not matter. Zone is then empty.
	AnyZone bool
	Name    string
	// Phone is the digits of a telephone number, with a + where one was said. It
	// has not been checked against any numbering plan.
	Phone string
	Lang  booking.Lang
	// Plain: the text says Yes, No or Cancel in plain words, with nothing else but
	// courtesies, which booking it is about, and why. Only a plain Cancel cancels.
	Plain bool
}

// MarshalJSON writes the keys intent, date, time, party, zone, name, phone and
// lang, leaving out what was not understood.
func (m Meaning) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Intent string             `json:"intent,omitempty"`
		Date   *booking.Date      `json:"date,omitempty"`
		Time   *booking.TimeOfDay `json:"time,omitempty"`
		Party  int                `json:"party,omitempty"`
		Zone   string             `json:"zone,omitempty"`
		Name   string             `json:"name,omitempty"`
		Phone  string             `json:"phone,omitempty"`
		Lang   booking.Lang       `json:"lang,omitempty"`
	}{m.Intent, m.Date, m.Time, m.Party, m.Zone, m.Name, m.Phone, m.Lang})
}

// Reader understands the guests of one restaurant. It is immutable after New
// and safe for concurrent use.
type Reader struct {
	restaurant Restaurant
	words      *lexicon
	rules      map[string][]*rule[sense]
	plain      map[string][]*rule[sense]
	feasts     map[string][]*rule[nextDate]
	zones      map[string][]*rule[string]
	nameLeads  map[string][]*rule[bool]
	topics     *topics
}

// New returns the reader of a restaurant; the zero Restaurant gets one too.
func New(restaurant Restaurant) *Reader {
	if restaurant.Location == nil {
		restaurant.Location = time.UTC
	}
	r := &Reader{
		restaurant: restaurant,
		words:      newLexicon(restaurant),
		rules:      byFirst(compile(intentTable)),
		plain:      byFirst(compile(plainTable)),
		zones:      zonePhrases(restaurant),
		nameLeads:  phrasesByFirst(compile(nameLeads)),
		topics:     topicsOf(restaurant.Facts),
	}
	r.feasts = feastNames(restaurant, r.words)
	return r
}

// Understand returns what a text means when said at now. hint is the language of
// the conversation so far; empty: not known.
func (r *Reader) Understand(text string, now time.Time, hint booking.Lang) Meaning {
	s := r.read(text)
	now = now.In(r.restaurant.Location)
	today := booking.NewDate(now.Date())
	m := Meaning{Lang: r.language(s, hint)}

	// Greetings, names and telephone numbers are taken first: "buenas noches" is no
	// evening, Domingo no Sunday, and 612 34 56 78 no party.
	s.takeGreetings()
	m.Name = r.findName(s)
	m.Phone = s.findPhone()

	parts := s.findParts()
	change := s.moves()
	clock := s.findTimes(now, false)
	days := r.findDates(s, today)
	heads := s.findParties(false)
	zones, any := r.findZones(s)
	s.amend(&clock, &days, &heads, today)

	if d, ok := settle(s, days, change); ok {
		m.Date = &d
	}
	if v, ok := r.settleTime(s, clock, parts, m.Date, change); ok {
		m.Time = &v
	}
	if !s.says(severalTables) {
		m.Party, _ = settle(s, heads, change)
	}
	if len(heads) == 0 && m.Date != nil && m.Time != nil {
		m.Party = s.bareParty()
	}
	m.Zone, _ = settle(s, zones, change)
	m.AnyZone = any && m.Zone == ""
	k := slots{
		date: m.Date != nil, time: m.Time != nil, party: m.Party > 0, zone: m.Zone != "" || m.AnyZone,
		name: m.Name != "", phone: m.Phone != "", part: len(parts) > 0 || len(days)+len(clock)+len(heads) > 0,
		more: len(heads) > 0 || len(days) > 1 || len(clock) > 1,
	}
	m.Intent = r.intent(s, k)
	if plain := r.inPlainWords(s, k); plain != "" {
		m.Plain = true
		if givesBack := m.Intent == No || m.Intent == Cancel; plain == Yes || !givesBack {
			m.Intent = plain
		}
	}
	return m
}

// Desk is what [RestaurantOf] needs of a [booking.Desk].
type Desk interface {
	Restaurant() *booking.Restaurant
	Hours(booking.Date) booking.DayHours
	Week() [7][]booking.ServiceHours
}

// RestaurantOf returns a desk's restaurant for [New]: when its guests arrive, the names of
// its zones and holidays, and its facts.
func RestaurantOf(desk Desk) Restaurant {
	r := desk.Restaurant()
	restaurant := Restaurant{
		Location: r.Location, Lang: r.Languages[0], Facts: r.Facts,
		Windows: func(d booking.Date) []Window { return windowsOf(desk.Hours(d).Services) },
	}
	for _, services := range desk.Week() {
		restaurant.Usual = append(restaurant.Usual, windowsOf(services)...)
	}
	for _, z := range r.Zones {
		words := ZoneWords{ID: z.ID}
		for _, name := range z.Name {
			words.Words = append(words.Words, name)
		}
		restaurant.Zones = append(restaurant.Zones, words)
	}
	for _, h := range r.Holidays {
		for _, name := range h.Name {
			restaurant.Holidays = append(restaurant.Holidays, NamedDay{Name: name, Date: h.Date})
		}
	}
	return restaurant
}

func windowsOf(services []booking.ServiceHours) []Window {
	var windows []Window
	for _, s := range services {
		windows = append(windows, Window{First: s.First, Last: s.Last})
	}
	return windows
}
