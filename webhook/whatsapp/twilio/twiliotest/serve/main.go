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
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"maitre/webhook/whatsapp/twilio/twiliotest"
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
	srv := twiliotest.New(options)
	defer srv.Close()
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	_, _ = fmt.Fprintf(out, "A test Twilio listens on %[1]s. For maitre:\n\n"+
		"export TWILIO_ENDPOINT_URL=http://%[1]s\nexport TWILIO_ACCOUNT_SID=%[2]s\nexport TWILIO_AUTH_TOKEN=%[3]s\nexport TWILIO_WHATSAPP_FROM=%[4]s\n\n",
		listener.Addr(), *account, *token, *from)
	if *control != "" {
		_, _ = fmt.Fprintf(out, "Messages, faults and more:\n\ncurl -H 'Authorization: Bearer %s' http://%s/_control/\n\n",
			*control, listener.Addr())
	}
	return serve(ctx, srv, listener)
}

// serve answers until ctx ends.
func serve(ctx context.Context, handler *twiliotest.Server, listener net.Listener) error {
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
