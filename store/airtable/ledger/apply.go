package ledger

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"

	"maitre/booking"
	"maitre/store"
	"maitre/store/airtable"
	"maitre/store/airtable/mapping"
)

// changes is the sum of the recorded payloads.
type changes struct {
	rows    map[string]airtable.Record   // of the bookings' table, as they are now
	gone    map[string]bool              // record IDs
	before  map[string][]airtable.Record // as they were
	ids     map[string]string            // by record, the first ID of ours that it carried
	tables  bool                         // the tables' table changed, in a field of ours
	mark    bool                         // another desk's mark may be there
	schema  bool                         // fields or tables changed
	unknown bool                         // something changed, and it is not known what
}

func (l *Ledger) gather(s *base, payloads []airtable.Payload) changes {
	c := changes{rows: map[string]airtable.Record{}, gone: map[string]bool{}, before: map[string][]airtable.Record{}, ids: map[string]string{}}
	for _, p := range payloads {
		c.unknown = c.unknown || p.Failed
		c.schema = c.schema || len(p.DestroyedTables)+len(p.CreatedTables) > 0
		for id, table := range p.Tables {
			c.schema = c.schema || table.SchemaChanged()
			switch id {
			case s.mapper.TablesTable():
				rest, look := l.withoutMarks(s, table)
				c.tables, c.mark = c.tables || tablesChanged(rest, s.mapper.TableFields()), c.mark || look
			case s.mapper.BookingsTable():
				c.take(table, s.mapper.IDOf)
			}
		}
	}
	return c
}

// tablesChanged reports whether the restaurant's tables changed. A booking that links
// to a table changes the table's row too, in a field that is not ours.
func tablesChanged(t airtable.TableChange, ours []string) bool {
	if len(t.Created)+len(t.Destroyed) > 0 {
		return true
	}
	for _, r := range t.Changed {
		for field := range r.Current.Cells {
			if slices.Contains(ours, field) {
				return true
			}
		}
	}
	return false
}

// take adds the changes of a table; payloads come in order.
func (c *changes) take(t airtable.TableChange, idOf func(airtable.Record) string) {
	carries := func(rec airtable.Record) {
		if id := idOf(rec); id != rec.ID && c.ids[rec.ID] == "" {
			c.ids[rec.ID] = id
		}
	}
	for id, r := range t.Created {
		carries(airtable.Record{ID: id, Fields: r.Cells})
		c.rows[id] = airtable.Record{ID: id, Created: r.Created, Fields: r.Cells}
		delete(c.gone, id)
	}
	for id, r := range t.Changed {
		carries(airtable.Record{ID: id, Fields: r.Before()})
		c.before[id] = append(c.before[id], airtable.Record{ID: id, Fields: r.Before()})
		now := airtable.Record{ID: id, Created: c.rows[id].Created, Fields: r.After()}
		if was, again := c.rows[id]; again {
			// A payload may hold only some of the cells.
			cells := airtable.Cells{}
			maps.Copy(cells, was.Fields)
			maps.Copy(cells, now.Fields)
			now.Fields = cells
		}
		c.rows[id] = now
	}
	for _, id := range t.Destroyed {
		c.gone[id] = true
		delete(c.rows, id)
	}
}

// inOrder returns the rows as they are now, the oldest first.
func (c *changes) inOrder() []airtable.Record {
	return slices.SortedFunc(maps.Values(c.rows), func(a, b airtable.Record) int {
		return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID))
	})
}

// maxReadAgain is how many days are read again one by one; reading all days takes no
// more requests than that.
const maxReadAgain = 5

// apply applies changes to the mirror. Rows that are unambiguous go straight into it;
// the days of others are read again. Only the dates that are touched are invalidated,
// old and new. What we wrote ourselves comes back here too, and changes nothing.
//
// lost says that something changed and it is not known what. Doubts are of bookings
// that wait to be written, whose days can be read only after that.
func (l *Ledger) apply(ctx context.Context, found recorded) (lost bool, doubts []doubt, t *booking.RecordError) {
	if len(found.payloads) == 0 {
		return found.tooMany, nil, nil
	}
	s, t := l.currentBase(ctx)
	if t != nil {
		return false, nil, t
	}
	c := l.gather(s, found.payloads)
	if c.schema || c.tables {
		if s, t = l.readBase(ctx, found.received); t != nil {
			return false, nil, t
		}
	} else if c.mark {
		if t = l.readMarks(ctx, s); t != nil {
			return false, nil, t
		}
	}
	if l.claim.isDue() {
		l.Pinged() // the mark is written again
	}
	if c.unknown {
		return true, nil, nil
	}
	if err := l.cfg.Mirror.NoteRows(ctx, c.ids); err != nil {
		return false, nil, &booking.RecordError{Kind: booking.Unreachable, Text: "keep which rows are ours: " + err.Error()}
	}
	rows, again, err := l.sift(ctx, s, &c)
	if err != nil {
		return false, nil, unreadable(err)
	}
	asked, t := l.askRows(ctx, s, &rows, &c)
	if t != nil {
		return false, nil, t
	}
	// These days are read first: they are found by the mirror as it is before the changes.
	if lost, t = l.readAgain(ctx, again); t != nil {
		return false, nil, t
	}
	changed, left, err := l.cfg.Mirror.KeepChanges(ctx, rows, slices.Sorted(maps.Keys(c.gone)), found.since)
	if err == nil && len(asked.rows) > 0 {
		more, leftToo, failed := l.cfg.Mirror.KeepChanges(ctx, asked.rows, nil, asked.since)
		changed, left, err = append(changed, more...), append(left, leftToo...), failed
	}
	l.Touch(changed...)
	if err != nil {
		return false, nil, &booking.RecordError{Kind: booking.Unreachable, Text: "keep what has changed: " + err.Error()}
	}
	var later []booking.Date
	for _, row := range left {
		if l.cfg.Mirror.Waits(row.ID) {
			doubts = append(doubts, doubt{row.ID, row.Date})
		}
		// Something newer is known, or was asked for later; or the row is a copy of a
		// booking whose row is not known yet.
		if !slices.Contains(again, row.Date) {
			later = append(later, row.Date)
		}
	}
	lostToo, t := l.readAgain(ctx, later)
	if read := len(again) + len(later); len(changed)+read > 0 {
		l.cfg.Log.Info("bookings were changed in Airtable", "dates", len(changed), "read_again", read)
	}
	return lost || lostToo, doubts, t
}

