package airtable_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"maitre/store/airtable"
	"maitre/store/airtable/airtabletest"
)

func TestSchema(t *testing.T) {
	t.Parallel()
	c, srv := overHTTP(t, airtabletest.Options{})
	tables, err := c.Schema(t.Context())
	if err != nil || len(tables) != 2 || tables[0].Name != "Reservas" {
		t.Fatalf("%+v %v", tables, err)
	}
	state, ok := tables[0].Field("Estado")
	if !ok || state.Type != airtable.TypeSingleSelect || len(state.Choices()) != 6 || state.Choices()[1].Name != "Confirmada" || state.Computed() {
		t.Errorf("Estado is %+v", state)
	}
	mesa, _ := tables[0].Field(srv.FieldID("Reservas", "Mesa"))
	if mesa.Name != "Mesa" || mesa.Type != airtable.TypeLinks || mesa.LinkedTable() != tables[1].ID || mesa.Choices() != nil {
		t.Errorf("Mesa is %+v", mesa)
	}
	if _, ok := tables[0].Field("Alergias"); ok {
		t.Error("found a field that is not there")
	}
	user, err := c.WhoAmI(t.Context())
	if err != nil || user.ID == "" {
		t.Errorf("%+v %v", user, err)
	}
}

func TestTheSchemaCanBeMade(t *testing.T) {
	t.Parallel()
	c, srv := overHTTP(t, airtabletest.Options{Tables: []airtabletest.Table{}, RatePerBase: airtabletest.Unlimited})
	choices, _ := json.Marshal(map[string]any{"choices": []airtable.Choice{{Name: "Terraza"}}})
	mesas, err := c.CreateTable(t.Context(), "Mesas",
		airtable.Field{Name: "ID Mesa", Type: airtable.TypeText}, airtable.Field{Name: "Ubicación", Type: airtable.TypeSingleSelect, Options: choices})
	if err != nil || mesas.ID == "" || len(mesas.Fields) != 2 {
		t.Fatalf("%+v %v", mesas, err)
	}
	field, err := c.CreateField(t.Context(), mesas.ID, airtable.Field{Name: "Nota", Type: airtable.TypeText})
	if err != nil || field.ID == "" {
		t.Fatalf("%+v %v", field, err)
	}
	if _, err := c.CreateTable(t.Context(), "mesas", airtable.Field{Name: "x", Type: airtable.TypeText}); !errors.Is(err, airtable.Permanent) {
		t.Errorf("two tables of one name: %v", err)
	}
	// A choice can be added by writing it.
	to := airtable.Target{Table: "Mesas", Typecast: true}
	made := c.Create(t.Context(), to, airtable.Record{Fields: map[string]airtable.Cell{"Ubicación": airtable.String("Barra")}})
	if err := airtable.Failures(made); err != nil {
		t.Error(err)
	}
	table, _ := srv.Table("Mesas")
	if n := len(table.Fields[1].Options.Choices); n != 2 {
		t.Errorf("%d choices", n)
	}
	reader := srv.Token() + "x"
	srv.AddToken(airtabletest.Token{Secret: reader, Role: airtabletest.RoleReader})
	poor := newClient(t, airtable.Config{Endpoint: srv.URL(), Token: airtable.Token(reader), BaseID: srv.BaseID(), RewriteAfter: -1})
	_, err = poor.CreateField(t.Context(), mesas.ID, airtable.Field{Name: "y", Type: airtable.TypeText})
	if e := asError(t, err); e.Blame != airtable.BlameAccess || e.Fix == "" {
		t.Errorf("got %+v", e)
	}
}

