package catalogue

import "maitre/booking"

// pieces are used inside sentences; all other texts are sentences.
type pieces struct {
	Date, DateYear, Today, Tomorrow, Same byDay

	ThatDay, OnDay      string // a day that was not said; a day as an adverb
	At, Until           number // of an hour of one ("a la 01:30"), and of any other
	Span, AfterMidnight string

	People                            number
	Named, Place, There               string
	Meal, ForMeal, Seatings           string
	Weekdays, WeekdayRange, EveryDay  string
	Item, Coded, ToConfirm, InProcess string // of a list of bookings
	OffersFollow, BookingsFollow      string // before numbered lines
	Reason, ReasonFor                 string // ReasonFor: the reason begins with "for" itself
	Guest, NoName                     string
	More, Waiting, InBook, Asking     number
	Pairs, Values                     number
	Booking, Change, Cancellation     matter
}

func pieceTexts(t pick) pieces {
	return pieces{
		Date: byDay{
			t("el {weekday} {d} de {month}", "{weekday} {d} {month}"),
			t("la noche del {weekday} {d} de {month},", "the night of {weekday} {d} {month},"),
		},
		DateYear: byDay{
			t("el {weekday} {d} de {month} de {year}", "{weekday} {d} {month} {year}"),
			t("la noche del {weekday} {d} de {month} de {year},", "the night of {weekday} {d} {month} {year},"),
		},
		Today: byDay{
			t("hoy, {weekday} {d} de {month},", "today, {weekday} {d} {month},"),
			t("esta noche, la del {weekday} {d} de {month},", "tonight, the night of {weekday} {d} {month},"),
		},
		Tomorrow: byDay{
			t("mañana, {weekday} {d} de {month},", "tomorrow, {weekday} {d} {month},"),
			t("mañana por la noche, la del {weekday} {d} de {month},", "tomorrow night, the night of {weekday} {d} {month},"),
		},
		Same:           byDay{t("ese mismo día", "that same day"), t("esa misma noche", "that same night")},
		ThatDay:        t("ese día", "that day"),
		OnDay:          t("{day}", "on {day}"),
		At:             number{t("a la {time}", "at {time}"), t("a las {time}", "at {time}")},
		Until:          number{t("hasta la {time}", "until {time}"), t("hasta las {time}", "until {time}")},
		Span:           t("de {from} a {to}", "from {from} to {to}"),
		AfterMidnight:  t("pasada la medianoche, {times}", "after midnight, {times}"),
		People:         number{t("una persona", "one person"), t("{n} personas", "{n} people")},
		Named:          t(" a nombre de {name}", " under the name {name}"),
		Place:          t(", {zone}", ", {zone}"),
		There:          t(" {zone}", " {zone}"),
		Meal:           t("{service} {times}", "{service} {times}"),
		ForMeal:        t("para {service}, {times}", "for {service}, {times}"),
		Seatings:       t("{service} en {n} turnos, {times}", "{service} in {n} seatings, {times}"),
		Weekdays:       t("los {list}", "on {list}"),
		WeekdayRange:   t("de {from} a {to}", "from {from} to {to}"),
		EveryDay:       t("todos los días", "every day"),
		Item:           t("{party}, {when}{place}", "{party}, {when}{place}"),
		Coded:          t(", con el código {code}", ", with the code {code}"),
		ToConfirm:      t(", todavía por confirmar", ", still to be confirmed"),
		InProcess:      t(", que se está procesando", ", which is being processed"),
		More:           number{t("otra más adelante", "one more later on"), t("otras {n} más adelante", "{n} more later on")},
		OffersFollow:   t("Le puedo ofrecer:", "I can offer you:"),
		BookingsFollow: t("Tiene {n} reservas:", "You have {n} bookings:"),
		Reason:         t(": {reason}", ": {reason}"),
		ReasonFor:      t(" {reason}", " {reason}"),
		Guest:          t(", {name}", ", {name}"),
		NoName:         t("alguien sin nombre", "somebody without a name"),
		Waiting:        number{t("una reserva espera", "one booking is waiting"), t("{n} reservas esperan", "{n} bookings are waiting")},
		InBook: number{
			t("una reserva pasada al libro", "one booking written to the book"),
			t("{n} reservas pasadas al libro", "{n} bookings written to the book"),
		},
		Asking: number{
			t("una necesita que la mire una persona", "one needs a person to look at it"),
			t("{n} necesitan que las mire una persona", "{n} need a person to look at them"),
		},
		Booking:      matter{t("la reserva", "the booking"), t("ella", "it")},
		Change:       matter{t("el cambio", "the change"), t("él", "it")},
		Cancellation: matter{t("la cancelación", "the cancellation"), t("ella", "it")},
		Pairs:        number{t("otra pareja", "one more pair"), t("otras {n} parejas", "{n} more pairs")},
		Values: number{
			t("un dato guardado no se puede leer y se ha apartado entero", "something that was kept cannot be read, and was put aside whole"),
			t("{n} datos guardados no se pueden leer y se han apartado enteros", "{n} things that were kept cannot be read, and were put aside whole"),
		},
	}
}

