package catalogue

// about is the texts on the restaurant, its hours and its waitlist.
type about struct {
	Hours, HoursClosed, Arrivals, Kitchen, Holiday, DayNotice string
	Week, WeekClosed, WeekHolidays                            string
	Address, Phone, WhatToKnow, NotWrittenDown                string
	Greeting, Moment, Soon, NotLooked                         string
	NoWaitlist, Listed, ListedBefore, WillOffer, ListFull     string
	AlsoWaits, Either                                         string
}

func aboutTexts(t pick) about {
	return about{
		Hours:       t("{moment} servimos {list}.", "{moment} we serve {list}."),
		HoursClosed: t("{moment} no abrimos{reason}.", "{moment} we are closed{reason}."),
		Arrivals:    t("Son las horas de llegada.", "Those are the times to arrive."),
		Kitchen:     t("Son las horas de llegada; la cocina cierra {times}.", "Those are the times to arrive; the kitchen closes {times}."),
		Holiday:     t("Es festivo: {holiday}.", "It is a public holiday: {holiday}."),
		DayNotice:   t("Un aviso para ese día: {reason}.", "One thing to know about that day: {reason}."),
		Week:        t("{days} servimos {list}.", "{days} we serve {list}."),
		WeekClosed:  t("{days} cerramos.", "{days} we are closed."),
		WeekHolidays: t("En festivos y vísperas puede cambiar, así que pregúnteme por el día que le interese.",
			"Public holidays and their eves may differ, so do ask me about the day you have in mind."),
		Address:        t("{restaurant} está en {address}.", "{restaurant} is at {address}."),
		Phone:          t("Nuestro teléfono es el {phone}.", "Our phone number is {phone}."),
		WhatToKnow:     t("¿Qué le gustaría saber?", "What would you like to know?"),
		NotWrittenDown: t("Eso no lo tengo apuntado y prefiero no equivocarme.", "I don't have that written down and would rather not guess."),
		Greeting: t("Hola, ha llamado a {restaurant}. Soy el asistente automático de reservas. ¿En qué puedo ayudarle?",
			"Hello, you have reached {restaurant}. I am the automatic booking assistant. How can I help you?"),
		Moment: t("Un momento, por favor.", "One moment, please."),
		Soon:   t("Enseguida se lo digo.", "I'll be right with you."),
		NotLooked: t("Perdone, ahora mismo no puedo consultarlo. ¿Quiere que lo intente otra vez?",
			"I'm sorry, I can't look that up right now. Shall I try again?"),
		NoWaitlist: t("Todavía no llevamos lista de espera, pero puedo buscarle otra hora u otro día. ¿Lo miramos?",
			"We don't keep a waiting list yet, but I can look for another time or another day. Shall I?"),
		Listed: t("Queda en la lista de espera{named}: {party}, {when}{place}.", "You are on the waiting list{named}: {party}, {when}{place}."),
		ListedBefore: t("Ya estaba en la lista de espera{named}: {party}, {when}{place}.",
			"You were on the waiting list already{named}: {party}, {when}{place}."),
		WillOffer: t("Si queda libre una mesa, le escribimos al móvil y se la guardamos unos minutos.",
			"If a table comes free, we write to your mobile and hold it for you for a few minutes."),
		ListFull:  t("Lo siento, en la lista de espera de ese día ya no cabe nadie más.", "I'm sorry, there is no more room on that day's waiting list."),
		AlsoWaits: t("Y está en la lista de espera para {party}, {when}{place}.", "And you are on the waiting list for {party}, {when}{place}."),
		Either:    t("¿Qué quiere cancelar: la reserva, o la espera?", "Which would you like to cancel: the booking, or the place on the list?"),
	}
}

// chat is what a chat asks and reads back.
type chat struct {
	Hello, HowToHelp                         string
	ReadBack, ThatName, Now, Then, ThenNamed string
	ChangeIt, NoteIt, CancelIt, KeepIt       string
	CallMe, WillCall, Hurry                  string
}

func chatTexts(t pick) chat {
	return chat{
		Hello:     t("Hola, soy el asistente automático de reservas de {restaurant}.", "Hello, I'm the automatic booking assistant at {restaurant}."),
		HowToHelp: t("¿En qué puedo ayudarle?", "How can I help you?"),
		ReadBack:  t("Sería una mesa{named}: {party}, {when}{place}.", "That would be a table{named}: {party}, {when}{place}."),
		ThatName:  t("¿Se la reservo a ese nombre?", "Shall I book it under that name?"),
		Now:       t("Su reserva{named} es para {party}, {when}{place}.", "Your booking{named} is for {party}, {when}{place}."),
		Then:      t("Pasaría a ser para {party}, {when}{place}.", "It would become {party}, {when}{place}."),
		ThenNamed: t("Quedaría{named}.", "It would be{named}."),
		ChangeIt:  t("¿La cambio?", "Shall I change it?"),
		NoteIt:    t("¿Lo apunto en la reserva?", "Shall I note that on the booking?"),
		CancelIt:  t("¿Cancelo su reserva{named} para {party}, {when}?", "Shall I cancel your booking{named} for {party}, {when}?"),
		KeepIt:    t("¿Se la guardamos? Responda SÍ o NO.", "Shall we keep it for you? Please answer YES or NO."),
		CallMe:    t("¿Quiere que le llamen a este número?", "Would you like them to call you on this number?"),
		WillCall: t("Queda avisado el equipo: una persona de {restaurant} le llamará a este número.",
			"I have let the team know: someone from {restaurant} will call you on this number."),
		Hurry: t("Si le corre prisa, llámenos al {phone}.", "If it can't wait, call us on {phone}."),
	}
}

