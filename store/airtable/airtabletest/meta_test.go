package airtabletest_test

import (
	"testing"

	"maitre/store/airtable/airtabletest"
)

func TestSchema(t *testing.T) {
	t.Parallel()
	a := start(t, airtabletest.Options{})
	tables := a.ok("GET", "/v0/meta/bases/{base}/tables", "")["tables"].([]any)
	reservas := tables[0].(map[string]any)
	fields := reservas["fields"].([]any)
	if len(tables) != 2 || reservas["name"] != "Reservas" || len(fields) != 14 ||
		reservas["primaryFieldId"] != fields[0].(map[string]any)["id"] || len(reservas["views"].([]any)) != 1 {
		t.Errorf("schema: %v", reservas)
	}
	hora := fields[6].(map[string]any)
	wantJSON(t, hora["options"], `{"timeZone":"Europe/Madrid","dateFormat":{"name":"iso","format":"YYYY-MM-DD"},"timeFormat":{"name":"24hour","format":"HH:mm"}}`)
	mesas := tables[1].(map[string]any)
	inverse := mesas["fields"].([]any)[7].(map[string]any)
	link := fields[9].(map[string]any)
	wantJSON(t, inverse["options"], `{"linkedTableId":"`+reservas["id"].(string)+`","inverseLinkFieldId":"`+link["id"].(string)+
		`","isReversed":false,"prefersSingleRecordLink":false}`)

	who := a.ok("GET", "/v0/meta/whoami", "")
	if who["id"] == "" || len(who["scopes"].([]any)) != 6 {
		t.Errorf("whoami: %v", who)
	}
	wantJSON(t, a.ok("GET", "/v0/meta/bases", ""), `{"bases":[{"id":"`+a.srv.BaseID()+`","name":"Restaurante","permissionLevel":"create"}]}`)
}

