package catalogue

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"maitre/booking"
)

// Here is what a chat says beyond what is told of a decision: its questions, its
// read-backs, its small talk. It is meant for the catalogue that is
// [Catalogue.Written].

// Hello greets a guest: who answers, that it is a machine, and what it can do.
func (c *Catalogue) Hello(lang booking.Lang) string {
	s := c.timeless(lang).speech()
	s.say(chatHello, fill{"house", phrase(c.house.Name)})
	s.say(chatHelp)
	s.say(chatHow)
	return s.String()
}

// Introduction says who answers and that it is a machine, for guests who come
// straight to the point.
func (c *Catalogue) Introduction(lang booking.Lang) string {
	s := c.timeless(lang).speech()
	s.say(chatHello, fill{"house", phrase(c.house.Name)})
	return s.String()
}

// Remark is something that a chat says as it stands.
type Remark string

// The remarks.
const (
	// AskAll asks for day, time and party at once.
	AskAll Remark = chatAskAll
	// AskWhat asks what of a booking is to change, AskOther whether to look for
	// something else.
	AskWhat  Remark = chatWhat
	AskOther Remark = chatOtherTime
	// AskOfferedOne asks whether the only time on offer will do.
	AskOfferedOne Remark = sayOfferOne
	// Dropped: a half-made booking is given up; DroppedOther: how to cancel one that is made.
	Dropped      Remark = chatDropped
	DroppedOther Remark = chatDroppedOther
	// Kept: nothing is changed or cancelled after all.
	Kept Remark = chatKept
	// Expired: what was half done was closed for want of an answer; StartAgain asks for all of it.
	Expired    Remark = chatExpired
	StartAgain Remark = chatStartAgain
	// Nothing: a yes or a no to nothing.
	Nothing Remark = chatNothing
	// Welcome answers thanks, Whenever a guest who wants nothing more.
	Welcome  Remark = chatThanks
	Whenever Remark = chatWhenever
	// Lost: not understood; Help: what can be asked.
	Lost Remark = chatLost
	Help Remark = chatHelp
	// OfferPerson asks whether a person shall call, CallMe the same of those who arrange large parties.
	OfferPerson Remark = chatOfferPerson
	CallMe      Remark = chatCallMe
	// The guest wants no more messages, or wants them again.
	Stopped Remark = chatStopped
	Stay    Remark = chatStay
	Return  Remark = chatComeBack
	Started Remark = chatStarted
	// What cannot be read, and the wish to have it in words.
	NoVoice    Remark = chatNoVoice
	NoPictures Remark = chatNoPictures
	NoPlaces   Remark = chatNoPlaces
	NoContacts Remark = chatNoContacts
	NoFiles    Remark = chatNoFiles
	WriteIt    Remark = chatWriteIt
	// OfferList offers the waitlist; LeftList, LeftHeld, NotListed: the guest is off
	// it, gave back the table that was held, or never was on it. TooLate: a table was held, and its time is over.
	OfferList Remark = chatOfferList
	LeftList  Remark = chatLeftList
	LeftHeld  Remark = chatLeftHeld
	NotListed Remark = chatNotListed
	// HowToLeave tells how to get off the waitlist.
	HowToLeave Remark = chatHowToLeave
	TooLate    Remark = chatTooLate
	// NotSure: whether something was done is not known.
	NotSure Remark = sayNotSure
	// ShallI asks whether to book, OtherDay whether to look at another day.
	ShallI   Remark = sayShallI
	OtherDay Remark = sayAnotherDay
)

// Left is the remark for parties that left the waitlist.
func Left(parties []booking.Waiting) Remark {
	if slices.ContainsFunc(parties, func(w booking.Waiting) bool { return w.Booking != "" }) {
		return LeftHeld
	}
	return LeftList
}

// Says returns remarks, one after the other.
func (c *Catalogue) Says(lang booking.Lang, remarks ...Remark) string {
	s := c.timeless(lang).speech()
	for _, remark := range remarks {
		s.say(string(remark))
	}
	return s.String()
}

// Ask asks for a detail that is missing, as booking.Refusal names it: date,
// time, party, zone, name, code.
func (c *Catalogue) Ask(lang booking.Lang, field string) string {
	return c.Refused(lang, time.Time{}, &booking.Refusal{Reason: booking.Invalid, Field: field, Problem: booking.Missing})
}

// Unclear tells that a detail was not understood, and asks for it again.
func (c *Catalogue) Unclear(lang booking.Lang, field string) string {
	return c.Refused(lang, time.Time{}, &booking.Refusal{Reason: booking.Invalid, Field: field, Problem: booking.Unclear})
}

// ReadBack reads back what is about to be booked and asks whether it is right.
// notes may be empty. offered: the name is not the guest's word, only likely.
func (c *Catalogue) ReadBack(lang booking.Lang, now time.Time, o booking.Offer, name, notes string, offered bool) string {
	s := c.speak(lang, now).speech()
	s.say(chatReadBack, s.details(booking.Booking{Name: name, Party: o.Party, Date: o.Date, Time: o.Time, Zone: o.Zone})...)
	s.table(o.NeedsWord, o.Until)
	s.note(notes)
	if offered {
		s.say(chatThatName)
	} else {
		s.say(sayShallI)
	}
	return s.String()
}

