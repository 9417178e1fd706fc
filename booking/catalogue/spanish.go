package catalogue

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"maitre/booking"
)

// spanish returns the Spanish of the desk: usted, as a receptionist says it on the phone.
func spanish() *language {
	t := func(es, _ string) string { return es }
	return &language{
		lang:        booking.Spanish,
		names:       map[booking.Lang]string{booking.Spanish: "español", booking.English: "inglés"},
		and:         spanishAnd,
		or:          " o ",
		place:       spanishPlace,
		countryCode: "", // within Spain numbers are said without theirs
		meal:        spanishMeal,
		reasonFor:   []string{"por ", "porque ", "debido ", "con motivo "},
		closed:      []string{"cerrado ", "cerrada ", "cerrados ", "cerramos ", "estamos cerrados "},
		common:      spanishCommon,
		heard:       heardTexts(t),
		read:        readTexts(t),
	}
}

// spanishAnd returns the word that joins next to what was before it.
func spanishAnd(next string) string {
	if s := strings.ToLower(next); strings.HasPrefix(s, "i") || strings.HasPrefix(s, "hi") && !strings.HasPrefix(s, "hie") {
		return " e "
	}
	return " y "
}

// spanishMeal makes "la comida" of whichever of "Comida" and "la comida" the owner wrote.
func spanishMeal(name string) string {
	name = lowerFirst(name)
	switch first, _, _ := strings.Cut(name, " "); first {
	case "el", "la", "los", "las":
		return name
	default:
		return spanishArticle(first) + " " + name
	}
}

// spanishCommon lowers the capital of a reason that is not a proper name:
// "Fiesta privada" is a common noun, "Semana Santa" and "Nochebuena" are not.
func spanishCommon(reason string) string {
	_, second, more := strings.Cut(reason, " ")
	if r, _ := utf8.DecodeRuneInString(second); more && unicode.IsLower(r) {
		return lowerFirst(reason)
	}
	return reason
}

// spanishPlace makes "la terraza" and "en la terraza" of whichever of "terraza",
// "la terraza" and "en la terraza" the owner wrote.
func spanishPlace(name string) place {
	name = lowerFirst(name)
	first, rest, _ := strings.Cut(name, " ")
	switch first {
	case "en", "junto", "al", "bajo", "sobre":
		return place{strings.TrimPrefix(name, "en "), name}
	case "el", "la", "los", "las":
		return place{name, "en " + name}
	}
	bare := spanishArticle(first) + " " + strings.TrimSpace(first+" "+rest)
	return place{bare, "en " + bare}
}

// spanishArticle guesses a noun's article by its ending, which is right for what
// the parts of a restaurant are called; an owner who calls one otherwise writes the article.
func spanishArticle(noun string) string {
	plural := strings.HasSuffix(noun, "s")
	switch stem := strings.TrimSuffix(noun, "s"); {
	case noun == "sofas" || noun == "sofás":
		return "los"
	case plural && strings.HasSuffix(stem, "a"):
		return "las"
	case plural:
		return "los"
	case strings.HasSuffix(noun, "a"), strings.HasSuffix(noun, "ión"), strings.HasSuffix(noun, "dad"):
		return "la"
	}
	return "el"
}
