package booking

import "time"

// JournalEntry is a booking's desired state on its way into the system of
// record. There is at most one for a booking: a newer decision is merged into it.
type JournalEntry struct {
	// ID is time-ordered, and stays when a newer decision is merged in.
	ID string `json:"id"`
	// Booking is the state that the system of record shall have.
	Booking Booking `json:"booking"`
	// Was is the state there as far as is known; nil: it is not there.
	Was *Booking `json:"was,omitempty"`
	// Undo is the state to return to if a person settles the entry, where that is not
	// Was: the row was found as an attempt without an answer had written it.
	Undo *Booking `json:"undo,omitempty"`
	// Passed are desired states that newer ones replaced, the newest [MaxPassed] of them.
	// An attempt at any of them may have been written without an answer.
	Passed []Booking `json:"passed,omitempty"`
	// Seen is its row as read meanwhile, where a person changed it. The row is read again
	// before the entry is written.
	Seen *Booking `json:"seen,omitempty"`
	// Messages are to be sent once it is written, of each kind the newest.
	Messages []Message `json:"owed,omitempty"`
	// Silent: no guest asked for the newest decision, and no guest is told that it is written.
	Silent bool `json:"untold,omitempty"`
	// Insist: a person decided that the entry shall be written although the staff changed
	// the same in the row. Without Was, that is all of Booking.
	Insist bool `json:"insist,omitempty"`
	// Settled is set when a person decided that the entry need not be written: Booking is
	// then the state to return to, and the entry ends once the row is known to have it.
	Settled *Settled `json:"settled,omitempty"`
	// Rev grows with each decision that is merged in. It shows whether a write that
	// succeeded was of the newest or of an older one.
	Rev int `json:"rev"`
	// Written is the newest revision that was written, 0: none of this entry's.
	Written int        `json:"written,omitempty"`
	State   EntryState `json:"state"`
	// Attempts are the newest that failed, oldest first, at most [MaxAttemptsKept].
	Attempts []Attempt `json:"attempts,omitempty"`
	// Tried is how many attempts there were in all, Failures how many failed in a row,
	// and Counted how many of those count towards the limit: not those that did not reach
	// the system of record.
	Tried    int `json:"tried"`
	Failures int `json:"failures"`
	Counted  int `json:"counted"`
	// Next is when it is due again; without meaning for a parked entry.
	Next time.Time `json:"next"`
	// Parked says why the entry waits for a person; nil while it is pending.
	Parked  *Parked   `json:"parked,omitempty"`
	Created time.Time `json:"created"`
}

// Settled is a person's decision that an entry need not be written.
type Settled struct {
	At  time.Time `json:"at"`
	Why string    `json:"why"`
	// Gone: the person knew that the row was not there. Otherwise a missing row parks the
	// entry again.
	Gone bool `json:"gone,omitempty"`
}

// LongestPause is the most that an entry waits between two attempts.
const LongestPause = time.Hour

// DueAt reports whether a pending entry is to be attempted at a moment. One that
// waits for longer than LongestPause was scheduled by a clock that was ahead, and is due.
func (e JournalEntry) DueAt(now time.Time) bool {
	left := e.Next.Sub(now)
	return left <= 0 || left > LongestPause
}

// EntryState is the state of a journal entry.
type EntryState string

// The states of an entry. One that was written, or settled by a person, is in
// the archive.
const (
	// EntryPending: to be attempted when it is due.
	EntryPending EntryState = "pending"
	// EntryParked: waits for a person, or until what keeps it from being written is fixed.
	EntryParked EntryState = "parked"
)

// MaxPassed is how many replaced states an entry keeps.
const MaxPassed = 8

// MaxAttemptsKept is how many failed attempts an entry keeps.
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
	// Row is the row as a person changed it meanwhile, where that is the cause.
	Row *Row `json:"row,omitempty"`
}

// OfferFor is an [Alternative] that a parked entry keeps for the person who calls the guest.
type OfferFor struct {
	Date Date      `json:"date"`
	Time TimeOfDay `json:"time"`
	Zone string    `json:"zone,omitempty"`
}

// ParkCause says what kind of thing keeps an entry from being written.
type ParkCause string

// The causes.
const (
	// ParkedAccess: the system of record denies access (token, scopes, plan).
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
	// others, perhaps by accident.
	ParkedMissing ParkCause = "missing"
	// ParkedPast: the booking's time went by before it could be written.
	ParkedPast ParkCause = "past"
	// ParkedLimit: it failed as often as it may (RETRY_MAX_ATTEMPTS).
	ParkedLimit ParkCause = "limit"
	// ParkedData: its entry in the data file could not be read, and this one replaces it.
	// Whether that one was written is unknown.
	ParkedData ParkCause = "data"
)

// Fixable reports whether entries parked for this cause continue by themselves once the
// system of record is in order again; others need a person's decision.
func (c ParkCause) Fixable() bool {
	return c == ParkedAccess || c == ParkedBase || c == ParkedQuota || c == ParkedLimit
}

// JournalDepth is how much waits to be written.
type JournalDepth struct {
	Pending, Parked int
	// Oldest is when the oldest pending entry was made; zero: there is none.
	Oldest time.Time
}
