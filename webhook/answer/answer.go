// Package answer is the answer object: what a caller's tool gets back on every
// channel, as one line of compact JSON with the sentence to say in it. It makes that
// object of the desk's decision, with every sentence from the catalogue. It must not
// know of requests, of VAPI, nor decide anything.
package answer

// Answer is the answer object of the contract. Empty keys are left out, except
// success and message, which every answer has.
type Answer struct {
	Success bool `json:"success"`
	// Error is a [booking.Reason]; empty on success.
	Error string `json:"error,omitempty"`
	// Field is what is invalid, for the error "invalid".
	Field string `json:"field,omitempty"`
	// Message is what to say to the guest, in the guest's language: one line.
	Message string   `json:"message"`
	Booking *Booking `json:"booking,omitempty"`
	// Bookings are the guest's, found or to choose from, the first to come first.
	Bookings []Booking `json:"bookings,omitempty"`
	// Alternatives can really be booked; the nearest first.
	Alternatives []Alternative `json:"alternatives,omitempty"`

	// Offer is the time that can be booked, for a check of one time.
	Offer *Offer `json:"offer,omitempty"`
	// Date is the service day that Slots or Services are of, YYYY-MM-DD.
	Date string `json:"date,omitempty"`
	// Party is the size of the party that Slots are for.
	Party int    `json:"party,omitempty"`
	Slots []Slot `json:"slots,omitempty"`
	// Services are what is served on Date.
	Services []Service `json:"services,omitempty"`
	// Week is what is usually served, Monday first; closed days are left out.
	Week []Weekday `json:"week,omitempty"`
	// Restaurant is who answers, for questions about it.
	Restaurant *Facts `json:"house,omitempty"`
	Facts      []Fact `json:"facts,omitempty"`
}

// Booking is a booking as its guest may see it: without phone and e-mail. Its
// notes are in the message.
type Booking struct {
	Code  string `json:"code"`
	Date  string `json:"date"` // the service day, YYYY-MM-DD
	Time  string `json:"time"` // HH:MM
	Party int    `json:"party"`
	Name  string `json:"name"`
	// Table is the table's ID; a combination's are joined by "+".
	Table string `json:"table"`
	Zone  string `json:"zone"`
	// Status is a [booking.Status]; "processing" until the booking is in the system of record.
	Status string `json:"status"`
}

// Alternative is a time that can be booked instead. Zone is there only where it
// differs from the one asked for.
type Alternative struct {
	Date string `json:"date"`
	Time string `json:"time"`
	Zone string `json:"zone,omitempty"`
}

// Offer is one time that can be booked.
type Offer struct {
	Date  string `json:"date"`
	Time  string `json:"time"`
	Party int    `json:"party"`
	// Zone is where the party would sit if it booked now.
	Zone string `json:"zone,omitempty"`
	// Zones are all zones with a table.
	Zones []string `json:"zones,omitempty"`
	// Until is when the table is needed again, HH:MM; empty: the table is the guest's.
	Until string `json:"until,omitempty"`
}

// Slot is one time of arrival.
type Slot struct {
	Time      string   `json:"time"`
	Available bool     `json:"available"`
	Zones     []string `json:"zones,omitempty"`
}

// Service is one meal. All times are HH:MM and may lie after midnight.
type Service struct {
	Service string `json:"service"`
	Name    string `json:"name"`
	// First and Last are the first and last times of arrival.
	First         string `json:"first"`
	Last          string `json:"last"`
	KitchenCloses string `json:"kitchen_closes,omitempty"`
	RoomCloses    string `json:"room_closes,omitempty"`
	// Seatings divide the service into turns; none: guests arrive at any step.
	Seatings []Seating `json:"seatings,omitempty"`
}

// Seating is one turn of a service.
type Seating struct {
	Name  string `json:"name,omitempty"`
	First string `json:"first"`
	Last  string `json:"last"`
	Until string `json:"until"`
}

// Weekday is what is usually served on a weekday, named in English and lower case.
type Weekday struct {
	Day      string    `json:"day"`
	Services []Service `json:"services,omitempty"`
}

// Facts is the restaurant as guests may know it.
type Facts struct {
	Name    string `json:"name"`
	Phone   string `json:"phone,omitempty"`
	Address string `json:"address,omitempty"`
}

// Fact is something that the restaurant tells guests who ask.
type Fact struct {
	Key  string `json:"key"`
	Text string `json:"text"`
}
