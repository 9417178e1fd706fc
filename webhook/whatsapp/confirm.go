package whatsapp

import (
	"context"
	"maitre/booking"
	"maitre/booking/catalogue"
)

// confirm handles a yes or a no when nothing was asked here: it is about a table that
// is held until the guest confirms it. A no gives the table back; where it may have
// been about something else, the guest is asked.
func (t *talk) confirm(ctx context.Context, keep bool) {
	held, ok := t.held(ctx)
	switch {
	case !ok:
		return
	case len(held) == 0 && keep && t.tooLate(ctx):
		return
	case len(held) == 0:
		t.toNothing(ctx, keep)
		return
	case !keep && (!t.fresh || t.expired) && !t.askedSince(held):
		t.s.begin(toCancel)
	default:
		t.s.begin(toConfirm)
		t.s.Keep = keep
	}
	if len(held) == 1 {
		t.s.Code = held[0].Code
	}
	t.find(ctx, nil)
}

// askedSince reports whether the only table that is held was offered after the guest's
// last message, so that a yes or no answers that offer.
func (t *talk) askedSince(held []booking.Booking) bool {
	return len(held) == 1 && t.s.Task == "" && held[0].Created.After(t.before)
}

// held returns the tables that are held for the guest. It reports
// false when the desk could not look, after telling the guest so.
func (t *talk) held(ctx context.Context) (held []booking.Booking, ok bool) {
	found, err := t.cfg.Desk.Lookup(ctx, booking.Who{Caller: t.caller()})
	if err != nil && refusalOf(err).Reason == booking.Failed {
		t.failed(ctx, refusalOf(err))
		return nil, false
	}
	return preBooked(found), true
}

func preBooked(found []booking.Booking) (held []booking.Booking) {
	for _, b := range found {
		if b.Status == booking.PreBooked {
			held = append(held, b)
		}
	}
	return held
}

// agreesTo handles a yes with more words: a change to the held table or to the booking
// just made, or a request for a table.
func (t *talk) agreesTo(ctx context.Context, slots bool) {
	held, ok := t.held(ctx)
	switch {
	case !ok:
	case len(held) > 0:
		t.s.Recent = held[0].Code
		if len(held) > 1 {
			t.s.Recent = ""
		}
		t.startChange(ctx)
	case t.s.Recent != "" && t.said.Date == nil:
		t.startChange(ctx)
	case slots:
		t.s.begin(toBook)
		t.booking(ctx)
	default:
		t.confirm(ctx, true)
	}
}

// toNothing answers a yes or a no when there is no question.
func (t *talk) toNothing(ctx context.Context, yes bool) {
	switch {
	case t.expired:
		t.says(catalogue.Expired, catalogue.StartAgain)
	case !yes:
		t.says(catalogue.Whenever)
	case t.counts(): // "vale, súbela a 3": more than a yes
		t.lost(ctx)
	case !t.fresh: // "ok", after all is said
		t.says(catalogue.Welcome)
	default:
		t.nothingToConfirm()
	}
}

func (t *talk) nothingToConfirm() {
	t.s.settle()
	t.says(catalogue.Nothing, catalogue.Help)
}

func (t *talk) confirmIt(ctx context.Context) {
	who, keep := t.who(), t.s.Keep
	say := t.cfg.Words.Confirmed
	if !keep {
		say = t.cfg.Words.Declined
	}
	t.over(ctx, t.act(func(reply booking.Reply) (booking.Result, error) {
		return t.cfg.Desk.Confirm(ctx, booking.Confirmation{Who: who, Confirmed: keep, Reply: reply})
	}, say))
}

// counts reports whether there is a number in the message.
func (t *talk) counts() bool {
	_, ok := t.cfg.Reader.Party(t.m.text)
	return ok
}
