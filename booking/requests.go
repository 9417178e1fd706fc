package booking

// Caller is who makes a request, as far as the channel can vouch for it.
type Caller struct {
	Channel Channel
	// Phone is the number that the channel vouches for; empty when withheld.
	Phone Phone
	// CallID is the phone call, where there is one.
	CallID string
	Lang   Lang
}

// Query asks what is free. Zone may be empty: any.
type Query struct {
	Caller Caller
	Date   Date
	Party  int
	Zone   string
}

// Request asks for a table.
type Request struct {
	Caller Caller
	Date   Date
	Time   TimeOfDay
	Party  int
	Zone   string // empty: any
	Name   string
	// Phone is the guest's number; empty: the caller's.
	Phone Phone
	Email string
	Notes string
	// PreBook holds the table until the guest confirms; otherwise the booking is confirmed at once.
	PreBook bool
	Reply   Reply
}

// Reply renders the answer to a request, so that it is kept in the same commit as the
// decision. The zero Reply: nothing is kept.
type Reply struct {
	Key string // the request's idempotency key; empty: nothing is kept
	// Say renders the answer to a result. It is called before the booking is accepted,
	// once for a result that is Pending and once for one that is Written, and must only compute.
	Say func(Result) []byte
}

// To returns the answer to a result, as it was kept with the booking if it was, and
// reports whether a repeat gets the same; otherwise the caller must keep it.
func (r Reply) To(result Result) (answer []byte, kept bool) {
	switch stored := result.stored; {
	case stored == nil:
		return r.Say(result), false
	case result.State == Pending:
		return stored.Pending, result.deferred
	default:
		return stored.Answer, true
	}
}

// Who identifies the booking that a guest means.
type Who struct {
	Caller Caller
	// Phone is a number that the guest said; empty: the caller's own.
	Phone Phone
	// Code is the booking's code; empty: the only open booking of the number.
	Code string
	// Link is from [Desk.Link]; it needs neither number nor code.
	Link string
	// Date narrows a choice between several bookings; zero: not said.
	Date Date
}

// Change is what a guest wants different; nil fields stay as they are.
type Change struct {
	Who   Who
	Date  *Date
	Time  *TimeOfDay
	Party *int
	Zone  *string
	Name  *string
	// Notes are added to those there are; the staff's replace them.
	Notes *string
	Reply Reply
}

// Cancellation asks to cancel a booking.
type Cancellation struct {
	Who   Who
	Reply Reply
}

// Confirmation is a guest's yes or no to a booking. A no cancels it.
type Confirmation struct {
	Who       Who
	Confirmed bool
	Reply     Reply
}

// Result is the result of a request that changes something.
type Result struct {
	Booking Booking
	// Was is the booking before; nil for a new one.
	Was *Booking
	// State says whether it is in the system of record yet.
	State SyncState
	// Repeated: the booking was there already; nothing was done. Its first
	// answer is kept under Booking.MadeBy.
	Repeated bool
	// NeedsWord is what the guest must be told of the tables; empty: nothing.
	NeedsWord Text
	// Until, where not zero, is when the table is needed again (a first seating).
	Until TimeOfDay

	stored   *StoredAnswer // as it was kept in one commit with the booking
	deferred bool          // not awaited: the answer that was kept is Pending's
}

// Slot is one time of arrival.
type Slot struct {
	Time TimeOfDay
	// Zones are those with a table for the party; none: not available.
	Zones []string
	// Gone: it is over, or too soon to be booked.
	Gone bool
}

// Available reports whether the slot can be booked.
func (s Slot) Available() bool { return len(s.Zones) > 0 }

// Offer is one time that can be booked, as a guest is told of it.
type Offer struct {
	Date  Date
	Time  TimeOfDay
	Party int
	// Zone is where the party would sit if it booked now.
	Zone string
	// Zones are all zones with a table.
	Zones     []string
	NeedsWord Text
	Until     TimeOfDay // where not zero, when the table is needed again
}
