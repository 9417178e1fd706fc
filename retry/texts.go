package retry

import (
	"time"

	"maitre/booking"
	"maitre/booking/catalogue"
)

// Texts makes messages of the catalogue's words.
type Texts struct {
	Words *catalogue.Catalogue
	// Link is the address of the staff's journal page.
	Link string
}

var (
	_ Words      = Texts{}
	_ AlarmWords = Texts{}
)

// Landed implements [Words].
func (s Texts) Landed(e booking.JournalEntry, now time.Time) (booking.Message, bool) {
	b := e.Booking
	switch {
	case b.Phone == "" || b.Channel == booking.ByStaff:
		return booking.Message{}, false
	case b.Status == booking.Cancelled:
		return s.Words.NowCancelled(now, b), true
	case e.Was != nil:
		return s.Words.NowChanged(now, b), true
	}
	return s.Words.NowBooked(now, b), true
}

// NotDone implements [Words].
func (s Texts) NotDone(e booking.JournalEntry, now time.Time) (booking.Message, bool) {
	if e.Booking.Phone == "" || e.Booking.Channel == booking.ByStaff {
		return booking.Message{}, false
	}
	return s.Words.NotDone(now, e.Booking), true
}

// AlertFirst implements [AlarmWords].
func (s Texts) AlertFirst(to booking.Phone, e booking.JournalEntry, why *booking.RecordError, _ booking.JournalDepth, now time.Time) booking.Message {
	return s.Words.Alert(now, to, e.Booking, alertReason(e, why), s.Link)
}

// alertReason returns the reason that an alert gives to the staff.
func alertReason(e booking.JournalEntry, why *booking.RecordError) catalogue.AlertReason {
	cause := booking.ParkCause("")
	switch {
	case e.Parked != nil && e.Parked.Row != nil:
		return catalogue.TroubleChanged
	case e.Parked != nil:
		cause = e.Parked.Cause
	case why != nil && why.Kind != booking.Permanent:
		return catalogue.TroubleDown
	case why != nil:
		cause = why.Cause
	}
	switch cause {
	case booking.ParkedAccess, booking.ParkedQuota:
		return catalogue.TroubleAccess
	case booking.ParkedBase, booking.ParkedRecord:
		return catalogue.TroubleRefused
	case booking.ParkedConflict:
		return catalogue.TroubleTaken
	case booking.ParkedPast:
		return catalogue.TroublePast
	case booking.ParkedLimit:
		return catalogue.TroubleDown
	case booking.ParkedMissing:
		return catalogue.TroubleMissing
	case booking.ParkedData:
	}
	return ""
}

// AlertDigest implements [AlarmWords].
func (s Texts) AlertDigest(to booking.Phone, depth booking.JournalDepth, now time.Time) booking.Message {
	return s.Words.Digest(now, to, depth.Pending, depth.Parked, s.Link)
}

// AlertRecovered implements [AlarmWords].
func (s Texts) AlertRecovered(to booking.Phone, written, parked int, now time.Time) booking.Message {
	return s.Words.Recovered(now, to, written, parked, s.Link)
}

// Overlap is the Word of an [OverlapsConfig].
func (s Texts) Overlap(now time.Time, to booking.Phone, found []booking.Overlap) booking.Message {
	return s.Words.Overlap(now, to, found, s.Link)
}

// Unreadable is the Word of a [QuarantineConfig].
func (s Texts) Unreadable(now time.Time, to booking.Phone, values, bookings int) booking.Message {
	return s.Words.Unreadable(now, to, values, bookings, s.Link)
}
