package catalogue_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"maitre/booking"
	"maitre/booking/catalogue"
)

var update = flag.Bool("update", false, "write the golden files anew, to be read aloud")

// said is a message with a name to find it by.
type said struct{ name, text string }

// The golden files hold every message as a guest hears it. Whoever changes a
// text reads them aloud.
func TestEveryMessageAsItIsSaid(t *testing.T) {
	t.Parallel()
	for _, lang := range []booking.Lang{booking.Spanish, booking.English} {
		for file, messages := range everything(newCatalogue(), lang) {
			path := filepath.Join("testdata", file+"."+string(lang)+".golden")
			var got strings.Builder
			for _, m := range messages {
				fmt.Fprintf(&got, "%s\n  %s\n", m.name, m.text)
				checkSayable(t, string(lang)+" "+m.name, m.text)
			}
			if *update {
				if err := os.WriteFile(path, []byte(got.String()), 0o644); err != nil {
					t.Fatal(err)
				}
				continue
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			compare(t, path, got.String(), string(want))
		}
	}
}

func compare(t *testing.T, path, got, want string) {
	t.Helper()
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range max(len(g), len(w)) {
		var a, b string
		if i < len(g) {
			a = g[i]
		}
		if i < len(w) {
			b = w[i]
		}
		if a != b {
			t.Errorf("%s:%d\n got %s\nwant %s", path, i+1, a, b)
			return
		}
	}
}

// checkSayable checks what every message must be: one line that can be read aloud.
func checkSayable(t interface {
	Helper()
	Errorf(string, ...any)
}, name, text string) {
	t.Helper()
	unfit := func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }
	switch {
	case text == "":
		t.Errorf("%s: says nothing", name)
	case strings.ContainsFunc(text, unfit):
		t.Errorf("%s: more than a line: %q", name, text)
	case strings.Contains(text, "  "), strings.TrimSpace(text) != text:
		t.Errorf("%s: too many blanks: %q", name, text)
	case strings.ContainsAny(text, "{}"):
		t.Errorf("%s: unfilled placeholder: %q", name, text)
	case strings.Contains(text, ",,"), strings.Contains(text, ",."), strings.Contains(text, " ,"),
		strings.Contains(text, " ."), strings.Contains(text, ".."), strings.Contains(text, ",:"):
		t.Errorf("%s: punctuation: %q", name, text)
	}
}

func everything(c *catalogue.Catalogue, lang booking.Lang) map[string][]said {
	return map[string][]said{
		"results":    results(c, lang),
		"readings":   readings(c, lang),
		"refusals":   append(refusals(c, lang), invalid(c, lang)...),
		"restaurant": aboutTheRestaurant(c, lang),
		"written":    written(c, lang),
	}
}
