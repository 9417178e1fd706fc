package vapi

import (
	"strings"
	"time"

	"maitre/booking"
	"maitre/webhook"
)

// task is one tool call while it is answered.
type task struct {
	*Handler
	args arguments
	call string // the phone call's ID
	from string // the number that VAPI names as the caller's
	lang booking.Lang
	now  time.Time
	// key is the idempotency key; empty when VAPI does not identify the call well
	// enough to recognise a repeat.
	key string
}

func (h *Handler) task(m *message, call toolCall) *task {
	t := &task{Handler: h, args: call.args, call: m.call, from: m.caller, now: h.cfg.Desk.Now()}
	t.lang = h.language(t)
	talk := m.call
	if talk == "" {
		talk = m.chat
	}
	if talk != "" && call.id != "" {
		t.key = webhook.Key("vapi", talk, call.id)
	}
	return t
}

// caller is who speaks to the desk.
func (t *task) caller() booking.Caller {
	c := t.anybody()
	c.Phone = t.vouched(t.from)
	return c
}

// anybody is a caller of whom only the language matters: reading a telephone
// number takes longer than looking for a table.
func (t *task) anybody() booking.Caller {
	return booking.Caller{Channel: booking.ByPhone, CallID: t.call, Lang: t.lang}
}

// language is the one that the assistant names, or else the one of the guest's
// own words where it passed them on, or else the restaurant's.
func (h *Handler) language(t *task) booking.Lang {
	if said := strings.ToLower(t.args.lang.text); said != "" {
		for lang, names := range languageNames {
			for _, name := range names {
				if strings.HasPrefix(said, name) && h.languages[lang] {
					return lang
				}
			}
		}
	}
	words := ""
	for _, v := range []value{t.args.date, t.args.time, t.args.party, t.args.zone} {
		if hasWords(v.text) {
			words += " " + v.text
		}
	}
	if words != "" {
		if lang := h.cfg.Reader.Understand(words, t.now, h.first).Lang; h.languages[lang] {
			return lang
		}
	}
	return h.first
}

// languageNames are the beginnings of the names by which a model calls a
// language: its code, with or without a country, and its name.
var languageNames = map[booking.Lang][]string{
	booking.Spanish: {"es", "spa", "cas"},
	booking.English: {"en", "ing"},
}

// hasWords reports whether a text is in words, and not a number, a date or a time.
func hasWords(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r > 0x7f || r|0x20 >= 'a' && r|0x20 <= 'z' })
}

// vouched returns the number that VAPI names as the caller's, or "" where there
// is none or it is withheld. Networks send a word for that, and Twilio has handed
// it on as its keys on a telephone (ANONYMOUS is 266696687, changelog of 16
// November 2022): no numbering plan has such numbers, so that they are nobody's.
func (h *Handler) vouched(number string) booking.Phone {
	if number == "" {
		return ""
	}
	phone, err := h.cfg.Phones.Parse(number)
	if err != nil {
		return ""
	}
	return phone
}

func (t *task) refuse(err error) []byte { return t.cfg.Renderer.Refused(t.lang, err).JSON() }
