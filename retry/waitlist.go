package retry

import (
	"cmp"
	"context"
	"log/slog"
	"time"

	"maitre/booking"
)

// WaitlistConfig configures a [WaitlistWorker]. Fields are required unless they say
// otherwise.
type WaitlistConfig struct {
	// Desk is the reservation desk; *booking.Desk implements it.
	Desk interface {
		ServeWaitlist(ctx context.Context, date booking.Date, offer bool) (next time.Time, err error)
		Today() booking.Date
	}
	// Dates returns the dates from one on for which guests wait.
	Dates func(ctx context.Context, from booking.Date) ([]booking.Date, error)
	// Ready, if set, reports whether the system of record takes bookings. Nothing is
	// offered while it does not.
	Ready func() bool
	Clock booking.Clock
	// Tick is the longest time between two looks, as the staff may free tables.
	// Defaults to 5 s.
	Tick time.Duration
	// Wake is sent after the desk has decided something, and has the worker look at
	// once. Defaults to a signal that is never sent.
	Wake Signal
	Log  *slog.Logger
}

// WaitlistWorker offers tables that come free to guests on the waitlist: after the
// desk has decided something, when an offer ends, and at each tick, since the staff
// free tables too. It keeps no state.
type WaitlistWorker struct {
	cfg WaitlistConfig
}

// NewWaitlistWorker returns a waitlist worker; Run starts it.
func NewWaitlistWorker(c WaitlistConfig) *WaitlistWorker {
	c.Tick = cmp.Or(c.Tick, 5*time.Second)
	if c.Ready == nil {
		c.Ready = func() bool { return true }
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	c.Wake = cmp.Or(c.Wake, NewSignal())
	return &WaitlistWorker{cfg: c}
}

// Run looks at once, and whenever there may be something to do, until ctx ends.
func (w *WaitlistWorker) Run(ctx context.Context) {
	for ctx.Err() == nil {
		pause := w.cfg.Tick
		if next := w.Look(ctx); !next.IsZero() {
			pause = min(pause, max(next.Sub(w.cfg.Clock.Now()), 10*time.Millisecond))
		}
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
		case <-w.cfg.Wake.c:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// Look serves every date for which guests wait, and returns when the next held table
// is to be released, zero if none is.
func (w *WaitlistWorker) Look(ctx context.Context) (next time.Time) {
	dates, err := w.cfg.Dates(ctx, w.cfg.Desk.Today())
	if err != nil {
		if ctx.Err() == nil {
			w.cfg.Log.Error("read the waitlist", "error", err)
		}
		return next
	}
	offer := w.cfg.Ready()
	for _, date := range dates {
		until, err := w.cfg.Desk.ServeWaitlist(ctx, date, offer)
		if err != nil && ctx.Err() == nil {
			w.cfg.Log.Error("serve the waitlist of a date; it is tried again", "date", date, "error", err)
		}
		if !until.IsZero() && (next.IsZero() || until.Before(next)) {
			next = until
		}
	}
	return next
}
