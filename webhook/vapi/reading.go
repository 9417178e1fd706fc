package vapi

import (
	"errors"
	"math"
	"strconv"
	"strings"

	"maitre/booking"
	"maitre/booking/phrase"
)

// The methods below turn an argument into what the desk takes. The model is asked for
// dates as YYYY-MM-DD and times as HH:MM; anything else is read as the guest's words.
// An argument that is not given is the zero value, one that is not understood a
// refusal.

func unclear(field string) *booking.Refusal {
	return &booking.Refusal{Reason: booking.Invalid, Field: field, Problem: booking.Unclear}
}

func missing(field string) *booking.Refusal {
	return &booking.Refusal{Reason: booking.Invalid, Field: field, Problem: booking.Missing}
}

// date returns the zero date when none is given.
func (t *task) date() (booking.Date, *booking.Refusal) {
	v := t.args.date
	if !v.given() {
		return 0, nil
	}
	day, _ := splitDateTime(v.text)
	if len(day) == len("2026-12-24") {
		if date, err := booking.ParseDate(day); err == nil {
			return date, nil
		}
	}
	if date, ok := t.cfg.Reader.Date(v.text, t.now); ok {
		return date, nil
	}
	return 0, unclear("date")
}

// time returns no time when none is given. Words are read by the services of
// the date: nine is nine in the evening where there is no breakfast.
func (t *task) time(on booking.Date) (_ booking.TimeOfDay, given bool, _ *booking.Refusal) {
	v := t.args.time
	if !v.given() {
		return 0, false, nil
	}
	_, clock := splitDateTime(v.text)
	if len(clock) == len("21:00:00") {
		clock = strings.TrimSuffix(clock, ":00")
	}
	if len(clock) == len("21:00") {
		if at, err := booking.ParseTimeOfDay(clock); err == nil {
			return at, true, nil
		}
	}
	if at, ok := t.cfg.Reader.Time(v.text, on); ok {
		return at, true, nil
	}
	return 0, true, unclear("time")
}

// splitDateTime cuts 2026-12-24T21:00 and 2026-12-24T21:00:00 in two, and gives
// back anything else as both. With a zone it is not the restaurant's clock, and
// is left alone.
func splitDateTime(s string) (day, clock string) {
	if (len(s) == len("2026-12-24T21:00") || len(s) == len("2026-12-24T21:00:00")) && (s[10] == 'T' || s[10] == ' ') {
		return s[:10], s[11:]
	}
	return s, s
}

// party returns 0 when none is given.
func (t *task) party() (int, *booking.Refusal) {
	v := t.args.party
	if !v.given() {
		return 0, nil
	}
	n, err := strconv.Atoi(v.text)
	if err != nil {
		f, err := strconv.ParseFloat(v.text, 64)
		switch {
		case errors.Is(err, strconv.ErrSyntax): // words
			n, _ = t.cfg.Reader.Party(v.text)
		case err == nil && f == math.Trunc(f) && math.Abs(f) < 1e6: // 4.0
			n = int(f)
		}
	}
	if n <= 0 {
		return 0, unclear("party")
	}
	return n, nil
}

// zone returns "" for any, and what it does not know as it is: the desk says
// which zones there are.
func (t *task) zone() string {
	v := t.args.zone
	if id, ok := t.zones[strings.ToLower(v.text)]; ok {
		return id
	}
	if !v.given() {
		return ""
	}
	if id, _, ok := t.cfg.Reader.Zone(v.text); ok {
		return id
	}
	if v.garbled {
		return "?"
	}
	return v.text
}

// phone returns "" when none is given: the number that calls is the guest's.
func (t *task) phone() (booking.Phone, *booking.Refusal) {
	v := t.args.phone
	if !v.given() {
		return "", nil
	}
	if number, err := t.cfg.Phones.Parse(v.text); err == nil {
		return number, nil
	}
	if digits, ok := t.cfg.Reader.Phone(v.text); ok {
		if number, err := t.cfg.Phones.Parse(digits); err == nil {
			return number, nil
		}
	}
	return "", unclear("phone")
}

// confirmed reads a yes or a no. Only a plain no is one: it gives the table back.
func (t *task) confirmed() (bool, *booking.Refusal) {
	v := t.args.confirmed
	if !v.given() {
		return false, missing("confirmed")
	}
	switch strings.ToLower(v.text) {
	case "true", "1":
		return true, nil
	case "false", "0":
		return false, nil
	}
	said := t.cfg.Reader.Understand(v.text, t.now, t.lang)
	switch said.Intent {
	case phrase.Yes:
		return true, nil
	case phrase.No, phrase.Cancel:
		if said.Plain {
			return false, nil
		}
	}
	return false, unclear("confirmed")
}

// who names the booking that the guest speaks of.
func (t *task) who() (booking.Who, *booking.Refusal) {
	phone, refusal := t.phone()
	if refusal != nil {
		return booking.Who{}, refusal
	}
	if t.args.code.garbled {
		return booking.Who{}, unclear("code")
	}
	return booking.Who{Caller: t.caller(), Phone: phone, Code: t.args.code.text}, nil
}

// whoOn is who, narrowed to a date where one is given.
func (t *task) whoOn() (booking.Who, *booking.Refusal) {
	who, refusal := t.who()
	if refusal == nil {
		who.Date, refusal = t.date()
	}
	return who, refusal
}
