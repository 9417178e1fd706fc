package whatsapp

import (
	"context"
	"maitre/booking"
	"maitre/booking/catalogue"
	"maitre/booking/phrase"
)

// offered notes the alternatives of a refusal, in the order in which they are listed.
func (t *talk) offered(r *booking.Refusal) {
	t.s.Asked, t.s.Options = forOption, nil
	for _, a := range r.Alternatives {
		t.s.Options = append(t.s.Options, option(a))
	}
}

// offer lists the alternatives once more.
func (t *talk) offer() {
	alternatives := make([]booking.Alternative, 0, len(t.s.Options))
	for _, o := range t.s.Options {
		alternatives = append(alternatives, booking.Alternative(o))
	}
	t.say(t.cfg.Words.Offers(t.s.Lang, t.now, 0, t.s.Draft.Zone, alternatives))
}

// picks reports whether the message picks one of the alternatives, by number or
// in words, and if so goes on with it.
func (t *talk) picks(ctx context.Context) bool {
	o, ok := t.option()
	if !ok {
		return false
	}
	d := &t.s.Draft
	d.Date, d.Time = o.Date, new(o.Time)
	if o.Zone != "" {
		d.Zone, d.AnyZone = o.Zone, false
	}
	if t.said.Party > 0 {
		d.Party = t.said.Party
	}
	if t.said.Name != "" {
		d.Name = t.said.Name
	}
	d.Notes = withNote(d.Notes, t.needs())
	t.s.Options = nil
	if t.s.Task == toChange {
		t.changeIt(ctx)
		return true
	}
	t.advance(ctx)
	return true
}

// option returns the alternative that the message picks: by its number, or the
// only one that agrees with the day, the time and the zone that were said. What
// none of them agrees with asks for something else.
func (t *talk) option() (option, bool) {
	if i, ok := t.cfg.Reader.Choice(t.m.text, len(t.s.Options)); ok {
		return t.s.Options[i-1], true
	}
	said := t.said
	if said.Intent == phrase.Yes && len(t.s.Options) == 1 && t.plain() {
		return t.s.Options[0], true
	}
	if said.Date == nil && said.Time == nil && said.Zone == "" {
		return option{}, false
	}
	var picked option
	matches, sameDay := 0, 0
	for _, o := range t.s.Options {
		if said.Date != nil && *said.Date != o.Date || said.Time != nil && *said.Time != o.Time || said.Zone != "" && said.Zone != o.Zone {
			continue
		}
		matches++
		if o.Date == t.s.Draft.Date {
			sameDay++
			picked = o
		} else if sameDay == 0 {
			picked = o
		}
	}
	return picked, matches == 1 || sameDay == 1 && said.Date == nil
}

// agrees reports whether a booking agrees with what was said of it.
func agrees(b booking.Booking, said *phrase.Meaning) bool {
	return (said.Date == nil || *said.Date == b.Date) && (said.Time == nil || *said.Time == b.Time) &&
		(said.Party == 0 || said.Party == b.Party)
}

// narrowed returns the bookings that agree with what was said, or all of them where
// none does.
func narrowed(found []booking.Booking, said *phrase.Meaning) []booking.Booking {
	if said == nil || said.Date == nil && said.Time == nil && said.Party == 0 {
		return found
	}
	var fit []booking.Booking
	for _, b := range found {
		if agrees(b, said) {
			fit = append(fit, b)
		}
	}
	if len(fit) == 0 {
		return found
	}
	return fit
}

// choosing continues with an existing booking: which one it is, and whether to cancel
// it.
func (t *talk) choosing(ctx context.Context) {
	slots := t.said.Date != nil || t.said.Time != nil || t.said.Party > 0 || t.said.Zone != ""
	switch intent := t.said.Intent; {
	case intent == phrase.Book, intent == phrase.Availability:
		t.open(ctx)
	case t.s.Asked == forBooking && t.s.Task == toCancel && t.all(ctx):
	case t.s.Asked == forBooking && t.which(ctx):
	case t.s.Asked == forBooking && intent == phrase.No, t.s.Asked == forYes && intent == phrase.No && t.plain():
		t.s.settle()
		t.says(catalogue.Kept)
	case t.s.Asked == forYes && intent == phrase.Yes && t.said.Plain:
		t.cancelIt(ctx)
	case t.s.Asked == forYes && intent == phrase.Yes && t.plain():
		t.again(ctx)
	case t.s.Asked == forRetry && t.s.Task == toConfirm && !t.saysAgain():
		t.askKeepOf(ctx, t.s.Code)
	case t.s.Asked == forRetry:
		t.find(ctx, &t.said)
	case t.s.Asked == forYes && (intent == phrase.Change || slots):
		code, number := t.s.Code, t.s.Phone
		t.s.begin(toChange)
		t.s.Code, t.s.Phone = code, number
		t.takeDown()
		t.find(ctx, nil)
	case t.s.Asked == forCode && (slots || intent == phrase.Change):
		t.s.settle()
		t.open(ctx)
	case t.s.Asked == forCode && intent == phrase.No:
		t.s.settle()
		t.says(catalogue.Whenever)
	default:
		t.lost(ctx)
	}
}

// which reports whether the message picks one of the guest's bookings, and if so
// goes on with it.
func (t *talk) which(ctx context.Context) bool {
	if i, ok := t.cfg.Reader.Choice(t.m.text, len(t.s.Which)); ok {
		t.s.Code, t.s.Which = t.s.Which[i-1], nil
		t.find(ctx, nil)
		return true
	}
	if t.said.Date == nil && t.said.Time == nil && t.said.Party == 0 {
		return false
	}
	t.find(ctx, &t.said)
	return true
}
