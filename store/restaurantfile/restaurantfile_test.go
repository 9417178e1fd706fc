package restaurantfile_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"maitre/booking"
	"maitre/store/restaurantfile"
)

// small is the smallest valid restaurant file; tests change a line of it.
const small = `name = "Casa Ana"
phone = "941 000 126"
time_zone = "Europe/Madrid"
[zones]
interior = "el comedor"
[[tables]]
id = "T1"
zone = "interior"
max = 4
[turn_times]
more = "1h30m"
[[services]]
id = "dinner"
name = "cena"
days = "fri"
first_arrival = "20:30"
last_arrival = "22:45"
kitchen_closes = "23:15"
room_closes = "00:30"
`

func TestSmallRestaurantNeedsOnlyWhatHasNoDefault(t *testing.T) {
	t.Parallel()
	got := parse(t, small)
	madrid, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	want := &booking.Restaurant{
		Slug: "casa-ana", Name: "Casa Ana", Phone: "+34941000126",
		Languages: []booking.Lang{booking.Spanish}, Location: madrid,
		Services: []booking.Service{{
			ID: "dinner", Name: booking.Text{"es": "cena"}, Days: []time.Weekday{time.Friday},
			First: booking.NewTimeOfDay(20, 30), Last: booking.NewTimeOfDay(22, 45),
			KitchenCloses: booking.NewTimeOfDay(23, 15), RoomCloses: booking.NewTimeOfDay(0, 30),
		}},
		Turns: []booking.Turn{{UpTo: 4, Stay: 90 * time.Minute}},
		Step:  15, Horizon: 90, PartyLimit: 4,
		Zones:  []booking.Zone{{ID: "interior", Name: booking.Text{"es": "el comedor"}}},
		Tables: []booking.Table{{ID: "T1", Name: "T1", Zone: "interior", Min: 1, Max: 4, Priority: 10, Access: booking.Online}},
	}
	same := cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() })
	if diff := cmp.Diff(want, got, same); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestTimesAfterMidnightAreLateInTheSameEvening(t *testing.T) {
	t.Parallel()
	s := parse(t, small).Services[0]
	if s.RoomCloses != 24*60+30 || s.RoomCloses < s.KitchenCloses {
		t.Errorf("room closes at minute %d, kitchen at %d; want 1470, after the kitchen", s.RoomCloses, s.KitchenCloses)
	}
}

