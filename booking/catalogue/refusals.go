package catalogue

import (
	"bytes"
	"slices"
	"strconv"
	"time"

	"maitre/booking"
)

// Refused says why the desk refuses and what it offers instead. It never shows the cause
// of booking.Failed.
func (c *Catalogue) Refused(lang booking.Lang, now time.Time, r *booking.Refusal) string {
	m := c.at(lang, now).message()
	switch r.Reason {
	case booking.Full:
		m.say(m.Full, m.asked(r)...)
	case booking.Closed:
		m.closed(r)
	case booking.Past:
		m.say(m.Past, m.asked(r)...)
	case booking.TooSoon:
		m.say(m.TooSoon, m.asked(r)...)
	case booking.TooFar:
		m.tooFar(r)
	case booking.TooLarge:
		m.tooLarge()
	case booking.Invalid:
		m.invalid(r)
	case booking.NotFound:
		m.say(textOf(m.notFound, r.Field))
	case booking.NotAllowed:
		m.notAllowed(r)
	default:
		m.say(m.Failed)
	}
	m.staysAsItWas(r)
	m.instead(r)
	return m.String()
}

// Failed says that nothing was done or changed.
func (c *Catalogue) Failed(lang booking.Lang) string {
	m := c.timeless(lang).message()
	m.say(m.Failed)
	m.orCall(m.CallUs)
	return m.String()
}

// NoWaitlist says that the restaurant does not keep a waiting list yet.
func (c *Catalogue) NoWaitlist(lang booking.Lang) string { return c.timeless(lang).NoWaitlist }

// Listed says that a party was put on the waitlist, or that a table is free after all.
func (c *Catalogue) Listed(lang booking.Lang, now time.Time, w booking.Waited) string {
	if w.Offer != nil {
		return c.Offered(lang, now, *w.Offer)
	}
	m := c.at(lang, now).message()
	p := w.Waiting
	text := m.Listed
	if w.Repeated {
		text = m.ListedBefore
	}
	m.say(text, m.details(booking.Booking{Name: p.Name, Party: p.Party, Date: p.Date, Time: p.Time, Zone: p.Zone})...)
	m.say(m.WillOffer)
	return m.String()
}

// Either tells a guest who cancels that there is a booking and a place on the waitlist,
// and asks which one is meant.
func (c *Catalogue) Either(lang booking.Lang, now time.Time, b booking.Booking, w booking.Waiting) string {
	m := c.at(lang, now).message()
	m.say(m.FoundOne, m.details(b)...)
	m.say(m.Code, m.details(b)...)
	m.say(m.AlsoWaits, m.details(booking.Booking{Party: w.Party, Date: w.Date, Time: w.Time, Zone: w.Zone})...)
	m.say(m.Either)
	return m.String()
}

// asked are the placeholders that what was asked for fills: "moment" as an
// adverb, "when" as a noun.
func (w wording) asked(r *booking.Refusal) []fill {
	moment, when := w.ThatDay, w.ThatDay
	switch {
	case !r.Date.IsZero() && r.HasTime:
		moment, when = w.onWhen(r.Date, r.Time), w.when(r.Date, r.Time)
	case !r.Date.IsZero():
		moment, when = w.onDay(r.Date), w.day(r.Date)
	}
	return []fill{
		{"moment", moment}, {"when", when},
		{"party", w.party(r.Party)}, {"there", w.there(r.Zone)},
	}
}

// dayOf is r for what is true of the whole day: without the time.
func dayOf(r *booking.Refusal) *booking.Refusal {
	day := *r
	day.HasTime = false
	return &day
}

func (m *message) closed(r *booking.Refusal) {
	reason := fill{"reason", m.because(r.Closure)}
	if len(r.Hours) == 0 {
		m.say(m.ClosedDay, append(m.asked(dayOf(r)), reason)...)
		return
	}
	if betweenSeatings(r) {
		m.say(m.BetweenSeatings, m.asked(r)...)
	} else {
		m.say(m.Closed, append(m.asked(r), reason)...)
	}
	m.say(m.ServedThatDay, fill{"list", m.services(r.Hours)})
}

