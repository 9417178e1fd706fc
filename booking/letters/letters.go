// Package letters decides what guests are written: which messages a decision of
// the desk owes, who is reminded of what, and whether a message still tells what
// is so. It takes its words from the catalogue and its rules from the owner. It
// is pure; it must not know how messages are kept, nor how they travel.
package letters

import (
	"strings"
	"time"

	"maitre/booking"
	"maitre/booking/catalogue"
)

// Writer writes to the guests of one restaurant. It never changes, and is safe
// for concurrent use. It implements [booking.Letters].
type Writer struct {
	// Words are the house's.
	Words *catalogue.Catalogue
	// Rules are the owner's.
	Rules booking.Correspondence
	// Mobile tells whether messages reach a number.
	Mobile func(booking.Phone) bool
	// SMS tells that messages may go by SMS.
	SMS bool
}

var _ booking.Letters = Writer{}

// reaches tells whether a booking's guest can be written to.
func (w Writer) reaches(b booking.Booking) bool { return b.Phone != "" && w.Mobile(b.Phone) }

// Opens tells whether messages of a kind are sent, and reach guests of a language
// who have not written to the house lately: it takes a template or SMS.
func (w Writer) Opens(kind booking.MessageKind, lang booking.Lang) bool {
	return w.Rules.Sends(kind) && (w.SMS || w.Rules.Template(kind, w.Words.Language(lang)) != "")
}

// Hold is how long a table is held for a party of the waitlist; zero: the house
// keeps none, for want of a way to tell whoever waits, in every language.
func (w Writer) Hold() time.Duration {
	for _, lang := range w.Words.Restaurant().Languages {
		if !w.Opens(booking.MessageTableFree, lang) {
			return 0
		}
	}
	return w.Rules.Hold
}

// Asks implements [booking.Letters]: a table that is booked by phone from a
// mobile is held until its guest has said yes in writing. A landline is asked
// aloud, and whoever writes has it in writing already.
func (w Writer) Asks(b booking.Booking) bool {
	return b.Channel == booking.ByPhone && w.reaches(b) && w.Opens(booking.MessageConfirm, b.Lang)
}

// Offers implements [booking.Letters].
func (w Writer) Offers(b booking.Booking) bool {
	return w.Rules.Sends(booking.MessageTableFree) && w.reaches(b)
}

// Owed implements [booking.Letters].
func (w Writer) Owed(d booking.Decision) []booking.Message {
	if !w.reaches(d.Booking) {
		return nil
	}
	m, ok := w.owed(d)
	if !ok || !w.Rules.Sends(m.Kind) {
		return nil
	}
	return []booking.Message{m}
}

func (w Writer) owed(d booking.Decision) (booking.Message, bool) {
	b, was := d.Booking, d.Was
	tell := !w.hears(d) || w.Rules.InWriting
	switch {
	case was == nil && !b.HeldUntil.IsZero():
		return w.Words.TableFree(d.Now, b, b.HeldUntil), true
	case b.Status == booking.PreBooked && d.Caller.Channel == booking.ByPhone && (was == nil || moved(b, *was)):
		m := w.Words.AskToConfirm(d.Now, b)
		if was != nil { // what was asked before is not what stands now
			m.Key += "/" + b.Updated.UTC().Format(time.RFC3339Nano)
		}
		return m, true
	case !tell:
	case b.Status == booking.PreBooked && was == nil: // whoever held it asks
	case was == nil:
		return w.Words.NowBooked(d.Now, b), true
	case b.Status == booking.Cancelled:
		return w.Words.NowCancelled(d.Now, b), true
	case b.Status == booking.Confirmed && was.Status == booking.PreBooked:
		return w.Words.NowBooked(d.Now, b), true
	case b.Live() && moved(b, *was):
		return w.Words.NowChanged(d.Now, b), true
	}
	return booking.Message{}, false
}

// hears tells whether the booking's guest hears or reads of a decision there and
// then: whoever speaks or writes from the booking's own number does. The staff
// tell a guest themselves of a booking that they take down, but not of what they
// change later.
func (w Writer) hears(d booking.Decision) bool {
	switch d.Caller.Channel {
	case booking.ByPhone, booking.ByWhatsApp:
		return d.Was == nil || d.Caller.Phone == d.Booking.Phone
	case booking.ByStaff:
		return d.Was == nil
	case booking.ByWeb: // a page is closed and gone
		return false
	}
	return true // the desk decided by itself
}

// moved tells whether a change is worth a message.
func moved(b, was booking.Booking) bool {
	return b.Date != was.Date || b.Time != was.Time || b.Party != was.Party || b.Zone != was.Zone || b.Name != was.Name
}

// Reminder returns what reminds a guest of a booking, at a moment at which its
// day is due for reminders; false where nobody is to be reminded. Who is still
// held is asked once more instead. A booking that was made or changed after the
// hour of reminders needs none: its guest has just spoken of it.
func (w Writer) Reminder(b booking.Booking, due, now time.Time) (booking.Message, bool) {
	open := b.Status == booking.Confirmed || b.Status == booking.PreBooked
	if !open || !w.Rules.Sends(booking.MessageReminder) || !w.reaches(b) || !b.HeldUntil.IsZero() ||
		!b.Created.Before(due) || !b.Updated.Before(due) || !b.Start.After(now) {
		return booking.Message{}, false
	}
	m := w.Words.Reminder(now, b)
	if b.Status == booking.PreBooked {
		key := m.Key
		m = w.Words.AskToConfirm(now, b)
		m.Key = key
	}
	return m, true
}

// Still tells whether a message about a booking, as it stands now, tells what is
// so: nobody is asked to confirm what is confirmed, nor reminded of a table that
// was given back or moved.
func (w Writer) Still(m booking.Message, b booking.Booking, now time.Time) bool {
	switch m.Kind {
	case booking.MessageConfirm:
		return b.Status == booking.PreBooked && w.tells(m, b, now)
	case booking.MessageTableFree:
		return b.Status == booking.PreBooked && !b.HeldUntil.IsZero() && b.HeldUntil.After(now) && w.tells(m, b, now)
	case booking.MessageReminder:
		return (b.Status == booking.Confirmed || b.Status == booking.PreBooked) && w.tells(m, b, now)
	case booking.MessageBooked, booking.MessageChanged:
		return b.Live() && w.tells(m, b, now)
	case booking.MessageCancelled:
		return b.Status == booking.Cancelled
	}
	return true
}

// tells tells whether a message names the party and the moment that a booking
// has. Where the table stands may be otherwise by now: that is no reason to be silent.
func (w Writer) tells(m booking.Message, b booking.Booking, now time.Time) bool {
	b.Zone = ""
	is := w.Words.Reminder(now, b).Vars
	return len(m.Vars) == len(is) && m.Vars[2] == is[2] && (m.Vars[3] == is[3] || strings.HasPrefix(m.Vars[3], strings.TrimSuffix(is[3], ",")+","))
}
