package booking

import "time"

// Restaurant is all that the restaurant file says: hours, tables and rules. It is a value: nothing changes it after [Restaurant.Check].
type Restaurant struct {
	Slug      string // names the restaurant in the data file: lower-case letters, digits, dashes
	Name      string
	Phone     Phone // the restaurant's own number, for guests who need a person
	Address   string
	Languages []Lang // never empty; the first is the default
	Location  *time.Location

	Facts    []Fact
	Services []Service
	// Turns says how long a party stays, by its size, ascending by UpTo. A party
	// larger than the last UpTo stays as long as the last.
	Turns []Turn
	// Step is the distance between the times at which guests may arrive, in minutes.
	Step   int
	Pacing Pacing
	// Horizon is how many days ahead a booking may lie.
	Horizon int
	// PartyLimit is the largest party that the desk books by itself; for more, guests are told whom to call.
	PartyLimit int

	Closures     []Closure
	Holidays     []Holiday
	HolidayRules []HolidayRule

	Zones        []Zone
	Tables       []Table
	Combinations []Combination
}

// Fact is something that guests ask about: parking, pets, gluten-free dishes.
type Fact struct {
	Key  string
	Text Text
}

// Service is one meal on some weekdays. Two services may share an ID (dinner on
// Thursdays, a later dinner on Fridays): the ID says which meal it is.
type Service struct {
	ID   string // such as "lunch" or "dinner"
	Name Text
	Days []time.Weekday
	// First and Last are the first and last times at which guests may arrive.
	First, Last TimeOfDay
	// KitchenCloses and RoomCloses may lie after midnight. No stay outlasts RoomCloses.
	KitchenCloses, RoomCloses TimeOfDay
	// Seatings divide the service into turns of the whole room. None: guests
	// may arrive at any step between First and Last.
	Seatings []Seating
	// Notice is how long before its arrival a booking must be made.
	Notice time.Duration
	// Pacing, where not zero, replaces the restaurant's.
	Pacing Pacing
}

// Seating is one turn of the room within a service: guests arrive from First to
// Last and have left by Until. An arrival whose stay would pass Until is not offered.
type Seating struct {
	Name               Text
	First, Last, Until TimeOfDay
}

// Turn is how long parties of up to UpTo guests stay.
type Turn struct {
	UpTo int
	Stay time.Duration
}

// Pacing limits the covers that arrive in one slot, so that the kitchen keeps
// up. Zero means no limit. Online counts every channel but the staff's own.
type Pacing struct {
	All    int
	Online int
}

// Closure is a date, or a range of dates with both ends included, on which the
// restaurant or some of its services are closed.
type Closure struct {
	From, To Date
	Services []string // service IDs; none: the whole day
	Reason   Text     // for guests
}

// Holiday is a public holiday.
type Holiday struct {
	Date Date
	Name Text
}

// RuleOn says to which days a HolidayRule applies.
type RuleOn string

// The days to which holiday rules apply.
const (
	OnHoliday    RuleOn = "holiday"
	OnEve        RuleOn = "eve"
	AfterHoliday RuleOn = "day_after"
)

// HolidayRule changes which services run on a holiday, on its eve or on the day
// after. All rules that match a day apply, in their order.
type HolidayRule struct {
	On RuleOn
	// Weekdays are those on which the rule applies; none: on any.
	Weekdays []time.Weekday
	// Closed closes the day, with Reason for the guests.
	Closed bool
	Reason Text
	// ServeAs replaces the day's services by those of another weekday.
	ServeAs *time.Weekday
	// Add names services to run on top of the day's own, where it does not have
	// them yet; their times are those that they have on AddAs.
	Add   []string
	AddAs time.Weekday
	// Seatings divides the named services (all of the day's where SeatingsFor is empty) into these turns.
	Seatings    []Seating
	SeatingsFor []string
}

// Zone is a part of the restaurant, such as the dining room or the terrace.
type Zone struct {
	ID   string
	Name Text
}

// Access says who may give a table to whom.
type Access string

// The kinds of access to a table.
const (
	Online     Access = "online"  // any channel
	StaffOnly  Access = "staff"   // only the staff book it
	WalkInOnly Access = "walk_in" // nobody books it: kept for guests who walk in
)

// Table is one table. Guests number from Min to Max.
type Table struct {
	ID       string
	Name     string
	Zone     string
	Min, Max int
	// Priority orders tables that fit a party equally well: lower goes first.
	Priority int
	// NeedsWord is what guests must be told before they sit here ("a high table with
	// stools"); may be empty.
	NeedsWord Text
	Access    Access
}

// Combination is tables of one zone that are pushed together for a larger party.
type Combination struct {
	Tables   []string
	Min, Max int
	Priority int
}
