package airtabletest_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"maitre/store/airtable/airtabletest"
)

// The two vectors of the facts.
func TestMAC(t *testing.T) {
	t.Parallel()
	tests := []struct{ secret, body, want string }{
		{"c2VjcmV0LWtleQ==", `{"base": {"id": "app00000000000000"}, "webhook": {"id": "ach00000000000000"}, "timestamp": "2022-02-01T21:25:05.663Z"}`,
			"hmac-sha256=e26da696a90933647bddc83995c3e1e3bb1c3d8ce1ff61cb7469767d50b2b2d4"},
		{"c3VwZXIgZHVwZXIgc2VjcmV0", `{"base":{"id":"app00000000000000"},"webhook":{"id":"ach00000000000000"},"timestamp":"2022-02-01T21:25:05.663Z"}`,
			"hmac-sha256=26a5f8b7a527568ceada248cf2b0c2d7bc6c6e099016532131dc17421d5637fa"},
	}
	for _, test := range tests {
		secret, err := base64.StdEncoding.DecodeString(test.secret)
		if err != nil {
			t.Fatal(err)
		}
		if got := airtabletest.MAC(secret, []byte(test.body)); got != test.want {
			t.Errorf("MAC %s, want %s", got, test.want)
		}
	}
}

// receiver gets pings.
type receiver struct {
	url   string
	pings chan [2]string // header and body
}

func listen(t *testing.T, answer http.HandlerFunc) receiver {
	e := receiver{pings: make(chan [2]string, 100)}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		e.pings <- [2]string{r.Header.Get("X-Airtable-Content-MAC"), string(body)}
		answer(w, r)
	}))
	t.Cleanup(srv.Close)
	e.url = srv.URL
	return e
}

func noContent(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }

func (a api) hook(url, filters, includes string) (id string, secret []byte) {
	a.t.Helper()
	made := a.ok("POST", "/v0/bases/{base}/webhooks", fmt.Sprintf(
		`{"notificationUrl":%s,"specification":{"options":{"filters":%s,"includes":%s}}}`, url, filters, includes))
	secret, err := base64.StdEncoding.DecodeString(made["macSecretBase64"].(string))
	if err != nil {
		a.t.Fatal(err)
	}
	return made["id"].(string), secret
}

func TestPingsAreSignedAndSayNothing(t *testing.T) {
	t.Parallel()
	a := start(t, airtabletest.Options{PingClient: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}})
	e := listen(t, noContent)
	id, secret := a.hook(`"`+e.url+`"`, `{"dataTypes":["tableData"],"fromSources":["client"]}`, `{}`)
	a.ok("POST", "/v0/{base}/Reservas", `{"fields":{}}`) // our own: no ping
	a.staff("Reservas", map[string]any{"ID Reserva": "r"})
	ping := <-e.pings
	a.srv.WaitPings()
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(ping[1]))
	if want := "hmac-sha256=" + hex.EncodeToString(mac.Sum(nil)); ping[0] != want {
		t.Errorf("MAC %s, want %s", ping[0], want)
	}
	wantJSON(t, parse(t, ping[1]), `{"base":{"id":"`+a.srv.BaseID()+`"},"webhook":{"id":"`+id+`"},"timestamp":"2026-11-23T12:00:00.000Z"}`)
	if len(e.pings) != 0 {
		t.Errorf("%d more pings, want none", len(e.pings))
	}
	shown := a.ok("GET", "/v0/bases/{base}/webhooks", "")["webhooks"].([]any)[0].(map[string]any)
	if _, leaked := shown["macSecretBase64"]; leaked || shown["cursorForNextPayload"] != 2.0 || shown["lastSuccessfulNotificationTime"] == nil {
		t.Errorf("listed as %v", shown)
	}

	a.ok("POST", "/v0/bases/{base}/webhooks/"+id+"/enableNotifications", `{"enable":false}`)
	a.staff("Reservas", nil)
	a.ok("POST", "/v0/bases/{base}/webhooks/"+id+"/enableNotifications", `{"enable":true}`)
	a.srv.LosePings(true)
	a.staff("Reservas", nil)
	a.srv.LosePings(false)
	a.srv.WaitPings()
	if len(e.pings) != 0 {
		t.Errorf("%d pings that were switched off or lost", len(e.pings))
	}
	if got := a.ok("GET", "/v0/bases/{base}/webhooks/"+id+"/payloads", ""); len(got["payloads"].([]any)) != 3 {
		t.Errorf("payloads %v, want all three all the same", got)
	}
}

