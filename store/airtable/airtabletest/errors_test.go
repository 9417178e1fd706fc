package airtabletest_test

import (
	"net/http"
	"strings"
	"testing"

	"maitre/store/airtable/airtabletest"
)

// Row by row what the facts say about errors (section 3), to the letter.
func TestErrorsAreAirtables(t *testing.T) {
	t.Parallel()
	const (
		missing = `{"error":{"type":"INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND","message":"Invalid permissions, or the requested model was not found. Check that both your user and your token have the required permissions, and that the model names and/or ids are correct."}}`
		invalid = `{"error":{"type":"INVALID_REQUEST_UNKNOWN","message":"Invalid request: parameter validation failed. Check your request data."}}`
		bare    = `{"error":"NOT_FOUND"}`
		update  = `{"error":{"type":"INVALID_RECORDS","message":"You must provide an array of up to 10 record objects, each with an \"id\" ID field and a \"fields\" object for cell values."}}`
		create  = `{"error":{"type":"INVALID_RECORDS","message":"You must provide an array of up to 10 record objects, each with a \"fields\" object for cell values."}}`
		remove  = `{"error":{"type":"INVALID_RECORDS","message":"You must provide an array of up to 10 record IDs."}}`
		formula = `{"error":{"type":"INVALID_FILTER_BY_FORMULA","message":"The formula for filtering records is invalid: Invalid formula. Please check your formula text."}}`
	)
	computed := func(name string) string {
		return `{"error":{"type":"INVALID_VALUE_FOR_COLUMN","message":"Field \"` + name + `\" cannot accept a value because the field is computed"}}`
	}
	eleven := `{"records":[` + strings.Repeat(`{"fields":{}},`, 10) + `{"fields":{}}]}`
	tests := []struct {
		name, method, path, body string
		status                   int
		want                     string
	}{
		{"unparseable body", "POST", "/v0/{base}/Reservas", `{"records":`, 422, `{"error":{"type":"INVALID_REQUEST_BODY","message":"Could not parse request body"}}`},
		{"unknown base", "GET", "/v0/app00000000000000/Reservas", "", 403, missing},
		{"unknown table", "GET", "/v0/{base}/Nada", "", 403, missing},
		{"unknown table by ID", "GET", "/v0/{base}/tbl00000000000000", "", 403, missing},
		{"malformed base", "GET", "/v0/app123/Reservas", "", 404, bare},
		{"malformed record", "GET", "/v0/{base}/Reservas/rec123", "", 404, bare},
		{"no such route", "GET", "/v0", "", 404, bare},
		{"no such method", "PUT", "/v0/{base}/Reservas/rec00000000000000/x", "", 404, bare},
		{"no such record to get", "GET", "/v0/{base}/Reservas/rec00000000000000", "", 404, `{"error":{"type":"MODEL_ID_NOT_FOUND","message":"Record not found"}}`},
		{"no such record to change", "PATCH", "/v0/{base}/Reservas/rec00000000000000", `{"fields":{}}`, 404, `{"error":{"type":"MODEL_ID_NOT_FOUND","message":"Record not found"}}`},
		{"no such record to delete", "DELETE", "/v0/{base}/Reservas?records[]=rec00000000000000", "", 404, `{"error":{"type":"MODEL_ID_NOT_FOUND","message":"Record not found"}}`},
		{"payload too large", "POST", "/v0/{base}/Reservas", `{"fields":{"Notas Especiales":"` + strings.Repeat("a", 5<<20) + `"}}`, 413, `{"error":{"type":"REQUEST_TOO_LARGE","message":"Request body is too large"}}`},
		{"unknown body key", "POST", "/v0/{base}/Reservas", `{"fields":{},"tyepcast":true}`, 422, invalid},
		{"typecast that is no boolean", "POST", "/v0/{base}/Reservas", `{"fields":{},"typecast":"yes"}`, 422, invalid},
		{"unknown query parameter", "GET", "/v0/{base}/Reservas?filter=1", "", 422, invalid},
		{"page of 101", "GET", "/v0/{base}/Reservas?pageSize=101", "", 422, invalid},
		{"text cells without a zone", "GET", "/v0/{base}/Reservas?cellFormat=string&userLocale=es", "", 422, invalid},
		{"text cells without a locale", "GET", "/v0/{base}/Reservas?cellFormat=string&timeZone=Europe/Madrid", "", 422, invalid},
		{"unknown field", "POST", "/v0/{base}/Reservas", `{"fields":{"X":1}}`, 422, `{"error":{"type":"UNKNOWN_FIELD_NAME","message":"Unknown field name: \"X\""}}`},
		{"unknown field to list", "GET", "/v0/{base}/Reservas?fields[]=X", "", 422, `{"error":{"type":"UNKNOWN_FIELD_NAME","message":"Unknown field name: \"X\""}}`},
		{"unknown field to sort by", "GET", "/v0/{base}/Reservas?sort[0][field]=X", "", 422, `{"error":{"type":"UNKNOWN_FIELD_NAME","message":"Unknown field name: \"X\""}}`},
		{"value of the wrong type", "POST", "/v0/{base}/Reservas", `{"fields":{"Cantidad de Personas":"4"}}`, 422, `{"error":{"type":"INVALID_VALUE_FOR_COLUMN","message":"Field \"Cantidad de Personas\" cannot accept the provided value"}}`},
		{"formula field", "POST", "/v0/{base}/Reservas", `{"fields":{"Doble":1}}`, 422, computed("Doble")},
		{"created time", "POST", "/v0/{base}/Reservas", `{"fields":{"Creada":"2026-11-23"}}`, 422, computed("Creada")},
		{"last modified time", "POST", "/v0/{base}/Reservas", `{"fields":{"Tocada":null}}`, 422, computed("Tocada")},
		{"autonumber", "POST", "/v0/{base}/Reservas", `{"fields":{"Nº":1}}`, 422, computed("Nº")},
		{"unknown choice", "POST", "/v0/{base}/Reservas", `{"fields":{"Estado":"X"}}`, 422, `{"error":{"type":"INVALID_MULTIPLE_CHOICE_OPTIONS","message":"Insufficient permissions to create new select option \"\"X\"\""}}`},
		{"eleven to create", "POST", "/v0/{base}/Reservas", eleven, 422, create},
		{"none to create", "POST", "/v0/{base}/Reservas", `{"records":[]}`, 422, create},
		{"nothing to create", "POST", "/v0/{base}/Reservas", `{}`, 422, create},
		{"eleven to change", "PATCH", "/v0/{base}/Reservas", eleven, 422, update},
		{"change without ID", "PATCH", "/v0/{base}/Reservas", `{"records":[{"fields":{}}]}`, 422, update},
		{"eleven to delete", "DELETE", "/v0/{base}/Reservas?" + strings.Repeat("records[]=rec00000000000000&", 11), "", 422, remove},
		{"none to delete", "DELETE", "/v0/{base}/Reservas", "", 422, remove},
		{"bad formula", "GET", "/v0/{base}/Reservas?filterByFormula=AND(", "", 422, formula},
		{"unknown function", "GET", "/v0/{base}/Reservas?filterByFormula=NOPE()", "", 422, formula},
		{"unknown fields in a formula", "GET", "/v0/{base}/Reservas?filterByFormula=%7BA%7D%3D%7BB%20C%7D", "", 422, `{"error":{"type":"INVALID_FILTER_BY_FORMULA","message":"The formula for filtering records is invalid: Unknown field names: A, B C"}}`},
		{"bad offset", "GET", "/v0/{base}/Reservas?offset=abc", "", 422, `{"error":{"type":"INVALID_OFFSET_VALUE","message":"The value of offset abc is invalid"}}`},
		{"unknown iterator", "GET", "/v0/{base}/Reservas?offset=itr00000000000000/rec00000000000000", "", 422, `{"error":{"type":"LIST_RECORDS_ITERATOR_NOT_AVAILABLE"}}`},
		{"unknown view by name", "GET", "/v0/{base}/Reservas?view=Nada", "", 422, `{"error":{"type":"VIEW_NAME_NOT_FOUND","message":"View Nada not found"}}`},
		{"unknown view by ID", "GET", "/v0/{base}/Reservas?view=viw00000000000000", "", 422, `{"error":{"type":"VIEW_ID_NOT_FOUND","message":"View viw00000000000000 not found"}}`},
		{"view of another table", "GET", "/v0/{base}/Reservas?view=viwMesas000000000", "", 422, `{"error":{"type":"FAILED_STATE_CHECK"}}`},
		{"no such webhook", "DELETE", "/v0/bases/{base}/webhooks/ach00000000000000", "", 404, `{"error":{"type":"NOT_FOUND"}}`},
		{"malformed webhook", "DELETE", "/v0/bases/{base}/webhooks/ach1", "", 404, bare},
	}
	schema := airtabletest.DefaultSchema()
	schema[0].Fields = append(schema[0].Fields,
		airtabletest.Field{Name: "Doble", Type: airtabletest.FormulaField, Options: &airtabletest.Config{Formula: "{Cantidad de Personas}&2"}},
		airtabletest.Field{Name: "Creada", Type: airtabletest.CreatedTime},
		airtabletest.Field{Name: "Tocada", Type: airtabletest.LastModifiedTime},
		airtabletest.Field{Name: "Nº", Type: airtabletest.AutoNumber})
	schema[1].Views = []airtabletest.View{{ID: "viwMesas000000000", Name: "Todas"}}
	a := start(t, airtabletest.Options{Tables: schema})
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r, err := a.do(test.method, test.path, test.body)
			if err != nil {
				t.Fatal(err)
			}
			if r.status != test.status {
				t.Errorf("status %d, want %d", r.status, test.status)
			}
			wantJSON(t, r.body, test.want)
		})
	}
	if n := len(a.srv.Records("Reservas")); n != 0 {
		t.Errorf("%d records after refused requests, want none", n)
	}
}

