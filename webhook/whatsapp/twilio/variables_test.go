package twilio

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"maitre/booking"
)

// Whatever guests are called, WhatsApp takes the values.
func TestVariablesAreAsWhatsAppTakesThem(t *testing.T) {
	t.Parallel()
	nasty := rapid.SampledFrom([]string{"", " ", "\n", "a\tb", "a     b", "\xff", "ñ", strings.Repeat("x", 2000), "{{1}}", `"`, "\u2028", "\x00", "👩‍👩‍👧"})
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.OneOf(nasty, rapid.String()), 1, 12).Draw(t, "values")
		var got map[string]string
		if err := json.Unmarshal([]byte(variables(values)), &got); err != nil || len(got) != len(values) {
			t.Fatalf("%d values of %d: %v", len(got), len(values), err)
		}
		runes := 0
		for name, value := range got {
			runes += utf8.RuneCountInString(value)
			if value == "" || strings.ContainsAny(value, "\n\r\t\x00") || strings.Contains(value, "  ") || !utf8.ValidString(value) {
				t.Errorf("%s: %q", name, value)
			}
		}
		if runes > maxVariables {
			t.Errorf("%d characters", runes)
		}
	})
}

// A long alert keeps its link, which comes last.
func TestOneLongValueIsKept(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ñ", 1000) + " https://casa.example/admin"
	if got := clean([]string{strings.Repeat("ñ", 900) + " https://casa.example/admin"})[0]; !strings.HasSuffix(got, "/admin") {
		t.Error(got)
	}
	if got := clean([]string{long})[0]; utf8.RuneCountInString(got) != maxVariables || !strings.HasSuffix(got, "…") {
		t.Error(got)
	}
}

func TestSays(t *testing.T) {
	t.Parallel()
	text := booking.OutgoingMessage{Way: booking.BySMS, Text: "Le esperamos. "}
	template := booking.OutgoingMessage{Way: booking.ByTemplate, Vars: []string{"Ana", "21:30", "", "K7QF"}}
	for _, c := range []struct {
		body    string
		message booking.OutgoingMessage
		want    bool
	}{
		{"Le esperamos.", text, true},
		{"Sent from your Twilio trial account - Le esperamos.", text, true},
		{"Le esperamos. No.", text, false},
		{"", text, false},
		{"Hola Ana, a las 21:30. K7QF", template, true},
		{"Hola Ana, a las 21:30", template, true},
		{"Hola Ana", template, false},
		{"", template, false},
		{"Feliz Navidad", booking.OutgoingMessage{Way: booking.ByTemplate}, true},
	} {
		if got := says(c.body, c.message); got != c.want {
			t.Errorf("%q for %+v: %v", c.body, c.message, got)
		}
	}
}

func TestMaskNumbers(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":      "",
		"21211": "21211",
		"The 'To' number +34612345678 is not valid.": "The 'To' number +***678 is not valid.",
		"612 34 56 78":                          "612 34 56 78", // not how Twilio writes them
		"1234567":                               "***567",
		"ñ1234567ñ":                             "ñ***567ñ",
		"whatsapp:+34612345678 and 34600000000": "whatsapp:+***678 and ***000",
	} {
		if got := maskNumbers(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int{"": 0, "7": 7, " 7 ": 7, "-1": 0, "x": 0, "1.5": 0, "999999999999": 3600, "99999999999999999999999": 0} {
		if got := retryAfter(in); int(got.Seconds()) != want {
			t.Errorf("%q: %s, want %d s", in, got, want)
		}
	}
}
