package retry

import (
	"context"
	"fmt"
	"time"

	"maitre/booking"
)

// Record is the system of record, as far as the worker needs it. Its methods
// return within a bounded time.
type Record interface {
	// Write makes the record say what the entries say, each once however often it
	// is called, and returns an outcome for each, in order. Where a guest waits
	// (urgent) it goes before other work.
	Write(ctx context.Context, urgent bool, entries []booking.JournalEntry) []Outcome
	// Refresh reads the dates afresh, so that what is decided next is decided on
	// what the record says now. It returns what kept it from that, or nil.
	Refresh(ctx context.Context, dates []booking.Date) *Trouble
	// Probe finds out, with one cheap request, whether the record answers.
	Probe(ctx context.Context) *Trouble
}

// Outcome is what became of one entry's write.
type Outcome struct {
	// Record is the ID of the row that says it now.
	Record string
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
	Cause booking.ParkCause
	// Text says what is wrong, Mend what a person can do about it; both for the staff.
	Text, Mend string
	// RetryAfter is how long to wait at least; 0: nobody said.
	RetryAfter time.Duration
}

// Error says what is wrong.
func (t *Trouble) Error() string { return fmt.Sprintf("%s: %s", t.Kind, t.Text) }

// counts tells whether an attempt that ended so counts towards the limit: an
// outage of a day must not park everything that was booked in it.
func (t *Trouble) counts() bool { return t.Kind == UnknownOutcome }

// verdict is what a breaker is told of it: nil is success.
func verdict(t *Trouble) Result {
	switch {
	case t == nil:
		return Success
	case t.Kind == Unreachable, t.Kind == UnknownOutcome:
		return Failure
	case t.Kind == Interrupted:
		return Neutral
	}
	return Success // it answered, if only to refuse
}
