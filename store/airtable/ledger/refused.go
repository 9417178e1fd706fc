package ledger

import (
	"sync/atomic"

	"maitre/booking"
)

// subject is what Airtable is asked for: it may give the one and refuse the other.
type subject int

const (
	ofSchema subject = iota
	ofTables
	ofBookings
	ofChanges
	toWrite
	subjects
)

// refused remembers what Airtable refuses until a person mends something, so that
// the staff can see it before a booking meets it.
type refused [subjects]atomic.Pointer[booking.RecordError]

// note takes what came of asking for something; nil is that it was given.
func (r *refused) note(of subject, t *booking.RecordError) {
	switch {
	case t == nil:
		r[of].Store(nil)
		r.answered()
	case lasting(t):
		r[of].Store(t)
	}
}

// answered is for an answer to anything at all: the month's calls are not used up.
func (r *refused) answered() {
	for of := range r {
		if t := r[of].Load(); t != nil && t.Cause == booking.ParkedQuota {
			r[of].CompareAndSwap(t, nil)
		}
	}
}

// any returns what is refused, what is worst for the desk first; nil: nothing.
func (r *refused) any() *booking.RecordError {
	for of := subjects - 1; of >= 0; of-- {
		if t := r[of].Load(); t != nil {
			return t
		}
	}
	return nil
}

// is tells whether one of the subjects is refused.
func (r *refused) is(of ...subject) bool {
	for _, s := range of {
		if r[s].Load() != nil {
			return true
		}
	}
	return false
}

// lasting tells whether others will meet the same trouble: that of one row's
// values is that row's alone.
func lasting(t *booking.RecordError) bool {
	return t.Kind == booking.Permanent && t.Cause != booking.ParkedRecord
}

// Trouble says what keeps the desk from using the base until a person mends it,
// and how, for anyone to read; empty: nothing.
func (l *Ledger) Trouble() string {
	t := l.base.Load().problem()
	if t == nil {
		t = l.refused.any()
	}
	switch {
	case t == nil:
		return ""
	case t.Cause == booking.ParkedBase || t.Fix == "":
		// What is missing there may be a word of a guest's.
		return "the Airtable base is not as it must be; maitre check says what to mend"
	}
	return "Airtable refuses what the desk asks of it. " + l.base.Load().mapper.Named(t.Fix)
}
