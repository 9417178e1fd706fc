package whatsapp

import (
	"context"
	"strings"
	"time"
	"unicode"

	"maitre/booking"
	"maitre/booking/catalogue"
	"maitre/booking/phrase"
)

// deed is something that changes a booking, and how the guest is told of it.
type deed struct {
	// act passes remember on to the desk.
	act func(ctx context.Context, remember func(booking.Result) booking.Memo) (booking.Result, error)
	say func(lang booking.Lang, now time.Time, r booking.Result) string
}

// do does it. The answer to the message is kept in one stroke with the booking;
// where that is only on its way, the guest hears so. Done, nothing is under way
// any more.
func (t *talk) do(d deed) *booking.Refusal {
	var memo []byte
	result, err := d.act(t.ctx, func(r booking.Result) booking.Memo {
		memo = twiml(append(t.parts[:len(t.parts):len(t.parts)], d.say(t.s.Lang, t.now, r))...)
		return booking.Memo{Key: t.key, Answer: memo}
	})
	if err != nil {
		return refusalOf(err)
	}
	t.acted = true
	if result.Standing == booking.Written && !result.Repeated {
		t.memo = memo
	}
	t.say(d.say(t.s.Lang, t.now, result))
	t.s.settle()
	t.s.Recent = ""
	if isOpen(result.Booking) && result.Booking.Phone == t.phone {
		t.s.Recent = result.Booking.Code
	}
	return nil
}

// confirm takes a yes or a no to nothing that was asked here: to a table that is
// held until the guest confirms it. A no gives the table back; where something
// else was just talked about, it may have been meant for that, and is asked.
func (t *talk) confirm(keep bool) {
	found, err := t.Desk.Lookup(t.ctx, booking.Who{Caller: t.caller()})
	if err != nil && refusalOf(err).Reason == booking.Failed {
		t.failed(refusalOf(err))
		return
	}
	var held []string
	for _, b := range found {
		if b.Status == booking.PreBooked {
			held = append(held, b.Code)
		}
	}
	switch {
	case len(held) == 0:
		t.toNothing(keep)
		return
	case !keep && (!t.fresh || t.expired):
		t.s.begin(toCancel)
	default:
		t.s.begin(toConfirm)
		t.s.Keep = keep
	}
	if len(held) == 1 {
		t.s.Code = held[0]
	}
	t.find(nil)
}

// toNothing answers a yes or a no to nothing at all.
func (t *talk) toNothing(yes bool) {
	switch {
	case t.expired:
		t.says(catalogue.Expired, catalogue.StartAgain)
	case !yes:
		t.says(catalogue.Whenever)
	case !t.fresh: // "ok", after all is said
		t.says(catalogue.Welcome)
	default:
		t.nothingToConfirm()
	}
}

func (t *talk) nothingToConfirm() {
	t.s.settle()
	t.says(catalogue.Nothing, catalogue.Help)
}

func (t *talk) confirmIt() {
	who, keep := t.who(), t.s.Keep
	say := t.Words.Confirmed
	if !keep {
		say = t.Words.Declined
	}
	t.over(t.do(deed{
		act: func(ctx context.Context, remember func(booking.Result) booking.Memo) (booking.Result, error) {
			return t.Desk.Confirm(ctx, booking.Confirmation{Who: who, Confirmed: keep, Remember: remember})
		},
		say: say,
	}))
}

// pressed carries out what a button of ours says: yes, no, option:2, confirm:CODE,
// decline:CODE, change:CODE, cancel:CODE. A button tells no more than the guest
// could write: the desk judges whose booking it is. Any other is read as its text.
func (t *talk) pressed() bool {
	action, of, _ := strings.Cut(t.m.payload, ":")
	switch action {
	case "yes":
		t.said = phrase.Meaning{Intent: phrase.Yes}
	case "no":
		t.said = phrase.Meaning{Intent: phrase.No}
	case "option":
		t.m.text = of
		t.said = phrase.Meaning{Intent: phrase.Unknown}
	case "confirm", "decline":
		t.s.begin(toConfirm)
		t.s.Keep = action == "confirm"
	case "change":
		t.s.begin(toChange)
	case "cancel":
		t.s.begin(toCancel)
	default:
		return false
	}
	if t.s.Asked != "" || of == "" || action == "option" {
		return false
	}
	t.coded(of)
	return true
}

// named tells whether the message names a booking by its code, or says with
// which number it was made, and if so goes on with that.
func (t *talk) named() bool {
	if t.s.Task == toBook && t.said.Intent != phrase.Cancel && t.said.Intent != phrase.Change && t.said.Intent != phrase.List {
		return false
	}
	code := codeIn(t.m.text, t.s.Asked == forCode)
	if code != "" || t.s.Asked == forCode {
		if number, ok := t.number(); ok {
			t.s.Phone = number
			if code == "" {
				t.find(nil)
				return true
			}
		}
	}
	if code == "" {
		return false
	}
	number := t.s.Phone
	switch t.said.Intent {
	case phrase.Cancel:
		t.s.begin(toCancel)
	case phrase.Change:
		t.s.begin(toChange)
		t.takeDown()
	case phrase.List:
		t.s.begin(toSee)
	}
	if t.s.Task == "" {
		t.s.begin(toSee)
	}
	t.s.Phone = number
	t.coded(code)
	return true
}

// number returns the telephone number that the message names.
func (t *talk) number() (booking.Phone, bool) {
	digits, ok := t.Reader.Phone(t.m.text)
	if !ok {
		return "", false
	}
	number, err := t.Phones.Parse(digits)
	return number, err == nil
}

// coded goes on with the booking of a code, as far as the desk allows.
func (t *talk) coded(code string) {
	today := booking.NewDate(t.now.Date())
	if t.s.TriedOn != today {
		t.s.TriedOn, t.s.Tries = today, 0
	}
	if t.s.Tries >= maxTries {
		t.s.settle()
		t.say(t.Words.NoMoreCodes(t.s.Lang))
		return
	}
	t.s.Code = code
	t.find(nil)
}

// codeIn finds a booking's code in a text: letters and digits, or what follows
// the word for it; where a code was asked for, also by itself. Empty: there is none.
func codeIn(text string, asked bool) string {
	words := strings.FieldsFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(".,;:!?¿¡()\"'«»*", r)
	})
	for i, w := range words {
		code, ok := booking.ParseCode(w)
		if !ok {
			if announced(words[:i]) {
				if spelled, ok := booking.ParseCode(strings.Join(words[i:min(len(words), i+6)], "")); ok {
					return spelled
				}
			}
			continue
		}
		digits := strings.ContainsAny(code, "0123456789")
		letters := strings.ContainsFunc(code, unicode.IsLetter)
		shouted := w == strings.ToUpper(w)
		if digits && letters || announced(words[:i]) || asked && letters && shouted {
			return code
		}
	}
	if spelled, ok := booking.ParseCode(strings.Join(words, "")); asked && ok {
		return spelled
	}
	return ""
}

// announced tells whether the last of the words is the word for a code.
func announced(before []string) bool {
	for n, i := 0, len(before)-1; i >= 0 && n < 2; n, i = n+1, i-1 {
		switch w := strings.ToLower(before[i]); {
		case strings.HasPrefix(w, "códig"), strings.HasPrefix(w, "codig"), w == "code":
			return true
		case w != "es" && w != "is" && w != "el" && w != "the":
			return false
		}
	}
	return false
}
