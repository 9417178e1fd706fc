package mapping

import (
	"maps"

	"maitre/store/airtable"
)

// Known holds the IDs of a base's tables, fields and choices, which outlive a
// renaming. It is kept for the next start.
type Known struct {
	Bookings KnownTable `json:"bookings"`
	Tables   KnownTable `json:"tables"`
}

// KnownTable is a table that was found.
type KnownTable struct {
	ID string `json:"id"`
	// Called is the name for which it was found, the restaurant's.
	Called string             `json:"called"`
	Fields map[Key]KnownField `json:"fields"`
}

// KnownField is a field that was found.
type KnownField struct {
	ID     string `json:"id"`
	Called string `json:"called"`
	// Choices are the first known words of its choices, by ID.
	Choices map[string]string `json:"choices,omitempty"`
}

// Known returns what the mapper knows of the base.
func (m *Mapper) Known() Known { return Known{Bookings: m.bookings.known, Tables: m.tables.known} }

// Knowing returns a mapper, to be bound, that knows what was found before: a table,
// field or choice that is not found by its name is looked for by its ID, unless the
// restaurant has changed the name.
func (m *Mapper) Knowing(k Known) *Mapper {
	knowing := *m
	knowing.bookings.known, knowing.tables.known = k.Bookings, k.Tables
	return &knowing
}

// find returns the sheet's table: the one it was bound to, else the one of that name,
// else the one that had that name before.
func (s sheet) find(schema []airtable.Table) (airtable.Table, bool) {
	if s.bound {
		if t, ok := findTable(schema, s.ref); ok {
			return t, true
		}
	}
	t, ok := findTable(schema, s.called)
	if !ok && s.known.Called == s.called && s.known.ID != "" {
		return findTable(schema, s.known.ID)
	}
	return t, ok
}

// field returns the field for a key in the sheet's table, as find does the table.
func (s sheet) field(t airtable.Table, key Key) (airtable.Field, bool) {
	if c := s.columns[key]; s.bound && c.id != "" {
		if f, ok := t.Field(c.id); ok {
			return f, true
		}
	}
	name := s.names[key]
	f, ok := findField(t, name)
	if was := s.known.Fields[key]; !ok && was.Called == name && was.ID != "" {
		return t.Field(was.ID)
	}
	return f, ok
}

// note adds the field that was found for a key. A choice keeps its first word.
func (k *KnownTable) note(key Key, name string, f airtable.Field) {
	found := KnownField{ID: f.ID, Called: name}
	before := k.Fields[key]
	for _, c := range f.Choices() {
		word, ok := before.Choices[c.ID]
		if !ok || before.ID != f.ID {
			word = c.Name
		}
		if found.Choices == nil {
			found.Choices = map[string]string{}
		}
		found.Choices[c.ID] = word
	}
	k.Fields[key] = found
}

// addRenamedChoices keeps the meaning of choices that were renamed, unless the new
// names have a meaning of their own.
func (m *Mapper) addRenamedChoices() {
	columns := m.bookings.columns
	m.words.statuses = withRenamed(m.words.statuses, columns[Status], m.bookings.known.Fields[Status])
	m.words.channels = withRenamed(m.words.channels, columns[Channel], m.bookings.known.Fields[Channel])
	m.words.zones = withRenamed(m.words.zones, columns[Zone], m.bookings.known.Fields[Zone])
	m.words.zones = withRenamed(m.words.zones, m.tables.columns[Zone], m.tables.known.Fields[Zone])
}

func withRenamed[T comparable](means map[string]T, c column, known KnownField) map[string]T {
	more := map[string]T{}
	for id, now := range c.choiceIDs {
		meaning, meant := means[fold(known.Choices[id])]
		if _, says := means[fold(now)]; meant && !says {
			more[fold(now)] = meaning
		}
	}
	if len(more) == 0 {
		return means
	}
	maps.Copy(more, means)
	return more
}
