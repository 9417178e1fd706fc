package ledger_test

import (
	"testing"
	"time"

	"maitre/store/airtable"
	"maitre/store/airtable/airtabletest"
	"maitre/store/airtable/ledger"
)

// Changes are recorded of our fields only. One that was deleted and made anew is
// another field, and its changes are recorded from then on.
func TestAFieldMadeAnewIsFollowed(t *testing.T) {
	t.Parallel()
	r := open(t, options{})
	id := r.row("2026-11-27 21:00", fields{"Nombre del Cliente": "Eva", "Cantidad de Personas": 2, "Mesa": []string{"T1"}})
	r.follow()
	if err := r.srv.Staff().RemoveField("Reservas", "Notas Especiales"); err != nil {
		t.Fatal(err)
	}
	if _, err := r.srv.Staff().AddField("Reservas", airtabletest.Field{Name: "Notas Especiales", Type: airtabletest.MultilineText}); err != nil {
		t.Fatal(err)
	}
	for range 3 { // heard of; recorded anew; read anew
		r.clock.pass(time.Minute)
		r.follow()
	}
	r.clock.pass(ledger.Lag)
	r.follow()
	r.edit(id, fields{"Notas Especiales": "a la ventana"})
	r.clock.pass(time.Minute)
	r.wantAsked(0, r.follow, airtabletest.OpList)
	if b := r.bookings(friday)[0]; b.Notes != "a la ventana" {
		t.Errorf("the desk knows of %q", b.Notes)
	}
}

// That a table is given to a booking is no change of the table, and the payloads
// do not carry all the bookings that it ever had.
func TestTheOtherSideOfALinkIsNotRecorded(t *testing.T) {
	t.Parallel()
	r := open(t, options{})
	r.follow()
	for range 30 {
		r.row("2026-11-27 21:00", fields{"Nombre del Cliente": "Eva", "Cantidad de Personas": 2, "Mesa": []string{"T1"}})
	}
	for _, p := range r.payloads() {
		for table := range p.Tables {
			if table != r.tableID("Reservas") {
				t.Fatalf("a change of table %s was recorded", table)
			}
		}
	}
}

// payloads are all that the webhook recorded.
func (r *fixture) payloads() (all []airtable.Payload) {
	r.t.Helper()
	hooks, err := r.client.Webhooks(r.t.Context())
	if err != nil || len(hooks) != 1 {
		r.t.Fatal(hooks, err)
	}
	for cursor, more := 1, true; more; {
		got, err := r.client.Payloads(r.t.Context(), hooks[0].ID, cursor)
		if err != nil {
			r.t.Fatal(err)
		}
		all = append(all, got.Payloads...)
		cursor, more = got.Cursor, got.More
	}
	if len(all) == 0 {
		r.t.Fatal("nothing was recorded")
	}
	return all
}

func (r *fixture) tableID(name string) string {
	t, _ := r.srv.Table(name)
	return t.ID
}
