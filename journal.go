package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"maitre/web/remote"
)

const journalUsage = "journal list | show ID | retry ID|all|missing | settle ID|missing --why TEXT"

// journal shows what is in the journal of the running desk, and changes it.
func journal(ctx context.Context, args []string, getenv func(string) string, stdout io.Writer) error {
	cfg, err := readConfig(getenv)
	if err != nil {
		return err
	}
	staff, err := remote.New(cfg.Address(), cfg.AdminToken.Reveal())
	if err != nil {
		return configError(err)
	}
	return runJournal(ctx, staff, args, stdout)
}

// runJournal carries out "maitre journal ARGS" on a running desk.
func runJournal(ctx context.Context, staff *remote.Staff, args []string, out io.Writer) error {
	if len(args) == 0 {
		args = []string{"list"}
	}
	what, args := args[0], args[1:]
	switch {
	case what == "list" && len(args) == 0:
		return listJournal(ctx, staff, out)
	case what == "show" && len(args) == 1:
		return showEntry(ctx, staff, args[0], out)
	case what == "retry" && len(args) == 1:
		return retryEntry(ctx, staff, args[0], out)
	case what == "settle" && len(args) >= 1:
		return settleEntry(ctx, staff, args, out)
	}
	return usage(journalUsage)
}

func listJournal(ctx context.Context, staff *remote.Staff, out io.Writer) error {
	all, err := staff.Journal(ctx)
	if err != nil {
		return err
	}
	if n := len(all.Quarantined); n > 0 {
		if err := say(out, "%s of the data file could not be read and put aside; the staff's page says what to do (docs/recover.md).\n", count(n, "value", "values")); err != nil {
			return err
		}
	}
	entries := all.Entries
	if len(entries) == 0 {
		return say(out, "The journal is empty: every booking is in the book.\n")
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "ENTRY\tSTATE\tBOOKING\tATTEMPTS\tNEXT\tWHY") // Flush tells
	for _, e := range entries {
		next := cmp.Or(nextAttempt(e, "15:04:05"), "-")
		state := e.State
		if e.Cause != "" {
			state += " (" + e.Cause + ")"
		}
		if e.Settled != "" {
			state += " (settled)"
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%s\t%s\n", e.ID, state, bookingOf(e), e.Attempts, next, clip(e.Error, 70))
	}
	return table.Flush()
}

// nextAttempt says when an entry is attempted again, by the restaurant's clock; ""
// where it is not by itself.
func nextAttempt(e remote.Entry, layout string) string {
	switch {
	case e.WaitsFor != "":
		return "when the " + strings.ReplaceAll(e.WaitsFor, "_", " ") + " answers"
	case e.Next.IsZero():
		return ""
	}
	return e.Next.Format(layout)
}

// bookingOf names an entry's booking in a few words.
func bookingOf(e remote.Entry) string {
	b := e.Booking
	return fmt.Sprintf("%s %s %s ×%d %s", b.Code, b.Date, b.Time, b.Party, clip(b.Name, 20))
}

func showEntry(ctx context.Context, staff *remote.Staff, id string, out io.Writer) error {
	e, ok, err := staff.Entry(ctx, id)
	if err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("the journal has no entry %s: it was written, or settled", id)
	}
	b := e.Booking
	lines := []string{
		fmt.Sprintf("entry     %s, %s", e.ID, e.State),
		fmt.Sprintf("booking   %s: %s, party of %d, %s at %s, table %s, %s", b.Code, b.Name, b.Party, b.Date, b.Time, b.Table, b.Zone),
		fmt.Sprintf("guest     %s, by %s", b.Phone, b.Channel),
		fmt.Sprintf("accepted  %s", e.Created.Format("2006-01-02 15:04:05")),
		fmt.Sprintf("attempts  %d", e.Attempts),
	}
	if e.Settled != "" {
		lines = append(lines, "settled   "+e.Settled+"; it ends once the system of record is known to say so")
	}
	if e.Error != "" {
		lines = append(lines, "why       "+e.Error)
	}
	if e.Fix != "" {
		lines = append(lines, "mend      "+e.Fix)
	}
	if next := nextAttempt(e, "2006-01-02 15:04:05"); next != "" {
		lines = append(lines, "next      "+next)
	}
	for _, o := range e.Alternatives {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("offer     %s %s %s", o.Date, o.Time, o.Zone)))
	}
	for _, a := range e.History {
		lines = append(lines, fmt.Sprintf("  %s  %s: %s", a.At.Format("15:04:05"), a.Kind, a.Text))
	}
	return say(out, "%s\n", strings.Join(lines, "\n"))
}

func retryEntry(ctx context.Context, staff *remote.Staff, id string, out io.Writer) error {
	n, err := staff.Retry(ctx, id)
	if err != nil {
		return err
	}
	if n == 0 {
		return say(out, "Nothing to try again: what is left wants a decision of its own, retry ID or settle ID.\n")
	}
	return say(out, "%s: tried again now; maitre journal list tells how it went\n", count(n, "entry", "entries"))
}

func settleEntry(ctx context.Context, staff *remote.Staff, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("settle", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	why := flags.String("why", "", "")
	if err := flags.Parse(args[1:]); err != nil || flags.NArg() > 0 {
		return usage(journalUsage)
	}
	if strings.TrimSpace(*why) == "" {
		return errors.New("say how it was settled: maitre journal settle " + args[0] + " --why 'called the guest, she comes at 22:00 instead'")
	}
	if err := staff.Settle(ctx, args[0], *why); err != nil {
		return err
	}
	return say(out, "settled: %s leaves the journal as soon as the system of record is known to say so; the reason stays in the archive\n", args[0])
}

func say(out io.Writer, format string, args ...any) error {
	_, err := fmt.Fprintf(out, format, args...)
	return err
}

func count(n int, one, several string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, several)
}

func clip(s string, most int) string {
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return s
}
