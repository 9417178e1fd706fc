package whatsapp

import (
	"strings"
	"unicode/utf8"

	"maitre/booking"
	"maitre/booking/catalogue"
	"maitre/booking/phrase"
)

// respond answers the message: first what is true in any state, then what the
// conversation is about.
func (t *talk) respond() {
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
	if t.pressed() {
		return
	}
	if t.waitlist() {
		return
	}
	switch intent := t.said.Intent; {
	case intent == phrase.Stop:
		t.stop()
		return
	case intent == phrase.Start:
		t.start()
		return
	case t.Reader.AsksMachine(t.m.text) && (intent == phrase.Human || intent == phrase.Unknown):
		t.tellMachine()
		return
	case intent == phrase.Human:
		t.late()
		t.escalate(t.m.text)
		return
	}
	if t.s.Call && t.answersCall() {
		return
	}
	if t.aside() {
		return
	}
	switch t.s.Task {
	case toBook:
		t.booking()
	case toChange:
		t.changing()
	case toCancel, toConfirm, toSee:
		t.choosing()
	case toKeep:
		t.keeping()
	default:
		t.open()
	}
}

// introduce says at first that a machine answers. Whoever greets hears it with
// the greeting, and a word in reply to a message of ours needs none.
func (t *talk) introduce() {
	if !t.stranger {
		return
	}
	switch t.said.Intent {
	case phrase.Greeting, phrase.Yes, phrase.No, phrase.Stop, phrase.Start, phrase.Thanks:
		return
	}
	t.say(t.Words.Introduction(t.s.Lang))
}

// tellMachine answers who is answering, and offers a person.
func (t *talk) tellMachine() {
	if !t.stranger {
		t.say(t.Words.Introduction(t.s.Lang))
	}
	if t.Escalate == nil {
		t.says(catalogue.Help)
		return
	}
	t.s.Call, t.s.Said = true, t.m.text
	t.says(catalogue.OfferPerson)
}

// aside answers what may be asked in the middle of anything, and comes back to
// what was being talked about.
func (t *talk) aside() bool {
	if t.named() {
		return true
	}
	switch t.said.Intent {
	case phrase.Cancel:
		t.cancel()
	case phrase.List:
		under := t.s.Task != ""
		t.list()
		if under {
			t.again()
		}
		t.askIfHeld()
	case phrase.Hours:
		t.hours()
		t.again()
		t.askIfHeld()
	case phrase.Info, phrase.Availability:
		return t.asksAboutRestaurant()
	case phrase.Greeting:
		if t.s.Task == "" {
			t.say(t.Words.Hello(t.s.Lang))
			t.askIfHeld()
			break
		}
		t.again()
	case phrase.Thanks:
		if t.s.Task == "" {
			t.says(catalogue.Welcome)
			t.askIfHeld()
			break
		}
		t.again()
	default:
		return false
	}
	return true
}

// asksAboutRestaurant answers a question about the restaurant. What only tells of a need
// ("uno es celíaco") and what asks for a table is none.
func (t *talk) asksAboutRestaurant() bool {
	needs, asks := t.needs(), strings.Contains(t.m.text, "?")
	switch {
	case t.said.Intent == phrase.Availability && (!t.plain() || t.Reader.Topic(t.m.text) == "" || t.Reader.OfTable(t.m.text)):
		return false
	case needs != "" && !asks:
		return false
	case needs != "" && t.s.Task == toBook: // "mi hijo es celíaco, ¿hay algo para él?"
		t.s.Draft.Notes = withNote(t.s.Draft.Notes, needs)
	}
	t.info()
	t.again()
	t.askIfHeld()
	return true
}

// open answers a guest with whom nothing is under way.
func (t *talk) open() {
	slots := t.said.Date != nil || t.said.Time != nil || t.said.Party > 0
	if t.amends() {
		t.startChange()
		return
	}
	switch t.said.Intent {
	case phrase.Book, phrase.Availability:
		t.s.begin(toBook)
		t.booking()
	case phrase.Change:
		t.startChange()
	case phrase.Yes:
		if !t.plain() { // "sí, pero seremos cinco"
			t.agreesTo(slots)
			return
		}
		t.confirm(true)
	case phrase.No:
		if t.said.Plain {
			t.confirm(false)
			return
		}
		t.unsure()
	default:
		switch {
		case t.said.Intent == phrase.Unknown && t.asksToKeep():
		case slots:
			t.s.begin(toBook)
			t.booking()
		case t.needs() != "" && t.hasBooking():
			t.startChange()
		case t.expired:
			t.says(catalogue.Expired, catalogue.StartAgain)
		case t.Reader.Topic(t.m.text) != "":
			t.info()
		default:
			t.lost()
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
		return t.said.Party == 0 && !t.Reader.OfTable(t.m.text)
	}
	return false
}

// lost tells that the guest was not understood, and asks again; after a few
// times a person is offered.
func (t *talk) lost() {
	t.s.Misses++
	switch {
	case t.s.Misses >= maxMisses && t.Escalate != nil:
		t.s.Misses, t.s.Call, t.s.Said = 0, true, t.m.text
		t.says(catalogue.Lost, catalogue.OfferPerson)
	case t.s.Task == "":
		t.says(catalogue.Lost, catalogue.Help)
	case t.s.Asked.detail():
		t.say(t.Words.Unclear(t.s.Lang, string(t.s.Asked)))
	default:
		t.says(catalogue.Lost)
		t.again()
	}
}

// again comes back to what the guest was asked.
func (t *talk) again() {
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
		t.find(nil)
	case forWhat:
		t.says(catalogue.AskWhat)
	case forOther:
		t.says(catalogue.AskOther)
	case forYes, forRetry:
		switch t.s.Task {
		case toBook:
			t.advance()
		default:
			t.find(nil)
		}
	}
}

// needs is what of the message the kitchen or the room must know.
func (t *talk) needs() string { return cleaned(t.Reader.Needs(t.m.text), maxNeeds) }

// hasBooking reports whether there is a booking of the guest's to note something on.
func (t *talk) hasBooking() bool {
	found, err := t.Desk.Lookup(t.ctx, booking.Who{Caller: t.caller()})
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