// TestFormats reads one value in every way in which an owner may write it.
func TestFormats(t *testing.T) {
	t.Parallel()
	days := func(r *booking.Restaurant) any { return r.Services[0].Days }
	stay := func(r *booking.Restaurant) any { return r.Turns[0].Stay }
	first := func(r *booking.Restaurant) any { return r.Services[0].First }
	from := func(r *booking.Restaurant) any { return r.Closures[0].From }
	tables := func(r *booking.Restaurant) any {
		var ids []string
		for _, t := range r.Tables {
			ids = append(ids, t.ID+"/"+t.Name)
		}
		return strings.Join(ids, " ")
	}
	weekend := []time.Weekday{time.Friday, time.Saturday, time.Sunday}
	christmas := booking.NewDate(2026, time.December, 25)
	for _, c := range []struct {
		old, new string
		get      func(*booking.Restaurant) any
		want     any
	}{
		{`"fri"`, `"fri-sun"`, days, weekend},
		{`"fri"`, `["fri", "sat", "sunday"]`, days, weekend},
		{`"fri"`, `["Viernes", "SÁBADO", "dom"]`, days, weekend},
		{`"fri"`, `["vie-sab", "sun", "sun"]`, days, weekend},
		{`"fri"`, `"sat-mon"`, days, []time.Weekday{time.Saturday, time.Sunday, time.Monday}},
		{`"fri"`, `"mié"`, days, []time.Weekday{time.Wednesday}},
		{`"1h30m"`, `"1h45"`, stay, 105 * time.Minute},
		{`"1h30m"`, `"1 h 45 min"`, stay, 105 * time.Minute},
		{`"1h30m"`, `"105m"`, stay, 105 * time.Minute},
		{`"1h30m"`, `105`, stay, 105 * time.Minute},
		{`"1h30m"`, `"2h"`, stay, 2 * time.Hour},
		{`first_arrival = "20:30"`, `first_arrival = 20:30`, first, booking.NewTimeOfDay(20, 30)},
		{`first_arrival = "20:30"`, `first_arrival = 20:00:00`, first, booking.NewTimeOfDay(20, 0)},
		{`"20:30"`, `"9:30"`, first, booking.NewTimeOfDay(9, 30)},
		{"[zones]", "[[closures]]\ndate = 2026-12-25\n[zones]", from, christmas},
		{"[zones]", "[[closures]]\nfrom = \"2026-12-25\"\nto = \"2026-12-26\"\n[zones]", from, christmas},
		{`id = "T1"`, `ids = "T9-T11"`, tables, "T9/T9 T10/T10 T11/T11"},
		{`id = "T1"`, "ids = [\"T08-10\", \"X\"]\nname = \"Mesa {id}\"", tables, "T08/Mesa T08 T09/Mesa T09 T10/Mesa T10 X/Mesa X"},
		{`"Casa Ana"`, "\"\"\"Casa\n  Ana\"\"\"", func(r *booking.Restaurant) any { return r.Name }, "Casa Ana"},
		{`"Casa Ana"`, `"La Ñora & Más"`, func(r *booking.Restaurant) any { return r.Slug }, "la-nora-mas"},
		{`"941 000 126"`, `"+44 20 7946 0018"`, func(r *booking.Restaurant) any { return r.Phone }, booking.Phone("+442079460018")},
	} {
		t.Run(c.new, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, c.get(parse(t, strings.Replace(small, c.old, c.new, 1)))); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestEveryProblemSaysWhereAndHowToFixIt changes one thing in a valid file.
func TestEveryProblemSaysWhereAndHowToFixIt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ old, new, want string }{
		{`name = "Casa Ana"`, ``, `f.toml:1: name is missing; add: name = "Casa Ana"`},
		{`name = "Casa Ana"`, `nmae = "Casa Ana"`, `f.toml:1: nmae is not a known key; did you mean "name"?`},
		{`name = "Casa Ana"`, `name = Casa Ana`, `f.toml:1: "name = Casa Ana" is not TOML: toml: unexpected character U+0043 'C' at start of value; texts stand in "quotes"`},
		{`name = "Casa Ana"`, `name = ""`, `f.toml:1: name = "" is empty; write the text, or take the key away`},
		{`name = "Casa Ana"`, `name = 7`, `f.toml:1: name = 7 is not a text; put it in quotes`},
		{`name = "Casa Ana"`, `name = "Casa\u0007 Ana"`, `holds control characters`},
		{`name = "Casa Ana"`, `name = "Casa Ana"` + "\nname = \"x\"", `f.toml:2: "name = \"x\"" is not TOML: toml: key name is already defined`},
		{`name = "Casa Ana"`, `name = "!"`, `f.toml:1: slug is missing, and the name has no letters to make one of; add: slug = "my-house"`},
		{`"Casa Ana"`, `"Casa Ana"` + "\nslug = \"Casa Ana\"", `f.toml:2: slug = "Casa Ana" is not a slug; write lower-case letters, digits and dashes, such as "casa-ana"`},
		{`"941 000 126"`, `"941 12"`, `f.toml:2: phone = "941 12" is not a telephone number; write it with its country`},
		{`"Europe/Madrid"`, `"Europe/Madird"`, `f.toml:3: time_zone = "Europe/Madird" is not a time zone; did you mean "Europe/Madrid"?`},
		{`"Europe/Madrid"`, `"Local"`, `is not a time zone`},
		{`"Casa Ana"`, `"Casa Ana"` + "\nlanguages = [\"es\", \"fr\"]", `f.toml:2: languages[2] = "fr" is not a language that maitre speaks`},
		{`"el comedor"`, `{ es = "el comedor", en = "the room" }`, `f.toml:5: zones.interior.en = "the room" is in a language that the house does not speak; add "en" to languages`},
		{`zone = "interior"`, `zone = "interor"`, `f.toml:8: tables[1].zone = "interor" is not a zone of this house; did you mean "interior"?`},
		{`max = 4`, `max = "4"`, `f.toml:9: tables[1].max = "4" is not a whole number; write a number from 1 to 500, without quotes`},
		{`max = 4`, `max = 0`, `f.toml:9: tables[1].max = 0 is out of range; write a number from 1 to 500`},
		{`max = 4`, `max = 501`, `f.toml:9: tables[1].max = 501 is out of range`},
		{`max = 4`, "min = 5\nmax = 4", `f.toml:10: tables[1].max = 4 is less than the fewest guests (5)`},
		{`max = 4`, "max = 4\naccess = \"stafff\"", `f.toml:10: tables[1].access = "stafff" is not one of the choices; write one of ["online" "staff" "walk_in"]`},
		{`max = 4`, "max = 4\nneeds_words = \"x\"", `f.toml:10: tables[1].needs_words is not a known key; did you mean "needs_word"?`},
		{`max = 4`, "max = 4\nparty_limit = 4\n[booking]\nhorizon = 9", `f.toml:10: tables[1].party_limit is not a known key; it belongs in [booking] (the nearest key known here is "priority")`},
		{`max = 4`, "max = 4\n[[tables]]\nid = \"T1\"\nzone = \"interior\"\nmax = 2", `f.toml:11: tables[2].id = "T1" names table "T1", which line 7 names already; give every table its own id`},
		{`id = "T1"`, `ids = "T8-T1"`, `f.toml:7: tables[1].ids = "T8-T1" is a range that runs backwards; write "T1-T8"`},
		{`id = "T1"`, `ids = "T1-T9999"`, `is more than the 1000 tables that a house may have`},
		{`id = "T1"`, `id = "T1+T2"`, `f.toml:7: tables[1].id = "T1+T2" is not an id`},
		{`id = "T1"`, ``, `f.toml:6: tables[1].id is missing; add: id = "T1"`},
		{`[[tables]]`, `[tables]`, `f.toml:6: tables is not a list; head each entry with [[tables]]`},
		{`more = "1h30m"`, `more = "1,5 h"`, `f.toml:11: turn_times.more = "1,5 h" is not a length of time; write hours and minutes, such as "1h45m", or a number of minutes`},
		{`more = "1h30m"`, `more = "5m"`, `f.toml:11: turn_times.more = "5m" is out of range; write from 15m to 12h`},
		{`more = "1h30m"`, `two = "1h"`, `has a key that is not a party size: "two"; write lines such as 4 = "1h45m"`},
		{`more = "1h30m"`, "2 = \"1h\"\n02 = \"2h\"", `f.toml:10: turn_times gives two times for parties up to 2`},
		{`days = "fri"`, `days = ["fri", "someday"]`, `f.toml:15: services[1].days[2] = "someday" is not a day of the week; write mon, tue`},
		{`days = "fri"`, `days = []`, `f.toml:15: services[1].days names no day`},
		{`"20:30"`, `"20.30"`, `f.toml:16: services[1].first_arrival = "20.30" is not a time of day; write "20:30"`},
		{`"20:30"`, `"24:00"`, `write "00:00"`},
		{`"20:30"`, `20.5`, `f.toml:16: services[1].first_arrival = 20.5 is not a time of day; write hours and minutes, such as "21:30"`},
		{`"20:30"`, `"25:00"`, `is not a time of day; write hours and minutes, such as "21:30"`},
		{`"22:45"`, `"20:00"`, `f.toml:17: services[1].last_arrival = "20:00" comes before first_arrival (20:30)`},
		{`"00:30"`, `"06:00"`, `f.toml:19: services[1].room_closes = "06:00" comes before kitchen_closes (23:15); mend one of the two; a service day runs from 06:00 to 05:59`},
		{`room_closes = "00:30"`, ``, `f.toml:12: services[1].room_closes is missing; add: room_closes = "18:00"`},
		{"[zones]", "[[closures]]\ndate = \"25/12/2026\"\n[zones]", `f.toml:5: closures[1].date = "25/12/2026" is not a date; write the year first: 2026-12-25`},
		{"[zones]", "[[closures]]\ndate = \"2026-02-30\"\n[zones]", `write year, month and day of a day that exists`},
		{"[zones]", "[[closures]]\ndate = 2026-02-30\n[zones]", `f.toml:5: "date = 2026-02-30" is not TOML: toml: impossible date`},
		{"[zones]", "[[closures]]\ndate = 1826-12-25\n[zones]", `is not a date of this century; mend the year`},
		{"[zones]", "[[closures]]\nfrom = 2026-12-25\nto = 2026-12-24\n[zones]", `f.toml:6: closures[1].to = 2026-12-24 lies before from (2026-12-25); exchange the two`},
		{"[zones]", "[[closures]]\ndate = 2026-12-25\nservices = \"diner\"\n[zones]", `f.toml:6: closures[1].services = "diner" is not a service of this house; did you mean "dinner"?`},
		{"[zones]", "[holidays]\n25-12-2026 = \"Navidad\"\n[zones]", `f.toml:5: holidays = "25-12-2026" is not a date; write the year first: 2026-12-25`},
		{"[zones]", "[[holiday_rules]]\non = \"eves\"\n[zones]", `f.toml:5: holiday_rules[1].on = "eves" is not one of the choices; write one of ["holiday" "eve" "day_after"]`},
		{"[zones]", "[[holiday_rules]]\non = \"eve\"\n[zones]", `f.toml:4: holiday_rules[1] changes nothing; add one of: closed = true`},
		{"[zones]", "[[holiday_rules]]\non = \"eve\"\nadd = [\"dinner\"]\n[zones]", `holiday_rules[1].add_as is missing; add the day whose times are meant`},
		{"[zones]", "[[holiday_rules]]\non = \"eve\"\nclosed = true\nserve_as = \"sun\"\n[zones]", `both closes the day and serves on it; write two rules`},
		{"[zones]", "[[holiday_rules]]\non = \"eve\"\nclosed = \"yes\"\n[zones]", `is neither true nor false; write true or false, without quotes`},
		{"[zones]", "[booking]\npacing = { all = 20, online = 30 }\n[zones]", `f.toml:5: booking.pacing.online = 30 is more than all channels together may bring (all = 20)`},
		{"[zones]", "[facts]\n\"a b\" = \"x\"\n[zones]", `f.toml:5: facts.a b has a name that cannot be used: "a b"; use up to 32 letters`},
		{"[zones]", "[booking]\npacing = 20\n[zones]", `f.toml:5: booking.pacing = 20 is not a table`},
		{"[zones]", "[booking]\nslot_step = 0\n[zones]", `f.toml:5: booking.slot_step = 0 is out of range; write from 5m to 2h`},
		{"[turn_times]", "[combinations]\ninterior = [{ tables = [\"T1\", \"T2\"], max = 8 }]\n[turn_times]", `f.toml:11: combinations.interior[1].tables[2] = "T2" is not a table in zone interior; known: T1`},
		{"[turn_times]", "[combinations]\ninterior = [{ tables = [\"T1\"], max = 8 }]\n[turn_times]", `joins fewer than two tables`},
		{"[turn_times]", "[combinations]\nterrace = []\n[turn_times]", `f.toml:11: combinations.terrace is not a known key; the nearest is "interior"`},
	} {
		t.Run(c.want, func(t *testing.T) {
			t.Parallel()
			broken := strings.Replace(small, c.old, c.new, 1)
			_, err := restaurantfile.ParseFile("f.toml", []byte(broken))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got:  %v\nwant: %s", err, c.want)
			}
			var problems restaurantfile.Problems
			if !errors.As(err, &problems) {
				t.Fatalf("got %T, want Problems", err)
			}
			for _, p := range problems {
				if p.Fix == "" || p.Line == 0 {
					t.Errorf("no fix or no line: %v", p)
				}
			}
			if len(problems) > 2 {
				t.Errorf("one problem makes %d problems: %v", len(problems), err)
			}
		})
	}
}

