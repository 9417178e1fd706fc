package main

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// arrows says which packages each part of the program may import, beside what is
// outside of this module: main -> web -> webhook -> booking <- store, retry. The first
// part that a package lies in counts.
var arrows = []struct{ part, mayImport string }{
	{"maitre", "*"}, // main connects them all
	{"maitre/booking", "maitre/booking"},
	{"maitre/store/bolt", "maitre/store/bolt"}, // the engine knows nothing of bookings
	// The servers for tests must not know the clients that they try.
	{"maitre/store/airtable/airtabletest", "maitre/store/airtable/airtabletest maitre/e2e/servertest"},
	{"maitre/webhook/whatsapp/twilio/twiliotest", "maitre/webhook maitre/e2e/servertest"},
	{"maitre/e2e/servertest", ""},
	{"maitre/store", "maitre/booking maitre/store"},
	{"maitre/retry", "maitre/booking maitre/retry"},
	{"maitre/webhook", "maitre/booking maitre/webhook"},
	{"maitre/web", "maitre/booking maitre/webhook maitre/web"},
}

// wrongArrow returns what is wrong with one package's importing another; "" if nothing.
func wrongArrow(from, to string) string {
	if within(from, "maitre/booking") && !within(to, "maitre/booking") && !standardLibrary(to) {
		return "booking is the domain: the standard library and itself only"
	}
	if to == "maitre" {
		return "nothing may import main"
	}
	if !within(to, "maitre") {
		return ""
	}
	for _, a := range arrows {
		if from != a.part && (a.part == "maitre" || !within(from, a.part)) {
			continue
		}
		for allowed := range strings.FieldsSeq(a.mayImport) {
			if allowed == "*" || within(to, allowed) {
				return ""
			}
		}
		return a.part + " may import only " + a.mayImport
	}
	return "no part of the design: name it there first"
}

func within(path, part string) bool { return path == part || strings.HasPrefix(path, part+"/") }

func standardLibrary(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".") && first != "maitre"
}

// goPackage is what go list says of a package.
type goPackage struct {
	ImportPath       string
	GoFiles, Imports []string
}

func packages(t *testing.T) (all []goPackage) {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,GoFiles,Imports", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if len(all) < 8 {
		t.Fatalf("go list sees %d packages; there are more", len(all))
	}
	return all
}

func TestArrowsPointInwards(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		for _, to := range p.Imports {
			if wrong := wrongArrow(p.ImportPath, to); wrong != "" {
				t.Errorf("%s imports %s: %s", p.ImportPath, to, wrong)
			}
		}
	}
}

func TestWrongArrowsAreSeen(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from, to string
		wrong    bool
	}{
		{"maitre", "maitre/store", false},
		{"maitre", "maitre/store/airtable", false},
		{"maitre", "maitre/retry", false},
		{"maitre/web", "maitre/webhook/answer", false},
		{"maitre/webhook/vapi", "maitre/booking/phrase", false},
		{"maitre/store", "go.etcd.io/bbolt", false},
		{"maitre/store/bolt", "maitre/booking", true},
		{"maitre/booking/phrase", "maitre/booking", false},
		{"maitre/booking", "time", false},
		{"maitre/booking", "go.etcd.io/bbolt", true},
		{"maitre/booking/phrase", "golang.org/x/text/cases", true},
		{"maitre/booking", "maitre/store", true},
		{"maitre/store", "maitre/webhook", true},
		{"maitre/store/airtable", "maitre/web", true},
		{"maitre/webhook", "maitre/web", true},
		{"maitre/webhook", "maitre/store", true},
		{"maitre/web", "maitre/store", true},
		{"maitre/web/remote", "maitre/retry", true},
		{"maitre/retry", "maitre/webhook/whatsapp", true},
		{"maitre/store", "maitre", true},
		{"maitre/web", "maitre", true},
		{"maitre/utils", "maitre/booking", true},
		{"maitre/store/airtable/airtabletest", "maitre/e2e/servertest", false},
		{"maitre/store/airtable/airtabletest/serve", "maitre/store/airtable/airtabletest", false},
		{"maitre/store/airtable/airtabletest", "maitre/store/airtable", true},
		{"maitre/webhook/whatsapp/twilio/twiliotest", "maitre/webhook", false},
		{"maitre/webhook/whatsapp/twilio", "maitre/e2e/servertest", true},
		{"maitre/store/airtable", "maitre/e2e/servertest", true},
		{"maitre/e2e/servertest", "maitre/booking", true},
	} {
		if wrong := wrongArrow(c.from, c.to); (wrong != "") != c.wrong {
			t.Errorf("%s -> %s: %q, want wrong: %v", c.from, c.to, wrong, c.wrong)
		}
	}
}

// maxFiles is how many files a package has at most: one that grows past that holds two
// things.
const maxFiles = 40

func TestNoPackageIsTooLarge(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		if n := len(p.GoFiles); n > maxFiles {
			t.Errorf("%s has %d files, want %d at most", p.ImportPath, n, maxFiles)
		}
	}
}

// At the root are tested the files of package main, and nothing else: what takes the
// built binary is in package e2e.
func TestTheRootHasNoTestsButItsOwn(t *testing.T) {
	t.Parallel()
	tests, err := filepath.Glob("*_test.go")
	if err != nil || len(tests) == 0 {
		t.Fatal(tests, err)
	}
	for _, test := range tests {
		tested := strings.TrimSuffix(strings.TrimSuffix(test, "_test.go"), "_bench") + ".go"
		if _, err := os.Stat(tested); err != nil && test != "arrows_test.go" {
			t.Errorf("%s tests no file of package main: there is no %s", test, tested)
		}
	}
}
