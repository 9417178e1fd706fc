package airtabletest_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"maitre/store/airtable/airtabletest"
)

// The published npm client shares no code with our client or our server: what it
// can do here it can do with Airtable.
func TestThePublishedNpmClientIsAtHomeHere(t *testing.T) {
	t.Parallel()
	installed(t)
	srv := airtabletest.Start(t, airtabletest.Options{RatePerBase: airtabletest.Unlimited})
	script := exec.CommandContext(t.Context(), "node", "client.js")
	script.Dir = npmDir
	script.Env = append(os.Environ(), "AIRTABLE_ENDPOINT_URL="+srv.URL(), "AIRTABLE_API_KEY="+srv.Token(),
		"AIRTABLE_BASE_ID="+srv.BaseID())
	out, err := script.Output()
	if err != nil {
		t.Fatalf("run node client.js: %v\n%s", err, stderrOf(err))
	}
	var saw, want map[string]any
	if err := json.Unmarshal(out, &saw); err != nil {
		t.Fatalf("read what it saw: %v\n%s", err, out)
	}
	const expected = `{
	  "createdOne": "Íñigo O'Brien \\", "idShape": true, "createdMany": 30, "pages": [10, 10, 10, 1],
	  "found": [{"ID Reserva": "r-27", "Cantidad de Personas": 27}, {"ID Reserva": "r-29", "Cantidad de Personas": 29}],
	  "byQuote": ["r-00"], "byLink": ["r-00"], "long": 31, "longAsText": 31, "asText": [{"Hora": "2026-12-24 21:00"}],
	  "updated": ["Cancelada", 1], "replaced": ["ID Reserva"], "upserted": [true, "Pre-reserva", 2],
	  "ambiguous": {"error": "INVALID_RECORDS", "statusCode": 422,
	    "message": "More than one existing record matches the fieldsToMergeOn values of a record in the request"},
	  "destroyedOne": true, "destroyedMany": 2, "left": 30, "foundOne": "r-07", "typecast": "Quizá",
	  "errors": {
	    "gone": {"error": "NOT_FOUND", "statusCode": 404, "message": "Record not found"},
	    "malformed": {"error": "NOT_FOUND", "statusCode": 404, "message": "Could not find what you are looking for"},
	    "field": {"error": "UNKNOWN_FIELD_NAME", "statusCode": 422, "message": "Unknown field name: \"Nope\""},
	    "choice": {"error": "INVALID_MULTIPLE_CHOICE_OPTIONS", "statusCode": 422,
	      "message": "Insufficient permissions to create new select option \"\"Quizá\"\""},
	    "value": {"error": "INVALID_VALUE_FOR_COLUMN", "statusCode": 422,
	      "message": "Field \"Cantidad de Personas\" cannot accept the provided value"},
	    "formula": {"error": "INVALID_FILTER_BY_FORMULA", "statusCode": 422,
	      "message": "The formula for filtering records is invalid: Invalid formula. Please check your formula text."},
	    "table": {"error": "NOT_AUTHORIZED", "statusCode": 403, "message": "You are not authorized to perform this operation"},
	    "eleven": {"error": "INVALID_RECORDS", "statusCode": 422,
	      "message": "You must provide an array of up to 10 record objects, each with a \"fields\" object for cell values."},
	    "token": {"error": "AUTHENTICATION_REQUIRED", "statusCode": 401,
	      "message": "You should provide valid api key to perform this operation"}
	  }
	}`
	if err := json.Unmarshal([]byte(expected), &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, saw); diff != "" {
		t.Errorf("the npm client saw (-want +got):\n%s", diff)
	}
	lists := 0
	for _, r := range srv.Requests() {
		if r.Op == airtabletest.OpList && r.Method == "POST" {
			lists++
		}
	}
	if lists != 2 {
		t.Errorf("the client listed by POST %d times, want twice, for the long formulas", lists)
	}
}

const npmDir = "testdata/npm"

// installed makes sure that the client is there as the lock file says, and ends
// the test where it cannot be had: what is not checked is not known to work.
func installed(t *testing.T) {
	t.Helper()
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatalf("%s is needed to check the server with Airtable's published client: install Node.js 18 or later (%v)", tool, err)
		}
	}
	lock, err := os.ReadFile(npmDir + "/package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	digest := fmt.Sprintf("%x", sha256.Sum256(lock))
	stamp := npmDir + "/node_modules/.installed-from"
	if have, err := os.ReadFile(stamp); err == nil && string(have) == digest {
		return
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	npm := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	npm.Dir = npmDir
	if said, err := npm.CombinedOutput(); err != nil {
		t.Fatalf("npm ci in store/airtable/airtabletest/%s, for Airtable's published client: %v\n%s", npmDir, err, said)
	}
	if err := os.WriteFile(stamp, []byte(digest), 0o600); err != nil {
		t.Fatal(err)
	}
}

func stderrOf(err error) string {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return string(exit.Stderr)
	}
	return ""
}
