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

// actTime bounds the work of a tool that changes something. It runs on when
// VAPI hangs up, and VAPI itself waits for 20 seconds.
const actTime = 15 * time.Second

// act asks the desk for something that changes a booking. It passes remember on
// to the desk.
type act func(ctx context.Context, remember func(booking.Result) booking.Memo) (booking.Result, error)

// deed is an act, and how the guest is told of it.
type deed struct {
	act act
	say func(booking.Result) answer.Answer
	// again finds the first answer of what the desk says is repeated; nil: a
	// repeat is told of afresh.
	again func(ctx context.Context, r booking.Result) ([]byte, bool)
	// instead does what else a guest can have meant whom the desk refuses; false:
	// nothing. nil: there is nothing else.
	instead func(ctx context.Context, refused error) (answer.Answer, bool)
}

// once carries a deed out and answers; a repeat of the same tool call does
// nothing and gets the same bytes. plan reads the arguments, inside: what a
// repeat would read differently, because it has got late, counts only once.
func (t *task) once(ctx context.Context, plan func() (deed, *booking.Refusal)) []byte {
	do := func(ctx context.Context) ([]byte, bool, error) {
		ctx, cancel := context.WithTimeout(ctx, actTime)
		defer cancel()
		d, refusal := plan()
		if refusal != nil {
			return t.refuse(refusal), false, nil
		}
		return t.carryOut(ctx, d)
	}
	return t.answered(ctx, do)
}

// answered answers a call that changes something; a repeat of it gets the same bytes.
// Where only the answer could not be kept, what was done is done and on disk: it is
// said, and a repeat finds it done.
func (t *task) answered(ctx context.Context, do func(ctx context.Context) (said []byte, kept bool, err error)) []byte {
	var said []byte
	var err error
	if t.key == "" {
		said, _, err = do(context.WithoutCancel(ctx))
		if errors.Is(err, webhook.ErrForget) {
			err = nil
		}
	} else {
		var done []byte
		said, err = t.Replay.Once(ctx, t.key, func(ctx context.Context) (said []byte, kept bool, err error) {
			if said, kept, err = do(ctx); err == nil {
				done = said
			}
			return said, kept, err
		})
		if err != nil && done != nil {
			t.Log.ErrorContext(ctx, "answer not kept; what was done is", "call", clip(t.call), "err", err)
			return done
		}
	}
	if err != nil {
		t.Log.ErrorContext(ctx, "tool failed", "call", clip(t.call), "err", err)
		return t.failure(t.lang)
	}
	return said
}

// carryOut does the deed and returns its answer as [webhook.Replay] wants it.
func (t *task) carryOut(ctx context.Context, d deed) (said []byte, kept bool, _ error) {
	stored := webhook.NewStoredAnswer(t.key, func(r booking.Result) []byte { return d.say(r).JSON() })
	var remember func(booking.Result) booking.Memo
	if t.key != "" {
		remember = stored.Remember
	}
	result, err := d.act(ctx, remember)
	switch {
	case err != nil:
		if d.instead != nil {
			if a, done := d.instead(ctx, err); done {
				return a.JSON(), false, nil
			}
		}
		return t.refused(ctx, err)
	case result.Repeated:
		if d.again != nil {
			if first, ok := d.again(ctx, result); ok {
				return first, false, nil
			}
		}
	}
	said, kept = stored.To(result)
	return said, kept, nil
}

// refused tells of a refusal. That the desk could not do its work just now is
// not remembered: the next try may find it better.
func (t *task) refused(ctx context.Context, err error) ([]byte, bool, error) {
	var refusal *booking.Refusal
	if errors.As(err, &refusal) && refusal.Reason != booking.Failed {
		return t.refuse(err), false, nil
	}
	t.Log.ErrorContext(ctx, "desk failed", "call", clip(t.call), "err", err)
	return t.refuse(err), false, webhook.ErrForget
}

// firstAnswer finds what was said when a booking was made, or is about to be
// said, as long as that is how the booking stands: once it was changed, or was
// written after the guest had heard that it was being processed, the first answer
// is not true any more.
func (t *task) firstAnswer(ctx context.Context, r booking.Result) ([]byte, bool) {
	made := r.Booking
	if made.MadeBy == "" || made.MadeBy == t.key || !made.Updated.Equal(made.Created) {
		return nil, false
	}
	first, ok, err := t.Replay.Again(ctx, made.MadeBy)
	if err != nil {
		t.Log.ErrorContext(ctx, "recall answer", "booking", made.ID, "err", err)
		return nil, false
	}
	if ok && answer.IsProcessing(first) && t.Desk.Standing(made.ID) == booking.Written {
		return nil, false
	}
	return first, ok
}

// waitlist puts the guest on the waitlist. The desk does that once, however often
// it is asked; a repeat of the call gets the same answer.
func (t *task) waitlist(ctx context.Context) []byte {
	if !t.Desk.KeepsWaitlist() {
		return t.Speaker.NoWaitlist(t.lang).JSON()
	}
	return t.answered(ctx, func(ctx context.Context) ([]byte, bool, error) {
		ctx, cancel := context.WithTimeout(ctx, actTime)
		defer cancel()
		r, refusal := t.wish()
		if refusal != nil {
			return t.refuse(refusal), false, nil
		}
		waited, err := t.Desk.Wait(ctx, r)
		if err != nil {
			return t.refused(ctx, err)
		}
		return t.Speaker.Listed(t.lang, waited).JSON(), false, nil
	})
}

