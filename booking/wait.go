package booking

import (
	"context"
	"slices"
)

// Waited is the result of a request to be put on the waitlist.
type Waited struct {
	Waiting Waiting
	// Ahead is how many parties of the date are before it.
	Ahead int
	// Repeated: it was on the list already.
	Repeated bool
	// Offer, where set, is a table that is free; the party was not put on the list.
	Offer *Offer
}

// KeepsWaitlist reports whether the restaurant has a waitlist, which it can only have if
// it sends messages.
func (d *Desk) KeepsWaitlist() bool {
	return d.config.Waitlist != nil && d.config.Notify != nil && d.config.Hold > 0
}

// Wait puts a party on the waitlist for a time at which the restaurant is full.
//
// Errors: *Refusal; a number that messages do not reach is Invalid with Field
// "phone" and Problem NoMobile.
func (d *Desk) Wait(ctx context.Context, r Request) (Waited, error) {
	waited, refusal := d.wait(ctx, r)
	if refusal != nil {
		d.config.Count(r.Caller.Channel, string(refusal.Reason))
		return Waited{}, refusal
	}
	if waited.Offer == nil && !waited.Repeated {
		d.config.Count(r.Caller.Channel, "waiting")
	}
	return waited, nil
}

func (d *Desk) wait(ctx context.Context, r Request) (Waited, *Refusal) {
	a := ask{date: r.Date, time: r.Time, hasTime: true, party: r.Party, zone: r.Zone, channel: r.Caller.Channel}
	now := d.Now()
	p, refusal := d.open(a, now)
	if refusal != nil {
		return Waited{}, refusal
	}
	slot, refusal := d.arrivalFor(a, p, now)
	if refusal != nil {
		return Waited{}, refusal
	}
	b, refusal := d.draft(r, now)
	if refusal != nil {
		return Waited{}, refusal
	}
	b.Status = PreBooked
	if !d.KeepsWaitlist() || !d.config.Notify.Offers(b) {
		return Waited{}, invalid("phone", NoMobile)
	}
	if refusal := d.freshen(ctx, a.date, Sure, d.patienceFrom(now)); refusal != nil {
		return Waited{}, refusal
	}
	unlock, err := d.config.Locks.Lock(ctx, a.date)
	if err != nil {
		return Waited{}, &Refusal{Reason: Failed, Err: err}
	}
	defer unlock()
	_, held, refusal := d.day(ctx, a.date)
	if refusal != nil {
		return Waited{}, refusal
	}
	if found, ok := d.place(a, slot, held); ok {
		return Waited{Offer: &Offer{
			Date: a.date, Time: a.time, Party: a.party, Zone: found.seat.zone, Zones: []string{found.seat.zone},
			NeedsWord: d.floor.needsWord(found.seat.tables), Until: slot.until(),
		}}, nil
	}
	return d.enlist(ctx, Waiting{
		ID: d.config.NewID(now), Name: b.Name, Phone: b.Phone, Vouched: b.Vouched, Lang: b.Lang, Channel: b.Channel, Notes: b.Notes,
		Date: b.Date, Time: b.Time, Party: b.Party, Zone: b.AskedZone, State: WaitWaiting, Created: now.UTC(), Updated: now.UTC(),
	})
}

// enlist puts a party on the list of its date, which is locked, unless it is there already.
func (d *Desk) enlist(ctx context.Context, w Waiting) (Waited, *Refusal) {
	all, err := d.config.Waitlist.WaitingOn(ctx, w.Date)
	if err != nil {
		return Waited{}, &Refusal{Reason: Failed, Err: err}
	}
	theirs := 0
	for i, other := range turns(all) {
		if other.Phone != w.Phone {
			continue
		}
		if theirs++; other.Time == w.Time && other.Party == w.Party {
			return Waited{Waiting: other, Ahead: i, Repeated: true}, nil
		}
	}
	if theirs >= maxWaitingOf || len(all) >= maxWaitingOn {
		return Waited{}, &Refusal{Reason: NotAllowed, Problem: ListFull, Date: w.Date}
	}
	if err := d.config.Waitlist.KeepWaiting(ctx, w); err != nil {
		return Waited{}, &Refusal{Reason: Failed, Err: err}
	}
	return Waited{Waiting: w, Ahead: len(all)}, nil
}

// WaitingOf returns the parties of a caller's number from today on, in whatever state.
func (d *Desk) WaitingOf(ctx context.Context, caller Caller) ([]Waiting, error) {
	if d.config.Waitlist == nil || caller.Phone == "" {
		return nil, nil
	}
	return d.config.Waitlist.WaitingOf(ctx, caller.Phone, d.Today())
}

// Leave takes the caller's parties off the waitlist and returns those that were on it. A
// table that is held for one of them, which then has a Booking, is freed.
//
// Errors: *Refusal.
func (d *Desk) Leave(ctx context.Context, caller Caller) ([]Waiting, error) {
	all, err := d.WaitingOf(ctx, caller)
	if err != nil {
		return nil, &Refusal{Reason: Failed, Err: err}
	}
	var left []Waiting
	for _, w := range all {
		if !w.State.Open() {
			continue
		}
		gone, err := d.leave(ctx, caller, w)
		if err != nil {
			return left, &Refusal{Reason: Failed, Err: err}
		}
		left = append(left, gone...)
	}
	return left, nil
}

func (d *Desk) leave(ctx context.Context, caller Caller, seen Waiting) (left []Waiting, err error) {
	unlock, err := d.config.Locks.Lock(ctx, seen.Date)
	if err != nil {
		return nil, err
	}
	defer unlock()
	all, err := d.config.Waitlist.WaitingOn(ctx, seen.Date)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(w Waiting) bool { return w.ID == seen.ID })
	if i < 0 {
		return nil, nil // gone meanwhile
	}
	w, offered := all[i], all[i].State == WaitOffered
	w.State, w.Updated = WaitLeft, d.Now().UTC()
	if !offered {
		return []Waiting{w}, d.config.Waitlist.KeepWaiting(ctx, w)
	}
	b, err := d.offered(ctx, w)
	if err != nil || b == nil || b.Status != PreBooked || b.Date != w.Date {
		return nil, err // confirmed or cancelled meanwhile: ServeWaitlist updates the party
	}
	if err := d.takeBack(ctx, caller, *b, w); err != nil {
		return nil, err
	}
	return []Waiting{w}, nil
}
