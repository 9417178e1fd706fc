package whatsapp

import (
	"strings"

	"maitre/booking"
	"maitre/booking/catalogue"
	"maitre/booking/phrase"
)

// unread says kindly what cannot be read here.
func (t *talk) unread() {
	remark := map[kind]catalogue.Remark{
		voice: catalogue.NoVoice, picture: catalogue.NoPictures, place: catalogue.NoPlaces,
		contact: catalogue.NoContacts, file: catalogue.NoFiles,
	}[t.m.kind]
	if t.m.text == "" {
		t.says(remark, catalogue.WriteIt)
		return
	}
	t.says(remark)
}

// textMessage answers a text message, which may come to the same address: whoever
// wants no more messages is heard there too; bookings are not, as a text
// message's number can be forged.
func (t *talk) textMessage() {
	t.said = t.Reader.Understand(t.m.text, t.now, "")
	if t.s.Lang = t.said.Lang; !t.languages[t.s.Lang] {
		t.s.Lang = t.first
	}
	switch t.said.Intent {
	case phrase.Stop:
		t.stop()
	case phrase.Start:
		t.start()
	default:
		t.say(t.Words.NoSMS(t.s.Lang))
	}
}

// stop takes down that the guest wants no messages.
func (t *talk) stop() {
	if t.OptOut == nil {
		t.say(t.Words.CannotTell(t.s.Lang))
		return
	}
	if err := t.OptOut.Stop(t.ctx, t.phone); err != nil {
		t.failed(&booking.Refusal{Reason: booking.Failed, Err: err})
		return
	}
	t.acted = true
	t.s.settle()
	t.says(catalogue.Stopped, catalogue.Stay, catalogue.Return)
}

// start takes down that the guest wants messages again.
func (t *talk) start() {
	if t.OptOut == nil {
		t.say(t.Words.CannotTell(t.s.Lang))
		return
	}
	if err := t.OptOut.Start(t.ctx, t.phone); err != nil {
		t.failed(&booking.Refusal{Reason: booking.Failed, Err: err})
		return
	}
	t.acted = true
	t.says(catalogue.Started)
}

// late tells what the restaurant says of guests who come late, where that is why the
// guest wants a person.
func (t *talk) late() {
	if topic := t.Reader.Topic(t.m.text); topic == "late" {
		t.say(t.Words.Info(t.s.Lang, topic))
	}
}

// escalate has a person call the guest. The half-made booking, if there is one,
// stays: the guest may go on with it.
func (t *talk) escalate(said string) {
	t.s.Call = false
	if t.Escalate == nil {
		t.say(t.Words.CannotTell(t.s.Lang))
		return
	}
	if since := t.now.Sub(t.s.Called); t.s.Called.IsZero() || since >= calledFor || since < 0 {
		name := t.s.Name
		if name == "" {
			name = t.m.profile
		}
		e := Escalation{Phone: t.phone, Name: name, Lang: t.s.Lang, Said: cleaned(said, MaxSaid), At: t.now}
		if err := t.Escalate.Escalate(t.ctx, e); err != nil {
			t.Log.ErrorContext(t.ctx, "call for a person", "phone", t.phone.Masked(), "error", err)
			t.passing = true
			t.say(t.Words.CannotTell(t.s.Lang))
			return
		}
		t.acted = true
		t.s.Called = t.now.UTC().Round(0)
	}
	t.say(t.Words.WillCall(t.s.Lang))
}

// answersCall reads the answer to whether a person shall call; what is none of
// it is read as anything else.
func (t *talk) answersCall() bool {
	t.s.Call = false
	switch {
	case t.said.Intent == phrase.Yes && t.plain():
		said := t.s.Said
		t.s.settle()
		t.escalate(said)
	case t.said.Intent == phrase.No && t.plain():
		if t.s.Asked == "" {
			t.s.settle()
			t.says(catalogue.Whenever)
			break
		}
		t.again()
	default:
		return false
	}
	return true
}

// plain reports whether a yes or a no is all that the message says.
func (t *talk) plain() bool {
	return t.said.Date == nil && t.said.Time == nil && t.said.Party == 0 && t.said.Zone == "" && !t.said.AnyZone && t.said.Name == ""
}

// hours tells when the restaurant serves.
func (t *talk) hours() {
	if t.said.Date != nil {
		t.say(t.Words.Hours(t.s.Lang, t.now, t.Desk.Hours(*t.said.Date)))
		return
	}
	t.say(t.Words.Week(t.s.Lang, t.Desk.Week()))
}

// info tells what the restaurant says of what the guest asks.
func (t *talk) info() {
	const unknown = "?" // no fact of an owner's
	topic := t.Reader.Topic(t.m.text)
	for _, fact := range t.Words.Restaurant().Facts {
		if strings.EqualFold(fact.Key, topic) {
			t.say(t.Words.Info(t.s.Lang, topic))
			return
		}
	}
	if address := t.Words.Address(t.s.Lang); topic == phrase.TopicAddress && address != "" {
		t.say(address)
		return
	}
	t.say(t.Words.Info(t.s.Lang, unknown))
}

// list tells the guest's bookings.
func (t *talk) list() {
	found, err := t.Desk.Lookup(t.ctx, booking.Who{Caller: t.caller()})
	if err == nil {
		t.say(t.Words.Found(t.s.Lang, t.now, found))
		return
	}
	switch r := refusalOf(err); r.Reason {
	case booking.Failed:
		t.failed(r)
	case booking.NotFound:
		t.say(t.Words.Found(t.s.Lang, t.now, nil))
		if t.s.Task == "" {
			t.s.begin(toSee)
			t.s.Asked = forCode
		}
	default:
		t.say(t.Words.Refused(t.s.Lang, t.now, r))
	}
}
