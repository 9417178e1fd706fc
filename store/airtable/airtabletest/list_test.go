package airtabletest_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"maitre/store/airtable/airtabletest"
)

func filled(t *testing.T, n int, o airtabletest.Options) api {
	a := start(t, o)
	for i := range n {
		a.staff("Reservas", map[string]any{"ID Reserva": fmt.Sprintf("r-%03d", i), "Cantidad de Personas": i})
	}
	return a
}

// pages walks a list to its end and returns the sizes of its pages and the keys.
func (a api) pages(query url.Values) (sizes []int, keys []string) {
	a.t.Helper()
	for {
		page := a.ok("GET", "/v0/{base}/Reservas?"+query.Encode(), "")
		records := page["records"].([]any)
		sizes = append(sizes, len(records))
		for _, r := range records {
			keys = append(keys, r.(map[string]any)["fields"].(map[string]any)["ID Reserva"].(string))
		}
		offset, more := page["offset"].(string)
		if !more {
			return sizes, keys
		}
		query.Set("offset", offset)
	}
}

func TestPaging(t *testing.T) {
	t.Parallel()
	a := filled(t, 230, airtabletest.Options{})
	tests := []struct {
		query string
		want  []int
	}{
		{"", []int{100, 100, 30}},
		{"pageSize=115", nil},
		{"pageSize=50&maxRecords=120", []int{50, 50, 20}},
		{"maxRecords=100", []int{100}},
		{"maxRecords=1", []int{1}},
		{"filterByFormula=" + url.QueryEscape("{Cantidad de Personas}>=130"), []int{100}},
		{"filterByFormula=FALSE()", []int{0}},
		{"view=Grid+view", []int{100, 100, 30}},
	}
	for _, test := range tests {
		t.Run(test.query, func(t *testing.T) {
			query, err := url.ParseQuery(test.query)
			if err != nil {
				t.Fatal(err)
			}
			if test.want == nil {
				a.refused("GET", "/v0/{base}/Reservas?"+test.query, "", 422, "INVALID_REQUEST_UNKNOWN")
				return
			}
			sizes, keys := a.pages(query)
			if diff := cmp.Diff(test.want, sizes); diff != "" {
				t.Errorf("pages (-want +got):\n%s", diff)
			}
			seen := map[string]bool{}
			for _, key := range keys {
				if seen[key] {
					t.Errorf("%s came twice", key)
				}
				seen[key] = true
			}
		})
	}
}

func TestOffsetsAreIteratorsThatExpire(t *testing.T) {
	t.Parallel()
	clock := newClock()
	a := filled(t, 5, airtabletest.Options{Clock: clock.Now, PageSize: 2})
	const path = "/v0/{base}/Reservas"
	first := a.ok("GET", path+"?fields[]=ID+Reserva", "")
	offset := first["offset"].(string)
	if id, record, _ := strings.Cut(offset, "/"); !strings.HasPrefix(id, "itr") || !strings.HasPrefix(record, "rec") {
		t.Errorf("offset %q, want itr…/rec…", offset)
	}
	next := path + "?fields[]=ID+Reserva&offset=" + url.QueryEscape(offset)
	if diff := cmp.Diff(a.ok("GET", next, "")["records"], a.ok("GET", next, "")["records"]); diff != "" {
		t.Errorf("the same page again is another (-first +second):\n%s", diff)
	}
	const gone = "LIST_RECORDS_ITERATOR_NOT_AVAILABLE"
	a.refused("GET", path+"?offset="+url.QueryEscape(offset), "", 422, gone) // other parameters
	a.refused("GET", "/v0/{base}/Mesas?fields[]=ID+Mesa&offset="+url.QueryEscape(offset), "", 422, gone)
	a.srv.ExpireIterators()
	a.refused("GET", next, "", 422, gone)
	offset = a.ok("GET", path, "")["offset"].(string)
	clock.Add(5 * time.Minute)
	a.refused("GET", path+"?offset="+url.QueryEscape(offset), "", 422, gone)
}

