package setup

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// ErrNoAnswer is returned when input ends before the question is answered.
var ErrNoAnswer = errors.New("nobody answered, and nothing was changed; to go on without being asked, say --yes")

// Init adds what the base lacks, after printing it and asking once: tables, fields,
// choices, and the restaurant file's tables as rows where there are none. It
// changes and deletes nothing that is there. Then it prints what is still wrong,
// as [Setup.Check] would, which is no error.
//
// A failure or interruption leaves what was done; the next Init goes on from there.
//
// Errors: [ErrNoAnswer], and what keeps it from adding, with how to fix it.
func (s Setup) Init(ctx context.Context, in io.Reader, out io.Writer, how How) error {
	p := &printer{out: out, quiet: true}
	plan, err := s.plan(ctx, p)
	if err != nil {
		return stopped(ctx, err)
	}
	if plan.nothing() {
		p.say("There is nothing to add to the base %s.", s.BaseID)
		return s.printRest(ctx, p)
	}
	s.show(p, plan)
	switch {
	case how.DryRun:
		p.say("Nothing was changed (--dry-run).")
		s.printUnplanned(p, plan)
		return p.err
	case p.err != nil:
		return p.err // the owner did not see what to agree to
	case !how.Yes:
		yes, err := Agreed(ctx, in, p.out)
		if err != nil {
			return err
		}
		if !yes {
			p.say("Nothing was changed.")
			return p.err
		}
	}
	if err := s.carryOut(ctx, p, plan); err != nil {
		return stopped(ctx, err)
	}
	return s.printRest(ctx, p)
}

// stopped returns the error of an init that ended early.
func stopped(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("interrupted: what was said to be done is done; maitre airtable init goes on from there: %w", context.Cause(ctx))
	}
	return err
}

// show prints what is to be added, for the owner to agree to.
func (s Setup) show(p *printer, plan plan) {
	p.say("To be added to the base %s:", s.BaseID)
	for i, what := range plan.lines() {
		p.say("  %d. %s", i+1, what)
	}
	p.say("What is there stays as it is.")
}

// printUnplanned prints what the plan leaves for a person.
func (s Setup) printUnplanned(p *printer, plan plan) {
	first := true
	for _, f := range s.Mapper.Bind(plan.schema).Check(plan.schema) {
		if f.OK || f.Planned {
			continue
		}
		if first {
			p.say("Left for you:")
			first = false
		}
		p.finding(f)
	}
}

// Agreed asks whether to go on. Errors: [ErrNoAnswer]; out's, ctx's.
func Agreed(ctx context.Context, in io.Reader, out io.Writer) (bool, error) {
	if _, err := fmt.Fprint(out, "¿Seguimos? / Go on? [y/N] "); err != nil {
		return false, err
	}
	answer := make(chan string, 1)
	go func() {
		// A read from a terminal cannot be cancelled: the goroutine stays when ctx ends.
		line, err := bufio.NewReader(io.LimitReader(in, 1<<10)).ReadString('\n')
		if err != nil && line == "" {
			close(answer)
			return
		}
		answer <- line
	}()
	select {
	case <-ctx.Done():
		return false, fmt.Errorf("interrupted, and nothing was changed: %w", context.Cause(ctx))
	case line, ok := <-answer:
		if !ok {
			return false, ErrNoAnswer
		}
		switch strings.ToLower(strings.TrimSpace(line)) {
		case "y", "yes", "s", "si", "sí":
			return true, nil
		}
		return false, nil
	}
}

// carryOut applies the plan's steps.
func (s Setup) carryOut(ctx context.Context, p *printer, plan plan) error {
	const again = "what was done before stays, and maitre airtable init goes on from there"
	for _, step := range plan.steps {
		err := s.withRetries(ctx, p, func() error { return step.Apply(ctx, s.Base) })
		if asError(err) != nil {
			err = s.explain("not done: "+step.String(), err)
		}
		if err != nil {
			return fmt.Errorf("%w; %s", err, again)
		}
		p.say("done: %s", step)
	}
	if len(plan.tables) == 0 {
		return nil
	}
	v, err := s.readSchema(ctx, p)
	if err == nil {
		err = s.addTables(ctx, p, v, plan.tables)
	}
	if err != nil {
		return fmt.Errorf("%w; %s", err, again)
	}
	return nil
}

// printRest prints what is still wrong.
func (s Setup) printRest(ctx context.Context, p *printer) error {
	still := &printer{out: p.out, quiet: true, err: p.err}
	s.check(ctx, still)
	switch {
	case ctx.Err() != nil:
		return errors.Join(still.err, context.Cause(ctx))
	case still.wrong:
		still.say("This is left for you; then run maitre check.")
	case still.notes:
		still.say("The base has what the desk needs; the notes are for when you have time.")
	default:
		still.say("The base has what the desk needs.")
	}
	return still.err
}
