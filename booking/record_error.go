package booking

import (
	"fmt"
	"time"
)

// WriteResult is the result of writing one entry.
type WriteResult struct {
	// Record is the ID of its row; "" where it needs none.
	Record string
	// ReadBack is the row as read back after the write; nil: it was not.
	ReadBack *Booking
	// Err is why it was not written, or may not have been; nil: it was.
	Err *RecordError
}

// RecordErrorKind is what the failure of an attempt means for the next one.
type RecordErrorKind string

// The kinds of record errors.
const (
	// Unreachable: nothing was written; it is tried again without limit.
	Unreachable RecordErrorKind = "unreachable"
	// RateLimited: nothing was written; it is tried again after a while.
	RateLimited RecordErrorKind = "rate_limited"
	// UnknownOutcome: it may have been written; it is tried again, which makes no
	// second row.
	UnknownOutcome RecordErrorKind = "unknown_outcome"
	// Permanent: it fails again until a person fixes something.
	Permanent RecordErrorKind = "permanent"
	// Interrupted: we stopped it ourselves; it does not count as an attempt.
	Interrupted RecordErrorKind = "interrupted"
)

// RecordError is why a request to the system of record failed.
type RecordError struct {
	Kind RecordErrorKind
	// Cause is, for Permanent, what a person has to fix.
	Cause ParkCause
	// Text says what is wrong, Fix what a person can do about it; both for the staff.
	Text, Fix string
	// RetryAfter is how long to wait at least; 0: nobody said.
	RetryAfter time.Duration
}

// Error returns the kind and the text.
func (e *RecordError) Error() string { return fmt.Sprintf("%s: %s", e.Kind, e.Text) }
