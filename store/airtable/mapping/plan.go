package mapping

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"maitre/store/airtable"
)

// Base is a base that can be added to; *airtable.Client is one.
type Base interface {
	Schema(ctx context.Context) ([]airtable.Table, error)
	CreateTable(ctx context.Context, name string, fields ...airtable.Field) (airtable.Table, error)
	CreateField(ctx context.Context, tableID string, f airtable.Field) (airtable.Field, error)
	Create(ctx context.Context, to airtable.Target, records ...airtable.Record) []airtable.Written
	Delete(ctx context.Context, table string, ids ...string) []airtable.Written
}

var _ Base = (*airtable.Client)(nil)

// Step is one thing that is added to the base.
type Step struct {
	what  string
	scope string
	apply func(ctx context.Context, base Base) error
}

// The scopes that steps ask for.
const (
	changesBase = "schema.bases:write"
	writesRows  = "data.records:write"
)

// String returns what is added, for the owner to agree to.
func (s Step) String() string { return s.what }

// Scope returns the scope that the token must have for it.
func (s Step) Scope() string { return s.scope }

// Apply adds it. Steps are applied in the order of their plan.
func (s Step) Apply(ctx context.Context, base Base) error {
	if err := s.apply(ctx, base); err != nil {
		return fmt.Errorf("%s: %w", s.what, err)
	}
	return nil
}

// Plan returns what can be added to the base to fix findings of [Mapper.Check]. It
// changes and deletes nothing that is there: what has another type or another name
// is for a person.
func (m *Mapper) Plan(schema []airtable.Table) []Step {
	var steps []Step
	steps = append(steps, m.planTable(schema, m.tables, TableKeys(), tableNeeds())...)
	return append(steps, m.planTable(schema, m.bookings, BookingKeys(), bookingNeeds())...)
}

// MakesTables reports whether the plan makes the tables' table, which then has no rows.
func (m *Mapper) MakesTables(schema []airtable.Table) bool {
	if m.HasTables(schema) {
		return false
	}
	_, found := lookalike(schema, m.names.Tables)
	return !found && !isTableID(m.names.TablesTable)
}

func (m *Mapper) planTable(schema []airtable.Table, s sheet, keys []Key, needs map[Key]need) []Step {
	ref, names := s.called, s.names
	t, ok := s.find(schema)
	if !ok {
		// A table by another name would be doubled; one by its ID cannot be made.
		if _, found := lookalike(schema, names); found || isTableID(ref) {
			return nil
		}
		return []Step{m.makeTable(ref, keys, names, needs)}
	}
	var steps []Step
	for _, key := range keys {
		f, ok := s.field(t, key)
		if !ok {
			if _, near := similar(t, names[key], names, needs[key]); near || isFieldID(names[key]) {
				continue
			}
			steps = append(steps, m.makeField(t, key, names[key], needs[key]))
			continue
		}
		if missing := m.missingChoices(f, key); needs[key].takes(f.Type) && len(missing) > 0 && ref == m.names.BookingsTable {
			steps = append(steps, makeChoices(t, f, missing))
		}
	}
	return steps
}

func (m *Mapper) missingChoices(f airtable.Field, key Key) []string {
	if f.Type != airtable.TypeSingleSelect {
		return nil
	}
	offered := []string{}
	for _, c := range f.Choices() {
		offered = append(offered, c.Name)
	}
	var missing []string
	for _, want := range m.choices(key) {
		if _, ok := want.written(offered); !ok {
			missing = append(missing, want.word)
		}
	}
	return missing
}

func (m *Mapper) makeTable(name string, keys []Key, names map[Key]string, needs map[Key]need) Step {
	var columns []string
	for _, key := range keys {
		columns = append(columns, nameOf(names[key], key))
	}
	return Step{fmt.Sprintf("make the table %q with the fields %s", name, strings.Join(columns, ", ")), changesBase, func(ctx context.Context, base Base) error {
		linked, err := m.linkedTable(ctx, base, keys)
		if err != nil {
			return err
		}
		var fields []airtable.Field
		for i, key := range keys {
			fields = append(fields, m.newField(columns[i], key, needs[key], linked))
		}
		_, err = base.CreateTable(ctx, name, fields...)
		return err
	}}
}

