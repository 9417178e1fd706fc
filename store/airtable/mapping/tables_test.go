package mapping_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"maitre/booking"
	"maitre/store/airtable"
	"maitre/store/airtable/mapping"
)

func TestTablesAsTheStaffTypeThem(t *testing.T) {
	t.Parallel()
	m := mapper(t, mapping.Names{})
	for name, c := range map[string]struct {
		row  fields
		want string // ID name zone min–max priority access, needs a word
	}{
		"all filled in":        {fields{"ID Mesa": "X1", "Nombre de Mesa": "Rincón", "Ubicación": "Terraza", "Capacidad": 4, "Capacidad Mínima": 2, "Prioridad": 5, "Disponible": true}, "X1 Rincón terraza 2-4 5 online"},
		"only what is needed":  {fields{"ID Mesa": "X1", "Ubicación": "Barra", "Capacidad": 2, "Disponible": true}, "X1 X1 barra 1-2 10 online"},
		"rest from the file":   {fields{"ID Mesa": "S5", "Disponible": true}, "S5 Sofá del rincón sofas 4-6 20 staff word"},
		"base over file":       {fields{"ID Mesa": "S5", "Capacidad": 8, "Prioridad": 1, "Ubicación": "Comedor", "Disponible": true}, "S5 Sofá del rincón interior 4-8 1 staff word"},
		"id typed otherwise":   {fields{"ID Mesa": "s5 ", "Disponible": true}, "S5 Sofá del rincón sofas 4-6 20 staff word"},
		"a number as id":       {fields{"ID Mesa": 7, "Ubicación": "interior", "Capacidad": 4, "Disponible": true}, "7 7 interior 1-4 10 online"},
		"not ticked":           {fields{"ID Mesa": "T1"}, "T1 Terraza T1 terraza 1-4 10 walk_in"},
		"in words":             {fields{"ID Mesa": "T1", "Disponible": "Sí"}, "T1 Terraza T1 terraza 1-4 10 online"},
		"in words, no":         {fields{"ID Mesa": "T1", "Disponible": "Fuera de servicio"}, "T1 Terraza T1 terraza 1-4 10 walk_in"},
		"in other words":       {fields{"ID Mesa": "T1", "Disponible": "depende"}, "T1 Terraza T1 terraza 1-4 10 walk_in ! available"},
		"walk-in by the file":  {fields{"ID Mesa": "B5", "Disponible": true}, "B5 Barra B5 barra 1-2 10 walk_in word"},
		"capacity as text":     {fields{"ID Mesa": "X1", "Ubicación": "barra", "Capacidad": "4", "Disponible": true}, "X1 X1 barra 1-4 10 online"},
		"no capacity":          {fields{"ID Mesa": "X1", "Ubicación": "barra", "Disponible": true}, "X1 X1 barra 1-1 10 walk_in ! max"},
		"an absurd capacity":   {fields{"ID Mesa": "T1", "Capacidad": -4, "Disponible": true}, "T1 Terraza T1 terraza 1-4 10 online ! max"},
		"least above most":     {fields{"ID Mesa": "X1", "Ubicación": "barra", "Capacidad": 2, "Capacidad Mínima": 4, "Disponible": true}, "X1 X1 barra 1-2 10 online ! min"},
		"smaller than in file": {fields{"ID Mesa": "I14", "Capacidad": 4, "Disponible": true}, "I14 Redonda interior 4-4 10 online"},
		"no zone":              {fields{"ID Mesa": "X1", "Capacidad": 2, "Disponible": true}, "X1 X1  1-2 10 online ! zone"},
		"a zone of their own":  {fields{"ID Mesa": "T1", "Ubicación": "Azotea", "Disponible": true}, "T1 Terraza T1 terraza 1-4 10 online ! zone"},
		"no id":                {fields{"Nombre de Mesa": "T1", "Disponible": true}, "T1 T1 terraza 1-4 10 online ! id"},
		"nameless":             {fields{"Capacidad": 2, "Ubicación": "barra", "Disponible": true}, "rec00000000000001 rec00000000000001 barra 1-2 10 online ! id"},
		"a bad priority":       {fields{"ID Mesa": "T1", "Prioridad": "alta", "Disponible": true}, "T1 Terraza T1 terraza 1-4 10 online ! priority"},
		"an empty row":         {fields{}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tables, index, unread := m.Tables([]airtable.Record{record(t, 1, c.row)})
			var got []string
			for _, one := range tables {
				s := fmt.Sprintf("%s %s %s %d-%d %d %s", one.ID, one.Name, one.Zone, one.Min, one.Max, one.Priority, one.Access)
				if len(one.NeedsWord) > 0 {
					s += " word"
				}
				got = append(got, s+keys(unread))
				if rec, ok := index.Record(one.ID); !ok || rec != "rec00000000000001" {
					t.Errorf("not in the index: %s", one.ID)
				}
			}
			if strings.Join(got, "\n") != c.want {
				t.Errorf("\n got %s\nwant %s\n%+v", got, c.want, unread)
			}
		})
	}
}

