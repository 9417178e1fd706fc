package airtabletest

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Staff are the people who edit the base in Airtable's own client. What they do
// reaches webhooks with the source "client". They may write what the client lets
// them: an unknown choice is added, a link can be given by the name of what it
// links to; computed fields and unknown names are errors.
type Staff struct{ s *Server }

// Staff returns the people who edit the base by hand.
func (s *Server) Staff() Staff { return Staff{s} }

// Create types a new row. Values are those of the JSON API, or Go's own: int,
// []string, time.Time. Fields go by name or ID.
func (p Staff) Create(tableName string, fields map[string]any) (Record, error) {
	var out Record
	err := p.edit(tableName, func(tx *transaction, t *table) error {
		cells, err := p.cells(tx, t, fields)
		if err != nil {
			return err
		}
		out = p.s.show(t, tx.create(t, p.s.base.draw("rec"), cells))
		return nil
	})
	return out, err
}

// Update changes the named cells of a row; nil empties one.
func (p Staff) Update(tableName, id string, fields map[string]any) (Record, error) {
	var out Record
	err := p.edit(tableName, func(tx *transaction, t *table) error {
		r := t.byID[id]
		if r == nil {
			return errRecordNotFound
		}
		cells, err := p.cells(tx, t, fields)
		if err != nil {
			return err
		}
		tx.update(t, r, cells, false)
		out = p.s.show(t, r)
		return nil
	})
	return out, err
}

// Delete removes rows in one action.
func (p Staff) Delete(tableName string, ids ...string) error {
	return p.edit(tableName, func(tx *transaction, t *table) error {
		for _, id := range ids {
			if t.byID[id] == nil {
				return errRecordNotFound
			}
		}
		for _, id := range ids {
			if r := t.byID[id]; r != nil {
				tx.remove(t, r)
			}
		}
		return nil
	})
}

// Clear removes every row of a table.
func (p Staff) Clear(tableName string) error {
	return p.edit(tableName, func(tx *transaction, t *table) error {
		for _, r := range slices.Clone(t.records) {
			tx.remove(t, r)
		}
		return nil
	})
}

// RenameTable gives a table another name.
func (p Staff) RenameTable(tableName, name string) error {
	return p.edit(tableName, func(tx *transaction, t *table) error {
		if tx.s.base.table(name) != nil {
			return fmt.Errorf("rename table: %q is taken", name)
		}
		tx.of(t).oldName = t.name
		t.name = name
		return nil
	})
}

// AddField adds a field at the end of a table and returns its ID. Unlike the
// API's caller, the staff can add computed fields.
func (p Staff) AddField(tableName string, spec Field) (string, error) {
	var id string
	err := p.edit(tableName, func(tx *transaction, t *table) error {
		f, err := tx.addField(t, spec)
		if err != nil {
			return err
		}
		id = f.ID
		return nil
	})
	return id, err
}

// RenameField gives a field another name.
func (p Staff) RenameField(tableName, fieldName, name string) error {
	return p.editField(tableName, fieldName, func(tx *transaction, t *table, f *field) error {
		if t.field(name) != nil {
			return fmt.Errorf("rename field: %q is taken", name)
		}
		f.Name = name
		return nil
	})
}

// RemoveField removes a field and what it held.
func (p Staff) RemoveField(tableName, fieldName string) error {
	return p.edit(tableName, func(tx *transaction, t *table) error {
		f := t.field(fieldName)
		if f == nil || f == t.primary() {
			return fmt.Errorf("remove field: no field %q, or it is the primary one", fieldName)
		}
		t.fields = slices.DeleteFunc(t.fields, func(x *field) bool { return x == f })
		for _, r := range t.records {
			delete(r.cells, f.ID)
		}
		tx.of(t).removedFields = append(tx.of(t).removedFields, f.ID)
		return nil
	})
}

// AddChoice adds a choice to a select.
func (p Staff) AddChoice(tableName, fieldName, name string) error {
	return p.editField(tableName, fieldName, func(tx *transaction, _ *table, f *field) error {
		if !f.Type.selection() {
			return fmt.Errorf("add choice: %q is no select", fieldName)
		}
		if _, taken := f.choiceNamed(name); taken {
			return fmt.Errorf("add choice: %q is there", name)
		}
		if f.Options == nil {
			f.Options = &Config{}
		}
		f.Options.Choices = append(f.Options.Choices,
			Choice{ID: tx.s.base.draw("sel"), Name: name, Color: choiceColor(len(f.Options.Choices))})
		return nil
	})
}