func TestFailedPingsAreRetried(t *testing.T) {
	t.Parallel()
	a := start(t, airtabletest.Options{PingClient: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}},
		PingRetry: func(n int) (time.Duration, bool) { return 0, n <= 2 }})
	e := listen(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	a.hook(`"`+e.url+`"`, `{"dataTypes":["tableData"]}`, `{}`)
	a.staff("Reservas", nil)
	a.srv.WaitPings()
	if len(e.pings) != 3 {
		t.Errorf("%d pings, want 3", len(e.pings))
	}
	shown := a.ok("GET", "/v0/bases/{base}/webhooks", "")["webhooks"].([]any)[0].(map[string]any)
	wantJSON(t, shown["lastNotificationResult"], `{"success":false,"retryNumber":2,"willBeRetried":false,
		"completionTimestamp":"2026-11-23T12:00:00.000Z","error":{"message":"ping answered with status 502"}}`)
}

// What a webhook sees of what the staff did, by its filters.
func TestPayloads(t *testing.T) {
	t.Parallel()
	a := start(t, airtabletest.Options{Seed: 7})
	reservas, _ := a.srv.Table("Reservas")
	id := func(name string) string { return a.srv.FieldID("Reservas", name) }
	t1 := a.staff("Mesas", map[string]any{"ID Mesa": "T1"}).ID
	all, _ := a.hook("null", `{"dataTypes":["tableData","tableFields","tableMetadata"]}`, `{"includePreviousCellValues":true,"includePreviousFieldDefinitions":true}`)
	ours, _ := a.hook("null", `{"dataTypes":["tableData"],"recordChangeScope":"`+reservas.ID+`","fromSources":["client"],"changeTypes":["update","remove"],"watchDataInFieldIds":["`+id("Estado")+`"]}`,
		`{"includeCellValuesInFieldIds":["`+id("Código")+`"]}`)
	r := a.staff("Reservas", map[string]any{"Código": "K7QF", "Estado": "Confirmada", "Mesa": []string{t1}})
	update := func(fields map[string]any) {
		t.Helper()
		if _, err := a.srv.Staff().Update("Reservas", r.ID, fields); err != nil {
			t.Fatal(err)
		}
	}
	update(map[string]any{"Email": "a@b"})
	update(map[string]any{"Estado": "Cancelada", "Notas Especiales": "not watched"})
	update(map[string]any{"Estado": "Cancelada"}) // changes nothing: no payload
	a.ok("PATCH", "/v0/{base}/Reservas/"+r.ID, `{"fields":{"Estado":"Sentada"}}`)
	if err := a.srv.Staff().Delete("Reservas", r.ID); err != nil {
		t.Fatal(err)
	}
	if err := a.srv.Staff().RenameField("Reservas", "Email", "Correo"); err != nil {
		t.Fatal(err)
	}
	changes := func(hook string) []any {
		var out []any
		for _, p := range a.ok("GET", "/v0/bases/{base}/webhooks/"+hook+"/payloads", "")["payloads"].([]any) {
			out = append(out, p.(map[string]any)["changedTablesById"])
		}
		return out
	}
	choice := func(name string) string {
		for _, c := range reservas.Fields[8].Options.Choices {
			if c.Name == name {
				b, _ := json.Marshal(c)
				return string(b)
			}
		}
		return ""
	}
	t.Run("narrow filters", func(t *testing.T) {
		got, _ := json.Marshal(changes(ours))
		wantJSON(t, parse(t, string(got)), `[
		 {"`+reservas.ID+`":{"changedRecordsById":{"`+r.ID+`":{"current":{"cellValuesByFieldId":{"`+id("Estado")+`":`+choice("Cancelada")+`}},
		   "unchanged":{"cellValuesByFieldId":{"`+id("Código")+`":"K7QF"}}}}}},
		 {"`+reservas.ID+`":{"destroyedRecordIds":["`+r.ID+`"]}}]`)
	})
	t.Run("everything", func(t *testing.T) {
		got := changes(all)
		if len(got) != 6 {
			t.Fatalf("%d payloads, want 6: %v", len(got), got)
		}
		mesas := a.srv.Tables()[1].ID
		inverse := a.srv.FieldID("Mesas", "Reservas")
		created, _ := json.Marshal(got[0])
		wantJSON(t, parse(t, string(created)), `{"`+reservas.ID+`":{"createdRecordsById":{"`+r.ID+`":{"createdTime":"2026-11-23T12:00:00.000Z",
		  "cellValuesByFieldId":{"`+id("Código")+`":"K7QF","`+id("Estado")+`":`+choice("Confirmada")+`,"`+id("Mesa")+`":[{"id":"`+t1+`","name":"T1"}]}}}},
		 "`+mesas+`":{"changedRecordsById":{"`+t1+`":{"current":{"cellValuesByFieldId":{"`+inverse+`":[{"id":"`+r.ID+`","name":""}]}},
		   "previous":{"cellValuesByFieldId":{"`+inverse+`":null}}}}}}`)
		wantJSON(t, got[1], `{"`+reservas.ID+`":{"changedRecordsById":{"`+r.ID+`":{"current":{"cellValuesByFieldId":{"`+a.srv.FieldID("Reservas", "Correo")+`":"a@b"}},
		  "previous":{"cellValuesByFieldId":{"`+a.srv.FieldID("Reservas", "Correo")+`":null}}}}}}`)
		wantJSON(t, got[5], `{"`+reservas.ID+`":{"changedFieldsById":{"`+a.srv.FieldID("Reservas", "Correo")+`":{
		  "current":{"name":"Correo","type":"email"},"previous":{"name":"Email","type":"email"}}}}}`)
	})
	t.Run("source and number", func(t *testing.T) {
		list := a.ok("GET", "/v0/bases/{base}/webhooks/"+all+"/payloads?cursor=4&limit=1", "")
		p := list["payloads"].([]any)[0].(map[string]any)
		if p["actionMetadata"].(map[string]any)["source"] != "publicApi" || p["payloadFormat"] != "v0" ||
			p["baseTransactionNumber"] != 5.0 || list["cursor"] != 5.0 || list["mightHaveMore"] != true {
			t.Errorf("list %v", list)
		}
		list = a.ok("GET", "/v0/bases/{base}/webhooks/"+all+"/payloads?cursor=7", "")
		if list["cursor"] != 7.0 || list["mightHaveMore"] != false || len(list["payloads"].([]any)) != 0 {
			t.Errorf("at the end: %v", list)
		}
	})
}

