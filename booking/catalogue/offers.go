package catalogue

import (
	"slices"

	"maitre/booking"
)

// instead offers the alternatives, or says how to go on without.
func (m *message) instead(r *booking.Refusal) {
	switch {
	case len(r.Alternatives) == 1:
		m.say(m.Offer, fill{"list", m.alternatives(r)})
		m.say(m.OfferOne)
	case len(r.Alternatives) > 1 && m.written:
		m.offers(r.Date, r.Zone, r.Alternatives)
	case len(r.Alternatives) > 1:
		m.say(m.Offer, fill{"list", m.alternatives(r)})
		m.say(m.OfferSeveral)
	case r.Reason == booking.TooSoon && m.restaurant.Phone != "":
		m.orCall(m.CallForRoom)
	case r.Reason == booking.TooLarge:
		m.callBack()
	case r.Reason == booking.Full, r.Reason == booking.Closed, r.Reason == booking.Past,
		r.Reason == booking.TooSoon, r.Reason == booking.TooFar:
		m.say(m.remarks[OtherDay])
	case r.Reason == booking.Invalid, r.Reason == booking.NotFound, r.Reason == booking.NotAllowed:
	default:
		m.orCall(m.CallUs)
	}
}

// alternatives lists times with no more words than it takes: what was said of
// one (its day, its zone) holds for the next.
func (w wording) alternatives(r *booking.Refusal) string {
	items := make([]string, len(r.Alternatives))
	for i, a := range r.Alternatives {
		var before booking.Alternative
		if i > 0 {
			before = r.Alternatives[i-1]
		}
		if i > 0 && a.Date == before.Date && a.Time.AfterMidnight() == before.Time.AfterMidnight() {
			items[i] = w.at(a.Time)
		} else {
			items[i] = w.whenAfter(r.Date, a.Date, a.Time)
		}
		zone := a.Zone
		if zone == "" && before.Zone != "" {
			zone = r.Zone
		}
		items[i] += w.there(zone)
	}
	return join(items, ","+w.or, ","+w.or)
}

// offers lists times to choose from by number.
func (m *message) offers(asked booking.Date, zone string, alternatives []booking.Alternative) {
	m.say(m.OffersFollow)
	items := make([]string, len(alternatives))
	someZone := slices.ContainsFunc(alternatives, func(a booking.Alternative) bool { return a.Zone != "" })
	for i, a := range alternatives {
		if a.Zone == "" && someZone {
			a.Zone = zone
		}
		items[i] = m.whenAfter(asked, a.Date, a.Time) + m.inZone(a.Zone)
	}
	m.list(items)
	m.say(m.OfferSeveral)
}

// orCall says how to call the restaurant, if it has a phone.
func (m *message) orCall(text string) {
	if m.restaurant.Phone != "" {
		m.say(text, fill{"phone", m.phone()})
	}
}
