package answer

import (
	"errors"
	"slices"
	"strings"
	"time"

	"maitre/booking"
	"maitre/booking/catalogue"
)

// Renderer makes answers of the desk's decisions. It is safe for concurrent use.
type Renderer struct {
	words *catalogue.Catalogue
	now   func() time.Time
}

// New returns a renderer that takes its words from cat and the moment of
// speaking from now, such as a desk's Now.
func New(cat *catalogue.Catalogue, now func() time.Time) *Renderer {
	return &Renderer{words: cat, now: now}
}

// Booked answers a request for a table.
func (s *Renderer) Booked(lang booking.Lang, r booking.Result) Answer {
	return result(r, s.words.Booked(lang, s.now(), r))
}

// Changed answers a request to move or alter a booking.
func (s *Renderer) Changed(lang booking.Lang, r booking.Result) Answer {
	return result(r, s.words.Changed(lang, s.now(), r))
}

// Cancelled answers a request to give a table back.
func (s *Renderer) Cancelled(lang booking.Lang, r booking.Result) Answer {
	return result(r, s.words.Cancelled(lang, s.now(), r))
}

// Confirmed answers a guest's yes (confirmed) or no to a booking.
func (s *Renderer) Confirmed(lang booking.Lang, r booking.Result, confirmed bool) Answer {
	if confirmed {
		return result(r, s.words.Confirmed(lang, s.now(), r))
	}
	return result(r, s.words.Declined(lang, s.now(), r))
}

// result is the answer to what changes something. What is not in the system of
// record yet is no success: it is safe, and being processed.
func result(r booking.Result, message string) Answer {
	view := View(r.Booking, r.State)
	a := Answer{Success: true, Message: message, Booking: &view}
	if r.State == booking.Pending {
		a.Success, a.Error = false, string(booking.Failed)
	}
	return a
}

// Found answers a question for one's bookings. One booking is under booking as
// well as under bookings. None is the error "not_found": an assistant makes
// something up of a success with nothing in it.
func (s *Renderer) Found(lang booking.Lang, found []booking.Booking) Answer {
	a := Answer{Success: true, Message: s.words.Found(lang, s.now(), found), Bookings: viewAll(found)}
	switch len(found) {
	case 0:
		a.Success, a.Error = false, string(booking.NotFound)
	case 1:
		a.Booking = &a.Bookings[0]
	}
	return a
}

// Offered answers a check of one time that can be booked.
func (s *Renderer) Offered(lang booking.Lang, o booking.Offer) Answer {
	return Answer{
		Success: true,
		Message: s.words.Offered(lang, s.now(), o),
		Offer: &Offer{
			Date:  o.Date.String(),
			Time:  o.Time.String(),
			Party: o.Party,
			Zone:  o.Zone,
			Zones: o.Zones,
			Until: clock(o.Until),
		},
	}
}

// Slots answers a check of a whole day; one without a free slot is "full".
func (s *Renderer) Slots(lang booking.Lang, q booking.Query, slots []booking.Slot) Answer {
	a := Answer{
		Success: slices.ContainsFunc(slots, booking.Slot.Available),
		Message: s.words.Slots(lang, s.now(), q, slots),
		Date:    q.Date.String(),
		Party:   q.Party,
		Slots:   Slots(slots),
	}
	if !a.Success {
		a.Error = string(booking.Full)
	}
	return a
}

// Hours answers a question for a day's hours.
func (s *Renderer) Hours(lang booking.Lang, h booking.DayHours) Answer {
	return Answer{
		Success:  true,
		Message:  s.words.Hours(lang, s.now(), h),
		Date:     h.Date.String(),
		Services: services(h.Services, s.own(lang)),
	}
}

// Week answers a question for the usual hours.
func (s *Renderer) Week(lang booking.Lang, hours [7][]booking.ServiceHours) Answer {
	return Answer{Success: true, Message: s.words.Week(lang, hours), Week: week(hours, s.own(lang))}
}

// Info answers a question about the restaurant: one of its facts by key, or all of
// them for an empty key. A fact that the restaurant does not tell is "not_found".
func (s *Renderer) Info(lang booking.Lang, key string) Answer {
	restaurant := s.words.Restaurant()
	own := s.own(lang)
	a := Answer{
		Success:    true,
		Message:    s.words.Info(lang, key),
		Restaurant: &Facts{Name: restaurant.Name, Phone: string(restaurant.Phone), Address: restaurant.Address},
	}
	for _, fact := range restaurant.Facts {
		if key == "" || strings.EqualFold(strings.TrimSpace(key), fact.Key) {
			a.Facts = append(a.Facts, Fact{Key: fact.Key, Text: own(fact.Text)})
		}
	}
	if key != "" && len(a.Facts) == 0 {
		a.Success, a.Error = false, string(booking.NotFound)
	}
	return a
}

// Listed answers a request to be put on the waitlist: that it was, or which table is
// free.
func (s *Renderer) Listed(lang booking.Lang, w booking.Waited) Answer {
	if w.Offer != nil {
		return s.Offered(lang, *w.Offer)
	}
	return Answer{
		Success: true, Message: s.words.Listed(lang, s.now(), w), Date: w.Waiting.Date.String(), Party: w.Waiting.Party,
	}
}

// Either asks a guest who cancels whether the booking is meant or the place on the waitlist.
func (s *Renderer) Either(lang booking.Lang, b booking.Booking, w booking.Waiting) Answer {
	return Answer{
		Error: string(booking.Invalid), Field: "code",
		Message: s.words.Either(lang, s.now(), b, w), Bookings: viewAll([]booking.Booking{b}),
	}
}

// Left answers a request to be taken off the waitlist; none left: the guest was on none.
func (s *Renderer) Left(lang booking.Lang, left []booking.Waiting) Answer {
	if len(left) == 0 {
		return Answer{Error: string(booking.NotFound), Message: s.words.Says(lang, catalogue.NotListed, catalogue.Stay)}
	}
	return Answer{Success: true, Message: s.words.Says(lang, catalogue.Left(left))}
}

// NoWaitlist answers a request to be put on a waiting list, where the restaurant keeps none.
func (s *Renderer) NoWaitlist(lang booking.Lang) Answer {
	return Answer{Error: string(booking.NotAllowed), Message: s.words.NoWaitlist(lang)}
}

// Refused answers with the desk's refusal. Any other error is answered as a temporary
// failure, without its text.
func (s *Renderer) Refused(lang booking.Lang, err error) Answer {
	refusal, ok := errors.AsType[*booking.Refusal](err)
	if !ok || refusal == nil {
		return Answer{Error: string(booking.Failed), Message: s.words.Failed(lang)}
	}
	a := Answer{
		Error:        string(refusal.Reason),
		Message:      s.words.Refused(lang, s.now(), refusal),
		Alternatives: alternatives(refusal.Alternatives),
	}
	if refusal.Reason == booking.Invalid {
		a.Field = refusal.Field
	}
	if refusal.Problem == booking.OtherNumber { // nothing of another number's booking
		return a
	}
	a.Bookings = viewAll(refusal.Which)
	if refusal.Unchanged != nil {
		view := View(*refusal.Unchanged, booking.Written)
		a.Booking = &view
	}
	return a
}

// own returns what picks the owner's text in the language that lang is answered in.
func (s *Renderer) own(lang booking.Lang) func(booking.Text) string {
	spoken, restaurant := s.words.Language(lang), s.words.Restaurant()
	return func(text booking.Text) string { return text.In(spoken, restaurant.Languages...) }
}
