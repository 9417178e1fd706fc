package catalogue

import (
	"maps"
	"strings"
	"unicode"
	"unicode/utf8"

	"maitre/booking"
)

// spanish returns the Spanish of the desk: usted, as a receptionist says it on the phone.
func spanish() language {
	words := language{
		weekdays:       [7]string{"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"},
		weekdayPlurals: [7]string{"domingos", "lunes", "martes", "miércoles", "jueves", "viernes", "sábados"},
		months: [12]string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto",
			"septiembre", "octubre", "noviembre", "diciembre"},
		languages:   map[booking.Lang]string{booking.Spanish: "español", booking.English: "inglés"},
		and:         spanishAnd,
		or:          " o ",
		mindsOne:    true,
		zone:        spanishZone,
		countryCode: "", // within Spain numbers are said without theirs
		reasonFor:   []string{"por ", "porque ", "debido ", "con motivo "},
		closed:      []string{"cerrado ", "cerrada ", "cerrados ", "cerramos ", "estamos cerrados "},
		meal:        spanishMeal,
		common:      spanishCommon,
		messages: map[string]string{
			pieceDay:           "el {weekday} {d} de {month}",
			pieceDayYear:       "el {weekday} {d} de {month} de {year}",
			pieceToday:         "hoy, {weekday} {d} de {month},",
			pieceTomorrow:      "mañana, {weekday} {d} de {month},",
			pieceNight:         "la noche del {weekday} {d} de {month},",
			pieceNightYear:     "la noche del {weekday} {d} de {month} de {year},",
			pieceTonight:       "esta noche, la del {weekday} {d} de {month},",
			pieceTomorrowNight: "mañana por la noche, la del {weekday} {d} de {month},",
			pieceThen:          "ese día",
			pieceOn:            "{day}",
			pieceAt:            "a las {time}",
			pieceAtOne:         "a la {time}",
			pieceMidnight:      "pasada la medianoche, {times}",
			pieceUntil:         "hasta las {time}",
			pieceUntilOne:      "hasta la {time}",
			pieceSpan:          "de {from} a {to}",
			pieceSameDay:       "ese mismo día",
			pieceSameNight:     "esa misma noche",
			pieceOnePerson:     "una persona",
			piecePeople:        "{n} personas",
			pieceNamed:         " a nombre de {name}",
			piecePlace:         ", {zone}",
			pieceThere:         " {zone}",
			pieceMeal:          "{service} {times}",
			pieceForMeal:       "para {service}, {times}",
			pieceSeatings:      "{service} en {n} turnos, {times}",
			pieceWeekdays:      "los {list}",
			pieceWeekdayRange:  "de {from} a {to}",
			pieceEveryDay:      "todos los días",
			pieceItem:          "{party}, {when}{place}",
			pieceToConfirm:     ", todavía por confirmar",
			pieceProcessing:    ", que se está procesando",
			pieceCoded:         ", con el código {code}",
			pieceOneMore:       "otra más adelante",
			pieceMore:          "otras {n} más adelante",
			pieceReason:        ": {reason}",
			pieceReasonFor:     " {reason}",

			sayBooked:            "Su mesa queda reservada{named}: {party}, {when}{place}.",
			sayPreBooked:         "Le guardamos una mesa{named}: {party}, {when}{place}.",
			sayApplied:           "Su mesa queda apuntada{named}: {party}, {when}{place}.",
			sayProcessing:        "La reserva se está procesando y le escribimos en cuanto esté en el libro.",
			sayProcessingNoPhone: "La reserva se está procesando; como no tenemos su teléfono, puede volver a preguntarnos por ella dentro de un rato.",
			sayProcessingSilent:  "La reserva se está procesando; puede volver a preguntarnos por ella dentro de un rato.",
			sayConfirmLater:      "Después nos faltará solo su visto bueno.",
			sayNeedsYes:          "Para que quede en firme, falta que nos la confirme.",
			sayNeedsAnswer:       "Para que quede en firme, le escribimos al móvil: responda SÍ.",
			sayWord:              "Le aviso de un detalle: {word}.",
			sayUntil:             "La mesa es suya {until}, porque después la ocupa otro turno.",
			sayCode:              "Su código es {code}.",
			sayCodeStays:         "Su código sigue siendo {code}.",
			saySeeYou:            "Le esperamos.",
			sayNote:              "Anoto: {notes}.",
			sayNoted:             "Tenemos anotado: {notes}.",
			sayThanks:            "Gracias por avisarnos, y hasta otra ocasión.",

			sayChanged:          "El cambio está hecho: su reserva{named} es ahora para {party}, {when}{place}.",
			sayChangePending:    "El cambio queda apuntado: su reserva{named} pasa a ser para {party}, {when}{place}.",
			sayChangeProcessing: "El cambio se está procesando y le escribimos en cuanto esté en el libro.",
			sayChangeNoPhone:    "El cambio se está procesando; como no tenemos su teléfono, puede volver a preguntarnos por él dentro de un rato.",
			sayChangeSilent:     "El cambio se está procesando; puede volver a preguntarnos por él dentro de un rato.",
			sayCancelled:        "Su reserva{named} para {party}, {when}, queda cancelada.",
			sayCancelPending:    "Apuntamos que cancela su reserva{named} para {party}, {when}.",
			sayCancelProcessing: "La cancelación se está procesando y le escribimos en cuanto esté en el libro.",
			sayCancelNoPhone:    "La cancelación se está procesando; como no tenemos su teléfono, puede volver a preguntarnos por ella dentro de un rato.",
			sayCancelSilent:     "La cancelación se está procesando; puede volver a preguntarnos por ella dentro de un rato.",
			sayConfirmed:        "Gracias, su reserva{named} queda confirmada: {party}, {when}{place}.",
			sayConfirmPending:   "Gracias, apuntamos que mantiene su reserva{named}: {party}, {when}{place}.",
			sayDeclined:         "De acuerdo, su reserva{named} para {party}, {when}, queda cancelada y dejamos libre la mesa.",
			sayDeclinePending:   "De acuerdo, apuntamos que no mantiene su reserva{named} para {party}, {when}.",

			sayRepeated:          "Esta reserva ya la teníamos hecha{named}: {party}, {when}{place}.",
			sayRepeatedPending:   "Esta reserva ya la teníamos apuntada{named}: {party}, {when}{place}.",
			sayRepeatedPreBooked: "Esta mesa ya se la estábamos guardando{named}: {party}, {when}{place}.",
			sayRepeatedConfirmed: "Su reserva{named} ya estaba confirmada: {party}, {when}{place}.",
			sayRepeatedChanged:   "Su reserva{named} ya estaba así: {party}, {when}{place}.",
			sayRepeatedCancelled: "Su reserva{named} para {party}, {when}, ya estaba cancelada.",

			sayFoundNone: "No encuentro ninguna reserva de hoy en adelante con esos datos. Si la hizo con otro teléfono, dígame el código.",
			sayFoundOne:  "Tiene una reserva{named}: {party}, {when}{place}.",
			sayFoundMany: "Tiene {n} reservas: {list}.",
			sayChoose:    "¿De cuál me habla?",

			sayStatus + "processing": "Todavía se está procesando.",
			sayStatus + "pre_booked": "Para que quede en firme, falta que nos la confirme.",
			sayStatus + "confirmed":  "Está confirmada.",
			sayStatus + "seated":     "Consta que ya están sentados a la mesa.",
			sayStatus + "completed":  "Ya se ha cumplido.",
			sayStatus + "cancelled":  "Está cancelada.",
			sayStatus + "no_show":    "Consta que no pudieron venir.",

			sayOffered:        "Sí, tenemos mesa para {party} {moment}{place}.",
			sayOfferedAlso:    "También podría ser {list}.",
			sayShallI:         "¿Se la reservo?",
			saySlots:          "{moment} tenemos mesa para {party}{there}: {list}.",
			saySlotsElsewhere: "{moment} no nos queda mesa para {party}{there}, pero sí en otra zona: {list}.",
			saySlotsNone:      "Lo siento, {moment} ya no nos queda mesa para {party}{there}.",
			sayWhichTime:      "¿A qué hora le viene bien?",

			sayFull:            "Lo siento, {moment} ya no nos queda mesa para {party}{there}.",
			sayBetweenSeatings: "Lo siento, {moment} no podemos dar mesa, porque ese servicio va por turnos.",
			sayClosed:          "Lo siento, {moment} tenemos la cocina cerrada{reason}.",
			sayClosedDay:       "Lo siento, {moment} no abrimos{reason}.",
			sayServedThatDay:   "Ese día servimos {list}.",
			sayPast:            "Lo siento, no puedo apuntarle para {when}, porque ya ha pasado.",
			sayTooSoon:         "Lo siento, con tan poco tiempo ya no puedo apuntarle para {when}.",
			sayTooFar:          "Para {when} todavía no hemos abierto el libro de reservas.",
			sayTooFarUntil:     "Para {when} todavía no hemos abierto el libro: hoy por hoy llega hasta {last}.",
			sayTooLarge:        "De los grupos grandes se encarga directamente el equipo de la casa.",
			sayTooLargeLimit:   "De los grupos de más de {party} se encarga directamente el equipo de la casa.",
			sayAskTeam:         "Pregunte por ellos en el restaurante y se lo preparan.",
			sayCallTeam:        "Si les llama al {phone}, se lo preparan.",
			sayNotFound:        "No encuentro esa reserva. ¿Me da el código o el teléfono con el que se hizo?",
			sayNotFoundCode:    "No encuentro ninguna reserva con ese código y este teléfono. ¿Me repite el código letra por letra? Si la hizo con otro teléfono, dígame también cuál.",
			sayNotFoundPhone:   "No encuentro ninguna reserva de hoy en adelante con ese teléfono. Si tiene el código, dígamelo y la busco.",
			sayNotAllowed:      "Lo siento, con esa reserva no puedo hacer eso.",
			sayOtherNumber:     "Para mirar una reserva hecha con otro teléfono necesito también su código. ¿Lo tiene a mano?",
			sayDoubled:         "Con ese teléfono ya tenemos una reserva para {party}, {when}.",
			sayDoubledCall:     "Si quiere otra mesa más o cambiar la que tiene, llámenos al {phone}.",
			sayLifeOver:        "Esa reserva ya no se puede cambiar ni cancelar.",

			sayLifeOverIs + "seated":    "Esa reserva ya no se puede cambiar ni cancelar, porque consta que ya están sentados a la mesa.",
			sayLifeOverIs + "completed": "Esa reserva ya se cumplió, así que no se puede cambiar ni cancelar.",
			sayLifeOverIs + "cancelled": "Esa reserva ya está cancelada. Si quiere, le busco mesa de nuevo.",
			sayLifeOverIs + "no_show":   "Esa reserva ya pasó y consta que no pudieron venir. Si quiere, le busco mesa para otro día.",

			sayInvalid:                      "Perdone, no le he entendido bien. ¿Me lo repite?",
			sayInvalid + ".date.missing":    "¿Para qué día sería?",
			sayInvalid + ".date":            "Perdone, no he entendido bien el día. ¿Me dice el día y el mes?",
			sayInvalid + ".time.missing":    "¿A qué hora le viene bien?",
			sayInvalid + ".time":            "Perdone, no he entendido bien la hora. ¿Me la repite?",
			sayInvalidAt:                    "Lo siento, {moment} no hay llegadas, porque sentamos cada {n} minutos.",
			sayInvalidTurn:                  "Lo siento, {moment} no hay llegadas, porque a esa hora los turnos ya están en marcha.",
			sayInvalid + ".party.missing":   "¿Cuántas personas van a ser?",
			sayInvalid + ".party":           "Perdone, no he entendido para cuántas personas sería. ¿Me lo repite?",
			sayInvalid + ".zone.missing":    "¿En qué zona prefiere sentarse?",
			sayInvalid + ".zone":            "Perdone, no he entendido bien la zona. ¿Dónde prefiere sentarse?",
			sayInvalidZone:                  "Esa zona no la tenemos. Podemos sentarle {list}. ¿Dónde prefiere?",
			sayInvalid + ".name.missing":    "¿A qué nombre la apunto?",
			sayInvalid + ".name":            "Perdone, no he entendido bien el nombre. ¿Me lo repite?",
			sayInvalid + ".name.too_long":   "Es un nombre muy largo para el libro. ¿Me da solo el nombre y un apellido?",
			sayInvalid + ".name.bad_text":   "El nombre me llega con caracteres que no puedo apuntar. ¿Me lo repite?",
			sayInvalid + ".phone.missing":   "¿Me deja un teléfono de contacto?",
			sayInvalid + ".phone":           "Perdone, no he entendido bien el teléfono. ¿Me lo repite cifra por cifra?",
			sayInvalid + ".phone.no_mobile": "A ese teléfono no podemos escribirle. ¿Me da un móvil?",
			sayInvalid + ".notes":           "Perdone, no he entendido bien la nota. ¿Me la repite?",
			sayInvalid + ".notes.too_long":  "La nota es muy larga para el libro. ¿Me la resume en una frase?",
			sayInvalid + ".notes.bad_text":  "La nota me llega con caracteres que no puedo apuntar. ¿Me la repite?",
			sayInvalid + ".code.missing":    "¿Me dice el código de la reserva?",
			sayInvalid + ".code":            "Perdone, no he entendido bien el código. ¿Me lo repite letra por letra?",
			sayInvalid + ".code.ambiguous":  "Tiene más de una reserva. ¿De qué día es la que busca?",
			sayInvalid + ".confirmed":       "Perdone, ¿mantiene la reserva, sí o no?",
			sayInvalidLang:                  "Puedo atenderle en {list}.",
			sayInvalid + ".email":           "Perdone, no he entendido bien el correo. ¿Me lo repite?",
			sayUnchanged:                    "¿Qué quiere cambiar de la reserva: el día, la hora, las personas o la zona?",

			sayFailed:       "Lo siento, ahora mismo no he podido hacerlo, y no ha quedado nada reservado ni cambiado. ¿Lo intentamos otra vez?",
			sayCallUs:       "Si lo prefiere, llámenos al {phone}.",
			sayCallToAsk:    "Si nos llama al {phone}, se lo aclaramos.",
			sayCallForRoom:  "Si quiere, llámenos al {phone} y vemos si hay sitio.",
			sayOffer:        "Le puedo ofrecer {list}.",
			sayOfferOne:     "¿Le viene bien?",
			sayOfferSeveral: "¿Cuál prefiere?",
			sayAnotherDay:   "¿Quiere que miremos otro día?",
			sayStanding:     "Su reserva sigue como estaba: {party}, {when}{place}.",

			sayHours:        "{moment} servimos {list}.",
			sayHoursClosed:  "{moment} no abrimos{reason}.",
			sayArrivals:     "Son las horas de llegada.",
			sayKitchen:      "Son las horas de llegada; la cocina cierra {times}.",
			sayHoliday:      "Es festivo: {holiday}.",
			sayDayNotice:    "Un aviso para ese día: {reason}.",
			sayWeek:         "{days} servimos {list}.",
			sayWeekClosed:   "{days} cerramos.",
			sayWeekHolidays: "En festivos y vísperas puede cambiar, así que pregúnteme por el día que le interese.",
			sayInfoAddress:  "{house} está en {address}.",
			sayInfoPhone:    "Nuestro teléfono es el {phone}.",
			sayInfoWhat:     "¿Qué le gustaría saber?",
			sayInfoUnknown:  "Eso no lo tengo apuntado y prefiero no equivocarme.",
			sayMoment:       "Un momento, por favor.",
			saySoon:         "Enseguida se lo digo.",
			sayNotLooked:    "Perdone, ahora mismo no puedo consultarlo. ¿Quiere que lo intente otra vez?",
			sayNotSure:      "Perdone, no me consta si ha quedado hecho. ¿Lo compruebo?",
			sayGreeting:     "Hola, ha llamado a {house}. Soy el asistente automático de reservas. ¿En qué puedo ayudarle?",
			sayNoWaitlist:   "Todavía no llevamos lista de espera, pero puedo buscarle otra hora u otro día. ¿Lo miramos?",

			sayListed:       "Queda en la lista de espera{named}: {party}, {when}{place}.",
			sayListedBefore: "Ya estaba en la lista de espera{named}: {party}, {when}{place}.",
			sayWillOffer:    "Si queda libre una mesa, le escribimos al móvil y se la guardamos unos minutos.",
			sayListFull:     "Lo siento, en la lista de espera de ese día ya no cabe nadie más.",
			sayAlsoWaits:    "Y está en la lista de espera para {party}, {when}{place}.",
			sayEither:       "¿Qué quiere cancelar: la reserva, o la espera?",

			pieceGuest:    ", {name}",
			pieceNoName:   "alguien sin nombre",
			pieceOneWait:  "una reserva espera",
			pieceWait:     "{n} reservas esperan",
			pieceOneIn:    "una reserva pasada al libro",
			pieceIn:       "{n} reservas pasadas al libro",
			pieceOnePair:  "otra pareja",
			piecePairs:    "otras {n} parejas",
			pieceOneValue: "un dato guardado no se puede leer y se ha apartado entero",
			pieceValues:   "{n} datos guardados no se pueden leer y se han apartado enteros",
			pieceOneAsks:  "una necesita que la mire una persona",
			pieceAsk:      "{n} necesitan que las mire una persona",

			writeBooked:    "Hola{guest}: su reserva en {house} ya está en el libro, para {party}, {when}{place}.",
			writeChanged:   "Hola{guest}: el cambio de su reserva en {house} ya está en el libro. Ahora es para {party}, {when}{place}.",
			writeCancelled: "Hola{guest}: su reserva en {house} para {party}, {when}, queda cancelada.",
			writeCall:      "Hola{guest}: sentimos mucho no haber podido mantener su reserva en {house} para {party}, {when}. Una persona del equipo le llamará para buscarle otra mesa.",
			writeNotDone:   "Hola{guest}: no hemos podido hacer lo que nos pidió con su reserva en {house} ({party}, {when}), porque el restaurante la había cambiado mientras tanto. Una persona del equipo le llamará.",
			writeReminder:  "Hola{guest}: le recordamos su reserva en {house} para {party}, {when}{place}.",
			writeIfNot:     "Si al final no puede venir, avísenos y daremos la mesa a otros.",
			writeConfirm:   "Hola{guest}: le guardamos una mesa en {house} para {party}, {when}{place}.",
			writeAnswer:    "¿Nos la confirma? Responda SÍ, o NO si no puede venir.",

			writeTableFree: "Hola{guest}: ha quedado libre una mesa en {house} para {party}, {when}{place}.",
			writeHeld:      "Se la guardamos {until}. ¿La quiere? Responda SÍ o NO.",

			alertCall:         "Aviso de reservas: {name} quiere que le llamen, en el {phone}.",
			alertSaid:         "Ha escrito: «{said}».",
			alertUnheard:      "Aviso de reservas: la de {name}, {party}, {when}{place}, espera a que diga que sí, y el mensaje en que se le pide no le ha llegado. Hay que llamar al {phone}.",
			alertOverlap:      "Aviso de reservas: la mesa {table} está dada a la vez a {name}, {party}, {when}, y a {name2}, {party2}, {when2}. Hay que dar otra mesa a una de las dos.",
			alertOverlaps:     "Y hay {more} así.",
			alertSeeBoth:      "En {link} puede verlas.",
			alertData:         "Aviso de reservas: {values}. Lo demás sigue funcionando.",
			alertDataBookings: "Entre lo apartado hay reservas, y sus mesas pueden darse a otros: mírelo cuanto antes.",
			alertSeeWhat:      "En {link}, Pendientes, dice qué hacer.",
			alertFirst:        "Aviso de reservas: la de {name}, {party}, {when}{place}, todavía no está en el libro.",
			alertSee:          "En {link} puede verla.",
			alertDigest:       "Aviso de reservas: {waiting} a pasar al libro.",
			alertDigestBoth:   "Aviso de reservas: {waiting} a pasar al libro. Además, {asking}.",
			alertDigestAsk:    "Aviso de reservas: de las que no están en el libro, {asking}.",
			alertRecovered:    "Reservas, recuperado: {written}; {asking}.",
			alertRecoveredAll: "Reservas, recuperado: {written}, y no queda ninguna pendiente.",
			alertSeeAll:       "En {link} están todas.",
			troubleDown:       "El libro no responde; se sigue intentando.",
			troubleRefused:    "El libro no la acepta tal como está, y hay que arreglarlo a mano.",
			troubleAccess:     "El libro no nos deja entrar: hay que revisar el acceso.",
			troubleTaken:      "Su mesa se ha dado a otros mientras tanto, y no queda otra libre: hay que llamar al cliente.",
			troublePast:       "Su hora ya ha pasado, así que ya no se apunta sola.",
			troubleChanged:    "El equipo la cambió o la borró en Airtable mientras el cliente pedía otra cosa: hay que decidir qué vale y llamar al cliente.",
			troubleMissing:    "Ha desaparecido de Airtable junto con otras. Sus mesas siguen guardadas: diga si se recuperan o se dejan ir.",
			troubleOther:      "No sabemos por qué.",
		},
	}
	maps.Copy(words.messages, spanishChat())
	return words
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

// spanishZone makes "la terraza" and "en la terraza" of whichever of "terraza",
// "la terraza" and "en la terraza" the owner wrote.
func spanishZone(name string) (bare, in string) {
	name = lowerFirst(name)
	first, rest, _ := strings.Cut(name, " ")
	switch first {
	case "en", "junto", "al", "bajo", "sobre":
		return strings.TrimPrefix(name, "en "), name
	case "el", "la", "los", "las":
		return name, "en " + name
	}
	bare = spanishArticle(first) + " " + strings.TrimSpace(first+" "+rest)
	return bare, "en " + bare
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
