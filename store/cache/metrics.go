package cache

import (
	"errors"
	"sync"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics counts requests, invalidations and entries.
type metrics struct {
	requests      *prometheus.CounterVec
	invalidations *prometheus.CounterVec

	mu    sync.Mutex
	kinds map[string]*results
}

// results are one kind's counters, looked up once and not with every hit. Each
// Get is one of hit, stale, miss and failed, unless its caller gave up or the
// cache was closed; refresh counts the fills begun in the background.
type results struct {
	hit, stale, miss, failed, refresh prometheus.Counter
}

func newMetrics(reg prometheus.Registerer, count *atomic.Int64) (*metrics, error) {
	m := &metrics{
		kinds: make(map[string]*results),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "maitre_cache_requests_total",
			Help: "Answers by kind and by how they came about: hit; stale (past its freshness, served at once); miss (waited for a fill); error. refresh counts fills in the background.",
		}, []string{"kind", "result"}),
		invalidations: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "maitre_cache_invalidations_total",
			Help: "Tags invalidated, by their kind.",
		}, []string{"tag_kind"}),
	}
	if reg == nil {
		return m, nil
	}
	entries := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "maitre_cache_entries",
		Help: "Entries in the cache.",
	}, func() float64 { return float64(count.Load()) })
	return m, errors.Join(reg.Register(m.requests), reg.Register(m.invalidations), reg.Register(entries))
}

func (m *metrics) kind(name string) *results {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.kinds[name]
	if r == nil {
		r = &results{
			hit:     m.requests.WithLabelValues(name, "hit"),
			stale:   m.requests.WithLabelValues(name, "stale"),
			miss:    m.requests.WithLabelValues(name, "miss"),
			failed:  m.requests.WithLabelValues(name, "error"),
			refresh: m.requests.WithLabelValues(name, "refresh"),
		}
		m.kinds[name] = r
	}
	return r
}

func (m *metrics) invalidated(tag Tag) {
	m.invalidations.WithLabelValues(tag.Kind()).Inc()
}
