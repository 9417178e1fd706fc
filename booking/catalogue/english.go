package catalogue

import (
	"strings"

	"maitre/booking"
)

// english returns the English of the desk.
func english() *language {
	t := func(_, en string) string { return en }
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
		heard:       heardTexts(t),
		read:        readTexts(t),
	}
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
