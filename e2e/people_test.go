package e2e

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"maitre/store/airtable/airtabletest"
	"maitre/webhook/whatsapp/twilio/twiliotest"
)

// These helpers are for tests of what people do to bookings at the wrong moment:
// guests by telephone, the staff in their base and at the journal, and an
// Airtable that fails as it is told.

// Days and guests of these tests.
const (
	friday   = "2026-11-27"
	saturday = "2026-11-28"
	carmen   = "+34600111222"
	pedro    = "+34600333444"
)

// scene is a desk with a base of its own and a Twilio that takes what is sent.
type scene struct {
	*chat
	srv   *airtabletest.Server
	calls int
}

// sizes is a restaurant file with tables I1, I2 and so on, of these sizes. There
// is dinner every day from 20:30 to 22:30, and a party stays for two hours.
func sizes(seats ...int) string {
	top, _, _ := strings.Cut(oneTable, "[[tables]]")
	var file strings.Builder
	file.WriteString(top)
	for i, max := range seats {
		fmt.Fprintf(&file, "[[tables]]\nid = \"I%d\"\nname = \"Mesa %d\"\nzone = \"interior\"\nmin = 1\nmax = %d\n", i+1, i+1, max)
	}
	return file.String()
}

// setScene starts a desk with such tables; env comes on top.
func setScene(t *testing.T, seats []int, env ...string) *scene {
	t.Helper()
	s := &scene{chat: &chat{twilio: twiliotest.Start(t, twiliotest.Options{Token: twilioToken}), public: newEntrance(t)}}
	s.program = start(t, append([]string{
		restaurantFile(t, sizes(seats...)), "REPLY_BUDGET=4s", "AIRTABLE_POLL=200ms",
		"PUBLIC_URL=" + s.public.url, "TWILIO_ACCOUNT_SID=" + s.twilio.AccountSID(), "TWILIO_AUTH_TOKEN=" + twilioToken,
		"TWILIO_WHATSAPP_FROM=+34941000126", "TWILIO_SMS_FROM=+34941000127", "TWILIO_ENDPOINT_URL=" + s.twilio.URL(),
		"STAFF_PHONE=" + staffPhone,
	}, env...)...)
	s.public.leadTo(t, s.program)
	s.srv = base(t, s.dir, s.env)
	if !s.log.waitFor("all days were read") {
		t.Fatal("the base was not read")
	}
	return s
}

// tells has a guest call a tool.
func (s *scene) tells(from, tool string, args map[string]any) reply {
	s.t.Helper()
	s.calls++
	return s.ask(call{ID: fmt.Sprint("call", s.calls), Tool: "t1", From: from, Name: tool, Args: args})
}

// asksFor asks for a table.
func (s *scene) asksFor(from, name, date, clock string, party int) reply {
	s.t.Helper()
	return s.tells(from, "create_reservation", map[string]any{"date": date, "time": clock, "pax": party, "customer_name": name})
}

// hasBooked books on the page and wants it to be in the base, and the guest to have read so.
func (s *scene) hasBooked(phone, name, date, clock string, party int) reply {
	s.t.Helper()
	s.calls++
	before := len(s.sentTo(phone))
	status, said, _ := s.books(fmt.Sprint("key", s.calls), map[string]any{"name": name, "phone": phone, "date": date, "time": clock, "party": party, "lang": "es"})
	s.until(name+" is in the base", func() (bool, any) {
		return said.Booking.Code != "" && len(s.rows(said.Booking.Code)) == 1 && len(s.journal()) == 0, said
	})
	s.until(name+" has it in writing", func() (bool, any) { sent := s.sentTo(phone); return len(sent) > before, sent })
	if status/100 != 2 {
		s.t.Fatalf("%s: %d %+v", name, status, said)
	}
	return said
}

// waits wants an answer that says the request was taken and is not in the book yet.
func (s *scene) waits(got reply) reply {
	s.t.Helper()
	if got.Success || got.Error != "temporary_failure" || got.Booking.Code == "" || got.Booking.Status != "processing" {
		s.t.Fatalf("told %+v, want that it is being processed", got)
	}
	return got
}

// full wants an answer that says there is no table.
func (s *scene) full(got reply, why string) {
	s.t.Helper()
	if got.Success || got.Error != "full" {
		s.t.Errorf("told %+v, want no table: %s", got, why)
	}
}

