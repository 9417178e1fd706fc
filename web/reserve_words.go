package web

// reserveWords are what guests read where they book a table, in one language.
// The desk's decisions are in the catalogue's words.
type reserveWords struct {
	Title, Lead          string
	Guests, GuestOne     string // label, and what follows a number
	GuestMany            string
	Day, Where, Anywhere string
	See                  string // the button
	LargerBefore         string // "Para más de N personas"
	LargerCall           string
	Times, NoTimes       string
	DayBefore, DayAfter  string
	Taken                string // under a time with no table
	TakenHelp            string // where there is a waitlist
	FreeHelp             string
	Details              string
	Other                string // to choose another time
	Name, Phone          string
	PhoneHelp, PhoneOnly string // with messages, and without
	Notes, NotesHelp     string
	Private, PrivateCall string // after the restaurant's name; before its number
	Book                 string
	Choose               string // above the alternatives
	Wait, WaitHelp       string
	WaitTitle            string
	Until                string // "La mesa es suya hasta las 22:45"
	Booked, Noted        string // headings of what was done
	Held, Listed         string
	Cancelled, Yours     string
	// What is said under them.
	SeeYou, HeldNote        string
	Pending, PendingWritten string // without messages, and with them
	CancelledNote           string
	Cancelling, CancelWaits string // until the cancellation is in the book
	Code                    string
	Under                   string // whose name
	When, Table, Hour       string
	Calendar                string
	Change, Move, Changed   string
	Cancel, CancelHelp      string
	CancelAsk, CancelYes    string
	Keep                    string
	AnotherTable            string

	TooMany, TooManyHelp     string
	Elsewhere, ElsewhereHelp string
	Garbled, GarbledHelp     string
}

func spanishReserve() reserveWords {
	return reserveWords{
		Title: "Reserve su mesa", Lead: "Elija día y cuántos vienen, y le enseñamos las horas que quedan.",
		Guests: "Personas", GuestOne: "persona", GuestMany: "personas",
		Day: "Día", Where: "Zona", Anywhere: "Me da igual",
		See:          "Ver horas",
		LargerBefore: "¿Son más de", LargerCall: "Llame y se lo preparamos",
		Times: "Horas", NoTimes: "Ese día no hay ninguna hora que se pueda reservar.",
		DayBefore: "Día anterior", DayAfter: "Día siguiente",
		Taken: "completo", TakenHelp: "En una hora completa puede apuntarse a la lista de espera.", FreeHelp: "Toque una hora para reservarla.",
		Details: "Sus datos", Other: "Cambiar",
		Name: "Nombre y apellido", Phone: "Móvil", PhoneHelp: "Ahí le confirmamos la mesa y le avisamos si pasa algo.", PhoneOnly: "Por si tenemos que avisarle de algo.",
		Notes: "¿Algo que debamos saber?", NotesHelp: "Alergias, trona, silla de ruedas… (si quiere)",
		Private: "usa sus datos solo para esta reserva.", PrivateCall: "Para verlos, corregirlos o borrarlos, llame al",
		Book: "Reservar", Choose: "Elija otra hora",
		Wait: "Apuntarme a la lista de espera", WaitHelp: "Si queda libre una mesa a esa hora, le escribimos al móvil y se la guardamos unos minutos.",
		WaitTitle: "O espere a que quede libre",
		Until:     "La mesa es suya hasta las",
		Booked:    "Mesa reservada", Noted: "Reserva apuntada", Held: "Mesa guardada", Listed: "En lista de espera", Cancelled: "Reserva cancelada", Yours: "Su reserva",
		SeeYou: "Le esperamos.", HeldNote: "Para que quede en firme, responda SÍ al mensaje que le enviamos.",
		Pending:        "La estamos pasando al libro. Vuelva a abrir esta página dentro de un rato.",
		PendingWritten: "La estamos pasando al libro. Le escribimos en cuanto esté.",
		CancelledNote:  "Gracias por avisarnos. La mesa vuelve a estar libre.",
		Cancelling:     "Cancelación anotada",
		CancelWaits:    "Gracias por avisarnos. La estamos pasando al libro; no tiene que hacer nada más.",
		Code:           "Código", Under: "A nombre de", When: "Cuándo", Table: "Zona", Hour: "Hora",
		Calendar: "Añadir a mi calendario",
		Change:   "Cambiar la reserva", Move: "Cambiar", Changed: "El cambio está hecho. Le esperamos.",
		Cancel: "Cancelar la reserva", CancelHelp: "Si al final no puede venir, avísenos y daremos la mesa a otros.",
		CancelAsk: "Quiero cancelarla", CancelYes: "Sí, cancelar la reserva",
		Keep:         "Guarde la dirección de esta página: con ella se puede ver, cambiar y cancelar la reserva.",
		AnotherTable: "Reservar otra mesa",

		TooMany: "Demasiado deprisa", TooManyHelp: "Desde su conexión han llegado muchas peticiones seguidas. Espere un momento y pruebe otra vez, o llámenos.",
		Elsewhere: "Esto no venía de nuestra página", ElsewhereHelp: "Por seguridad no hemos hecho nada. Vuelva al inicio y reserve desde aquí.",
		Garbled: "No hemos entendido la petición", GarbledHelp: "No hemos hecho nada. Vuelva al inicio y pruebe otra vez.",
	}
}

