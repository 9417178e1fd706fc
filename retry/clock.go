package retry

import (
	"context"
	"time"

	"maitre/booking"
)

// passed reports whether so long has passed since a moment. Since one that lies
// ahead it has: the clock was set back, and nobody knows how long ago it was.
func passed(since, now time.Time, d time.Duration) bool {
	age := now.Sub(since)
	return age < 0 || age >= d
}

// setBack notices when a clock shows less than it did.
type clockCheck struct{ last time.Time }

// trifle is what a clock that is kept right by the network may be set back by.
const clockTolerance = time.Second

// happened reports whether the clock was set back since it was asked last, or may
// have been, because it never was asked.
func (s *clockCheck) wasSetBack(now time.Time) bool {
	now = now.Round(0) // by what the clock shows, not by what has passed
	was := s.last
	s.last = now
	return now.Before(was.Add(-clockTolerance)) || was.IsZero()
}

// again has happened report true the next time.
func (s *clockCheck) reset() { s.last = time.Time{} }

// maxAhead is how many entries are looked at for a clock that was set back.
const maxAhead = 10_000

// mindTheClock undoes what a clock that was ahead did to what waits, once the
// clock shows less than it did, and when the worker begins: what was attempted
// later than now is due at once, for the time at which it is due may be far ahead;
// and what was parked because its time had gone by goes on if it has not.
func (w *Worker) checkClock(ctx context.Context) {
	now := w.cfg.Clock.Now()
	if !w.clock.wasSetBack(now) {
		return
	}
	hastened, released, err := w.afterSetBack(ctx, now)
	if hastened+released > 0 {
		w.cfg.Log.Info("the clock was set back: bookings that wait are attempted now", "entries", hastened+released, "taken_for_past", released)
	}
	if err != nil {
		w.clock.reset()
		if ctx.Err() == nil {
			w.cfg.Log.Error("look for entries whose time was set by a clock that was ahead", "error", err)
		}
	}
}

func (w *Worker) afterSetBack(ctx context.Context, now time.Time) (hastened, released int, err error) {
	all, err := w.cfg.Journal.Due(ctx, now.AddDate(100, 0, 0), maxAhead)
	if err != nil {
		return 0, 0, err
	}
	var ahead []string
	for _, e := range all {
		if last := len(e.Attempts) - 1; e.Next.After(now) && (e.Created.After(now) || last >= 0 && e.Attempts[last].At.After(now)) {
			ahead = append(ahead, e.ID)
		}
	}
	if len(ahead) > 0 {
		if err := w.cfg.Journal.Postpone(ctx, ahead, now); err != nil {
			return 0, 0, err
		}
	}
	released, err = w.cfg.Journal.Release(ctx, now, false, func(e booking.JournalEntry) bool {
		return e.Parked != nil && e.Parked.Cause == booking.ParkedPast && e.Booking.Start.After(now)
	})
	return len(ahead), released, err
}

// mindTheClock is the same for messages: what a clock that was ahead put off is
// due, and what it took for expired is owed again.
func (p *Sender) checkClock(ctx context.Context, now time.Time) {
	if !p.clock.wasSetBack(now) {
		return
	}
	n, err := p.outbox.Hasten(ctx, now)
	if n > 0 {
		p.o.Log.Info("the clock was set back: messages that wait are looked at now", "messages", n)
	}
	if err != nil {
		p.clock.reset()
		if ctx.Err() == nil {
			p.o.Log.Error("look for messages whose time was set by a clock that was ahead", "error", err)
		}
	}
}
