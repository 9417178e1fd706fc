package catalogue

import (
	"strings"
	"time"

	"maitre/booking"
)

// Call returns the alert of a guest who wants a person to call: who, on which number, and
// what the guest wrote.
func (c *Catalogue) Call(now time.Time, staff, guest booking.Phone, name, said string) booking.Message {
	m := c.write("", now).message()
	if name = oneLine(name); name == "" {
		name = m.NoName
	}
	m.say(m.AlertCall, fill{"name", name}, fill{"phone", string(guest)})
	if said = oneLine(said); said != "" {
		m.say(m.AlertSaid, fill{"said", said})
	}
	return m.alert(staff, "")
}

// Unreached returns the alert of a guest whom the message that asks for a yes did not
// reach: who, when, how many, and which number to call.
func (c *Catalogue) Unreached(now time.Time, staff booking.Phone, b booking.Booking) booking.Message {
	m := c.write("", now).message()
	m.say(m.AlertUnreached, append(m.who(b), fill{"phone", string(b.Phone)})...)
	return m.alert(staff, b.ID)
}

// Overlap returns the alert of two parties on one table: the first that was found, and how
// many more there are.
func (c *Catalogue) Overlap(now time.Time, staff booking.Phone, found []booking.Overlap, link string) booking.Message {
	m := c.write("", now).message()
	first, second := found[0].First, found[0].Second
	fills := append(m.who(first), fill{"table", oneLine(strings.Join(found[0].Tables, "+"))})
	for _, f := range m.who(second) {
		fills = append(fills, fill{f.slot + "2", f.value})
	}
	m.say(m.AlertOverlap, fills...)
	if more := len(found) - 1; more > 0 {
		m.say(m.AlertOverlaps, fill{"more", m.count(more, m.Pairs)})
	}
	m.say(m.AlertSeeBoth, fill{"link", oneLine(link + "?date=" + second.Date.String())})
	return m.alert(staff, second.ID)
}

// Unreadable returns the alert of values of the data file that cannot be read, some of
// which may be bookings.
func (c *Catalogue) Unreadable(now time.Time, staff booking.Phone, values, bookings int, link string) booking.Message {
	m := c.write("", now).message()
	m.say(m.AlertUnreadable, fill{"values", m.count(values, m.Values)})
	if bookings > 0 {
		m.say(m.AlertUnreadableBookings)
	}
	m.say(m.AlertSeeWhat, fill{"link", oneLine(link)})
	return m.alert(staff, "")
}

// who describes a booking to the staff.
func (w wording) who(b booking.Booking) []fill {
	name := oneLine(b.Name)
	if name == "" {
		name = w.NoName
	}
	return []fill{{"name", name}, {"party", w.party(b.Party)}, {"when", w.whenOf(b)}, {"place", w.inZone(b.Zone)}}
}

// AlertReason is why a booking is not in the system of record yet.
type AlertReason string

// The reasons. Any other gets the text of an unknown one.
const (
	TroubleDown    AlertReason = "down"    // the system of record does not answer
	TroubleRefused AlertReason = "refused" // it does not take the booking as it is
	TroubleAccess  AlertReason = "access"  // it denies access
	TroubleTaken   AlertReason = "taken"   // the table was given to others meanwhile
	TroublePast    AlertReason = "past"    // the booking's time has passed
	TroubleChanged AlertReason = "changed" // the staff changed or deleted the row meanwhile
	TroubleMissing AlertReason = "missing" // its row disappeared together with others
)

// Alert returns the alert of a booking that is not in the system of record: who, when, how
// many, what failed, and where to see it. It leaves out the notes, which may be about
// health.
func (c *Catalogue) Alert(now time.Time, staff booking.Phone, b booking.Booking, why AlertReason, link string) booking.Message {
	m := c.write("", now).message()
	m.say(m.AlertFirst, m.who(b)...)
	m.say(textOf(m.alertReasons, why))
	m.say(m.AlertSee, fill{"link", oneLine(link)})
	return m.alert(staff, b.ID)
}

// Digest returns the alert of how many bookings are not in the system of record: how many
// wait to be written, and how many need a person.
func (c *Catalogue) Digest(now time.Time, staff booking.Phone, waiting, asking int, link string) booking.Message {
	m := c.write("", now).message()
	wait, ask := fill{"waiting", m.count(waiting, m.Waiting)}, fill{"asking", m.count(asking, m.Asking)}
	switch {
	case asking == 0:
		m.say(m.AlertDigest, wait)
	case waiting == 0:
		m.say(m.AlertDigestAsk, ask)
	default:
		m.say(m.AlertDigestBoth, wait, ask)
	}
	m.say(m.AlertSeeAll, fill{"link", oneLine(link)})
	return m.alert(staff, "")
}

// Recovered returns the message that the system of record works again: how many bookings
// are written, and how many need a person.
func (c *Catalogue) Recovered(now time.Time, staff booking.Phone, written, asking int, link string) booking.Message {
	m := c.write("", now).message()
	in := fill{"written", m.count(written, m.InBook)}
	if asking == 0 {
		m.say(m.AlertRecoveredAll, in)
		return m.alert(staff, "")
	}
	m.say(m.AlertRecovered, in, fill{"asking", m.count(asking, m.Asking)})
	m.say(m.AlertSeeAll, fill{"link", oneLine(link)})
	return m.alert(staff, "")
}

// alert makes m a message to the staff, about a booking or none.
func (m *message) alert(staff booking.Phone, id string) booking.Message {
	text := m.String()
	_, value, _ := strings.Cut(text, ": ") // what the template says itself
	return booking.Message{Kind: booking.MessageAlert, To: staff, Lang: m.lang, Booking: id, Text: text, Vars: []string{value}, Urgent: true}
}
