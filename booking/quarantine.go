package booking

import "time"

// Quarantined is a value of the data file that could not be read and was moved aside
// unchanged.
type Quarantined struct {
	// ID is unique among the quarantined.
	ID string `json:"-"`
	// Bucket and Key are where it was; see the layout of the file.
	Bucket string `json:"bucket"`
	Key    []byte `json:"key"`
	// Newer: a newer version of the program wrote it and can read it. Otherwise it is damaged.
	Newer bool      `json:"newer,omitempty"`
	Error string    `json:"error"`
	At    time.Time `json:"at"`

	// What else the file says of it, as far as it could be read. Record is the ID of its
	// row in the system of record.
	Booking string `json:"booking,omitempty"`
	Code    string `json:"code,omitempty"`
	Date    Date   `json:"date,omitempty"`
	Phone   Phone  `json:"phone,omitempty"`
	Record  string `json:"record,omitempty"`

	// Replaced: another value has taken its place.
	Replaced bool `json:"replaced,omitempty"`
	// Seen is when a person marked it as dealt with; zero: not yet.
	Seen time.Time `json:"seen,omitzero"`
}

// The buckets whose values are described in their own words.
const (
	QuarantinedBooking = "bookings"
	QuarantinedEntry   = "journal"
	QuarantinedMessage = "outbox"
	QuarantinedWaiting = "waitlist"
	QuarantinedPhone   = "phones"
	QuarantinedTalk    = "dialogues"
)

// Missed reports whether a person still has to deal with it.
func (q Quarantined) Missed() bool { return !q.Replaced && q.Seen.IsZero() }

// Parked reports whether a parked journal entry has taken its place.
func (q Quarantined) Parked() bool { return q.Replaced && q.Bucket == QuarantinedEntry }
