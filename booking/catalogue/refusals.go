package catalogue

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"time"

	"maitre/booking"
)

// Refused tells why the desk says no and what it offers instead. What has a
// cause that is not the guest's (booking.Failed) never shows that cause.
func (c *Catalogue) Refused(lang booking.Lang, now time.Time, r *booking.Refusal) string {
	s := c.speak(lang, now).speech()
	switch r.Reason {
	case booking.Full:
		s.say(sayFull, s.asked(r)...)
	case booking.Closed:
		s.closed(r)
	case booking.Past:
		s.say(sayPast, s.asked(r)...)
	case booking.TooSoon:
		s.say(sayTooSoon, s.asked(r)...)
	case booking.TooFar:
		s.tooFar(r)
	case booking.TooLarge:
		s.tooLarge()
	case booking.Invalid:
		s.invalid(r)
	case booking.NotFound:
		s.say(keyByField(r.Field, sayNotFoundCode, sayNotFoundPhone, sayNotFound))
	case booking.NotAllowed:
		s.notAllowed(r)
	default:
		s.say(sayFailed)
	}
	s.standing(r)
	s.instead(r)
	return s.String()
}

// Failed tells that nothing was done and nothing changed.
func (c *Catalogue) Failed(lang booking.Lang) string {
	s := c.timeless(lang).speech()
	s.say(sayFailed)
	s.orCall(sayCallUs)
	return s.String()
}

// NoWaitlist tells that the house does not keep a waiting list yet.
func (c *Catalogue) NoWaitlist(lang booking.Lang) string {
	s := c.timeless(lang).speech()
	s.say(sayNoWaitlist)
	return s.String()
}

// Listed tells of a party that was put on the waitlist, or of the table that is
// free, so that it need not wait.
func (c *Catalogue) Listed(lang booking.Lang, now time.Time, w booking.Waited) string {
	if w.Offer != nil {
		return c.Offered(lang, now, *w.Offer)
	}
	s := c.speak(lang, now).speech()
	p := w.Waiting
	fills := s.details(booking.Booking{Name: p.Name, Party: p.Party, Date: p.Date, Time: p.Time, Zone: p.Zone})
	if w.Repeated {
		s.say(sayListedBefore, fills...)
	} else {
		s.say(sayListed, fills...)
	}
	s.say(sayWillOffer)
	return s.String()
}

// Either tells a guest who cancels that there is a booking and a place on the waitlist,
// and asks which one is meant.
func (c *Catalogue) Either(lang booking.Lang, now time.Time, b booking.Booking, w booking.Waiting) string {
	s := c.speak(lang, now).speech()
	s.say(sayFoundOne, s.details(b)...)
	s.say(sayCode, s.details(b)...)
	s.say(sayAlsoWaits, s.details(booking.Booking{Party: w.Party, Date: w.Date, Time: w.Time, Zone: w.Zone})...)
	s.say(sayEither)
	return s.String()
}

// asked are the placeholders that what was asked for fills: "moment" as an
// adverb, "when" as a noun.
func (v voice) asked(r *booking.Refusal) []fill {
	moment, when := v.piece(pieceThen), v.piece(pieceThen)
	switch {
	case !r.Date.IsZero() && r.HasTime:
		moment, when = v.onWhen(r.Date, r.Time), v.when(r.Date, r.Time)
	case !r.Date.IsZero():
		moment, when = v.onDay(r.Date), v.day(r.Date)
	}
	return []fill{
		{"moment", moment}, {"when", when},
		{"party", v.party(r.Party)}, {"there", v.there(r.Zone)},
	}
}

// dayOf is r for what is true of the whole day: without the time.
func dayOf(r *booking.Refusal) *booking.Refusal {
	day := *r
	day.HasTime = false
	return &day
}

func (s *speech) closed(r *booking.Refusal) {
	reason := fill{"reason", s.reason(r.Closure)}
	if len(r.Hours) == 0 {
		s.say(sayClosedDay, append(s.asked(dayOf(r)), reason)...)
		return
	}
	if betweenSeatings(r) {
		s.say(sayBetweenSeatings, s.asked(r)...)
	} else {
		s.say(sayClosed, append(s.asked(r), reason)...)
	}
	s.say(sayServedThatDay, fill{"list", s.services(r.Hours)})
}

// betweenSeatings tells whether the kitchen is open at the time that was asked
// for, but the tables are taken by one seating or the other.
func betweenSeatings(r *booking.Refusal) bool {
	return r.HasTime && slices.ContainsFunc(r.Hours, func(h booking.ServiceHours) bool {
		return len(h.Seatings) > 0 && h.First <= r.Time && r.Time <= h.Last
	})
}