// bookings are about what was done, existing bookings and free tables.
type bookings struct {
	Booked, Held, BookPending string
	ConfirmLater, NeedsAnswer string
	NeedsWord, YoursUntil     string // of the table
	Code, CodeStays, SeeYou   string
	Note, Noted               string // what is noted now; what is already
	Thanks                    string
	Changed, ChangePending    string
	Cancelled, CancelPending  string
	Confirmed, ConfirmPending string
	Declined, DeclinePending  string

	Repeated, RepeatedPending, RepeatedHeld               string
	RepeatedConfirmed, RepeatedChanged, RepeatedCancelled string

	Processing, ProcessingNoPhone, ProcessingSilent string

	FoundNone, FoundOne, FoundMany, Choose string
	statuses                               map[booking.Status]string
	Offered, OfferedAlso                   string
	Slots, SlotsElsewhere                  string
}

func bookingTexts(t pick) bookings {
	return bookings{
		Booked:       t("Su mesa queda reservada{named}: {party}, {when}{place}.", "Your table is booked{named}: {party}, {when}{place}."),
		Held:         t("Le guardamos una mesa{named}: {party}, {when}{place}.", "We are holding a table{named}: {party}, {when}{place}."),
		BookPending:  t("Su mesa queda apuntada{named}: {party}, {when}{place}.", "We have noted your table{named}: {party}, {when}{place}."),
		ConfirmLater: t("Después nos faltará solo su visto bueno.", "After that, all we need is your go-ahead."),
		NeedsAnswer:  t("Para que quede en firme, le escribimos al móvil: responda SÍ.", "To make it definite, we write to your mobile: please answer YES."),
		NeedsWord:    t("Le aviso de un detalle: {word}.", "One thing you should know: {word}."),
		YoursUntil:   t("La mesa es suya {until}, porque después la ocupa otro turno.", "The table is yours {until}, as another seating follows."),
		Code:         t("Su código es {code}.", "Your code is {code}."),
		CodeStays:    t("Su código sigue siendo {code}.", "Your code is still {code}."),
		SeeYou:       t("Le esperamos.", "We look forward to seeing you."),
		Note:         t("Anoto: {notes}.", "I'll note: {notes}."),
		Noted:        t("Tenemos anotado: {notes}.", "We have noted: {notes}."),
		Thanks:       t("Gracias por avisarnos, y hasta otra ocasión.", "Thank you for letting us know; we hope to see you another time."),
		Changed: t("El cambio está hecho: su reserva{named} es ahora para {party}, {when}{place}.",
			"The change is made: your booking{named} is now for {party}, {when}{place}."),
		ChangePending: t("El cambio queda apuntado: su reserva{named} pasa a ser para {party}, {when}{place}.",
			"We have noted the change: your booking{named} will be for {party}, {when}{place}."),
		Cancelled: t("Su reserva{named} para {party}, {when}, queda cancelada.", "Your booking{named} for {party}, {when}, is cancelled."),
		CancelPending: t("Apuntamos que cancela su reserva{named} para {party}, {when}.",
			"We have noted that you are cancelling your booking{named} for {party}, {when}."),
		Confirmed: t("Gracias, su reserva{named} queda confirmada: {party}, {when}{place}.",
			"Thank you, your booking{named} is confirmed: {party}, {when}{place}."),
		ConfirmPending: t("Gracias, apuntamos que mantiene su reserva{named}: {party}, {when}{place}.",
			"Thank you, we have noted that you are keeping your booking{named}: {party}, {when}{place}."),
		Declined: t("De acuerdo, su reserva{named} para {party}, {when}, queda cancelada y dejamos libre la mesa.",
			"Very well, your booking{named} for {party}, {when}, is cancelled and the table is free again."),
		DeclinePending: t("De acuerdo, apuntamos que no mantiene su reserva{named} para {party}, {when}.",
			"Very well, we have noted that you are not keeping your booking{named} for {party}, {when}."),
		Repeated: t("Esta reserva ya la teníamos hecha{named}: {party}, {when}{place}.", "We already have this booking{named}: {party}, {when}{place}."),
		RepeatedPending: t("Esta reserva ya la teníamos apuntada{named}: {party}, {when}{place}.",
			"We had already noted this booking{named}: {party}, {when}{place}."),
		RepeatedHeld: t("Esta mesa ya se la estábamos guardando{named}: {party}, {when}{place}.",
			"We are already holding this table{named}: {party}, {when}{place}."),
		RepeatedConfirmed: t("Su reserva{named} ya estaba confirmada: {party}, {when}{place}.",
			"Your booking{named} was already confirmed: {party}, {when}{place}."),
		RepeatedChanged: t("Su reserva{named} ya estaba así: {party}, {when}{place}.", "Your booking{named} was already like that: {party}, {when}{place}."),
		RepeatedCancelled: t("Su reserva{named} para {party}, {when}, ya estaba cancelada.",
			"Your booking{named} for {party}, {when}, was already cancelled."),
		Processing: t("{what} se está procesando y le escribimos en cuanto esté en el libro.",
			"{what} is being processed, and we will write to you as soon as it is in the book."),
		ProcessingNoPhone: t("{what} se está procesando; como no tenemos su teléfono, puede volver a preguntarnos por {it} dentro de un rato.",
			"{what} is being processed; as we don't have your number, you can ask us about {it} again in a little while."),
		ProcessingSilent: t("{what} se está procesando; puede volver a preguntarnos por {it} dentro de un rato.",
			"{what} is being processed; you can ask us about {it} again in a little while."),
		FoundNone: t("No encuentro ninguna reserva de hoy en adelante con esos datos. Si la hizo con otro teléfono, dígame el código.",
			"I can't find any booking from today on with those details. If it was made from another number, please tell me the code."),
		FoundOne:  t("Tiene una reserva{named}: {party}, {when}{place}.", "You have a booking{named}: {party}, {when}{place}."),
		FoundMany: t("Tiene {n} reservas: {list}.", "You have {n} bookings: {list}."),
		Choose:    t("¿De cuál me habla?", "Which one do you mean?"),
		statuses: map[booking.Status]string{
			booking.Processing: t("Todavía se está procesando.", "It is still being processed."),
			booking.PreBooked:  t("Para que quede en firme, falta que nos la confirme.", "To make it definite, we still need you to confirm it."),
			booking.Confirmed:  t("Está confirmada.", "It is confirmed."),
			booking.Seated:     t("Consta que ya están sentados a la mesa.", "Our book says you are already at the table."),
			booking.Completed:  t("Ya se ha cumplido.", "It has already taken place."),
			booking.Cancelled:  t("Está cancelada.", "It is cancelled."),
			booking.NoShow:     t("Consta que no pudieron venir.", "Our book says you couldn't make it."),
		},
		Offered:     t("Sí, tenemos mesa para {party} {moment}{place}.", "Yes, we have a table for {party} {moment}{place}."),
		OfferedAlso: t("También podría ser {list}.", "It could also be {list}."),
		Slots:       t("{moment} tenemos mesa para {party}{there}: {list}.", "{moment} we have a table for {party}{there}: {list}."),
		SlotsElsewhere: t("{moment} no nos queda mesa para {party}{there}, pero sí en otra zona: {list}.",
			"{moment} we have no table left for {party}{there}, but we do elsewhere in the house: {list}."),
	}
}
