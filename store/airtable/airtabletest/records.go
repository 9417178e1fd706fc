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

// item is one record of a write: which one, and its values.
type item struct {
	id     string // "" where it is to be made, or performUpsert is to find it
	values map[string]any
	cells  map[string]any
	target *record // nil: to be made
}

// readItems reads the array of records of a write, each an object with fields and
// no other keys than these.
func readItems(v any, keys ...string) ([]item, bool) {
	list, _ := v.([]any)
	if len(list) == 0 || len(list) > maxBatch {
		return nil, false
	}
	items := make([]item, len(list))
	for i, entry := range list {
		object, _ := entry.(map[string]any)
		values, ok := object["fields"].(map[string]any)
		if !ok || !onlyKeys(object, keys...) {
			return nil, false
		}
		items[i].values = values
		if id, given := object["id"]; given {
			if items[i].id, _ = id.(string); !isID("rec", items[i].id) {
				return nil, false
			}
		}
	}
	return items, true
}

// prepare checks the items' values.
func (s *Server) prepare(w write, items []item) (p *plan, err error) {
	p = newPlan(s.base, w.typecast)
	for i := range items {
		if items[i].cells, err = p.cells(w.table, items[i].values); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// save writes the items as one action, and returns their rows and the IDs of those
// that were made and that were there. clear empties the cells that are not given.
func (s *Server) save(c *call, w write, p *plan, items []item, clear bool) (rows []any, created, updated []string) {
	created, updated = []string{}, []string{}
	tx := s.begin(sourceAPI, c.token.User)
	tx.apply(p)
	for i := range items {
		it := &items[i]
		if it.target == nil {
			it.target = tx.create(w.table, s.base.draw("rec"), it.cells)
			created = append(created, it.target.id)
		} else {
			tx.update(w.table, it.target, it.cells, clear)
			updated = append(updated, it.target.id)
		}
	}
	tx.commit()
	for _, it := range items {
		rows = append(rows, s.base.row(w.table, it.target, w.look))
	}
	return rows, created, updated
}

// create takes {"records":[{"fields":{}}…]} or {"fields":{}}.
func (s *Server) create(c *call) (any, error) {
	w, err := s.write(c, "records", "fields")
	if err != nil {
		return nil, err
	}
	records, many := w.object["records"]
	fields, one := w.object["fields"]
	if one {
		records = []any{map[string]any{"fields": fields}}
	}
	items, ok := readItems(records, "fields")
	if !ok || one == many {
		return nil, errRecordsToCreate
	}
	p, err := s.prepare(w, items)
	if err != nil {
		return nil, err
	}
	rows, _, _ := s.save(c, w, p, items, false)
	if one {
		return rows[0], nil
	}
	return map[string]any{"records": rows}, nil
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
	items := []item{{values: values, target: r}}
	p, err := s.prepare(w, items)
	if err != nil {
		return nil, err
	}
	rows, _, _ := s.save(c, w, p, items, clear)
	return rows[0], nil
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
