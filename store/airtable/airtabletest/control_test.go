package airtabletest_test

import (
	"strings"
	"testing"

	"maitre/store/airtable/airtabletest"
)

// A black-box test of a built binary has /_control/ and nothing else.
func TestControl(t *testing.T) {
	t.Parallel()
	a := start(t, airtabletest.Options{ControlToken: "control"})
	if r, err := a.do("GET", "/_control/records", ""); err != nil || r.status != 401 {
		t.Errorf("with an API token: status %d, %v, want 401", r.status, err)
	}
	control := a
	control.token = "control"
	if r, err := control.do("GET", "/_control/", ""); err != nil || r.raw != airtabletest.Control {
		t.Errorf("help: %q, %v", r.raw, err)
	}
	made := control.ok("POST", "/_control/staff", `{"do":"create","table":"Reservas","fields":{"Código":"K7QF","Estado":"A medias"}}`)
	id := made["id"].(string)
	control.ok("POST", "/_control/staff", `{"do":"update","table":"Reservas","id":"`+id+`","fields":{"Cantidad de Personas":4}}`)
	rows := control.ok("GET", "/_control/records?table=Reservas", "")["records"].([]any)
	wantJSON(t, rows[0].(map[string]any)["fields"], `{"Código":"K7QF","Estado":"A medias","Cantidad de Personas":4}`)

	control.ok("POST", "/_control/faults", `{"ops":["list"],"times":1,"status":502,"html":true,"latency":"1ms"}`)
	if r, _ := a.do("GET", "/v0/{base}/Reservas", ""); r.status != 502 {
		t.Errorf("status %d, want the fault's 502", r.status)
	}
	control.ok("POST", "/_control/faults", `{"drop":true,"after":true,"ops":["create"]}`)
	if faults := control.ok("GET", "/_control/faults", "")["faults"].([]any); len(faults) != 1 {
		t.Errorf("faults in force: %v", faults)
	}
	control.ok("DELETE", "/_control/faults", "")
	control.ok("POST", "/_control/quota", `{"spent":true}`)
	a.refused("GET", "/v0/{base}/Reservas", "", 429, "PUBLIC_API_BILLING_LIMIT_EXCEEDED")
	control.ok("POST", "/_control/quota", `{"spent":false}`)
	control.ok("POST", "/_control/penalty", "")
	a.refused("GET", "/v0/{base}/Reservas", "", 429, "RATE_LIMIT_REACHED")
	if got := control.ok("POST", "/_control/clock", `{"advance":"30s"}`)["now"]; got != "2026-11-23T12:00:30Z" {
		t.Errorf("clock %v", got)
	}
	a.ok("GET", "/v0/{base}/Reservas", "")
	control.ok("POST", "/_control/schema", `{"do":"rename-field","table":"Reservas","field":"Código","name":"Clave"}`)
	a.refused("GET", "/v0/{base}/Reservas?fields[]=Código", "", 422, "UNKNOWN_FIELD_NAME")
	counters := control.ok("GET", "/_control/counters", "")
	if counters["total"] != 5.0 || counters["statuses"].(map[string]any)["429"] != 2.0 {
		t.Errorf("counters %v", counters)
	}
	if log := control.ok("GET", "/_control/requests", "")["requests"].([]any); len(log) != 5 {
		t.Errorf("%d requests in the log, want 5 (those of /_control/ do not count)", len(log))
	}
	control.ok("DELETE", "/_control/requests", "")
	control.ok("POST", "/_control/lag", `{"by":"3s"}`)
	control.ok("POST", "/_control/tokens", `{"revoke":"`+a.token+`"}`)
	a.refused("GET", "/v0/{base}/Reservas", "", 401, "UNAUTHORIZED")
	for _, bad := range [][3]string{{"POST", "/_control/nothing", ""}, {"POST", "/_control/staff", `{"do":"dance"}`}} {
		if r, err := control.do(bad[0], bad[1], bad[2]); err != nil || r.status != 404 {
			t.Errorf("%v: status %d, %v, want 404", bad, r.status, err)
		}
	}
	if r, err := control.do("POST", "/_control/staff", `{"do":"create","table":"Nada"}`); err != nil || r.status != 400 || !strings.Contains(r.raw, "no such table") {
		t.Errorf("status %d, %s, %v", r.status, r.raw, err)
	}
}

func TestNoControlWithoutAToken(t *testing.T) {
	t.Parallel()
	a := start(t, airtabletest.Options{})
	a.token = ""
	a.refused("GET", "/_control/records", "", 404, "NOT_FOUND")
}

func TestSeed(t *testing.T) {
	t.Parallel()
	a := start(t, airtabletest.Options{})
	if err := a.srv.Seed(); err != nil {
		t.Fatal(err)
	}
	if n := len(a.srv.Records("Mesas")); n != 35 {
		t.Errorf("%d tables, want 35", n)
	}
	gaps := 0
	for _, r := range a.srv.Records("Reservas") {
		if r.Fields["ID Reserva"] != nil {
			t.Errorf("the staff do not type our ID: %v", r.Fields)
		}
		if r.Fields["Hora"] == nil || r.Fields["Fecha de Reserva"] == nil || r.Fields["Nombre del Cliente"] == nil {
			gaps++
		}
	}
	if gaps < 3 {
		t.Errorf("%d rows with gaps, want some", gaps)
	}
	if choices, _ := a.srv.Table("Reservas"); len(choices.Fields[8].Options.Choices) != 6 {
		t.Errorf("the seed added choices: %v", choices.Fields[8].Options.Choices)
	}
}
