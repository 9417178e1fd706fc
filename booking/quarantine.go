package booking

import "time"

// Quarantined is a value of the data file that could not be read, and was put
// aside whole so that the rest goes on.
type Quarantined struct {
	// ID names it among the quarantined.
	ID string `json:"-"`
	// Bucket and Key are where it lay; see the layout of the file.
	Bucket string `json:"bucket"`
	Key    []byte `json:"key"`
	// Newer: a newer version of the program wrote it, and will read it. Else it is damaged.
	Newer bool      `json:"newer,omitempty"`
	Error string    `json:"error"`
	At    time.Time `json:"at"`

	// What else the file told of it, as far as it did. Record is the row that it is
	// in the system of record.
	Booking string `json:"booking,omitempty"`
	Code    string `json:"code,omitempty"`
	Date    Date   `json:"date,omitempty"`
	Phone   Phone  `json:"phone,omitempty"`
	Record  string `json:"record,omitempty"`

	// Replaced: something stands in its place, so that nobody misses it.
	Replaced bool `json:"replaced,omitempty"`
	// Seen is when a person said that they saw to it; zero: nobody did yet.
	Seen time.Time `json:"seen,omitzero"`
}

// The kinds of values that need other words than the rest.
const (
	QuarantinedBooking = "bookings"
	QuarantinedEntry   = "journal"
	QuarantinedMessage = "outbox"
	QuarantinedWaiting = "waitlist"
	QuarantinedPhone   = "phones"
	QuarantinedTalk    = "dialogues"
)

// Missed reports whether a person has yet to see to it: nothing is in its place.
func (q Quarantined) Missed() bool { return !q.Replaced && q.Seen.IsZero() }

// Parked reports whether a parked journal entry stands in its place.
func (q Quarantined) Parked() bool { return q.Replaced && q.Bucket == QuarantinedEntry }
