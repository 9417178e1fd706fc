package mapping_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"maitre/booking"
	"maitre/store/airtable"
	"maitre/store/airtable/mapping"
)

type fields = map[string]any

const (
	// Thursday: lunch 13:00–15:30 until 18:00, dinner 20:30–22:45 until 00:30.
	thursday = "2026-12-03"
	// Saturday: dinner in two seatings, 20:30–21:15 and 23:00–23:45, until 02:30.
	saturday = "2026-11-28"
)

// summary is what a row was read as, in a line.
func summary(b booking.Booking, unread []mapping.Unread, ok bool) string {
	if !ok {
		return "none" + keys(unread)
	}
	held := b.Start.Format("2 15:04") + "-" + b.End.Format("2 15:04") // in UTC
	return fmt.Sprintf("%s %s for %d %s %s [%s] %s%s", b.Date, b.Time, b.Party, b.Status, strings.Join(b.Tables, "+"), held, b.Service, keys(unread))
}

func keys(unread []mapping.Unread) string {
	var all []string
	for _, u := range unread {
		all = append(all, string(u.Key))
	}
	if len(all) == 0 {
		return ""
	}
	return " ! " + strings.Join(all, " ")
}

func TestRowsAsTheStaffTypeThem(t *testing.T) {
	t.Parallel()
	m := mapper(t, mapping.Names{})
	index := fewTables(t, m)
	t1 := []string{tableRow("T1")}
	// with is a sound row of a Thursday's dinner with some cells changed; nil empties one.
	with := func(changes fields) fields {
		row := fields{
			"Nombre del Cliente": "Ana", "Fecha de Reserva": thursday, "Hora": "2026-12-03T20:00:00.000Z",
			"Cantidad de Personas": 4, "Estado": "Confirmada", "Mesa": t1,
		}
		for name, v := range changes {
			row[name] = v
			if v == nil {
				delete(row, name)
			}
		}
		return row
	}
	const sound = "2026-12-03 21:00 for 4 confirmed T1 [3 20:00-3 21:45] dinner"
	const evening = "2026-12-03 20:30 for 4 confirmed T1 [3 19:30-3 23:30] dinner"
	const allDay = "2026-12-03 06:00 for 4 confirmed T1 [3 05:00-4 05:00] "
	for name, c := range map[string]struct {
		row  fields
		want string
	}{
		"nothing amiss": {with(nil), sound},

		"hour as text":             {with(fields{"Hora": "21:00"}), sound},
		"hour with a dot":          {with(fields{"Hora": "21.00"}), sound},
		"hour with h":              {with(fields{"Hora": "21h"}), sound},
		"hour with h and minutes":  {with(fields{"Hora": "21h30"}), "2026-12-03 21:30 for 4 confirmed T1 [3 20:30-3 22:15] dinner"},
		"hour with hrs":            {with(fields{"Hora": " 21:00 hrs. "}), sound},
		"hour alone":               {with(fields{"Hora": "21"}), sound},
		"four digits":              {with(fields{"Hora": "2100"}), sound},
		"a number":                 {with(fields{"Hora": 21}), sound},
		"a duration in seconds":    {with(fields{"Hora": 75600}), sound},
		"pm":                       {with(fields{"Hora": "9:00 pm"}), sound},
		"p. m.":                    {with(fields{"Hora": "9 p. m."}), sound},
		"of the night":             {with(fields{"Hora": "9 de la noche"}), sound},
		"twelve hours, dinner":     {with(fields{"Hora": "9:00"}), sound},
		"twelve hours, lunch":      {with(fields{"Hora": "2:00"}), "2026-12-03 14:00 for 4 confirmed T1 [3 13:00-3 14:45] lunch"},
		"noon is noon":             {with(fields{"Hora": "12:30"}), "2026-12-03 12:30 for 4 confirmed T1 [3 11:30-3 13:15] lunch"},
		"a word around it":         {with(fields{"Hora": "sobre las 21:00 (llegan tarde)"}), sound},
		"a range":                  {with(fields{"Hora": "21:00-23:00"}), "2026-12-03 21:00 for 4 confirmed T1 [3 20:00-3 22:00] dinner"},
		"a range past midnight":    {with(fields{"Hora": "de 21:00 a 00:30"}), "2026-12-03 21:00 for 4 confirmed T1 [3 20:00-3 23:30] dinner"},
		"one hour or a bit later":  {with(fields{"Hora": "21:00/21:15"}), sound},
		"in words":                 {with(fields{"Hora": "las nueve de la noche"}), sound},
		"half past in words":       {with(fields{"Hora": "nueve y media"}), "2026-12-03 21:30 for 4 confirmed T1 [3 20:30-3 22:15] dinner"},
		"a local stamp":            {with(fields{"Hora": "2026-12-03 21:00"}), sound},
		"a Spanish stamp":          {with(fields{"Hora": "3/12/2026 21:00"}), sound},
		"a list with one":          {with(fields{"Hora": []string{"21:00"}}), sound},
		"after midnight as text":   {with(fields{"Hora": "00:15"}), "2026-12-03 00:15 for 4 confirmed T1 [3 23:15-3 23:30] dinner"},
		"after midnight, instant":  {with(fields{"Hora": "2026-12-03T23:15:00.000Z"}), "2026-12-03 00:15 for 4 confirmed T1 [3 23:15-3 23:30] dinner"},
		"with an offset":           {with(fields{"Hora": "2026-12-03T21:00:00+01:00"}), sound},
		"the room closes on guest": {with(fields{"Hora": "23:30"}), "2026-12-03 23:30 for 4 confirmed T1 [3 22:30-3 23:30] dinner"},

		"dinner, at no hour":         {with(fields{"Hora": "cena"}), evening + " ! time"},
		"at night":                   {with(fields{"Hora": "por la noche"}), evening + " ! time"},
		"lunch, at no hour":          {with(fields{"Hora": "A comer"}), "2026-12-03 13:00 for 4 confirmed T1 [3 12:00-3 17:00] lunch ! time"},
		"a seating":                  {with(fields{"Fecha de Reserva": saturday, "Hora": "2º turno"}), "2026-11-28 23:00 for 4 confirmed T1 [28 22:00-29 01:30] dinner ! time"},
		"no hour":                    {with(fields{"Hora": nil}), allDay + " ! time"},
		"no hour, one service":       {with(fields{"Fecha de Reserva": "2026-12-01", "Hora": nil}), "2026-12-01 13:00 for 4 confirmed T1 [1 12:00-1 17:00] lunch ! time"},
		"no hour, closed":            {with(fields{"Fecha de Reserva": "2026-12-25", "Hora": nil}), "2026-12-25 06:00 for 4 confirmed T1 [25 05:00-26 05:00]  ! time"},
		"a word that is no hour":     {with(fields{"Hora": "ya llamarán"}), allDay + " ! time"},
		"two hours":                  {with(fields{"Hora": "21:00 o 22:30"}), allDay + " ! time"},
		"two hours without minutes":  {with(fields{"Hora": "9 o 10"}), allDay + " ! time"},
		"no such hour":               {with(fields{"Hora": "27:80"}), allDay + " ! time"},
		"a broken formula":           {with(fields{"Hora": fields{"error": "#ERROR!"}}), allDay + " ! time"},
		"another century":            {with(fields{"Hora": "0026-12-03T20:00:00.000Z"}), allDay + " ! time"},
		"cancelled without an hour":  {with(fields{"Hora": nil, "Estado": "Cancelada"}), "2026-12-03 06:00 for 4 cancelled T1 [3 05:00-4 05:00] "},
		"the date on another day":    {with(fields{"Hora": "2026-12-05T20:00:00.000Z"}), sound + " ! time"},
		"midnight of its own date":   {with(fields{"Hora": "2026-12-02T23:15:00.000Z"}), "2026-12-03 00:15 for 4 confirmed T1 [3 23:15-3 23:30] dinner ! time"},
		"no date but the hour's":     {with(fields{"Fecha de Reserva": nil}), sound},
		"no date, after midnight":    {with(fields{"Fecha de Reserva": nil, "Hora": "2026-12-03T23:15:00.000Z"}), "2026-12-03 00:15 for 4 confirmed T1 [3 23:15-3 23:30] dinner"},
		"no date, a Spanish stamp":   {with(fields{"Fecha de Reserva": nil, "Hora": "03/12/26 21.00"}), sound},
		"no date and a bare hour":    {with(fields{"Fecha de Reserva": nil, "Hora": "21:00"}), "none ! date"},
		"a date in Spanish":          {with(fields{"Fecha de Reserva": "3/12/2026"}), sound},
		"a date without year":        {with(fields{"Fecha de Reserva": "3/12", "Hora": "21:00"}), sound},
		"a date without year, past":  {with(fields{"Fecha de Reserva": "5/1", "Hora": "21:00"}), "2027-01-05 21:00 for 4 confirmed T1 [5 20:00-5 21:45] dinner"},
		"a date with its midnight":   {with(fields{"Fecha de Reserva": "2026-12-02T23:00:00.000Z"}), sound},
		"a date in Greenwich":        {with(fields{"Fecha de Reserva": "2026-12-03T00:00:00.000Z"}), sound},
		"the hour with the date":     {with(fields{"Fecha de Reserva": "2026-12-03T20:00:00.000Z", "Hora": nil}), sound},
		"a date that does not exist": {with(fields{"Fecha de Reserva": "31/02/2027"}), sound + " ! date"},
		"a date in words only":       {with(fields{"Fecha de Reserva": "el jueves", "Hora": "21:00"}), "none ! date"},

		"no party":            {with(fields{"Cantidad de Personas": nil}), sound + " ! party"},
		"no party, no table":  {with(fields{"Cantidad de Personas": nil, "Mesa": nil}), "2026-12-03 21:00 for 2 confirmed  [3 20:00-3 21:30] dinner ! party"},
		"no party, joined":    {with(fields{"Cantidad de Personas": nil, "Mesa": []string{tableRow("I5"), tableRow("I6")}}), "2026-12-03 21:00 for 8 confirmed I5+I6 [3 20:00-3 22:15] dinner ! party"},
		"party as text":       {with(fields{"Cantidad de Personas": "4"}), sound},
		"pax":                 {with(fields{"Cantidad de Personas": "4 pax"}), sound},
		"party in words":      {with(fields{"Cantidad de Personas": "Cuatro"}), sound},
		"party as a sum":      {with(fields{"Cantidad de Personas": "3+1"}), sound},
		"adults and children": {with(fields{"Cantidad de Personas": "2 adultos y 2 niños"}), sound},
		"a range of guests":   {with(fields{"Cantidad de Personas": "3-4"}), sound},
		"with a high chair":   {with(fields{"Cantidad de Personas": "4 (1 trona)"}), sound + " ! party"},
		"four and a half":     {with(fields{"Cantidad de Personas": 3.5}), sound + " ! party"},
		"nobody":              {with(fields{"Cantidad de Personas": 0}), sound + " ! party"},
		"fewer than nobody":   {with(fields{"Cantidad de Personas": -3}), sound + " ! party"},
		"everybody":           {with(fields{"Cantidad de Personas": 1e30}), sound + " ! party"},
		"many, they say":      {with(fields{"Cantidad de Personas": "un montón"}), sound + " ! party"},

		"no status":              {with(fields{"Estado": nil}), sound},
		"no accent, no capital":  {with(fields{"Estado": "CONFIRMADA"}), sound},
		"with a tick":            {with(fields{"Estado": "✅ Confirmada"}), sound},
		"pending":                {with(fields{"Estado": "Pendiente"}), strings.Replace(sound, "confirmed", "pre_booked", 1)},
		"pre-booked":             {with(fields{"Estado": "Pre reserva"}), strings.Replace(sound, "confirmed", "pre_booked", 1)},
		"as a webhook has it":    {with(fields{"Estado": fields{"id": "selAAAAAAAAAAAAAA", "name": "Sentada", "color": "blue"}}), strings.Replace(sound, "confirmed", "seated", 1)},
		"no-show":                {with(fields{"Estado": "No-show"}), strings.Replace(sound, "confirmed", "no_show", 1)},
		"annulled":               {with(fields{"Estado": "anulada"}), strings.Replace(sound, "confirmed", "cancelled", 1)},
		"completed":              {with(fields{"Estado": "Completada"}), strings.Replace(sound, "confirmed", "completed", 1)},
		"a status of their own":  {with(fields{"Estado": "Cancelada??"}), strings.Replace(sound, "confirmed", "cancelled", 1)},
		"a status nobody knows":  {with(fields{"Estado": "Igual cancelan"}), sound + " ! status"},
		"several statuses":       {with(fields{"Estado": []string{"Cancelada", "Confirmada"}}), sound + " ! status"},
		"a broken status":        {with(fields{"Estado": fields{"specialValue": "NaN"}}), sound + " ! status"},
		"unknown and no hour":    {with(fields{"Estado": "¿?", "Hora": nil}), allDay + " ! status time"},
		"blank-looking status":   {with(fields{"Estado": "   "}), sound},
		"no table":               {with(fields{"Mesa": nil}), "2026-12-03 21:00 for 4 confirmed  [3 20:00-3 21:45] dinner"},
		"no table, no hour":      {with(fields{"Mesa": nil, "Hora": nil}), "2026-12-03 06:00 for 4 confirmed  [3 05:00-4 05:00]  ! time"},
		"a table by its name":    {with(fields{"Mesa": "t 1"}), sound},
		"tables as text":         {with(fields{"Mesa": "I5, Comedor I6"}), "2026-12-03 21:00 for 4 confirmed I5+I6 [3 20:00-3 21:45] dinner"},
		"tables as a webhook":    {with(fields{"Mesa": []fields{{"id": tableRow("I5"), "name": "I5"}, {"id": tableRow("I6"), "name": "I6"}}}), "2026-12-03 21:00 for 4 confirmed I5+I6 [3 20:00-3 21:45] dinner"},
		"one table twice":        {with(fields{"Mesa": []string{tableRow("T1"), tableRow("T1")}}), sound},
		"a table that went away": {with(fields{"Mesa": []string{"recNotThereAtAll1", tableRow("T1")}}), "2026-12-03 21:00 for 4 confirmed recNotThereAtAll1+T1 [3 20:00-3 21:45] dinner ! table"},
		"a table nobody has":     {with(fields{"Mesa": "la del fondo"}), "2026-12-03 21:00 for 4 confirmed  [3 20:00-3 21:45] dinner ! table"},

		"only a name":         {fields{"Nombre del Cliente": "Marta"}, "none ! date"},
		"only a note":         {fields{"Notas Especiales": "preguntar a Javi"}, "none ! date"},
		"an empty row":        {fields{}, "none"},
		"only our fields":     {fields{"Nombre del Cliente": "", "Disponible": true, "Factura": "B-12"}, "none"},
		"cancelled, dateless": {fields{"Nombre del Cliente": "Marta", "Estado": "Cancelada"}, "none"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, unread, ok := m.Booking(record(t, 1, c.row), index)
			if got := summary(b, unread, ok); got != c.want {
				t.Errorf("\n got %s\nwant %s\n%+v", got, c.want, unread)
			}
			for _, u := range unread {
				if u.Record == "" || u.Field == "" || u.Why == "" || strings.Contains(u.Value, "\n") {
					t.Errorf("not for people to read: %+v", u)
				}
			}
			if day, _ := booking.ServiceDay(b.Start, testRestaurant(t).Location); ok && day != b.Date {
				t.Errorf("starts on %s, not on %s", day, b.Date)
			}
			if told := strings.Contains(c.want, "time"); b.HourUnknown && !told && b.Live() {
				t.Error("that the hour is not known is not told")
			}
			if ok && !b.End.After(b.Start) {
				t.Errorf("holds nothing: %s to %s", b.Start, b.End)
			}
		})
	}
}

