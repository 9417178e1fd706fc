package whatsapp

import (
	"slices"

	"maitre/booking"
	"maitre/booking/catalogue"
	"maitre/booking/phrase"
)

// find looks up the booking that the conversation is about, and goes on with
// it. With several it lists them and asks which, unless what was said fits one
// alone; the first is never taken for the one that is meant.
func (t *talk) find(said *phrase.Meaning) {
	found, err := t.Desk.Lookup(t.ctx, t.who())
	if err != nil {
		t.notFound(refusalOf(err))
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
		t.proposeCancel(b)
	case toChange:
		t.proposeChange(b)
	case toConfirm:
		t.confirmIt()
	case toKeep:
		t.proposeKeep(b)
	default:
		t.say(t.Words.Found(t.s.Lang, t.now, found))
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
	t.say(t.Words.Which(t.s.Lang, t.now, found, to))
}

// notFound tells that there is no such booking. A code that finds nothing
// counts, so that codes cannot be tried out.
func (t *talk) notFound(r *booking.Refusal) {
	switch {
	case r.Reason == booking.Failed:
		t.s.Asked = forRetry
		t.failed(r)
		return
	case r.Reason == booking.NotFound && t.s.Code != "":
		t.s.Code = ""
		t.s.Tries++
	}
	t.s.Asked = forCode
	t.say(t.Words.Refused(t.s.Lang, t.now, r))
}

// startChange begins to change a booking. Right after one was made or changed it
// is that one, which is read back; otherwise it is looked for.
func (t *talk) startChange() {
	recent := t.s.Recent
	t.s.begin(toChange)
	if recent != "" && !t.Reader.OfMadeBooking(t.m.text) {
		t.s.Code = recent
	}
	t.takeDown()
	// "The one on Friday, at ten": a day beside something else may say which.
	var said *phrase.Meaning
	if t.said.Time != nil || t.said.Party > 0 || t.said.Zone != "" || t.said.Name != "" {
		said = &phrase.Meaning{Date: t.said.Date}
	}
	t.find(said)
}

// changing goes on with the change of a booking.
func (t *talk) changing() {
	if t.s.Asked == forOption && t.picks() {
		return
	}
	switch intent := t.said.Intent; {
	case intent == phrase.Book && t.s.Asked != forWhat && !t.Reader.OfMadeBooking(t.m.text) && t.said.Party > 0 && t.said.Date != nil:
		t.open()
		return
	case t.s.Asked == forBooking && t.which():
		return
	case t.s.Asked == forYes && intent == phrase.Yes && t.said.Plain:
		t.changeIt()
		return
	case t.s.Asked == forYes && intent == phrase.Yes && t.plain():
		t.again()
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
		t.find(nil)
	case t.said.Intent == phrase.Yes && t.s.Asked == forOther:
		t.ask(forDate)
	case t.s.Asked != forBooking && t.s.Asked != forCode && t.names(t.Reader.Detail(t.m.text)):
	default:
		t.lost()
	}
}

// proposeChange reads back how the booking stands and how it would.
func (t *talk) proposeChange(b booking.Booking) {
	d := &t.s.Draft
	if d.empty() {
		if t.names(t.Reader.Detail(t.m.text)) {
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
		t.changeIt() // the desk says why not, or that it is so already
		return
	}
	t.s.Asked = forYes
	t.say(t.Words.ReadBackChange(t.s.Lang, t.now, b, then, d.Notes))
}

// isOpen reports whether a booking's life allows a guest to change or cancel it.
func isOpen(b booking.Booking) bool {
	return b.Status == booking.PreBooked || b.Status == booking.Confirmed || b.Status == booking.Processing
}

// changeIt changes the booking as it was read back.
func (t *talk) changeIt() {
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
		return t.Desk.Change(t.ctx, c)
	}, t.Words.Changed)
	switch {
	case refusal == nil:
	case refusal.Reason == booking.Failed:
		t.s.Asked = forYes // it was agreed to: another yes tries again
		t.failed(refusal)
	case refusal.Reason == booking.NotFound, refusal.Reason == booking.NotAllowed:
		t.s.settle()
		t.say(t.Words.Refused(t.s.Lang, t.now, refusal))
	default:
		t.refused(refusal)
	}
}

// cancel takes a guest who wants to cancel: what is half made, unless the guest
// speaks of a booking that is made.
func (t *talk) cancel() {
	switch made := t.Reader.OfMadeBooking(t.m.text); {
	case t.s.Task == toCancel && t.s.Asked == forYes && t.said.Plain && t.saidOfIt():
		t.cancelIt()
	case t.s.Task == toKeep && t.said.Plain && t.saidOfIt(), t.s.Task == "" && t.said.Plain && t.ofTheHeld():
		t.answerHeld(false)
	case (t.s.Task == "" || t.s.Task == toCancel) && t.all():
	case t.s.Task == toCancel && t.s.Asked == forBooking && t.which():
	case t.s.Task == toBook && !made:
		t.s.settle()
		t.says(catalogue.Dropped, catalogue.DroppedOther)
	case (t.s.Task == toChange || t.s.Task == toKeep && t.saidOfIt()) && t.s.Code != "" && t.s.Asked != forBooking:
		code, number := t.s.Code, t.s.Phone
		t.s.begin(toCancel)
		t.s.Code, t.s.Phone = code, number
		t.find(nil)
	default:
		t.s.begin(toCancel)
		t.find(&t.said)
	}
}

func (t *talk) proposeCancel(b booking.Booking) {
	if !isOpen(b) {
		t.cancelIt() // the desk says that it is over
		return
	}
	t.s.Asked = forYes
	t.say(t.Words.ReadBackCancel(t.s.Lang, t.now, b))
}

func (t *talk) cancelIt() {
	if t.s.All {
		t.cancelAll()
		return
	}
	who := t.who()
	t.over(t.act(func(reply booking.Reply) (booking.Result, error) {
		return t.Desk.Cancel(t.ctx, booking.Cancellation{Who: who, Reply: reply})
	}, t.Words.Cancelled))
}

// over tells why a booking could not be cancelled or confirmed. What failed for
// now may be agreed to once more.
func (t *talk) over(refusal *booking.Refusal) {
	switch {
	case refusal == nil:
	case refusal.Reason == booking.Failed:
		if t.s.Task == toConfirm {
			t.s.Asked = forRetry
		}
		t.failed(refusal)
	default:
		t.s.settle()
		t.say(t.Words.Refused(t.s.Lang, t.now, refusal))
	}
}
