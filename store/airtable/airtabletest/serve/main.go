// Command serve runs the test Airtable, so that maitre can be tried against it by
// hand and tested as a built binary:
//
//	go run ./store/airtable/airtabletest/serve -seed
//
// It prints the variables to export for maitre. Nothing is kept: what is in the
// base ends with the process.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
	_ "time/tzdata" // formulas name zones, and the machine may have none

	"maitre/store/airtable/airtabletest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "serve:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	addr := flags.String("addr", "127.0.0.1:8055", "address to listen on")
	token := flags.String("token", "patAirtableTest01.secret", "personal access token to accept")
	base := flags.String("base", "appRestauranteX01", "the base's ID: app and 14 letters or digits")
	seed := flags.Bool("seed", false, "begin with 35 tables and a few bookings typed by the staff")
	control := flags.String("control", "control", "token for /_control/; empty: no such endpoints")
	rate := flags.Int("rate", 0, "requests a second and base; 0 is Airtable's 5, -1 no limit")
	quota := flags.Int("quota", 0, "calls a month; 0 is no quota")
	empty := flags.Bool("empty", false, "begin without tables, to try maitre airtable init")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *empty && *seed {
		return errors.New("-empty and -seed exclude each other")
	}
	options := airtabletest.Options{BaseID: *base, Tokens: []airtabletest.Token{{Secret: *token}}, ControlToken: *control,
		RatePerBase: *rate, MonthlyCalls: *quota, Seed: uint64(time.Now().UnixNano())}
	if *empty {
		options.Tables = []airtabletest.Table{}
	}
	if !airtabletest.ValidBaseID(*base) {
		return fmt.Errorf("-base %q: it is app and 14 letters or digits", *base)
	}
	srv := airtabletest.New(options)
	defer srv.Close()
	if *seed {
		if err := srv.Seed(); err != nil {
			return err
		}
	}
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	_, _ = fmt.Fprintf(out, "A test Airtable listens on %[1]s. For maitre:\n\n"+
		"export AIRTABLE_ENDPOINT_URL=http://%[1]s\nexport AIRTABLE_API_KEY=%[2]s\nexport AIRTABLE_BASE_ID=%[3]s\n\n",
		listener.Addr(), *token, *base)
	if *control != "" {
		_, _ = fmt.Fprintf(out, "Faults, staff edits and more:\n\ncurl -H 'Authorization: Bearer %s' http://%s/_control/\n\n",
			*control, listener.Addr())
	}
	return serve(ctx, srv, listener)
}

// serve answers until ctx ends.
func serve(ctx context.Context, handler *airtabletest.Server, listener net.Listener) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	handler.Close() // lets hanging requests go, so that Shutdown ends
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := server.Shutdown(stopping); err != nil {
		return fmt.Errorf("stop: %w", err)
	}
	return nil
}
