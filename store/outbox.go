package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"maitre/booking"
)

// Outbox is the messages to guests and staff, with the state of each.
// It is safe for concurrent use.
//
// A message is to be sent once Put has returned. Begin puts on disk that an
// attempt is about to be made, before anything leaves the program; an attempt that
// is begun when the file is opened was cut off, so its result is unknown.
type Outbox struct{ file *File }

// Outbox returns the file's outbox.
func (f *File) Outbox() *Outbox { return &Outbox{f} }

// Put keeps messages, all or none, and returns how many are new: one whose Key was
// ever used, and is still remembered, is not kept again. Errors:
// [booking.ErrNotKept], also for a message that nobody could send.
func (b *Outbox) Put(ctx context.Context, messages ...booking.Message) (kept int, err error) {
	err = b.file.commit(ctx, func(t *tx) (err error) {
		kept, err = t.putMessages(b.file.now(), messages)
		return err
	})
	if err != nil {
		return 0, err
	}
	return kept, nil
}

// Due returns the messages of which something is to be done at a moment: those
// that are urgent first, then by the time for which they were set.
func (b *Outbox) Due(ctx context.Context, now time.Time, limit int) ([]booking.OutboxMessage, error) {
	return read(ctx, b.file, func(t *tx) ([]booking.OutboxMessage, error) { return t.dueMessages(now, limit) })
}

// Begin puts on disk that an attempt at sending a message begins, and returns
// the message so begun. It reports false, and does nothing, when the message is
// no longer as it was seen: somebody else has it, or a receipt came.
func (b *Outbox) Begin(ctx context.Context, seen booking.OutboxMessage, way booking.Way, now time.Time) (begun booking.OutboxMessage, ok bool, err error) {
	err = b.file.commit(ctx, func(t *tx) error {
		ok = false
		was, found, err := t.message(seen.ID)
		if err != nil || !found || !same(was, seen) || !was.State.Open() || was.State == booking.MessageSending {
			return err
		}
		begun, ok = begin(was, way, now), true
		return t.putMessage(&was, begun)
	})
	return begun, ok && err == nil, err
}

func begin(o booking.OutboxMessage, way booking.Way, now time.Time) booking.OutboxMessage {
	o.State, o.Changed, o.Next = booking.MessageSending, now.UTC(), time.Time{}
	o.Way, o.SID, o.Delivery = way, "", ""
	o.Tries++
	return remember(o, booking.MessageAttempt{At: now.UTC(), Way: way, State: booking.MessageSending})
}

// remember returns the message with one more attempt in its history. Too long a
// history loses its oldest attempts, but none of which a receipt may still come.
func remember(o booking.OutboxMessage, a booking.MessageAttempt) booking.OutboxMessage {
	o.History = append(slices.Clone(o.History), a)
	for i := 0; len(o.History) > maxHistory && i < len(o.History)-1; {
		if o.History[i].SID != "" {
			i++
			continue
		}
		o.History = slices.Delete(o.History, i, i+1)
	}
	return o
}

// Finish puts on disk what a message that was begun, or only looked at, came to,
// and returns the message after it. Where it is no longer as it was seen, because a
// receipt was faster, it stays as it is.
func (b *Outbox) Finish(ctx context.Context, seen booking.OutboxMessage, out booking.SendResult, now time.Time) (latest booking.OutboxMessage, err error) {
	err = b.file.commit(ctx, func(t *tx) error {
		was, found, err := t.message(seen.ID)
		switch {
		case err != nil || !found:
			return err
		case !same(was, seen):
			latest = was
			if out.SID == "" || out.SID == was.SID {
				return nil
			}
			// A receipt for an attempt before this one was taken for its own: the
			// message left twice. Later receipts for this one change nothing.
			latest = remember(was, booking.MessageAttempt{At: now.UTC(), Way: was.Way, State: out.State, SID: out.SID})
			if err := t.bucket(outboxSIDsBucket).Put([]byte(out.SID), []byte(was.ID)); err != nil {
				return err
			}
			return t.putMessage(&was, latest)
		}
		latest = finish(was, out, now)
		if out.SID != "" {
			if latest, err = t.named(latest, out.SID, now); err != nil {
				return err
			}
		}
		return t.putMessage(&was, latest)
	})
	return latest, err
}

