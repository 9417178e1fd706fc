package catalogue

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"maitre/booking"
)

// all returns every text of a language by the path of its field.
func all(t texts) map[string]string {
	found := map[string]string{}
	var walk func(path string, v reflect.Value)
	walk = func(path string, v reflect.Value) {
		switch v.Kind() {
		case reflect.String:
			found[path] = v.String()
		case reflect.Struct:
			for i := range v.NumField() {
				walk(path+"."+v.Type().Field(i).Name, v.Field(i))
			}
		case reflect.Array:
			for i := range v.Len() {
				walk(fmt.Sprintf("%s[%d]", path, i), v.Index(i))
			}
		case reflect.Map:
			if v.Len() == 0 {
				found[path] = ""
			}
			for _, key := range v.MapKeys() {
				walk(fmt.Sprintf("%s[%s]", path, key), v.MapIndex(key))
			}
		default:
			panic(path + " is no text")
		}
	}
	walk("", reflect.ValueOf(t))
	return found
}

var placeholder = regexp.MustCompile(`\{(\w+)\}`)

func slots(text string) []string {
	found := placeholder.FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

func TestBothLanguagesSayTheSame(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]texts{{spanish().heard, english().heard}, {spanish().read, english().read}} {
		es, en := all(pair[0]), all(pair[1])
		for path, text := range es {
			if text == "" {
				t.Errorf("%s: no Spanish", path)
			}
			if got, want := slots(en[path]), slots(text); !slices.Equal(got, want) {
				t.Errorf("%s: English fills %v, Spanish %v", path, got, want)
			}
			if en[path] == "" {
				t.Errorf("%s: no English", path)
			}
		}
		for path := range en {
			if _, ok := es[path]; !ok {
				t.Errorf("%s: no Spanish", path)
			}
		}
	}
}

// The texts that differ for guests who read are the same in both languages.
func TestBothLanguagesWriteTheSameOtherwise(t *testing.T) {
	t.Parallel()
	otherwise := func(l *language) []string {
		heard, read := all(l.heard), all(l.read)
		maps.DeleteFunc(read, func(path, text string) bool { return heard[path] == text })
		return slices.Sorted(maps.Keys(read))
	}
	if es, en := otherwise(spanish()), otherwise(english()); !slices.Equal(es, en) || len(es) == 0 {
		t.Errorf("in Spanish %v, in English %v", es, en)
	}
}

// isPiece reports whether a text is used inside a sentence.
func isPiece(path string) bool { return strings.HasPrefix(path, ".pieces.") }

func TestTextsAreWellWritten(t *testing.T) {
	t.Parallel()
	for _, l := range []*language{spanish(), english()} {
		for _, every := range []map[string]string{all(l.heard), all(l.read)} {
			for path, text := range every {
				if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }) {
					t.Errorf("%s %s: more than a line: %q", l.lang, path, text)
				}
				if strings.Contains(text, "  ") || strings.ContainsAny(text, "*_<>[]#`!¡") {
					t.Errorf("%s %s: double blank, markup or exclamation: %q", l.lang, path, text)
				}
				if strings.ContainsAny(placeholder.ReplaceAllString(text, ""), "{}") {
					t.Errorf("%s %s: broken placeholder: %q", l.lang, path, text)
				}
				if !isPiece(path) && !strings.HasSuffix(text, ".") && !strings.HasSuffix(text, "?") {
					t.Errorf("%s %s: a sentence without an end: %q", l.lang, path, text)
				}
			}
		}
	}
}

// What guests wrote never opens a sentence: its first letter is theirs to choose.
func TestNoSentenceBeginsWithGuestsWords(t *testing.T) {
	t.Parallel()
	ours := []string{"{moment}", "{days}", "{restaurant}", "{what}"}
	for path, text := range all(spanish().heard) {
		if first := placeholder.FindString(text); !isPiece(path) && first != "" && strings.HasPrefix(text, first) && !slices.Contains(ours, first) {
			t.Errorf("%s begins with %s", path, first)
		}
	}
}

// Every text is said somewhere: each field is read by code that is no table.
func TestEveryTextIsSaid(t *testing.T) {
	t.Parallel()
	said := map[string]bool{}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") || strings.HasPrefix(name, "texts_") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				of, _ := s.X.(*ast.Ident)
				if of == nil || of.Name != "booking" && of.Name != "c" {
					said[s.Sel.Name] = true
				}
			}
			return true
		})
	}
	groups := reflect.TypeFor[texts]()
	for group := range groups.Fields() {
		if !group.Anonymous {
			continue
		}
		for field := range group.Type.Fields() {
			if name := field.Name; !said[name] {
				t.Errorf("%s is never said", name)
			}
		}
	}
}

func TestEveryStatusAndAlertReasonHasItsText(t *testing.T) {
	t.Parallel()
	for _, l := range []*language{spanish(), english()} {
		for _, status := range append(booking.Statuses(), booking.Processing) {
			if l.heard.statuses[status] == "" {
				t.Errorf("%s: no text for the status %s", l.lang, status)
			}
		}
		for _, failed := range []AlertReason{TroubleDown, TroubleRefused, TroubleAccess, TroubleTaken, TroublePast, TroubleChanged, TroubleMissing, ""} {
			if l.heard.alertReasons[failed] == "" {
				t.Errorf("%s: no text for the alert reason %q", l.lang, failed)
			}
		}
		for field, by := range l.heard.fields {
			if by[""] == "" {
				t.Errorf("%s: no text for any problem with %s", l.lang, field)
			}
		}
	}
}
