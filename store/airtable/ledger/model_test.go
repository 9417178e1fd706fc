package ledger_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"pgregory.net/rapid"

	"maitre/booking"
	"maitre/store/airtable/airtabletest"
	"maitre/store/airtable/ledger"
)

// TestModelOfTheBase lets staff and guests do what they like, with faults and
// restarts in between. Never do two bookings of ours hold one table at one time;
// in the end, with the faults lifted and all that can be written written, the
// desk knows what the base says.
func TestModelOfTheBase(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	run := 0
	rapid.Check(t, func(rt *rapid.T) {
		run++
		c := &clock{now: monday}
		srv := airtabletest.New(airtabletest.Options{Clock: c.Now, RatePerBase: airtabletest.Unlimited, RatePerUser: airtabletest.Unlimited})
		defer srv.Close()
		h := options{config: func(cfg *ledger.Config) { cfg.SureAge = time.Nanosecond }}
		if rapid.IntRange(0, 3).Draw(rt, "no webhooks") == 0 {
			h.server = noWebhooks()
			srv.RevokeToken(srv.Token())
			srv.AddToken(noWebhooks().Tokens[0])
		}
		r := fixtureOn(t, h, srv, c, memory{srv}, filepath.Join(dir, fmt.Sprint(run, ".db")))
		defer r.stop()
		life := &life{r: r, days: []booking.Date{friday, saturday, sunday}}
		rt.Repeat(map[string]func(*rapid.T){
			"": func(rt *rapid.T) {
				if both := r.twice(life.days...); both != "" {
					rt.Fatalf("one table, two bookings of ours: %s", both)
				}
			},
			"staff type a row":    life.typeRow,
			"staff edit theirs":   life.editTheirs,
			"staff edit ours":     life.editOurs,
			"staff copy":          life.copyRow,
			"staff delete":        life.deleteRow,
			"guest books":         life.bookTable,
			"guest changes":       life.changeBooking,
			"guest cancels":       life.cancelBooking,
			"guest asks":          life.askFree,
			"it is written":       func(*rapid.T) { r.write() },
			"changes are read":    func(*rapid.T) { r.follow() },
			"time passes":         func(rt *rapid.T) { c.pass(time.Duration(rapid.IntRange(1, 20_000).Draw(rt, "s")) * time.Second) },
			"something goes awry": life.fault,
			"all is well":         func(*rapid.T) { srv.LiftFaults() },
			"it starts again":     func(*rapid.T) { r.restart(); r.ledger.Start(context.Background()) },
		})
		srv.LiftFaults()
		c.pass(10 * time.Minute)
		r.follow()
		life.fix()
		if wrong := r.compare(life.days...); wrong != "" {
			rt.Fatal(wrong)
		}
	})
}

// fix has people do what parked entries ask for: of rows with one ID they
// delete all but one, what cannot be written is settled.
func (l *life) fix() {
	r, ctx := l.r, context.Background()
	seen := map[any]bool{}
	for _, row := range l.rows(true) {
		if id := row.Fields["ID Reserva"]; seen[id] {
			r.remove(row.ID)
		} else {
			seen[id] = true
		}
	}
	r.copies = false
	for range 3 {
		c := r.clock
		c.pass(10 * time.Minute)
		r.follow()
		if _, err := r.journal.Release(ctx, c.Now(), false, func(booking.JournalEntry) bool { return true }); err != nil {
			r.t.Fatal(err)
		}
		r.write()
	}
	entries, err := r.journal.List(ctx, 1000)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, e := range entries {
		if _, err := r.journal.Settle(ctx, e.ID, "the row was deleted", r.clock.Now()); err != nil {
			r.t.Fatal(err)
		}
		r.ledger.Touch(e.Booking.Date)
	}
	r.write()
	r.clock.pass(10 * time.Minute)
	r.follow()
	for _, date := range l.days {
		r.free(date)
	}
}

type life struct {
	r      *fixture
	days   []booking.Date
	booked []booking.Booking
}

func (l *life) moment(rt *rapid.T) string {
	return rapid.SampledFrom(l.days).Draw(rt, "date").String() + " " + rapid.SampledFrom([]string{"14:00", "20:30", "21:30"}).Draw(rt, "hour")
}

func (l *life) tables(rt *rapid.T) []string {
	return rapid.SampledFrom([][]string{nil, {"I1"}, {"T1"}, {"T2"}, {"I1", "I2"}}).Draw(rt, "tables")
}

func (l *life) typeRow(rt *rapid.T) {
	l.r.row(l.moment(rt), fields{"Nombre del Cliente": "Eva", "Mesa": l.tables(rt), "Teléfono": string(guest.Phone),
		"Cantidad de Personas": rapid.SampledFrom([]any{nil, 2, 4}).Draw(rt, "party")})
}

// rows returns those with our ID, or those without.
func (l *life) rows(ours bool) []airtabletest.Record {
	var all []airtabletest.Record
	for _, row := range l.r.srv.Records("Reservas") {
		if _, has := row.Fields["ID Reserva"]; has == ours {
			all = append(all, row)
		}
	}
	return all
}

func draw(rt *rapid.T, rows []airtabletest.Record) (airtabletest.Record, bool) {
	if len(rows) == 0 {
		return airtabletest.Record{}, false
	}
	return rows[rapid.IntRange(0, len(rows)-1).Draw(rt, "row")], true
}

