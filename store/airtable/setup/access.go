package setup

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"maitre/store/airtable"
	"maitre/store/airtable/mapping"
)

// The scopes of a token, as Airtable spells them.
const (
	readsRows   = "data.records:read"
	writesRows  = "data.records:write"
	readsBase   = "schema.bases:read"
	changesBase = "schema.bases:write"
	hooks       = "webhook:manage"
)

// scopes are what the token may do; nil: not known.
type scopes []string

func (all scopes) known() bool { return all != nil }

// lack reports whether the token is known to lack a scope.
func (all scopes) lack(scope string) bool { return all.known() && !slices.Contains(all, scope) }

// tokenScopes checks that Airtable answers and accepts the token, and returns its
// scopes.
func (s Setup) tokenScopes(ctx context.Context, p *printer) (scopes, error) {
	var user airtable.User
	err := s.withRetries(ctx, p, func() (err error) {
		user, err = s.Base.WhoAmI(ctx)
		return err
	})
	if e := asError(err); e != nil && e.Kind == airtable.Permanent && e.Blame != airtable.BlameEndpoint {
		p.ok("%s answers", s.Endpoint)
	}
	if err != nil {
		return nil, s.explain("asking whose token it is", err)
	}
	if user.ID == "" {
		return nil, fmt.Errorf("what answers at %s is not Airtable. Check AIRTABLE_ENDPOINT_URL (for Airtable itself, leave it out) and any proxy in between", s.Endpoint)
	}
	p.ok("%s answers", s.Endpoint)
	return user.Scopes, nil
}

const (
	whereScopes     = "at https://airtable.com/create/tokens open the token and add %s under Scopes; the token itself stays the same"
	withoutSchema   = "the desk works, and finds fields by their names: renaming one stops it, and what is missing shows only when something is written. To have it looked over, " + whereScopes
	withoutWebhooks = "the desk works without it: what the staff change in Airtable then reaches it later and at more calls, since whole days are read again. To have changes told, " + whereScopes
)

// checkScopes prints what the token lacks, and reports whether rows can be read.
func (s Setup) checkScopes(p *printer, has scopes) bool {
	if !has.known() {
		p.ok("the token is accepted")
		p.note("Airtable does not tell what this token may do, and only a booking shows whether it may write. See at https://airtable.com/create/tokens that it has the scope %s, and in the base, under Share, that its owner is an editor.", writesRows)
		return true
	}
	var missing []string
	for _, scope := range []string{readsRows, writesRows} {
		if has.lack(scope) {
			missing = append(missing, scope)
		}
	}
	if len(missing) == 0 {
		p.ok("the token is accepted, and may read and write rows")
	} else {
		both := strings.Join(missing, " and ")
		p.bad("the token lacks %s, without which the desk cannot work. "+capital(whereScopes)+".", both, both)
	}
	if has.lack(readsBase) {
		p.note("the token lacks %s: "+withoutSchema+".", readsBase, readsBase)
	}
	if has.lack(hooks) {
		p.note("the token lacks %s: "+withoutWebhooks+".", hooks, hooks)
	}
	return !has.lack(readsRows)
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// view is the base as far as the token may read it.
type view struct {
	mapper *mapping.Mapper
	schema []airtable.Table // nil: it may not be read
}

var errHidden = errors.New("hidden")

// readSchema reads the base's schema, or else checks that at least its rows can be
// read. Errors: errHidden, if neither can.
func (s Setup) readSchema(ctx context.Context, p *printer) (view, error) {
	var schema []airtable.Table
	err := s.withRetries(ctx, p, func() (err error) {
		schema, err = s.Base.Schema(ctx)
		return err
	})
	if err == nil {
		return view{s.Mapper.Bind(schema), schema}, nil
	}
	if !hidden(err) {
		return view{}, s.explain("reading the base's tables and fields", err)
	}
	err = s.withRetries(ctx, p, func() error {
		_, err := s.Base.List(ctx, s.Mapper.TablesTable(), airtable.ListOptions{Max: 1})
		return err
	})
	switch {
	case err == nil:
		return view{mapper: s.Mapper}, nil
	case hidden(err):
		return view{}, errHidden
	}
	return view{}, s.explain(fmt.Sprintf("reading the rows of %q", s.Mapper.TablesName()), err)
}

// notShown returns the error of a base that is not shown to the token.
func (s Setup) notShown(has scopes) error {
	if !has.known() || has.lack(readsBase) {
		return fmt.Errorf("the base %s is not shown to this token. See that AIRTABLE_BASE_ID is the part of the base's address that begins with app "+
			"(https://airtable.com/appXXXXXXXXXXXXXX/…), that it has a table called %q (or AIRTABLE_TABLE_TABLES says what it is called), and at https://airtable.com/create/tokens that the token has the base under Access and the scopes %s and %s",
			s.BaseID, s.Mapper.TablesName(), readsBase, readsRows)
	}
	return fmt.Errorf("the base %s is not shown to this token. See that AIRTABLE_BASE_ID is the part of the base's address that begins with app "+
		"(https://airtable.com/appXXXXXXXXXXXXXX/…), and at https://airtable.com/create/tokens that the token has the base under Access", s.BaseID)
}
