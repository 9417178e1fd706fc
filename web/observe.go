package web

import (
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"
)

// unrouted is the label of requests that no route takes: their paths are the
// callers' to choose and must not become labels.
const unrouted = "none"

// observe measures and logs a route's requests, and answers 500 when a handler panics.
func (s *site) observe(route, method string, next http.Handler) http.Handler {
	timings := s.cfg.Metrics.timings(route, method)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.serve(w, r, route, timings, next)
	})
}

// observeUnrouted is observe for requests that no route takes, of any method.
func (s *site) observeUnrouted(next http.Handler) http.Handler {
	other := s.cfg.Metrics.timings(unrouted, "other")
	byMethod := make(map[string]*timings)
	for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} {
		byMethod[method] = s.cfg.Metrics.timings(unrouted, method)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		timings, known := byMethod[r.Method]
		if !known {
			timings = other
		}
		s.serve(w, r, unrouted, timings, next)
	})
}

func (s *site) serve(w http.ResponseWriter, r *http.Request, route string, timings *timings, next http.Handler) {
	rec := &recorder{ResponseWriter: w}
	start := time.Now()
	defer func() {
		cause := recover()
		// ErrAbortHandler is how a handler hangs up on purpose; net/http knows what to do.
		crashed := cause != nil && cause != http.ErrAbortHandler
		var stack []byte
		begun := rec.status != 0
		if crashed {
			stack = debug.Stack()
			if !begun {
				s.internalError(rec, r)
			}
		}
		took := time.Since(start)
		timings.observe(rec.code(), took)
		s.logAccess(r, route, rec, took, cause, stack)
		if cause != nil && (begun || !crashed) {
			// Half an answer was sent: cut the connection, so that it is not taken for a whole one.
			panic(http.ErrAbortHandler)
		}
	}()
	next.ServeHTTP(rec, r)
}

// logAccess logs a request: at debug, at a higher level for a 5xx. It logs the route
// and not the path, which may name a guest's booking.
func (s *site) logAccess(r *http.Request, route string, rec *recorder, took time.Duration, cause any, stack []byte) {
	level := slog.LevelDebug
	switch {
	case stack != nil, rec.code() == http.StatusInternalServerError:
		level = slog.LevelError
	case rec.code() > http.StatusInternalServerError:
		level = slog.LevelWarn
	}
	if !s.cfg.Log.Enabled(r.Context(), level) {
		return
	}
	attrs := []slog.Attr{
		slog.String("route", route),
		slog.String("method", r.Method),
		slog.Int("code", rec.code()),
		slog.Int64("bytes", rec.written),
		slog.Duration("took", took),
		slog.String("client", ClientIP(r, s.cfg.OnFly).String()),
	}
	if stack != nil {
		attrs = append(attrs, slog.String("panic", fmt.Sprint(cause)), slog.String("stack", string(stack)))
	}
	s.cfg.Log.LogAttrs(r.Context(), level, "answered request", attrs...)
}

// recorder remembers what was answered.
type recorder struct {
	http.ResponseWriter
	status  int // 0: nothing written yet
	written int64
}

// WriteHeader notes the status. Informational ones (103 Early Hints) come before the answer.
func (rec *recorder) WriteHeader(status int) {
	if rec.status == 0 && status >= http.StatusOK {
		rec.status = status
	}
	rec.ResponseWriter.WriteHeader(status)
}

// Write counts what was written.
func (rec *recorder) Write(p []byte) (int, error) {
	if rec.status == 0 {
		rec.status = http.StatusOK
	}
	n, err := rec.ResponseWriter.Write(p)
	rec.written += int64(n)
	return n, err
}

// Unwrap lets [http.ResponseController] reach the connection.
func (rec *recorder) Unwrap() http.ResponseWriter { return rec.ResponseWriter }

// code is the status that the caller saw: a handler that writes nothing answers 200.
func (rec *recorder) code() int {
	if rec.status == 0 {
		return http.StatusOK
	}
	return rec.status
}
