package retry

import (
	"context"
	"errors"

	"maitre/booking"
)

// handle handles a due message. The breaker has allowed one request, whose result
// is reported in any case.
func (p *Sender) handle(ctx context.Context, o booking.OutboxMessage) result {
	v, err := p.viewOf(ctx, o)
	if err != nil {
		p.o.Breaker.Report(Neutral)
		p.o.Log.Error("read the state of a message and its receiver; it is tried again", "message", o.ID, "error", err)
		return result{seen: o, skip: true}
	}
	switch verdict := judge(o, v); verdict.do {
	case search:
		return p.search(ctx, o, v)
	case send:
		return p.send(ctx, o, verdict.way, v)
	default:
		p.o.Breaker.Report(Neutral)
		return p.save(ctx, o, verdict.out)
	}
}

// viewOf gathers what the rules need to know of a message.
func (p *Sender) viewOf(ctx context.Context, o booking.OutboxMessage) (view, error) {
	v := view{now: p.o.Now(), template: p.o.Template(o.Kind, o.Lang), sms: p.o.SMS, jitter: p.o.Jitter()}
	v.until, v.quiet = p.o.Quiet(v.now)
	still, err := p.o.Still(ctx, o)
	if v.stale = !still; err != nil {
		return v, err
	}
	if v.lastMessage, err = p.outbox.LastMessage(ctx, o.To); err != nil {
		return v, err
	}
	if p.isStaff(o.To) {
		return v, nil
	}
	v.optedOut, err = p.outbox.OptedOut(ctx, o.To)
	return v, err
}

// send makes one attempt. Its beginning is on disk before the request is made.
func (p *Sender) send(ctx context.Context, o booking.OutboxMessage, way booking.Way, v view) result {
	begun, ok, err := p.outbox.Begin(ctx, o, way, v.now)
	if err != nil || !ok {
		p.o.Breaker.Report(Neutral)
		if err != nil {
			p.o.Log.Error("save the attempt of a message before it is sent; it is tried again", "message", o.ID, "error", err)
		}
		return result{seen: o, skip: true}
	}
	sid, err := p.carrier.Send(ctx, outgoing(begun, way, v.template))
	if err == nil {
		p.o.Breaker.Report(Success)
		p.refusal.Store(nil)
		return p.save(ctx, begun, booking.SendResult{State: booking.MessageSent, SID: sid})
	}
	carry := carryError(err)
	p.report(ctx, carry)
	v.now = p.o.Now()
	out := failedResult(begun, carry, v)
	if ctx.Err() != nil && out.State == booking.MessageWaiting {
		out.Failed, out.Next = false, v.now // the sender stops
	}
	return p.save(ctx, begun, out)
}

// search looks for a message that may have been sent, and sends it again only if it
// surely was not.
func (p *Sender) search(ctx context.Context, o booking.OutboxMessage, v view) result {
	sids, asOf, err := p.carrier.Find(ctx, outgoing(o, o.Way, v.template), v.now.Sub(o.LastTry()))
	if err != nil {
		carry := carryError(err)
		p.report(ctx, carry)
		if ctx.Err() != nil {
			return result{seen: o, skip: true}
		}
		v.now = p.o.Now()
		return p.save(ctx, o, judgeUnsearchable(o, carry, v).out)
	}
	p.o.Breaker.Report(Success)
	for _, sid := range sids {
		claimed, err := p.outbox.Claimed(ctx, sid)
		if err != nil {
			p.o.Log.Error("look for the carrier's ID of a message; it is tried again", "message", o.ID, "error", err)
			return result{seen: o, skip: true}
		}
		if !claimed {
			return p.save(ctx, o, booking.SendResult{State: booking.MessageSent, SID: sid})
		}
	}
	verdict := judgeNotFound(o, v, asOf)
	if verdict.do != send {
		return p.save(ctx, o, verdict.out)
	}
	if p.o.Breaker.Allow() != nil {
		return result{seen: o, skip: true}
	}
	return p.send(ctx, o, verdict.way, v)
}

// report reports a failed request to the breaker, and keeps a refusal of all messages.
func (p *Sender) report(ctx context.Context, e *booking.CarryError) {
	switch e.Kind {
	case booking.CarryUnauthorized:
		p.refusal.Store(e)
	case booking.CarryRefused:
		p.refusal.Store(nil)
	case booking.CarryLater, booking.CarryUnknown:
	}
	switch {
	case ctx.Err() != nil:
		p.o.Breaker.Report(Neutral)
	case e.Kind == booking.CarryRefused:
		p.o.Breaker.Report(Success)
	default:
		p.o.Breaker.Report(Failure)
	}
}

func carryError(err error) *booking.CarryError {
	if carry, ok := errors.AsType[*booking.CarryError](err); ok {
		return carry
	}
	return &booking.CarryError{Kind: booking.CarryUnknown, Reason: err.Error(), Err: err}
}

// save saves the result of a message, also when the sender stops.
func (p *Sender) save(ctx context.Context, seen booking.OutboxMessage, out booking.SendResult) result {
	stored, err := p.outbox.Finish(context.WithoutCancel(ctx), seen, out, p.o.Now())
	if err == nil {
		return result{seen: seen, stored: stored}
	}
	p.o.Log.Error("save the result of a message; it is tried again", "message", seen.ID, "error", err)
	if seen.State != booking.MessageSending {
		return result{seen: seen, skip: true}
	}
	return result{seen: seen, unsaved: &out}
}
