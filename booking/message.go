package booking

import "time"

// MessageKind is what a message is about. It selects the template that is sent where
// free text is not allowed.
type MessageKind string

// The kinds of messages.
const (
	// MessageConfirm asks a guest to say yes or no to a pre-booked table.
	MessageConfirm MessageKind = "confirm"
	// MessageBooked, MessageChanged and MessageCancelled confirm what was done once it is
	// in the system of record.
	MessageBooked    MessageKind = "booked"
	MessageChanged   MessageKind = "changed"
	MessageCancelled MessageKind = "cancelled"
	// MessageCall says that a booking could not be kept, and that a person will call.
	MessageCall MessageKind = "call"
	// MessageReminder comes the day before.
	MessageReminder MessageKind = "reminder"
	// MessageTableFree offers a table to a party on the waitlist.
	MessageTableFree MessageKind = "table_free"
	// MessageAlert is for the staff.
	MessageAlert MessageKind = "alert"
)

// Message is a message to a guest or to the staff. It is kept on disk until it is
// delivered, has failed for good or has expired.
type Message struct {
	// ID is time-ordered. Empty until it is kept.
	ID   string      `json:"id"`
	Kind MessageKind `json:"kind"`
	To   Phone       `json:"to"`
	Lang Lang        `json:"lang"`
	// Text is sent where free text is allowed: within 24 hours of the phone's last
	// message to us, and by SMS.
	Text string `json:"text"`
	// Vars are the values of the kind's template, {{1}} first.
	Vars []string `json:"vars,omitempty"`
	// Key, where set, is the reason for the message ("reminder/ID/2026-12-24"). A second
	// message with the same key is never kept.
	Key string `json:"key,omitempty"`
	// Booking is the ID of the booking that it is about; may be empty.
	Booking string `json:"booking,omitempty"`
	// NotBefore is when it may be sent; zero: at once.
	NotBefore time.Time `json:"not_before,omitzero"`
	// Expires is when it is of no use any more; zero: never.
	Expires time.Time `json:"expires,omitzero"`
	// Urgent messages (alerts) do not respect the quiet hours.
	Urgent bool `json:"urgent,omitempty"`
}
