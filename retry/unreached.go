package retry

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"maitre/booking"
)

// UnheardConfig is what an Unheard is made of; all is needed but Told and Log.
type UnreachedConfig struct {
	Outbox interface {
		AlertQueue
		List(ctx context.Context, state booking.MessageState, limit int) ([]booking.OutboxMessage, error)
	}
	// Booking returns a booking by its ID, or [booking.ErrNotFound].
	Booking func(ctx context.Context, id string) (booking.Booking, error)
	// Word tells one of the staff whom to call.
	Word func(now time.Time, to booking.Phone, b booking.Booking) booking.Message
	// Staff are the phones to tell; never empty.
	Staff []booking.Phone
	Clock booking.Clock
	// Told, where set, is called after messages were put, so that they leave at once.
	OnQueued func()
	Log      *slog.Logger
}

// Unheard tells the staff of guests whose table is held until they say yes, and
// whom the question did not reach: a person must call them. Each booking is told
// of once, for the outbox knows each alert by its key; what became of a question
// is on disk there, so that nothing is missed by a restart.
type Unreached struct {
	cfg     UnreachedConfig
	kick    Signal
	handled map[string]bool // bookings that need no more looking at, of those last looked at; Run's
}

// NewUnheard returns one that has not begun.
func NewUnreached(c UnreachedConfig) *Unreached {
	if c.OnQueued == nil {
		c.OnQueued = func() {}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Unreached{cfg: c, kick: NewSignal(), handled: map[string]bool{}}
}

// Hear hears of a message that something was done about. It never blocks, and a
// nil one hears nothing.
func (u *Unreached) Hear(o booking.OutboxMessage) {
	if u == nil || o.Kind != booking.MessageConfirm || o.State != booking.MessageFailed && o.State != booking.MessageWithheld {
		return
	}
	u.kick.Send()
}

// lookedAt is how many of the newest messages in a state are looked at.
const maxUnreached = 1000

// Run looks at once, and whenever it hears of a question that did not arrive,
// until ctx ends.
func (u *Unreached) Run(ctx context.Context) {
	for {
		again := make(<-chan time.Time)
		if err := u.check(ctx); err != nil && ctx.Err() == nil {
			u.cfg.Log.Error("tell the staff of guests whom no message reaches; it is tried again", "error", err)
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
	told := map[string]bool{}
	for _, state := range []booking.MessageState{booking.MessageFailed, booking.MessageWithheld} {
		all, err := u.cfg.Outbox.List(ctx, state, maxUnreached)
		if err != nil {
			return fmt.Errorf("read messages that are %s: %w", state, err)
		}
		for _, o := range all {
			if o.Kind != booking.MessageConfirm {
				continue
			}
			over := u.handled[o.Booking] || told[o.Booking]
			if !over {
				if over, err = u.alertStaff(ctx, o.Booking); err != nil {
					return err
				}
			}
			if over {
				told[o.Booking] = true
			}
		}
	}
	u.handled = told // those that are not among the newest any more are forgotten
	return nil
}

// tell tells of a booking, if it still waits for its guest's yes. over: it needs
// no more looking at.
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
