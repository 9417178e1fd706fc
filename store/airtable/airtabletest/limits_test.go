package airtabletest_test

import (
	"testing"
	"time"

	"maitre/store/airtable/airtabletest"
)

func TestFiveRequestsASecondAndThenThirtySecondsOfNothing(t *testing.T) {
	t.Parallel()
	clock := newClock()
	a := start(t, airtabletest.Options{Clock: clock.Now, RatePerBase: 5})
	const path = "/v0/{base}/Mesas"
	for range 3 {
		for range 5 {
			a.ok("GET", path, "")
		}
		clock.Add(time.Second)
	}
	for range 5 {
		a.ok("GET", path, "")
	}
	clock.Add(999 * time.Millisecond)
	r, err := a.do("GET", path, "")
	if err != nil {
		t.Fatal(err)
	}
	wantJSON(t, r.body, `{"error":{"type":"RATE_LIMIT_REACHED","message":"Rate limit exceeded. Please try again later"}}`)
	if r.status != 429 || r.header.Get("Retry-After") != "" {
		t.Errorf("status %d, Retry-After %q, want 429 and none", r.status, r.header.Get("Retry-After"))
	}
	clock.Add(29*time.Second + 999*time.Millisecond)
	a.refused("GET", "/v0/bases/{base}/webhooks", "", 429, "RATE_LIMIT_REACHED") // the whole base
	a.ok("GET", "/v0/meta/whoami", "")                                           // and nothing but the base
	clock.Add(time.Millisecond)
	a.ok("GET", path, "")
	a.srv.Penalise()
	a.refused("GET", path, "", 429, "RATE_LIMIT_REACHED")
	a.srv.Advance(30 * time.Second)
	a.ok("GET", path, "")
}

func TestFiftyRequestsASecondForAUserOverAllTokens(t *testing.T) {
	t.Parallel()
	clock := newClock()
	a := start(t, airtabletest.Options{Clock: clock.Now, RatePerBase: airtabletest.Unlimited, RatePerUser: 50,
		Tokens: []airtabletest.Token{{Secret: "patA"}, {Secret: "patB"}, {Secret: "patC", User: "usrAnother0000000"}}})
	for i := range 50 {
		a.token = []string{"patA", "patB"}[i%2]
		a.ok("GET", "/v0/meta/whoami", "")
	}
	a.refused("GET", "/v0/meta/whoami", "", 429, "RATE_LIMIT_REACHED")
	a.token = "patC"
	a.ok("GET", "/v0/meta/whoami", "")
}

func TestTheMonthsQuota(t *testing.T) {
	t.Parallel()
	clock := newClock()
	a := start(t, airtabletest.Options{Clock: clock.Now, MonthlyCalls: 2})
	const path = "/v0/{base}/Mesas"
	const spent = "PUBLIC_API_BILLING_LIMIT_EXCEEDED"
	a.ok("GET", path, "")
	a.ok("GET", path, "")
	a.refused("GET", path, "", 429, spent)
	a.ok("GET", "/v0/meta/bases/{base}/tables", "")
	clock.Add(8 * 24 * time.Hour) // December
	a.ok("GET", path, "")
	a.srv.SpendQuota(true)
	a.refused("POST", path, `{"fields":{}}`, 429, spent)
	a.srv.SpendQuota(false)
	a.ok("POST", path, `{"fields":{}}`)
}