func TestWebhooksAndTheirPayloads(t *testing.T) {
	t.Parallel()
	c, srv := overHTTP(t, airtabletest.Options{RatePerBase: airtabletest.Unlimited, RatePerUser: airtabletest.Unlimited})
	ctx := t.Context()
	tables := srv.Tables()
	hook, err := c.CreateWebhook(ctx, "", airtable.WebhookFilter{DataTypes: []string{"tableData"}})
	if err != nil || hook.ID == "" || hook.Secret == "" || time.Until(hook.Expires) < 6*24*time.Hour {
		t.Fatalf("%+v %v", hook, err)
	}
	row, err := srv.Staff().Create("Reservas", map[string]any{"ID Reserva": "1", "Estado": "Confirmada", "Fecha de Reserva": "2026-12-24"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := srv.Staff().Update("Reservas", row.ID, map[string]any{"Fecha de Reserva": "2026-12-25"}); err != nil {
		t.Fatal(err)
	}
	if err := srv.Staff().Delete("Reservas", row.ID); err != nil {
		t.Fatal(err)
	}
	if err := c.Upsert(ctx, bookings, booking("ours"))[0].Err; err != nil {
		t.Fatal(err)
	}
	page, err := c.Payloads(ctx, hook.ID, 0)
	if err != nil || len(page.Payloads) != 4 || page.Cursor != 5 || page.More {
		t.Fatalf("%+v %v", page, err)
	}
	date, state := srv.FieldID("Reservas", "Fecha de Reserva"), srv.FieldID("Reservas", "Estado")
	created := page.Payloads[0].Tables[tables[0].ID].Created[row.ID]
	if got, _ := created.Cells[state].Text(); got != "Confirmada" {
		t.Errorf("created %s", created.Cells)
	}
	changed := page.Payloads[1].Tables[tables[0].ID].Changed[row.ID]
	before, _ := changed.Before()[date].Text()
	after, _ := changed.After()[date].Text()
	stayed, _ := changed.After()[state].Text()
	if before != "2026-12-24" || after != "2026-12-25" || stayed != "Confirmada" {
		t.Errorf("changed from %q to %q, and %q stayed", before, after, stayed)
	}
	if gone := page.Payloads[2].Tables[tables[0].ID]; len(gone.Destroyed) != 1 || gone.Destroyed[0] != row.ID || gone.SchemaChanged() {
		t.Errorf("destroyed %+v", gone)
	}
	if again, err := c.Payloads(ctx, hook.ID, page.Cursor); err != nil || len(again.Payloads) != 0 || again.Cursor != 5 {
		t.Errorf("%+v %v", again, err)
	}

	srv.Advance(24 * time.Hour)
	if err := c.RefreshWebhook(ctx, hook.ID); err != nil {
		t.Error(err)
	}
	if err := c.EnableWebhook(ctx, hook.ID, false); err != nil {
		t.Error(err)
	}
	all, err := c.Webhooks(ctx)
	if err != nil || len(all) != 1 || all[0].ID != hook.ID || all[0].Notifies || !all[0].Enabled || !all[0].Expires.After(hook.Expires) {
		t.Errorf("%+v %v", all, err)
	}
	if err := c.DeleteWebhook(ctx, hook.ID); err != nil {
		t.Error(err)
	}
	_, err = c.Payloads(ctx, hook.ID, 1)
	if e := asError(t, err); e.Kind != airtable.Permanent || e.Fix == "" {
		t.Errorf("got %+v", e)
	}
}

func booking(id string) airtable.Record { return row(id) }

func TestPayloadsComeInPages(t *testing.T) {
	t.Parallel()
	c, srv := overHTTP(t, airtabletest.Options{RatePerBase: airtabletest.Unlimited, RatePerUser: airtabletest.Unlimited})
	hook, err := c.CreateWebhook(t.Context(), "", airtable.WebhookFilter{DataTypes: []string{"tableData"}})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 120 {
		if _, err := srv.Staff().Create("Reservas", map[string]any{"ID Reserva": fmt.Sprint(i)}); err != nil {
			t.Fatal(err)
		}
	}
	total, stretches := 0, 0
	for cursor, more := 1, true; more; stretches++ {
		page, err := c.Payloads(t.Context(), hook.ID, cursor)
		if err != nil {
			t.Fatal(err)
		}
		total, cursor, more = total+len(page.Payloads), page.Cursor, page.More
	}
	if total != 120 || stretches != 3 {
		t.Errorf("%d payloads in %d stretches", total, stretches)
	}
}
