package mapping_test

import (
	"encoding/json"
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/oklog/ulid/v2"
	"pgregory.net/rapid"

	"maitre/booking"
	"maitre/store/airtable"
	"maitre/store/airtable/airtabletest"
	"maitre/store/airtable/mapping"
)

// someBooking draws a booking as the desk makes them, at tables of the index.
func someBooking(rt *rapid.T, r *booking.Restaurant, tables []string) booking.Booking {
	b := booking.Booking{
		ID:      ulid.MustNew(uint64(made.UnixMilli()), strings.NewReader(rapid.StringMatching(`[a-z]{10}`).Draw(rt, "entropy"))).String(),
		Code:    booking.CodeFrom([]byte(rapid.StringMatching(`[a-z]{4,6}`).Draw(rt, "code"))),
		Name:    strings.TrimSpace(rapid.StringMatching(`[A-Zñé'"\\{}<>,=&]{1,20} ?[a-z]{0,9}`).Draw(rt, "name")),
		Phone:   rapid.SampledFrom([]booking.Phone{"", "+34612345678", "+34941000126", "+447911123456"}).Draw(rt, "phone"),
		Email:   rapid.SampledFrom([]string{"", "ana@example.com"}).Draw(rt, "email"),
		Notes:   strings.TrimSpace(rapid.StringMatching(`[ -~ñ\n]{0,40}`).Draw(rt, "notes")),
		CallID:  rapid.SampledFrom([]string{"", "0199c0de-call"}).Draw(rt, "call"),
		Status:  rapid.SampledFrom(booking.Statuses()).Draw(rt, "status"),
		Channel: rapid.SampledFrom(mapping.Channels()).Draw(rt, "channel"),
		Party:   rapid.IntRange(1, 20).Draw(rt, "party"),
		Created: made,
	}
	for {
		b.Date = booking.NewDate(2026, time.November, 24).AddDays(rapid.IntRange(0, 400).Draw(rt, "days"))
		services := r.HoursOn(b.Date).Services
		if len(services) == 0 {
			continue
		}
		s := rapid.SampledFrom(services).Draw(rt, "service")
		b.Time = booking.TimeOfDay(rapid.IntRange(int(s.First)/15, int(s.Last)/15).Draw(rt, "time")) * 15
		at, _ := b.Date.Instant(b.Time, r.Location)
		b.Start, b.End, b.Service = at.UTC(), at.Add(r.Stay(b.Party)).UTC(), s.ID
		closes, _ := b.Date.Instant(s.RoomCloses, r.Location)
		if len(s.Seatings) == 0 && closes.Before(b.End) {
			b.End = closes.UTC()
		}
		break
	}
	if b.Tables = rapid.SliceOfNDistinct(rapid.SampledFrom(tables), 0, 3, rapid.ID).Draw(rt, "tables"); len(b.Tables) == 0 {
		b.Tables = nil
	}
	for _, t := range r.Tables {
		if len(b.Tables) > 0 && t.ID == b.Tables[0] {
			b.Zone = t.Zone
		}
	}
	b.AskedZone = rapid.SampledFrom([]string{"", "terraza", "sofas", "interior", "barra"}).Draw(rt, "zone")
	return b
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	t.Parallel()
	r := testRestaurant(t)
	for name, m := range map[string]*mapping.Mapper{
		"by name":      mapper(t, mapping.Names{}),
		"hour as text": mapper(t, mapping.Names{}).Bind(textBase()),
		"other words": mapper(t, mapping.Names{Bookings: map[mapping.Key]string{mapping.Party: "Pax"},
			Statuses: map[booking.Status][]string{booking.Confirmed: {"Pendiente"}, booking.PreBooked: {"¿?  seguro"}}}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			index := fewTables(t, mapper(t, mapping.Names{}))
			rapid.Check(t, func(rt *rapid.T) {
				want := someBooking(rt, r, []string{"T1", "T2", "I5", "I6", "I14", "S1", "B1"})
				cells, err := m.Fields(want, index)
				if err != nil {
					rt.Fatal(err)
				}
				for field, cell := range cells {
					if !json.Valid(cell) {
						rt.Fatalf("%s is no JSON: %s", field, cell)
					}
					if cell.IsEmpty() {
						delete(cells, field) // as Airtable does
					}
				}
				rec := airtable.Record{ID: "rec00000000000001", Created: made, Fields: cells}
				got, unread, ok := m.Booking(rec, index)
				if diff := cmp.Diff(want, got); !ok || len(unread) > 0 || diff != "" {
					rt.Fatalf("read %t, unread %+v (-want +got)\n%s", ok, unread, diff)
				}
			})
		})
	}
}

