package vapi_test

import (
	"context"
	"strings"
	"testing"

	"maitre/booking"
	"maitre/webhook/vapi"
)

// listing is the desk of a house that keeps a waitlist.
type listing struct {
	vapi.Desk
	asked []booking.Request
	err   error
	offer *booking.Offer
	on    []booking.Waiting
	left  []booking.Caller
}

func (l *listing) Leave(_ context.Context, c booking.Caller) ([]booking.Waiting, error) {
	left := l.on
	l.on, l.left = nil, append(l.left, c)
	return left, nil
}

func (l *listing) KeepsWaitlist() bool { return true }

func (l *listing) Wait(_ context.Context, r booking.Request) (booking.Waited, error) {
	l.asked = append(l.asked, r)
	if l.err != nil || l.offer != nil {
		return booking.Waited{Offer: l.offer}, l.err
	}
	return booking.Waited{Waiting: booking.Waiting{Name: r.Name, Date: r.Date, Time: r.Time, Party: r.Party, State: booking.WaitWaiting}}, nil
}

func TestAGuestIsPutOnTheWaitlist(t *testing.T) {
	t.Parallel()
	desk := &listing{}
	h := open(t, func(c *vapi.Config) { desk.Desk, c.Desk = c.Desk, desk })
	args := object{"fecha": "el jueves", "hora": "a las nueve", "personas": "cuatro", "nombre": "Ana", "telefono": "687 65 43 21", "notes": "trona"}
	a := h.ask("add_to_waitlist", args)
	if !a.Success || !strings.Contains(a.Message, "lista de espera") || len(desk.asked) != 1 {
		t.Fatalf("%+v, asked %+v", a, desk.asked)
	}
	r := desk.asked[0]
	if r.Date.String() != "2026-11-26" || r.Time.String() != "21:00" || r.Party != 4 || r.Name != "Ana" || r.Phone != "+34687654321" || r.Caller.Phone != caller || r.Notes != "trona" {
		t.Errorf("asked for %+v", r)
	}
	if a := h.ask("add_to_waitlist", object{"date": "2026-11-26"}); a.Error != "invalid" || a.Field != "time" || len(desk.asked) != 1 {
		t.Errorf("without a time: %+v", a)
	}
	desk.err = &booking.Refusal{Reason: booking.Invalid, Field: "phone", Problem: booking.NoMobile}
	if a := h.ask("add_to_waitlist", args); a.Error != "invalid" || a.Field != "phone" || !strings.Contains(a.Message, "móvil") {
		t.Errorf("a landline: %+v", a)
	}
	desk.err, desk.offer = nil, &booking.Offer{Date: r.Date, Time: r.Time, Party: 4, Zone: "interior"}
	if a := h.ask("add_to_waitlist", args); !a.Success || !strings.Contains(a.Message, "tenemos mesa") {
		t.Errorf("a table free after all: %+v", a)
	}
}

// Whoever cancels and has nothing booked is taken off the list; a repeat of the
// call hears the same, and does nothing.
func TestAGuestIsTakenOffTheWaitlist(t *testing.T) {
	t.Parallel()
	desk := &listing{on: []booking.Waiting{{ID: "01W"}}}
	h := open(t, func(c *vapi.Config) { desk.Desk, c.Desk = c.Desk, desk })
	for range 2 {
		if a := h.ask("cancel_reservation", object{"code": "HHHH"}); a.Error != "not_found" {
			t.Errorf("by a code: %+v", a)
		}
	}
	if len(desk.left) != 0 {
		t.Error("whoever named a code was taken off the list")
	}
	off := message(t, "call-w", caller, called{"w1", "cancel_reservation", object{}})
	first := h.post(off).Body.String()
	if !strings.Contains(first, "ya no está en la lista de espera") || !strings.Contains(first, `\"success\":true`) {
		t.Errorf("heard %s", first)
	}
	if again := h.post(off).Body.String(); again != first || len(desk.left) != 1 || desk.left[0].Phone != caller {
		t.Errorf("again: %s, left %+v", again, desk.left)
	}
	if a := h.ask("cancel_reservation", object{}); a.Error != "not_found" {
		t.Errorf("with nothing left: %+v", a)
	}
	desk.on = []booking.Waiting{{ID: "01V", Booking: "01B"}}
	if a := h.ask("cancel_reservation", object{}); !a.Success || !strings.Contains(a.Message, "ya no le guardamos la mesa") {
		t.Errorf("with a table held: %+v", a)
	}
}

func TestTheWaitlistIsAToolOnlyWhereThereIsOne(t *testing.T) {
	t.Parallel()
	for _, keeps := range []bool{false, true} {
		p := profileOf(t, func(*booking.Restaurant) {})
		p.Waitlist = keeps
		a, err := p.Saved()
		if err != nil {
			t.Fatal(err)
		}
		printed, err := a.JSON()
		if err != nil || strings.Contains(string(printed), `"add_to_waitlist"`) != keeps {
			t.Errorf("kept %v, %v", keeps, err)
		}
	}
	if h := open(t); h.ask("add_to_waitlist", object{}).Error != "not_allowed" {
		t.Error("a list that is not kept takes guests")
	}
}
