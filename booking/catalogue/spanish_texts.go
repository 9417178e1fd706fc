package catalogue

import "maitre/booking"

func spanishPieces() pieces {
	return pieces{
		Date:     byDay{"el {weekday} {d} de {month}", "la noche del {weekday} {d} de {month},"},
		DateYear: byDay{"el {weekday} {d} de {month} de {year}", "la noche del {weekday} {d} de {month} de {year},"},
		Today:    byDay{"hoy, {weekday} {d} de {month},", "esta noche, la del {weekday} {d} de {month},"},
		Tomorrow: byDay{"mañana, {weekday} {d} de {month},", "mañana por la noche, la del {weekday} {d} de {month},"},
		Same:     byDay{"ese mismo día", "esa misma noche"},
		ThatDay:  "ese día", OnDay: "{day}",
		At: number{"a la {time}", "a las {time}"}, Until: number{"hasta la {time}", "hasta las {time}"},
		Span: "de {from} a {to}", AfterMidnight: "pasada la medianoche, {times}",
		People: number{"una persona", "{n} personas"}, Named: " a nombre de {name}",
		Place: ", {zone}", There: " {zone}",
		Meal: "{service} {times}", ForMeal: "para {service}, {times}", Seatings: "{service} en {n} turnos, {times}",
		Weekdays: "los {list}", WeekdayRange: "de {from} a {to}", EveryDay: "todos los días",
		Item: "{party}, {when}{place}", Coded: ", con el código {code}",
		ToConfirm: ", todavía por confirmar", InProcess: ", que se está procesando",
		More:         number{"otra más adelante", "otras {n} más adelante"},
		OffersFollow: "Le puedo ofrecer:", BookingsFollow: "Tiene {n} reservas:",
		Reason: ": {reason}", ReasonFor: " {reason}",
		Guest: ", {name}", NoName: "alguien sin nombre",
		Waiting: number{"una reserva espera", "{n} reservas esperan"},
		InBook:  number{"una reserva pasada al libro", "{n} reservas pasadas al libro"},
		Asking:  number{"una necesita que la mire una persona", "{n} necesitan que las mire una persona"},
		Pairs:   number{"otra pareja", "otras {n} parejas"},
		Values:  number{"un dato guardado no se puede leer y se ha apartado entero", "{n} datos guardados no se pueden leer y se han apartado enteros"},
	}
}