func (l *life) editTheirs(rt *rapid.T) {
	row, ok := draw(rt, l.rows(false))
	if !ok {
		return
	}
	switch rapid.IntRange(0, 6).Draw(rt, "what") {
	case 0:
		l.r.edit(row.ID, fields{"Mesa": l.tables(rt)})
	case 1:
		l.r.edit(row.ID, when(l.moment(rt)))
	case 2:
		l.r.edit(row.ID, fields{"Hora": nil})
	case 3:
		l.r.edit(row.ID, fields{"Fecha de Reserva": rapid.SampledFrom(l.days).Draw(rt, "date").String()}) // may be two days now
	case 4:
		l.r.edit(row.ID, fields{"Fecha de Reserva": nil, "Hora": nil})
	case 5:
		l.r.edit(row.ID, fields{"Estado": rapid.SampledFrom([]any{"Cancelada", "Sentada", nil, "vaya usted a saber"}).Draw(rt, "status")})
	case 6:
		l.r.edit(row.ID, fields{"Nombre del Cliente": "Eva " + fmt.Sprint(callers.next())})
	}
}

// editOurs never gives a booking of ours a table that another may have.
func (l *life) editOurs(rt *rapid.T) {
	if row, ok := draw(rt, l.rows(true)); ok {
		l.r.edit(row.ID, rapid.SampledFrom([]fields{{"Estado": "Cancelada"}, {"Nombre del Cliente": "Ana Ruiz"}, {"Notas Especiales": "ventana"}}).Draw(rt, "cells"))
	}
}

func (l *life) copyRow(rt *rapid.T) {
	row, ok := draw(rt, l.r.srv.Records("Reservas"))
	if !ok || row.Fields["Mesa"] == nil {
		return
	}
	if id, _ := row.Fields["ID Reserva"].(string); l.r.mirror.Waits(id) {
		return // which of two rows a booking is that nobody was told of, nobody can know
	}
	l.r.copies = true
	l.r.clock.pass(time.Second)
	copied := fields{}
	maps.Copy(copied, row.Fields)
	if _, err := l.r.srv.Staff().Create("Reservas", copied); err != nil {
		rt.Fatal(err)
	}
}

func (l *life) deleteRow(rt *rapid.T) {
	if row, ok := draw(rt, l.r.srv.Records("Reservas")); ok {
		l.r.remove(row.ID)
	}
}

func (l *life) fault(rt *rapid.T) {
	f := rapid.SampledFrom([]airtabletest.Fault{
		{Drop: true}, {Status: http.StatusInternalServerError}, {Status: http.StatusServiceUnavailable},
		{Drop: true, After: true}, {Status: http.StatusInternalServerError, After: true, Ops: airtabletest.Writes()},
		{Drop: true, Ops: []airtabletest.Op{airtabletest.OpPayloads}}, {Drop: true, Ops: []airtabletest.Op{airtabletest.OpList}},
	}).Draw(rt, "fault")
	f.Times, f.Skip = rapid.IntRange(0, 3).Draw(rt, "times"), rapid.IntRange(0, 2).Draw(rt, "skip")
	l.r.srv.Inject(f)
}

func (l *life) bookTable(rt *rapid.T) {
	at := rapid.SampledFrom([]booking.TimeOfDay{booking.NewTimeOfDay(14, 0), booking.NewTimeOfDay(20, 30), booking.NewTimeOfDay(21, 30)}).Draw(rt, "at")
	made, err := l.r.desk.Book(context.Background(), booking.Request{Caller: l.r.caller(), Date: rapid.SampledFrom(l.days).Draw(rt, "date"),
		Time: at, Party: rapid.IntRange(1, 7).Draw(rt, "party"), Name: "Ana"})
	if err == nil {
		l.booked = append(l.booked, made.Booking)
	}
}

// one is a guest who booked, or the one whose bookings the staff typed.
func (l *life) one(rt *rapid.T) booking.Who {
	if n := rapid.IntRange(0, len(l.booked)).Draw(rt, "who"); n < len(l.booked) {
		return whoOf(l.booked[n])
	}
	return booking.Who{Caller: guest}
}

func (l *life) changeBooking(rt *rapid.T) {
	change := booking.Change{Who: l.one(rt)}
	switch rapid.IntRange(0, 3).Draw(rt, "what") {
	case 0:
		date := rapid.SampledFrom(l.days).Draw(rt, "date")
		change.Date = &date
	case 1:
		at := booking.NewTimeOfDay(21, 30)
		change.Time = &at
	case 2:
		party := rapid.IntRange(1, 7).Draw(rt, "party")
		change.Party = &party
	case 3:
		name := "Ana " + fmt.Sprint(callers.next())
		change.Name = &name
	}
	_, _ = l.r.desk.Change(context.Background(), change) // may be refused
}

func (l *life) cancelBooking(rt *rapid.T) {
	_, _ = l.r.desk.Cancel(context.Background(), booking.Cancellation{Who: l.one(rt)}) // may be refused
}

func (l *life) askFree(rt *rapid.T) {
	_, _ = l.r.desk.Availability(context.Background(), booking.Query{Caller: guest, Date: rapid.SampledFrom(l.days).Draw(rt, "date"), Party: 4})
}
