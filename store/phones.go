package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"maitre/booking"
)

const phoneFormat = 1

// correspondent is what is known of a phone that writes to us.
type correspondent struct {
	V        int       `json:"v"`
	Wrote    time.Time `json:"heard,omitzero"`
	OptedOut bool      `json:"opted_out,omitempty"`
	Changed  time.Time `json:"changed"`
}

func decodePhone(phone, value []byte) (correspondent, error) {
	var c correspondent
	err := readJSON(phonesBucket, phone, phoneFormat, value, &c, &c.V)
	return c, err
}

// phone returns what is known of a number; nothing is the zero value.
func (t *tx) phone(phone booking.Phone) (correspondent, error) {
	if phone == "" {
		return correspondent{}, nil
	}
	value := t.bucket(phonesBucket).Get([]byte(phone))
	if value == nil {
		return correspondent{}, nil
	}
	return decodePhone([]byte(phone), value)
}

func (t *tx) putPhone(phone booking.Phone, c correspondent) error {
	c.V = phoneFormat
	value, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("encode phone: %w", err)
	}
	return t.bucket(phonesBucket).Put([]byte(phone), value)
}

// noteWrote notes that a phone wrote to us, for other writes that learn of it.
func (t *tx) noteWrote(phone booking.Phone, at time.Time) error {
	c, err := t.phone(phone)
	if err != nil || phone == "" || !at.After(c.Wrote) {
		return err
	}
	c.Wrote, c.Changed = asUTC(at), asUTC(at)
	return t.putPhone(phone, c)
}

// HeardFrom notes when a phone wrote to us: for a day after it, it may get free
// text. An earlier moment than the one noted changes nothing. Errors: [booking.ErrNotKept].
func (b *Outbox) HeardFrom(ctx context.Context, phone booking.Phone, at time.Time) error {
	return b.file.commit(ctx, func(t *tx) error { return t.noteWrote(phone, at) })
}

// LastMessage returns when a phone last wrote to us; the zero time where it never
// did, or that was forgotten.
func (b *Outbox) LastMessage(ctx context.Context, phone booking.Phone) (time.Time, error) {
	c, err := b.phone(ctx, phone)
	return c.Wrote, err
}

// OptOut notes that whoever has a phone wants no messages, or wants them again.
// Errors: [booking.ErrNotKept].
func (b *Outbox) OptOut(ctx context.Context, phone booking.Phone, out bool) error {
	return b.file.commit(ctx, func(t *tx) error {
		c, err := t.phone(phone)
		if err != nil || phone == "" || c.OptedOut == out {
			return err
		}
		c.OptedOut, c.Changed = out, asUTC(b.file.now())
		return t.putPhone(phone, c)
	})
}

// OptedOut reports whether whoever has a phone wants no messages.
func (b *Outbox) OptedOut(ctx context.Context, phone booking.Phone) (bool, error) {
	c, err := b.phone(ctx, phone)
	return c.OptedOut, err
}

func (b *Outbox) phone(ctx context.Context, phone booking.Phone) (correspondent, error) {
	return read(ctx, b.file, func(t *tx) (correspondent, error) { return t.phone(phone) })
}