func spanishResults() results {
	return results{
		Booked:       "Su mesa queda reservada{named}: {party}, {when}{place}.",
		Held:         "Le guardamos una mesa{named}: {party}, {when}{place}.",
		BookPending:  "Su mesa queda apuntada{named}: {party}, {when}{place}.",
		ConfirmLater: "Después nos faltará solo su visto bueno.",
		NeedsYes:     "Para que quede en firme, falta que nos la confirme.",
		NeedsAnswer:  "Para que quede en firme, le escribimos al móvil: responda SÍ.",
		NeedsWord:    "Le aviso de un detalle: {word}.",
		YoursUntil:   "La mesa es suya {until}, porque después la ocupa otro turno.",
		Code:         "Su código es {code}.", CodeStays: "Su código sigue siendo {code}.", SeeYou: "Le esperamos.",
		Note: "Anoto: {notes}.", Noted: "Tenemos anotado: {notes}.",
		Thanks:            "Gracias por avisarnos, y hasta otra ocasión.",
		Changed:           "El cambio está hecho: su reserva{named} es ahora para {party}, {when}{place}.",
		ChangePending:     "El cambio queda apuntado: su reserva{named} pasa a ser para {party}, {when}{place}.",
		Cancelled:         "Su reserva{named} para {party}, {when}, queda cancelada.",
		CancelPending:     "Apuntamos que cancela su reserva{named} para {party}, {when}.",
		Confirmed:         "Gracias, su reserva{named} queda confirmada: {party}, {when}{place}.",
		ConfirmPending:    "Gracias, apuntamos que mantiene su reserva{named}: {party}, {when}{place}.",
		Declined:          "De acuerdo, su reserva{named} para {party}, {when}, queda cancelada y dejamos libre la mesa.",
		DeclinePending:    "De acuerdo, apuntamos que no mantiene su reserva{named} para {party}, {when}.",
		Repeated:          "Esta reserva ya la teníamos hecha{named}: {party}, {when}{place}.",
		RepeatedPending:   "Esta reserva ya la teníamos apuntada{named}: {party}, {when}{place}.",
		RepeatedHeld:      "Esta mesa ya se la estábamos guardando{named}: {party}, {when}{place}.",
		RepeatedConfirmed: "Su reserva{named} ya estaba confirmada: {party}, {when}{place}.",
		RepeatedChanged:   "Su reserva{named} ya estaba así: {party}, {when}{place}.",
		RepeatedCancelled: "Su reserva{named} para {party}, {when}, ya estaba cancelada.",
		Booking: processing{
			"La reserva se está procesando y le escribimos en cuanto esté en el libro.",
			"La reserva se está procesando; como no tenemos su teléfono, puede volver a preguntarnos por ella dentro de un rato.",
			"La reserva se está procesando; puede volver a preguntarnos por ella dentro de un rato.",
		},
		Change: processing{
			"El cambio se está procesando y le escribimos en cuanto esté en el libro.",
			"El cambio se está procesando; como no tenemos su teléfono, puede volver a preguntarnos por él dentro de un rato.",
			"El cambio se está procesando; puede volver a preguntarnos por él dentro de un rato.",
		},
		Cancellation: processing{
			"La cancelación se está procesando y le escribimos en cuanto esté en el libro.",
			"La cancelación se está procesando; como no tenemos su teléfono, puede volver a preguntarnos por ella dentro de un rato.",
			"La cancelación se está procesando; puede volver a preguntarnos por ella dentro de un rato.",
		},
	}
}

func spanishReadings() readings {
	return readings{
		FoundNone: "No encuentro ninguna reserva de hoy en adelante con esos datos. Si la hizo con otro teléfono, dígame el código.",
		FoundOne:  "Tiene una reserva{named}: {party}, {when}{place}.",
		FoundMany: "Tiene {n} reservas: {list}.", Choose: "¿De cuál me habla?",
		statuses: map[booking.Status]string{
			booking.Processing: "Todavía se está procesando.",
			booking.PreBooked:  "Para que quede en firme, falta que nos la confirme.",
			booking.Confirmed:  "Está confirmada.",
			booking.Seated:     "Consta que ya están sentados a la mesa.",
			booking.Completed:  "Ya se ha cumplido.",
			booking.Cancelled:  "Está cancelada.",
			booking.NoShow:     "Consta que no pudieron venir.",
		},
		Offered:        "Sí, tenemos mesa para {party} {moment}{place}.",
		OfferedAlso:    "También podría ser {list}.",
		Slots:          "{moment} tenemos mesa para {party}{there}: {list}.",
		SlotsElsewhere: "{moment} no nos queda mesa para {party}{there}, pero sí en otra zona: {list}.",
		WhichTime:      "¿A qué hora le viene bien?",
	}
}

