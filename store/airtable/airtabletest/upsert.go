package airtabletest

import (
	"reflect"
)

func (s *Server) patchMany(c *call) (any, error) { return s.updateMany(c, false) }
func (s *Server) putMany(c *call) (any, error)   { return s.updateMany(c, true) }

// item is one record of a batch: which one, and its values.
type item struct {
	id     string // "" where performUpsert is to find it
	values map[string]any
	cells  map[string]any
	target *record // nil: to be made
}

func (s *Server) updateMany(c *call, clear bool) (any, error) {
	w, err := s.write(c, "records", "performUpsert")
	if err != nil {
		return nil, err
	}
	merge, upsert, err := mergeFields(w.table, w.object["performUpsert"])
	if err != nil {
		return nil, err
	}
	items, err := readItems(w.object["records"], upsert)
	if err != nil {
		return nil, err
	}
	p := newPlan(s.base, w.typecast)
	for i := range items {
		if err := p.resolve(w.table, &items[i], merge); err != nil {
			return nil, err
		}
	}
	created, updated, rows := []string{}, []string{}, make([]any, 0, len(items))
	tx := s.begin(sourceAPI, c.token.User)
	tx.apply(p)
	for i := range items {
		it := &items[i]
		if it.target == nil {
			it.target = tx.create(w.table, s.base.draw("rec"), it.cells)
			created = append(created, it.target.id)
			continue
		}
		tx.update(w.table, it.target, it.cells, clear)
		updated = append(updated, it.target.id)
	}
	tx.commit()
	for _, it := range items {
		rows = append(rows, s.base.row(w.table, it.target, w.look))
	}
	out := map[string]any{"records": rows}
	if upsert {
		out["createdRecords"], out["updatedRecords"] = created, updated
	}
	return out, nil
}

// mergeFields reads performUpsert: one to three fields, by name or ID, of the
// types that can be matched.
func mergeFields(t *table, v any) (merge []*field, upsert bool, err error) {
	if v == nil {
		return nil, false, nil
	}
	object, ok := v.(map[string]any)
	if !ok || !onlyKeys(object, "fieldsToMergeOn") {
		return nil, true, errInvalidRequest
	}
	refs, ok := stringList(object["fieldsToMergeOn"])
	if !ok || len(refs) < 1 || len(refs) > 3 {
		return nil, true, errInvalidRequest
	}
	for _, ref := range refs {
		f := t.field(ref)
		if f == nil {
			return nil, true, unknownField(ref)
		}
		if !f.Type.mergeable() {
			return nil, true, errInvalidRequest
		}
		merge = append(merge, f)
	}
	return merge, true, nil
}

func readItems(v any, upsert bool) ([]item, error) {
	list, ok := v.([]any)
	if !ok || len(list) == 0 || len(list) > maxBatch {
		return nil, errRecordsToUpdate
	}
	items := make([]item, 0, len(list))
	for _, entry := range list {
		object, ok := entry.(map[string]any)
		if !ok || !onlyKeys(object, "id", "fields") {
			return nil, errRecordsToUpdate
		}
		values, ok := object["fields"].(map[string]any)
		if !ok {
			return nil, errRecordsToUpdate
		}
		it := item{values: values}
		if id, given := object["id"]; given || !upsert {
			if it.id, ok = id.(string); !ok || !isID("rec", it.id) {
				return nil, errRecordsToUpdate
			}
		}
		items = append(items, it)
	}
	return items, nil
}

// resolve checks an item's values and finds the record that it means. Two items
// of one request with the same new key make two records [emu]. A key that an item
// leaves out matches the records where it is empty [emu].
func (p *plan) resolve(t *table, it *item, merge []*field) error {
	var err error
	if it.cells, err = p.cells(t, it.values); err != nil {
		return err
	}
	if it.id != "" {
		if it.target = t.byID[it.id]; it.target == nil {
			return errRecordNotFound
		}
		return nil
	}
	for _, r := range t.records {
		if !matches(r, it.cells, merge) {
			continue
		}
		if it.target != nil {
			return errAmbiguousUpsert
		}
		it.target = r
	}
	return nil
}

func matches(r *record, cells map[string]any, merge []*field) bool {
	for _, f := range merge {
		has, wants := r.cells[f.ID], cells[f.ID]
		a, texts := has.(string)
		b, both := wants.(string)
		if texts && both { // nearly always, and of very many records
			if a != b {
				return false
			}
		} else if !reflect.DeepEqual(has, wants) {
			return false
		}
	}
	return true
}
