package book

import (
	"context"
	"errors"

	"maitre/booking"
	"maitre/store/airtable"
)

// ByCode implements [booking.Ledger].
func (b *Book) ByCode(ctx context.Context, code string) (booking.Booking, error) {
	b.catchUpIfFollowed(ctx)
	found, err := b.Mirror.ByCode(ctx, code)
	if !errors.Is(err, booking.ErrNotFound) || b.knowsAll() {
		return found, err
	}
	if t := b.fetch(ctx, func(s *base) airtable.Formula { return s.mapper.WhereCode(code) }); t != nil {
		return booking.Booking{}, t
	}
	return b.Mirror.ByCode(ctx, code)
}

// ByPhone implements [booking.Ledger].
func (b *Book) ByPhone(ctx context.Context, phone booking.Phone, from booking.Date) ([]booking.Booking, error) {
	if phone == "" {
		return nil, nil
	}
	b.catchUpIfFollowed(ctx)
	if !b.knowsAll() {
		t := b.fetch(ctx, func(s *base) airtable.Formula { return s.mapper.WherePhone(phone, from) })
		if found, err := b.Mirror.ByPhone(ctx, phone, from); t == nil || err != nil || len(found) > 0 {
			return found, err
		}
		return nil, t
	}
	return b.Mirror.ByPhone(ctx, phone, from)
}

func (b *Book) catchUpIfFollowed(ctx context.Context) {
	if b.feed.followed() {
		b.catchUp(ctx, b.MaxAge, false)
	}
}

// knowsAll tells whether every booking that a guest can ask for is known: all
// days were read, and their changes are followed, or nothing can be read now.
func (b *Book) knowsAll() bool {
	return b.warm.Load() && (b.feed.followed() || b.hopeless())
}

// fetch reads the rows that a condition finds into the mirror, as long as a guest can wait.
func (b *Book) fetch(ctx context.Context, where func(*base) airtable.Formula) *booking.Trouble {
	ctx, cancel := context.WithTimeout(airtable.Urgent(ctx), b.Patience)
	defer cancel()
	s, t := b.madeUp(ctx)
	if t != nil {
		return t
	}
	since := b.Mirror.Mark()
	rows, t := b.list(ctx, s, where(s))
	if t != nil {
		return t
	}
	touched, err := b.Mirror.KeepRows(ctx, rows, nil, since)
	if err != nil {
		return &booking.Trouble{Kind: booking.Unreachable, Text: "keep what was read: " + err.Error()}
	}
	b.Touch(touched...)
	return nil
}