func TestTablesComeInTheOrderOfTheFile(t *testing.T) {
	t.Parallel()
	m := mapper(t, mapping.Names{})
	var rows []airtable.Record
	for i, id := range []string{"Z2", "T2", "I1", "T10", "T1", "Z1", "T1"} {
		rows = append(rows, record(t, i, fields{"ID Mesa": id, "Capacidad": 2, "Ubicación": "barra", "Disponible": true}))
	}
	rows[4].Created = made.Add(-time.Hour)
	slices.Reverse(rows)
	tables, index, unread := m.Tables(rows)
	slices.Reverse(rows)
	var got []string
	for _, one := range tables {
		got = append(got, one.ID)
	}
	if want := []string{"T1", "T2", "T10", "I1", "Z1", "Z2"}; !cmp.Equal(want, got) {
		t.Errorf("got %v, want %v", got, want)
	}
	if keys(unread) != " ! id" || unread[0].Record != rows[6].ID {
		t.Errorf("the table that is there twice: %+v", unread)
	}
	if id, ok := index.Table(rows[6].ID); !ok || id != "T1" {
		t.Errorf("a link to its second row is %q", id)
	}
	if rec, _ := index.Record("T1"); rec != rows[4].ID {
		t.Errorf("it is written as %s, not as its first row", rec)
	}
}

func TestTheIndexCanBeKept(t *testing.T) {
	t.Parallel()
	m := mapper(t, mapping.Names{})
	tables, index, _ := m.Tables([]airtable.Record{
		record(t, 1, fields{"ID Mesa": "T1", "Disponible": true}), record(t, 2, fields{"ID Mesa": "T2", "Disponible": true}),
	})
	again := mapping.IndexOf(tables, index.Records())
	row := record(t, 3, fields{"Fecha de Reserva": thursday, "Hora": "21:00", "Mesa": []string{"rec00000000000002", "rec00000000000001"}})
	want, _, _ := m.Booking(row, index)
	got, _, _ := m.Booking(row, again)
	if diff := cmp.Diff(want, got); diff != "" || len(got.Tables) != 2 {
		t.Error(diff)
	}
}

func TestATableThatIsOutOfUseKeepsItsBookings(t *testing.T) {
	t.Parallel()
	m := mapper(t, mapping.Names{})
	tables, index, _ := m.Tables([]airtable.Record{record(t, 1, fields{"ID Mesa": "T1"})})
	b, _, _ := m.Booking(record(t, 2, fields{"Fecha de Reserva": thursday, "Hora": "21:00", "Mesa": []string{"rec00000000000001"}}), index)
	if len(tables) != 1 || tables[0].Access != booking.WalkInOnly || len(b.Tables) != 1 || b.Tables[0] != "T1" {
		t.Errorf("%+v, %+v", tables, b)
	}
}