func TestAllProblemsAreReportedTogetherInTheOrderOfTheFile(t *testing.T) {
	t.Parallel()
	broken := strings.NewReplacer(`"941 000 126"`, `"1"`, `"fri"`, `"xxx"`, `max = 4`, `mx = 4`, `"20:30"`, `"x"`).Replace(small)
	_, err := restaurantfile.ParseFile("f.toml", []byte(broken))
	var problems restaurantfile.Problems
	if !errors.As(err, &problems) {
		t.Fatalf("got %v", err)
	}
	var at []string
	for _, p := range problems {
		at = append(at, fmt.Sprintf("%d %s", p.Line, p.Key))
	}
	want := []string{"2 phone", "6 tables[1].max", "9 tables[1].mx", "15 services[1].days", "16 services[1].first_arrival"}
	if !slices.Equal(at, want) {
		t.Errorf("got  %q\nwant %q", at, want)
	}
	if lines := strings.Count(err.Error(), "\n") + 1; lines != len(want) {
		t.Errorf("%d lines for %d problems", lines, len(want))
	}
}

func TestVeryManyProblemsStayReadable(t *testing.T) {
	t.Parallel()
	_, err := restaurantfile.ParseFile("f.toml", []byte(small+strings.Repeat("[[closures]]\ndate = \"x\"\n", 500)))
	if n := strings.Count(err.Error(), "\n") + 1; n > 50 || !strings.HasSuffix(err.Error(), "and 460 more") {
		t.Errorf("%d lines, ending %q", n, err.Error()[len(err.Error())-40:])
	}
}