func TestSchemaChanges(t *testing.T) {
	t.Parallel()
	a := start(t, airtabletest.Options{})
	mesas, _ := a.srv.Table("Mesas")
	tables := "/v0/meta/bases/{base}/tables"
	fields := tables + "/" + mesas.ID + "/fields"
	tests := []struct {
		name, method, path, body string
		kind                     string // of the 422; empty: it is done
	}{
		{"text", "POST", fields, `{"name":"Nota","type":"multilineText"}`, ""},
		{"number", "POST", fields, `{"name":"Orden","type":"number","options":{"precision":0}}`, ""},
		{"number without precision", "POST", fields, `{"name":"N","type":"number"}`, "INVALID_FIELD_TYPE_OPTIONS_FOR_CREATE"},
		{"select", "POST", fields, `{"name":"Acceso","type":"singleSelect","options":{"choices":[{"name":"a"},{"name":"b"}]}}`, ""},
		{"select with the same choice twice", "POST", fields, `{"name":"A","type":"singleSelect","options":{"choices":[{"name":"a"},{"name":"a"}]}}`, "INVALID_FIELD_TYPE_OPTIONS_FOR_CREATE"},
		{"date", "POST", fields, `{"name":"Desde","type":"date","options":{"dateFormat":{"name":"iso"}}}`, ""},
		{"dateTime", "POST", fields, `{"name":"A las","type":"dateTime","options":{"timeZone":"Europe/Madrid","dateFormat":{"name":"iso"},"timeFormat":{"name":"24hour"}}}`, ""},
		{"dateTime without zone", "POST", fields, `{"name":"B","type":"dateTime","options":{"dateFormat":{"name":"iso"},"timeFormat":{"name":"24hour"}}}`, "INVALID_FIELD_TYPE_OPTIONS_FOR_CREATE"},
		{"link", "POST", fields, `{"name":"Vecinas","type":"multipleRecordLinks","options":{"linkedTableId":"` + mesas.ID + `"}}`, ""},
		{"link to nothing", "POST", fields, `{"name":"C","type":"multipleRecordLinks","options":{"linkedTableId":"tbl00000000000000"}}`, "INVALID_FIELD_TYPE_OPTIONS_FOR_CREATE"},
		{"formula", "POST", fields, `{"name":"F","type":"formula","options":{"formula":"1"}}`, "UNSUPPORTED_FIELD_TYPE_FOR_CREATE"},
		{"autonumber", "POST", fields, `{"name":"F","type":"autoNumber"}`, "UNSUPPORTED_FIELD_TYPE_FOR_CREATE"},
		{"created time", "POST", fields, `{"name":"F","type":"createdTime"}`, "UNSUPPORTED_FIELD_TYPE_FOR_CREATE"},
		{"a name that is taken, in another case", "POST", fields, `{"name":"id mesa","type":"singleLineText"}`, "DUPLICATE_OR_EMPTY_FIELD_NAME"},
		{"unknown key", "POST", fields, `{"name":"G","type":"singleLineText","colour":1}`, "INVALID_REQUEST_UNKNOWN"},
		{"rename a field", "PATCH", fields + "/" + a.srv.FieldID("Mesas", "Prioridad"), `{"name":"Prio"}`, ""},
		{"a field's options cannot be changed", "PATCH", fields + "/" + a.srv.FieldID("Mesas", "Ubicación"), `{"options":{"choices":[]}}`, "INVALID_REQUEST_UNKNOWN"},
		{"a table", "POST", tables, `{"name":"Avisos","description":"d","fields":[{"name":"Texto","type":"singleLineText"},{"name":"Hecho","type":"checkbox","options":{"icon":"check","color":"greenBright"}}]}`, ""},
		{"a table's name is taken", "POST", tables, `{"name":"mesas","fields":[{"name":"A","type":"singleLineText"}]}`, "DUPLICATE_TABLE_NAME"},
		{"a table without fields", "POST", tables, `{"name":"Nada","fields":[]}`, "INVALID_REQUEST_UNKNOWN"},
		{"a primary field that cannot be", "POST", tables, `{"name":"Nada","fields":[{"name":"A","type":"checkbox","options":{"icon":"check","color":"greenBright"}}]}`, "INVALID_PRIMARY_FIELD_TYPE"},
		{"rename a table", "PATCH", tables + "/" + mesas.ID, `{"name":"Tables"}`, ""},
	}
	for _, test := range tests { // in order: each sees what those before did
		t.Run(test.name, func(t *testing.T) {
			if test.kind == "" {
				a.ok(test.method, test.path, test.body)
				return
			}
			a.refused(test.method, test.path, test.body, 422, test.kind)
		})
	}
	after, ok := a.srv.Table("Tables")
	if !ok || a.srv.FieldID("Tables", "Prio") == "" || a.srv.FieldID("Avisos", "Hecho") == "" || len(after.Fields) != 8+6+1 {
		t.Errorf("after the changes: %+v", after)
	}
	a.ok("POST", "/v0/{base}/Tables", `{"fields":{"Acceso":"c"},"typecast":true}`) // the way to add a choice
	if after, _ := a.srv.Table("Tables"); len(after.Fields[10].Options.Choices) != 3 {
		t.Errorf("typecast added no choice: %+v", after.Fields[10].Options.Choices)
	}
}

func TestStaffChangeTheSchemaUnderTheClient(t *testing.T) {
	t.Parallel()
	a := start(t, airtabletest.Options{})
	a.staff("Reservas", map[string]any{"ID Reserva": "r", "Estado": "Confirmada", "Email": "a@b", "Canal": "Web"})
	staff := a.srv.Staff()
	for _, err := range []error{
		staff.RenameChoice("Reservas", "Estado", "Confirmada", "Confirmado"),
		staff.RemoveChoice("Reservas", "Canal", "Web"),
		staff.RenameField("Reservas", "ID Reserva", "Clave"),
		staff.RemoveField("Reservas", "Email"),
		staff.RenameTable("Reservas", "Libro"),
		staff.AddChoice("Libro", "Estado", "Lista de espera"),
	} {
		if err != nil {
			t.Error(err)
		}
	}
	a.refused("GET", "/v0/{base}/Reservas", "", 403, "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND")
	a.refused("POST", "/v0/{base}/Libro", `{"fields":{"Email":"x"}}`, 422, "UNKNOWN_FIELD_NAME")
	a.refused("POST", "/v0/{base}/Libro", `{"fields":{"Estado":"Confirmada"}}`, 422, "INVALID_MULTIPLE_CHOICE_OPTIONS")
	a.ok("POST", "/v0/{base}/Libro", `{"fields":{"Estado":"Lista de espera"}}`)
	page := a.ok("GET", "/v0/{base}/Libro?view=Grid+view&maxRecords=1", "")
	wantJSON(t, page["records"].([]any)[0].(map[string]any)["fields"], `{"Clave":"r","Estado":"Confirmado"}`)
}
