package vapi_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew, to be read")

// The messages are VAPI's own shapes, captured and documented, with our tools
// in them. Each is answered by a fresh fixture.
func TestMessagesAreAnsweredAsGolden(t *testing.T) {
	t.Parallel()
	messages, err := filepath.Glob("testdata/messages/*.json")
	if err != nil || len(messages) == 0 {
		t.Fatal("no messages", err)
	}
	for _, path := range messages {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			body, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			w := open(t).post(body)
			if w.Code != http.StatusOK {
				t.Errorf("status %d", w.Code)
			}
			if got := w.Header().Get("Content-Type"); !strings.HasPrefix(got, "application/json") {
				t.Errorf("content type %q", got)
			}
			golden(t, filepath.Join("testdata", "answers", filepath.Base(path)), w.Body.Bytes())
		})
	}
}

// golden compares JSON with a golden file, which is indented to be read.
func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if bytes.ContainsRune(got, '\n') {
		t.Errorf("answer of more than one line: %s", got)
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, got, "", "  "); err != nil {
		t.Fatalf("%v in %s", err, got)
	}
	indented.WriteByte('\n')
	if *update {
		if err := os.WriteFile(path, indented.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(indented.Bytes(), want) {
		t.Errorf("%s (go test -update writes it anew)\n got %s\nwant %s", path, indented.Bytes(), want)
	}
}

func TestNotJSONIsMalformed(t *testing.T) {
	t.Parallel()
	h := open(t)
	for name, body := range map[string]string{
		"empty":             "",
		"blank":             " \n",
		"cut off":           `{"message":{"type":"tool-calls"`,
		"cut off list":      `{"message":{"type":"tool-calls","toolCallList":[`,
		"trailing":          `{"message":{}} x`,
		"two values":        `{"message":{}}{}`,
		"trailing comma":    `{"message":{},}`,
		"bare word":         `hello`,
		"bad in the passed": `{"message":{"type":"tool-calls","artifact":{"a":01}}}`,
		"too deep":          strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000),
		"too deep message":  `{"message":` + strings.Repeat(`{"call":`, 50_000) + `1` + strings.Repeat("}", 50_001),
	} {
		w := h.post([]byte(body))
		var refused struct {
			Error struct{ Code, Message string }
		}
		err := json.Unmarshal(w.Body.Bytes(), &refused)
		if w.Code != http.StatusBadRequest || err != nil || refused.Error.Code != "malformed" || refused.Error.Message == "" {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
}

func TestEverythingElseIsAcknowledged(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, body := range []string{
		`{}`, `[]`, `null`, `1e999`, `"x"`, `{"message":null}`, `{"message":[]}`, `{"message":{}}`, `{"message":{"type":null}}`,
		`{"message":{"type":7}}`, `{"message":{"type":"status-update","status":"ended","call":{"id":"c"}}}`,
		`{"message":{"type":"hang","call":"c"}}`, `{"message":{"type":"end-of-call-report","endedReason":{"a":1}}}`,
		`{"message":{"type":"conversation-update","toolCallList":[{"id":"a","name":"get_info"}]}}`,
		`{"message":{"type":"function-call","functionCall":{"name":"get_info","parameters":{}}}}`,
		`{"message":{"type":"never-seen-before"}}`, "{\"message\":{\"type\":\"\xff\"}}",
	} {
		w := h.post([]byte(body))
		if w.Code != http.StatusOK || w.Body.String() != "{}" {
			t.Errorf("%s: %d %s", body, w.Code, w.Body)
		}
	}
}

func TestEndOfCallIsLoggedWithoutItsContent(t *testing.T) {
	t.Parallel()
	h := open(t)
	body, err := os.ReadFile("testdata/messages/end-of-call-report-2025-06.json")
	if err != nil {
		t.Fatal(err)
	}
	h.post(body)
	h.post(bytes.Replace(message(t, "c1", caller, called{"t", "no_such_tool", object{"nombre": "Ana"}}), []byte("no_such"), []byte("no_such\\n"), 1))
	logged := h.logged.String()
	for _, want := range []string{"call ended", "00000000-0000-4000-8000-000000000005", "customer-ended-call"} {
		if !strings.Contains(logged, want) {
			t.Errorf("log lacks %q: %s", want, logged)
		}
	}
	for _, secret := range []string{"Vale.", "Reserva hecha", "612345678", "Ana"} {
		if strings.Contains(logged, secret) {
			t.Errorf("log tells %q: %s", secret, logged)
		}
	}
}
