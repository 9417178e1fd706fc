package airtabletest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"maitre/store/airtable/airtabletest/formula"
)

// base is all that a base holds. It is guarded by Server.mu.
type base struct {
	idSource
	id, name string
	tables   []*table
	// transactions numbers what happened to the base; webhook payloads carry it.
	transactions int
}

type table struct {
	id, name, description string
	locked                bool
	fields                []*field
	views                 []View
	records               []*record // in the order they were made
	byID                  map[string]*record
	discarded             map[string]*record // by ID, as they stood when they were deleted
	autoNumber            int
}

type field struct {
	Field
	locked  bool
	formula *formula.Formula
}

// record is a row. Cells hold, by field ID and never empty: string (text, a
// date, an instant as Airtable writes it, the ID of a choice), float64, true, or
// []string (IDs of choices or records), which is replaced and never changed.
type record struct {
	id       string
	created  time.Time
	number   int
	cells    map[string]any
	modified map[string]time.Time
}

func (b *base) table(nameOrID string) *table {
	for _, t := range b.tables {
		if t.id == nameOrID || t.name == nameOrID {
			return t
		}
	}
	return nil
}

func (t *table) field(nameOrID string) *field {
	for _, f := range t.fields {
		if f.ID == nameOrID {
			return f
		}
	}
	for _, f := range t.fields {
		if f.Name == nameOrID {
			return f
		}
	}
	return nil
}

func (t *table) primary() *field { return t.fields[0] }

func (b *base) record(id string) (*table, *record) {
	for _, t := range b.tables {
		if r, ok := t.byID[id]; ok {
			return t, r
		}
	}
	return nil, nil
}

func (f *field) choice(match func(Choice) bool) (Choice, bool) {
	if f.Options == nil {
		return Choice{}, false
	}
	i := slices.IndexFunc(f.Options.Choices, match)
	if i < 0 {
		return Choice{}, false
	}
	return f.Options.Choices[i], true
}

func (f *field) choiceByID(id string) Choice {
	c, _ := f.choice(func(c Choice) bool { return c.ID == id })
	return c
}

func (f *field) choiceNamed(name string) (Choice, bool) {
	return f.choice(func(c Choice) bool { return c.Name == name })
}

// build makes the base of Options. It panics when the schema contradicts itself:
// that is an error in the test that gave it.
func (b *base) build(tables []Table) {
	for _, spec := range tables {
		b.tables = append(b.tables, b.newTable(spec))
	}
	for _, t := range b.tables {
		for _, f := range slices.Clone(t.fields) {
			if f.Type == MultipleRecordLinks {
				if _, _, err := b.join(t, f); err != nil {
					panic("airtabletest: " + err.Error())
				}
			}
			if f.Type == FormulaField {
				if err := f.compile(t); err != nil {
					panic("airtabletest: " + err.Error())
				}
			}
		}
	}
}

func (b *base) newTable(spec Table) *table {
	t := &table{id: b.or(spec.ID, "tbl"), name: spec.Name, description: spec.Description, byID: map[string]*record{}}
	for _, f := range spec.Fields {
		t.fields = append(t.fields, b.newField(f))
	}
	for _, v := range spec.Views {
		t.views = append(t.views, View{ID: b.or(v.ID, "viw"), Name: v.Name, Type: cmp.Or(v.Type, "grid")})
	}
	if len(t.views) == 0 {
		t.views = []View{{ID: b.draw("viw"), Name: "Grid view", Type: "grid"}}
	}
	return t
}

// newField copies the description, so that the caller's is left alone.
func (b *base) newField(spec Field) *field {
	f := &field{Field: spec.clone()}
	f.ID = b.or(spec.ID, "fld")
	if f.Options != nil {
		for i := range f.Options.Choices {
			c := &f.Options.Choices[i]
			c.ID = b.or(c.ID, "sel")
			c.Color = cmp.Or(c.Color, choiceColor(i))
		}
	}
	return f
}

// join completes a link field: the table by ID, and the field that shows the
// link from the other side, which is made when it is not there. It returns that
// table, and how many fields it had before.
func (b *base) join(t *table, f *field) (other *table, had int, err error) {
	if f.Options == nil {
		return nil, 0, fmt.Errorf("link field %q has no linked table", f.Name)
	}
	other = b.table(f.Options.LinkedTableID)
	if other == nil {
		return nil, 0, fmt.Errorf("link field %q: no table %q", f.Name, f.Options.LinkedTableID)
	}
	had = len(other.fields)
	f.Options.LinkedTableID = other.id
	f.Options.IsReversed, f.Options.PrefersSingle = orFalse(f.Options.IsReversed), orFalse(f.Options.PrefersSingle)
	name := cmp.Or(f.Options.InverseLinkFieldID, t.name)
	inverse := other.field(name)
	if inverse == nil {
		for other.field(name) != nil || strings.HasPrefix(name, "fld") {
			name = t.name + " 2"
		}
		inverse = b.newField(Field{Name: name, Type: MultipleRecordLinks,
			Options: &Config{LinkedTableID: t.id, IsReversed: new(bool), PrefersSingle: new(bool)}})
		other.fields = append(other.fields, inverse)
	}
	inverse.Options.InverseLinkFieldID = f.ID
	f.Options.InverseLinkFieldID = inverse.ID
	return other, had, nil
}

func (f *field) compile(t *table) error {
	if f.Options == nil {
		return fmt.Errorf("formula field %q has no formula", f.Name)
	}
	parsed, err := formula.Parse(f.Options.Formula)
	if err != nil {
		return fmt.Errorf("formula field %q: %w", f.Name, err)
	}
	for _, ref := range parsed.Refs() {
		if t.field(ref) == nil {
			return fmt.Errorf("formula field %q: no field %q", f.Name, ref)
		}
	}
	f.formula = parsed
	return nil
}

func (t *table) describe() Table {
	out := Table{ID: t.id, Name: t.name, Description: t.description, Views: slices.Clone(t.views)}
	for _, f := range t.fields {
		out.Fields = append(out.Fields, f.clone())
	}
	return out
}

func (f Field) clone() Field {
	if f.Options != nil {
		options := *f.Options
		options.Choices = slices.Clone(options.Choices)
		options.ReferencedFieldIDs = slices.Clone(options.ReferencedFieldIDs)
		f.Options = &options
	}
	return f
}

// choiceColor goes round Airtable's light colours, as its own defaults do.
func choiceColor(i int) string {
	colors := [...]string{"blueLight2", "cyanLight2", "tealLight2", "greenLight2", "yellowLight2",
		"orangeLight2", "redLight2", "pinkLight2", "purpleLight2", "grayLight2"}
	return colors[i%len(colors)]
}

func orFalse(b *bool) *bool {
	if b != nil {
		return b
	}
	return new(bool)
}