// nameOf returns the name of a new field: the given one or, if that is an ID, the
// default.
func nameOf(name string, key Key) string {
	if !isFieldID(name) {
		return name
	}
	if name, ok := Default().Bookings[key]; ok {
		return name
	}
	return Default().Tables[key]
}

func (m *Mapper) makeField(t airtable.Table, key Key, name string, n need) Step {
	what := fmt.Sprintf("add the field %q (%s) to %q", name, kindName(n.kinds[0]), t.Name)
	if n.kinds[0] == airtable.TypeLinks {
		what += fmt.Sprintf("; Airtable adds its other side to %q", m.names.TablesTable)
	}
	return Step{what, changesBase, func(ctx context.Context, base Base) error {
		linked, err := m.linkedTable(ctx, base, []Key{key})
		if err != nil {
			return err
		}
		_, err = base.CreateField(ctx, t.ID, m.newField(name, key, n, linked))
		return err
	}}
}

// linkedTable returns the ID of the tables' table if one of the keys links to it. It
// asks Airtable, since an earlier step may have made the table.
func (m *Mapper) linkedTable(ctx context.Context, base Base, keys []Key) (string, error) {
	for _, key := range keys {
		if key != Table {
			continue
		}
		schema, err := base.Schema(ctx)
		if err != nil {
			return "", err
		}
		t, ok := m.tables.find(schema)
		if !ok {
			return "", fmt.Errorf("there is no table %q to link to", m.names.TablesTable)
		}
		return t.ID, nil
	}
	return "", nil
}

// makeChoices adds choices in the one way that the API has: a row is written with
// them and removed again. It has no date, so that it is no booking.
func makeChoices(t airtable.Table, f airtable.Field, missing []string) Step {
	quoted := make([]string, len(missing))
	for i, word := range missing {
		quoted[i] = fmt.Sprintf("%q", word)
	}
	what := fmt.Sprintf("add to %q of %q the choices %s (by rows that are deleted at once)", f.Name, t.Name, strings.Join(quoted, ", "))
	return Step{what, writesRows, func(ctx context.Context, base Base) error {
		rows := make([]airtable.Record, len(missing))
		for i, word := range missing {
			rows[i].Fields = map[string]airtable.Cell{f.ID: airtable.String(word)}
		}
		made := base.Create(ctx, airtable.Target{Table: t.ID, Typecast: true}, rows...)
		var ids []string
		for _, w := range made {
			if w.Err == nil {
				ids = append(ids, w.Record.ID)
			}
		}
		failed := airtable.Failures(made)
		if len(ids) == 0 {
			return failed
		}
		// Also after an interruption: the rows must not stay.
		if left, err := remove(context.WithoutCancel(ctx), base, t.ID, ids); err != nil {
			// Not as Airtable's error, which may be retried: that would leave these rows.
			return fmt.Errorf("please delete from %q the rows that were made for it, %s: %v", t.Name, strings.Join(left, ", "), err)
		}
		return failed
	}}
}

// remove deletes rows, waiting where Airtable asks for it, and returns those that
// are left when it fails.
func remove(ctx context.Context, base Base, table string, ids []string) ([]string, error) {
	const tries = 4
	var err error
	for range tries {
		var left []string
		for i, w := range base.Delete(ctx, table, ids...) {
			if w.Err != nil && !errors.Is(w.Err, airtable.ErrNotFound) {
				left, err = append(left, ids[i]), w.Err
			}
		}
		if len(left) == 0 {
			return nil, nil
		}
		if ids = left; !errors.Is(err, airtable.RateLimited) {
			break
		}
	}
	return ids, err
}
