package store

import (
	"context"
	"slices"
	"time"

	"maitre/booking"
)

// Hasten undoes what a clock that was ahead did to messages: those that it
// delayed are due now, and those that it expired too early are to be sent again.
// It returns how many there were.
//
// Errors: [booking.ErrNotKept].
func (b *Outbox) Hasten(ctx context.Context, now time.Time) (n int, err error) {
	ids, err := read(ctx, b.file, func(t *tx) (ids []string, err error) {
		for _, state := range []booking.MessageState{booking.MessageWaiting, booking.MessageBounced, booking.MessageUnknown, booking.MessageExpired} {
			for id := range t.idsIn(state) {
				o, err := t.listedMessage(id)
				if err != nil {
					return nil, err
				}
				if _, ahead := hastened(o, now); ahead {
					ids = append(ids, o.ID)
				}
			}
		}
		return ids, nil
	})
	if err != nil {
		return 0, err
	}
	for some := range slices.Chunk(ids, forgetAtOnce) {
		done := 0
		if err := b.file.commit(ctx, func(t *tx) error {
			done = 0
			for _, id := range some {
				was, found, err := t.message(id)
				if err != nil {
					return err
				}
				o, ahead := hastened(was, now)
				if !found || !ahead {
					continue
				}
				if err := t.putMessage(&was, o); err != nil {
					return err
				}
				done++
			}
			return nil
		}); err != nil {
			return n, err
		}
		n += done
	}
	return n, nil
}

// hastened returns a message without what a clock that was ahead did to it, and
// reports whether that did anything.
func hastened(o booking.OutboxMessage, now time.Time) (booking.OutboxMessage, bool) {
	switch {
	case !o.Changed.After(now):
		return o, false
	case o.State == booking.MessageExpired:
		if !o.Expires.After(now) {
			return o, false
		}
		o.State, o.Code, o.Reason = booking.MessageWaiting, 0, ""
	case !o.Next.After(now):
		return o, false
	}
	o.Changed = now.UTC()
	if o.Next = o.Changed; o.NotBefore.After(now) {
		o.Next = o.NotBefore
	}
	return o, true
}
