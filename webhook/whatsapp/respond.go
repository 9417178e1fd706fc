package whatsapp

import (
	"context"
	"strings"
	"unicode/utf8"

	"maitre/booking"
	"maitre/booking/catalogue"
	"maitre/booking/phrase"
)

// respond answers the message: first what is true in any state, then what the
// conversation is about.
func (t *talk) respond(ctx context.Context) {
	t.introduce()
	if t.m.kind != onlyText {
		t.unread()
		if t.m.text == "" && t.m.payload == "" {
			return
		}
	} else if t.m.text == "" && t.m.payload == "" {
		t.says(catalogue.WriteIt)
		return
	}
	if t.pressed(ctx) {
		return
	}
	if t.waitlist(ctx) {
		return
	}
	switch intent := t.said.Intent; {
	case intent == phrase.Stop:
		t.stop(ctx)
		return
	case intent == phrase.Start:
		t.start(ctx)
		return
	case t.cfg.Reader.AsksMachine(t.m.text) && (intent == phrase.Human || intent == phrase.Unknown):
		t.tellMachine()
		return
	case intent == phrase.Human:
		t.late()
		t.escalate(ctx, t.m.text)
		return
	}
	if t.s.Call && t.answersCall(ctx) {
		return
	}
	if t.aside(ctx) {
		return
	}
	switch t.s.Task {
	case toBook:
		t.booking(ctx)
	case toChange:
		t.changing(ctx)
	case toCancel, toConfirm, toSee:
		t.choosing(ctx)
	case toKeep:
		t.keeping(ctx)
	default:
		t.open(ctx)
	}
}

// introduce says first that a machine answers, with the greeting where there is one.
// A reply to a message of ours needs no introduction.
func (t *talk) introduce() {
	if !t.stranger {
		return
	}
	switch t.said.Intent {
	case phrase.Greeting, phrase.Yes, phrase.No, phrase.Stop, phrase.Start, phrase.Thanks:
		return
	}
	t.say(t.cfg.Words.Introduction(t.s.Lang))
}

// tellMachine answers who is answering, and offers a person.
func (t *talk) tellMachine() {
	if !t.stranger {
		t.say(t.cfg.Words.Introduction(t.s.Lang))
	}
	if t.cfg.Escalate == nil {
		t.says(catalogue.Help)
		return
	}
	t.s.Call, t.s.Said = true, t.m.text
	t.says(catalogue.OfferPerson)
}

// aside answers what may be asked at any time, and returns to the topic.
func (t *talk) aside(ctx context.Context) bool {
	if t.named(ctx) {
		return true
	}
	switch t.said.Intent {
	case phrase.Cancel:
		t.cancel(ctx)
	case phrase.List:
		under := t.s.Task != ""
		t.list(ctx)
		if under {
			t.again(ctx)
		}
		t.askIfHeld(ctx)
	case phrase.Hours:
		t.hours()
		t.again(ctx)
		t.askIfHeld(ctx)
	case phrase.Info, phrase.Availability:
		return t.asksAboutRestaurant(ctx)
	case phrase.Greeting:
		if t.s.Task == "" {
			t.say(t.cfg.Words.Hello(t.s.Lang))
			t.askIfHeld(ctx)
			break
		}
		t.again(ctx)
	case phrase.Thanks:
		if t.s.Task == "" {
			t.says(catalogue.Welcome)
			t.askIfHeld(ctx)
			break
		}
		t.again(ctx)
	default:
		return false
	}
	return true
}

// asksAboutRestaurant answers a question about the restaurant. A mere statement of a need
// ("uno es celíaco") and what asks for a table is none.
func (t *talk) asksAboutRestaurant(ctx context.Context) bool {
	needs, asks := t.needs(), strings.Contains(t.m.text, "?")
	switch {
	case t.said.Intent == phrase.Availability && (!t.plain() || t.cfg.Reader.Topic(t.m.text) == "" || t.cfg.Reader.OfTable(t.m.text)):
		return false
	case needs != "" && !asks:
		return false
	case needs != "" && t.s.Task == toBook: // "mi hijo es celíaco, ¿hay algo para él?"
		t.s.Draft.Notes = withNote(t.s.Draft.Notes, needs)
	}
	t.info()
	t.again(ctx)
	t.askIfHeld(ctx)
	return true
}

