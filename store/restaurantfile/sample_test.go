package restaurantfile

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"maitre/booking"
)

func sampleRestaurant(t *testing.T) *booking.Restaurant {
	t.Helper()
	f, err := LoadFile("")
	if err != nil {
		t.Fatal(err)
	}
	return f.Restaurant
}

func TestSampleFloor(t *testing.T) {
	t.Parallel()
	r := sampleRestaurant(t)
	tables := map[string]booking.Table{}
	access := map[booking.Access]int{}
	for _, table := range r.Tables {
		tables[table.ID] = table
		access[table.Access]++
		if table.Zone == "barra" && table.NeedsWord["es"] == "" {
			t.Errorf("%s at the bar needs no word", table.ID)
		}
	}
	if len(r.Tables) != 35 || access[booking.StaffOnly] < 1 || access[booking.WalkInOnly] != 2 {
		t.Errorf("%d tables, access %v", len(r.Tables), access)
	}
	if t1 := tables["T1"]; t1.Zone != "terraza" || t1.Max != 4 || t1.Access != booking.Online {
		t.Errorf("T1 is %+v", t1)
	}
	for _, zone := range []string{"interior", "terraza"} {
		for party := 8; party <= r.PartyLimit; party++ {
			fits := func(c booking.Combination) bool {
				return tables[c.Tables[0]].Zone == zone && c.Min <= party && party <= c.Max
			}
			if !slices.ContainsFunc(r.Combinations, fits) {
				t.Errorf("no combination for %d in zone %s", party, zone)
			}
		}
	}
	for _, c := range r.Combinations {
		seats := 0
		for _, id := range c.Tables {
			seats += tables[id].Max
		}
		if c.Max > seats {
			t.Errorf("%v seat %d, not %d", c.Tables, seats, c.Max)
		}
	}
}

func TestSampleServices(t *testing.T) {
	t.Parallel()
	r := sampleRestaurant(t)
	served := map[time.Weekday]string{}
	for _, s := range r.Services {
		for _, d := range s.Days {
			served[d] += " " + s.ID
		}
	}
	want := map[time.Weekday]string{
		time.Tuesday: " lunch", time.Wednesday: " lunch", time.Thursday: " lunch dinner",
		time.Friday: " lunch dinner", time.Saturday: " lunch dinner", time.Sunday: " lunch",
	}
	for d := range time.Saturday + 1 {
		if served[d] != want[d] {
			t.Errorf("%s: %q, want %q", d, served[d], want[d])
		}
	}
	weekend := r.Services[2]
	if !weekend.KitchenCloses.AfterMidnight() || len(weekend.Seatings) != 2 {
		t.Errorf("dinner at the weekend: %+v", weekend)
	}
	for _, seating := range weekend.Seatings {
		for _, turn := range r.Turns {
			if seating.First+booking.TimeOfDay(turn.Stay/time.Minute) > seating.Until {
				t.Errorf("parties up to %d do not fit %s", turn.UpTo, seating.Name["en"])
			}
		}
	}
}

func TestSampleYear(t *testing.T) {
	t.Parallel()
	r := sampleRestaurant(t)
	holiday := map[booking.Date]bool{}
	for _, h := range r.Holidays {
		holiday[h.Date] = true
	}
	for _, year := range []int{2026, 2027} {
		easter := easterSunday(year)
		moving := []booking.Date{easter.AddDays(-3), easter.AddDays(-2), easter.AddDays(1)}
		fixed := []booking.Date{
			booking.NewDate(year, time.June, 9), booking.NewDate(year, time.June, 11),
			booking.NewDate(year, time.September, 21), booking.NewDate(year, time.December, 8),
		}
		for _, d := range append(moving, fixed...) {
			if !holiday[d] {
				t.Errorf("%s is not among the holidays", d)
			}
		}
	}
	eve := booking.NewDate(2026, time.December, 24)
	for _, c := range r.Closures {
		if c.From <= eve && eve <= c.To {
			t.Errorf("Christmas Eve is closed: %+v", c)
		}
		if c.Reason["es"] == "" || c.Reason["en"] == "" {
			t.Errorf("guests hear no reason for %s", c.From)
		}
	}
}

func TestSampleDoesNotContradictItself(t *testing.T) {
	t.Parallel()
	warnings, err := sampleRestaurant(t).Check()
	if err != nil || len(warnings) > 0 {
		t.Errorf("%v\n%s", err, strings.Join(warnings, "\n"))
	}
}

