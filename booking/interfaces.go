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
	// Freshen brings what is known of a service day up to date, as far as it can
	// while a guest waits: it returns nil also when the system of record does not
	// answer, as long as something is known of that day. It is called without
	// locks, before the day is looked at.
	Freshen(ctx context.Context, date Date, f Freshness) error
	// Day returns the bookings of a service day as they are known, in every
	// status, ordered by ID, without asking anybody. The caller must not change
	// what it returns.
	Day(ctx context.Context, date Date) (*Day, error)
	// ByCode returns the booking that goes by a code, or ErrNotFound.
	ByCode(ctx context.Context, code string) (Booking, error)
	// ByPhone returns the bookings of a number from a service day on, ordered by start.
	// With an error it returns those that it knows, beside which there may be others.
	ByPhone(ctx context.Context, phone Phone, from Date) ([]Booking, error)
}

// Freshness says what an answer is for, and so how old what it is made from may
// be; how old in seconds is for the ledger to say.
type Freshness int

// The freshnesses.
const (
	// Recent is good enough to tell a guest what is free.
	Recent Freshness = iota
	// Sure is good enough to decide on: a booking, a change.
	Sure
)

// Answers keeps what the desk worked out of a service day for those who ask the
// same again, until that day's bookings or the house's tables change.
type Answers interface {
	// Openings returns what is kept under key, or derives it. It is shared by all who ask.
	Openings(ctx context.Context, key OpeningsKey, derive func(context.Context) (*Openings, error)) (*Openings, error)
}

// OpeningsKey names an [Openings].
type OpeningsKey struct {
	Date  Date
	Party int
	// Staff: as the staff may seat, at tables that guests cannot book.
	Staff bool
}

// Journal is where a decision of the desk becomes durable.
type Journal interface {
	// Accept keeps the entry. When it returns without an error, what it kept is
	// synced to disk and cannot be lost any more; it then tells whether the
	// booking already stands in the system of record, or that it will take longer
	// than anybody waits (Deferred). It is called under the
	// locks of the dates that the entry touches, and the next Ledger.Day of
	// those dates shows it.
	//
	// Errors: ErrCodeTaken, ErrNotKept.
	Accept(ctx context.Context, entry Entry) (SyncState, error)
	// Await waits, without locks, until the booking's newest entry is in the
	// system of record, until ctx ends, or until it is plain that it will take
	// longer, and tells how far it has come.
	Await(ctx context.Context, bookingID string) SyncState
	// Standing tells how far the booking's newest entry has come.
	SyncState(bookingID string) SyncState
}

// Entry is one decision of the desk: a booking as it shall stand from now on.
type Entry struct {
	Booking Booking
	// Was is the booking as it stood before; nil for a new one.
	Was *Booking
	// Answer, where set, is the answer to the request that led here: it is kept in the
	// same commit.
	Answer *StoredAnswer
	// Owed are messages that are owed once the booking stands so in the system of
	// record, and not before. They are kept in the same stroke.
	Messages []Message
	// Untold: nobody asked for it, and so nobody is told that it is written at last.
	Silent bool
	// Waiting, where set, is the party of the waitlist that it is for, as it stands
	// from now on. It is kept in the same stroke.
	Waiting *Waiting
}

// StoredAnswer is an answer that is kept so that a repeat of its request gets the same
// bytes and does nothing twice.
type StoredAnswer struct {
	Key    string // the request's idempotency key
	Answer []byte
	// Pending, of an entry's, is the answer in place of Answer until the entry
	// is in the system of record. Whoever hears it must keep it as the Answer: a
	// repeat gets it then also.
	Pending []byte
}

// Standing tells how far an accepted entry has come.
type SyncState int

// The standings of an accepted entry.
const (
	// Pending: on disk, on its way to the system of record.
	Pending SyncState = iota
	// Written: in the system of record.
	Written
	// Deferred, which only [Journal.Accept] returns: pending, and not to be awaited. Of
	// the entry's Answer, Pending is kept for good.
	Deferred
)

// Letters says what guests are written. It only computes.
type NotifyPolicy interface {
	// Asks tells whether a new booking is held until its guest says yes to a message.
	Asks(b Booking) bool
	// Offers tells whether the guest of a booking can be offered a table by message.
	Offers(b Booking) bool
	// Owed returns what is owed because of a decision once it is in the book.
	Messages(d Decision) []Message
}

// Decision is something that the desk decided, and for whom.
type Decision struct {
	// Caller asked for it; no channel: the desk itself did.
	Caller Caller
	// Booking is how it stands from now on, and Was how it stood before, nil for a new one.
	Booking Booking
	Was     *Booking
	Now     time.Time
}

// Locks makes "look and reserve" one step: while a date is locked, nobody else
// seats a party on it, whatever the channel.
type Locks interface {
	// Lock waits for all the dates (in any order, repeats allowed) and returns
	// what releases them. It fails only when ctx ends first.
	Lock(ctx context.Context, dates ...Date) (unlock func(), err error)
}

// Watch tells the time.
type Clock interface {
	Now() time.Time
}
