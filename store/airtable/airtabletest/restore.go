package airtabletest

import (
	"cmp"
	"maps"
	"slices"
)

// discard keeps what was deleted, as it stood, for Restore.
func (t *table) discard(r *record) {
	if t.discarded == nil {
		t.discarded = map[string]*record{}
	}
	kept := *r
	kept.cells, kept.modified = maps.Clone(r.cells), maps.Clone(r.modified)
	t.discarded[r.id] = &kept
}

func (t *table) discardedIDs() []string {
	return slices.SortedFunc(maps.Keys(t.discarded), func(a, b string) int {
		return cmp.Compare(t.discarded[a].number, t.discarded[b].number)
	})
}

// Deleted returns the IDs of the rows that were deleted and not brought back, in
// the order in which they were made.
func (p Staff) Deleted(tableName string) (ids []string, err error) {
	err = p.edit(tableName, func(_ *transaction, t *table) error {
		ids = t.discardedIDs()
		return nil
	})
	return ids, err
}

// Restore brings deleted rows back in one action, as «Undo» does and the bin of a
// base: with their IDs, cells and links [?]. Without IDs, all that were deleted.
func (p Staff) Restore(tableName string, ids ...string) error {
	return p.edit(tableName, func(tx *transaction, t *table) error {
		if len(ids) == 0 {
			ids = t.discardedIDs()
		}
		for _, id := range ids {
			if t.discarded[id] == nil {
				return errRecordNotFound
			}
		}
		for _, id := range ids {
			kept := t.discarded[id]
			delete(t.discarded, id)
			r := tx.create(t, id, kept.cells)
			r.created, r.number = kept.created, kept.number
		}
		return nil
	})
}
