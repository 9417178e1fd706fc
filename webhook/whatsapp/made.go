package whatsapp

import (
	"context"
	"slices"

	"maitre/booking"
	"maitre/booking/catalogue"
	"maitre/booking/phrase"
)

// find looks up the booking that the conversation is about, and goes on with
// it. With several it lists them and asks which, unless what was said fits one
// alone; the first is never taken for the one that is meant.
func (t *talk) find(ctx context.Context, said *phrase.Meaning) {
	found, err := t.cfg.Desk.Lookup(ctx, t.who())
	if err != nil {
		t.notFound(ctx, refusalOf(err))
		return
	}
	if t.s.Task == toConfirm && t.s.Code == "" {
		found = slices.DeleteFunc(found, func(b booking.Booking) bool { return b.Status != booking.PreBooked })
		if len(found) == 0 {
			t.nothingToConfirm()
			return
		}
	}
	if t.s.All && len(found) > 1 {
		t.proposeCancelAll(found)
		return
	}
	t.s.All = false
	if found = narrowed(found, said); len(found) > 1 {
		t.askWhich(found)
		return
	}
	b := found[0]
	t.s.Code, t.s.Which, t.s.Misses = b.Code, nil, 0
	switch t.s.Task {
	case toCancel:
		t.proposeCancel(ctx, b)
	case toChange:
		t.proposeChange(ctx, b)
	case toConfirm:
		t.confirmIt(ctx)
	case toKeep:
		t.proposeKeep(b)
	default:
		t.say(t.cfg.Words.Found(t.s.Lang, t.now, found))
		t.s.settle()
	}
}

func (t *talk) askWhich(found []booking.Booking) {
	to := catalogue.ToConfirm
	switch t.s.Task {
	case toCancel:
		to = catalogue.ToCancel
	case toChange:
		to = catalogue.ToChange
	}
	t.s.Asked, t.s.Which = forBooking, nil
	for _, b := range found[:min(len(found), catalogue.WrittenBookings)] {
		t.s.Which = append(t.s.Which, b.Code)
	}
	t.say(t.cfg.Words.Which(t.s.Lang, t.now, found, to))
}

// notFound says that there is no such booking. Codes that find nothing are counted, so
// that they cannot be guessed.
func (t *talk) notFound(ctx context.Context, r *booking.Refusal) {
	switch {
	case r.Reason == booking.Failed:
		t.s.Asked = forRetry
		t.failed(ctx, r)
		return
	case r.Reason == booking.NotFound && t.s.Code != "":
		t.s.Code = ""
		t.s.Tries++
	}
	t.s.Asked = forCode
	t.say(t.cfg.Words.Refused(t.s.Lang, t.now, r))
}

// startChange begins to change a booking. Right after one was made or changed it
// is that one, which is read back; otherwise it is looked for.
func (t *talk) startChange(ctx context.Context) {
	recent := t.s.Recent
	t.s.begin(toChange)
	if recent != "" && !t.cfg.Reader.OfMadeBooking(t.m.text) {
		t.s.Code = recent
	}
	t.takeDown()
	// "The one on Friday, at ten": a day beside something else may say which.
	var said *phrase.Meaning
	if t.said.Time != nil || t.said.Party > 0 || t.said.Zone != "" || t.said.Name != "" {
		said = &phrase.Meaning{Date: t.said.Date}
	}
	t.find(ctx, said)
}

// changing goes on with the change of a booking.
func (t *talk) changing(ctx context.Context) {
	if t.s.Asked == forOption && t.picks(ctx) {
		return
	}
	switch intent := t.said.Intent; {
	case intent == phrase.Book && t.s.Asked != forWhat && !t.cfg.Reader.OfMadeBooking(t.m.text) && t.said.Party > 0 && t.said.Date != nil:
		t.open(ctx)
		return
	case t.s.Asked == forBooking && t.which(ctx):
		return
	case t.s.Asked == forYes && intent == phrase.Yes && t.said.Plain:
		t.changeIt(ctx)
		return
	case t.s.Asked == forYes && intent == phrase.Yes && t.plain():
		t.again(ctx)
		return
	case t.s.Asked == forCode && intent == phrase.No, t.s.Asked == forOther && intent == phrase.No, t.s.Asked == forBooking && intent == phrase.No,
		t.s.Asked == forWhat && intent == phrase.No:
		t.s.settle()
		t.says(catalogue.Kept)
		return
	case intent == phrase.No && t.plain():
		if t.s.Asked == forYes {
			t.s.settle()
			t.says(catalogue.Kept)
			return
		}
		t.refuses()
		return
	}
	before := t.s.Draft
	t.takeDown()
	t.answersAsked()
	switch {
	case !before.same(t.s.Draft), t.s.Asked == forRetry:
		t.s.Misses = 0
		t.find(ctx, nil)
	case t.said.Intent == phrase.Yes && t.s.Asked == forOther:
		t.ask(forDate)
	case t.s.Asked != forBooking && t.s.Asked != forCode && t.names(t.cfg.Reader.Detail(t.m.text)):
	default:
		t.lost(ctx)
	}
}

