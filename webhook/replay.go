package webhook

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"

	"maitre/booking"
)

// Memory keeps answers on disk.
type Memory interface {
	// Recall returns the answer kept under key, and whether there is one. The
	// bytes are the caller's to hold on to, not to change.
	Recall(ctx context.Context, key string) ([]byte, bool, error)
	// Remember keeps the memo. When it returns nil, the memo is synced to disk.
	Remember(ctx context.Context, m booking.Memo) error
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

// hashMark begins what stands for too long a key. Key escapes it in its parts,
// so that nobody can spell out another's hash.
const hashMark = "sha256#"

// Key names a request of a source (such as "vapi") by parts that come from
// outside, of whatever length and content. Different parts give different keys,
// none is longer than 200 bytes, and Once uses it unchanged: it is
// the key for a booking.Memo that is kept together with its booking.
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
	return hashMark + hex.EncodeToString(digest[:])
}

// Replay gives every repeat of a request the bytes of its first answer.
// It is safe for concurrent use.
type Replay struct {
	memory Memory

	mu      sync.Mutex
	flights map[string]*flight
}

// flight is a request that is being answered now.
type flight struct {
	done   chan struct{} // closed once answer and err are set
	answer []byte
	err    error
}

// NewReplay returns a Replay that keeps its answers in m.
func NewReplay(m Memory) *Replay {
	return &Replay{memory: m, flights: make(map[string]*flight)}
}

// Once runs do for the first request with this key and gives every repeat the
// same bytes: those that come while it runs, which wait for it, and those that
// come later, after a restart too. The bytes must not be changed. A key of
// more than 200 bytes is replaced by its hash; for a key made by Key that never happens.
//
// do returns the answer and whether it is kept already, in one stroke with what
// it did; otherwise Once remembers it before it returns. When do returns
// ErrForget with an answer, Once returns the answer and keeps nothing. On any
// other error nothing is remembered, and a later repeat runs do again.
//
// do runs in the goroutine of the first caller, with that caller's values but
// not its deadline or cancellation: others wait for the outcome, so it is
// carried through, and bounding its time is its own business. Those who wait
// stop when their own context ends. If do panics, the panic is the first
// caller's, and those who wait get ErrUnfinished.
//
// Errors: what do, Recall or Remember returned, the context's when it ends
// while waiting, ErrUnfinished. When an answer could not be remembered it is
// not returned: a guest would hear what a repeat might contradict.
func (r *Replay) Once(ctx context.Context, key string, do func(ctx context.Context) (answer []byte, kept bool, err error)) ([]byte, error) {
	if err := context.Cause(ctx); err != nil {
		return nil, fmt.Errorf("answer request: %w", err)
	}
	key = boundedKey(key)

	r.mu.Lock()
	if first, flying := r.flights[key]; flying {
		r.mu.Unlock()
		return first.wait(ctx)
	}
	f := &flight{done: make(chan struct{}), err: ErrUnfinished}
	r.flights[key] = f
	r.mu.Unlock()

	// Deferred, so that it also happens when do panics or ends its goroutine.
	defer func() {
		r.mu.Lock()
		delete(r.flights, key)
		r.mu.Unlock()
		close(f.done)
	}()
	f.answer, f.err = r.first(context.WithoutCancel(ctx), key, do)
	return f.answer, f.err
}

// Again returns the answer to the request with this key: of one that is being
// answered now, once it is, else the one that is kept. It reports false when there
// is none. Errors: those of [Replay.Once].
func (r *Replay) Again(ctx context.Context, key string) (answer []byte, ok bool, err error) {
	key = boundedKey(key)
	r.mu.Lock()
	first, flying := r.flights[key]
	r.mu.Unlock()
	if flying {
		answer, err := first.wait(ctx)
		return answer, err == nil, err
	}
	answer, ok, err = r.memory.Recall(ctx, key)
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

// first answers from memory or runs do. It is called while the key is in
// flight: recalled any earlier, an answer remembered in between would be missed
// and its work done twice.
func (r *Replay) first(ctx context.Context, key string, do func(ctx context.Context) ([]byte, bool, error)) ([]byte, error) {
	answer, known, err := r.memory.Recall(ctx, key)
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
	if err := r.memory.Remember(ctx, booking.Memo{Key: key, Answer: answer}); err != nil {
		return nil, fmt.Errorf("remember answer: %w", err)
	}
	return answer, nil
}
