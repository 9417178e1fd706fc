package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"runtime/debug"

	"maitre/retry"
	"maitre/web"
)

// serve runs the desk until ctx ends, then finishes what is in hand and closes
// the data file.
func serve(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) (err error) {
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		printVariables(stdout, variables(&Config{}))
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
	p, warnings, err := newProgram(cfg, log)
	if err != nil {
		return err
	}
	for _, w := range warnings {
		log.Warn(w)
	}
	ctx, stopFor := context.WithCancelCause(ctx)
	defer stopFor(nil)
	listener, err := net.Listen("tcp", cfg.Address())
	if err != nil {
		return fmt.Errorf("listen on %s (PORT, LISTEN_HOST): %w", cfg.Address(), err)
	}
	defer func() { _ = listener.Close() }() // the server closes it first
	changed := retry.NewDates()
	file, err := p.openDataFile(ctx, changed.Add)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	server, err := wire(ctx, p, file, changed, stopFor)
	if err != nil {
		return err
	}
	defer server.close()
	// What works behind the desk goes on until the last guest has been answered.
	behind, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer server.work(behind)() // waits, after stop
	defer file.KeepForgetting(behind, p.restaurant.Location, cfg.RetentionDays)()
	defer stop()
	log.Info("maitre is open", "url", "http://"+listener.Addr().String(), "version", version, "data", cfg.DataDir)
	for _, w := range append(cfg.Warnings, cfg.lacks()...) {
		log.Warn(w)
	}
	err = web.Serve(ctx, web.Server(server.handler, log), listener, log)
	if lost, is := errors.AsType[*ConfigError](context.Cause(ctx)); is {
		err = errors.Join(lost, err)
	}
	return err
}

// gcPercent lets the heap grow to five times what is live before it is cleaned:
// little is live here, a few megabytes, and at Go's own 100 the collector would
// run a hundred times a second under load. GOGC overrides it.
const gcPercent = 400
