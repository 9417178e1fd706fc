package webhook

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"sync"

	"maitre/booking"
)

// AnswerStore keeps answers on disk.
type AnswerStore interface {
	// Recall returns the answer kept under key, and whether there is one. The
	// bytes are the caller's to hold on to, not to change.
	Recall(ctx context.Context, key string) ([]byte, bool, error)
	// Remember keeps the answer. When it returns nil, the answer is synced to disk.
	Remember(ctx context.Context, a booking.StoredAnswer) error
}

var (
	// ErrForget is returned, alone or wrapped, by the function given to Once
	// together with an answer that holds for this moment only (nothing could be
	// written): whoever is waiting gets the answer, nothing is remembered, and
	// a later repeat tries again.
	ErrForget = errors.New("the answer must not be remembered")
	// ErrUnfinished is returned by Once to those who waited for a first request
	// that ended in a panic.
	ErrUnfinished = errors.New("the first request with this key did not finish")
)

// maxKey is the length in bytes up to which a key is kept as it is.
const maxKey = 200

// hashPrefix begins the hash of too long a key. Key escapes it in its parts, so that
// nobody can forge another's hash.
const hashPrefix = "sha256#"

// Key names a request of a source (such as "vapi") by parts that come from
// outside, of whatever length and content. Different parts give different keys,
// none is longer than 200 bytes, and Once uses it unchanged: it is
// the key of a [booking.Reply].
func Key(source string, parts ...string) string {
	var b strings.Builder
	b.WriteString(source)
	for _, part := range parts {
		b.WriteByte('/')
		b.WriteString(url.PathEscape(part))
	}
	if b.Len() <= maxKey {
		return b.String()
	}
	return source + "/" + hashed(b.String())
}

func boundedKey(key string) string {
	if len(key) <= maxKey {
		return key
	}
	return hashed(key)
}

func hashed(key string) string {
	digest := sha256.Sum256([]byte(key))
	return hashPrefix + hex.EncodeToString(digest[:])
}

// Idempotency has what a request asks for done once, and gives every repeat of the
// request the bytes of its first answer. It is safe for concurrent use.
type Idempotency struct {
	store AnswerStore
	log   *slog.Logger

	mu      sync.Mutex
	flights map[string]*flight
}

// flight is a request that is being answered now.
type flight struct {
	done   chan struct{} // closed once answer and err are set
	answer []byte
	err    error
}

// NewIdempotency returns an Idempotency that keeps its answers in store. The log, which
// may be nil, gets failures to keep an answer.
func NewIdempotency(store AnswerStore, log *slog.Logger) *Idempotency {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Idempotency{store: store, log: log, flights: make(map[string]*flight)}
}

// Action does what a request asks for. It returns the answer and whether that is kept
// already, in one commit with what was done. Errors: [ErrForget] with an answer, and any
// other after which nothing was done.
type Action func(ctx context.Context) (answer []byte, kept bool, err error)

// Answer answers a request that changes something: as Once does, except that the answer to
// what was done is returned also when it could not be kept: a repeat then finds it done.
// An empty key is that of a request whose repeats cannot be recognised: do runs.
func (i *Idempotency) Answer(ctx context.Context, key string, do Action) ([]byte, error) {
	if key == "" {
		answer, _, err := do(context.WithoutCancel(ctx))
		if errors.Is(err, ErrForget) {
			err = nil
		}
		return answer, err
	}
	var said []byte
	answer, err := i.Once(ctx, key, func(ctx context.Context) ([]byte, bool, error) {
		answer, kept, err := do(ctx)
		if err == nil {
			said = answer
		}
		return answer, kept, err
	})
	if err != nil && said != nil {
		i.log.ErrorContext(ctx, "answer not saved, although its action was done", "key", key, "error", err)
		return said, nil
	}
	return answer, err
}

// Once runs do for the first request with this key and gives every repeat the
// same bytes: those that come while it runs, which wait for it, and those that
// come later, after a restart too. The bytes must not be changed. A key of
// more than 200 bytes is replaced by its hash; for a key made by Key that never happens.
//
// Unless do reports that the answer is kept already, Once remembers it before it
// returns. When do returns ErrForget with an answer, Once returns the answer and
// keeps nothing. On any other error nothing is remembered, and a later repeat runs do
// again.
//
// do runs in the goroutine of the first caller, with that caller's values but
// not its deadline or cancellation: others wait for the result, so it
// runs to its end, and must bound its own time. Those who wait
// stop when their own context ends. If do panics, the panic is the first
// caller's, and those who wait get ErrUnfinished.
//
// Errors: what do, Recall or Remember returned, the context's when it ends
// while waiting, ErrUnfinished. When an answer could not be remembered it is
// not returned, as a repeat might contradict it.
func (i *Idempotency) Once(ctx context.Context, key string, do Action) ([]byte, error) {
	if err := context.Cause(ctx); err != nil {
		return nil, fmt.Errorf("answer request: %w", err)
	}
	key = boundedKey(key)

	i.mu.Lock()
	if first, flying := i.flights[key]; flying {
		i.mu.Unlock()
		return first.wait(ctx)
	}
	f := &flight{done: make(chan struct{}), err: ErrUnfinished}
	i.flights[key] = f
	i.mu.Unlock()

	// Deferred, so that it also happens when do panics or ends its goroutine.
	defer func() {
		i.mu.Lock()
		delete(i.flights, key)
		i.mu.Unlock()
		close(f.done)
	}()
	f.answer, f.err = i.first(context.WithoutCancel(ctx), key, do)
	return f.answer, f.err
}

// FirstAnswer returns the answer to the request with this key: of one that is being
// answered now, once it is, else the one that is kept. It reports false when there
// is none. Errors: those of Once.
func (i *Idempotency) FirstAnswer(ctx context.Context, key string) (answer []byte, ok bool, err error) {
	key = boundedKey(key)
	i.mu.Lock()
	first, flying := i.flights[key]
	i.mu.Unlock()
	if flying {
		answer, err := first.wait(ctx)
		return answer, err == nil, err
	}
	answer, ok, err = i.store.Recall(ctx, key)
	if err != nil {
		return nil, false, fmt.Errorf("recall answer: %w", err)
	}
	return answer, ok, nil
}

func (f *flight) wait(ctx context.Context) ([]byte, error) {
	select {
	case <-f.done:
		return f.answer, f.err
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for the first request: %w", context.Cause(ctx))
	}
}

// first answers from the store or runs do. It is called while the key is in
// flight: recalled any earlier, an answer remembered in between would be missed
// and its work done twice.
func (i *Idempotency) first(ctx context.Context, key string, do Action) ([]byte, error) {
	answer, known, err := i.store.Recall(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("recall answer: %w", err)
	}
	if known {
		return answer, nil
	}
	answer, kept, err := do(ctx)
	if errors.Is(err, ErrForget) {
		return answer, nil
	}
	if err != nil {
		return nil, err
	}
	if kept {
		return answer, nil
	}
	if err := i.store.Remember(ctx, booking.StoredAnswer{Key: key, Answer: answer}); err != nil {
		return nil, fmt.Errorf("remember answer: %w", err)
	}
	return answer, nil
}
