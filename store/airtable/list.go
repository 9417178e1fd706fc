package airtable

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
)

const (
	// maxQuery is how long a query may be before the options travel in a body.
	// Airtable takes addresses of 16,000 characters; proxies in between often stop at 8 KiB.
	maxQuery = 7_500
	// maxRestarts is how often a list begins again because its iterator expired.
	maxRestarts = 2
)

// ListOptions choose records. The zero value is all of them, with all fields, in
// no particular order.
type ListOptions struct {
	// Fields by name or ID. Empty is all.
	Fields []string
	// Where keeps the records for which it is true.
	Where Formula
	// Max is how many records to return at most; 0 is all.
	Max int
	// ByFieldID asks for cells by field ID in place of name.
	ByFieldID bool
}

// List returns the records of a table that opts choose, reading all pages, each
// record once.
//
// Each page is a request of its own. When the iterator that Airtable pages by
// expires, the list begins again from the start, a few times.
func (c *Client) List(ctx context.Context, table string, opts ListOptions) ([]Record, error) {
	if err := opts.Where.Err(); err != nil {
		return nil, &Error{Kind: Permanent, Operation: OpList, Table: table, Blame: BlameBase, Message: "not sent",
			Fix: "Name the field by its ID (fld…) in the restaurant file.", Err: err}
	}
	for restarts := 0; ; restarts++ {
		records, err := c.listOnce(ctx, table, opts)
		if err == nil {
			return records, nil
		}
		e, _ := errors.AsType[*Error](err)
		if restarts == maxRestarts || e.Type != typeIteratorGone && e.Type != typeBadOffset {
			return nil, err
		}
	}
}

func (c *Client) listOnce(ctx context.Context, table string, opts ListOptions) ([]Record, error) {
	var records []Record
	at := map[string]int{}
	for offset := ""; ; {
		var page struct {
			Records []wireRecord `json:"records"`
			Offset  string       `json:"offset"`
		}
		r := c.listRequest(table, opts, offset)
		if err := c.ask(ctx, r, &page); err != nil {
			return nil, err
		}
		if page.Records == nil {
			return nil, r.incomplete()
		}
		for _, w := range page.Records {
			// A row that moved while the pages were read can come twice [?].
			if i, again := at[w.ID]; again {
				records[i] = Record(w)
				continue
			}
			at[w.ID] = len(records)
			records = append(records, Record(w))
		}
		if page.Offset == "" || opts.Max > 0 && len(records) >= opts.Max {
			return records, nil
		}
		offset = page.Offset
	}
}

func (c *Client) listRequest(table string, o ListOptions, offset string) request {
	r := request{op: OpList, table: table, method: http.MethodGet, path: []string{c.cfg.BaseID, table}}
	r.query = url.Values{}
	if len(o.Fields) > 0 {
		r.query["fields[]"] = o.Fields
	}
	body := map[string]any{}
	set := func(key string, value any, given bool) {
		if given {
			r.query.Set(key, fmt.Sprint(value))
			body[key] = value
		}
	}
	set("filterByFormula", o.Where.String(), o.Where != Formula{})
	set("maxRecords", o.Max, o.Max > 0)
	set("returnFieldsByFieldId", true, o.ByFieldID)
	set("offset", offset, offset != "")
	if len(r.query.Encode()) <= maxQuery {
		return r
	}
	if len(o.Fields) > 0 {
		body["fields"] = o.Fields
	}
	r.method, r.path, r.query, r.body = http.MethodPost, append(r.path, "listRecords"), nil, body
	return r
}
