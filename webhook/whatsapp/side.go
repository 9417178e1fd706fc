package whatsapp

import (
	"context"
	"strings"

	"maitre/booking"
	"maitre/booking/catalogue"
	"maitre/booking/phrase"
)

// unread says what cannot be read here.
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

// textMessage answers a text message, which may come to the same address. It only
// takes requests for no more messages, as a text message's number can be forged.
func (t *talk) textMessage(ctx context.Context) {
	t.said = t.cfg.Reader.Understand(t.m.text, t.now, "")
	if t.s.Lang = t.said.Lang; !t.languages[t.s.Lang] {
		t.s.Lang = t.first
	}
	switch t.said.Intent {
	case phrase.Stop:
		t.stop(ctx)
	case phrase.Start:
		t.start(ctx)
	default:
		t.say(t.cfg.Words.NoSMS(t.s.Lang))
	}
}

// stop notes that the guest wants no messages.
func (t *talk) stop(ctx context.Context) {
	if t.cfg.OptOut == nil {
		t.say(t.cfg.Words.CannotTell(t.s.Lang))
		return
	}
	if err := t.cfg.OptOut.Stop(ctx, t.phone); err != nil {
		t.failed(ctx, &booking.Refusal{Reason: booking.Failed, Err: err})
		return
	}
	t.acted = true
	t.s.settle()
	t.says(catalogue.Stopped, catalogue.Stay, catalogue.Return)
}

// start notes that the guest wants messages again.
func (t *talk) start(ctx context.Context) {
	if t.cfg.OptOut == nil {
		t.say(t.cfg.Words.CannotTell(t.s.Lang))
		return
	}
	if err := t.cfg.OptOut.Start(ctx, t.phone); err != nil {
		t.failed(ctx, &booking.Refusal{Reason: booking.Failed, Err: err})
		return
	}
	t.acted = true
	t.says(catalogue.Started)
}

// late answers with the restaurant's fact on coming late, where that is why the guest
// wants a person.
func (t *talk) late() {
	if topic := t.cfg.Reader.Topic(t.m.text); topic == "late" {
		t.say(t.cfg.Words.Info(t.s.Lang, topic))
	}
}

// escalate has a person call the guest. The half-made booking, if there is one,
// stays: the guest may go on with it.
func (t *talk) escalate(ctx context.Context, said string) {
	t.s.Call = false
	if t.cfg.Escalate == nil {
		t.say(t.cfg.Words.CannotTell(t.s.Lang))
		return
	}
	if since := t.now.Sub(t.s.Called); t.s.Called.IsZero() || since >= calledFor || since < 0 {
		name := t.s.Name
		if name == "" {
			name = t.m.profile
		}
		e := Escalation{Phone: t.phone, Name: name, Lang: t.s.Lang, Said: cleaned(said, MaxSaid), At: t.now}
		if err := t.cfg.Escalate.Escalate(ctx, e); err != nil {
			t.cfg.Log.ErrorContext(ctx, "call for a person", "phone", t.phone.Masked(), "error", err)
			t.passing = true
			t.say(t.cfg.Words.CannotTell(t.s.Lang))
			return
		}
		t.acted = true
		t.s.Called = t.now.UTC().Round(0)
	}
	t.say(t.cfg.Words.WillCall(t.s.Lang))
}

// answersCall reads the answer to whether a person shall call; what is none of
// it is read as anything else.
func (t *talk) answersCall(ctx context.Context) bool {
	t.s.Call = false
	switch {
	case t.said.Intent == phrase.Yes && t.plain():
		said := t.s.Said
		t.s.settle()
		t.escalate(ctx, said)
	case t.said.Intent == phrase.No && t.plain():
		if t.s.Asked == "" {
			t.s.settle()
			t.says(catalogue.Whenever)
			break
		}
		t.again(ctx)
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
		t.say(t.cfg.Words.Hours(t.s.Lang, t.now, t.cfg.Desk.Hours(*t.said.Date)))
		return
	}
	t.say(t.cfg.Words.Week(t.s.Lang, t.cfg.Desk.Week()))
}

// info answers with the restaurant's fact that the guest asks for.
func (t *talk) info() {
	const unknown = "?" // no fact of an owner's
	topic := t.cfg.Reader.Topic(t.m.text)
	for _, fact := range t.cfg.Words.Restaurant().Facts {
		if strings.EqualFold(fact.Key, topic) {
			t.say(t.cfg.Words.Info(t.s.Lang, topic))
			return
		}
	}
	if address := t.cfg.Words.Address(t.s.Lang); topic == phrase.TopicAddress && address != "" {
		t.say(address)
		return
	}
	t.say(t.cfg.Words.Info(t.s.Lang, unknown))
}

// list tells the guest's bookings.
func (t *talk) list(ctx context.Context) {
	found, err := t.cfg.Desk.Lookup(ctx, booking.Who{Caller: t.caller()})
	if err == nil {
		t.say(t.cfg.Words.Found(t.s.Lang, t.now, found))
		return
	}
	switch r := refusalOf(err); r.Reason {
	case booking.Failed:
		t.failed(ctx, r)
	case booking.NotFound:
		t.say(t.cfg.Words.Found(t.s.Lang, t.now, nil))
		if t.s.Task == "" {
			t.s.begin(toSee)
			t.s.Asked = forCode
		}
	default:
		t.say(t.cfg.Words.Refused(t.s.Lang, t.now, r))
	}
}
