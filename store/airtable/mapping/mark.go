package mapping

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"maitre/store/airtable"
)

// Mark is a row of the tables' table that says which desk writes to the base. It
// is no table. It is kept there because every base has a text field for a table's ID.
type Mark struct {
	Record string
	// Host is the machine on which the desk runs, Since when it started there, as
	// the staff read it.
	Host, Since string
	// Token is the desk's own; empty in a mark that somebody edited.
	Token string
}

const (
	markWord  = "maitre"
	markSince = "desde "
	markDot   = " · "
	maxHost   = 40 // characters
)

// NewMark returns the mark of a desk that runs on a machine since a moment.
func NewMark(host string, since time.Time, token string) Mark {
	name := []rune(oneLine(strings.ReplaceAll(host, "·", "-")))
	return Mark{Host: cmp.Or(string(name[:min(len(name), maxHost)]), "?"), Since: since.Format("2006-01-02 15:04"), Token: token}
}

func (k Mark) text() string {
	return strings.Join([]string{markWord, k.Host, markSince + k.Since, k.Token}, markDot)
}

// Marks returns the marks among rows of the tables' table, the oldest row first: of
// several desks, the first has the base.
func (m *Mapper) Marks(records []airtable.Record) (all []Mark) {
	for _, rec := range inOrder(records) {
		if mark, ok := m.Mark(rec); ok {
			all = append(all, mark)
		}
	}
	return all
}

// Mark reads a row of the tables' table; false for one that is no mark.
func (m *Mapper) Mark(rec airtable.Record) (Mark, bool) {
	id, _ := textOf(m.tables.cell(rec, ID))
	parts := strings.Split(oneLine(id), strings.TrimSpace(markDot))
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	if len(parts) < 2 || fold(parts[0]) != markWord {
		return Mark{}, false
	}
	mark := Mark{Record: rec.ID}
	if len(parts) == 4 && strings.HasPrefix(parts[2], markSince) {
		mark.Host, mark.Since, mark.Token = parts[1], strings.TrimPrefix(parts[2], markSince), parts[3]
	}
	return mark, true
}

// IDIsEmpty reports whether a row of the tables' table has no ID.
func (m *Mapper) IDIsEmpty(rec airtable.Record) bool { return m.tables.cell(rec, ID).IsEmpty() }

// IDField returns the field of the tables' IDs.
func (m *Mapper) IDField() string { return m.tables.columns[ID].ref }

// MarkRow returns the row of a mark. Errors: [ErrIDField].
func (m *Mapper) MarkRow(k Mark) (airtable.Record, error) {
	id := m.tables.columns[ID]
	if id.absent || computed(id) || id.kind == airtable.TypeNumber {
		return airtable.Record{}, fmt.Errorf("write which desk the base is kept by: field %q (%s): %w", id.name, kindName(id.kind), ErrIDField)
	}
	return airtable.Record{ID: k.Record, Fields: airtable.Cells{id.ref: airtable.String(k.text())}}, nil
}
