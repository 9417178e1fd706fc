package ledger

import (
	"sync/atomic"

	"maitre/booking"
)

// subject is what Airtable is asked for; it may refuse some and give others.
type subject int

const (
	ofSchema subject = iota
	ofTables
	ofBookings
	ofChanges
	toWrite
	subjects
)

// refused remembers what Airtable refuses until a person fixes something, so that the
// staff see it before a booking is affected.
type refused [subjects]atomic.Pointer[booking.RecordError]

// note records the result of asking for something; nil is success.
func (r *refused) note(of subject, t *booking.RecordError) {
	switch {
	case t == nil:
		r[of].Store(nil)
		r.answered()
	case lasting(t):
		r[of].Store(t)
	}
}

// answered clears refusals for a spent quota: any answer shows that it is not spent.
func (r *refused) answered() {
	for of := range r {
		if t := r[of].Load(); t != nil && t.Cause == booking.ParkedQuota {
			r[of].CompareAndSwap(t, nil)
		}
	}
}

// any returns the refusal that is worst for the desk, or nil.
func (r *refused) any() *booking.RecordError {
	for of := subjects - 1; of >= 0; of-- {
		if t := r[of].Load(); t != nil {
			return t
		}
	}
	return nil
}

// is reports whether one of the subjects is refused.
func (r *refused) is(of ...subject) bool {
	for _, s := range of {
		if r[s].Load() != nil {
			return true
		}
	}
	return false
}

// lasting reports whether other requests will meet the same error. One about a row's
// values concerns that row only.
func lasting(t *booking.RecordError) bool {
	return t.Kind == booking.Permanent && t.Cause != booking.ParkedRecord
}

// Problem returns what keeps the desk from using the base until a person fixes it,
// and how, in words that anyone may read; empty: nothing.
func (l *Ledger) Problem() string {
	t := l.base.Load().problem()
	if t == nil {
		t = l.refused.any()
	}
	switch {
	case t == nil:
		return ""
	case t.Cause == booking.ParkedBase || t.Fix == "":
		// The text may contain what a guest said.
		return "the Airtable base is not as it must be; maitre check says what to mend"
	}
	return "Airtable refuses what the desk asks of it. " + l.base.Load().mapper.Named(t.Fix)
}
