package whatsapp_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"maitre/webhook"
)

// A message end to end in process: signature checked, read, answered, the
// conversation and its answer synced to disk.
func BenchmarkMessage(b *testing.B) {
	for _, bm := range []struct {
		name   string
		inMind bool
	}{{"on disk", false}, {"in memory", true}} {
		b.Run(bm.name, func(b *testing.B) {
			h := open(b)
			if bm.inMind {
				h = inMind(b)
			}
			door := guarded(b, h)
			var requests []*http.Request
			var bodies []string
			for range 4096 {
				r, body := signed(b, form(ana, "mesa para 2 el jueves a las 9 en la terraza"))
				requests, bodies = append(requests, r), append(bodies, body)
			}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				r, body := requests[i%len(requests)], bodies[i%len(bodies)]
				if i >= len(requests) && !bm.inMind { // a repeat would be answered from memory
					b.StopTimer()
					r, body = signed(b, form(ana, "mesa para 2 el jueves a las 9 en la terraza"))
					b.StartTimer()
				}
				r = r.Clone(r.Context())
				r.Body = readCloser{strings.NewReader(body)}
				w := httptest.NewRecorder()
				if door.ServeHTTP(w, r); w.Code != http.StatusOK {
					b.Fatal(w.Code, w.Body)
				}
			}
		})
	}
}

// Many guests at once share the disk's syncs.
func BenchmarkGuests(b *testing.B) {
	h := open(b)
	door := guarded(b, h)
	b.ReportAllocs()
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		from := "+346120" + padded(messages.Add(1))
		for pb.Next() {
			r, body := signed(b, form(from, "mesa para 2 el jueves a las 9 en la terraza"))
			r.Body = readCloser{strings.NewReader(body)}
			w := httptest.NewRecorder()
			if door.ServeHTTP(w, r); w.Code != http.StatusOK {
				b.Error(w.Code, w.Body)
			}
		}
	})
}

func padded(n int64) string {
	s := "00000"
	for i := len(s) - 1; i >= 0; i-- {
		s = s[:i] + string(rune('0'+n%10)) + s[i+1:]
		n /= 10
	}
	return s
}

type readCloser struct{ *strings.Reader }

func (readCloser) Close() error { return nil }

const benchToken, benchURL = "0123456789abcdef0123456789abcdef", "https://desk.example"

func guarded(tb testing.TB, h *fixture) http.Handler {
	tb.Helper()
	auth, err := webhook.NewTwilioAuth(webhook.TwilioConfig{Tokens: []string{benchToken}, PublicURL: benchURL, AccountSID: account})
	if err != nil {
		tb.Fatal(err)
	}
	return webhook.Guard(webhook.GuardConfig{Source: "twilio", Auth: auth}, h.handler.ServeWhatsApp)
}

func signed(tb testing.TB, f url.Values) (*http.Request, string) {
	tb.Helper()
	body := f.Encode()
	headers, err := webhook.SignTwilio(benchToken, benchURL+"/whatsapp", []byte(body))
	if err != nil {
		tb.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/whatsapp", nil)
	r.Header.Set(headers[0].Name, headers[0].Value)
	return r, body
}
