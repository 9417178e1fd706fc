package webhook

import (
	"context"
	"time"

	"maitre/booking"
)

// Desk is what the channels ask of the reservation desk; *[booking.Desk] is one.
type Desk interface {
	// What guests ask for.
	Availability(context.Context, booking.Query) ([]booking.Slot, error)
	Check(context.Context, booking.Query, booking.TimeOfDay) (booking.Offer, error)
	Lookup(context.Context, booking.Who) ([]booking.Booking, error)
	Book(context.Context, booking.Request) (booking.Result, error)
	Change(context.Context, booking.Change) (booking.Result, error)
	Cancel(context.Context, booking.Cancellation) (booking.Result, error)
	Confirm(context.Context, booking.Confirmation) (booking.Result, error)

	// The waitlist, where KeepsWaitlist.
	KeepsWaitlist() bool
	Wait(context.Context, booking.Request) (booking.Waited, error)
	WaitingOf(context.Context, booking.Caller) ([]booking.Waiting, error)
	Leave(context.Context, booking.Caller) ([]booking.Waiting, error)

	// Restaurant is not to be changed.
	Restaurant() *booking.Restaurant
	Hours(booking.Date) booking.DayHours
	// Week is the usual services of each weekday, Sunday first.
	Week() [7][]booking.ServiceHours
	Now() time.Time
	// Today is the service day that is running now.
	Today() booking.Date
	// SyncState reports whether a booking is in the system of record yet.
	SyncState(bookingID string) booking.SyncState
	// Link names a booking in its guest's own address.
	Link(booking.Booking) string
}
