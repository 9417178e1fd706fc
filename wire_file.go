package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"syscall"

	"maitre/booking"
	"maitre/store"
)

// dataFile is where the data file lies.
func (c Config) dataFile() string { return filepath.Join(c.DataDir, "maitre.db") }

// openDataFile opens the data file of a desk that is about to start; onDays is as
// [store.Options] have it. Errors: a [ConfigError] where it is missing and must not be,
// or is another restaurant's.
func (p program) openDataFile(ctx context.Context, onDays func(...booking.Date)) (*store.File, error) {
	c, slug := p.cfg, p.restaurant.Slug
	if c.DieAt != "" && !crashPoints {
		return nil, usage("MAITRE_DIE_AT is for tests: build maitre with -tags crashpoints, or unset it")
	}
	options := store.Options{Slug: slug, Log: p.log, Now: p.clock.Now, At: dieAt(c.DieAt), OnDays: onDays, Existing: c.RequireData}
	beside := besides(c.dataFile())
	file, err := store.Open(ctx, c.dataFile(), options)
	other, is := errors.AsType[*store.OtherRestaurantError](err)
	if is && len(other.Others) == 1 && c.Adopt == slug {
		if err := store.Rename(ctx, c.dataFile(), other.Others[0].Slug, slug); err != nil {
			return nil, err
		}
		p.log.Info("the restaurant's data goes by another name from now on", "from", other.Others[0].Slug, "to", slug)
		file, err = store.Open(ctx, c.dataFile(), options)
	}
	switch {
	case is && err != nil:
		return nil, configError(fmt.Errorf("%w: if the restaurant has a new name, agree with maitre adopt (or set ADOPT=%s for one start); else give it a DATA_DIR of its own, or set slug in the restaurant file", err, slug))
	case errors.Is(err, store.ErrMissing):
		return nil, configError(fmt.Errorf("%w, and REQUIRE_DATA=true forbids to make one: see that the disk or volume of DATA_DIR is there, or unset REQUIRE_DATA for the first start", err))
	case err != nil:
		return nil, err
	}
	c.logDataFile(file, beside, p.log)
	return file, nil
}

// logDataFile logs that the data file is new, and warns where there should have been one.
func (c Config) logDataFile(file *store.File, beside []string, log *slog.Logger) {
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

// besides returns our files in the directory in which a data file is missing.
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
