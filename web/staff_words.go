package web

import "maitre/booking"

// staffWords are what the staff read on their pages, in one language.
type staffWords struct {
	Title, Lead            string // of the sign-in page
	Password, Enter        string
	WrongPassword          string
	TooManyTries, Left     string
	Nav, Day, Journal      string
	Messages, Leave        string
	Updated, Reload        string
	Today, BackToToday     string
	Date, See              string
	CoverOne, CoverMany    string
	PartyOne, PartyMany    string
	Nobody, NoService      string
	Otherwise              string // bookings at no service's time
	Gone                   string // cancelled, and who did not come
	Table, NoTable         string
	NoHour                 string // where the row has none
	By, Code, Call         string
	Unreached              string // a message to the guest did not arrive
	NotRead, NotReadHelp   string // the day
	Behind                 string // Airtable does not answer
	OneWaits, ManyWait     string // the banner
	OneAsks, ManyAsk       string
	SeeThem                string
	statuses               map[booking.Status]string
	channels               map[booking.Channel]string
	Elsewhere, NothingDone string
	Garbled, BackToDay     string
	NoSuchDay              string

	Shares string // that two parties are on one table
	NoName string

	Case    caseWords
	Aside   asideWords
	Message messageWords
}

// caseWords are those of the journal.
type caseWords struct {
	Title, Lead, Empty    string
	New, Change, Cancel   string // what is to be written
	Parked, Pending       string
	Retry, RetryAll       string
	Settled, SettledHelp  string
	Why, WhyHint, Settle  string
	NoWhy                 string
	Offer                 string
	TriedOnce, Tried      string // "1 intento", "intentos"
	Untried               string
	Next, NextNow         string
	NextAnswers           string // while the system of record does not answer
	Since                 string
	Details, Failed, Fix  string
	NotRead, NotChanged   string
	Trying, TryingAll     string
	Landed, Remains       string
	NoLonger, WasSettled  string
	Waits                 causeWords // of what goes on by itself
	Settling              causeWords // of what a person settled, until it is known to be so
	Changed               causeWords // where the staff changed the row meanwhile
	RetryChanged          string
	RowSays, RowGone      string // what the staff made of the row
	SettledChip           string
	MissingChip, RetryOne string // of one that disappeared
	MissingOne, Missing   string // how many disappeared
	MissingHelp           string
	Restore, LetGo        string
	causes                map[booking.ParkCause]causeWords
}

// causeWords say what keeps a booking out of the book, and what to do.
type causeWords struct{ What, Do string }

// asideWords are those of what of the data file could not be read.
type asideWords struct {
	Chip, Since   string
	Seen, WasSeen string
	Newer         string // a newer program wrote it
	Other         causeWords
	// InBook is of a booking that the system of record holds too.
	InBook causeWords
	kinds  map[string]causeWords // by the bucket
}

// messageWords are those of the messages.
type messageWords struct {
	Title, Lead        string
	Failed, NoneFailed string
	Waiting, NoneWait  string
	Next, Technical    string
	Given              string // "given up on …"
	NotRead            string
	Unknown            string // why, where nobody knows better
	InDoubt, Again     string // of what is still to go
	kinds              map[booking.MessageKind]string
	codes              map[int]string // why, by the carrier's code
}

