package web

import (
	"net/http"
	"runtime"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"maitre/booking"
)

// Metrics are those of the whole process: HTTP, bookings, the build. Packages with
// metrics of their own register them at the same registry.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	bookings *prometheus.CounterVec
}

// NewMetrics registers the metrics, with Go's and the process's own. It panics
// when reg has some of them already. Version and commit label maitre_build_info.
func NewMetrics(reg *prometheus.Registry, version, commit string) *Metrics {
	m := &Metrics{
		registry: reg,
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "maitre_http_request_duration_seconds",
			Help:    "Time to answer an HTTP request, by the pattern of its route.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"route", "method", "code"}),
		bookings: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "maitre_bookings_total",
			Help: "Requests for a table, by the channel they came through and what became of them.",
		}, []string{"channel", "outcome"}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "maitre_build_info",
		Help: "Always 1; the labels say what is running.",
		ConstLabels: prometheus.Labels{
			"version": version, "commit": commit, "go_version": runtime.Version(),
		},
	})
	build.Set(1)
	reg.MustRegister(m.requests, m.bookings, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Booking counts one request for a table. Outcome is one of a small fixed set,
// such as "booked" or a [booking.Reason]; never a guest's words.
func (m *Metrics) Booking(channel booking.Channel, outcome string) {
	m.bookings.WithLabelValues(string(channel), outcome).Inc()
}

// handler serves the registry as Prometheus reads it.
func (m *Metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		Registry:            m.registry,
		MaxRequestsInFlight: 4,
		Timeout:             10 * time.Second,
		EnableOpenMetrics:   true,
	})
}

func (m *Metrics) timings(route, method string) *timings {
	return &timings{requests: m.requests, route: route, method: method}
}

// timings observes one route and method. Looking an observer up by its labels
// hashes three strings and takes a lock; here each code pays that once.
type timings struct {
	requests      *prometheus.HistogramVec
	route, method string
	byCode        [500]atomic.Pointer[prometheus.Observer] // from 100 on
}

func (t *timings) observe(code int, took time.Duration) {
	slot := &t.byCode[min(max(code, 100), 599)-100]
	observer := slot.Load()
	if observer == nil {
		o := t.requests.WithLabelValues(t.route, t.method, strconv.Itoa(code))
		observer = &o
		slot.Store(observer)
	}
	(*observer).Observe(took.Seconds())
}
