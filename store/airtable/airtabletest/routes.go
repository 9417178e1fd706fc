package airtabletest

import (
	"cmp"
	"net/http"
)

// routes leads every request to its operation. A part of a path called app, rec,
// fld or ach is an ID of that kind; a malformed one is no route.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, &call{op: OpUnknown}) })
	for _, route := range []struct {
		pattern string
		op      Op
		serve   func(*call) (any, error)
	}{
		{"GET /v0/{app}/{table}", OpList, s.listByQuery},
		{"POST /v0/{app}/{table}/listRecords", OpList, s.listByBody},
		{"POST /v0/{app}/{table}", OpCreate, s.create},
		{"PATCH /v0/{app}/{table}", OpUpdate, s.patchMany},
		{"PUT /v0/{app}/{table}", OpUpdate, s.putMany},
		{"DELETE /v0/{app}/{table}", OpDelete, s.deleteMany},
		{"GET /v0/{app}/{table}/{rec}", OpGet, s.get},
		{"PATCH /v0/{app}/{table}/{rec}", OpUpdate, s.patchOne},
		{"PUT /v0/{app}/{table}/{rec}", OpUpdate, s.putOne},
		{"DELETE /v0/{app}/{table}/{rec}", OpDelete, s.deleteOne},

		{"GET /v0/meta/whoami", OpWhoami, s.whoami},
		{"GET /v0/meta/bases", OpSchemaRead, s.listBases},
		{"GET /v0/meta/bases/{app}/tables", OpSchemaRead, s.listTables},
		{"POST /v0/meta/bases/{app}/tables", OpSchemaWrite, s.createTable},
		{"PATCH /v0/meta/bases/{app}/tables/{table}", OpSchemaWrite, s.patchTable},
		{"POST /v0/meta/bases/{app}/tables/{table}/fields", OpSchemaWrite, s.createField},
		{"PATCH /v0/meta/bases/{app}/tables/{table}/fields/{fld}", OpSchemaWrite, s.patchField},

		{"GET /v0/bases/{app}/webhooks", OpWebhook, s.listWebhooks},
		{"POST /v0/bases/{app}/webhooks", OpWebhook, s.createWebhook},
		{"DELETE /v0/bases/{app}/webhooks/{ach}", OpWebhook, s.deleteWebhook},
		{"POST /v0/bases/{app}/webhooks/{ach}/refresh", OpWebhook, s.refreshWebhook},
		{"POST /v0/bases/{app}/webhooks/{ach}/enableNotifications", OpWebhook, s.enableNotifications},
		{"GET /v0/bases/{app}/webhooks/{ach}/payloads", OpPayloads, s.listPayloads},
	} {
		do := func(w http.ResponseWriter, r *http.Request) {
			c := &call{op: route.op, serve: route.serve, base: r.PathValue("app"), table: r.PathValue("table"),
				id: cmp.Or(r.PathValue("rec"), r.PathValue("fld"), r.PathValue("ach"))}
			for _, kind := range []string{"app", "rec", "fld", "ach"} {
				if id := r.PathValue(kind); id != "" && !isID(kind, id) {
					c = &call{op: OpUnknown}
				}
			}
			s.serve(w, r, c)
		}
		mux.HandleFunc(route.pattern, do)
		mux.HandleFunc(route.pattern+"/{$}", do)
	}
	return mux
}
