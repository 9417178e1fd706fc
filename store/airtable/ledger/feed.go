package ledger

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"maitre/booking"
	"maitre/store"
)

// feed is Airtable's record of the base's changes: a webhook, which is read by its
// cursor whether or not it also notifies.
type feed struct {
	pinged chan struct{} // holds one
	making ctxMutex      // held while a webhook is made
	saving sync.Mutex    // held while hook is written to the file

	mu sync.Mutex
	// hook is kept on disk; without an ID there is none.
	hook hook
	// refused is when Airtable last refused a webhook.
	refused time.Time
	// at is as of when all changes are known; zero: not since the start.
	at time.Time
	// maintained is when maintain last ran.
	maintained time.Time
}

// hook is what the data file keeps of the webhook.
type hook struct {
	V      int    `json:"v"`
	ID     string `json:"id"`
	Secret string `json:"secret"` // base64, as Airtable gives it
	URL    string `json:"url,omitempty"`
	// Fields are those whose changes it records, see watchedFields.
	Fields []string `json:"watches,omitempty"`
	Cursor int      `json:"cursor"`
	// Number grows with each webhook, and with each gap in what one recorded: what
	// was read under an earlier number is not covered. Since is when it began, which
	// earlier versions of this program use.
	Number uint64    `json:"number,omitempty"`
	Since  time.Time `json:"since"`
	// Doubts are bookings that waited to be written when somebody changed their rows:
	// they are read again once they are written.
	Doubts []doubt `json:"doubts,omitempty"`
	// Old is a webhook to be replaced.
	Old string `json:"old,omitempty"`
}

// doubt is a booking whose row on a date is not known.
type doubt struct {
	ID   string       `json:"id"`
	Date booking.Date `json:"date"`
}

const keptFeed = "feed"

func (f *feed) load(ctx context.Context, m *store.Mirror) error {
	f.pinged, f.making = make(chan struct{}, 1), make(ctxMutex, 1)
	value, err := m.Kept(ctx, keptFeed)
	if err != nil || value == nil {
		return err
	}
	if err := json.Unmarshal(value, &f.hook); err != nil {
		return fmt.Errorf("read the webhook that is kept: %w", err)
	}
	if f.hook.V > keptFormat {
		return fmt.Errorf("the webhook is kept in format %d, this program knows %d: start the newer version", f.hook.V, keptFormat)
	}
	if f.hook.Number == 0 {
		// An earlier version kept it without a number: nothing read before is covered.
		f.hook.Number = m.NewestFeed() + 1
	}
	return nil
}

// followed reports whether the base's changes are followed.
func (f *feed) followed() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.hook.ID != "" && !f.at.IsZero()
}

// age returns how long ago changes were asked for.
func (f *feed) age(now time.Time) time.Duration { return now.Sub(f.asOf()) }

func (f *feed) asOf() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.at
}

// covers reports whether all changes since a reading are known.
func (f *feed) covers(r store.Reading) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.hook.ID != "" && !f.at.IsZero() && r.Feed != 0 && r.Feed == f.hook.Number
}

// number returns that of the webhook which records now, or 0.
func (f *feed) number() uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.hook.ID == "" {
		return 0
	}
	return f.hook.Number
}

func (f *feed) known() hook {
	f.mu.Lock()
	defer f.mu.Unlock()
	h := f.hook
	h.Doubts = slices.Clone(h.Doubts)
	return h
}

// caughtUp records that all changes are known as of a moment, unless the webhook was
// replaced.
func (f *feed) caughtUp(id string, at time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.hook.ID == id && at.After(f.at) {
		f.at = at
	}
}

// refuse records that Airtable refused a webhook.
func (f *feed) refuse(now time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.refused = now
}

func (f *feed) refusedLately(now time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return !f.refused.IsZero() && now.Sub(f.refused) < hookRetryAfter
}

// Secret returns the key of the notifications' MAC, or nil.
func (l *Ledger) Secret() []byte {
	secret, err := base64.StdEncoding.DecodeString(l.feed.known().Secret)
	if err != nil || len(secret) == 0 {
		return nil
	}
	return secret
}

// Pinged has Run ask for changes now: Airtable notified of some.
func (l *Ledger) Pinged() {
	select {
	case l.feed.pinged <- struct{}{}:
	default:
	}
}

// keepHook replaces the webhook that has the ID place, in the data file and in
// memory. If that was replaced already, it does nothing.
func (l *Ledger) keepHook(ctx context.Context, place string, h hook) error {
	l.feed.saving.Lock()
	defer l.feed.saving.Unlock()
	if l.feed.known().ID != place {
		return nil
	}
	h.V = keptFormat
	value, err := json.Marshal(h)
	if err == nil {
		err = l.cfg.Mirror.Keep(ctx, keptFeed, value)
	}
	if err != nil {
		return fmt.Errorf("keep the webhook: %w", err)
	}
	l.feed.mu.Lock()
	defer l.feed.mu.Unlock()
	if l.feed.hook = h; h.ID != place {
		l.feed.at = time.Time{}
	}
	return nil
}
