package catalogue

import (
	"slices"

	"maitre/booking"
)

// instead offers the alternatives, or says how to go on without.
func (s *speech) instead(r *booking.Refusal) {
	switch {
	case len(r.Alternatives) == 1:
		s.say(sayOffer, fill{"list", s.alternatives(r)})
		s.say(sayOfferOne)
	case len(r.Alternatives) > 1 && s.written:
		s.offers(r.Date, r.Zone, r.Alternatives)
	case len(r.Alternatives) > 1:
		s.say(sayOffer, fill{"list", s.alternatives(r)})
		s.say(sayOfferSeveral)
	case r.Reason == booking.TooSoon && s.house.Phone != "":
		s.orCall(sayCallForRoom)
	case r.Reason == booking.TooLarge:
		s.callBack()
	case r.Reason == booking.Full, r.Reason == booking.Closed, r.Reason == booking.Past,
		r.Reason == booking.TooSoon, r.Reason == booking.TooFar:
		s.say(sayAnotherDay)
	case r.Reason == booking.Invalid, r.Reason == booking.NotFound, r.Reason == booking.NotAllowed:
	default:
		s.orCall(sayCallUs)
	}
}

// alternatives lists times with no more words than it takes: what was said of
// one (its day, its zone) holds for the next.
func (v voice) alternatives(r *booking.Refusal) string {
	items := make([]string, len(r.Alternatives))
	for i, a := range r.Alternatives {
		night := a.Time.AfterMidnight()
		var before booking.Alternative
		if i > 0 {
			before = r.Alternatives[i-1]
		}
		switch {
		case i > 0 && a.Date == before.Date && night == before.Time.AfterMidnight():
			items[i] = v.at(a.Time)
		case a.Date == r.Date && night:
			items[i] = v.piece(pieceSameNight) + " " + v.at(a.Time)
		case a.Date == r.Date:
			items[i] = v.piece(pieceSameDay) + " " + v.at(a.Time)
		default:
			items[i] = v.when(a.Date, a.Time)
		}
		zone := a.Zone
		if zone == "" && before.Zone != "" {
			zone = r.Zone
		}
		if in := v.place(zone).in; in != "" {
			items[i] += " " + in
		}
	}
	return join(items, ","+v.or, ","+v.or)
}

// offers lists times to choose from by number.
func (s *speech) offers(asked booking.Date, zone string, alternatives []booking.Alternative) {
	s.say(pieceOfferWritten)
	items := make([]string, len(alternatives))
	someZone := slices.ContainsFunc(alternatives, func(a booking.Alternative) bool { return a.Zone != "" })
	for i, a := range alternatives {
		switch night := a.Time.AfterMidnight(); {
		case a.Date == asked && night:
			items[i] = s.piece(pieceSameNight) + " " + s.at(a.Time)
		case a.Date == asked:
			items[i] = s.piece(pieceSameDay) + " " + s.at(a.Time)
		default:
			items[i] = s.when(a.Date, a.Time)
		}
		place := a.Zone
		if place == "" && someZone {
			place = zone
		}
		items[i] += s.inZone(place)
	}
	s.list(items)
	s.say(sayOfferSeveral)
}

func (s *speech) orCall(key string) {
	if s.house.Phone != "" {
		s.say(key, fill{"phone", s.phone()})
	}
}
