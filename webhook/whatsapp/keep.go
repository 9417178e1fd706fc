package whatsapp

import (
	"context"
	"maitre/booking"
	"maitre/booking/catalogue"
	"maitre/booking/phrase"
)

// A table that is held until its guest confirms it is given back by a plain word only.
// Anything else is answered as far as possible, and the guest is asked.

// askKeep asks whether the guest keeps the table that is held. Of several none is asked
// about before the guest says which.
func (t *talk) askKeep(held []booking.Booking) {
	if len(held) > 1 {
		t.say(t.cfg.Words.Found(t.s.Lang, t.now, held))
		return
	}
	t.s.begin(toKeep)
	t.s.Code = held[0].Code
	t.proposeKeep(held[0])
}

func (t *talk) askKeepOf(ctx context.Context, code string) {
	t.s.begin(toKeep)
	t.s.Code = code
	t.find(ctx, nil)
}

func (t *talk) proposeKeep(b booking.Booking) {
	if b.Status != booking.PreBooked { // it was answered elsewhere
		t.say(t.cfg.Words.Found(t.s.Lang, t.now, []booking.Booking{b}))
		t.s.settle()
		return
	}
	t.s.Asked = forYes
	t.say(t.cfg.Words.AskKeep(t.s.Lang, t.now, b))
}

// askIfHeld asks what the guest was asked elsewhere and has not answered with this
// message: whether to keep a table that is held.
func (t *talk) askIfHeld(ctx context.Context) {
	if t.s.Task != "" {
		return
	}
	found, err := t.cfg.Desk.Lookup(ctx, booking.Who{Caller: t.caller()})
	if err != nil {
		return // none, or it cannot be known now; what was asked here is answered
	}
	if held := preBooked(found); t.askedSince(held) {
		t.askKeep(held)
	}
}

// asksToKeep asks a guest who was not understood about the table that is held; false:
// none is.
func (t *talk) asksToKeep(ctx context.Context) bool {
	held, ok := t.held(ctx)
	if !ok {
		return true // the guest was told so
	}
	if len(held) == 0 {
		return false
	}
	t.askKeep(held)
	return true
}

// unsure takes a text with a no in it that is no plain no.
func (t *talk) unsure(ctx context.Context) {
	held, ok := t.held(ctx)
	switch {
	case !ok:
	case len(held) == 0:
		t.toNothing(ctx, false)
	default:
		t.answersFact()
		t.askKeep(held)
	}
}

// answersFact answers with the restaurant's fact on the message's topic.
func (t *talk) answersFact() {
	if t.cfg.Reader.Topic(t.m.text) != "" {
		t.info()
	}
}

// keeping goes on with a guest who was asked whether the table shall be kept.
func (t *talk) keeping(ctx context.Context) {
	switch intent := t.said.Intent; {
	case intent == phrase.No && t.said.Plain:
		t.answerHeld(ctx, false)
	case intent == phrase.Yes && t.plain():
		t.answerHeld(ctx, true)
	case intent == phrase.Book, intent == phrase.Availability:
		t.open(ctx)
	case intent == phrase.No:
		t.answersFact()
		t.again(ctx)
	case intent == phrase.Change, !t.plain(), t.needs() != "":
		code := t.s.Code
		t.s.begin(toChange)
		t.s.Code = code
		t.takeDown()
		t.find(ctx, nil)
	default:
		t.lost(ctx)
	}
}

// answerHeld carries out a plain yes or no to a table that is held.
func (t *talk) answerHeld(ctx context.Context, keep bool) {
	t.s.Task, t.s.Asked, t.s.Keep = toConfirm, "", keep
	t.find(ctx, nil)
}

// saysAgain reports whether the guest says once more, in plain words, what could not be
// done before.
func (t *talk) saysAgain() bool {
	no := t.said.Intent == phrase.No || t.said.Intent == phrase.Cancel
	return t.s.Keep && t.said.Intent == phrase.Yes || !t.s.Keep && no && t.said.Plain
}

// saidOfIt reports whether what is said of the booking to cancel fits the one that the
// guest was asked about; where nothing is said of it, it does.
func (t *talk) saidOfIt(ctx context.Context) bool {
	if t.said.Date == nil && t.said.Time == nil || t.s.All {
		return true
	}
	found, err := t.cfg.Desk.Lookup(ctx, t.who())
	return err == nil && len(found) == 1 && agrees(found[0], &t.said)
}

// ofTheHeld reports whether a table that is held is the guest's only booking, was asked
// about since the guest wrote last, and fits what the guest says.
func (t *talk) ofTheHeld(ctx context.Context) bool {
	found, err := t.cfg.Desk.Lookup(ctx, booking.Who{Caller: t.caller()})
	if err != nil || len(found) != 1 || !agrees(found[0], &t.said) || !t.askedSince(preBooked(found)) {
		return false
	}
	t.s.Code = found[0].Code
	return true
}

// all reports whether the guest wants all bookings cancelled, and if so goes on with
// that.
func (t *talk) all(ctx context.Context) bool {
	n, all := t.cfg.Reader.OfAll(t.m.text)
	if !all || t.said.Date != nil {
		return false
	}
	found, err := t.cfg.Desk.Lookup(ctx, booking.Who{Caller: t.caller()})
	if err != nil || len(found) < 2 || n > 0 && n != len(found) {
		return false
	}
	t.s.begin(toCancel)
	t.proposeCancelAll(found)
	return true
}

// proposeCancelAll names all bookings, and asks whether to cancel them.
func (t *talk) proposeCancelAll(found []booking.Booking) {
	found = found[:min(len(found), catalogue.WrittenBookings)]
	t.s.All, t.s.Asked, t.s.Which = true, forYes, nil
	for _, b := range found {
		t.s.Which = append(t.s.Which, b.Code)
	}
	t.say(t.cfg.Words.Which(t.s.Lang, t.now, found, catalogue.ToCancelAll))
}

// cancelAll cancels the bookings that were named. What could not be cancelled just now
// is left for another yes.
func (t *talk) cancelAll(ctx context.Context) {
	for len(t.s.Which) > 0 {
		who := booking.Who{Caller: t.caller(), Code: t.s.Which[0]}
		result, err := t.cfg.Desk.Cancel(ctx, booking.Cancellation{Who: who})
		if err != nil {
			refusal := refusalOf(err)
			if refusal.Reason == booking.Failed {
				t.failed(ctx, refusal)
				return
			}
			t.say(t.cfg.Words.Refused(t.s.Lang, t.now, refusal))
		} else {
			t.acted = true
			t.say(t.cfg.Words.Cancelled(t.s.Lang, t.now, result))
		}
		t.s.Which = t.s.Which[1:]
	}
	t.s.settle()
	t.s.Recent = ""
}
