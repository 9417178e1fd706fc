// Command maitre runs a restaurant's reservation desk: guests book by phone, by
// WhatsApp and on a web page, and no booking is lost, doubled or let in by a
// stranger.
//
// This package reads the configuration, carries out the commands, and opens and
// closes the house; how its rooms are connected is told in package premises. It
// may know every package, and nobody knows it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"
	"time"
	_ "time/tzdata" // a machine without zone files must not change what nine o'clock is

	"maitre/retry"
	"maitre/store/airtable/setup"
	"maitre/store/env"
	"maitre/web"
	"maitre/web/premises"
	"maitre/web/remote"
	"maitre/web/shell"
)

// Set by the linker; see the Makefile.
var (
	version = "dev"
	commit  = ""
)

func main() {
	err := run(untilSignal(), os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr)
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, "maitre:", err)
	os.Exit(exitCode(err))
}

// exitCode is 2 for a mistake of whoever started maitre, else 1.
func exitCode(err error) int {
	if _, is := errors.AsType[*premises.Mistake](err); is || errors.Is(err, remote.ErrUsage) || errors.Is(err, shell.ErrUnset) {
		return 2
	}
	return 1
}

// untilSignal returns a context that ends with the first SIGINT or SIGTERM. The
// first signal asks; by the time anybody hears of it, a second one ends the
// program without waiting.
func untilSignal() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		signal.Stop(signals)
		cancel()
	}()
	return ctx
}

// mistake makes err one of whoever started maitre.
func mistake(err error) error { return &premises.Mistake{Err: err} }

func usage(format string, args ...any) error { return mistake(fmt.Errorf(format, args...)) }

const help = `maitre runs a restaurant's reservation desk.

  maitre [serve]              run the desk (serve --help lists every variable)
  maitre check                whether the desk can work: configuration, Airtable, Twilio
  maitre airtable init        add what the Airtable base lacks (--dry-run, --yes)
  maitre adopt                agree that the system of record of the data file, or the
                              restaurant's name, has changed, or take the base over from
                              another desk: shows what becomes of the bookings, and asks
                              (--yes); with this desk stopped
  maitre journal              bookings that are not in the book yet: list, show ID,
                              retry ID|all|missing, settle ID|missing --why TEXT
  maitre understand [TEXT]    what the desk makes of a guest's words, as JSON
  maitre sign vapi|twilio     headers that make a request validly signed, for curl
  maitre vapi assistant       the VAPI assistant, as JSON to paste or POST
  maitre version              version, commit, Go version
`

func run(ctx context.Context, args []string, getenv func(string) string, stdin io.Reader, stdout, stderr io.Writer) error {
	command := "serve"
	if len(args) > 0 {
		command, args = args[0], args[1:]
	}
	switch command {
	case "version":
		_, _ = fmt.Fprintln(stdout, "maitre", version, revision(), runtime.Version())
		return nil
	case "help", "--help", "-h":
		_, _ = fmt.Fprint(stdout, help)
		return nil
	}
	getenv, err := env.Filled(getenv, ".env")
	if err != nil {
		return mistake(err)
	}
	switch command {
	case "serve":
		return serve(ctx, args, getenv, stdout, stderr)
	case "understand":
		return understand(args, getenv, stdin, stdout)
	case "sign":
		return sign(args, getenv, stdin, stdout)
	case "vapi":
		return assistant(args, getenv, stdout)
	case "check":
		return check(ctx, args, getenv, stdout)
	case "airtable":
		return furnish(ctx, args, getenv, stdin, stdout)
	case "adopt":
		return adopt(ctx, args, getenv, stdin, stdout)
	case "journal":
		return journal(ctx, args, getenv, stdout)
	}
	return usage("unknown command %q\n\n%s", command, help)
}

func revision() string {
	if commit != "" {
		return commit
	}
	info, _ := debug.ReadBuildInfo()
	if info != nil {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				return s.Value
			}
		}
	}
	return "unknown"
}

// serve runs the desk until ctx ends, then finishes what is in hand and closes
// the data file.
func serve(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) (err error) {
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		env.Print(stdout, variables(&Config{}))
		return nil
	} else if err != nil || flags.NArg() > 0 {
		return usage("serve takes no arguments; its variables are listed by: maitre serve --help")
	}
	cfg, err := readConfig(getenv)
	if err != nil {
		return err
	}
	if getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	log := cfg.logger(stderr)
	cfg.giveStaffPassword(log)
	house, warnings, err := premises.ReadHouse(cfg.RestaurantFile)
	if err != nil {
		return err
	}
	for _, w := range warnings {
		log.Warn(w)
	}
	plan := cfg.plan(house, log)
	plan.Changed = retry.NewDates()
	ctx, stopFor := context.WithCancelCause(ctx)
	defer stopFor(nil)
	plan.OnLost = stopFor
	listener, err := net.Listen("tcp", cfg.Address())
	if err != nil {
		return fmt.Errorf("listen on %s (PORT, LISTEN_HOST): %w", cfg.Address(), err)
	}
	defer func() { _ = listener.Close() }() // the server closes it first
	file, err := cfg.openDataFile(ctx, house.Restaurant.Slug, plan, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	built, err := premises.Open(ctx, file, plan)
	if err != nil {
		return err
	}
	defer built.Close()
	// What works behind the desk goes on until the last guest has been answered.
	behind, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer built.Work(behind)() // waits, after stop
	defer file.KeepForgetting(behind, house.Restaurant.Location, cfg.RetentionDays)()
	defer stop()
	log.Info("maitre is open", "url", "http://"+listener.Addr().String(), "version", version, "data", cfg.DataDir)
	for _, w := range append(cfg.Warnings, cfg.lacks()...) {
		log.Warn(w)
	}
	err = web.Serve(ctx, web.Server(built.Handler, log), listener, log)
	if lost, is := errors.AsType[*premises.Mistake](context.Cause(ctx)); is {
		err = errors.Join(lost, err)
	}
	return err
}

