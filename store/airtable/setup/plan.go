package setup

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"maitre/booking"
	"maitre/store/airtable"
	"maitre/store/airtable/mapping"
)

// batch is how many rows are added at a time: those of one request are all added or
// none is.
const batch = 10

// plan is what init is going to add.
type plan struct {
	schema []airtable.Table // as it was found
	name   string           // of the tables' table
	steps  []mapping.Step
	tables []booking.Table // to be added as rows, after the steps
}

func (pl plan) nothing() bool { return len(pl.steps) == 0 && len(pl.tables) == 0 }

func (pl plan) lines() []string {
	var all []string
	for _, step := range pl.steps {
		all = append(all, step.String())
	}
	if len(pl.tables) > 0 {
		ids := make([]string, len(pl.tables))
		for i, t := range pl.tables {
			ids[i] = t.ID
		}
		all = append(all, fmt.Sprintf("add to %q the %s of the restaurant file, as rows: %s",
			pl.name, count(len(ids), "table", "tables"), strings.Join(ids, ", ")))
	}
	return all
}

// plan reads the base and returns what there is to add, after checking that the
// token may.
func (s Setup) plan(ctx context.Context, p *printer) (plan, error) {
	has, err := s.tokenScopes(ctx, p)
	if err != nil {
		return plan{}, err
	}
	for _, scope := range []string{readsBase, readsRows} {
		if has.lack(scope) {
			return plan{}, lacks(scope, "so that the base cannot be looked over")
		}
	}
	v, err := s.readSchema(ctx, p)
	if errors.Is(err, errHidden) {
		err = s.notShown(has)
	}
	if err != nil {
		return plan{}, err
	}
	if v.schema == nil {
		return plan{}, lacks(readsBase, "so that the base cannot be looked over")
	}
	pl := plan{schema: v.schema, name: v.mapper.TablesName(), steps: v.mapper.Plan(v.schema)}
	if pl.tables, err = s.missingTables(ctx, p, v); err != nil {
		return plan{}, err
	}
	for _, step := range pl.steps {
		if has.lack(step.Scope()) {
			return plan{}, lacks(step.Scope(), "which it needs to "+step.String()+". Once this is done it can be taken away again")
		}
	}
	if len(pl.tables) > 0 && has.lack(writesRows) {
		return plan{}, lacks(writesRows, "which it needs to add tables")
	}
	return pl, nil
}

func lacks(scope, why string) error {
	return fmt.Errorf("the token lacks %s, %s. "+capital(whereScopes), scope, why, scope)
}

// missingTables returns the tables to add as rows: all of the restaurant file's if
// there are no rows, the rest if an init was interrupted among them, and none if the
// owner's rows are others.
func (s Setup) missingTables(ctx context.Context, p *printer, v view) ([]booking.Table, error) {
	all := s.Restaurant.Tables
	if v.mapper.MakesTables(v.schema) {
		return all, nil
	}
	if !v.mapper.HasTables(v.schema) {
		return nil, nil
	}
	rows, err := s.rows(ctx, p, v, v.mapper.TablesTable(), airtable.ListOptions{Fields: v.mapper.TableFields()})
	if err != nil {
		return nil, err
	}
	there, _, _ := v.mapper.Tables(rows)
	if len(there)%batch != 0 || len(there) >= len(all) {
		return nil, nil
	}
	for _, t := range all[:len(there)] {
		if !slices.ContainsFunc(there, func(o booking.Table) bool { return o.ID == t.ID }) {
			return nil, nil
		}
	}
	return all[len(there):], nil
}

// addTables adds tables as rows, in the order of the restaurant file, so that an
// interruption leaves the first of them.
func (s Setup) addTables(ctx context.Context, p *printer, v view, tables []booking.Table) error {
	to := airtable.Target{Table: v.mapper.TablesTable(), Typecast: true, ByFieldID: v.mapper.ByFieldID()}
	for some := range slices.Chunk(tables, batch) {
		rows := make([]airtable.Record, len(some))
		for i, t := range some {
			row, err := v.mapper.TableRow(t)
			if err != nil {
				return fmt.Errorf("%w. Add the tables to %q by hand, or make the field one of text", err, v.mapper.TablesName())
			}
			rows[i] = row
		}
		what := fmt.Sprintf("%s to %s as rows of %q", some[0].ID, some[len(some)-1].ID, v.mapper.TablesName())
		if err := s.addRows(ctx, p, to, what, rows); err != nil {
			return err
		}
		p.say("done: %s", what)
	}
	return nil
}

// addRows adds one batch, and sends again what the rate limit kept back. Of several
// refusals it returns the first: most likely all have the same cause.
func (s Setup) addRows(ctx context.Context, p *printer, to airtable.Target, what string, rows []airtable.Record) error {
	err := s.withRetries(ctx, p, func() error {
		var left []airtable.Record
		var waits error
		for i, w := range s.Base.Create(ctx, to, rows...) {
			switch {
			case errors.Is(w.Err, airtable.RateLimited):
				left, waits = append(left, rows[i]), w.Err
			case w.Err != nil:
				return w.Err
			}
		}
		rows = left
		return waits
	})
	if err != nil {
		return s.explain("adding "+what, err)
	}
	return nil
}
