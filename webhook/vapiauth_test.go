package webhook_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"maitre/webhook"
)

// The vectors were made with openssl.
const (
	vectorSecret = "test-secret"
	vectorBody   = `{"message":{"type":"tool-calls","toolCallList":[]}}`
	vectorStamp  = "1788247410457"
	bodyMAC      = "aa8d86d1c17a7512f375a2760403aa06d8800097ac1bb7556de045dc5db544be"
	stampedMAC   = "73f4a4d09bf7c75593ccd5126228e4e5aa2aeb6150c751dd0ffad0aba41d7de2"
)

var vectorNow = time.UnixMilli(1788247410457)

func newAuth(tb testing.TB, cfg webhook.VAPIConfig) *webhook.VAPIAuth {
	tb.Helper()
	if cfg.Now == nil {
		cfg.Now = func() time.Time { return vectorNow }
	}
	auth, err := webhook.NewVAPIAuth(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	return auth
}

// headers makes a header of name, value, name, value, …
func headers(pairs ...string) http.Header {
	h := http.Header{}
	for pair := range slices.Chunk(pairs, 2) {
		h.Add(pair[0], pair[1])
	}
	return h
}

// macOf is written apart from the code under test.
func macOf(secret, payload string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(payload))
	return hex.EncodeToString(mac.Sum(nil))
}

