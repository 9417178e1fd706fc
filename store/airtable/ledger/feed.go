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

// feed is Airtable's record of the base's changes: a webhook, which is read by
// its cursor whether or not it can also tell us that there is something to read.
type feed struct {
	pinged chan struct{} // holds one
	making ctxMutex          // one webhook is made at a time
	saving sync.Mutex    // what the file holds and hook are one

	mu sync.Mutex
	// hook is kept on disk; without an ID there is none.
	hook hook
	// refused: there may be none; asked again after a while.
	refused time.Time
	// at is as of when all changes are known; zero: not yet since the start.
	at time.Time
	// tended is when the webhook itself was looked after last.
	maintained time.Time
}

// hook is what the data file keeps of the webhook.
type hook struct {
	V      int    `json:"v"`
	ID     string `json:"id"`
	Secret string `json:"secret"` // base64, as Airtable gives it
	URL    string `json:"url,omitempty"`
	// Watches are the fields of ours that it records, see watches.
	Fields []string `json:"watches,omitempty"`
	Cursor  int      `json:"cursor"`
	// Number grows with each webhook, and with each gap in what one recorded: what
	// was read under an earlier number is not covered. Since is when it surely
	// recorded by the clock, by which earlier versions of this program go.
	Number uint64    `json:"number,omitempty"`
	Since  time.Time `json:"since"`
	// Doubts are bookings of ours that waited to be written when somebody changed
	// their rows: to be read again once they are written.
	Doubts []doubt `json:"doubts,omitempty"`
	// Old is a webhook in whose place another is to be made.
	Old string `json:"old,omitempty"`
}

// doubt is a booking of which it is not known how it stands on a date.
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
		// An earlier version kept it; what was read before that is not covered.
		f.hook.Number = m.NewestFeed() + 1
	}
	return nil
}

// followed tells whether the base's changes are known up to some moment.
func (f *feed) followed() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.hook.ID != "" && !f.at.IsZero()
}

// age is how long ago changes were asked for.
func (f *feed) age(now time.Time) time.Duration { return now.Sub(f.asOf()) }

func (f *feed) asOf() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.at
}

// covers tells whether whatever changed since a reading is known.
func (f *feed) covers(r store.Reading) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.hook.ID != "" && !f.at.IsZero() && r.Feed != 0 && r.Feed == f.hook.Number
}

// number is that of the webhook which records now; 0: none does.
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

// caughtUp notes that all changes are known as of a moment, if the webhook that
// told of them is still the one.
func (f *feed) caughtUp(id string, at time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.hook.ID == id && at.After(f.at) {
		f.at = at
	}
}

// refuse notes that there may be no webhook.
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

// Secret returns the key of the notifications' MAC; nil: there is none.
func (l *Ledger) Secret() []byte {
	secret, err := base64.StdEncoding.DecodeString(l.feed.known().Secret)
	if err != nil || len(secret) == 0 {
		return nil
	}
	return secret
}

// Pinged tells that Airtable says there are changes.
func (l *Ledger) Pinged() {
	select {
	case l.feed.pinged <- struct{}{}:
	default:
	}
}

// keepHook keeps a webhook in the data file, in the place of the one with an ID,
// and goes by it. If another is in that place by now, it does nothing.
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
