package booking

import (
	"context"
	"time"
)

// Desk is a restaurant's reservation desk: it seats, changes and cancels, one
// date at a time. It is safe for concurrent use.
type Desk struct{ house Config }

// Config is what a Desk is made of; every field is needed.
type Config struct {
	Restaurant *Restaurant
	Ledger     Ledger
	Journal    Journal
	Locks      Locks
	Watch      Watch
	// NewID returns a fresh time-ordered booking ID.
	NewID func(now time.Time) string
	// NewCode returns a fresh random booking code, see [CodeFrom].
	NewCode func() string
}

// NewDesk returns the desk of a restaurant that has passed [Restaurant.Check].
func NewDesk(c Config) *Desk { return &Desk{c} }

// Restaurant returns the house that the desk serves; not to be changed.
func (d *Desk) Restaurant() *Restaurant { panic("soon") }

// Now returns the desk's time, in the restaurant's zone.
func (d *Desk) Now() time.Time { panic("soon") }

// Today returns the service day that is running now.
func (d *Desk) Today() Date { panic("soon") }

// Availability returns every slot of a date, free or not, in order.
// Errors: *Refusal when no slot of that date can be booked for a reason other than being full.
func (d *Desk) Availability(ctx context.Context, q Query) ([]Slot, error) { panic("soon") }

// Check tells whether one time can be booked. Errors: *Refusal.
func (d *Desk) Check(ctx context.Context, q Query, at TimeOfDay) (Offer, error) { panic("soon") }

// Book seats a party. Errors: *Refusal.
func (d *Desk) Book(ctx context.Context, r Request) (Result, error) { panic("soon") }

// Lookup returns the open bookings from today on that the caller may see. Errors: *Refusal.
func (d *Desk) Lookup(ctx context.Context, who Who) ([]Booking, error) { panic("soon") }

// Change moves or alters a booking; refused, the booking stays as it was. Errors: *Refusal.
func (d *Desk) Change(ctx context.Context, c Change) (Result, error) { panic("soon") }

// Cancel gives a table back. Errors: *Refusal.
func (d *Desk) Cancel(ctx context.Context, c Cancellation) (Result, error) { panic("soon") }

// Confirm takes a guest's yes or no to a booking. Errors: *Refusal.
func (d *Desk) Confirm(ctx context.Context, c Confirmation) (Result, error) { panic("soon") }

// Hours returns what is served on a date; Closure says why nothing is.
func (d *Desk) Hours(date Date) DayHours { panic("soon") }

// Week returns the usual services of each weekday, [time.Sunday] first.
func (d *Desk) Week() [7][]ServiceHours { panic("soon") }

// DayHours is what is served on one date.
type DayHours struct {
	Date     Date
	Services []ServiceHours
	// Closed are the services that a closure takes away; with no Services left, the house is closed.
	Holiday Text // the holiday's name, where the date is one
	Closure Text // what guests hear of a closure; may be empty
}
