// Package notify decides which messages guests get after a decision of the desk, who is
// reminded, and whether a waiting message is still true. The texts come from the
// catalogue, the rules from the owner. It does no I/O, and must not know how messages are
// kept or sent.
package notify

import (
	"strings"
	"time"

	"maitre/booking"
	"maitre/booking/catalogue"
)

// Policy decides which messages the guests of one restaurant get. It is immutable and
// safe for concurrent use. It implements [booking.NotifyPolicy].
type Policy struct {
	// Words is the restaurant's catalogue.
	Words *catalogue.Catalogue
	// Rules are the owner's settings.
	Rules booking.Correspondence
	// Mobile reports whether messages reach a number.
	Mobile func(booking.Phone) bool
	// SMS reports whether messages may go by SMS.
	SMS bool
}

var _ booking.NotifyPolicy = Policy{}

// reaches reports whether messages reach a booking's guest.
func (p Policy) reaches(b booking.Booking) bool { return b.Phone != "" && p.Mobile(b.Phone) }

// Opens reports whether messages of a kind are sent and also reach guests of a language
// who have not written to the restaurant lately, by a template or SMS.
func (p Policy) Opens(kind booking.MessageKind, lang booking.Lang) bool {
	return p.Rules.Sends(kind) && (p.SMS || p.Rules.Template(kind, p.Words.Language(lang)) != "")
}

// Hold returns how long a table is held for a party of the waitlist; zero: there is no
// waitlist, because offers cannot be sent in one of the languages.
func (p Policy) Hold() time.Duration {
	for _, lang := range p.Words.Restaurant().Languages {
		if !p.Opens(booking.MessageTableFree, lang) {
			return 0
		}
	}
	return p.Rules.Hold
}

// Asks implements [booking.NotifyPolicy]: a table that is booked by phone from a mobile is
// held until its guest has said yes in writing. Callers from landlines are asked on the
// phone, and guests who write have it in writing already.
func (p Policy) Asks(b booking.Booking) bool {
	return b.Channel == booking.ByPhone && p.reaches(b) && p.Opens(booking.MessageConfirm, b.Lang)
}

// Offers implements [booking.NotifyPolicy].
func (p Policy) Offers(b booking.Booking) bool {
	return p.Rules.Sends(booking.MessageTableFree) && p.reaches(b)
}

// Messages implements [booking.NotifyPolicy].
func (p Policy) Messages(d booking.Decision) []booking.Message {
	if !p.reaches(d.Booking) {
		return nil
	}
	m, ok := p.message(d)
	if !ok || !p.Rules.Sends(m.Kind) {
		return nil
	}
	return []booking.Message{m}
}

func (p Policy) message(d booking.Decision) (booking.Message, bool) {
	b, was := d.Booking, d.Was
	notify := !p.learns(d) || p.Rules.InWriting
	switch {
	case was == nil && !b.HeldUntil.IsZero():
		return p.Words.TableFree(d.Now, b, b.HeldUntil), true
	case b.Status == booking.PreBooked && d.Caller.Channel == booking.ByPhone && (was == nil || moved(b, *was)):
		m := p.Words.AskToConfirm(d.Now, b)
		if was != nil { // the earlier question is out of date
			m.Key += "/" + b.Updated.UTC().Format(time.RFC3339Nano)
		}
		return m, true
	case !notify:
	case b.Status == booking.PreBooked && was == nil: // its channel asks for the yes
	case was == nil:
		return p.Words.NowBooked(d.Now, b), true
	case b.Status == booking.Cancelled:
		return p.Words.NowCancelled(d.Now, b), true
	case b.Status == booking.Confirmed && was.Status == booking.PreBooked:
		return p.Words.NowBooked(d.Now, b), true
	case b.Live() && moved(b, *was):
		return p.Words.NowChanged(d.Now, b), true
	}
	return booking.Message{}, false
}

// learns reports whether the booking's guest learns of a decision at once, as callers and
// writers from the booking's own number do. The staff tell guests of a booking that they
// make, but not of later changes.
func (p Policy) learns(d booking.Decision) bool {
	switch d.Caller.Channel {
	case booking.ByPhone, booking.ByWhatsApp:
		return d.Was == nil || d.Caller.Phone == d.Booking.Phone
	case booking.ByStaff:
		return d.Was == nil
	case booking.ByWeb: // a page can be closed
		return false
	}
	return true // the desk decided by itself
}

// moved reports whether a change is worth a message.
func moved(b, was booking.Booking) bool {
	return b.Date != was.Date || b.Time != was.Time || b.Party != was.Party || b.Zone != was.Zone || b.Name != was.Name
}

// Reminder returns the reminder of a booking whose day's reminders were due at due; false
// if it needs none. A guest who has not confirmed yet is asked once more instead. A
// booking that was made or changed after due needs no reminder.
func (p Policy) Reminder(b booking.Booking, due, now time.Time) (booking.Message, bool) {
	open := b.Status == booking.Confirmed || b.Status == booking.PreBooked
	if !open || !p.Rules.Sends(booking.MessageReminder) || !p.reaches(b) || !b.HeldUntil.IsZero() ||
		!b.Created.Before(due) || !b.Updated.Before(due) || !b.Start.After(now) {
		return booking.Message{}, false
	}
	m := p.Words.Reminder(now, b)
	if b.Status == booking.PreBooked {
		key := m.Key
		m = p.Words.AskToConfirm(now, b)
		m.Key = key
	}
	return m, true
}

// Still reports whether a message about a booking is still true: nobody is asked to
// confirm what is confirmed, nor reminded of a table that was cancelled or moved.
func (p Policy) Still(m booking.Message, b booking.Booking, now time.Time) bool {
	switch m.Kind {
	case booking.MessageConfirm:
		return b.Status == booking.PreBooked && p.matches(m, b, now)
	case booking.MessageTableFree:
		return b.Status == booking.PreBooked && !b.HeldUntil.IsZero() && b.HeldUntil.After(now) && p.matches(m, b, now)
	case booking.MessageReminder:
		return (b.Status == booking.Confirmed || b.Status == booking.PreBooked) && p.matches(m, b, now)
	case booking.MessageBooked, booking.MessageChanged:
		return b.Live() && p.matches(m, b, now)
	case booking.MessageCancelled:
		return b.Status == booking.Cancelled
	}
	return true
}

// matches reports whether a message has the booking's party and time. Another zone by now
// does not matter.
func (p Policy) matches(m booking.Message, b booking.Booking, now time.Time) bool {
	b.Zone = ""
	is := p.Words.Reminder(now, b).Vars
	return len(m.Vars) == len(is) && m.Vars[2] == is[2] && (m.Vars[3] == is[3] || strings.HasPrefix(m.Vars[3], strings.TrimSuffix(is[3], ",")+","))
}