// gets wants an answer that says it is done.
func (s *scene) gets(got reply, what string) reply {
	s.t.Helper()
	if !got.Success {
		s.t.Errorf("told %+v, want %s", got, what)
	}
	return got
}

// rows are the base's rows with a code.
func (s *scene) rows(code string) (found []airtabletest.Record) {
	for _, r := range s.srv.Records("Reservas") {
		if r.Fields["Código"] == code {
			found = append(found, r)
		}
	}
	return found
}

// row is the only row with a code.
func (s *scene) row(code string) airtabletest.Record {
	s.t.Helper()
	found := s.rows(code)
	if len(found) != 1 {
		s.t.Fatalf("%d rows with the code %s: %+v\n%s", len(found), code, found, s.log)
	}
	return found[0]
}

// rowSays is what a row says, shortly: state, day, hour by the restaurant's clock,
// party, tables and note.
func (s *scene) rowSays(r airtabletest.Record) string {
	var tables []string
	linked, _ := r.Fields["Mesa"].([]string)
	for _, id := range linked {
		if t, ok := s.srv.Record(id); ok {
			tables = append(tables, fmt.Sprint(t.Fields["ID Mesa"]))
		}
	}
	return strings.TrimSpace(fmt.Sprint(r.Fields["Estado"], " ", r.Fields["Fecha de Reserva"], " ", madrid(r.Fields["Hora"]), " ",
		r.Fields["Cantidad de Personas"], " ", strings.Join(tables, "+"), " ", noteOf(r)))
}

func noteOf(r airtabletest.Record) string {
	note, _ := r.Fields["Notas Especiales"].(string)
	return note
}

// comesTo waits until a booking's only row says so and nothing waits.
func (s *scene) comesTo(code, want string) {
	s.t.Helper()
	s.until(code+" says "+want+", and nothing waits", func() (bool, any) {
		found, waiting := s.rows(code), s.journal()
		return len(found) == 1 && s.rowSays(found[0]) == want && len(waiting) == 0, fmt.Sprintf("%d rows %+v; journal %+v", len(found), found, waiting)
	})
}

// edits has the staff change cells of a booking's row.
func (s *scene) edits(code string, fields map[string]any) {
	s.t.Helper()
	if _, err := s.srv.Staff().Update("Reservas", s.row(code).ID, fields); err != nil {
		s.t.Fatal(err)
	}
}

// types has the staff type a booking of their own.
func (s *scene) types(name, date, clock string, party int, table string) {
	s.t.Helper()
	fields := map[string]any{"Nombre del Cliente": name, "Fecha de Reserva": date, "Hora": at(s.t, date, clock), "Cantidad de Personas": party,
		"Estado": "Confirmada", "Mesa": []string{s.table(table)}}
	if _, err := s.srv.Staff().Create("Reservas", fields); err != nil {
		s.t.Fatal(err)
	}
}

// table is the row of a table.
func (s *scene) table(id string) string {
	s.t.Helper()
	for _, r := range s.srv.Records("Mesas") {
		if r.Fields["ID Mesa"] == id {
			return r.ID
		}
	}
	s.t.Fatalf("no table %s", id)
	return ""
}

// outage makes Airtable refuse everything until it is lifted.
func (s *scene) outage() (lift func() int) {
	return s.srv.Inject(airtabletest.Fault{Status: 503})
}

// entryOf waits for a booking's entry in the journal, in this state.
func (s *scene) entryOf(code, state string) (found entry) {
	s.t.Helper()
	s.until(code+" is "+state, func() (bool, any) {
		entries := s.journal()
		i := slices.IndexFunc(entries, func(e entry) bool { return e.Booking.Code == code && e.State == state })
		if i >= 0 {
			found = entries[i]
		}
		return i >= 0, fmt.Sprintf("%+v; rows %+v", entries, s.rows(code))
	})
	return found
}

// settles has a person say that an entry is seen to.
func (s *scene) settles(id, why string) {
	s.t.Helper()
	body, err := json.Marshal(map[string]string{"why": why})
	if err != nil {
		s.t.Fatal(err)
	}
	s.decides(id+"/settle", body)
}

func (p *program) decides(what string, body []byte) {
	p.t.Helper()
	header := map[string]string{"Authorization": "Bearer " + testToken, "Content-Type": "application/json"}
	status, _, got, err := p.do("POST", "/admin/api/journal/"+what, header, body)
	if err != nil || status != 200 {
		p.t.Fatalf("POST %s: %d %v %s", what, status, err, got)
	}
}
