package web

import (
	"fmt"
	"time"

	"maitre/booking"
	"maitre/booking/catalogue"
)

// words are what people read on the pages, in one language.
type words struct {
	Tagline     string // after the restaurant's name, in the window's title
	Skip        string // to the content, past the header
	SwitchTo    string // the name of the page's other language, in that language
	SwitchLang  booking.Lang
	ServiceDesk string // above the restaurant's name

	Does        string // what maitre does here
	DoesByPhone string // the same, when the assistant answers calls
	Call        string
	CallHelp    string

	Today, Closed, Holiday  string
	Week, WeekHelp          string
	Weekday                 string // head of the column
	NoService               string // for an empty cell, read aloud
	State                   string
	Desk                    string
	DeskUp, DeskPartly      string
	DeskDown                string
	Assistant               string
	Connected, NotConnected string
	Book                    string
	BookHere, BookAirtable  string

	NothingHere, NothingHereHelp string
	Broken, BrokenHelp           string
	Home                         string

	Reserve reserveWords
	Staff   staffWords

	weekdays [7]string
	months   [12]string
	date     string // fmt layout: weekday, day, month
	night    string // fmt layout: such a date, of an hour after its midnight
}

// wordsIn returns the words in lang; in Spanish, where there are none.
func wordsIn(lang booking.Lang) words {
	if lang == booking.English {
		return english()
	}
	return spanish()
}

// longDate is a date as people say it, without the year.
func (w words) longDate(d booking.Date) string {
	_, month, day := d.Civil()
	return fmt.Sprintf(w.date, w.weekdays[d.Weekday()], day, w.months[month-1])
}

// dayOf is the day of an hour: after midnight it is still the night before.
func (w words) dayOf(d booking.Date, at booking.TimeOfDay) string {
	if at.AfterMidnight() {
		return fmt.Sprintf(w.night, w.longDate(d))
	}
	return w.longDate(d)
}

func (w words) weekday(d time.Weekday) string { return w.weekdays[d] }

func spanish() words {
	return words{
		Tagline:     "Reservas",
		Skip:        "Ir al contenido",
		SwitchTo:    "English",
		SwitchLang:  booking.English,
		ServiceDesk: "Libro de reservas",

		Does: "maitre lleva el libro de reservas de la casa: busca mesa, la apunta en el acto y no pierde ninguna.",
		DoesByPhone: "maitre lleva el libro de reservas de la casa: un asistente automático contesta las llamadas, " +
			"busca mesa y la deja apuntada en el acto.",
		Call:     "Llame a la casa",
		CallHelp: "Para reservar, cambiar o cancelar una mesa.",

		Today:     "Hoy",
		Closed:    "Cerrado",
		Holiday:   "Festivo",
		Week:      "Horario",
		WeekHelp:  "De la primera a la última hora de llegada en una semana normal.",
		Weekday:   "Día",
		NoService: "no hay servicio",

		State:        "Qué está en marcha",
		Desk:         "Mesa de reservas",
		DeskUp:       "En marcha",
		DeskPartly:   "En marcha, con algo pendiente de arreglar",
		DeskDown:     "Parada: ahora mismo no se puede reservar",
		Assistant:    "Asistente telefónico",
		Connected:    "Conectado",
		NotConnected: "Sin conectar todavía",
		Book:         "Libro de reservas",
		BookHere:     "En este servidor",
		BookAirtable: "En Airtable",

		NothingHere:     "Aquí no hay nada",
		NothingHereHelp: "Puede que la dirección esté mal escrita o que la página ya no exista.",
		Broken:          "Algo ha fallado",
		BrokenHelp:      "Es cosa nuestra y ya ha quedado anotado. Pruebe otra vez dentro de un momento.",
		Home:            "Volver al inicio",
		Reserve:         spanishReserve(),
		Staff:           spanishStaff(),

		weekdays: catalogue.Weekdays(booking.Spanish),
		months:   catalogue.Months(booking.Spanish),
		date:     "%s %d de %s",
		night:    "noche del %s",
	}
}

func english() words {
	return words{
		Tagline:     "Reservations",
		Skip:        "Skip to content",
		SwitchTo:    "Español",
		SwitchLang:  booking.Spanish,
		ServiceDesk: "Reservations desk",

		Does: "maitre keeps the restaurant’s reservations book: it finds a table, writes it down at once and never loses a booking.",
		DoesByPhone: "maitre keeps the restaurant’s reservations book: an automatic assistant answers the phone, " +
			"finds a table and writes it down while you are still on the line.",
		Call:     "Call the restaurant",
		CallHelp: "To book, change or cancel a table.",

		Today:     "Today",
		Closed:    "Closed",
		Holiday:   "Public holiday",
		Week:      "Opening hours",
		WeekHelp:  "From the first to the last time of arrival in an ordinary week.",
		Weekday:   "Day",
		NoService: "no service",

		State:        "What is running",
		Desk:         "Reservations desk",
		DeskUp:       "Running",
		DeskPartly:   "Running, with something to be mended",
		DeskDown:     "Stopped: no bookings can be taken right now",
		Assistant:    "Phone assistant",
		Connected:    "Connected",
		NotConnected: "Not connected yet",
		Book:         "Reservations book",
		BookHere:     "On this server",
		BookAirtable: "In Airtable",

		NothingHere:     "There is nothing here",
		NothingHereHelp: "The address may be mistyped, or the page may be gone.",
		Broken:          "Something went wrong",
		BrokenHelp:      "It is our fault and has been noted. Please try again in a moment.",
		Home:            "Back to the start",
		Reserve:         englishReserve(),
		Staff:           englishStaff(),

		weekdays: catalogue.Weekdays(booking.English),
		months:   catalogue.Months(booking.English),
		date:     "%s %d %s",
		night:    "night of %s",
	}
}
