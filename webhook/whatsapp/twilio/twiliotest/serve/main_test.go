package main

import (
	"bufio"
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
		ended <- run(ctx, []string{"-addr", "127.0.0.1:0", "-control", "", "-statuses", ""}, writer)
		_ = writer.Close()
	}()
	exported := map[string]string{}
	lines := bufio.NewScanner(reader)
	for len(exported) < 4 && lines.Scan() {
		if name, value, ok := strings.Cut(strings.TrimPrefix(lines.Text(), "export "), "="); ok {
			exported[name] = value
		}
	}
	go func() { _, _ = io.Copy(io.Discard, reader) }()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost,
		exported["TWILIO_ENDPOINT_URL"]+"/2010-04-01/Accounts/"+exported["TWILIO_ACCOUNT_SID"]+"/Messages.json",
		strings.NewReader("To=whatsapp%3A%2B34612345678&From=whatsapp%3A%2B34941000000&Body=x"))
	if err != nil {
		t.Fatal(err)
	}
	request.SetBasicAuth(exported["TWILIO_ACCOUNT_SID"], exported["TWILIO_AUTH_TOKEN"])
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusCreated || !strings.HasPrefix(exported["TWILIO_WHATSAPP_FROM"], "+34") {
		t.Errorf("status %d, %v", answer.StatusCode, exported)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("it ended with %v", err)
	}
}

func TestServeRefusesNonsense(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"-account", ""}, {"-token", ""}, {"-addr", "nowhere:x"}} {
		if err := run(t.Context(), args, io.Discard); err == nil || errors.Is(err, flag.ErrHelp) {
			t.Errorf("%v: %v, want an error", args, err)
		}
	}
}
