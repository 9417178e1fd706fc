package airtabletest_test

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"maitre/store/airtable/airtabletest"
)

func TestFaults(t *testing.T) {
	t.Parallel()
	const body = `{"fields":{"Código":"A"}}`
	tests := []struct {
		name    string
		fault   airtabletest.Fault
		status  int // 0: no answer
		kind    string
		records int // that are there afterwards
	}{
		{"500", airtabletest.Fault{Status: 500}, 500, "SERVER_ERROR", 0},
		{"500 after the write", airtabletest.Fault{Status: 500, After: true}, 500, "SERVER_ERROR", 1},
		{"502 with a page", airtabletest.Fault{Status: 502, HTML: true}, 502, "", 0},
		{"503", airtabletest.Fault{Status: 503, RetryAfter: "7"}, 503, "RETRIABLE_ERROR", 0},
		{"429", airtabletest.Fault{Status: 429}, 429, "RATE_LIMIT_REACHED", 0},
		{"a body of one's own", airtabletest.Fault{Status: 403, Body: `{"error":"ODD"}`}, 403, "ODD", 0},
		{"dropped before the write", airtabletest.Fault{Drop: true}, 0, "", 0},
		{"dropped after the write", airtabletest.Fault{Drop: true, After: true}, 0, "", 1},
		{"latency alone", airtabletest.Fault{Latency: airtabletest.Duration(time.Millisecond)}, 200, "", 1},
		{"another operation", airtabletest.Fault{Status: 500, Ops: []airtabletest.Op{airtabletest.OpUpsert}}, 200, "", 1},
		{"any write", airtabletest.Fault{Status: 500, Ops: airtabletest.Writes()}, 500, "SERVER_ERROR", 0},
		{"another table", airtabletest.Fault{Status: 500, Table: "Mesas"}, 200, "", 1},
		{"this table", airtabletest.Fault{Status: 500, Table: "Reservas"}, 500, "SERVER_ERROR", 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := start(t, airtabletest.Options{})
			a.srv.Inject(test.fault)
			r, err := a.do("POST", "/v0/{base}/Reservas", body)
			if (err != nil) != (test.status == 0) || err == nil && (r.status != test.status || errorType(r.body) != test.kind) {
				t.Errorf("status %d, type %q, error %v; want %d, %q", r.status, errorType(r.body), err, test.status, test.kind)
			}
			if test.fault.HTML && !strings.HasPrefix(r.header.Get("Content-Type"), "text/html") {
				t.Errorf("Content-Type %q", r.header.Get("Content-Type"))
			}
			if err == nil && r.header.Get("Retry-After") != test.fault.RetryAfter {
				t.Errorf("Retry-After %q", r.header.Get("Retry-After"))
			}
			if n := len(a.srv.Records("Reservas")); n != test.records {
				t.Errorf("%d records, want %d", n, test.records)
			}
			log := a.srv.Requests()
			if len(log) != 1 || log[0].Op != airtabletest.OpCreate || log[0].Status != test.status || log[0].Body != body {
				t.Errorf("log: %+v", log)
			}
			a.srv.LiftFaults()
			a.ok("POST", "/v0/{base}/Reservas", body)
		})
	}
}

func TestFaultsSkipAndEnd(t *testing.T) {
	t.Parallel()
	a := start(t, airtabletest.Options{})
	lift := a.srv.Inject(airtabletest.Fault{Skip: 1, Times: 2, Status: 503})
	var got []int
	for range 5 {
		r, err := a.do("GET", "/v0/{base}/Mesas", "")
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, r.status)
	}
	if diff := cmp.Diff([]int{200, 503, 503, 200, 200}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if n := lift(); n != 2 {
		t.Errorf("it hit %d times, want 2", n)
	}
	counts := a.srv.Counts()
	if counts.Total != 5 || counts.Statuses[503] != 2 || counts.Errors["fault"] != 2 || a.srv.Count(airtabletest.OpList) != 5 {
		t.Errorf("counts %+v", counts)
	}
}

func TestChanceIsTheSameForTheSameSeed(t *testing.T) {
	t.Parallel()
	run := func(seed uint64) (out string) {
		a := start(t, airtabletest.Options{Seed: seed})
		a.srv.Inject(airtabletest.Fault{Probability: 0.5, Status: 500})
		for range 40 {
			r, err := a.do("GET", "/v0/meta/whoami", "")
			if err != nil {
				t.Fatal(err)
			}
			out += fmt.Sprint(r.status, " ")
		}
		return out
	}
	first := run(1)
	if first != run(1) || first == run(2) || !strings.Contains(first, "500") || !strings.Contains(first, "200") {
		t.Errorf("by chance: %s", first)
	}
}

