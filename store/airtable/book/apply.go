package book

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"maitre/booking"
	"maitre/store"
	"maitre/store/airtable"
	"maitre/store/airtable/mapping"
)

// changes is what a stretch of payloads comes down to.
type changes struct {
	rows    map[string]airtable.Record // the bookings' table: how they stand now
	gone    map[string]bool            // record IDs
	before  []airtable.Record          // how they stood
	tables  bool                       // the tables' table changed
	schema  bool                       // fields or tables did
	unknown bool                       // something changed, and nobody knows what
}

func (b *Book) gather(s *base, payloads []airtable.Payload) changes {
	c := changes{rows: map[string]airtable.Record{}, gone: map[string]bool{}}
	for _, p := range payloads {
		if p.Failed {
			c.unknown = true
		}
		if len(p.DestroyedTables)+len(p.CreatedTables) > 0 {
			c.schema = true
		}
		for id, table := range p.Tables {
			if table.SchemaChanged() {
				c.schema = true
			}
			switch id {
			case s.mapper.TablesTable():
				c.tables = c.tables || len(table.Created)+len(table.Changed)+len(table.Destroyed) > 0
			case s.mapper.BookingsTable():
				c.take(table)
			}
		}
	}
	return c
}

// take adds a payload's part; payloads come in their order.
func (c *changes) take(t airtable.TableChange) {
	for id, r := range t.Created {
		c.rows[id] = airtable.Record{ID: id, Created: r.Created, Fields: r.Cells}
		delete(c.gone, id)
	}
	for id, r := range t.Changed {
		c.before = append(c.before, airtable.Record{ID: id, Fields: r.Before()})
		now := airtable.Record{ID: id, Created: c.rows[id].Created, Fields: r.After()}
		if was, again := c.rows[id]; again {
			// A part of one action may tell of some cells only.
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

// apply takes changes up: rows whose meaning is plain go straight into the
// mirror, for which nothing need be read; the days of others are read again. Only
// the dates that are touched are invalidated, old and new. What we wrote ourselves
// comes back here too, and changes nothing. lost: something changed, and nobody
// knows what.
func (b *Book) apply(ctx context.Context, payloads []airtable.Payload, since store.Mark, began time.Time) (lost bool, t *booking.Trouble) {
	s, t := b.madeUp(ctx)
	if t != nil {
		return false, t
	}
	c := b.gather(s, payloads)
	if c.schema || c.tables {
		if s, t = b.readBase(ctx, began); t != nil {
			return false, t
		}
	}
	if c.unknown {
		return true, nil
	}
	plain, doubtful, t := b.sift(ctx, s, c)
	if t != nil {
		return false, t
	}
	// Days that were read after these changes were asked for hold them, or newer ones.
	late := func(date booking.Date) bool {
		asOf, known := b.Mirror.AsOf(date)
		return known && asOf.After(began)
	}
	plain = slices.DeleteFunc(plain, func(row store.Row) bool { return late(row.Booking.Date) })
	gone := slices.Sorted(maps.Keys(c.gone))
	for _, id := range slices.Clone(gone) {
		gone = append(gone, id+mapping.ShadowMark)
	}
	touched, err := b.Mirror.KeepRows(ctx, plain, gone, since)
	if err != nil {
		return false, &booking.Trouble{Kind: booking.Unreachable, Text: "keep what has changed: " + err.Error()}
	}
	b.Touch(touched...)
	for _, date := range doubtful {
		if late(date) {
			continue
		}
		if t := b.readDay(ctx, date); t != nil {
			return false, t
		}
		b.Touch(date)
	}
	if len(touched)+len(doubtful) > 0 {
		b.Log.Info("the staff changed the book", "dates", len(touched)+len(doubtful), "read_again", len(doubtful))
	}
	return false, nil
}

// sift parts rows that can be taken as they are from those whose days must be
// read whole: copies of other rows, rows that count on two days, rows that
// could not be read as bookings.
func (b *Book) sift(ctx context.Context, s *base, c changes) (plain []store.Row, doubtful []booking.Date, t *booking.Trouble) {
	for _, rec := range c.rows {
		rows, _ := s.mapper.Rows([]airtable.Record{rec}, s.index)
		days := s.mapper.Days(rec)
		known, was, err := b.known(ctx, rec.ID)
		if err != nil {
			return nil, nil, &booking.Trouble{Kind: booking.Unreachable, Text: err.Error()}
		}
		if len(rows) == 1 && len(days) == 1 && b.same(ctx, rows[0]) && (!known || !isShadowed(ctx, b, rec.ID)) {
			plain = append(plain, store.Row{Booking: rows[0].Booking, Record: rows[0].Record})
			continue
		}
		doubtful = append(doubtful, days...)
		if known {
			doubtful = append(doubtful, was.Date)
		}
		doubtful = append(doubtful, s.mapper.Days(c.before...)...)
	}
	slices.Sort(doubtful)
	return plain, slices.Compact(doubtful), nil
}

// known returns the booking that the mirror has of a row.
func (b *Book) known(ctx context.Context, record string) (bool, booking.Booking, error) {
	was, ok, err := b.Mirror.ByRecord(ctx, record)
	return ok, was, err
}

// same tells whether a row's booking is the mirror's of that row, or new: a copy
// of a row carries the ID of another.
func (b *Book) same(ctx context.Context, row mapping.Row) bool {
	record, ok, err := b.Mirror.Record(ctx, row.Booking.ID)
	return err == nil && (!ok || record == "" || record == row.Record)
}

// isShadowed tells whether a row counts on two days as it is known.
func isShadowed(ctx context.Context, b *Book, record string) bool {
	_, ok, err := b.Mirror.ByRecord(ctx, record+mapping.ShadowMark)
	return err != nil || ok || strings.HasSuffix(record, mapping.ShadowMark)
}
