package retry

import (
	"context"
	"log/slog"
	"time"

	"maitre/booking"
)

// RemindersConfig configures [Reminders]; Told and Log are optional.
type RemindersConfig struct {
	// Ledger reads the bookings.
	Ledger interface {
		Freshen(ctx context.Context, date booking.Date, f booking.Freshness) error
		Day(ctx context.Context, date booking.Date) (*booking.Day, error)
	}
	Outbox AlertQueue
	// Due returns when to remind the guests of a service day.
	Due func(date booking.Date) time.Time
	// Reminder returns the reminder of a booking, always with the same Key; false if
	// there is none.
	Reminder func(b booking.Booking, due, now time.Time) (booking.Message, bool)
	Location *time.Location
	Clock    booking.Clock
	// Told, if set, is called after messages were put into the outbox.
	OnQueued func()
	Log      *slog.Logger
}

// Reminders reminds guests of tomorrow's bookings. From the due time until the end
// of the day it reads tomorrow's bookings each hour, and puts the reminders into the
// outbox, which takes each only once, by its key.
type Reminders struct{ cfg RemindersConfig }

// NewReminders returns reminders; Run starts them.
func NewReminders(c RemindersConfig) *Reminders {
	if c.OnQueued == nil {
		c.OnQueued = func() {}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Reminders{c}
}

// remindPause is the longest time between two looks.
const remindPause = time.Hour

// Run looks at once, each hour, and when reminders are due, until ctx ends.
func (r *Reminders) Run(ctx context.Context) {
	for {
		pause := remindPause
		if !r.Look(ctx) {
			pause = time.Minute
		}
		timer := time.NewTimer(min(pause, r.untilDue()))
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
	}
}

// tomorrow returns the next calendar day.
func (r *Reminders) tomorrow() booking.Date {
	return booking.NewDate(r.cfg.Clock.Now().In(r.cfg.Location).Date()).AddDays(1)
}

// untilDue returns the time until the next reminders are due.
func (r *Reminders) untilDue() time.Duration {
	now, next := r.cfg.Clock.Now(), r.tomorrow()
	if wait := r.cfg.Due(next).Sub(now); wait > 0 {
		return wait
	}
	return max(r.cfg.Due(next.AddDays(1)).Sub(now), time.Second)
}

// Look puts the reminders that are due, and reports whether it could put them all.
func (r *Reminders) Look(ctx context.Context) bool {
	now, date := r.cfg.Clock.Now(), r.tomorrow()
	due := r.cfg.Due(date)
	if now.Before(due) {
		return true
	}
	if err := r.cfg.Ledger.Freshen(ctx, date, booking.Sure); err != nil {
		r.cfg.Log.Warn("reminders wait: tomorrow's bookings could not be read", "date", date, "error", err)
		return false
	}
	day, err := r.cfg.Ledger.Day(ctx, date)
	if err != nil {
		r.cfg.Log.Error("read tomorrow's bookings", "date", date, "error", err)
		return false
	}
	var messages []booking.Message
	for _, b := range day.Bookings {
		if m, ok := r.cfg.Reminder(b, due, now); ok {
			messages = append(messages, m)
		}
	}
	kept, err := r.put(ctx, messages)
	if kept > 0 {
		r.cfg.Log.Info("guests are reminded of tomorrow", "date", date, "messages", kept)
		r.cfg.OnQueued()
	}
	if err != nil {
		r.cfg.Log.Error("put reminders into the outbox", "date", date, "error", err)
	}
	return err == nil
}

// put puts messages together, or one by one if one of them is not accepted.
func (r *Reminders) put(ctx context.Context, messages []booking.Message) (kept int, err error) {
	if len(messages) == 0 {
		return 0, nil
	}
	if kept, err = r.cfg.Outbox.Put(ctx, messages...); err == nil || len(messages) == 1 {
		return kept, err
	}
	kept = 0
	var failed error
	for _, m := range messages {
		n, err := r.cfg.Outbox.Put(ctx, m)
		if err != nil {
			failed = err
		}
		kept += n
	}
	return kept, failed
}
