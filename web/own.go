package web

import (
	"net/http"
	"net/url"
	"strconv"

	ical "github.com/arran4/golang-ical"
	"github.com/julienschmidt/httprouter"

	"maitre/booking"
)

// ownPage is a guest's own booking, reached by its link.
type ownPage struct {
	page
	Title, Note string
	// Said is why a change was refused; empty: none was.
	Said   paragraphs
	Ticket ticket
	// Open: it can be changed and cancelled.
	Open bool
	Path string // of this page, without the language
	Form chooser
	Time string // HH:MM
	Step int    // between two arrivals, in seconds
	// Offers are times that are offered instead of the one that was refused.
	Offers  []choice
	Guests  int // for whom
	Changed bool
}

type ticket struct{ Code, Name, Day, ISO, Time, Guests, Zone string }

// linkOf is the link in the address that is asked for.
func linkOf(r *http.Request) string { return httprouter.ParamsFromContext(r.Context()).ByName("link") }

// ownPath is the path of the page of a booking.
func ownPath(link string) string { return "/reserva/" + url.PathEscape(link) }

// own finds the booking of a link; when there is none, it answers and returns false.
func (s *site) own(w http.ResponseWriter, r *http.Request, who booking.Who) (booking.Booking, bool) {
	found, err := s.cfg.Desk.Lookup(r.Context(), who)
	if err != nil {
		s.problemPage(w, r, s.refusedAs(r.Context(), err))
		return booking.Booking{}, false
	}
	return found[0], true // a link is of one booking
}

// ownPage answers GET /reserva/:link.
func (s *site) ownPage(w http.ResponseWriter, r *http.Request) {
	p := s.page(r)
	b, ok := s.own(w, r, s.whoOf(p, r))
	if !ok {
		return
	}
	view := s.ownView(p, linkOf(r), b)
	view.Changed = r.URL.Query().Has("changed") && b.Status == booking.Confirmed
	s.render(w, http.StatusOK, "own", p.Lang, view)
}

func (s *site) whoOf(p page, r *http.Request) booking.Who {
	return booking.Who{Caller: booking.Caller{Channel: booking.ByWeb, Lang: p.Lang}, Link: linkOf(r)}
}

func (s *site) ownView(p page, link string, b booking.Booking) ownPage {
	view := ownPage{page: p, Path: ownPath(link), Time: b.Time.String(), Step: s.cfg.Restaurant.Step * 60, Guests: b.Party}
	if view.Switch != "" {
		view.Switch = view.Path + "?lang=" + string(view.Words.SwitchLang) // not where the form was sent
	}
	view.Form = s.chooserFrom(p, url.Values{"date": {b.Date.String()}, "party": {strconv.Itoa(b.Party)}, "zone": {b.AskedZone}})
	view.Ticket = ticket{
		Code: b.Code, Name: b.Name, Day: p.Words.dayOf(b.Date, b.Time), ISO: b.Date.String(), Time: b.Time.String(),
		Guests: p.party(b.Party), Zone: s.zoneName(p, b.Zone),
	}
	words := p.Words.Reserve
	ahead := b.Start.After(s.cfg.Desk.Now())
	switch b.Status {
	case booking.Confirmed:
		view.Title, view.Note, view.Open = words.Booked, words.SeeYou, ahead
	case booking.Processing:
		view.Title, view.Note, view.Open = words.Noted, words.Pending, ahead
		if s.cfg.Words.Writes() {
			view.Note = words.PendingWritten
		}
	case booking.PreBooked:
		view.Title, view.Note, view.Open = words.Held, words.HeldNote, ahead
	case booking.Cancelled:
		view.Title, view.Note = words.Cancelled, words.CancelledNote
		if s.cfg.Bookings.SyncState(b.ID) == booking.Pending {
			view.Title, view.Note = words.Cancelling, words.CancelWaits
		}
	default:
		view.Title = words.Yours
	}
	return view
}

