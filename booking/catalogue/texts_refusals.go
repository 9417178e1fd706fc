package catalogue

import "maitre/booking"

// refusals are refusals with what is offered instead. The key "" is for all others.
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
}

func refusalTexts(t pick) refusals {
	return refusals{
		Full: t("Lo siento, {moment} ya no nos queda mesa para {party}{there}.", "I'm sorry, {moment} we have no table left for {party}{there}."),
		BetweenSeatings: t("Lo siento, {moment} no podemos dar mesa, porque ese servicio va por turnos.",
			"I'm sorry, {moment} we can't seat you, as that service runs in seatings."),
		Closed:        t("Lo siento, {moment} tenemos la cocina cerrada{reason}.", "I'm sorry, {moment} our kitchen is closed{reason}."),
		ClosedDay:     t("Lo siento, {moment} no abrimos{reason}.", "I'm sorry, {moment} we are closed{reason}."),
		ServedThatDay: t("Ese día servimos {list}.", "That day we serve {list}."),
		Past:          t("Lo siento, no puedo apuntarle para {when}, porque ya ha pasado.", "I'm sorry, I can't book you in for {when}, as it has already gone by."),
		TooSoon:       t("Lo siento, con tan poco tiempo ya no puedo apuntarle para {when}.", "At such short notice I'm afraid I can't book you in for {when}."),
		TooFar:        t("Para {when} todavía no hemos abierto el libro de reservas.", "We haven't opened the book for {when} yet."),
		TooFarUntil: t("Para {when} todavía no hemos abierto el libro: hoy por hoy llega hasta {last}.",
			"We haven't opened the book for {when} yet: at the moment it goes up to {last}."),
		TooLarge: t("De los grupos grandes se encarga directamente el equipo de la casa.", "Our team looks after large groups personally."),
		TooLargeLimit: t("De los grupos de más de {party} se encarga directamente el equipo de la casa.",
			"Our team looks after groups of more than {party} personally."),
		AskTeam:    t("Pregunte por ellos en el restaurante y se lo preparan.", "Ask for them at the restaurant and they will arrange it with you."),
		CallTeam:   t("Si les llama al {phone}, se lo preparan.", "Call them on {phone} and they will arrange it with you."),
		NotAllowed: t("Lo siento, con esa reserva no puedo hacer eso.", "I'm sorry, I can't do that with this booking."),
		OtherNumber: t("Para mirar una reserva hecha con otro teléfono necesito también su código. ¿Lo tiene a mano?",
			"To look up a booking made with another number I also need its code. Do you have it to hand?"),
		Doubled: t("Con ese teléfono ya tenemos una reserva para {party}, {when}.", "We already have a booking under that phone number for {party}, {when}."),
		DoubledCall: t("Si quiere otra mesa más o cambiar la que tiene, llámenos al {phone}.",
			"If you would like another table as well, or to change the one you have, please call us on {phone}."),
		notFound: map[string]string{
			"code": t("No encuentro ninguna reserva con ese código y este teléfono. ¿Me repite el código letra por letra? Si la hizo con otro teléfono, dígame también cuál.",
				"I can't find a booking with that code and this phone number. Could you say the code again, letter by letter? If it was made with another number, tell me that number too."),
			"phone": t("No encuentro ninguna reserva de hoy en adelante con ese teléfono. Si tiene el código, dígamelo y la busco.",
				"I can't find any booking from today on with that number. If you have the code, tell me and I'll look it up."),
			"": t("No encuentro esa reserva. ¿Me da el código o el teléfono con el que se hizo?",
				"I can't find that booking. Could you tell me its code, or the phone number it was made with?"),
		},
		lifeOver: map[booking.Status]string{
			booking.Seated: t("Esa reserva ya no se puede cambiar ni cancelar, porque consta que ya están sentados a la mesa.",
				"That booking can't be changed or cancelled any more, as our book says you are already at the table."),
			booking.Completed: t("Esa reserva ya se cumplió, así que no se puede cambiar ni cancelar.",
				"That booking has already taken place, so it can't be changed or cancelled."),
			booking.Cancelled: t("Esa reserva ya está cancelada. Si quiere, le busco mesa de nuevo.",
				"That booking is already cancelled. If you like, I can look for a table again."),
			booking.NoShow: t("Esa reserva ya pasó y consta que no pudieron venir. Si quiere, le busco mesa para otro día.",
				"That booking has gone by, and our book says you couldn't make it. If you like, I can look for a table another day."),
			"": t("Esa reserva ya no se puede cambiar ni cancelar.", "That booking can't be changed or cancelled any more."),
		},
		Failed: t("Lo siento, ahora mismo no he podido hacerlo, y no ha quedado nada reservado ni cambiado. ¿Lo intentamos otra vez?",
			"I'm sorry, I couldn't do that just now, and nothing has been booked or changed. Shall we try again?"),
		StaysAsItWas: t("Su reserva sigue como estaba: {party}, {when}{place}.", "Your booking stays as it was: {party}, {when}{place}."),
		CallUs:       t("Si lo prefiere, llámenos al {phone}.", "If you prefer, call us on {phone}."),
		CallToAsk:    t("Si nos llama al {phone}, se lo aclaramos.", "If you call us on {phone}, we can tell you."),
		CallForRoom:  t("Si quiere, llámenos al {phone} y vemos si hay sitio.", "If you like, call us on {phone} and we'll see whether there is room."),
		Offer:        t("Le puedo ofrecer {list}.", "I can offer you {list}."),
		OfferOne:     t("¿Le viene bien?", "Would that suit you?"),
		OfferSeveral: t("¿Cuál prefiere?", "Which would you prefer?"),
	}
}

