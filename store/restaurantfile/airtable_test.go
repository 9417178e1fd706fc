package restaurantfile_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"maitre/booking"
	"maitre/store/airtable/mapping"
	"maitre/store/restaurantfile"
)

func TestWithoutASectionTheBaseHasItsUsualNames(t *testing.T) {
	t.Parallel()
	f, err := restaurantfile.ParseFile("f.toml", []byte(small))
	if err != nil {
		t.Fatal(err)
	}
	want := mapping.Default()
	want.Zones["interior"] = []string{"Interior"}
	if diff := cmp.Diff(want, f.Airtable); diff != "" || f.Restaurant.Name != "Casa Ana" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestNamesInTheBase(t *testing.T) {
	t.Parallel()
	f, err := restaurantfile.ParseFile("f.toml", []byte(small+`
[airtable.bookings]
party = "Pax"
notes = "fldA1b2C3d4E5f6G7"
[airtable.tables]
available = "Activa"
[airtable.statuses]
confirmed = ["Confirmada", "OK"]
pre_booked = "Pendiente"
[airtable.channels]
phone = ["Llamada"]
[airtable.zones]
interior = ["Salón", "Comedor"]
`))
	if err != nil {
		t.Fatal(err)
	}
	want := mapping.Default()
	want.Bookings[mapping.Party], want.Bookings[mapping.Notes] = "Pax", "fldA1b2C3d4E5f6G7"
	want.Tables[mapping.Available] = "Activa"
	want.Statuses[booking.Confirmed], want.Statuses[booking.PreBooked] = []string{"Confirmada", "OK"}, []string{"Pendiente"}
	want.Channels[booking.ByPhone] = []string{"Llamada"}
	want.Zones["interior"] = []string{"Salón", "Comedor"}
	if diff := cmp.Diff(want, f.Airtable); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestProblemsInTheNamesSayHowToFixThem(t *testing.T) {
	t.Parallel()
	for section, want := range map[string]string{
		"[airtable.bookings]\nprty = \"Pax\"":                               `f.toml:21: airtable.bookings.prty is not a known key; did you mean "party"?`,
		"[airtable.booking]\nparty = \"Pax\"":                               `f.toml:20: airtable.booking is not a known key; did you mean "bookings"?`,
		"[airtable.bookings]\nparty = 4":                                    `f.toml:21: airtable.bookings.party = 4 is not a text; put it in quotes`,
		"[airtable.bookings]\nparty = \"\"":                                 `f.toml:21: airtable.bookings.party = "" is empty`,
		"[airtable.bookings]\nparty = \"código\"":                           `f.toml:21: airtable.bookings.party = "código" is the field of code too; name one field for party and another for code`,
		"[airtable.bookings]\ncode = \"Pax\"\nparty = \"Pax\"":              `f.toml:22: airtable.bookings.party = "Pax" is the field of code too`,
		"[airtable.bookings]\ncode = \"Estado\"":                            `f.toml:21: airtable.bookings.code = "Estado" is the field of status too`,
		"[airtable.statuses]\nconfirmada = \"OK\"":                          `f.toml:21: airtable.statuses.confirmada is not a known key; did you mean "confirmed"?`,
		"[airtable.statuses]\nconfirmed = []":                               `f.toml:21: airtable.statuses.confirmed is empty; write the words of the base, the one to write first: ["Confirmada"]`,
		"[airtable.statuses]\nconfirmed = [\"OK\", \"cancelada\"]":          `f.toml:21: airtable.statuses.confirmed[2] = "cancelada" is a word for cancelled too; take it away here, or write other words for cancelled`,
		"[airtable.statuses]\nconfirmed = [\"OK\", \"ok\"]":                 `f.toml:21: airtable.statuses.confirmed[2] = "ok" stands twice; take one away`,
		"[airtable.statuses]\nconfirmed = \"X\"\ncancelled = \"X\"":         `f.toml:22: airtable.statuses.cancelled = "X" is a word for confirmed too`,
		"[airtable.channels]\nwhatsap = \"WA\"":                             `f.toml:21: airtable.channels.whatsap is not a known key; did you mean "whatsapp"?`,
		"[airtable.zones]\nterraza = \"Patio\"":                             `f.toml:21: airtable.zones.terraza is not a known key; the nearest is "interior"`,
		"[airtable]\nbookings = \"Reservas\"":                               `f.toml:21: airtable.bookings = "Reservas" is not a table`,
		"[airtable.bookings]\nparty = \"" + strings.Repeat("x", 300) + "\"": `is longer than 255 characters`,
	} {
		t.Run(section, func(t *testing.T) {
			t.Parallel()
			_, err := restaurantfile.ParseFile("f.toml", []byte(small+section))
			if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got:  %v\nwant: %s", err, want)
			}
		})
	}
}
