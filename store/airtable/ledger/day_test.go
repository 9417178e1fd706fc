package ledger_test

import (
	"errors"
	"maps"
	"testing"
	"time"

	"maitre/booking"
	"maitre/store/airtable/airtabletest"
	"maitre/store/airtable/ledger"
)

func TestAllDaysAreReadInAHandfulOfRequests(t *testing.T) {
	t.Parallel()
	r := open(t, options{cold: true})
	r.row("2026-11-27 21:00", fields{"Nombre del Cliente": "Eva", "Cantidad de Personas": 4, "Mesa": []string{"T1"}})
	r.row("2026-12-10 21:00", fields{"Nombre del Cliente": "Luis", "Cantidad de Personas": 4, "Mesa": []string{"I1"}})
	// Schema, tables, this desk's mark made and seen, what webhooks there are, one
	// made, its payloads, the bookings of the next days, and all of them.
	r.wantAsked(9, func() { r.ledger.Start(t.Context()) })
	r.wantAsked(0, func() {
		for date := friday; date < friday.AddDays(14); date++ {
			r.free(date)
		}
		if _, err := r.ledger.ByCode(t.Context(), "K7QF"); !errors.Is(err, booking.ErrNotFound) {
			t.Errorf("a code that nobody has: %v", err)
		}
		if found, err := r.ledger.ByPhone(t.Context(), guest.Phone, friday); err != nil || len(found) > 0 {
			t.Errorf("a number that nobody has: %v, %v", found, err)
		}
	})
	r.wantDay(friday, "21:00 T1 Eva")
	r.wantDay(on("2026-12-10"), "21:00 I1 Luis")
	// The day beyond the horizon when it comes into it: one request, once.
	r.clock.pass(18 * time.Hour)
	r.follow()
	r.wantAsked(1, func() { r.free(on("2026-12-14")); r.free(on("2026-12-14")) }, airtabletest.OpList)
	// And once a day, all are read again: a safety net.
	r.clock.pass(8 * time.Hour)
	r.wantAsked(1, func() { r.follow(); r.follow() }, airtabletest.OpList)
}

// What the staff do reaches the desk, on the old date and the new, and other
// dates stay hits.
func TestWhatTheStaffDoReachesTheDesk(t *testing.T) {
	t.Parallel()
	r := open(t, options{})
	r.clock.pass(ledger.Lag + time.Second) // what was just read is asked for again, see TestOlderChangesDoNotOverwriteWhatWasJustRead
	r.follow()
	var id string
	for _, step := range []struct {
		what   string
		do     func()
		friday string
		sat    string
		reads  int // days read again
		misses int // of answers about Friday and Saturday
	}{
		{"create", func() {
			id = r.row("2026-11-27 21:00", fields{"Nombre del Cliente": "Eva", "Cantidad de Personas": 4, "Mesa": []string{"T1"}})
		}, "21:00 T1 Eva", "", 0, 1},
		{"another table", func() { r.edit(id, fields{"Mesa": []string{"T2"}}) }, "21:00 T2 Eva", "", 0, 1},
		{"another date", func() { r.edit(id, when("2026-11-28 21:30")) }, "", "21:30 T2 Eva", 0, 2},
		{"cancelled", func() { r.edit(id, fields{"Estado": "Cancelada"}) }, "", "", 0, 1},
		{"after all", func() { r.edit(id, fields{"Estado": "Confirmada"}) }, "", "21:30 T2 Eva", 0, 1},
		{"its date emptied", func() { r.edit(id, fields{"Fecha de Reserva": nil, "Hora": nil}) }, "", "", 1, 1}, // the row itself is asked
		{"and filled in", func() { r.edit(id, when("2026-11-27 21:00")) }, "21:00 T2 Eva", "", 0, 1},
		{"nothing of ours", func() { r.edit(id, fields{"VAPI Call ID": ""}) }, "21:00 T2 Eva", "", 0, 0},
		{"deleted", func() { r.remove(id) }, "", "", 1, 1}, // likewise
		{"typed and deleted again", func() { r.remove(r.row("2026-11-27 21:00", nil)) }, "", "", 0, 0},
		{"an empty row", func() {
			if _, err := r.srv.Staff().Create("Reservas", fields{}); err != nil {
				t.Fatal(err)
			}
		}, "", "", 0, 0},
	} {
		r.free(friday)
		r.free(saturday)
		r.free(sunday)
		step.do()
		r.clock.pass(time.Second)
		if got := r.asked(r.follow, airtabletest.OpList, airtabletest.OpSchemaRead); got != step.reads {
			t.Errorf("%s: %d readings, want %d: %s", step.what, got, step.reads, r.lately(got+1))
		}
		r.wantAsked(0, func() {
			before := r.counted("openings", "miss")
			r.free(sunday)
			if got := r.counted("openings", "miss"); got != before {
				t.Errorf("%s: Sunday was worked out anew", step.what)
			}
			r.free(friday)
			r.free(saturday)
			if got := r.counted("openings", "miss") - before; got != step.misses {
				t.Errorf("%s: %d answers worked out anew, want %d", step.what, got, step.misses)
			}
		})
		r.wantDay(friday, step.friday)
		r.wantDay(saturday, step.sat)
	}
}

