package twilio

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
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