// gcPercent lets the heap grow to five times what is live before it is cleaned:
// little is live here, a few megabytes, and at Go's own 100 the collector would
// run a hundred times a second under load. GOGC overrides it.
const gcPercent = 400

// errCannotWork is returned by check when something must be mended first.
var errCannotWork = errors.New("the desk cannot work like this: mend what is marked wrong")

// check prints a line for each thing that the desk needs. Where all is well and a
// desk is open, what waits for a mended cause goes on.
func check(ctx context.Context, args []string, getenv func(string) string, stdout io.Writer) error {
	if len(args) > 0 {
		return usage("check")
	}
	cfg, err := readConfig(getenv)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintln(stdout, "ok: the configuration")
	house, warnings, err := premises.ReadHouse(cfg.RestaurantFile)
	if err != nil {
		return err
	}
	for _, w := range warnings {
		_, _ = fmt.Fprintln(stdout, "note:", w)
	}
	_, _ = fmt.Fprintf(stdout, "ok: the restaurant file of %s\n", house.Restaurant.Name)
	if well, err := premises.Check(ctx, cfg.plan(house, slog.New(slog.DiscardHandler)), knownBase(ctx, cfg), stdout); err != nil {
		return err
	} else if !well {
		return errCannotWork
	}
	if cfg.AdminToken != "" && !cfg.LocalMode() {
		remote.GoOn(ctx, cfg.Address(), cfg.AdminToken.Reveal(), stdout)
	}
	return nil
}

// knownBase returns what a desk that is open knows the Airtable base to be: what was
// renamed is known to it by its ID. Nil: no desk is open, or it cannot be asked.
func knownBase(ctx context.Context, cfg Config) []byte {
	if cfg.AdminToken == "" || cfg.LocalMode() {
		return nil
	}
	return remote.KnownBase(ctx, cfg.Address(), cfg.AdminToken.Reveal())
}

// furnish adds what the Airtable base lacks.
func furnish(ctx context.Context, args []string, getenv func(string) string, stdin io.Reader, stdout io.Writer) error {
	how, err := setup.ReadHow(args)
	if err != nil {
		return mistake(err)
	}
	cfg, err := readConfig(getenv)
	if err != nil {
		return err
	}
	if cfg.LocalMode() {
		return usage("airtable init: AIRTABLE_API_KEY and AIRTABLE_BASE_ID are not set: there is no base to furnish (docs/airtable.md)")
	}
	house, _, err := premises.ReadHouse(cfg.RestaurantFile)
	if err != nil {
		return err
	}
	return premises.Furnish(ctx, cfg.plan(house, slog.New(slog.DiscardHandler)), knownBase(ctx, cfg), stdin, stdout, how)
}

// journal speaks with the desk that is open about what is not in the book yet.
func journal(ctx context.Context, args []string, getenv func(string) string, stdout io.Writer) error {
	cfg, err := readConfig(getenv)
	if err != nil {
		return err
	}
	staff, err := remote.New(cfg.Address(), cfg.AdminToken.Reveal())
	if err != nil {
		return mistake(err)
	}
	return staff.Journal(ctx, args, stdout)
}

// understand prints what the desk makes of a text, or of each line of the input.
func understand(args []string, getenv func(string) string, stdin io.Reader, stdout io.Writer) error {
	asked, err := shell.ReadUnderstanding(args, time.Now())
	if err != nil {
		return mistake(err)
	}
	house, _, err := premises.ReadHouse(getenv("RESTAURANT_FILE"))
	if err != nil {
		return err
	}
	return asked.Print(house.Restaurant, stdin, stdout)
}

// sign prints the headers that make a body a validly signed request.
func sign(args []string, getenv func(string) string, stdin io.Reader, stdout io.Writer) error {
	asked, err := shell.ReadSigning(args)
	if err != nil {
		return mistake(err)
	}
	cfg, err := readConfig(getenv)
	if err != nil {
		return err
	}
	return asked.Print(shell.Keys{
		VAPIMode: cfg.VAPIAuth, VAPISecret: cfg.VAPISecrets.First().Reveal(),
		TwilioToken: cfg.TwilioAuthTokens.First().Reveal(), WhatsAppURL: cfg.PublicURL + "/whatsapp",
	}, stdin, stdout)
}

// assistant prints the assistant as VAPI takes it.
func assistant(args []string, getenv func(string) string, stdout io.Writer) error {
	if len(args) != 1 || args[0] != "assistant" {
		return usage("vapi assistant")
	}
	cfg, err := readConfig(getenv)
	if err != nil {
		return err
	}
	house, _, err := premises.ReadHouse(cfg.RestaurantFile)
	if err != nil {
		return err
	}
	return premises.Assistant(cfg.plan(house, slog.New(slog.DiscardHandler)), stdout)
}