// changePage answers POST /reserva/:link/cambiar.
func (s *site) changePage(w http.ResponseWriter, r *http.Request) {
	p, form := s.page(r), r.PostForm
	who := s.whoOf(p, r)
	b, ok := s.own(w, r, who)
	if !ok {
		return
	}
	c, wrong := readChange(form)
	c.Who = who
	var err error
	if wrong != nil {
		err = wrong.refusal()
	} else {
		_, err = s.cfg.Desk.Change(r.Context(), c)
	}
	if err == nil {
		s.seeOther(w, r, ownPath(who.Link)+"?changed&lang="+string(p.Lang))
		return
	}
	view := s.ownView(p, who.Link, b)
	q := booking.Query{Caller: who.Caller}
	if c.Party != nil {
		q.Party, view.Guests, view.Form.Party = *c.Party, *c.Party, *c.Party
	}
	view.Said, view.Offers = s.refusal(p, q, err)
	s.render(w, s.refusedAs(r.Context(), err), "own", p.Lang, view)
}

// readChange reads what a guest wants different.
func readChange(form url.Values) (booking.Change, *fault) {
	var c booking.Change
	date, at := form.Get("date"), form.Get("time")
	zone, zoned := form.Get("zone"), form.Has("zone")
	if chosen := form.Get(whenField); chosen != "" {
		date, at, zone = partsOf(chosen, zone)
		zoned = zoned || zone != ""
	}
	day, wrong := readDate(date)
	if wrong != nil {
		return c, wrong
	}
	moment, wrong := readTime(at)
	if wrong != nil {
		return c, wrong
	}
	party, err := strconv.Atoi(form.Get("party"))
	if err != nil || party < 1 {
		return c, &fault{"party", booking.Unclear, ""}
	}
	c.Date, c.Time, c.Party = &day, &moment, &party
	if zoned {
		c.Zone = &zone
	}
	return c, nil
}

// cancelPage answers POST /reserva/:link/cancelar.
func (s *site) cancelPage(w http.ResponseWriter, r *http.Request) {
	p := s.page(r)
	who := s.whoOf(p, r)
	result, err := s.cfg.Desk.Cancel(r.Context(), booking.Cancellation{Who: who})
	if err == nil {
		if _, err := s.cfg.Desk.Lookup(r.Context(), who); err != nil {
			// The staff had deleted its row; there is nothing left to show.
			s.render(w, http.StatusOK, "own", p.Lang, s.ownView(p, who.Link, result.Booking))
			return
		}
		s.seeOther(w, r, ownPath(who.Link)+"?lang="+string(p.Lang))
		return
	}
	b, ok := s.own(w, r, who)
	if !ok {
		return
	}
	view := s.ownView(p, who.Link, b)
	view.Said, _ = s.refusal(p, booking.Query{}, err)
	s.render(w, s.refusedAs(r.Context(), err), "own", p.Lang, view)
}

// seeOther redirects after a POST, so that reloading does not repeat it.
func (s *site) seeOther(w http.ResponseWriter, r *http.Request, path string) {
	http.Redirect(w, r, path, http.StatusSeeOther)
}

// calendar answers GET /reserva/:link/cita.ics, for the guest's calendar.
func (s *site) calendar(w http.ResponseWriter, r *http.Request) {
	p := s.page(r)
	who := s.whoOf(p, r)
	b, ok := s.own(w, r, who)
	if !ok {
		return
	}
	c := ical.NewCalendar()
	c.SetProductId("-//maitre//ES")
	c.SetMethod(ical.MethodPublish)
	e := c.AddEvent(b.ID + "@maitre")
	e.SetDtStampTime(b.Updated)
	e.SetStartAt(b.Start)
	e.SetEndAt(b.End)
	e.SetSummary(s.cfg.Restaurant.Name + ", " + p.party(b.Party))
	e.SetLocation(s.cfg.Restaurant.Address)
	e.SetDescription(p.Words.Reserve.Code + ": " + b.Code)
	e.SetURL(s.cfg.PublicURL + ownPath(who.Link))
	status := ical.ObjectStatusConfirmed
	switch b.Status {
	case booking.Cancelled, booking.NoShow:
		status = ical.ObjectStatusCancelled
	case booking.PreBooked, booking.Processing:
		status = ical.ObjectStatusTentative
	}
	e.SetStatus(status)
	h := w.Header()
	h.Set("Content-Type", "text/calendar; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="reserva.ics"`)
	_ = c.SerializeTo(w) // the browser may have hung up
}
