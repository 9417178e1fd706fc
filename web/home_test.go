package web_test

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"maitre/booking"
	"maitre/web"
)

func TestHomeSpeaksTheReadersLanguage(t *testing.T) {
	t.Parallel()
	s := open(t)
	tests := map[string]struct{ path, accept, lang string }{
		"nothing said":                   {"/", "", "es"},
		"browser in English":             {"/", "en-GB,en;q=0.9", "en"},
		"browser in Spanish of Mexico":   {"/", "es-MX,es;q=0.9,en;q=0.8", "es"},
		"browser that likes French best": {"/", "fr;q=1,en;q=0.5", "en"},
		"browser in Japanese":            {"/", "ja", "es"},
		"header that makes no sense":     {"/", ";;;q=oops", "es"},
		"asked for by the link":          {"/?lang=en", "es", "en"},
		"asked for, but not spoken":      {"/?lang=klingon", "en", "en"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := s.ask(t, "GET", tt.path, "Accept-Language", tt.accept)
			if lang := got.header.Get("Content-Language"); lang != tt.lang {
				t.Errorf("Content-Language %q, want %q", lang, tt.lang)
			}
			if !strings.Contains(got.body, `<html lang="`+tt.lang+`">`) {
				t.Error("the page does not say its language")
			}
			if got.header.Get("Vary") != "Accept-Language" {
				t.Error("no Vary header for the language")
			}
		})
	}
}

func TestHomeSaysWhatAGuestNeeds(t *testing.T) {
	t.Parallel()
	s := open(t)
	tests := map[string][]string{
		"es": {"La Grajera", "Calle del Laurel 12, Logroño", "+34 941 12 34 56", "tel:+34941123456", "jueves 24 de diciembre",
			"Comida", "Cena", "13:00–15:30", "20:30–00:15", "lunes", "Cerrado", "Conectado", "En este servidor", "v1.2.3"},
		"en": {"La Grajera", "Calle del Laurel 12, Logroño", "+34 941 12 34 56", "tel:+34941123456", "Thursday 24 December",
			"Lunch", "Dinner", "13:00–15:30", "20:30–00:15", "Monday", "Closed", "Connected", "On this server", "v1.2.3"},
	}
	for lang, wants := range tests {
		body := strings.ReplaceAll(s.ask(t, "GET", "/?lang="+lang).body, "&#43;", "+")
		for _, want := range wants {
			if !strings.Contains(body, want) {
				t.Errorf("%s: the page does not say %q", lang, want)
			}
		}
	}
}

func TestTheWeekHasEachDaysHoursFromMondayOn(t *testing.T) {
	t.Parallel()
	body := open(t).ask(t, "GET", "/?lang=en").body
	table := body[strings.Index(body, "<tbody>"):strings.Index(body, "</tbody>")]
	table = regexp.MustCompile(`<span class="aloud">[^<]*</span>`).ReplaceAllString(table, "")
	table = regexp.MustCompile(`<[^>]*>`).ReplaceAllString(table, " ")
	want := "Monday Closed Tuesday 13:00–15:30 – Wednesday 13:00–15:30 – Thursday 13:00–15:30 20:30–22:30 " +
		"Friday 13:00–15:30 20:30–00:15 Saturday 13:00–15:30 20:30–00:15 Sunday 13:00–15:30 –"
	if got := strings.Join(strings.Fields(table), " "); got != want {
		t.Errorf("the week reads\n%s\nwant\n%s", got, want)
	}
	if !regexp.MustCompile(`aria-current="date"><th scope="row">Thursday<`).MatchString(body) {
		t.Error("today is not marked")
	}
}

func TestHomeTellsTheTruthOfTheDay(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.restaurant.today = booking.DayHours{
		Date:    thursday,
		Holiday: booking.Text{booking.Spanish: "Nochebuena"},
		Closure: booking.Text{booking.Spanish: "Cerramos para cenar en casa <3"},
	}
	body := s.ask(t, "GET", "/?lang=es").body
	card := body[strings.Index(body, `class="today"`):strings.Index(body, `class="columns"`)]
	for _, want := range []string{"Cerrado", "Festivo: Nochebuena", "Cerramos para cenar en casa &lt;3"} {
		if !strings.Contains(card, want) {
			t.Errorf("the day's card does not say %q:\n%s", want, card)
		}
	}
	if strings.Contains(card, "13:00") {
		t.Error("the card gives hours on a day that is closed")
	}
}

func TestHomeTellsHowTheDeskIsDoing(t *testing.T) {
	t.Parallel()
	broken, optional := web.Check{Name: "x"}, web.Check{Name: "y", Optional: true}
	tests := map[string]struct {
		checks []web.Check
		want   string
	}{
		"all well":             {nil, "En marcha</dd>"},
		"something optional":   {[]web.Check{optional}, "En marcha, con algo pendiente"},
		"something it needs":   {[]web.Check{broken}, "Parada"},
		"both, the worst wins": {[]web.Check{optional, broken}, "Parada"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, func(c *web.Config) { c.Ready = func(context.Context) []web.Check { return tt.checks } })
			if body := s.ask(t, "GET", "/").body; !strings.Contains(body, tt.want) {
				t.Errorf("the page does not say %q", tt.want)
			}
		})
	}
}

func TestHomePromisesNoAssistantThatIsNotConnected(t *testing.T) {
	t.Parallel()
	s := open(t, func(c *web.Config) { c.PhoneConnected = false })
	body := s.ask(t, "GET", "/").body
	if strings.Contains(body, "contesta las llamadas") || !strings.Contains(body, "Sin conectar") {
		t.Error("the page speaks of an assistant that answers calls")
	}
}

func TestHomeOfARestaurantWithLittleToSay(t *testing.T) {
	t.Parallel()
	s := open(t, func(c *web.Config) {
		c.Restaurant = &booking.Restaurant{Name: `Casa "Tía" & <Hijos>`, Languages: []booking.Lang{booking.Spanish}}
	})
	s.restaurant.week = [7][]booking.ServiceHours{}
	got := s.ask(t, "GET", "/?lang=en")
	if got.status != 200 || got.header.Get("Content-Language") != "es" {
		t.Errorf("answered %d in %q", got.status, got.header.Get("Content-Language"))
	}
	if strings.Contains(got.body, "tel:") || strings.Contains(got.body, "hreflang=\"en\"") {
		t.Error("the page offers a number or a language that the restaurant does not have")
	}
	if strings.Contains(got.body, "<Hijos>") {
		t.Error("the name is not escaped")
	}
}

func TestAssetsAreKeptForGood(t *testing.T) {
	t.Parallel()
	s := open(t)
	body := s.ask(t, "GET", "/").body
	found := regexp.MustCompile(`(?:href|src)="(/assets/[^"]+)"`).FindAllStringSubmatch(body, -1)
	if len(found) < 2 {
		t.Fatalf("the page names %d assets, want its stylesheet and icon", len(found))
	}
	types := map[string]string{"css": "text/css; charset=utf-8", "svg": "image/svg+xml"}
	for _, match := range found {
		got := s.ask(t, "GET", match[1])
		want := types[match[1][strings.LastIndex(match[1], ".")+1:]]
		if got.status != 200 || got.header.Get("Content-Type") != want || got.body == "" {
			t.Errorf("%s: %d, %q, %d bytes", match[1], got.status, got.header.Get("Content-Type"), len(got.body))
		}
		if !strings.Contains(got.header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: Cache-Control %q", match[1], got.header.Get("Cache-Control"))
		}
	}
}
