package catalogue

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
	alertReasons                                           map[AlertReason]string
}

func messageTexts(t pick) messages {
	return messages{
		NowBooked: t("Hola{guest}: su reserva en {restaurant} ya está en el libro, para {party}, {when}{place}.",
			"Hello{guest}, your booking at {restaurant} is now in the book, for {party}, {when}{place}."),
		NowChanged: t("Hola{guest}: el cambio de su reserva en {restaurant} ya está en el libro. Ahora es para {party}, {when}{place}.",
			"Hello{guest}, the change to your booking at {restaurant} is now in the book. It is for {party}, {when}{place}."),
		NowCancelled: t("Hola{guest}: su reserva en {restaurant} para {party}, {when}, queda cancelada.",
			"Hello{guest}, your booking at {restaurant} for {party}, {when}, is cancelled."),
		NotKept: t("Hola{guest}: sentimos mucho no haber podido mantener su reserva en {restaurant} para {party}, {when}. Una persona del equipo le llamará para buscarle otra mesa.",
			"Hello{guest}, we are very sorry that we could not keep your booking at {restaurant} for {party}, {when}. One of our team will call you to find you another table."),
		NotDone: t("Hola{guest}: no hemos podido hacer lo que nos pidió con su reserva en {restaurant} ({party}, {when}), porque el restaurante la había cambiado mientras tanto. Una persona del equipo le llamará.",
			"Hello{guest}, we could not do what you asked for with your booking at {restaurant} ({party}, {when}), because the restaurant had changed it meanwhile. One of our team will call you."),
		Reminder: t("Hola{guest}: le recordamos su reserva en {restaurant} para {party}, {when}{place}.",
			"Hello{guest}, a reminder of your booking at {restaurant} for {party}, {when}{place}."),
		IfNot: t("Si al final no puede venir, avísenos y daremos la mesa a otros.",
			"If you can't make it after all, do let us know and we will give the table to somebody else."),
		AskToConfirm: t("Hola{guest}: le guardamos una mesa en {restaurant} para {party}, {when}{place}.",
			"Hello{guest}, we are holding a table for you at {restaurant} for {party}, {when}{place}."),
		AnswerYes: t("¿Nos la confirma? Responda SÍ, o NO si no puede venir.", "Will you confirm it? Please answer YES, or NO if you can't come."),
		TableFree: t("Hola{guest}: ha quedado libre una mesa en {restaurant} para {party}, {when}{place}.",
			"Hello{guest}, a table has come free at {restaurant} for {party}, {when}{place}."),
		HeldUntil: t("Se la guardamos {until}. ¿La quiere? Responda SÍ o NO.",
			"We are holding it for you {until}. Would you like it? Please answer YES or NO."),
		AlertCall: t("Aviso de reservas: {name} quiere que le llamen, en el {phone}.", "Bookings: {name} wants somebody to call, on {phone}."),
		AlertSaid: t("Ha escrito: «{said}».", "They wrote: \"{said}\"."),
		AlertUnreached: t("Aviso de reservas: la de {name}, {party}, {when}{place}, espera a que diga que sí, y el mensaje en que se le pide no le ha llegado. Hay que llamar al {phone}.",
			"Bookings: that of {name}, {party}, {when}{place}, waits for their yes, and the message that asks for it did not reach them. Somebody must call {phone}."),
		AlertOverlap: t("Aviso de reservas: la mesa {table} está dada a la vez a {name}, {party}, {when}, y a {name2}, {party2}, {when2}. Hay que dar otra mesa a una de las dos.",
			"Bookings: table {table} is given at the same time to {name}, {party}, {when}, and to {name2}, {party2}, {when2}. One of the two must get another table."),
		AlertOverlaps:   t("Y hay {more} así.", "And there are {more} like that."),
		AlertSeeBoth:    t("En {link} puede verlas.", "They are shown at {link}."),
		AlertUnreadable: t("Aviso de reservas: {values}. Lo demás sigue funcionando.", "Bookings: {values}. All the rest goes on."),
		AlertUnreadableBookings: t("Entre lo apartado hay reservas, y sus mesas pueden darse a otros: mírelo cuanto antes.",
			"There are bookings among it, and their tables may be given to others: please look soon."),
		AlertSeeWhat: t("En {link}, Pendientes, dice qué hacer.", "What to do is told at {link}, under Waiting."),
		AlertFirst: t("Aviso de reservas: la de {name}, {party}, {when}{place}, todavía no está en el libro.",
			"Bookings: that of {name}, {party}, {when}{place}, is not in the book yet."),
		AlertSee:    t("En {link} puede verla.", "You can see it at {link} now."),
		AlertSeeAll: t("En {link} están todas.", "All of them are at {link} now."),
		AlertDigest: t("Aviso de reservas: {waiting} a pasar al libro.", "Bookings: {waiting} to be written to the book."),
		AlertDigestBoth: t("Aviso de reservas: {waiting} a pasar al libro. Además, {asking}.",
			"Bookings: {waiting} to be written to the book. Besides, {asking}."),
		AlertDigestAsk:    t("Aviso de reservas: de las que no están en el libro, {asking}.", "Bookings: of those that are not in the book, {asking}."),
		AlertRecovered:    t("Reservas, recuperado: {written}; {asking}.", "Bookings, recovered: {written}; {asking}."),
		AlertRecoveredAll: t("Reservas, recuperado: {written}, y no queda ninguna pendiente.", "Bookings, recovered: {written}, and none is left waiting."),
		alertReasons: map[AlertReason]string{
			TroubleDown: t("El libro no responde; se sigue intentando.", "The book does not answer; we keep trying."),
			TroubleRefused: t("El libro no la acepta tal como está, y hay que arreglarlo a mano.",
				"The book does not accept it as it is, and it has to be put right by hand."),
			TroubleAccess: t("El libro no nos deja entrar: hay que revisar el acceso.", "The book does not let us in: its access has to be looked at."),
			TroubleTaken: t("Su mesa se ha dado a otros mientras tanto, y no queda otra libre: hay que llamar al cliente.",
				"Its table was given to others meanwhile and no other is free: the guest has to be called."),
			TroublePast: t("Su hora ya ha pasado, así que ya no se apunta sola.", "Its time has gone by, so it is no longer written by itself."),
			TroubleChanged: t("El equipo la cambió o la borró en Airtable mientras el cliente pedía otra cosa: hay que decidir qué vale y llamar al cliente.",
				"The staff changed or deleted it in Airtable while its guest asked for something else: decide which holds, and call the guest."),
			TroubleMissing: t("Ha desaparecido de Airtable junto con otras. Sus mesas siguen guardadas: diga si se recuperan o se dejan ir.",
				"It disappeared from Airtable together with others. Their tables stay held: say whether to restore them or to let them go."),
			"": t("No sabemos por qué.", "We don't know why."),
		},
	}
}