func spanishRefusals() refusals {
	return refusals{
		Full:            "Lo siento, {moment} ya no nos queda mesa para {party}{there}.",
		BetweenSeatings: "Lo siento, {moment} no podemos dar mesa, porque ese servicio va por turnos.",
		Closed:          "Lo siento, {moment} tenemos la cocina cerrada{reason}.",
		ClosedDay:       "Lo siento, {moment} no abrimos{reason}.",
		ServedThatDay:   "Ese día servimos {list}.",
		Past:            "Lo siento, no puedo apuntarle para {when}, porque ya ha pasado.",
		TooSoon:         "Lo siento, con tan poco tiempo ya no puedo apuntarle para {when}.",
		TooFar:          "Para {when} todavía no hemos abierto el libro de reservas.",
		TooFarUntil:     "Para {when} todavía no hemos abierto el libro: hoy por hoy llega hasta {last}.",
		TooLarge:        "De los grupos grandes se encarga directamente el equipo de la casa.",
		TooLargeLimit:   "De los grupos de más de {party} se encarga directamente el equipo de la casa.",
		AskTeam:         "Pregunte por ellos en el restaurante y se lo preparan.",
		CallTeam:        "Si les llama al {phone}, se lo preparan.",
		NotAllowed:      "Lo siento, con esa reserva no puedo hacer eso.",
		OtherNumber:     "Para mirar una reserva hecha con otro teléfono necesito también su código. ¿Lo tiene a mano?",
		Doubled:         "Con ese teléfono ya tenemos una reserva para {party}, {when}.",
		DoubledCall:     "Si quiere otra mesa más o cambiar la que tiene, llámenos al {phone}.",
		notFound: map[string]string{
			"code":  "No encuentro ninguna reserva con ese código y este teléfono. ¿Me repite el código letra por letra? Si la hizo con otro teléfono, dígame también cuál.",
			"phone": "No encuentro ninguna reserva de hoy en adelante con ese teléfono. Si tiene el código, dígamelo y la busco.",
			"":      "No encuentro esa reserva. ¿Me da el código o el teléfono con el que se hizo?",
		},
		lifeOver: map[booking.Status]string{
			booking.Seated:    "Esa reserva ya no se puede cambiar ni cancelar, porque consta que ya están sentados a la mesa.",
			booking.Completed: "Esa reserva ya se cumplió, así que no se puede cambiar ni cancelar.",
			booking.Cancelled: "Esa reserva ya está cancelada. Si quiere, le busco mesa de nuevo.",
			booking.NoShow:    "Esa reserva ya pasó y consta que no pudieron venir. Si quiere, le busco mesa para otro día.",
			"":                "Esa reserva ya no se puede cambiar ni cancelar.",
		},
		Failed:       "Lo siento, ahora mismo no he podido hacerlo, y no ha quedado nada reservado ni cambiado. ¿Lo intentamos otra vez?",
		StaysAsItWas: "Su reserva sigue como estaba: {party}, {when}{place}.",
		CallUs:       "Si lo prefiere, llámenos al {phone}.",
		CallToAsk:    "Si nos llama al {phone}, se lo aclaramos.",
		CallForRoom:  "Si quiere, llámenos al {phone} y vemos si hay sitio.",
		Offer:        "Le puedo ofrecer {list}.", OfferOne: "¿Le viene bien?", OfferSeveral: "¿Cuál prefiere?",
	}
}

func spanishInvalid() invalid {
	return invalid{
		BetweenSlots:     "Lo siento, {moment} no hay llegadas, porque sentamos cada {n} minutos.",
		SeatingsUnderWay: "Lo siento, {moment} no hay llegadas, porque a esa hora los turnos ya están en marcha.",
		NoSuchZone:       "Esa zona no la tenemos. Podemos sentarle {list}. ¿Dónde prefiere?",
		Languages:        "Puedo atenderle en {list}.",
		Unchanged:        "¿Qué quiere cambiar de la reserva: el día, la hora, las personas o la zona?",
		Invalid:          "Perdone, no le he entendido bien. ¿Me lo repite?",
		fields: map[string]map[booking.Problem]string{
			"date":  {booking.Missing: "¿Para qué día sería?", "": "Perdone, no he entendido bien el día. ¿Me dice el día y el mes?"},
			"time":  {booking.Missing: "¿A qué hora le viene bien?", "": "Perdone, no he entendido bien la hora. ¿Me la repite?"},
			"party": {booking.Missing: "¿Cuántas personas van a ser?", "": "Perdone, no he entendido para cuántas personas sería. ¿Me lo repite?"},
			"zone":  {booking.Missing: "¿En qué zona prefiere sentarse?", "": "Perdone, no he entendido bien la zona. ¿Dónde prefiere sentarse?"},
			"name": {
				booking.Missing: "¿A qué nombre la apunto?", "": "Perdone, no he entendido bien el nombre. ¿Me lo repite?",
				booking.TooLong: "Es un nombre muy largo para el libro. ¿Me da solo el nombre y un apellido?",
				booking.BadText: "El nombre me llega con caracteres que no puedo apuntar. ¿Me lo repite?",
			},
			"phone": {
				booking.Missing: "¿Me deja un teléfono de contacto?", "": "Perdone, no he entendido bien el teléfono. ¿Me lo repite cifra por cifra?",
				booking.NoMobile: "A ese teléfono no podemos escribirle. ¿Me da un móvil?",
			},
			"notes": {
				"": "Perdone, no he entendido bien la nota. ¿Me la repite?", booking.TooLong: "La nota es muy larga para el libro. ¿Me la resume en una frase?",
				booking.BadText: "La nota me llega con caracteres que no puedo apuntar. ¿Me la repite?",
			},
			"code": {
				booking.Missing: "¿Me dice el código de la reserva?", "": "Perdone, no he entendido bien el código. ¿Me lo repite letra por letra?",
				booking.Ambiguous: "Tiene más de una reserva. ¿De qué día es la que busca?",
			},
			"confirmed": {"": "Perdone, ¿mantiene la reserva, sí o no?"},
			"email":     {"": "Perdone, no he entendido bien el correo. ¿Me lo repite?"},
		},
	}
}

