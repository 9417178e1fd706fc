package retry

import (
	"context"
	"time"

	"maitre/booking"
)

// passed reports whether d has passed since a moment. It has since a moment in the
// future: the clock was set back, and how long ago it was is not known.
func passed(since, now time.Time, d time.Duration) bool {
	age := now.Sub(since)
	return age < 0 || age >= d
}

// clockCheck notices when a clock was set back.
type clockCheck struct{ last time.Time }

// clockTolerance is by how much a clock synchronised by the network may be set back.
const clockTolerance = time.Second

// wasSetBack reports whether the clock was set back since the last call. The first
// call returns true.
func (s *clockCheck) wasSetBack(now time.Time) bool {
	now = now.Round(0) // without the monotonic reading
	was := s.last
	s.last = now
	return now.Before(was.Add(-clockTolerance)) || was.IsZero()
}

// reset makes the next call of wasSetBack return true.
func (s *clockCheck) reset() { s.last = time.Time{} }

// maxAhead bounds the entries that are checked after the clock was set back.
const maxAhead = 10_000

// checkClock undoes, at the start and after the clock was set back, what a clock
// that was ahead did to entries: those that were attempted later than now are due at
// once, and those that were parked as past are released if they are not.
func (w *Worker) checkClock(ctx context.Context) {
	now := w.cfg.Clock.Now()
	if !w.clock.wasSetBack(now) {
		return
	}
	madeDue, released, err := w.afterSetBack(ctx, now)
	if madeDue+released > 0 {
		w.cfg.Log.Info("the clock was set back: bookings that wait are attempted now", "entries", madeDue+released, "taken_for_past", released)
	}
	if err != nil {
		w.clock.reset()
		if ctx.Err() == nil {
			w.cfg.Log.Error("correct entries after the clock was set back", "error", err)
		}
	}
}

func (w *Worker) afterSetBack(ctx context.Context, now time.Time) (madeDue, released int, err error) {
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

// checkClock does the same for messages: those that were put off or expired by a
// clock that was ahead are due.
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
			p.o.Log.Error("correct messages after the clock was set back", "error", err)
		}
	}
}
