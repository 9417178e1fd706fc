package booking

import (
	"context"
	"errors"
	"time"
)

// Errors that implementations of the interfaces return.
var (
	// ErrNotFound is returned when no booking has the code or the ID.
	ErrNotFound = errors.New("no such booking")
	// ErrCodeTaken is returned by Journal.Accept when another booking already
	// has the entry's code; nothing was kept, and the desk tries another code.
	ErrCodeTaken = errors.New("booking code already taken")
	// ErrNotKept is returned by Journal.Accept when the entry could not be made
	// durable (a full disk, a closed file); nothing of it was kept.
	ErrNotKept = errors.New("the booking could not be written to disk")
)

// Ledger is what is booked: the system of record together with everything accepted but
// not yet in it.
type Ledger interface {
	// Freshen brings what is known of a service day up to date, as far as it can while a
	// guest waits. It also returns nil when the system of record does not answer but the
	// day is known. It is called without locks, before Day.
	Freshen(ctx context.Context, date Date, f Freshness) error
	// Day returns the known bookings of a service day, in every status, ordered by ID,
	// without any request. The caller must not change what it returns.
	Day(ctx context.Context, date Date) (*Day, error)
	// ByCode returns the booking with a code, or ErrNotFound.
	ByCode(ctx context.Context, code string) (Booking, error)
	// ByPhone returns the bookings of a number from a service day on, ordered by start.
	// With an error it returns those that it knows; there may be others.
	ByPhone(ctx context.Context, phone Phone, from Date) ([]Booking, error)
}

// Freshness is how recent the bookings must be; the ledger decides how many seconds that is.
type Freshness int

// The freshnesses.
const (
	// Recent is enough to tell a guest what is free.
	Recent Freshness = iota
	// Sure is enough to decide on a booking or a change.
	Sure
)

// Answers caches what can be booked on a service day, until that day's bookings or the
// restaurant's tables change.
type Answers interface {
	// Openings returns what is kept under key, or derives it. It is shared by all who ask.
	Openings(ctx context.Context, key OpeningsKey, derive func(context.Context) (*Openings, error)) (*Openings, error)
}

// OpeningsKey identifies an [Openings].
type OpeningsKey struct {
	Date  Date
	Party int
	// Staff: with the tables that only the staff may book.
	Staff bool
}

// Journal is where a decision of the desk becomes durable.
type Journal interface {
	// Accept keeps the entry. When it returns without an error, the entry is synced to
	// disk; the state says whether it is already in the system of record, or will take
	// longer than a guest waits (Deferred). It is called under the locks of the dates that
	// the entry touches, and the next Ledger.Day of those dates shows it.
	//
	// Errors: ErrCodeTaken, ErrNotKept.
	Accept(ctx context.Context, entry Entry) (SyncState, error)
	// Await waits, without locks, until the booking's newest entry is in the system of
	// record, until ctx ends, or until it is clear that it will take longer, and returns
	// its state.
	Await(ctx context.Context, bookingID string) SyncState
	// SyncState returns how far the booking's newest entry has come.
	SyncState(bookingID string) SyncState
}

// Entry is one decision of the desk: the new state of a booking.
type Entry struct {
	Booking Booking
	// Was is the booking before; nil for a new one.
	Was *Booking
	// Answer, where set, is the answer to the request that led here: it is kept in the
	// same commit.
	Answer *StoredAnswer
	// Messages are to be sent once the booking is in the system of record, and not
	// before. They are kept in the same commit.
	Messages []Message
	// Silent: no guest asked for it, and no guest is told that it is written at last.
	Silent bool
	// Waiting, where set, is the new state of the waitlist party that it is for. It is
	// kept in the same commit.
	Waiting *Waiting
}

// StoredAnswer is an answer that is kept so that a repeat of its request gets the same
// bytes and nothing is done twice.
type StoredAnswer struct {
	Key    string // the request's idempotency key
	Answer []byte
	// Pending, of an Entry, is the answer until the entry is in the system of record. A
	// channel that gives it must keep it as the Answer, so that a repeat gets it too.
	Pending []byte
}

// SyncState is how far an accepted entry has come.
type SyncState int

// The states of an accepted entry.
const (
	// Pending: on disk, on its way to the system of record.
	Pending SyncState = iota
	// Written: in the system of record.
	Written
	// Deferred, which only [Journal.Accept] returns: pending, and not to be awaited. The
	// answer that is kept is the StoredAnswer's Pending.
	Deferred
)

// NotifyPolicy decides which messages guests are sent. It does no I/O.
type NotifyPolicy interface {
	// Asks reports whether a new booking is held until its guest says yes to a message.
	Asks(b Booking) bool
	// Offers reports whether the guest of a booking can be offered a table by message.
	Offers(b Booking) bool
	// Messages returns what is to be sent once a decision is in the system of record.
	Messages(d Decision) []Message
}

// Decision is a decision of the desk, and who asked for it.
type Decision struct {
	// Caller asked for it; no channel: the desk itself did.
	Caller Caller
	// Booking is the new state, and Was the one before, nil for a new booking.
	Booking Booking
	Was     *Booking
	Now     time.Time
}

// Locks locks service days: while a date is locked, no other request is seated on it,
// whatever the channel.
type Locks interface {
	// Lock waits for all the dates (in any order, repeats allowed) and returns the
	// function that releases them. It fails only when ctx ends first.
	Lock(ctx context.Context, dates ...Date) (unlock func(), err error)
}

// Clock is the source of time.
type Clock interface {
	Now() time.Time
}