func spanishStaff() staffWords {
	return staffWords{
		Title: "Entrada del personal", Lead: "El día, lo que espera a pasar al libro y los mensajes.",
		Password: "Contraseña", Enter: "Entrar", WrongPassword: "Esa no es la contraseña.",
		TooManyTries: "Demasiados intentos seguidos. Espere medio minuto y pruebe otra vez.", Left: "Ha salido.",
		Nav: "Páginas del personal", Day: "El día", Journal: "Pendientes", Messages: "Mensajes", Leave: "Salir",
		Updated: "Visto a las", Reload: "Actualizar", Today: "Hoy", BackToToday: "Volver a hoy", Date: "Día", See: "Ver",
		CoverOne: "cubierto", CoverMany: "cubiertos", PartyOne: "mesa", PartyMany: "mesas",
		Nobody: "Nadie todavía.", NoService: "Ese día no hay servicio.", Otherwise: "A otras horas", Gone: "Canceladas y ausentes",
		Table: "Mesa", NoTable: "Sin mesa", NoHour: "Sin hora", By: "por", Code: "código", Call: "Llamar", Unreached: "No le llegó un mensaje",
		NotRead: "El día no se puede leer ahora", NotReadHelp: "Lo aceptado está a salvo. Pruebe otra vez dentro de un momento.",
		Behind:   "Airtable no responde o no está en orden: esto es lo que maitre sabe. Lo que se haya cambiado allí puede faltar.",
		OneWaits: "espera a pasar al libro", ManyWait: "esperan a pasar al libro", OneAsks: "necesita a alguien", ManyAsk: "necesitan a alguien", SeeThem: "Ver",
		statuses: map[booking.Status]string{
			booking.Processing: "En camino al libro", booking.PreBooked: "Sin confirmar", booking.Confirmed: "Confirmada", booking.Seated: "Sentada",
			booking.Completed: "Terminada", booking.Cancelled: "Cancelada", booking.NoShow: "No vino",
		},
		channels: map[booking.Channel]string{
			booking.ByPhone: "teléfono", booking.ByWhatsApp: "WhatsApp", booking.ByWeb: "la página", booking.ByStaff: "el personal",
		},
		Elsewhere: "Esto no venía de nuestra página", NothingDone: "Por seguridad no hemos hecho nada. Vuelva a la página y pruebe otra vez.",
		Garbled: "No hemos entendido la petición", BackToDay: "Volver al día", NoSuchDay: "Escriba el día así: 2026-12-24.",
		Case:   spanishCases(),
		Shares: "Comparte la mesa {table} con {name} ({when}): dé otra mesa a una de las dos.", NoName: "alguien sin nombre",
		Aside:   spanishAside(),
		Message: spanishMessages(),
	}
}