func spanishAbout() about {
	return about{
		Hours:       "{moment} servimos {list}.",
		HoursClosed: "{moment} no abrimos{reason}.",
		Arrivals:    "Son las horas de llegada.",
		Kitchen:     "Son las horas de llegada; la cocina cierra {times}.",
		Holiday:     "Es festivo: {holiday}.",
		DayNotice:   "Un aviso para ese día: {reason}.",
		Week:        "{days} servimos {list}.", WeekClosed: "{days} cerramos.",
		WeekHolidays: "En festivos y vísperas puede cambiar, así que pregúnteme por el día que le interese.",
		Address:      "{restaurant} está en {address}.", Phone: "Nuestro teléfono es el {phone}.",
		WhatToKnow:     "¿Qué le gustaría saber?",
		NotWrittenDown: "Eso no lo tengo apuntado y prefiero no equivocarme.",
		Greeting:       "Hola, ha llamado a {restaurant}. Soy el asistente automático de reservas. ¿En qué puedo ayudarle?",
		Moment:         "Un momento, por favor.", Soon: "Enseguida se lo digo.",
		NotLooked:    "Perdone, ahora mismo no puedo consultarlo. ¿Quiere que lo intente otra vez?",
		NoWaitlist:   "Todavía no llevamos lista de espera, pero puedo buscarle otra hora u otro día. ¿Lo miramos?",
		Listed:       "Queda en la lista de espera{named}: {party}, {when}{place}.",
		ListedBefore: "Ya estaba en la lista de espera{named}: {party}, {when}{place}.",
		WillOffer:    "Si queda libre una mesa, le escribimos al móvil y se la guardamos unos minutos.",
		ListFull:     "Lo siento, en la lista de espera de ese día ya no cabe nadie más.",
		AlsoWaits:    "Y está en la lista de espera para {party}, {when}{place}.",
		Either:       "¿Qué quiere cancelar: la reserva, o la espera?",
	}
}

func spanishChat() chat {
	return chat{
		Hello:     "Hola, soy el asistente automático de reservas de {restaurant}.",
		HowToHelp: "¿En qué puedo ayudarle?",
		ReadBack:  "Sería una mesa{named}: {party}, {when}{place}.",
		ThatName:  "¿Se la reservo a ese nombre?",
		Now:       "Su reserva{named} es para {party}, {when}{place}.",
		Then:      "Pasaría a ser para {party}, {when}{place}.",
		ThenNamed: "Quedaría{named}.",
		ChangeIt:  "¿La cambio?", NoteIt: "¿Lo apunto en la reserva?",
		CancelIt: "¿Cancelo su reserva{named} para {party}, {when}?",
		KeepIt:   "¿Se la guardamos? Responda SÍ o NO.",
		CallMe:   "¿Quiere que le llamen a este número?",
		WillCall: "Queda avisado el equipo: una persona de {restaurant} le llamará a este número.",
		Hurry:    "Si le corre prisa, llámenos al {phone}.",
	}
}

