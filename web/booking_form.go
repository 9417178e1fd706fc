package web

import (
	"errors"
	"strings"

	"maitre/booking"
	"maitre/webhook/phone"
)

// bookingForm is a table that a guest asks for, as it was typed into the page or sent as
// JSON. The keys are those of the contract.
type bookingForm struct {
	Name  string       `json:"name"`
	Phone string       `json:"phone"`
	Email string       `json:"email"`
	Date  string       `json:"date"` // YYYY-MM-DD
	Time  string       `json:"time"` // HH:MM
	Party int          `json:"party"`
	Zone  string       `json:"zone"`
	Notes string       `json:"notes"`
	Lang  booking.Lang `json:"lang"`
}

// fault is what is wrong with what was typed.
type fault struct {
	field   string
	problem booking.Problem
	// fix says how to write it, for programmers.
	fix string
}

// refusal is the fault as the desk would say it.
func (f *fault) refusal() *booking.Refusal {
	return &booking.Refusal{Reason: booking.Invalid, Field: f.field, Problem: f.problem}
}

// request reads a booking form. Nobody vouches for a number that is typed, so it is the
// guest's, and not the caller's.
func (s *site) request(f bookingForm) (booking.Request, *fault) {
	r := booking.Request{
		Caller: booking.Caller{Channel: booking.ByWeb, Lang: f.Lang},
		Party:  f.Party, Zone: f.Zone, Name: f.Name, Email: f.Email, Notes: f.Notes,
	}
	var wrong *fault
	if r.Date, wrong = readDate(f.Date); wrong != nil {
		return r, wrong
	}
	if r.Time, wrong = readTime(f.Time); wrong != nil {
		return r, wrong
	}
	if f.Party == 0 {
		return r, &fault{"party", booking.Missing, "party is missing: how many guests come"}
	}
	if strings.TrimSpace(f.Name) == "" {
		return r, &fault{"name", booking.Missing, "name is missing"}
	}
	number, err := s.cfg.Phones.Parse(f.Phone)
	switch {
	case errors.Is(err, phone.ErrEmpty) && strings.TrimSpace(f.Phone) == "":
		return r, &fault{"phone", booking.Missing, "phone is missing: where the guest can be reached"}
	case err != nil:
		return r, &fault{"phone", booking.Unclear, err.Error()}
	}
	r.Phone = number
	return r, nil
}

func readDate(typed string) (booking.Date, *fault) {
	if typed == "" {
		return 0, &fault{"date", booking.Missing, "date is missing: want YYYY-MM-DD"}
	}
	date, err := booking.ParseDate(typed)
	if err != nil {
		return 0, &fault{"date", booking.Unclear, "date: want YYYY-MM-DD, such as 2026-12-24"}
	}
	return date, nil
}

func readTime(typed string) (booking.TimeOfDay, *fault) {
	if typed == "" {
		return 0, &fault{"time", booking.Missing, "time is missing: want HH:MM"}
	}
	at, err := booking.ParseTimeOfDay(typed)
	if err != nil {
		return 0, &fault{"time", booking.Unclear, "time: want HH:MM, such as 21:30"}
	}
	return at, nil
}
