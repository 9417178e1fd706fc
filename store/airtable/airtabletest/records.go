package airtabletest

import (
	"encoding/json"
	"slices"
)

// body reads a request's JSON object, which may hold these keys and no others. An
// empty body is an empty object.
func (c *call) object(keys ...string) (map[string]any, error) {
	if len(c.body) == 0 {
		return map[string]any{}, nil
	}
	if !c.json {
		return nil, errBadBody
	}
	var parsed any
	if err := json.Unmarshal(c.body, &parsed); err != nil {
		return nil, errBadBody
	}
	object, ok := parsed.(map[string]any)
	if !ok || !onlyKeys(object, keys...) {
		return nil, errInvalidRequest
	}
	return object, nil
}

func onlyKeys(object map[string]any, keys ...string) bool {
	for key := range object {
		if !slices.Contains(keys, key) {
			return false
		}
	}
	return true
}

// flag reads a boolean; absent and null are false.
func flag(v any) (bool, error) {
	if v == nil {
		return false, nil
	}
	on, ok := v.(bool)
	if !ok {
		return false, errInvalidRequest
	}
	return on, nil
}

// noQuery refuses query parameters where none are known.
func (c *call) noQuery() error {
	if len(c.query) > 0 {
		return errInvalidRequest
	}
	return nil
}

// write is what the bodies of writes have in common.
type write struct {
	object   map[string]any
	table    *table
	typecast bool
	look     look
}

func (s *Server) write(c *call, keys ...string) (write, error) {
	var w write
	if err := c.noQuery(); err != nil {
		return w, err
	}
	var err error
	if w.object, err = c.object(append(keys, "typecast", "returnFieldsByFieldId")...); err != nil {
		return w, err
	}
	if w.typecast, err = flag(w.object["typecast"]); err != nil {
		return w, err
	}
	if w.look.byID, err = flag(w.object["returnFieldsByFieldId"]); err != nil {
		return w, err
	}
	w.table, err = s.writable(c)
	return w, err
}

// writable finds the table of a write that the caller may make.
func (s *Server) writable(c *call) (*table, error) {
	t := s.base.table(c.table)
	if t == nil {
		return nil, errModelNotFound
	}
	if c.token.Role == RoleReader || t.locked {
		what := "perform this operation"
		if c.op == OpCreate {
			what = "create records in table " + t.name + " (" + t.id + ")"
		}
		return nil, notPermitted(what)
	}
	return t, nil
}

func (s *Server) create(c *call) (any, error) {
	w, err := s.write(c, "records", "fields")
	if err != nil {
		return nil, err
	}
	values, single, err := creations(w.object)
	if err != nil {
		return nil, err
	}
	p := newPlan(s.base, w.typecast)
	planned := make([]map[string]any, 0, len(values))
	for _, v := range values {
		cells, err := p.cells(w.table, v)
		if err != nil {
			return nil, err
		}
		planned = append(planned, cells)
	}
	tx := s.begin(sourceAPI, c.token.User)
	tx.apply(p)
	rows := make([]any, 0, len(planned))
	made := make([]*record, 0, len(planned))
	for _, cells := range planned {
		made = append(made, tx.create(w.table, s.base.draw("rec"), cells))
	}
	tx.commit()
	for _, r := range made {
		rows = append(rows, s.base.row(w.table, r, w.look))
	}
	if single {
		return rows[0], nil
	}
	return map[string]any{"records": rows}, nil
}

// creations reads {"records":[{"fields":{}}…]} or {"fields":{}}.
func creations(object map[string]any) (values []map[string]any, single bool, err error) {
	fields, one := object["fields"]
	records, many := object["records"]
	if one == many {
		return nil, false, errRecordsToCreate
	}
	if one {
		v, ok := fields.(map[string]any)
		if !ok {
			return nil, false, errRecordsToCreate
		}
		return []map[string]any{v}, true, nil
	}
	list, ok := records.([]any)
	if !ok || len(list) == 0 || len(list) > maxBatch {
		return nil, false, errRecordsToCreate
	}
	for _, item := range list {
		object, ok := item.(map[string]any)
		v, hasFields := object["fields"].(map[string]any)
		if !ok || !hasFields || !onlyKeys(object, "fields") {
			return nil, false, errRecordsToCreate
		}
		values = append(values, v)
	}
	return values, false, nil
}

func (s *Server) patchOne(c *call) (any, error) { return s.updateOne(c, false) }
func (s *Server) putOne(c *call) (any, error)   { return s.updateOne(c, true) }

func (s *Server) updateOne(c *call, clear bool) (any, error) {
	w, err := s.write(c, "fields")
	if err != nil {
		return nil, err
	}
	values, ok := w.object["fields"].(map[string]any)
	if !ok {
		return nil, errInvalidRequest
	}
	r := w.table.byID[c.id]
	if r == nil {
		return nil, errRecordNotFound
	}
	p := newPlan(s.base, w.typecast)
	cells, err := p.cells(w.table, values)
	if err != nil {
		return nil, err
	}
	tx := s.begin(sourceAPI, c.token.User)
	tx.apply(p)
	tx.update(w.table, r, cells, clear)
	tx.commit()
	return s.base.row(w.table, r, w.look), nil
}

func (s *Server) deleteOne(c *call) (any, error) {
	if err := c.noQuery(); err != nil {
		return nil, err
	}
	t, err := s.writable(c)
	if err != nil {
		return nil, err
	}
	r := t.byID[c.id]
	if r == nil {
		return nil, errRecordNotFound
	}
	tx := s.begin(sourceAPI, c.token.User)
	tx.remove(t, r)
	tx.commit()
	return map[string]any{"id": r.id, "deleted": true}, nil
}

func (s *Server) deleteMany(c *call) (any, error) {
	for key := range c.query {
		if !isList(key, "records") {
			return nil, errInvalidRequest
		}
	}
	ids := listParam(c.query, "records")
	if len(ids) == 0 || len(ids) > maxBatch || slices.ContainsFunc(ids, func(id string) bool { return !isID("rec", id) }) {
		return nil, errRecordsToDelete
	}
	t, err := s.writable(c)
	if err != nil {
		return nil, err
	}
	var gone []*record
	out := make([]any, 0, len(ids))
	for _, id := range ids {
		r := t.byID[id]
		if r == nil {
			return nil, errRecordNotFound
		}
		if !slices.Contains(gone, r) {
			gone = append(gone, r)
			out = append(out, map[string]any{"id": r.id, "deleted": true})
		}
	}
	tx := s.begin(sourceAPI, c.token.User)
	for _, r := range gone {
		tx.remove(t, r)
	}
	tx.commit()
	return map[string]any{"records": out}, nil
}
