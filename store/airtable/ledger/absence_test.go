package ledger_test

import (
	"strings"
	"testing"
	"time"

	"maitre/booking"
	"maitre/store/airtable/airtabletest"
)

// hands has the staff type three rows of Friday, and tells their own IDs.
func (r *rig) hands() []string {
	var ids []string
	for i, table := range []string{"I1", "T1", "T2"} {
		ids = append(ids, r.row("2026-11-27 21:00", fields{"Nombre del Cliente": []string{"Eva", "Luis", "Ana"}[i], "Cantidad de Personas": 4, "Mesa": []string{table}}))
	}
	r.clock.pass(time.Second)
	r.follow()
	return ids
}

const three = "21:00 I1 Eva, 21:00 T1 Luis, 21:00 T2 Ana"

// cases are the entries that wait for a person, by cause.
func (r *rig) cases() map[booking.ParkCause]int {
	r.t.Helper()
	all, err := r.journal.List(r.t.Context(), 100)
	if err != nil {
		r.t.Fatal(err)
	}
	cases := map[booking.ParkCause]int{}
	for _, e := range all {
		if e.Parked != nil {
			cases[e.Parked.Cause]++
		}
	}
	return cases
}

func TestManyRowsThatVanishAreAQuestion(t *testing.T) {
	t.Parallel()
	for name, vanish := range map[string]func(*rig, []string){
		"deleted": func(r *rig, ids []string) { r.remove(ids...) },
		"cleared": func(r *rig, ids []string) {
			for _, id := range ids {
				r.edit(id, fields{"Fecha de Reserva": nil, "Hora": nil})
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := open(t, how{})
			ids := r.hands()
			vanish(r, ids)
			r.clock.pass(time.Minute)
			r.follow()
			r.wantDay(friday, three)
			r.wantFree(friday, "interior") // where nobody sat before either
			if got := r.cases(); got[booking.ParkedMissing] != 3 || len(got) != 1 {
				t.Fatalf("cases %v", got)
			}
			// A restart changes nothing of it.
			r.restart()
			r.wantDay(friday, three)

			r.insist() // have them written anew
			r.mustWrite()
			r.clock.pass(time.Minute)
			r.follow()
			r.wantDay(friday, three)
			if n, cases := len(r.dated()), r.cases(); n != 3 || len(cases) != 0 {
				t.Errorf("%d rows, cases %v", n, cases)
			}
		})
	}
}

// dated are the rows that have a day.
func (r *rig) dated() (all []airtabletest.Record) {
	for _, rec := range r.srv.Records("Reservas") {
		if rec.Fields["Fecha de Reserva"] != nil {
			all = append(all, rec)
		}
	}
	return all
}

func TestWhatVanishedIsLetGo(t *testing.T) {
	t.Parallel()
	r := open(t, how{})
	r.remove(r.hands()...)
	r.follow()
	all, err := r.journal.List(t.Context(), 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		if _, err := r.journal.Settle(t.Context(), e.ID, "closed that evening", r.clock.Now()); err != nil {
			t.Fatal(err)
		}
	}
	r.mustWrite()
	r.wantDay(friday, "")
	r.wantFree(friday, "interior", "terraza")
}

// The staff undo their mistake in Airtable: the rows are there again, with the same IDs.
func TestWhatVanishedComesBackByItself(t *testing.T) {
	t.Parallel()
	r := open(t, how{})
	ids := r.hands()
	r.remove(ids...)
	r.follow()
	if got := r.cases(); got[booking.ParkedMissing] != 3 {
		t.Fatalf("cases %v", got)
	}
	if err := r.srv.Staff().Restore("Reservas", ids...); err != nil {
		t.Fatal(err)
	}
	r.clock.pass(time.Minute)
	r.follow()
	r.mustWrite()
	if got := r.cases(); len(got) != 0 {
		t.Errorf("cases %v", got)
	}
	r.wantDay(friday, three)
}

// What was deleted in one go is a question also where the days are read one by one,
// and the first has few of them.
func TestManyRowsThatVanishAreFoundByAnyDay(t *testing.T) {
	t.Parallel()
	r := open(t, how{})
	ids := r.hands()
	ids = append(ids, r.row("2026-11-28 21:00", fields{"Nombre del Cliente": "Sol", "Cantidad de Personas": 4, "Mesa": []string{"T1"}}))
	r.clock.pass(time.Second)
	r.follow()
	r.down()
	r.remove(ids...)
	r.clock.pass(time.Minute)
	r.up()
	if err := r.ledger.Freshen(t.Context(), saturday, booking.Sure); err != nil {
		t.Fatal(err)
	}
	r.wantDay(saturday, "21:00 T1 Sol")
	r.wantDay(friday, three)
	if got := r.cases(); got[booking.ParkedMissing] != 4 {
		t.Errorf("cases %v", got)
	}
}

