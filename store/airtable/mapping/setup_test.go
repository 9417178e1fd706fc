package mapping_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/nyaruka/phonenumbers"

	"maitre/booking"
	"maitre/store/airtable"
	"maitre/store/airtable/mapping"
	"maitre/store/restaurantfile"
)

// spanish reads numbers as the desk's own parser does.
type spanish struct{}

func (spanish) Parse(s string) (booking.Phone, error) {
	for _, r := range s {
		if r >= 'a' && r <= 'z' {
			return "", errors.New("not a phone number")
		}
	}
	n, err := phonenumbers.Parse(s, "ES")
	if err != nil || !phonenumbers.IsValidNumber(n) {
		return "", errors.New("no such phone number")
	}
	return booking.Phone(phonenumbers.Format(n, phonenumbers.E164)), nil
}

func testRestaurant(t testing.TB) *booking.Restaurant {
	t.Helper()
	file, err := restaurantfile.LoadFile("")
	if err != nil {
		t.Fatal(err)
	}
	return file.Restaurant
}

func mapper(t testing.TB, names mapping.Names) *mapping.Mapper {
	t.Helper()
	return mapping.New(names, testRestaurant(t), spanish{})
}

var made = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

// record makes a row; n is in its ID.
func record(t testing.TB, n int, fields map[string]any) airtable.Record {
	t.Helper()
	rec := airtable.Record{ID: fmt.Sprintf("rec%014d", n), Created: made, Fields: map[string]airtable.Cell{}}
	for name, v := range fields {
		cell, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		rec.Fields[name] = cell
	}
	return rec
}

// tableRow is the record ID of one of the few tables of most tests.
func tableRow(id string) string {
	for i, t := range []string{"T1", "T2", "I5", "I6", "I14", "S1", "B1"} {
		if t == id {
			return fmt.Sprintf("rec%014d", 900+i)
		}
	}
	return "recNotThereAtAll1"
}

func fewTables(t testing.TB, m *mapping.Mapper) mapping.TableIndex {
	t.Helper()
	var rows []airtable.Record
	for i, id := range []string{"T1", "T2", "I5", "I6", "I14", "S1", "B1"} {
		rows = append(rows, record(t, 900+i, map[string]any{"ID Mesa": id, "Disponible": true}))
	}
	_, index, unread := m.Tables(rows)
	if len(unread) > 0 {
		t.Fatalf("tables: %+v", unread)
	}
	return index
}

func date(t testing.TB, s string) booking.Date {
	t.Helper()
	d, err := booking.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
