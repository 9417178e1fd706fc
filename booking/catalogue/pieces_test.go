package catalogue_test

import (
	"strings"
	"testing"
	"time"

	"maitre/booking"
	"maitre/booking/catalogue"
)

func TestWhenNamesDayAndDate(t *testing.T) {
	t.Parallel()
	c := newCatalogue()
	cases := []struct {
		date, time, es, en string
	}{
		{"2026-11-23", "13:30", "hoy, lunes 23 de noviembre, a las 13:30", "today, Monday 23 November, at 13:30"},
		{"2026-11-24", "21:00", "mañana, martes 24 de noviembre, a las 21:00", "tomorrow, Tuesday 24 November, at 21:00"},
		{"2026-11-23", "00:30", "esta noche, la del lunes 23 de noviembre, a las 00:30", "tonight, the night of Monday 23 November, at 00:30"},
		{"2026-11-27", "00:30", "la noche del viernes 27 de noviembre, a las 00:30", "the night of Friday 27 November, at 00:30"},
		{"2026-11-27", "01:30", "la noche del viernes 27 de noviembre, a la 01:30", "the night of Friday 27 November, at 01:30"},
		{"2026-11-28", "13:00", "el sábado 28 de noviembre a las 13:00", "Saturday 28 November at 13:00"},
		{"2027-01-01", "21:00", "el viernes 1 de enero a las 21:00", "Friday 1 January at 21:00"},
		{"2027-10-22", "21:00", "el viernes 22 de octubre a las 21:00", "Friday 22 October at 21:00"},
		{"2027-10-23", "21:00", "el sábado 23 de octubre de 2027 a las 21:00", "Saturday 23 October 2027 at 21:00"},
		{"2027-12-31", "00:15", "la noche del viernes 31 de diciembre de 2027, a las 00:15", "the night of Friday 31 December 2027, at 00:15"},
		{"2026-11-01", "21:00", "el domingo 1 de noviembre a las 21:00", "Sunday 1 November at 21:00"},
		{"2026-01-05", "21:00", "el lunes 5 de enero de 2026 a las 21:00", "Monday 5 January 2026 at 21:00"},
		{"2028-02-29", "14:00", "el martes 29 de febrero de 2028 a las 14:00", "Tuesday 29 February 2028 at 14:00"},
	}
	for _, k := range cases {
		if got := c.When(booking.Spanish, now(), on(k.date), at(k.time)); got != k.es {
			t.Errorf("%s %s: %q, want %q", k.date, k.time, got, k.es)
		}
		if got := c.When(booking.English, now(), on(k.date), at(k.time)); got != k.en {
			t.Errorf("%s %s: %q, want %q", k.date, k.time, got, k.en)
		}
	}
}

// At half past midnight the desk's day is still Friday, and the guest's
// "tomorrow" may be Saturday or Sunday: neither word is used.
func TestAfterMidnightNobodySaysTomorrow(t *testing.T) {
	t.Parallel()
	c := newCatalogue()
	late := time.Date(2026, 11, 28, 0, 30, 0, 0, logrono)
	for date, want := range map[string]string{
		"2026-11-27": "el viernes 27 de noviembre",
		"2026-11-28": "el sábado 28 de noviembre",
	} {
		if got := c.Day(booking.Spanish, late, on(date)); got != want {
			t.Errorf("%s: %q, want %q", date, got, want)
		}
	}
	// The same moment as seen from another zone is the same moment.
	if got, want := c.Day(booking.Spanish, now().UTC(), on("2026-11-23")), "hoy, lunes 23 de noviembre"; got != want {
		t.Errorf("from UTC: %q, want %q", got, want)
	}
}

func TestTodayFollowsTheRestaurantAcrossClockChanges(t *testing.T) {
	t.Parallel()
	c := newCatalogue()
	for _, k := range []struct{ moment, date, want string }{
		{"2027-03-28T12:00:00+02:00", "2027-03-28", "hoy, domingo 28 de marzo"},
		{"2027-03-27T23:30:00+01:00", "2027-03-28", "mañana, domingo 28 de marzo"},
		{"2027-10-31T23:30:00+01:00", "2027-10-31", "hoy, domingo 31 de octubre"},
		{"2027-10-31T22:59:00Z", "2027-11-01", "mañana, lunes 1 de noviembre"},
	} {
		moment, err := time.Parse(time.RFC3339, k.moment)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Day(booking.Spanish, moment, on(k.date)); got != k.want {
			t.Errorf("%s: %q, want %q", k.moment, got, k.want)
		}
	}
}

func TestTimesInARowAreSaidAsRanges(t *testing.T) {
	t.Parallel()
	c := newCatalogue()
	for times, want := range map[string]string{
		"":                              "",
		"21:00":                         "a las 21:00",
		"21:00 21:15":                   "a las 21:00 y 21:15",
		"21:00 21:15 21:30":             "de 21:00 a 21:30",
		"13:00 14:00 14:15 14:30 15:30": "a las 13:00, de 14:00 a 14:30 y a las 15:30",
		"13:00 13:30 14:00":             "a las 13:00, 13:30 y 14:00",
		"00:30 01:00 01:30 02:00":       "pasada la medianoche, a las 00:30, a la 01:00, a la 01:30 y a las 02:00",
		"23:00 00:30":                   "a las 23:00 y, pasada la medianoche, a las 00:30",
		"23:45 00:00 00:15 01:00":       "de 23:45 a 00:15 y, pasada la medianoche, a la 01:00",
	} {
		var list []booking.TimeOfDay
		for _, s := range free(times) {
			list = append(list, s.Time)
		}
		if got := c.Times(booking.Spanish, list); got != want {
			t.Errorf("%s: %q, want %q", times, got, want)
		}
	}
}

