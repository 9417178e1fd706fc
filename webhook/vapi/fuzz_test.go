package vapi_test

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"maitre/booking"
	"maitre/webhook"
	"maitre/webhook/vapi"
)

// forgetful remembers nothing. With it and a careless journal nothing is written
// to disk, for which a fuzzer has no time.
type forgetful struct{}

func (forgetful) Recall(context.Context, string) ([]byte, bool, error) { return nil, false, nil }

func (forgetful) Remember(context.Context, booking.StoredAnswer) error { return nil }

// Whatever a body holds: no panic, 400 for what is not JSON and 200 for all
// else, one result a call, each of one line and of an answer object.
func FuzzServe(f *testing.F) {
	messages, err := filepath.Glob("testdata/messages/*.json")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range messages {
		body, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	for _, body := range []string{
		`{"message":{"type":"tool-calls","toolCallList":[null,1,"x",[],{"id":{},"function":"f","arguments":[1]}]}}`,
		`{"message":{"type":"tool-calls","type":"hang","toolCallList":[{"toolCall":{"toolCall":{"id":1e9,"name":"get_hours","arguments":"{\"date\":{}}"}}}]}}`,
		`{"message":{"type":"tool-calls","call":{"id":"a"},"customer":{"number":34612345678},"toolCallList":[{"id":"\ud800","name":"create_reservation","arguments":"{\"date\":\"2026-12-24\",\"time\":\"21:00\",\"pax\":\"dos\",\"nombre\":\"\\u0000\"}"}]}}`,
		"{\"message\":{\"type\":\"tool-calls\",\"toolCallList\":[{\"id\":\"\xff\",\"name\":\"get_info\"}]}}",
		`{"message":{"type":"tool-calls","toolCallList":[{"id":"a","name":"confirm_verbal","arguments":{"confirmed":"venga, vale","phone":"seis doce","code":"K - 7 q f"}}]}}`,
		`{"message":{"type":"tool-calls","toolCallList":[{"id":"a","name":"update_reservation","arguments":{"date":"el 29 de febrero","time":"a las tantas","pax":-1e9}}]}}`,
	} {
		f.Add([]byte(body))
	}
	h := open(f, func(c *vapi.Config) { c.Idempotency = webhook.NewIdempotency(forgetful{}, nil) })
	h.journal.careless.Store(true)
	f.Fuzz(func(t *testing.T, body []byte) {
		h.t = t
		w := h.post(body)
		if strings.Contains(h.logged.String(), "tool panicked") {
			t.Fatalf("panic: %s", h.logged.String())
		}
		switch w.Code {
		case http.StatusBadRequest:
			if json.Valid(body) && utf8.Valid(body) && len(body) < 10_000 { // deeper than 10,000 is refused
				t.Fatalf("JSON refused: %q", body)
			}
			return
		case http.StatusOK:
		default:
			t.Fatalf("status %d", w.Code)
		}
		if !json.Valid(body) {
			t.Fatalf("taken for JSON: %q", body)
		}
		var r results
		if err := json.Unmarshal(w.Body.Bytes(), &r); err != nil {
			t.Fatalf("%v in %s", err, w.Body)
		}
		for _, result := range r.Results {
			if a := decoded(t, result.Result); a.Message == "" || a.Success != (a.Error == "") || strings.ContainsAny(result.Result, "\r\n") {
				t.Fatalf("answer %s", result.Result)
			}
		}
	})
}