func TestGuestsAsTheStaffTypeThem(t *testing.T) {
	t.Parallel()
	m := mapper(t, mapping.Names{})
	for name, c := range map[string]struct {
		field string
		value any
		get   func(booking.Booking) string
		want  string
		wrong bool
	}{
		"spaces":                {"Teléfono", "612 34 56 78", phone, "+34612345678", false},
		"dots and prefix":       {"Teléfono", "0034-612.345.678", phone, "+34612345678", false},
		"a number":              {"Teléfono", 612345678, phone, "+34612345678", false},
		"foreign":               {"Teléfono", "+44 7911 123456", phone, "+447911123456", false},
		"with a name":           {"Teléfono", "Ana: 612 345 678", phone, "+34612345678", false},
		"two numbers":           {"Teléfono", "612345678 / 941 000 126", phone, "+34612345678", false},
		"the second will do":    {"Teléfono", "61234567, 941000126", phone, "+34941000126", false},
		"too short":             {"Teléfono", "61234", phone, "", true},
		"words":                 {"Teléfono", "el de siempre", phone, "", true},
		"zone by name":          {"Zona Preferida", "Terraza", zone, "terraza", false},
		"zone without accent":   {"Zona Preferida", "SOFAS", zone, "sofas", false},
		"zone with article":     {"Zona Preferida", "en el comedor", zone, "interior", false},
		"zone among words":      {"Zona Preferida", "terraza (sombra)", zone, "terraza", false},
		"zone in English":       {"Zona Preferida", "The bar", zone, "barra", false},
		"no matter where":       {"Zona Preferida", "Me da igual", zone, "", false},
		"two zones":             {"Zona Preferida", "terraza o barra", zone, "", true},
		"no such zone":          {"Zona Preferida", "junto al piano", zone, "", true},
		"channel":               {"Canal", "telefono", channel, "phone", false},
		"channel, other word":   {"Canal", "Llamada", channel, "phone", false},
		"no channel":            {"Canal", "", channel, "staff", false},
		"a channel of theirs":   {"Canal", "Instagram", channel, "staff", true},
		"notes keep lines":      {"Notas Especiales", "uno\ndos", func(b booking.Booking) string { return b.Notes }, "uno\ndos", false},
		"code in small":         {"Código", "k7qf", func(b booking.Booking) string { return b.Code }, "K7QF", false},
		"our ID":                {"ID Reserva", "01KAYGZ5W8M3T1V0QX9R2B4C6D", id, "01KAYGZ5W8M3T1V0QX9R2B4C6D", false},
		"their ID":              {"ID Reserva", "12", id, "rec00000000000001", false},
		"a name as ID":          {"ID Reserva", "Los de Pepe", name, "Los de Pepe", false},
		"no name":               {"ID Reserva", "12", name, "", false},
		"email":                 {"Email", " ana@example.com ", func(b booking.Booking) string { return b.Email }, "ana@example.com", false},
		"an attachment as name": {"Nombre del Cliente", []fields{{"url": "https://x"}}, name, "", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			row := fields{"Fecha de Reserva": thursday, "Hora": "21:00", "Cantidad de Personas": 2, c.field: c.value}
			b, unread, ok := m.Booking(record(t, 1, row), mapping.TableIndex{})
			if !ok {
				t.Fatal("not read")
			}
			if got := c.get(b); got != c.want || (len(unread) > 0) != c.wrong {
				t.Errorf("got %q, unread %+v; want %q, unread %t", got, unread, c.want, c.wrong)
			}
		})
	}
}

