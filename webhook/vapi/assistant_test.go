package vapi_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"maitre/booking"
	"maitre/booking/catalogue"
	"maitre/store/restaurantfile"
	"maitre/webhook/vapi"
)

// profile is the restaurant's assistant, without a credential.
func (h *fixture) profile() vapi.Profile {
	return vapi.Profile{Restaurant: h.desk, Words: catalogue.New(h.desk.Restaurant()), PublicURL: "https://maitre.example/"}
}

// profileOf is the assistant of the sample with something changed, of which no desk runs.
func profileOf(t *testing.T, change func(*booking.Restaurant)) vapi.Profile {
	t.Helper()
	file, err := restaurantfile.LoadFile("")
	if err != nil {
		t.Fatal(err)
	}
	r := file.Restaurant
	change(r)
	return vapi.Profile{Restaurant: booking.NewDesk(booking.Config{Restaurant: r}), Words: catalogue.New(r), PublicURL: "https://maitre.example"}
}

func TestSavedAssistantAsGolden(t *testing.T) {
	t.Parallel()
	for lang, change := range map[string]func(*booking.Restaurant){
		"es-en": func(*booking.Restaurant) {},
		"en": func(r *booking.Restaurant) {
			r.Languages, r.Zones, r.Facts, r.Address, r.Phone = []booking.Lang{booking.English}, nil, nil, "", ""
		},
	} {
		saved, err := profileOf(t, change).Saved()
		if err != nil {
			t.Fatal(err)
		}
		got, err := saved.JSON()
		if err != nil {
			t.Fatal(err)
		}
		var compact bytes.Buffer
		if err := json.Compact(&compact, got); err != nil {
			t.Fatal(err)
		}
		golden(t, filepath.Join("testdata", "answers", "saved-assistant."+lang+".json"), compact.Bytes())
	}
}

func TestThePromptSaysWhatItMust(t *testing.T) {
	t.Parallel()
	h := open(t)
	for name, test := range map[string]struct {
		languages []booking.Lang
		want      []string
	}{
		"spanish": {[]booking.Lang{booking.Spanish, booking.English}, []string{
			"asistente automático", "hoy, lunes 23 de noviembre (2026-11-23), 18:00", "Europe/Madrid", "mañana, martes 24 de noviembre (2026-11-24)",
			"el lunes 7 de diciembre (2026-12-07)", "Usamos su nombre y su teléfono", "check_availability", "«success» es true", "más de", "terraza", "20 personas",
		}},
		"english": {[]booking.Lang{booking.English, booking.Spanish}, []string{
			"automatic reservations assistant", "Monday 23 November (2026-11-23), 18:00", "Europe/Madrid", "(2026-11-24)",
			"We use your name and phone number", "check_availability", `"success" is true`, "20 guests",
		}},
	} {
		p := profileOf(t, func(r *booking.Restaurant) { r.Languages = test.languages })
		a, err := p.Live(h.desk.Now())
		if err != nil {
			t.Fatal(err)
		}
		prompt := a.Model.Messages[0].Content
		for _, want := range append(test.want, "Calle del Candil", "Candil y Parra") {
			if !strings.Contains(prompt, want) {
				t.Errorf("%s: the prompt lacks %q:\n%s", name, want, prompt)
			}
		}
		for _, fact := range h.desk.Restaurant().Facts {
			if text := fact.Text.In(test.languages[0]); !strings.Contains(prompt, text) {
				t.Errorf("%s: the prompt lacks %q", name, text)
			}
		}
		if !strings.Contains(a.FirstMessage, "autom") {
			t.Errorf("%s: the first message does not say that an automatic assistant speaks: %s", name, a.FirstMessage)
		}
	}
}

