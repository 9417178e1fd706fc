package airtable

import (
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// outcomeOK labels a request that was answered with what was asked for. The
// other outcomes are the kinds of error.
const outcomeOK = "ok"

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

func (m *metrics) observe(op Operation, err error, took time.Duration) {
	outcome := outcomeOK
	if e := (*Error)(nil); errors.As(err, &e) {
		outcome = string(e.Kind)
	}
	m.requests.WithLabelValues(string(op), outcome).Inc()
	m.seconds.Observe(took.Seconds())
}
