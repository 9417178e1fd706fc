package airtabletest

import (
	"maps"
	"reflect"
	"slices"
	"time"
)

// Who made a change, as webhooks call them.
const (
	sourceAPI    = "publicApi"
	sourceClient = "client"
)

// transaction is one action: what it changes becomes one change of the base, with
// a number and a time, and goes to the webhooks that watch for it. Everything in
// it was checked before. Server.mu is held from begin to commit.
type transaction struct {
	s            *Server
	source, user string
	at           time.Time
	changes      map[*table]*tableChange
}

// tableChange collects what happened to one table.
type tableChange struct {
	created   []*record
	before    map[*record]map[string]any // cells as they stood, of changed records
	changed   []*record                  // the keys of before, in order
	destroyed []string

	createdFields []*field
	changedFields map[string]Field // as they stood
	removedFields []string
	oldName       string
}

func (s *Server) begin(source, user string) *transaction {
	return &transaction{s: s, source: source, user: user, at: s.now(), changes: map[*table]*tableChange{}}
}

func (tx *transaction) of(t *table) *tableChange {
	c := tx.changes[t]
	if c == nil {
		c = &tableChange{before: map[*record]map[string]any{}, changedFields: map[string]Field{}}
		tx.changes[t] = c
	}
	return c
}

// apply does what typecast made necessary.
func (tx *transaction) apply(p *plan) {
	for f, choices := range p.choices {
		if f.Options == nil {
			f.Options = &Config{}
		}
		f.Options.Choices = append(f.Options.Choices, choices...)
	}
	for _, made := range p.linked {
		tx.create(made.table, made.id, map[string]any{made.table.primary().ID: made.name})
	}
}

func (tx *transaction) create(t *table, id string, cells map[string]any) *record {
	t.autoNumber++
	// createdTime has whole seconds.
	r := &record{id: id, created: tx.at.Truncate(time.Second), number: t.autoNumber,
		cells: map[string]any{}, modified: map[string]time.Time{}}
	t.records = append(t.records, r)
	t.byID[id] = r
	c := tx.of(t)
	c.created = append(c.created, r)
	tx.set(t, r, cells)
	return r
}

// touch remembers a record as it stood before this transaction.
func (tx *transaction) touch(t *table, r *record) {
	c := tx.of(t)
	if slices.Contains(c.created, r) || c.before[r] != nil {
		return
	}
	c.before[r] = maps.Clone(r.cells)
	c.changed = append(c.changed, r)
}

// update writes cells; clear empties the others that can be written.
func (tx *transaction) update(t *table, r *record, cells map[string]any, clear bool) {
	tx.touch(t, r)
	if clear {
		for _, f := range t.fields {
			if _, given := cells[f.ID]; !given && r.cells[f.ID] != nil {
				tx.setCell(r, f, nil)
			}
		}
	}
	tx.set(t, r, cells)
}

func (tx *transaction) set(t *table, r *record, cells map[string]any) {
	for _, f := range t.fields {
		if cell, given := cells[f.ID]; given {
			tx.setCell(r, f, cell)
		}
	}
}

// setCell writes a cell and, for a link, the other side of it.
func (tx *transaction) setCell(r *record, f *field, cell any) {
	was := r.cells[f.ID]
	if reflect.DeepEqual(was, cell) {
		return
	}
	r.put(f, cell, tx.at)
	if f.Type != MultipleRecordLinks {
		return
	}
	other := tx.s.base.table(f.Options.LinkedTableID)
	inverse := other.field(f.Options.InverseLinkFieldID)
	if inverse == nil {
		return
	}
	before, after := ids(was), ids(cell)
	for _, id := range after {
		if !slices.Contains(before, id) {
			tx.relink(other, inverse, id, func(list []string) []string { return append(slices.Clone(list), r.id) })
		}
	}
	for _, id := range before {
		if !slices.Contains(after, id) {
			tx.relink(other, inverse, id, func(list []string) []string { return without(list, r.id) })
		}
	}
}

func (tx *transaction) relink(t *table, f *field, id string, change func([]string) []string) {
	r := t.byID[id]
	if r == nil {
		return
	}
	list := change(ids(r.cells[f.ID]))
	tx.touch(t, r)
	r.put(f, orNone(list), tx.at)
}

// put writes a cell and when. Times of modification have whole seconds [?].
func (r *record) put(f *field, cell any, at time.Time) {
	if cell == nil {
		delete(r.cells, f.ID)
	} else {
		r.cells[f.ID] = cell
	}
	r.modified[f.ID] = at.Truncate(time.Second)
}

func ids(cell any) []string {
	list, _ := cell.([]string)
	return list
}

func without(list []string, id string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s == id })
}

// remove deletes a record, and with it every link to it.
func (tx *transaction) remove(t *table, r *record) {
	t.discard(r)
	for _, f := range t.fields {
		if f.Type == MultipleRecordLinks && r.cells[f.ID] != nil {
			other := tx.s.base.table(f.Options.LinkedTableID)
			if inverse := other.field(f.Options.InverseLinkFieldID); inverse != nil {
				for _, id := range ids(r.cells[f.ID]) {
					tx.relink(other, inverse, id, func(list []string) []string { return without(list, r.id) })
				}
			}
		}
	}
	delete(t.byID, r.id)
	t.records = slices.DeleteFunc(t.records, func(x *record) bool { return x == r })
	c := tx.of(t)
	c.created = slices.DeleteFunc(c.created, func(x *record) bool { return x == r })
	c.changed = slices.DeleteFunc(c.changed, func(x *record) bool { return x == r })
	delete(c.before, r)
	c.destroyed = append(c.destroyed, r.id)
}

// commit numbers the action and publishes it to the webhooks. An action that changed
// nothing gets no number.
func (tx *transaction) commit() {
	for t, c := range tx.changes {
		c.settle()
		if c.empty() {
			delete(tx.changes, t)
		}
	}
	if len(tx.changes) == 0 {
		return
	}
	tx.s.base.transactions++
	tx.s.publish(tx)
}

// settle drops records that were touched and did not change.
func (c *tableChange) settle() {
	c.changed = slices.DeleteFunc(c.changed, func(r *record) bool { return reflect.DeepEqual(c.before[r], r.cells) })
}

func (c *tableChange) empty() bool {
	return len(c.created) == 0 && len(c.changed) == 0 && len(c.destroyed) == 0 && len(c.createdFields) == 0 &&
		len(c.changedFields) == 0 && len(c.removedFields) == 0 && c.oldName == ""
}
