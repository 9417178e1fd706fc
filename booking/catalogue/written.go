package catalogue

import (
	"strconv"
	"strings"
	"time"

	"maitre/booking"
)

// What guests and staff are sent is written, and read at any time: it names days
// by weekday and date only, never as "tomorrow", and codes as one word.
//
// The values of a guest's message, for its template, are: {{1}} the guest's name,
// {{2}} the house's, {{3}} the party, {{4}} day, time and place, {{5}} the code.
// Those of an alert are one: {{1}} what the text says.

// write returns a voice for what is written at a moment.
func (c *Catalogue) write(lang booking.Lang, now time.Time) voice {
	v := c.speak(lang, now)
	v.relative = false
	return v
}

// NowBooked tells a guest, who heard that the booking was being processed, that
// it is in the book. One that the guest still has to confirm is asked for: see [Catalogue.AskToConfirm].
func (c *Catalogue) NowBooked(now time.Time, b booking.Booking) booking.Message {
	if b.Status == booking.PreBooked {
		return c.AskToConfirm(now, b)
	}
	m := c.toGuest(now, b, booking.MessageBooked, b.ID, writeBooked, sayCode, saySeeYou)
	m.Expires = b.Start
	return m
}

// NowChanged tells a guest that a change is in the book.
func (c *Catalogue) NowChanged(now time.Time, b booking.Booking) booking.Message {
	m := c.toGuest(now, b, booking.MessageChanged, b.ID+"/"+stamp(b.Updated), writeChanged, sayCodeStays)
	m.Expires = b.Start
	return m
}

// NowCancelled tells a guest that a cancellation is in the book.
func (c *Catalogue) NowCancelled(now time.Time, b booking.Booking) booking.Message {
	return c.toGuest(now, b, booking.MessageCancelled, b.ID, writeCancelled, sayThanks)
}

// NotKept tells a guest that the booking could not be kept, and that a person
// will call. It must be sent only where a person will.
func (c *Catalogue) NotKept(now time.Time, b booking.Booking) booking.Message {
	m := c.toGuest(now, b, booking.MessageCall, b.ID+"/"+stamp(b.Updated), writeCall)
	s := c.write(b.Lang, now).speech()
	s.orCall(sayCallUs)
	if line := s.String(); line != "" {
		m.Text += " " + line
	}
	return m
}

// NotDone tells a guest that what was asked for could not be done, because the
// staff had changed the booking meanwhile, and that a person will call. It must be
// sent only where a person will.
func (c *Catalogue) NotDone(now time.Time, b booking.Booking) booking.Message {
	return c.toGuest(now, b, booking.MessageCall, "not done/"+b.ID+"/"+stamp(b.Updated), writeNotDone)
}

// Reminder reminds a guest of the booking, once for each day on which it has been.
func (c *Catalogue) Reminder(now time.Time, b booking.Booking) booking.Message {
	m := c.toGuest(now, b, booking.MessageReminder, b.ID+"/"+b.Date.String(), writeReminder, sayCode, writeIfNot)
	m.Expires = b.Start
	return m
}

// AskToConfirm asks a guest to say yes or no to a table that is held.
func (c *Catalogue) AskToConfirm(now time.Time, b booking.Booking) booking.Message {
	m := c.toGuest(now, b, booking.MessageConfirm, b.ID, writeConfirm, writeAnswer, sayCode)
	m.Expires = b.Start
	return m
}

// TableFree offers a guest of the waitlist a table that is held until a moment.
func (c *Catalogue) TableFree(now time.Time, b booking.Booking, until time.Time) booking.Message {
	m := c.toGuest(now, b, booking.MessageTableFree, b.ID, writeTableFree)
	s := c.write(b.Lang, now).speech()
	until = until.In(c.location)
	s.say(writeHeld, fill{"until", s.until(booking.Clock(until.Hour(), until.Minute()))})
	m.Text += " " + s.String()
	m.Expires = until
	return m
}

// Call tells the staff of a guest who wants a person to call: who, on which
// number, and what the guest wrote.
func (c *Catalogue) Call(now time.Time, staff, guest booking.Phone, name, said string) booking.Message {
	s := c.write("", now).speech()
	if name = oneLine(name); name == "" {
		name = s.piece(pieceNoName)
	}
	s.say(alertCall, fill{"name", name}, fill{"phone", string(guest)})
	if said = oneLine(said); said != "" {
		s.say(alertSaid, fill{"said", said})
	}
	return s.alert(staff)
}

// Unheard tells the staff of a guest who is to say yes to a booking and whom the
// message that asks for it did not reach: who, when, how many, and whom to call.
func (c *Catalogue) Unheard(now time.Time, staff booking.Phone, b booking.Booking) booking.Message {
	s := c.write("", now).speech()
	s.say(alertUnheard, append(s.who(b), fill{"phone", string(b.Phone)})...)
	m := s.alert(staff)
	m.Booking = b.ID
	return m
}

// Overlap tells the staff of two parties on one table, the first of what was
// found, and of how many more there are.
func (c *Catalogue) Overlap(now time.Time, staff booking.Phone, found []booking.Overlap, link string) booking.Message {
	s := c.write("", now).speech()
	first, second := found[0].First, found[0].Second
	fills := append(s.who(first), fill{"table", oneLine(strings.Join(found[0].Tables, "+"))})
	for _, f := range s.who(second) {
		fills = append(fills, fill{f.slot + "2", f.value})
	}
	s.say(alertOverlap, fills...)
	if more := len(found) - 1; more > 0 {
		s.say(alertOverlaps, fill{"more", s.count(more, pieceOnePair, piecePairs)})
	}
	s.say(alertSeeBoth, fill{"link", oneLine(link + "?date=" + second.Date.String())})
	m := s.alert(staff)
	m.Booking = second.ID
	return m
}

