package booking

import (
	"fmt"
	"time"
)

// Outcome is what became of one entry's write.
type WriteResult struct {
	// Record is the ID of the row that says it now; "" where it needs none.
	Record string
	// Stands is how that row was read back once it was written; nil: it was not.
	Stands *Booking
	// Trouble is why it was not written, or not for certain; nil: it was.
	Err *RecordError
}

// TroubleKind says what an attempt's failure means for the next one.
type RecordErrorKind string

// The kinds of trouble.
const (
	// Unreachable: nothing was written; it is tried again, however often it takes.
	Unreachable RecordErrorKind = "unreachable"
	// RateLimited: nothing was written; it is tried again after a while.
	RateLimited RecordErrorKind = "rate_limited"
	// UnknownOutcome: it may have been written; it is tried again, which makes no
	// second row.
	UnknownOutcome RecordErrorKind = "unknown_outcome"
	// Permanent: it fails again until a person mends something.
	Permanent RecordErrorKind = "permanent"
	// Interrupted: we gave it up ourselves, and know nothing of it. It was no attempt.
	Interrupted RecordErrorKind = "interrupted"
)

// Trouble is why a request to the record failed. It is an error.
type RecordError struct {
	Kind RecordErrorKind
	// Cause says, of Permanent trouble, what a person has to see to.
	Cause ParkCause
	// Text says what is wrong, Mend what a person can do about it; both for the staff.
	Text, Fix string
	// RetryAfter is how long to wait at least; 0: nobody said.
	RetryAfter time.Duration
}

// Error says what is wrong.
func (t *RecordError) Error() string { return fmt.Sprintf("%s: %s", t.Kind, t.Text) }
