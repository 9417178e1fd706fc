package airtabletest

import (
	"maps"
	"slices"
	"time"
)

// payload is one entry of a webhook's list. Its body is complete when it is made:
// what happens to the base later does not change it.
type payload struct {
	number int
	at     time.Time
	body   map[string]any
}

// SplitPayloads makes one action with more than n changed records into several
// payloads with equal timestamp and baseTransactionNumber, as Airtable may; 0 is
// the default, never.
func (s *Server) SplitPayloads(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.split = n
}

// LagPayloads lets webhooks have a change only so long after it happened, by
// the server's clock, as Airtable may; 0 is the default, at once, and lets out all
// that was held back.
func (s *Server) LagPayloads(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lag = d
}

// readable returns the payloads that can be read by now, and the number of the next
// one to come. A payload that cannot be read yet hides those after it.
func (s *Server) readable(h *webhook, now time.Time) ([]payload, int) {
	for i, p := range h.payloads {
		if now.Sub(p.at) < s.lag {
			return h.payloads[:i], p.number
		}
	}
	return h.payloads, h.next
}

// publish records what an action changed in every webhook. s.mu is held.
func (s *Server) publish(tx *transaction) {
	for _, h := range s.webhooks {
		f := h.spec.Options.Filters
		if !h.active(tx.at) || len(f.FromSources) > 0 && !slices.Contains(f.FromSources, tx.source) {
			continue
		}
		h.forget(tx.at)
		tables := map[string]any{}
		for t, c := range tx.changes {
			if seen := h.view(s.base, t, c); len(seen) > 0 {
				tables[t.id] = seen
			}
		}
		for _, part := range splitTables(tables, s.split) {
			h.payloads = append(h.payloads, payload{number: h.next, at: tx.at, body: s.payload(tx, part)})
			h.next++
		}
		if len(tables) > 0 {
			s.ping(h)
		}
	}
}

func (s *Server) payload(tx *transaction, tables map[string]any) map[string]any {
	return map[string]any{
		"timestamp": formatInstant(tx.at), "baseTransactionNumber": s.base.transactions, "payloadFormat": "v0",
		"actionMetadata": map[string]any{"source": tx.source, "sourceMetadata": map[string]any{
			"user": map[string]any{"id": tx.user, "email": "maitre@example.com", "permissionLevel": RoleCreator}}},
		"changedTablesById": tables,
	}
}

// view is what a webhook sees of the changes to a table; empty is nothing.
func (h *webhook) view(b *base, t *table, c *tableChange) map[string]any {
	f := h.spec.Options.Filters
	out := map[string]any{}
	does := func(change string) bool { return len(f.ChangeTypes) == 0 || slices.Contains(f.ChangeTypes, change) }
	if slices.Contains(f.DataTypes, "tableData") && t.within(f.RecordChangeScope) {
		if does("add") {
			put(out, "createdRecordsById", h.created(b, t, c))
		}
		if does("update") {
			put(out, "changedRecordsById", h.changed(b, t, c))
		}
		if does("remove") && len(c.destroyed) > 0 {
			out["destroyedRecordIds"] = c.destroyed
		}
	}
	if slices.Contains(f.DataTypes, "tableFields") {
		if does("add") {
			put(out, "createdFieldsById", createdFields(c))
		}
		if does("update") {
			put(out, "changedFieldsById", h.changedFields(t, c))
		}
		if does("remove") && len(c.removedFields) > 0 {
			out["destroyedFieldIds"] = c.removedFields
		}
	}
	if slices.Contains(f.DataTypes, "tableMetadata") && c.oldName != "" && does("update") {
		out["changedMetadata"] = map[string]any{"current": map[string]any{"name": t.name},
			"previous": map[string]any{"name": c.oldName}}
	}
	return out
}

func put(out map[string]any, key string, value map[string]any) {
	if len(value) > 0 {
		out[key] = value
	}
}

// watches reports whether a change to the field counts.
func (h *webhook) watches(f *field) bool {
	ids := h.spec.Options.Filters.WatchDataInFieldIDs
	return len(ids) == 0 || slices.Contains(ids, f.ID)
}

