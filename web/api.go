package web

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"

	"maitre/booking"
	"maitre/webhook"
	"maitre/webhook/answer"
)

// idempotencyKey is the header by which a repeat of a request is known.
const idempotencyKey = "Idempotency-Key"

// maxIdempotencyKey is the longest key that is taken, in bytes.
const maxIdempotencyKey = 200

// availability answers GET /api/availability?date=YYYY-MM-DD&party=N[&zone=Z]. A
// day on which nothing can be booked for another reason than being full has no
// slots, and says why.
func (s *site) availability(w http.ResponseWriter, r *http.Request) {
	asked, lang := r.URL.Query(), s.languageOf(r)
	date, wrong := readDate(asked.Get("date"))
	if wrong != nil {
		badInput(w, wrong)
		return
	}
	party, err := strconv.Atoi(asked.Get("party"))
	if err != nil || party < 1 {
		badInput(w, &fault{"party", booking.Unclear, "party: want how many guests come, such as 4"})
		return
	}
	q := booking.Query{Caller: booking.Caller{Channel: booking.ByWeb, Lang: lang}, Date: date, Party: party, Zone: asked.Get("zone")}
	view := struct {
		Date    string        `json:"date"`
		Party   int           `json:"party"`
		Slots   []answer.Slot `json:"slots"`
		Error   string        `json:"error,omitempty"`
		Message string        `json:"message,omitempty"`
	}{Date: date.String(), Party: party, Slots: []answer.Slot{}}
	slots, err := s.cfg.Desk.Availability(r.Context(), q)
	if err != nil {
		if statusOf(err) != http.StatusConflict {
			s.refuseJSON(w, r, lang, err)
			return
		}
		no := s.spoken.Refused(lang, err)
		view.Error, view.Message = no.Error, no.Message
	} else {
		view.Slots = answer.Slots(slots)
	}
	writeJSON(w, http.StatusOK, view)
}

// book answers POST /api/bookings.
func (s *site) book(w http.ResponseWriter, r *http.Request) {
	wanted, ok := s.readBookingForm(w, r)
	if !ok {
		return
	}
	key := r.Header.Get(idempotencyKey)
	if key == "" || len(key) > maxIdempotencyKey {
		badInput(w, &fault{idempotencyKey, booking.Missing,
			"send the header Idempotency-Key with a fresh random value, such as a UUID, for each booking, and the same one for each repeat of it"})
		return
	}
	o, err := s.bookOnce(r.Context(), webhook.Key("web", key), wanted)
	switch {
	case errors.Is(err, errKeyReused):
		webhook.WriteError(w, http.StatusUnprocessableEntity, "invalid",
			"this Idempotency-Key was used for another booking: take a fresh one", idempotencyKey)
	case err != nil:
		s.refuseJSON(w, r, wanted.Caller.Lang, err)
	default:
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Header().Set("Location", s.cfg.PublicURL+ownPath(o.Link))
		w.WriteHeader(o.Status)
		_, _ = w.Write(append(o.Answer, '\n')) // the caller may have hung up
	}
}

// enlist answers POST /api/waitlist.
func (s *site) enlist(w http.ResponseWriter, r *http.Request) {
	wanted, ok := s.readBookingForm(w, r)
	if !ok {
		return
	}
	if !s.cfg.Desk.KeepsWaitlist() {
		writeJSON(w, http.StatusConflict, s.spoken.NoWaitlist(wanted.Caller.Lang))
		return
	}
	status, listed, _, err := s.wait(r.Context(), s.spoken, wanted)
	if err != nil {
		s.refuseJSON(w, r, wanted.Caller.Lang, err)
		return
	}
	writeJSON(w, status, listed)
}

// readBookingForm reads a booking form that was sent as JSON; false: it was answered.
func (s *site) readBookingForm(w http.ResponseWriter, r *http.Request) (booking.Request, bool) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		webhook.WriteError(w, http.StatusUnsupportedMediaType, "invalid", "send JSON, with the header 'Content-Type: application/json'", "")
		return booking.Request{}, false
	}
	body, err := io.ReadAll(r.Body)
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		webhook.WriteError(w, http.StatusRequestEntityTooLarge, "too_large", "the body is too large", "")
		return booking.Request{}, false
	}
	var wanted bookingForm
	if err == nil {
		err = json.Unmarshal(body, &wanted, json.RejectUnknownMembers(true))
	}
	if err != nil {
		badInput(w, unreadable(err))
		return booking.Request{}, false
	}
	wanted.Lang = s.spokenTo(wanted.Lang, r)
	request, wrong := s.request(wanted)
	if wrong != nil {
		badInput(w, wrong)
		return booking.Request{}, false
	}
	return request, true
}

// unreadable says what is wrong with JSON, without quoting it.
func unreadable(err error) *fault {
	wrong := &fault{problem: booking.Unclear, fix: "the body is not JSON of the form that is documented"}
	if semantic, ok := errors.AsType[*json.SemanticError](err); ok {
		field := strings.TrimPrefix(string(semantic.JSONPointer), "/")
		switch {
		case errors.Is(err, json.ErrUnknownName):
			wrong.fix = "there is a key that is not known: want name, phone, date, time, party and, where they apply, email, zone, notes, lang"
		case field == "party":
			wrong.field, wrong.fix = field, "party: want a number, such as 4"
		case field != "" && !strings.Contains(field, "/"):
			wrong.field, wrong.fix = field, "want a text in quotes"
		}
	}
	return wrong
}

// refuseJSON answers with the desk's refusal: bad input as an error, the rest as an
// answer object.
func (s *site) refuseJSON(w http.ResponseWriter, r *http.Request, lang booking.Lang, err error) {
	no := s.spoken.Refused(lang, err)
	switch status := s.refusedAs(r.Context(), err); status {
	case http.StatusBadRequest:
		webhook.WriteError(w, status, no.Error, no.Message, no.Field)
	case http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", "5")
		writeJSON(w, status, no)
	default:
		writeJSON(w, status, no)
	}
}

func badInput(w http.ResponseWriter, wrong *fault) {
	webhook.WriteError(w, http.StatusBadRequest, string(booking.Invalid), wrong.fix, wrong.field)
}
