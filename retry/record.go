package retry

import (
	"context"

	"maitre/booking"
)

// Record is the system of record. Its methods return within a bounded time.
type Record interface {
	// Write writes the entries, idempotently, and returns a result for each, in
	// order. If urgent (a guest waits) it goes before other work.
	Write(ctx context.Context, urgent bool, entries []booking.JournalEntry) []booking.WriteResult
	// Rows reads the rows of the entries' bookings, in order. It fails if none could
	// be read, and reports that to the record's breaker.
	Rows(ctx context.Context, urgent bool, entries []booking.JournalEntry) ([]booking.RowRead, *booking.RecordError)
	// Refresh reads the dates afresh, so that later decisions are based on the
	// record's present state.
	Refresh(ctx context.Context, dates []booking.Date) *booking.RecordError
	// Reconsider has the record checked anew, because a person says that it was fixed.
	Reconsider()
	// Probe checks with one cheap request whether the record answers.
	Probe(ctx context.Context) *booking.RecordError
}

// counts reports whether a failed attempt counts towards the limit: an outage of a
// day must not park everything that was booked in it.
func counts(t *booking.RecordError) bool { return t.Kind == booking.UnknownOutcome }

// ResultOf returns what to report to a [Breaker] about a request that ended with
// an error, or nil. A record that answered, if only to refuse, is up.
func ResultOf(t *booking.RecordError) Result {
	switch {
	case t == nil:
		return Success
	case t.Kind == booking.Unreachable, t.Kind == booking.UnknownOutcome:
		return Failure
	case t.Kind == booking.Interrupted:
		return Neutral
	}
	return Success
}
