package retry

import (
	"context"

	"maitre/booking"
)

// Record is the system of record, as far as the worker needs it. Its methods
// return within a bounded time.
type Record interface {
	// Write makes the record say what the entries say, each once however often it
	// is called, and returns an outcome for each, in order. Where a guest waits
	// (urgent) it goes before other work.
	Write(ctx context.Context, urgent bool, entries []booking.JournalEntry) []booking.WriteResult
	// Rows reads how the rows of the entries' bookings stand now, in order. The
	// error is what kept all of them from being read; the record's breaker is told of it.
	Rows(ctx context.Context, urgent bool, entries []booking.JournalEntry) ([]booking.RowRead, *booking.RecordError)
	// Refresh reads the dates afresh, so that what is decided next is decided on
	// what the record says now. It returns what kept it from that, or nil.
	Refresh(ctx context.Context, dates []booking.Date) *booking.RecordError
	// Reconsider tells that a person says that what was found wrong with the record
	// is mended: it is looked at anew.
	Reconsider()
	// Probe finds out, with one cheap request, whether the record answers.
	Probe(ctx context.Context) *booking.RecordError
}

// counts tells whether an attempt that ended so counts towards the limit: an
// outage of a day must not park everything that was booked in it.
func counts(t *booking.RecordError) bool { return t.Kind == booking.UnknownOutcome }

// ResultOf is what a [Breaker] is told of a request that ended in trouble, or
// with nil. A record that answered, if only to refuse, is up.
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