func TestZonesTakeTheirArticleAndPreposition(t *testing.T) {
	t.Parallel()
	cases := []struct{ es, bare, in string }{
		{"Terraza", "la terraza", "en la terraza"},
		{"la terraza", "la terraza", "en la terraza"},
		{"En la terraza", "la terraza", "en la terraza"},
		{"Interior", "el interior", "en el interior"},
		{"Salón principal", "el salón principal", "en el salón principal"},
		{"Sofás", "los sofás", "en los sofás"},
		{"mesas altas", "las mesas altas", "en las mesas altas"},
		{"Planta alta", "la planta alta", "en la planta alta"},
		{"VIP", "el VIP", "en el VIP"},
		{"junto a la ventana", "junto a la ventana", "junto a la ventana"},
	}
	english := []struct{ en, in string }{
		{"Terrace", "on the terrace"}, {"the roof terrace", "on the roof terrace"}, {"Dining room", "in the dining room"},
		{"bar", "at the bar"}, {"Sofas", "on the sofas"}, {"by the window", "by the window"}, {"Outside", "outside"},
	}
	for _, k := range cases {
		r := restaurant()
		r.Zones = []booking.Zone{{ID: "z", Name: booking.Text{booking.Spanish: k.es}}}
		c := catalogue.New(r)
		if bare, in := c.Zone(booking.Spanish, "z"), c.InZone(booking.Spanish, "z"); bare != k.bare || in != k.in {
			t.Errorf("%s: %q, %q, want %q, %q", k.es, bare, in, k.bare, k.in)
		}
	}
	for _, k := range english {
		r := restaurant()
		r.Zones = []booking.Zone{{ID: "z", Name: booking.Text{booking.English: k.en}}}
		if in := catalogue.New(r).InZone(booking.English, "z"); in != k.in {
			t.Errorf("%s: %q, want %q", k.en, in, k.in)
		}
	}
	c := newCatalogue()
	if got := c.InZone(booking.Spanish, "azotea"); got != "en la azotea" {
		t.Errorf("a zone that the restaurant no longer has: %q", got)
	}
	if got := c.InZone(booking.Spanish, ""); got != "" {
		t.Errorf("no zone: %q", got)
	}
}

func TestClosureReasonsReadOn(t *testing.T) {
	t.Parallel()
	c := newCatalogue()
	for reason, want := range map[string]string{
		"":                        "no abrimos.",
		"fiesta privada":          "no abrimos: fiesta privada.",
		"Fiesta privada.":         "no abrimos: fiesta privada.",
		"Semana Santa":            "no abrimos: Semana Santa.",
		"Por vacaciones":          "no abrimos por vacaciones.",
		"Cerrado por vacaciones.": "no abrimos por vacaciones.",
		"Cerrado los lunes":       "no abrimos: cerrado los lunes.",
		"Estamos de obras.\n":     "no abrimos: estamos de obras.",
	} {
		got := c.Refused(booking.Spanish, now(), &booking.Refusal{Reason: booking.Closed, Date: on("2026-12-24"),
			Closure: booking.Text{booking.Spanish: reason}})
		want = "Lo siento, el jueves 24 de diciembre " + want + " ¿Quiere que miremos otro día?"
		if got != want {
			t.Errorf("%q:\n got %s\nwant %s", reason, got, want)
		}
	}
}

func TestAnUnknownLanguageIsTheRestaurantsFirst(t *testing.T) {
	t.Parallel()
	spanish := newCatalogue().Greeting(booking.Spanish)
	if got := newCatalogue().Greeting("de"); got != spanish {
		t.Errorf("German in a Spanish restaurant: %q", got)
	}
	r := restaurant()
	r.Languages = []booking.Lang{booking.English}
	c := catalogue.New(r)
	english := newCatalogue().Greeting(booking.English)
	for _, lang := range []booking.Lang{"de", "", booking.Spanish} {
		if got := c.Greeting(lang); got != english {
			t.Errorf("%q in an English restaurant: %q", lang, got)
		}
		if got := c.Language(lang); got != booking.English {
			t.Errorf("%q is answered in %s", lang, got)
		}
	}
}

func TestARestaurantThatSaysLittleOfItself(t *testing.T) {
	t.Parallel()
	bare := catalogue.New(&booking.Restaurant{Name: "Casa Laurel"})
	for _, lang := range []booking.Lang{booking.Spanish, booking.English} {
		for file, messages := range everything(bare, lang) {
			for _, m := range messages {
				checkSayable(t, file+" "+string(lang)+" "+m.name, m.text)
			}
		}
	}
}

// An hour that nobody has agreed on is not said.
func TestAnUnknownHourIsNotSaid(t *testing.T) {
	t.Parallel()
	b := ana()
	b.Time, b.HourUnknown = booking.DayBegins, true
	for _, text := range []string{
		catalogue.New(restaurant()).Found(booking.Spanish, now(), []booking.Booking{b}),
		catalogue.New(restaurant()).Reminder(now(), b).Text,
		catalogue.New(restaurant()).Alert(now(), staff, b, catalogue.TroubleDown, link).Text,
	} {
		if strings.Contains(text, "06:00") || !strings.Contains(text, "24 de diciembre") {
			t.Errorf("said: %q", text)
		}
	}
}