// wish reads what table a guest wants.
func (t *task) wish() (booking.Request, *booking.Refusal) {
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

func (t *task) book() (deed, *booking.Refusal) {
	r, refusal := t.wish()
	if refusal != nil {
		return deed{}, refusal
	}
	return deed{
		act: func(ctx context.Context, remember func(booking.Result) booking.Memo) (booking.Result, error) {
			r.Remember = remember
			return t.Desk.Book(ctx, r)
		},
		say:   func(r booking.Result) answer.Answer { return t.Speaker.Booked(t.lang, r) },
		again: t.firstAnswer,
	}, nil
}

func (t *task) change() (deed, *booking.Refusal) {
	var c booking.Change
	var refusal *booking.Refusal
	if c.Who, refusal = t.who(); refusal != nil {
		return deed{}, refusal
	}
	date, refusal := t.date()
	if refusal != nil {
		return deed{}, refusal
	}
	party, refusal := t.party()
	if refusal != nil {
		return deed{}, refusal
	}
	at, atGiven, refusal := t.time(date)
	if refusal != nil {
		return deed{}, refusal
	}
	c.Date, c.Party, c.Time = some(date, date != 0), some(party, party != 0), some(at, atGiven)
	c.Zone = some(t.zone(), t.args.zone.given())
	c.Name = some(t.args.name.text, t.args.name.given())
	c.Notes = some(t.args.notes.text, t.args.notes.given())
	return deed{
		act: func(ctx context.Context, remember func(booking.Result) booking.Memo) (booking.Result, error) {
			c.Remember = remember
			return t.Desk.Change(ctx, c)
		},
		say: func(r booking.Result) answer.Answer { return t.Speaker.Changed(t.lang, r) },
	}, nil
}

func (t *task) cancel() (deed, *booking.Refusal) {
	who, refusal := t.whoOn()
	if refusal != nil {
		return deed{}, refusal
	}
	return deed{
		act: func(ctx context.Context, remember func(booking.Result) booking.Memo) (booking.Result, error) {
			if either := t.mayMeanWaitlist(ctx, who); either != nil {
				return booking.Result{}, either
			}
			return t.Desk.Cancel(ctx, booking.Cancellation{Who: who, Remember: remember})
		},
		say: func(r booking.Result) answer.Answer { return t.Speaker.Cancelled(t.lang, r) },
		instead: func(ctx context.Context, refused error) (answer.Answer, bool) {
			if either, ok := errors.AsType[*eitherError](refused); ok {
				return t.Speaker.Either(t.lang, either.booked, either.waiting), true
			}
			var refusal *booking.Refusal
			if !errors.As(refused, &refusal) || refusal.Reason != booking.NotFound || who.Code != "" || !t.Desk.KeepsWaitlist() {
				return answer.Answer{}, false
			}
			return t.leave(ctx)
		},
	}, nil
}

// eitherError says that a guest who cancels can mean the booking or the place on the
// waitlist, and has named neither.
type eitherError struct {
	booked  booking.Booking
	waiting booking.Waiting
}

// Error says that it is not clear which is meant.
func (*eitherError) Error() string { return "the booking or the place on the waitlist can be meant" }

// mayMeanWaitlist returns an error where a guest has one booking and waits as well; nil:
// what is to be cancelled is clear, or the desk says why not.
func (t *task) mayMeanWaitlist(ctx context.Context, who booking.Who) error {
	if who.Code != "" || who.Phone != "" {
		return nil
	}
	all, err := t.Desk.WaitingOf(ctx, who.Caller)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(w booking.Waiting) bool {
		return w.State == booking.WaitWaiting && (who.Date.IsZero() || who.Date == w.Date)
	})
	if i < 0 {
		return nil
	}
	found, err := t.Desk.Lookup(ctx, who)
	if err != nil || len(found) != 1 {
		return nil // which the desk says
	}
	return &eitherError{found[0], all[i]}
}

// leaveWaitlist takes the guest off the waitlist, and touches nothing else.
func (t *task) leaveWaitlist(ctx context.Context) []byte {
	return t.answered(ctx, func(ctx context.Context) ([]byte, bool, error) {
		ctx, cancel := context.WithTimeout(ctx, actTime)
		defer cancel()
		left, err := t.Desk.Leave(ctx, t.caller())
		if err != nil {
			return t.refused(ctx, err)
		}
		return t.Speaker.Left(t.lang, left).JSON(), false, nil
	})
}

// leave takes a guest who has no booking to cancel off the waitlist; false: they
// are not on it.
func (t *task) leave(ctx context.Context) (answer.Answer, bool) {
	left, err := t.Desk.Leave(ctx, t.caller())
	if err != nil {
		t.Log.ErrorContext(ctx, "take off the waitlist", "call", clip(t.call), "err", err)
	}
	return t.Speaker.Left(t.lang, left), len(left) > 0
}

func (t *task) confirm() (deed, *booking.Refusal) {
	who, refusal := t.whoOn()
	if refusal != nil {
		return deed{}, refusal
	}
	yes, refusal := t.confirmed()
	if refusal != nil {
		return deed{}, refusal
	}
	return deed{
		act: func(ctx context.Context, remember func(booking.Result) booking.Memo) (booking.Result, error) {
			return t.Desk.Confirm(ctx, booking.Confirmation{Who: who, Confirmed: yes, Remember: remember})
		},
		say: func(r booking.Result) answer.Answer { return t.Speaker.Confirmed(t.lang, r, yes) },
	}, nil
}

// some returns a pointer to v where it is given.
func some[T any](v T, given bool) *T {
	if !given {
		return nil
	}
	return &v
}
