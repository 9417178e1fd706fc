package retry

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"maitre/booking"
)

// UnreachedConfig configures an [Unreached]; OnQueued and Log are optional.
type UnreachedConfig struct {
	Outbox interface {
		AlertQueue
		List(ctx context.Context, state booking.MessageState, limit int) ([]booking.OutboxMessage, error)
	}
	// Booking returns a booking by its ID, or [booking.ErrNotFound].
	Booking func(ctx context.Context, id string) (booking.Booking, error)
	// Word returns the alert to one of the staff.
	Word func(now time.Time, to booking.Phone, b booking.Booking) booking.Message
	// Staff are the phones to alert; never empty.
	Staff []booking.Phone
	Clock booking.Clock
	// OnQueued, if set, is called after messages were put into the outbox.
	OnQueued func()
	Log      *slog.Logger
}

// Unreached alerts the staff to guests who must confirm a held table and whom the
// question did not reach, so that a person calls them. Each booking has one alert,
// since the outbox knows alerts by their keys. The results of questions are in the
// outbox, so that a restart misses none.
type Unreached struct {
	cfg     UnreachedConfig
	kick    Signal
	handled map[string]bool // bookings of the last check that need no further one; only Run uses it
}

// NewUnreached returns an Unreached; Run starts it.
func NewUnreached(c UnreachedConfig) *Unreached {
	if c.OnQueued == nil {
		c.OnQueued = func() {}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Unreached{cfg: c, kick: NewSignal(), handled: map[string]bool{}}
}

// OnMessage takes notice of a message that was handled. It never blocks. On a nil
// Unreached it does nothing.
func (u *Unreached) OnMessage(o booking.OutboxMessage) {
	if u == nil || o.Kind != booking.MessageConfirm || o.State != booking.MessageFailed && o.State != booking.MessageWithheld {
		return
	}
	u.kick.Send()
}

// maxUnreached is the number of the newest messages in a state that are checked.
const maxUnreached = 1000

// Run checks at once, and after each question that did not arrive, until ctx ends.
func (u *Unreached) Run(ctx context.Context) {
	for {
		again := make(<-chan time.Time)
		if err := u.check(ctx); err != nil && ctx.Err() == nil {
			u.cfg.Log.Error("alert the staff to guests whom no message reaches; it is tried again", "error", err)
			again = time.After(time.Minute)
		}
		select {
		case <-ctx.Done():
			return
		case <-u.kick.c:
		case <-again:
		}
	}
}

func (u *Unreached) check(ctx context.Context) error {
	handled := map[string]bool{}
	for _, state := range []booking.MessageState{booking.MessageFailed, booking.MessageWithheld} {
		all, err := u.cfg.Outbox.List(ctx, state, maxUnreached)
		if err != nil {
			return fmt.Errorf("read messages that are %s: %w", state, err)
		}
		for _, o := range all {
			if o.Kind != booking.MessageConfirm {
				continue
			}
			over := u.handled[o.Booking] || handled[o.Booking]
			if !over {
				if over, err = u.alertStaff(ctx, o.Booking); err != nil {
					return err
				}
			}
			if over {
				handled[o.Booking] = true
			}
		}
	}
	u.handled = handled // forgets bookings whose messages are no longer among the newest
	return nil
}

// alertStaff puts alerts of a booking that still waits for its guest's yes. over
// reports whether it needs no further check.
func (u *Unreached) alertStaff(ctx context.Context, id string) (over bool, err error) {
	now := u.cfg.Clock.Now()
	b, err := u.cfg.Booking(ctx, id)
	switch {
	case errors.Is(err, booking.ErrNotFound):
		return true, nil
	case err != nil:
		return false, fmt.Errorf("read the booking of a message: %w", err)
	case !b.Start.After(now):
		return true, nil
	case b.Status != booking.PreBooked:
		return false, nil // a change may have it asked for again
	}
	messages := make([]booking.Message, 0, len(u.cfg.Staff))
	for _, phone := range u.cfg.Staff {
		m := u.cfg.Word(now, phone, b)
		m.Key, m.Urgent, m.Expires = fmt.Sprintf("alert/unheard/%s/%s", id, phone), true, b.Start
		messages = append(messages, m)
	}
	kept, err := u.cfg.Outbox.Put(ctx, messages...)
	if err != nil {
		return false, fmt.Errorf("alert the staff: %w", err)
	}
	if kept > 0 {
		u.cfg.Log.Warn("a table is held for a guest whom no message reaches; the staff are asked to call", "booking", id, "to", b.Phone.Masked())
		u.cfg.OnQueued()
	}
	return true, nil
}
