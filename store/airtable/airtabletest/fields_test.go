package airtabletest_test

import (
	"encoding/json"
	"strings"
	"testing"

	"maitre/store/airtable/airtabletest"
)

// What each type of field takes, shows and refuses (facts, section 5).
func TestFieldTypes(t *testing.T) {
	t.Parallel()
	const (
		bad    = "INVALID_VALUE_FOR_COLUMN"
		choice = "INVALID_MULTIPLE_CHOICE_OPTIONS"
		empty  = ""
	)
	schema := airtabletest.DefaultSchema()
	utc := *schema[0].Fields[6].Options
	utc.TimeZone = "utc"
	two := 2
	schema[0].Fields = append(schema[0].Fields,
		airtabletest.Field{Name: "UTC", Type: airtabletest.DateTime, Options: &utc},
		airtabletest.Field{Name: "Etiquetas", Type: airtabletest.MultipleSelects,
			Options: &airtabletest.Config{Choices: []airtabletest.Choice{{Name: "VIP"}, {Name: "Prensa"}}}},
		airtabletest.Field{Name: "Señal", Type: airtabletest.Currency, Options: &airtabletest.Config{Precision: &two}},
		airtabletest.Field{Name: "Pagada", Type: airtabletest.Checkbox})
	a := start(t, airtabletest.Options{Tables: schema})
	mesa := a.staff("Mesas", map[string]any{"ID Mesa": "T1"}).ID
	other := a.staff("Reservas", map[string]any{"ID Reserva": "r"}).ID
	tests := []struct {
		field, value string
		typecast     bool
		want         string // JSON as read back; empty: left out
		err          string
	}{
		{"Código", `"K7QF"`, false, `"K7QF"`, ""},
		{"Código", `""`, false, empty, ""},
		{"Código", `null`, false, empty, ""},
		{"Código", `5`, false, "", bad},
		{"Código", `5`, true, `"5"`, ""},
		{"Notas Especiales", `"a\nb \\ ' \" {} 🍷"`, false, `"a\nb \\ ' \" {} 🍷"`, ""},
		{"Teléfono", `"no es un teléfono"`, false, `"no es un teléfono"`, ""},
		{"Teléfono", `600100200`, false, "", bad},
		{"Email", `"not an address"`, false, `"not an address"`, ""},
		{"Cantidad de Personas", `4`, false, `4`, ""},
		{"Cantidad de Personas", `0`, false, `0`, ""},
		{"Cantidad de Personas", `4.4`, false, `4`, ""},
		{"Cantidad de Personas", `"4"`, false, "", bad},
		{"Cantidad de Personas", `"4"`, true, `4`, ""},
		{"Cantidad de Personas", `true`, false, "", bad},
		{"Señal", `12.345`, false, `12.35`, ""},
		{"Estado", `"Confirmada"`, false, `"Confirmada"`, ""},
		{"Estado", `"confirmada"`, false, "", choice},
		{"Estado", `"Confirmada "`, false, "", choice},
		{"Estado", `""`, false, empty, ""},
		{"Estado", `["Confirmada"]`, false, "", bad},
		{"Estado", `"Duda"`, true, `"Duda"`, ""},
		{"Estado", `"Duda"`, false, `"Duda"`, ""}, // typecast made it
		{"Etiquetas", `["Prensa","VIP"]`, false, `["Prensa","VIP"]`, ""},
		{"Etiquetas", `[]`, false, empty, ""},
		{"Etiquetas", `"VIP"`, false, "", bad},
		{"Etiquetas", `"VIP, Prensa"`, true, `["VIP","Prensa"]`, ""},
		{"Etiquetas", `["Nueva"]`, false, "", choice},
		{"Fecha de Reserva", `"2026-12-24"`, false, `"2026-12-24"`, ""},
		{"Fecha de Reserva", `"2026-12-24T23:30:00.000Z"`, false, `"2026-12-24"`, ""},
		{"Fecha de Reserva", `"24/12/2026"`, false, "", bad},
		{"Fecha de Reserva", `"2026-02-30"`, false, "", bad},
		{"Fecha de Reserva", `20261224`, false, "", bad},
		{"Hora", `"2026-12-24T20:00:00.000Z"`, false, `"2026-12-24T20:00:00.000Z"`, ""},
		{"Hora", `"2026-12-24T21:00:00+01:00"`, false, `"2026-12-24T20:00:00.000Z"`, ""},
		{"Hora", `"2026-12-24T21:00:00"`, false, `"2026-12-24T20:00:00.000Z"`, ""}, // the field's zone, winter
		{"Hora", `"2026-07-24T21:00"`, false, `"2026-07-24T19:00:00.000Z"`, ""},    // and summer
		{"Hora", `"21:00"`, false, "", bad},
		{"UTC", `"2026-12-24T21:00:00"`, false, `"2026-12-24T21:00:00.000Z"`, ""},
		{"Pagada", `true`, false, `true`, ""},
		{"Pagada", `false`, false, empty, ""},
		{"Pagada", `"true"`, false, "", bad},
		{"Pagada", `"true"`, true, `true`, ""},
		{"Mesa", `["` + mesa + `"]`, false, `["` + mesa + `"]`, ""},
		{"Mesa", `["` + mesa + `","` + mesa + `"]`, false, `["` + mesa + `"]`, ""},
		{"Mesa", `[]`, false, empty, ""},
		{"Mesa", `["` + other + `"]`, false, "", "ROW_DOES_NOT_EXIST"},
		{"Mesa", `["rec00000000000000"]`, false, "", "ROW_DOES_NOT_EXIST"},
		{"Mesa", `["T1"]`, false, "", "INVALID_RECORD_ID"},
		{"Mesa", `"` + mesa + `"`, false, "", bad},
		{"Mesa", `["T1"]`, true, `["` + mesa + `"]`, ""},
	}
	for _, test := range tests {
		t.Run(test.field+" "+test.value, func(t *testing.T) {
			name := test.field
			if strings.HasPrefix(test.value, `"`) { // names or IDs, it is the same
				name = a.srv.FieldID("Reservas", test.field)
			}
			key, _ := json.Marshal(name)
			body := `{"fields":{` + string(key) + `:` + test.value + `},"typecast":` + map[bool]string{true: "true", false: "false"}[test.typecast] + `}`
			r, err := a.do("POST", "/v0/{base}/Reservas", body)
			if err != nil {
				t.Fatal(err)
			}
			if test.err != "" {
				if kind := errorType(r.body); r.status != 422 || kind != test.err {
					t.Errorf("status %d, type %q, want 422, %q", r.status, kind, test.err)
				}
				return
			}
			if r.status != 200 {
				t.Fatalf("status %d: %s", r.status, r.raw)
			}
			want := `{}`
			if test.want != "" {
				want = `{"` + test.field + `":` + test.want + `}`
			}
			wantJSON(t, r.body.(map[string]any)["fields"], want)
		})
	}
}

