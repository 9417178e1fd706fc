package whatsapp

import (
	"cmp"
	"context"
	"slices"

	"maitre/booking"
)

// refused says why the desk refuses the draft, and notes what the guest is asked.
func (t *talk) refused(ctx context.Context, r *booking.Refusal) {
	switch {
	case r.Reason == booking.Full && t.s.Wait && t.s.Task == toBook && t.s.Draft.Time != nil:
		t.enlist(ctx)
		return
	case r.Reason == booking.Failed:
		t.s.Asked = forRetry
		t.failed(ctx, r)
		return
	case r.Reason == booking.TooLarge && t.cfg.Escalate != nil:
		t.s.Asked, t.s.Call, t.s.Said = forParty, true, t.wanted()
		t.say(t.cfg.Words.TooLarge(t.s.Lang))
		return
	case len(r.Alternatives) > 0:
		slices.SortStableFunc(r.Alternatives, func(a, b booking.Alternative) int {
			return cmp.Or(cmp.Compare(a.Date, b.Date), cmp.Compare(a.Time, b.Time))
		})
		t.offered(r)
	case r.Reason == booking.Invalid:
		t.wrong(r)
	case r.Reason == booking.TooLarge:
		t.s.Asked = forParty
	default:
		t.s.Asked = forOther
	}
	t.say(t.cfg.Words.Refused(t.s.Lang, t.now, r))
	t.offerList(r)
}

// wanted is what the staff read of a table that only a person can give.
func (t *talk) wanted() string {
	d := &t.s.Draft
	said := t.cfg.Words.Party(t.s.Lang, d.Party)
	switch {
	case !d.Date.IsZero() && d.Time != nil:
		said += ", " + t.cfg.Words.When(t.s.Lang, t.now, d.Date, *d.Time)
	case !d.Date.IsZero():
		said += ", " + t.cfg.Words.Day(t.s.Lang, t.now, d.Date)
	}
	return cleaned(said+". "+t.m.text, MaxSaid)
}

// wrong forgets the detail that makes no sense, so that the next one counts.
func (t *talk) wrong(r *booking.Refusal) {
	d := &t.s.Draft
	switch t.s.Asked = asked(r.Field); t.s.Asked {
	case forDate:
		d.Date = 0
	case forTime:
		d.Time = nil
	case forParty:
		d.Party = 0
	case forZone:
		d.Zone = ""
	case forName:
		d.Name, d.Offered = "", ""
	default:
		d.Notes = ""
		t.s.Asked = forWhat
	}
}