// textBase is a base whose staff keep the hour and the party as text.
func textBase() []airtable.Table {
	text := func(id, name string) airtable.Field {
		return airtable.Field{ID: id, Name: name, Type: airtable.TypeText}
	}
	choices := func(id, name string, words ...string) airtable.Field {
		var options struct {
			Choices []airtable.Choice `json:"choices"`
		}
		for _, w := range words {
			options.Choices = append(options.Choices, airtable.Choice{Name: w})
		}
		raw, _ := json.Marshal(options)
		return airtable.Field{ID: id, Name: name, Type: airtable.TypeSingleSelect, Options: raw}
	}
	return []airtable.Table{
		{ID: "tblReservas0000001", Name: "RESERVAS", Fields: []airtable.Field{
			text("fldA", "ID Reserva"), text("fldB", "Codigo"), text("fldC", "Nombre del cliente"), text("fldD", "TELEFONO"),
			text("fldE", "Email"), {ID: "fldF", Name: "Fecha de Reserva", Type: airtable.TypeDate}, text("fldG", "Hora"),
			text("fldH", "Cantidad de Personas"), choices("fldI", "Estado", "Pendiente", "✅ CONFIRMADA", "En mesa", "Terminada", "anulada", "No vino"),
			{ID: "fldJ", Name: "Mesa", Type: airtable.TypeLinks}, text("fldK", "Zona preferida"),
			choices("fldL", "Canal", "Llamada", "whatsapp", "Página web", "Equipo"), text("fldM", "VAPI Call ID"), text("fldN", "Notas Especiales"),
		}},
		{ID: "tblMesas000000001", Name: "Mesas", Fields: []airtable.Field{text("fldO", "ID Mesa")}},
	}
}

func TestWordsOfTheBaseAreWritten(t *testing.T) {
	t.Parallel()
	m := mapper(t, mapping.Names{}).Bind(textBase())
	index := fewTables(t, mapper(t, mapping.Names{}))
	want := map[booking.Status]string{
		booking.PreBooked: "Pendiente", booking.Confirmed: "✅ CONFIRMADA", booking.Seated: "En mesa",
		booking.Completed: "Terminada", booking.Cancelled: "anulada", booking.NoShow: "No vino",
	}
	at, _ := date(t, thursday).Instant(booking.NewTimeOfDay(21, 0), testRestaurant(t).Location)
	for status, word := range want {
		cells, err := m.Fields(booking.Booking{ID: "x", Date: date(t, thursday), Time: booking.NewTimeOfDay(21, 0), Start: at, Party: 2, Status: status,
			Channel: booking.ByWeb, Tables: []string{"I5", "I6"}}, index)
		if err != nil {
			t.Fatal(err)
		}
		for field, want := range map[string]string{
			"fldI": `"` + word + `"`, "fldL": `"Página web"`, "fldG": `"21:00"`, "fldH": `"2"`, "fldF": `"2026-12-03"`,
			"fldJ": `["` + tableRow("I5") + `","` + tableRow("I6") + `"]`, "fldN": "null", "fldK": "null",
		} {
			if got := string(cells[field]); got != want {
				t.Errorf("%s: %s is %s, want %s", status, field, got, want)
			}
		}
	}
}

func TestTimesAreWrittenWithTheirZ(t *testing.T) {
	t.Parallel()
	m := mapper(t, mapping.Names{})
	madrid := testRestaurant(t).Location
	for _, c := range []struct {
		date, want string
		clock      booking.TimeOfDay
	}{
		{"2026-07-18", `"2026-07-18T19:30:00.000Z"`, booking.NewTimeOfDay(21, 30)},
		{"2026-12-24", `"2026-12-24T20:30:00.000Z"`, booking.NewTimeOfDay(21, 30)},
		{"2026-12-24", `"2026-12-24T23:30:00.000Z"`, booking.NewTimeOfDay(0, 30)},
		{"2027-03-27", `"2027-03-27T22:30:00.000Z"`, booking.NewTimeOfDay(23, 30)}, // the night of the change
		{"2027-03-28", `"2027-03-28T11:30:00.000Z"`, booking.NewTimeOfDay(13, 30)},
		{"2026-10-24", `"2026-10-25T00:30:00.000Z"`, booking.NewTimeOfDay(2, 30)}, // the first of two
	} {
		at, _ := date(t, c.date).Instant(c.clock, madrid)
		cells, err := m.Fields(booking.Booking{ID: "x", Date: date(t, c.date), Time: c.clock, Start: at.In(madrid), Party: 2,
			Status: booking.Confirmed, Channel: booking.ByPhone}, mapping.TableIndex{})
		if err != nil || string(cells["Hora"]) != c.want || string(cells["Fecha de Reserva"]) != `"`+c.date+`"` {
			t.Errorf("%s %s: %s, %s, %v; want %s", c.date, c.clock, cells["Fecha de Reserva"], cells["Hora"], err, c.want)
		}
	}
}