// After midnight the service day is yesterday's, but a calendar says today.
func TestThePromptTellsTheCalendarsDay(t *testing.T) {
	t.Parallel()
	h := open(t)
	a, err := h.profile().Live(time.Date(2026, 11, 23, 23, 40, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	if prompt := a.Model.Messages[0].Content; !strings.Contains(prompt, "martes 24 de noviembre (2026-11-24), 00:40") {
		t.Error(prompt)
	}
}

func TestASavedAssistantLeavesTheDateToVAPI(t *testing.T) {
	t.Parallel()
	saved, err := open(t).profile().Saved()
	if err != nil {
		t.Fatal(err)
	}
	prompt := saved.Model.Messages[0].Content
	if !strings.Contains(prompt, `{{"now" | date: "%A %Y-%m-%d, %H:%M", "Europe/Madrid"}}`) || strings.Contains(prompt, "2026-") {
		t.Error(prompt)
	}
}

func TestOwnersTextsAreNoTemplates(t *testing.T) {
	t.Parallel()
	p := profileOf(t, func(r *booking.Restaurant) {
		r.Name, r.Address = "{{customer.number}}", "{% include %}\nCalle"
		r.Facts = []booking.Fact{{Key: "x", Text: booking.Text{booking.Spanish: "{{{{now}}}}"}}}
	})
	a, err := p.Live(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{a.Model.Messages[0].Content, a.FirstMessage} {
		for _, mark := range []string{"{{", "}}", "{%", "%}"} {
			if strings.Contains(text, mark) {
				t.Errorf("%q in %s", mark, text)
			}
		}
	}
}

// Every tool that the assistant has is one that we answer, and has what VAPI
// says by itself; the waiting list is not among them.
func TestToolsAreOnesThatWeAnswer(t *testing.T) {
	t.Parallel()
	h := open(t)
	saved, err := h.profile().Saved()
	if err != nil {
		t.Fatal(err)
	}
	legal := regexp.MustCompile(`^[a-zA-Z0-9_-]{1,64}$`)
	var names []string
	for _, tool := range saved.Model.Tools {
		if tool.Function == nil {
			continue
		}
		name := tool.Function.Name
		names = append(names, name)
		if a := h.ask(name, object{}); a.Field == "tool" || !legal.MatchString(name) || tool.Async == nil || *tool.Async {
			t.Errorf("%s: %+v", name, a)
		}
		var kinds []string
		for _, m := range tool.Messages {
			kinds = append(kinds, m.Type)
			for _, c := range m.Contents {
				if n := len([]rune(c.Text)); n == 0 || n > 1000 {
					t.Errorf("%s: %s of %d characters", name, m.Type, n)
				}
			}
			if len(m.Contents) != 2 || m.Content != "" {
				t.Errorf("%s: %s is not in both languages: %+v", name, m.Type, m)
			}
		}
		if !slices.Equal(kinds, []string{"request-start", "request-response-delayed", "request-failed"}) {
			t.Errorf("%s says %v", name, kinds)
		}
		for _, required := range tool.Function.Parameters.Required {
			if _, ok := tool.Function.Parameters.Properties[required]; !ok {
				t.Errorf("%s requires %s, which it does not have", name, required)
			}
		}
	}
	want := "[get_info get_hours check_availability create_reservation get_reservation update_reservation cancel_reservation confirm_reservation leave_waitlist]"
	if fmt.Sprint(names) != want {
		t.Errorf("tools %v, want %s", names, want)
	}
}

func TestServerOfTheAssistant(t *testing.T) {
	t.Parallel()
	p := open(t).profile()
	saved, err := p.Saved()
	if err != nil {
		t.Fatal(err)
	}
	if s := saved.Server; s == nil || s.URL != "https://maitre.example/vapi" || s.CredentialID != vapi.CredentialPlaceholder || s.TimeoutSeconds != 20 {
		t.Errorf("saved: %+v", s)
	}
	if live, err := p.Live(time.Now()); err != nil || live.Server != nil {
		t.Errorf("live without a credential: %+v %v", live.Server, err)
	}
	p.CredentialID = "cred"
	if saved, err := p.Saved(); err != nil || saved.Server.CredentialID != "cred" {
		t.Errorf("saved with a credential: %+v %v", saved.Server, err)
	}
	if live, err := p.Live(time.Now()); err != nil || live.Server == nil || live.Server.CredentialID != "cred" {
		t.Errorf("live with a credential: %+v %v", live.Server, err)
	}
}

func TestALongNameIsCut(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Restaurante Asador La Perla de la Ribera del Ebro": "Restaurante Asador La Perla de la Ribera",
		strings.Repeat("ñ", 50):                             strings.Repeat("ñ", 40),
		" La \n Perla ":                                     "La Perla",
	} {
		a, err := profileOf(t, func(r *booking.Restaurant) { r.Name = name }).Saved()
		if err != nil || a.Name != want {
			t.Errorf("%q: %q %v", name, a.Name, err)
		}
	}
	if _, err := profileOf(t, func(r *booking.Restaurant) { r.Name = " " }).Saved(); err == nil {
		t.Error("a restaurant without a name has an assistant")
	}
}

// What goes wrong is said to the caller, in words that are meant for one.
func TestAnAssistantThatCannotBeDescribed(t *testing.T) {
	t.Parallel()
	broken := profileOf(t, func(r *booking.Restaurant) { r.Name = "" })
	h := open(t, func(c *vapi.Config) { c.Profile = broken })
	var said struct{ Error string }
	w := h.post([]byte(`{"message":{"type":"assistant-request"}}`))
	if err := json.Unmarshal(w.Body.Bytes(), &said); err != nil || w.Code != 200 || !strings.HasPrefix(said.Error, "Perdone") && !strings.HasPrefix(said.Error, "Lo siento") {
		t.Errorf("%v in %s", err, w.Body)
	}
	if !strings.Contains(h.logged.String(), "describe assistant") {
		t.Error("not logged")
	}
}

func TestEveryAssistantRequestGetsTheHourOfItsOwn(t *testing.T) {
	t.Parallel()
	h := open(t)
	body, err := os.ReadFile("testdata/messages/assistant-request-2024-07.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, hour := range []string{"18:05", "19:30"} {
		h.clock.set(t, "2026-11-23T"+hour+":00+01:00")
		if said := h.post(body).Body.String(); !strings.Contains(said, "(2026-11-23), "+hour) {
			t.Errorf("no %s in %s", hour, said)
		}
	}
}
