package vapi_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// sent is something that we send, as VAPI's schema calls it.
type sent struct {
	dto     string
	literal []byte
}

// VAPI publishes its schema as the types of its server SDK. What we send is
// written down as literals of those types and put before the compiler, which
// knows every key, every value that is one of a few, and what is required. The
// same with a fault in it shows that the compiler finds some: a check is only
// worth what it finds.
func TestVAPITakesWhatWeSend(t *testing.T) {
	t.Parallel()
	h := open(t)
	saved, err := h.profile().Saved()
	if err != nil {
		t.Fatal(err)
	}
	printed, err := saved.JSON()
	if err != nil {
		t.Fatal(err)
	}
	request, err := os.ReadFile("testdata/messages/assistant-request-2024-07.json")
	if err != nil {
		t.Fatal(err)
	}
	results := h.post(message(t, "call", caller, called{"a", "create_reservation", dinner}, called{"b", "nothing", nil})).Body.Bytes()
	all := map[string]sent{
		"saved_assistant":   {"CreateAssistantDto", printed},
		"assistant_request": {"ServerMessageResponseAssistantRequest", h.post(request).Body.Bytes()},
		"tool_calls":        {"ServerMessageResponseToolCalls", results},
	}
	for name, fault := range map[string][2]string{
		"key":            {`"maxDurationSeconds"`, `"maxDurationSecond"`},
		"key_of_server":  {`"timeoutSeconds"`, `"timeout"`},
		"key_of_tool":    {`"async": false`, `"strict": false`},
		"key_of_filler":  {`"timingMilliseconds"`, `"timing"`},
		"model":          {`"gpt-4.1"`, `"gpt-4.01"`},
		"server_message": {`"status-update"`, `"status-updates"`},
		"parameter_type": {`"type": "integer"`, `"type": "int"`},
		"missing_name":   {`"name": "get_info",`, ``},
	} {
		broken := bytes.Replace(printed, []byte(fault[0]), []byte(fault[1]), 1)
		if bytes.Equal(broken, printed) {
			t.Errorf("%s: %s is not there to be broken", name, fault[0])
		}
		all["faulty_"+name] = sent{"CreateAssistantDto", broken}
	}
	all["faulty_result"] = sent{"ServerMessageResponseToolCalls", bytes.Replace(results, []byte(`"result"`), []byte(`"results"`), 1)}
	complaints := compiled(t, all)
	for name := range all {
		complained := strings.Contains(complaints, name+".ts(")
		if faulty := strings.HasPrefix(name, "faulty_"); complained != faulty {
			t.Errorf("%s: VAPI's types complain: %t, want %t\n%s", name, complained, faulty, complaints)
		}
	}
}

// compiled puts what is sent before the TypeScript compiler, each in a file of
// its own, and returns what it complains of.
func compiled(t *testing.T, all map[string]sent) string {
	t.Helper()
	installed(t)
	schema, err := filepath.Abs("testdata/schema")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	config, err := os.ReadFile(filepath.Join(schema, "tsconfig.json"))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{"tsconfig.json": string(config)}
	for name, s := range all {
		files[name+".ts"] = fmt.Sprintf("import type { Vapi } from \"@vapi-ai/server-sdk\";\nexport const sent: Vapi.%s = %s;\n", s.dto, s.literal)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(schema, "node_modules"), filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	tsc := exec.CommandContext(ctx, "node", filepath.Join(schema, "node_modules", "typescript", "bin", "tsc"), "--pretty", "false", "-p", ".")
	tsc.Dir = dir
	said, err := tsc.CombinedOutput()
	if err != nil && !bytes.Contains(said, []byte("error TS")) {
		t.Fatalf("run the TypeScript compiler: %v\n%s", err, said)
	}
	return string(said)
}

// installed makes sure that VAPI's types are there as the lock file says, and
// ends the test where they cannot be had: what is not checked is not known to work.
func installed(t *testing.T) {
	t.Helper()
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatalf("%s is needed to check the assistant against VAPI's published types: install Node.js 18 or later (%v)", tool, err)
		}
	}
	lock, err := os.ReadFile("testdata/schema/package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	digest := fmt.Sprintf("%x", sha256.Sum256(lock))
	stamp := filepath.Join("testdata", "schema", "node_modules", ".installed-from")
	if have, err := os.ReadFile(stamp); err == nil && string(have) == digest {
		return
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	npm := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	npm.Dir = filepath.Join("testdata", "schema")
	if said, err := npm.CombinedOutput(); err != nil {
		t.Fatalf("npm ci in webhook/vapi/testdata/schema, for VAPI's published types: %v\n%s", err, said)
	}
	if err := os.WriteFile(stamp, []byte(digest), 0o600); err != nil {
		t.Fatal(err)
	}
}
