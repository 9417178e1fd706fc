package whatsapp

import (
	"context"
	"slices"
	"strconv"
	"time"

	"maitre/booking"
	"maitre/booking/catalogue"
	"maitre/booking/phrase"
)

// booking continues a booking that is being made: it notes what the message says of
// it, in any order, and asks for what is missing.
func (t *talk) booking(ctx context.Context) {
	if t.s.Asked == forOption && t.picks(ctx) {
		return
	}
	before := t.s.Draft
	t.takeDown()
	t.answersAsked()
	changed := !before.same(t.s.Draft)
	if changed {
		t.s.Misses = 0
	}
	switch intent := t.said.Intent; {
	case intent == phrase.Yes && t.s.Asked == forYes && before.sameTable(t.s.Draft):
		t.bookIt(ctx)
	case intent == phrase.No && !changed:
		t.refuses()
	case intent == phrase.Yes && t.s.Asked == forOther && !changed:
		t.ask(forDate)
	case changed, !t.plain(), intent == phrase.Book, intent == phrase.Availability, t.s.Asked == forRetry:
		t.advance(ctx)
	case intent == phrase.Yes:
		t.again(ctx)
	case t.names(t.cfg.Reader.Detail(t.m.text)):
	case intent == phrase.Change, t.s.Asked == forYes && t.counts():
		t.s.Asked = forWhat
		t.says(catalogue.AskWhat)
	default:
		t.lost(ctx)
	}
}

// takeDown writes into the draft what the message says; a correction replaces.
func (t *talk) takeDown() {
	d := &t.s.Draft
	if t.said.Date != nil {
		d.Date = t.inMonth(*t.said.Date)
	}
	if t.said.Time != nil {
		d.Time = new(*t.said.Time)
	}
	if t.said.Party > 0 {
		d.Party = t.said.Party
	}
	if t.said.Zone != "" {
		d.Zone, d.AnyZone = t.said.Zone, false
	}
	if t.said.AnyZone {
		d.Zone, d.AnyZone = "", true
	}
	if t.said.Name != "" {
		d.Name = t.said.Name
	}
	d.Notes = withNote(d.Notes, t.needs())
}

// inMonth reads a day of the month alone ("el 24") in the month that is being
// talked about, where one is, rather than in the one that comes next.
func (t *talk) inMonth(said booking.Date) booking.Date {
	year, month, _ := t.s.Draft.Date.Civil()
	if t.s.Draft.Date.IsZero() || said >= booking.NewDate(year, month, 1) {
		return said
	}
	then := time.Date(year, month, 1, 12, 0, 0, 0, t.now.Location())
	other := t.cfg.Reader.Understand(t.m.text, then, t.s.Lang).Date
	if other == nil {
		return said
	}
	y, m, day := other.Civil()
	if _, _, same := said.Civil(); y != year || m != month || day != same {
		return said
	}
	return *other
}

// answersAsked reads a bare answer ("4", "las nueve", "Ana") by what was asked.
// Where the message says anything by itself, it says that.
func (t *talk) answersAsked() {
	bare := t.plain() && (t.said.Intent == "" || t.said.Intent == phrase.Unknown || t.said.Intent == phrase.Book || t.said.Intent == phrase.Change)
	if !bare {
		return
	}
	d, text := &t.s.Draft, t.m.text
	switch t.s.Asked {
	case forDate:
		if date, ok := t.cfg.Reader.Date(text, t.now); ok {
			d.Date = t.inMonth(date)
		}
	case forTime:
		if at, ok := t.cfg.Reader.Time(text, d.Date); ok {
			d.Time = &at
		}
	case forParty, forAll:
		if n, ok := t.cfg.Reader.Party(text); ok {
			d.Party = n
		}
	case forYes, forWhat:
		t.takeNumber(d.Date)
	case forZone:
		if zone, anywhere, ok := t.cfg.Reader.Zone(text); ok {
			d.Zone, d.AnyZone = zone, anywhere
		}
	case forName:
		if name, ok := t.cfg.Reader.Name(text); ok {
			d.Name = cleaned(name, booking.MaxName)
		} else if name := properName(text); name == text && t.said.Intent == phrase.Unknown {
			d.Name = name
		}
	}
}

