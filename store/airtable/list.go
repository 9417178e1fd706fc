package airtable

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
)

const (
	// maxPage is the most records in a page, and Airtable's default.
	maxPage = 100
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
	Sort  []Sort
	// View by name or ID: its filter and its order.
	View string
	// PageSize is records a request: 1 to 100, 0 is 100.
	PageSize int
	// Max is how many records to return at most; 0 is all.
	Max int
	// ByFieldID asks for cells by field ID in place of name.
	ByFieldID bool
}

// Sort orders by a field.
type Sort struct {
	Field string
	Desc  bool
}

// List returns the records of a table that opts choose, reading all pages, each
// record once.
//
// Each page is a request of its own in the line. When the iterator that Airtable
// pages by expires, the list begins again from the start, a few times.
func (c *Client) List(ctx context.Context, table string, opts ListOptions) ([]Record, error) {
	if err := opts.Where.Err(); err != nil {
		return nil, &Error{Kind: Permanent, Operation: OpList, Table: table, Blame: BlameBase, Message: "not sent",
			Mend: "Name the field by its ID (fld…) in the restaurant file.", Err: err}
	}
	for restarts := 0; ; restarts++ {
		records, err := c.listOnce(ctx, table, opts)
		if err == nil {
			return records, nil
		}
		if e := asError(err); restarts == maxRestarts || e.Type != typeIteratorGone && e.Type != typeBadOffset {
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
				records[i] = w.record()
				continue
			}
			at[w.ID] = len(records)
			records = append(records, w.record())
		}
		if page.Offset == "" || opts.Max > 0 && len(records) >= opts.Max {
			return records, nil
		}
		offset = page.Offset
	}
}

func (c *Client) listRequest(table string, opts ListOptions, offset string) request {
	r := request{op: OpList, table: table, method: http.MethodGet, path: []string{c.cfg.BaseID, table}}
	query := opts.query(offset)
	if len(query.Encode()) <= maxQuery {
		r.query = query
		return r
	}
	r.method, r.path = http.MethodPost, append(r.path, "listRecords")
	r.body = opts.body(offset)
	return r
}

func (o ListOptions) query(offset string) url.Values {
	q := url.Values{}
	for _, field := range o.Fields {
		q.Add("fields[]", field)
	}
	for i, s := range o.Sort {
		key := "sort[" + strconv.Itoa(i) + "]"
		q.Set(key+"[field]", s.Field)
		q.Set(key+"[direction]", s.direction())
	}
	for key, value := range map[string]string{"filterByFormula": o.Where.String(), "view": o.View, "offset": offset} {
		if value != "" {
			q.Set(key, value)
		}
	}
	if o.PageSize > 0 && o.PageSize < maxPage {
		q.Set("pageSize", strconv.Itoa(o.PageSize))
	}
	if o.Max > 0 {
		q.Set("maxRecords", strconv.Itoa(o.Max))
	}
	if o.ByFieldID {
		q.Set("returnFieldsByFieldId", "true")
	}
	return q
}

type listBody struct {
	Fields   []string   `json:"fields,omitempty"`
	Where    string     `json:"filterByFormula,omitempty"`
	Sort     []sortBody `json:"sort,omitempty"`
	View     string     `json:"view,omitempty"`
	PageSize int        `json:"pageSize,omitempty"`
	Max      int        `json:"maxRecords,omitempty"`
	ByID     bool       `json:"returnFieldsByFieldId,omitempty"`
	Offset   string     `json:"offset,omitempty"`
}

type sortBody struct {
	Field     string `json:"field"`
	Direction string `json:"direction"`
}

func (o ListOptions) body(offset string) listBody {
	b := listBody{Fields: o.Fields, Where: o.Where.String(), View: o.View, Max: max(0, o.Max), ByID: o.ByFieldID, Offset: offset}
	if o.PageSize > 0 && o.PageSize < maxPage {
		b.PageSize = o.PageSize
	}
	for _, s := range o.Sort {
		b.Sort = append(b.Sort, sortBody{Field: s.Field, Direction: s.direction()})
	}
	return b
}

func (s Sort) direction() string {
	if s.Desc {
		return "desc"
	}
	return "asc"
}

// Get returns one record with all its fields, by name or by ID. One that is not
// there is [ErrNotFound].
func (c *Client) Get(ctx context.Context, table, id string, byFieldID bool) (Record, error) {
	r := request{op: OpGet, table: table, method: http.MethodGet, path: []string{c.cfg.BaseID, table, id}}
	if byFieldID {
		r.query = url.Values{"returnFieldsByFieldId": {"true"}}
	}
	var w wireRecord
	if err := c.ask(ctx, r, &w); err != nil {
		return Record{}, err
	}
	if w.ID == "" {
		return Record{}, r.incomplete()
	}
	return w.record(), nil
}