// note reads back what is noted.
func (s *speech) note(notes string) {
	if notes = s.readable(notes); notes != "" {
		s.say(sayNote, fill{"notes", notes})
	}
}

// readable returns notes as they stand inside a sentence.
func (s *speech) readable(notes string) string {
	return strings.TrimRightFunc(s.theirs(notes), unicode.IsPunct)
}

// ReadBackChange reads back how a booking stands and how it would, and asks
// whether to change it. notes is what would be noted besides; may be empty.
func (c *Catalogue) ReadBackChange(lang booking.Lang, now time.Time, is, then booking.Booking, notes string) string {
	s := c.speak(lang, now).speech()
	s.say(chatNow, s.details(is)...)
	moved := is.Date != then.Date || is.Time != then.Time || is.Party != then.Party || is.Zone != then.Zone
	if moved {
		s.say(chatThen, s.details(then)...)
	}
	renamed := is.Name != then.Name
	if renamed {
		s.say(chatThenNamed, s.details(then)...)
	}
	s.note(notes)
	if moved || renamed || notes == "" {
		s.say(chatChangeIt)
	} else {
		s.say(chatNoteIt)
	}
	return s.String()
}

// ReadBackCancel asks whether to cancel a booking.
func (c *Catalogue) ReadBackCancel(lang booking.Lang, now time.Time, b booking.Booking) string {
	s := c.speak(lang, now).speech()
	s.say(chatCancelIt, s.details(b)...)
	return s.String()
}

// AskKeep tells of a table that is held, and asks whether the guest keeps it.
func (c *Catalogue) AskKeep(lang booking.Lang, now time.Time, b booking.Booking) string {
	s := c.speak(lang, now).speech()
	s.say(sayFoundOne, s.details(b)...)
	s.noted(b.Notes)
	s.say(sayCode, s.details(b)...)
	s.say(chatKeepIt)
	return s.String()
}

// Purpose is what a guest wants with one of several bookings.
type Purpose string

// The purposes.
const (
	ToCancel  Purpose = chatWhichCancel
	ToChange  Purpose = chatWhichChange
	ToConfirm Purpose = chatWhichConfirm
	// ToCancelAll asks whether to cancel all of them, and not which.
	ToCancelAll Purpose = chatCancelAll
)

// Which lists a guest's bookings by number, at most [WrittenBookings] of them,
// and asks which one is meant.
func (c *Catalogue) Which(lang booking.Lang, now time.Time, found []booking.Booking, to Purpose) string {
	s := c.speak(lang, now).speech()
	s.several(found, false)
	s.say(string(to))
	return s.String()
}

// Offers lists times by number and asks for one. asked is the day that was asked
// for, which need not be named again; zero: none.
func (c *Catalogue) Offers(lang booking.Lang, now time.Time, asked booking.Date, zone string, alternatives []booking.Alternative) string {
	s := c.speak(lang, now).speech()
	s.offers(asked, zone, alternatives)
	return s.String()
}

// WillCall tells that a person of the house will call.
func (c *Catalogue) WillCall(lang booking.Lang) string {
	s := c.timeless(lang).speech()
	s.say(chatWillCall, fill{"house", phrase(c.house.Name)})
	s.orCall(chatHurry)
	return s.String()
}

// TooLarge tells who looks after large parties, and asks whether they shall call.
func (c *Catalogue) TooLarge(lang booking.Lang) string {
	s := c.timeless(lang).speech()
	s.tooLarge()
	s.say(chatCallMe)
	return s.String()
}

// CannotTell tells that nobody of the house could be told, and how to reach them.
func (c *Catalogue) CannotTell(lang booking.Lang) string { return c.orCallUs(lang, chatCannotTell) }

// NoNumber tells a guest whose number is not known that nothing can be done here.
func (c *Catalogue) NoNumber(lang booking.Lang) string { return c.orCallUs(lang, chatNoNumber) }

// NoSMS tells a guest who sent a text message where to write.
func (c *Catalogue) NoSMS(lang booking.Lang) string { return c.orCallUs(lang, chatNoSMS) }

// NoMoreCodes tells a guest who tried too many codes that there it ends.
func (c *Catalogue) NoMoreCodes(lang booking.Lang) string { return c.orCallUs(lang, chatNoMoreCodes) }

func (c *Catalogue) orCallUs(lang booking.Lang, key string) string {
	s := c.timeless(lang).speech()
	s.say(key)
	s.orCall(sayCallUs)
	return s.String()
}

// Address tells where the house is and how to call it; empty: it does not say.
func (c *Catalogue) Address(lang booking.Lang) string {
	s := c.timeless(lang).speech()
	if address := phrase(c.house.Address); address != "" {
		s.say(sayInfoAddress, fill{"house", phrase(c.house.Name)}, fill{"address", address})
	}
	if c.house.Phone != "" {
		s.say(sayInfoPhone, fill{"phone", s.phone()})
	}
	return s.String()
}
