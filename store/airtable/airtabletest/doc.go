// Package airtabletest is an Airtable for tests: the Web API over real HTTP,
// with typed fields, formulas that are evaluated, paging, upserts, the rate limit
// and its penalty, schema and webhooks, and with faults on command.
//
// It knows what Airtable's documents say and what was seen of the real service,
// and must not know our client: the two are written from the same facts and
// checked against each other, and against the npm client "airtable" besides.
// Where the facts are not sure, a comment says which way was chosen, marked [?].
//
// In a Go test:
//
//	srv := airtabletest.Start(t, airtabletest.Options{})
//	client.Endpoint, client.Key, client.Base = srv.URL(), srv.Token(), srv.BaseID()
//	srv.Staff().Create("Reservas", map[string]any{"Nombre del Cliente": "Ana"})
//	srv.Inject(airtabletest.Fault{Ops: airtabletest.Writes(), Times: 1, After: true, Drop: true})
//
// By hand, or for a black-box test of a built binary: see the command in serve,
// and the endpoints under /_control/ (Control describes them).
package airtabletest
