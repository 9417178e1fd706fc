package phrase_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"maitre/booking"
	"maitre/booking/phrase"
)

func FuzzUnderstand(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.jsonl")
	for _, file := range files {
		for _, s := range readSayings(f, file) {
			f.Add(s.Say)
		}
	}
	for _, s := range hard() {
		f.Add(s)
	}
	r := phrase.New(testRestaurant(f))
	now := monday(f)
	today := booking.NewDate(now.Date())
	f.Fuzz(func(t *testing.T, text string) {
		m := r.Understand(text, now, "")
		if again := r.Understand(text, now, ""); !same(t, m, again) {
			t.Errorf("%q means two things", text)
		}
		if m.Date != nil && *m.Date < today {
			t.Errorf("%q lies in the past: %s", text, m.Date)
		}
		if m.Time != nil && (*m.Time < booking.DayBegins || *m.Time >= booking.DayEnds) {
			t.Errorf("%q is at %d, outside of a service day", text, *m.Time)
		}
		if m.Party < 0 || m.Party > 999 {
			t.Errorf("%q are %d", text, m.Party)
		}
		if m.Lang != booking.Spanish && m.Lang != booking.English {
			t.Errorf("%q is in %q", text, m.Lang)
		}
		if !utf8.ValidString(m.Name) || len(m.Phone) > 16 {
			t.Errorf("%q: name %q, phone %q", text, m.Name, m.Phone)
		}
		if m.Plain && (strings.Contains(text, "?") || m.Party > 0 || m.Intent != phrase.Yes && m.Intent != phrase.No && m.Intent != phrase.Cancel) {
			t.Errorf("%q is no plain word", text)
		}
		if d, ok := r.Date(text, now); ok && d < today {
			t.Errorf("date of %q lies in the past: %s", text, d)
		}
		if at, ok := r.Time(text, 0); ok && (at < booking.DayBegins || at >= booking.DayEnds) {
			t.Errorf("time of %q is %d", text, at)
		}
		if n, ok := r.Party(text); ok && (n < 1 || n > 999) {
			t.Errorf("party of %q is %d", text, n)
		}
		r.Zone(text)
		r.Phone(text)
		r.Name(text)
	})
}

func same(t *testing.T, a, b phrase.Meaning) bool {
	t.Helper()
	x, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	y, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	return string(x) == string(y)
}

// hard are texts made to be slow or to break a reader.
func hard() []string {
	var all []string
	for _, unit := range []string{"a las 9 o ", "no ", "4 y 2 niños y ", "seis ", "el 5 y ", "y ", "mi mujer y ", "de la ", "1.", "1/", "1:", "-", "quiero una ", "tengo ", "¡", "á", "\u0301", "👍🏻", "🏽", "a nombre de ", "De La ", "1 ", "para ", "sabdoo ", "mm", "doble ", "dos veces ", "soy ", "1,,", "mi ", "o ", "y media ", "menos ", "del ", "\xff", "\x00", "12-"} {
		all = append(all, strings.Repeat(unit, 2000/len(unit)+1))
	}
	return append(all, "", " ", "999999999999999999999999", "a las 99", "el 0", "para 0", "2026-99-99", "00/00", "24:60", "+", "+++", "?", "\u200d\ufe0f")
}

// TestHardTextsAreRead counts allocations, which follow the work and, unlike the
// clock, are the same on every machine.
func TestHardTextsAreRead(t *testing.T) {
	r := phrase.New(testRestaurant(t))
	now := monday(t)
	for _, text := range hard() {
		count := testing.AllocsPerRun(1, func() {
			r.Understand(text, now, "")
			r.Phone(text)
			r.Party(text)
			r.Choice(text, 3)
			r.Detail(text)
			r.OfMadeBooking(text)
			r.Topic(text)
			r.Needs(text)
		})
		if limit := 8.0 * phrase.MaxRunes; count > limit {
			t.Errorf("%.20q... takes %.0f allocations", text, count)
		}
	}
}

func TestOnlyTheFirstRunesAreRead(t *testing.T) {
	t.Parallel()
	r := phrase.New(testRestaurant(t))
	long := "mesa para 4 mañana a las 9 " + strings.Repeat("bla ", 1<<20)
	if m := r.Understand(long, monday(t), ""); m.Party != 4 {
		t.Errorf("the beginning of a long text is lost: %+v", m)
	}
	late := strings.Repeat("ñ", phrase.MaxRunes) + " mesa para 4"
	if m := r.Understand(late, monday(t), ""); m.Party != 0 {
		t.Errorf("more than %d runes are read: %+v", phrase.MaxRunes, m)
	}
}

func BenchmarkUnderstand(b *testing.B) {
	r := phrase.New(testRestaurant(b))
	now := monday(b)
	sayings := readSayings(b, "testdata/guests-say.jsonl")
	b.Run("corpus", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			r.Understand(sayings[i%len(sayings)].Say, now, "")
		}
	})
	b.Run("long", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			r.Understand("hola soy Marta, me gustaría celebrar el cumple de mi madre el 12 de diciembre, seríamos unas 8 o 10 personas, a mediodía sobre las 2", now, "")
		}
	})
	for _, text := range []string{strings.Repeat("a las 9 no, a las 10 ", 50), strings.Repeat("mi mujer y yo ", 80), strings.Repeat("1 ", 500), strings.Repeat("reserva ", 130), strings.Repeat("tengo ", 170)} {
		b.Run("longest/"+text[:5], func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r.Understand(text, now, "")
			}
		})
	}
}

func BenchmarkNew(b *testing.B) {
	h := testRestaurant(b)
	b.ReportAllocs()
	for b.Loop() {
		phrase.New(h)
	}
}
