package booking

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// Waiting is a party that waits for a table at a time at which there is none.
type Waiting struct {
	// ID is time-ordered: whoever came first has the least.
	ID      string  `json:"id"`
	Name    string  `json:"name"`
	Phone   Phone   `json:"phone"`
	Vouched bool    `json:"vouched,omitempty"`
	Lang    Lang    `json:"lang"`
	Channel Channel `json:"channel"`
	Notes   string  `json:"notes,omitempty"`

	Date  Date      `json:"date"`
	Time  TimeOfDay `json:"time"`
	Party int       `json:"party"`
	Zone  string    `json:"zone,omitempty"` // empty: any

	State WaitState `json:"state"`
	// Booking and Code are those of the table that is, or was, held for the party.
	Booking string `json:"booking,omitempty"`
	Code    string `json:"code,omitempty"`
	// Missed counts the offers that never reached the party.
	Missed  int       `json:"missed,omitempty"`
	Created time.Time `json:"created"`
	Updated time.Time `json:"updated"`
}

// WaitState is where a party of the waitlist stands.
type WaitState string

// The states of a waiting party. Those after WaitOffered are ends.
const (
	// WaitWaiting: no table has come free for it yet.
	WaitWaiting WaitState = "waiting"
	// WaitOffered: a table is held for it until it says yes or no, or until its time is up.
	WaitOffered WaitState = "offered"

	WaitBooked   WaitState = "booked"   // it said yes
	WaitDeclined WaitState = "declined" // it said no
	WaitLapsed   WaitState = "lapsed"   // it said nothing in time
	WaitLeft     WaitState = "left"     // it does not wait any more
	WaitOver     WaitState = "over"     // no table came free in time
)

// Open tells whether a party in this state may still get a table.
func (s WaitState) Open() bool { return s == WaitWaiting || s == WaitOffered }

// maxMissed is how many offers may fail to reach a party before it is given up.
const maxMissed = 3

// Bounds of the waitlist.
const (
	maxWaitingOn = 200 // parties on a date
	maxWaitingOf = 3   // of one number on a date
)

// Waitlist keeps who waits, on disk.
type Waitlist interface {
	// WaitingOn returns the parties of a date that wait or are offered a table, by ID.
	WaitingOn(ctx context.Context, date Date) ([]Waiting, error)
	// WaitingOf returns a number's parties from a date on, in whatever state, by
	// date and ID.
	WaitingOf(ctx context.Context, phone Phone, from Date) ([]Waiting, error)
	// KeepWaiting keeps a party as it stands now. When it returns without an error,
	// it is synced to disk.
	KeepWaiting(ctx context.Context, w Waiting) error
	// Offered tells whether the message that offers a booking has left, or may have.
	Offered(ctx context.Context, bookingID string) (bool, error)
}

// turns puts parties in the order in which they are offered a table: as they
// came, but those whom an offer did not reach after the others.
func turns(waiting []Waiting) []Waiting {
	slices.SortStableFunc(waiting, func(a, b Waiting) int {
		return cmp.Or(cmp.Compare(a.Missed, b.Missed), cmp.Compare(a.ID, b.ID))
	})
	return waiting
}

// standing is where a party that was offered a table stands, by what became of
// the booking: nil, nobody knows it any more. reached tells whether the offer left.
func (w Waiting) stateAfter(b *Booking, reached bool, now time.Time) WaitState {
	switch {
	case b == nil:
		return WaitLeft // the staff took it out of the book
	case b.Status == Cancelled:
		return WaitDeclined
	case b.Status != PreBooked:
		return WaitBooked
	case b.HeldUntil.IsZero() || b.HeldUntil.After(now): // zero: the staff hold it by hand
		return WaitOffered
	case !reached && w.Missed+1 < maxMissed:
		return WaitWaiting
	}
	return WaitLapsed
}