func spanishMessages() messages {
	return messages{
		NowBooked:    "Hola{guest}: su reserva en {restaurant} ya está en el libro, para {party}, {when}{place}.",
		NowChanged:   "Hola{guest}: el cambio de su reserva en {restaurant} ya está en el libro. Ahora es para {party}, {when}{place}.",
		NowCancelled: "Hola{guest}: su reserva en {restaurant} para {party}, {when}, queda cancelada.",
		NotKept:      "Hola{guest}: sentimos mucho no haber podido mantener su reserva en {restaurant} para {party}, {when}. Una persona del equipo le llamará para buscarle otra mesa.",
		NotDone:      "Hola{guest}: no hemos podido hacer lo que nos pidió con su reserva en {restaurant} ({party}, {when}), porque el restaurante la había cambiado mientras tanto. Una persona del equipo le llamará.",
		Reminder:     "Hola{guest}: le recordamos su reserva en {restaurant} para {party}, {when}{place}.",
		IfNot:        "Si al final no puede venir, avísenos y daremos la mesa a otros.",
		AskToConfirm: "Hola{guest}: le guardamos una mesa en {restaurant} para {party}, {when}{place}.",
		AnswerYes:    "¿Nos la confirma? Responda SÍ, o NO si no puede venir.",
		TableFree:    "Hola{guest}: ha quedado libre una mesa en {restaurant} para {party}, {when}{place}.",
		HeldUntil:    "Se la guardamos {until}. ¿La quiere? Responda SÍ o NO.",
	}
}

func spanishAlerts() alerts {
	return alerts{
		AlertCall: "Aviso de reservas: {name} quiere que le llamen, en el {phone}.", AlertSaid: "Ha escrito: «{said}».",
		AlertUnreached: "Aviso de reservas: la de {name}, {party}, {when}{place}, espera a que diga que sí, y el mensaje en que se le pide no le ha llegado. Hay que llamar al {phone}.",
		AlertOverlap:   "Aviso de reservas: la mesa {table} está dada a la vez a {name}, {party}, {when}, y a {name2}, {party2}, {when2}. Hay que dar otra mesa a una de las dos.",
		AlertOverlaps:  "Y hay {more} así.", AlertSeeBoth: "En {link} puede verlas.",
		AlertUnreadable:         "Aviso de reservas: {values}. Lo demás sigue funcionando.",
		AlertUnreadableBookings: "Entre lo apartado hay reservas, y sus mesas pueden darse a otros: mírelo cuanto antes.",
		AlertSeeWhat:            "En {link}, Pendientes, dice qué hacer.",
		AlertFirst:              "Aviso de reservas: la de {name}, {party}, {when}{place}, todavía no está en el libro.",
		AlertSee:                "En {link} puede verla.", AlertSeeAll: "En {link} están todas.",
		AlertDigest:       "Aviso de reservas: {waiting} a pasar al libro.",
		AlertDigestBoth:   "Aviso de reservas: {waiting} a pasar al libro. Además, {asking}.",
		AlertDigestAsk:    "Aviso de reservas: de las que no están en el libro, {asking}.",
		AlertRecovered:    "Reservas, recuperado: {written}; {asking}.",
		AlertRecoveredAll: "Reservas, recuperado: {written}, y no queda ninguna pendiente.",
		troubles: map[Trouble]string{
			TroubleDown:    "El libro no responde; se sigue intentando.",
			TroubleRefused: "El libro no la acepta tal como está, y hay que arreglarlo a mano.",
			TroubleAccess:  "El libro no nos deja entrar: hay que revisar el acceso.",
			TroubleTaken:   "Su mesa se ha dado a otros mientras tanto, y no queda otra libre: hay que llamar al cliente.",
			TroublePast:    "Su hora ya ha pasado, así que ya no se apunta sola.",
			TroubleChanged: "El equipo la cambió o la borró en Airtable mientras el cliente pedía otra cosa: hay que decidir qué vale y llamar al cliente.",
			TroubleMissing: "Ha desaparecido de Airtable junto con otras. Sus mesas siguen guardadas: diga si se recuperan o se dejan ir.",
			"":             "No sabemos por qué.",
		},
	}
}