func remarkTexts(t pick) [remarkCount]string {
	return [...]string{
		AskAll: t("Con mucho gusto. ¿Para qué día, a qué hora y cuántas personas serán?",
			"With pleasure. What day would it be, at what time, and how many of you?"),
		AskWhat: t("¿Qué cambiamos: el día, la hora, las personas, la zona o el nombre?",
			"What shall we change: the day, the time, the number of people, the area or the name?"),
		AskOther: t("¿Le busco otra hora u otro día?", "Shall I look for another time or another day?"),
		Dropped:  t("De acuerdo, no dejo nada reservado.", "All right, I haven't booked anything."),
		DroppedOther: t("Si lo que quiere es cancelar una reserva ya hecha, escriba: cancelar mi reserva.",
			"If you would like to cancel a booking that you already have, write: cancel my booking."),
		Kept:    t("De acuerdo, su reserva sigue como estaba.", "All right, your booking stays as it was."),
		Expired: t("Ha pasado un buen rato y he cerrado lo que teníamos a medias.", "It has been a while, so I have closed what we had half done."),
		StartAgain: t("Dígame qué día, a qué hora y cuántas personas serán, y se lo miro.",
			"Tell me the day, the time and how many of you there will be, and I'll have a look."),
		Nothing:  t("Ahora mismo no tenemos nada pendiente por aquí.", "There is nothing pending here just now."),
		Welcome:  t("A usted. Aquí estamos para lo que necesite.", "You're welcome. We're here if you need anything."),
		Whenever: t("De acuerdo. Aquí estamos para cuando quiera.", "All right. We're here whenever you like."),
		Lost:     t("Perdone, no le he entendido.", "I'm sorry, I didn't understand that."),
		Help: t("Puedo reservarle mesa, cambiar o cancelar una reserva, y contarle lo que necesite saber de la casa.",
			"I can book you a table, change or cancel a booking, and tell you what you need to know about the house."),
		OfferPerson: t("¿Prefiere que le llame una persona del restaurante?", "Would you rather have someone from the restaurant call you?"),
		Stopped:     t("De acuerdo, no le escribiremos más por nuestra cuenta.", "All right, we won't write to you again on our own account."),
		Stay:        t("Si tiene alguna reserva, sigue como estaba.", "If you have a booking, it stays as it was."),
		Return:      t("Cuando quiera volver a recibir nuestros avisos, escriba ALTA.", "Whenever you would like our messages again, write START."),
		Started:     t("De acuerdo, volveremos a avisarle de lo que toque a sus reservas.", "All right, we'll let you know again about your bookings."),
		NoVoice:     t("Perdone, por aquí no puedo escuchar audios.", "I'm sorry, I can't listen to voice messages here."),
		NoPictures:  t("Perdone, por aquí no puedo ver fotos ni vídeos.", "I'm sorry, I can't look at photos or videos here."),
		NoPlaces:    t("Perdone, por aquí no puedo abrir ubicaciones.", "I'm sorry, I can't open locations here."),
		NoContacts:  t("Perdone, por aquí no puedo abrir contactos.", "I'm sorry, I can't open contacts here."),
		NoFiles:     t("Perdone, por aquí no puedo abrir archivos.", "I'm sorry, I can't open files here."),
		WriteIt:     t("¿Me lo escribe con palabras?", "Could you put it in words?"),
		OfferList: t("O, si prefiere esperar, escriba LISTA y le apunto en la lista de espera.",
			"Or, if you would rather wait, write LIST and I will put you on the waiting list."),
		HowToLeave: t("Para salir de la lista de espera, escriba: quítame de la lista.", "To leave the waiting list, write: take me off the list."),
		LeftList:   t("De acuerdo, ya no está en la lista de espera.", "All right, you are not on the waiting list any more."),
		LeftHeld: t("De acuerdo: ya no le guardamos la mesa, y no está en la lista de espera.",
			"All right: the table is not held for you any more, and you are off the waiting list."),
		NotListed: t("No le encuentro en ninguna lista de espera.", "I can't find you on any waiting list."),
		TooLate: t("Lo siento, se ha pasado el tiempo para confirmar la mesa que le guardábamos, y ya no la tiene.",
			"I'm sorry, the time to confirm the table that we were holding is over, and it is gone."),
		NotSure:     t("Perdone, no me consta si ha quedado hecho. ¿Lo compruebo?", "I'm sorry, I can't tell whether that went through. Shall I check?"),
		ShallI:      t("¿Se la reservo?", "Shall I book it for you?"),
		OtherDay:    t("¿Quiere que miremos otro día?", "Shall we look at another day?"),
		ToCancel:    t("¿Cuál quiere cancelar? Responda con el número.", "Which one would you like to cancel? Just reply with the number."),
		ToChange:    t("¿Cuál quiere cambiar? Responda con el número.", "Which one would you like to change? Just reply with the number."),
		ToConfirm:   t("¿De cuál me habla? Responda con el número.", "Which one do you mean? Just reply with the number."),
		ToCancelAll: t("¿Las cancelo todas?", "Shall I cancel all of them?"),
		cannotTell:  t("Perdone, ahora mismo no consigo avisar al equipo desde aquí.", "I'm sorry, I can't reach the team from here just now."),
		noNumber: t("Perdone, no veo desde qué número escribe, y sin él no puedo llevarle reservas por aquí.",
			"I'm sorry, I can't see which number you are writing from, and without it I can't look after bookings here."),
		noSMS: t("Por SMS no llevamos reservas: escríbanos por WhatsApp a este mismo número.",
			"We don't take bookings by text message: write to us on WhatsApp, at this same number."),
		noMoreCodes: t("Por seguridad, hoy no puedo buscar más códigos por aquí.", "To be on the safe side, I can't look up any more codes here today."),
	}
}