func spanishCases() caseWords {
	return caseWords{
		Title: "Por pasar al libro", Lead: "Lo que maitre ha aceptado y todavía no está en el libro. No se pierde: queda en el disco hasta que se escribe o alguien lo resuelve.",
		Empty: "No espera nada: todas las reservas están en el libro.",
		New:   "Reserva nueva", Change: "Cambio de una reserva", Cancel: "Cancelación",
		Parked: "Necesita a alguien", Pending: "Se intenta sola",
		Retry: "Intentar ahora", RetryAll: "Intentar todas",
		Settled: "Ya está resuelto", SettledHelp: "Lo que se pidió no se hace: la reserva queda como estaba, o sin mesa si era nueva. Sale de esta lista en cuanto se sabe que el libro lo dice así; nadie avisa al cliente. Si queda en pie, apúntela usted en el libro.",
		Why: "Cómo se ha resuelto", WhyHint: "Por ejemplo: «llamé a Ana, viene a las 22:00». Queda en el archivo.", Settle: "Quitar de la lista",
		NoWhy:     "Diga cómo se ha resuelto, en menos de 500 letras. No se ha quitado nada.",
		Offer:     "Horas que quedaban libres para ofrecerle:",
		TriedOnce: "1 intento", Tried: "intentos", Untried: "sin intentar todavía", Next: "el próximo", NextNow: "el próximo, ahora", NextAnswers: "el próximo, en cuanto el libro conteste", Since: "Aceptada",
		Details: "Detalle para quien lleva maitre", Failed: "Qué falló", Fix: "Qué arreglar",
		NotRead: "No se puede leer qué espera", NotChanged: "Ahora mismo no se ha podido. No ha cambiado nada; pruebe otra vez.",
		Trying: "Se está intentando…", TryingAll: "Se están intentando…",
		Landed: "Ya no espera: ha pasado al libro, o alguien la ha resuelto.", Remains: "Sigue sin pasar al libro. Abajo está por qué.",
		NoLonger: "Esa ya no esperaba a nadie.", WasSettled: "Resuelta. Sale de la lista en cuanto el libro lo confirma, y queda en el archivo con su motivo.",
		Settling:     causeWords{"Alguien la ha dado por resuelta.", "Sale de aquí sola en cuanto se sepa qué dice el libro; hasta entonces guarda su mesa."},
		Changed:      causeWords{"El equipo la cambió o la borró en Airtable mientras el cliente pedía otra cosa.", "Llame al cliente. Arriba está lo que pidió. Si vale eso, hágalo igualmente; si vale lo que hay en Airtable, márquela como resuelta."},
		RetryChanged: "Hacerlo igualmente",
		RowSays:      "En Airtable está así:", RowGone: "En Airtable ya no está.", SettledChip: "Dada por resuelta", MissingChip: "Ha desaparecido", RetryOne: "Recuperarla",
		MissingOne: "1 reserva ha desaparecido de Airtable.", Missing: "reservas han desaparecido de Airtable a la vez.",
		MissingHelp: "Sus mesas siguen guardadas, y el cliente que pregunta oye que la suya se está procesando. Si fue un error, deshágalo en Airtable o recupérelas aquí: una cosa o la otra. Si se borraron a propósito, diga por qué y déjelas ir: sus mesas quedan libres, y a los clientes nadie les avisa.",
		Restore:     "Recuperarlas todas", LetGo: "Dejarlas ir",
		Waits: causeWords{"El libro no responde; se sigue intentando.", "No hay que hacer nada, ni apuntarla a mano: saldría dos veces."},
		causes: map[booking.ParkCause]causeWords{
			booking.ParkedAccess:   {"El libro no nos deja entrar.", "Quien lleva maitre tiene que revisar el acceso a Airtable. Después, intente todas."},
			booking.ParkedQuota:    {"Las llamadas a Airtable de este mes se han acabado.", "Hay que ampliar el plan o esperar al mes que viene. Mientras, no apunte reservas en Airtable a mano."},
			booking.ParkedBase:     {"Algo ha cambiado en las tablas de Airtable.", "Quien lleva maitre tiene que arreglarlo: abajo dice qué. Después, intente todas."},
			booking.ParkedRecord:   {"El libro no la acepta tal como está.", "Arréglelo en Airtable: abajo dice qué. Después, inténtela otra vez."},
			booking.ParkedConflict: {"Su mesa se ha dado a otros y no queda otra libre a esa hora.", "Llame al cliente ahora y ofrézcale otra hora, o siéntelo donde pueda. Después, márquela como resuelta."},
			booking.ParkedPast:     {"Su hora pasó antes de poder apuntarla.", "Mire si vinieron; si quiere que conste, apúntela a mano. Después, márquela como resuelta."},
			booking.ParkedMissing:  {"Su fila ha desaparecido de Airtable, junto con otras.", "Su mesa sigue guardada. Recupérela, o márquela como resuelta si se borró a propósito."},
			booking.ParkedData:     {"No se puede leer si ya pasó al libro.", "Mire si en Airtable está tal como aquí. Si no, inténtela y se apunta entera; si está, márquela como resuelta."},
			booking.ParkedLimit:    {"Se ha intentado demasiadas veces.", "Mire si el libro va bien e inténtela otra vez."},
		},
	}
}