func englishReserve() reserveWords {
	return reserveWords{
		Title: "Book your table", Lead: "Choose the day and how many are coming, and we will show you the times that are left.",
		Guests: "Guests", GuestOne: "guest", GuestMany: "guests",
		Day: "Day", Where: "Area", Anywhere: "Anywhere",
		See:          "See times",
		LargerBefore: "More than", LargerCall: "Call us and we will arrange it",
		Times: "Times", NoTimes: "No time can be booked on that day.",
		DayBefore: "Day before", DayAfter: "Day after",
		Taken: "full", TakenHelp: "For a time that is full you can join the waiting list.", FreeHelp: "Tap a time to book it.",
		Details: "Your details", Other: "Change",
		Name: "First and last name", Phone: "Mobile phone", PhoneHelp: "We confirm your table there, and tell you if anything comes up.", PhoneOnly: "In case we need to reach you.",
		Notes: "Anything we should know?", NotesHelp: "Allergies, a high chair, a wheelchair… (if you like)",
		Private: "uses your details for this booking only.", PrivateCall: "To see, correct or erase them, call",
		Book: "Book", Choose: "Choose another time",
		Wait: "Join the waiting list", WaitHelp: "If a table comes free at that time we text you and hold it for a few minutes.",
		WaitTitle: "Or wait for one to come free",
		Until:     "The table is yours until",
		Booked:    "Your table is booked", Noted: "Your booking is noted", Held: "Your table is held", Listed: "You are on the waiting list", Cancelled: "Booking cancelled", Yours: "Your booking",
		SeeYou: "We look forward to seeing you.", HeldNote: "To make it firm, answer YES to the message that we send you.",
		Pending:        "We are writing it into the book. Please open this page again in a while.",
		PendingWritten: "We are writing it into the book, and will write to you as soon as it is there.",
		CancelledNote:  "Thank you for telling us. The table is free again.",
		Cancelling:     "Cancellation noted",
		CancelWaits:    "Thank you for telling us. We are writing it into the book; there is nothing more to do.",
		Code:           "Code", Under: "Under the name", When: "When", Table: "Area", Hour: "Time",
		Calendar: "Add to my calendar",
		Change:   "Change the booking", Move: "Change", Changed: "The change is made. We look forward to seeing you.",
		Cancel: "Cancel the booking", CancelHelp: "If you cannot come after all, tell us and we will give the table to others.",
		CancelAsk: "I want to cancel it", CancelYes: "Yes, cancel the booking",
		Keep:         "Keep the address of this page: whoever has it can see, change and cancel the booking.",
		AnotherTable: "Book another table",

		TooMany: "Too fast", TooManyHelp: "Many requests came from your connection in a row. Please wait a moment and try again, or call us.",
		Elsewhere: "That did not come from our page", ElsewhereHelp: "To be safe, nothing was done. Please go back to the start and book from here.",
		Garbled: "We did not understand that request", GarbledHelp: "Nothing was done. Please go back to the start and try again.",
	}
}
