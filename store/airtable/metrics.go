package airtable

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

type metrics struct {
	requests *prometheus.CounterVec
	seconds  prometheus.Histogram
}

// newMetrics registers the metrics on reg; it panics when they are there already.
func newMetrics(reg prometheus.Registerer) *metrics {
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "maitre_airtable_requests_total",
			Help: "Requests sent to Airtable, by what was asked and by what came of it.",
		}, []string{"operation", "outcome"}),
		seconds: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name:    "maitre_airtable_request_seconds",
			Help:    "Time from sending a request to Airtable to the end of its answer, without the wait for its turn.",
			Buckets: []float64{.025, .05, .1, .2, .3, .5, .75, 1, 2, 5, 10, 30},
		}),
	}
	if reg != nil {
		reg.MustRegister(m.requests, m.seconds)
	}
	return m
}

// observe counts a request that was sent: by its error's kind, or as "ok".
func (m *metrics) observe(op Operation, err *Error, took time.Duration) {
	outcome := "ok"
	if err != nil {
		outcome = string(err.Kind)
	}
	m.requests.WithLabelValues(string(op), outcome).Inc()
	m.seconds.Observe(took.Seconds())
}
