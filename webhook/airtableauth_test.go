package webhook_test

import (
	"encoding/base64"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"maitre/webhook"
)

// The first vector is pyairtable's own (tests/test_models_webhook.py).
func TestAirtableIsRecognisedByItsMAC(t *testing.T) {
	t.Parallel()
	const (
		spaced  = `{"base": {"id": "app00000000000000"}, "webhook": {"id": "ach00000000000000"}, "timestamp": "2022-02-01T21:25:05.663Z"}`
		mac     = "e26da696a90933647bddc83995c3e1e3bb1c3d8ce1ff61cb7469767d50b2b2d4"
		compact = "26a5f8b7a527568ceada248cf2b0c2d7bc6c6e099016532131dc17421d5637fa"
		secret  = "c2VjcmV0LWtleQ=="
	)
	for name, c := range map[string]struct {
		secret, body string
		header       []string
		want         error
	}{
		"pyairtable's vector":        {secret, spaced, []string{"hmac-sha256=" + mac}, nil},
		"a compact body":             {"c3VwZXIgZHVwZXIgc2VjcmV0", strings.ReplaceAll(spaced, " ", ""), []string{"hmac-sha256=" + compact}, nil},
		"no header":                  {secret, spaced, nil, webhook.ErrMissing},
		"an empty header":            {secret, spaced, []string{""}, webhook.ErrInvalid},
		"another secret":             {"YW5vdGhlcg==", spaced, []string{"hmac-sha256=" + mac}, webhook.ErrInvalid},
		"another body":               {secret, spaced + " ", []string{"hmac-sha256=" + mac}, webhook.ErrInvalid},
		"no secret, because no hook": {"", spaced, []string{"hmac-sha256=" + mac}, webhook.ErrInvalid},
		"base64, as some blogs say":  {secret, spaced, []string{"hmac-sha256=4m2mlqkJM2R73cg5lcPh47scPYzh/2HLdGl2fVCystQ="}, webhook.ErrInvalid},
		"upper case":                 {secret, spaced, []string{"hmac-sha256=" + strings.ToUpper(mac)}, webhook.ErrInvalid},
		"without its scheme":         {secret, spaced, []string{mac}, webhook.ErrInvalid},
		"another scheme":             {secret, spaced, []string{"hmac-sha1=" + mac}, webhook.ErrInvalid},
		"two that differ":            {secret, spaced, []string{"hmac-sha256=" + mac, "hmac-sha256=" + compact}, webhook.ErrInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			key, _ := base64.StdEncoding.DecodeString(c.secret)
			pinged := 0
			guard := webhook.Guard(webhook.GuardConfig{Source: "airtable", Auth: webhook.NewAirtableAuth(func() []byte { return key })},
				webhook.AirtablePing(func() { pinged++ }))
			r := httptest.NewRequest(http.MethodPost, "/airtable", strings.NewReader(c.body))
			r.Header["X-Airtable-Content-Mac"] = c.header
			if len(c.header) == 0 {
				r.Header.Del("X-Airtable-Content-Mac")
			}
			w := httptest.NewRecorder()
			guard.ServeHTTP(w, r)
			want, pings := http.StatusUnauthorized, 0
			if c.want == nil {
				want, pings = http.StatusNoContent, 1
			}
			if w.Code != want || pinged != pings {
				t.Errorf("status %d, %d notifications of changes; want %d, %d", w.Code, pinged, want, pings)
			}
			if c.want == nil && w.Body.Len() > 0 {
				t.Errorf("a body of %q: Airtable wants none", w.Body)
			}
			if errors.Is(c.want, webhook.ErrMissing) != strings.Contains(w.Body.String(), "missing signature") {
				t.Errorf("the answer says %s", w.Body)
			}
		})
	}
}