// same reports whether nothing happened to a message since it was seen.
func same(is, seen booking.OutboxMessage) bool {
	return is.State == seen.State && is.Tries == seen.Tries
}

// finish returns the message as an outcome leaves it.
func finish(o booking.OutboxMessage, out booking.SendResult, now time.Time) booking.OutboxMessage {
	was := o.State
	o.State, o.Changed, o.Next = out.State, now.UTC(), time.Time{}
	if out.State.Open() {
		o.Next = out.Next.UTC()
	}
	if was != booking.MessageBounced || out.State != booking.MessageBounced { // else: put off, and why it bounced still counts
		o.Code, o.Reason = out.Code, out.Reason
	}
	if out.Failed {
		o.Failures++
	}
	if was == booking.MessageSending && out.State == booking.MessageUnknown {
		o.Doubts++
	}
	if tried := was == booking.MessageSending || out.State == booking.MessageSent; tried && len(o.History) > 0 {
		o.History = slices.Clone(o.History)
		last := &o.History[len(o.History)-1]
		last.State, last.SID, last.Code, last.Reason = out.State, out.SID, out.Code, out.Reason
	}
	if !out.Missed.IsZero() && len(o.History) > 0 {
		o.History = slices.Clone(o.History)
		o.History[len(o.History)-1].Missed = out.Missed.UTC()
	}
	if out.State == booking.MessageSent {
		o.Failures = 0
	}
	return o
}

// Get returns a message, or [booking.ErrNotFound].
func (b *Outbox) Get(ctx context.Context, id string) (booking.OutboxMessage, error) {
	return read(ctx, b.file, func(t *tx) (booking.OutboxMessage, error) {
		o, found, err := t.message(id)
		if err == nil && !found {
			err = booking.ErrNotFound
		}
		return o, err
	})
}

// List returns messages in a state, or in any for "", the newest first.
func (b *Outbox) List(ctx context.Context, state booking.MessageState, limit int) ([]booking.OutboxMessage, error) {
	return read(ctx, b.file, func(t *tx) ([]booking.OutboxMessage, error) { return t.messagesIn(state, limit) })
}

// Counts returns how many messages are in each state; states without any are left out.
func (b *Outbox) Counts(ctx context.Context) (map[booking.MessageState]int, error) {
	return read(ctx, b.file, func(t *tx) (map[booking.MessageState]int, error) {
		counts := map[booking.MessageState]int{}
		for _, state := range booking.MessageStates() {
			n := 0
			for range t.idsIn(state) {
				n++
			}
			if n > 0 {
				counts[state] = n
			}
		}
		return counts, nil
	})
}

// Claimed reports whether the carrier's name belongs to a message already.
func (b *Outbox) Claimed(ctx context.Context, sid string) (claimed bool, err error) {
	return read(ctx, b.file, func(t *tx) (bool, error) { return t.bucket(outboxSIDsBucket).Get([]byte(sid)) != nil, nil })
}

// The bounds of a message that is kept.
const (
	maxMessageText = 1600 // runes; what the carrier takes
	maxMessageKey  = 256  // bytes
	maxSID         = 64   // bytes
	maxHistory     = 12   // attempts that are remembered
)

// checkMessage returns why a message could not be sent by anybody.
func checkMessage(m booking.Message) error {
	switch text := []rune(m.Text); {
	case m.To == "":
		return fmt.Errorf("message %q to nobody: want a phone number", m.Kind)
	case m.Kind == "":
		return fmt.Errorf("message to %s without a kind", m.To.Masked())
	case len(text) == 0 || len(text) > maxMessageText:
		return fmt.Errorf("message %q of %d characters: want 1 to %d", m.Kind, len(text), maxMessageText)
	case len(m.Key) > maxMessageKey:
		return fmt.Errorf("message %q with a key of %d bytes: want at most %d", m.Kind, len(m.Key), maxMessageKey)
	}
	return nil
}