// readAgain reads again the days that were read before. lost says that they are so
// many that all days must be read.
func (l *Ledger) readAgain(ctx context.Context, dates []booking.Date) (lost bool, t *booking.RecordError) {
	slices.Sort(dates)
	dates = slices.DeleteFunc(slices.Compact(dates), func(date booking.Date) bool {
		_, known := l.cfg.Mirror.AsOf(date)
		return !known
	})
	if len(dates) > maxReadAgain {
		return true, nil
	}
	for _, date := range dates {
		if t := l.readDay(ctx, date, true); t != nil {
			return false, t
		}
	}
	return false, nil
}

// sift parts rows that can be taken as they are from those whose days must be read
// whole: copies of other rows, and rows that count on two days. Rows that are no
// longer bookings are added to those that are gone.
func (l *Ledger) sift(ctx context.Context, s *base, c *changes) (plain []store.Row, again []booking.Date, err error) {
	for _, rec := range c.inOrder() {
		id := rec.ID
		rows, unread := s.mapper.Rows([]airtable.Record{rec}, s.index)
		l.logUnread(unread)
		shadow, shadowed, err := l.cfg.Mirror.ByRecord(ctx, id+mapping.ShadowMark)
		if err != nil {
			return nil, nil, err
		}
		switch {
		case len(rows) == 0:
			c.gone[id] = true
		case len(rows) == 1 && !shadowed && l.isThatRow(ctx, rows[0]):
			plain = append(plain, store.Row{Booking: rows[0].Booking, Record: rows[0].Record})
		default:
			was, known, err := l.cfg.Mirror.ByRecord(ctx, id)
			if err != nil {
				return nil, nil, err
			}
			if known {
				again = append(again, was.Date)
			}
			if shadowed {
				again = append(again, shadow.Date)
			}
			again = append(again, s.mapper.Days(append(c.before[id], rec)...)...)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(c.gone)) {
		c.gone[id+mapping.ShadowMark] = true
		was, known, err := l.cfg.Mirror.ByRecord(ctx, id)
		if err != nil {
			return nil, nil, err
		}
		if known && was.ID != id {
			again = append(again, was.Date) // a copy of it may be the booking now
		}
	}
	return plain, again, nil
}

// askedRows are rows that were read by record ID, because the list of changes may be
// out of date.
type askedRows struct {
	rows  []store.Row
	since store.Version
}

// askRows reads by record ID what the list of changes may report wrongly, and takes
// it out of rows and of what is gone: rows that were read or written recently, and
// future bookings that are reported as deleted.
func (l *Ledger) askRows(ctx context.Context, s *base, rows *[]store.Row, c *changes) (askedRows, *booking.RecordError) {
	var ask []string
	var doubtful, absent []store.Row
	var failed error
	*rows = slices.DeleteFunc(*rows, func(row store.Row) bool {
		known, ok, err := l.cfg.Mirror.ByRecord(ctx, row.Record)
		failed = errors.Join(failed, err)
		if !ok || booking.SameInRow(store.CarriedOver(&row.Booking, &known), known) || !l.recent.lately(known.ID, known.Date, row.Booking.Date) {
			return false
		}
		ask, doubtful = append(ask, row.Record), append(doubtful, store.Row{Booking: known, Record: row.Record})
		return true
	})
	for id := range c.gone {
		known, ok, err := l.cfg.Mirror.ByRecord(ctx, id)
		failed = errors.Join(failed, err)
		if ok && l.cfg.Mirror.Counts(known) {
			absent = append(absent, store.Row{Booking: known, Record: id})
		}
	}
	if failed != nil {
		return askedRows{}, unreadable(failed)
	}
	got := askedRows{since: l.cfg.Mirror.Version()}
	if len(ask) > 0 {
		found, t := l.recordsNow(ctx, s, ask)
		if t != nil {
			return got, t
		}
		got.rows = rowsOf(s, found)
		for _, row := range doubtful {
			if !hasRecord(got.rows, row.Record) {
				absent = append(absent, row) // asked once more
			}
		}
	}
	there, t := l.stillThere(ctx, s, absent)
	if t != nil {
		return got, t
	}
	for _, row := range there {
		delete(c.gone, row.Record)
	}
	got.rows = append(got.rows, there...)
	return got, nil
}

func hasRecord(rows []store.Row, record string) bool {
	return slices.ContainsFunc(rows, func(row store.Row) bool { return row.Record == record })
}

// isThatRow reports whether a row's booking is new, or that row's in the mirror: a
// copy of a row has the ID of another.
func (l *Ledger) isThatRow(ctx context.Context, row mapping.Row) bool {
	record, ok, err := l.cfg.Mirror.Record(ctx, row.Booking.ID)
	return err == nil && (!ok || record == row.Record)
}

func unreadable(err error) *booking.RecordError {
	return &booking.RecordError{Kind: booking.Unreachable, Text: "read what is known: " + err.Error()}
}
