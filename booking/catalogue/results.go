package catalogue

import (
	"strings"
	"time"

	"maitre/booking"
)

// Booked describes a new booking: it is booked, held until the guest confirms, or being
// processed.
func (c *Catalogue) Booked(lang booking.Lang, now time.Time, r booking.Result) string {
	m := c.at(lang, now).message()
	if r.Repeated {
		return m.repeated(r)
	}
	fills := m.details(r.Booking)
	pending, held := r.State == booking.Pending, r.Booking.Status == booking.PreBooked
	switch {
	case pending:
		m.say(m.BookPending, fills...)
	case held:
		m.say(m.Held, fills...)
	default:
		m.say(m.Booked, fills...)
	}
	m.table(r.NeedsWord, r.Until)
	if !m.written { // to a guest who reads, the notes were read back
		m.note(m.Note, r.Booking.Notes)
	}
	if pending {
		m.underWay(r, m.Booking)
	}
	if pending && held {
		m.say(m.ConfirmLater)
	}
	m.say(m.Code, fills...)
	switch {
	case pending:
	case held:
		m.needsYes()
	default:
		m.say(m.SeeYou)
	}
	return m.String()
}

// Changed describes a booking that was moved or altered.
func (c *Catalogue) Changed(lang booking.Lang, now time.Time, r booking.Result) string {
	m := c.at(lang, now).message()
	if r.Booking.Status == booking.Cancelled {
		return m.repeated(r)
	}
	fills := m.details(r.Booking)
	pending := r.State == booking.Pending
	switch {
	case pending:
		m.say(m.ChangePending, fills...)
	case r.Repeated:
		m.say(m.RepeatedChanged, fills...)
	default:
		m.say(m.Changed, fills...)
	}
	m.table(r.NeedsWord, r.Until)
	if pending {
		m.underWay(r, m.Change)
	}
	if r.Was != nil { // what was added to the notes
		m.note(m.Note, strings.TrimLeft(strings.TrimPrefix(r.Booking.Notes, r.Was.Notes), "; "))
	}
	m.say(m.CodeStays, fills...)
	if !pending && r.Booking.Status == booking.PreBooked {
		m.needsYes()
	}
	return m.String()
}

// Cancelled describes a booking that was cancelled.
func (c *Catalogue) Cancelled(lang booking.Lang, now time.Time, r booking.Result) string {
	m := c.at(lang, now).message()
	return m.cancelled(r, m.Cancelled, m.CancelPending)
}

// Declined describes a booking that was cancelled because the guest said no.
func (c *Catalogue) Declined(lang booking.Lang, now time.Time, r booking.Result) string {
	m := c.at(lang, now).message()
	return m.cancelled(r, m.Declined, m.DeclinePending)
}

func (m *message) cancelled(r booking.Result, done, pending string) string {
	fills := m.details(r.Booking)
	switch {
	case r.State == booking.Pending:
		m.say(pending, fills...)
		m.underWay(r, m.Cancellation)
	case r.Repeated:
		m.say(m.RepeatedCancelled, fills...)
	default:
		m.say(done, fills...)
		m.say(m.Thanks)
	}
	return m.String()
}

// Confirmed describes a booking that the guest said yes to.
func (c *Catalogue) Confirmed(lang booking.Lang, now time.Time, r booking.Result) string {
	m := c.at(lang, now).message()
	if r.Booking.Status == booking.Cancelled {
		return m.repeated(r)
	}
	pending := r.State == booking.Pending
	text := m.Confirmed
	switch {
	case pending:
		text = m.ConfirmPending
	case r.Repeated:
		text = m.RepeatedConfirmed
	}
	m.say(text, m.details(r.Booking)...)
	m.table(r.NeedsWord, r.Until)
	if pending {
		m.underWay(r, m.Booking)
	} else {
		m.say(m.SeeYou)
	}
	return m.String()
}

// repeated describes a booking that was there already.
func (m *message) repeated(r booking.Result) string {
	if r.Booking.Status == booking.Cancelled {
		r.Repeated = true
		return m.cancelled(r, m.Cancelled, m.CancelPending)
	}
	fills := m.details(r.Booking)
	pending, held := r.State == booking.Pending, r.Booking.Status == booking.PreBooked
	switch {
	case pending:
		m.say(m.RepeatedPending, fills...)
	case held:
		m.say(m.RepeatedHeld, fills...)
	default:
		m.say(m.Repeated, fills...)
	}
	m.table(r.NeedsWord, r.Until)
	if pending {
		m.underWay(r, m.Booking)
	}
	m.say(m.Code, fills...)
	if held && !pending {
		m.needsYes()
	}
	return m.String()
}

// details are the placeholders that a booking fills.
func (w wording) details(b booking.Booking) []fill {
	return []fill{
		{"named", w.named(b.Name)},
		{"party", w.party(b.Party)},
		{"when", w.bold(w.whenOf(b))},
		{"place", w.inZone(b.Zone)},
		{"code", w.code(b.Code)},
	}
}

// table says what the guest must know of the table.
func (m *message) table(needsWord booking.Text, until booking.TimeOfDay) {
	if word := phrase(m.own(needsWord)); word != "" {
		m.say(m.NeedsWord, fill{"word", lowerFirst(word)})
	}
	if until != 0 {
		m.say(m.YoursUntil, fill{"until", m.until(until)})
	}
}

// underWay says that the matter is being processed, and promises a message only if one can
// be sent and reaches the guest.
func (m *message) underWay(r booking.Result, of matter) {
	text := m.Processing
	switch {
	case r.Booking.Phone == "":
		text = m.ProcessingNoPhone
	case m.silent:
		text = m.ProcessingSilent
	}
	m.say(text, fill{"what", of.what}, fill{"it", of.it})
}

// needsYes says that the guest has yet to confirm, and how.
func (m *message) needsYes() {
	if m.silent {
		m.say(m.statuses[booking.PreBooked])
		return
	}
	m.say(m.NeedsAnswer)
}
