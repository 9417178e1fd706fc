package booking

import (
	"context"
	"errors"
	"slices"
)

// Lookup returns the bookings that the caller may see: the one with the link or the
// code, or the open ones of the number from today on, by start.
//
// Errors: *Refusal.
func (d *Desk) Lookup(ctx context.Context, who Who) ([]Booking, error) {
	if who.Link != "" || who.Code != "" {
		b, refusal := d.find(ctx, who)
		if refusal != nil {
			return nil, refusal
		}
		return d.showPending(b), nil
	}
	bookings, refusal := d.byPhone(ctx, who)
	if refusal != nil {
		return nil, refusal
	}
	return d.showPending(bookings...), nil
}

// showPending gives the status Processing to live bookings that are not in the system
// of record yet.
func (d *Desk) showPending(bookings ...Booking) []Booking {
	for i := range bookings {
		if b := &bookings[i]; b.Live() && d.config.Journal.SyncState(b.ID) == Pending {
			b.Status = Processing
		}
	}
	return bookings
}

// find returns the one booking that a guest means; if there are several, the refusal
// asks which.
func (d *Desk) find(ctx context.Context, who Who) (Booking, *Refusal) {
	if who.Link != "" {
		return d.byLink(ctx, who.Link)
	}
	if who.Code != "" {
		return d.byCode(ctx, who)
	}
	bookings, refusal := d.byPhone(ctx, who)
	if refusal != nil {
		return Booking{}, refusal
	}
	if len(bookings) > 1 {
		no := invalid("code", Ambiguous)
		no.Which = bookings
		return Booking{}, no
	}
	return bookings[0], nil
}

// byCode finds a booking by its code. The code alone is not enough: the booking must
// also be of the number that calls or that the guest can name. An unknown code and one
// of another number get the same answer, so that codes cannot be tried out.
func (d *Desk) byCode(ctx context.Context, who Who) (Booking, *Refusal) {
	b, refusal := d.coded(ctx, who.Code, "code")
	if refusal != nil {
		return Booking{}, refusal
	}
	if who.Caller.Channel == ByStaff || b.Phone != "" && (b.Phone == who.Caller.Phone || b.Phone == who.Phone) {
		return b, nil
	}
	return Booking{}, &Refusal{Reason: NotFound, Field: "code"}
}

// coded returns the booking with a code as it was given, whoever asks; field names the
// code in the refusal.
func (d *Desk) coded(ctx context.Context, given, field string) (Booking, *Refusal) {
	code, ok := ParseCode(given)
	if !ok {
		return Booking{}, &Refusal{Reason: NotFound, Field: field}
	}
	b, err := d.config.Ledger.ByCode(ctx, code)
	switch {
	case errors.Is(err, ErrNotFound):
		return Booking{}, &Refusal{Reason: NotFound, Field: field}
	case err != nil:
		return Booking{}, &Refusal{Reason: Failed, Err: err}
	}
	return b, nil
}

// byPhone returns the open bookings of the caller's own number. A number that
// is only said proves nothing: it needs the booking's code.
func (d *Desk) byPhone(ctx context.Context, who Who) ([]Booking, *Refusal) {
	number := who.Caller.Phone
	if who.Phone != "" && who.Phone != number {
		if who.Caller.Channel != ByStaff {
			return nil, &Refusal{Reason: NotAllowed, Field: "code", Problem: OtherNumber}
		}
		number = who.Phone
	}
	if number == "" {
		return nil, invalid("phone", Missing)
	}
	all, err := d.config.Ledger.ByPhone(ctx, number, d.Today())
	now := d.Now()
	open := slices.DeleteFunc(all, func(b Booking) bool {
		return !b.Status.open() || !b.End.After(now) || !who.Date.IsZero() && b.Date != who.Date
	})
	switch {
	case len(open) > 0:
		return open, nil
	case err != nil: // there may be some
		return nil, &Refusal{Reason: Failed, Err: err}
	}
	return nil, &Refusal{Reason: NotFound, Field: "phone"}
}
