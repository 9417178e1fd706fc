package vapi_test

import (
	"context"
	"strings"
	"testing"

	"maitre/booking"
	"maitre/webhook"
	"maitre/webhook/vapi"
)

// listing is a desk that keeps a waitlist.
type listing struct {
	webhook.Desk
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

func (l *listing) WaitingOf(context.Context, booking.Caller) ([]booking.Waiting, error) {
	return l.on, nil
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
		t.Errorf("answered %s", first)
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

// Whoever wants to be off the list keeps the table; whoever cancels and both waits and
// has a table is asked which is meant; a code or the other day says it.
func TestTheListIsNotTheBook(t *testing.T) {
	t.Parallel()
	desk := &listing{}
	h := open(t, func(c *vapi.Config) { desk.Desk, c.Desk = c.Desk, desk })
	made := h.ask("create_reservation", object{"date": "2026-11-26", "time": "21:00", "pax": 2, "customer_name": "Ana"})
	if a := h.ask("leave_waitlist", object{}); a.Success || a.Error != "not_found" || !strings.Contains(a.Message, "sigue como estaba") {
		t.Errorf("on no list: %+v", a)
	}
	desk.on = []booking.Waiting{{ID: "01W", Date: booking.NewDate(2026, 11, 26), Time: booking.NewTimeOfDay(21, 0), Party: 4, State: booking.WaitWaiting}}
	for _, args := range []object{{}, {"date": "2026-11-26"}} {
		if a := h.ask("cancel_reservation", args); a.Success || a.Error != "invalid" || a.Field != "code" || !strings.Contains(a.Message, "lista de espera") || len(desk.on) != 1 {
			t.Errorf("%v: %+v", args, a)
		}
	}
	off := message(t, "call-l", caller, called{"l1", "leave_waitlist", object{}})
	first := h.post(off).Body.String()
	if !strings.Contains(first, "ya no está en la lista de espera") || len(desk.on) != 0 {
		t.Errorf("answered %s", first)
	}
	desk.on = []booking.Waiting{{ID: "01V", State: booking.WaitWaiting}}
	if again := h.post(off).Body.String(); again != first || len(desk.on) != 1 {
		t.Errorf("again: %s", again)
	}
	if found := h.ask("get_reservation", object{}); !found.Success {
		t.Errorf("the table is gone: %+v", found)
	}
	if a := h.ask("cancel_reservation", object{"code": made.Booking.Code}); !a.Success || a.Booking.Status != "cancelled" {
		t.Errorf("by its code: %+v", a)
	}
}

// A text that is no plain no gives no table back.
func TestOnlyAPlainNoDeclines(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.ask("create_reservation", object{"date": "2026-11-26", "time": "21:00", "pax": 2, "customer_name": "Ana"})
	for _, said := range []string{"está reservada, ¿no?", "no faltaremos", "ahora no puedo hablar", "not a problem", "no sé"} {
		if a := h.ask("confirm_reservation", object{"confirmed": said}); a.Success || a.Field != "confirmed" {
			t.Errorf("%q: %+v", said, a)
		}
	}
	if a := h.ask("confirm_reservation", object{"confirmed": "no, gracias"}); !a.Success || a.Booking.Status != "cancelled" {
		t.Errorf("%+v", a)
	}
}
