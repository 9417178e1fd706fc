package catalogue

import "maitre/booking"

func englishPieces() pieces {
	return pieces{
		Date:     byDay{"{weekday} {d} {month}", "the night of {weekday} {d} {month},"},
		DateYear: byDay{"{weekday} {d} {month} {year}", "the night of {weekday} {d} {month} {year},"},
		Today:    byDay{"today, {weekday} {d} {month},", "tonight, the night of {weekday} {d} {month},"},
		Tomorrow: byDay{"tomorrow, {weekday} {d} {month},", "tomorrow night, the night of {weekday} {d} {month},"},
		Same:     byDay{"that same day", "that same night"},
		ThatDay:  "that day", OnDay: "on {day}",
		At: number{"at {time}", "at {time}"}, Until: number{"until {time}", "until {time}"},
		Span: "from {from} to {to}", AfterMidnight: "after midnight, {times}",
		People: number{"one person", "{n} people"}, Named: " under the name {name}",
		Place: ", {zone}", There: " {zone}",
		Meal: "{service} {times}", ForMeal: "for {service}, {times}", Seatings: "{service} in {n} seatings, {times}",
		Weekdays: "on {list}", WeekdayRange: "from {from} to {to}", EveryDay: "every day",
		Item: "{party}, {when}{place}", Coded: ", with the code {code}",
		ToConfirm: ", still to be confirmed", InProcess: ", which is being processed",
		More:         number{"one more later on", "{n} more later on"},
		OffersFollow: "I can offer you:", BookingsFollow: "You have {n} bookings:",
		Reason: ": {reason}", ReasonFor: " {reason}",
		Guest: ", {name}", NoName: "somebody without a name",
		Waiting: number{"one booking is waiting", "{n} bookings are waiting"},
		InBook:  number{"one booking written to the book", "{n} bookings written to the book"},
		Asking:  number{"one needs a person to look at it", "{n} need a person to look at them"},
		Pairs:   number{"one more pair", "{n} more pairs"},
		Values:  number{"something that was kept cannot be read, and was put aside whole", "{n} things that were kept cannot be read, and were put aside whole"},
	}
}

func englishResults() results {
	return results{
		Booked:       "Your table is booked{named}: {party}, {when}{place}.",
		Held:         "We are holding a table{named}: {party}, {when}{place}.",
		BookPending:  "We have noted your table{named}: {party}, {when}{place}.",
		ConfirmLater: "After that, all we need is your go-ahead.",
		NeedsYes:     "To make it definite, we still need you to confirm it.",
		NeedsAnswer:  "To make it definite, we write to your mobile: please answer YES.",
		NeedsWord:    "One thing you should know: {word}.",
		YoursUntil:   "The table is yours {until}, as another seating follows.",
		Code:         "Your code is {code}.", CodeStays: "Your code is still {code}.", SeeYou: "We look forward to seeing you.",
		Note: "I'll note: {notes}.", Noted: "We have noted: {notes}.",
		Thanks:            "Thank you for letting us know; we hope to see you another time.",
		Changed:           "The change is made: your booking{named} is now for {party}, {when}{place}.",
		ChangePending:     "We have noted the change: your booking{named} will be for {party}, {when}{place}.",
		Cancelled:         "Your booking{named} for {party}, {when}, is cancelled.",
		CancelPending:     "We have noted that you are cancelling your booking{named} for {party}, {when}.",
		Confirmed:         "Thank you, your booking{named} is confirmed: {party}, {when}{place}.",
		ConfirmPending:    "Thank you, we have noted that you are keeping your booking{named}: {party}, {when}{place}.",
		Declined:          "Very well, your booking{named} for {party}, {when}, is cancelled and the table is free again.",
		DeclinePending:    "Very well, we have noted that you are not keeping your booking{named} for {party}, {when}.",
		Repeated:          "We already have this booking{named}: {party}, {when}{place}.",
		RepeatedPending:   "We had already noted this booking{named}: {party}, {when}{place}.",
		RepeatedHeld:      "We are already holding this table{named}: {party}, {when}{place}.",
		RepeatedConfirmed: "Your booking{named} was already confirmed: {party}, {when}{place}.",
		RepeatedChanged:   "Your booking{named} was already like that: {party}, {when}{place}.",
		RepeatedCancelled: "Your booking{named} for {party}, {when}, was already cancelled.",
		Booking: processing{
			"The booking is being processed, and we will write to you as soon as it is in the book.",
			"The booking is being processed; as we don't have your number, you can ask us about it again in a little while.",
			"The booking is being processed; you can ask us about it again in a little while.",
		},
		Change: processing{
			"The change is being processed, and we will write to you as soon as it is in the book.",
			"The change is being processed; as we don't have your number, you can ask us about it again in a little while.",
			"The change is being processed; you can ask us about it again in a little while.",
		},
		Cancellation: processing{
			"The cancellation is being processed, and we will write to you as soon as it is in the book.",
			"The cancellation is being processed; as we don't have your number, you can ask us about it again in a little while.",
			"The cancellation is being processed; you can ask us about it again in a little while.",
		},
	}
}

