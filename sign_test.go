package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSigningIsReadOrItsUsageTold(t *testing.T) {
	t.Parallel()
	for args, wrong := range map[string]string{
		"":                           "sign vapi|twilio [--url URL] [FILE]",
		"vapi":                       "",
		"vapi call.json":             "",
		"vapi call.json more.json":   "sign vapi|twilio [--url URL] [FILE]",
		"twilio --url https://a/b f": "",
		"twilio --url":               "sign vapi|twilio [--url URL] [FILE]",
		"dance":                      `sign "dance": want vapi or twilio`,
	} {
		_, err := readSigning(strings.Fields(args))
		if got := text(err); got != wrong {
			t.Errorf("sign %s: %q, want %q", args, got, wrong)
		}
	}
}

// Twilio's signature is a vector of its own libraries, as in package webhook.
func TestHeadersAreThoseOfTheBody(t *testing.T) {
	t.Parallel()
	form := filepath.Join(t.TempDir(), "form.txt")
	if err := os.WriteFile(form, []byte("property=value&boolean=true"), 0o600); err != nil {
		t.Fatal(err)
	}
	const address = "https://mycompany.com/myapp.php?foo=1&bar=2"
	for name, c := range map[string]struct {
		args []string
		cfg  Config
		in   string
		want string
	}{
		"vapi, by bearer": {[]string{"vapi"}, Config{VAPIAuth: "bearer", VAPISecrets: Secrets{"s"}}, "{}", "Authorization: Bearer s\n"},
		"vapi, by header": {[]string{"vapi", form}, Config{VAPIAuth: "header", VAPISecrets: Secrets{"s"}}, "", "X-Vapi-Secret: s\n"},
		"twilio, our own address": {
			[]string{"twilio"}, Config{TwilioAuthTokens: Secrets{"12345"}, PublicURL: "https://desk.example"}, "property=value&boolean=true",
			"X-Twilio-Signature: tzw5YlPXjSSXcomq39baxGsRnCE=\n", // by openssl
		},
		"twilio, another address, from a file": {
			[]string{"twilio", "--url", address, form}, Config{TwilioAuthTokens: Secrets{"12345"}, PublicURL: "https://desk.example"}, "",
			"X-Twilio-Signature: NBdBDr/T/lgjI+tlgpXjKZQZs/k=\n",
		},
	} {
		asked, err := readSigning(c.args)
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		if err := asked.print(c.cfg, strings.NewReader(c.in), &out); err != nil || out.String() != c.want {
			t.Errorf("%s: %q, %v; want %q", name, out.String(), err, c.want)
		}
	}
}

func TestNothingIsSignedWithoutASecretOrABody(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"vapi":   "VAPI_WEBHOOK_SECRET is not set; make run writes one into .env",
		"twilio": "TWILIO_AUTH_TOKEN is not set",
	} {
		asked, err := readSigning([]string{args})
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		err = asked.print(Config{VAPIAuth: "bearer"}, strings.NewReader("{}"), &out)
		if !isConfigError(err) || err.Error() != want || out.Len() > 0 {
			t.Errorf("sign %s: %v and %q, want %s", args, err, out.String(), want)
		}
	}
	asked, err := readSigning([]string{"vapi", filepath.Join(t.TempDir(), "none")})
	if err != nil {
		t.Fatal(err)
	}
	if err := asked.print(Config{VAPIAuth: "bearer", VAPISecrets: Secrets{"s"}}, strings.NewReader("{}"), &strings.Builder{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