// reason makes ": fiesta privada" or " por descanso" of what the owner wrote, or nothing.
func (v voice) reason(text booking.Text) string {
	reason := v.common(phrase(v.own(text)))
	if reason == "" {
		return ""
	}
	for _, closed := range v.closed {
		if rest, ok := strings.CutPrefix(lowerFirst(reason), closed); ok && v.beginsWithFor(rest) {
			reason = rest
			break
		}
	}
	if v.beginsWithFor(reason) {
		return v.piece(pieceReasonFor, fill{"reason", lowerFirst(reason)})
	}
	return v.piece(pieceReason, fill{"reason", reason})
}

func (v voice) beginsWithFor(reason string) bool {
	reason = lowerFirst(reason)
	return slices.ContainsFunc(v.reasonFor, func(beginning string) bool { return strings.HasPrefix(reason, beginning) })
}

func (s *speech) tooFar(r *booking.Refusal) {
	if s.house.Horizon <= 0 {
		s.say(sayTooFar, s.asked(dayOf(r))...)
		return
	}
	last := s.today.AddDays(s.house.Horizon)
	s.say(sayTooFarUntil, append(s.asked(dayOf(r)), fill{"last", s.day(last)})...)
}

func (s *speech) tooLarge() {
	if s.house.PartyLimit <= 0 {
		s.say(sayTooLarge)
		return
	}
	s.say(sayTooLargeLimit, fill{"party", s.party(s.house.PartyLimit)})
}

// callBack asks for a number, so that a person can call.
func (s *speech) callBack() {
	if s.house.Phone == "" {
		s.say(sayAskTeam)
		return
	}
	s.say(sayCallTeam, fill{"phone", s.phone()})
}

func (s *speech) invalid(r *booking.Refusal) {
	switch {
	case r.Problem == booking.Unchanged:
		s.say(sayUnchanged)
	case r.Problem == booking.BetweenSlot && r.HasTime && s.house.Step > 0:
		key := sayInvalidAt
		if int(r.Time)%s.house.Step == 0 {
			key = sayInvalidTurn
		}
		s.say(key, append(s.asked(r), fill{"n", strconv.Itoa(s.house.Step)})...)
	case r.Problem == booking.Ambiguous && len(r.Which) > 1:
		s.several(r.Which, false)
		s.say(sayChoose)
	case r.Field == "zone" && r.Problem == booking.Unknown && len(s.house.Zones) > 0:
		var zones []string
		for _, z := range s.house.Zones {
			zones = append(zones, s.place(z.ID).in)
		}
		s.say(sayInvalidZone, fill{"list", s.any(zones)})
	case r.Field == "lang":
		s.say(sayInvalidLang, fill{"list", s.spoken()})
	default:
		s.say(s.invalidKey(r.Field, r.Problem))
	}
}

// invalidKey returns the key that says most about a field's problem.
func (v voice) invalidKey(field string, problem booking.Problem) string {
	exact, byField := sayInvalid+"."+field+"."+string(problem), sayInvalid+"."+field
	switch {
	case exact == sayInvalidZone: // a house without zones has no list to choose from
		return byField
	case v.templates[exact] != nil && exact != sayInvalidAt:
		return exact
	case v.templates[byField] != nil:
		return byField
	}
	return sayInvalid
}

// spoken lists the languages that the house speaks.
func (v voice) spoken() string {
	var names []string
	for _, lang := range v.fallbacks {
		if name := v.languages[lang]; name != "" {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return v.languages[v.lang]
	}
	return v.all(names)
}

func (s *speech) notAllowed(r *booking.Refusal) {
	switch r.Problem {
	case booking.OtherNumber:
		s.say(sayOtherNumber)
	case booking.Doubled:
		s.say(sayDoubled, s.asked(r)...)
		s.orCall(sayDoubledCall)
	case booking.ListFull:
		s.say(sayListFull)
	case booking.LifeOver:
		if r.Standing != nil {
			if key := sayLifeOverIs + string(r.Standing.Status); s.templates[key] != nil {
				s.say(key)
				return
			}
		}
		s.say(sayLifeOver)
	default:
		s.say(sayNotAllowed)
	}
}

// standing says that the booking stays as it was: before a question, which
// comes last. Of a booking whose life is over the refusal has said all there
// is, and another number's is nobody's business.
func (s *speech) standing(r *booking.Refusal) {
	if r.Standing == nil || r.Problem == booking.LifeOver || r.Problem == booking.OtherNumber {
		return
	}
	if !bytes.HasSuffix(s.line, []byte("?")) {
		s.say(sayStanding, s.details(*r.Standing)...)
		return
	}
	question := s.line
	s.line = nil
	s.say(sayStanding, s.details(*r.Standing)...)
	s.space()
	s.line = append(s.line, question...)
}

func keyByField(field, code, phone, otherwise string) string {
	switch field {
	case "code":
		return code
	case "phone":
		return phone
	}
	return otherwise
}