func TestABookingAtNoTableOfTheBaseIsAnError(t *testing.T) {
	t.Parallel()
	m := mapper(t, mapping.Names{})
	b := booking.Booking{ID: "x", Date: date(t, thursday), Party: 2, Status: booking.Confirmed, Channel: booking.ByPhone, Tables: []string{"T99"}}
	if _, err := m.Fields(b, mapping.TableIndex{}); !errors.Is(err, mapping.ErrNoRow) || !strings.Contains(err.Error(), "T99") {
		t.Errorf("got %v", err)
	}
	b.Tables, b.Status = nil, booking.Processing
	if _, err := m.Fields(b, mapping.TableIndex{}); !errors.Is(err, mapping.ErrNoWord) {
		t.Errorf("a status that is never stored: %v", err)
	}
}

func TestAChangeLeavesTheStaffsCellsAsTheyTypedThem(t *testing.T) {
	t.Parallel()
	bothWays(t, mapping.Names{}, airtabletest.Options{}, func(t *testing.T, b base, m *mapping.Mapper) {
		if _, err := b.srv.Staff().Create("Mesas", fields{"ID Mesa": "T1", "Disponible": true}); err != nil {
			t.Fatal(err)
		}
		if _, err := b.srv.Staff().AddField("Reservas", airtabletest.Field{Name: "Señal", Type: airtabletest.SingleLineText}); err != nil {
			t.Fatal(err)
		}
		typed, err := b.srv.Staff().Create("Reservas", fields{
			"Nombre del Cliente": "  Marta  (la de siempre)", "Fecha de Reserva": thursday, "Mesa": []string{"T1"}, "Teléfono": "612 34 56 78",
			"Notas Especiales": "una\ndos", "Señal": "20 €",
		})
		if err != nil {
			t.Fatal(err)
		}
		_, index := b.tables(t, m)
		read, _ := b.day(t, m, index, date(t, thursday))
		if len(read) != 1 || !mapping.IsRecordID(read[0].ID) {
			t.Fatalf("read %+v", read)
		}
		cancelled := read[0]
		cancelled.Status = booking.Cancelled
		row, err := m.Row(cancelled, read[0].ID, &read[0], index)
		if err != nil || len(row.Fields) != 1 {
			t.Fatalf("%v, %v", row, err)
		}
		b.write(t, m, row)
		want := typed
		want.Fields["Estado"] = "Cancelada"
		if got, _ := b.srv.Record(typed.ID); !cmp.Equal(want.Fields, got.Fields) || len(b.srv.Records("Reservas")) != 1 {
			t.Error(cmp.Diff(want.Fields, got.Fields))
		}

		// An hour that the staff did not give is nobody's to make up.
		if !read[0].HourUnknown {
			t.Error("the hour is known")
		}
		known := read[0]
		known.HourUnknown = false
		with, err := m.Row(known, known.ID, nil, index)
		without, err2 := m.Row(read[0], read[0].ID, nil, index)
		if err != nil || err2 != nil || len(without.Fields) != len(with.Fields)-1 {
			t.Errorf("an hour is made up: %v, %v, %v", without, err, err2)
		}

		moved := read[0]
		moved.Time, moved.HourUnknown = booking.NewTimeOfDay(21, 0), false
		start, _ := moved.Date.Instant(moved.Time, testRestaurant(t).Location)
		moved.Start = start
		row, err = m.Row(moved, read[0].ID, &read[0], index)
		if err != nil || len(row.Fields) != 2 {
			t.Errorf("a move writes date and hour together: %v, %v", row, err)
		}
	})
}

func TestARowOfTheStaffsIsNotGivenAnID(t *testing.T) {
	t.Parallel()
	bothWays(t, mapping.Names{}, airtabletest.Options{}, func(t *testing.T, b base, m *mapping.Mapper) {
		typed, err := b.srv.Staff().Create("Reservas", fields{"ID Reserva": "mesa de Ana", "Fecha de Reserva": thursday, "Hora": made})
		if err != nil {
			t.Fatal(err)
		}
		read, _ := b.day(t, m, mapping.TableIndex{}, date(t, thursday))
		if len(read) != 1 || read[0].ID != typed.ID {
			t.Fatalf("read %+v", read)
		}
		row, err := m.Row(read[0], read[0].ID, nil, mapping.TableIndex{})
		if err != nil {
			t.Fatal(err)
		}
		b.write(t, m, row)
		if all := b.srv.Records("Reservas"); len(all) != 1 || all[0].Fields["ID Reserva"] != "mesa de Ana" {
			t.Errorf("now there are %+v", all)
		}
	})
}