func englishReadings() readings {
	return readings{
		FoundNone: "I can't find any booking from today on with those details. If it was made from another number, please tell me the code.",
		FoundOne:  "You have a booking{named}: {party}, {when}{place}.",
		FoundMany: "You have {n} bookings: {list}.", Choose: "Which one do you mean?",
		statuses: map[booking.Status]string{
			booking.Processing: "It is still being processed.",
			booking.PreBooked:  "To make it definite, we still need you to confirm it.",
			booking.Confirmed:  "It is confirmed.",
			booking.Seated:     "Our book says you are already at the table.",
			booking.Completed:  "It has already taken place.",
			booking.Cancelled:  "It is cancelled.",
			booking.NoShow:     "Our book says you couldn't make it.",
		},
		Offered:        "Yes, we have a table for {party} {moment}{place}.",
		OfferedAlso:    "It could also be {list}.",
		Slots:          "{moment} we have a table for {party}{there}: {list}.",
		SlotsElsewhere: "{moment} we have no table left for {party}{there}, but we do elsewhere in the house: {list}.",
		WhichTime:      "What time would suit you?",
	}
}

func englishRefusals() refusals {
	return refusals{
		Full:            "I'm sorry, {moment} we have no table left for {party}{there}.",
		BetweenSeatings: "I'm sorry, {moment} we can't seat you, as that service runs in seatings.",
		Closed:          "I'm sorry, {moment} our kitchen is closed{reason}.",
		ClosedDay:       "I'm sorry, {moment} we are closed{reason}.",
		ServedThatDay:   "That day we serve {list}.",
		Past:            "I'm sorry, I can't book you in for {when}, as it has already gone by.",
		TooSoon:         "At such short notice I'm afraid I can't book you in for {when}.",
		TooFar:          "We haven't opened the book for {when} yet.",
		TooFarUntil:     "We haven't opened the book for {when} yet: at the moment it goes up to {last}.",
		TooLarge:        "Our team looks after large groups personally.",
		TooLargeLimit:   "Our team looks after groups of more than {party} personally.",
		AskTeam:         "Ask for them at the restaurant and they will arrange it with you.",
		CallTeam:        "Call them on {phone} and they will arrange it with you.",
		NotAllowed:      "I'm sorry, I can't do that with this booking.",
		OtherNumber:     "To look up a booking made with another number I also need its code. Do you have it to hand?",
		Doubled:         "We already have a booking under that phone number for {party}, {when}.",
		DoubledCall:     "If you would like another table as well, or to change the one you have, please call us on {phone}.",
		notFound: map[string]string{
			"code":  "I can't find a booking with that code and this phone number. Could you say the code again, letter by letter? If it was made with another number, tell me that number too.",
			"phone": "I can't find any booking from today on with that number. If you have the code, tell me and I'll look it up.",
			"":      "I can't find that booking. Could you tell me its code, or the phone number it was made with?",
		},
		lifeOver: map[booking.Status]string{
			booking.Seated:    "That booking can't be changed or cancelled any more, as our book says you are already at the table.",
			booking.Completed: "That booking has already taken place, so it can't be changed or cancelled.",
			booking.Cancelled: "That booking is already cancelled. If you like, I can look for a table again.",
			booking.NoShow:    "That booking has gone by, and our book says you couldn't make it. If you like, I can look for a table another day.",
			"":                "That booking can't be changed or cancelled any more.",
		},
		Failed:       "I'm sorry, I couldn't do that just now, and nothing has been booked or changed. Shall we try again?",
		StaysAsItWas: "Your booking stays as it was: {party}, {when}{place}.",
		CallUs:       "If you prefer, call us on {phone}.",
		CallToAsk:    "If you call us on {phone}, we can tell you.",
		CallForRoom:  "If you like, call us on {phone} and we'll see whether there is room.",
		Offer:        "I can offer you {list}.", OfferOne: "Would that suit you?", OfferSeveral: "Which would you prefer?",
	}
}

