package whatsapp

import (
	"context"
	"regexp"
	"strings"
	"unicode"

	"maitre/booking"
	"maitre/booking/phrase"
)

// pressed carries out a button of ours: yes, no, option:2, confirm:CODE,
// decline:CODE, change:CODE, cancel:CODE. A button can do no more than the
// guest's words: the desk decides whose booking it is. Any other is read as its text.
func (t *talk) pressed(ctx context.Context) bool {
	action, code, _ := strings.Cut(t.m.payload, ":")
	intent, what := "", task("")
	switch action {
	case "yes", "confirm":
		intent, what = phrase.Yes, toConfirm
	case "no", "decline":
		intent, what = phrase.No, toConfirm
	case "change":
		intent, what = phrase.Change, toChange
	case "cancel":
		intent, what = phrase.Cancel, toCancel
	case "option":
		intent, t.m.text, code = phrase.Unknown, code, ""
	default:
		return false
	}
	t.said = phrase.Meaning{Intent: intent, Lang: t.said.Lang, Plain: true}
	if code == "" {
		return false
	}
	t.s.begin(what)
	t.s.Keep = intent == phrase.Yes
	t.coded(ctx, code)
	return true
}

// named reports whether the message names a booking by its code, or says with
// which number it was made, and if so goes on with that.
func (t *talk) named(ctx context.Context) bool {
	if t.s.Task == toBook && t.said.Intent != phrase.Cancel && t.said.Intent != phrase.Change && t.said.Intent != phrase.List {
		return false
	}
	code := codeIn(t.m.text, t.s.Asked == forCode)
	if code != "" || t.s.Asked == forCode {
		if number, ok := t.number(); ok {
			t.s.Phone = number
			if code == "" {
				t.find(ctx, nil)
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
	t.coded(ctx, code)
	return true
}

// number returns the telephone number that the message names.
func (t *talk) number() (booking.Phone, bool) {
	digits, ok := t.cfg.Reader.Phone(t.m.text)
	if !ok {
		return "", false
	}
	number, err := t.cfg.Phones.Parse(digits)
	return number, err == nil
}

// coded goes on with the booking of a code, as far as the desk allows.
func (t *talk) coded(ctx context.Context, code string) {
	today := booking.NewDate(t.now.Date())
	if t.s.TriedOn != today {
		t.s.TriedOn, t.s.Tries = today, 0
	}
	if t.s.Tries >= maxTries {
		t.s.settle()
		t.say(t.cfg.Words.NoMoreCodes(t.s.Lang))
		return
	}
	t.s.Code = code
	t.find(ctx, nil)
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
			if spelled := spelledOut(words[i:]); announced(words[:i]) && spelled != "" {
				return spelled
			}
			continue
		}
		digits := strings.ContainsAny(code, "0123456789")
		letters := strings.ContainsFunc(code, unicode.IsLetter)
		shouted := w == strings.ToUpper(w)
		if digits && letters && !clock.MatchString(w) || announced(words[:i]) || asked && (letters && shouted || digits && letters) {
			return code
		}
	}
	if spelled, ok := booking.ParseCode(strings.Join(words, "")); asked && ok {
		return spelled
	}
	return ""
}

// spelledOut reads a code that is spelled letter by letter, at the beginning of words.
func spelledOut(words []string) string {
	letters := 0
	for letters < len(words) && len(words[letters]) == 1 {
		if letters >= 4 && words[letters] == "y" { // "K 7 Q F y mi nombre…"
			break
		}
		letters++
	}
	code, ok := booking.ParseCode(strings.Join(words[:letters], ""))
	if !ok {
		return ""
	}
	return code
}

// clock are times that are written like a code: 22h45.
var clock = regexp.MustCompile(`^(?i:\d{1,2}h\d{0,2})$`)

// announced reports whether the last of the words is the word for a code.
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
