package book

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"time"

	"maitre/booking"
	"maitre/store/airtable"
	"maitre/store/airtable/mapping"
)

// base is the base's make-up: its schema and its tables. It does not change.
type base struct {
	mapper *mapping.Mapper
	bound  bool // the mapper knows the base, as far as we may read its schema
	// wanting are the findings without which the desk cannot work.
	wanting []mapping.Finding
	seen    time.Time // when it was read; zero: never by this process

	tables []booking.Table
	index  mapping.TableIndex
	known  bool // the tables are
}

// kept is what the data file keeps of the tables.
type kept struct {
	V       int               `json:"v"`
	Tables  []booking.Table   `json:"tables"`
	Records map[string]string `json:"records"` // record ID -> table ID
	// Base is what the base's tables, fields and choices are by their IDs.
	Base mapping.Known `json:"base,omitzero"`
}

const (
	keptFormat = 1
	keptTables = "tables"
)

// recallTables takes up the tables as the data file has them.
func (b *Book) recallTables(ctx context.Context) error {
	value, err := b.Mirror.Kept(ctx, keptTables)
	if err != nil || value == nil {
		return err
	}
	var k kept
	if err := json.Unmarshal(value, &k); err != nil {
		return fmt.Errorf("read the tables that are kept: %w", err)
	}
	if k.V > keptFormat {
		return fmt.Errorf("tables are kept in format %d, this program knows %d: start the newer version", k.V, keptFormat)
	}
	next := *b.base.Load()
	next.mapper = next.mapper.Knowing(k.Base)
	next.tables, next.index, next.known = k.Tables, mapping.IndexOf(k.Tables, k.Records), true
	b.settleIn(&next)
	return nil
}

// settleIn makes the desk go by a new make-up of the base. What was derived from
// the tables is forgotten only if they are others.
func (b *Book) settleIn(next *base) {
	was := b.base.Swap(next)
	if renamed(was.index.Records(), next.index.Records()) {
		b.misnamed.Store(true)
	}
	if was.known == next.known && reflect.DeepEqual(was.tables, next.tables) {
		return
	}
	if next.known && len(next.tables) > 0 {
		b.Mirror.SetFloor(booking.NewFloor(b.House, next.tables))
	}
	b.cache.Invalidate(tablesTag)
}

// renamed tells whether a row is another table than it was.
func renamed(was, is map[string]string) bool {
	for record, id := range was {
		if now, there := is[record]; there && now != id {
			return true
		}
	}
	return false
}

// madeUp returns the base's make-up, read if this process has not read it yet,
// or if something was missing when it was read a while ago.
func (b *Book) madeUp(ctx context.Context) (*base, *booking.Trouble) {
	now := b.base.Load()
	switch {
	case now.trouble() != nil:
		return b.readBase(ctx, b.believed())
	case !now.bound || !now.known:
		return b.readBase(ctx, time.Time{})
	}
	return now, nil
}

// readBase reads schema and tables, unless somebody began to after a moment.
func (b *Book) readBase(ctx context.Context, after time.Time) (*base, *booking.Trouble) {
	if t := b.reading.take(ctx); t != nil {
		return nil, t
	}
	defer b.reading.give()
	if now := b.base.Load(); now.bound && (now.known || now.trouble() != nil) && now.seen.After(after) {
		return now, now.trouble()
	}
	next := base{seen: b.Now()}
	t := b.ask(ctx, ofSchema, func(ctx context.Context) error {
		schema, err := b.Client.Schema(ctx)
		var e *airtable.Error
		if errors.As(err, &e) && e.Kind == airtable.Permanent && e.Status != http.StatusUnauthorized {
			// Names are enough to work with, as long as nobody changes them; the IDs that
			// are known outlive that.
			b.Log.Warn("the base's schema cannot be read: fields go by the IDs that are known, or by their names, and what is missing shows only when something is written", "why", err)
			next.mapper, next.bound = b.base.Load().mapper, true
			return nil
		}
		if err != nil {
			return err
		}
		next.mapper, next.bound = b.base.Load().mapper.Bind(schema), true
		for _, f := range next.mapper.Check(schema) {
			if !f.OK && f.Vital && !f.Choice {
				next.wanting = append(next.wanting, f)
			}
		}
		return nil
	})
	if t == nil {
		t = next.trouble()
	}
	if t == nil {
		if t = b.readTables(ctx, &next); t != nil {
			next.seen = b.base.Load().seen // not read yet
		}
	}
	if t != nil {
		// What was known of the tables holds on.
		was := b.base.Load()
		if next.bound {
			next.tables, next.index, next.known = was.tables, was.index, was.known
			b.base.Store(&next)
		}
		return nil, t
	}
	b.settleIn(&next)
	return &next, nil
}

// readTables reads the tables' rows into next and keeps them.
func (b *Book) readTables(ctx context.Context, next *base) *booking.Trouble {
	var records []airtable.Record
	t := b.ask(ctx, ofTables, func(ctx context.Context) (err error) {
		records, err = b.Client.List(ctx, next.mapper.TablesTable(), airtable.ListOptions{
			Fields: next.mapper.TableFields(), ByFieldID: next.mapper.ByFieldID(),
		})
		return err
	})
	if t != nil {
		return t
	}
	b.seeMarks(next, records)
	var unread []mapping.Unread
	next.tables, next.index, unread = next.mapper.Tables(records)
	next.known = true
	b.tellUnread(unread)
	if len(next.tables) == 0 {
		b.Log.Warn("the table of tables in Airtable has no rows: the desk seats guests at the restaurant file's tables, and cannot write them; run maitre airtable init")
	}
	value, err := json.Marshal(kept{V: keptFormat, Tables: next.tables, Records: next.index.Records(), Base: next.mapper.Known()})
	if err == nil {
		err = b.Mirror.Keep(ctx, keptTables, value)
	}
	if err != nil && ctx.Err() == nil { // else nobody goes on to use them
		b.Log.Error("keep the tables", "error", err)
	}
	return nil
}

// trouble is what keeps the base from being used, or nil.
func (s *base) trouble() *booking.Trouble {
	if len(s.wanting) == 0 {
		return nil
	}
	first := s.wanting[0]
	text := "Airtable: " + first.Thing + " " + first.Problem
	if n := len(s.wanting) - 1; n > 0 {
		text += fmt.Sprintf(" (and %d more; maitre check lists them)", n)
	}
	return &booking.Trouble{Kind: booking.Permanent, Cause: booking.ParkedBase, Text: text, Mend: first.Mend}
}

// KnownBase returns what is known of the base's make-up.
func (b *Book) KnownBase() mapping.Known { return b.base.Load().mapper.Known() }

// Tables returns the tables as they were last read, and whether they are known.
func (b *Book) Tables() ([]booking.Table, bool) {
	s := b.base.Load()
	return slices.Clone(s.tables), s.known
}