func englishInvalid() invalid {
	return invalid{
		BetweenSlots:     "I'm sorry, {moment} nobody is seated, as guests arrive every {n} minutes.",
		SeatingsUnderWay: "I'm sorry, {moment} nobody is seated, as the seatings are under way by then.",
		NoSuchZone:       "We don't have that area. We can seat you {list}. Which would you prefer?",
		Languages:        "I can speak {list}.",
		Unchanged:        "What would you like to change: the day, the time, the number of people or the area?",
		Invalid:          "I'm sorry, I didn't quite get that. Could you say it again?",
		fields: map[string]map[booking.Problem]string{
			"date":  {booking.Missing: "What day would it be for?", "": "I'm sorry, I didn't quite get the day. Could you tell me the day and the month?"},
			"time":  {booking.Missing: "What time would suit you?", "": "I'm sorry, I didn't quite get the time. Could you say it again?"},
			"party": {booking.Missing: "How many of you will there be?", "": "I'm sorry, I didn't get how many people it is for. Could you say it again?"},
			"zone":  {booking.Missing: "Where would you like to sit?", "": "I'm sorry, I didn't quite get which area. Where would you like to sit?"},
			"name": {
				booking.Missing: "What name shall I put it under?", "": "I'm sorry, I didn't quite get the name. Could you say it again?",
				booking.TooLong: "That name is too long for the book. Could you give me just a first name and a surname?",
				booking.BadText: "The name reaches me with characters I can't write down. Could you say it again?",
			},
			"phone": {
				booking.Missing: "Could you leave me a contact number?", "": "I'm sorry, I didn't quite get the number. Could you say it again, digit by digit?",
				booking.NoMobile: "We can't write to that number. Could you give me a mobile?",
			},
			"notes": {
				"":              "I'm sorry, I didn't quite get the note. Could you say it again?",
				booking.TooLong: "The note is too long for the book. Could you sum it up in a sentence?",
				booking.BadText: "The note reaches me with characters I can't write down. Could you say it again?",
			},
			"code": {
				booking.Missing: "Could you tell me the booking's code?", "": "I'm sorry, I didn't quite get the code. Could you say it again, letter by letter?",
				booking.Ambiguous: "You have more than one booking. What day is the one you mean?",
			},
			"confirmed": {"": "I'm sorry, are you keeping the booking, yes or no?"},
			"email":     {"": "I'm sorry, I didn't quite get the e-mail address. Could you say it again?"},
		},
	}
}

func englishAbout() about {
	return about{
		Hours:       "{moment} we serve {list}.",
		HoursClosed: "{moment} we are closed{reason}.",
		Arrivals:    "Those are the times to arrive.",
		Kitchen:     "Those are the times to arrive; the kitchen closes {times}.",
		Holiday:     "It is a public holiday: {holiday}.",
		DayNotice:   "One thing to know about that day: {reason}.",
		Week:        "{days} we serve {list}.", WeekClosed: "{days} we are closed.",
		WeekHolidays: "Public holidays and their eves may differ, so do ask me about the day you have in mind.",
		Address:      "{restaurant} is at {address}.", Phone: "Our phone number is {phone}.",
		WhatToKnow:     "What would you like to know?",
		NotWrittenDown: "I don't have that written down and would rather not guess.",
		Greeting:       "Hello, you have reached {restaurant}. I am the automatic booking assistant. How can I help you?",
		Moment:         "One moment, please.", Soon: "I'll be right with you.",
		NotLooked:    "I'm sorry, I can't look that up right now. Shall I try again?",
		NoWaitlist:   "We don't keep a waiting list yet, but I can look for another time or another day. Shall I?",
		Listed:       "You are on the waiting list{named}: {party}, {when}{place}.",
		ListedBefore: "You were on the waiting list already{named}: {party}, {when}{place}.",
		WillOffer:    "If a table comes free, we write to your mobile and hold it for you for a few minutes.",
		ListFull:     "I'm sorry, there is no more room on that day's waiting list.",
		AlsoWaits:    "And you are on the waiting list for {party}, {when}{place}.",
		Either:       "Which would you like to cancel: the booking, or the place on the list?",
	}
}

