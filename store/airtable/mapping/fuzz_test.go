package mapping_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"maitre/booking"
	"maitre/store/airtable"
	"maitre/store/airtable/mapping"
)

func FuzzBooking(f *testing.F) {
	for _, row := range []string{
		`{}`, `{"Fecha de Reserva":"2026-12-03","Hora":"2026-12-03T20:00:00.000Z","Cantidad de Personas":4,"Estado":"Confirmada","Mesa":["rec00000000000900"]}`,
		`{"Fecha de Reserva":"3/12","Hora":"9 y media de la noche","Cantidad de Personas":"4+1","Mesa":"T1, T2","Teléfono":"612 34 56 78 / 9"}`,
		`{"Hora":-1e308,"Fecha de Reserva":{"error":"#ERROR!"},"Estado":{"name":null},"Mesa":[{"id":7}],"ID Reserva":["x"]}`,
		`{"Fecha de Reserva":"9999-12-31","Hora":"24:00","Zona Preferida":["Terraza","Barra"],"Canal":true,"Cantidad de Personas":"99999999999999999999"}`,
	} {
		f.Add(row)
	}
	m := mapper(f, mapping.Names{})
	index := fewTables(f, m)
	madrid := testRestaurant(f).Location
	f.Fuzz(func(t *testing.T, text string) {
		var cells map[string]airtable.Cell
		if json.Unmarshal([]byte(text), &cells) != nil {
			return
		}
		rec := airtable.Record{ID: "rec00000000000001", Created: made, Fields: cells}
		b, unread, ok := m.Booking(rec, index)
		for _, u := range unread {
			if !utf8.ValidString(u.Value) || utf8.RuneCountInString(u.Value) > 62 || strings.ContainsAny(u.Value, "\n\r\u2028") || u.Why == "" {
				t.Fatalf("not to be shown: %+v", u)
			}
		}
		m.Tables([]airtable.Record{rec})
		m.Days(rec)
		if !ok {
			return
		}
		day, _ := booking.ServiceDay(b.Start, madrid)
		switch {
		case b.ID == "" || b.Party < 1 || b.Date.IsZero() || !b.End.After(b.Start) || day != b.Date:
			t.Fatalf("no booking: %+v", b)
		case b.Time < booking.DayBegins || b.Time >= booking.DayEnds:
			t.Fatalf("no time of a service day: %d", b.Time)
		case b.Live() && len(b.Tables) > 0 && b.End.Sub(b.Start) < time.Minute:
			t.Fatalf("its tables are free: %+v", b)
		case b.Start.Location() != time.UTC || b.End.Location() != time.UTC:
			t.Fatalf("not in UTC: %+v", b)
		}
		if days, _ := m.Day(b.Date, []airtable.Record{rec}, index); len(days) != 1 {
			t.Fatalf("not on its own day: %+v", b)
		}
		if _, err := m.Fields(b, index); err != nil {
			t.Fatalf("cannot be written again: %v", err)
		}
	})
}