// RenameChoice renames a choice, in every record that has it.
func (p Staff) RenameChoice(tableName, fieldName, old, name string) error {
	return p.editField(tableName, fieldName, func(_ *transaction, _ *table, f *field) error {
		c, ok := f.choiceNamed(old)
		if !ok {
			return fmt.Errorf("rename choice: no %q", old)
		}
		for i := range f.Options.Choices {
			if f.Options.Choices[i].ID == c.ID {
				f.Options.Choices[i].Name = name
			}
		}
		return nil
	})
}

// RemoveChoice removes a choice, and from every record that has it.
func (p Staff) RemoveChoice(tableName, fieldName, name string) error {
	return p.editField(tableName, fieldName, func(tx *transaction, t *table, f *field) error {
		c, ok := f.choiceNamed(name)
		if !ok {
			return fmt.Errorf("remove choice: no %q", name)
		}
		for _, r := range t.records {
			switch cell := r.cells[f.ID].(type) {
			case string:
				if cell == c.ID {
					tx.update(t, r, map[string]any{f.ID: nil}, false)
				}
			case []string:
				tx.update(t, r, map[string]any{f.ID: orNone(without(cell, c.ID))}, false)
			}
		}
		f.Options.Choices = slices.DeleteFunc(f.Options.Choices, func(x Choice) bool { return x.ID == c.ID })
		return nil
	})
}

// Lock takes the API's users the permission to write to a table or, when field
// is not empty, to that field of it.
func (p Staff) Lock(tableName, fieldName string) error { return p.lock(tableName, fieldName, true) }

// Unlock gives the permission back.
func (p Staff) Unlock(tableName, fieldName string) error { return p.lock(tableName, fieldName, false) }

func (p Staff) lock(tableName, fieldName string, locked bool) error {
	return p.edit(tableName, func(_ *transaction, t *table) error {
		if fieldName == "" {
			t.locked = locked
			return nil
		}
		f := t.field(fieldName)
		if f == nil {
			return unknownField(fieldName)
		}
		f.locked = locked
		return nil
	})
}

// edit does something as one action.
func (p Staff) edit(tableName string, do func(*transaction, *table) error) error {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	t := p.s.base.table(tableName)
	if t == nil {
		return fmt.Errorf("edit %q: %w", tableName, errNoTable)
	}
	tx := p.s.begin(sourceClient, p.s.staffUser)
	if err := do(tx, t); err != nil {
		return fmt.Errorf("edit %q: %w", tableName, err)
	}
	tx.commit()
	return nil
}

var errNoTable = errors.New("no such table")

func (p Staff) editField(tableName, fieldName string, do func(*transaction, *table, *field) error) error {
	return p.edit(tableName, func(tx *transaction, t *table) error {
		f := t.field(fieldName)
		if f == nil {
			return unknownField(fieldName)
		}
		was := f.clone()
		if err := do(tx, t, f); err != nil {
			return err
		}
		if _, noted := tx.of(t).changedFields[f.ID]; !noted {
			tx.of(t).changedFields[f.ID] = was
		}
		return nil
	})
}

// cells checks what the staff typed, as the client does.
func (p Staff) cells(tx *transaction, t *table, fields map[string]any) (map[string]any, error) {
	values := make(map[string]any, len(fields))
	for name, v := range fields {
		if at, ok := v.(time.Time); ok {
			v = formatInstant(at)
			if f := t.field(name); f != nil && f.Type == Date {
				v = at.Format(time.DateOnly)
			}
		}
		values[name] = v
	}
	raw, err := json.Marshal(values)
	if err != nil {
		return nil, fmt.Errorf("read values: %w", err)
	}
	plain := map[string]any{}
	if err := json.Unmarshal(raw, &plain); err != nil {
		return nil, fmt.Errorf("read values: %w", err)
	}
	plan := newPlan(p.s.base, true)
	plan.staff = true
	cells, err := plan.cells(t, plain)
	if err != nil {
		return nil, err
	}
	tx.apply(plan)
	return cells, nil
}
