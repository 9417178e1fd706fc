package webhook

import "maitre/booking"

// StoredAnswer makes the answer to a request that changes a booking, and has it
// kept in one stroke with what is done: in the words for what stands in the system
// of record, and in those for what is on its way there. It is of one request.
type StoredAnswer struct {
	key              string
	say              func(booking.Result) []byte
	written, pending []byte
}

// NewStoredAnswer returns the answer to the request with this key, made by say.
func NewStoredAnswer(key string, say func(booking.Result) []byte) *StoredAnswer {
	return &StoredAnswer{key: key, say: say}
}

// Remember returns what the desk is to keep with the booking: see
// [booking.Request].
func (a *StoredAnswer) Remember(r booking.Result) booking.Memo {
	said := a.say(r)
	if r.Standing == booking.Pending {
		a.pending = said
	} else {
		a.written = said
	}
	return booking.Memo{Key: a.key, Answer: said}
}

// To returns what the guest hears of a result, exactly as it was kept, and whether
// a repeat will hear the same as it is; else whoever tells it must keep it.
func (a *StoredAnswer) To(r booking.Result) (said []byte, kept bool) {
	switch {
	case r.Kept && r.Standing == booking.Written:
		return a.written, true
	case r.Kept:
		return a.pending, false
	}
	return a.say(r), false
}
