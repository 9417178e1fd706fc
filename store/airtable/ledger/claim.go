package ledger

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"maitre/store"
	"maitre/store/airtable"
)

// claim is how a desk knows that no other writes to its base: a mark in the base
// with a token, which the data file keeps.
type claim struct {
	writing ctxMutex // held while the mark is written

	mu    sync.Mutex
	kept  keptClaim
	token string // of this start; empty: none was made yet
	// held: the mark was seen to be ours, or the base takes none.
	held bool
	// due: the mark is to be written, first or again.
	due bool
	// unmarked is why the base has no mark of ours; empty: it has one.
	unmarked string
	record   string // the mark's row
	// rows are the rows that are marks, or were ours, when they were last read, at seen.
	rows []airtable.Record
	seen time.Time

	// lost ends when another desk is seen to have the base; its cause is an
	// [OtherDeskError].
	lost context.Context
	lose context.CancelCauseFunc

	since time.Time // when this desk started
}

// keptClaim is what the data file keeps: the tokens of this desk's marks.
type keptClaim struct {
	V int `json:"v"`
	// Held was last seen in the base. Tried were made since: a write that was not
	// answered may have put any of them there.
	Held  string   `json:"held,omitempty"`
	Tried []string `json:"tried,omitempty"`
}

const (
	// triedAfter is how many earlier tokens are kept after one was seen in the base: a
	// late write may still arrive.
	triedAfter = 8
	// maxTried is how many are kept that were never seen in the base.
	maxTried = 200
	// markAge is how old a reading of the marks may be where the base's changes are
	// not followed.
	markAge = 5 * time.Minute
)

// OtherDeskError is returned when another desk writes to the base.
type OtherDeskError struct{ Base, Host, Since string }

// Error says which desk writes to the base, and how to take over.
func (e *OtherDeskError) Error() string {
	return fmt.Sprintf("another maitre writes to the %s, on %s since %s: two desks would give one table to two parties. "+
		"To have this one take over, stop that one and say here: maitre adopt", e.Base, e.Host, e.Since)
}

func (c *claim) load(ctx context.Context, m *store.Mirror, now time.Time) error {
	c.writing, c.since = make(ctxMutex, 1), now
	c.lost, c.lose = context.WithCancelCause(context.Background())
	value, err := m.Kept(ctx, store.KeptClaim)
	if err != nil || value == nil {
		return err
	}
	if err := json.Unmarshal(value, &c.kept); err != nil {
		return fmt.Errorf("read by what this desk knows its mark: %w", err)
	}
	if c.kept.V > keptFormat {
		return fmt.Errorf("this desk's mark is kept in format %d, this program knows %d: start the newer version", c.kept.V, keptFormat)
	}
	return nil
}

// another returns the desk that has the base in place of this one, or nil.
func (c *claim) another() *OtherDeskError {
	other, _ := errors.AsType[*OtherDeskError](context.Cause(c.lost))
	return other
}

// isOurs reports whether a token was made by this desk. c.mu is held.
func (c *claim) isOurs(token string) bool {
	return token != "" && (token == c.kept.Held || slices.Contains(c.kept.Tried, token))
}

func (c *claim) isHeld() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.held && c.another() == nil
}

// isDue reports whether the marks must be read, and this desk's be written.
func (c *claim) isDue() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return (c.due || !c.held) && c.another() == nil
}

// seenAt returns when the marks were last read.
func (c *claim) seenAt() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.seen
}

// newToken returns the token of this start. It is kept in the data file before it is
// written to the base, so that the desk always knows its own mark.
func (l *Ledger) newToken(ctx context.Context) (string, error) {
	c := &l.claim
	c.mu.Lock()
	token, kept := c.token, c.kept
	c.mu.Unlock()
	if token != "" {
		return token, nil
	}
	token = rand.Text()
	kept.V, kept.Tried = keptFormat, append(slices.Clone(kept.Tried), token)
	kept.Tried = kept.Tried[max(0, len(kept.Tried)-maxTried):]
	value, err := json.Marshal(kept)
	if err == nil {
		err = l.cfg.Mirror.Keep(ctx, store.KeptClaim, value)
	}
	if err != nil {
		return "", fmt.Errorf("keep the token of this desk: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.token, c.kept = token, kept
	return token, nil
}

// Unmarked returns why a second desk on the base would not be noticed; empty: it would.
func (l *Ledger) Unmarked() string {
	l.claim.mu.Lock()
	defer l.claim.mu.Unlock()
	return l.claim.unmarked
}
