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
	"time"
	_ "time/tzdata" // formulas name zones, and the machine may have none

	"maitre/e2e/servertest"
	"maitre/store/airtable/airtabletest"
)

func main() { servertest.Main(run) }

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
	if *seed {
		if err := srv.Seed(); err != nil {
			return err
		}
	}
	return servertest.Serve(ctx, srv, *addr, func(at net.Addr) {
		_, _ = fmt.Fprintf(out, "A test Airtable listens on %[1]s. For maitre:\n\n"+
			"export AIRTABLE_ENDPOINT_URL=http://%[1]s\nexport AIRTABLE_API_KEY=%[2]s\nexport AIRTABLE_BASE_ID=%[3]s\n\n",
			at, *token, *base)
		servertest.SayControl(out, "Faults, staff edits and more", *control, at)
	})
}
