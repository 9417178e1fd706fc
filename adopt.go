package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"

	"maitre/store"
	"maitre/store/airtable/book"
	"maitre/web/premises"
)

// adopt has this desk take its base over from another, which stops as soon as it
// notices: a person says so, here or by --yes.
func adopt(ctx context.Context, args []string, getenv func(string) string, stdin io.Reader, stdout io.Writer) (err error) {
	yes := slices.Equal(args, []string{"--yes"})
	if len(args) > 0 && !yes {
		return usage("adopt [--yes]")
	}
	cfg, err := readConfig(getenv)
	if err != nil {
		return err
	}
	if cfg.LocalMode() {
		return usage("adopt: AIRTABLE_API_KEY and AIRTABLE_BASE_ID are not set: there is no base to take over")
	}
	house, _, err := premises.ReadHouse(cfg.RestaurantFile)
	if err != nil {
		return err
	}
	plan := cfg.plan(house, slog.New(slog.DiscardHandler))
	file, err := store.Open(ctx, filepath.Join(cfg.DataDir, "maitre.db"), store.Options{Slug: house.Restaurant.Slug, Log: plan.Log, Now: plan.Watch.Now})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	ours, err := premises.TakeOver(ctx, file, plan, func(other *book.OtherDeskError) (bool, error) {
		_, _ = fmt.Fprintf(stdout, "The %s is written to by a maitre on %s since %s.\n", other.Base, other.Host, other.Since)
		if yes {
			return true, nil
		}
		_, _ = fmt.Fprint(stdout, "¿Se queda con ella este ordenador? Shall this desk take it over? The other one then stops by itself. [y/N] ")
		line, err := bufio.NewReader(stdin).ReadString('\n')
		if errors.Is(err, io.EOF) {
			err = nil // nobody is there to answer
		}
		return slices.Contains([]string{"y", "yes", "s", "si", "sí"}, strings.ToLower(strings.TrimSpace(line))), err
	})
	switch {
	case err != nil:
		return err
	case !ours:
		return mistake(errors.New("nothing was changed: nobody said yes; to take over without being asked: maitre adopt --yes"))
	}
	_, _ = fmt.Fprintln(stdout, "The base is this desk's: start it now.")
	return nil
}
