package webhook

import (
	"cmp"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/time/rate"
)

// GuardConfig says whom a Guard lets in.
type GuardConfig struct {
	// Source names the sender in metrics and logs, such as "vapi".
	Source string
	// Auth recognises the sender.
	Auth Authenticator
	// MaxBody is the largest body read, in bytes. Defaults to DefaultMaxBody.
	MaxBody int64
	// Budget is the memory that large bodies share. Defaults to one of
	// DefaultBudget for this Guard alone.
	Budget *Budget
	// Metrics counts the outcomes. Nil counts without showing.
	Metrics *Metrics
	// Log gets the refusals. Nil discards.
	Log *slog.Logger
	// ClientIP returns where a request comes from, as an address that the client
	// cannot choose. Defaults to the connection's.
	ClientIP func(*http.Request) string
}

// How many refusals a client is given in full at once, and how long after that it
// is given one more.
const (
	strangerBurst  = 120
	strangerRefill = time.Second
)

// Next handles a request that was let in. Neither the body nor
// a slice of it may be kept after Next returns. r.Body is read already.
//
// An answer of 400 counts the request as malformed.
type Next func(w http.ResponseWriter, r *http.Request, body []byte)

// Guard lets through what its Authenticator recognises, with the body read
// once, and refuses the rest:
//
//	401  missing signature, invalid signature
//	413  body over the limit
//	400  body that broke off
//	429  client refused too often, or no memory for its body now; with Retry-After
//
// Only refusals are limited, per client. A request with a valid signature is never
// refused for the refusals of others at its address. The time a body may take is
// bounded by the server's timeouts.
//
// It panics without an Authenticator.
func Guard(cfg GuardConfig, next Next) http.Handler {
	if cfg.Auth == nil {
		panic("webhook: Guard of " + cfg.Source + " has no Authenticator")
	}
	metrics := cfg.Metrics
	if metrics == nil {
		metrics = NewMetrics(nil)
	}
	budget := cfg.Budget
	if budget == nil {
		budget = NewBudget(DefaultBudget)
	}
	g := &guard{
		next:      next,
		auth:      cfg.Auth,
		bodies:    newBodies(cmp.Or(cfg.MaxBody, DefaultMaxBody), budget),
		strangers: NewRateLimiter(strangerBurst, strangerRefill),
		clientIP:  cfg.ClientIP,
		counters:  metrics.source(cfg.Source),
		log:       newRefusalLog(cfg.Log, cfg.Source),
	}
	if g.clientIP == nil {
		g.clientIP = remoteIP
	}
	return g
}

type guard struct {
	next      Next
	auth      Authenticator
	bodies    *bodies
	strangers *RateLimiter
	clientIP  func(*http.Request) string
	counters  map[Outcome]prometheus.Counter
	log       *refusalLog
}

// ServeHTTP implements http.Handler.
func (g *guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := g.auth.Precheck(r.Header); err != nil {
		g.refuse(w, r, refusalOf(err))
		return
	}
	body, release, err := g.bodies.read(w, r)
	if err != nil {
		g.refuse(w, r, refusalOf(err))
		return
	}
	defer release()
	if err := g.auth.Verify(r, body); err != nil {
		g.refuse(w, r, refusalOf(err))
		return
	}
	seen := &statusWriter{ResponseWriter: w}
	defer func() {
		if seen.status == http.StatusBadRequest {
			g.counters[Malformed].Inc()
			return
		}
		g.counters[Accepted].Inc()
	}()
	g.next(seen, r, body)
}

// refusal is the answer to a caller that is not let in.
type refusal struct {
	outcome    Outcome
	status     int
	code       string
	message    string
	retryAfter int // seconds; 0: none
}

// refusalOf returns the answer for a reason, which reveals nothing.
func refusalOf(err error) refusal {
	switch {
	case errors.Is(err, ErrMissing):
		return refusal{MissingSignature, http.StatusUnauthorized, "missing_signature", "missing signature", 0}
	case errors.Is(err, ErrStale):
		return refusal{Stale, http.StatusUnauthorized, "invalid_signature", "invalid signature", 0}
	case errors.Is(err, errTooLarge):
		return refusal{TooLarge, http.StatusRequestEntityTooLarge, "too_large", "the body is too large", 0}
	case errors.Is(err, errNoMemory):
		return refusal{RateLimited, http.StatusTooManyRequests, "rate_limited", "too many large requests at once", 1}
	case errors.Is(err, errBroken):
		return refusal{Malformed, http.StatusBadRequest, "malformed", "the body could not be read to its end", 0}
	default: // ErrInvalid, and whatever an Authenticator should not have returned
		return refusal{InvalidSignature, http.StatusUnauthorized, "invalid_signature", "invalid signature", 0}
	}
}

func (g *guard) refuse(w http.ResponseWriter, r *http.Request, why refusal) {
	client := g.clientIP(r)
	if why.outcome != RateLimited { // not for lack of memory, which is not the caller's fault
		if ok, retryAfter := g.strangers.Allow(client, time.Now()); !ok {
			why = refusal{RateLimited, http.StatusTooManyRequests, "rate_limited", "too many requests", retryAfter}
		}
	}
	g.counters[why.outcome].Inc()
	g.log.refused(r, why.outcome, client)
	if why.retryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(why.retryAfter))
	}
	WriteError(w, why.status, why.code, why.message, "")
}

// remoteIP is the address of the connection's other end.
func remoteIP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// statusWriter notes the status of an answer.
type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader implements http.ResponseWriter.
func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 && status >= http.StatusOK {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach what is beneath.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// refusalLog logs refusals: ten at once, then one a second, each with the number of
// those left out before it.
type refusalLog struct {
	log    *slog.Logger
	pace   *rate.Limiter
	unsaid atomic.Int64
}

func newRefusalLog(log *slog.Logger, source string) *refusalLog {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &refusalLog{log: log.With("source", source), pace: rate.NewLimiter(1, 10)}
}

func (l *refusalLog) refused(r *http.Request, outcome Outcome, client string) {
	if !l.pace.Allow() {
		l.unsaid.Add(1)
		return
	}
	l.log.WarnContext(r.Context(), "webhook refused", "outcome", string(outcome), "client", client, "unsaid", l.unsaid.Swap(0))
}
