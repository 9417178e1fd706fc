package ledger

import (
	"context"
	"errors"

	"maitre/booking"
	"maitre/store/airtable"
)

// ByCode implements [booking.Ledger].
func (l *Ledger) ByCode(ctx context.Context, code string) (booking.Booking, error) {
	// What is known is looked up without a time limit: it needs no request.
	look := context.WithoutCancel(ctx)
	ctx, cancel := context.WithTimeout(ctx, l.longestPatience())
	defer cancel()
	late := l.catchUpIfFollowed(ctx)
	found, err := l.cfg.Mirror.ByCode(look, code)
	switch {
	case !errors.Is(err, booking.ErrNotFound):
		return found, err
	case late != nil: // it may be among changes that are not known yet
		return found, late
	case l.knowsAll():
		return found, err
	}
	if t := l.fetch(ctx, func(s *base) airtable.Formula { return s.mapper.WhereCode(code) }); t != nil {
		return booking.Booking{}, t
	}
	return l.cfg.Mirror.ByCode(look, code)
}

// ByPhone implements [booking.Ledger]: with an error it also returns those that are known.
func (l *Ledger) ByPhone(ctx context.Context, phone booking.Phone, from booking.Date) ([]booking.Booking, error) {
	if phone == "" {
		return nil, nil
	}
	look := context.WithoutCancel(ctx)
	ctx, cancel := context.WithTimeout(ctx, l.longestPatience())
	defer cancel()
	t := l.catchUpIfFollowed(ctx)
	if t == nil && !l.knowsAll() {
		t = l.fetch(ctx, func(s *base) airtable.Formula { return s.mapper.WherePhone(phone, from) })
	}
	found, err := l.cfg.Mirror.ByPhone(look, phone, from)
	if t != nil && err == nil {
		return found, t
	}
	return found, err
}

// catchUpIfFollowed waits, no longer than Patience, until changes are known. It
// returns an error if they are not.
func (l *Ledger) catchUpIfFollowed(ctx context.Context) *booking.RecordError {
	ctx, cancel := context.WithTimeout(ctx, l.cfg.Patience)
	defer cancel()
	if l.feed.followed() && !l.catchUp(ctx, l.cfg.MaxAge, booking.Recent) {
		return &booking.RecordError{Kind: booking.Interrupted, Text: context.Cause(ctx).Error()}
	}
	return nil
}

// knowsAll reports whether every booking that a guest can ask for is known: all days
// were read, and their changes are followed, or nothing can be read now.
func (l *Ledger) knowsAll() bool {
	return l.warm.Load() && (l.feed.followed() || l.coolingDown())
}

// fetch reads the rows that a condition finds into the mirror. It waits as long as
// ctx; the reading goes on in the background.
func (l *Ledger) fetch(ctx context.Context, where func(*base) airtable.Formula) *booking.RecordError {
	key := "rows " + where(l.base.Load()).String()
	return await(ctx, l.inBackground(key, func(ctx context.Context) *booking.RecordError {
		s, t := l.currentBase(ctx)
		if t != nil {
			return t
		}
		since := l.cfg.Mirror.Version()
		rows, t := l.list(ctx, s, where(s))
		if t != nil {
			return t
		}
		touched, err := l.cfg.Mirror.KeepRows(ctx, rows, nil, since)
		l.Touch(touched...)
		if err != nil {
			return &booking.RecordError{Kind: booking.Unreachable, Text: "keep what was read: " + err.Error()}
		}
		return nil
	}))
}
