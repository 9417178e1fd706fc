package retry

import (
	"cmp"
	"context"
	"log/slog"
	"time"

	"maitre/booking"
)

// UsherConfig is what an Usher is made of; all is needed but where it says otherwise.
type WaitlistConfig struct {
	// Desk is the reservation desk; *booking.Desk is one.
	Desk interface {
		ServeWaitlist(ctx context.Context, date booking.Date, offer bool) (next time.Time, err error)
		Today() booking.Date
	}
	// Dates returns the dates from one on for which somebody waits.
	Dates func(ctx context.Context, from booking.Date) ([]booking.Date, error)
	// Ready, where set, tells whether the system of record takes bookings: nothing
	// is offered while it does not.
	Ready func() bool
	Clock booking.Clock
	// Tick is how often it looks whether the staff have freed a table. Defaults to 5 s.
	Tick time.Duration
	// Decided has it look at once: the desk has decided something. Defaults to one that
	// nobody sends.
	Decided Signal
	Log     *slog.Logger
}

// Usher offers tables that come free to those who wait for them: when the desk
// has decided something, when somebody's time is up, and now and
// then, for the staff free tables too. It keeps nothing itself.
type WaitlistWorker struct {
	cfg WaitlistConfig
}

// NewUsher returns an usher that has not begun.
func NewWaitlistWorker(c WaitlistConfig) *WaitlistWorker {
	c.Tick = cmp.Or(c.Tick, 5*time.Second)
	if c.Ready == nil {
		c.Ready = func() bool { return true }
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	c.Decided = cmp.Or(c.Decided, NewSignal())
	return &WaitlistWorker{cfg: c}
}

// Run looks at once, and then whenever there may be something to do, until ctx ends.
func (u *WaitlistWorker) Run(ctx context.Context) {
	for ctx.Err() == nil {
		pause := u.cfg.Tick
		if next := u.Look(ctx); !next.IsZero() {
			pause = min(pause, max(next.Sub(u.cfg.Clock.Now()), 10*time.Millisecond))
		}
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
		case <-u.cfg.Decided.c:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// Look serves every date for which somebody waits, and returns when the next
// table that is held goes back, zero where none does.
func (u *WaitlistWorker) Look(ctx context.Context) (next time.Time) {
	dates, err := u.cfg.Dates(ctx, u.cfg.Desk.Today())
	if err != nil {
		if ctx.Err() == nil {
			u.cfg.Log.Error("read the waitlist", "error", err)
		}
		return next
	}
	offer := u.cfg.Ready()
	for _, date := range dates {
		until, err := u.cfg.Desk.ServeWaitlist(ctx, date, offer)
		if err != nil && ctx.Err() == nil {
			u.cfg.Log.Error("the waitlist of a date could not be served; it is tried again", "date", date, "error", err)
		}
		if !until.IsZero() && (next.IsZero() || until.Before(next)) {
			next = until
		}
	}
	return next
}
