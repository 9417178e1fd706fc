package vapi

import (
	"context"
	"errors"
	"slices"
	"time"

	"maitre/booking"
	"maitre/webhook"
	"maitre/webhook/answer"
)

// actionTime bounds the work of a tool that changes something, below the 20 seconds
// that VAPI waits. The work goes on when VAPI hangs up.
const actionTime = 15 * time.Second

// once carries out a tool's action and answers; a repeat of the same tool call does
// nothing and gets the same bytes. The action reads the arguments too, as a repeat
// at a later hour might read them differently. A temporary failure of the desk is not
// remembered: the next try may succeed.
func (t *task) once(ctx context.Context, do webhook.Action) []byte {
	said, err := t.cfg.Idempotency.Answer(ctx, t.key, func(ctx context.Context) ([]byte, bool, error) {
		ctx, cancel := context.WithTimeout(ctx, actionTime)
		defer cancel()
		said, kept, err := do(ctx)
		if err == nil {
			return said, kept, nil
		}
		if refusal, ok := errors.AsType[*booking.Refusal](err); ok && refusal.Reason != booking.Failed {
			return t.refuse(err), false, nil
		}
		t.cfg.Log.ErrorContext(ctx, "desk failed", "call", clip(t.call), "error", err)
		return t.refuse(err), false, webhook.ErrForget
	})
	if err != nil {
		t.cfg.Log.ErrorContext(ctx, "tool failed", "call", clip(t.call), "error", err)
		return t.failure(t.lang)
	}
	return said
}

// reply is how a result is answered and kept for a repeat of the call.
func (t *task) reply(say func(booking.Lang, booking.Result) answer.Answer) booking.Reply {
	return booking.Reply{Key: t.key, Say: func(r booking.Result) []byte { return say(t.lang, r).JSON() }}
}

// answered returns the desk's result as an action does.
func answered(reply booking.Reply, result booking.Result, err error) ([]byte, bool, error) {
	if err != nil {
		return nil, false, err
	}
	said, kept := reply.To(result)
	return said, kept, nil
}

// request reads what table a guest wants.
func (t *task) request() (booking.Request, *booking.Refusal) {
	r := booking.Request{Caller: t.caller(), Zone: t.zone(), Name: t.args.name.text, Notes: t.args.notes.text}
	var given bool
	var refusal *booking.Refusal
	if r.Date, refusal = t.date(); refusal != nil {
		return r, refusal
	}
	if r.Date.IsZero() {
		return r, missing("date")
	}
	if r.Time, given, refusal = t.time(r.Date); refusal != nil {
		return r, refusal
	}
	if !given {
		return r, missing("time")
	}
	if r.Party, refusal = t.party(); refusal != nil {
		return r, refusal
	}
	r.Phone, refusal = t.phone()
	return r, refusal
}

func (t *task) book(ctx context.Context) ([]byte, bool, error) {
	r, refusal := t.request()
	if refusal != nil {
		return nil, false, refusal
	}
	r.Reply = t.reply(t.cfg.Renderer.Booked)
	result, err := t.cfg.Desk.Book(ctx, r)
	if err == nil && result.Repeated {
		if first, ok := t.firstAnswer(ctx, result.Booking); ok {
			return first, false, nil
		}
	}
	return answered(r.Reply, result, err)
}

// firstAnswer returns the answer that was given when a booking was made, as long as it
// is still true: not once the booking was changed, or was written after the answer
// that it was being processed.
func (t *task) firstAnswer(ctx context.Context, made booking.Booking) ([]byte, bool) {
	if made.MadeBy == "" || made.MadeBy == t.key || !made.Updated.Equal(made.Created) {
		return nil, false
	}
	first, ok, err := t.cfg.Idempotency.FirstAnswer(ctx, made.MadeBy)
	if err != nil {
		t.cfg.Log.ErrorContext(ctx, "recall answer", "booking", made.ID, "error", err)
		return nil, false
	}
	if ok && answer.IsProcessing(first) && t.cfg.Desk.SyncState(made.ID) == booking.Written {
		return nil, false
	}
	return first, ok
}

