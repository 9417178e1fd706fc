package vapi

import (
	"context"

	"maitre/booking"
)

// The tools that only read. They are answered afresh each time.

func (t *task) hours() []byte {
	date, refusal := t.date()
	switch {
	case refusal != nil:
		return t.refuse(refusal)
	case date.IsZero():
		return t.cfg.Renderer.Week(t.lang, t.cfg.Desk.Week()).JSON()
	}
	return t.cfg.Renderer.Hours(t.lang, t.cfg.Desk.Hours(date)).JSON()
}

// availability says whether one time is free, or which times of a day are.
func (t *task) availability(ctx context.Context) []byte {
	q := booking.Query{Caller: t.anybody(), Zone: t.zone()}
	var refusal *booking.Refusal
	if q.Date, refusal = t.date(); refusal != nil {
		return t.refuse(refusal)
	}
	if q.Date.IsZero() {
		return t.refuse(missing("date"))
	}
	at, given, refusal := t.time(q.Date)
	if refusal != nil {
		return t.refuse(refusal)
	}
	if q.Party, refusal = t.party(); refusal != nil {
		return t.refuse(refusal)
	}
	if !given {
		slots, err := t.cfg.Desk.Availability(ctx, q)
		if err != nil {
			return t.refuse(err)
		}
		return t.cfg.Renderer.Slots(t.lang, q, slots).JSON()
	}
	offer, err := t.cfg.Desk.Check(ctx, q, at)
	if err != nil {
		return t.refuse(err)
	}
	return t.cfg.Renderer.Offered(t.lang, offer).JSON()
}

func (t *task) lookup(ctx context.Context) []byte {
	who, refusal := t.whoOn()
	if refusal != nil {
		return t.refuse(refusal)
	}
	found, err := t.cfg.Desk.Lookup(ctx, who)
	if err != nil {
		return t.refuse(err)
	}
	return t.cfg.Renderer.Found(t.lang, found).JSON()
}
