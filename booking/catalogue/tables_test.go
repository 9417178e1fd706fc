package catalogue

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"maitre/booking"
)

func slots(text string) []string {
	var found []string
	for _, p := range cut(text) {
		if p.slot != "" {
			found = append(found, p.slot)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

func TestBothLanguagesSayTheSame(t *testing.T) {
	t.Parallel()
	es, en := spanish().messages, english().messages
	for key, text := range es {
		other, ok := en[key]
		if !ok {
			t.Errorf("%s: no English", key)
			continue
		}
		if got, want := slots(other), slots(text); !slices.Equal(got, want) {
			t.Errorf("%s: English fills %v, Spanish %v", key, got, want)
		}
	}
	for key := range en {
		if _, ok := es[key]; !ok {
			t.Errorf("%s: no Spanish", key)
		}
	}
}

func TestTablesAreWellWritten(t *testing.T) {
	t.Parallel()
	for lang, words := range map[booking.Lang]language{booking.Spanish: spanish(), booking.English: english()} {
		for key, text := range words.messages {
			if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }) {
				t.Errorf("%s %s: more than a line: %q", lang, key, text)
			}
			if strings.Contains(text, "  ") || strings.ContainsAny(text, "*_<>[]#`!¡") {
				t.Errorf("%s %s: double blank, markup or exclamation: %q", lang, key, text)
			}
			for _, p := range cut(text) {
				if strings.ContainsAny(p.text, "{}") || strings.ContainsAny(p.slot, "{ ") {
					t.Errorf("%s %s: broken placeholder: %q", lang, key, text)
				}
			}
			if !strings.HasPrefix(key, "piece.") && !strings.ContainsAny(text[len(text)-1:], ".?") {
				t.Errorf("%s %s: a sentence without an end: %q", lang, key, text)
			}
		}
	}
}

// What guests wrote never opens a sentence: its first letter is theirs to choose.
func TestNoSentenceBeginsWithGuestsWords(t *testing.T) {
	t.Parallel()
	ours := []string{"moment", "days", "house"}
	for key, text := range spanish().messages {
		first := cut(text)[0].slot
		if !strings.HasPrefix(key, "piece.") && first != "" && !slices.Contains(ours, first) {
			t.Errorf("%s begins with {%s}", key, first)
		}
	}
}

// Every key constant has its text, and every text its key: nothing is said that
// is not in the table, and nothing lies there unsaid.
func TestEveryKeyHasItsText(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "keys.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	messages := spanish().messages
	texts := maps.Clone(messages)
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		key, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := messages[key]; !ok && !strings.HasSuffix(key, ".") {
			t.Errorf("%s = %q has no text", spec.Names[0].Name, key)
		}
		delete(texts, key)
		return true
	})
	for key := range texts {
		if !strings.HasPrefix(key, sayStatus) && !strings.HasPrefix(key, sayLifeOverIs) && !strings.HasPrefix(key, sayInvalid+".") &&
			!strings.HasPrefix(key, inWriting) {
			t.Errorf("%q is not a key", key)
		}
	}
	for key := range texts {
		if spoken, written := strings.CutPrefix(key, inWriting); written && messages[spoken] == "" {
			t.Errorf("%q is said otherwise in writing, and nowhere else", spoken)
		}
	}
	for _, status := range append(booking.Statuses(), booking.Processing) {
		if _, ok := messages[sayStatus+string(status)]; !ok {
			t.Errorf("no text for the status %s", status)
		}
	}
}
