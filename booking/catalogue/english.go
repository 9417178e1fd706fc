package catalogue

import (
	"maps"
	"strings"

	"maitre/booking"
)

// english returns the English of the desk.
func english() language {
	words := language{
		weekdays:       [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		weekdayPlurals: [7]string{"Sundays", "Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays"},
		months: [12]string{"January", "February", "March", "April", "May", "June", "July", "August",
			"September", "October", "November", "December"},
		languages:   map[booking.Lang]string{booking.Spanish: "Spanish", booking.English: "English"},
		and:         func(string) string { return " and " },
		or:          " or ",
		zone:        englishZone,
		countryCode: "+34 ",
		reasonFor:   []string{"for ", "on ", "because ", "due ", "owing "},
		closed:      []string{"closed ", "we are closed ", "we're closed "},
		meal:        lowerFirst,
		common:      englishCommon,
		messages: map[string]string{
			pieceDay:           "{weekday} {d} {month}",
			pieceDayYear:       "{weekday} {d} {month} {year}",
			pieceToday:         "today, {weekday} {d} {month},",
			pieceTomorrow:      "tomorrow, {weekday} {d} {month},",
			pieceNight:         "the night of {weekday} {d} {month},",
			pieceNightYear:     "the night of {weekday} {d} {month} {year},",
			pieceTonight:       "tonight, the night of {weekday} {d} {month},",
			pieceTomorrowNight: "tomorrow night, the night of {weekday} {d} {month},",
			pieceThen:          "that day",
			pieceOn:            "on {day}",
			pieceAt:            "at {time}",
			pieceAtOne:         "at {time}",
			pieceMidnight:      "after midnight, {times}",
			pieceUntil:         "until {time}",
			pieceUntilOne:      "until {time}",
			pieceSpan:          "from {from} to {to}",
			pieceSameDay:       "that same day",
			pieceSameNight:     "that same night",
			pieceOnePerson:     "one person",
			piecePeople:        "{n} people",
			pieceNamed:         " under the name {name}",
			piecePlace:         ", {zone}",
			pieceThere:         " {zone}",
			pieceMeal:          "{service} {times}",
			pieceForMeal:       "for {service}, {times}",
			pieceSeatings:      "{service} in {n} seatings, {times}",
			pieceWeekdays:      "on {list}",
			pieceWeekdayRange:  "from {from} to {to}",
			pieceEveryDay:      "every day",
			pieceItem:          "{party}, {when}{place}",
			pieceToConfirm:     ", still to be confirmed",
			pieceProcessing:    ", which is being processed",
			pieceCoded:         ", with the code {code}",
			pieceOneMore:       "one more later on",
			pieceMore:          "{n} more later on",
			pieceReason:        ": {reason}",
			pieceReasonFor:     " {reason}",

			sayBooked:            "Your table is booked{named}: {party}, {when}{place}.",
			sayPreBooked:         "We are holding a table{named}: {party}, {when}{place}.",
			sayApplied:           "We have noted your table{named}: {party}, {when}{place}.",
			sayProcessing:        "The booking is being processed, and we will write to you as soon as it is in the book.",
			sayProcessingNoPhone: "The booking is being processed; as we don't have your number, you can ask us about it again in a little while.",
			sayProcessingSilent:  "The booking is being processed; you can ask us about it again in a little while.",
			sayConfirmLater:      "After that, all we need is your go-ahead.",
			sayNeedsYes:          "To make it definite, we still need you to confirm it.",
			sayNeedsAnswer:       "To make it definite, we write to your mobile: please answer YES.",
			sayWord:              "One thing you should know: {word}.",
			sayUntil:             "The table is yours {until}, as another seating follows.",
			sayCode:              "Your code is {code}.",
			sayCodeStays:         "Your code is still {code}.",
			saySeeYou:            "We look forward to seeing you.",
			sayNote:              "I'll note: {notes}.",
			sayNoted:             "We have noted: {notes}.",
			sayThanks:            "Thank you for letting us know; we hope to see you another time.",

			sayChanged:          "The change is made: your booking{named} is now for {party}, {when}{place}.",
			sayChangePending:    "We have noted the change: your booking{named} will be for {party}, {when}{place}.",
			sayChangeProcessing: "The change is being processed, and we will write to you as soon as it is in the book.",
			sayChangeNoPhone:    "The change is being processed; as we don't have your number, you can ask us about it again in a little while.",
			sayChangeSilent:     "The change is being processed; you can ask us about it again in a little while.",
			sayCancelled:        "Your booking{named} for {party}, {when}, is cancelled.",
			sayCancelPending:    "We have noted that you are cancelling your booking{named} for {party}, {when}.",
			sayCancelProcessing: "The cancellation is being processed, and we will write to you as soon as it is in the book.",
			sayCancelNoPhone:    "The cancellation is being processed; as we don't have your number, you can ask us about it again in a little while.",
			sayCancelSilent:     "The cancellation is being processed; you can ask us about it again in a little while.",
			sayConfirmed:        "Thank you, your booking{named} is confirmed: {party}, {when}{place}.",
			sayConfirmPending:   "Thank you, we have noted that you are keeping your booking{named}: {party}, {when}{place}.",
			sayDeclined:         "Very well, your booking{named} for {party}, {when}, is cancelled and the table is free again.",
			sayDeclinePending:   "Very well, we have noted that you are not keeping your booking{named} for {party}, {when}.",

			sayRepeated:          "We already have this booking{named}: {party}, {when}{place}.",
			sayRepeatedPending:   "We had already noted this booking{named}: {party}, {when}{place}.",
			sayRepeatedPreBooked: "We are already holding this table{named}: {party}, {when}{place}.",
			sayRepeatedConfirmed: "Your booking{named} was already confirmed: {party}, {when}{place}.",
			sayRepeatedChanged:   "Your booking{named} was already like that: {party}, {when}{place}.",
			sayRepeatedCancelled: "Your booking{named} for {party}, {when}, was already cancelled.",

			sayFoundNone: "I can't find any booking from today on with those details. If it was made from another number, please tell me the code.",
			sayFoundOne:  "You have a booking{named}: {party}, {when}{place}.",
			sayFoundMany: "You have {n} bookings: {list}.",
			sayChoose:    "Which one do you mean?",

			sayStatus + "processing": "It is still being processed.",
			sayStatus + "pre_booked": "To make it definite, we still need you to confirm it.",
			sayStatus + "confirmed":  "It is confirmed.",
			sayStatus + "seated":     "Our book says you are already at the table.",
			sayStatus + "completed":  "It has already taken place.",
			sayStatus + "cancelled":  "It is cancelled.",
			sayStatus + "no_show":    "Our book says you couldn't make it.",

			sayOffered:        "Yes, we have a table for {party} {moment}{place}.",
			sayOfferedAlso:    "It could also be {list}.",
			sayShallI:         "Shall I book it for you?",
			saySlots:          "{moment} we have a table for {party}{there}: {list}.",
			saySlotsElsewhere: "{moment} we have no table left for {party}{there}, but we do elsewhere in the house: {list}.",
			saySlotsNone:      "I'm sorry, {moment} we have no table left for {party}{there}.",
			sayWhichTime:      "What time would suit you?",

			sayFull:            "I'm sorry, {moment} we have no table left for {party}{there}.",
			sayBetweenSeatings: "I'm sorry, {moment} we can't seat you, as that service runs in seatings.",
			sayClosed:          "I'm sorry, {moment} our kitchen is closed{reason}.",
			sayClosedDay:       "I'm sorry, {moment} we are closed{reason}.",
			sayServedThatDay:   "That day we serve {list}.",
			sayPast:            "I'm sorry, I can't book you in for {when}, as it has already gone by.",
			sayTooSoon:         "At such short notice I'm afraid I can't book you in for {when}.",
			sayTooFar:          "We haven't opened the book for {when} yet.",
			sayTooFarUntil:     "We haven't opened the book for {when} yet: at the moment it goes up to {last}.",
			sayTooLarge:        "Our team looks after large groups personally.",
			sayTooLargeLimit:   "Our team looks after groups of more than {party} personally.",
			sayAskTeam:         "Ask for them at the restaurant and they will arrange it with you.",
			sayCallTeam:        "Call them on {phone} and they will arrange it with you.",
			sayNotFound:        "I can't find that booking. Could you tell me its code, or the phone number it was made with?",
			sayNotFoundCode:    "I can't find a booking with that code and this phone number. Could you say the code again, letter by letter? If it was made with another number, tell me that number too.",
			sayNotFoundPhone:   "I can't find any booking from today on with that number. If you have the code, tell me and I'll look it up.",
			sayNotAllowed:      "I'm sorry, I can't do that with this booking.",
			sayDoubled:         "We already have a booking under that phone number for {party}, {when}.",
			sayDoubledCall:     "If you would like another table as well, or to change the one you have, please call us on {phone}.",
			sayOtherNumber:     "To look up a booking made with another number I also need its code. Do you have it to hand?",
			sayLifeOver:        "That booking can't be changed or cancelled any more.",

			sayLifeOverIs + "seated":    "That booking can't be changed or cancelled any more, as our book says you are already at the table.",
			sayLifeOverIs + "completed": "That booking has already taken place, so it can't be changed or cancelled.",
			sayLifeOverIs + "cancelled": "That booking is already cancelled. If you like, I can look for a table again.",
			sayLifeOverIs + "no_show":   "That booking has gone by, and our book says you couldn't make it. If you like, I can look for a table another day.",

			sayInvalid:                      "I'm sorry, I didn't quite get that. Could you say it again?",
			sayInvalid + ".date.missing":    "What day would it be for?",
			sayInvalid + ".date":            "I'm sorry, I didn't quite get the day. Could you tell me the day and the month?",
			sayInvalid + ".time.missing":    "What time would suit you?",
			sayInvalid + ".time":            "I'm sorry, I didn't quite get the time. Could you say it again?",
			sayInvalidAt:                    "I'm sorry, {moment} nobody is seated, as guests arrive every {n} minutes.",
			sayInvalidTurn:                  "I'm sorry, {moment} nobody is seated, as the seatings are under way by then.",
			sayInvalid + ".party.missing":   "How many of you will there be?",
			sayInvalid + ".party":           "I'm sorry, I didn't get how many people it is for. Could you say it again?",
			sayInvalid + ".zone.missing":    "Where would you like to sit?",
			sayInvalid + ".zone":            "I'm sorry, I didn't quite get which area. Where would you like to sit?",
			sayInvalidZone:                  "We don't have that area. We can seat you {list}. Which would you prefer?",
			sayInvalid + ".name.missing":    "What name shall I put it under?",
			sayInvalid + ".name":            "I'm sorry, I didn't quite get the name. Could you say it again?",
			sayInvalid + ".name.too_long":   "That name is too long for the book. Could you give me just a first name and a surname?",
			sayInvalid + ".name.bad_text":   "The name reaches me with characters I can't write down. Could you say it again?",
			sayInvalid + ".phone.missing":   "Could you leave me a contact number?",
			sayInvalid + ".phone":           "I'm sorry, I didn't quite get the number. Could you say it again, digit by digit?",
			sayInvalid + ".phone.no_mobile": "We can't write to that number. Could you give me a mobile?",
			sayInvalid + ".notes":           "I'm sorry, I didn't quite get the note. Could you say it again?",
			sayInvalid + ".notes.too_long":  "The note is too long for the book. Could you sum it up in a sentence?",
			sayInvalid + ".notes.bad_text":  "The note reaches me with characters I can't write down. Could you say it again?",
			sayInvalid + ".code.missing":    "Could you tell me the booking's code?",
			sayInvalid + ".code":            "I'm sorry, I didn't quite get the code. Could you say it again, letter by letter?",
			sayInvalid + ".code.ambiguous":  "You have more than one booking. What day is the one you mean?",
			sayInvalid + ".confirmed":       "I'm sorry, are you keeping the booking, yes or no?",
			sayInvalidLang:                  "I can speak {list}.",
			sayInvalid + ".email":           "I'm sorry, I didn't quite get the e-mail address. Could you say it again?",
			sayUnchanged:                    "What would you like to change: the day, the time, the number of people or the area?",

			sayFailed:       "I'm sorry, I couldn't do that just now, and nothing has been booked or changed. Shall we try again?",
			sayCallUs:       "If you prefer, call us on {phone}.",
			sayCallToAsk:    "If you call us on {phone}, we can tell you.",
			sayCallForRoom:  "If you like, call us on {phone} and we'll see whether there is room.",
			sayOffer:        "I can offer you {list}.",
			sayOfferOne:     "Would that suit you?",
			sayOfferSeveral: "Which would you prefer?",
			sayAnotherDay:   "Shall we look at another day?",
			sayStanding:     "Your booking stays as it was: {party}, {when}{place}.",

			sayHours:        "{moment} we serve {list}.",
			sayHoursClosed:  "{moment} we are closed{reason}.",
			sayArrivals:     "Those are the times to arrive.",
			sayKitchen:      "Those are the times to arrive; the kitchen closes {times}.",
			sayHoliday:      "It is a public holiday: {holiday}.",
			sayDayNotice:    "One thing to know about that day: {reason}.",
			sayWeek:         "{days} we serve {list}.",
			sayWeekClosed:   "{days} we are closed.",
			sayWeekHolidays: "Public holidays and their eves may differ, so do ask me about the day you have in mind.",
			sayInfoAddress:  "{house} is at {address}.",
			sayInfoPhone:    "Our phone number is {phone}.",
			sayInfoWhat:     "What would you like to know?",
			sayInfoUnknown:  "I don't have that written down and would rather not guess.",
			sayMoment:       "One moment, please.",
			saySoon:         "I'll be right with you.",
			sayNotLooked:    "I'm sorry, I can't look that up right now. Shall I try again?",
			sayNotSure:      "I'm sorry, I can't tell whether that went through. Shall I check?",
			sayGreeting:     "Hello, you have reached {house}. I am the automatic booking assistant. How can I help you?",
			sayNoWaitlist:   "We don't keep a waiting list yet, but I can look for another time or another day. Shall I?",

			sayListed:       "You are on the waiting list{named}: {party}, {when}{place}.",
			sayListedBefore: "You were on the waiting list already{named}: {party}, {when}{place}.",
			sayWillOffer:    "If a table comes free, we write to your mobile and hold it for you for a few minutes.",
			sayListFull:     "I'm sorry, there is no more room on that day's waiting list.",
			sayAlsoWaits:    "And you are on the waiting list for {party}, {when}{place}.",
			sayEither:       "Which would you like to cancel: the booking, or the place on the list?",

			pieceGuest:    ", {name}",
			pieceNoName:   "somebody without a name",
			pieceOneWait:  "one booking is waiting",
			pieceWait:     "{n} bookings are waiting",
			pieceOneIn:    "one booking written to the book",
			pieceIn:       "{n} bookings written to the book",
			pieceOnePair:  "one more pair",
			piecePairs:    "{n} more pairs",
			pieceOneValue: "something that was kept cannot be read, and was put aside whole",
			pieceValues:   "{n} things that were kept cannot be read, and were put aside whole",
			pieceOneAsks:  "one needs a person to look at it",
			pieceAsk:      "{n} need a person to look at them",

			writeBooked:    "Hello{guest}, your booking at {house} is now in the book, for {party}, {when}{place}.",
			writeChanged:   "Hello{guest}, the change to your booking at {house} is now in the book. It is for {party}, {when}{place}.",
			writeCancelled: "Hello{guest}, your booking at {house} for {party}, {when}, is cancelled.",
			writeCall:      "Hello{guest}, we are very sorry that we could not keep your booking at {house} for {party}, {when}. One of our team will call you to find you another table.",
			writeNotDone:   "Hello{guest}, we could not do what you asked for with your booking at {house} ({party}, {when}), because the restaurant had changed it meanwhile. One of our team will call you.",
			writeReminder:  "Hello{guest}, a reminder of your booking at {house} for {party}, {when}{place}.",
			writeIfNot:     "If you can't make it after all, do let us know and we will give the table to somebody else.",
			writeConfirm:   "Hello{guest}, we are holding a table for you at {house} for {party}, {when}{place}.",
			writeAnswer:    "Will you confirm it? Please answer YES, or NO if you can't come.",

			writeTableFree: "Hello{guest}, a table has come free at {house} for {party}, {when}{place}.",
			writeHeld:      "We are holding it for you {until}. Would you like it? Please answer YES or NO.",

			alertCall:         "Bookings: {name} wants somebody to call, on {phone}.",
			alertSaid:         "They wrote: \"{said}\".",
			alertUnheard:      "Bookings: that of {name}, {party}, {when}{place}, waits for their yes, and the message that asks for it did not reach them. Somebody must call {phone}.",
			alertOverlap:      "Bookings: table {table} is given at the same time to {name}, {party}, {when}, and to {name2}, {party2}, {when2}. One of the two must get another table.",
			alertOverlaps:     "And there are {more} like that.",
			alertSeeBoth:      "They are shown at {link}.",
			alertData:         "Bookings: {values}. All the rest goes on.",
			alertDataBookings: "There are bookings among it, and their tables may be given to others: please look soon.",
			alertSeeWhat:      "What to do is told at {link}, under Waiting.",
			alertFirst:        "Bookings: that of {name}, {party}, {when}{place}, is not in the book yet.",
			alertSee:          "You can see it at {link} now.",
			alertDigest:       "Bookings: {waiting} to be written to the book.",
			alertDigestBoth:   "Bookings: {waiting} to be written to the book. Besides, {asking}.",
			alertDigestAsk:    "Bookings: of those that are not in the book, {asking}.",
			alertRecovered:    "Bookings, recovered: {written}; {asking}.",
			alertRecoveredAll: "Bookings, recovered: {written}, and none is left waiting.",
			alertSeeAll:       "All of them are at {link} now.",
			troubleDown:       "The book does not answer; we keep trying.",
			troubleRefused:    "The book does not accept it as it is, and it has to be put right by hand.",
			troubleAccess:     "The book does not let us in: its access has to be looked at.",
			troubleTaken:      "Its table was given to others meanwhile and no other is free: the guest has to be called.",
			troublePast:       "Its time has gone by, so it is no longer written by itself.",
			troubleChanged:    "The staff changed or deleted it in Airtable while its guest asked for something else: decide which holds, and call the guest.",
			troubleMissing:    "It disappeared from Airtable together with others. Their tables stay held: say whether to restore them or to let them go.",
			troubleOther:      "We don't know why.",
		},
	}
	maps.Copy(words.messages, englishChat())
	return words
}

// englishCommon lowers the capital of a reason that begins with an everyday
// word; any other may be a proper name.
func englishCommon(reason string) string {
	first, _, _ := strings.Cut(strings.ToLower(reason), " ")
	switch first {
	case "a", "an", "the", "we", "our", "it", "there", "closed", "private", "staff", "public", "annual", "summer", "winter":
		return lowerFirst(reason)
	}
	return reason
}

// englishZone makes "the terrace" and "on the terrace" of whichever of
// "terrace", "the terrace" and "on the terrace" the owner wrote.
func englishZone(name string) (bare, in string) {
	name = lowerFirst(name)
	first, rest, _ := strings.Cut(name, " ")
	switch first {
	case "on", "in", "at", "by", "under":
		return rest, name
	case "inside", "outside", "indoors", "outdoors", "upstairs", "downstairs":
		return name, name
	case "the":
		bare = name
	default:
		bare = "the " + name
	}
	return bare, englishPreposition(bare[strings.LastIndexByte(bare, ' ')+1:]) + " " + bare
}

// englishPreposition returns what goes before a place.
func englishPreposition(noun string) string {
	switch noun {
	case "terrace", "rooftop", "roof", "patio", "deck", "balcony", "sofa", "sofas":
		return "on"
	case "bar", "counter", "table", "tables":
		return "at"
	}
	return "in"
}
