package ledger

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
	// hookRetryAfter is when a webhook is tried again that the token may not have.
	hookRetryAfter = time.Hour
	// maintainEvery is how often the webhook is refreshed (it ends 7 days after it was
	// last read or refreshed), and checked whether it still records and notifies.
	maintainEvery = 12 * time.Hour
)

// beginFeed makes a webhook unless there is one, and applies the changes that were
// recorded while the desk was stopped.
func (l *Ledger) beginFeed(ctx context.Context) {
	if l.feed.making.lock(ctx) != nil {
		return
	}
	defer l.feed.making.unlock()
	s, t := l.currentBase(ctx)
	if t != nil || l.feed.followed() || l.claim.another() != nil {
		return
	}
	h := l.feed.known()
	if h.ID != "" && h.URL == l.cfg.NotifyURL && slices.Equal(h.Fields, watchedFields(s)) && s.mapper.ByFieldID() {
		// A webhook that ended meanwhile can be read and records nothing.
		if t = l.maintain(ctx, true); t == nil {
			t = l.sync(ctx)
		}
		if t == nil || l.feed.known().ID == h.ID {
			return
		}
		h = l.feed.known()
	}
	if l.feed.refusedLately(l.cfg.Now()) {
		return
	}
	if !s.mapper.ByFieldID() {
		// Changes name fields by their IDs.
		t = &booking.RecordError{Kind: booking.Permanent, Text: "the base's schema cannot be read; give the token the scope schema.bases:read"}
	} else if t = l.makeHook(ctx, h); t == nil {
		if t = l.sync(ctx); t == nil {
			return
		}
	}
	if l.feed.known().ID != "" || t.Kind != booking.Permanent {
		return // it is tried again when Airtable answers
	}
	l.feed.refuse(l.cfg.Now())
	l.cfg.Log.Warn("changes in Airtable cannot be followed: each day is read again when it is older than it may be; give the token the scope webhook:manage",
		"max_age", l.cfg.MaxAge, "error", t.Text)
}

// makeHook makes a webhook in place of one that is gone or notifies another address.
func (l *Ledger) makeHook(ctx context.Context, was hook) *booking.RecordError {
	var made airtable.Webhook
	watched := watchedFields(l.base.Load())
	t := l.ask(ctx, ofChanges, func(ctx context.Context) (err error) {
		l.removeHooks(ctx, was)
		made, err = l.cfg.Client.CreateWebhook(ctx, l.cfg.NotifyURL, airtable.WebhookFilter{
			DataTypes: []string{"tableData", "tableFields"}, WatchFields: watched,
		})
		return err
	})
	if t != nil {
		return t
	}
	// What was read before is not covered.
	next := hook{ID: made.ID, Secret: made.Secret, URL: l.cfg.NotifyURL, Fields: watched, Cursor: 1, Number: was.Number + 1, Since: l.cfg.Now(), Doubts: was.Doubts}
	if err := l.keepHook(ctx, was.ID, next); err != nil {
		return &booking.RecordError{Kind: booking.Unreachable, Text: err.Error()}
	}
	l.feed.mu.Lock()
	l.feed.maintained = l.cfg.Now()
	l.feed.mu.Unlock()
	l.cache.Invalidate(daysTag)
	l.cfg.Log.Info("following changes in Airtable", "webhook", made.ID, "notifies", l.cfg.NotifyURL != "", "poll", l.cfg.Poll)
	return nil
}

// watchedFields returns the fields whose changes a webhook records: ours only. The
// other side of a table's links holds all its bookings, before and after: a few
// hundred changes would fill megabytes.
func watchedFields(s *base) []string {
	all := slices.Concat(s.mapper.BookingFields(), s.mapper.TableFields())
	slices.Sort(all)
	return slices.Compact(all)
}

// removeHooks removes our earlier webhooks; a base may have ten.
func (l *Ledger) removeHooks(ctx context.Context, was hook) {
	hooks, err := l.cfg.Client.Webhooks(ctx)
	if err != nil {
		return // making one fails with the same error
	}
	for _, h := range hooks {
		if h.ID == was.ID || h.ID == was.Old || l.cfg.NotifyURL != "" && h.URL == l.cfg.NotifyURL {
			_ = l.cfg.Client.DeleteWebhook(ctx, h.ID) // it ends by itself in a week
		}
	}
}

// errHookDisabled is returned for a webhook that exists and records nothing.
var errHookDisabled = errors.New("the webhook is there and records nothing")

// noSuchHook reports whether the webhook is gone or records nothing any more.
func noSuchHook(err error) bool {
	var e *airtable.Error
	if errors.Is(err, errHookDisabled) {
		return true
	}
	return errors.As(err, &e) && e.Kind == airtable.Permanent &&
		slices.Contains([]int{http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity}, e.Status)
}

// forgetHook gives up a webhook whose record of changes is lost, so that another is
// made and every day is read again.
func (l *Ledger) forgetHook(ctx context.Context, was hook) {
	if err := l.keepHook(ctx, was.ID, hook{Old: was.ID, Number: was.Number, Doubts: was.Doubts}); err != nil {
		l.cfg.Log.Error("forget the webhook", "error", err)
		return
	}
	l.cfg.Log.Warn("Airtable's record of changes is gone; it is begun again, and every day is read again")
	l.rereadAll()
}

// rereadAll has every day read again: when it is next asked for, or all at once,
// whichever comes first.
func (l *Ledger) rereadAll() {
	l.cache.Invalidate(daysTag)
	l.warm.Store(false)
	l.Pinged()
}

// maintain refreshes the webhook if that is due or must be, checks that it still
// records, and switches notifications on again that Airtable stopped after failures.
func (l *Ledger) maintain(ctx context.Context, must bool) *booking.RecordError {
	h := l.feed.known()
	l.feed.mu.Lock()
	due := must || l.cfg.Now().Sub(l.feed.maintained) >= maintainEvery
	if due {
		l.feed.maintained = l.cfg.Now()
	}
	l.feed.mu.Unlock()
	if h.ID == "" || !due {
		return nil
	}
	return l.ask(ctx, ofChanges, func(ctx context.Context) error {
		err := l.maintainHook(ctx, h.ID)
		if noSuchHook(err) {
			l.forgetHook(ctx, h)
		}
		return err
	})
}

func (l *Ledger) maintainHook(ctx context.Context, id string) error {
	if err := l.cfg.Client.RefreshWebhook(ctx, id); err != nil {
		return err
	}
	hooks, err := l.cfg.Client.Webhooks(ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(hooks, func(h airtable.Webhook) bool { return h.ID == id })
	switch {
	case i < 0 || !hooks[i].Enabled:
		return errHookDisabled
	case l.cfg.NotifyURL != "" && !hooks[i].Notifies:
		l.cfg.Log.Warn("Airtable had stopped notifying of changes; notifications are switched on again", "url", hooks[i].URL)
		return l.cfg.Client.EnableWebhook(ctx, id, true)
	}
	return nil
}