// betweenSeatings reports whether the kitchen is open at the time that was asked
// for, but the tables are taken by one seating or the other.
func betweenSeatings(r *booking.Refusal) bool {
	return r.HasTime && slices.ContainsFunc(r.Hours, func(h booking.ServiceHours) bool {
		return len(h.Seatings) > 0 && h.First <= r.Time && r.Time <= h.Last
	})
}

func (m *message) tooFar(r *booking.Refusal) {
	if m.restaurant.Horizon <= 0 {
		m.say(m.TooFar, m.asked(dayOf(r))...)
		return
	}
	last := m.today.AddDays(m.restaurant.Horizon)
	m.say(m.TooFarUntil, append(m.asked(dayOf(r)), fill{"last", m.day(last)})...)
}

func (m *message) tooLarge() {
	if m.restaurant.PartyLimit <= 0 {
		m.say(m.TooLarge)
		return
	}
	m.say(m.TooLargeLimit, fill{"party", m.party(m.restaurant.PartyLimit)})
}

// callBack asks for a number, so that a person can call.
func (m *message) callBack() {
	if m.restaurant.Phone == "" {
		m.say(m.AskTeam)
		return
	}
	m.say(m.CallTeam, fill{"phone", m.phone()})
}

func (m *message) invalid(r *booking.Refusal) {
	switch {
	case r.Problem == booking.Unchanged:
		m.say(m.Unchanged)
	case r.Problem == booking.BetweenSlot && r.HasTime && m.restaurant.Step > 0:
		text := m.BetweenSlots
		if int(r.Time)%m.restaurant.Step == 0 {
			text = m.SeatingsUnderWay
		}
		m.say(text, append(m.asked(r), fill{"n", strconv.Itoa(m.restaurant.Step)})...)
	case r.Problem == booking.Ambiguous && len(r.Which) > 1:
		m.several(r.Which, false)
		m.say(m.Choose)
	case r.Field == "zone" && r.Problem == booking.Unknown && len(m.restaurant.Zones) > 0:
		var zones []string
		for _, z := range m.restaurant.Zones {
			zones = append(zones, m.zone(z.ID).in)
		}
		m.say(m.NoSuchZone, fill{"list", m.any(zones)})
	case r.Field == "lang":
		m.say(m.Languages, fill{"list", m.spoken()})
	default:
		text := textOf(m.fields[r.Field], r.Problem)
		if text == "" {
			text = m.Invalid
		}
		m.say(text)
	}
}

func (m *message) notAllowed(r *booking.Refusal) {
	switch r.Problem {
	case booking.OtherNumber:
		m.say(m.OtherNumber)
	case booking.Doubled:
		m.say(m.Doubled, m.asked(r)...)
		m.orCall(m.DoubledCall)
	case booking.ListFull:
		m.say(m.ListFull)
	case booking.LifeOver:
		var status booking.Status
		if r.Unchanged != nil {
			status = r.Unchanged.Status
		}
		m.say(textOf(m.lifeOver, status))
	default:
		m.say(m.NotAllowed)
	}
}

// staysAsItWas says that the booking is unchanged, before the question if m ends with one.
// It says nothing of a booking that has ended or is another number's.
func (m *message) staysAsItWas(r *booking.Refusal) {
	if r.Unchanged == nil || r.Problem == booking.LifeOver || r.Problem == booking.OtherNumber {
		return
	}
	if !bytes.HasSuffix(m.line, []byte("?")) {
		m.say(m.StaysAsItWas, m.details(*r.Unchanged)...)
		return
	}
	question := m.line
	m.line = nil
	m.say(m.StaysAsItWas, m.details(*r.Unchanged)...)
	m.space()
	m.line = append(m.line, question...)
}
