package web

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// Server returns a server for h that no slow or greedy client can hold up; the
// caller sets its address and runs it.
func Server(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		// Longer than any webhook's caller waits for us (VAPI: 20 s).
		WriteTimeout:   30 * time.Second,
		IdleTimeout:    2 * time.Minute,
		MaxHeaderBytes: 32 << 10,
		ErrorLog:       slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// patience is longer than any request may take, and shorter than the 30 s after
// which a host kills a process that it has asked to end.
const patience = 25 * time.Second

// Serve runs server on listener until ctx ends, then accepts nothing more and
// finishes the requests under way. It returns nil when all were finished.
func Serve(ctx context.Context, server *http.Server, listener net.Listener, log *slog.Logger) error {
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve http: %w", err)
	case <-ctx.Done():
	}
	log.Info("stopping: finishing the requests under way; a second signal stops at once")
	waiting, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	if err := server.Shutdown(waiting); err != nil {
		return fmt.Errorf("finish requests in hand within %s: %w", patience, err)
	}
	log.Info("stopped")
	return nil
}
