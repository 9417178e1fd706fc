package retry

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"

	"maitre/booking"
)

// Metrics are the package's metrics.
type Metrics struct {
	replays *prometheus.CounterVec
	breaker *prometheus.GaugeVec
	sent    *prometheus.CounterVec
}

// NewMetrics registers the worker's metrics.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	m := &Metrics{
		replays: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "maitre_replays_total",
			Help: "Attempts to write a journal entry after its first one, by what came of them.",
		}, []string{"outcome"}),
		breaker: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "maitre_breaker_state",
			Help: "0: closed, everybody may call; 1: half-open, a probe is out; 2: open, nobody calls.",
		}, []string{"dependency"}),
	}
	m.sent = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "maitre_messages_total",
		Help: "Messages to guests and staff of which something was done, by kind and by what they came to.",
	}, []string{"kind", "outcome"})
	reg.MustRegister(m.replays, m.breaker, m.sent)
	return m
}

// BreakerChanged returns a hook that sets the gauge of a dependency's breaker.
func (m *Metrics) BreakerChanged(dependency string) func(State) {
	gauge := m.breaker.WithLabelValues(dependency)
	gauge.Set(float64(Closed))
	return func(s State) { gauge.Set(float64(s)) }
}

// ShowProblem registers a gauge of whether a dependency has a problem that a person
// must fix; words describes it, and returns "" if there is none.
func ShowProblem(reg prometheus.Registerer, dependency string, words func() string) {
	reg.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name:        "maitre_dependency_trouble",
		Help:        "1: a dependency is not well, and /readyz says what to do; 0: it is.",
		ConstLabels: prometheus.Labels{"dependency": dependency},
	}, func() float64 {
		if words() != "" {
			return 1
		}
		return 0
	}))
}

// Message counts a message that was handled.
func (m *Metrics) Message(o booking.OutboxMessage) {
	m.sent.WithLabelValues(string(o.Kind), string(o.State)).Inc()
}

// Watched registers gauges of the journal's depth and age.
func (w *Worker) Watched(reg prometheus.Registerer) {
	depth := func(of func(booking.JournalDepth) float64) func() float64 {
		return func() float64 {
			d, err := w.cfg.Journal.Depth(context.Background())
			if err != nil {
				return -1
			}
			return of(d)
		}
	}
	entries := func(state booking.EntryState, of func(booking.JournalDepth) float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "maitre_journal_entries", Help: "Journal entries: bookings that are not in the system of record yet.",
			ConstLabels: prometheus.Labels{"state": string(state)},
		}, depth(of))
	}
	reg.MustRegister(
		entries(booking.EntryPending, func(d booking.JournalDepth) float64 { return float64(d.Pending) }),
		entries(booking.EntryParked, func(d booking.JournalDepth) float64 { return float64(d.Parked) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "maitre_journal_oldest_seconds", Help: "How long the oldest pending entry has waited.",
		}, depth(func(d booking.JournalDepth) float64 {
			if d.Oldest.IsZero() {
				return 0
			}
			return max(0, w.cfg.Clock.Now().Sub(d.Oldest).Seconds())
		})),
	)
}

func (m *Metrics) attempted(e booking.JournalEntry, t *booking.RecordError) {
	if m == nil || e.Tried == 0 {
		return
	}
	outcome := "written"
	if t != nil {
		outcome = string(t.Kind)
	}
	m.replays.WithLabelValues(outcome).Inc()
}