func (t *task) change(ctx context.Context) ([]byte, bool, error) {
	who, refusal := t.who()
	if refusal != nil {
		return nil, false, refusal
	}
	date, refusal := t.date()
	if refusal != nil {
		return nil, false, refusal
	}
	party, refusal := t.party()
	if refusal != nil {
		return nil, false, refusal
	}
	at, atGiven, refusal := t.time(date)
	if refusal != nil {
		return nil, false, refusal
	}
	c := booking.Change{
		Who: who, Date: some(date, date != 0), Party: some(party, party != 0), Time: some(at, atGiven),
		Zone: some(t.zone(), t.args.zone.given()), Name: some(t.args.name.text, t.args.name.given()),
		Notes: some(t.args.notes.text, t.args.notes.given()), Reply: t.reply(t.cfg.Renderer.Changed),
	}
	result, err := t.cfg.Desk.Change(ctx, c)
	return answered(c.Reply, result, err)
}

func (t *task) confirm(ctx context.Context) ([]byte, bool, error) {
	who, refusal := t.whoOn()
	if refusal != nil {
		return nil, false, refusal
	}
	yes, refusal := t.confirmed()
	if refusal != nil {
		return nil, false, refusal
	}
	reply := t.reply(func(lang booking.Lang, r booking.Result) answer.Answer { return t.cfg.Renderer.Confirmed(lang, r, yes) })
	result, err := t.cfg.Desk.Confirm(ctx, booking.Confirmation{Who: who, Confirmed: yes, Reply: reply})
	return answered(reply, result, err)
}

// cancel gives a table back. A guest without a booking is taken off the waitlist.
func (t *task) cancel(ctx context.Context) ([]byte, bool, error) {
	who, refusal := t.whoOn()
	if refusal != nil {
		return nil, false, refusal
	}
	either, ok, err := t.either(ctx, who)
	if err != nil || ok {
		return either.JSON(), false, err
	}
	reply := t.reply(t.cfg.Renderer.Cancelled)
	result, err := t.cfg.Desk.Cancel(ctx, booking.Cancellation{Who: who, Reply: reply})
	if no, ok := errors.AsType[*booking.Refusal](err); ok && no.Reason == booking.NotFound && who.Code == "" && t.cfg.Desk.KeepsWaitlist() {
		left, err := t.cfg.Desk.Leave(ctx, t.caller())
		if err != nil {
			t.cfg.Log.ErrorContext(ctx, "take off the waitlist", "call", clip(t.call), "error", err)
		}
		if len(left) > 0 {
			return t.cfg.Renderer.Left(t.lang, left).JSON(), false, nil
		}
	}
	return answered(reply, result, err)
}

// either asks a guest who has one booking and is on the waitlist, and has named
// neither, which of them to cancel; false: there is nothing to ask.
func (t *task) either(ctx context.Context, who booking.Who) (_ answer.Answer, ok bool, _ error) {
	if who.Code != "" || who.Phone != "" {
		return answer.Answer{}, false, nil
	}
	all, err := t.cfg.Desk.WaitingOf(ctx, who.Caller)
	if err != nil {
		return answer.Answer{}, false, err
	}
	i := slices.IndexFunc(all, func(w booking.Waiting) bool {
		return w.State == booking.WaitWaiting && (who.Date.IsZero() || who.Date == w.Date)
	})
	if i < 0 {
		return answer.Answer{}, false, nil
	}
	found, err := t.cfg.Desk.Lookup(ctx, who)
	if err != nil || len(found) != 1 {
		return answer.Answer{}, false, nil // the desk says so
	}
	return t.cfg.Renderer.Either(t.lang, found[0], all[i]), true, nil
}

// waitlist puts the guest on the waitlist, which the desk does only once.
func (t *task) waitlist(ctx context.Context) ([]byte, bool, error) {
	r, refusal := t.request()
	if refusal != nil {
		return nil, false, refusal
	}
	waited, err := t.cfg.Desk.Wait(ctx, r)
	if err != nil {
		return nil, false, err
	}
	return t.cfg.Renderer.Listed(t.lang, waited).JSON(), false, nil
}

// leaveWaitlist takes the guest off the waitlist, and touches nothing else.
func (t *task) leaveWaitlist(ctx context.Context) ([]byte, bool, error) {
	left, err := t.cfg.Desk.Leave(ctx, t.caller())
	if err != nil {
		return nil, false, err
	}
	return t.cfg.Renderer.Left(t.lang, left).JSON(), false, nil
}

// some returns a pointer to v where it is given.
func some[T any](v T, given bool) *T {
	if !given {
		return nil
	}
	return &v
}
