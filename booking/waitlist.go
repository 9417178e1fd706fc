package booking

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// Waiting is a party on the waitlist.
type Waiting struct {
	// ID is time-ordered.
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
	// Missed counts the offers that did not reach the party.
	Missed  int       `json:"missed,omitempty"`
	Created time.Time `json:"created"`
	Updated time.Time `json:"updated"`
}

// WaitState is the state of a party on the waitlist.
type WaitState string

// The states of a waiting party. Those after WaitOffered are final.
const (
	// WaitWaiting: no table has come free for it yet.
	WaitWaiting WaitState = "waiting"
	// WaitOffered: a table is held for it until it says yes or no, or its time is up.
	WaitOffered WaitState = "offered"

	WaitBooked   WaitState = "booked"   // it said yes
	WaitDeclined WaitState = "declined" // it said no
	WaitLapsed   WaitState = "lapsed"   // it said nothing in time
	WaitLeft     WaitState = "left"     // it left the list
	WaitOver     WaitState = "over"     // no table came free in time
)

// Open reports whether a party in this state may still get a table.
func (s WaitState) Open() bool { return s == WaitWaiting || s == WaitOffered }

// maxMissed is how many offers may fail to reach a party before it gets no more.
const maxMissed = 3

// Bounds of the waitlist.
const (
	maxWaitingOn = 200 // parties on a date
	maxWaitingOf = 3   // of one number on a date
)

// Waitlist stores the waiting parties on disk.
type Waitlist interface {
	// WaitingOn returns the parties of a date that wait or are offered a table, by ID.
	WaitingOn(ctx context.Context, date Date) ([]Waiting, error)
	// WaitingOf returns a number's parties from a date on, in whatever state, by
	// date and ID.
	WaitingOf(ctx context.Context, phone Phone, from Date) ([]Waiting, error)
	// KeepWaiting stores the state of a party. When it returns without an error, it is
	// synced to disk.
	KeepWaiting(ctx context.Context, w Waiting) error
	// Offered reports whether the message that offers a booking was sent, or may have been.
	Offered(ctx context.Context, bookingID string) (bool, error)
}

// turns sorts parties in the order in which they are offered a table: as they came, with
// those whom an offer did not reach after the others.
func turns(waiting []Waiting) []Waiting {
	slices.SortStableFunc(waiting, func(a, b Waiting) int {
		return cmp.Or(cmp.Compare(a.Missed, b.Missed), cmp.Compare(a.ID, b.ID))
	})
	return waiting
}

// stateAfter returns the state of a party that was offered a table, by the state of the
// booking; nil: it does not exist any more. reached reports whether the offer was sent.
func (w Waiting) stateAfter(b *Booking, reached bool, now time.Time) WaitState {
	switch {
	case b == nil:
		return WaitLeft // the staff deleted it
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
