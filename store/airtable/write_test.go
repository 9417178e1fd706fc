package airtable_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"maitre/store/airtable"
	"maitre/store/airtable/airtabletest"
)

// sizes returns how many records each write carried, in order.
func sizes(srv *airtabletest.Server) []int {
	var all []int
	for _, r := range srv.Requests() {
		if slices.Contains(airtabletest.Writes(), r.Op) {
			all = append(all, max(strings.Count(r.Body, `"fields":{`), strings.Count(r.Query, "records")))
		}
	}
	return all
}

// saved returns the rows' cells of one field by ID Reserva, and fails when two rows have one ID.
func saved(t *testing.T, srv *airtabletest.Server, field string) map[string]any {
	t.Helper()
	all := map[string]any{}
	for _, r := range srv.Records("Reservas") {
		id, _ := r.Fields["ID Reserva"].(string)
		if _, again := all[id]; again {
			t.Errorf("%s is there twice", id)
		}
		all[id] = r.Fields[field]
	}
	return all
}

func TestOneCallMayHaveManyRecords(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, srv *airtabletest.Server, _ *transport) {
		var records []airtable.Record
		for i := range 12 {
			records = append(records, row(fmt.Sprint(i)))
		}
		created := c.Create(t.Context(), bookings, records...)
		if err := airtable.Failures(created); err != nil {
			t.Fatal(err)
		}
		var ids []string
		for i, w := range created {
			if got, _ := w.Record.Fields["ID Reserva"].Text(); got != fmt.Sprint(i) || !w.Created || w.Record.Created.IsZero() {
				t.Errorf("%d: %+v", i, w)
			}
			records[i] = airtable.Record{ID: w.Record.ID, Fields: map[string]airtable.Cell{"Código": airtable.String("K7QF")}}
			ids = append(ids, w.Record.ID)
		}
		for i, w := range c.Update(t.Context(), bookings, records...) {
			if got, _ := w.Record.Fields["ID Reserva"].Text(); w.Err != nil || got != fmt.Sprint(i) || w.Created {
				t.Errorf("%d: %+v", i, w)
			}
		}
		for i, w := range c.Upsert(t.Context(), bookings, row("3"), row("new"), airtable.Record{ID: ids[7]}) {
			if w.Err != nil || w.Created != (i == 1) {
				t.Errorf("%d: %+v", i, w)
			}
		}
		if got := saved(t, srv, "Código")["3"]; got != "K7QF" {
			t.Errorf("an upsert cleared what it did not name: %v", got)
		}
		gone := c.Delete(t.Context(), "Reservas", append(ids, "recAAAAAAAAAAAAAA")...)
		if err := airtable.Failures(gone[:12]); err != nil {
			t.Error(err)
		}
		if err := gone[12].Err; !errors.Is(err, airtable.ErrNotFound) {
			t.Errorf("deleted what is not there: %v", err)
		}
		if n := len(srv.Records("Reservas")); n != 1 {
			t.Errorf("%d rows left", n)
		}
		if c.Delete(t.Context(), "Reservas") == nil {
			t.Error("nothing to delete, nothing to tell: want an empty list")
		}
	})
}

// What Airtable would misread is not sent.
func TestWhatIsNotSent(t *testing.T) {
	inMemory(t, airtable.Config{}, airtabletest.Options{}, func(t *testing.T, c *airtable.Client, srv *airtabletest.Server, _ *transport) {
		ctx := t.Context()
		one := func(all []airtable.Written) error { return all[0].Err }
		for name, err := range map[string]error{
			// It would match the rows that the staff typed without an ID.
			"upsert of no key":       one(c.Upsert(ctx, bookings, row(""))),
			"upsert without its key": one(c.Upsert(ctx, bookings, airtable.Record{Fields: map[string]airtable.Cell{"Código": airtable.String("x")}})),
			"upsert on nothing":      one(c.Upsert(ctx, airtable.Target{Table: "Reservas"}, row("1"))),
			"upsert on four fields":  one(c.Upsert(ctx, airtable.Target{Table: "Reservas", MergeOn: []string{"a", "b", "c", "d"}}, row("1"))),
			"update of no row":       one(c.Update(ctx, bookings, row("1"))),
			"delete of no row":       one(c.Delete(ctx, "Reservas", "")),
			"no table":               one(c.Create(ctx, airtable.Target{}, row("1"))),
			"a cell that is no JSON": one(c.Create(ctx, bookings, with(row("1"), "Código", airtable.Cell("K7QF")))),
		} {
			if e := asError(t, err); e.Kind != airtable.Permanent || e.Blame != airtable.BlameRequest || e.Operation == "" {
				t.Errorf("%s: %+v", name, e)
			}
		}
		if n := srv.Count(); n != 0 {
			t.Errorf("%d requests", n)
		}
		all := c.Upsert(ctx, bookings, row("1"), row(""), row("2"))
		if all[0].Err != nil || all[1].Err == nil || all[2].Err != nil {
			t.Errorf("a record that was not sent spoilt others: %+v", all)
		}
	})
}
