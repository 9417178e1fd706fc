package catalogue_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"maitre/booking"
	"maitre/booking/catalogue"
)

const link = "https://casa-laurel.example/admin"

// written is every message that is sent, with the values of its template.
func written(c *catalogue.Catalogue, lang booking.Lang) []said {
	var all []said
	add := func(name string, m booking.Message) {
		all = append(all, said{name, m.Text}, said{name + ": values", strings.TrimSpace(strings.Join(m.Vars, " | "))})
	}
	b := with(func(b *booking.Booking) { b.Lang, b.Time = lang, at("21:30") })
	held, alone, late, tomorrow := b, b, b, b
	held.Status = booking.PreBooked
	alone.Name, alone.Party, alone.Zone = "", 1, "interior"
	late.Date, late.Time = on("2026-11-27"), at("00:30")
	tomorrow.Date = on("2026-11-24")
	n := now()
	add("booked", c.NowBooked(n, b))
	add("booked, alone, no name", c.NowBooked(n, alone))
	add("booked, held until confirmed", c.NowBooked(n, held))
	add("changed", c.NowChanged(n, b))
	add("changed, after midnight", c.NowChanged(n, late))
	add("cancelled", c.NowCancelled(n, b))
	add("not kept", c.NotKept(n, b))
	add("reminder, read who knows when", c.Reminder(n, tomorrow))
	add("to confirm", c.AskToConfirm(n, held))
	add("a table free", c.TableFree(n, held, n.Add(15*time.Minute)))
	if lang != booking.Spanish {
		return all // the staff of this restaurant read Spanish
	}
	return append(all, alerts(c)...)
}

func alerts(c *catalogue.Catalogue) []said {
	var all []said
	add := func(name string, m booking.Message) {
		all = append(all, said{name, m.Text}, said{name + ": values", strings.Join(m.Vars, " | ")})
	}
	n := now()
	for _, why := range []catalogue.AlertReason{catalogue.TroubleDown, catalogue.TroubleRefused, catalogue.TroubleAccess,
		catalogue.TroubleTaken, catalogue.TroublePast, "moon"} {
		add("alert: "+string(why), c.Alert(n, staff, ana(), why, link))
	}
	add("alert: no name", c.Alert(n, staff, with(func(b *booking.Booking) { b.Name = "" }), catalogue.TroubleDown, link))
	add("a guest to call", c.Call(n, staff, "+34612345678", "Ana", "necesito hablar\ncon alguien"))
	add("a guest to call: no name", c.Call(n, staff, "+34612345678", "", ""))
	add("a guest whom no message reaches", c.Unreached(n, staff, ana()))
	twice := []booking.Overlap{{First: ana(), Second: with(func(b *booking.Booking) { b.Name, b.Time = "Berta", at("22:00") }), Tables: []string{"T1", "T2"}}}
	add("two parties on one table", c.Overlap(n, staff, twice, link))
	add("two parties on one table, and three more pairs", c.Overlap(n, staff, slices.Repeat(twice, 4), link))
	add("a value that cannot be read", c.Unreadable(n, staff, 1, 0, link))
	add("values that cannot be read, bookings among them", c.Unreadable(n, staff, 3, 2, link))
	for _, d := range [][2]int{{1, 0}, {12, 0}, {0, 1}, {0, 3}, {12, 1}, {1, 3}} {
		add(fmt.Sprintf("digest: %d, %d", d[0], d[1]), c.Digest(n, staff, d[0], d[1], link))
	}
	for _, asking := range []int{0, 1, 2} {
		add(fmt.Sprint("recovered: 37, ", asking), c.Recovered(n, staff, 37, asking, link))
	}
	add("recovered: 1", c.Recovered(n, staff, 1, 0, link))
	return all
}

const staff booking.Phone = "+34699999999"

