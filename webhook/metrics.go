package webhook

import "github.com/prometheus/client_golang/prometheus"

// Outcome is what became of a webhook request.
type Outcome string

// The outcomes. Each request has exactly one.
const (
	Accepted         Outcome = "accepted"
	MissingSignature Outcome = "missing_signature"
	InvalidSignature Outcome = "invalid_signature"
	Stale            Outcome = "stale"        // rightly signed, too long ago
	TooLarge         Outcome = "too_large"    // the body is over the limit
	RateLimited      Outcome = "rate_limited" // refused too often, or no memory for its body now
	Malformed        Outcome = "malformed"    // answered 400: the body is not what the source sends
)

var outcomes = [...]Outcome{Accepted, MissingSignature, InvalidSignature, Stale, TooLarge, RateLimited, Malformed}

// Metrics counts webhook requests as maitre_webhook_requests_total{source,outcome}.
type Metrics struct {
	requests *prometheus.CounterVec
}

// NewMetrics registers the counter on reg; nil counts without showing. It
// panics when the counter is registered there already.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	m := &Metrics{requests: prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "maitre_webhook_requests_total",
		Help: "Webhook requests by source and by what became of them.",
	}, []string{"source", "outcome"})}
	if reg != nil {
		reg.MustRegister(m.requests)
	}
	return m
}

// source returns a source's counters, all of them made, so that each shows as
// zero before it first happens.
func (m *Metrics) source(name string) map[Outcome]prometheus.Counter {
	counters := make(map[Outcome]prometheus.Counter, len(outcomes))
	for _, outcome := range outcomes {
		counters[outcome] = m.requests.WithLabelValues(name, string(outcome))
	}
	return counters
}