func englishChat() chat {
	return chat{
		Hello:     "Hello, I'm the automatic booking assistant at {restaurant}.",
		HowToHelp: "How can I help you?",
		ReadBack:  "That would be a table{named}: {party}, {when}{place}.",
		ThatName:  "Shall I book it under that name?",
		Now:       "Your booking{named} is for {party}, {when}{place}.",
		Then:      "It would become {party}, {when}{place}.",
		ThenNamed: "It would be{named}.",
		ChangeIt:  "Shall I change it?", NoteIt: "Shall I note that on the booking?",
		CancelIt: "Shall I cancel your booking{named} for {party}, {when}?",
		KeepIt:   "Shall we keep it for you? Please answer YES or NO.",
		CallMe:   "Would you like them to call you on this number?",
		WillCall: "I have let the team know: someone from {restaurant} will call you on this number.",
		Hurry:    "If it can't wait, call us on {phone}.",
	}
}

func englishMessages() messages {
	return messages{
		NowBooked:    "Hello{guest}, your booking at {restaurant} is now in the book, for {party}, {when}{place}.",
		NowChanged:   "Hello{guest}, the change to your booking at {restaurant} is now in the book. It is for {party}, {when}{place}.",
		NowCancelled: "Hello{guest}, your booking at {restaurant} for {party}, {when}, is cancelled.",
		NotKept:      "Hello{guest}, we are very sorry that we could not keep your booking at {restaurant} for {party}, {when}. One of our team will call you to find you another table.",
		NotDone:      "Hello{guest}, we could not do what you asked for with your booking at {restaurant} ({party}, {when}), because the restaurant had changed it meanwhile. One of our team will call you.",
		Reminder:     "Hello{guest}, a reminder of your booking at {restaurant} for {party}, {when}{place}.",
		IfNot:        "If you can't make it after all, do let us know and we will give the table to somebody else.",
		AskToConfirm: "Hello{guest}, we are holding a table for you at {restaurant} for {party}, {when}{place}.",
		AnswerYes:    "Will you confirm it? Please answer YES, or NO if you can't come.",
		TableFree:    "Hello{guest}, a table has come free at {restaurant} for {party}, {when}{place}.",
		HeldUntil:    "We are holding it for you {until}. Would you like it? Please answer YES or NO.",
	}
}

