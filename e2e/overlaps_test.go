package e2e

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"maitre/store/airtable/airtabletest"
	"maitre/webhook/whatsapp/twilio/twiliotest"
)

// TestTwoPartiesOnOneTableAreTold: whoever put two parties on one table, the staff
// are told once, see both marked, and it goes when it is fixed. A restart does not
// tell it again; what went away and came back is told again.
func TestTwoPartiesOnOneTableAreTold(t *testing.T) {
	t.Parallel()
	t.Run("airtable/", func(t *testing.T) {
		post := twiliotest.Start(t, twiliotest.Options{})
		p, srv := warm(t, append(staffOf(post), "AIRTABLE_POLL=300ms")...)
		ana := p.ask(dinnerFor(1, "Ana"))
		p.settled()
		var row airtabletest.Record
		for _, r := range srv.Records("Reservas") {
			row = r
		}
		if ana.Booking.Code == "" || row.ID == "" {
			t.Fatalf("%+v %+v", ana, row)
		}
		// A copy of the row, as one makes to type the next guest's over it.
		typed := map[string]any{"Nombre del Cliente": "Marta", "Hora": time.Date(2026, 12, 24, 21, 0, 0, 0, time.UTC)}
		for _, field := range []string{"ID Reserva", "Código", "Fecha de Reserva", "Cantidad de Personas", "Estado", "Mesa"} {
			typed[field] = row.Fields[field]
		}
		copied, err := srv.Staff().Create("Reservas", typed)
		if err != nil {
			t.Fatal(err)
		}
		told := func(n int) func() (bool, any) {
			return func() (bool, any) {
				got := toStaff(post, "a la vez")
				return len(got) == n, got
			}
		}
		p.until("the staff are told", told(1))
		if said := toStaff(post, "a la vez")[0]; !strings.Contains(said, "la mesa "+ana.Booking.Table+" ") || !strings.Contains(said, "Ana") || !strings.Contains(said, "Marta") || !strings.Contains(said, "/admin?date="+eve) {
			t.Errorf("the staff were told %q", said)
		}
		if c := p.check("overlaps"); c.OK || !strings.Contains(c.Detail, eve) {
			t.Errorf("/readyz says %+v", c)
		}
		p.metric("maitre_overlaps 1")
		if !p.log.waitFor("two bookings are on one table") {
			t.Error("the log does not tell")
		}
		cookie := p.signsIn(p.password())
		day := "/admin?lang=es&date=" + eve
		p.wants(p.reads(day, cookie), "Comparte la mesa "+ana.Booking.Table+" con Marta", "Comparte la mesa "+ana.Booking.Table+" con Ana")

		p.stop()
		p = p.again()
		p.until("found again after a restart", func() (bool, any) { c := p.check("overlaps"); return !c.OK, c })

		// Two more at once, on another day, while the first lasts.
		for _, name := range []string{"Olga", "Pau"} {
			typed["Nombre del Cliente"], typed["Fecha de Reserva"], typed["ID Reserva"], typed["Código"] = name, "2026-12-10", "", ""
			typed["Hora"] = time.Date(2026, 12, 10, 13, 0, 0, 0, time.UTC)
			if _, err := srv.Staff().Create("Reservas", typed); err != nil {
				t.Fatal(err)
			}
		}
		p.until("of those too", told(2))
		if got := toStaff(post, "a la vez"); len(got) == 2 && (!strings.Contains(got[1], "Olga") || strings.Contains(got[1], "Ana")) {
			t.Errorf("then the staff were told %q, want only what is new", got[1])
		}

		var other string
		for _, r := range srv.Records("Mesas") {
			if r.Fields["ID Mesa"] != ana.Booking.Table {
				other = r.ID
			}
		}
		put := func(table any) {
			t.Helper()
			if _, err := srv.Staff().Update("Reservas", copied.ID, map[string]any{"Mesa": table}); err != nil {
				t.Fatal(err)
			}
		}
		put([]string{other})
		p.until("the marks go", func() (bool, any) {
			c := p.check("overlaps")
			return strings.Contains(c.Detail, "2026-12-10") && !strings.Contains(c.Detail, eve), c
		})
		if page := p.reads(day, cookie); strings.Contains(page, "Comparte la mesa") {
			t.Errorf("still marked:\n%s", page)
		}
		put(row.Fields["Mesa"])
		p.until("it came back, and is told again", told(3))
		p.stop()
	})
	t.Run("file/", func(t *testing.T) {
		post := twiliotest.Start(t, twiliotest.Options{})
		p := start(t, staffOf(post)...)
		ana, berta := p.ask(dinnerFor(1, "Ana")), p.ask(dinnerFor(2, "Berta"))
		if ana.Booking.Table == berta.Booking.Table || ana.Booking.Table == "" {
			t.Fatalf("%+v %+v", ana, berta)
		}
		if c := p.check("overlaps"); !c.OK {
			t.Errorf("/readyz says %+v", c)
		}
		p.stop()
		damage(t, p, func(bucket func(string) *bbolt.Bucket) error {
			b := bucket("bookings")
			cursor := b.Cursor()
			for k, v := cursor.First(); k != nil; k, v = cursor.Next() {
				if bytes.Contains(v, []byte("Berta")) {
					return b.Put(bytes.Clone(k), bytes.Replace(v, []byte(`"`+berta.Booking.Table+`"`), []byte(`"`+ana.Booking.Table+`"`), 1))
				}
			}
			return nil
		})
		p = p.again()
		p.until("the staff are told", func() (bool, any) {
			got := toStaff(post, "a la vez")
			return len(got) == 1, got
		})
		cookie := p.signsIn(p.password())
		p.wants(p.reads("/admin?lang=es&date="+eve, cookie), "Comparte la mesa "+ana.Booking.Table+" con Berta", "Comparte la mesa "+ana.Booking.Table+" con Ana")
		p.ask(call{ID: "c9", Tool: "t1", From: dinnerFor(2, "").From, Name: "cancel_reservation", Args: map[string]any{"code": berta.Booking.Code}})
		p.until("cancelled, and it is gone", func() (bool, any) { c := p.check("overlaps"); return c.OK, c })
		p.stop()
		p = p.again()
		p.stop()
		if got := toStaff(post, "a la vez"); len(got) != 1 {
			t.Errorf("the staff were told %q", got)
		}
	})
}

// metric wants a line of /metrics.
func (p *program) metric(want string) {
	p.t.Helper()
	_, _, got, err := p.do("GET", "/metrics", map[string]string{"Authorization": "Bearer " + testToken}, nil)
	if err != nil || !strings.Contains(string(got), want) {
		p.t.Errorf("/metrics lacks %s: %v", want, err)
	}
}
