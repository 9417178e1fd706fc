package whatsapp

import (
	"context"
	"regexp"
	"strings"
	"time"

	"maitre/booking"
	"maitre/booking/catalogue"
	"maitre/booking/phrase"
)

var (
	// listWords name the waitlist; listWord does where it was just spoken of.
	listWords = regexp.MustCompile(`lista\s+(de\s+|d\s+)?espera|wait(ing)?[\s-]?list`)
	listWord  = regexp.MustCompile(`^\W*(apunta\w*|anota\w*|pon\w*|put me|add me|sign me up|quiero|si|sí|yes|ok|vale)?[\s,]*(a|en|on|to)?\s*(la|the|esa|una|a)?\s*(lista|list|esperar|espero|i'?ll wait)\W*(por favor|please)?\W*$`)
	// theList is a list that can only be the waitlist, where a guest wants to be off it.
	theList = regexp.MustCompile(`\b(de|d) (la|esa) lista\b|\b(off|from) (the|that|your) list\b`)
	// offMe asks for it in a word.
	offMe = regexp.MustCompile(`^\W*((qu[ií]t|s[aá]c|b[oó]rr)\w*me|take me off|remove me)\W*(por favor|please)?\W*$`)
	// leaving are words of guests who want to be taken off it.
	leaving = regexp.MustCompile(`\b(qu[ií]t\w+|b[oó]rr\w+|s[aá]c\w+|salir\w*|elim[ií]n\w+|baja|cancel\w+|ya no (quiero|queremos|espero|esperamos|hace falta|me|nos|necesito)|no quiero|no espero|dejar?|remove|off|leave|no longer|delete)\b`)
	// staying are such words denied, joining those of guests who want to be on it.
	staying = regexp.MustCompile(`\b(no|sin|not|don'?t|never)\s+((me|nos|te|le|se|lo|quiero|queremos|quer[ií]a|want|wish|to|please|need|hace|falta|que|vayas|vay[aá]is|a)\s+)*(qu[ií]t\w+|b[oó]rr\w+|s[aá](c|qu)\w+|salir\w*|elim[ií]n\w+|baja|cancel\w+|dejar?|dej[eé]is|remove|take|leave|delete)\b`)
	joining = regexp.MustCompile(`(^|[^\p{L}])(ap[uú]nt\w+|an[oó]t\w+|pon(me|nos|ed\w*)?|p[oó]ngame|m[eé]te(me|nos)|add me|put me|sign me)([^\p{L}]|$)`)
	// asksOff asks to be taken off, and does not ask about it.
	asksOff = regexp.MustCompile(`\b((me|nos) (quit|borr|sac|elimin)(as|a|[aá]is|an|ar[ií]as?)|(puedes|puede|pued[ea]n|pod[eé]is|podr[ií]as?|podr[ií]ais) (quitar|borrar|sacar|eliminar|dar)(me|nos)|(can|could|would|will) you( please)? (take|remove|delete) (me|us))($|[^\p{L}])`)
)

// waitlist goes on with what a guest says of the waitlist; false: nothing.
func (t *talk) waitlist(ctx context.Context) bool {
	if !t.cfg.Desk.KeepsWaitlist() {
		return false
	}
	text := strings.ToLower(t.m.text)
	named := listWords.MatchString(text)
	switch {
	case (named || theList.MatchString(text)) && leaving.MatchString(text) && !joining.MatchString(text), offMe.MatchString(text):
		if staying.MatchString(text) || strings.Contains(text, "?") && !asksOff.MatchString(text) {
			t.says(catalogue.HowToLeave)
			break
		}
		t.leaveList(ctx)
	case named, t.s.Full && listWord.MatchString(text):
		t.joinList(ctx)
	default:
		return false
	}
	return true
}

// joinList takes down that the guest would wait, with what else the message says.
// What is missing is asked as for a booking: where there is a table after all,
// nobody need wait.
func (t *talk) joinList(ctx context.Context) {
	if t.s.Task != toBook {
		t.s.begin(toBook)
	}
	t.s.Asked, t.s.Options, t.s.Full, t.s.Wait = "", nil, false, true
	t.takeDown()
	t.advance(ctx)
}

// enlist puts the guest on the waitlist for the table that was refused.
func (t *talk) enlist(ctx context.Context) {
	d := &t.s.Draft
	name := d.Name
	if name == "" {
		name = t.s.Name
	}
	if name == "" {
		name = t.m.profile
	}
	if name == "" {
		t.ask(forName)
		return
	}
	waited, err := t.cfg.Desk.Wait(ctx, booking.Request{
		Caller: t.caller(), Date: d.Date, Time: *d.Time, Party: d.Party, Zone: d.Zone, Name: name, Notes: d.Notes,
	})
	switch {
	case err != nil:
		t.s.Wait = false
		t.refused(ctx, refusalOf(err))
	case waited.Offer != nil: // free since
		t.s.Wait = false
		t.advance(ctx)
	default:
		t.acted = true
		t.s.Name = waited.Waiting.Name
		t.s.settle()
		t.say(t.cfg.Words.Listed(t.s.Lang, t.now, waited))
	}
}

// offerList offers the waitlist to a guest who has read that it is full.
func (t *talk) offerList(r *booking.Refusal) {
	if r.Reason == booking.Full && t.s.Task == toBook && t.cfg.Desk.KeepsWaitlist() && t.s.Draft.Time != nil {
		t.s.Full = true
		t.says(catalogue.OfferList)
	}
}

// leaveList takes the guest off the waitlist.
func (t *talk) leaveList(ctx context.Context) {
	left, err := t.cfg.Desk.Leave(ctx, t.caller())
	switch {
	case err != nil:
		t.failed(ctx, refusalOf(err))
		return
	case len(left) == 0:
		t.says(catalogue.NotListed)
		return
	}
	t.acted = true
	t.says(catalogue.Left(left))
}

// lateMatters is how long after a held table went back a yes is answered with that.
const lateMatters = 12 * time.Hour

// tooLate tells a guest who says yes that the table that was held has gone back;
// false: none has.
func (t *talk) tooLate(ctx context.Context) bool {
	if t.said.Intent != phrase.Yes {
		return false
	}
	all, err := t.cfg.Desk.WaitingOf(ctx, t.caller())
	if err != nil {
		t.cfg.Log.ErrorContext(ctx, "look at the waitlist", "phone", t.phone.Masked(), "error", err)
		return false
	}
	for _, w := range all {
		if w.State == booking.WaitLapsed && t.now.Sub(w.Updated) < lateMatters {
			t.says(catalogue.TooLate, catalogue.AskOther)
			return true
		}
	}
	return false
}
