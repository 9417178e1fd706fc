package booking

import (
	"context"
	"errors"
	"strings"
	"time"
)

// Book books a table. If the same call or number has an open booking for the same date,
// time and party already, it does nothing and returns that booking as Repeated.
//
// Errors: *Refusal.
func (d *Desk) Book(ctx context.Context, r Request) (Result, error) {
	result, err := d.book(ctx, r)
	d.count(r.Caller.Channel, "booked", result, err)
	return result, err
}

func (d *Desk) book(ctx context.Context, r Request) (Result, error) {
	a := ask{date: r.Date, time: r.Time, hasTime: true, party: r.Party, zone: r.Zone, channel: r.Caller.Channel}
	now := d.Now()
	p, refusal := d.open(a, now)
	if refusal != nil {
		return Result{}, d.withAlternatives(ctx, a, refusal, now)
	}
	b, refusal := d.draft(r, now)
	if refusal != nil {
		return Result{}, refusal
	}
	if refusal := d.freshen(ctx, a.date, Sure, d.patienceFrom(now)); refusal != nil {
		return Result{}, refusal
	}
	result, refusal := d.reserve(ctx, a, p, b, r)
	if refusal != nil {
		return Result{}, d.withAlternatives(ctx, a, refusal, d.Now())
	}
	return d.settle(ctx, now, result), nil
}

// draft returns a new booking without its table.
func (d *Desk) draft(r Request, now time.Time) (Booking, *Refusal) {
	name, refusal := cleanName(r.Name)
	if refusal != nil {
		return Booking{}, refusal
	}
	notes, refusal := cleanNotes(r.Notes)
	if refusal != nil {
		return Booking{}, refusal
	}
	email, refusal := cleanText("email", r.Email, MaxName)
	if refusal != nil {
		return Booking{}, refusal
	}
	phone := r.Phone
	if phone == "" {
		phone = r.Caller.Phone
	}
	if phone == "" {
		return Booking{}, invalid("phone", Missing)
	}
	status := Confirmed
	if r.PreBook {
		status = PreBooked
	}
	b := Booking{
		Name: name, Phone: phone, Vouched: phone == r.Caller.Phone, Email: email, Notes: notes, Status: status,
		Date: r.Date, Time: r.Time, Party: r.Party, AskedZone: r.Zone,
		Channel: r.Caller.Channel, CallID: r.Caller.CallID, Lang: r.Caller.Lang,
		Created: now.UTC(), Updated: now.UTC(),
	}
	if d.config.Notify != nil && d.config.Notify.Asks(b) {
		b.Status = PreBooked
	}
	return b, nil
}

// reserve finds a table and books it under the date's lock, which is held until the
// booking is on disk: the next guest is refused only for a booking that cannot be lost.
func (d *Desk) reserve(ctx context.Context, a ask, p *program, b Booking, r Request) (Result, *Refusal) {
	unlock, err := d.config.Locks.Lock(ctx, a.date)
	if err != nil {
		return Result{}, &Refusal{Reason: Failed, Err: err}
	}
	defer unlock()
	day, held, refusal := d.day(ctx, a.date)
	if refusal != nil {
		return Result{}, refusal
	}
	if made, refusal := repeated(day, b, r.Caller); refusal != nil {
		return Result{}, refusal
	} else if made != nil {
		return d.again(*made, nil), nil
	}
	slot, refusal := d.arrivalFor(a, p, d.Now())
	if refusal != nil {
		return Result{}, refusal
	}
	found, ok := d.place(a, slot, held)
	if !ok {
		return Result{}, a.refuse(Full)
	}
	b.sit(found)
	b.ID = d.config.NewID(b.Created)
	return d.acceptNew(ctx, b, request{caller: r.Caller, reply: r.Reply})
}

// sit gives a booking its time and tables.
func (b *Booking) sit(at placed) {
	b.Start, b.End = at.arrival.at.UTC(), at.end.UTC()
	b.Time, b.HourUnknown, b.Service = at.arrival.time, false, at.arrival.service.ID
	b.Tables, b.Zone = at.seat.tables, at.seat.zone
}