// The issue's own example.
func TestNextFridayStaysAHitWhileSaturdayIsMoved(t *testing.T) {
	t.Parallel()
	r := open(t, options{})
	id := r.row("2026-11-28 21:00", fields{"Nombre del Cliente": "Eva", "Cantidad de Personas": 4, "Mesa": []string{"T1"}})
	r.follow()
	r.free(friday)
	for range 20 {
		r.edit(id, when("2026-11-29 21:00"))
		r.edit(id, when("2026-11-28 21:00"))
		r.clock.pass(time.Minute)
		r.follow()
		hits, misses := r.counted("openings", "hit"), r.counted("openings", "miss")
		r.wantAsked(0, func() { r.free(friday) })
		if r.counted("openings", "hit") != hits+1 || r.counted("openings", "miss") != misses {
			t.Fatal("no hit")
		}
	}
}

// What we take and write ourselves needs no reading: the next call of that day is
// a hit, which asks Airtable for nothing and knows the booking, and answers about
// other days stay as they are.
func TestTheCallAfterAWriteIsAHit(t *testing.T) {
	t.Parallel()
	r := open(t, options{})
	r.free(friday)
	r.free(saturday)
	made := r.reserve(friday, 6)
	for _, step := range []struct {
		what string
		do   func()
	}{{"accepted", func() {}}, {"written", r.mustWrite}} {
		step.do()
		hits, misses := r.counted("day", "hit"), r.counted("day", "miss")
		other := r.counted("openings", "hit")
		r.wantAsked(0, func() {
			if err := r.ledger.Freshen(t.Context(), friday, booking.Sure); err != nil {
				t.Error(err)
			}
			r.wantDay(friday, "21:00 I1+I2 Ana")
			r.free(saturday)
		})
		if got := r.counted("day", "hit"); got <= hits || r.counted("day", "miss") != misses {
			t.Errorf("%s: the day was no hit", step.what)
		}
		if got := r.counted("openings", "hit"); got != other+1 {
			t.Errorf("%s: another day was worked out anew", step.what)
		}
	}
	if got := r.bookings(friday); len(got) != 1 || got[0].Code != made.Code {
		t.Errorf("known: %+v", got)
	}
}

// What we wrote comes back as a change, and is none: nothing is read, nothing
// worked out anew.
func TestOurOwnEchoCostsNothing(t *testing.T) {
	t.Parallel()
	r := open(t, options{})
	made := r.reserve(friday, 6)
	r.mustWrite()
	r.wantDay(friday, "21:00 I1+I2 Ana")
	r.free(friday)
	misses, day := r.counted("openings", "miss"), r.bookings(friday)
	r.clock.pass(time.Minute)
	r.wantAsked(1, r.follow)
	r.free(friday)
	if got := r.counted("openings", "miss"); got != misses {
		t.Errorf("%d answers worked out anew for an echo", got-misses)
	}
	if after := r.bookings(friday); after[0].Code != made.Code || &after[0] != &day[0] {
		t.Errorf("the echo changed the booking: %+v", after[0])
	}
	if _, _, doubts := r.ledger.Hook(); doubts != 0 {
		t.Errorf("%d doubts", doubts)
	}
}