// open answers a guest with whom nothing is under way.
func (t *talk) open(ctx context.Context) {
	slots := t.said.Date != nil || t.said.Time != nil || t.said.Party > 0
	if t.amends() {
		t.startChange(ctx)
		return
	}
	switch t.said.Intent {
	case phrase.Book, phrase.Availability:
		t.s.begin(toBook)
		t.booking(ctx)
	case phrase.Change:
		t.startChange(ctx)
	case phrase.Yes:
		if !t.plain() { // "sí, pero seremos cinco"
			t.agreesTo(ctx, slots)
			return
		}
		t.confirm(ctx, true)
	case phrase.No:
		if t.said.Plain {
			t.confirm(ctx, false)
			return
		}
		t.unsure(ctx)
	default:
		switch {
		case t.said.Intent == phrase.Unknown && t.asksToKeep(ctx):
		case slots:
			t.s.begin(toBook)
			t.booking(ctx)
		case t.needs() != "" && t.hasBooking(ctx):
			t.startChange(ctx)
		case t.expired:
			t.says(catalogue.Expired, catalogue.StartAgain)
		case t.cfg.Reader.Topic(t.m.text) != "":
			t.info()
		default:
			t.lost(ctx)
		}
	}
}

// amends reports whether what is said just after a booking was made is about
// that booking: another time, number, name or place, without a day and without
// wanting a table.
func (t *talk) amends() bool {
	if t.s.Recent == "" || t.said.Date != nil || t.plain() {
		return false
	}
	switch t.said.Intent {
	case "", phrase.Change:
		return true
	case phrase.Unknown:
		return t.said.Name != ""
	case phrase.Book, phrase.Availability: // "could we come at three instead?"
		return t.said.Party == 0 && !t.cfg.Reader.OfTable(t.m.text)
	}
	return false
}

// lost says that the guest was not understood, and asks again; after a few times it
// offers a person.
func (t *talk) lost(ctx context.Context) {
	t.s.Misses++
	switch {
	case t.s.Misses >= maxMisses && t.cfg.Escalate != nil:
		t.s.Misses, t.s.Call, t.s.Said = 0, true, t.m.text
		t.says(catalogue.Lost, catalogue.OfferPerson)
	case t.s.Task == "":
		t.says(catalogue.Lost, catalogue.Help)
	case t.s.Asked.detail():
		t.say(t.cfg.Words.Unclear(t.s.Lang, string(t.s.Asked)))
	default:
		t.says(catalogue.Lost)
		t.again(ctx)
	}
}

// again comes back to what the guest was asked.
func (t *talk) again(ctx context.Context) {
	if t.s.Asked.detail() {
		t.ask(t.s.Asked)
		return
	}
	switch t.s.Asked {
	case forAll:
		t.says(catalogue.StartAgain)
	case forOption:
		t.offer()
	case forBooking:
		t.find(ctx, nil)
	case forWhat:
		t.says(catalogue.AskWhat)
	case forOther:
		t.says(catalogue.AskOther)
	case forYes, forRetry:
		switch t.s.Task {
		case toBook:
			t.advance(ctx)
		default:
			t.find(ctx, nil)
		}
	}
}

// needs is what of the message the kitchen or the waiters must know.
func (t *talk) needs() string { return cleaned(t.cfg.Reader.Needs(t.m.text), maxNeeds) }

// hasBooking reports whether there is a booking of the guest's to note something on.
func (t *talk) hasBooking(ctx context.Context) bool {
	found, err := t.cfg.Desk.Lookup(ctx, booking.Who{Caller: t.caller()})
	return err == nil && len(found) > 0
}

// maxNeeds bounds what is noted of one message, in runes.
const maxNeeds = 240

// withNote adds a note to those of a draft, as far as a guest may say so much at once.
func withNote(notes, more string) string {
	if all := booking.AddNote(notes, more); utf8.RuneCountInString(all) <= booking.MaxNotes {
		return all
	}
	return notes
}
