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
}
