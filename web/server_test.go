package web_test

import (
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"

	"maitre/web"
)

func TestServerSetsEveryLimit(t *testing.T) {
	t.Parallel()
	s := web.Server(http.NotFoundHandler(), slog.New(slog.NewTextHandler(io.Discard, nil)))
	if s.ReadHeaderTimeout == 0 || s.ReadTimeout == 0 || s.WriteTimeout == 0 || s.IdleTimeout == 0 || s.MaxHeaderBytes == 0 || s.ErrorLog == nil {
		t.Errorf("a limit is missing: %+v", s)
	}
}

func TestHeadersPastTheLimitAreRefused(t *testing.T) {
	t.Parallel()
	got := open(t).ask(t, "GET", "/", "X-Padding", strings.Repeat("x", 64<<10))
	if got.status != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("status %d, want 431", got.status)
	}
}

func TestServeTellsOfAListenerThatFails(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	if err := web.Serve(t.Context(), web.Server(http.NotFoundHandler(), log), listener, log); !errors.Is(err, net.ErrClosed) {
		t.Errorf("served on a closed listener: %v", err)
	}
}
