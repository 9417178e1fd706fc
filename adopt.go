package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"syscall"

	"maitre/store"
	"maitre/store/airtable/ledger"
	"maitre/store/airtable/setup"
	"maitre/web/premises"
)

// dataFile is where the data file lies.
func (c Config) dataFile() string { return filepath.Join(c.DataDir, "maitre.db") }

// openDataFile opens the data file of a desk that is about to open. Errors: a
// [premises.Mistake] where it is missing and must not be, or is another restaurant's.
func (c Config) openDataFile(ctx context.Context, slug string, plan premises.Config, log *slog.Logger) (*store.File, error) {
	if c.DieAt != "" && !crashPoints {
		return nil, mistake(errors.New("MAITRE_DIE_AT is for tests: build maitre with -tags crashpoints, or unset it"))
	}
	options := store.Options{Slug: slug, Log: log, Now: plan.Watch.Now, At: dieAt(c.DieAt), OnDays: plan.Changed.Add, Existing: c.RequireData}
	beside := besides(c.dataFile())
	file, err := store.Open(ctx, c.dataFile(), options)
	other, is := errors.AsType[*store.OtherRestaurantError](err)
	if is && len(other.Others) == 1 && c.Adopt == slug {
		if err := store.Rename(ctx, c.dataFile(), other.Others[0].Slug, slug); err != nil {
			return nil, err
		}
		log.Info("the restaurant's data goes by another name from now on", "from", other.Others[0].Slug, "to", slug)
		file, err = store.Open(ctx, c.dataFile(), options)
	}
	switch {
	case is && err != nil:
		return nil, mistake(fmt.Errorf("%w: if the restaurant has a new name, agree with maitre adopt (or set ADOPT=%s for one start); else give it a DATA_DIR of its own, or set slug in the restaurant file", err, slug))
	case errors.Is(err, store.ErrMissing):
		return nil, mistake(fmt.Errorf("%w, and REQUIRE_DATA=true forbids to make one: see that the disk or volume of DATA_DIR is there, or unset REQUIRE_DATA for the first start", err))
	case err != nil:
		return nil, err
	}
	c.tellOfDataFile(file, beside, log)
	return file, nil
}

// tellOfDataFile logs where the data file was made anew, and warns where there should
// have been one.
func (c Config) tellOfDataFile(file *store.File, beside []string, log *slog.Logger) {
	path := c.dataFile()
	if c.OnFly && onRootDisk(c.DataDir) {
		log.Warn("the data file lies on the machine's own disk, which Fly.io empties with every deploy: mount a volume at DATA_DIR", "file", path)
	}
	switch {
	case !file.Made():
	case len(beside) > 0:
		log.Warn("a new data file was made, and yet its directory is not new: if there was one before, stop this desk and bring it back", "file", path, "beside", strings.Join(beside, " "))
	case c.OnFly:
		log.Warn("a new data file was made: right for the first deploy, and never again; REQUIRE_DATA=true refuses such a start", "file", path)
	default:
		log.Info("a new data file was made", "file", path)
	}
}

// besides are the files of ours that lie where a data file is missing.
func besides(path string) (names []string) {
	for _, pattern := range []string{path + "*", filepath.Join(filepath.Dir(path), "backups")} {
		found, _ := filepath.Glob(pattern) // a directory's name may look like a bad pattern: then nothing is told
		for _, name := range found {
			names = append(names, filepath.Base(name))
		}
	}
	return names
}

// onRootDisk reports whether a directory lies on the same disk as the system.
func onRootDisk(dir string) bool {
	var here, root syscall.Stat_t
	return syscall.Stat(dir, &here) == nil && syscall.Stat("/", &root) == nil && here.Dev == root.Dev
}

// adopt makes what is configured the data file's: the restaurant's name, and the
// system of record. It shows first what that means.
func adopt(ctx context.Context, args []string, getenv func(string) string, stdin io.Reader, stdout io.Writer) (err error) {
	flags := flag.NewFlagSet("adopt", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	yes, from := flags.Bool("yes", false, ""), flags.String("from", "", "")
	if err := flags.Parse(args); err != nil || flags.NArg() > 0 {
		return usage("adopt [--yes] [--from SLUG]")
	}
	cfg, err := readConfig(getenv)
	if err != nil {
		return err
	}
	house, _, err := premises.ReadHouse(cfg.RestaurantFile)
	if err != nil {
		return err
	}
	plan := cfg.plan(house, slog.New(slog.DiscardHandler))
	// A new file can take its base over; one that is its own record has nothing to adopt.
	existing := cfg.RequireData || plan.Airtable.BaseID == ""
	options := store.Options{Slug: house.Restaurant.Slug, Now: plan.Watch.Now, Existing: existing}
	file, err := store.Open(ctx, cfg.dataFile(), options)
	if other, is := errors.AsType[*store.OtherRestaurantError](err); is {
		if renamed, err := rename(ctx, other, *from, *yes, stdin, stdout); err != nil || !renamed {
			return err
		}
		file, err = store.Open(ctx, cfg.dataFile(), options)
	}
	switch {
	case errors.Is(err, store.ErrMissing):
		return mistake(fmt.Errorf("%w: there is nothing to adopt (DATA_DIR says where it lies)", err))
	case errors.Is(err, store.ErrInUse):
		return mistake(fmt.Errorf("%w; maitre adopt wants the desk stopped", err))
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
			err = mistake(err)
		}
		return agreed, err
	}
	if agreed, err := premises.Adopt(ctx, file, plan, stdout, ask); err != nil || !agreed {
		return err
	}
	return takeOver(ctx, file, plan, stdout, ask)
}

// takeOver has this desk take its base over from another, which stops as soon as it
// notices, where another has it.
func takeOver(ctx context.Context, file *store.File, plan premises.Config, stdout io.Writer, ask func(context.Context) (bool, error)) error {
	if plan.Airtable.BaseID == "" {
		return nil
	}
	other := false
	ours, err := premises.TakeOver(ctx, file, plan, func(desk *ledger.OtherDeskError) (bool, error) {
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
		return false, mistake(fmt.Errorf("%w: say whose data it shall be: maitre adopt --from SLUG", other))
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
			return false, mistake(err)
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