func TestHangingEndsWithTheClient(t *testing.T) {
	t.Parallel()
	a := start(t, airtabletest.Options{})
	a.srv.Inject(airtabletest.Fault{Hang: true, After: true})
	// The deadline is for a server that does something else than hang.
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, "POST", a.srv.URL()+"/v0/"+a.srv.BaseID()+"/Mesas", strings.NewReader(`{"fields":{}}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+a.token)
	request.Header.Set("Content-Type", "application/json")
	failed := make(chan error, 1)
	go func() {
		_, err := a.send(request)
		failed <- err
	}()
	for len(a.srv.Records("Mesas")) == 0 { // it takes effect, and then hangs
		select {
		case err := <-failed:
			t.Fatalf("it did not hang: %v", err)
		default:
		}
	}
	cancel()
	if err := <-failed; err == nil {
		t.Error("a hanging request was answered")
	}
}

// Many at once: writers, staff, readers, faults. It is the race detector that
// judges, and that nothing is lost.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	a := start(t, airtabletest.Options{Seed: 3})
	a.hook("null", `{"dataTypes":["tableData"]}`, `{"includeCellValuesInFieldIds":"all"}`)
	a.srv.Inject(airtabletest.Fault{Ops: []airtabletest.Op{airtabletest.OpList}, Probability: 0.2, Drop: true})
	const workers, each = 8, 15
	var group sync.WaitGroup
	for w := range workers {
		group.Go(func() {
			for i := range each {
				key := fmt.Sprintf("%d-%d", w, i)
				if _, err := a.srv.Staff().Create("Reservas", map[string]any{"Código": key}); err != nil {
					t.Error(err)
				}
				_, _ = a.do("GET", "/v0/{base}/Reservas?sort[0][field]=Hora", "")
				r, err := a.do("PATCH", "/v0/{base}/Reservas", `{"performUpsert":{"fieldsToMergeOn":["ID Reserva"]},"records":[{"fields":{"ID Reserva":"`+key+`"}}]}`)
				if err != nil || r.status != 200 {
					t.Errorf("upsert: status %d, %v", r.status, err)
				}
				a.srv.Advance(time.Second)
				_ = a.srv.Requests()
			}
		})
	}
	group.Wait()
	if n := len(a.srv.Records("Reservas")); n != 2*workers*each {
		t.Errorf("%d records, want %d", n, 2*workers*each)
	}
}

func TestFaultsDo(t *testing.T) {
	t.Parallel()
	a := start(t, airtabletest.Options{})
	rows := func() int { return len(a.srv.Records("Mesas")) }
	var before, after int
	a.srv.Inject(airtabletest.Fault{Ops: airtabletest.Writes(), Times: 1, Do: func() { before = rows() }})
	a.srv.Inject(airtabletest.Fault{Ops: airtabletest.Writes(), Times: 1, After: true, Status: 500, Do: func() { after = rows() }})
	a.ok("POST", "/v0/{base}/Mesas", `{"fields":{}}`)
	a.refused("POST", "/v0/{base}/Mesas", `{"fields":{}}`, 500, "SERVER_ERROR")
	if before != 0 || after != 2 {
		t.Errorf("%d rows before the first took effect, %d after the second did; want 0 and 2", before, after)
	}
}

func TestStaffRestore(t *testing.T) {
	t.Parallel()
	a := start(t, airtabletest.Options{})
	table := a.staff("Mesas", map[string]any{"ID Mesa": "T1"}).ID
	a.staff("Reservas", map[string]any{"Código": "K7QF", "Mesa": []string{table}})
	a.staff("Reservas", map[string]any{"Código": "R4R2"})
	before := a.srv.Records("Reservas")
	if err := a.srv.Staff().Clear("Reservas"); err != nil {
		t.Fatal(err)
	}
	hook, _ := a.hook("null", `{"dataTypes":["tableData"],"changeTypes":["add"]}`, `{}`)
	if err := a.srv.Staff().Restore("Reservas"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, a.srv.Records("Reservas")); diff != "" {
		t.Errorf("(-before +restored):\n%s", diff)
	}
	if got := a.ok("GET", "/v0/bases/{base}/webhooks/"+hook+"/payloads", ""); len(got["payloads"].([]any)) != 1 {
		t.Errorf("webhooks tell of %v, want one action", got)
	}
	if mesa, _ := a.srv.Record(table); len(mesa.Fields["Reservas"].([]string)) != 1 {
		t.Errorf("the table's other end: %v", mesa.Fields)
	}
	if err := a.srv.Staff().Restore("Reservas", before[0].ID); err == nil {
		t.Error("what is there is restored again")
	}
}

func TestAWriteTakesEffectLate(t *testing.T) {
	t.Parallel()
	a := start(t, airtabletest.Options{})
	a.srv.Inject(airtabletest.Fault{Times: 1, Late: airtabletest.Duration(time.Millisecond)})
	if r, err := a.do("POST", "/v0/{base}/Mesas", `{"fields":{}}`); err == nil {
		t.Errorf("answered %d, want no answer", r.status)
	}
	for len(a.srv.Records("Mesas")) == 0 { // it does in the end, though its client has gone
		runtime.Gosched()
	}
	a.srv.Inject(airtabletest.Fault{Times: 1, Status: 503, Late: airtabletest.Duration(time.Hour)})
	a.refused("POST", "/v0/{base}/Mesas", `{"fields":{}}`, 503, "RETRIABLE_ERROR")
	a.srv.Close() // gives up what is still to come
	if n := len(a.srv.Records("Mesas")); n != 1 {
		t.Errorf("%d rows, want the one", n)
	}
}
