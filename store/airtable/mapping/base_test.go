package mapping_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"maitre/booking"
	"maitre/store/airtable"
	"maitre/store/airtable/airtabletest"
	"maitre/store/airtable/mapping"
)

// base is a real base over HTTP, and our client of it.
type base struct {
	*airtable.Client
	srv *airtabletest.Server
}

func open(t *testing.T, o airtabletest.Options) base {
	t.Helper()
	o.RatePerBase, o.RatePerUser = airtabletest.Unlimited, airtabletest.Unlimited
	o.Clock = func() time.Time { return made }
	srv := airtabletest.Start(t, o)
	client, err := airtable.New(airtable.Config{Endpoint: srv.URL(), Token: airtable.Token(srv.Token()), BaseID: srv.BaseID(), Pace: 10_000, Penalty: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return base{client, srv}
}

func (b base) schema(t *testing.T) []airtable.Table {
	t.Helper()
	schema, err := b.Schema(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func (b base) list(t *testing.T, m *mapping.Mapper, table string, names []string, where airtable.Formula) []airtable.Record {
	t.Helper()
	rows, err := b.List(context.Background(), table, airtable.ListOptions{Fields: names, Where: where, ByFieldID: m.ByFieldID()})
	if err != nil {
		t.Fatalf("list where %s: %v", where, err)
	}
	return rows
}

func (b base) tables(t *testing.T, m *mapping.Mapper) ([]booking.Table, mapping.TableIndex) {
	t.Helper()
	tables, index, unread := m.Tables(b.list(t, m, m.TablesTable(), m.TableFields(), airtable.Formula{}))
	if len(unread) > 0 {
		t.Errorf("tables: %+v", unread)
	}
	return tables, index
}

func (b base) day(t *testing.T, m *mapping.Mapper, index mapping.TableIndex, day booking.Date) ([]booking.Booking, []mapping.Unread) {
	t.Helper()
	return m.Day(day, b.list(t, m, m.BookingsTable(), m.BookingFields(), m.WhereDay(day)), index)
}

func (b base) write(t *testing.T, m *mapping.Mapper, rows ...airtable.Record) []airtable.Record {
	t.Helper()
	to := airtable.Target{Table: m.BookingsTable(), MergeOn: m.MergeOn(), ByFieldID: m.ByFieldID()}
	done := b.Upsert(context.Background(), to, rows...)
	if err := airtable.Failures(done); err != nil {
		t.Fatal(err)
	}
	var all []airtable.Record
	for _, w := range done {
		all = append(all, w.Record)
	}
	return all
}

// bothWays runs a test with a mapper that knows the names only and with one that knows the base.
func bothWays(t *testing.T, names mapping.Names, o airtabletest.Options, do func(t *testing.T, b base, m *mapping.Mapper)) {
	t.Helper()
	t.Run("by name", func(t *testing.T) {
		t.Parallel()
		do(t, open(t, o), mapper(t, names))
	})
	t.Run("by field ID", func(t *testing.T) {
		t.Parallel()
		b := open(t, o)
		do(t, b, mapper(t, names).Bind(b.schema(t)))
	})
}

func TestABaseInUseIsRead(t *testing.T) {
	t.Parallel()
	bothWays(t, mapping.Names{}, airtabletest.Options{}, func(t *testing.T, b base, m *mapping.Mapper) {
		if err := b.srv.Seed(); err != nil {
			t.Fatal(err)
		}
		tables, index := b.tables(t, m)
		if len(tables) != len(testRestaurant(t).Tables) {
			t.Errorf("%d tables, want %d", len(tables), len(testRestaurant(t).Tables))
		}
		for i, one := range tables {
			if want := testRestaurant(t).Tables[i]; one.ID != want.ID || one.Zone != want.Zone {
				t.Errorf("table %+v, want %+v", one, want)
			}
		}
		want := map[string]string{
			"2026-11-24": "21:00 for 4 T1, 21:30 for 2 I1",
			"2026-11-25": "06:00 for 3 , 14:00 for 12 I5+I6+I7 ! time",
			"2026-11-26": "20:30 for 2 B1, 21:00 for 4 S1 ! party",
			"2026-11-27": "14:30 for 5 I11, 22:00 for 6 T9",
			"2026-11-28": "00:30 for 4 B3+B4",
			"2026-11-29": "",
		}
		for day, want := range want {
			bookings, unread := b.day(t, m, index, date(t, day))
			if day == "2026-11-25" {
				want = strings.Replace(want, "06:00", "13:00", 1) // a Wednesday: lunch only
			}
			if got := brief(bookings) + keys(unread); got != want {
				t.Errorf("%s: %s, want %s", day, got, want)
			}
		}
		undated := b.list(t, m, m.BookingsTable(), m.BookingFields(), m.WhereUndated())
		if _, unread := m.Bookings(undated, index); len(undated) != 1 || keys(unread) != " ! date" {
			t.Errorf("undated: %+v, %+v", undated, unread)
		}
	})
}

func brief(bookings []booking.Booking) string {
	var all []string
	for _, b := range bookings {
		all = append(all, b.Time.String()+" for "+string(rune('0'+b.Party/10%10))+string(rune('0'+b.Party%10))+" "+strings.Join(b.Tables, "+"))
	}
	slices.Sort(all)
	return strings.ReplaceAll(strings.Join(all, ", "), "for 0", "for ")
}

func TestWhoIsFoundByNumber(t *testing.T) {
	t.Parallel()
	bothWays(t, mapping.Names{}, airtabletest.Options{}, func(t *testing.T, b base, m *mapping.Mapper) {
		for typed, row := range map[string]fields{
			"612 34 56 78":            {"Fecha de Reserva": "2026-12-03"},
			"+34 612.34.56.78":        {"Fecha de Reserva": "2026-12-04"},
			"0034-612-345-678":        {"Hora": "2026-12-05T20:00:00.000Z"}, // dated by its hour only
			"Ana (612) 345678":        {"Fecha de Reserva": "2026-12-06", "Hora": "2026-12-06T20:00:00.000Z"},
			"941000126 / 612 345 678": {"Fecha de Reserva": "2026-12-07"},
			"612345678":               {"Fecha de Reserva": "2026-12-01"},                // before
			" 612345678 ":             {"Hora": "2026-12-03T04:59:00.000Z"},              // the evening before
			"+44 7612 345678":         {"Fecha de Reserva": "2026-12-03"},                // another country's
			"6123456789":              {"Fecha de Reserva": "2026-12-03"},                // a longer one
			"612345679":               {"Fecha de Reserva": "2026-12-03"},                // another
			"":                        {"Fecha de Reserva": "2026-12-03", "Código": "x"}, // none
		} {
			row["Teléfono"], row["Nombre del Cliente"] = typed, typed
			if _, err := b.srv.Staff().Create("Reservas", row); err != nil {
				t.Fatal(err)
			}
		}
		var got []string
		for _, rec := range b.list(t, m, m.BookingsTable(), m.BookingFields(), m.WherePhone("+34612345678", date(t, "2026-12-03"))) {
			if m.HasPhone(rec, "+34612345678") {
				found, _, ok := m.Booking(rec, mapping.TableIndex{})
				if !ok {
					t.Errorf("found but not read: %v", rec)
				}
				got = append(got, found.Name)
			}
		}
		slices.Sort(got)
		want := []string{"+34 612.34.56.78", "0034-612-345-678", "612 34 56 78", "941000126 / 612 345 678", "Ana (612) 345678"}
		if !slices.Equal(got, want) {
			t.Errorf("\n got %q\nwant %q", got, want)
		}
	})
}

func TestABookingIsFoundByItsCodeAndID(t *testing.T) {
	t.Parallel()
	bothWays(t, mapping.Names{}, airtabletest.Options{}, func(t *testing.T, b base, m *mapping.Mapper) {
		const ours = "01KAYGZ5W8M3T1V0QX9R2B4C6D"
		rec, err := b.srv.Staff().Create("Reservas", fields{"ID Reserva": ours, "Código": " k7qf", "Fecha de Reserva": thursday})
		if err != nil {
			t.Fatal(err)
		}
		for _, where := range []airtable.Formula{m.WhereCode("K7QF"), m.WhereID(ours), m.WhereID(rec.ID)} {
			if rows := b.list(t, m, m.BookingsTable(), m.BookingFields(), where); len(rows) != 1 || rows[0].ID != rec.ID {
				t.Errorf("%s finds %v", where, rows)
			}
		}
		if rows := b.list(t, m, m.BookingsTable(), m.BookingFields(), m.WhereCode(`X' , ''`)); len(rows) != 0 {
			t.Errorf("a code that is none finds %v", rows)
		}
	})
}