func TestListParameters(t *testing.T) {
	t.Parallel()
	a := start(t, airtabletest.Options{})
	mesa := a.staff("Mesas", map[string]any{"ID Mesa": "T1"}).ID
	rows := []map[string]any{
		{"ID Reserva": "b", "Cantidad de Personas": 10, "Estado": "Cancelada", "Mesa": []string{mesa}},
		{"ID Reserva": "A", "Cantidad de Personas": 9, "Estado": "Pre-reserva"},
		{"ID Reserva": "c", "Estado": "Confirmada", "Hora": "2026-12-24T20:00:00Z"},
	}
	for _, row := range rows {
		a.staff("Reservas", row)
	}
	tests := []struct {
		name, query string
		want        []any
	}{
		{"through a view, in the order they were made", "view=Grid+view", []any{"b", "A", "c"}},
		{"text without regard to case", "sort[0][field]=ID+Reserva", []any{"A", "b", "c"}},
		{"numbers by size, empty first", "sort[0][field]=Cantidad+de+Personas", []any{"c", "A", "b"}},
		{"down, empty last", "sort[0][field]=Cantidad+de+Personas&sort[0][direction]=desc", []any{"b", "A", "c"}},
		{"choices in their own order", "sort[0][field]=Estado", []any{"A", "c", "b"}},
		{"two keys", "sort[0][field]=Hora&sort[0][direction]=desc&sort[1][field]=ID+Reserva&sort[1][direction]=desc", []any{"c", "b", "A"}},
		{"a link by name", "view=Grid+view&filterByFormula=" + url.QueryEscape("{Mesa}='T1'"), []any{"b"}},
		{"a link is not its ID", "filterByFormula=" + url.QueryEscape("{Mesa}='"+mesa+"'"), nil},
		{"by field ID", "filterByFormula=" + url.QueryEscape("{"+a.srv.FieldID("Reservas", "ID Reserva")+"}='c'"), []any{"c"}},
		{"by RECORD_ID", "filterByFormula=" + url.QueryEscape("FIND('rec',RECORD_ID())") + "&sort[0][field]=ID+Reserva&maxRecords=1", []any{"A"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			query, err := url.ParseQuery(test.query)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, a.list("Reservas", query, "ID Reserva")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	t.Run("fields by ID, by POST", func(t *testing.T) {
		body, _ := json.Marshal(map[string]any{"fields": []string{"Mesa"}, "returnFieldsByFieldId": true,
			"filterByFormula": "{ID Reserva}='b'", "sort": []map[string]string{{"field": "ID Reserva"}}})
		page := a.ok("POST", "/v0/{base}/Reservas/listRecords", string(body))
		record := page["records"].([]any)[0].(map[string]any)
		wantJSON(t, record["fields"], `{"`+a.srv.FieldID("Reservas", "Mesa")+`":["`+mesa+`"]}`)
	})
	t.Run("cells as text", func(t *testing.T) {
		query := url.Values{"cellFormat": {"string"}, "timeZone": {"Europe/Madrid"}, "userLocale": {"es"}, "sort[0][field]": {"ID Reserva"}}
		if diff := cmp.Diff([]any{nil, nil, "2026-12-24 21:00"}, a.list("Reservas", query, "Hora")); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("a URL too long", func(t *testing.T) {
		r, err := a.do("GET", "/v0/{base}/Reservas?filterByFormula="+strings.Repeat("1", 16_000), "")
		if err != nil || r.status != 414 {
			t.Errorf("status %d, %v, want 414", r.status, err)
		}
	})
}

func TestWriting(t *testing.T) {
	t.Parallel()
	a := start(t, airtabletest.Options{})
	table, _ := a.srv.Table("Reservas")
	path := "/v0/{base}/" + table.ID
	batch := a.ok("POST", path, `{"records":[{"fields":{"Código":"A","Notas Especiales":"x"}},{"fields":{}}],"returnFieldsByFieldId":true}`)
	first := batch["records"].([]any)[0].(map[string]any)
	id := first["id"].(string)
	wantJSON(t, first["fields"], `{"`+a.srv.FieldID("Reservas", "Código")+`":"A","`+a.srv.FieldID("Reservas", "Notas Especiales")+`":"x"}`)
	wantJSON(t, a.ok("PATCH", path+"/"+id, `{"fields":{"Código":"B"}}`)["fields"], `{"Código":"B","Notas Especiales":"x"}`)
	wantJSON(t, a.ok("PUT", path+"/"+id, `{"fields":{"Código":"C"}}`)["fields"], `{"Código":"C"}`)
	a.ok("PATCH", path, `{"records":[{"id":"`+id+`","fields":{"Email":"a@b"}}]}`)
	wantJSON(t, a.ok("GET", path+"/"+id, "")["fields"], `{"Código":"C","Email":"a@b"}`)

	t.Run("one bad record changes nothing", func(t *testing.T) {
		a.refused("PATCH", path, `{"records":[{"id":"`+id+`","fields":{"Código":"Z"}},{"id":"`+id+`","fields":{"Estado":"?"}}]}`,
			422, "INVALID_MULTIPLE_CHOICE_OPTIONS")
		a.refused("POST", path, `{"records":[{"fields":{"Estado":"Nueva"}},{"fields":{"Nope":1}}],"typecast":true}`, 422, "UNKNOWN_FIELD_NAME")
		a.refused("DELETE", path+"?records[]="+id+"&records[]=rec00000000000000", "", 404, "MODEL_ID_NOT_FOUND")
		wantJSON(t, a.ok("GET", path+"/"+id, "")["fields"], `{"Código":"C","Email":"a@b"}`)
		if table, _ := a.srv.Table("Reservas"); len(table.Fields[8].Options.Choices) != 6 {
			t.Errorf("a refused request left a choice behind: %v", table.Fields[8].Options.Choices)
		}
	})
	wantJSON(t, a.ok("DELETE", path+"?records[]="+id, ""), `{"records":[{"id":"`+id+`","deleted":true}]}`)
	a.refused("DELETE", path+"/"+id, "", 404, "MODEL_ID_NOT_FOUND")
}

func TestUpsert(t *testing.T) {
	t.Parallel()
	upsert := func(merge, records string) string {
		return `{"performUpsert":{"fieldsToMergeOn":` + merge + `},"records":` + records + `}`
	}
	tests := []struct {
		name, method, body string
		status             int
		kind               string
		created, updated   int
		left               string // the fields of all records, in order
	}{
		{"no match creates", "PATCH", upsert(`["ID Reserva"]`, `[{"fields":{"ID Reserva":"n"}}]`), 200, "", 1, 0,
			`[{"ID Reserva":"a","Código":"1"},{"ID Reserva":"b","Código":"2"},{"ID Reserva":"b","Código":"3"},{"Código":"4"},{"ID Reserva":"n"}]`},
		{"one match updates", "PATCH", upsert(`["ID Reserva"]`, `[{"fields":{"ID Reserva":"a","Email":"e"}}]`), 200, "", 0, 1,
			`[{"ID Reserva":"a","Código":"1","Email":"e"},{"ID Reserva":"b","Código":"2"},{"ID Reserva":"b","Código":"3"},{"Código":"4"}]`},
		{"PUT clears the rest", "PUT", upsert(`["ID Reserva"]`, `[{"fields":{"ID Reserva":"a"}}]`), 200, "", 0, 1,
			`[{"ID Reserva":"a"},{"ID Reserva":"b","Código":"2"},{"ID Reserva":"b","Código":"3"},{"Código":"4"}]`},
		{"two matches fail, and all with them", "PATCH", upsert(`["ID Reserva"]`, `[{"fields":{"ID Reserva":"a","Email":"e"}},{"fields":{"ID Reserva":"b"}}]`), 422, "INVALID_RECORDS", 0, 0, ""},
		{"two fields find one of the two", "PATCH", upsert(`["ID Reserva","Código"]`, `[{"fields":{"ID Reserva":"b","Código":"3","Email":"e"}}]`), 200, "", 0, 1,
			`[{"ID Reserva":"a","Código":"1"},{"ID Reserva":"b","Código":"2"},{"ID Reserva":"b","Código":"3","Email":"e"},{"Código":"4"}]`},
		{"a missing key finds the row without one", "PATCH", upsert(`["ID Reserva"]`, `[{"fields":{"Email":"e"}}]`), 200, "", 0, 1,
			`[{"ID Reserva":"a","Código":"1"},{"ID Reserva":"b","Código":"2"},{"ID Reserva":"b","Código":"3"},{"Código":"4","Email":"e"}]`},
		{"no merge field", "PATCH", upsert(`[]`, `[{"fields":{}}]`), 422, "INVALID_REQUEST_UNKNOWN", 0, 0, ""},
		{"four merge fields", "PATCH", upsert(`["ID Reserva","Código","Email","Canal"]`, `[{"fields":{}}]`), 422, "INVALID_REQUEST_UNKNOWN", 0, 0, ""},
		{"a link cannot be merged on", "PATCH", upsert(`["Mesa"]`, `[{"fields":{}}]`), 422, "INVALID_REQUEST_UNKNOWN", 0, 0, ""},
		{"nor a dateTime", "PATCH", upsert(`["Hora"]`, `[{"fields":{}}]`), 422, "INVALID_REQUEST_UNKNOWN", 0, 0, ""},
		{"unknown merge field", "PATCH", upsert(`["Nope"]`, `[{"fields":{}}]`), 422, "UNKNOWN_FIELD_NAME", 0, 0, ""},
		{"unknown key", "PATCH", `{"performUpsert":{"on":["ID Reserva"]},"records":[{"fields":{}}]}`, 422, "INVALID_REQUEST_UNKNOWN", 0, 0, ""},
		{"an ID that does not exist creates nothing", "PATCH", upsert(`["ID Reserva"]`, `[{"id":"rec00000000000000","fields":{}}]`), 404, "MODEL_ID_NOT_FOUND", 0, 0, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := start(t, airtabletest.Options{})
			for _, row := range []map[string]any{{"ID Reserva": "a", "Código": "1"}, {"ID Reserva": "b", "Código": "2"},
				{"ID Reserva": "b", "Código": "3"}, {"Código": "4"}} {
				a.staff("Reservas", row)
			}
			if test.kind != "" {
				before := a.srv.Records("Reservas")
				a.refused(test.method, "/v0/{base}/Reservas", test.body, test.status, test.kind)
				if diff := cmp.Diff(before, a.srv.Records("Reservas")); diff != "" {
					t.Errorf("a refused upsert changed something (-before +after):\n%s", diff)
				}
				return
			}
			out := a.ok(test.method, "/v0/{base}/Reservas", test.body)
			if c, u := len(out["createdRecords"].([]any)), len(out["updatedRecords"].([]any)); c != test.created || u != test.updated {
				t.Errorf("created %d, updated %d, want %d, %d", c, u, test.created, test.updated)
			}
			left := []any{}
			for _, r := range a.srv.Records("Reservas") {
				left = append(left, r.Fields)
			}
			raw, _ := json.Marshal(left)
			wantJSON(t, parse(t, string(raw)), test.left)
		})
	}
}
