package catalogue

import "maitre/booking"

// texts is all that is said in one language. {named} and its like are placeholders. A
// test checks that every field is filled, with the same placeholders in both languages.
type texts struct {
	pieces
	bookings
	refusals
	details
	about
	chat
	messages
	remarks [remarkCount]string
}

// pick takes the text of one language of a text and its translation.
type pick func(es, en string) string

// heardTexts returns the texts for guests who hear.
func heardTexts(t pick) texts {
	return texts{pieceTexts(t), bookingTexts(t), refusalTexts(t), detailTexts(t), aboutTexts(t), chatTexts(t), messageTexts(t), remarkTexts(t)}
}

// readTexts returns the texts for guests who read; some differ.
func readTexts(t pick) texts {
	x := heardTexts(t)
	x.WillOffer = t("Si queda libre una mesa, le escribimos por aquí y se la guardamos unos minutos.",
		"If a table comes free, we write to you here and hold it for you for a few minutes.")
	x.NeedsAnswer = t("Para que quede en firme, responda SÍ.", "To make it definite, please answer YES.")
	x.notFound["code"] = t("No encuentro ninguna reserva con ese código y este teléfono. Si la hizo con otro, escríbame los dos: el código y ese teléfono.",
		"I can't find a booking with that code and this phone number. If it was made with another number, write me both: the code and that number.")
	x.notFound["phone"] = t("No encuentro ninguna reserva de hoy en adelante con este teléfono. Si la hizo con otro, escríbame ese teléfono y el código.",
		"I can't find any booking from today on with this phone number. If it was made with another, write me that number and the code.")
	x.FoundNone = x.notFound["phone"]
	x.OtherNumber = t("Para mirar una reserva hecha con otro teléfono necesito también su código. ¿Me lo escribe?",
		"To look up a booking made with another number I also need its code. Could you write it to me?")
	x.OfferSeveral = t("¿Cuál prefiere? Responda con el número, o dígame otra hora.",
		"Which would you prefer? Reply with the number, or tell me another time.")
	x.fields["code"][""] = t("Perdone, no he entendido bien el código. ¿Me lo escribe otra vez?",
		"I'm sorry, I didn't quite get the code. Could you write it again?")
	return x
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

// textOf returns the text for key, or that for all others.
func textOf[K ~string](by map[K]string, key K) string {
	if text, ok := by[key]; ok {
		return text
	}
	return by[""]
}

// Weekdays returns the names of the weekdays, [time.Sunday] first, as they are used inside a sentence.
func Weekdays(lang booking.Lang) [7]string {
	if lang == booking.English {
		return [...]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"}
	}
	return [...]string{"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"}
}

// Months returns the names of the months, January first, as they are used inside a sentence.
func Months(lang booking.Lang) [12]string {
	if lang == booking.English {
		return [...]string{"January", "February", "March", "April", "May", "June", "July", "August",
			"September", "October", "November", "December"}
	}
	return [...]string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto",
		"septiembre", "octubre", "noviembre", "diciembre"}
}
