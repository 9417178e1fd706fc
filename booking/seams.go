package booking

import (
	"context"
	"errors"
	"time"
)

// Errors that implementations of the seams return.
var (
	// ErrNotFound is returned when no booking answers to a code or an ID.
	ErrNotFound = errors.New("no such booking")
	// ErrCodeTaken is returned by Journal.Accept when another booking already
	// goes by the entry's code; nothing was kept, and a fresh code will do.
	ErrCodeTaken = errors.New("booking code already taken")
	// ErrNotKept is returned by Journal.Accept when the entry could not be made
	// durable (a full disk, a closed file); nothing of it was kept.
	ErrNotKept = errors.New("the booking could not be written to disk")
)

// Ledger is what the desk knows to be booked: the system of record together
// with everything accepted but not yet in it.
type Ledger interface {
	// Day returns the bookings of a service day, in every status, ordered by ID.
	// The caller must not change what it returns.
	Day(ctx context.Context, date Date) (*Day, error)
	// ByCode returns the booking that goes by a code, or ErrNotFound.
	ByCode(ctx context.Context, code string) (Booking, error)
	// ByPhone returns the bookings of a number from a service day on, ordered by start.
	ByPhone(ctx context.Context, phone Phone, from Date) ([]Booking, error)
}

// Journal is where a decision of the desk becomes durable.
type Journal interface {
	// Accept keeps the entry. When it returns without an error, what it kept is
	// synced to disk and cannot be lost any more; it then tells whether the
	// booking already stands in the system of record. It is called under the
	// locks of the dates that the entry touches, and the next Ledger.Day of
	// those dates shows it.
	//
	// Errors: ErrCodeTaken, ErrNotKept.
	Accept(ctx context.Context, entry Entry) (Standing, error)
}

// Entry is one decision of the desk: a booking as it shall stand from now on.
type Entry struct {
	Booking Booking
	// Was is the booking as it stood before; nil for a new one.
	Was *Booking
	// Memo, where set, is the answer to the request that led here, given that
	// the booking is Written: it is kept in the same stroke, and only then.
	Memo *Memo
}

// Memo is an answer that is kept so that a repeat of its request gets the same
// bytes and does nothing twice.
type Memo struct {
	Key    string // source and request key
	Answer []byte
}

// Standing tells how far an accepted entry has come.
type Standing int

// The standings of an accepted entry.
const (
	// Pending: on disk, on its way to the system of record.
	Pending Standing = iota
	// Written: in the system of record.
	Written
)

// Locks makes "look and reserve" one step: while a date is locked, nobody else
// seats a party on it, whatever the channel.
type Locks interface {
	// Lock waits for all the dates (in any order, repeats allowed) and returns
	// what releases them. It fails only when ctx ends first.
	Lock(ctx context.Context, dates ...Date) (unlock func(), err error)
}

// Watch tells the time.
type Watch interface {
	Now() time.Time
}
