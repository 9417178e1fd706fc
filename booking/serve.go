package booking

import (
	"context"
	"errors"
	"time"
)

// ServeWaitlist brings the waitlist of a date up to date: it follows up the tables that
// are held, takes back those whose time is up and, if offer is true, holds free tables
// for the next parties. It returns when it must be called again at the latest; zero: only
// when the day's bookings change.
//
// All that it does is on disk when it returns, each party in the same commit as its
// table; after an interruption it can be called again. Errors: *Refusal.
func (d *Desk) ServeWaitlist(ctx context.Context, date Date, offer bool) (next time.Time, err error) {
	next, free, err := d.serve(ctx, date, false)
	if err != nil || !free || !offer {
		return next, err
	}
	// Offers need the current bookings.
	if refusal := d.freshen(ctx, date, Sure, time.Time{}); refusal != nil {
		return next, refusal
	}
	next, _, err = d.serve(ctx, date, true)
	return next, err
}

// serve is ServeWaitlist under the date's lock. free reports whether there is a table to
// offer.
func (d *Desk) serve(ctx context.Context, date Date, offer bool) (next time.Time, free bool, err error) {
	unlock, err := d.config.Locks.Lock(ctx, date)
	if err != nil {
		return next, false, &Refusal{Reason: Failed, Err: err}
	}
	defer unlock()
	all, err := d.config.Waitlist.WaitingOn(ctx, date)
	if err != nil {
		return next, false, &Refusal{Reason: Failed, Err: err}
	}
	for i := range all {
		if all[i].State != WaitOffered {
			continue
		}
		until, err := d.followUp(ctx, &all[i])
		if err != nil {
			return next, false, err
		}
		if !until.IsZero() && (next.IsZero() || until.Before(next)) {
			next = until
		}
	}
	for _, w := range turns(all) {
		if w.State != WaitWaiting {
			continue
		}
		until, found, err := d.seatWaiting(ctx, w, offer)
		if err != nil {
			return next, free, err
		}
		free = free || found
		if !until.IsZero() && (next.IsZero() || until.Before(next)) {
			next = until
		}
	}
	return next, free, nil
}

// followUp updates a party that was offered a table, and takes the table back when its
// time is up. It returns until when it is held.
func (d *Desk) followUp(ctx context.Context, w *Waiting) (until time.Time, err error) {
	b, err := d.offered(ctx, *w)
	if err != nil {
		return until, &Refusal{Reason: Failed, Err: err}
	}
	now := d.Now()
	reached := true
	if b != nil && b.Status == PreBooked {
		if reached, err = d.config.Waitlist.Offered(ctx, w.Booking); err != nil {
			return until, &Refusal{Reason: Failed, Err: err}
		}
	}
	switch w.State = w.stateAfter(b, reached, now); w.State {
	case WaitOffered:
		return b.HeldUntil, nil
	case WaitWaiting:
		w.Booking, w.Code = "", ""
		w.Missed++
		fallthrough
	case WaitLapsed:
		w.Updated = now.UTC()
		return until, d.takeBack(ctx, Caller{}, *b, *w)
	}
	w.Updated = now.UTC()
	if err := d.config.Waitlist.KeepWaiting(ctx, *w); err != nil {
		return until, &Refusal{Reason: Failed, Err: err}
	}
	return until, nil
}

// offered returns the booking that is held for a party, or nil.
func (d *Desk) offered(ctx context.Context, w Waiting) (*Booking, error) {
	day, err := d.config.Ledger.Day(ctx, w.Date)
	if err != nil {
		return nil, err
	}
	if b, found := day.find(w.Booking); found {
		return &b, nil
	}
	b, err := d.config.Ledger.ByCode(ctx, w.Code) // its guest moved it to another day
	switch {
	case errors.Is(err, ErrNotFound), err == nil && b.ID != w.Booking:
		return nil, nil
	case err != nil:
		return nil, err
	}
	return &b, nil
}

// takeBack frees a table that was held for a party; no caller: its time is up. A booking
// that its guest moved to another day is left alone: that day is not locked.
func (d *Desk) takeBack(ctx context.Context, caller Caller, was Booking, w Waiting) error {
	b := was
	b.Status, b.HeldUntil, b.Updated = Cancelled, time.Time{}, w.Updated
	if was.Date != w.Date {
		w.State = WaitBooked
		if err := d.config.Waitlist.KeepWaiting(ctx, w); err != nil {
			return &Refusal{Reason: Failed, Err: err}
		}
		return nil
	}
	if _, err := d.accept(ctx, b, &was, request{caller: caller, waiting: &w}); err != nil {
		return &Refusal{Reason: Failed, Err: err}
	}
	return nil
}

// seatWaiting looks for a table for a party, and holds it if hold is true. It returns
// until when it is held, or when it will be too late to offer one.
func (d *Desk) seatWaiting(ctx context.Context, w Waiting, hold bool) (until time.Time, found bool, err error) {
	now := d.Now()
	a := ask{date: w.Date, time: w.Time, hasTime: true, party: w.Party, zone: w.Zone, channel: w.Channel}
	p, refusal := d.open(a, now)
	var slot arrival
	if refusal == nil {
		slot, refusal = d.arrivalFor(a, p, now)
	}
	if refusal != nil {
		w.State, w.Updated = WaitOver, now.UTC()
		if err := d.config.Waitlist.KeepWaiting(ctx, w); err != nil {
			return until, false, &Refusal{Reason: Failed, Err: err}
		}
		return until, false, nil
	}
	_, held, refusal := d.day(ctx, w.Date)
	if refusal != nil {
		return until, false, refusal
	}
	notified := now // when the party can get the offer
	if until, quiet := d.config.Quiet(now); quiet {
		notified = until
	}
	at, ok := d.place(a, slot, held)
	ok = ok && notified.Before(slot.at.Add(-slot.service.Notice))
	if !ok || !hold {
		return slot.at.Add(-slot.service.Notice), ok, nil
	}
	b := Booking{
		ID: d.config.NewID(now), Name: w.Name, Phone: w.Phone, Vouched: w.Vouched, Notes: w.Notes, Status: PreBooked,
		Date: w.Date, Time: w.Time, Party: w.Party, AskedZone: w.Zone, Channel: w.Channel, Lang: w.Lang,
		HeldUntil: notified.Add(d.config.Hold).UTC(), Created: now.UTC(), Updated: now.UTC(),
	}
	b.sit(at)
	if b.HeldUntil.After(b.Start) {
		b.HeldUntil = b.Start
	}
	w.State, w.Booking, w.Updated = WaitOffered, b.ID, now.UTC()
	if _, refusal := d.acceptNew(ctx, b, request{waiting: &w}); refusal != nil {
		return until, false, refusal
	}
	return b.HeldUntil, true, nil
}
