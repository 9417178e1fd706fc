package catalogue

import (
	"maitre/booking"
)

// texts is all that is said in one language. {named} and its like are
// placeholders. A test checks that both languages fill every field, and with
// the same placeholders.
type texts struct {
	pieces
	bookings
	refusals
	about
	chat
	messages
	remarks [remarkCount]string
}

// byDay names a day, and its night for what happens after midnight.
type byDay struct{ day, night string }

func (t byDay) of(night bool) string {
	if night {
		return t.night
	}
	return t.day
}

// number is said of one, and of any other number.
type number struct{ one, many string }

// matter is what is being processed: with its article, and as a pronoun.
type matter struct{ what, it string }

// pieces stand inside sentences; all other texts are sentences.
type pieces struct {
	Date, DateYear, Today, Tomorrow, Same byDay

	ThatDay, OnDay      string // a day that was not said; a day as an adverb
	At, Until           number // of an hour of one ("a la 01:30"), and of any other
	Span, AfterMidnight string

	People                            number
	Named, Place, There               string
	Meal, ForMeal, Seatings           string
	Weekdays, WeekdayRange, EveryDay  string
	Item, Coded, ToConfirm, InProcess string // of a list of bookings
	OffersFollow, BookingsFollow      string // before numbered lines
	Reason, ReasonFor                 string // ReasonFor: the reason begins with "for" itself
	Guest, NoName                     string
	More, Waiting, InBook, Asking     number
	Pairs, Values                     number
	Booking, Change, Cancellation     matter
}

// bookings tell what was done, and what there is: bookings and free tables.
type bookings struct {
	Booked, Held, BookPending string
	ConfirmLater, NeedsAnswer string
	NeedsWord, YoursUntil     string // of the table
	Code, CodeStays, SeeYou   string
	Note, Noted               string // what is noted now; what is already
	Thanks                    string
	Changed, ChangePending    string
	Cancelled, CancelPending  string
	Confirmed, ConfirmPending string
	Declined, DeclinePending  string

	Repeated, RepeatedPending, RepeatedHeld               string
	RepeatedConfirmed, RepeatedChanged, RepeatedCancelled string

	Processing, ProcessingNoPhone, ProcessingSilent string

	FoundNone, FoundOne, FoundMany, Choose string
	statuses                               map[booking.Status]string
	Offered, OfferedAlso                   string
	Slots, SlotsElsewhere                  string
}

// refusals say no, and what there is instead. The key "" is for all others.
type refusals struct {
	Full, BetweenSeatings, Closed, ClosedDay, ServedThatDay string
	Past, TooSoon, TooFar, TooFarUntil                      string
	TooLarge, TooLargeLimit, AskTeam, CallTeam              string
	NotAllowed, OtherNumber, Doubled, DoubledCall           string
	notFound                                                map[string]string // by booking.Refusal.Field
	lifeOver                                                map[booking.Status]string
	Failed, StaysAsItWas                                    string
	CallUs, CallToAsk, CallForRoom                          string
	Offer, OfferOne, OfferSeveral                           string

	// For a detail that is asked for again.
	BetweenSlots, SeatingsUnderWay, NoSuchZone, Languages, Unchanged string
	Invalid                                                          string // where nothing better is known
	fields                                                           map[string]map[booking.Problem]string
}

// about tells of the restaurant, its hours and its waitlist.
type about struct {
	Hours, HoursClosed, Arrivals, Kitchen, Holiday, DayNotice string
	Week, WeekClosed, WeekHolidays                            string
	Address, Phone, WhatToKnow, NotWrittenDown                string
	Greeting, Moment, Soon, NotLooked                         string
	NoWaitlist, Listed, ListedBefore, WillOffer, ListFull     string
	AlsoWaits, Either                                         string
}

// chat is what a chat asks and reads back.
type chat struct {
	Hello, HowToHelp                         string
	ReadBack, ThatName, Now, Then, ThenNamed string
	ChangeIt, NoteIt, CancelIt, KeepIt       string
	CallMe, WillCall, Hurry                  string
}

// messages are sent to guests, and alerts to the staff.
type messages struct {
	NowBooked, NowChanged, NowCancelled, NotKept, NotDone string
	Reminder, IfNot, AskToConfirm, AnswerYes              string
	TableFree, HeldUntil                                  string

	AlertCall, AlertSaid, AlertUnreached                   string
	AlertOverlap, AlertOverlaps, AlertSeeBoth              string
	AlertUnreadable, AlertUnreadableBookings, AlertSeeWhat string
	AlertFirst, AlertSee, AlertSeeAll                      string
	AlertDigest, AlertDigestBoth, AlertDigestAsk           string
	AlertRecovered, AlertRecoveredAll                      string
	troubles                                               map[Trouble]string
}

// textOf returns the text for key, or that for all others.
func textOf[K ~string](by map[K]string, key K) string {
	if text, ok := by[key]; ok {
		return text
	}
	return by[""]
}

// Weekdays returns the names of the weekdays, [time.Sunday] first, as they stand in a sentence.
func Weekdays(lang booking.Lang) [7]string {
	if lang == booking.English {
		return [...]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"}
	}
	return [...]string{"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"}
}

// Months returns the names of the months, January first, as they stand in a sentence.
func Months(lang booking.Lang) [12]string {
	if lang == booking.English {
		return [...]string{"January", "February", "March", "April", "May", "June", "July", "August",
			"September", "October", "November", "December"}
	}
	return [...]string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto",
		"septiembre", "octubre", "noviembre", "diciembre"}
}