func TestOneActionMayMakeSeveralPayloads(t *testing.T) {
	t.Parallel()
	a := start(t, airtabletest.Options{})
	a.srv.SplitPayloads(2)
	mesas := make([]string, 5)
	for i := range mesas {
		mesas[i] = a.staff("Mesas", map[string]any{"ID Mesa": fmt.Sprint("T", i)}).ID
	}
	hook, _ := a.hook("null", `{"dataTypes":["tableData"]}`, `{}`)
	a.staff("Reservas", map[string]any{"Mesa": mesas}) // changes five tables' other end
	payloads := a.ok("GET", "/v0/bases/{base}/webhooks/"+hook+"/payloads", "")["payloads"].([]any)
	if len(payloads) != 4 {
		t.Fatalf("%d payloads, want 2+2+1 changes and a creation", len(payloads))
	}
	for _, p := range payloads {
		if got := p.(map[string]any)["baseTransactionNumber"]; got != payloads[0].(map[string]any)["baseTransactionNumber"] {
			t.Errorf("transaction %v, want them all equal", got)
		}
	}
}

func TestWebhooksLiveSevenDays(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	clock := newClock()
	a := start(t, airtabletest.Options{Clock: clock.Now})
	hook, _ := a.hook("null", `{"dataTypes":["tableData"]}`, `{}`)
	path := "/v0/bases/{base}/webhooks/" + hook
	payloads := func() int { return len(a.ok("GET", path+"/payloads", "")["payloads"].([]any)) }
	clock.Add(6 * day)
	if got := a.ok("POST", path+"/refresh", "")["expirationTime"]; got != "2026-12-06T12:00:00.000Z" {
		t.Errorf("refreshed until %v", got)
	}
	clock.Add(6 * day)
	a.staff("Reservas", nil)
	if n := payloads(); n != 1 { // listing extends too
		t.Errorf("%d payloads, want 1", n)
	}
	clock.Add(6 * day)
	a.staff("Reservas", nil)
	if n := payloads(); n != 2 {
		t.Errorf("%d payloads, want 2", n)
	}
	clock.Add(7 * day) // it ends, and so does the keeping of what is a week old
	a.staff("Reservas", nil)
	if n := payloads(); n != 0 {
		t.Errorf("%d payloads of an expired webhook, want none", n)
	}
	a.refused("POST", path+"/refresh", "", 422, "INVALID_HOOK")
	clock.Add(7 * day)
	a.refused("GET", path+"/payloads", "", 404, "NOT_FOUND")
}

