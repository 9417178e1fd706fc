package whatsapp

import (
	"context"
	"errors"
	"time"

	"maitre/booking"
	"maitre/booking/catalogue"
	"maitre/booking/phrase"
	"maitre/webhook"
)

// talk is a conversation while one message of it is answered.
type talk struct {
	*Handler
	phone booking.Phone
	m     message
	key   string // of the message, for a repeat of it
	now   time.Time

	s    state
	said phrase.Meaning
	// fresh: the guest had been silent for long, or never wrote. expired: with
	// something half done.
	fresh, expired bool
	// before is when the guest wrote before this message; zero: never.
	before time.Time
	// stranger: the guest has not written for a day or more.
	stranger bool

	parts []string
	// stored is the answer, where it was kept in one commit with what was done;
	// otherwise it is kept with the conversation.
	stored []byte
	// acted: something was done, so the guest must get the answer whatever else fails.
	acted bool
	// passing: the answer holds for this moment only.
	passing bool
}

// converse answers a message; it is a [webhook.Action].
func (h *Handler) converse(ctx context.Context, phone booking.Phone, m message, key string) (answer []byte, kept bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, workTime)
	defer cancel()
	unlock, err := h.locks.lock(ctx, phone)
	if err != nil {
		return nil, false, err
	}
	defer unlock()
	t := &talk{Handler: h, phone: phone, m: m, key: key, now: h.cfg.Now()}
	if !m.chat {
		t.textMessage(ctx)
		if t.passing {
			err = webhook.ErrForget
		}
		return twiml(t.parts...), false, err
	}
	if err := t.resume(ctx); err != nil {
		return nil, false, err
	}
	t.respond(ctx)
	return t.keep(ctx)
}

// resume loads the conversation's state.
func (t *talk) resume(ctx context.Context) error {
	value, _, known, err := t.cfg.Dialogues.Load(ctx, t.phone)
	if err != nil {
		return err
	}
	if known {
		if t.s, err = readState(value); err != nil {
			t.cfg.Log.WarnContext(ctx, "conversation begins anew", "phone", t.phone.Masked(), "error", err)
			t.s = state{}
		}
	}
	t.stranger = t.s.At.IsZero() || t.now.Sub(t.s.At).Abs() >= stranger
	if t.fresh = t.s.rested(t.now); t.fresh {
		t.expired = t.s.Task != ""
		t.s.settle()
		t.s.Recent = ""
	}
	t.before, t.s.At = t.s.At, t.now.UTC().Round(0)
	t.understand()
	return nil
}

// understand reads the message, and settles which language is spoken: the
// guest's, where more than a word tells; in the middle of a conversation a
// single one ("terraza", "ok") does not.
func (t *talk) understand() {
	t.said = t.cfg.Reader.Understand(t.m.text, t.now, t.s.Lang)
	spoken := t.said.Lang
	greets := t.said.Intent == phrase.Greeting || t.said.Intent == phrase.Thanks || t.said.Intent == phrase.Start
	switch {
	case !t.languages[spoken]:
	case t.s.Lang == "", t.fresh, greets, severalWords(t.m.text):
		t.s.Lang = spoken
	}
	if !t.languages[t.s.Lang] {
		t.s.Lang = t.first
	}
	if t.said.Name != "" {
		t.said.Name = cleaned(t.said.Name, booking.MaxName)
	}
}

// keep saves the conversation's state and returns the answer.
func (t *talk) keep(ctx context.Context) (answer []byte, kept bool, err error) {
	value, err := t.s.encode()
	if err != nil {
		return nil, false, err
	}
	answer = t.stored
	var toStore *booking.StoredAnswer
	if answer == nil {
		answer = twiml(t.parts...)
		if !t.passing {
			toStore = &booking.StoredAnswer{Key: t.key, Answer: answer}
		}
	}
	// The work may have used up its time; saving the state gets some of its own.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveTime)
	defer cancel()
	err = t.cfg.Dialogues.Save(ctx, t.phone, value, toStore)
	switch {
	case err == nil && t.passing:
		return answer, false, webhook.ErrForget
	case err == nil, t.stored != nil:
		if err != nil {
			t.cfg.Log.ErrorContext(ctx, "conversation not saved, although its action was done", "phone", t.phone.Masked(), "error", err)
		}
		return answer, true, nil
	case t.acted:
		t.cfg.Log.ErrorContext(ctx, "conversation not saved, although its action was done", "phone", t.phone.Masked(), "error", err)
		return answer, false, webhook.ErrForget
	}
	return nil, false, err
}

// act has the desk carry out an action, the answer to which is kept in one commit with
// the booking. Done, nothing is under way any more.
func (t *talk) act(do func(booking.Reply) (booking.Result, error), say func(booking.Lang, time.Time, booking.Result) string) *booking.Refusal {
	reply := booking.Reply{Key: t.key, Say: func(r booking.Result) []byte {
		return twiml(append(t.parts[:len(t.parts):len(t.parts)], say(t.s.Lang, t.now, r))...)
	}}
	result, err := do(reply)
	if err != nil {
		return refusalOf(err)
	}
	t.acted = true
	if said, kept := reply.To(result); kept {
		t.stored = said
	}
	t.say(say(t.s.Lang, t.now, result))
	t.s.settle()
	t.s.Recent = ""
	if isOpen(result.Booking) && result.Booking.Phone == t.phone {
		t.s.Recent = result.Booking.Code
	}
	return nil
}

// say adds to the answer.
func (t *talk) say(text string) {
	if text != "" {
		t.parts = append(t.parts, text)
	}
}

func (t *talk) says(remarks ...catalogue.Remark) { t.say(t.cfg.Words.Says(t.s.Lang, remarks...)) }

// ask asks for a detail, with the words that the catalogue has for it.
func (t *talk) ask(what asked) {
	t.s.Asked = what
	t.say(t.cfg.Words.Ask(t.s.Lang, string(what)))
}

func (t *talk) caller() booking.Caller { return caller(t.phone, t.s.Lang) }

// who names the booking that the conversation is about.
func (t *talk) who() booking.Who {
	return booking.Who{Caller: t.caller(), Code: t.s.Code, Phone: t.s.Phone}
}

// refusalOf makes a refusal of whatever the desk returned.
func refusalOf(err error) *booking.Refusal {
	if refusal, ok := errors.AsType[*booking.Refusal](err); ok && refusal != nil {
		return refusal
	}
	return &booking.Refusal{Reason: booking.Failed, Err: err}
}

// failed says that the desk could not do its work now. The answer is not remembered:
// the next try may succeed.
func (t *talk) failed(ctx context.Context, r *booking.Refusal) {
	t.cfg.Log.ErrorContext(ctx, "desk failed", "message", t.m.sid, "phone", t.phone.Masked(), "error", r)
	t.passing = true
	t.say(t.cfg.Words.Failed(t.s.Lang))
}

// severalWords reports whether a text has more than one word.
func severalWords(text string) bool {
	for i, r := range text {
		if r == ' ' && i > 0 {
			return true
		}
	}
	return false
}