func phone(b booking.Booking) string   { return string(b.Phone) }
func zone(b booking.Booking) string    { return b.AskedZone }
func channel(b booking.Booking) string { return string(b.Channel) }
func id(b booking.Booking) string      { return b.ID }
func name(b booking.Booking) string    { return b.Name }

func TestUnreadValuesShowNobodysNumber(t *testing.T) {
	t.Parallel()
	m := mapper(t, mapping.Names{})
	row := fields{
		"Fecha de Reserva": thursday, "Hora": "llamar al 612 34 56 78\no a ana@example.com", "Cantidad de Personas": "preguntar +34612345678",
		"Teléfono": "612 34 56 7", "Estado": strings.Repeat("x", 500),
	}
	_, unread, _ := m.Booking(record(t, 1, row), mapping.TableIndex{})
	if len(unread) != 4 {
		t.Fatalf("got %+v", unread)
	}
	for _, u := range unread {
		if strings.Contains(u.Value, "612") || strings.Contains(u.Value, "ana@") || len(u.Value) > 70 || strings.Contains(u.Value, "\n") {
			t.Errorf("shows too much: %q", u.Value)
		}
	}
}

func TestARowOnTwoDaysHoldsItsTableOnBoth(t *testing.T) {
	t.Parallel()
	m := mapper(t, mapping.Names{})
	index := fewTables(t, m)
	rows := fields{"Fecha de Reserva": thursday, "Hora": "2026-12-05T20:00:00.000Z", "Cantidad de Personas": 2, "Mesa": []string{tableRow("T1")}}
	rec := record(t, 1, rows)
	for _, day := range []string{thursday, "2026-12-05"} {
		bookings, unread := m.Day(date(t, day), []airtable.Record{rec}, index)
		if len(bookings) != 1 || len(unread) != 1 {
			t.Fatalf("%s: %+v, unread %+v", day, bookings, unread)
		}
		got, _ := booking.ServiceDay(bookings[0].Start, testRestaurant(t).Location)
		if got.String() != day || bookings[0].Date.String() != day || bookings[0].Time.String() != "21:00" {
			t.Errorf("%s: %+v", day, bookings[0])
		}
	}
	if bookings, _ := m.Day(date(t, "2026-12-04"), []airtable.Record{rec}, index); len(bookings) != 0 {
		t.Errorf("also on the day between: %+v", bookings)
	}
	if days := m.Days(rec); !slices.Equal(days, []booking.Date{date(t, thursday), date(t, "2026-12-05")}) {
		t.Errorf("to look at anew: %v", days)
	}
}

func TestACopiedRowIsABookingOfItsOwn(t *testing.T) {
	t.Parallel()
	m := mapper(t, mapping.Names{})
	const ours = "01KAYGZ5W8M3T1V0QX9R2B4C6D"
	row := fields{"ID Reserva": ours, "Código": "K7QF", "Fecha de Reserva": thursday, "Hora": "21:00", "Cantidad de Personas": 2}
	original, copied := record(t, 2, row), record(t, 1, row)
	copied.Created = made.Add(1)
	bookings, unread := m.Day(date(t, thursday), []airtable.Record{copied, original}, mapping.TableIndex{})
	if len(bookings) != 2 || bookings[0].ID != ours || bookings[1].ID != copied.ID || bookings[1].Code != "" || keys(unread) != " ! id" {
		t.Errorf("%+v\n%+v", bookings, unread)
	}
	if len(unread) > 0 && unread[0].Record != copied.ID {
		t.Errorf("the original is blamed: %+v", unread)
	}
}
