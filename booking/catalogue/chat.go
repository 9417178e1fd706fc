package catalogue

import (
	"strings"
	"time"
	"unicode"

	"maitre/booking"
)

// This file has a chat's own texts: its questions and what it reads back. They are meant
// for the catalogue that is [Catalogue.Written].

// Hello greets a guest: who answers, that it is a machine, and what it can do.
func (c *Catalogue) Hello(lang booking.Lang) string {
	m := c.timeless(lang).message()
	m.say(m.Hello, m.name())
	m.say(m.remarks[Help])
	m.say(m.HowToHelp)
	return m.String()
}

// Introduction says who answers and that it is a machine, for guests who begin with a
// request.
func (c *Catalogue) Introduction(lang booking.Lang) string {
	w := c.timeless(lang)
	return w.sentence(w.Hello, w.name())
}

// Ask asks for a detail that is missing, as booking.Refusal names it: date,
// time, party, zone, name, code.
func (c *Catalogue) Ask(lang booking.Lang, field string) string {
	return c.Refused(lang, time.Time{}, &booking.Refusal{Reason: booking.Invalid, Field: field, Problem: booking.Missing})
}

// Unclear says that a detail was not understood, and asks for it again.
func (c *Catalogue) Unclear(lang booking.Lang, field string) string {
	return c.Refused(lang, time.Time{}, &booking.Refusal{Reason: booking.Invalid, Field: field, Problem: booking.Unclear})
}

// ReadBack reads back what is about to be booked and asks whether it is right.
// notes may be empty. offered: the guest did not give the name, it is only likely.
func (c *Catalogue) ReadBack(lang booking.Lang, now time.Time, o booking.Offer, name, notes string, offered bool) string {
	m := c.at(lang, now).message()
	m.say(m.ReadBack, m.details(booking.Booking{Name: name, Party: o.Party, Date: o.Date, Time: o.Time, Zone: o.Zone})...)
	m.table(o.NeedsWord, o.Until)
	m.note(m.Note, notes)
	if offered {
		m.say(m.ThatName)
	} else {
		m.say(m.remarks[ShallI])
	}
	return m.String()
}

// note adds the notes, if there are any.
func (m *message) note(text, notes string) {
	if notes = strings.TrimRightFunc(m.theirs(notes), unicode.IsPunct); notes != "" {
		m.say(text, fill{"notes", notes})
	}
}

// ReadBackChange reads back a booking as it is and as it would be, and asks whether to
// change it. notes is what would be added to the notes; may be empty.
func (c *Catalogue) ReadBackChange(lang booking.Lang, now time.Time, is, then booking.Booking, notes string) string {
	m := c.at(lang, now).message()
	m.say(m.Now, m.details(is)...)
	moved := is.Date != then.Date || is.Time != then.Time || is.Party != then.Party || is.Zone != then.Zone
	if moved {
		m.say(m.Then, m.details(then)...)
	}
	renamed := is.Name != then.Name
	if renamed {
		m.say(m.ThenNamed, m.details(then)...)
	}
	m.note(m.Note, notes)
	if moved || renamed || notes == "" {
		m.say(m.ChangeIt)
	} else {
		m.say(m.NoteIt)
	}
	return m.String()
}

// ReadBackCancel asks whether to cancel a booking.
func (c *Catalogue) ReadBackCancel(lang booking.Lang, now time.Time, b booking.Booking) string {
	w := c.at(lang, now)
	return w.sentence(w.CancelIt, w.details(b)...)
}

// AskKeep describes a table that is held, and asks whether the guest keeps it.
func (c *Catalogue) AskKeep(lang booking.Lang, now time.Time, b booking.Booking) string {
	m := c.at(lang, now).message()
	m.say(m.FoundOne, m.details(b)...)
	m.note(m.Noted, b.Notes)
	m.say(m.Code, m.details(b)...)
	m.say(m.KeepIt)
	return m.String()
}

// Which lists a guest's bookings by number, at most [WrittenBookings] of them,
// and asks which one is meant.
func (c *Catalogue) Which(lang booking.Lang, now time.Time, found []booking.Booking, to Remark) string {
	m := c.at(lang, now).message()
	m.several(found, false)
	m.say(m.remarks[to])
	return m.String()
}

// Offers lists times by number and asks for one. asked is the day that was asked
// for, which need not be named again; zero: none.
func (c *Catalogue) Offers(lang booking.Lang, now time.Time, asked booking.Date, zone string, alternatives []booking.Alternative) string {
	m := c.at(lang, now).message()
	m.offers(asked, zone, alternatives)
	return m.String()
}

// WillCall says that a person of the restaurant will call.
func (c *Catalogue) WillCall(lang booking.Lang) string {
	m := c.timeless(lang).message()
	m.say(m.WillCall, m.name())
	m.orCall(m.Hurry)
	return m.String()
}

// TooLarge says who arranges large parties, and asks whether they shall call.
func (c *Catalogue) TooLarge(lang booking.Lang) string {
	m := c.timeless(lang).message()
	m.tooLarge()
	m.say(m.CallMe)
	return m.String()
}

// CannotTell says that nobody of the restaurant could be informed, and how to reach them.
func (c *Catalogue) CannotTell(lang booking.Lang) string { return c.orCallUs(lang, cannotTell) }

// NoNumber tells a guest with an unknown number that nothing can be done here.
func (c *Catalogue) NoNumber(lang booking.Lang) string { return c.orCallUs(lang, noNumber) }

// NoSMS tells a guest who sent a text message where to write.
func (c *Catalogue) NoSMS(lang booking.Lang) string { return c.orCallUs(lang, noSMS) }

// NoMoreCodes tells a guest who tried too many codes that no more are accepted.
func (c *Catalogue) NoMoreCodes(lang booking.Lang) string { return c.orCallUs(lang, noMoreCodes) }

func (c *Catalogue) orCallUs(lang booking.Lang, remark Remark) string {
	m := c.timeless(lang).message()
	m.say(m.remarks[remark])
	m.orCall(m.CallUs)
	return m.String()
}

// Address returns where the restaurant is and how to call it; empty: not known.
func (c *Catalogue) Address(lang booking.Lang) string {
	m := c.timeless(lang).message()
	m.whereabouts()
	return m.String()
}
