package web

import (
	"log/slog"
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
