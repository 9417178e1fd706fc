package webhook_test

import (
	"net/url"
	"reflect"
	"strings"
	"testing"

	"maitre/webhook"
)

func TestSignVAPI(t *testing.T) {
	t.Parallel()
	tests := []struct {
		mode string
		want []webhook.Header
	}{
		{webhook.ModeHMAC, []webhook.Header{{"X-Vapi-Signature", stampedMAC}, {"X-Vapi-Timestamp", vectorStamp}}},
		{webhook.ModeHeader, []webhook.Header{{"X-Vapi-Secret", vectorSecret}}},
		{webhook.ModeBearer, []webhook.Header{{"Authorization", "Bearer " + vectorSecret}}},
		{"none", nil},
	}
	for _, tt := range tests {
		if got := webhook.SignVAPI(tt.mode, vectorSecret, []byte(vectorBody), vectorNow); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.mode, got, tt.want)
		}
	}
}

// The vectors are those of Twilio's own libraries and documentation.
func TestSignTwilio(t *testing.T) {
	t.Parallel()
	const token = "12345"
	const address = "https://mycompany.com/myapp.php?foo=1&bar=2"
	call := form("CallSid", "CA1234567890ABCDE", "Caller", "+14158675309", "Digits", "1234", "From", "+14158675309", "To", "+18005551212")
	tests := []struct {
		name, address, form, want string
	}{
		{"the documented form", address, call, "RSOYDt4T1cUTdK1PDd93/VVr8B8="},
		{"parameters in any order", address, reversed(call), "RSOYDt4T1cUTdK1PDd93/VVr8B8="},
		{"https port kept", "https://mycompany.com:443/myapp.php?foo=1&bar=2", call, "kvajT1Ptam85bY51eRf/AJRuM3w="},
		{"http port kept", "http://mycompany.com:80/myapp.php?foo=1&bar=2", call, "0ZXoZLH/DfblKGATFgpif+LLRf4="},
		{"other port kept", "http://mycompany.com:1234/myapp.php?foo=1&bar=2", call, "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="},
		{"query as written", address + "&Body=It's+amazing", call, "dsq4Ehbj6cs+KdTkpF5sSSplOWw="},
		{"user and password left out", "https://user:p%40ss@mycompany.com/myapp.php?foo=1&bar=2", call, "RSOYDt4T1cUTdK1PDd93/VVr8B8="},
		{"settings in the fragment left out", address + "#rc=5&rp=all", call, "RSOYDt4T1cUTdK1PDd93/VVr8B8="},
		{"repeated parameter", address, form("Sid", "CA123", "SidAccount", "AC123", "Digits", "5678", "Digits", "1234", "Digits", "1234"), "IK+Dwps556ElfBT0I3Rgjkr1wJU="},
		{"by name, not by name and value", address, call + "&" + form("Reason", "Participant", "ReasonConferenceEnded", "test"), "vOEb5UThFn24KEfnOFLQY2AE5FY="},
		{"a plain form", address, "property=value&boolean=true", "NBdBDr/T/lgjI+tlgpXjKZQZs/k="},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := webhook.SignTwilio(token, tt.address, []byte(tt.form))
			want := []webhook.Header{{"X-Twilio-Signature", tt.want}}
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%v, %v; want %v", got, err, want)
			}
		})
	}
}

func TestSignTwilioBlankParameterCounts(t *testing.T) {
	t.Parallel()
	sign := func(form string) string {
		got, err := webhook.SignTwilio("12345", "https://example.org/whatsapp", []byte(form))
		if err != nil {
			t.Fatal(err)
		}
		return got[0].Value
	}
	if sign("Body=hola&MediaUrl0=") == sign("Body=hola") {
		t.Error("a blank parameter made no difference")
	}
	// A blank value contributes the name alone.
	if sign("A=&B=x") != sign("AB=x") {
		t.Error("a blank parameter contributed more than its name")
	}
}

func TestSignTwilioRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ address, form string }{
		{"https://example.org/", "%zz"},
		{"https://example.org/", "a;b"},
		{"/whatsapp", "a=b"},
		{"", "a=b"},
		{"https://exa mple/", "a=b"},
	} {
		if got, err := webhook.SignTwilio("12345", tt.address, []byte(tt.form)); err == nil {
			t.Errorf("%q with form %q: signed %v", tt.address, tt.form, got)
		}
	}
}

// form writes name, value, name, value, … as a form.
func form(pairs ...string) string {
	var b strings.Builder
	for i := 0; i < len(pairs); i += 2 {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(url.QueryEscape(pairs[i]) + "=" + url.QueryEscape(pairs[i+1]))
	}
	return b.String()
}

func reversed(form string) string {
	parts := strings.Split(form, "&")
	for i, j := 0, len(parts)-1; i < j; i, j = i+1, j-1 {
		parts[i], parts[j] = parts[j], parts[i]
	}
	return strings.Join(parts, "&")
}
