package ledger_test

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"maitre/booking"
	"maitre/store/airtable"
	"maitre/store/airtable/mapping"
)

// said is what both the desk and the base can say of a booking.
func said(b booking.Booking) string {
	tables := slices.Sorted(slices.Values(b.Tables))
	return fmt.Sprintf("%s %s-%s %d %s %s %s %s", b.ID, b.Start.UTC().Format("02T15:04"), b.End.UTC().Format("15:04"), b.Party,
		strings.Join(tables, "+"), b.Status, b.Name, b.Phone)
}

// said is the same without the ID when there are copies: which of two rows is
// the copy, the desk knows and the base does not tell.
func (r *fixture) said(b booking.Booking) string {
	if r.copies {
		b.ID = "?"
	}
	return said(b)
}

// inBase reads a day's rows from the base by a client and a mapper of its own,
// each as it would be without the others, the oldest first.
func (r *fixture) inBase(date booking.Date) (all []mapping.Row) {
	r.t.Helper()
	client, err := airtable.New(airtable.Config{Endpoint: r.srv.URL(), Token: airtable.Token(r.srv.Token()), BaseID: r.srv.BaseID(),
		Transport: r.gate.under, Pace: 100_000})
	if err != nil {
		r.t.Fatal(err)
	}
	defer client.Close()
	ctx := context.Background()
	schema, err := client.Schema(ctx)
	if err != nil {
		r.t.Fatal(err)
	}
	m := mapping.New(r.options.names, r.options.restaurant, spanish{}).Bind(schema)
	tables, err := client.List(ctx, m.TablesTable(), airtable.ListOptions{ByFieldID: true})
	if err != nil {
		r.t.Fatal(err)
	}
	_, index, _ := m.Tables(tables)
	rows, err := client.List(ctx, m.BookingsTable(), airtable.ListOptions{ByFieldID: true, Where: m.WhereDay(date)})
	if err != nil {
		r.t.Fatal(err)
	}
	slices.SortFunc(rows, func(a, b airtable.Record) int { return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID)) })
	for _, rec := range rows {
		read, _ := m.Rows([]airtable.Record{rec}, index)
		for _, row := range read {
			if row.Booking.Date == date {
				all = append(all, row)
			}
		}
	}
	return all
}

// compare holds what the desk knows of dates against the base, with what waits
// in the journal laid over it.
func (r *fixture) compare(dates ...booking.Date) string {
	r.t.Helper()
	waiting := map[string]booking.Booking{}
	entries, err := r.journal.List(context.Background(), 1000)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, e := range entries {
		waiting[e.Booking.ID] = e.Booking
	}
	var wrong []string
	for _, date := range dates {
		var want, got []string
		hidden := map[string]bool{}
		for _, row := range r.inBase(date) {
			id := row.Booking.ID
			record, known, err := r.mirror.Record(context.Background(), id)
			if err != nil {
				r.t.Fatal(err)
			}
			_, there := r.srv.Record(record)
			if _, waits := waiting[id]; waits && !hidden[id] && (!known || !there || record == row.Record) {
				hidden[id] = true // what waits lies over it
				continue
			}
			want = append(want, r.said(row.Booking))
		}
		for _, b := range waiting {
			if b.Date == date {
				want = append(want, r.said(b))
			}
		}
		for _, b := range r.bookings(date) {
			got = append(got, r.said(b))
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			wrong = append(wrong, fmt.Sprintf("%s: the desk knows\n  %s\nand the base says\n  %s", date, strings.Join(got, "\n  "), strings.Join(want, "\n  ")))
		}
	}
	return strings.Join(wrong, "\n")
}

// twice tells of tables that two live bookings of ours hold at one time.
func (r *fixture) twice(dates ...booking.Date) string {
	for _, date := range dates {
		all := slices.DeleteFunc(slices.Clone(r.bookings(date)), func(b booking.Booking) bool { return !b.Live() || b.Code == "" })
		slices.SortFunc(all, func(a, b booking.Booking) int { return cmp.Compare(a.ID, b.ID) })
		for i, a := range all {
			for _, b := range all[i+1:] {
				if a.Start.Before(b.End) && b.Start.Before(a.End) && slices.ContainsFunc(a.Tables, func(t string) bool { return slices.Contains(b.Tables, t) }) {
					return said(a) + " and " + said(b)
				}
			}
		}
	}
	return ""
}

func isCreateHook(r *http.Request) bool {
	return r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/webhooks")
}
