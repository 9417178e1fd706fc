package book

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"maitre/booking"
	"maitre/store"
	"maitre/store/airtable"
)

// feed is Airtable's record of the base's changes: a webhook, which is read by
// its cursor whether or not it can also tell us that there is something to read.
type feed struct {
	pinged chan struct{} // holds one

	mu sync.Mutex
	// hook is kept on disk; its zero value: there is none.
	hook hook
	// refused: the token may not have one; asked again after a while.
	refused time.Time
	// at is as of when all changes are known; zero: not yet since the start.
	at time.Time
	// tended is when the webhook itself was looked after last.
	tended time.Time
}

// hook is what the data file keeps of the webhook.
type hook struct {
	V      int    `json:"v"`
	ID     string `json:"id"`
	Secret string `json:"secret"` // base64, as Airtable gives it
	URL    string `json:"url,omitempty"`
	Cursor int    `json:"cursor"`
	// Since is when it began to record: what was read before is not covered.
	Since time.Time `json:"since"`
}

const keptFeed = "feed"

func (f *feed) recall(ctx context.Context, m *store.Mirror) error {
	f.pinged = make(chan struct{}, 1)
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
	return nil
}

// followed tells whether the base's changes are known up to some moment.
func (f *feed) followed() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.hook.ID != "" && !f.at.IsZero()
}

// age is how long ago changes were asked for.
func (f *feed) age(now time.Time) time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	return now.Sub(f.at)
}

// covers tells whether whatever changed since a reading is known.
func (f *feed) covers(asOf time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.hook.ID != "" && !f.at.IsZero() && !asOf.Before(f.hook.Since)
}

// Secret returns the key of the notifications' MAC; nil: there is none.
func (b *Book) Secret() []byte {
	b.feed.mu.Lock()
	defer b.feed.mu.Unlock()
	secret, err := base64.StdEncoding.DecodeString(b.feed.hook.Secret)
	if err != nil || len(secret) == 0 {
		return nil
	}
	return secret
}

// Pinged tells that Airtable says there are changes.
func (b *Book) Pinged() {
	select {
	case b.feed.pinged <- struct{}{}:
	default:
	}
}

// keep keeps the webhook in the data file and goes by it.
func (b *Book) keepHook(ctx context.Context, h hook) error {
	h.V = keptFormat
	value, err := json.Marshal(h)
	if err == nil {
		err = b.Mirror.Keep(ctx, keptFeed, value)
	}
	if err != nil {
		return fmt.Errorf("keep the webhook: %w", err)
	}
	b.feed.mu.Lock()
	defer b.feed.mu.Unlock()
	b.feed.hook = h
	return nil
}

const (
	// askAgain is how long we do without a webhook that the token may not have.
	askAgain = time.Hour
	// tendEvery is how often the webhook's own state is looked at: whether it still
	// notifies, and when it ends (7 days after it was read or refreshed last).
	tendEvery = 12 * time.Hour
)

// beginFeed makes sure that changes are recorded for us, and takes up those that
// were recorded while we were away.
func (b *Book) beginFeed(ctx context.Context) {
	b.feed.mu.Lock()
	h, refused := b.feed.hook, b.feed.refused
	b.feed.mu.Unlock()
	if h.ID != "" && h.URL == b.NotifyURL {
		if t := b.sync(ctx); t == nil || b.hookID() == h.ID {
			return
		}
	}
	if !refused.IsZero() && b.Now().Sub(refused) < askAgain {
		return
	}
	if t := b.makeHook(ctx, h.ID); t != nil {
		b.feed.mu.Lock()
		b.feed.refused = b.Now()
		b.feed.mu.Unlock()
		b.Log.Warn("changes in Airtable cannot be followed: each day is read again when it is older than it may be; give the token the scope webhook:manage",
			"max_age", b.MaxAge, "why", t.Text)
		return
	}
	b.sync(ctx)
}

func (b *Book) hookID() string {
	b.feed.mu.Lock()
	defer b.feed.mu.Unlock()
	return b.feed.hook.ID
}

// makeHook makes a webhook in place of one that is gone or tells another address.
func (b *Book) makeHook(ctx context.Context, old string) *booking.Trouble {
	var made airtable.Webhook
	began := b.Now()
	t := b.ask(ctx, func(ctx context.Context) (err error) {
		b.removeHooks(ctx, old)
		made, err = b.Client.CreateWebhook(ctx, b.NotifyURL, airtable.WebhookFilter{DataTypes: []string{"tableData", "tableFields"}})
		return err
	})
	if t != nil {
		return t
	}
	// What was read before it began to record is not covered; a little more is read
	// again than need be, for the clocks may differ.
	if err := b.keepHook(ctx, hook{ID: made.ID, Secret: made.Secret, URL: b.NotifyURL, Cursor: 1, Since: began}); err != nil {
		return &booking.Trouble{Kind: booking.Unreachable, Text: err.Error()}
	}
	b.Log.Info("following changes in Airtable", "webhook", made.ID, "notifies", b.NotifyURL != "", "poll", b.Poll)
	return nil
}

