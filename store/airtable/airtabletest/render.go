package airtabletest

import (
	"strings"
	"time"

	"maitre/store/airtable/airtabletest/formula"
)

// look says how a record is to be shown.
type look struct {
	byID   bool            // keys are field IDs
	only   map[string]bool // field IDs; nil is all
	asText bool            // cellFormat=string
	zone   *time.Location
}

// row is a record as the API sends it.
func (b *base) row(t *table, r *record, l look) map[string]any {
	return map[string]any{
		"id":          r.id,
		"createdTime": formatInstant(r.created),
		"fields":      b.render(t, r, l),
	}
}

// render shows the cells of a record; empty ones are left out.
func (b *base) render(t *table, r *record, l look) map[string]any {
	out := map[string]any{}
	for _, f := range t.fields {
		if l.only != nil && !l.only[f.ID] {
			continue
		}
		var shown any
		if l.asText {
			shown = orEmpty(b.asText(t, r, f, l))
		} else {
			shown = b.show(t, r, f)
		}
		if shown == nil {
			continue
		}
		if l.byID {
			out[f.ID] = shown
		} else {
			out[f.Name] = shown
		}
	}
	return out
}

// show is a cell as JSON: choices by name, links by ID.
func (b *base) show(t *table, r *record, f *field) any {
	if f.Type.computed() {
		return showComputed(b.value(t, r, f, 0))
	}
	cell := r.cells[f.ID]
	switch f.Type {
	case SingleSelect:
		if id, ok := cell.(string); ok {
			return f.choiceByID(id).Name
		}
	case MultipleSelects:
		if ids, ok := cell.([]string); ok {
			return f.choiceNames(ids)
		}
	}
	return cell
}

func (f *field) choiceNames(ids []string) []string {
	names := make([]string, 0, len(ids))
	for _, id := range ids {
		names = append(names, f.choiceByID(id).Name)
	}
	return names
}

func showComputed(v formula.Value) any {
	switch v.Kind() {
	case formula.Blank:
		return nil
	case formula.Number:
		return v.Float()
	case formula.Bool:
		if v.Truthy() {
			return 1
		}
		return 0
	case formula.Error:
		return map[string]any{"error": "#ERROR!"}
	default:
		return orEmpty(v.String())
	}
}

// asText is a cell with cellFormat=string. Airtable does not promise a format;
// this is a minimal one.
func (b *base) asText(t *table, r *record, f *field, l look) string {
	at, instant := r.cells[f.ID].(string)
	if f.Type == DateTime && instant {
		if parsed, err := time.Parse(time.RFC3339, at); err == nil {
			return parsed.In(l.zone).Format("2006-01-02 15:04")
		}
	}
	if f.Type == Date && instant {
		return at
	}
	if f.Type == Checkbox && r.cells[f.ID] == true {
		return "checked"
	}
	return b.value(t, r, f, 0).String()
}

// cellText is a cell as formulas see its text.
func (b *base) cellText(t *table, r *record, f *field) string {
	return b.value(t, r, f, 0).String()
}

// maxDepth ends formulas that read formulas that read formulas.
const maxDepth = 8

// value is a cell as formulas see it: choices by name, links by the text of the
// linked records' primary fields, instants in UTC.
func (b *base) value(t *table, r *record, f *field, depth int) formula.Value {
	if depth > maxDepth {
		return formula.Fail()
	}
	switch f.Type {
	case CreatedTime:
		return formula.Instant(r.created)
	case LastModifiedTime:
		return instantOr(r.lastModified(f.Options))
	case AutoNumber:
		return formula.Num(float64(r.number))
	case FormulaField:
		if f.formula == nil {
			return formula.Fail()
		}
		return f.formula.Eval(b.env(t, r, depth+1))
	}
	switch cell := r.cells[f.ID].(type) {
	case string:
		return textValue(f, cell)
	case float64:
		return formula.Num(cell)
	case bool:
		return formula.Boolean(cell)
	case []string:
		if f.Type == MultipleSelects {
			return formula.Texts(f.choiceNames(cell))
		}
		return formula.Texts(b.linkNames(f, cell, depth))
	}
	return formula.Value{}
}

func textValue(f *field, cell string) formula.Value {
	switch f.Type {
	case SingleSelect:
		return formula.Str(f.choiceByID(cell).Name)
	case Date:
		if at, err := time.Parse(time.DateOnly, cell); err == nil {
			return formula.Instant(at)
		}
	case DateTime:
		if at, err := time.Parse(time.RFC3339, cell); err == nil {
			return formula.Instant(at)
		}
	}
	return formula.Str(cell)
}

func instantOr(at time.Time) formula.Value {
	if at.IsZero() {
		return formula.Value{}
	}
	return formula.Instant(at)
}

// linkNames are the primary fields' texts of linked records.
func (b *base) linkNames(f *field, ids []string, depth int) []string {
	other := b.table(f.Options.LinkedTableID)
	names := make([]string, 0, len(ids))
	for _, id := range ids {
		if other == nil || other.byID[id] == nil {
			continue
		}
		names = append(names, b.value(other, other.byID[id], other.primary(), depth+1).String())
	}
	return names
}

// lastModified is when one of the watched fields was last written, to the
// second, as createdTime is [?]; zero for never.
func (r *record) lastModified(c *Config) time.Time {
	var last time.Time
	if c != nil && len(c.ReferencedFieldIDs) > 0 {
		for _, id := range c.ReferencedFieldIDs {
			if at := r.modified[id]; at.After(last) {
				last = at
			}
		}
		return last
	}
	for _, at := range r.modified {
		if at.After(last) {
			last = at
		}
	}
	return last
}

// env is what a formula sees of a record.
func (b *base) env(t *table, r *record, depth int) formula.Env {
	return formula.Env{
		RecordID: r.id,
		Field: func(ref string) formula.Value {
			f := t.field(ref)
			if f == nil {
				return formula.Fail()
			}
			return b.value(t, r, f, depth)
		},
	}
}

// hookCell is a cell as webhook payloads carry it: choices as objects, links
// with their names.
func (b *base) hookCell(f *field, cell any) any {
	switch f.Type {
	case SingleSelect:
		if id, ok := cell.(string); ok {
			return f.choiceByID(id)
		}
	case MultipleSelects:
		if ids, ok := cell.([]string); ok {
			out := make([]Choice, 0, len(ids))
			for _, id := range ids {
				out = append(out, f.choiceByID(id))
			}
			return out
		}
	case MultipleRecordLinks:
		if ids, ok := cell.([]string); ok {
			type link struct {
				ID   string `json:"id"`
				Name string `json:"name"`
			}
			out := make([]link, 0, len(ids))
			for _, id := range ids {
				out = append(out, link{ID: id, Name: strings.Join(b.linkNames(f, []string{id}, 0), "")})
			}
			return out
		}
	}
	return cell
}