func TestOddRows(t *testing.T) {
	t.Parallel()
	r := open(t, options{})
	full := fields{"Nombre del Cliente": "Eva", "Cantidad de Personas": 4}
	// Without a table it holds one all the same.
	noTable := r.row("2026-11-27 21:00", full)
	r.follow()
	r.wantDay(friday, "21:00  Eva")
	r.wantFree(friday, "interior", "terraza")
	three := r.row("2026-11-27 21:00", fields{"Nombre del Cliente": "A", "Cantidad de Personas": 4, "Mesa": []string{"I1", "I2", "T1"}})
	r.follow()
	r.wantFree(friday)
	r.remove(noTable)
	r.follow()
	r.wantFree(friday, "terraza")

	// Two rows with our ID: both hold their tables.
	r.clock.pass(2 * time.Minute) // three that go within a minute are a question
	r.remove(three)
	r.follow()
	made := r.reserve(friday, 4)
	r.mustWrite()
	row := r.srv.Records("Reservas")[0]
	copied := fields{}
	maps.Copy(copied, row.Fields)
	copied["Mesa"] = []string{"T2"}
	twin, err := r.srv.Staff().Create("Reservas", copied)
	if err != nil {
		t.Fatal(err)
	}
	r.clock.pass(time.Second)
	r.follow()
	r.wantDay(friday, "21:00 I1 Ana, 21:00 T2 Ana")
	if found, err := r.ledger.ByCode(t.Context(), made.Code); err != nil || found.Tables[0] != "I1" {
		t.Errorf("the code is of %v, %v", found.Tables, err)
	}
	// The first is deleted: its copy is the booking now.
	r.remove(row.ID)
	r.follow()
	if found, err := r.ledger.ByCode(t.Context(), made.Code); err != nil || found.ID != made.ID || found.Tables[0] != "T2" {
		t.Errorf("the code is of %v, %v", found, err)
	}
	r.remove(twin.ID)

	r.clock.pass(2 * time.Minute)
	// Date and hour on two days: it counts on both, until that is fixed.
	both := r.row("2026-11-27 21:00", full)
	r.edit(both, fields{"Fecha de Reserva": "2026-11-28", "Mesa": []string{"T1"}})
	r.follow()
	r.wantDay(friday, "21:00 T1 Eva")
	r.wantDay(saturday, "21:00 T1 Eva")
	r.edit(both, when("2026-11-28 21:00"))
	r.follow()
	r.wantDay(friday, "")
	r.wantDay(saturday, "21:00 T1 Eva")
	r.edit(both, fields{"Fecha de Reserva": "2026-11-27"})
	r.follow()
	r.wantDay(friday, "21:00 T1 Eva")
	r.remove(both)
	r.follow()
	r.wantDay(friday, "")
	r.wantDay(saturday, "")

	// Without an hour the table is held for as long as it may be; without a party it counts.
	r.row("2026-11-27 21:00", fields{"Hora": nil, "Nombre del Cliente": "Sin hora", "Mesa": []string{"T1"}})
	r.row("2026-11-27 21:00", fields{"Nombre del Cliente": "Sin más", "Mesa": []string{"T2"}})
	r.follow()
	r.wantFree(friday, "interior")
}

// Somebody pastes our booking's ID into a row that is older: it is a copy all the
// same, and the guest's booking stays the guest's.
func TestAnOlderRowWithOurIDIsACopy(t *testing.T) {
	t.Parallel()
	r := open(t, options{})
	older := r.row("2026-11-27 21:00", fields{"Nombre del Cliente": "Eva", "Mesa": []string{"T2"}})
	r.clock.pass(time.Minute)
	r.follow()
	made := r.reserve(friday, 4)
	r.mustWrite()
	r.edit(older, fields{"ID Reserva": made.ID})
	r.follow()
	r.wantDay(friday, "21:00 I1 Ana, 21:00 T2 Eva")
	if found, err := r.ledger.ByCode(t.Context(), made.Code); err != nil || found.Name != "Ana" {
		t.Errorf("the code is of %q, %v", found.Name, err)
	}
}

// Tables: taken out of use, added, renamed.
func TestTablesChange(t *testing.T) {
	t.Parallel()
	r := open(t, options{})
	id := r.row("2026-11-27 21:00", fields{"Nombre del Cliente": "Eva", "Cantidad de Personas": 4, "Mesa": []string{"T1"}})
	r.follow()
	r.wantFree(friday, "interior", "terraza")
	table := map[string]string{}
	for _, rec := range r.srv.Records("Mesas") {
		table[rec.Fields["ID Mesa"].(string)] = rec.ID
	}
	change := func(id string, cells fields) {
		t.Helper()
		if _, err := r.srv.Staff().Update("Mesas", table[id], cells); err != nil {
			t.Fatal(err)
		}
		r.clock.pass(time.Second)
	}
	change("T2", fields{"Disponible": nil})
	r.wantAsked(3, r.follow) // payloads, schema, tables
	r.wantFree(friday, "interior")
	change("T2", fields{"Disponible": true})
	r.follow()
	r.wantFree(friday, "interior", "terraza")
	// A table by another name: bookings that are known are at it still.
	change("T1", fields{"ID Mesa": "Terraza-1"})
	r.follow()
	r.wantDay(friday, "21:00 Terraza-1 Eva")
	if _, err := r.srv.Staff().Create("Mesas", fields{"ID Mesa": "T3", "Ubicación": "Terraza", "Capacidad": 4, "Disponible": true}); err != nil {
		t.Fatal(err)
	}
	r.edit(id, fields{"Mesa": []string{"T3"}})
	r.clock.pass(time.Second)
	r.follow()
	r.wantDay(friday, "21:00 T3 Eva")
	// And while we are away.
	r.stop()
	change("T2", fields{"ID Mesa": "Terraza-2"})
	r.start()
	r.ledger.Start(t.Context())
	r.edit(id, fields{"Mesa": []string{"Terraza-2"}})
	r.follow()
	r.wantDay(friday, "21:00 Terraza-2 Eva")
}