// takeNumber takes down a number that comes without a word for what it counts
// ("can we make it five?"): guests or the hour, where only one of them can be meant.
func (t *talk) takeNumber(on booking.Date) {
	n, ok := t.cfg.Reader.Party(t.m.text)
	if !ok {
		return
	}
	services := t.cfg.Desk.Hours(on).Services
	if on.IsZero() {
		week := t.cfg.Desk.Week()
		services = slices.Concat(week[:]...)
	}
	for _, service := range services {
		if at, ok := t.cfg.Reader.Time(strconv.Itoa(n), on); ok && service.First <= at && at <= service.Last {
			return
		}
	}
	t.s.Draft.Party = n
}

// names asks anew for the detail that the guest named as wrong.
func (t *talk) names(detail string) bool {
	if detail == "" {
		return false
	}
	t.ask(asked(detail))
	return true
}

// refuses handles a no: to what was read back, to what was offered, or to all of it.
func (t *talk) refuses() {
	switch t.s.Asked {
	case forYes:
		t.s.Asked = forWhat
		t.says(catalogue.AskWhat)
	case forOption:
		t.s.Asked = forOther
		t.says(catalogue.AskOther)
	case forOther:
		t.s.settle()
		t.says(catalogue.Whenever)
	default:
		t.s.settle()
		t.says(catalogue.Dropped)
	}
}

// advance asks for what is missing, or reads back what is whole.
func (t *talk) advance(ctx context.Context) {
	d := &t.s.Draft
	t.s.Options = nil
	switch {
	case d.Date.IsZero() && d.Time == nil && d.Party == 0:
		t.s.Asked = forAll
		t.says(catalogue.AskAll)
	case d.Date.IsZero():
		t.ask(forDate)
	case d.Party == 0 && len(t.cfg.Desk.Hours(d.Date).Services) == 0:
		t.s.Asked = forOther
		t.say(t.cfg.Words.Hours(t.s.Lang, t.now, t.cfg.Desk.Hours(d.Date)))
	case d.Party == 0:
		t.ask(forParty)
	case d.Time == nil:
		t.tellTimes(ctx)
	default:
		t.readBack(ctx)
	}
}

func (t *talk) query() booking.Query {
	d := &t.s.Draft
	return booking.Query{Caller: t.caller(), Date: d.Date, Party: d.Party, Zone: d.Zone}
}

// tellTimes lists the day's free times, and asks for one.
func (t *talk) tellTimes(ctx context.Context) {
	q := t.query()
	slots, err := t.cfg.Desk.Availability(ctx, q)
	if err != nil {
		t.refused(ctx, refusalOf(err))
		return
	}
	t.s.Asked = forOther
	for _, slot := range slots {
		if slot.Available() {
			t.s.Asked = forTime
		}
	}
	t.say(t.cfg.Words.Slots(t.s.Lang, t.now, q, slots))
}

// readBack reads back what is about to be booked, if it can be.
func (t *talk) readBack(ctx context.Context) {
	d := &t.s.Draft
	offer, err := t.cfg.Desk.Check(ctx, t.query(), *d.Time)
	if err != nil {
		t.refused(ctx, refusalOf(err))
		return
	}
	name := d.Name
	if d.Offered = ""; name == "" {
		d.Offered = t.s.Name
		if d.Offered == "" {
			d.Offered = t.m.profile
		}
		name = d.Offered
	}
	if name == "" {
		t.ask(forName)
		return
	}
	t.s.Asked = forYes
	t.say(t.cfg.Words.ReadBack(t.s.Lang, t.now, offer, name, d.Notes, d.Offered != ""))
}

// bookIt books what was read back.
func (t *talk) bookIt(ctx context.Context) {
	d := t.s.Draft
	if d.Name == "" {
		d.Name = d.Offered
	}
	if d.Date.IsZero() || d.Time == nil || d.Party == 0 || d.Name == "" {
		t.advance(ctx)
		return
	}
	r := booking.Request{
		Caller: t.caller(), Date: d.Date, Time: *d.Time, Party: d.Party, Zone: d.Zone, Name: d.Name, Notes: d.Notes,
	}
	refusal := t.act(func(reply booking.Reply) (booking.Result, error) {
		r.Reply = reply
		return t.cfg.Desk.Book(ctx, r)
	}, t.cfg.Words.Booked)
	switch {
	case refusal == nil:
		t.s.Name = d.Name
	case refusal.Reason == booking.Failed:
		t.failed(ctx, refusal) // another yes tries again
	default:
		t.refused(ctx, refusal)
	}
}
