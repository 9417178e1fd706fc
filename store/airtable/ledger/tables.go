package ledger

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

// base is the base's schema and its tables. It is immutable.
type base struct {
	mapper *mapping.Mapper
	bound  bool // the mapper knows the base, as far as we may read its schema
	// missing are the findings that keep the desk from working.
	missing []mapping.Finding
	readAt  time.Time // when it was read; zero: never by this process

	tables []booking.Table
	index  mapping.TableIndex
	known  bool // tables and index were read
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

// loadTables loads the tables from the data file.
func (l *Ledger) loadTables(ctx context.Context) error {
	value, err := l.cfg.Mirror.Kept(ctx, keptTables)
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
	next := *l.base.Load()
	next.mapper = next.mapper.Knowing(k.Base)
	next.tables, next.index, next.known = k.Tables, mapping.IndexOf(k.Tables, k.Records), true
	l.useBase(&next)
	return nil
}

// useBase replaces the base. What was derived from the tables is invalidated only
// if they changed.
func (l *Ledger) useBase(next *base) {
	was := l.base.Swap(next)
	if renamed(was.index.Records(), next.index.Records()) {
		l.tablesRenamed.Store(true)
	}
	if was.known == next.known && reflect.DeepEqual(was.tables, next.tables) {
		return
	}
	if next.known && len(next.tables) > 0 {
		l.cfg.Mirror.SetFloor(booking.NewFloor(l.cfg.Restaurant, next.tables))
	}
	l.cache.Invalidate(tablesTag)
}

// renamed reports whether a row is another table than it was.
func renamed(was, is map[string]string) bool {
	for record, id := range was {
		if now, there := is[record]; there && now != id {
			return true
		}
	}
	return false
}

// currentBase returns the base, reading it if this process has not read it yet, or
// if something was missing when it was read a while ago.
func (l *Ledger) currentBase(ctx context.Context) (*base, *booking.RecordError) {
	now := l.base.Load()
	switch {
	case now.problem() != nil:
		return l.readBase(ctx, l.baseNeededSince())
	case !now.bound || !now.known:
		return l.readBase(ctx, time.Time{})
	}
	return now, nil
}

// readBase reads schema and tables, unless they were read after a moment.
func (l *Ledger) readBase(ctx context.Context, after time.Time) (*base, *booking.RecordError) {
	if t := l.reading.lock(ctx); t != nil {
		return nil, t
	}
	defer l.reading.unlock()
	if now := l.base.Load(); now.bound && (now.known || now.problem() != nil) && now.readAt.After(after) {
		return now, now.problem()
	}
	next := base{readAt: l.cfg.Now()}
	t := l.ask(ctx, ofSchema, func(ctx context.Context) error {
		schema, err := l.cfg.Client.Schema(ctx)
		var e *airtable.Error
		if errors.As(err, &e) && e.Kind == airtable.Permanent && e.Status != http.StatusUnauthorized {
			// The names suffice as long as nobody changes them; the known IDs suffice even then.
			l.cfg.Log.Warn("the base's schema cannot be read: fields are found by the IDs that are known, or by their names, and what is missing shows only when something is written", "error", err)
			next.mapper, next.bound = l.base.Load().mapper, true
			return nil
		}
		if err != nil {
			return err
		}
		next.mapper, next.bound = l.base.Load().mapper.Bind(schema), true
		for _, f := range next.mapper.Check(schema) {
			if !f.OK && f.Vital && !f.Choice {
				next.missing = append(next.missing, f)
			}
		}
		return nil
	})
	if t == nil {
		t = next.problem()
	}
	if t == nil {
		if t = l.readTables(ctx, &next); t != nil {
			next.readAt = l.base.Load().readAt // not read yet
		}
	}
	if t != nil {
		// What was known of the tables stays.
		was := l.base.Load()
		if next.bound {
			next.tables, next.index, next.known = was.tables, was.index, was.known
			l.base.Store(&next)
		}
		return nil, t
	}
	l.useBase(&next)
	return &next, nil
}

// readTables reads the tables' rows into next and keeps them.
func (l *Ledger) readTables(ctx context.Context, next *base) *booking.RecordError {
	var records []airtable.Record
	t := l.ask(ctx, ofTables, func(ctx context.Context) (err error) {
		records, err = l.cfg.Client.List(ctx, next.mapper.TablesTable(), airtable.ListOptions{
			Fields: next.mapper.TableFields(), ByFieldID: next.mapper.ByFieldID(),
		})
		return err
	})
	if t != nil {
		return t
	}
	l.seeMarks(next, records)
	var unread []mapping.Unread
	next.tables, next.index, unread = next.mapper.Tables(records)
	next.known = true
	l.logUnread(unread)
	if len(next.tables) == 0 {
		l.cfg.Log.Warn("the table of tables in Airtable has no rows: the desk seats guests at the restaurant file's tables, and cannot write them; run maitre airtable init")
	}
	value, err := json.Marshal(kept{V: keptFormat, Tables: next.tables, Records: next.index.Records(), Base: next.mapper.Known()})
	if err == nil {
		err = l.cfg.Mirror.Keep(ctx, keptTables, value)
	}
	if err != nil && ctx.Err() == nil {
		l.cfg.Log.Error("keep the tables", "error", err)
	}
	return nil
}

// problem returns what keeps the base from being used, or nil.
func (s *base) problem() *booking.RecordError {
	if len(s.missing) == 0 {
		return nil
	}
	first := s.missing[0]
	text := "Airtable: " + first.Thing + " " + first.Problem
	if n := len(s.missing) - 1; n > 0 {
		text += fmt.Sprintf(" (and %d more; maitre check lists them)", n)
	}
	return &booking.RecordError{Kind: booking.Permanent, Cause: booking.ParkedBase, Text: text, Fix: first.Fix}
}

// KnownBase returns the IDs of the base's tables, fields and choices.
func (l *Ledger) KnownBase() mapping.Known { return l.base.Load().mapper.Known() }

// Tables returns the tables as they were last read, and whether they are known.
func (l *Ledger) Tables() ([]booking.Table, bool) {
	s := l.base.Load()
	return slices.Clone(s.tables), s.known
}
