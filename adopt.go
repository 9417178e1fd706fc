package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"maitre/store"
	"maitre/store/airtable"
	"maitre/store/airtable/ledger"
	"maitre/store/airtable/setup"
)

// adopt makes what is configured the data file's: the restaurant's name, and the
// system of record. It shows first what that means.
func adopt(ctx context.Context, args []string, getenv func(string) string, stdin io.Reader, stdout io.Writer) (err error) {
	flags := flag.NewFlagSet("adopt", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	yes, from := flags.Bool("yes", false, ""), flags.String("from", "", "")
	if err := flags.Parse(args); err != nil || flags.NArg() > 0 {
		return usage("adopt [--yes] [--from SLUG]")
	}
	p, err := readProgram(getenv)
	if err != nil {
		return err
	}
	// A new file can take its base over; one that is its own record has nothing to adopt.
	existing := p.cfg.RequireData || p.cfg.LocalMode()
	path, options := p.cfg.dataFile(), store.Options{Slug: p.restaurant.Slug, Now: p.clock.Now, Existing: existing}
	file, err := store.Open(ctx, path, options)
	if other, is := errors.AsType[*store.OtherRestaurantError](err); is {
		if renamed, err := rename(ctx, other, *from, *yes, stdin, stdout); err != nil || !renamed {
			return err
		}
		file, err = store.Open(ctx, path, options)
	}
	switch {
	case errors.Is(err, store.ErrMissing):
		return configError(fmt.Errorf("%w: there is nothing to adopt (DATA_DIR says where it lies)", err))
	case errors.Is(err, store.ErrInUse):
		return configError(fmt.Errorf("%w; maitre adopt wants the desk stopped", err))
	case err != nil:
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	ask := func(ctx context.Context) (bool, error) {
		if *yes {
			return true, nil
		}
		agreed, err := setup.Agreed(ctx, stdin, stdout)
		if errors.Is(err, setup.ErrNoAnswer) {
			err = configError(err)
		}
		return agreed, err
	}
	if agreed, err := p.adoptRecord(ctx, file, stdout, ask); err != nil || !agreed {
		return err
	}
	return p.takeOver(ctx, file, stdout, ask)
}

// takeOver has this desk take its base over from another, where another has it. That
// one stops as soon as it notices.
func (p program) takeOver(ctx context.Context, file *store.File, stdout io.Writer, ask func(context.Context) (bool, error)) error {
	if p.cfg.LocalMode() {
		return nil
	}
	other := false
	ours, err := p.takeBase(ctx, file, func(desk *ledger.OtherDeskError) (bool, error) {
		other = true
		_, _ = fmt.Fprintf(stdout, "The %s is written to by a maitre on %s since %s. If this desk takes it over, the other one stops by itself.\n", desk.Base, desk.Host, desk.Since)
		return ask(ctx)
	})
	switch {
	case err != nil:
		return err
	case !ours:
		_, err = fmt.Fprintln(stdout, "Nothing was changed: the base is still the other desk's.")
	case other:
		_, err = fmt.Fprintln(stdout, "The base is this desk's: start it now.")
	}
	return err
}

// takeBase makes the base the one of this data file's desk from its next start on, if
// another has it and agree says so: it is given what that desk says of itself. It
// returns whether the base is this desk's now.
//
// Errors: a [ConfigError]; what Airtable or the file cannot do.
func (p program) takeBase(ctx context.Context, file *store.File, agree func(*ledger.OtherDeskError) (bool, error)) (ours bool, err error) {
	client, mapper, err := p.base(airtable.Config{Pace: checkPace})
	if err != nil {
		return false, err
	}
	defer client.Close()
	l, err := ledger.New(ctx, ledger.Config{
		Client: client, Mapper: mapper, Restaurant: p.restaurant, Mirror: file.Mirror(), Host: host(), Now: p.clock.Now, Log: p.log,
	})
	if err != nil {
		return false, err
	}
	defer l.Close()
	other, err := l.OtherDesk(ctx)
	if err != nil || other == nil {
		return err == nil, err
	}
	if yes, err := agree(other); !yes || err != nil {
		return false, err
	}
	return true, l.TakeOver(ctx)
}

// rename gives another restaurant's data to the one that is configured, having asked.
func rename(ctx context.Context, other *store.OtherRestaurantError, from string, yes bool, stdin io.Reader, stdout io.Writer) (renamed bool, err error) {
	if len(other.Others) == 1 && from == "" {
		from = other.Others[0].Slug
	}
	count := -1
	for _, o := range other.Others {
		if o.Slug == from {
			count = o.Bookings
		}
	}
	if count < 0 {
		return false, configError(fmt.Errorf("%w: say whose data it shall be: maitre adopt --from SLUG", other))
	}
	bookings := fmt.Sprintf("%d bookings", count)
	if count == 1 {
		bookings = "1 booking"
	}
	if _, err := fmt.Fprintf(stdout, "The data of %q in %s (%s, and all else) goes by the name %q from now on.\n", from, other.Path, bookings, other.Slug); err != nil {
		return false, err
	}
	if !yes {
		switch yes, err := setup.Agreed(ctx, stdin, stdout); {
		case errors.Is(err, setup.ErrNoAnswer):
			return false, configError(err)
		case err != nil:
			return false, err
		case !yes:
			_, err := fmt.Fprintln(stdout, "Nothing was changed.")
			return false, err
		}
	}
	if err := store.Rename(ctx, other.Path, from, other.Slug); err != nil {
		return false, err
	}
	_, err = fmt.Fprintf(stdout, "Done: %q is %q.\n", from, other.Slug)
	return true, err
}

// adoptRecord makes the configured system of record the data file's, where that is
// another than before, having reached it, shown what becomes of each booking, and asked.
// What is to be written then waits for the next start. It returns false where the answer
// was no.
//
// Errors: a [ConfigError]; ask's; what the data file cannot do.
func (p program) adoptRecord(ctx context.Context, file *store.File, out io.Writer, ask func(context.Context) (bool, error)) (agreed bool, err error) {
	mirror := file.Mirror()
	change, err := p.rebinding(ctx, mirror, false)
	if err != nil {
		return false, err
	}
	l := &lines{out: out}
	if !change.Changed {
		l.say("The system of record is %s, as it was.", recordTitle(change.To))
		return l.err == nil, l.err
	}
	l.say("The system of record was %s. From now on it is %s.", recordTitle(change.From), recordTitle(change.To))
	for _, m := range change.Bookings {
		b := m.Booking
		l.say("  %-4s  %s  %s  ×%d  %s  %s", b.Code, b.Date, b.Time, b.Party, b.Name, whatOf(m))
	}
	for _, total := range totals(change) {
		l.say("%s.", total)
	}
	if len(change.Bookings) == 0 {
		l.say("No booking ahead depends on it.")
	}
	if !change.Differs() {
		l.say("Nobody need agree to that: it is so from the next start on.")
		return l.err == nil, l.err
	}
	if change.To != "" {
		l.say("A row that the staff changed meanwhile stands as they have it: what was changed here too waits for a person then.")
	}
	if l.err != nil {
		return false, l.err // nobody saw what they would agree to
	}
	if agreed, err = ask(ctx); err != nil {
		return false, err
	} else if !agreed {
		l.say("Nothing was changed.")
		return false, l.err
	}
	done, err := mirror.Bind(ctx, p.cfg.AirtableBaseID, p.clock.Now())
	if err != nil {
		return false, err
	}
	l.say("Done: the system of record is %s.", recordTitle(done.To))
	if done.Queued > 0 {
		l.say("%d to be written: maitre serve does that, and maitre journal shows how far it has come.", done.Queued)
	}
	return l.err == nil, l.err
}

// lines prints lines, and remembers the first error.
type lines struct {
	out io.Writer
	err error
}

func (l *lines) say(format string, args ...any) {
	if l.err == nil {
		_, l.err = fmt.Fprintf(l.out, format+"\n", args...)
	}
}