// proposeChange reads back the booking as it is and as it would be.
func (t *talk) proposeChange(ctx context.Context, b booking.Booking) {
	d := &t.s.Draft
	if d.empty() {
		if t.names(t.cfg.Reader.Detail(t.m.text)) {
			return
		}
		t.s.Asked = forWhat
		t.says(catalogue.AskWhat)
		return
	}
	then := b
	if !d.Date.IsZero() {
		then.Date = d.Date
	}
	if d.Time != nil {
		then.Time = *d.Time
	}
	if d.Party > 0 {
		then.Party = d.Party
	}
	if d.Name != "" {
		then.Name = d.Name
	}
	if moved := then.Date != b.Date || then.Time != b.Time || then.Party != b.Party; moved || d.Zone != "" {
		if then.Zone = b.AskedZone; d.Zone != "" || d.AnyZone {
			then.Zone = d.Zone
		}
	}
	if gone := !isOpen(b); gone || then.Date == b.Date && then.Time == b.Time && then.Party == b.Party && then.Zone == b.Zone && then.Name == b.Name && d.Notes == "" {
		t.changeIt(ctx) // the desk says why not, or that it is so already
		return
	}
	t.s.Asked = forYes
	t.say(t.cfg.Words.ReadBackChange(t.s.Lang, t.now, b, then, d.Notes))
}

// isOpen reports whether a booking's life allows a guest to change or cancel it.
func isOpen(b booking.Booking) bool {
	return b.Status == booking.PreBooked || b.Status == booking.Confirmed || b.Status == booking.Processing
}

// changeIt changes the booking as it was read back.
func (t *talk) changeIt(ctx context.Context) {
	d := t.s.Draft
	c := booking.Change{Who: t.who(), Time: d.Time}
	if !d.Date.IsZero() {
		c.Date = &d.Date
	}
	if d.Party > 0 {
		c.Party = &d.Party
	}
	if d.Zone != "" || d.AnyZone {
		c.Zone = &d.Zone
	}
	if d.Name != "" {
		c.Name = &d.Name
	}
	if d.Notes != "" {
		c.Notes = &d.Notes
	}
	refusal := t.act(func(reply booking.Reply) (booking.Result, error) {
		c.Reply = reply
		return t.cfg.Desk.Change(ctx, c)
	}, t.cfg.Words.Changed)
	switch {
	case refusal == nil:
	case refusal.Reason == booking.Failed:
		t.s.Asked = forYes // another yes tries again
		t.failed(ctx, refusal)
	case refusal.Reason == booking.NotFound, refusal.Reason == booking.NotAllowed:
		t.s.settle()
		t.say(t.cfg.Words.Refused(t.s.Lang, t.now, refusal))
	default:
		t.refused(ctx, refusal)
	}
}

// cancel cancels for the guest: the half-made booking, unless the guest names an
// existing one.
func (t *talk) cancel(ctx context.Context) {
	switch made := t.cfg.Reader.OfMadeBooking(t.m.text); {
	case t.s.Task == toCancel && t.s.Asked == forYes && t.said.Plain && t.saidOfIt(ctx):
		t.cancelIt(ctx)
	case t.s.Task == toKeep && t.said.Plain && t.saidOfIt(ctx), t.s.Task == "" && t.said.Plain && t.ofTheHeld(ctx):
		t.answerHeld(ctx, false)
	case (t.s.Task == "" || t.s.Task == toCancel) && t.all(ctx):
	case t.s.Task == toCancel && t.s.Asked == forBooking && t.which(ctx):
	case t.s.Task == toBook && !made:
		t.s.settle()
		t.says(catalogue.Dropped, catalogue.DroppedOther)
	case (t.s.Task == toChange || t.s.Task == toKeep && t.saidOfIt(ctx)) && t.s.Code != "" && t.s.Asked != forBooking:
		code, number := t.s.Code, t.s.Phone
		t.s.begin(toCancel)
		t.s.Code, t.s.Phone = code, number
		t.find(ctx, nil)
	default:
		t.s.begin(toCancel)
		t.find(ctx, &t.said)
	}
}

func (t *talk) proposeCancel(ctx context.Context, b booking.Booking) {
	if !isOpen(b) {
		t.cancelIt(ctx) // the desk says that it is over
		return
	}
	t.s.Asked = forYes
	t.say(t.cfg.Words.ReadBackCancel(t.s.Lang, t.now, b))
}

func (t *talk) cancelIt(ctx context.Context) {
	if t.s.All {
		t.cancelAll(ctx)
		return
	}
	who := t.who()
	t.over(ctx, t.act(func(reply booking.Reply) (booking.Result, error) {
		return t.cfg.Desk.Cancel(ctx, booking.Cancellation{Who: who, Reply: reply})
	}, t.cfg.Words.Cancelled))
}

// over says why a booking could not be cancelled or confirmed. After a temporary
// failure another yes tries again.
func (t *talk) over(ctx context.Context, refusal *booking.Refusal) {
	switch {
	case refusal == nil:
	case refusal.Reason == booking.Failed:
		if t.s.Task == toConfirm {
			t.s.Asked = forRetry
		}
		t.failed(ctx, refusal)
	default:
		t.s.settle()
		t.say(t.cfg.Words.Refused(t.s.Lang, t.now, refusal))
	}
}
