package mapping_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"maitre/store/airtable"
	"maitre/store/airtable/mapping"
)

func TestAMarkIsReadAsItIsWritten(t *testing.T) {
	t.Parallel()
	m := mapper(t, mapping.Names{})
	since := time.Date(2026, 11, 30, 22, 40, 0, 0, time.UTC)
	for host, want := range map[string]string{
		"caja-1": "caja-1", " el · portátil\nviejo ": "el - portátil viejo", "": "?", strings.Repeat("x", 80): strings.Repeat("x", 40),
	} {
		mark := mapping.NewMark(host, since, "7F3KQ2")
		mark.Record = "recMark0000000001"
		row, err := m.MarkRow(mark)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := m.Mark(row)
		if !ok || got != mark || got.Host != want || got.Since != "2026-11-30 22:40" {
			t.Errorf("%q is read as %+v, %t; want %+v", host, got, ok, mark)
		}
	}
}

// A mark, be it spoiled, is no table and no unreadable cell; a table is no mark.
func TestAMarkIsNoTable(t *testing.T) {
	t.Parallel()
	m := mapper(t, mapping.Names{})
	row := func(id, text string, at int64) airtable.Record {
		return airtable.Record{ID: id, Created: time.Unix(at, 0), Fields: airtable.Cells{
			"ID Mesa": airtable.String(text), "Capacidad": airtable.Number(4), "Disponible": airtable.Bool(true)}}
	}
	rows := []airtable.Record{
		row("recB", "maitre · b · desde 2026-11-30 22:41 · BBB", 2), row("recT", "T1", 1), row("recM", "Maitre", 1),
		row("recS", "maitre · no tocar", 3), row("recA", "maitre · a · desde 2026-11-30 22:40 · AAA", 1), row("recE", "MAÎTRE ·", 9),
	}
	tables, index, unread := m.Tables(rows)
	if len(tables) != 2 || len(unread) > 2 {
		t.Errorf("tables %+v, told of %+v", tables, unread)
	}
	if _, known := index.Table("recA"); known {
		t.Error("a mark can be given to a booking")
	}
	var said []string
	for _, mark := range m.Marks(rows) {
		said = append(said, mark.Record+mark.Token)
	}
	if got := strings.Join(said, " "); got != "recAAAA recBBBB recS recE" {
		t.Errorf("marks: %s", got)
	}
}

func TestAMarkNeedsAFieldOfText(t *testing.T) {
	t.Parallel()
	for kind, fits := range map[string]bool{airtable.TypeText: true, airtable.TypeLongText: true, airtable.TypeNumber: false, "formula": false} {
		schema := []airtable.Table{{ID: "tblR", Name: "Reservas"}, {ID: "tblM", Name: "Mesas", Fields: []airtable.Field{{ID: "fldI", Name: "ID Mesa", Type: kind}}}}
		_, err := mapper(t, mapping.Names{}).Bind(schema).MarkRow(mapping.NewMark("h", time.Time{}, "T"))
		if fits != (err == nil) || !fits && !errors.Is(err, mapping.ErrIDField) {
			t.Errorf("%s: %v", kind, err)
		}
	}
}
