package catalogue

import (
	"strings"

	"maitre/booking"
)

// english returns the English of the desk.
func english() *language {
	return &language{
		lang:        booking.English,
		names:       map[booking.Lang]string{booking.Spanish: "Spanish", booking.English: "English"},
		and:         func(string) string { return " and " },
		or:          " or ",
		place:       englishPlace,
		countryCode: "+34 ",
		meal:        lowerFirst,
		reasonFor:   []string{"for ", "on ", "because ", "due ", "owing "},
		closed:      []string{"closed ", "we are closed ", "we're closed "},
		common:      englishCommon,
		heard:       englishTexts(),
		read:        englishToRead(),
	}
}

func englishTexts() texts {
	return texts{
		pieces: englishPieces(), bookings: englishBookings(), refusals: englishRefusals(), about: englishAbout(),
		chat: englishChat(), messages: englishMessages(), remarks: englishRemarks(),
	}
}

// englishToRead returns the texts for those who read, to whom some things are said otherwise.
func englishToRead() texts {
	t := englishTexts()
	t.WillOffer = "If a table comes free, we write to you here and hold it for you for a few minutes."
	t.NeedsAnswer = "To make it definite, please answer YES."
	t.notFound["code"] = "I can't find a booking with that code and this phone number. If it was made with another number, write me both: the code and that number."
	t.notFound["phone"] = "I can't find any booking from today on with this phone number. If it was made with another, write me that number and the code."
	t.FoundNone = t.notFound["phone"]
	t.OtherNumber = "To look up a booking made with another number I also need its code. Could you write it to me?"
	t.OfferSeveral = "Which would you prefer? Reply with the number, or tell me another time."
	t.fields["code"][""] = "I'm sorry, I didn't quite get the code. Could you write it again?"
	return t
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

// englishPlace makes "the terrace" and "on the terrace" of whichever of
// "terrace", "the terrace" and "on the terrace" the owner wrote.
func englishPlace(name string) place {
	name = lowerFirst(name)
	first, rest, _ := strings.Cut(name, " ")
	switch first {
	case "on", "in", "at", "by", "under":
		return place{rest, name}
	case "inside", "outside", "indoors", "outdoors", "upstairs", "downstairs":
		return place{name, name}
	case "the":
	default:
		name = "the " + name
	}
	return place{name, englishPreposition(name[strings.LastIndexByte(name, ' ')+1:]) + " " + name}
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