func spanishAside() asideWords {
	return asideWords{
		Chip: "No se puede leer", Since: "Apartado entero, sin borrar nada,", Seen: "Ya está visto", WasSeen: "Visto. Sigue guardado entero.",
		Newer:  "Lo escribió una versión más nueva de maitre: con ella vuelve solo a su sitio.",
		Other:  causeWords{"Un dato de trabajo de maitre no se puede leer.", "maitre lo hace de nuevo. No hay que hacer nada."},
		InBook: causeWords{"Una reserva guardada no se puede leer.", "Su día se vuelve a leer de Airtable; hasta entonces no se dan mesas de ese día. Mire luego que esté."},
		kinds: map[string]causeWords{
			booking.QuarantinedBooking: {"Una reserva guardada no se puede leer.", "No se sabe qué mesa tiene, y puede darse a otros. Llame al cliente, pregúntele qué había reservado y resérvelo otra vez."},
			booking.QuarantinedEntry:   {"Lo que esperaba a pasar al libro de una reserva no se puede leer, ni la reserva.", "Si el cliente llama o viene y no está en el libro, apúntelo a mano."},
			booking.QuarantinedMessage: {"Un mensaje no se puede leer, y quizá no salió.", "Si un cliente espera noticias de su reserva, llámele."},
			booking.QuarantinedWaiting: {"Alguien de la lista de espera no se puede leer.", "Ya no se le ofrecen mesas. Si llama, apúntele otra vez."},
			booking.QuarantinedPhone:   {"Lo que se sabía de un teléfono no se puede leer.", "No hay que hacer nada. Si había pedido no recibir mensajes y le llega alguno, que responda BAJA otra vez."},
			booking.QuarantinedTalk:    {"Por dónde iba una conversación de WhatsApp no se puede leer.", "Si el cliente escribe, empieza de nuevo. No hay que hacer nada."},
			"archive":                  {"Una línea del archivo no se puede leer.", "Ya estaba resuelta. No hay que hacer nada."},
		},
	}
}

func spanishMessages() messageWords {
	return messageWords{
		Title: "Mensajes", Lead: "Lo que se ha escrito a clientes y personal y no ha llegado, y lo que está por salir.",
		Failed: "No llegaron", NoneFailed: "Todos los mensajes han llegado, o están por salir.",
		Waiting: "Por salir", NoneWait: "No hay nada por salir.",
		Next: "Sale", Technical: "Detalle", Given: "Se dejó de intentar",
		NotRead: "No se pueden leer los mensajes", Unknown: "No se pudo entregar.", InDoubt: "No se sabe si llegó a salir; se está comprobando.", Again: "No salió a la primera; se intenta otra vez.",
		kinds: map[booking.MessageKind]string{
			booking.MessageConfirm: "Pregunta si confirma", booking.MessageBooked: "La reserva está en el libro", booking.MessageChanged: "El cambio está en el libro",
			booking.MessageCancelled: "La cancelación está en el libro", booking.MessageCall: "No pudo mantenerse; se le llamará", booking.MessageReminder: "Recordatorio",
			booking.MessageTableFree: "Ha quedado mesa libre", booking.MessageAlert: "Aviso al personal",
		},
		codes: map[int]string{
			63003: "Ese teléfono no tiene WhatsApp.", 63024: "Ese teléfono no tiene WhatsApp.", 63032: "WhatsApp no nos deja escribirle.",
			63016: "Hace más de un día que no escribe, y no hay plantilla ni SMS con que llegarle.", 21610: "Ha pedido que no se le escriba.",
		},
	}
}

func englishStaff() staffWords {
	return staffWords{
		Title: "For the staff", Lead: "The day, what waits to be written, and the messages.",
		Password: "Password", Enter: "Sign in", WrongPassword: "That is not the password.",
		TooManyTries: "Too many tries in a row. Wait half a minute and try again.", Left: "You have signed out.",
		Nav: "Pages for the staff", Day: "The day", Journal: "Waiting", Messages: "Messages", Leave: "Sign out",
		Updated: "As of", Reload: "Refresh", Today: "Today", BackToToday: "Back to today", Date: "Day", See: "See",
		CoverOne: "cover", CoverMany: "covers", PartyOne: "table", PartyMany: "tables",
		Nobody: "Nobody yet.", NoService: "There is no service on that day.", Otherwise: "At other times", Gone: "Cancelled and no-shows",
		Table: "Table", NoTable: "No table", NoHour: "No hour", By: "by", Code: "code", Call: "Call", Unreached: "A message did not reach them",
		NotRead: "The day cannot be read right now", NotReadHelp: "What was accepted is safe. Try again in a moment.",
		Behind:   "Airtable does not answer or is not in order: this is what maitre knows. What was changed there may be missing.",
		OneWaits: "waits to be written to the book", ManyWait: "wait to be written to the book", OneAsks: "needs a person", ManyAsk: "need a person", SeeThem: "See",
		statuses: map[booking.Status]string{
			booking.Processing: "On its way to the book", booking.PreBooked: "Not confirmed yet", booking.Confirmed: "Confirmed", booking.Seated: "Seated",
			booking.Completed: "Done", booking.Cancelled: "Cancelled", booking.NoShow: "Did not come",
		},
		channels: map[booking.Channel]string{
			booking.ByPhone: "phone", booking.ByWhatsApp: "WhatsApp", booking.ByWeb: "the page", booking.ByStaff: "the staff",
		},
		Elsewhere: "That did not come from our page", NothingDone: "To be safe, nothing was done. Go back to the page and try again.",
		Garbled: "We did not understand that request", BackToDay: "Back to the day", NoSuchDay: "Write the day like this: 2026-12-24.",
		Case:   englishCases(),
		Shares: "Shares table {table} with {name} ({when}): give one of the two another table.", NoName: "somebody without a name",
		Aside:   englishAside(),
		Message: englishMessages(),
	}
}