// repeated returns the booking that a request repeats, because the guest missed the
// answer or the assistant was interrupted. The answer contains the booking's code, with
// which it can be cancelled. So if the number was vouched for the first time, a number
// that is only said is refused, and so is one typed on a page without the same name.
func repeated(day *Day, wanted Booking, caller Caller) (*Booking, *Refusal) {
	for i := range day.Bookings {
		b := &day.Bookings[i]
		switch {
		case !b.Status.open() || b.Time != wanted.Time || b.Party != wanted.Party:
		case b.CallID != "" && b.CallID == wanted.CallID:
			return b, nil
		case b.Phone != wanted.Phone:
		case caller.Channel == ByWeb && (b.Vouched || !strings.EqualFold(b.Name, wanted.Name)):
			return nil, &Refusal{
				Reason: NotAllowed, Field: "phone", Problem: Doubled, Date: b.Date, Time: b.Time, HasTime: true, Party: b.Party,
			}
		case b.Vouched && b.Phone != caller.Phone && caller.Channel != ByStaff:
			return nil, &Refusal{Reason: NotAllowed, Field: "code", Problem: OtherNumber}
		default:
			return b, nil
		}
	}
	return nil, nil
}

// acceptNew accepts a booking under a code that is not taken. Only the journal, which
// has every date, knows which are.
func (d *Desk) acceptNew(ctx context.Context, b Booking, r request) (Result, *Refusal) {
	for try := range maxCodeTries {
		b.Code = d.config.NewCode(d.codes.length(try))
		result, err := d.accept(ctx, b, nil, r)
		if errors.Is(err, ErrCodeTaken) {
			continue
		}
		if err != nil {
			return Result{}, &Refusal{Reason: Failed, Err: err}
		}
		return result, nil
	}
	return Result{}, &Refusal{Reason: Failed, Err: ErrCodeTaken}
}

// request is who asked for a decision, and how it is answered.
type request struct {
	caller Caller
	reply  Reply
	// waiting is the new state of the waitlist party that it is for.
	waiting *Waiting
}

// accept makes a decision of the desk durable. Every decision passes here.
func (d *Desk) accept(ctx context.Context, b Booking, was *Booking, r request) (Result, error) {
	result := d.result(b, was, false)
	entry := Entry{Was: was}
	if r.reply.Key != "" {
		pending := result
		pending.State = Pending
		entry.Answer = &StoredAnswer{Key: r.reply.Key, Answer: r.reply.Say(result), Pending: r.reply.Say(pending)}
		if was == nil {
			result.Booking.MadeBy = r.reply.Key
		}
	}
	entry.Booking = result.Booking
	if d.config.Notify != nil {
		entry.Messages = d.config.Notify.Messages(Decision{Caller: r.caller, Booking: b, Was: was, Now: d.Now()})
	}
	if r.waiting != nil {
		w := *r.waiting
		if w.State == WaitOffered {
			w.Code = b.Code
		}
		entry.Waiting, entry.Silent = &w, true
	}
	state, err := d.config.Journal.Accept(ctx, entry)
	if err != nil {
		return Result{}, err
	}
	if d.config.OnDecided != nil {
		d.config.OnDecided(entry)
	}
	result.State, result.stored = state, entry.Answer
	if state == Deferred {
		result.State, result.deferred = Pending, true
	}
	return result, nil
}

// again returns the result for a booking that was there already.
func (d *Desk) again(b Booking, was *Booking) Result {
	result := d.result(b, was, true)
	result.State = d.config.Journal.SyncState(b.ID)
	return result
}

// result returns what guests are told of a booking once it is written.
func (d *Desk) result(b Booking, was *Booking, again bool) Result {
	result := Result{Booking: b, Was: was, State: Written, Repeated: again, NeedsWord: d.floor.needsWord(b.Tables)}
	if slot, ok := d.programOf(b.Date).arrivalAt(b.Time); ok {
		result.Until = slot.until()
	}
	return result
}

// count reports how a request ended to [Config].Count.
func (d *Desk) count(channel Channel, done string, result Result, err error) {
	var refusal *Refusal
	switch {
	case errors.As(err, &refusal):
		done = string(refusal.Reason)
	case err != nil:
		done = string(Failed)
	case result.Repeated:
		done = "repeated"
	case result.State == Pending:
		done = string(Processing)
	}
	d.config.Count(channel, done)
}