func TestComputedFieldsAreShownAndFollow(t *testing.T) {
	t.Parallel()
	schema := airtabletest.DefaultSchema()
	schema[0].Fields = append(schema[0].Fields,
		airtabletest.Field{Name: "Rótulo", Type: airtabletest.FormulaField, Options: &airtabletest.Config{
			Formula: `{Nombre del Cliente}&" ("&{Cantidad de Personas}&") "&DATETIME_FORMAT(SET_TIMEZONE({Hora},'Europe/Madrid'),'HH:mm')`}},
		airtabletest.Field{Name: "Creada", Type: airtabletest.CreatedTime},
		airtabletest.Field{Name: "Tocada", Type: airtabletest.LastModifiedTime},
		airtabletest.Field{Name: "Nº", Type: airtabletest.AutoNumber})
	clock := newClock()
	a := start(t, airtabletest.Options{Tables: schema, Clock: clock.Now})
	fields := "/v0/{base}/Reservas"
	made := a.ok("POST", fields, `{"fields":{"Nombre del Cliente":"Ana","Cantidad de Personas":4,"Hora":"2026-12-24T20:00:00Z"}}`)
	clock.Add(1500e6)
	got := a.ok("PATCH", fields+"/"+made["id"].(string), `{"fields":{"Cantidad de Personas":5}}`)
	wantJSON(t, got["fields"], `{"Nombre del Cliente":"Ana","Cantidad de Personas":5,"Hora":"2026-12-24T20:00:00.000Z",
		"Rótulo":"Ana (5) 21:00","Creada":"2026-11-23T12:00:00.000Z","Tocada":"2026-11-23T12:00:01.000Z","Nº":1}`)
	if got["createdTime"] != "2026-11-23T12:00:00.000Z" {
		t.Errorf("createdTime %v", got["createdTime"])
	}
}

// A link shows from both sides, and goes with what it links to.
func TestLinksHaveTwoEnds(t *testing.T) {
	t.Parallel()
	a := start(t, airtabletest.Options{})
	t1 := a.staff("Mesas", map[string]any{"ID Mesa": "T1"}).ID
	t2 := a.staff("Mesas", map[string]any{"ID Mesa": "T2"}).ID
	booking := a.staff("Reservas", map[string]any{"ID Reserva": "r1", "Mesa": []string{t1, t2}}).ID
	inverse := func(id string) any {
		r, _ := a.srv.Record(id)
		return r.Fields["Reservas"]
	}
	if got, ok := inverse(t2).([]string); !ok || len(got) != 1 || got[0] != booking {
		t.Errorf("the table shows %v, want the booking", inverse(t2))
	}
	a.ok("PATCH", "/v0/{base}/Reservas/"+booking, `{"fields":{"Mesa":["`+t2+`"]}}`)
	if inverse(t1) != nil || inverse(t2) == nil {
		t.Errorf("after the move the tables show %v and %v", inverse(t1), inverse(t2))
	}
	a.ok("DELETE", "/v0/{base}/Mesas/"+t2, "")
	if r, _ := a.srv.Record(booking); r.Fields["Mesa"] != nil {
		t.Errorf("the booking still has the table that is gone: %v", r.Fields["Mesa"])
	}
}
