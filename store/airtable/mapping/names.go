package mapping

import (
	"maps"
	"slices"
	"unicode"
	"unicode/utf8"

	"maitre/booking"
)

// Key names a field of ours; it is the key in the restaurant file's
// [airtable.bookings] and [airtable.tables].
type Key string

// The fields of the bookings' table.
const (
	ID      Key = "id" // our booking ID, the upsert key
	Code    Key = "code"
	Name    Key = "name"
	Phone   Key = "phone"
	Email   Key = "email"
	Date    Key = "date" // the service day
	Time    Key = "time" // the instant of arrival, or text HH:MM
	Party   Key = "party"
	Status  Key = "status"
	Table   Key = "table" // links, several for a combination
	Zone    Key = "zone"  // where the guest asked to sit; of a table, where it stands
	Channel Key = "channel"
	CallID  Key = "call_id"
	Notes   Key = "notes"
)

// The fields that only the tables' table has; it has ID, Name and Zone too.
const (
	Max       Key = "max"
	Min       Key = "min"
	Priority  Key = "priority"
	Available Key = "available"
)

// BookingKeys returns the fields of the bookings' table, in the order in which a new one gets them.
func BookingKeys() []Key {
	return []Key{ID, Code, Name, Phone, Email, Date, Time, Party, Status, Table, Zone, Channel, CallID, Notes}
}

// TableKeys returns the fields of the tables' table, in the order in which a new one gets them.
func TableKeys() []Key { return []Key{ID, Name, Zone, Max, Min, Priority, Available} }

// Names says what things are called in the base. What is left out is called as in
// [Default]. Fields and tables are named by name or by ID (fld…, tbl…).
type Names struct {
	BookingsTable, TablesTable string

	Bookings map[Key]string
	Tables   map[Key]string

	// Statuses, Channels and Zones (by zone ID) are the words of the choices: the
	// first is written, all are read, whatever their accents and capitals.
	Statuses map[booking.Status][]string
	Channels map[booking.Channel][]string
	Zones    map[string][]string
}

// Default returns the default names, without zones.
func Default() Names {
	return Names{
		BookingsTable: "Reservas", TablesTable: "Mesas",
		Bookings: map[Key]string{
			ID: "ID Reserva", Code: "Código", Name: "Nombre del Cliente", Phone: "Teléfono", Email: "Email",
			Date: "Fecha de Reserva", Time: "Hora", Party: "Cantidad de Personas", Status: "Estado", Table: "Mesa",
			Zone: "Zona Preferida", Channel: "Canal", CallID: "VAPI Call ID", Notes: "Notas Especiales",
		},
		Tables: map[Key]string{
			ID: "ID Mesa", Name: "Nombre de Mesa", Zone: "Ubicación", Max: "Capacidad", Min: "Capacidad Mínima",
			Priority: "Prioridad", Available: "Disponible",
		},
		Statuses: map[booking.Status][]string{
			booking.PreBooked: {"Pre-reserva"}, booking.Confirmed: {"Confirmada"}, booking.Seated: {"Sentada"},
			booking.Completed: {"Completada"}, booking.Cancelled: {"Cancelada"}, booking.NoShow: {"No Show"},
		},
		Channels: map[booking.Channel][]string{
			booking.ByPhone: {"Teléfono"}, booking.ByWhatsApp: {"WhatsApp"}, booking.ByWeb: {"Web"}, booking.ByStaff: {"Staff"},
		},
		Zones: map[string][]string{},
	}
}

// Channels returns every channel, in the order in which a new base lists them.
func Channels() []booking.Channel {
	return []booking.Channel{booking.ByPhone, booking.ByWhatsApp, booking.ByWeb, booking.ByStaff}
}

// For completes the names with the defaults, and with a word for each zone of a
// restaurant: its ID with a capital, spelt as its name where that is the same word
// (sofas, "los sofás": Sofás). It changes nothing of n.
func (n Names) For(restaurant *booking.Restaurant) Names {
	full := Default()
	if n.BookingsTable != "" {
		full.BookingsTable = n.BookingsTable
	}
	if n.TablesTable != "" {
		full.TablesTable = n.TablesTable
	}
	maps.Copy(full.Bookings, n.Bookings)
	maps.Copy(full.Tables, n.Tables)
	copyWords(full.Statuses, n.Statuses)
	copyWords(full.Channels, n.Channels)
	for _, zone := range restaurant.Zones {
		full.Zones[zone.ID] = []string{zoneWord(zone, restaurant.Languages)}
	}
	copyWords(full.Zones, n.Zones)
	return full
}

func copyWords[K comparable](to, from map[K][]string) {
	for k, words := range from {
		if len(words) > 0 {
			to[k] = slices.Clone(words)
		}
	}
}

func zoneWord(zone booking.Zone, languages []booking.Lang) string {
	for _, lang := range languages {
		if name := withoutArticle(zone.Name[lang]); fold(name) == fold(zone.ID) {
			return capital(name)
		}
	}
	return capital(zone.ID)
}

func capital(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}
