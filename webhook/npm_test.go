package webhook_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"testing"
	"time"

	"maitre/webhook"
)

// judged is a request for the published npm client to sign, and our signature
// of it to judge.
type judged struct {
	Token     string         `json:"token"`
	URL       string         `json:"url"`
	Params    map[string]any `json:"params"`
	Signature string         `json:"signature"`
}

// The published npm client shares no code with ours: what it signs we let in,
// and what we sign it lets in.
func TestThePublishedNpmClientAgrees(t *testing.T) {
	t.Parallel()
	installed(t)
	const token, public, target = "0123456789abcdef0123456789abcdef", "https://desk.example", "/whatsapp"
	message := func(pairs ...string) url.Values {
		form := url.Values{
			"AccountSid": {"ACours"}, "MessageSid": {"SM01"}, "From": {"whatsapp:+34612345678"}, "To": {"whatsapp:+34941000126"},
			"NumMedia": {"0"}, "ProfileName": {"Ana"}, "WaId": {"34612345678"}, "Body": {"mesa para 4 el sábado a las nueve"},
		}
		for i := 0; i < len(pairs); i += 2 {
			form.Set(pairs[i], pairs[i+1])
		}
		return form
	}
	repeated := message()
	repeated["MessagingBinding.Address"] = []string{"+34699999999", "+34611111111", "+34699999999"}
	forms := map[string]url.Values{
		"plain":        message(),
		"blank":        message("Body", "", "MediaUrl0", "", "Latitude", ""),
		"blanks kept":  message("Body", "  hola \n\n adiós  "),
		"repeated":     repeated,
		"emoji":        message("Body", "👍👩‍👩‍👧‍👦 mañana 🎂", "ProfileName", "🌸 Mari 🌸"),
		"accents":      message("Body", "¿Queda sitio el sábado? Íñigo, à bientôt, Zoë, 日本", "ProfileName", "Begoña Núñez"),
		"decomposed":   message("Body", "sa\u0301bado"),
		"what escapes": message("Body", "a&b=c;d+e %20 <b>'\"#?/\\"),
		"names apart":  message("Reason", "Participant", "ReasonConferenceEnded", "test"),
		"nothing":      {"AccountSid": {"ACours"}},
	}
	var names []string
	var requests []judged
	for name, form := range forms {
		headers, err := webhook.SignTwilio(token, public+target, []byte(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		params := map[string]any{}
		for key, values := range form {
			if params[key] = values[0]; len(values) > 1 {
				params[key] = values
			}
		}
		names = append(names, name)
		requests = append(requests, judged{token, public + target, params, headers[0].Value})
	}
	auth := twilioAuth(t, webhook.TwilioConfig{Tokens: []string{"another", token}, PublicURL: public, AccountSID: "ACours"})
	for i, verdict := range judge(t, requests) {
		body := forms[names[i]].Encode()
		if err := auth.Verify(fromTwilio(target, body, verdict.Signature), []byte(body)); err != nil {
			t.Errorf("%s: what the npm client signs is refused: %v", names[i], err)
		}
		if !verdict.Takes {
			t.Errorf("%s: the npm client refuses what we sign", names[i])
		}
	}
}

// verdict is what the npm client makes of a request.
type verdict struct {
	Signature string `json:"signature"`
	Takes     bool   `json:"takes"`
}

func judge(t *testing.T, requests []judged) []verdict {
	t.Helper()
	in, err := json.Marshal(requests)
	if err != nil {
		t.Fatal(err)
	}
	judge := exec.CommandContext(t.Context(), "node", "judge.js")
	judge.Dir, judge.Stdin = npmDir, bytes.NewReader(in)
	out, err := judge.Output()
	if err != nil {
		t.Fatalf("run node judge.js: %v\n%s", err, stderrOf(err))
	}
	var verdicts []verdict
	if err := json.Unmarshal(out, &verdicts); err != nil || len(verdicts) != len(requests) {
		t.Fatalf("read %d verdicts on %d requests: %v\n%s", len(verdicts), len(requests), err, out)
	}
	return verdicts
}

const npmDir = "testdata/npm"

// installed makes sure that the client is there as the lock file says, and ends
// the test where it cannot be had: what is not checked is not known to work.
func installed(t *testing.T) {
	t.Helper()
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatalf("%s is needed to check signatures with Twilio's published client: install Node.js 20 or later (%v)", tool, err)
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
		t.Fatalf("npm ci in webhook/%s, for Twilio's published client: %v\n%s", npmDir, err, said)
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
