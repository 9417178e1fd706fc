package retry

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"maitre/booking"
)

// QuarantineConfig configures a [Quarantine]. Fields are required unless they say
// otherwise.
type QuarantineConfig struct {
	// Check reads every value of the data file.
	Check func(ctx context.Context) error
	// Values returns the quarantined values, which could not be read, oldest first.
	Values   func(ctx context.Context, limit int) ([]booking.Quarantined, error)
	Outbox   AlertQueue
	Notebook Notebook
	// Word returns the alert to one of the staff: the number of values, and how many
	// of them are bookings whose tables are not known.
	Word func(now time.Time, to booking.Phone, values, bookings int) booking.Message
	// Staff are the phones to alert; may be empty.
	Staff []booking.Phone
	Clock booking.Clock
	// Told, if set, is called after messages were put into the outbox.
	OnQueued func()
	Log      *slog.Logger
}

// Quarantine alerts the staff, once, to values of the data file that could not be
// read and were put aside. What it has reported is on disk.
type Quarantine struct{ cfg QuarantineConfig }

// NewQuarantine returns a Quarantine; Run starts it.
func NewQuarantine(c QuarantineConfig) *Quarantine {
	if c.OnQueued == nil {
		c.OnQueued = func() {}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Quarantine{c}
}

const (
	quarantineName   = "quarantine"
	quarantineFormat = 1
	// MaxQuarantined bounds the quarantined values that are counted and shown.
	MaxQuarantined = 1000
	// quarantineEvery is the time between two checks. Most values are found when the
	// file is opened.
	quarantineEvery = time.Minute
)

// quarantineNotes is what was reported.
type quarantineNotes struct {
	V int `json:"v"`
	// Until is when the last reported value was put aside.
	Until time.Time `json:"until"`
}

// Run has every value read, reports what could not be read, and checks again at
// intervals, until ctx ends.
func (q *Quarantine) Run(ctx context.Context) {
	if err := q.cfg.Check(ctx); err != nil && ctx.Err() == nil {
		q.cfg.Log.Error("read every value of the data file", "error", err)
	}
	ticker := time.NewTicker(quarantineEvery)
	defer ticker.Stop()
	for {
		if err := q.check(ctx); err != nil && ctx.Err() == nil {
			q.cfg.Log.Error("alert the staff to values that could not be read; it is tried again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func (q *Quarantine) check(ctx context.Context) error {
	all, err := q.cfg.Values(ctx, MaxQuarantined)
	if err != nil || len(all) == 0 {
		return err
	}
	var notes quarantineNotes
	if _, err := loadNote(ctx, q.cfg.Notebook, quarantineName, &notes); err != nil {
		return fmt.Errorf("read what was reported to the staff: %w", err)
	}
	values, bookings, until := 0, 0, notes.Until
	for _, one := range all {
		if !one.At.After(notes.Until) || !one.Missed() && !one.Parked() {
			continue
		}
		if values++; one.Missed() && one.Bucket == booking.QuarantinedBooking {
			bookings++
		}
		if one.At.After(until) {
			until = one.At
		}
	}
	if values == 0 {
		return nil
	}
	now := q.cfg.Clock.Now()
	messages := make([]booking.Message, 0, len(q.cfg.Staff))
	for _, phone := range q.cfg.Staff {
		m := q.cfg.Word(now, phone, values, bookings)
		// The same key each time, since the alert is put before that is saved.
		m.Key, m.Urgent = fmt.Sprintf("alert/quarantine/%d/%s", until.UnixNano(), phone), true
		messages = append(messages, m)
	}
	if len(messages) > 0 {
		if _, err := q.cfg.Outbox.Put(ctx, messages...); err != nil {
			return fmt.Errorf("alert the staff: %w", err)
		}
		q.cfg.OnQueued()
	}
	if err := saveNote(ctx, q.cfg.Notebook, quarantineName, quarantineNotes{V: quarantineFormat, Until: until}); err != nil {
		return fmt.Errorf("save what was reported to the staff: %w", err)
	}
	return nil
}

// ShowQuarantine registers a gauge of the quarantined values that are missed, by
// bucket.
func ShowQuarantine(reg prometheus.Registerer, values func(ctx context.Context, limit int) ([]booking.Quarantined, error)) {
	reg.MustRegister(quarantineMetric(values))
}

type quarantineMetric func(ctx context.Context, limit int) ([]booking.Quarantined, error)

var _ prometheus.Collector = quarantineMetric(nil)

// Describe implements [prometheus.Collector] as an unchecked collector.
func (q quarantineMetric) Describe(chan<- *prometheus.Desc) {}

// Collect implements [prometheus.Collector].
func (q quarantineMetric) Collect(out chan<- prometheus.Metric) {
	desc := prometheus.NewDesc("maitre_quarantined_values", "Values of the data file that could not be read and were put aside, until a person has seen to them.", []string{"bucket"}, nil)
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	all, err := q(ctx, MaxQuarantined)
	if err != nil {
		out <- prometheus.NewInvalidMetric(desc, err)
		return
	}
	n := map[string]int{}
	for _, one := range all {
		if n[one.Bucket] += 0; one.Missed() {
			n[one.Bucket]++
		}
	}
	for bucket, n := range n {
		out <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, float64(n), bucket)
	}
}