// The staff of a restaurant that speaks English first read English.
func TestAlertsInEnglish(t *testing.T) {
	t.Parallel()
	r := restaurant()
	r.Languages = []booking.Lang{booking.English, booking.Spanish}
	c := catalogue.New(r)
	for _, m := range []booking.Message{
		c.Alert(now(), staff, ana(), catalogue.TroubleDown, link), c.Digest(now(), staff, 1, 0, link), c.Digest(now(), staff, 3, 1, link), c.Digest(now(), staff, 0, 2, link),
		c.Recovered(now(), staff, 37, 1, link), c.Recovered(now(), staff, 1, 0, link), c.Recovered(now(), staff, 2, 2, link),
		c.Overlap(now(), staff, slices.Repeat([]booking.Overlap{{First: ana(), Second: ana(), Tables: []string{"T1"}}}, 2), link),
		c.Unreadable(now(), staff, 1, 0, link), c.Unreadable(now(), staff, 3, 1, link),
	} {
		checkSayable(t, "alert", m.Text)
		if m.Lang != booking.English || strings.Contains(m.Text, "reserva") || !strings.HasPrefix(m.Text, "Bookings") {
			t.Errorf("%+v", m)
		}
	}
}

func TestMessagesAreReadyForTheOutbox(t *testing.T) {
	t.Parallel()
	c := newCatalogue()
	b := with(func(b *booking.Booking) {
		b.ID, b.Phone, b.Lang = "b1", "+34612345678", booking.English
		b.Start = time.Date(2026, 12, 24, 20, 0, 0, 0, time.UTC)
		b.Updated = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	})
	for _, want := range []struct {
		booking.Message
		kind booking.MessageKind
		key  string
		ends bool
	}{
		{c.NowBooked(now(), b), booking.MessageBooked, "booked/b1", true},
		{c.NowChanged(now(), b), booking.MessageChanged, "changed/b1/2026-11-23T12:00:00Z", true},
		{c.NowCancelled(now(), b), booking.MessageCancelled, "cancelled/b1", false},
		{c.NotKept(now(), b), booking.MessageCall, "call/b1/2026-11-23T12:00:00Z", false},
		{c.Reminder(now(), b), booking.MessageReminder, "reminder/b1/2026-12-24", true},
		{c.AskToConfirm(now(), b), booking.MessageConfirm, "confirm/b1", true},
	} {
		m := want.Message
		if m.Kind != want.kind || m.Key != want.key || m.To != b.Phone || m.Booking != "b1" || m.Lang != booking.English || m.Urgent || len(m.Vars) != 5 {
			t.Errorf("%+v, want %s with the key %s", m, want.kind, want.key)
		}
		if got := m.Expires.Equal(b.Start); got != want.ends {
			t.Errorf("%s expires %s", m.Kind, m.Expires)
		}
	}
	for _, m := range []booking.Message{c.Alert(now(), staff, b, catalogue.TroubleDown, link), c.Digest(now(), staff, 3, 1, link), c.Recovered(now(), staff, 3, 1, link)} {
		if m.Kind != booking.MessageAlert || m.To != staff || !m.Urgent || m.Key != "" || len(m.Vars) != 1 || !strings.HasSuffix(m.Text, m.Vars[0]) {
			t.Errorf("%+v", m)
		}
	}
}

// What is written is read at any time: "tomorrow" would be another day then.
// Whatever guests are called, a message is one line, and their health is theirs.
func TestWrittenWordsHoldAtAnyTime(t *testing.T) {
	t.Parallel()
	c := newCatalogue()
	rapid.Check(t, func(t *rapid.T) {
		b := anyBooking().Draw(t, "booking")
		b.Lang = rapid.SampledFrom([]booking.Lang{booking.Spanish, booking.English, "de"}).Draw(t, "lang")
		b.Notes = "celiaca"
		moment := now().Add(time.Duration(rapid.IntRange(-48, 48).Draw(t, "hours")) * time.Hour)
		for _, m := range []booking.Message{
			c.NowBooked(moment, b), c.NowChanged(moment, b), c.NowCancelled(moment, b), c.NotKept(moment, b), c.Reminder(moment, b),
			c.AskToConfirm(moment, b), c.Alert(moment, staff, b, catalogue.TroubleDown, link),
		} {
			oneLine(t, m.Text)
			if slices.ContainsFunc([]string{"celiaca", "hoy,", "mañana,", "esta noche", "today", "tomorrow", "tonight"}, func(word string) bool {
				return strings.Contains(m.Text, word) && !strings.Contains(b.Name+b.Zone, word)
			}) {
				t.Errorf("%s: %s", m.Kind, m.Text)
			}
		}
	})
}
