package cache

import (
	"errors"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics counts requests, invalidations and entries.
type metrics struct {
	requests      *prometheus.CounterVec
	invalidations *prometheus.CounterVec

	mu    sync.Mutex
	kinds map[string]*kindMetrics
}

// kindMetrics are one kind's counters, looked up once and not with every hit. Each
// Get is one of hit, miss and failed, unless its caller gave up or the cache was
// closed before it could wait.
type kindMetrics struct {
	hit, miss, failed prometheus.Counter
}

func newMetrics(reg prometheus.Registerer, entries func() int) (*metrics, error) {
	m := &metrics{
		kinds: make(map[string]*kindMetrics),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "maitre_cache_requests_total",
			Help: "Answers by kind and by how they came about: hit; miss (waited for a fill); error.",
		}, []string{"kind", "result"}),
		invalidations: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "maitre_cache_invalidations_total",
			Help: "Tags invalidated, by their kind.",
		}, []string{"tag_kind"}),
	}
	if reg == nil {
		return m, nil
	}
	gauge := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "maitre_cache_entries",
		Help: "Entries in the cache.",
	}, func() float64 { return float64(entries()) })
	return m, errors.Join(reg.Register(m.requests), reg.Register(m.invalidations), reg.Register(gauge))
}

func (m *metrics) kind(name string) *kindMetrics {
	m.mu.Lock()
	defer m.mu.Unlock()
	k := m.kinds[name]
	if k == nil {
		k = &kindMetrics{
			hit:    m.requests.WithLabelValues(name, "hit"),
			miss:   m.requests.WithLabelValues(name, "miss"),
			failed: m.requests.WithLabelValues(name, "error"),
		}
		m.kinds[name] = k
	}
	return k
}
