package book

import (
	"context"
	"errors"

	"maitre/booking"
	"maitre/store/airtable"
)

// ByCode implements [booking.Ledger].
func (b *Book) ByCode(ctx context.Context, code string) (booking.Booking, error) {
	// What is known is looked up without a limit: it waits for nobody.
	look := context.WithoutCancel(ctx)
	ctx, cancel := context.WithTimeout(ctx, b.longestPatience())
	defer cancel()
	late := b.catchUpIfFollowed(ctx)
	found, err := b.Mirror.ByCode(look, code)
	switch {
	case !errors.Is(err, booking.ErrNotFound):
		return found, err
	case late != nil: // it may be among what nobody has heard of yet
		return found, late
	case b.knowsAll():
		return found, err
	}
	if t := b.fetch(ctx, func(s *base) airtable.Formula { return s.mapper.WhereCode(code) }); t != nil {
		return booking.Booking{}, t
	}
	return b.Mirror.ByCode(look, code)
}

// ByPhone implements [booking.Ledger]: with an error come those that are known.
func (b *Book) ByPhone(ctx context.Context, phone booking.Phone, from booking.Date) ([]booking.Booking, error) {
	if phone == "" {
		return nil, nil
	}
	look := context.WithoutCancel(ctx)
	ctx, cancel := context.WithTimeout(ctx, b.longestPatience())
	defer cancel()
	t := b.catchUpIfFollowed(ctx)
	if t == nil && !b.knowsAll() {
		t = b.fetch(ctx, func(s *base) airtable.Formula { return s.mapper.WherePhone(phone, from) })
	}
	found, err := b.Mirror.ByPhone(look, phone, from)
	if t != nil && err == nil {
		return found, t
	}
	return found, err
}

// catchUpIfFollowed waits, no longer than for a day, until changes are known; what
// it returns says that they are not.
func (b *Book) catchUpIfFollowed(ctx context.Context) *booking.Trouble {
	ctx, cancel := context.WithTimeout(ctx, b.Patience)
	defer cancel()
	if b.feed.followed() && !b.catchUp(ctx, b.MaxAge, booking.Recent) {
		return &booking.Trouble{Kind: booking.Interrupted, Text: context.Cause(ctx).Error()}
	}
	return nil
}

// knowsAll tells whether every booking that a guest can ask for is known: all
// days were read, and their changes are followed, or nothing can be read now.
func (b *Book) knowsAll() bool {
	return b.warm.Load() && (b.feed.followed() || b.hopeless())
}

// fetch reads the rows that a condition finds into the mirror. It waits as long
// as ctx; the reading goes on.
func (b *Book) fetch(ctx context.Context, where func(*base) airtable.Formula) *booking.Trouble {
	key := "rows " + where(b.base.Load()).String()
	return outcome(ctx, b.behind(key, func(ctx context.Context) *booking.Trouble {
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
		b.Touch(touched...)
		if err != nil {
			return &booking.Trouble{Kind: booking.Unreachable, Text: "keep what was read: " + err.Error()}
		}
		return nil
	}))
}
