package webhook_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/twilio/twilio-go/client"
	"pgregory.net/rapid"

	"maitre/webhook"
)

const (
	twilioToken   = "12345"
	twilioAddress = "https://mycompany.com/myapp.php?foo=1&bar=2"
	jsonHash      = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
	jsonBody      = `{"property": "value", "boolean": true}`
	emptyHash     = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
)

func twilioAuth(tb testing.TB, cfg webhook.TwilioConfig) *webhook.TwilioAuth {
	tb.Helper()
	auth, err := webhook.NewTwilioAuth(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	return auth
}

// fromTwilio is a request as it reaches us: behind a proxy, with a Host header
// that is not the public one.
func fromTwilio(target, body, signature string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(body))
	r.Host = "10.0.0.7:8000"
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if signature != "" {
		r.Header.Set("X-Twilio-Signature", signature)
	}
	return r
}

func phoneCall() string {
	return form("CallSid", "CA1234567890ABCDE", "Caller", "+14158675309", "Digits", "1234", "From", "+14158675309", "To", "+18005551212")
}

// The vectors are those of Twilio's documentation and of its published
// libraries for Go, Node.js and Python.
func TestTwilioVectors(t *testing.T) {
	t.Parallel()
	call, target := phoneCall(), "/myapp.php?foo=1&bar=2"
	otherCall := strings.ReplaceAll(call, "5309", "5310")
	bindings := form("MessagingBinding.Address", "+1325xxxxxxx", "MessagingBinding.Address", "+1415xxxxxxx")
	tests := []struct {
		name, public, target, body, signature string
		want                                  error
	}{
		{"the documented form", "https://mycompany.com", target, call, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", nil},
		{"parameters in any order", "https://mycompany.com", target, reversed(call), "RSOYDt4T1cUTdK1PDd93/VVr8B8=", nil},
		{"a port of ours that was not signed", "https://mycompany.com:1234", target, call, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", nil},
		{"a port that was signed and is not ours to see", "https://mycompany.com", target, call, "kvajT1Ptam85bY51eRf/AJRuM3w=", nil},
		{"the https port, signed", "https://mycompany.com:443", target, call, "kvajT1Ptam85bY51eRf/AJRuM3w=", nil},
		{"the http port, signed", "http://mycompany.com", target, call, "0ZXoZLH/DfblKGATFgpif+LLRf4=", nil},
		{"another port, signed", "http://mycompany.com:1234", target, call, "Zmvh+3yNM1Phv2jhDCwEM3q5ebU=", nil},
		{"query as written", "https://mycompany.com", target + "&Body=It's+amazing", call, "dsq4Ehbj6cs+KdTkpF5sSSplOWw=", nil},
		{"user and password left out", "https://user:pass@mycompany.com", target, call, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", nil},
		{"user and password signed", "https://user:pass@mycompany.com", target, call, "CukzLTc1tT5dXEDIHm/tKBanW10=", nil},
		{"user and password that are not ours", "https://mycompany.com", target, call, "CukzLTc1tT5dXEDIHm/tKBanW10=", webhook.ErrInvalid},
		{"repeated parameter", "https://mycompany.com", target, form("Sid", "CA123", "SidAccount", "AC123", "Digits", "5678", "Digits", "1234"), "IK+Dwps556ElfBT0I3Rgjkr1wJU=", nil},
		{"repeated with the same value", "https://mycompany.com", target, form("Sid", "CA123", "SidAccount", "AC123", "Digits", "5678", "Digits", "1234", "Digits", "1234"), "IK+Dwps556ElfBT0I3Rgjkr1wJU=", nil},
		{"repeated, of a binding", "https://mycompany.com", target, bindings, "83O6e2vORAoJHUNzJjDWN1jz+BA=", nil},
		{"repeated, in another order", "https://mycompany.com", target, reversed(bindings), "83O6e2vORAoJHUNzJjDWN1jz+BA=", nil},
		{"by name", "https://mycompany.com", target, call + "&" + form("Reason", "Participant", "ReasonConferenceEnded", "test"), "vOEb5UThFn24KEfnOFLQY2AE5FY=", nil},
		{"by name and value", "https://mycompany.com", target, call + "&" + form("Reason", "Participant", "ReasonConferenceEnded", "test"), "95+Bu0JVPi0r/SsESZCVf0dWAjw=", webhook.ErrInvalid},
		{"a plain form", "https://mycompany.com", target, "property=value&boolean=true", "NBdBDr/T/lgjI+tlgpXjKZQZs/k=", nil},
		{"a body by its hash", "https://mycompany.com", target + "&bodySHA256=" + jsonHash, jsonBody, "a9nBmqA0ju/hNViExpshrM61xv4=", nil},
		{"a body by its hash alone", "https://mycompany.com", "/myapp.php?bodySHA256=" + jsonHash, jsonBody, "y77kIzt2vzLz71DgmJGsen2scGs=", nil},
		{"an empty object by its hash", "https://mycompany.com", target + "&bodySHA256=" + emptyHash, "{}", "Ldidvp12m26NI7eqEvxnEpkd9Hc=", nil},
		{"another body than was hashed", "https://mycompany.com", target + "&bodySHA256=" + jsonHash, jsonBody + " ", "a9nBmqA0ju/hNViExpshrM61xv4=", webhook.ErrInvalid},
		{"another hash than was signed", "https://mycompany.com", target + "&bodySHA256=" + emptyHash, "{}", "a9nBmqA0ju/hNViExpshrM61xv4=", webhook.ErrInvalid},
		{"the worked example", "https://example.com", target, otherCall, "L/OH5YylLD5NRKLltdqwSvS0BnU=", nil},

		{"a slash at the end of ours", "https://mycompany.com/", target, call, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", nil},
		{"a proxy that sends the whole URL", "https://mycompany.com", "http://10.0.0.7" + target, call, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", nil},
		{"another host", "https://mycompany.org", target, call, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", webhook.ErrInvalid},
		{"another path", "https://mycompany.com", "/myapp.php/?foo=1&bar=2", call, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", webhook.ErrInvalid},
		{"another query", "https://mycompany.com", "/myapp.php?bar=2&foo=1", call, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", webhook.ErrInvalid},
		{"a parameter too many", "https://mycompany.com", target, call + "&Extra=", "RSOYDt4T1cUTdK1PDd93/VVr8B8=", webhook.ErrInvalid},
		{"a parameter that cannot be read", "https://mycompany.com", target, call + "&%zz", "RSOYDt4T1cUTdK1PDd93/VVr8B8=", webhook.ErrInvalid},
		{"no signature", "https://mycompany.com", target, call, "", webhook.ErrMissing},
		{"not base64", "https://mycompany.com", target, call, "RSOYDt4T1cUTdK1PDd93/VVr8B8!", webhook.ErrInvalid},
		{"too long", "https://mycompany.com", target, call, "RSOYDt4T1cUTdK1PDd93/VVr8B8=AAAA", webhook.ErrInvalid},
		{"one byte too many", "https://mycompany.com", target, call, "RSOYDt4T1cUTdK1PDd93/VVr8B8A", webhook.ErrInvalid},
		{"other spare bits", "https://mycompany.com", target, call, "RSOYDt4T1cUTdK1PDd93/VVr8B9=", webhook.ErrInvalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			auth := twilioAuth(t, webhook.TwilioConfig{Tokens: []string{twilioToken}, PublicURL: tt.public})
			r := fromTwilio(tt.target, tt.body, tt.signature)
			if got := auth.Verify(r, []byte(tt.body)); got != tt.want {
				t.Errorf("Verify: %v, want %v", got, tt.want)
			}
			if got := auth.Precheck(r.Header); got != nil && got != tt.want {
				t.Errorf("Precheck: %v, where Verify says %v", got, tt.want)
			}
		})
	}
}

func TestTwilioTokensAreRotated(t *testing.T) {
	t.Parallel()
	const signature = "RSOYDt4T1cUTdK1PDd93/VVr8B8="
	for _, tt := range []struct {
		tokens []string
		want   error
	}{
		{[]string{"new", twilioToken}, nil},
		{[]string{twilioToken, "new"}, nil},
		{[]string{"new"}, webhook.ErrInvalid},
		{nil, webhook.ErrInvalid},
	} {
		auth := twilioAuth(t, webhook.TwilioConfig{Tokens: tt.tokens, PublicURL: "https://mycompany.com"})
		r := fromTwilio("/myapp.php?foo=1&bar=2", phoneCall(), signature)
		if got := auth.Verify(r, []byte(phoneCall())); got != tt.want {
			t.Errorf("%q: %v, want %v", tt.tokens, got, tt.want)
		}
		if got := auth.Precheck(r.Header); tt.tokens == nil && got != webhook.ErrInvalid {
			t.Errorf("Precheck without a token: %v", got)
		}
	}
}

func TestTwilioServesOneAccount(t *testing.T) {
	t.Parallel()
	auth := twilioAuth(t, webhook.TwilioConfig{Tokens: []string{twilioToken}, PublicURL: "https://desk.example", AccountSID: "ACours"})
	for body, want := range map[string]error{
		form("AccountSid", "ACours", "Body", "hola"):                                                nil,
		form("AccountSid", "ACours", "AccountSid", "ACours"):                                        nil,
		form("AccountSid", "ACtheirs", "Body", "hola"):                                              webhook.ErrInvalid,
		form("AccountSid", "ACours", "AccountSid", "ACtheirs"):                                      webhook.ErrInvalid,
		form("AccountSid", "", "Body", "hola"):                                                      webhook.ErrInvalid,
		form("Body", "hola"):                                                                        webhook.ErrInvalid,
		form("accountsid", "ACours"):                                                                webhook.ErrInvalid,
		form("AccountSid", "ACours", "Body", "AccountSid", "Extra", "&AccountSid=ACtheirs", "", ""): nil,
	} {
		headers, err := webhook.SignTwilio(twilioToken, "https://desk.example/whatsapp", []byte(body))
		if err != nil {
			t.Fatal(err)
		}
		if got := auth.Verify(fromTwilio("/whatsapp", body, headers[0].Value), []byte(body)); got != want {
			t.Errorf("%s: %v, want %v", body, got, want)
		}
	}
}

func TestTwoSignaturesMustAgree(t *testing.T) {
	t.Parallel()
	auth := twilioAuth(t, webhook.TwilioConfig{Tokens: []string{twilioToken}, PublicURL: "https://mycompany.com"})
	r := fromTwilio("/myapp.php?foo=1&bar=2", phoneCall(), "RSOYDt4T1cUTdK1PDd93/VVr8B8=")
	r.Header.Add("X-Twilio-Signature", "kvajT1Ptam85bY51eRf/AJRuM3w=")
	if err := auth.Verify(r, []byte(phoneCall())); err != webhook.ErrInvalid {
		t.Errorf("%v", err)
	}
}

func TestNewTwilioAuthRefuses(t *testing.T) {
	t.Parallel()
	for _, cfg := range []webhook.TwilioConfig{
		{Tokens: []string{twilioToken}},
		{Tokens: []string{twilioToken, " "}, PublicURL: "https://desk.example"},
		{Tokens: []string{twilioToken}, PublicURL: "desk.example"},
		{Tokens: []string{twilioToken}, PublicURL: "ftp://desk.example"},
		{Tokens: []string{twilioToken}, PublicURL: "https://desk.example/?a=b"},
	} {
		if _, err := webhook.NewTwilioAuth(cfg); err == nil {
			t.Errorf("%+v: no error", cfg)
		} else if strings.Contains(err.Error(), twilioToken) {
			t.Errorf("the error tells a token: %v", err)
		}
	}
}

// Twilio's own library for Go accepts what we sign, and we accept what it does,
// where a parameter is not repeated, which it cannot check.
func TestTwilioGoAgrees(t *testing.T) {
	t.Parallel()
	text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", " ", "ñ", "👩‍👩‍👧 mañana", "a=b&c", "+34", "%20", "it's"}))
	rapid.Check(t, func(t *rapid.T) {
		values := url.Values{}
		for name, value := range rapid.MapOf(rapid.OneOf(rapid.StringMatching(`[A-Za-z0-9.]{1,20}`), rapid.SampledFrom([]string{"Body", "MediaUrl0", "ProfileName"})), text).Draw(t, "form") {
			values.Set(name, value)
		}
		token := rapid.StringMatching(`[0-9a-f]{1,40}`).Draw(t, "token")
		target := rapid.SampledFrom([]string{"/whatsapp", "/whatsapp?a=%C3%A9", "/whatsapp?x=it's&y", "/a%2Fb?", "/whatsapp/"}).Draw(t, "target")
		public := rapid.SampledFrom([]string{"https://desk.example", "https://desk.example:8443", "http://127.0.0.1:8000"}).Draw(t, "public")
		body := values.Encode()
		headers, err := webhook.SignTwilio(token, public+target, []byte(body))
		if err != nil {
			t.Fatal(err)
		}
		theirs := client.NewRequestValidator(token)
		auth, err := webhook.NewTwilioAuth(webhook.TwilioConfig{Tokens: []string{token}, PublicURL: public})
		if err != nil {
			t.Fatal(err)
		}
		for _, signature := range []string{headers[0].Value, "RSOYDt4T1cUTdK1PDd93/VVr8B8="} {
			want := theirs.ValidateBody(public+target, []byte(body), signature)
			got := auth.Verify(fromTwilio(target, body, signature), []byte(body)) == nil
			if got != want {
				t.Errorf("%s with %q: we say %v, twilio-go %v", public+target, body, got, want)
			}
		}
	})
}

func FuzzTwilioVerify(f *testing.F) {
	f.Add("/myapp.php?foo=1&bar=2", phoneCall(), "RSOYDt4T1cUTdK1PDd93/VVr8B8=")
	f.Add("/?bodySHA256=%zz&bodySHA256="+jsonHash, jsonBody, "a9nBmqA0ju/hNViExpshrM61xv4=")
	f.Add("", "a;b=%", "====")
	auth := twilioAuth(f, webhook.TwilioConfig{Tokens: []string{"a token that no fuzzer finds"}, PublicURL: "https://mycompany.com"})
	f.Fuzz(func(t *testing.T, target, body, signature string) {
		r := &http.Request{RequestURI: target, URL: &url.URL{Path: target}, Header: http.Header{"X-Twilio-Signature": {signature}}}
		err := auth.Verify(r, []byte(body))
		if err != webhook.ErrInvalid && err != webhook.ErrMissing {
			t.Errorf("let in: %v", err)
		}
	})
}

func BenchmarkTwilioVerify(b *testing.B) {
	body := form("AccountSid", "AC00000000000000000000000000000000", "Body", "mesa para 4 el sábado a las 9", "From", "whatsapp:+34612345678",
		"MessageSid", "SM00000000000000000000000000000000", "NumMedia", "0", "ProfileName", "Ana", "To", "whatsapp:+14155238886", "WaId", "34612345678")
	headers, err := webhook.SignTwilio(twilioToken, "https://desk.example/whatsapp", []byte(body))
	if err != nil {
		b.Fatal(err)
	}
	auth := twilioAuth(b, webhook.TwilioConfig{Tokens: []string{twilioToken}, PublicURL: "https://desk.example"})
	r := fromTwilio("/whatsapp", "", headers[0].Value)
	raw := []byte(body)
	b.ReportAllocs()
	for b.Loop() {
		if err := auth.Verify(r, raw); err != nil {
			b.Fatal(err)
		}
	}
}
