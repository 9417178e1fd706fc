package catalogue

import (
	"strings"
	"time"

	"maitre/booking"
)

// Booked tells of a new booking: that it stands, that it is held until the
// guest confirms, or that it is being processed, whichever is true.
func (c *Catalogue) Booked(lang booking.Lang, now time.Time, r booking.Result) string {
	if r.Repeated {
		return c.Repeated(lang, now, r)
	}
	s := c.speak(lang, now).speech()
	fills := s.details(r.Booking)
	preBooked := r.Booking.Status == booking.PreBooked
	switch {
	case r.Standing == booking.Pending:
		s.say(sayApplied, fills...)
		s.about(r)
		s.taken(r.Booking.Notes)
		s.processing(r, sayProcessing, sayProcessingNoPhone, sayProcessingSilent)
		if preBooked {
			s.say(sayConfirmLater)
		}
		s.say(sayCode, fills...)
	case preBooked:
		s.say(sayPreBooked, fills...)
		s.about(r)
		s.taken(r.Booking.Notes)
		s.say(sayCode, fills...)
		s.needsYes()
	default:
		s.say(sayBooked, fills...)
		s.about(r)
		s.taken(r.Booking.Notes)
		s.say(sayCode, fills...)
		s.say(saySeeYou)
	}
	return s.String()
}

// Changed tells of a booking that was moved or altered.
func (c *Catalogue) Changed(lang booking.Lang, now time.Time, r booking.Result) string {
	s := c.speak(lang, now).speech()
	fills := s.details(r.Booking)
	if r.Booking.Status == booking.Cancelled {
		return c.Repeated(lang, now, r)
	}
	switch {
	case r.Standing == booking.Pending:
		s.say(sayChangePending, fills...)
		s.about(r)
		s.processing(r, sayChangeProcessing, sayChangeNoPhone, sayChangeSilent)
	case r.Repeated:
		s.say(sayRepeatedChanged, fills...)
		s.about(r)
	default:
		s.say(sayChanged, fills...)
		s.about(r)
	}
	if r.Was != nil {
		s.note(added(r.Was.Notes, r.Booking.Notes))
	}
	s.say(sayCodeStays, fills...)
	if r.Booking.Status == booking.PreBooked && r.Standing == booking.Written {
		s.needsYes()
	}
	return s.String()
}

// taken says what is noted on a new booking to whoever it was not read back to: what
// is written was.
func (s *speech) taken(notes string) {
	if !s.written {
		s.note(notes)
	}
}

// added returns what was added to the notes of a booking.
func added(was, is string) string {
	return strings.TrimLeft(strings.TrimPrefix(is, was), "; ")
}

// Cancelled tells of a booking that was given back.
func (c *Catalogue) Cancelled(lang booking.Lang, now time.Time, r booking.Result) string {
	return c.givenBack(lang, now, r, sayCancelled, sayCancelPending)
}

// Declined tells of a booking that the guest did not confirm, which gives it back.
func (c *Catalogue) Declined(lang booking.Lang, now time.Time, r booking.Result) string {
	return c.givenBack(lang, now, r, sayDeclined, sayDeclinePending)
}

func (c *Catalogue) givenBack(lang booking.Lang, now time.Time, r booking.Result, done, pending string) string {
	s := c.speak(lang, now).speech()
	fills := s.details(r.Booking)
	switch {
	case r.Standing == booking.Pending:
		s.say(pending, fills...)
		s.processing(r, sayCancelProcessing, sayCancelNoPhone, sayCancelSilent)
	case r.Repeated:
		s.say(sayRepeatedCancelled, fills...)
	default:
		s.say(done, fills...)
		s.say(sayThanks)
	}
	return s.String()
}

// Confirmed tells of a booking that the guest said yes to.
func (c *Catalogue) Confirmed(lang booking.Lang, now time.Time, r booking.Result) string {
	s := c.speak(lang, now).speech()
	fills := s.details(r.Booking)
	switch {
	case r.Booking.Status == booking.Cancelled:
		return c.Repeated(lang, now, r)
	case r.Standing == booking.Pending:
		s.say(sayConfirmPending, fills...)
		s.about(r)
		s.processing(r, sayProcessing, sayProcessingNoPhone, sayProcessingSilent)
	case r.Repeated:
		s.say(sayRepeatedConfirmed, fills...)
		s.about(r)
		s.say(saySeeYou)
	default:
		s.say(sayConfirmed, fills...)
		s.about(r)
		s.say(saySeeYou)
	}
	return s.String()
}

// Repeated tells of a booking that was there already, as it stands now.
func (c *Catalogue) Repeated(lang booking.Lang, now time.Time, r booking.Result) string {
	s := c.speak(lang, now).speech()
	fills := s.details(r.Booking)
	pending := r.Standing == booking.Pending
	switch {
	case r.Booking.Status == booking.Cancelled && pending:
		s.say(sayCancelPending, fills...)
		s.processing(r, sayCancelProcessing, sayCancelNoPhone, sayCancelSilent)
		return s.String()
	case r.Booking.Status == booking.Cancelled:
		s.say(sayRepeatedCancelled, fills...)
		return s.String()
	case pending:
		s.say(sayRepeatedPending, fills...)
	case r.Booking.Status == booking.PreBooked:
		s.say(sayRepeatedPreBooked, fills...)
	default:
		s.say(sayRepeated, fills...)
	}
	s.about(r)
	if pending {
		s.processing(r, sayProcessing, sayProcessingNoPhone, sayProcessingSilent)
	}
	s.say(sayCode, fills...)
	if !pending && r.Booking.Status == booking.PreBooked {
		s.needsYes()
	}
	return s.String()
}

// details are the placeholders that a booking fills.
func (v voice) details(b booking.Booking) []fill {
	return []fill{
		{"named", v.named(b.Name)},
		{"party", v.party(b.Party)},
		{"when", v.bold(v.whenOf(b))},
		{"place", v.inZone(b.Zone)},
		{"code", v.code(b.Code)},
	}
}

// about says what the guest must know of the table.
func (s *speech) about(r booking.Result) { s.table(r.NeedsWord, r.Until) }

func (s *speech) table(needsWord booking.Text, until booking.TimeOfDay) {
	if word := phrase(s.own(needsWord)); word != "" {
		s.say(sayWord, fill{"word", lowerFirst(word)})
	}
	if until != 0 {
		s.say(sayUntil, fill{"until", s.until(until)})
	}
}

// processing says that the matter is under way, and promises a message only
// where messages can be sent, to a guest whom one can reach.
func (s *speech) processing(r booking.Result, key, keyNoPhone, keySilent string) {
	switch {
	case r.Booking.Phone == "":
		key = keyNoPhone
	case s.silent:
		key = keySilent
	}
	s.say(key)
}

// needsYes says that the guest has yet to confirm, and how.
func (s *speech) needsYes() {
	if s.silent {
		s.say(sayNeedsYes)
		return
	}
	s.say(sayNeedsAnswer)
}