// Unreadable tells the staff of values of the data file that cannot be read; some
// of them may be bookings of which nobody knows the tables.
func (c *Catalogue) Unreadable(now time.Time, staff booking.Phone, values, bookings int, link string) booking.Message {
	s := c.write("", now).speech()
	s.say(alertData, fill{"values", s.count(values, pieceOneValue, pieceValues)})
	if bookings > 0 {
		s.say(alertDataBookings)
	}
	s.say(alertSeeWhat, fill{"link", oneLine(link)})
	return s.alert(staff)
}

// who names a booking to the staff.
func (v voice) who(b booking.Booking) []fill {
	name := oneLine(b.Name)
	if name == "" {
		name = v.piece(pieceNoName)
	}
	return []fill{{"name", name}, {"party", v.party(b.Party)}, {"when", v.whenOf(b)}, {"place", v.inZone(b.Zone)}}
}

// toGuest is a message to the guest of a booking, of some sentences in their
// order. A second one for the same reason is never kept.
func (c *Catalogue) toGuest(now time.Time, b booking.Booking, kind booking.MessageKind, reason string, sentences ...string) booking.Message {
	v := c.write(b.Lang, now)
	name := oneLine(b.Name)
	guest := ""
	if name != "" {
		guest = v.piece(pieceGuest, fill{"name", name})
	}
	house, party, when, place, code := phrase(c.house.Name), v.party(b.Party), v.whenOf(b), v.inZone(b.Zone), oneLine(b.Code)
	s := v.speech()
	for _, key := range sentences {
		s.say(key, fill{"guest", guest}, fill{"house", house}, fill{"party", party},
			fill{"when", when}, fill{"place", place}, fill{"code", code})
	}
	return booking.Message{
		Kind: kind, To: b.Phone, Lang: v.lang, Booking: b.ID, Key: string(kind) + "/" + reason,
		Text: s.String(), Vars: []string{name, house, party, string(appendText([]byte(when), place)), code},
	}
}

func stamp(at time.Time) string { return at.UTC().Format(time.RFC3339Nano) }

// Trouble is why a booking is not in the book yet, as the staff are told.
type Trouble string

// The troubles. Any other is told as one that nobody understands.
const (
	TroubleDown    Trouble = "down"    // the system of record does not answer
	TroubleRefused Trouble = "refused" // it does not take the booking as it is
	TroubleAccess  Trouble = "access"  // it does not let us in
	TroubleTaken   Trouble = "taken"   // the table was given to others meanwhile
	TroublePast    Trouble = "past"    // the booking's time has passed
	TroubleChanged Trouble = "changed" // the staff changed or deleted the row meanwhile
	TroubleMissing Trouble = "missing" // its row disappeared together with others
)

func (t Trouble) key() string {
	switch t {
	case TroubleDown:
		return troubleDown
	case TroubleRefused:
		return troubleRefused
	case TroubleAccess:
		return troubleAccess
	case TroubleTaken:
		return troubleTaken
	case TroublePast:
		return troublePast
	case TroubleChanged:
		return troubleChanged
	case TroubleMissing:
		return troubleMissing
	default:
		return troubleOther
	}
}

// Alert tells the staff at once of a booking that is not in the book: who, when,
// how many, what failed, and where to see it. It leaves out what the guest wrote
// beside: that may be about their health.
func (c *Catalogue) Alert(now time.Time, staff booking.Phone, b booking.Booking, why Trouble, link string) booking.Message {
	s := c.write("", now).speech()
	s.say(alertFirst, s.who(b)...)
	s.say(why.key())
	s.say(alertSee, fill{"link", oneLine(link)})
	m := s.alert(staff)
	m.Booking = b.ID
	return m
}

// Digest tells the staff how many bookings are not in the book: how many wait to
// be written, and how many need a person.
func (c *Catalogue) Digest(now time.Time, staff booking.Phone, waiting, asking int, link string) booking.Message {
	s := c.write("", now).speech()
	wait, ask := fill{"waiting", s.count(waiting, pieceOneWait, pieceWait)}, fill{"asking", s.count(asking, pieceOneAsks, pieceAsk)}
	switch {
	case asking == 0:
		s.say(alertDigest, wait)
	case waiting == 0:
		s.say(alertDigestAsk, ask)
	default:
		s.say(alertDigestBoth, wait, ask)
	}
	s.say(alertSeeAll, fill{"link", oneLine(link)})
	return s.alert(staff)
}

// Recovered tells the staff what became of the bookings that waited: how many
// are written, and how many need a person.
func (c *Catalogue) Recovered(now time.Time, staff booking.Phone, written, asking int, link string) booking.Message {
	s := c.write("", now).speech()
	in := fill{"written", s.count(written, pieceOneIn, pieceIn)}
	if asking == 0 {
		s.say(alertRecoveredAll, in)
		return s.alert(staff)
	}
	s.say(alertRecovered, in, fill{"asking", s.count(asking, pieceOneAsks, pieceAsk)})
	s.say(alertSeeAll, fill{"link", oneLine(link)})
	return s.alert(staff)
}

// count says how many, with a piece for one.
func (v voice) count(n int, one, several string) string {
	if n == 1 {
		return v.piece(one)
	}
	return v.piece(several, fill{"n", strconv.Itoa(n)})
}

// alert makes a message to the staff of what was said.
func (s *speech) alert(staff booking.Phone) booking.Message {
	text := s.String()
	_, value, _ := strings.Cut(text, ": ") // what the template says itself
	return booking.Message{Kind: booking.MessageAlert, To: staff, Lang: s.lang, Text: text, Vars: []string{value}, Urgent: true}
}