func spanishRemarks() [remarkCount]string {
	return [...]string{
		AskAll:       "Con mucho gusto. ¿Para qué día, a qué hora y cuántas personas serán?",
		AskWhat:      "¿Qué cambiamos: el día, la hora, las personas, la zona o el nombre?",
		AskOther:     "¿Le busco otra hora u otro día?",
		Dropped:      "De acuerdo, no dejo nada reservado.",
		DroppedOther: "Si lo que quiere es cancelar una reserva ya hecha, escriba: cancelar mi reserva.",
		Kept:         "De acuerdo, su reserva sigue como estaba.",
		Expired:      "Ha pasado un buen rato y he cerrado lo que teníamos a medias.",
		StartAgain:   "Dígame qué día, a qué hora y cuántas personas serán, y se lo miro.",
		Nothing:      "Ahora mismo no tenemos nada pendiente por aquí.",
		Welcome:      "A usted. Aquí estamos para lo que necesite.",
		Whenever:     "De acuerdo. Aquí estamos para cuando quiera.",
		Lost:         "Perdone, no le he entendido.",
		Help:         "Puedo reservarle mesa, cambiar o cancelar una reserva, y contarle lo que necesite saber de la casa.",
		OfferPerson:  "¿Prefiere que le llame una persona del restaurante?",
		Stopped:      "De acuerdo, no le escribiremos más por nuestra cuenta.",
		Stay:         "Si tiene alguna reserva, sigue como estaba.",
		Return:       "Cuando quiera volver a recibir nuestros avisos, escriba ALTA.",
		Started:      "De acuerdo, volveremos a avisarle de lo que toque a sus reservas.",
		NoVoice:      "Perdone, por aquí no puedo escuchar audios.",
		NoPictures:   "Perdone, por aquí no puedo ver fotos ni vídeos.",
		NoPlaces:     "Perdone, por aquí no puedo abrir ubicaciones.",
		NoContacts:   "Perdone, por aquí no puedo abrir contactos.",
		NoFiles:      "Perdone, por aquí no puedo abrir archivos.",
		WriteIt:      "¿Me lo escribe con palabras?",
		OfferList:    "O, si prefiere esperar, escriba LISTA y le apunto en la lista de espera.",
		HowToLeave:   "Para salir de la lista de espera, escriba: quítame de la lista.",
		LeftList:     "De acuerdo, ya no está en la lista de espera.",
		LeftHeld:     "De acuerdo: ya no le guardamos la mesa, y no está en la lista de espera.",
		NotListed:    "No le encuentro en ninguna lista de espera.",
		TooLate:      "Lo siento, se ha pasado el tiempo para confirmar la mesa que le guardábamos, y ya no la tiene.",
		NotSure:      "Perdone, no me consta si ha quedado hecho. ¿Lo compruebo?",
		ShallI:       "¿Se la reservo?",
		OtherDay:     "¿Quiere que miremos otro día?",
		ToCancel:     "¿Cuál quiere cancelar? Responda con el número.",
		ToChange:     "¿Cuál quiere cambiar? Responda con el número.",
		ToConfirm:    "¿De cuál me habla? Responda con el número.",
		ToCancelAll:  "¿Las cancelo todas?",
		cannotTell:   "Perdone, ahora mismo no consigo avisar al equipo desde aquí.",
		noNumber:     "Perdone, no veo desde qué número escribe, y sin él no puedo llevarle reservas por aquí.",
		noSMS:        "Por SMS no llevamos reservas: escríbanos por WhatsApp a este mismo número.",
		noMoreCodes:  "Por seguridad, hoy no puedo buscar más códigos por aquí.",
	}
}
