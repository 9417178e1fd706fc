package setup

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"maitre/booking"
	"maitre/store/airtable"
	"maitre/store/airtable/mapping"
)

// rows reads all rows of a table, those fields that the mapper knows.
func (s Setup) rows(ctx context.Context, p *printer, v view, table string, opts airtable.ListOptions) ([]airtable.Record, error) {
	opts.ByFieldID = v.mapper.ByFieldID()
	var rows []airtable.Record
	err := s.withRetries(ctx, p, func() (err error) {
		rows, err = s.Base.List(ctx, table, opts)
		return err
	})
	if err != nil {
		name := v.mapper.BookingsName()
		if table == v.mapper.TablesTable() {
			name = v.mapper.TablesName()
		}
		return nil, s.explain(fmt.Sprintf("reading the rows of %q", name), err)
	}
	return rows, nil
}

// checkTables checks the tables' rows. It returns false if they could not be read.
func (s Setup) checkTables(ctx context.Context, p *printer, v view) (mapping.TableIndex, bool) {
	rows, err := s.rows(ctx, p, v, v.mapper.TablesTable(), airtable.ListOptions{Fields: v.mapper.TableFields()})
	if !s.report(ctx, p, err) {
		return mapping.TableIndex{}, false
	}
	s.checkMark(p, v, rows)
	tables, index, unread := v.mapper.Tables(rows)
	name := v.mapper.TablesName()
	bookable := slices.DeleteFunc(slices.Clone(tables), func(t booking.Table) bool { return t.Access == booking.WalkInOnly })
	switch {
	case len(tables) == 0:
		p.bad("%q has no tables, so that no booking can be written. maitre airtable init adds the %s of the restaurant file.",
			name, count(len(s.Restaurant.Tables), "table", "tables"))
		return index, true
	case len(bookable) == 0:
		p.bad("%q has %s, of which none can be booked. Tick %q in those that guests may have, and say in %q how many they seat.",
			name, count(len(tables), "table", "tables"), v.mapper.TableField(mapping.Available), v.mapper.TableField(mapping.Max))
		s.noteUnread(p, v.mapper.TablesTable(), name, unread)
		return index, true
	default:
		p.ok("%q has %s, of which %d can be booked", name, count(len(tables), "table", "tables"), len(bookable))
	}
	s.noteUnread(p, v.mapper.TablesTable(), name, unread)
	s.checkCombinations(p, name, tables)
	s.checkLargest(p, name, bookable)
	return index, true
}

// checkMark prints which desk writes to the base, and whether a second one would be
// noticed, as far as that can be seen without writing.
func (s Setup) checkMark(p *printer, v view, rows []airtable.Record) {
	if _, err := v.mapper.MarkRow(mapping.Mark{}); err != nil {
		p.note("%q of %q is no field of text, so that a second maitre on this base would not be noticed. See that only one runs, or make it «Texto de una línea».",
			v.mapper.TableField(mapping.ID), v.mapper.TablesName())
		return
	}
	for _, mark := range v.mapper.Marks(rows) {
		if mark.Token != "" {
			p.ok("the maitre that writes to this base runs on %s since %s", mark.Host, mark.Since)
			return
		}
	}
}

// maxUnread is how many unreadable cells of a table are printed one by one.
const maxUnread = 10

// noteUnread prints cells that could not be read. ref is what requests call their
// table.
func (s Setup) noteUnread(p *printer, ref, table string, unread []mapping.Unread) {
	for i, u := range unread {
		if i == maxUnread {
			p.note("%q has %s more; mend these, and run maitre check again to see them.", table, count(len(unread)-i, "such cell", "such cells"))
			return
		}
		value := ""
		if u.Value != "" {
			value = fmt.Sprintf(" (%q)", u.Value)
		}
		p.note("in row %s of %q, %q%s %s. Mend the cell in Airtable%s.", u.Record, table, u.Field, value, u.Why, s.at(ref, u.Record))
	}
}

// at returns a row's address in Airtable, for the end of a sentence; empty if only the
// table's name is known.
func (s Setup) at(table, record string) string {
	if !strings.HasPrefix(table, "tbl") {
		return ""
	}
	return " (https://airtable.com/" + s.BaseID + "/" + table + "/" + record + ")"
}

// checkCombinations prints the tables of combinations that the base does not have.
func (s Setup) checkCombinations(p *printer, name string, tables []booking.Table) {
	missing := map[string][]string{}
	var order []string
	for _, c := range s.Restaurant.Combinations {
		for _, id := range c.Tables {
			if slices.ContainsFunc(tables, func(t booking.Table) bool { return t.ID == id }) {
				continue
			}
			if missing[id] == nil {
				order = append(order, id)
			}
			missing[id] = append(missing[id], strings.Join(c.Tables, "+"))
		}
	}
	for i, id := range order {
		if i == maxUnread {
			p.note("%q lacks %s more that combinations in the restaurant file name: %s.", name, count(len(order)-i, "table", "tables"), some(order[i:]))
			return
		}
		p.note("%q has no table %s, so that nobody gets %s. Add a row for it, or take it out of [combinations] in the restaurant file.",
			name, id, some(missing[id]))
	}
}

// checkLargest prints if the desk takes parties that are too large to be seated.
func (s Setup) checkLargest(p *printer, name string, bookable []booking.Table) {
	largest := 0
	has := map[string]bool{}
	for _, t := range bookable {
		largest = max(largest, t.Max)
		has[t.ID] = true
	}
	for _, c := range s.Restaurant.Combinations {
		if !slices.ContainsFunc(c.Tables, func(id string) bool { return !has[id] }) {
			largest = max(largest, c.Max)
		}
	}
	if s.Restaurant.PartyLimit > largest {
		p.note("the desk takes parties of up to %d, and the largest table or combination that can be booked in %q seats %d: larger ones always hear that the house is full. Set party_limit = %d under [booking] in the restaurant file, or add tables or combinations.",
			s.Restaurant.PartyLimit, name, largest, largest)
	}
}