func englishCases() caseWords {
	return caseWords{
		Title: "To be written to the book", Lead: "What maitre has accepted and is not in the book yet. It is not lost: it stays on disk until it is written or somebody settles it.",
		Empty: "Nothing waits: every booking is in the book.",
		New:   "New booking", Change: "Change of a booking", Cancel: "Cancellation",
		Parked: "Needs a person", Pending: "Tried by itself",
		Retry: "Try now", RetryAll: "Try all of them",
		Settled: "It is settled", SettledHelp: "What was asked for is not done: the booking stays as it was, or without a table if it was new. It leaves this list as soon as the book is known to say so; nobody tells the guest. If it stands, write it into the book yourself.",
		Why: "How it was settled", WhyHint: "Such as: “called Ana, she comes at 22:00”. It stays in the archive.", Settle: "Take off the list",
		NoWhy:     "Say how it was settled, in fewer than 500 letters. Nothing was taken off.",
		Offer:     "Times that were free, to offer:",
		TriedOnce: "1 try", Tried: "tries", Untried: "not tried yet", Next: "the next", NextNow: "the next one now", NextAnswers: "the next one as soon as the book answers", Since: "Accepted",
		Details: "Details for who looks after maitre", Failed: "What failed", Fix: "What to mend",
		NotRead: "What waits cannot be read", NotChanged: "That did not work just now. Nothing has changed; try again.",
		Trying: "Being tried…", TryingAll: "Being tried…",
		Landed: "It waits no longer: it was written to the book, or somebody settled it.", Remains: "It is still not in the book. Below is why.",
		NoLonger: "That one waited for nobody any more.", WasSettled: "Settled. It leaves the list as soon as the book confirms it, and stays in the archive with its reason.",
		Settling:     causeWords{"Somebody has marked it as settled.", "It leaves by itself as soon as it is known what the book says; until then it holds its table."},
		Changed:      causeWords{"The staff changed or deleted it in Airtable while its guest asked for something else.", "Call the guest. Above is what they asked for. If that holds, do it all the same; if what stands in Airtable holds, mark it as settled."},
		RetryChanged: "Do it all the same",
		RowSays:      "In Airtable it stands like this:", RowGone: "It is in Airtable no more.", SettledChip: "Marked as settled", MissingChip: "Disappeared", RetryOne: "Restore it",
		MissingOne: "1 booking has disappeared from Airtable.", Missing: "bookings have disappeared from Airtable at once.",
		MissingHelp: "Their tables stay held, and a guest who asks hears that theirs is being processed. If it was a mistake, undo it in Airtable or restore them here: one or the other. If they were deleted on purpose, say why and let them go: their tables become free, and nobody tells the guests.",
		Restore:     "Restore all of them", LetGo: "Let them go",
		Waits: causeWords{"The book does not answer; we keep trying.", "There is nothing to do. Do not write it in by hand: it would be there twice."},
		causes: map[booking.ParkCause]causeWords{
			booking.ParkedAccess:   {"The book does not let us in.", "Whoever looks after maitre has to see to the access to Airtable. Then try all of them."},
			booking.ParkedQuota:    {"This month’s calls to Airtable are used up.", "The plan has to be enlarged, or next month be waited for. Meanwhile write no bookings into Airtable by hand."},
			booking.ParkedBase:     {"Something has changed in Airtable’s tables.", "Whoever looks after maitre has to mend it: below is what. Then try all of them."},
			booking.ParkedRecord:   {"The book does not accept it as it is.", "Mend it in Airtable: below is what. Then try it again."},
			booking.ParkedConflict: {"Its table was given to others and no other is free at that time.", "Call the guest now and offer another time, or seat them where you can. Then mark it as settled."},
			booking.ParkedPast:     {"Its time went by before it could be written.", "See whether they came; write it in by hand if you want it there. Then mark it as settled."},
			booking.ParkedMissing:  {"Its row disappeared from Airtable, together with others.", "Its table stays held. Restore it, or mark it as settled if it was deleted on purpose."},
			booking.ParkedData:     {"Whether it went to the book cannot be read.", "See whether it is in Airtable as it is here. If not, try it, and the whole of it is written; if so, mark it as settled."},
			booking.ParkedLimit:    {"It was tried too many times.", "See whether the book works, and try it again."},
		},
	}
}

