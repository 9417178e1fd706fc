package airtable_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"maitre/store/airtable"
	"maitre/store/airtable/airtabletest"
)

func seeded(t *testing.T, o airtabletest.Options, n int) (*airtable.Client, *airtabletest.Server) {
	t.Helper()
	o.RatePerBase, o.RatePerUser = airtabletest.Unlimited, airtabletest.Unlimited
	c, srv := overHTTP(t, o)
	for i := range n {
		if _, err := srv.Staff().Create("Reservas", map[string]any{
			"ID Reserva": fmt.Sprintf("b%03d", i), "Cantidad de Personas": i, "Nombre del Cliente": "Ana",
		}); err != nil {
			t.Fatal(err)
		}
	}
	return c, srv
}

// ids returns the records' IDs of bookings, sorted: Airtable's order means nothing.
func ids(records []airtable.Record) []string {
	all := make([]string, len(records))
	for i, r := range records {
		all[i], _ = r.Fields["ID Reserva"].Text()
	}
	slices.Sort(all)
	return all
}

func TestListReadsAllPages(t *testing.T) {
	t.Parallel()
	c, srv := seeded(t, airtabletest.Options{}, 250)
	records, err := c.List(t.Context(), "Reservas", airtable.ListOptions{Fields: []string{"ID Reserva"}})
	if err != nil || len(records) != 250 || srv.Count() != 3 {
		t.Fatalf("%d records in %d requests: %v", len(records), srv.Count(), err)
	}
	got := ids(records)
	if got[0] != "b000" || got[249] != "b249" || len(slices.Compact(got)) != 250 {
		t.Errorf("not each record once: %v", got)
	}
	if r := records[0]; len(r.Fields) != 1 || r.ID == "" || r.Created.IsZero() {
		t.Errorf("got %+v", r)
	}
}

func TestListChooses(t *testing.T) {
	t.Parallel()
	c, srv := seeded(t, airtabletest.Options{PageSize: 10}, 30)
	for name, tt := range map[string]struct {
		opts     airtable.ListOptions
		want     int
		requests int
	}{
		"all":              {airtable.ListOptions{}, 30, 3},
		"at most":          {airtable.ListOptions{Max: 7}, 7, 1},
		"at most, paged":   {airtable.ListOptions{Max: 15}, 15, 2},
		"where":            {airtable.ListOptions{Where: airtable.Eq("ID Reserva", "b004")}, 1, 1},
		"nothing is there": {airtable.ListOptions{Where: airtable.Or()}, 0, 1},
	} {
		srv.ResetLog()
		records, err := c.List(t.Context(), "Reservas", tt.opts)
		if err != nil || len(records) != tt.want || srv.Count() != tt.requests {
			t.Errorf("%s: %d records in %d requests, want %d in %d: %v", name, len(records), srv.Count(), tt.want, tt.requests, err)
		}
	}
	field := srv.FieldID("Reservas", "ID Reserva")
	records, err := c.List(t.Context(), "Reservas", airtable.ListOptions{ByFieldID: true, Fields: []string{field}, Max: 1})
	if err != nil || len(records) != 1 || records[0].Fields[field] == nil {
		t.Errorf("by field ID: %v %v", records, err)
	}
}

func TestALongQueryIsSentInABody(t *testing.T) {
	t.Parallel()
	c, srv := seeded(t, airtabletest.Options{PageSize: 20}, 50)
	var any []airtable.Formula
	for i := range 1500 {
		any = append(any, airtable.Eq("ID Reserva", fmt.Sprintf("b%03d", i)))
	}
	opts := airtable.ListOptions{
		Where: airtable.Or(any...), Fields: []string{"ID Reserva"}, Max: 45,
	}
	records, err := c.List(t.Context(), "Reservas", opts)
	if err != nil || len(slices.Compact(ids(records))) != 45 {
		t.Fatalf("%v: %v", ids(records), err)
	}
	opts.ByFieldID = true
	byID, err := c.List(t.Context(), "Reservas", opts)
	if err != nil || len(byID) != 45 || byID[44].Fields[srv.FieldID("Reservas", "ID Reserva")] == nil {
		t.Errorf("by field ID: %v", err)
	}
	for _, r := range srv.Requests() {
		if r.Method != http.MethodPost || !strings.HasSuffix(r.Path, "/Reservas/listRecords") {
			t.Errorf("asked %s %s", r.Method, r.Path)
		}
	}
}

func TestAnExpiredIteratorBeginsAgain(t *testing.T) {
	t.Parallel()
	for _, gone := range []string{"LIST_RECORDS_ITERATOR_NOT_AVAILABLE", "INVALID_OFFSET_VALUE"} {
		c, srv := seeded(t, airtabletest.Options{PageSize: 10}, 35)
		srv.Inject(airtabletest.Fault{
			Ops: []airtabletest.Op{airtabletest.OpList}, Skip: 2, Times: 1, Status: 422, Body: `{"error":{"type":"` + gone + `"}}`,
		})
		records, err := c.List(t.Context(), "Reservas", airtable.ListOptions{})
		if got := ids(records); err != nil || len(got) != 35 || len(slices.Compact(got)) != 35 {
			t.Errorf("%s: %d records: %v", gone, len(got), err)
		}
		if n := srv.Count(); n != 3+4 {
			t.Errorf("%s: %d requests, want 3 and again 4", gone, n)
		}
	}
}

func TestAListThatAlwaysExpiresEnds(t *testing.T) {
	t.Parallel()
	c, srv := seeded(t, airtabletest.Options{PageSize: 10}, 35)
	srv.Inject(airtabletest.Fault{Status: 422, Body: `{"error":{"type":"LIST_RECORDS_ITERATOR_NOT_AVAILABLE"}}`})
	records, err := c.List(t.Context(), "Reservas", airtable.ListOptions{})
	if e := asError(t, err); e.Kind != airtable.Unreachable || records != nil || srv.Count() != 3 {
		t.Errorf("%d records, %+v after %d requests", len(records), e, srv.Count())
	}
}

// A list that breaks off is no list: half a day would free the other half's tables.
func TestAnIncompleteListIsAnError(t *testing.T) {
	t.Parallel()
	c, srv := seeded(t, airtabletest.Options{PageSize: 10}, 35)
	srv.Inject(airtabletest.Fault{Ops: []airtabletest.Op{airtabletest.OpList}, Skip: 2, Status: 502, HTML: true})
	records, err := c.List(t.Context(), "Reservas", airtable.ListOptions{})
	if e := asError(t, err); e.Kind != airtable.Unreachable || records != nil {
		t.Errorf("%d records, %+v", len(records), e)
	}
}

func TestARecordThatComesTwiceCountsOnce(t *testing.T) {
	t.Parallel()
	var page atomic.Int64
	c := scripted(t, func(w http.ResponseWriter, _ *http.Request) {
		if page.Add(1) == 1 {
			_, _ = io.WriteString(w, `{"records":[{"id":"rec1","fields":{"N":1}},{"id":"rec2","fields":{}}],"offset":"itr/rec2"}`)
			return
		}
		_, _ = io.WriteString(w, `{"records":[{"id":"rec1","fields":{"N":2}},{"id":"rec3"}]}`)
	})
	records, err := c.List(t.Context(), "Reservas", airtable.ListOptions{})
	if err != nil || len(records) != 3 {
		t.Fatalf("%v %v", records, err)
	}
	if n, _ := records[0].Fields["N"].Number(); n != 2 {
		t.Errorf("the older of the two stands: %v", n)
	}
}