func TestWebhookRefusals(t *testing.T) {
	t.Parallel()
	a := start(t, airtabletest.Options{})
	for _, body := range []string{
		`{}`,
		`{"notificationUrl":"ftp://x/y","specification":{"options":{"filters":{"dataTypes":["tableData"]}}}}`,
		`{"specification":{"options":{"filters":{"dataTypes":["cells"]}}}}`,
		`{"specification":{"options":{"filters":{"dataTypes":["tableData"],"fromSources":["staff"]}}}}`,
		`{"specification":{"options":{"filters":{"dataTypes":["tableData"],"recordChangeScope":"tbl00000000000000"}}}}`,
	} {
		a.refused("POST", "/v0/bases/{base}/webhooks", body, 422, "INVALID_REQUEST_UNKNOWN")
	}
	for range 10 {
		a.hook("null", `{"dataTypes":["tableData"]}`, `{}`)
	}
	a.refused("POST", "/v0/bases/{base}/webhooks", `{"specification":{"options":{"filters":{"dataTypes":["tableData"]}}}}`, 422, "TOO_MANY_WEBHOOKS_IN_BASE")
}

func TestPayloadsLag(t *testing.T) {
	t.Parallel()
	clock := newClock()
	a := start(t, airtabletest.Options{Clock: clock.Now})
	hook, _ := a.hook("null", `{"dataTypes":["tableData"]}`, `{}`)
	payloads := func(cursor int, want int, next float64) {
		t.Helper()
		got := a.ok("GET", fmt.Sprintf("/v0/bases/{base}/webhooks/%s/payloads?cursor=%d", hook, cursor), "")
		if n := len(got["payloads"].([]any)); n != want || got["cursor"] != next || got["mightHaveMore"] != false {
			t.Errorf("from %d: %d payloads, cursor %v, more %v; want %d, and to go on at %v", cursor, n, got["cursor"], got["mightHaveMore"], want, next)
		}
	}
	a.srv.LagPayloads(3 * time.Second)
	a.staff("Reservas", nil)
	clock.Add(2 * time.Second)
	a.staff("Reservas", nil)
	payloads(1, 0, 1)
	clock.Add(time.Second)
	payloads(1, 1, 2)
	if shown := a.ok("GET", "/v0/bases/{base}/webhooks", "")["webhooks"].([]any)[0].(map[string]any); shown["cursorForNextPayload"] != 2.0 {
		t.Errorf("shown as %v", shown)
	}
	payloads(2, 0, 2)
	a.srv.LagPayloads(0)
	payloads(2, 1, 3)
}
