package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"maitre/web/remote"
)

func TestTheJournalIsShownAsPeopleReadIt(t *testing.T) {
	t.Parallel()
	const entries = `{"entries":[{"id":"01E","state":"parked","cause":"conflict","attempts":2,"error":"its table was given away","mend":"call the guest",
		"created":"2026-11-23T12:00:00Z","booking":{"code":"K7QF","date":"2026-12-24","time":"21:00","party":4,"name":"Ana","table":"T1","zone":"terraza","phone":"+34612345678","channel":"phone"},
		"history":[{"at":"2026-11-23T12:00:00Z","kind":"unreachable","text":"no connection"}],"alternatives":[{"date":"2026-12-24","time":"22:00","zone":"barra"}]},
		{"id":"01F","state":"pending","attempts":1,"next_attempt":"2026-07-01T13:05:00+07:00","created":"2026-07-01T13:00:00+07:00","booking":{},"history":[]},
		{"id":"01G","state":"pending","attempts":1,"next_attempt":"2026-07-01T13:05:00+07:00","waits_for":"system_of_record","created":"2026-07-01T13:00:00+07:00","booking":{},"history":[]}]}`
	var asked []string
	desk := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer token" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		asked = append(asked, r.Method+" "+r.URL.Path)
		switch r.URL.Path {
		case "/admin/api/journal":
			_, _ = w.Write([]byte(entries))
		case "/admin/api/journal/all/retry":
			_, _ = w.Write([]byte(`{"retried":3}`))
		case "/admin/api/journal/01E/settle":
			_, _ = w.Write([]byte(`{"settled":"01E"}`))
		default:
			w.WriteHeader(http.StatusNotFound)
			_, _ = w.Write([]byte(`{"error":{"code":"not_found","message":"the journal has no such entry"}}`))
		}
	}))
	defer desk.Close()
	staff, err := remote.New(strings.TrimPrefix(desk.URL, "http://"), "token")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args  string
		says  []string
		wrong string
	}{
		{"", []string{"01E", "parked (conflict)", "K7QF 2026-12-24 21:00 ×4 Ana", "given away", "  13:05:00  ", "  when the system of record answers  "}, ""},
		{"list", []string{"01E"}, ""},
		{"show 01e", []string{"mend      call the guest", "offer     2026-12-24 22:00 barra", "unreachable: no connection", "+34612345678"}, ""},
		{"show 01F", []string{"next      2026-07-01 13:05:00", "accepted  2026-07-01 13:00:00"}, ""},
		{"show 01G", []string{"next      when the system of record answers"}, ""},
		{"show 01X", nil, "no entry 01X"},
		{"retry all", []string{"3 entries"}, ""},
		{"retry 01X", nil, "no such entry"},
		{"settle 01E", nil, "say how it was settled"},
		{"settle 01E --why ok", []string{"settled: 01E"}, ""},
		{"settle 01E --what ok", nil, "journal list"},
		{"dance", nil, "journal list"},
		{"retry", nil, "journal list"},
	} {
		var out bytes.Buffer
		err := runJournal(t.Context(), staff, strings.Fields(c.args), &out)
		if (err == nil) != (c.wrong == "") || err != nil && !strings.Contains(err.Error(), c.wrong) {
			t.Errorf("journal %s: %v, want %q", c.args, err, c.wrong)
		}
		for _, want := range c.says {
			if !strings.Contains(out.String(), want) {
				t.Errorf("journal %s: no %q in\n%s", c.args, want, &out)
			}
		}
	}
}
