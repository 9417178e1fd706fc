package airtabletest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"maitre/store/airtable/airtabletest/formula"
)

// iterator is a list under way. It remembers what was asked, because the facts
// say to keep the parameters while paging; changed ones end it here [?].
type iterator struct {
	id      string
	asked   string
	expires time.Time
	gone    bool
}

// listing is one page's worth of work.
type listing struct {
	table  *table
	look   look
	filter *formula.Formula
	order  []sortKey
	view   bool
	rows   []*record
}

type sortKey struct {
	field *field
	desc  bool
}

func (s *Server) listByQuery(c *call) (any, error) {
	p, err := paramsFromQuery(c.query)
	if err != nil {
		return nil, err
	}
	return s.list(c, p)
}

func (s *Server) listByBody(c *call) (any, error) {
	p, err := paramsFromBody(c)
	if err != nil {
		return nil, err
	}
	return s.list(c, p)
}

// list answers a page. The rows are looked at afresh for every page: what was
// written between two pages shows, or is missed, or comes twice [?].
func (s *Server) list(c *call, p listParams) (any, error) {
	t := s.base.table(c.table)
	if t == nil {
		return nil, errModelNotFound
	}
	l, err := s.listing(t, p)
	if err != nil {
		return nil, err
	}
	l.find(s.base)
	start, it, err := s.resume(t, p, l.rows)
	if err != nil {
		return nil, err
	}
	end := len(l.rows)
	if p.MaxRecords != nil {
		end = min(end, *p.MaxRecords)
	}
	size := s.options.PageSize
	if p.PageSize != nil {
		size = min(size, *p.PageSize)
	}
	stop := min(start+size, end)
	rows := []any{}
	for i := start; i < stop; i++ {
		rows = append(rows, s.base.row(t, l.rows[i], l.look))
	}
	out := map[string]any{"records": rows}
	if stop < end {
		out["offset"] = fmt.Sprintf("%s/%s", s.iterate(it, t, p), l.rows[stop].id)
	}
	return out, nil
}

func (s *Server) listing(t *table, p listParams) (listing, error) {
	l := listing{table: t, look: look{byID: p.ByID}}
	if p.CellFormat == "string" {
		zone, err := time.LoadLocation(p.TimeZone)
		if err != nil {
			return l, errInvalidRequest
		}
		l.look.asText, l.look.zone = true, zone
	}
	if p.Fields != nil {
		l.look.only = map[string]bool{}
		for _, ref := range p.Fields {
			f := t.field(ref)
			if f == nil {
				return l, unknownField(ref)
			}
			l.look.only[f.ID] = true
		}
	}
	for _, key := range p.Sort {
		f := t.field(key.Field)
		if f == nil {
			return l, unknownField(key.Field)
		}
		l.order = append(l.order, sortKey{field: f, desc: key.Direction == "desc"})
	}
	if p.View != "" {
		if err := s.base.viewOf(t, p.View); err != nil {
			return l, err
		}
		l.view = true
	}
	var err error
	l.filter, err = compileFilter(t, p.Filter)
	return l, err
}

func (b *base) viewOf(t *table, view string) error {
	match := func(v View) bool { return v.ID == view || v.Name == view }
	if slices.ContainsFunc(t.views, match) {
		return nil
	}
	for _, other := range b.tables {
		if slices.ContainsFunc(other.views, func(v View) bool { return v.ID == view }) {
			return errViewElsewhere
		}
	}
	return viewNotFound(view)
}

func compileFilter(t *table, source string) (*formula.Formula, error) {
	if strings.TrimSpace(source) == "" {
		return nil, nil
	}
	f, err := formula.Parse(source)
	if err != nil {
		return nil, badFormula("Invalid formula. Please check your formula text.")
	}
	var unknown []string
	for _, ref := range f.Refs() {
		if t.field(ref) == nil {
			unknown = append(unknown, ref)
		}
	}
	if len(unknown) > 0 {
		return nil, badFormula("Unknown field names: " + strings.Join(unknown, ", "))
	}
	return f, nil
}

// find filters and orders. Through a view come the records in the order they
// were made; without one and without sort the order is arbitrary: by ID [emu].
func (l *listing) find(b *base) {
	for _, r := range l.table.records {
		if l.filter == nil || l.filter.Eval(b.env(l.table, r, 0)).Truthy() {
			l.rows = append(l.rows, r)
		}
	}
	if !l.view {
		slices.SortFunc(l.rows, func(x, y *record) int { return strings.Compare(x.id, y.id) })
	}
	if len(l.order) == 0 {
		return
	}
	slices.SortStableFunc(l.rows, func(x, y *record) int {
		for _, key := range l.order {
			if n := b.order(l.table, key.field, x, y); n != 0 {
				if key.desc {
					return -n
				}
				return n
			}
		}
		return 0
	})
}

// resume finds where an offset goes on: at the record that it names. Where that
// record has gone meanwhile (deleted, or no longer matching), the list has to be
// begun again [?]. The iterator is good for the same page again.
func (s *Server) resume(t *table, p listParams, rows []*record) (int, *iterator, error) {
	if p.Offset == "" {
		return 0, nil, nil
	}
	id, next, found := strings.Cut(p.Offset, "/")
	if !found || !isID("itr", id) || !isID("rec", next) {
		return 0, nil, badOffset(p.Offset)
	}
	it := s.iterators[id]
	if it == nil || it.gone || !s.now().Before(it.expires) || it.asked != p.key(t) {
		return 0, nil, errIteratorGone
	}
	if i := slices.IndexFunc(rows, func(r *record) bool { return r.id == next }); i >= 0 {
		return i, it, nil
	}
	return 0, nil, errIteratorGone
}

// iterate names the iterator of a list that goes on.
func (s *Server) iterate(it *iterator, t *table, p listParams) string {
	now := s.now()
	if it == nil {
		it = &iterator{id: s.base.draw("itr"), asked: p.key(t)}
		s.iterators[it.id] = it
	}
	it.expires = now.Add(s.options.IteratorTTL)
	for id, old := range s.iterators {
		if !now.Before(old.expires) {
			delete(s.iterators, id)
		}
	}
	return it.id
}

func (s *Server) get(c *call) (any, error) {
	p, err := paramsFromQuery(c.query, "cellFormat", "timeZone", "userLocale", "returnFieldsByFieldId")
	if err != nil {
		return nil, err
	}
	t := s.base.table(c.table)
	if t == nil {
		return nil, errModelNotFound
	}
	l, err := s.listing(t, p)
	if err != nil {
		return nil, err
	}
	// The vendor documents that a record of another table of the base is found too.
	home, r := s.base.record(c.id)
	if r == nil {
		return nil, errRecordNotFound
	}
	return s.base.row(home, r, l.look), nil
}

// key is what two pages of one list have in common.
func (p listParams) key(t *table) string {
	p.Offset = ""
	b, _ := json.Marshal(p) // strings and numbers
	return t.id + string(b)
}
