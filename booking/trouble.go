package booking

import (
	"fmt"
	"time"
)

// Outcome is what became of one entry's write.
type Outcome struct {
	// Record is the ID of the row that says it now; "" where it needs none.
	Record string
	// Stands is how that row was read back once it was written; nil: it was not.
	Stands *Booking
	// Trouble is why it was not written, or not for certain; nil: it was.
	Trouble *Trouble
}

// TroubleKind says what an attempt's failure means for the next one.
type TroubleKind string

// The kinds of trouble.
const (
	// Unreachable: nothing was written; it is tried again, however often it takes.
	Unreachable TroubleKind = "unreachable"
	// RateLimited: nothing was written; it is tried again after a while.
	RateLimited TroubleKind = "rate_limited"
	// UnknownOutcome: it may have been written; it is tried again, which makes no
	// second row.
	UnknownOutcome TroubleKind = "unknown_outcome"
	// Permanent: it fails again until a person mends something.
	Permanent TroubleKind = "permanent"
	// Interrupted: we gave it up ourselves, and know nothing of it. It was no attempt.
	Interrupted TroubleKind = "interrupted"
)

// Trouble is why a request to the record failed. It is an error.
type Trouble struct {
	Kind TroubleKind
	// Cause says, of Permanent trouble, what a person has to see to.
	Cause ParkCause
	// Text says what is wrong, Mend what a person can do about it; both for the staff.
	Text, Mend string
	// RetryAfter is how long to wait at least; 0: nobody said.
	RetryAfter time.Duration
}

// Error says what is wrong.
func (t *Trouble) Error() string { return fmt.Sprintf("%s: %s", t.Kind, t.Text) }