func TestAuthentication(t *testing.T) {
	t.Parallel()
	a := start(t, airtabletest.Options{Tokens: []airtabletest.Token{
		{Secret: "patAll"}, {Secret: "patRead", Scopes: []string{airtabletest.ScopeRead}},
		{Secret: "patGuest", Role: airtabletest.RoleReader}, {Secret: "patElsewhere", Bases: []string{"app00000000000000"}},
	}})
	tests := []struct {
		name, header, method, path, body string
		status                           int
		kind                             string
	}{
		{"no header", "", "GET", "/v0/{base}/Reservas", "", 401, "AUTHENTICATION_REQUIRED"},
		{"basic", "Basic cGF0OnBhdA==", "GET", "/v0/{base}/Reservas", "", 401, "AUTHENTICATION_REQUIRED"},
		{"empty bearer", "Bearer ", "GET", "/v0/{base}/Reservas", "", 401, "AUTHENTICATION_REQUIRED"},
		{"wrong token", "Bearer patNone", "GET", "/v0/{base}/Reservas", "", 401, "UNAUTHORIZED"},
		{"a malformed ID comes first", "", "GET", "/v0/app1/Reservas", "", 404, "NOT_FOUND"},
		{"right token", "Bearer patAll", "GET", "/v0/{base}/Reservas", "", 200, ""},
		{"case of the scheme", "bearer patAll", "GET", "/v0/{base}/Reservas", "", 200, ""},
		{"scope that is there", "Bearer patRead", "GET", "/v0/{base}/Reservas", "", 200, ""},
		{"scope to write is missing", "Bearer patRead", "POST", "/v0/{base}/Reservas", `{"fields":{}}`, 403, "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND"},
		{"scope for the schema is missing", "Bearer patRead", "GET", "/v0/meta/bases/{base}/tables", "", 403, "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND"},
		{"base that was not granted", "Bearer patElsewhere", "GET", "/v0/{base}/Reservas", "", 403, "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND"},
		{"role that may not write", "Bearer patGuest", "POST", "/v0/{base}/Reservas", `{"fields":{}}`, 403, "INVALID_PERMISSIONS"},
		{"role that may not change the schema", "Bearer patGuest", "POST", "/v0/meta/bases/{base}/tables", `{"name":"A","fields":[]}`, 403, "INVALID_PERMISSIONS"},
	}
	ask := func(t *testing.T, header, method, path, body string) response {
		request, err := http.NewRequestWithContext(t.Context(), method,
			a.srv.URL()+strings.ReplaceAll(path, "{base}", a.srv.BaseID()), strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", header)
		request.Header.Set("Content-Type", "application/json")
		r, err := a.send(request)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := ask(t, test.header, test.method, test.path, test.body)
			if kind := errorType(r.body); r.status != test.status || kind != test.kind {
				t.Errorf("status %d, type %q, want %d, %q", r.status, kind, test.status, test.kind)
			}
		})
	}
	t.Run("revoked", func(t *testing.T) {
		a.srv.RevokeToken("patAll")
		if r := ask(t, "Bearer patAll", "GET", "/v0/{base}/Reservas", ""); r.status != 401 {
			t.Errorf("status %d, want 401", r.status)
		}
		a.srv.AddToken(airtabletest.Token{Secret: "patAll"})
		if r := ask(t, "Bearer patAll", "GET", "/v0/{base}/Reservas", ""); r.status != 200 {
			t.Errorf("status %d after it was given back, want 200", r.status)
		}
	})
	t.Run("locks", func(t *testing.T) {
		table, _ := a.srv.Table("Reservas")
		if err := a.srv.Staff().Lock("Reservas", "Estado"); err != nil {
			t.Fatal(err)
		}
		r := ask(t, "Bearer patAll", "POST", "/v0/{base}/Reservas", `{"fields":{"Estado":"Confirmada"}}`)
		wantJSON(t, r.body, `{"error":{"type":"INVALID_PERMISSIONS","message":"You are not permitted to write cell values in field Estado (`+
			a.srv.FieldID("Reservas", "Estado")+`)"}}`)
		if err := a.srv.Staff().Lock("Reservas", ""); err != nil {
			t.Fatal(err)
		}
		r = ask(t, "Bearer patAll", "POST", "/v0/{base}/Reservas", `{"fields":{}}`)
		wantJSON(t, r.body, `{"error":{"type":"INVALID_PERMISSIONS","message":"You are not permitted to create records in table Reservas (`+table.ID+`)"}}`)
		r = ask(t, "Bearer patAll", "DELETE", "/v0/{base}/Reservas?records[]=rec00000000000000", "")
		wantJSON(t, r.body, `{"error":{"type":"INVALID_PERMISSIONS","message":"You are not permitted to perform this operation"}}`)
		if _, err := a.srv.Staff().Create("Reservas", map[string]any{"Estado": "Confirmada"}); err != nil {
			t.Errorf("the staff are locked out: %v", err)
		}
	})
}
