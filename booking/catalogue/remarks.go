package catalogue

import (
	"slices"

	"maitre/booking"
)

// Remark is a text without placeholders.
type Remark int

// The remarks.
const (
	// AskAll asks for day, time and party at once.
	AskAll Remark = iota
	// AskWhat asks what of a booking is to change, AskOther whether to look for
	// something else.
	AskWhat
	AskOther
	// Dropped: a half-made booking is given up; DroppedOther: how to cancel one that is made.
	Dropped
	DroppedOther
	// Kept: nothing is changed or cancelled after all.
	Kept
	// Expired: a half-made request was closed without an answer; StartAgain asks for all of it.
	Expired
	StartAgain
	// Nothing: a yes or a no to nothing.
	Nothing
	// Welcome answers thanks, Whenever a guest who wants nothing more.
	Welcome
	Whenever
	// Lost: not understood; Help: what can be asked.
	Lost
	Help
	// OfferPerson asks whether a person shall call.
	OfferPerson
	// The guest wants no more messages, or wants them again.
	Stopped
	Stay
	Return
	Started
	// NoVoice to NoFiles: what cannot be read. WriteIt asks for it in words.
	NoVoice
	NoPictures
	NoPlaces
	NoContacts
	NoFiles
	WriteIt
	// OfferList offers the waitlist, HowToLeave says how to leave it.
	OfferList
	HowToLeave
	// LeftList, LeftHeld, NotListed: the guest left the waitlist, gave up the table that was
	// held, or was not on the list. TooLate: the time to take the table is over.
	LeftList
	LeftHeld
	NotListed
	TooLate
	// NotSure: whether something was done is not known.
	NotSure
	// ShallI asks whether to book, OtherDay whether to look at another day.
	ShallI
	OtherDay
	// ToCancel, ToChange and ToConfirm ask which of several bookings is meant,
	// ToCancelAll whether to cancel all of them. See [Catalogue.Which].
	ToCancel
	ToChange
	ToConfirm
	ToCancelAll
	// What ends with how to call the restaurant, see [Catalogue.CannotTell] and its like.
	cannotTell
	noNumber
	noSMS
	noMoreCodes

	remarkCount int = iota
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
	m := c.timeless(lang).message()
	for _, remark := range remarks {
		m.say(m.remarks[remark])
	}
	return m.String()
}
