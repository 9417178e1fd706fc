package web_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"maitre/web"
)

func TestStaffAPITakesNothingButTheToken(t *testing.T) {
	t.Parallel()
	s := open(t)
	closed := open(t, func(c *web.Config) { c.AdminToken = "" })
	tests := map[string]struct {
		site   *site
		header string
		status int
	}{
		"the token":                      {s, "Bearer " + adminToken, 200},
		"scheme in lower case":           {s, "bearer " + adminToken, 200},
		"no header":                      {s, "", 401},
		"another token":                  {s, "Bearer x" + adminToken[1:], 401},
		"the token and more":             {s, "Bearer " + adminToken + "x", 401},
		"part of the token":              {s, "Bearer " + adminToken[:5], 401},
		"no token":                       {s, "Bearer ", 401},
		"no scheme":                      {s, adminToken, 401},
		"another scheme":                 {s, "Basic " + adminToken, 401},
		"none set: no header":            {closed, "", 401},
		"none set: empty token":          {closed, "Bearer ", 401},
		"none set: the scheme by itself": {closed, "Bearer", 401},
		"none set: any token":            {closed, "Bearer " + adminToken, 401},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := tt.site.ask(t, "GET", "/admin/api/bookings", "Authorization", tt.header)
			if got.status != tt.status {
				t.Errorf("status %d, want %d", got.status, tt.status)
			}
		})
	}
}

// An empty token must not match an unset one. Over the wire net/http trims the header, so this asks the handler itself.
func TestStaffAPIWithoutATokenIsClosedToTheEmptyOne(t *testing.T) {
	t.Parallel()
	s := open(t, func(c *web.Config) { c.AdminToken = "" })
	r := httptest.NewRequest(http.MethodGet, "/admin/api/bookings", http.NoBody)
	r.Header.Set("Authorization", "Bearer ")
	w := httptest.NewRecorder()
	s.Config.Handler.ServeHTTP(w, r)
	if w.Code != http.StatusUnauthorized {
		t.Errorf("status %d, want 401", w.Code)
	}
}

// Loopback is not enough where a token is set, nor where a proxy on this machine asks for somebody else.
func TestMetricsWithoutATokenAreForThisMachineOnly(t *testing.T) {
	t.Parallel()
	open := open(t, func(c *web.Config) { c.AdminToken = "" }).Config.Handler
	tests := map[string]struct {
		remote string
		header string
		status int
	}{
		"this machine":             {"127.0.0.1:5000", "", 200},
		"this machine, IPv6":       {"[::1]:5000", "", 200},
		"this machine, both":       {"[::ffff:127.0.0.1]:5000", "", 200},
		"another machine":          {"192.0.2.7:5000", "", 401},
		"no address":               {"", "", 401},
		"a socket":                 {"@", "", 401},
		"proxy: X-Forwarded-For":   {"127.0.0.1:5000", "X-Forwarded-For", 401},
		"proxy: Fly-Client-IP":     {"127.0.0.1:5000", "Fly-Client-IP", 401},
		"proxy: Forwarded":         {"127.0.0.1:5000", "Forwarded", 401},
		"proxy: Via":               {"127.0.0.1:5000", "Via", 401},
		"proxy: X-Real-IP":         {"127.0.0.1:5000", "X-Real-IP", 401},
		"another, says it is here": {"192.0.2.7:5000", "X-Forwarded-For", 401},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(http.MethodGet, "/metrics", http.NoBody)
			r.RemoteAddr = tt.remote
			if tt.header != "" {
				r.Header.Set(tt.header, "127.0.0.1")
			}
			w := httptest.NewRecorder()
			open.ServeHTTP(w, r)
			if w.Code != tt.status {
				t.Errorf("status %d, want %d", w.Code, tt.status)
			}
		})
	}
}

func TestClientIPBelievesOnlyOurOwnProxies(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		onFly          bool
		remote, header string
		want           string
		forwarded      []string
	}{
		"connection":               {false, "192.0.2.7:1", "", "192.0.2.7", nil},
		"claimed off Fly":          {false, "192.0.2.7:1", "198.51.100.1", "192.0.2.7", nil},
		"vouched for on Fly":       {true, "172.16.0.1:1", "198.51.100.1", "198.51.100.1", nil},
		"mapped":                   {true, "172.16.0.1:1", "::ffff:198.51.100.1", "198.51.100.1", nil},
		"nonsense on Fly":          {true, "172.16.0.1:1", "nonsense", "172.16.0.1", nil},
		"nothing said on Fly":      {true, "172.16.0.1:1", "", "172.16.0.1", nil},
		"IPv6 with zone":           {false, "[fe80::1%eth0]:1", "", "fe80::1%eth0", nil},
		"a proxy here":             {false, "127.0.0.1:1", "", "198.51.100.1", []string{"203.0.113.1, 198.51.100.1"}},
		"two proxies here":         {false, "[::1]:1", "", "198.51.100.2", []string{"203.0.113.1", "198.51.100.1,198.51.100.2"}},
		"a proxy here says nobody": {false, "127.0.0.1:1", "", "127.0.0.1", []string{"unknown"}},
		"claimed from elsewhere":   {false, "192.0.2.7:1", "", "192.0.2.7", []string{"198.51.100.1"}},
		"claimed on Fly":           {true, "172.16.0.1:1", "198.51.100.1", "198.51.100.1", []string{"203.0.113.1"}},
		"connection that says not": {false, "pipe", "", "invalid IP", nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
			r.RemoteAddr = tt.remote
			r.Header.Set("Fly-Client-IP", tt.header)
			r.Header["X-Forwarded-For"] = tt.forwarded
			if got := web.ClientIP(r, tt.onFly).String(); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}
