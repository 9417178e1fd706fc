package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"maitre/booking"
)

// usualParty is the number of guests that the form begins with.
const usualParty = 2

// chooser is the form that asks for which day and how many.
type chooser struct {
	Date, First, Last string // YYYY-MM-DD
	Party             int
	Parties           []int
	Zone              string
	Zones             []zoneView
}

type zoneView struct{ ID, Name string }

// chooserFrom fills the form with what was asked for last.
func (s *site) chooserFrom(p page, asked url.Values) chooser {
	today := s.cfg.Desk.Today()
	c := chooser{
		Date: today.String(), First: today.String(), Last: today.AddDays(s.cfg.Restaurant.Horizon).String(),
		Party: usualParty, Zone: asked.Get("zone"),
	}
	if date, err := booking.ParseDate(asked.Get("date")); err == nil {
		c.Date = date.String()
	}
	if party, err := strconv.Atoi(asked.Get("party")); err == nil {
		c.Party = party
	}
	for n := range s.cfg.Restaurant.PartyLimit {
		c.Parties = append(c.Parties, n+1)
	}
	if len(s.cfg.Restaurant.Zones) > 1 {
		for _, z := range s.cfg.Restaurant.Zones {
			c.Zones = append(c.Zones, zoneView{z.ID, p.text(z.Name)})
		}
	}
	return c
}

// reservePage is where a guest chooses a time.
type reservePage struct {
	page
	Form chooser
	// Said is what the desk says of the day; empty: only times.
	Said paragraphs
	// Choices are other times that the desk offers.
	Choices []choice
	Day     *dayTimes
}

// dayTimes are a day's times of arrival, by service.
type dayTimes struct {
	Name          string // such as "jueves 24 de diciembre"
	Party         string
	Services      []serviceTimes
	Before, After string // addresses of the neighbouring days; empty: none
	Taken         bool   // some times are full
	Free          bool   // some are not
	Waitlist      bool
}

type serviceTimes struct {
	Name  string
	Times []timeView
}

type timeView struct {
	Time string
	Free bool
	URL  string // empty: nothing can be done about it
}

// choice is a time that can be booked.
type choice struct {
	Value string // see when
	Label string
	URL   string
}

// timesPage answers GET /reservar: the form, then a day's times, then the details
// that one of them takes.
func (s *site) timesPage(w http.ResponseWriter, r *http.Request) {
	asked := r.URL.Query()
	p := s.page(r)
	view := reservePage{page: p, Form: s.chooserFrom(p, asked)}
	if !asked.Has("date") {
		s.render(w, http.StatusOK, "reserve", p.Lang, view)
		return
	}
	q, wrong := s.queryOf(p, asked)
	if wrong == nil && asked.Has("time") {
		var at booking.TimeOfDay
		if at, wrong = readTime(asked.Get("time")); wrong == nil {
			s.askDetails(w, r, p, q, at)
			return
		}
	}
	if wrong != nil {
		view.Said = paragraphsOf(s.written.Refused(p.Lang, wrong.refusal()).Message)
		s.render(w, http.StatusBadRequest, "reserve", p.Lang, view)
		return
	}
	slots, err := s.cfg.Desk.Availability(r.Context(), q)
	if err != nil {
		said, choices := s.refusal(p, q, err)
		view.Said, view.Choices = said, choices
		s.render(w, s.shownAs(r, err), "reserve", p.Lang, view)
		return
	}
	view.Day = s.timesOf(p, q, slots)
	s.render(w, http.StatusOK, "reserve", p.Lang, view)
}

// queryOf reads what an address asks for.
func (s *site) queryOf(p page, asked url.Values) (booking.Query, *fault) {
	q := booking.Query{Caller: booking.Caller{Channel: booking.ByWeb, Lang: p.Lang}, Zone: asked.Get("zone")}
	var wrong *fault
	if q.Date, wrong = readDate(asked.Get("date")); wrong != nil {
		return q, wrong
	}
	var err error
	if q.Party, err = strconv.Atoi(asked.Get("party")); err != nil || q.Party < 1 {
		return q, &fault{"party", booking.Unclear, ""}
	}
	return q, nil
}

// address is that of the page on which q is asked.
func (p page) address(q booking.Query, at string) string {
	v := url.Values{"date": {q.Date.String()}, "party": {strconv.Itoa(q.Party)}, "lang": {string(p.Lang)}}
	if q.Zone != "" {
		v.Set("zone", q.Zone)
	}
	if at != "" {
		v.Set("time", at)
	}
	return "/reservar?" + v.Encode()
}

// timesOf sorts slots into services. A time that has gone by is not shown.
func (s *site) timesOf(p page, q booking.Query, slots []booking.Slot) *dayTimes {
	view := &dayTimes{Name: p.Words.longDate(q.Date), Party: p.party(q.Party), Waitlist: s.cfg.Desk.KeepsWaitlist()}
	today := s.cfg.Desk.Today()
	if before := q; q.Date > today {
		before.Date = q.Date.AddDays(-1)
		view.Before = p.address(before, "")
	}
	if after := q; q.Date < today.AddDays(s.cfg.Restaurant.Horizon) {
		after.Date = q.Date.AddDays(1)
		view.After = p.address(after, "")
	}
	services := s.cfg.Desk.Hours(q.Date).Services
	for _, hours := range services {
		times := serviceTimes{Name: p.text(hours.Name)}
		for _, slot := range slots {
			if slot.Time < hours.First || slot.Time > hours.Last || slot.Gone {
				continue
			}
			t := timeView{Time: slot.Time.String(), Free: slot.Available()}
			if t.Free || view.Waitlist {
				t.URL = p.address(q, t.Time)
			}
			view.Free, view.Taken = view.Free || t.Free, view.Taken || !t.Free
			times.Times = append(times.Times, t)
		}
		if len(times.Times) > 0 {
			view.Services = append(view.Services, times)
		}
	}
	return view
}

// refusal is the desk's refusal as people read it, with the alternatives to choose from.
func (s *site) refusal(p page, q booking.Query, err error) (paragraphs, []choice) {
	var choices []booking.Alternative
	bare := err
	if refusal, ok := errors.AsType[*booking.Refusal](err); ok {
		// The page has a better way to show what is offered than a sentence.
		choices = refusal.Alternatives
		without := *refusal
		without.Alternatives = nil
		bare = &without
	}
	said := paragraphsOf(s.written.Refused(p.Lang, bare).Message)
	if len(choices) > 0 {
		said = said.withoutQuestion()
	}
	var views []choice
	for _, a := range choices {
		with := q
		with.Date = a.Date
		if a.Zone != "" {
			with.Zone = a.Zone
		}
		views = append(views, choice{
			Value: when{a.Date, a.Time, a.Zone}.String(), Label: s.moment(p, a), URL: p.address(with, a.Time.String()),
		})
	}
	return said, views
}

// moment is a time that is offered: day, time and, where it is another one, zone.
func (s *site) moment(p page, a booking.Alternative) string {
	label := p.Words.dayOf(a.Date, a.Time) + " · " + a.Time.String()
	if a.Zone != "" {
		label += " · " + s.zoneName(p, a.Zone)
	}
	return label
}

func (s *site) zoneName(p page, id string) string {
	for _, z := range s.cfg.Restaurant.Zones {
		if z.ID == id {
			return p.text(z.Name)
		}
	}
	return id
}

// party is how many guests, in words.
func (p page) party(n int) string {
	if n == 1 {
		return "1 " + p.Words.Reserve.GuestOne
	}
	return strconv.Itoa(n) + " " + p.Words.Reserve.GuestMany
}