func TestVAPIHMAC(t *testing.T) {
	t.Parallel()
	at := func(d time.Duration) string { return strconv.FormatInt(vectorNow.Add(d).UnixMilli(), 10) }
	stamped := func(stamp string) http.Header {
		return headers("X-Vapi-Signature", macOf(vectorSecret, stamp+"."+vectorBody), "X-Vapi-Timestamp", stamp)
	}
	seconds := strconv.FormatInt(vectorNow.Unix(), 10)
	const skew = 5 * time.Minute

	tests := []struct {
		name   string
		header http.Header
		want   error
	}{
		{"the vector over the body", headers("X-Vapi-Signature", bodyMAC), nil},
		{"the vector over timestamp and body", headers("X-Vapi-Signature", stampedMAC, "X-Vapi-Timestamp", vectorStamp), nil},
		{"VAPI's default header names", headers("X-Signature", stampedMAC, "X-Timestamp", vectorStamp), nil},
		{"header names mixed", headers("X-Vapi-Signature", stampedMAC, "X-Timestamp", vectorStamp), nil},
		{"upper-case hex", headers("X-Vapi-Signature", strings.ToUpper(bodyMAC)), nil},
		{"prefix", headers("X-Vapi-Signature", "sha256="+bodyMAC), nil},
		{"timestamp in seconds", stamped(seconds), nil},
		{"signature twice, agreeing", headers("X-Vapi-Signature", bodyMAC, "X-Signature", bodyMAC), nil},
		{"just in time", stamped(at(-skew)), nil},
		{"just not too early", stamped(at(skew)), nil},

		{"nothing", headers(), webhook.ErrMissing},
		{"empty signature", headers("X-Vapi-Signature", ""), webhook.ErrMissing},
		{"timestamp only", headers("X-Vapi-Timestamp", vectorStamp), webhook.ErrMissing},
		{"another mode's header", headers("X-Vapi-Secret", vectorSecret), webhook.ErrMissing},
		{"bearer token in hmac mode", headers("Authorization", "Bearer "+vectorSecret), webhook.ErrMissing},

		{"prefix and nothing", headers("X-Vapi-Signature", "sha256="), webhook.ErrInvalid},
		{"prefix twice", headers("X-Vapi-Signature", "sha256=sha256="+bodyMAC), webhook.ErrInvalid},
		{"the secret as signature", headers("X-Vapi-Signature", vectorSecret), webhook.ErrInvalid},
		{"shortened", headers("X-Vapi-Signature", bodyMAC[:62]), webhook.ErrInvalid},
		{"lengthened", headers("X-Vapi-Signature", bodyMAC+"00"), webhook.ErrInvalid},
		{"not hex", headers("X-Vapi-Signature", "zz"+bodyMAC[2:]), webhook.ErrInvalid},
		{"base64", headers("X-Vapi-Signature", "qo2G0cF6dRLzdaJ2BAOqBtiAAJesG7dVbeBF3F21RL4="), webhook.ErrInvalid},
		{"one bit off", headers("X-Vapi-Signature", bodyMAC[:63]+"f"), webhook.ErrInvalid},
		{"another secret", headers("X-Vapi-Signature", macOf("other", vectorBody)), webhook.ErrInvalid},
		{"the empty secret", headers("X-Vapi-Signature", macOf("", vectorBody)), webhook.ErrInvalid},
		{"signatures that differ", headers("X-Vapi-Signature", bodyMAC, "X-Signature", stampedMAC), webhook.ErrInvalid},
		{"signatures that differ, right one last", headers("X-Vapi-Signature", stampedMAC, "X-Vapi-Signature", bodyMAC), webhook.ErrInvalid},
		{"empty beside right", headers("X-Vapi-Signature", "", "X-Signature", bodyMAC), webhook.ErrInvalid},
		{"right beside empty", headers("X-Vapi-Signature", bodyMAC, "X-Signature", ""), webhook.ErrInvalid},
		{"timestamps that differ", headers("X-Vapi-Signature", stampedMAC, "X-Vapi-Timestamp", vectorStamp, "X-Timestamp", seconds), webhook.ErrInvalid},

		{"timestamp left out", headers("X-Vapi-Signature", stampedMAC), webhook.ErrInvalid},
		{"timestamp added", headers("X-Vapi-Signature", bodyMAC, "X-Vapi-Timestamp", vectorStamp), webhook.ErrInvalid},
		{"timestamp changed", headers("X-Vapi-Signature", stampedMAC, "X-Vapi-Timestamp", at(time.Millisecond)), webhook.ErrInvalid},
		{"timestamp rewritten with the same value", headers("X-Vapi-Signature", stampedMAC, "X-Vapi-Timestamp", "0"+vectorStamp), webhook.ErrInvalid},
		{"empty timestamp, body signed", headers("X-Vapi-Signature", bodyMAC, "X-Vapi-Timestamp", ""), webhook.ErrInvalid},
		{"empty timestamp, signed as such", stamped(""), webhook.ErrInvalid},
		{"timestamp no number", stamped("now"), webhook.ErrInvalid},
		{"timestamp RFC 3339", stamped(vectorNow.Format(time.RFC3339)), webhook.ErrInvalid},
		{"timestamp negative", stamped("-" + vectorStamp), webhook.ErrInvalid},
		{"timestamp with a fraction", stamped(seconds + ".5"), webhook.ErrInvalid},
		{"timestamp past all clocks", stamped("99999999999999999999"), webhook.ErrInvalid},
		{"timestamp in other digits", stamped("١٧٨٨٢٤٧٤١٠"), webhook.ErrInvalid},

		{"too late", stamped(at(-skew - time.Millisecond)), webhook.ErrStale},
		{"too early", stamped(at(skew + time.Millisecond)), webhook.ErrStale},
		{"too late in seconds", stamped(strconv.FormatInt(vectorNow.Add(-skew-time.Second).Unix(), 10)), webhook.ErrStale},
		{"the epoch", stamped("0"), webhook.ErrStale},
		{"the end of time", stamped("9999999999999999"), webhook.ErrStale},
		{"too late and unsigned", headers("X-Vapi-Signature", stampedMAC, "X-Vapi-Timestamp", at(-time.Hour)), webhook.ErrInvalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			auth := newAuth(t, webhook.VAPIConfig{Mode: webhook.ModeHMAC, Secrets: []string{vectorSecret}})
			if got := auth.Verify(sent(tt.header), []byte(vectorBody)); got != tt.want {
				t.Errorf("Verify = %v, want %v", got, tt.want)
			}
			if got := auth.Precheck(tt.header); got != nil && got != tt.want {
				t.Errorf("Precheck = %v, but Verify would say %v", got, tt.want)
			}
			if got := auth.Precheck(tt.header); tt.want == webhook.ErrMissing && got != tt.want {
				t.Errorf("Precheck = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestVAPIHMACSignsEveryByte(t *testing.T) {
	t.Parallel()
	auth := newAuth(t, webhook.VAPIConfig{Mode: webhook.ModeHMAC, Secrets: []string{vectorSecret}})
	header := headers("X-Vapi-Signature", stampedMAC, "X-Vapi-Timestamp", vectorStamp)
	for i := range len(vectorBody) {
		body := []byte(vectorBody)
		body[i] ^= 1
		if err := auth.Verify(sent(header), body); err != webhook.ErrInvalid {
			t.Errorf("byte %d changed: %v", i, err)
		}
	}
	if err := auth.Verify(sent(header), []byte(vectorBody+"\n")); err != webhook.ErrInvalid {
		t.Errorf("line feed added: %v", err)
	}
}

// Whoever has seen a timestamped request holds a right MAC over "timestamp.body",
// which must not pass as the signature of a body of just these bytes.
func TestVAPITimestampCannotMoveIntoTheBody(t *testing.T) {
	t.Parallel()
	auth := newAuth(t, webhook.VAPIConfig{Mode: webhook.ModeHMAC, Secrets: []string{vectorSecret}})
	err := auth.Verify(sent(headers("X-Vapi-Signature", stampedMAC)), []byte(vectorStamp+"."+vectorBody))
	if err != webhook.ErrInvalid {
		t.Errorf("Verify = %v, want %v", err, webhook.ErrInvalid)
	}
}

func TestVAPIRequireTimestamp(t *testing.T) {
	t.Parallel()
	auth := newAuth(t, webhook.VAPIConfig{Mode: webhook.ModeHMAC, Secrets: []string{vectorSecret}, RequireTimestamp: true})
	if err := auth.Verify(sent(headers("X-Vapi-Signature", bodyMAC)), []byte(vectorBody)); err != webhook.ErrInvalid {
		t.Errorf("body signed alone: %v", err)
	}
	if err := auth.Verify(sent(headers("X-Vapi-Signature", stampedMAC, "X-Vapi-Timestamp", vectorStamp)), []byte(vectorBody)); err != nil {
		t.Errorf("timestamped: %v", err)
	}
}

func TestVAPIShownSecret(t *testing.T) {
	t.Parallel()
	const s = vectorSecret
	tests := []struct {
		name, mode string
		header     http.Header
		want       error
	}{
		{"the secret", "header", headers("X-Vapi-Secret", s), nil},
		{"the secret twice", "header", headers("X-Vapi-Secret", s, "X-Vapi-Secret", s), nil},
		{"none", "header", headers(), webhook.ErrMissing},
		{"empty", "header", headers("X-Vapi-Secret", ""), webhook.ErrMissing},
		{"another", "header", headers("X-Vapi-Secret", "other"), webhook.ErrInvalid},
		{"shorter", "header", headers("X-Vapi-Secret", s[:4]), webhook.ErrInvalid},
		{"longer", "header", headers("X-Vapi-Secret", s+s), webhook.ErrInvalid},
		{"in upper case", "header", headers("X-Vapi-Secret", strings.ToUpper(s)), webhook.ErrInvalid},
		{"two that differ", "header", headers("X-Vapi-Secret", s, "X-Vapi-Secret", "other"), webhook.ErrInvalid},
		{"bearer in header mode", "header", headers("Authorization", "Bearer "+s), webhook.ErrMissing},
		{"right MAC in header mode", "header", headers("X-Vapi-Signature", bodyMAC), webhook.ErrMissing},

		{"the token", "bearer", headers("Authorization", "Bearer "+s), nil},
		{"scheme in lower case", "bearer", headers("Authorization", "bearer "+s), nil},
		{"none", "bearer", headers(), webhook.ErrMissing},
		{"empty", "bearer", headers("Authorization", ""), webhook.ErrMissing},
		{"scheme alone", "bearer", headers("Authorization", "Bearer"), webhook.ErrInvalid},
		{"scheme and space", "bearer", headers("Authorization", "Bearer "), webhook.ErrInvalid},
		{"without scheme", "bearer", headers("Authorization", s), webhook.ErrInvalid},
		{"another scheme", "bearer", headers("Authorization", "Basic "+s), webhook.ErrInvalid},
		{"another", "bearer", headers("Authorization", "Bearer other"), webhook.ErrInvalid},
		{"two that differ", "bearer", headers("Authorization", "Bearer "+s, "Authorization", "Bearer other"), webhook.ErrInvalid},
		{"header in bearer mode", "bearer", headers("X-Vapi-Secret", s), webhook.ErrMissing},
		{"right MAC in bearer mode", "bearer", headers("X-Vapi-Signature", bodyMAC), webhook.ErrMissing},
	}
	for _, tt := range tests {
		t.Run(tt.mode+"/"+tt.name, func(t *testing.T) {
			t.Parallel()
			auth := newAuth(t, webhook.VAPIConfig{Mode: tt.mode, Secrets: []string{s}})
			if got := auth.Precheck(tt.header); got != tt.want {
				t.Errorf("Precheck = %v, want %v", got, tt.want)
			}
			if got := auth.Verify(sent(tt.header), []byte(vectorBody)); got != tt.want {
				t.Errorf("Verify = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestVAPIAcceptsEverySecret(t *testing.T) {
	t.Parallel()
	secrets := []string{"current", "previous", "the one before, which is longer"}
	for _, mode := range []string{webhook.ModeHMAC, webhook.ModeHeader, webhook.ModeBearer} {
		auth := newAuth(t, webhook.VAPIConfig{Mode: mode, Secrets: secrets})
		for _, secret := range append(secrets, "current,previous", "unknown") {
			header := headers()
			for _, h := range webhook.SignVAPI(mode, secret, []byte(vectorBody), vectorNow) {
				header.Add(h.Name, h.Value)
			}
			err := auth.Verify(sent(header), []byte(vectorBody))
			if known := slices.Contains(secrets, secret); known != (err == nil) {
				t.Errorf("%s mode, secret %q: %v", mode, secret, err)
			}
		}
	}
}

func TestVAPIWithoutSecretsLetsNobodyIn(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{webhook.ModeHMAC, webhook.ModeHeader, webhook.ModeBearer} {
		auth := newAuth(t, webhook.VAPIConfig{Mode: mode})
		if err := auth.Verify(sent(headers()), nil); err != webhook.ErrMissing {
			t.Errorf("%s mode, nothing shown: %v", mode, err)
		}
		for _, secret := range []string{"", "any"} {
			header := headers()
			for _, h := range webhook.SignVAPI(mode, secret, []byte(vectorBody), vectorNow) {
				header.Add(h.Name, h.Value)
			}
			if err := auth.Verify(sent(header), []byte(vectorBody)); err == nil {
				t.Errorf("%s mode, secret %q passed", mode, secret)
			}
			if err := auth.Precheck(header); err == nil {
				t.Errorf("%s mode, secret %q passed the precheck", mode, secret)
			}
		}
	}
}

func TestNewVAPIAuthRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		cfg  webhook.VAPIConfig
		want string
	}{
		{"an empty secret", webhook.VAPIConfig{Mode: "hmac", Secrets: []string{""}}, "secret 1 of 1 is blank"},
		{"a blank secret among others", webhook.VAPIConfig{Mode: "header", Secrets: []string{"a", " \t"}}, "secret 2 of 2 is blank"},
		{"no mode", webhook.VAPIConfig{Secrets: []string{"a"}}, "mode \"\" is unknown"},
		{"an unknown mode", webhook.VAPIConfig{Mode: "none"}, "use hmac, header or bearer"},
		{"a negative skew", webhook.VAPIConfig{Mode: "hmac", Skew: -1}, "negative"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := webhook.NewVAPIAuth(tt.cfg)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error = %v, want one with %q", err, tt.want)
			}
		})
	}
}

// The hash states are shared between requests; one must not leak into another.
func TestVAPIVerifyConcurrently(t *testing.T) {
	t.Parallel()
	auth := newAuth(t, webhook.VAPIConfig{Mode: webhook.ModeHMAC, Secrets: []string{"old", vectorSecret}})
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			body := strings.Repeat(strconv.Itoa(i), 100*i)
			good := headers("X-Vapi-Signature", macOf(vectorSecret, "x"+body))
			for range 200 {
				if err := auth.Verify(sent(good), []byte("x"+body)); err != nil {
					t.Errorf("right MAC: %v", err)
				}
				if err := auth.Verify(sent(good), []byte("y"+body)); err != webhook.ErrInvalid {
					t.Errorf("wrong MAC: %v", err)
				}
			}
		})
	}
	wg.Wait()
}

func FuzzVAPIVerify(f *testing.F) {
	f.Add("X-Vapi-Signature", bodyMAC, "", "", []byte(vectorBody))
	f.Add("X-Signature", stampedMAC, "X-Timestamp", vectorStamp, []byte(vectorBody))
	f.Add("X-Vapi-Signature", "sha256="+stampedMAC, "X-Vapi-Timestamp", vectorStamp, []byte(vectorBody))
	f.Add("X-Vapi-Signature", stampedMAC, "", "", []byte(vectorStamp+"."+vectorBody))
	f.Add("X-Vapi-Signature", bodyMAC, "X-Signature", bodyMAC, []byte(vectorBody))
	f.Add("X-Vapi-Secret", vectorSecret, "Authorization", "Bearer "+vectorSecret, []byte(nil))
	f.Fuzz(func(t *testing.T, name1, value1, name2, value2 string, body []byte) {
		header := headers(name1, value1, name2, value2)
		auth := newAuth(t, webhook.VAPIConfig{Mode: webhook.ModeHMAC, Secrets: []string{vectorSecret}})
		err := auth.Verify(sent(header), body)
		if early := auth.Precheck(header); early != nil && early != err {
			t.Errorf("Precheck = %v, Verify = %v", early, err)
		}
		if err != nil {
			return
		}
		signature := header.Get("X-Vapi-Signature") + header.Get("X-Signature")
		signature = strings.TrimPrefix(strings.ToLower(signature), "sha256=")[:64]
		payload := string(body)
		if stamp := header.Get("X-Vapi-Timestamp") + header.Get("X-Timestamp"); stamp != "" {
			payload = stamp + "." + payload
		}
		if signature != macOf(vectorSecret, payload) {
			t.Errorf("%v passed with body %q", header, body)
		}
	})
}

func BenchmarkVAPIVerify(b *testing.B) {
	for _, size := range []int{2 << 10, 32 << 10} {
		b.Run(strconv.Itoa(size>>10)+"KiB", func(b *testing.B) {
			body := []byte(strings.Repeat("x", size))
			auth := newAuth(b, webhook.VAPIConfig{Mode: webhook.ModeHMAC, Secrets: []string{vectorSecret}})
			header := headers("X-Vapi-Signature", macOf(vectorSecret, vectorStamp+"."+string(body)), "X-Vapi-Timestamp", vectorStamp)
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				if err := auth.Verify(sent(header), body); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// sent is a request with these headers.
func sent(h http.Header) *http.Request { return &http.Request{Header: h} }
