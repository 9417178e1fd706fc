package servertest

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"
)

// Server is a server for tests. Close ends what it has under way, hanging requests too.
type Server interface {
	http.Handler
	Close()
}

// Start lets a server listen on a port of its own until the test ends, and
// returns its address.
func Start(tb testing.TB, s Server) string {
	tb.Helper()
	listening := httptest.NewServer(s)
	tb.Cleanup(func() {
		s.Close()
		listening.CloseClientConnections()
		listening.Close()
	})
	return listening.URL
}

// Main runs a command until it is interrupted.
func Main(run func(ctx context.Context, args []string, out io.Writer) error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "serve:", err)
		os.Exit(1)
	}
}

// Serve listens on an address and answers until ctx ends. Before, it calls hello
// with the address on which it listens.
func Serve(ctx context.Context, s Server, addr string, hello func(net.Addr)) error {
	defer s.Close()
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	hello(listener.Addr())
	server := &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	s.Close() // lets hanging requests go, so that Shutdown ends
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := server.Shutdown(stopping); err != nil {
		return fmt.Errorf("stop: %w", err)
	}
	return nil
}

// SayControl tells how to ask the endpoints under /_control/, if there are any.
func SayControl(out io.Writer, what, token string, addr net.Addr) {
	if token != "" {
		_, _ = fmt.Fprintf(out, "%s:\n\ncurl -H 'Authorization: Bearer %s' http://%s%s\n\n", what, token, addr, controlPath)
	}
}
