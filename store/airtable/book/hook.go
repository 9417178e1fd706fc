package book

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"maitre/booking"
	"maitre/store/airtable"
)

const (
	// askAgain is how long we do without a webhook that the token may not have.
	askAgain = time.Hour
	// tendEvery is how often the webhook's own state is looked at: whether it still
	// records and notifies, and when it ends (7 days after it was read or refreshed last).
	tendEvery = 12 * time.Hour
)

// beginFeed makes sure that changes are recorded for us, and takes up those that
// were recorded while we were away.
func (b *Book) beginFeed(ctx context.Context) {
	if b.feed.making.take(ctx) != nil {
		return
	}
	defer b.feed.making.give()
	s, t := b.madeUp(ctx)
	if t != nil || b.feed.followed() || b.claim.another() != nil {
		return
	}
	h := b.feed.known()
	if h.ID != "" && h.URL == b.NotifyURL && slices.Equal(h.Watches, watches(s)) && s.mapper.ByFieldID() {
		// One that ended while we were away can be read and records nothing.
		if t = b.tend(ctx, true); t == nil {
			t = b.sync(ctx)
		}
		if t == nil || b.feed.known().ID == h.ID {
			return
		}
		h = b.feed.known()
	}
	if b.feed.refusedLately(b.Now()) {
		return
	}
	if !s.mapper.ByFieldID() {
		// The record of changes tells of fields by their IDs.
		t = &booking.Trouble{Kind: booking.Permanent, Text: "the base's schema cannot be read; give the token the scope schema.bases:read"}
	} else if t = b.makeHook(ctx, h); t == nil {
		if t = b.sync(ctx); t == nil {
			return
		}
	}
	if b.feed.known().ID != "" || t.Kind != booking.Permanent {
		return // it goes on when Airtable answers again
	}
	b.feed.refuse(b.Now())
	b.Log.Warn("changes in Airtable cannot be followed: each day is read again when it is older than it may be; give the token the scope webhook:manage",
		"max_age", b.MaxAge, "why", t.Text)
}

// makeHook makes a webhook in place of one that is gone or tells another address.
func (b *Book) makeHook(ctx context.Context, was hook) *booking.Trouble {
	var made airtable.Webhook
	watched := watches(b.base.Load())
	t := b.ask(ctx, ofChanges, func(ctx context.Context) (err error) {
		b.removeHooks(ctx, was)
		made, err = b.Client.CreateWebhook(ctx, b.NotifyURL, airtable.WebhookFilter{
			DataTypes: []string{"tableData", "tableFields"}, WatchFields: watched,
		})
		return err
	})
	if t != nil {
		return t
	}
	// What was read before it surely recorded is not covered, doubts and all.
	next := hook{ID: made.ID, Secret: made.Secret, URL: b.NotifyURL, Watches: watched, Cursor: 1, Number: was.Number + 1, Since: b.Now(), Doubts: was.Doubts}
	if err := b.keepHook(ctx, was.ID, next); err != nil {
		return &booking.Trouble{Kind: booking.Unreachable, Text: err.Error()}
	}
	b.feed.mu.Lock()
	b.feed.tended = b.Now()
	b.feed.mu.Unlock()
	b.cache.Invalidate(daysTag)
	b.Log.Info("following changes in Airtable", "webhook", made.ID, "notifies", b.NotifyURL != "", "poll", b.Poll)
	return nil
}

// watches are the fields whose changes a webhook records for us: ours. Of a table
// that a booking is given to, the other side of the link changes too, which is all
// its bookings before and after: a few hundred writes of them fill megabytes.
func watches(s *base) []string {
	all := slices.Concat(s.mapper.BookingFields(), s.mapper.TableFields())
	slices.Sort(all)
	return slices.Compact(all)
}

// removeHooks removes ours of earlier times; a base may have ten.
func (b *Book) removeHooks(ctx context.Context, was hook) {
	hooks, err := b.Client.Webhooks(ctx)
	if err != nil {
		return // making one will tell
	}
	for _, h := range hooks {
		if h.ID == was.ID || h.ID == was.Old || b.NotifyURL != "" && h.URL == b.NotifyURL {
			_ = b.Client.DeleteWebhook(ctx, h.ID) // it ends by itself in a week
		}
	}
}

// errHookDead is of a webhook that is there and records nothing.
var errHookDead = errors.New("the webhook is there and records nothing")

// noSuchHook tells that Airtable does not know the webhook any more, or does not
// record for it: it ended, or somebody removed it.
func noSuchHook(err error) bool {
	var e *airtable.Error
	if errors.Is(err, errHookDead) {
		return true
	}
	return errors.As(err, &e) && e.Kind == airtable.Permanent &&
		slices.Contains([]int{http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity}, e.Status)
}

// forgetHook is for changes that were lost: all that was read before is as old as its reading.
func (b *Book) forgetHook(ctx context.Context, was hook) {
	if err := b.keepHook(ctx, was.ID, hook{Old: was.ID, Number: was.Number, Doubts: was.Doubts}); err != nil {
		b.Log.Error("forget the webhook", "error", err)
		return
	}
	b.Log.Warn("Airtable's record of changes is gone; it is begun anew, and every day is read again")
	b.unsure()
}

// unsure is for changes that nobody knows: every day is read again, the next time
// that it is asked for or all at once, whichever comes first.
func (b *Book) unsure() {
	b.cache.Invalidate(daysTag)
	b.warm.Store(false)
	b.Pinged()
}

// tend looks after the webhook itself, when it is due or must be: extends its
// life, sees whether it still records, and switches on again notifications that
// Airtable stopped after failures.
func (b *Book) tend(ctx context.Context, must bool) *booking.Trouble {
	h := b.feed.known()
	b.feed.mu.Lock()
	due := must || b.Now().Sub(b.feed.tended) >= tendEvery
	if due {
		b.feed.tended = b.Now()
	}
	b.feed.mu.Unlock()
	if h.ID == "" || !due {
		return nil
	}
	return b.ask(ctx, ofChanges, func(ctx context.Context) error {
		err := b.tendHook(ctx, h.ID)
		if noSuchHook(err) {
			b.forgetHook(ctx, h)
		}
		return err
	})
}

func (b *Book) tendHook(ctx context.Context, id string) error {
	if err := b.Client.RefreshWebhook(ctx, id); err != nil {
		return err
	}
	hooks, err := b.Client.Webhooks(ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(hooks, func(h airtable.Webhook) bool { return h.ID == id })
	switch {
	case i < 0 || !hooks[i].Enabled:
		return errHookDead
	case b.NotifyURL != "" && !hooks[i].Notifies:
		b.Log.Warn("Airtable had stopped telling us of changes; it is switched on again", "url", hooks[i].URL)
		return b.Client.EnableWebhook(ctx, id, true)
	}
	return nil
}
