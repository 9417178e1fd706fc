package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"maitre/store/airtable/airtabletest"
)

// repeated is a request that changes something, sent over and over.
type repeated struct {
	name string
	// before sets the stage, with a program that lives.
	before func(c *chat)
	// point is where the program dies, if not after the journal's commit.
	point string
	send  func(c *chat) ([]byte, error)
	// says is in the answer once it is written, noted while it is on its way.
	says, noted string
	// left is how the booking stands in the end; empty: there is none to look at.
	left string
}

// calls is a tool call, as VAPI sends it over and over.
func calls(n int, from, tool string, args map[string]any) func(c *chat) ([]byte, error) {
	body := call{ID: fmt.Sprint("repeat", n), Tool: "t1", From: from, Name: tool, Args: args}.body()
	return func(c *chat) ([]byte, error) {
		status, _, got, err := c.do("POST", "/vapi", sealed(body), body)
		if err == nil && status != 200 {
			err = fmt.Errorf("status %d: %s", status, got)
		}
		return got, err
	}
}

// writes is a message, as Twilio sends it over and over.
func writes(from, text string) func(c *chat) ([]byte, error) {
	var send func(c *chat) ([]byte, error)
	return func(c *chat) ([]byte, error) {
		if send == nil {
			form := c.message(from, text)
			send = func(c *chat) ([]byte, error) { return c.deliver(form) }
		}
		return send(c)
	}
}

// posts is a request of the page's JSON, sent over and over.
func posts(key string, request map[string]any) func(c *chat) ([]byte, error) {
	return func(c *chat) ([]byte, error) {
		body, err := json.Marshal(request)
		if err != nil {
			return nil, err
		}
		status, header, got, err := c.do("POST", "/api/bookings", map[string]string{"Content-Type": "application/json", "Idempotency-Key": key}, body)
		return fmt.Appendf(nil, "%d %s %s", status, header.Get("Location"), got), err
	}
}

// theRepeated are all acts of all channels that have keys; each needs the one before it.
func theRepeated() []repeated {
	asks := func(from, text, want string) func(c *chat) {
		return func(c *chat) { c.wants(c.says(from, text), want) }
	}
	const landline, pau = "+34941000999", "+34677777777"
	table := map[string]any{"date": thursday, "time": "21:00", "pax": 2, "customer_name": "Inés"}
	return []repeated{
		{name: "phone: create", send: calls(1, landline, "create_reservation", table),
			says: `\"success\":true`, noted: `\"status\":\"processing\"`, left: "Inés 21:00 2 confirmed"},
		{name: "phone: update", send: calls(2, landline, "update_reservation", map[string]any{"time": "21:30", "pax": 3}),
			says: `\"success\":true`, noted: `\"status\":\"processing\"`, left: "Inés 21:30 3 confirmed"},
		{name: "phone: waitlist", point: "waitlist.after_sync",
			send: calls(3, "+34688888888", "add_to_waitlist", map[string]any{"date": thursday, "time": "21:00", "pax": 2, "customer_name": "Gil"}),
			says: "lista de espera", noted: "lista de espera", left: "Inés 21:30 3 confirmed"},
		{name: "phone: confirm", send: calls(4, landline, "confirm_reservation", map[string]any{"confirmed": false}),
			says: `\"success\":true`, noted: `\"status\":\"processing\"`, left: "Inés 21:30 3 cancelled"},
		{name: "WhatsApp: create", before: asks(ana, "mesa para 2 el jueves 3 de diciembre a las 21:00 a nombre de Ana", "¿Se la reservo?"),
			send: writes(ana, "sí"), says: "queda reservada", noted: "se está procesando", left: "Ana 21:00 2 confirmed"},
		{name: "WhatsApp: change", before: func(c *chat) {
			c.books("of-eva", map[string]any{"name": "Eva", "phone": eva, "date": "2026-12-24", "time": "21:00", "party": 2})
			c.says(eva, "quiero cambiar mi reserva")
			c.wants(c.says(eva, "a las 22:00"), "¿La cambio?")
		}, send: writes(eva, "sí"), says: "22:00", noted: "se está procesando", left: "Eva 22:00 2 confirmed"},
		{name: "WhatsApp: cancel", before: func(c *chat) {
			c.books("of-pau", map[string]any{"name": "Pau", "phone": pau, "date": "2026-12-31", "time": "21:00", "party": 2})
			c.wants(c.says(pau, "quiero cancelar mi reserva"), "¿Cancelo")
		}, send: writes(pau, "sí"), says: "queda cancelada", noted: "se está procesando", left: "Pau 21:00 2 cancelled"},
		{name: "phone: create, a mobile", send: calls(5, luis, "create_reservation", map[string]any{
			"date": "2026-12-10", "time": "21:00", "pax": 2, "customer_name": "Luis"}),
			says: "pre_booked", noted: `\"status\":\"processing\"`, left: "Luis 21:00 2 pre_booked"},
		{name: "WhatsApp: confirm", send: writes(luis, "sí"), says: "queda confirmada", noted: "se está procesando", left: "Luis 21:00 2 confirmed"},
		{name: "phone: cancel", send: calls(6, luis, "cancel_reservation", nil),
			says: `\"success\":true`, noted: `\"status\":\"processing\"`, left: "Luis 21:00 2 cancelled"},
		{name: "page: create", send: posts("repeat-1", map[string]any{"name": "Sol", "phone": sol, "date": "2026-12-17", "time": "21:00", "party": 2}),
			says: "201 ", noted: "202 ", left: "Sol 21:00 2 confirmed"},
	}
}