// removeHooks removes ours of earlier times; a base may have ten.
func (b *Book) removeHooks(ctx context.Context, old string) {
	hooks, err := b.Client.Webhooks(ctx)
	if err != nil {
		return // making one will tell
	}
	for _, h := range hooks {
		if h.ID == old || b.NotifyURL != "" && h.URL == b.NotifyURL {
			_ = b.Client.DeleteWebhook(ctx, h.ID) // it ends by itself in a week
		}
	}
}

// syncing takes up, in the background, all changes that were recorded since the
// last time, or joins whoever is at it.
func (b *Book) syncing() <-chan singleflight.Result {
	return b.flights.DoChan("sync", func() (any, error) {
		b.work.Add(1)
		defer b.work.Done()
		if t := b.takeUp(airtable.Urgent(b.life)); t != nil {
			return nil, t
		}
		return nil, nil
	})
}

// sync is syncing for whoever waits for it.
func (b *Book) sync(ctx context.Context) *booking.Trouble {
	select {
	case done := <-b.syncing():
		var t *booking.Trouble
		errors.As(done.Err, &t)
		return t
	case <-ctx.Done():
		return &booking.Trouble{Kind: booking.Interrupted, Text: context.Cause(ctx).Error()}
	}
}

func (b *Book) takeUp(ctx context.Context) *booking.Trouble {
	b.feed.mu.Lock()
	h := b.feed.hook
	b.feed.mu.Unlock()
	if h.ID == "" {
		return nil
	}
	for {
		began, since := b.Now(), b.Mirror.Mark()
		var got airtable.Payloads
		t := b.ask(ctx, func(ctx context.Context) (err error) {
			got, err = b.Client.Payloads(ctx, h.ID, h.Cursor)
			if noSuchHook(err) {
				b.forgetHook(ctx)
			}
			return err
		})
		if t != nil {
			return t
		}
		if len(got.Payloads) > 0 {
			lost, t := b.apply(ctx, got.Payloads, since, began)
			if t != nil {
				return t
			}
			if lost {
				b.Log.Warn("Airtable could not say what changed: every day is read again")
				h.Since = b.Now()
				b.cache.Invalidate(daysTag)
			}
		}
		if got.Cursor != h.Cursor {
			h.Cursor = got.Cursor
			if err := b.keepHook(ctx, h); err != nil {
				return &booking.Trouble{Kind: booking.Unreachable, Text: err.Error()}
			}
		}
		if !got.More {
			b.feed.mu.Lock()
			b.feed.at = began
			b.feed.mu.Unlock()
			return nil
		}
	}
}

// noSuchHook tells that Airtable does not know the webhook any more: it ended,
// or somebody removed it.
func noSuchHook(err error) bool {
	var e *airtable.Error
	return errors.As(err, &e) && (e.Status == http.StatusNotFound || e.Kind == airtable.Permanent && e.Status == http.StatusForbidden)
}

// forgetHook is for changes that were lost: all that was read before is as old as its reading.
func (b *Book) forgetHook(ctx context.Context) {
	b.Log.Warn("Airtable's record of changes is gone; it is begun anew, and every day is read again")
	if err := b.keepHook(ctx, hook{}); err != nil {
		b.Log.Error("forget the webhook", "error", err)
	}
	b.feed.mu.Lock()
	b.feed.at = time.Time{}
	b.feed.hook = hook{}
	b.feed.mu.Unlock()
	b.cache.Invalidate(daysTag)
	b.warm.Store(false)
}

// tend looks after the webhook itself: extends its life, and switches on again
// notifications that Airtable stopped after failures.
func (f *feed) tend(ctx context.Context, b *Book) {
	f.mu.Lock()
	id, due := f.hook.ID, b.Now().Sub(f.tended) >= tendEvery
	if due {
		f.tended = b.Now()
	}
	f.mu.Unlock()
	if id == "" || !due {
		return
	}
	t := b.ask(ctx, func(ctx context.Context) error {
		if _, err := b.Client.RefreshWebhook(ctx, id); err != nil {
			return err
		}
		if b.NotifyURL == "" {
			return nil
		}
		hooks, err := b.Client.Webhooks(ctx)
		if err != nil {
			return err
		}
		for _, h := range hooks {
			if h.ID == id && !h.Notifies {
				b.Log.Warn("Airtable had stopped telling us of changes; it is switched on again", "url", h.URL)
				return b.Client.EnableWebhook(ctx, id, true)
			}
		}
		return nil
	})
	if t != nil && ctx.Err() == nil {
		b.Log.Warn("the webhook could not be looked after", "why", t.Text)
	}
}
