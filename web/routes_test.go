package web_test

import (
	"strings"
	"testing"
)

const (
	asksForPage = "text/html,application/xhtml+xml,*/*;q=0.8"
	bearer      = "Bearer " + adminToken
)

func TestEveryRouteAnswersAsTheMapSays(t *testing.T) {
	t.Parallel()
	s := open(t)
	const html, js, text = "text/html; charset=utf-8", "application/json; charset=utf-8", "text/plain; charset=utf-8"
	tests := map[string]struct {
		method, path string
		headers      []string
		status       int
		contentType  string
	}{
		"home":                         {"GET", "/", nil, 200, html},
		"home without its body":        {"HEAD", "/", nil, 200, html},
		"home with a query":            {"GET", "/?utm_source=x", nil, 200, html},
		"page that is not there":       {"GET", "/carta", []string{"Accept", asksForPage}, 404, html},
		"page with a slash too many":   {"GET", "/healthz/", nil, 404, js},
		"API that is not there":        {"GET", "/api/nothing", []string{"Accept", asksForPage}, 404, js},
		"staff API that is not there":  {"GET", "/admin/api/nothing", nil, 404, js},
		"unknown path, JSON wanted":    {"GET", "/carta", []string{"Accept", "application/json"}, 404, js},
		"unknown path, posted to":      {"POST", "/carta", nil, 404, js},
		"asset that is not there":      {"GET", "/assets/style.css", nil, 404, html},
		"path that climbs":             {"GET", "/assets/..%2fweb.go", nil, 404, html},
		"webhook":                      {"POST", "/vapi", nil, 200, text},
		"webhook, looked at":           {"GET", "/vapi", nil, 405, js},
		"home, posted to":              {"POST", "/", nil, 405, js},
		"alive":                        {"GET", "/healthz", nil, 200, text},
		"alive, without its body":      {"HEAD", "/healthz", nil, 200, text},
		"ready":                        {"GET", "/readyz", nil, 200, js},
		"asked for options":            {"OPTIONS", "/vapi", nil, 405, js},
		"a method nobody knows":        {"BREW", "/nowhere", nil, 404, js},
		"bookings, by a stranger":      {"GET", "/admin/api/bookings", nil, 401, js},
		"bookings, by the staff":       {"GET", "/admin/api/bookings", []string{"Authorization", bearer}, 200, js},
		"bookings, deleted":            {"DELETE", "/admin/api/bookings", []string{"Authorization", bearer}, 405, js},
		"bookings of a day that isn't": {"GET", "/admin/api/bookings?date=mañana", []string{"Authorization", bearer}, 400, js},
		"metrics, by a stranger":       {"GET", "/metrics", nil, 401, js},
		"metrics, by the staff":        {"GET", "/metrics", []string{"Authorization", bearer}, 200, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := s.ask(t, tt.method, tt.path, tt.headers...)
			if got.status != tt.status {
				t.Errorf("status %d, want %d\n%s", got.status, tt.status, got.body)
			}
			if ct := got.header.Get("Content-Type"); tt.contentType != "" && ct != tt.contentType {
				t.Errorf("content type %q, want %q", ct, tt.contentType)
			}
			if got.header.Get("X-Content-Type-Options") != "nosniff" {
				t.Error("browsers may guess the content type")
			}
			if got.status == 405 && got.header.Get("Allow") == "" {
				t.Error("405 does not say what is allowed")
			}
			if got.status == 401 && got.header.Get("WWW-Authenticate") == "" {
				t.Error("401 does not say how to sign in")
			}
			if tt.method == "HEAD" && got.body != "" {
				t.Error("HEAD has a body")
			}
			if got.status >= 400 && tt.contentType == js {
				if code, message, _ := got.problem(t); code == "" || message == "" {
					t.Errorf("error without code or message: %s", got.body)
				}
			}
		})
	}
}

func TestPagesLetNothingInFromOutside(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, path := range []string{"/", "/nowhere"} {
		got := s.ask(t, "GET", path)
		policy := got.header.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
			if !strings.Contains(policy, part) {
				t.Errorf("%s: policy %q lacks %s", path, policy, part)
			}
		}
		if strings.Contains(policy, "unsafe") || strings.Contains(policy, "script-src") {
			t.Errorf("%s: policy %q lets scripts in", path, policy)
		}
		want := map[string]string{
			"Referrer-Policy": "same-origin", "X-Frame-Options": "DENY", "Strict-Transport-Security": "max-age=31536000",
		}
		for name, value := range want {
			if got.header.Get(name) != value {
				t.Errorf("%s: %s is %q, want %q", path, name, got.header.Get(name), value)
			}
		}
		for _, forbidden := range []string{"<script", "style=", "http-equiv"} {
			if strings.Contains(got.body, forbidden) {
				t.Errorf("%s: the page has %s", path, forbidden)
			}
		}
	}
}

func TestHealthzSaysOK(t *testing.T) {
	t.Parallel()
	if got := open(t).ask(t, "GET", "/healthz"); strings.TrimSpace(got.body) != "ok" {
		t.Errorf("body %q, want ok", got.body)
	}
}