func TestARepeatHearsTheSameAfterAPowerCut(t *testing.T) {
	both(t, testARepeatHearsTheSameAfterAPowerCut)
}

// The power fails between the commit and the answer, for every act of every
// channel. The repeat hears what was done, does nothing twice, and so does every
// later one, in the same bytes; also when Airtable did not answer at the time.
func testARepeatHearsTheSameAfterAPowerCut(t *testing.T) {
	restaurant := filepath.Join(t.TempDir(), "restaurant.toml")
	if err := os.WriteFile(restaurant, []byte(tableForFour), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, outage := range []bool{false, true} {
		c := startChat(t, "RESTAURANT_FILE="+restaurant, "REPLY_BUDGET=2s")
		srv := base(t, c.dir, c.env)
		if outage && srv == nil {
			c.stop()
			continue
		}
		for _, r := range theRepeated() {
			if r.before != nil {
				r.before(c)
				c.settled()
			}
			if r.point == "" {
				r.point = "journal.after_sync"
			}
			c.kill()
			c.restart("MAITRE_DIE_AT=" + r.point)
			if srv != nil {
				c.log.waitFor("all days were read")
			}
			if outage {
				srv.Inject(airtabletest.Fault{Status: 503})
			}
			if got, err := r.send(c); err == nil {
				t.Errorf("%s: answered although the power failed: %s", r.name, got)
			}
			if err := <-c.exited; err == nil {
				t.Errorf("%s: the power failed, and yet it ended well", r.name)
			}
			c.public.close()
			c.restart("MAITRE_DIE_AT=")
			want := r.noted
			if !outage {
				c.settled()
				want = r.says
			}
			first, err := r.send(c)
			if err != nil || !bytes.Contains(first, []byte(want)) {
				t.Errorf("%s, outage %v: the repeat heard %v %s; want %q", r.name, outage, err, first, want)
			}
			if outage {
				srv.LiftFaults()
				c.settled()
			}
			if again, err := r.send(c); err != nil || !bytes.Equal(first, again) {
				t.Errorf("%s, outage %v: the next repeat heard %v %s; want %s", r.name, outage, err, again, first)
			}
			c.stands(r)
		}
		c.stop()
	}
}

// stands looks that a booking is in the book once, as it was left.
func (c *chat) stands(r repeated) {
	c.t.Helper()
	name, _, _ := strings.Cut(r.left, " ")
	var found []string
	for _, date := range []string{thursday, "2026-12-03", "2026-12-10", "2026-12-17", "2026-12-24", "2026-12-31"} {
		for _, b := range c.book(date) {
			if b.Name == name {
				found = append(found, fmt.Sprint(b.Name, " ", b.Time, " ", b.Party, " ", b.Status))
			}
		}
		c.agrees(date)
	}
	if len(found) != 1 || found[0] != r.left {
		c.t.Errorf("%s: in the book %q, want %q", r.name, found, r.left)
	}
}