// includes reports whether the field's value is sent although it did not change.
func (h *webhook) includes(f *field) bool {
	switch v := h.spec.Options.Includes.CellValues.(type) {
	case string:
		return v == "all"
	default:
		ids, _ := stringList(v)
		return slices.Contains(ids, f.ID)
	}
}

func (h *webhook) created(b *base, t *table, c *tableChange) map[string]any {
	out := map[string]any{}
	for _, r := range c.created {
		cells := map[string]any{}
		for _, f := range t.fields {
			if cell := r.cells[f.ID]; cell != nil && (h.watches(f) || h.includes(f)) {
				cells[f.ID] = b.hookCell(f, cell)
			}
		}
		out[r.id] = map[string]any{"createdTime": formatInstant(r.created), "cellValuesByFieldId": cells}
	}
	return out
}

// changed lists the records of which a watched field changed. An emptied cell is
// null.
func (h *webhook) changed(b *base, t *table, c *tableChange) map[string]any {
	out := map[string]any{}
	for _, r := range c.changed {
		current, previous, unchanged := map[string]any{}, map[string]any{}, map[string]any{}
		before := c.before[r]
		seen := false
		for _, f := range t.fields {
			was, is := before[f.ID], r.cells[f.ID]
			switch {
			case !same(was, is) && (h.watches(f) || h.includes(f)):
				seen = seen || h.watches(f)
				current[f.ID], previous[f.ID] = b.hookCell(f, is), b.hookCell(f, was)
			case same(was, is) && h.includes(f) && is != nil:
				unchanged[f.ID] = b.hookCell(f, is)
			}
		}
		if !seen {
			continue
		}
		record := map[string]any{"current": map[string]any{"cellValuesByFieldId": current}}
		if h.spec.Options.Includes.PreviousCellValues {
			record["previous"] = map[string]any{"cellValuesByFieldId": previous}
		}
		if len(unchanged) > 0 {
			record["unchanged"] = map[string]any{"cellValuesByFieldId": unchanged}
		}
		out[r.id] = record
	}
	return out
}

func same(a, b any) bool {
	listA, isListA := a.([]string)
	listB, isListB := b.([]string)
	if isListA || isListB {
		return slices.Equal(listA, listB)
	}
	return a == b
}

func createdFields(c *tableChange) map[string]any {
	out := map[string]any{}
	for _, f := range c.createdFields {
		out[f.ID] = map[string]any{"name": f.Name, "type": f.Type}
	}
	return out
}

func (h *webhook) changedFields(t *table, c *tableChange) map[string]any {
	out := map[string]any{}
	watched := h.spec.Options.Filters.WatchSchemasOfFieldIDs
	for id, was := range c.changedFields {
		f := t.field(id)
		if f == nil || len(watched) > 0 && !slices.Contains(watched, id) {
			continue
		}
		change := map[string]any{"current": map[string]any{"name": f.Name, "type": f.Type}}
		if h.spec.Options.Includes.PreviousDefinitions {
			change["previous"] = map[string]any{"name": was.Name, "type": was.Type}
		}
		out[id] = change
	}
	return out
}

// splitTables cuts the changes into parts of at most n changed records.
func splitTables(tables map[string]any, n int) []map[string]any {
	if len(tables) == 0 {
		return nil
	}
	var parts []map[string]any
	rest := map[string]any{}
	for _, id := range slices.Sorted(maps.Keys(tables)) {
		change := tables[id].(map[string]any)
		records, _ := change["changedRecordsById"].(map[string]any)
		if n <= 0 || len(records) <= n {
			rest[id] = change
			continue
		}
		others := maps.Clone(change)
		delete(others, "changedRecordsById")
		if len(others) > 0 {
			rest[id] = others
		}
		ids := slices.Sorted(maps.Keys(records))
		for chunk := range slices.Chunk(ids, n) {
			part := map[string]any{}
			for _, record := range chunk {
				part[record] = records[record]
			}
			parts = append(parts, map[string]any{id: map[string]any{"changedRecordsById": part}})
		}
	}
	if len(rest) > 0 {
		parts = append(parts, rest)
	}
	return parts
}
