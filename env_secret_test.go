package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

// TestASecretIsShownByNothing prints one with every verb, wrong ones too, and in
// every form in which logs are written.
func TestASecretIsShownByNothing(t *testing.T) {
	t.Parallel()
	const hush = "hush-hush"
	var held struct {
		One  Secret
		Some Secrets
	}
	held.One, held.Some = hush, Secrets{hush, "x"}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t"} {
		fmt.Fprintf(&out, verb+" "+verb+" "+verb+"\n", held.One, held.Some, held)
	}
	if err := json.NewEncoder(&out).Encode(held); err != nil {
		t.Fatal(err)
	}
	for _, handler := range []slog.Handler{slog.NewJSONHandler(&out, nil), slog.NewTextHandler(&out, nil)} {
		slog.New(handler).Info("c", "held", held, "one", held.One, "some", held.Some)
	}
	if strings.Contains(out.String(), "hush") || strings.Contains(strings.ToLower(out.String()), fmt.Sprintf("%x", "hush")) {
		t.Errorf("shown:\n%s", &out)
	}
	if held.One.String() != "[secret]" || Secret("").String() != "" || held.One.Reveal() != hush {
		t.Error("a secret does not tell whether it is set")
	}
}