// Rows of bookings of which a change waits are gone like others, and count.
func TestRowsOfWhatWaitsCountAmongThoseThatVanish(t *testing.T) {
	t.Parallel()
	r := open(t, how{})
	r.row("2026-11-27 21:00", fields{"Nombre del Cliente": "Eva", "Cantidad de Personas": 4, "Mesa": []string{"T2"}})
	r.clock.pass(time.Second)
	r.follow()
	one, other := r.reserve(saturday, 4), r.reserve(saturday, 4)
	r.mustWrite()
	r.follow()
	for _, made := range []booking.Booking{one, other} {
		name := "Luis"
		if _, err := r.desk.Change(t.Context(), booking.Change{Who: whoOf(made), Name: &name}); err != nil {
			t.Fatal(err)
		}
	}
	r.down()
	for _, row := range r.srv.Records("Reservas") {
		r.remove(row.ID)
	}
	r.clock.pass(time.Minute)
	r.up()
	if err := r.ledger.Freshen(t.Context(), friday, booking.Sure); err != nil {
		t.Fatal(err)
	}
	if got := r.cases(); got[booking.ParkedMissing] != 1 {
		t.Errorf("cases %v", got)
	}
}

func TestAFewRowsThatVanishAreMeant(t *testing.T) {
	t.Parallel()
	r := open(t, how{})
	ids := r.hands()
	r.remove(ids[:2]...)
	r.follow()
	r.wantDay(friday, "21:00 T2 Ana")
	r.clock.pass(2 * time.Minute)
	r.remove(ids[2])
	r.follow()
	r.wantDay(friday, "")
	if got := r.cases(); len(got) != 0 {
		t.Errorf("cases %v", got)
	}
}

// A list that comes back empty, once, takes nothing away.
func TestAListThatComesBackEmptyIsAskedForTwice(t *testing.T) {
	t.Parallel()
	r := open(t, how{})
	r.hands()
	r.down()
	r.srv.Inject(airtabletest.Fault{Ops: []airtabletest.Op{airtabletest.OpList}, Table: "Reservas", Times: 1, Status: 200, Body: `{"records":[]}`})
	r.clock.pass(25 * time.Hour) // all days are read again
	r.up()
	r.ledger.Start(t.Context())
	r.wantDay(friday, three)
	if got := r.cases(); len(got) != 0 {
		t.Errorf("cases %v", got)
	}
}

// A copied row is told of by the list of changes, and its day is read: one empty
// answer does not hide it.
func TestACopyIsSeenThroughAnEmptyList(t *testing.T) {
	t.Parallel()
	r := open(t, how{})
	r.hands()
	r.reserve(friday, 2)
	r.mustWrite()
	r.follow()
	made := r.srv.Records("Reservas")[3].Fields
	made["Fecha de Reserva"], made["Nombre del Cliente"] = "2026-11-28", "Sol"
	r.srv.Inject(airtabletest.Fault{Ops: []airtabletest.Op{airtabletest.OpList}, Table: "Reservas", Times: 1, Status: 200, Body: `{"records":[]}`})
	if _, err := r.srv.Staff().Create("Reservas", made); err != nil {
		t.Fatal(err)
	}
	r.clock.pass(time.Minute)
	r.follow()
	if got := r.day(saturday); !strings.Contains(got, "Sol") {
		t.Errorf("the copy is not seen: %q", got)
	}
}

// What the list of changes tells of a row that was read or written a short while
// ago may be older than that: the row itself is asked.
func TestTheListOfChangesIsNoWitnessOfWhatWasJustRead(t *testing.T) {
	t.Parallel()
	r := open(t, how{})
	made := r.reserve(friday, 4)
	r.mustWrite()
	r.follow()
	row := r.srv.Records("Reservas")[0].ID
	r.srv.LagPayloads(3 * time.Second)
	r.edit(row, fields{"Notas Especiales": "cumpleaños"}) // told of with the table that it has now
	to := saturday
	if _, err := r.desk.Change(t.Context(), booking.Change{Who: whoOf(made), Date: &to}); err != nil {
		t.Fatal(err)
	}
	r.mustWrite()
	r.srv.Advance(2 * time.Second)
	r.follow()
	r.wantDay(saturday, "21:00 I1 Ana")
	r.srv.Advance(1500 * time.Millisecond) // the note is told of, the move not yet
	r.follow()
	r.wantDay(friday, "")
	r.wantDay(saturday, "21:00 I1 Ana")
	r.srv.LagPayloads(0)
	r.follow()
	if wrong := r.compare(friday, saturday); wrong != "" {
		t.Error(wrong)
	}
}
