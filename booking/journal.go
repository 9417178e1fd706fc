package booking

import "time"

// JournalEntry is a booking's desired state on its way into the system of
// record. There is at most one for a booking: a newer wish folds into it.
type JournalEntry struct {
	// ID is time-ordered, and stays while newer wishes fold in.
	ID string `json:"id"`
	// Booking is how it shall stand in the system of record.
	Booking Booking `json:"booking"`
	// Was is how it stands there as far as is known; nil: it is not there.
	Was *Booking `json:"was,omitempty"`
	// Undo is what shall stand if a person settles the entry, where that is not Was:
	// the row was found to say what an attempt that nobody answered had written.
	Undo *Booking `json:"undo,omitempty"`
	// Passed are wishes that newer ones replaced, the newest [MaxPassed] of them: an
	// attempt at any of them may have been written, though nobody heard of it.
	Passed []Booking `json:"passed,omitempty"`
	// Seen is how its row was read meanwhile, where that is as we neither knew nor
	// asked for: what a person made of it. It is looked at again before the entry is written.
	Seen *Booking `json:"seen,omitempty"`
	// Owed are messages that are owed once it is written, of each kind the newest.
	Messages []Message `json:"owed,omitempty"`
	// Untold: nobody asked for the newest wish, and nobody is told that it is written.
	Silent bool `json:"untold,omitempty"`
	// Insist is a person's word that what is wanted shall be written although the staff
	// changed the same in the row. Without Was, that is all of Booking.
	Insist bool `json:"insist,omitempty"`
	// Settled is set when a person said that the entry needs no more: Booking is then
	// what shall stand in its place, and the entry ends once it is known to stand.
	Settled *Settled `json:"settled,omitempty"`
	// Rev grows with each wish that folds in, so that a write that succeeded is
	// known to have been of the newest wish or of an older one.
	Rev int `json:"rev"`
	// Written is the newest revision that was written, 0: none of this entry's.
	Written int        `json:"written,omitempty"`
	State   EntryState `json:"state"`
	// Attempts are the newest that failed, oldest first, at most [MaxAttemptsKept].
	Attempts []Attempt `json:"attempts,omitempty"`
	// Tried is how many attempts there were in all, Failures how many failed in a
	// row, and Counted how many of those count towards the limit: not those in
	// which nobody could be reached.
	Tried    int `json:"tried"`
	Failures int `json:"failures"`
	Counted  int `json:"counted"`
	// Next is when it is due again; of a parked entry it means nothing.
	Next time.Time `json:"next"`
	// Parked says why the entry waits for a person; nil while it is pending.
	Parked  *Parked   `json:"parked,omitempty"`
	Created time.Time `json:"created"`
}

// Settled is a person's word that an entry needs no more.
type Settled struct {
	At  time.Time `json:"at"`
	Why string    `json:"why"`
	// Gone: the person knew that the row was not there. Otherwise a row that is not
	// there is a question again.
	Gone bool `json:"gone,omitempty"`
}

// LongestPause is the most that an entry waits between two attempts.
const LongestPause = time.Hour

// DueAt tells whether a pending entry is to be attempted at a moment. One that is
// put off for longer than any pause was put off by a clock that was ahead, and is.
func (e JournalEntry) DueAt(now time.Time) bool {
	left := e.Next.Sub(now)
	return left <= 0 || left > LongestPause
}

// EntryState is where a journal entry stands.
type EntryState string

// The states of an entry. One that was written, or settled by a person, is in
// the archive.
const (
	// EntryPending: to be attempted when it is due.
	EntryPending EntryState = "pending"
	// EntryParked: waits for a person, or for what keeps it from being written to
	// be mended.
	EntryParked EntryState = "parked"
)

// MaxPassed is how many replaced wishes an entry tells of.
const MaxPassed = 8

// MaxAttemptsKept is how many failed attempts an entry tells of.
const MaxAttemptsKept = 20

// Attempt is one failed try to write an entry.
type Attempt struct {
	At   time.Time `json:"at"`
	Kind string    `json:"kind"` // such as "unreachable"
	Text string    `json:"text"` // for the staff and the developer; no secrets
}

// Parked is why an entry waits for a person.
type Parked struct {
	At    time.Time  `json:"at"`
	Cause ParkCause  `json:"cause"`
	Text  string     `json:"text"`           // what is wrong
	Fix   string     `json:"mend,omitempty"` // what a person can do about it
	Offer []OfferFor `json:"offer,omitempty"`
	// Row is what a person made of the row meanwhile, where that is the cause.
	Row *Row `json:"row,omitempty"`
}

// OfferFor is an [Alternative] as a parked entry keeps it for who calls the guest.
type OfferFor struct {
	Date Date      `json:"date"`
	Time TimeOfDay `json:"time"`
	Zone string    `json:"zone,omitempty"`
}

// ParkCause says what kind of thing keeps an entry from being written.
type ParkCause string

// The causes.
const (
	// ParkedAccess: the system of record does not let us in (token, scopes, plan).
	ParkedAccess ParkCause = "access"
	// ParkedBase: its tables, fields or choices are not as they must be.
	ParkedBase ParkCause = "base"
	// ParkedQuota: this month's calls are used up.
	ParkedQuota ParkCause = "quota"
	// ParkedRecord: it does not take this booking's values.
	ParkedRecord ParkCause = "record"
	// ParkedConflict: the tables were given away and no others are free, or a person
	// changed in the system of record what was to be changed from here.
	ParkedConflict ParkCause = "conflict"
	// ParkedMissing: the row disappeared from the system of record together with
	// others, which may be a mistake.
	ParkedMissing ParkCause = "missing"
	// ParkedPast: the booking's time went by before it could be written.
	ParkedPast ParkCause = "past"
	// ParkedLimit: it failed as often as it may (RETRY_MAX_ATTEMPTS).
	ParkedLimit ParkCause = "limit"
	// ParkedData: its entry in the data file could not be read, and this one stands
	// in for it: nobody knows whether it was written.
	ParkedData ParkCause = "data"
)

// Mendable tells whether entries parked for this cause go on by themselves once
// the system of record is in order again; others need a person's decision.
func (c ParkCause) Fixable() bool {
	return c == ParkedAccess || c == ParkedBase || c == ParkedQuota || c == ParkedLimit
}

// JournalDepth is how much waits to be written.
type JournalDepth struct {
	Pending, Parked int
	// Oldest is when the oldest pending entry was made; zero: there is none.
	Oldest time.Time
}
