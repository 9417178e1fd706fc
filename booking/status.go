package booking

import "slices"

// Status is the status of a booking.
type Status string

// The statuses.
const (
	// Processing: accepted and on disk, not yet in the system of record. It is shown to
	// guests and never stored.
	Processing Status = "processing"
	PreBooked  Status = "pre_booked" // held until the guest confirms
	Confirmed  Status = "confirmed"
	Seated     Status = "seated"
	Completed  Status = "completed"
	Cancelled  Status = "cancelled"
	NoShow     Status = "no_show"
)

// moves are the statuses to which a booking may move from each status.
var moves = map[Status][]Status{
	PreBooked: {Confirmed, Seated, Cancelled, NoShow},
	Confirmed: {Seated, Cancelled, NoShow},
	Seated:    {Completed},
	NoShow:    {Seated}, // the guest who came after all
	Completed: {},
	Cancelled: {},
}

// Statuses returns every status that a stored booking may have.
func Statuses() []Status {
	return []Status{PreBooked, Confirmed, Seated, Completed, Cancelled, NoShow}
}

// MayBecome reports whether a booking may move from s to next.
func (s Status) MayBecome(next Status) bool { return slices.Contains(moves[s], next) }

// live reports whether a booking in this status holds its tables.
func (s Status) live() bool {
	return s == PreBooked || s == Confirmed || s == Seated || s == Processing
}

// open reports whether the guest may still change or cancel a booking in this status.
func (s Status) open() bool { return s == PreBooked || s == Confirmed || s == Processing }