func englishAside() asideWords {
	return asideWords{
		Chip: "Cannot be read", Since: "Put aside whole, nothing deleted,", Seen: "I have seen to it", WasSeen: "Seen. It is still kept whole.",
		Newer:  "A newer version of maitre wrote it: with that one it goes back to its place by itself.",
		Other:  causeWords{"Something that maitre works with cannot be read.", "maitre makes it anew. There is nothing to do."},
		InBook: causeWords{"A booking that was kept cannot be read.", "Its day is read from Airtable again; until then no tables of that day are given. Then see that it is there."},
		kinds: map[string]causeWords{
			booking.QuarantinedBooking: {"A booking that was kept cannot be read.", "Nobody knows which table it has, and that may be given to others. Call the guest, ask what they had booked, and book it again."},
			booking.QuarantinedEntry:   {"What waited to be written to the book of a booking cannot be read, nor can the booking.", "If the guest calls or comes and is not in the book, write them in by hand."},
			booking.QuarantinedMessage: {"A message cannot be read, and perhaps did not leave.", "If a guest waits for word about their booking, call them."},
			booking.QuarantinedWaiting: {"Somebody on the waitlist cannot be read.", "They are offered no tables any more. If they call, put them on the list again."},
			booking.QuarantinedPhone:   {"What was known of a phone cannot be read.", "There is nothing to do. If they had asked for no messages and get one, they can answer STOP again."},
			booking.QuarantinedTalk:    {"Where a WhatsApp conversation stood cannot be read.", "If the guest writes, it begins anew. There is nothing to do."},
			"archive":                  {"A line of the archive cannot be read.", "It was settled already. There is nothing to do."},
		},
	}
}

func englishMessages() messageWords {
	return messageWords{
		Title: "Messages", Lead: "What was written to guests and staff and did not arrive, and what is still to go.",
		Failed: "Did not arrive", NoneFailed: "Every message has arrived, or is still to go.",
		Waiting: "Still to go", NoneWait: "Nothing is left to go.",
		Next: "Goes", Technical: "Details", Given: "Given up",
		NotRead: "The messages cannot be read", Unknown: "It could not be delivered.", InDoubt: "Whether it left is not known; it is being found out.", Again: "It did not go at once; it is tried again.",
		kinds: map[booking.MessageKind]string{
			booking.MessageConfirm: "Asks whether they confirm", booking.MessageBooked: "The booking is in the book", booking.MessageChanged: "The change is in the book",
			booking.MessageCancelled: "The cancellation is in the book", booking.MessageCall: "Could not be kept; somebody will call", booking.MessageReminder: "Reminder",
			booking.MessageTableFree: "A table is free", booking.MessageAlert: "Alert to the staff",
		},
		codes: map[int]string{
			63003: "That phone has no WhatsApp.", 63024: "That phone has no WhatsApp.", 63032: "WhatsApp does not let us write to them.",
			63016: "They have not written for a day, and there is no template or SMS to reach them.", 21610: "They asked not to be written to.",
		},
	}
}
