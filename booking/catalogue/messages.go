package catalogue

import (
	"time"

	"maitre/booking"
)

// Messages are read at any time: they name days by weekday and date only, never as
// "tomorrow", and codes as one word.
//
// The values of a guest's message, for its template, are: {{1}} the guest's name,
// {{2}} the restaurant's, {{3}} the party, {{4}} day, time and place, {{5}} the code.
// Those of an alert are one: {{1}} what the text says.

// write returns the wording of messages written at a moment.
func (c *Catalogue) write(lang booking.Lang, now time.Time) wording {
	w := c.at(lang, now)
	w.relative = false
	return w
}

// NowBooked tells a guest that the booking is in the system of record. For one that still
// has to be confirmed see [Catalogue.AskToConfirm].
func (c *Catalogue) NowBooked(now time.Time, b booking.Booking) booking.Message {
	if b.Status == booking.PreBooked {
		return c.AskToConfirm(now, b)
	}
	w := c.write(b.Lang, now)
	return w.untilStart(b, booking.MessageBooked, b.ID, w.NowBooked, w.Code, w.SeeYou)
}

// NowChanged tells a guest that a change is in the system of record.
func (c *Catalogue) NowChanged(now time.Time, b booking.Booking) booking.Message {
	w := c.write(b.Lang, now)
	return w.untilStart(b, booking.MessageChanged, b.ID+"/"+stamp(b.Updated), w.NowChanged, w.CodeStays)
}

// NowCancelled tells a guest that a cancellation is in the system of record.
func (c *Catalogue) NowCancelled(now time.Time, b booking.Booking) booking.Message {
	w := c.write(b.Lang, now)
	return w.toGuest(b, booking.MessageCancelled, b.ID, w.NowCancelled, w.Thanks)
}

// NotKept tells a guest that the booking could not be kept, and that a person
// will call. It must be sent only where a person will.
func (c *Catalogue) NotKept(now time.Time, b booking.Booking) booking.Message {
	w := c.write(b.Lang, now)
	sent := w.toGuest(b, booking.MessageCall, b.ID+"/"+stamp(b.Updated), w.NotKept)
	m := w.message()
	m.orCall(m.CallUs)
	if line := m.String(); line != "" {
		sent.Text += " " + line
	}
	return sent
}

// NotDone tells a guest that what was asked for could not be done, because the
// staff had changed the booking meanwhile, and that a person will call. It must be
// sent only where a person will.
func (c *Catalogue) NotDone(now time.Time, b booking.Booking) booking.Message {
	w := c.write(b.Lang, now)
	return w.toGuest(b, booking.MessageCall, "not done/"+b.ID+"/"+stamp(b.Updated), w.NotDone)
}

// Reminder reminds a guest of the booking, once for each date that it has had.
func (c *Catalogue) Reminder(now time.Time, b booking.Booking) booking.Message {
	w := c.write(b.Lang, now)
	return w.untilStart(b, booking.MessageReminder, b.ID+"/"+b.Date.String(), w.Reminder, w.Code, w.IfNot)
}

// AskToConfirm asks a guest to say yes or no to a table that is held.
func (c *Catalogue) AskToConfirm(now time.Time, b booking.Booking) booking.Message {
	w := c.write(b.Lang, now)
	return w.untilStart(b, booking.MessageConfirm, b.ID, w.AskToConfirm, w.AnswerYes, w.Code)
}

// TableFree offers a guest of the waitlist a table that is held until a moment.
func (c *Catalogue) TableFree(now time.Time, b booking.Booking, until time.Time) booking.Message {
	w := c.write(b.Lang, now)
	sent := w.toGuest(b, booking.MessageTableFree, b.ID, w.TableFree)
	sent.Expires = until.In(c.location)
	held := booking.NewTimeOfDay(sent.Expires.Hour(), sent.Expires.Minute())
	sent.Text += " " + w.sentence(w.HeldUntil, fill{"until", w.until(held)})
	return sent
}

// untilStart returns a message to the guest of a booking that expires when the booking
// begins.
func (w wording) untilStart(b booking.Booking, kind booking.MessageKind, reason string, sentences ...string) booking.Message {
	sent := w.toGuest(b, kind, reason, sentences...)
	sent.Expires = b.Start
	return sent
}

// toGuest returns a message of m's sentences to the guest of a booking. A second one with
// the same key is never kept.
func (w wording) toGuest(b booking.Booking, kind booking.MessageKind, reason string, sentences ...string) booking.Message {
	name := oneLine(b.Name)
	guest := w.optional(w.Guest, "name", name)
	restaurant, party, when, place, code := w.name(), w.party(b.Party), w.whenOf(b), w.inZone(b.Zone), oneLine(b.Code)
	m := w.message()
	for _, text := range sentences {
		m.say(text, fill{"guest", guest}, restaurant, fill{"party", party},
			fill{"when", when}, fill{"place", place}, fill{"code", code})
	}
	return booking.Message{
		Kind: kind, To: b.Phone, Lang: w.lang, Booking: b.ID, Key: string(kind) + "/" + reason,
		Text: m.String(), Vars: []string{name, restaurant.value, party, string(appendText([]byte(when), place)), code},
	}
}

func stamp(at time.Time) string { return at.UTC().Format(time.RFC3339Nano) }
