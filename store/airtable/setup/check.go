package setup

import (
	"context"
	"errors"
	"io"
	"strings"
)

// Check prints a line for each thing that the desk needs of Airtable. ok is false
// when something must be fixed before the desk can work, or before it can write every
// booking. It writes nothing to the base.
//
// The error is of out or of ctx; what is wrong with Airtable is printed only.
func (s Setup) Check(ctx context.Context, out io.Writer) (ok bool, err error) {
	p := &printer{out: out}
	s.check(ctx, p)
	return !p.wrong, errors.Join(p.err, context.Cause(ctx))
}

func (s Setup) check(ctx context.Context, p *printer) {
	has, err := s.tokenScopes(ctx, p)
	if !s.report(ctx, p, err) {
		return
	}
	if !s.checkScopes(p, has) {
		return
	}
	v, err := s.readSchema(ctx, p)
	if errors.Is(err, errHidden) {
		err = s.notShown(has)
	}
	if !s.report(ctx, p, err) {
		return
	}
	if v.schema != nil {
		p.ok("the base %s can be read", s.BaseID)
	} else if has.known() {
		p.ok("the rows of the base %s can be read", s.BaseID)
	} else {
		p.note("the token lacks %s: "+withoutSchema+".", readsBase, readsBase)
	}
	if !s.checkWebhooks(ctx, p, has) || !s.checkSchema(p, v) {
		return
	}
	floor, ok := s.checkTables(ctx, p, v)
	if !ok {
		return
	}
	s.checkBookings(ctx, p, v, floor)
}

// report prints an error, and reports whether there was none.
func (s Setup) report(ctx context.Context, p *printer, err error) bool {
	if err == nil {
		return true
	}
	if ctx.Err() == nil { // otherwise nobody waits for the answer
		p.bad("%s.", strings.TrimSuffix(err.Error(), "."))
	}
	return false
}

// checkWebhooks checks whether the token may make webhooks, asking if its scopes are
// not known.
func (s Setup) checkWebhooks(ctx context.Context, p *printer, has scopes) bool {
	if has.known() {
		if !has.lack(hooks) {
			p.ok("the token may have changes told (%s)", hooks)
		}
		return true
	}
	err := s.withRetries(ctx, p, func() error {
		_, err := s.Base.Webhooks(ctx)
		return err
	})
	switch {
	case err == nil:
		p.ok("the token may have changes told (%s)", hooks)
	case hidden(err):
		p.note("the token lacks %s: "+withoutWebhooks+".", hooks, hooks)
	default:
		return s.report(ctx, p, s.explain("asking for the base's webhooks", err))
	}
	return true
}

// checkSchema prints what the base lacks, and reports whether its rows can be read all
// the same.
func (s Setup) checkSchema(p *printer, v view) bool {
	if v.schema == nil {
		return true
	}
	fit := true
	for _, f := range v.mapper.Check(v.schema) {
		p.finding(f)
		fit = fit && (f.OK || !f.Vital || f.Choice)
	}
	return fit
}
