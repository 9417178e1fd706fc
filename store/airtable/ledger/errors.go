package ledger

import (
	"context"
	"errors"

	"maitre/booking"
	"maitre/store/airtable"
	"maitre/store/airtable/mapping"
)

// recordError returns an error of the client or the mapper as a RecordError; nil for nil.
func recordError(err error) *booking.RecordError {
	if err == nil {
		return nil
	}
	var e *airtable.Error
	switch {
	case errors.Is(err, airtable.ErrClosed):
		return &booking.RecordError{Kind: booking.Interrupted, Text: err.Error()}
	case errors.As(err, &e):
		return fromClient(e)
	case errors.Is(err, mapping.ErrNoRow), errors.Is(err, mapping.ErrNoWord):
		return &booking.RecordError{Kind: booking.Permanent, Cause: booking.ParkedBase, Text: err.Error(),
			Fix: "Run maitre check: it says what to change in Airtable or in the restaurant file."}
	case errors.Is(err, context.Canceled):
		return &booking.RecordError{Kind: booking.Interrupted, Text: err.Error()}
	}
	return &booking.RecordError{Kind: booking.Unreachable, Text: err.Error()}
}

func fromClient(e *airtable.Error) *booking.RecordError {
	t := &booking.RecordError{Text: e.Error(), Fix: e.Fix, RetryAfter: e.RetryAfter}
	switch e.Kind {
	case airtable.RateLimited:
		t.Kind = booking.RateLimited
	case airtable.QuotaSpent:
		t.Kind, t.Cause = booking.Permanent, booking.ParkedQuota
	case airtable.UnknownOutcome:
		t.Kind = booking.UnknownOutcome
	case airtable.Unreachable:
		t.Kind = booking.Unreachable
	case airtable.Permanent:
		t.Kind, t.Cause = booking.Permanent, causeOf(e.Blame)
	}
	// A cancelled caller says nothing about Airtable's health.
	if t.Kind != booking.Permanent && errors.Is(e.Err, context.Canceled) {
		t.Kind = booking.Interrupted
	}
	return t
}

func causeOf(blame airtable.Blame) booking.ParkCause {
	switch blame {
	case airtable.BlameAccess, airtable.BlameEndpoint:
		return booking.ParkedAccess
	case airtable.BlameBase:
		return booking.ParkedBase
	case airtable.BlameRecord, airtable.BlameRequest:
	}
	return booking.ParkedRecord
}