// details asks for a detail again.
type details struct {
	BetweenSlots, SeatingsUnderWay, NoSuchZone, Languages, Unchanged string
	Invalid                                                          string // where nothing better is known
	fields                                                           map[string]map[booking.Problem]string
}

func detailTexts(t pick) details {
	return details{
		BetweenSlots: t("Lo siento, {moment} no hay llegadas, porque sentamos cada {n} minutos.",
			"I'm sorry, {moment} nobody is seated, as guests arrive every {n} minutes."),
		SeatingsUnderWay: t("Lo siento, {moment} no hay llegadas, porque a esa hora los turnos ya están en marcha.",
			"I'm sorry, {moment} nobody is seated, as the seatings are under way by then."),
		NoSuchZone: t("Esa zona no la tenemos. Podemos sentarle {list}. ¿Dónde prefiere?",
			"We don't have that area. We can seat you {list}. Which would you prefer?"),
		Languages: t("Puedo atenderle en {list}.", "I can speak {list}."),
		Unchanged: t("¿Qué quiere cambiar de la reserva: el día, la hora, las personas o la zona?",
			"What would you like to change: the day, the time, the number of people or the area?"),
		Invalid: t("Perdone, no le he entendido bien. ¿Me lo repite?", "I'm sorry, I didn't quite get that. Could you say it again?"),
		fields: map[string]map[booking.Problem]string{
			"date": {
				booking.Missing: t("¿Para qué día sería?", "What day would it be for?"),
				"": t("Perdone, no he entendido bien el día. ¿Me dice el día y el mes?",
					"I'm sorry, I didn't quite get the day. Could you tell me the day and the month?"),
			},
			"time": {
				booking.Missing: t("¿A qué hora le viene bien?", "What time would suit you?"),
				"":              t("Perdone, no he entendido bien la hora. ¿Me la repite?", "I'm sorry, I didn't quite get the time. Could you say it again?"),
			},
			"party": {
				booking.Missing: t("¿Cuántas personas van a ser?", "How many of you will there be?"),
				"": t("Perdone, no he entendido para cuántas personas sería. ¿Me lo repite?",
					"I'm sorry, I didn't get how many people it is for. Could you say it again?"),
			},
			"zone": {
				booking.Missing: t("¿En qué zona prefiere sentarse?", "Where would you like to sit?"),
				"":              t("Perdone, no he entendido bien la zona. ¿Dónde prefiere sentarse?", "I'm sorry, I didn't quite get which area. Where would you like to sit?"),
			},
			"name": {
				booking.Missing: t("¿A qué nombre la apunto?", "What name shall I put it under?"),
				"":              t("Perdone, no he entendido bien el nombre. ¿Me lo repite?", "I'm sorry, I didn't quite get the name. Could you say it again?"),
				booking.TooLong: t("Es un nombre muy largo para el libro. ¿Me da solo el nombre y un apellido?",
					"That name is too long for the book. Could you give me just a first name and a surname?"),
				booking.BadText: t("El nombre me llega con caracteres que no puedo apuntar. ¿Me lo repite?",
					"The name reaches me with characters I can't write down. Could you say it again?"),
			},
			"phone": {
				booking.Missing: t("¿Me deja un teléfono de contacto?", "Could you leave me a contact number?"),
				"": t("Perdone, no he entendido bien el teléfono. ¿Me lo repite cifra por cifra?",
					"I'm sorry, I didn't quite get the number. Could you say it again, digit by digit?"),
				booking.NoMobile: t("A ese teléfono no podemos escribirle. ¿Me da un móvil?", "We can't write to that number. Could you give me a mobile?"),
			},
			"notes": {
				"": t("Perdone, no he entendido bien la nota. ¿Me la repite?", "I'm sorry, I didn't quite get the note. Could you say it again?"),
				booking.TooLong: t("La nota es muy larga para el libro. ¿Me la resume en una frase?",
					"The note is too long for the book. Could you sum it up in a sentence?"),
				booking.BadText: t("La nota me llega con caracteres que no puedo apuntar. ¿Me la repite?",
					"The note reaches me with characters I can't write down. Could you say it again?"),
			},
			"code": {
				booking.Missing: t("¿Me dice el código de la reserva?", "Could you tell me the booking's code?"),
				"": t("Perdone, no he entendido bien el código. ¿Me lo repite letra por letra?",
					"I'm sorry, I didn't quite get the code. Could you say it again, letter by letter?"),
				booking.Ambiguous: t("Tiene más de una reserva. ¿De qué día es la que busca?", "You have more than one booking. What day is the one you mean?"),
			},
			"confirmed": {"": t("Perdone, ¿mantiene la reserva, sí o no?", "I'm sorry, are you keeping the booking, yes or no?")},
			"email": {
				"": t("Perdone, no he entendido bien el correo. ¿Me lo repite?", "I'm sorry, I didn't quite get the e-mail address. Could you say it again?"),
			},
		},
	}
}
