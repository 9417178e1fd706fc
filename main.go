// Command maitre runs a restaurant's reservation desk: guests book by phone, by
// WhatsApp and on a web page, and no booking is lost, doubled or let in by a
// stranger.
//
// This package reads the configuration (config*.go, env*.go), carries out the
// commands (one file each), and builds and connects the other packages (wire*.go).
// It may import every package, and none imports it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"
	_ "time/tzdata" // a machine without zone files must not change what nine o'clock is
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

// exitCode is 2 for a [ConfigError], else 1.
func exitCode(err error) int {
	if _, is := errors.AsType[*ConfigError](err); is {
		return 2
	}
	return 1
}

// ConfigError is an error of whoever configured or called maitre: what a person must
// write otherwise.
type ConfigError struct{ Err error }

// Error says what is wrong and how to fix it.
func (e *ConfigError) Error() string { return e.Err.Error() }

// Unwrap returns the error itself.
func (e *ConfigError) Unwrap() error { return e.Err }

func configError(err error) error { return &ConfigError{Err: err} }

func usage(format string, args ...any) error { return configError(fmt.Errorf(format, args...)) }

// untilSignal returns a context that ends with the first SIGINT or SIGTERM. A second
// signal ends the program without waiting.
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
	getenv, err := withFile(getenv, ".env")
	if err != nil {
		return configError(err)
	}
	switch command {
	case "serve":
		return serve(ctx, args, getenv, stdout, stderr)
	case "understand":
		return understand(args, getenv, stdin, stdout)
	case "sign":
		return sign(args, getenv, stdin, stdout)
	case "vapi":
		return vapiCommand(args, getenv, stdout)
	case "check":
		return check(ctx, args, getenv, stdout)
	case "airtable":
		return airtableCommand(ctx, args, getenv, stdin, stdout)
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