func TestSampleDays(t *testing.T) {
	t.Parallel()
	desk := booking.NewDesk(booking.Config{Restaurant: sampleRestaurant(t)})
	for _, c := range []struct {
		date, want string
		closure    bool
	}{
		{"2026-11-30", "", false}, // a Monday
		{"2026-12-01", "lunch", false},
		{"2026-12-03", "lunch dinner", false},
		{"2026-12-05", "lunch dinner", false},
		{"2026-12-06", "lunch dinner", false}, // the Sunday before a holiday
		{"2026-12-07", "lunch", false},        // a Monday, but a holiday
		{"2026-12-08", "lunch", false},        // the day after, but a holiday
		{"2026-12-24", "lunch dinner", false},
		{"2026-12-25", "", true},
		{"2026-12-31", "lunch", true},
		{"2027-01-01", "", true},
		{"2027-01-05", "lunch dinner", false}, // the eve of Epiphany
		{"2027-03-30", "", true},              // the Tuesday after Easter Monday
		{"2027-08-12", "", true},
	} {
		date, err := booking.ParseDate(c.date)
		if err != nil {
			t.Fatal(err)
		}
		hours := desk.Hours(date)
		var served []string
		for _, s := range hours.Services {
			served = append(served, s.ID)
		}
		if got := strings.Join(served, " "); got != c.want || (hours.Closure != nil) != c.closure {
			t.Errorf("%s: serves %q, closure %v; want %q, %v", c.date, got, hours.Closure, c.want, c.closure)
		}
	}
	holy, _ := booking.ParseDate("2027-03-25")
	if lunch := desk.Hours(holy).Services[0]; len(lunch.Seatings) != 2 {
		t.Errorf("lunch on Maundy Thursday: %+v, want two seatings", lunch)
	}
}

// easterSunday is the Gregorian computus of Meeus, Jones and Butcher.
func easterSunday(y int) booking.Date {
	a, b, c := y%19, y/100, y%100
	d, e := b/4, b%4
	g := (8*b + 13) / 25
	h := (19*a + b - d - g + 15) % 30
	j, k := c/4, c%4
	m := (a + 11*h) / 319
	r := (2*e + 2*j - k - h + m + 32) % 7
	n := (h - m + r + 90) / 25
	p := (h - m + r + n + 19) % 32
	return booking.NewDate(y, time.Month(n), p)
}

func TestSampleSpeaksAllItsLanguagesEverywhere(t *testing.T) {
	t.Parallel()
	r := sampleRestaurant(t)
	texts := map[string]booking.Text{}
	for _, f := range r.Facts {
		texts["fact "+f.Key] = f.Text
	}
	for _, h := range r.Holidays {
		texts["holiday "+h.Date.String()] = h.Name
	}
	for _, z := range r.Zones {
		texts["zone "+z.ID] = z.Name
	}
	for _, table := range r.Tables {
		if table.NeedsWord != nil {
			texts["table "+table.ID] = table.NeedsWord
		}
	}
	for what, text := range texts {
		for _, lang := range r.Languages {
			if text[lang] == "" {
				t.Errorf("%s has no words in %s", what, lang)
			}
		}
	}
}

// TestDocsNameEveryKey checks that the page for owners names every key.
func TestDocsNameEveryKey(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "restaurant-file.md"))
	if err != nil {
		t.Fatal(err)
	}
	names := "\n[airtable.bookings]\n[airtable.tables]\n[airtable.statuses]\n[airtable.channels]\n[airtable.zones]\n"
	root, problem := parseTree(append(bytes.Clone(sample), names...))
	if problem != nil {
		t.Fatal(problem)
	}
	r := &reader{file: SampleName, owners: map[string][]string{}}
	restaurant := r.whole(&table{reader: r, node: root}).Restaurant
	for key := range r.owners {
		isZone := slices.ContainsFunc(restaurant.Zones, func(z booking.Zone) bool { return z.ID == key })
		if !isZone && !strings.Contains(string(page), "`"+key+"`") {
			t.Errorf("docs/restaurant-file.md does not name `%s`", key)
		}
	}
	if len(r.owners) < 70 {
		t.Errorf("only %d keys were asked for", len(r.owners))
	}
}