func englishAlerts() alerts {
	return alerts{
		AlertCall: "Bookings: {name} wants somebody to call, on {phone}.", AlertSaid: "They wrote: \"{said}\".",
		AlertUnreached: "Bookings: that of {name}, {party}, {when}{place}, waits for their yes, and the message that asks for it did not reach them. Somebody must call {phone}.",
		AlertOverlap:   "Bookings: table {table} is given at the same time to {name}, {party}, {when}, and to {name2}, {party2}, {when2}. One of the two must get another table.",
		AlertOverlaps:  "And there are {more} like that.", AlertSeeBoth: "They are shown at {link}.",
		AlertUnreadable:         "Bookings: {values}. All the rest goes on.",
		AlertUnreadableBookings: "There are bookings among it, and their tables may be given to others: please look soon.",
		AlertSeeWhat:            "What to do is told at {link}, under Waiting.",
		AlertFirst:              "Bookings: that of {name}, {party}, {when}{place}, is not in the book yet.",
		AlertSee:                "You can see it at {link} now.", AlertSeeAll: "All of them are at {link} now.",
		AlertDigest:       "Bookings: {waiting} to be written to the book.",
		AlertDigestBoth:   "Bookings: {waiting} to be written to the book. Besides, {asking}.",
		AlertDigestAsk:    "Bookings: of those that are not in the book, {asking}.",
		AlertRecovered:    "Bookings, recovered: {written}; {asking}.",
		AlertRecoveredAll: "Bookings, recovered: {written}, and none is left waiting.",
		troubles: map[Trouble]string{
			TroubleDown:    "The book does not answer; we keep trying.",
			TroubleRefused: "The book does not accept it as it is, and it has to be put right by hand.",
			TroubleAccess:  "The book does not let us in: its access has to be looked at.",
			TroubleTaken:   "Its table was given to others meanwhile and no other is free: the guest has to be called.",
			TroublePast:    "Its time has gone by, so it is no longer written by itself.",
			TroubleChanged: "The staff changed or deleted it in Airtable while its guest asked for something else: decide which holds, and call the guest.",
			TroubleMissing: "It disappeared from Airtable together with others. Their tables stay held: say whether to restore them or to let them go.",
			"":             "We don't know why.",
		},
	}
}

func englishRemarks() [remarkCount]string {
	return [...]string{
		AskAll:       "With pleasure. What day would it be, at what time, and how many of you?",
		AskWhat:      "What shall we change: the day, the time, the number of people, the area or the name?",
		AskOther:     "Shall I look for another time or another day?",
		Dropped:      "All right, I haven't booked anything.",
		DroppedOther: "If you would like to cancel a booking that you already have, write: cancel my booking.",
		Kept:         "All right, your booking stays as it was.",
		Expired:      "It has been a while, so I have closed what we had half done.",
		StartAgain:   "Tell me the day, the time and how many of you there will be, and I'll have a look.",
		Nothing:      "There is nothing pending here just now.",
		Welcome:      "You're welcome. We're here if you need anything.",
		Whenever:     "All right. We're here whenever you like.",
		Lost:         "I'm sorry, I didn't understand that.",
		Help:         "I can book you a table, change or cancel a booking, and tell you what you need to know about the house.",
		OfferPerson:  "Would you rather have someone from the restaurant call you?",
		Stopped:      "All right, we won't write to you again on our own account.",
		Stay:         "If you have a booking, it stays as it was.",
		Return:       "Whenever you would like our messages again, write START.",
		Started:      "All right, we'll let you know again about your bookings.",
		NoVoice:      "I'm sorry, I can't listen to voice messages here.",
		NoPictures:   "I'm sorry, I can't look at photos or videos here.",
		NoPlaces:     "I'm sorry, I can't open locations here.",
		NoContacts:   "I'm sorry, I can't open contacts here.",
		NoFiles:      "I'm sorry, I can't open files here.",
		WriteIt:      "Could you put it in words?",
		OfferList:    "Or, if you would rather wait, write LIST and I will put you on the waiting list.",
		HowToLeave:   "To leave the waiting list, write: take me off the list.",
		LeftList:     "All right, you are not on the waiting list any more.",
		LeftHeld:     "All right: the table is not held for you any more, and you are off the waiting list.",
		NotListed:    "I can't find you on any waiting list.",
		TooLate:      "I'm sorry, the time to confirm the table that we were holding is over, and it is gone.",
		NotSure:      "I'm sorry, I can't tell whether that went through. Shall I check?",
		ShallI:       "Shall I book it for you?",
		OtherDay:     "Shall we look at another day?",
		ToCancel:     "Which one would you like to cancel? Just reply with the number.",
		ToChange:     "Which one would you like to change? Just reply with the number.",
		ToConfirm:    "Which one do you mean? Just reply with the number.",
		ToCancelAll:  "Shall I cancel all of them?",
		cannotTell:   "I'm sorry, I can't reach the team from here just now.",
		noNumber:     "I'm sorry, I can't see which number you are writing from, and without it I can't look after bookings here.",
		noSMS:        "We don't take bookings by text message: write to us on WhatsApp, at this same number.",
		noMoreCodes:  "To be on the safe side, I can't look up any more codes here today.",
	}
}
