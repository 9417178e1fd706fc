package retry

import (
	"context"
	"log/slog"
	"time"

	"maitre/booking"
)

// RemindersConfig is what Reminders are made of; all is needed but Told and Log.
type RemindersConfig struct {
	// Ledger is where bookings are known.
	Ledger interface {
		Freshen(ctx context.Context, date booking.Date, f booking.Freshness) error
		Day(ctx context.Context, date booking.Date) (*booking.Day, error)
	}
	Outbox AlertQueue
	// Due returns when the guests of a service day are reminded.
	Due func(date booking.Date) time.Time
	// Reminder returns what reminds a guest of a booking; false: nothing does. Its
	// Key is the same however often it is asked.
	Reminder func(b booking.Booking, due, now time.Time) (booking.Message, bool)
	Location *time.Location
	Clock    booking.Clock
	// Told, where set, is called after messages were put, so that they leave at once.
	Told func()
	Log  *slog.Logger
}

// Reminders reminds guests of tomorrow's bookings. Nothing is planned weeks
// before: when the hour has come, and each hour from then on until the day is
// over, it looks at what tomorrow's book says then. What it has put once it does
// not put again, however often it looks and whatever happens in between, for the
// outbox knows each reminder by its key.
type Reminders struct{ cfg RemindersConfig }

// NewReminders returns reminders that have not begun.
func NewReminders(c RemindersConfig) *Reminders {
	if c.Told == nil {
		c.Told = func() {}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Reminders{c}
}

// remindPause is the most that lies between two looks.
const remindPause = time.Hour

// Run looks at once, each hour, and when an hour of reminders has come, until ctx ends.
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

// tomorrow returns the calendar's next day.
func (r *Reminders) tomorrow() booking.Date {
	return booking.NewDate(r.cfg.Clock.Now().In(r.cfg.Location).Date()).AddDays(1)
}

// untilDue is how long it is until the next hour of reminders.
func (r *Reminders) untilDue() time.Duration {
	now, next := r.cfg.Clock.Now(), r.tomorrow()
	if wait := r.cfg.Due(next).Sub(now); wait > 0 {
		return wait
	}
	return max(r.cfg.Due(next.AddDays(1)).Sub(now), time.Second)
}

// Look puts the reminders that are due now. It reports false when that could not
// be done, or not for all.
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
		r.cfg.Told()
	}
	if err != nil {
		r.cfg.Log.Error("keep reminders", "date", date, "error", err)
	}
	return err == nil
}

// put puts messages together; where one of them is such that nobody could send
// it, the others go all the same.
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
