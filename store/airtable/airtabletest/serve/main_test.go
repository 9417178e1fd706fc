package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"net/http"
	"strings"
	"testing"
)

// What it prints is what a client needs, and it ends when told.
func TestServe(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	reader, writer := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, []string{"-addr", "127.0.0.1:0", "-seed", "-control", ""}, writer)
		_ = writer.Close()
	}()
	exported := map[string]string{}
	lines := bufio.NewScanner(reader)
	for len(exported) < 3 && lines.Scan() {
		if name, value, ok := strings.Cut(strings.TrimPrefix(lines.Text(), "export "), "="); ok {
			exported[name] = value
		}
	}
	go func() { _, _ = io.Copy(io.Discard, reader) }()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet,
		exported["AIRTABLE_ENDPOINT_URL"]+"/v0/"+exported["AIRTABLE_BASE_ID"]+"/Mesas", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+exported["AIRTABLE_API_KEY"])
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if body, _ := io.ReadAll(answer.Body); answer.StatusCode != http.StatusOK || !bytes.Contains(body, []byte("Terraza T1")) {
		t.Errorf("status %d: %s", answer.StatusCode, body)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("it ended with %v", err)
	}
}

func TestServeRefusesNonsense(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"-base", "app1"}, {"-seed", "-empty"}, {"-addr", "nowhere:x"}} {
		if err := run(t.Context(), args, io.Discard); err == nil || errors.Is(err, flag.ErrHelp) {
			t.Errorf("%v: %v, want an error", args, err)
		}
	}
}