func TestAbsurdFilesAreReadInBoundedTime(t *testing.T) {
	t.Parallel()
	rows := func(entry string) string { return strings.Repeat(entry, (200<<10)/len(entry)) }
	for name, text := range map[string]string{
		"ranges":       strings.Replace(small, `id = "T1"`, `ids = [`+rows(`"T1-T9999",`)+`]`, 1),
		"combinations": small + "[combinations]\ninterior = [{ tables = [" + rows(`"T1-T9999",`) + "] }]\n",
		"names":        small + "[[closures]]\ndate = 2026-12-25\nservices = [" + rows(`"nothing-at-all",`) + "]\n",
		"nesting":      small + "x = " + rows("["),
		"keys":         small + strings.Join(manyKeys(3_000), "\n"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := restaurantfile.ParseFile("f.toml", []byte(text)); err == nil || len(err.Error()) > 100_000 {
				t.Errorf("%v", err)
			}
		})
	}
}

func manyKeys(n int) []string {
	keys := make([]string, n)
	for i := range keys {
		keys[i] = fmt.Sprintf("k%d = 1", i)
	}
	return keys
}

func TestLoad(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	if f, err := restaurantfile.LoadFile(write("windows.toml", "\ufeff"+strings.ReplaceAll(small, "\n", "\r\n"))); err != nil || f.Restaurant.Name != "Casa Ana" {
		t.Errorf("a file with a byte order mark and CRLF: %v", err)
	}
	if _, err := restaurantfile.LoadFile(filepath.Join(dir, "none.toml")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an absent file: %v", err)
	}
	huge := write("huge.toml", small+"#"+strings.Repeat("x", 1<<20))
	if _, err := restaurantfile.LoadFile(huge); err == nil || !strings.Contains(err.Error(), huge+": ") || !strings.Contains(err.Error(), "larger than 1024 KiB") {
		t.Errorf("a huge file: %v", err)
	}
	if _, err := restaurantfile.LoadFile(dir); err == nil {
		t.Error("a folder was read")
	}
}

