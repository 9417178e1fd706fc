package booking

import "time"

// Phone is a telephone number in E.164, such as +34612345678. Empty: not known.
type Phone string

// Masked returns the number with all but its prefix and last three digits hidden, for logs.
func (p Phone) Masked() string {
	if len(p) < 7 {
		return "***"
	}
	return string(p[:3]) + "***" + string(p[len(p)-3:])
}

// Channel is the way a booking came in.
type Channel string

// The channels.
const (
	ByPhone    Channel = "phone"
	ByWhatsApp Channel = "whatsapp"
	ByWeb      Channel = "web"
	ByStaff    Channel = "staff"
)

// Booking is a party's claim to a table at a time.
//
// Its Tables and Zone may change until the guest sits: nothing outside seating.go may
// rely on them to stay.
type Booking struct {
	// ID is time-ordered and never changes; the system of record is keyed by it.
	ID string `json:"id"`
	// Code is how guests identify their booking.
	Code  string `json:"code"`
	Name  string `json:"name"`
	Phone Phone  `json:"phone"`
	// Vouched: the channel vouched for Phone when the booking was made. A
	// number that was only said proves nothing.
	Vouched bool   `json:"vouched,omitempty"`
	Email   string `json:"email,omitempty"`

	Date  Date      `json:"date"`
	Time  TimeOfDay `json:"time"`
	Party int       `json:"party"`

	// Start and End bound the half-open range of time [Start, End) for which
	// the tables are held, in UTC.
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
	// HourUnknown: the staff gave no hour. Time is then the time of day of Start, from
	// which the tables are held.
	HourUnknown bool `json:"hour_unknown,omitempty"`
	// Service is the ID of the service that the arrival falls in.
	Service string   `json:"service"`
	Tables  []string `json:"tables"`
	Zone    string   `json:"zone"`
	// AskedZone is the zone that the guest asked for; empty: any.
	AskedZone string `json:"asked_zone,omitempty"`

	Status Status `json:"status"`
	// HeldUntil, where not zero, is when a table held for a party of the waitlist goes
	// to the next party, unless the first has said yes.
	HeldUntil time.Time `json:"held_until,omitzero"`
	Channel   Channel   `json:"channel"`
	// CallID is the phone call in which the booking was made.
	CallID string `json:"call_id,omitempty"`
	Notes  string `json:"notes,omitempty"`
	Lang   Lang   `json:"lang"`

	// MadeBy is the idempotency key of the request that made the booking, so that a
	// repeat of it in other words can be given the same answer.
	MadeBy string `json:"made_by,omitempty"`
	// Created and Updated are equal until the booking is changed for the first time.
	Created time.Time `json:"created"`
	Updated time.Time `json:"updated"`
}

// Live reports whether the booking holds its tables.
func (b Booking) Live() bool { return b.Status.live() }
