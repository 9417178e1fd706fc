// Command serve runs the test Twilio, so that maitre can be tried against it by
// hand and tested as a built binary:
//
//	go run ./webhook/whatsapp/twilio/twiliotest/serve
//
// It prints the variables to export for maitre. Nothing is kept: what was sent
// ends with the process.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"maitre/e2e/servertest"
	"maitre/webhook/whatsapp/twilio/twiliotest"
)

func main() { servertest.Main(run) }

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	addr := flags.String("addr", "127.0.0.1:8056", "address to listen on")
	account := flags.String("account", "AC00000000000000000000000000000001", "account SID to accept")
	token := flags.String("token", "0123456789abcdef0123456789abcdef", "auth token to accept, and to sign callbacks with")
	from := flags.String("from", "+34941000000", "WhatsApp sender to print")
	statuses := flags.String("statuses", "sent,delivered", "what the callbacks of a message say; empty: none are made")
	window := flags.Bool("window", false, "fail free text by WhatsApp outside the 24 hours after the phone wrote")
	control := flags.String("control", "control", "token for /_control/; empty: no such endpoints")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *account == "" || *token == "" {
		return errors.New("-account and -token must not be empty")
	}
	options := twiliotest.Options{AccountSID: *account, Token: *token, ControlToken: *control, Window: *window,
		Statuses: []string{}, Seed: uint64(time.Now().UnixNano())}
	if *statuses != "" {
		options.Statuses = strings.Split(*statuses, ",")
	}
	return servertest.Serve(ctx, twiliotest.New(options), *addr, func(at net.Addr) {
		_, _ = fmt.Fprintf(out, "A test Twilio listens on %[1]s. For maitre:\n\n"+
			"export TWILIO_ENDPOINT_URL=http://%[1]s\nexport TWILIO_ACCOUNT_SID=%[2]s\nexport TWILIO_AUTH_TOKEN=%[3]s\nexport TWILIO_WHATSAPP_FROM=%[4]s\n\n",
			at, *account, *token, *from)
		servertest.SayControl(out, "Messages, faults and more", *control, at)
	})
}
