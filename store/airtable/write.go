package airtable

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

const (
	// maxRecords is how many records a write takes.
	maxRecords = 10
	maxMergeOn = 3
)

// Target is where records are written and how. Writes to equal targets share requests.
type Target struct {
	// Table by name or ID; always the same of the two for one table, since requests
	// are grouped by it.
	Table string
	// MergeOn are the fields, by name or ID, that an upsert finds its row by: one
	// to three. Other writes ignore it.
	MergeOn []string
	// Typecast has Airtable make of text what a field needs, and create the
	// choices that a select lacks.
	Typecast bool
	// ByFieldID asks for the answer's fields by ID in place of name.
	ByFieldID bool
}

// Written is the result of one record's write.
type Written struct {
	// Record is the row as it is now, with all its fields. Only the ID after a delete.
	Record Record
	// Created reports whether the row is new.
	Created bool
	// Err is an [Error]; the rest is then zero.
	Err error
}

// Failures joins the errors of those that failed; nil when none did.
func Failures(all []Written) error {
	var errs []error
	for _, w := range all {
		errs = append(errs, w.Err)
	}
	return errors.Join(errs...)
}

// Create makes new rows. A create whose outcome is unknown is not safe to send
// again: prefer Upsert.
//
// As with every write, what waits while another request is under way is sent
// together in the next; the answer has one entry for each record, in
// order. A record that Airtable refuses does not keep the others from being
// written. ctx ending gives up what has not been sent and stops waiting for what has.
func (c *Client) Create(ctx context.Context, to Target, records ...Record) []Written {
	return c.write(ctx, OpCreate, to, records)
}

// Update changes the named fields of rows that are known by ID.
func (c *Client) Update(ctx context.Context, to Target, records ...Record) []Written {
	return c.write(ctx, OpUpdate, to, records)
}

// Upsert changes the row whose fields to.MergeOn equal the record's, or makes it.
// Two rows that match are an error of [BlameRecord]. A record with an ID is the
// row of that ID, whatever its fields.
func (c *Client) Upsert(ctx context.Context, to Target, records ...Record) []Written {
	return c.write(ctx, OpUpsert, to, records)
}

// Delete removes rows. One that is not there any more fails with [ErrNotFound].
func (c *Client) Delete(ctx context.Context, table string, ids ...string) []Written {
	records := make([]Record, len(ids))
	for i, id := range ids {
		records[i].ID = id
	}
	return c.write(ctx, OpDelete, Target{Table: table}, records)
}

func (c *Client) write(ctx context.Context, op Operation, to Target, records []Record) []Written {
	items := make([]*item, len(records))
	for i, record := range records {
		items[i] = recordItem(ctx, op, to, record)
	}
	c.queue.wait(ctx, items...)
	all := make([]Written, len(items))
	for i, it := range items {
		all[i] = it.written
	}
	return all
}

// recordItem prepares a record for its request. One that Airtable would misread is
// refused here, so that it does not spoil those that share it.
func recordItem(ctx context.Context, op Operation, to Target, record Record) *item {
	it := newItem(ctx, op, to)
	it.record, it.shape = record, shape(op, to)
	it.address, it.key = addressOf(op, to, record)
	var err error
	if it.payload, err = payloadOf(op, to, record); err != nil {
		it.fail((&request{}).invalid("not sent", err))
	}
	return it
}

// shape is equal for what may travel in one request.
func shape(op Operation, to Target) string {
	s := fmt.Sprintf("%s\x00%s\x00%t\x00%t", op, to.Table, to.Typecast, to.ByFieldID)
	if op == OpUpsert {
		s += "\x00" + strings.Join(to.MergeOn, "\x00")
	}
	return s
}

// payloadOf returns a record as a request carries it.
func payloadOf(op Operation, to Target, record Record) (json.RawMessage, error) {
	if to.Table == "" {
		return nil, errors.New("no table is named")
	}
	switch op {
	case OpDelete, OpUpdate:
		if record.ID == "" {
			return nil, errors.New("the record has no ID")
		}
	case OpCreate:
		record.ID = ""
	case OpUpsert:
		if err := mergeable(to.MergeOn, record); err != nil {
			return nil, err
		}
	}
	for name, cell := range record.Fields {
		if cell != nil && !json.Valid(cell) {
			return nil, fmt.Errorf("the cell of field %q is not JSON", name)
		}
	}
	fields := record.Fields
	if fields == nil {
		fields = map[string]Cell{}
	}
	return json.RawMessage(encode(struct {
		ID     string          `json:"id,omitempty"`
		Fields map[string]Cell `json:"fields"`
	}{record.ID, fields})), nil
}

// mergeable returns an error for a record with an empty field to merge on: it would
// match the rows that the staff typed without one.
func mergeable(mergeOn []string, record Record) error {
	if len(mergeOn) == 0 || len(mergeOn) > maxMergeOn {
		return fmt.Errorf("an upsert merges on one to %d fields, not %d", maxMergeOn, len(mergeOn))
	}
	if record.ID != "" {
		return nil
	}
	for _, name := range mergeOn {
		if record.Fields[name].IsEmpty() {
			return fmt.Errorf("the record has nothing in %q to be found by", name)
		}
	}
	return nil
}

// sendBatch sends items of one shape and returns the result of each.
func (c *Client) sendBatch(ctx context.Context, p *permit, batch []*item) ([]Written, *Error) {
	first := batch[0]
	if first.alone != nil {
		return make([]Written, 1), first.alone(ctx, p)
	}
	r := request{op: first.op, table: first.to.Table, writes: true, path: []string{c.cfg.BaseID, first.to.Table}}
	switch first.op {
	case OpDelete:
		r.method, r.query = http.MethodDelete, url.Values{}
		for _, it := range batch {
			r.query.Add("records[]", it.record.ID)
		}
	case OpCreate:
		r.method, r.body = http.MethodPost, bodyOf(batch)
	default:
		r.method, r.body = http.MethodPatch, bodyOf(batch)
	}
	var answer struct {
		Records []wireRecord `json:"records"`
		Created []string     `json:"createdRecords"`
	}
	if err := c.send(ctx, p, &r, &answer); err != nil {
		return nil, err
	}
	if n := len(answer.Records); n != len(batch) {
		return nil, r.failed(UnknownOutcome, http.StatusOK, fmt.Sprintf("%d records were sent and %d came back", len(batch), n), nil)
	}
	all := make([]Written, len(batch))
	for i, record := range answer.Records {
		if first.op == OpDelete {
			all[i].Record.ID = batch[i].record.ID
			continue
		}
		all[i] = Written{Record: Record(record), Created: first.op == OpCreate || slices.Contains(answer.Created, record.ID)}
	}
	return all, nil
}

func bodyOf(batch []*item) map[string]any {
	op, to := batch[0].op, batch[0].to
	records := make([]json.RawMessage, len(batch))
	for i, it := range batch {
		records[i] = it.payload
	}
	body := map[string]any{"records": records}
	if op == OpUpsert {
		body["performUpsert"] = map[string]any{"fieldsToMergeOn": to.MergeOn}
	}
	if to.Typecast {
		body["typecast"] = true
	}
	if to.ByFieldID {
		body["returnFieldsByFieldId"] = true
	}
	return body
}

// wireRecord is a record as Airtable sends it.
type wireRecord struct {
	ID      string          `json:"id"`
	Created time.Time       `json:"createdTime"`
	Fields  map[string]Cell `json:"fields"`
}
