package cache

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// The defaults of Options.
const (
	DefaultMaxEntries  = 20_000
	DefaultFresh       = time.Minute
	DefaultKeep        = 24 * time.Hour
	DefaultFillTimeout = 15 * time.Second
	DefaultBackoff     = 5 * time.Second
)

// Options says how a cache behaves. The zero value of each field means its default.
type Options struct {
	// MaxEntries is how many entries are kept. One more makes one go.
	MaxEntries int
	// Fresh is the age up to which an entry is served without asking again.
	Fresh time.Duration
	// Keep is the age up to which an entry is served while it is being
	// refreshed, or because it cannot be. At least Fresh.
	Keep time.Duration
	// FillTimeout ends the context of a fill. Those who wait for the fill are
	// let go then, whether it has returned or not.
	FillTimeout time.Duration
	// Backoff is the least time between a failed refresh of an entry and the
	// next one in the background.
	Backoff time.Duration
	// Now is the clock by which entries age. Defaults to time.Now.
	Now func() time.Time
	// Registerer gets the metrics; nil counts without showing.
	Registerer prometheus.Registerer
	// Log gets failed refreshes, which no caller hears of, and panics of fills.
	// Keys are logged as they are: no phone or secret belongs in one.
	// Nil logs nothing.
	Log *slog.Logger
}

func (o Options) withDefaults() (Options, error) {
	var problems []error
	if o.MaxEntries < 0 {
		problems = append(problems, fmt.Errorf("MaxEntries is %d: give at least 1, or 0 for %d", o.MaxEntries, DefaultMaxEntries))
	}
	if o.MaxEntries == 0 {
		o.MaxEntries = DefaultMaxEntries
	}
	for _, d := range []struct {
		name     string
		value    *time.Duration
		fallback time.Duration
	}{
		{"Fresh", &o.Fresh, DefaultFresh},
		{"Keep", &o.Keep, max(DefaultKeep, o.Fresh)},
		{"FillTimeout", &o.FillTimeout, DefaultFillTimeout},
		{"Backoff", &o.Backoff, DefaultBackoff},
	} {
		if *d.value < 0 {
			problems = append(problems, fmt.Errorf("%s is %v: give a positive duration, or 0 for %v", d.name, *d.value, d.fallback))
		}
		if *d.value == 0 {
			*d.value = d.fallback
		}
	}
	if o.Keep < o.Fresh {
		problems = append(problems, fmt.Errorf("option Keep (%v) is shorter than Fresh (%v): an entry is kept at least as long as it is fresh", o.Keep, o.Fresh))
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o, errors.Join(problems...)
}
