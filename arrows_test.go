package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

// rooms are the packages of the house and which other rooms each may know: the
// arrows of the design, main -> web -> webhook -> booking <- store, retry.
// The first pattern that fits a package speaks for it.
//
// Two know them all: main, and premises, to which main leaves the connecting of
// the rooms, as somebody must hand each what it needs of the others. Only main may
// know premises, so that no arrow turns back through it.
var rooms = []struct{ room, mayKnow string }{
	{"maitre", "*"},
	{connects, "*"},
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

const connects = "maitre/web/premises"

// wrongArrow says what is wrong with one package's importing another; "" if nothing.
func wrongArrow(from, to string) string {
	if strings.HasPrefix(from, "maitre/booking") && !inRoom(to, "maitre/booking") && !standardLibrary(to) {
		return "booking is the domain: the standard library and itself only"
	}
	if to == "maitre" {
		return "nobody may know main"
	}
	if inRoom(to, connects) && from != "maitre" {
		return "only main may know premises"
	}
	if !inRoom(to, "maitre") {
		return ""
	}
	for _, r := range rooms {
		if from != r.room && (r.room == "maitre" || !inRoom(from, r.room)) {
			continue
		}
		for known := range strings.FieldsSeq(r.mayKnow) {
			if known == "*" || inRoom(to, known) {
				return ""
			}
		}
		return r.room + " may know only " + r.mayKnow
	}
	return "no room of the house: name it in the design first"
}

func inRoom(path, room string) bool { return path == room || strings.HasPrefix(path, room+"/") }

func standardLibrary(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".") && first != "maitre"
}

func TestArrowsPointInwards(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	packages := 0
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; packages++ {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		for _, to := range p.Imports {
			if wrong := wrongArrow(p.ImportPath, to); wrong != "" {
				t.Errorf("%s imports %s: %s", p.ImportPath, to, wrong)
			}
		}
	}
	if packages < 8 {
		t.Errorf("saw %d packages; the house has more", packages)
	}
}

func TestWrongArrowsAreSeen(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from, to string
		wrong    bool
	}{
		{"maitre", "maitre/store", false},
		{"maitre", connects, false},
		{connects, "maitre/store/airtable", false},
		{connects, "maitre/retry", false},
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
		{"maitre/retry", "maitre/webhook/whatsapp", true},
		{"maitre/store", "maitre", true},
		{"maitre/web", connects, true},
		{"maitre/web/remote", connects, true},
		{connects, "maitre", true},
		{"maitre/web/shell", "maitre/store", true},
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
