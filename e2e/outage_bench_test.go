package e2e

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"maitre/store/airtable/airtabletest"
)

// BenchmarkBookingInAnOutage measures how long a guest on the phone waits while
// Airtable is well, slow, refusing or hanging, and once the breaker is open, with
// eight guests at a time and REPLY_BUDGET at its default of a second: the built
// binary, over HTTP. The figure is of the whole call.
func BenchmarkBookingInAnOutage(b *testing.B) {
	for _, c := range []struct {
		name  string
		fault *airtabletest.Fault
		open  bool // the breaker is, before it is measured
	}{
		{"well", nil, false},
		{"3 s a request", &airtabletest.Fault{Latency: airtabletest.Duration(3 * time.Second)}, false},
		{"refusing", &airtabletest.Fault{Status: 503}, false},
		{"hanging", &airtabletest.Fault{Hang: true}, false},
		{"breaker open", &airtabletest.Fault{Status: 503}, true},
	} {
		b.Run("airtable/"+c.name, func(b *testing.B) {
			p := start(b, "REPLY_BUDGET=1s", "RETRY_TICK=5s")
			if !p.log.waitFor("all days were read") {
				b.Fatal("the base was not read")
			}
			if c.fault != nil {
				base(b, p.dir, p.env).Inject(*c.fault)
			}
			if c.open {
				for n := range 4 {
					p.ask(outageCall(1000 + n))
				}
			}
			var took []time.Duration
			calls := 160
			if testing.Short() { // whether it works, not how fast
				calls = 8
			}
			for b.Loop() {
				took = p.measure(calls, 8)
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
			p.kill()
		})
	}
}

// outageCall is the booking of one of many guests.
func outageCall(n int) call {
	return call{ID: fmt.Sprint("call", n), Tool: "t1", From: fmt.Sprintf("+346%08d", n), Name: "create_reservation", Args: map[string]any{
		"date": fmt.Sprintf("2026-12-%02d", 9+n%14), "time": fmt.Sprintf("%d:%02d", 13+n/14%2, 15*(n/28%4)), "pax": 2, "customer_name": "Ana"}}
}

// measure has guests book, some at a time, and returns how long each call took.
func (p *program) measure(calls, abreast int) []time.Duration {
	var mu sync.Mutex
	var took []time.Duration
	next := make(chan int)
	var guests sync.WaitGroup
	for range abreast {
		guests.Go(func() {
			for n := range next {
				body := outageCall(n).body()
				header := sealed(body)
				began := time.Now()
				status, _, got, err := p.do("POST", "/vapi", header, body)
				if err != nil || status != 200 {
					p.t.Errorf("%d %s %v", status, got, err)
				}
				mu.Lock()
				took = append(took, time.Since(began))
				mu.Unlock()
			}
		})
	}
	for n := range calls {
		next <- n
	}
	close(next)
	guests.Wait()
	return took
}