func parse(t *testing.T, text string) *booking.Restaurant {
	t.Helper()
	f, err := restaurantfile.ParseFile("f.toml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return f.Restaurant
}

func FuzzParse(f *testing.F) {
	sample, err := os.ReadFile("sample.toml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sample)
	f.Add([]byte(small))
	f.Add([]byte("[booking]\npacing={}\n[[tables]]\nids=[\"T1-T3\",[]]\n[combinations]\nx=[{}]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := restaurantfile.ParseFile("f.toml", data)
		r := file.Restaurant
		if (r == nil) == (err == nil) {
			t.Fatalf("got %v and %v, want one of the two", r, err)
		}
		if err != nil {
			var problems restaurantfile.Problems
			if !errors.As(err, &problems) || len(problems) == 0 {
				t.Fatalf("got %T, want Problems", err)
			}
			for _, p := range problems {
				if p.Fix == "" || strings.Contains(p.Error(), "\n") {
					t.Fatalf("not one line with a fix: %q", p.Error())
				}
			}
			return
		}
		if r.Name == "" || r.Slug == "" || r.Phone == "" || r.Location == nil || len(r.Languages) == 0 ||
			len(r.Services) == 0 || len(r.Tables) == 0 || len(r.Turns) == 0 || r.Step <= 0 || r.Horizon <= 0 {
			t.Fatalf("accepted a restaurant that lacks something: %+v", r)
		}
		for _, s := range r.Services {
			if s.Last < s.First || s.RoomCloses < s.KitchenCloses || s.First < booking.DayBegins || s.RoomCloses >= booking.DayEnds {
				t.Fatalf("accepted a service out of order: %+v", s)
			}
		}
	})
}
