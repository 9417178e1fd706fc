package web

import (
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"maitre/booking"
	"maitre/webhook"
)

// detailsPage asks for the guest's details at the chosen time; where that is full, it
// offers other times and the waitlist.
type detailsPage struct {
	page
	// Said is what the desk has to say; empty: that it may be booked.
	Said paragraphs
	// Chosen is what the guest asked for.
	Chosen   choice
	Day      string
	Time     string
	Zone     string // its name; empty: any
	Guests   string
	Word     string // what the guest must know of the table
	Until    string // when it is needed again; empty: it is the guest's
	Offers   []choice
	Waitlist bool // it is full, and one can wait
	Book     bool // there is something to book: the chosen time or another
	Back     string
	Typed    bookingForm
	Writes   bool // guests are written to
	// Key names this form, so that sending the form twice books once.
	Key string
}

// when is a time in a form: the date, the time and, where it is another than the
// one asked for, the zone.
type when struct {
	date booking.Date
	at   booking.TimeOfDay
	zone string
}

// String is the time as a form sends it back.
func (w when) String() string {
	return strings.TrimSpace(w.date.String() + " " + w.at.String() + " " + w.zone)
}

// partsOf takes apart what a form sent back as a time. Without a zone it is the
// one asked for.
func partsOf(when, asked string) (date, at, zone string) {
	date, rest, _ := strings.Cut(when, " ")
	at, zone, elsewhere := strings.Cut(rest, " ")
	if !elsewhere {
		zone = asked
	}
	return date, at, zone
}

// detailsOf is the page for a time, before anything is said of it.
func (s *site) detailsOf(p page, q booking.Query, at booking.TimeOfDay) detailsPage {
	return detailsPage{
		page: p, Chosen: choice{Value: when{q.Date, at, ""}.String()},
		Day: p.Words.dayOf(q.Date, at), Time: at.String(), Zone: s.zoneName(p, q.Zone), Guests: p.party(q.Party),
		Back: p.address(q, ""), Key: rand.Text(), Writes: s.cfg.Words.Writes(),
		Typed: bookingForm{Date: q.Date.String(), Time: at.String(), Party: q.Party, Zone: q.Zone, Lang: p.Lang},
	}
}

// askDetails shows a time that was chosen: with what to know of the table, or
// with what there is instead.
func (s *site) askDetails(w http.ResponseWriter, r *http.Request, p page, q booking.Query, at booking.TimeOfDay) {
	view := s.detailsOf(p, q, at)
	offer, err := s.cfg.Desk.Check(r.Context(), q, at)
	if err != nil {
		s.refuse(w, r, view, q, err, false)
		return
	}
	view.offer(s, offer)
	s.render(w, http.StatusOK, "details", p.Lang, view)
}

// offer fills in a table that is free.
func (d *detailsPage) offer(s *site, o booking.Offer) {
	d.Book, d.Zone = true, s.zoneName(d.page, o.Zone)
	d.Word = d.text(o.NeedsWord)
	if o.Until != 0 {
		d.Until = o.Until.String()
	}
}

// refuse shows the desk's refusal and the alternatives. waiting: the guest wanted
// to be put on the waitlist.
func (s *site) refuse(w http.ResponseWriter, r *http.Request, view detailsPage, q booking.Query, err error, waiting bool) {
	view.Said, view.Offers = s.refusal(view.page, q, err)
	refusal, ok := errors.AsType[*booking.Refusal](err)
	// What was typed can be corrected, and what failed can be tried again.
	again := statusOf(err) != http.StatusConflict
	full := ok && refusal.Reason == booking.Full
	view.Waitlist = s.cfg.Desk.KeepsWaitlist() && (full || waiting && again)
	view.Book = len(view.Offers) > 0 || again && !waiting
	s.render(w, s.shownAs(r, err), "details", view.Lang, view)
}

// typed reads the form of the details page; field is the one that names the
// time. A form that no page of ours sent, or in which something is wrong, is
// answered, and false returned.
func (s *site) typed(w http.ResponseWriter, r *http.Request, field string) (detailsPage, booking.Query, booking.Request, bool) {
	form, p := r.PostForm, s.page(r)
	date, at, zone := partsOf(form.Get(field), form.Get("zone"))
	q, wrong := s.queryOf(p, url.Values{"date": {date}, "party": {form.Get("party")}, "zone": {zone}})
	moment, wrongTime := readTime(at)
	if wrong != nil || wrongTime != nil {
		s.problemPage(w, r, http.StatusBadRequest)
		return detailsPage{}, q, booking.Request{}, false
	}
	view := s.detailsOf(p, q, moment)
	view.Typed.Name, view.Typed.Phone, view.Typed.Notes = form.Get("name"), form.Get("phone"), form.Get("notes")
	request, fault := s.request(view.Typed)
	if fault != nil {
		s.refuse(w, r, view, q, fault.refusal(), field == wantedField)
		return view, q, request, false
	}
	return view, q, request, true
}

// The fields of the form that name a time: the one to book, and the one to wait for.
const whenField, wantedField = "when", "wanted"

// bookPage answers POST /reservar.
func (s *site) bookPage(w http.ResponseWriter, r *http.Request) {
	view, q, wanted, ok := s.typed(w, r, whenField)
	if !ok {
		return
	}
	// The key covers what was typed, so that going back and choosing another time
	// is another request.
	o, err := s.bookOnce(r.Context(), webhook.Key("page", r.PostForm.Get("key"), nameOf(wanted)), wanted)
	if err != nil {
		s.refuse(w, r, view, q, err, false)
		return
	}
	s.seeOther(w, r, ownPath(o.Link)+"?lang="+string(view.Lang))
}

// waitPage answers POST /espera.
func (s *site) waitPage(w http.ResponseWriter, r *http.Request) {
	view, q, wanted, ok := s.typed(w, r, wantedField)
	if !ok {
		return
	}
	status, listed, free, err := s.wait(r.Context(), s.written, wanted)
	switch {
	case err != nil:
		s.refuse(w, r, view, q, err, true)
	case free != nil: // it became free meanwhile
		view.Said = paragraphsOf(listed.Message).withoutQuestion()
		view.offer(s, *free)
		s.render(w, status, "details", view.Lang, view)
	default:
		s.render(w, status, "done", view.Lang, donePage{page: view.page, Title: view.Words.Reserve.Listed, Said: paragraphsOf(listed.Message)})
	}
}

// donePage tells that a guest is on the waitlist.
type donePage struct {
	page
	Title string
	Said  paragraphs
}
