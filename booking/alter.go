package booking

import (
	"context"
	"time"
)

// Cancel cancels a booking. One that is cancelled already is returned as Repeated. Errors: *Refusal.
func (d *Desk) Cancel(ctx context.Context, c Cancellation) (Result, error) {
	result, refusal := d.become(ctx, c.Who, Cancelled, c.Reply)
	return d.counted(c.Who, "cancelled", result, refusal)
}

// Confirm takes a guest's yes or no to a booking: a no cancels it. Without a change
// the booking is returned as Repeated. Errors: *Refusal.
func (d *Desk) Confirm(ctx context.Context, c Confirmation) (Result, error) {
	next, done := Confirmed, "confirmed"
	if !c.Confirmed {
		next, done = Cancelled, "cancelled"
	}
	result, refusal := d.become(ctx, c.Who, next, c.Reply)
	return d.counted(c.Who, done, result, refusal)
}

func (d *Desk) counted(who Who, done string, result Result, refusal *Refusal) (Result, error) {
	var err error
	if refusal != nil {
		err = refusal
	}
	d.count(who.Caller.Channel, done, result, err)
	return result, err
}

// become moves a booking on in its life, for a guest.
func (d *Desk) become(ctx context.Context, who Who, next Status, reply Reply) (Result, *Refusal) {
	return d.alter(ctx, who, 0, func(b Booking, _ *occupancy, now time.Time) (Booking, *Refusal) {
		if b.Status == next {
			return b, nil
		}
		if !b.Status.MayBecome(next) || !b.End.After(now) {
			return Booking{}, lifeOver(b)
		}
		b.Status, b.HeldUntil = next, time.Time{}
		return b, nil
	}, reply)
}

func lifeOver(b Booking) *Refusal {
	return &Refusal{Reason: NotAllowed, Problem: LifeOver, Date: b.Date, Time: b.Time, HasTime: true, Unchanged: &b}
}

// decision returns, under the locks, the state that a booking shall have. held is the
// occupancy of the date it shall move to, or of its own.
type decision func(b Booking, held *occupancy, now time.Time) (Booking, *Refusal)

// alter finds the booking that a guest speaks of, locks its date (and the date
// it shall move to, where not zero), decides, and makes the decision durable.
func (d *Desk) alter(ctx context.Context, who Who, to Date, decide decision, reply Reply) (Result, *Refusal) {
	began := d.Now()
	for range maxMoves {
		b, refusal := d.find(ctx, who)
		if refusal != nil {
			return Result{}, refusal
		}
		if refusal := d.freshenAll(ctx, b.Date, to, d.patienceFrom(began)); refusal != nil {
			return Result{}, refusal.withBooking(b)
		}
		result, moved, refusal := d.alterLocked(ctx, b, to, decide, request{caller: who.Caller, reply: reply})
		switch {
		case refusal != nil:
			return Result{}, refusal
		case !moved:
			return d.settle(ctx, began, result), nil
		}
	}
	return Result{}, &Refusal{Reason: Failed, Err: errMoving}
}

// freshenAll brings a booking's date up to date, and the one it shall move to, where not zero.
func (d *Desk) freshenAll(ctx context.Context, date, to Date, until time.Time) *Refusal {
	if refusal := d.freshen(ctx, date, Sure, until); refusal != nil || to.IsZero() || to == date {
		return refusal
	}
	return d.freshen(ctx, to, Sure, until)
}

// maxMoves bounds how often alter follows a booking that somebody else keeps
// moving to another date between looking it up and locking.
const maxMoves = 5

func (d *Desk) alterLocked(ctx context.Context, seen Booking, to Date, decide decision, r request) (_ Result, moved bool, _ *Refusal) {
	if to.IsZero() {
		to = seen.Date
	}
	unlock, err := d.config.Locks.Lock(ctx, seen.Date, to)
	if err != nil {
		return Result{}, false, &Refusal{Reason: Failed, Err: err}
	}
	defer unlock()
	day, held, refusal := d.day(ctx, seen.Date)
	if refusal != nil {
		return Result{}, false, refusal
	}
	was, still := day.find(seen.ID)
	if !still {
		return Result{}, true, nil
	}
	if to != seen.Date {
		if _, held, refusal = d.day(ctx, to); refusal != nil {
			return Result{}, false, refusal
		}
	}
	now := d.Now()
	b, refusal := decide(was, held, now)
	if refusal != nil {
		return Result{}, false, refusal
	}
	if same(b, was) {
		return d.again(was, &was), false, nil
	}
	b.Updated = now.UTC()
	result, err := d.accept(ctx, b, &was, r)
	if err != nil {
		return Result{}, false, &Refusal{Reason: Failed, Err: err, Unchanged: &was}
	}
	return result, false, nil
}
