package phrase_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the cases are said in Madrid, wherever they run

	"maitre/booking"
	"maitre/booking/phrase"
)

// saying is one line of a corpus: what a guest says and what it means. A key
// that is absent is not asked for; "-" means that nothing must be understood.
type saying struct {
	Family string `json:"family"`
	Say    string `json:"say"`
	Now    string `json:"now"`
	Lang   string `json:"lang"`
	Intent string `json:"intent"`
	Date   string `json:"date"`
	Time   string `json:"time"`
	Party  *int   `json:"party"`
	Zone   string `json:"zone"`
	Name   string `json:"name"`
	Phone  string `json:"phone"`
	// GivesBack: whether it says in plain words, and nothing else, that a table goes back.
	GivesBack *bool `json:"gives_back"`
}

func madrid(tb testing.TB) *time.Location {
	tb.Helper()
	loc, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		tb.Fatal(err)
	}
	return loc
}

// monday is when the corpora are said: Monday 2026-11-23 at 13:00 in Madrid.
func monday(tb testing.TB) time.Time { return time.Date(2026, 11, 23, 13, 0, 0, 0, madrid(tb)) }

func clock(h, m int) booking.TimeOfDay { return booking.NewTimeOfDay(h, m) }

// restaurant serves lunch 13:00-15:30 and dinner 20:30-23:00 every day.
func testRestaurant(tb testing.TB) phrase.Restaurant {
	return phrase.Restaurant{
		Location: madrid(tb),
		Usual:    []phrase.Window{{First: clock(13, 0), Last: clock(15, 30)}, {First: clock(20, 30), Last: clock(23, 0)}},
		Zones: []phrase.ZoneWords{
			{ID: "interior", Words: []string{"Interior", "Inside"}},
			{ID: "terraza", Words: []string{"Terraza", "Terrace"}},
			{ID: "sofas", Words: []string{"Sofás", "zona chill"}},
		},
		Holidays: []phrase.NamedDay{{Name: "San Mateo", Date: booking.NewDate(2027, 9, 21)}, {Name: "San Bernabé", Date: booking.NewDate(2027, 6, 11)}},
	}
}

func readSayings(tb testing.TB, file string) []saying {
	tb.Helper()
	f, err := os.Open(file)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	var all []saying
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		var s saying
		dec := json.NewDecoder(strings.NewReader(lines.Text()))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&s); err != nil {
			tb.Fatalf("%s:%d: %v", file, n, err)
		}
		all = append(all, s)
	}
	if err := lines.Err(); err != nil {
		tb.Fatal(err)
	}
	return all
}

// family names what a saying is about, for the count.
func (s saying) family() string {
	switch {
	case s.Family != "":
		return s.Family
	case s.Intent != "":
		return "intent " + s.Intent
	case s.Name != "":
		return "name"
	case s.Date != "" && s.Time+s.Zone == "" && s.Party == nil:
		return "date"
	case s.Time != "" && s.Date+s.Zone == "" && s.Party == nil:
		return "time"
	case s.Party != nil && s.Date+s.Time == "":
		return "party"
	}
	return "several"
}

// wrong returns what of m is not as the saying has it.
func (s saying) wrong(m phrase.Meaning) []string {
	var bad []string
	check := func(key, want, got string) {
		if want == "" || want == got || want == "-" && got == "" {
			return
		}
		bad = append(bad, key+" is "+quoted(got)+", not "+want)
	}
	var date, at string
	if m.Date != nil {
		date = m.Date.String()
	}
	if m.Time != nil {
		at = m.Time.String()
	}
	check("intent", s.Intent, m.Intent)
	check("date", s.Date, date)
	check("time", s.Time, at)
	check("zone", s.Zone, m.Zone)
	check("name", s.Name, m.Name)
	check("phone", s.Phone, m.Phone)
	check("lang", s.Lang, string(m.Lang))
	if s.Party != nil && *s.Party != m.Party {
		bad = append(bad, fmt.Sprintf("party is %d, not %d", m.Party, *s.Party))
	}
	if gives := m.Plain && (m.Intent == phrase.No || m.Intent == phrase.Cancel); s.GivesBack != nil && *s.GivesBack != gives {
		bad = append(bad, fmt.Sprintf("it gives back is %t, not %t", gives, *s.GivesBack))
	}
	return bad
}

func quoted(s string) string {
	if s == "" {
		return "missing"
	}
	return s
}

// TestCorpora understands every line of testdata and prints N of M by family.
func TestCorpora(t *testing.T) {
	t.Parallel()
	reader := phrase.New(testRestaurant(t))
	files, err := filepath.Glob("testdata/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatalf("no corpora: %v", err)
	}
	for _, file := range files {
		right, of := map[string]int{}, map[string]int{}
		good, all := 0, 0
		for _, s := range readSayings(t, file) {
			now := monday(t)
			if s.Now != "" {
				if now, err = time.Parse(time.RFC3339, s.Now); err != nil {
					t.Fatal(err)
				}
			}
			m := reader.Understand(s.Say, now, "")
			of[s.family()]++
			all++
			if bad := s.wrong(m); len(bad) > 0 {
				got, _ := json.Marshal(m)
				t.Errorf("%s: %q: %s (understood %s)", filepath.Base(file), s.Say, strings.Join(bad, "; "), got)
				continue
			}
			right[s.family()]++
			good++
		}
		t.Logf("%s: %d of %d", filepath.Base(file), good, all)
		names := make([]string, 0, len(of))
		for name := range of {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			t.Logf("  %-22s %3d of %d", name, right[name], of[name])
		}
	}
}
