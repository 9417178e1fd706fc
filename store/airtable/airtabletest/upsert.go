package airtabletest

import (
	"reflect"
	"slices"
)

func (s *Server) patchMany(c *call) (any, error) { return s.updateMany(c, false) }
func (s *Server) putMany(c *call) (any, error)   { return s.updateMany(c, true) }

func (s *Server) updateMany(c *call, clear bool) (any, error) {
	w, err := s.write(c, "records", "performUpsert")
	if err != nil {
		return nil, err
	}
	merge, upsert, err := mergeFields(w.table, w.object["performUpsert"])
	if err != nil {
		return nil, err
	}
	items, ok := readItems(w.object["records"], "id", "fields")
	if !ok || !upsert && slices.ContainsFunc(items, func(it item) bool { return it.id == "" }) {
		return nil, errRecordsToUpdate
	}
	p, err := s.prepare(w, items)
	if err != nil {
		return nil, err
	}
	for i := range items {
		if err := items[i].find(w.table, merge); err != nil {
			return nil, err
		}
	}
	rows, created, updated := s.save(c, w, p, items, clear)
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

// find finds the record that an item means. Two items of one request with the same
// new key make two records [emu]. A key that an item leaves out matches the records
// where it is empty [emu].
func (it *item) find(t *table, merge []*field) error {
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
