package booking

import "fmt"

// Reason is why the desk refuses; its values are the error codes that clients see.
type Reason string

// The reasons of a refusal.
const (
	Full     Reason = "full"      // no table for that party at that time
	Closed   Reason = "closed"    // the restaurant or the kitchen is closed then
	Past     Reason = "past"      // the time is over
	TooSoon  Reason = "too_soon"  // less than the service's notice ahead
	TooFar   Reason = "too_far"   // beyond the horizon
	TooLarge Reason = "too_large" // a person must arrange it
	Invalid  Reason = "invalid"   // something is missing or not valid: see Field
	NotFound Reason = "not_found"
	// NotAllowed: the booking is another guest's, or its status does not allow the change.
	NotAllowed Reason = "not_allowed"
	// Failed: the desk could not do its work (the disk, the ledger); nothing was changed.
	Failed Reason = "temporary_failure"
)

// Refusal is why the desk refuses a request, and what it offers instead. It is an error;
// match it with errors.As.
type Refusal struct {
	Reason Reason
	// Field names what is invalid: date, time, party, zone, name, phone, notes, code, confirmed, lang.
	Field string
	// Problem says, for Invalid and NotAllowed, what is wrong with Field.
	Problem Problem
	// Alternatives are up to three nearest times that can really be booked.
	Alternatives []Alternative

	Date  Date      // the date asked for, where one was
	Time  TimeOfDay // the time asked for, where HasTime
	Party int
	Zone  string
	// HasTime reports whether Time is set: every TimeOfDay is a valid time.
	HasTime bool
	// Closure is, for Closed, what guests are told of it; may be empty.
	Closure Text
	// Hours are, for Closed, the services that do run on Date.
	Hours []ServiceHours
	// Which are the bookings among which the guest must choose, for Invalid with Field "code".
	Which []Booking
	// Unchanged is the booking that the refused change leaves unchanged; nil otherwise.
	Unchanged *Booking
	// Err is the cause of Failed; never shown to guests.
	Err error
}

// Problem is what is wrong with a field.
type Problem string

// The problems of an Invalid or NotAllowed refusal.
const (
	Missing     Problem = "missing"      // nothing was said
	Unclear     Problem = "unclear"      // said, but not understood
	TooLong     Problem = "too_long"     // longer than the desk takes down
	BadText     Problem = "bad_text"     // control characters
	Unknown     Problem = "unknown"      // no such zone, no such language
	BetweenSlot Problem = "between_slot" // the kitchen is open but arrivals are on the step
	Ambiguous   Problem = "ambiguous"    // several bookings: which one?
	ListFull    Problem = "list_full"    // no more parties are put on the waitlist
	NoMobile    Problem = "no_mobile"    // a number that messages do not reach
	OtherNumber Problem = "other_number" // another number's booking needs its code
	Doubled     Problem = "doubled"      // the same is booked already, perhaps by somebody else
	LifeOver    Problem = "life_over"    // already seated, completed, cancelled or a no-show
	Unchanged   Problem = "unchanged"    // a change that changes nothing was asked for
)

// Error returns the reason, for logs; guests get the catalogue's texts.
func (r *Refusal) Error() string {
	s := "refused: " + string(r.Reason)
	if r.Field != "" {
		s += " " + r.Field
	}
	if r.Problem != "" {
		s += " (" + string(r.Problem) + ")"
	}
	if r.Err != nil {
		s += fmt.Sprintf(": %v", r.Err)
	}
	return s
}

// Unwrap returns the cause of a Failed refusal.
func (r *Refusal) Unwrap() error { return r.Err }

// Alternative is a time that can be booked instead. Zone is set only where it
// differs from the zone that was asked for.
type Alternative struct {
	Date Date
	Time TimeOfDay
	Zone string
}

// ServiceHours is one service of a date as guests are told of it.
type ServiceHours struct {
	ID            string
	Name          Text
	First, Last   TimeOfDay
	KitchenCloses TimeOfDay
	RoomCloses    TimeOfDay
	Seatings      []Seating
}