func TestBookingsThroughARealBase(t *testing.T) {
	t.Parallel()
	bothWays(t, mapping.Names{}, airtabletest.Options{}, func(t *testing.T, b base, m *mapping.Mapper) {
		if err := b.srv.Seed(); err != nil {
			t.Fatal(err)
		}
		if err := b.srv.Staff().Clear("Reservas"); err != nil {
			t.Fatal(err)
		}
		_, index := b.tables(t, m)
		tries := 0
		rapid.Check(t, func(rt *rapid.T) {
			if tries++; tries > 25 { // each is several requests
				return
			}
			want := someBooking(rt, testRestaurant(t), []string{"T1", "T2", "I5", "I6", "I14", "S1", "B1"})
			for range 2 { // the second time nothing changes
				row, err := m.Row(want, "", nil, index)
				if err != nil {
					rt.Fatal(err)
				}
				b.write(t, m, row)
			}
			var found []booking.Booking
			read, _ := b.day(t, m, index, want.Date)
			for _, one := range read {
				if one.ID == want.ID {
					one.Created = want.Created
					found = append(found, one)
				}
			}
			if diff := cmp.Diff([]booking.Booking{want}, found); diff != "" {
				rt.Fatalf("(-want +got)\n%s", diff)
			}
			want.Phone, want.Email, want.Notes, want.Tables, want.Zone, want.AskedZone, want.CallID = "", "", "", nil, "", "", ""
			row, err := m.Row(want, "", nil, index)
			if err != nil {
				rt.Fatal(err)
			}
			cleared, unread, _ := m.Booking(b.write(t, m, row)[0], index)
			cleared.Created = want.Created
			if diff := cmp.Diff(want, cleared); diff != "" || len(unread) > 0 {
				rt.Fatalf("not cleared (-want +got)\n%s%+v", diff, unread)
			}
		})
	})
}

func TestARenamedFieldDoesNoHarmToABoundMapper(t *testing.T) {
	t.Parallel()
	b := open(t, airtabletest.Options{})
	m := mapper(t, mapping.Names{}).Bind(b.schema(t))
	for from, to := range map[string]string{"Fecha de Reserva": "Día", "Hora": "A las }{ \\ ", "Estado": "¿Cómo va?", "Mesa": "Dónde"} {
		if err := b.srv.Staff().RenameField("Reservas", from, to); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.srv.Staff().RenameTable("Reservas", "Libro"); err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 12, 3, 20, 0, 0, 0, time.UTC)
	want := booking.Booking{ID: "01KAYGZ5W8M3T1V0QX9R2B4C6D", Date: date(t, thursday), Time: booking.NewTimeOfDay(21, 0), Start: at, Party: 2,
		Status: booking.Cancelled, Channel: booking.ByPhone}
	row, err := m.Row(want, "", nil, mapping.TableIndex{})
	if err != nil {
		t.Fatal(err)
	}
	b.write(t, m, row)
	read, _ := b.day(t, m, mapping.TableIndex{}, want.Date)
	if len(read) != 1 || read[0].ID != want.ID || !read[0].Start.Equal(at) || read[0].Status != booking.Cancelled {
		t.Errorf("read %+v", read)
	}
}

// A change whose answer was lost may be in the base. If the guest then wants
// what there was before, or cancels, the lost change must be written over.
func TestAValueThatMayHaveBeenWrittenIsOverwritten(t *testing.T) {
	t.Parallel()
	r := testRestaurant(t)
	m := mapper(t, mapping.Names{})
	index := fewTables(t, m)
	tables := []string{"T1", "T2", "I5", "I6", "I14", "S1", "B1"}
	rapid.Check(t, func(rt *rapid.T) {
		was := someBooking(rt, r, tables)
		var passed []booking.Booking
		for range rapid.IntRange(0, 3).Draw(rt, "passed") {
			p := someBooking(rt, r, tables)
			p.ID, p.Code, p.Created = was.ID, was.Code, was.Created
			passed = append(passed, p)
		}
		now := was
		if rapid.Bool().Draw(rt, "other") {
			now = someBooking(rt, r, tables)
			now.ID, now.Code, now.Created = was.ID, was.Code, was.Created
		}
		wanted, err := m.Fields(now, index)
		if err != nil {
			rt.Fatal(err)
		}
		rec, err := m.Row(now, "recAAAAAAAAAAAAAA", &was, index, passed...)
		if err != nil {
			rt.Fatal(err)
		}
		// Whichever of them the base says, after the write it says what is wanted.
		for _, before := range append(passed, was) {
			cells, err := m.Fields(before, index)
			if err != nil {
				rt.Fatal(err)
			}
			maps.Copy(cells, rec.Fields)
			if diff := cmp.Diff(wanted, cells); diff != "" {
				rt.Fatalf("(-want +got)\n%s", diff)
			}
		}
	})
}
